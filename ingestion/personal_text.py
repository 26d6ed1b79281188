"""Whether one text is personal, and how a place is named when the sheet's own name is.

Belongs here: the one question that cells, sheet names, page headers and properties are all asked.
Does not belong here: what a column's header makes of a value (`privacy.py`).
"""

from __future__ import annotations

import re
from collections.abc import Collection

from ingestion.identifiers import identifier_kind, is_full_date, is_token
from ingestion.names import is_personal_name

_BIRTH_WORD = re.compile(r"تولد|ميلاد|ولادة|مواليد|لەدایک|\bborn\b|\bbirth", re.IGNORECASE)
_SHORTEST = 5  # no identifier and no name of two parts is shorter


def personal_kind(text: str, public_contacts: Collection[str] = ()) -> str:
    """Return the kind of finding that `text` raises by itself, else an empty string.

    Kinds: `email`, `bank_account`, `phone_number`, `identity_number`, `passport_number`, `coordinates`, `birth_date`,
    `personal_name`. A token is never personal.
    """
    if len(text) < _SHORTEST or is_token(text):
        return ""
    kind = identifier_kind(text, public_contacts)
    if kind:
        return kind
    if _BIRTH_WORD.search(text) and is_full_date(text):
        return "birth_date"
    return "personal_name" if is_personal_name(text) else ""


def sheet_label(name: str, ordinal: int) -> str:
    """Return the sheet's name for a finding, or `#2` for the second sheet when the name itself is personal."""
    return f"#{ordinal}" if personal_kind(name) else name
