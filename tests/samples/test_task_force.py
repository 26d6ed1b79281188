"""What the task force's register holds: activities of every kind, no persons, and blanks that are no zeros."""

from __future__ import annotations

from samples.bodies.sight import TASK_FORCE, LetterDelivery, Row


def _rows(sent: list[LetterDelivery]) -> list[Row]:
    return [row for one in sent if one.source == TASK_FORCE for row in one.tables["activities"]]


def test_every_year_has_activities_of_every_kind_under_codes_of_their_own(sent: list[LetterDelivery]):
    rows = _rows(sent)
    kinds = {(row["activity_date"].year, row["activity_type_code"]) for row in rows}
    assert len(kinds) == 10 * len({"TRAINING", "MEETING", "INSPECTION", "CAMPAIGN", "HOTLINE"})
    codes = {row["activity_code"] for row in rows}
    assert len(rows) - len(codes) <= len(rows) / 20  # some are entered twice
    assert not any("token" in field for row in rows for field in row)


def test_a_count_stands_only_where_something_was_counted(sent: list[LetterDelivery]):
    for row in _rows(sent):
        is_inspection, is_hotline = row["activity_type_code"] == "INSPECTION", row["activity_type_code"] == "HOTLINE"
        assert (row["inspected_count"] is not None) == is_inspection
        assert (row["contact_count"] is not None) == is_hotline
        assert (row["violation_count"] is None) or is_inspection
    assert any(row["men_count"] is None for row in _rows(sent) if row["activity_type_code"] == "CAMPAIGN")
