"""The words that Marsad knows from its cards and lists, which are not to be taken for names.

Belongs here: gathering aliases, codes, headers, sheet names, months and marks from the cards and lists.
Does not belong here: the words themselves, or what is personal (`personal_data.py`).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import cache

from ingestion.cards.headings import RUNNING_NUMBERS, all_headings
from ingestion.cards.loose_words import other_spellings
from ingestion.cards.nationalities import country_of
from ingestion.cards.source_card import code_lists, load_codes, load_shape, load_source, source_names
from ingestion.tables.cell_values import find_place, place_of_sheet, split_codes
from ingestion.tables.signatures import is_signature_text
from ingestion.text.ages import read_age
from ingestion.text.folding import fold, fold_each
from ingestion.text.typed_dates import read_date, states_part_of_month

_PLACES = ("governorate", "citizenship")


def is_known(text: str) -> bool:
    """Return whether `text` is a known word, or consists of several of them, or is a date in words.

    A text that merely contains one is not known: a name next to it is still a name.
    """
    return _is_among(text, _words())


def is_known_beside_places(text: str) -> bool:
    """Return whether `text` is known as in `is_known`, but without places and nationalities, which persons bear."""
    return _is_among(text, _words(without=_PLACES))


def _is_among(text: str, words: Mapping[str, str]) -> bool:
    if find_place(text, words) or split_codes(text, words) or is_signature_text(text):
        return True
    return states_part_of_month(text) or read_date(text, day_first=True).day is not None


def is_read_as(kind: str, text: str) -> bool:
    """Return whether a text is valid in a column, however it is typed: `نجف`, `عراقية الجنسية`, `رجب`, `راشد`.

    Args:
        kind: `place`, `nationality`, `date` or `age`; False for any other kind. A month of the Hijri calendar and a
            word for an adult are also names, so they count in their columns only.
        text: as typed.
    """
    match kind:
        case "place":
            return place_of_sheet(text) is not None
        case "nationality":
            return country_of(text) is not None
        case "date":
            return read_date(text, day_first=True).kind == "date_hijri"
        case "age":
            return read_age(text, datetime.date.max)[0] is not None
        case _:
            return False


def is_heading(text: str) -> bool:
    """Return whether `text` is a heading or sub-heading of some card or shape."""
    return fold(text) in _headings()


@cache
def _headings() -> frozenset[str]:
    words = all_headings()
    for source in map(load_source, source_names()):
        for table in source.tables.values():
            words += [
                *table.also,
                *table.ignored,
                *(part for heading in table.headings for part in (heading, *heading.split(" / "))),
            ]
    return RUNNING_NUMBERS | {form for form in fold_each(words) if form}


@cache
def _words(without: tuple[str, ...] = ()) -> Mapping[str, str]:
    """Return folded word -> itself, for all code lists except those in `without`."""
    lists = [load_codes(name).items() for name in code_lists() if name not in without]
    words = [word for entries in lists for code, typed in entries for word in (code, *typed)]
    words += all_headings()
    words += [] if without else other_spellings()
    for source in map(load_source, source_names()):
        words += [source.title, source.body_ar]
        for table in source.tables.values():
            words += [*table.sheets, *table.headings, *table.also, *table.ignored]
            words += [part for header in table.headings for part in header.split(" / ")]
            fields = load_shape(table.shape).fields
            words += [word for name, own in table.codes.items() if fields[name].codes not in without for word in own]
    return {form: form for form in fold_each(words) if form}
