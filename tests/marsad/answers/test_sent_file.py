"""A file that was sent as bytes fares as one on a disk, and of what is not accepted nothing touches the disk."""

from __future__ import annotations

import datetime
import io
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ingestion.files.guard import MAX_FILE_BYTES
from ingestion.findings import SEVERITIES, Finding
from ingestion.home import Home
from ingestion.people import openssh
from ingestion.people.acts import read_people
from ingestion.people.acts_log import read_acts
from ingestion.people.roster import MACHINE, RECEIPT
from ingestion.submissions import receipts
from languages.refusal import Refusal
from languages.words import Words, languages
from marsad.answers import sent_file
from marsad.answers.answer_forms import finding_as_json
from marsad.answers.checked_file import check_file, mark_findings
from marsad.answers.sent_file import (
    SentFile,
    changed_periods,
    examine_bytes,
    findings_by_kind,
    letter_of,
    marked_file,
    receipt_file,
    receipt_of,
    receive_sent,
    template_file,
)
from samples import invented_people
from tests.ingestion.hostile import bomb
from tests.ingestion.hostile_cases import with_note
from tests.ingestion.sealing.pairs import give_pair, sealed
from tests.ingestion.workbooks import case, cases, victim, victims, xlsx

SOURCE = "iraq_interior_ministry"
WORDS = Words.load("en")
NAME, MARKER = "زينب كاظم الموسوي", "qxzmarkerqxz"
GOOD = xlsx({"القضايا": cases(case(1), case(2))})
MISTAKEN = xlsx({"القضايا": cases(case(1), case(2, date="قريبا"), case(3, accused=-4))})
ALL_WRONG = xlsx({"القضايا": cases(case(1, date="قريبا"))})
PRIVATE = xlsx({"الضحايا": victims(victim(1), victim(2, case=NAME))})
NOTED = with_note("ملاحظة طويلة عن المتهم")
FILES: Mapping[str, bytes] = {
    "good": GOOD,
    "mistaken": MISTAKEN,
    "private": PRIVATE,
    "noted": NOTED,
    "bomb": bomb(),
    "pdf": f"%PDF-1.4 {MARKER}".encode(),
    "csv": f"{NAME};{MARKER}\n".encode(),
    "empty": b"",
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    home = Home.at(tmp_path / "home").open()
    monkeypatch.setenv("MARSAD_HOME", str(home.root))
    return home


@pytest.fixture
def invented(tmp_path: Path) -> Home:
    home = Home.at(tmp_path / "invented").open(invented=True)
    with home.lock("test"):
        invented_people.found(home)
    return home


def sent(home: Home, data: bytes, name: str = "export.xlsx") -> SentFile:
    return examine_bytes(home, SOURCE, name, data)


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as refusal:
        act()
    return refusal.value.code


# As a file on a disk


@pytest.mark.parametrize("data", FILES.values(), ids=FILES)
def test_bytes_fare_as_a_file_with_these_bytes(home: Home, tmp_path: Path, data: bytes):
    path = tmp_path / "export.xlsx"
    path.write_bytes(data)
    checked, answer = check_file(path, SOURCE).examination, sent(home, data).receipt
    assert (answer.verdict, answer.sha256, list(answer.findings)) == (
        checked.verdict,
        checked.sha256,
        checked.findings,
    )
    assert (answer.rows_in, answer.rows_landed) == (checked.rows_in, checked.rows_landed)


@pytest.mark.parametrize(
    "name", ["../../etc/x.xlsx", "C:\\fakepath\\x.xlsx", "x.xlsx\0", "", "..", "a" * 400 + ".xlsx"]
)
def test_a_name_is_no_path(home: Home, name: str):
    file = sent(home, GOOD, name)
    assert "/" not in file.name and "\\" not in file.name and 0 < len(file.name) <= 255
    assert file.receipt.verdict == "accepted"


def test_more_bytes_than_the_guard_takes_are_refused_unread(home: Home):
    assert refused(lambda: sent(home, b"PK\x03\x04" + bytes(MAX_FILE_BYTES))) == "upload_too_large"


def test_a_sealed_file_is_opened_in_memory_and_no_copy_of_it_is_handed_out(home: Home):
    key = give_pair(home)
    closed = sealed(home, MISTAKEN)
    assert refused(lambda: examine_bytes(home, SOURCE, "x.xlsx.age", closed)) == "sealing_key_locked"
    opened = examine_bytes(home, SOURCE, "x.xlsx.age", closed, key=key)
    assert list(opened.receipt.findings) == list(sent(home, MISTAKEN).receipt.findings)
    assert opened.receipt.sealed
    assert refused(lambda: marked_file(opened, WORDS)) == "sealed_not_written"


# Nothing touches the disk


@pytest.fixture
def writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every path that this process opens to write while a test runs, but for pipes and compiled modules."""
    folders = {name: tmp_path / f"own_{name}" for name in ("TMPDIR", "TEMP", "TMP", "HOME", "XDG_CACHE_HOME")}
    for name, folder in folders.items():
        folder.mkdir()
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folders["TMPDIR"]))
    opened: list[str] = []
    watching = [True]

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if watching[0] and event == "open" and isinstance(arguments[2], int):
            path, is_pipe = str(arguments[0]), isinstance(arguments[0], int)
            harmless = is_pipe or path == os.devnull or "__pycache__" in path
            if arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) and not harmless:
                opened.append(path)

    sys.addaudithook(watch)  # a hook stays as long as the process
    yield opened
    watching[0] = False


def scan(folder: Path, *planted: str) -> list[Path]:
    """Return the files under a folder that hold, or are named by, one of these texts."""
    signs = [text.encode(code) for text in planted for code in ("utf-8", "utf-16-le")]
    return [
        path
        for path in folder.rglob("*")
        if any(text in path.name for text in planted)
        or (path.is_file() and any(sign in path.read_bytes() for sign in signs))
    ]


@pytest.mark.parametrize("data", FILES.values(), ids=FILES)
def test_nothing_of_a_file_touches_the_disk_before_it_is_received(
    home: Home, tmp_path: Path, writes: list[str], data: bytes
):
    name = f"{MARKER} {NAME}.xlsx"
    file = sent(home, data, name)
    findings_by_kind(file.receipt.findings, WORDS)
    try:
        marked_file(file, WORDS)
    except Refusal as refusal:
        assert refusal.code == "mark_unopened"
    template_file(home, SOURCE, WORDS)
    assert refused(lambda: receive_sent(sent(home, FILES["pdf"]), "karwan")) == "sent_not_accepted"
    assert writes == []
    assert scan(tmp_path, MARKER, NAME) == []


def test_the_watch_sees_what_openpyxl_writes_by_itself(writes: list[str]):
    openpyxl.Workbook().save(io.BytesIO())
    assert any(Path(path).name.startswith("openpyxl.") for path in writes)


# What is wrong


@pytest.mark.parametrize("tag", languages())
@pytest.mark.parametrize("data", FILES.values(), ids=FILES)
def test_findings_stand_by_kind_with_the_words_of_the_terminal(home: Home, tag: str, data: bytes):
    words, findings = Words.load(tag), sent(home, data).receipt.findings
    kinds = findings_by_kind(findings, words)
    assert len({(kind.severity, kind.kind) for kind in kinds}) == len(kinds)
    assert [SEVERITIES.index(kind.severity) for kind in kinds] == sorted(
        SEVERITIES.index(kind.severity) for kind in kinds
    )
    assert sum(kind.count for kind in kinds) == len(findings)
    lines = [line for kind in kinds for line in kind.lines]
    terminal = [finding_as_json(finding, words) for finding in findings]
    assert {(line.message, line.read, line.expected) for line in lines} == {
        tuple(answer[part] for part in ("message", "read", "expected")) for answer in terminal
    }
    for line in lines:
        assert "marsad check" not in line.remedy  # there is a button for it
        assert line.count >= sum(max(1, len(cells)) for _, cells in line.places) > line.count - line.more - 1
    assert NAME not in repr(kinds) and MARKER not in repr(kinds)


def test_cells_of_the_same_mistake_stand_together(home: Home):
    data = xlsx({"القضايا": cases(*[case(number, date="قريبا") for number in range(1, 31)], case(31))})
    (kind,) = [kind for kind in findings_by_kind(sent(home, data).receipt.findings, WORDS) if kind.count == 30]
    (line,) = kind.lines
    ((sheet, cells),) = line.places
    assert (kind.severity, sheet, line.count, len(cells), line.more) == ("quarantine", "القضايا", 30, 12, 18)


@pytest.mark.parametrize("tag", languages())
def test_a_file_of_which_no_row_is_accepted_is_nowhere_called_accepted(home: Home, tag: str):
    words = Words.load(tag)
    empty = template_file(home, SOURCE, words).data
    for data in (empty, ALL_WRONG):
        file = sent(home, data)
        assert (file.receipt.verdict, file.receipt.lands_nothing) == ("accepted", True)
        rows = {"rows_in": file.receipt.rows_in, "rows_landed": 0, "rows_quarantined": file.receipt.rows_quarantined}
        line = words.text("desk.nothing_landed", **rows, hash=file.receipt.sha256[:12])
        assert file.verdict(words) == line
        marked = _cells(marked_file(file, words).data)
        assert line in {value for rows in marked.values() for row in rows for value, _ in row}
        receipt = receive_sent(file, "karwan")
        page = receipt_file(home, receipt, tag)[0].data.decode()
        assert words.text("receipt.verdict.nothing_landed") in page
        assert f">{words.text('receipt.verdict.accepted')}<" not in page
    assert not sent(home, MISTAKEN).receipt.lands_nothing


def test_an_example_a_sum_and_a_near_word_are_told_apart(home: Home):
    assert "example" in {finding.expected_as for finding in sent(home, ALL_WRONG).receipt.findings if finding.cell}
    column = {"column": "x"}
    assert [
        Finding("quarantine", kind, "s", "A1", arguments).expected_as
        for kind, arguments in (
            ("sum_mismatch", column | {"stated": "31", "computed": "30"}),
            ("unknown_code", column | {"expected": "ذكر", "nearest": "ذكر"}),
            ("header_missing", {"expected": "الجنس", "nearest": "جنس"}),
            ("age_unreadable", column | {"expected": "17"}),
        )
    ] == ["adds_up", "nearest", "wanted", "example"]


# What it changes


def test_the_rows_that_would_change_are_those_of_the_receipt(home: Home):
    first = sent(home, GOOD)
    assert not first.replaces_rows
    receive_sent(first, "karwan")
    second = sent(home, xlsx({"القضايا": cases(case(1, accused=5), case(3))}))
    assert second.replaces_rows
    (change,) = changed_periods(second.receipt.row_changes, WORDS)
    assert (change.period, change.unchanged) == ("2024", 0)
    assert {rows.kind: (rows.count, rows.more) for rows in change.rows} == dict.fromkeys(
        ("added", "gone", "changed"), (1, 0)
    )
    assert all(sheet == "القضايا" and len(numbers) == 1 for rows in change.rows for sheet, numbers in rows.places)
    assert dict(change.fields)
    assert "5" not in {text for text, _ in change.fields}


# Sending


def test_a_file_of_the_demo_needs_to_be_invented_and_a_real_home_takes_none(home: Home, invented: Home):
    file = examine_bytes(invented, SOURCE, "x.xlsx", GOOD)
    assert refused(lambda: receive_sent(file, "karwan")) == "home_is_invented"
    assert receipts.read_receipts(invented) == []
    assert receive_sent(file, "karwan", states_invented=True).n == 1
    sample = (Path(sent_file.__file__).parents[2] / "ingestion/sources" / SOURCE / "sample.xlsx").read_bytes()
    if examine_bytes(invented, SOURCE, "x.xlsx", sample).arrival.of_the_house:
        assert refused(lambda: sent(home, sample)) == "sample_is_invented"


def test_who_sent_is_a_line_of_the_log_without_the_name_of_the_file(invented: Home):
    receive_sent(examine_bytes(invented, SOURCE, f"{MARKER}.xlsx", GOOD), "karwan", states_invented=True)
    last = read_acts(invented)[-1]
    assert (last["person"], last["what"]) == ("karwan", f"desk send {SOURCE}")
    assert scan(invented.root, MARKER) == []


@pytest.mark.parametrize("name", ["pdf", "bomb"])
def test_what_would_not_be_accepted_is_not_received(home: Home, name: str):
    assert refused(lambda: receive_sent(sent(home, FILES[name]), "karwan")) == "sent_not_accepted"
    assert receipts.read_receipts(home) == []


@pytest.mark.parametrize("name", ["private", "noted"])
def test_of_a_name_and_a_note_nothing_is_kept_once_the_file_is_received(home: Home, name: str):
    receipt = receive_sent(sent(home, FILES[name], f"{MARKER}.xlsx"), "karwan")
    assert (receipt.verdict, [path.name for path in home.taken.iterdir()]) == ("accepted", [receipt.submission])
    assert scan(home.root, MARKER, NAME, NAME.split()[0], "ملاحظة") == []


def test_the_same_file_sent_twice_has_one_receipt(home: Home):
    first = receive_sent(sent(home, GOOD), "karwan")
    again = receive_sent(sent(home, GOOD), "karwan")
    assert (again.verdict, again.n) == ("known", first.n)
    assert len(receipts.read_receipts(home)) == 1


@pytest.mark.parametrize(
    ("number", "day"),
    [("1/ق/2025", "2025-03-15"), ("", ""), (" 12 ", " 2025-03-15 "), ("2025-03-1234", "2025-03-15")],
)
def test_a_letter_has_the_number_and_the_day_that_were_typed(number: str, day: str):
    letter = letter_of(number, day)
    assert (letter.number, letter.date.isoformat() if letter.date else "") == (number.strip(), day.strip())


@pytest.mark.parametrize(
    ("number", "day", "code"),
    [
        ("1" * 61, "", "letter_number_wrong"),
        ("زيد عمرو بكر", "2025-03-01", "letter_number_shape"),
        ("Zainab 12", "2025-03-01", "letter_number_shape"),
        ("12 / زينب", "2025-03-01", "letter_number_shape"),
        ("0770 123 4567", "2025-03-01", "letter_number_shape"),
        ("٠٧٧٠١٢٣٤٥٦٧", "2025-03-01", "letter_number_shape"),
        ("0770-123-4567", "2025-03-01", "letter_number_shape"),
        ("+964 (770) 123", "2025-03-01", "letter_number_shape"),
        ("1990 1234 5678", "2025-03-01", "letter_number_shape"),
        ("ق/ت", "2025-03-01", "letter_number_shape"),
        ("1\n2", "", "letter_number_wrong"),
        ("\u202e1", "", "letter_number_wrong"),
        ("", "15/3/2025", "letter_date_wrong"),
        ("", "2025-13-01", "letter_date_wrong"),
        ("", "1890-01-01", "letter_date_wrong"),
        ("", "9999-01-01", "letter_date_wrong"),
        ("77", "", "letter_half"),
        ("", "2025-03-15", "letter_half"),
    ],
)
def test_a_letter_that_cannot_be_is_refused_and_not_repeated(number: str, day: str, code: str):
    with pytest.raises(Refusal, match=code) as refusal:
        letter_of(number, day)
    assert not number or number not in str(refusal.value)


def test_a_receipt_is_signed_by_the_machine_and_another_senders_is_not_there(invented: Home):
    receipt = receive_sent(examine_bytes(invented, SOURCE, "x.xlsx", GOOD), "karwan", states_invented=True)
    stored = receipt_of(invented, [SOURCE], receipt.submission)
    assert stored.n == receipt.n
    for submission, sources in (
        (receipt.submission, ["iraq_judicial_council"]),
        (receipt.submission, []),
        ("x", [SOURCE]),
    ):
        assert refused(lambda s=submission, o=sources: receipt_of(invented, o, s)) == "receipt_unknown"
    page, signature = receipt_file(invented, receipt, "ckb")
    assert page.name == "receipt-000001.html"
    assert 'lang="ckb"' in page.data.decode()
    signers = read_people(invented).allowed_signers()
    assert openssh.signer_of(page.data, signature, signers, RECEIPT, datetime.date.today()) == MACHINE


# Copies


def _cells(data: bytes) -> dict[str, list[list[object]]]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {
        sheet.title: [[(cell.value, cell.comment and cell.comment.text) for cell in row] for row in sheet.iter_rows()]
        for sheet in book.worksheets
    }


def test_the_marked_workbook_is_the_one_that_the_command_writes(home: Home, tmp_path: Path):
    (tmp_path / "export.xlsx").write_bytes(MISTAKEN)
    mark_findings(check_file(tmp_path / "export.xlsx", SOURCE), tmp_path / "marked.xlsx", WORDS)
    copy = marked_file(sent(home, MISTAKEN), WORDS)
    assert copy.name == "export-marked.xlsx"
    assert _cells(copy.data) == _cells((tmp_path / "marked.xlsx").read_bytes())
    assert examine_bytes(home, SOURCE, copy.name, copy.data).receipt.rows_in == 3


def test_a_template_has_the_keys_that_a_sender_seals_for(home: Home):
    give_pair(home)
    template = template_file(home, SOURCE, WORDS)
    assert template.name == f"{SOURCE}.xlsx"
    texts = {str(cell) for rows in _cells(template.data).values() for row in rows for cell in row}
    assert any("age1" in text for text in texts)


def test_no_field_of_a_sent_file_shows_the_file_when_it_is_printed():
    assert {field.name for field in fields(SentFile) if field.repr} == {"source"}
