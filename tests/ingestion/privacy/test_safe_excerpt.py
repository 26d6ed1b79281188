"""No finding repeats a text of a file that is not known to be harmless, wherever it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from ingestion.entry.file_check import Examination, examine
from ingestion.findings import Finding, finding_in_words
from ingestion.home import Home
from ingestion.privacy.safe_excerpt import HIDDEN, make_safe, may_be_repeated
from ingestion.submissions.landing import receive
from ingestion.submissions.receipt_page import as_json, receipt_page
from ingestion.submissions.receipt_state import ReceiptState, held_by_sheet
from languages.words import Words, languages
from tests.ingestion import old_excel_files, workbooks
from tests.ingestion.open_documents import package, tables
from tests.ingestion.workbooks import TODAY, Grid, victim, victims

MINISTRY = "iraq_interior_ministry"
MARKER = "زقرنبوطة"
GOOD = victims(victim(1), victim(2), victim(3), total=["المجموع", None, None, None, None, None, None, None, None, None])
FORMS: dict[str, Callable[[Mapping[str, Grid]], bytes]] = {
    "xlsx": workbooks.xlsx,
    "ods": lambda sheets: package(tables(sheets)),
    "xls": old_excel_files.xls,
    "csv": lambda sheets: workbooks.csv(next(iter(sheets.values())), delimiter=",", encoding="utf-8"),
}
PLACES = [(row, column) for row in range(len(GOOD) + 2) for column in range(len(GOOD[1]))]


def _planted(row: int, column: int, text: str = MARKER) -> Grid:
    grid: list[list[Any]] = [list(cells) for cells in [*GOOD, [None] * len(GOOD[1]), [None] * len(GOOD[1])]]
    grid[row][column] = text
    return grid


def _said(examined: Examination) -> str:
    """All that is told of a file, in all languages."""
    told_words = [finding_in_words(one, Words.load(tag)) for one in examined.findings for tag in languages()]
    places = [(one.sheet, one.cell, one.read, one.expected, dict(one.arguments)) for one in examined.findings]
    return f"{told_words} {places}"


def test_a_text_in_any_cell_of_a_sheet_stands_in_no_finding():
    texts = (MARKER, f"{MARKER} / رمز", f"{MARKER} 12")
    for number, (row, column) in enumerate(PLACES):
        data = FORMS["csv"]({"": _planted(row, column, texts[number % len(texts)])})
        assert MARKER not in _said(examine(data, "x.csv", MINISTRY, today=TODAY)), (row, column)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("place", [(1, 1), (2, 4), (1, 3), (3, 2), (3, 6), (4, 8)])
def test_a_text_in_a_file_of_any_format_stands_in_no_finding(form: str, place: tuple[int, int]):
    data = FORMS[form]({"الضحايا": _planted(*place)})
    assert MARKER not in _said(examine(data, f"{MARKER}.{form}", MINISTRY, today=TODAY))


@pytest.mark.parametrize("form", ["xlsx", "ods", "xls"])
def test_the_name_of_a_sheet_stands_in_no_finding(form: str):
    for sheets in ({MARKER: GOOD}, {"الضحايا": GOOD, MARKER: [["رمز", 1]]}, {MARKER: [["رمز", 1]], f"{MARKER}2": GOOD}):
        assert MARKER not in _said(examine(FORMS[form](sheets), "x.xlsx", MINISTRY, today=TODAY))


def test_the_heading_that_looks_like_a_missing_one_is_named_by_its_cell():
    grid = [list(cells) for cells in GOOD]
    grid[1][1] = f"رمز {MARKER}"
    examined = examine(workbooks.xlsx({"الضحايا": grid}), "x.xlsx", MINISTRY, today=TODAY)
    assert MARKER not in _said(examined)
    assert examined.verdict != "accepted" or examined.findings


def test_nothing_of_an_unknown_text_stands_in_a_home_of_a_refused_file(tmp_path: Path):
    grid = [list(cells) for cells in GOOD]
    grid[1] = [f"{MARKER} {number}" for number in range(len(grid[1]))]
    path = tmp_path / "x.xlsx"
    path.write_bytes(workbooks.xlsx({"الضحايا": grid}))
    home = Home.at(tmp_path / "home").open()
    receipt = receive(home, MINISTRY, path, today=TODAY)
    assert receipt.verdict != "accepted"
    for tag in languages():
        words = Words.load(tag)
        assert MARKER not in receipt_page(
            receipt, words, ReceiptState(held=tuple(held_by_sheet(receipt.held))), is_invented=False
        )
        assert MARKER not in str(as_json(receipt, words))
    assert not [one for one in home.root.rglob("*") if one.is_file() and MARKER.encode() in one.read_bytes()]


@pytest.mark.parametrize(
    "text", ["رمز القضية", "رمز القضيتة", "العمر", "A1:B3", "12", "30/7/2024", "الضحايا", "القضايا، الضحايا", ""]
)
def test_what_is_known_may_be_repeated(text: str):
    assert may_be_repeated(text)


@pytest.mark.parametrize(
    "text", [MARKER, f"العمر، {MARKER}", "زينب كاظم", "07901234567", "a.b@example.org", f"{MARKER} 7"]
)
def test_what_is_not_known_may_not(text: str):
    assert not may_be_repeated(text)


def test_every_argument_and_every_sheet_passes_the_one_place():
    findings = [Finding("flag", "unknown_column", MARKER, "A1", {"column": MARKER, "nearest": "العمر", "count": "3"})]
    (one,) = make_safe(findings, ["الضحايا", MARKER])
    assert (one.sheet, dict(one.arguments)) == ("#2", {"column": "A", "nearest": "العمر", "count": "3"})
    assert make_safe(findings, [])[0].sheet == HIDDEN
