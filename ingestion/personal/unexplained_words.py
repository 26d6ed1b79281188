"""Which words of one text are unexplained.

Belongs here: splitting a text into words, and which of them are ordinary, a place where a place may stand, or what a
column of that kind holds.
Does not belong here: the words themselves (`ordinary_words.py`, `place_words.py`, `column_words.py`), texts known as a
whole and the walk over a file (`unexplained_texts.py`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from ingestion.personal.column_words import CELL_KINDS, words_of_cells
from ingestion.personal.name_lexicon import fold_word, is_on_name_list, part_of, remove_marks
from ingestion.personal.ordinary_words import goes_with_on, is_ordinary_in_lower_case, is_ordinary_word
from ingestion.personal.place_words import (
    PLACE_KINDS,
    announces_place,
    is_governorate,
    is_joint,
    leads_to_place,
    longest_phrase,
    place_stands_behind,
    words_of_countries,
)
from ingestion.text.citations import parse_citation

ColumnKind = Literal[
    "place", "nationality", "published", "house", "date", "age", "text",
    "occupation", "religion", "education", "agency", "document", "",
]  # fmt: skip
"""What a column may hold: places; nationalities; those of a public table, in its own spelling; what Marsad itself
wrote; dates; ages; free text or pseudonymous IDs; occupations, religions, degrees, agencies, papers; or anything
else.
"""

_MARKS_OF_SCRIPTS = "\u0300-\u036f\u0900-\u109f"  # vowel signs of Indian and Burmese scripts, parts of their words
_RUN = re.compile(rf"(?:[^\W_]|[{_MARKS_OF_SCRIPTS}])+")
_LETTERS = re.compile(rf"(?:[^\W\d_]|[{_MARKS_OF_SCRIPTS}])+")
_DIGIT = re.compile(r"\d")
_POSSESSIVE = re.compile(r"['’]s\b")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PCODE = re.compile(r"IQG?\d{1,2}(?:Q\d{2}(?:N\d{2})?)?|IQ-[A-Z]{2}", re.IGNORECASE)
_MADE_BY_PROGRAMS = re.compile(  # identifiers of parts and versions
    r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|(?<![^\W_])(?=[0-9a-f]*\d)[0-9a-f]{16,64}(?![^\W_])"
)
_CODE_OF_THE_HOUSE = re.compile(r"(?<==)[A-Z]{3}\b")
"""The notation of Marsad's own sheets: `Nationality=IRQ`."""
_LONGEST_CITATION = 300


def has_letters(text: str) -> bool:
    """Return whether a text has a letter of any script."""
    return _LETTERS.search(text) is not None


class _Word(NamedTuple):
    """One word of a text: its letters as typed, and folded for look-ups."""

    typed: str
    folded: str


def unexplained_words(text: str, kind: ColumnKind = "") -> list[str]:
    """Return the words of a text, as typed, that are neither ordinary nor allowed in a column of its kind.

    A single letter is no name (`دار أ`); two are initials, except in a legal citation.
    """
    words = _words_of(text, kind)
    folded = [word.folded for word in words]
    unexplained: list[_Word] = []
    at = 0
    while at < len(words):
        length = _place_at(folded, at, kind)
        if not length and not _is_explained(words[at].folded, kind) and not _is_on(words, at):
            unexplained.append(words[at])
        at += length or 1
    return [] if _stand_in(unexplained, kind) else [word.typed for word in unexplained]


def _stand_in(words: list[_Word], kind: ColumnKind) -> bool:
    """Return whether words belong in a column of occupations and the like; only one of them may also be a name.

    `طالب` is a student there, but `طالب حداد` may be a person.
    """
    if kind not in CELL_KINDS or not all(word.folded in words_of_cells(kind) for word in words):
        return False
    return sum(is_on_name_list(word.folded) for word in words) <= 1


def _words_of(text: str, kind: ColumnKind) -> list[_Word]:
    plain = _POSSESSIVE.sub("", _HUMP.sub(" ", _MADE_BY_PROGRAMS.sub(" ", remove_marks(text))))
    if kind == "house":
        plain = _CODE_OF_THE_HOUSE.sub(" ", plain)
    words = [word for run in _RUN.findall(plain) for word in _words_of_run(run)]
    if sum(len(word.folded) == 1 for word in words) <= 1 or kind == "published" or _is_citation(text):
        words = [word for word in words if len(word.folded) > 1]
    return [word for word in words if not is_joint(word.folded)] if kind in PLACE_KINDS else words


@lru_cache(maxsize=65536)
def _words_of_run(run: str) -> tuple[_Word, ...]:
    """Return the words of a run of letters and digits; one or two letters at digits are a unit or mark (5م, A5)."""
    words = [_Word(word, fold_word(word)) for word in _LETTERS.findall(run) if not is_ordinary_in_lower_case(word)]
    has_digits = any(sign.isdigit() for sign in run)
    if _PCODE.fullmatch(run):
        return ()
    return tuple(word for word in words if word.folded and not (has_digits and len(word.folded) <= 2))


def _place_at(folded: list[str], at: int, kind: ColumnKind) -> int:
    """Return how many words form a place that may stand here: in its column, after `محافظة`, or in a sentence."""
    if kind in PLACE_KINDS:
        return longest_phrase(folded, kind, at)
    before = folded[at - 1] if at else ""
    if (kind == "agency" and is_ordinary_word(before)) or (kind == "" and announces_place(before)):
        return longest_phrase(folded, "place", at)
    return _place_in_sentence(before, folded, at)


def _place_in_sentence(before: str, words: list[str], at: int) -> int:
    """Return how many words form a place where a sentence announces one: `في بغداد`, `from Dubai`.

    After `in` every place is accepted. After `from` and `to` a person may follow: there a place name that persons bear
    too (رانية, Jordan) explains nothing, except that of a governorate (صلاح الدين).
    """
    if not before or not (place_stands_behind(before) or leads_to_place(before)):
        return 0
    length = longest_phrase(words, "place", at)
    place = words[at : at + length]
    if place_stands_behind(before) or is_governorate(place):
        return length
    return 0 if any(map(_is_borne, place)) else length


def _is_borne(word: str) -> bool:
    """Return whether persons bear a word: in Latin letters any listed one, since the lists know few foreign names."""
    return is_on_name_list(word) and (word.isascii() or part_of(word).strength == "strong")


def _is_on(words: list[_Word], at: int) -> bool:
    """Return whether a word is the preposition `على`, not the name علي, which some type so.

    It is the preposition if spelled so, after a word that takes it (القبض على), and before another word.
    """
    is_spelled_so = words[at].typed in ("على", "وعلى")
    return is_spelled_so and 0 < at < len(words) - 1 and goes_with_on(words[at - 1].folded)


def _is_explained(word: str, kind: ColumnKind) -> bool:
    return is_ordinary_word(word) or (kind == "published" and word in words_of_countries())


def _is_citation(text: str) -> bool:
    """Return whether a text cites laws, where single letters stand for articles and paragraphs."""
    return len(text) <= _LONGEST_CITATION and _DIGIT.search(text) is not None and parse_citation(text) is not None
