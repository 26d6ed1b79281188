"""Arabic that was opened in a wrong encoding: repaired where nothing was lost, else refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.entry.file_check import examine
from ingestion.files.reader import read_workbook
from ingestion.text.mojibake import is_mojibake, repair, repairs
from tests.ingestion import hostile, old_excel_files
from tests.ingestion.workbooks import TODAY, case, cases, csv, xlsx

MINISTRY = "iraq_interior_ministry"
WORDS = (
    "المحافظة",
    "رمز القضية",
    "تاريخ الإخبار",
    "عدد المتهمين",
    "دهوك والسليمانية",
    "بغداد الرصافة",
    "محكمة الجنايات",
)
TEXTS = st.lists(st.sampled_from(WORDS), min_size=4, max_size=30).map("\n".join)


def opened_wrongly(text: str, right: str, wrong: str) -> str:
    """What a program shows that takes one encoding for another; bytes without a letter come as control characters."""
    shown = (bytes([byte]).decode(wrong, errors="ignore") or chr(byte) for byte in text.encode(right))
    return "".join(shown)


@given(TEXTS, st.sampled_from([("cp1256", "cp1252"), ("utf-8", "cp1252"), ("utf-8", "cp1256")]))
def test_what_was_opened_wrongly_comes_back_letter_by_letter(text: str, way: tuple[str, str]):
    spoilt = opened_wrongly(text, *way)
    assert is_mojibake(spoilt)
    assert repair(spoilt) == text


@given(TEXTS)
def test_sound_arabic_is_left_alone(text: str):
    assert not is_mojibake(text)
    assert repairs(text.split("\n")) == {}


@pytest.mark.parametrize("text", ["Ærøskøbing", "Département à côté", "Türkiye, Côte d’Ivoire", "naïveté"])
def test_latin_letters_with_marks_are_left_alone(text: str):
    assert repairs([text] * 9) == {}


@given(TEXTS, st.data())
def test_a_letter_that_was_lost_is_not_invented(text: str, data: st.DataObject):
    spoilt = opened_wrongly(text, "cp1256", "cp1252")
    place = data.draw(st.sampled_from([place for place, letter in enumerate(spoilt) if letter > "\x7f"]))
    lossy = f"{spoilt[:place]}?{spoilt[place + 1 :]}"
    assert repair(lossy) is None


@pytest.mark.parametrize("way", [("cp1256", "cp1252"), ("utf-8", "cp1252")])
def test_a_csv_that_was_spoilt_lands_like_the_sound_one_and_says_so(way: tuple[str, str]):
    sound = csv(cases(case(1), case(2)), encoding="utf-8")
    spoilt = opened_wrongly(sound.decode(), *way).encode()
    here, there = (examine(data, "x.csv", MINISTRY, today=TODAY) for data in (spoilt, sound))
    assert {one.kind for one in here.findings} - {one.kind for one in there.findings} == {"text_repaired"}
    assert here.verdict == "accepted"
    assert [one.columns for one in here.tables] == [one.columns for one in there.tables]


def test_cells_of_a_workbook_that_were_spoilt_are_repaired_and_the_first_is_named():
    grid = [
        [opened_wrongly(cell, "cp1256", "cp1252") if isinstance(cell, str) else cell for cell in row]
        for row in cases(case(1), case(2))
    ]
    here = examine(xlsx({"القضايا": grid}), "x.xlsx", MINISTRY, today=TODAY)
    assert here.verdict == "accepted"
    assert [(one.cell, one.severity) for one in here.findings if one.kind == "text_repaired"] == [("A1", "flag")]
    assert here.tables[0].columns["governorate_code"] == ["IQG02", "IQG02"]


def test_a_workbook_spoilt_past_repair_is_refused_with_its_place():
    grid = [["رمز", "x"], *[[opened_wrongly(word, "cp1256", "cp1252").replace("\u00e3", "?")] * 2 for word in WORDS]]
    found = read_workbook(old_excel_files.xls({"س": grid}), "x.xls")
    assert [(one.kind, one.cell) for one in found.findings] == [("encoding_unclear", "A2")]


def test_letters_that_a_workbook_lost_are_flagged_in_their_place():
    found = read_workbook(xlsx({"س": [["رمز", "عدد"], ["بغد\ufffdد", 1]]}), "x.xlsx")
    assert [(one.kind, one.cell) for one in found.findings] == [("letters_lost", "A2")]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_text_file_of_two_byte_letters_is_read_by_its_mark(encoding: str):
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    found = read_workbook(mark + hostile.comma_separated("\t").encode(encoding), "x.csv")
    assert (found.encoding, found.findings) == ("utf-16", [])
    assert found.sheets[0].rows[0] == list(hostile.HEADERS)
