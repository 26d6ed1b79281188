"""Which free text of a record is stored: none, unless the shape's card gives a reason.

Belongs here: the rule, and what counts as a reason. Does not belong here: which columns a field has (`cell_values.py`),
the schema of cards (`source_card.py`), text outside any field (it is never stored).
"""

from __future__ import annotations

FREE_TYPES = ("label", "citation")
"""Field types whose raw column keeps words as typed; for all other types only codes and numbers are stored."""

_LEAST_WORDS = 4


def is_dropped(field_type: str, kept_because: str) -> bool:
    """Return whether the typed words of a field are discarded at intake."""
    return field_type in FREE_TYPES and not kept_because


def checked_reason(field_type: str, kept_because: str, *, is_required: bool) -> None:
    """Refuse an empty reason, a reason where no text is stored, and a required label without a reason.

    Raises:
        ValueError: what is wrong, in the card's words.
    """
    if kept_because and (field_type not in FREE_TYPES or len(kept_because.split()) < _LEAST_WORDS):
        raise ValueError("kept_because: for words as typed only, and a sentence says why the house needs them")
    if field_type == "label" and is_required and not kept_because:
        raise ValueError("kept_because: a required label lands, and the card says why the house needs it")
