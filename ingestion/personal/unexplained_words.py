"""Which words of one text nothing explains.

Belongs here: parting a text into words, and which of them are ordinary, or a place where a place may stand.
Does not belong here: the words themselves (`ordinary_words.py`, `place_words.py`), texts that are known as a whole and
the walk over a file (`unexplained_texts.py`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from ingestion.personal.name_lexicon import fold_word, is_on_name_list, without_marks
from ingestion.personal.ordinary_words import is_ordinary_in_lower_case, is_ordinary_word
from ingestion.personal.place_words import (
    PLACE_KINDS,
    announces_place,
    longest_phrase,
    without_joints,
    words_of_countries,
)
from ingestion.text.citations import parse_citation

ColumnKind = Literal["place", "nationality", "published", "house", "date", "age", "text", ""]
"""What may stand in a column: places; nationalities; those of a public table, in its own spelling; what the house wrote
itself; dates; ages; free text or tokens (where no place explains); or anything else."""

_MARKS_OF_SCRIPTS = "\u0300-\u036f\u0900-\u109f"  # vowels of India and Burma are marks, and part of their words
_RUN = re.compile(rf"(?:[^\W_]|[{_MARKS_OF_SCRIPTS}])+")
_LETTERS = re.compile(rf"(?:[^\W\d_]|[{_MARKS_OF_SCRIPTS}])+")
_DIGIT = re.compile(r"\d")
_POSSESSIVE = re.compile(r"['’]s\b")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PCODE = re.compile(r"IQG?\d{1,2}(?:Q\d{2}(?:N\d{2})?)?|IQ-[A-Z]{2}", re.IGNORECASE)
_MADE_BY_PROGRAMS = re.compile(  # identifiers of parts and versions
    r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|(?<![^\W_])(?=[0-9a-f]*\d)[0-9a-f]{16,64}(?![^\W_])"
)
_CODE_OF_THE_HOUSE = re.compile(r"(?<==)[A-Z]{3}\b|(?<=sha256 )[0-9a-f]{12}\b")
"""What our own sheets write: `Nationality=IRQ`, and how a verdict names its file."""
_LONGEST_CITATION = 300


def has_letters(text: str) -> bool:
    """Return whether a text has a letter of any script."""
    return _LETTERS.search(text) is not None


def unexplained_words(text: str, kind: ColumnKind = "") -> list[str]:
    """Return the folded words of a text that are neither ordinary nor, in a column of their kind, a place.

    One letter alone is no name (`دار أ`); two are initials, but in a citation of law.
    """
    words = _words_of(text, kind)
    found: list[str] = []
    at = 0
    while at < len(words):
        length = _place_at(words, at, kind)
        if not length and not _is_explained(words[at], kind):
            found.append(words[at])
        at += length or 1
    return found


def _words_of(text: str, kind: ColumnKind) -> list[str]:
    plain = _POSSESSIVE.sub("", _HUMP.sub(" ", _MADE_BY_PROGRAMS.sub(" ", without_marks(text))))
    if kind == "house":
        plain = _CODE_OF_THE_HOUSE.sub(" ", plain)
    words = [word for run in _RUN.findall(plain) for word in _words_of_run(run)]
    if sum(len(word) == 1 for word in words) <= 1 or kind == "published" or _is_citation(text):
        words = [word for word in words if len(word) > 1]
    return without_joints(words) if kind in PLACE_KINDS else words


@lru_cache(maxsize=65536)
def _words_of_run(run: str) -> tuple[str, ...]:
    """Return the words of a run of letters and digits; one or two letters on digits are a unit or a mark (5م, A5)."""
    words = [fold_word(word) for word in _LETTERS.findall(run) if not is_ordinary_in_lower_case(word)]
    has_digits = any(sign.isdigit() for sign in run)
    if _PCODE.fullmatch(run):
        return ()
    return tuple(word for word in words if word and not (has_digits and len(word) <= 2))


def _place_at(words: list[str], at: int, kind: ColumnKind) -> int:
    """Return how many words are a place that may stand here: in its column, or in a title behind `محافظة`."""
    if kind in PLACE_KINDS:
        return longest_phrase(words, kind, at)
    is_announced = kind == "" and at > 0 and announces_place(words[at - 1])
    return longest_phrase(words, "place", at) if is_announced else 0


def _is_explained(word: str, kind: ColumnKind) -> bool:
    return is_ordinary_word(word) or (kind == "published" and _may_be_published(word))


def _may_be_published(word: str) -> bool:
    """Return whether a word may stand in a public table's column of countries: it is no name, or that of a country.

    States send UNODC what they wrote, in five languages, with slips (Abania) and broken letters; no person is in it.
    """
    return not is_on_name_list(word) or word in words_of_countries()


def _is_citation(text: str) -> bool:
    """Return whether laws are cited in a text, in which single letters stand for articles and paragraphs."""
    return len(text) <= _LONGEST_CITATION and _DIGIT.search(text) is not None and parse_citation(text) is not None
