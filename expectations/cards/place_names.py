"""Place names typed instead of codes: `Baghdad`, `بغداد` and `بەغدا` are `IQG08`.

Belongs here: the code that a typed name stands for. Does not belong here: which places a release shows (`areas.py`),
how a cell of a sender's file is read (`ingestion`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from expectations.cards import areas
from ingestion.cards.source_card import load_codes
from ingestion.text.folding import fold
from languages.words import Words, languages

_UNKNOWN = "_U"


def area_of(word: str) -> str:
    """Return the code of a place named in any of Marsad's languages or as senders spell it.

    A code is returned in capitals. A word that names no place is returned unchanged; the caller refuses it.
    """
    return _codes().get(fold(word), word)


@cache
def _codes() -> Mapping[str, str]:
    codes: dict[str, str] = {}
    for name, code in _names():
        codes.setdefault(fold(name), code)
    return codes


def _names() -> Iterator[tuple[str, str]]:
    """Yield name and code, the most reliable first: codes, Marsad's names of places, senders' names."""
    known = (areas.COUNTRY, *areas.REGIONS, *areas.all_leaves())
    yield from ((code, code) for code in known)
    for tag in languages():
        words = Words.load(tag)
        yield from ((words.label("area", code), code) for code in known)
    for code, names in load_codes("governorate").items():
        yield from ((name, code) for name in names if code != _UNKNOWN)
