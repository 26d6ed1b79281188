"""The languages of a release: look-up, digits and direction of each.

Does not belong here: the content of texts (`release_notes.py`, `certificate.py`, `tombstone.py`), or any text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from languages.numbers import digits
from languages.words import Words, gaps, languages


@dataclass(frozen=True)
class NoteLanguage:
    """The words of one language.

    Attributes:
        tag: `en`, `ar`, `ckb`.
        text: look-up by key; raises on a missing key.
        digits: writes a year in the language's digits.
        direction: direction of its script, `ltr` or `rtl`.
        is_reviewed: whether a native reader has approved the words.
    """

    tag: str
    text: Callable[..., str]
    digits: Callable[[str], str] = str
    direction: str = "ltr"
    is_reviewed: bool = True


def voices() -> list[NoteLanguage]:
    """Return the languages with a complete catalogue, the source first; a language in progress waits for its texts."""
    return [voice_of(tag) for tag in languages() if not gaps(tag)]


def voice_of(tag: str) -> NoteLanguage:
    """Return one language's words. Raises `language_unknown`."""
    words = Words.load(tag)
    return NoteLanguage(tag, words.text, lambda year: digits(year, words.numerals), words.direction, words.is_reviewed)
