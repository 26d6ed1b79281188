"""Which free text of a record lands: none, unless the shape's card says why the house needs it.

Belongs here: the rule, and what a reason must be. Does not belong here: which columns a field has (`cell_values.py`),
the schema of cards (`source_card.py`), text that stands in no field (it never lands).
"""

from __future__ import annotations

FREE_TYPES = ("label", "citation")
"""Types of fields whose raw column holds words as they were typed; of all others only codes and numbers land."""

_LEAST_WORDS = 4


def is_dropped(field_type: str, kept_because: str) -> bool:
    """Return whether the typed words of a field are dropped at the door."""
    return field_type in FREE_TYPES and not kept_because


def checked_reason(field_type: str, kept_because: str, *, is_required: bool) -> None:
    """Refuse a reason that is none, one where nothing is kept, and a required label without one.

    Raises:
        ValueError: what is wrong, in the card's words.
    """
    if kept_because and (field_type not in FREE_TYPES or len(kept_because.split()) < _LEAST_WORDS):
        raise ValueError("kept_because: for words as typed only, and a sentence says why the house needs them")
    if field_type == "label" and is_required and not kept_because:
        raise ValueError("kept_because: a required label lands, and the card says why the house needs it")


def check_asking(asks_words: bool, kind: str, are_of_counts: list[bool]) -> None:
    """Refuse a card that asks nothing and is not of a publisher whose tables are all of counts.

    Raises:
        ValueError: naming the key.
    """
    if not asks_words and not (kind == "publisher" and all(are_of_counts)):
        raise ValueError("asks_words: false: only for a publisher whose tables are all of counts")
