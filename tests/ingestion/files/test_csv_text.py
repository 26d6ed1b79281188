"""A csv that breaks off is never taken without a word, and its limits are counted while it is read."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.files import csv_text, workbook_child
from ingestion.files.limited_child import MAX_TEXT
from ingestion.files.reader import read_workbook

HEAD = "المحافظة;الجنس;العمر\r\n"
WHOLE = HEAD + "بغداد;أنثى;17\r\nالبصرة;ذكر;34\r\n"


def _findings(text: str | bytes) -> list[tuple[str, str, str]]:
    data = text.encode() if isinstance(text, str) else text
    return [(one.severity, one.kind, one.cell) for one in read_workbook(data, "x.csv").findings]


def test_a_whole_file_says_nothing_of_its_end():
    assert _findings(WHOLE) == []
    assert _findings(WHOLE.replace("\r\n", "\n")) == []


@pytest.mark.parametrize(("cut", "cell"), [("البصرة", "A3"), ("البصرة;ذ", "B3"), ("البصرة;ذكر", "B3")])
def test_a_short_last_row_without_a_line_end_refuses_the_file(cut: str, cell: str):
    read = read_workbook((HEAD + "بغداد;أنثى;17\r\n" + cut).encode(), "x.csv")
    assert [(one.severity, one.kind, one.cell) for one in read.findings] == [("refuse", "csv_breaks_off", cell)]
    assert read.findings[0].arguments["expected"] == "3"
    assert not read.sheets


def test_a_full_last_row_without_a_line_end_is_flagged_and_taken():
    read = read_workbook(WHOLE.rstrip().encode(), "x.csv")
    assert [(one.severity, one.kind, one.cell, one.arguments["count"]) for one in read.findings] == [
        ("flag", "csv_end_open", "C3", "3")
    ]
    assert read.sheets[0].rows[-1] == ["البصرة", "ذكر", "34"]


def test_a_short_last_row_with_a_line_end_is_whole():
    assert _findings(HEAD + "بغداد;أنثى;17\r\nالمجموع;1\r\n") == []


def test_where_the_writer_leaves_out_blank_fields_a_short_last_row_is_flagged():
    ragged = HEAD + "بغداد;أنثى\r\nالبصرة;ذكر;34\r\nنينوى"
    assert _findings(ragged) == [("flag", "csv_end_open", "A4")]


def test_a_title_of_one_field_does_not_make_a_file_ragged():
    assert _findings("ضحايا سنة 2024\r\n" + WHOLE + "نينوى;ذكر") == [("refuse", "csv_breaks_off", "B5")]


def test_one_typed_line_without_a_line_end_is_no_file_that_was_cut():
    assert _findings("المحافظة;الجنس") == []


def test_one_column_without_a_line_end_is_flagged():
    assert _findings("المحافظة\nبغداد") == [("flag", "csv_end_open", "A2")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_cut_within_a_letter_is_told_so(encoding: str):
    assert _findings((WHOLE + "نينوى").encode(encoding)[:-1]) == [("refuse", "csv_letter_cut", "")]


def test_latin_text_of_another_encoding_is_not_said_to_be_cut():
    assert _findings(b"nom;ville\nRen\xe9;Orl\xe9") == [("refuse", "encoding_unclear", "")]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_file_cut_anywhere_but_at_a_line_end_is_never_taken_without_a_word(data: st.DataObject):
    field = st.text('بغداد 17"', min_size=1, max_size=5).map(lambda text: '"' + text.replace('"', '""') + '"')
    rows = data.draw(st.lists(st.lists(field, min_size=3, max_size=3), min_size=2, max_size=5))
    whole = (HEAD + "".join(";".join(row) + "\r\n" for row in rows)).encode()
    end = data.draw(st.integers(len(HEAD.encode()) + 1, len(whole)))
    kept = whole[:end]
    is_at_line_end = kept[-1:] in (b"\r", b"\n")
    assert bool(_findings(kept)) != is_at_line_end


@pytest.mark.parametrize(("letters", "kinds"), [(MAX_TEXT, []), (MAX_TEXT + 1, [("refuse", "cell_too_long", "A2")])])
def test_a_field_holds_at_most_so_many_letters(letters: int, kinds: list[tuple[str, str, str]]):
    assert _findings(b"a;b\n" + b"x" * letters + b";1\n") == kinds


@pytest.mark.parametrize(("records", "kinds"), [(10, []), (11, [("refuse", "far_corner", "")])])
@pytest.mark.parametrize("line", ["a\n", '"a\n"\n'])
def test_too_many_records_are_refused_before_one_is_read(
    monkeypatch: pytest.MonkeyPatch, line: str, records: int, kinds: list[tuple[str, str, str]]
):
    monkeypatch.setattr(csv_text, "_MAX_RECORDS", 10)
    assert _findings(line * records) == kinds


@pytest.mark.parametrize(("records", "is_stopped"), [(3, False), (4, False), (5, True)])
def test_the_child_counts_the_cells_while_it_reads(
    monkeypatch: pytest.MonkeyPatch, records: int, is_stopped: bool, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(workbook_child, "_MAX_CELLS", 12)
    workbook_child._read_records(b"a,b,c\n" * records, ",", str(MAX_TEXT))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert sum(len(line) for line in lines if isinstance(line, list)) == min(records, 4)
    assert ({"stop": "far_corner", "cell": "A5"} in lines) == is_stopped


def test_a_csv_is_read_in_the_child(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(csv_text, "parse_records", lambda text, delimiter: [["x"]])
    assert read_workbook(b"a\n", "x.csv").sheets[0].rows == [["x"]]
