"""Words of places and nationalities: they explain a cell only in a column of that kind.

Belongs here: governorates and districts of Iraq, countries, languages and nationalities in our three languages.
Does not belong here: ordinary words (`ordinary_words.py`), which column is of which kind (`unexplained_texts.py`).
Some names of persons are also names of places (صلاح الدين, Jordan, Chad, Georgia): in other columns these words
explain nothing.
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
from ingestion.personal.name_lexicon import folded_words_of_each, place_key, sections_of
from languages.words import languages

PlaceKind = Literal["place", "nationality"]
PLACE_KINDS: tuple[PlaceKind, ...] = ("place", "nationality")
Phrase = tuple[str, ...]

_HERE = Path(__file__).parent
_LONGEST = 8  # words of the longest name of a country
_JOINTS = frozenset(("and", "the", "of", "و"))
_OF_THE_UN = ("es", "fr", "pt", "ru")
_NO_PLACES = ("_U", "_Z", "XXA")  # unknown, stateless
_LISTS = {"place": "governorate", "nationality": "citizenship"}


@cache
def phrases_of(kind: PlaceKind) -> frozenset[Phrase]:
    """Return the folded words of each place in Iraq, or of each country, language and nationality."""
    texts = _names_in_list(_LISTS[kind]) + _read_section(kind)
    if kind == "nationality":
        texts += [
            *_names_in_cldr(),
            *(word for word in country_words() if not word.isupper()),
        ]  # ARE and PER are words too
    else:
        texts += other_spellings()
    return frozenset(filter(None, _words_of_each(texts)))


def longest_phrase(words: Sequence[str], kind: PlaceKind, start: int = 0) -> int:
    """Return how many of the words, from `start` on, form a place or nationality of a kind; 0 for none.

    A place may lie abroad.
    """
    phrases = (phrases_of(kind), _foreign_places()) if kind == "place" else (phrases_of(kind),)
    ahead = words[start : start + _LONGEST]
    lengths = range(len(ahead), 0, -1)
    known = next(
        (length for length in lengths if any(tuple(ahead[:length]) in known_phrases for known_phrases in phrases)), 0
    )
    if known or kind != "place" or not ahead or not ahead[0].isascii():
        return known
    return next(
        (length for length in lengths if _key(ahead[:length]) in _spellings() and place_key(ahead[length - 1])), 0
    )


def is_governorate(words: Sequence[str]) -> bool:
    """Return whether folded words are a governorate of Iraq, in any spelling."""
    return _key(words) in _governorates()


def _key(words: Sequence[str]) -> Phrase:
    """Return the words of a place in the form shared by all Latin spellings: Salah Al-Deen is Salah ad Din."""
    return tuple(filter(None, map(place_key, words)))


@cache
def _spellings() -> frozenset[Phrase]:
    return frozenset(key for words in phrases_of("place") if words[0].isascii() and (key := _key(words)))


@cache
def _governorates() -> frozenset[Phrase]:
    return frozenset(_key(words) for words in _words_of_each(_names_in_list("governorate")))


def _names_in_list(code_list: str) -> list[str]:
    return [word for code, typed in load_codes(code_list).items() if code not in _NO_PLACES for word in typed]


def is_place(words: Phrase) -> bool:
    """Return whether words form a place or nationality of any kind."""
    return any(words in phrases_of(kind) for kind in PLACE_KINDS)


def is_joint(word: str) -> bool:
    """Return whether a word is a joiner that CLDR and senders write differently (Bosnia & Herzegovina, Bosnia and)."""
    return word in _JOINTS


@cache
def announces_place(word: str) -> bool:
    """Return whether a folded word introduces the name of a place: `محافظة`, `district`."""
    return (word,) in _phrases_typed("announcers")


@cache
def place_stands_behind(word: str) -> bool:
    """Return whether only a place can follow a folded word in a sentence: `في`, `in`."""
    return (word,) in _phrases_typed("where")


@cache
def leads_to_place(word: str) -> bool:
    """Return whether a place or a person may follow a folded word in a sentence: `من`, `to`."""
    return (word,) in _phrases_typed("whence and whither")


@cache
def _phrases_typed(section: str) -> frozenset[Phrase]:
    return frozenset(_words_of_each(_read_section(section)))


def is_country_code(text: str) -> bool:
    """Return whether a text is a two- or three-letter ISO 3166-1 code in capitals."""
    return text.isupper() and (text in Locale.parse("en").territories or text in country_words())


@cache
def words_of_countries() -> frozenset[str]:
    """Return each word of the countries' names as states send them to the UN, in its languages, and misspelt."""
    texts = [text for tag in _OF_THE_UN for text in Locale.parse(tag).territories.values()]
    phrases = (*phrases_of("nationality"), *_words_of_each(texts), *_phrases_typed("published"))
    return frozenset(word for phrase in phrases for word in phrase)


def headings_of_kind(kind: PlaceKind) -> list[str]:
    """Return the headings of columns of a kind for which no shape has a field."""
    return _read_section(f"headings of {kind}")


def _read_section(section: str) -> list[str]:
    return [word for line in sections_of(_HERE / "place_words.txt")[section] for word in line.split(", ")]


def _names_in_cldr() -> Iterable[str]:
    """Yield the names of countries, regions and languages in CLDR."""
    for tag in languages():
        locale = Locale.parse(tag)
        yield from locale.territories.values()
        yield from locale.languages.values()


@cache
def _foreign_places() -> frozenset[Phrase]:
    """Return the names of countries, and of the cities that time zones are named after (Dubai, Amman, Istanbul)."""
    locales = [Locale.parse(tag) for tag in languages()]
    texts = [text for locale in locales for text in locale.territories.values()]
    texts += [str(zone["city"]) for locale in locales for zone in locale.time_zones.values() if "city" in zone]
    texts += [str(zone).rpartition("/")[2].replace("_", " ") for zone in Locale.parse("ar").time_zones]
    return frozenset(filter(None, _words_of_each(texts)))


def _words_of_each(texts: Iterable[str]) -> Iterator[Phrase]:
    return (tuple(word for word in words if not is_joint(word)) for words in folded_words_of_each(texts))
