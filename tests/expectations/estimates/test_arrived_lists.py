"""When cases arrived: from files of one list to its triangle, in a home of landed rows."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import pytest

from expectations.estimates import arrived_lists
from expectations.estimates.arrived_lists import SenderLists
from ingestion.home import Home
from ingestion.submissions import current_submissions, raw_rows

IOM = "iom_caseload"
Day = datetime.date
Row = tuple[str | None, Day]
"""Token and date of registration."""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    opened = Home(tmp_path / "home").open(invented=True)
    duckdb.connect(str(opened.warehouse)).close()
    return opened


def send(
    home: Home,
    files: Mapping[Day, Sequence[Row]],
    source: str = IOM,
    *,
    parts: Mapping[Day, tuple[Day, Day]] | None = None,
    **sent: Day,
) -> list[SenderLists]:
    """Land a file for each letter, of its part of a year if it has one, and a file of another body for each day."""
    entries = [(source, day, rows) for day, rows in files.items()]
    entries += [("iraq_labour_ministry", day, []) for day in sent.values()]
    columns: dict[str, list[object]] = {name: [] for name in current_submissions._SUBMISSIONS}
    for number, (body, day, rows) in enumerate(entries, start=1):
        name = f"{number:06d}-0"
        for year in {one.year for _, one in rows} or {day.year}:
            known = {"source": body, "shape": "victims" if rows else "services", "period": str(year)}
            known |= {"submission": name, "sent_date": day, "sequence": number, "is_current": True}
            known |= dict(zip(("covers_from", "covers_until"), (parts or {}).get(day, ()), strict=False))
            for column, values in columns.items():
                values.append(known.get(column))
        types = raw_rows.column_types("victims")
        filled = {"person_token": [token for token, _ in rows], "registered_date": [one for _, one in rows]}
        filled |= {"period": [str(one.year) for _, one in rows], "sex_code": ["F" for _ in rows]}
        filled |= {"row_number": list(range(len(rows)))}
        values = {column: filled.get(column, [None] * len(rows)) for column in types}
        raw_rows.write_rows(raw_rows.rows_path(home, "victims", body, name), types, values)
    raw_rows.write_rows(home.raw / "submissions.parquet", current_submissions._SUBMISSIONS, columns)  # pyright: ignore[reportArgumentType]
    return [one for one in arrived_lists.read_sender_lists(home) if one.source == source]


def monthly(*lists: Sequence[Row]) -> dict[Day, Sequence[Row]]:
    """Lists that close January 2025 and the months after it."""
    return {Day(2025, month + 2, 8): rows for month, rows in enumerate(lists)}


JANUARY, FEBRUARY, MARCH = Day(2025, 1, 9), Day(2025, 2, 9), Day(2025, 3, 9)
A, B, C = ("a", JANUARY), ("b", FEBRUARY), ("c", JANUARY)


def test_a_case_arrived_with_the_first_list_that_holds_it_and_a_repeated_row_is_one_case(home: Home):
    (found,) = send(home, monthly([A, A], [A, B], [A, A, B, C]))
    assert (found.sends_every, found.is_cumulative, found.as_of) == (1.0, True, "2025-04-08")
    assert found.triangle is not None
    assert found.triangle.counts[:, :3].tolist() == [[1, 0, 1], [1, 0, 0], [0, 0, 0]]
    assert found.first == 12 * 2025


def test_a_corrected_row_is_no_arrival_where_it_has_a_token(home: Home):
    (found,) = send(home, monthly([A], [("a", FEBRUARY)], [("a", FEBRUARY)]))
    assert found.triangle is not None
    assert found.triangle.counts.sum(axis=1).tolist() == [0, 1, 0]
    assert found.triangle.counts[1, 0] == 1  # it stood in a list before the month of its date was over


def test_rows_without_a_token_are_known_again_by_all_they_say(home: Home):
    (found,) = send(home, monthly([(None, JANUARY)], [(None, JANUARY), (None, JANUARY)], [(None, JANUARY)] * 2))
    assert found.triangle is not None
    assert found.triangle.counts[0, :3].tolist() == [1, 1, 0]


def test_a_case_that_is_in_no_newest_list_is_gone_and_many_such_make_no_cumulative_list(home: Home):
    (found,) = send(home, monthly([A, C], [A], [A]))
    assert found.triangle is not None
    assert found.triangle.seen.tolist() == [1, 0, 0]
    assert not found.is_cumulative


def _cases(found: SenderLists) -> int:
    assert found.triangle is not None
    return int(found.triangle.counts.sum())


def test_the_file_that_came_last_counts_however_old_its_letter_is(home: Home):
    letters = {Day(2025, 2, 8): [A], Day(2025, 4, 8): [A, B, C], Day(2025, 3, 8): [A, C]}
    (found,) = send(home, letters)
    assert _cases(found) == 2  # b is gone with the last file


def test_files_for_parts_of_a_year_that_do_not_overlap_stand_beside_each_other(home: Home):
    letters = {Day(2025, 2, 8): [A, C], Day(2025, 3, 8): [B]}
    parts = {Day(2025, 2, 8): (Day(2025, 1, 1), Day(2025, 1, 31)), Day(2025, 3, 8): (Day(2025, 2, 1), Day(2025, 2, 28))}
    (found,) = send(home, letters, parts=parts)
    assert (_cases(found), found.is_cumulative) == (3, True)


def test_months_of_a_year_that_no_list_holds_yet_are_no_months_without_cases(home: Home):
    lists: dict[Day, Sequence[Row]] = {Day(2025 + month // 12, month % 12 + 1, 8): [A] for month in range(1, 15)}
    (found,) = send(home, lists)
    assert found.triangle is not None
    assert (found.triangle.periods, found.triangle.since, found.last_closed_year) == (12, 2, 2025)


@pytest.mark.parametrize(
    ("months", "has_triangle", "width"), [((1, 2, 3), True, 1), ((1, 4, 7), True, 3), ((1, 4, 8), False, 1)]
)
def test_a_silence_of_more_than_three_months_has_no_triangle_and_quarterly_lists_one_of_quarters(
    home: Home, months: tuple[int, ...], has_triangle: bool, width: int
):
    (found,) = send(home, {Day(2025, month, 8): [A] for month in months})
    assert (found.triangle is not None) == has_triangle
    assert found.months_a_period == width


def test_a_sender_that_fell_silent_while_others_sent_on_sends_batches(home: Home):
    files = monthly([A], [A], [A])
    assert send(home, files, other=Day(2025, 7, 8))[0].triangle is not None
    assert send(home, files, other=Day(2025, 8, 8))[0].triangle is None


def test_one_list_alone_is_no_rhythm(home: Home):
    assert send(home, {Day(2025, 2, 8): [A]})[0].triangle is None


def test_a_late_file_of_an_old_year_is_no_list(home: Home):
    (found,) = send(home, {**monthly([A], [A], [A]), Day(2025, 3, 20): [("old", Day(2024, 5, 5))]})
    assert (found.sends_every, found.first) == (1.0, 12 * 2025)


def test_before_an_unbroken_row_of_lists_nobody_knows_when_a_case_arrived(home: Home):
    early: dict[Day, Sequence[Row]] = {Day(2022, 3, 8): [("old", Day(2021, 5, 5))]}
    lists = {Day(2025 + month // 12, month % 12 + 1, 8): [A] for month in range(1, 27)}
    (found,) = send(home, early | lists)
    assert (found.first, found.sends_every) == (12 * 2025, 1.0)
