"""Whether one text is personal, and how findings name a sheet whose own name is.

Belongs here: the one test applied to cells, sheet names, page headers and properties alike.
Does not belong here: what a column's header makes of a value (`personal_data.py`).
"""

from __future__ import annotations

import re
from collections.abc import Collection

from ingestion.personal.addresses import is_address
from ingestion.personal.identifiers import holds_case_number, identifier_kind, is_full_date, is_token
from ingestion.personal.names import is_personal_name
from ingestion.personal.unexplained_words import unexplained_words
from ingestion.text.typed_dates import holds_named_date

_BIRTH_WORD = re.compile(
    r"تول[ّ]?د|ميلاد(?!ي[ةه]?\b)|ولاد[ةه]|مواليد|\bو[ُ]?لد|لەدایک|لەدایك|\bborn\b|\bbirth|\bd\.?o\.?b\b", re.IGNORECASE
)
_DIGIT = re.compile(r"\d")
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z?")
"""A program's timestamp: its letters are no initials, so the lists of names need not be searched."""
_SHORTEST = 5  # no identifier and no name of two parts is shorter


def personal_kind(text: str, public_contacts: Collection[str] = ()) -> str:
    """Return the kind of finding that `text` raises by itself, else an empty string.

    Kinds: `email`, `bank_account`, `phone_number`, `identity_number`, `passport_number`, `coordinates`, `birth_date`,
    `raw_case_number`, `address`, `personal_name`. A pseudonymous ID is never personal.
    """
    if len(text) < _SHORTEST or is_token(text):
        return ""
    kind = identifier_kind(text, public_contacts)
    if kind:
        return kind
    if _DIGIT.search(text) and (kind := _kind_with_digits(text)):
        return kind
    return "personal_name" if not _TIMESTAMP.fullmatch(text) and is_personal_name(text) else ""


def _kind_with_digits(text: str) -> str:
    if _BIRTH_WORD.search(text) and (is_full_date(text) or holds_named_date(text)):
        return "birth_date"
    if holds_case_number(text):
        return "raw_case_number"
    return "address" if is_address(text) else ""


def sheet_label(name: str, ordinal: int) -> str:
    """Return the sheet's name for a finding, or `#2` for the second sheet if its name is unexplained."""
    return f"#{ordinal}" if personal_kind(name) or unexplained_words(name, "place") else name
