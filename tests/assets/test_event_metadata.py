"""No event names anybody: counts are whole hundreds, and tables hold what they are given."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets import event_metadata


@pytest.mark.parametrize(
    ("number", "coarse"),
    [
        (0, 0),
        (1, "fewer than 100"),
        (99, "fewer than 100"),
        (100, 100),
        (101, 100),
        (199, 100),
        (200, 200),
        (1234, 1200),
    ],
)
def test_a_count_is_told_in_whole_hundreds(number: int, coarse: int | str) -> None:
    assert event_metadata.coarse_count(number) == coarse
    assert event_metadata.rows(number) == (
        {"dagster/row_count": coarse} if isinstance(coarse, int) else {"rows": coarse}
    )


@given(before=st.integers(0, 10**7), late=st.integers(1, 10**4))
def test_two_looks_never_give_the_exact_number_of_late_cases(before: int, late: int) -> None:
    after = before + late
    first = [rows for rows in (before - 1, before, before + 1) if _looks_like(rows, before)]
    second = [rows for rows in (after - 1, after, after + 1) if _looks_like(rows, after)]
    assert {now - then for then in first for now in second} - {late}


def _looks_like(rows: int, others: int) -> bool:
    return rows >= 0 and event_metadata.coarse_count(rows) == event_metadata.coarse_count(others)


def test_a_table_without_records_still_names_its_columns() -> None:
    table = event_metadata.table([], ("rule", "year"))
    assert (table.records, [column.name for column in table.schema.columns]) == ([], ["rule", "year"])


def test_only_places_that_exist_are_linked(tmp_path: Path) -> None:
    (tmp_path / "notes.en.md").touch()
    linked = event_metadata.places(notes=tmp_path / "notes.en.md", pdf=tmp_path / "report.pdf")
    assert {name: one.path for name, one in linked.items()} == {"notes": str(tmp_path / "notes.en.md")}


def test_the_same_parts_are_the_same_version_and_no_others() -> None:
    assert event_metadata.version_of("a", "b") == event_metadata.version_of("a", "b")
    assert len({event_metadata.version_of(*parts).value for parts in (("a", "b"), ("ab",), ("b", "a"))}) == 3
