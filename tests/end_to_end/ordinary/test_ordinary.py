"""48 ordinary workbooks are taken at the first try, and their rows land as their author meant them."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any, NamedTuple

import pytest

from tests.end_to_end.ordinary.ordinary_workbooks import IntendedRow, OrdinaryWorkbook, ordinary_workbooks
from tests.end_to_end.received_files import hash_of, landed_rows, marsad, receive_all

pytestmark = pytest.mark.whole_home

_FIGURE = ("measure", "dimension", "category", "sex_label", "age_label")


class Taken(NamedTuple):
    """One workbook, its receipt, and the rows of it that landed."""

    book: OrdinaryWorkbook
    receipt: dict[str, Any]
    rows: list[dict[str, Any]]


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> list[Taken]:
    root = tmp_path_factory.mktemp("ordinary")
    books = ordinary_workbooks()
    receipts = receive_all(root / "home", root / "sent", [(one.source, one.file_name, one.data) for one in books])
    marsad(
        root / "home", "build"
    )  # rows land in its first stage; what the later ones make of twelve years is not asked
    found = [(one, receipts.get(hash_of(one.data), {"verdict": "none", "submission": "-"})) for one in books]
    return [Taken(one, got, landed_rows(root / "home", one.source, got["submission"])) for one, got in found]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _key(shape: str, line: int, said: dict[str, Any]) -> tuple[object, ...]:
    return (shape, line, *(said[one] for one in _FIGURE)) if shape == "counts" else (shape, line)


def _there(row: dict[str, Any], meant: IntendedRow) -> bool:
    return row["sheet"] in (meant.sheet_name, f"#{meant.sheet_number}")


def _pairs(one: Taken) -> list[tuple[IntendedRow, dict[str, Any] | None]]:
    """Each intended row with the one that landed in its place."""
    landed: dict[tuple[object, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in one.rows:
        landed[_key(row["shape"], row["row_number"], row)].append(row)
    return [
        (
            meant,
            next(
                (row for row in landed[_key(meant.shape, meant.row_number, meant.values)] if _there(row, meant)), None
            ),
        )
        for meant in one.book.rows
    ]


def test_all_are_accepted_at_the_first_try(taken: list[Taken]):
    assert {one.book.name: one.receipt["verdict"] for one in taken if one.receipt["verdict"] != "accepted"} == {}


def test_no_row_is_lost_and_none_is_added(taken: list[Taken]):
    wrong = {
        one.book.name: (one.book.row_count, one.receipt.get("rows_in"), one.receipt.get("rows_landed"))
        for one in taken
        if one.receipt.get("rows_in") != one.book.row_count
        or one.receipt["rows_landed"] + one.receipt["rows_quarantined"] != one.book.row_count
    }
    assert wrong == {}


def test_rows_that_landed_are_those_that_were_written(taken: list[Taken]):
    unasked = {one.book.name: len(one.rows) - sum(row is not None for _, row in _pairs(one)) for one in taken}
    assert {name: count for name, count in unasked.items() if count} == {}


def test_99_of_100_rows_land(taken: list[Taken]):
    written = sum(len(one.book.rows) for one in taken)
    waiting = [(one.book.name, meant.row_number) for one in taken for meant, row in _pairs(one) if row is None]
    assert len(waiting) <= written / 100, waiting[:40]


def test_each_landed_row_says_what_its_author_wrote_down(taken: list[Taken]):
    other = [
        f"{one.book.name} {meant.shape} row {meant.row_number} {name}: {_plain(row[name])!r}, not {value!r}"
        for one in taken
        for meant, row in _pairs(one)
        if row is not None
        for name, value in meant.values.items()
        if _plain(row[name]) != value
    ]
    assert other == [], "\n".join(other[:40])


def test_the_same_workbooks_each_time():
    assert [one.data for one in ordinary_workbooks()] == [one.data for one in ordinary_workbooks()]
