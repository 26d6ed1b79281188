"""No event names anybody: small counts are ranges, and tables hold what they are given."""

from __future__ import annotations

from pathlib import Path

import pytest

from assets import event_metadata


@pytest.mark.parametrize(("number", "told"), [(0, 0), (1, "1 to 10"), (10, "1 to 10"), (11, 11), (1200, 1200)])
def test_a_count_of_a_few_is_told_as_a_range(number: int, told: int | str) -> None:
    assert event_metadata.counted(number) == told
    assert event_metadata.rows(number) == ({"dagster/row_count": told} if isinstance(told, int) else {"rows": told})


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
