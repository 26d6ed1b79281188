"""Words of places and nationalities: they explain a cell only in a column of that kind.

Belongs here: governorates and districts of Iraq, countries, languages and nationalities in our three languages.
Does not belong here: ordinary words (`ordinary_words.py`), which column is of which kind (`unexplained_texts.py`).
Names of persons are names of places as well (صلاح الدين, Jordan, Chad, Georgia): elsewhere these words explain nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Literal

from babel.core import Locale

from ingestion.cards.loose_words import other_spellings
from ingestion.cards.nationalities import country_words
from ingestion.cards.source_card import load_codes
from ingestion.personal.name_lexicon import folded_words_of_each, sections_of
from languages.words import languages

PlaceKind = Literal["place", "nationality"]
PLACE_KINDS: tuple[PlaceKind, ...] = ("place", "nationality")
Phrase = tuple[str, ...]

_HERE = Path(__file__).parent
_LONGEST = 8  # words of the longest name of a country
_JOINTS = frozenset(("and", "the", "of", "و"))
_NO_PLACES = ("_U", "_Z", "XXA")  # unknown, stateless
_LISTS = {"place": "governorate", "nationality": "citizenship"}


@cache
def phrases_of(kind: PlaceKind) -> frozenset[Phrase]:
    """Return the folded words of each place in Iraq, or of each country, language and nationality."""
    lists = load_codes(_LISTS[kind]).items()
    texts = [word for code, typed in lists if code not in _NO_PLACES for word in typed] + _typed(kind)
    if kind == "nationality":
        texts += [*_of_cldr(), *(word for word in country_words() if not word.isupper())]  # ARE and PER are words too
    else:
        texts += other_spellings()
    return frozenset(filter(None, _words_of_each(texts)))


def longest_phrase(words: Sequence[str], kind: PlaceKind, start: int = 0) -> int:
    """Return how many of the words, from one on, are a place or nationality of a kind; 0 for none."""
    phrases = phrases_of(kind)
    lengths = range(min(_LONGEST, len(words) - start), 0, -1)
    return next((length for length in lengths if tuple(words[start : start + length]) in phrases), 0)


def is_place(words: Phrase) -> bool:
    """Return whether words are those of a place or nationality of any kind."""
    return any(words in phrases_of(kind) for kind in PLACE_KINDS)


def without_joints(words: Iterable[str]) -> list[str]:
    """Return words without those that CLDR and senders write differently (Bosnia & Herzegovina, Bosnia and)."""
    return [word for word in words if word not in _JOINTS]


@cache
def announces_place(word: str) -> bool:
    """Return whether the name of a place follows a folded word: `محافظة`, `district`."""
    return (word,) in _announcers()


@cache
def _announcers() -> frozenset[Phrase]:
    return frozenset(_words_of_each(_typed("announcers")))


def is_country_code(text: str) -> bool:
    """Return whether a text is a code of ISO 3166-1 of two or three letters, in capitals."""
    return text.isupper() and (text in Locale.parse("en").territories or text in country_words())


@cache
def words_of_countries() -> frozenset[str]:
    """Return each word of the names of countries, with the small words of Spanish, French and English beside them."""
    phrases = (*phrases_of("nationality"), *_words_of_each(_typed("published")))
    return frozenset(word for phrase in phrases for word in phrase)


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


def _words_of_each(texts: Iterable[str]) -> Iterator[Phrase]:
    return (tuple(without_joints(words)) for words in folded_words_of_each(texts))
