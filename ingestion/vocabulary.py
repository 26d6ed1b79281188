"""The words that the house itself knows, so that privacy takes none of them for a name.

Belongs here: gathering aliases, codes, headers, sheet names, months and marks from the cards and lists.
Does not belong here: the words themselves, or what is personal (`privacy.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from ingestion.card import code_lists, load_codes, load_source, source_names
from ingestion.cells import find_place, split_codes
from ingestion.dates import read_date
from ingestion.headings import RUNNING_NUMBERS, all_headings
from ingestion.loose_words import other_spellings
from ingestion.signatures import is_signature_text
from ingestion.text import fold


def is_known(text: str) -> bool:
    """Return whether `text` is a known word of the house, or consists of several of them, or is a date in words.

    A text that merely contains one is not known: a name beside it stays a name.
    """
    words = _words()
    if find_place(text, words) or split_codes(text, words) or is_signature_text(text):
        return True
    return read_date(text, day_first=True).day is not None


def is_heading(text: str) -> bool:
    """Return whether `text` is a heading of some card or shape, or the sub-heading of one."""
    return fold(text) in _headings()


@cache
def _headings() -> frozenset[str]:
    words = all_headings()
    for source in map(load_source, source_names()):
        for table in source.tables.values():
            words += [
                *table.also,
                *table.ignored,
                *(part for one in table.headings for part in (one, *one.split(" / "))),
            ]
    return RUNNING_NUMBERS | {form for form in map(fold, words) if form}


@cache
def _words() -> Mapping[str, str]:
    """Return folded word -> itself."""
    words = [word for name in code_lists() for code, typed in load_codes(name).items() for word in (code, *typed)]
    words += [*all_headings(), *other_spellings()]
    for source in map(load_source, source_names()):
        words += [source.title, source.body_ar]
        for table in source.tables.values():
            words += [*table.sheets, *table.headings, *table.also, *table.ignored]
            words += [part for header in table.headings for part in header.split(" / ")]
            words += [word for own in table.codes.values() for word in own]
    return {form: form for form in map(fold, words) if form}
