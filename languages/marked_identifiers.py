"""Identifiers: numbers of reports, versions, hashes, addresses, codes and file names read left to right anywhere.

Belongs here: which texts are identifiers, and the mark by which every renderer knows one. Beside Arabic letters the
parts of `000002-c9` would change places: a digit at its start belongs to the sentence around it.
Does not belong here: how a form isolates it (the renderers), or any text.
"""

from __future__ import annotations

import re

_START, _END = "\u2066", "\u2069"  # left-to-right isolate
_IDENTIFIER = re.compile(
    r"[0-9A-Za-z]+(?:[._+@:/#-]+[0-9A-Za-z]+)+/?"  # parts with signs between them
    r"|(?=[A-Za-z]*[0-9])(?=[0-9]*[A-Za-z])[0-9A-Za-z]+"  # letters and digits
)
MARKED = re.compile(f"{_START}[^\u2066-\u2069]*{_END}")
"""An identifier in a finished text of a right-to-left language."""


def is_identifier(text: str) -> bool:
    """Return whether a text as a whole is an identifier."""
    return bool(_IDENTIFIER.fullmatch(text))


def mark_identifier(text: str) -> str:
    """Return an identifier as an isolate from left to right, for a right-to-left sentence."""
    return f"{_START}{text}{_END}"
