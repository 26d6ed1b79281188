"""A row counts whether or not it is hidden, and its sender is told; a hidden copy of a sheet waits."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
import pytest
from openpyxl.workbook import Workbook as Book

from ingestion.entry.file_check import Examination, examine, examine_taken
from ingestion.findings import finding_in_words
from languages.words import Words
from tests.ingestion.workbooks import TODAY, case, cases, xlsx

MINISTRY = "iraq_interior_ministry"
ROWS = cases(case(1, date="30/5/2024"), case(2, date="30/7/2024"), case(3, date="30/8/2024"))


def of(change: Callable[[Book], None], **sheets: list[list[object]]) -> Examination:
    book = openpyxl.load_workbook(io.BytesIO(xlsx(sheets or {"القضايا": ROWS})))  # pyright: ignore[reportArgumentType]
    change(book)
    stream = io.BytesIO()
    book.save(stream)
    return examine(stream.getvalue(), "x.xlsx", MINISTRY, today=TODAY)


def told(answer: Examination) -> list[tuple[str, str, dict[str, str]]]:
    return [(one.kind, one.cell, dict(one.arguments)) for one in answer.findings if "hidden" in one.kind]


def hide(*rows: int) -> Callable[[Book], None]:
    def change(book: Book) -> None:
        for row in rows:
            book["القضايا"].row_dimensions[row].hidden = True

    return change


@pytest.mark.parametrize(
    ("rows", "first", "count", "periods"),
    [((4,), "B4", "1", "2024"), ((5, 6), "B5", "2", "2024"), ((4, 5, 6), "B4", "3", "2024")],
)
def test_hidden_rows_land_and_are_told_once_with_their_periods(
    rows: tuple[int, ...], first: str, count: str, periods: str
):
    answer = of(hide(*rows))
    assert (answer.rows_in, answer.rows_landed) == (3, 3)
    assert told(answer) == [("rows_hidden", first, {"rows": count, "periods": periods})]
    again = examine_taken(answer.taken, MINISTRY, answer.sha256, today=TODAY)
    assert told(again) == told(answer)


def test_hidden_lines_above_the_rows_and_below_them_are_not_told():
    assert told(of(hide(1, 2, 3, 9))) == []


@pytest.mark.parametrize("tag", ["en", "ar", "ckb"])
def test_it_is_said_in_words(tag: str):
    [finding] = [one for one in of(hide(5)).findings if one.kind == "rows_hidden"]
    message, remedy = finding_in_words(finding, Words.load(tag))
    assert "{" not in message + remedy


def _copy(state: str, *, changed: str = "") -> Callable[[Book], None]:
    def change(book: Book) -> None:
        copy = book.copy_worksheet(book["القضايا"])
        copy.title = "قضايا"
        copy.sheet_state = state
        if changed:
            copy[changed] = 7

    return change


def test_of_two_sheets_with_the_same_rows_the_hidden_one_waits():
    answer = of(_copy("hidden"))
    kinds = {kind for kind, _, _ in told(answer)}
    assert (answer.rows_in, answer.rows_landed, answer.rows_quarantined) == (6, 3, 3)
    assert kinds == {"row_of_hidden_copy"}


@pytest.mark.parametrize(("state", "changed"), [("visible", ""), ("hidden", "F5")])
def test_sheets_that_are_both_shown_or_are_not_equal_both_count(state: str, changed: str):
    assert of(_copy(state, changed=changed)).rows_landed == 6
