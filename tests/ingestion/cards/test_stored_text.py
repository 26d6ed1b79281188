"""Words as they were typed land only where a card says why the house needs them."""

from __future__ import annotations

import datetime

import pytest

from ingestion.cards.source_card import FOLDER, FieldCard, load_shape, shape_names
from ingestion.cards.stored_text import FREE_TYPES, is_dropped
from ingestion.entry.file_check import examine


def test_every_field_of_free_text_has_a_reason_or_is_dropped_and_no_other_type_keeps_words():
    kept = {
        (shape, name): field.kept_because
        for shape in shape_names()
        for name, field in load_shape(shape).fields.items()
        if field.type in FREE_TYPES and not is_dropped(field.type, field.kept_because)
    }
    assert ("activities", "activity_code") in kept
    assert ("accused", "citation") not in kept
    assert len(kept) == 12
    assert all(reason.endswith(".") for reason in kept.values())


@pytest.mark.parametrize(
    "content",
    [
        {"type": "label", "required": True},
        {"type": "label", "kept_because": "yes"},
        {"type": "date", "kept_because": "The house needs the words of it."},
    ],
)
def test_a_card_without_a_reason_or_with_none_to_give_is_refused(content: dict[str, object]):
    with pytest.raises(ValueError, match="kept_because"):
        FieldCard(**content)


def landed(column: str) -> list[object]:
    """What lands in a column of the ministry's sample."""
    sample = FOLDER / "sources" / "iraq_interior_ministry" / "sample.xlsx"
    examination = examine(sample.read_bytes(), sample.name, "iraq_interior_ministry", today=datetime.date(2026, 11, 1))
    return [value for table in examination.tables for value in table.columns.get(column, [])]


def test_an_article_as_typed_does_not_land_and_what_it_cites_does():
    assert set(landed("citation")) == {None}
    assert any(landed("article_codes"))


def test_it_would_land_if_a_card_said_why(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ingestion.entry.row_checks.is_dropped", lambda _type, _reason: False)
    assert any(landed("citation"))
