"""What a finding may tell of a cell: what was read there, and what was expected, where that can hurt nobody.

Belongs here: the one rule by which something typed may be repeated.
Does not belong here: whether a value is personal (`privacy.py`), the words of findings (`languages`).

A cell may be repeated only where its form proves that no person stands in it: a date of an event, a short number, a
word that is a misspelling of a known one (but of no country: persons are named Jordan and Georgia). All else (tokens,
ages, citations, labels, words that resemble nothing) is told by its place alone: privacy is a net and not a proof.
"""

from __future__ import annotations

import datetime
import re

from ingestion.card import FieldCard
from ingestion.identifiers import fold_digits
from ingestion.names import begins_like_name
from ingestion.personal_text import personal_kind
from ingestion.text import is_misspelling

_DATE = re.compile(r"\d{1,2}([/.-])\d{1,2}\1\d{2,4}|\d{4}([/.-])\d{1,2}\2\d{1,2}|\d{4}")
_NUMBER = re.compile(r"[+-]?\d{1,6}([.,]\d{1,3})?")  # seven digits may be a telephone


def safely_read(value: object, field: FieldCard, nearest: str) -> str:
    """Return what stands in a cell, if it may be repeated, else an empty string.

    Args:
        value: the cell.
        field: the card of its field.
        nearest: the known word that it misspells, if it is a code.
    """
    text = value.isoformat()[:10] if isinstance(value, datetime.date) else str(value).strip()
    plain = fold_digits(text)
    if field.type in ("date", "year") and _DATE.fullmatch(plain):
        return text
    if field.type in ("year", "integer", "decimal") and _NUMBER.fullmatch(plain):
        return text
    if field.type in ("code", "codes") and field.codes != "citizenship" and _is_misspelling(text, nearest):
        return text
    return ""


def _is_misspelling(text: str, known: str) -> bool:
    if not known or any(letter.isdigit() for letter in text):
        return False
    return is_misspelling(text, known) and not begins_like_name(text) and not personal_kind(text)
