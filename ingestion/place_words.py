"""Words of places and nationalities: they explain a cell only in a column of that kind.

Belongs here: governorates and districts of Iraq, countries, languages and nationalities in our three languages.
Does not belong here: ordinary words (`ordinary_words.py`), which column is of which kind (`explanation.py`).
Names of persons are names of places as well (صلاح الدين, Jordan, Chad, Georgia): elsewhere these words explain nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Literal

from babel.core import Locale

from ingestion.card import load_codes
from ingestion.name_parts import fold_word, sections_of, words_of
from ingestion.nationalities import country_words
from languages.words import languages

PlaceKind = Literal["place", "nationality"]
PLACE_KINDS: tuple[PlaceKind, ...] = ("place", "nationality")
Phrase = tuple[str, ...]

_HERE = Path(__file__).parent
_LISTS = {"place": "governorate", "nationality": "citizenship"}


@cache
def phrases_of(kind: PlaceKind) -> frozenset[Phrase]:
    """Return the folded words of each place in Iraq, or of each country, language and nationality."""
    texts = [word for code, typed in load_codes(_LISTS[kind]).items() for word in (code, *typed)]
    texts += _typed(kind)
    if kind == "nationality":
        texts += [*_of_cldr(), *country_words()]
    return frozenset(filter(None, map(_words, texts)))


@cache
def longest(kind: PlaceKind) -> int:
    """Return the number of words of the longest phrase of a kind."""
    return max(map(len, phrases_of(kind)))


def is_place(words: Phrase) -> bool:
    """Return whether words are those of a place or nationality of any kind."""
    return any(words in phrases_of(kind) for kind in PLACE_KINDS)


def headings_of_kind(kind: PlaceKind) -> list[str]:
    """Return the headings of columns of a kind that no shape has as a field."""
    return _typed(f"headings of {kind}")


def _typed(section: str) -> list[str]:
    return [word for line in sections_of(_HERE / "place_words.txt")[section] for word in line.split(", ")]


def _of_cldr() -> Iterable[str]:
    """Yield the names of countries, regions and languages as CLDR has them."""
    for tag in languages():
        locale = Locale.parse(tag)
        yield from locale.territories.values()
        yield from locale.languages.values()


def _words(text: str) -> Phrase:
    return tuple(fold_word(word) for word in words_of(text))
