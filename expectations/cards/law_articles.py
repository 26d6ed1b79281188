"""The articles of law that a card names, and what they are called.

Belongs here: dividing what a card names into references, and the message that says one in words. Does not belong here:
the words, or which indicator names which article (its card).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_LAW = re.compile(r"L(\d+)_(\d{4})(?: Art\. (.+))?")
_PENAL_CODE = re.compile(r"PC_(\d+)_(\d+)")


def divide_references(named: str | Sequence[str] | None) -> list[str]:
    """Return what a card names (articles, or analogues), one by one: it is a list, or one text with commas."""
    parts = (named or "").split(",") if isinstance(named, str) or named is None else named
    return [stripped for part in parts if (stripped := part.strip())]


def message_of(reference: str) -> tuple[str, dict[str, str]] | None:
    """Return key and arguments of the message that says a reference (`L28_2012 Art. 11`); None for another text."""
    if match := _LAW.fullmatch(reference):
        number, year, article = match.groups()
        law = f"{int(number)}/{year}"
        return ("dictionary.article", {"law": law, "article": article}) if article else ("dictionary.law", {"law": law})
    if match := _PENAL_CODE.fullmatch(reference):
        first, last = match.groups()
        return "dictionary.penal_code", {"first": first, "last": last}
    return None
