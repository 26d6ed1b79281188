"""The names that a holder's file may be written with: headings and sheets, as a card or shape spells them.

Belongs here: the wordings of all cards and shapes of persons and cases together, since a holder's own file does not say
who sends it. Shapes without tokens (counts, facilities, activities) name columns that a list of persons does not need.
Does not belong here: which heading is a name or number of a person (`pseudonymise.py`), where the header row stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

from ingestion.cards.headings import LANGUAGES, headings_of, sheet_of, wordings
from ingestion.cards.source_card import (
    TableCard,
    load_codes,
    load_shape,
    load_source,
    shape_names,
    source_names,
)
from ingestion.tables.cell_values import place_of_sheet
from ingestion.tables.sheet_regions import patterns_of
from ingestion.text.folding import fold

TOKEN_FIELDS = frozenset({"person_token", "case_token"})


@cache
def headings() -> Mapping[str, str]:
    """Return folded heading -> the heading as the first card or shape that knows it spells it."""
    return {form: spelled for form, (spelled, _) in _known().items()}


@cache
def fields(heading: str) -> frozenset[str]:
    """Return the fields that a heading stands for in one card or another."""
    return _known()[fold(heading)][1] if fold(heading) in _known() else frozenset()


def sheet_name(typed: str) -> str:
    """Return the name of a sheet as a card spells it, or the governorate that it is named after; empty if neither."""
    if spelled := _sheets().get(fold(typed)):
        return spelled
    for table in _tables():
        with_years = [sheet for sheet in table.sheets if "{year}" in sheet]
        for sheet, pattern in zip(with_years, patterns_of(table), strict=True):
            if match := pattern.fullmatch(fold(typed)):
                return sheet.replace("{year}", match[1])
    place = place_of_sheet(typed)
    return load_codes("governorate")[place][0] if place else ""


@cache
def _known() -> Mapping[str, tuple[str, frozenset[str]]]:
    spelled: dict[str, str] = {}
    meant: dict[str, set[str]] = defaultdict(set)
    for heading, name in _wordings():
        if form := fold(heading):
            spelled.setdefault(form, heading)
            meant[form].add(name)
    return {form: (heading, frozenset(meant[form])) for form, heading in spelled.items()}


def _wordings() -> Iterator[tuple[str, str]]:
    """Yield each heading and its field: of every card, sub-headings by themselves, and of every shape."""
    for table in _tables():
        for header, name in table.headings.items():
            for heading in wordings(table, header):
                yield heading, name
                if " / " in heading:
                    yield heading.rpartition(" / ")[2], name
    for shape in _shapes():
        for name in load_shape(shape).fields:
            yield from ((heading, name) for heading in headings_of(shape, name))


@cache
def _shapes() -> tuple[str, ...]:
    return tuple(name for name in shape_names() if TOKEN_FIELDS & set(load_shape(name).fields))


@cache
def _tables() -> tuple[TableCard, ...]:
    sources = map(load_source, source_names())
    return tuple(table for source in sources for table in source.tables.values() if table.shape in _shapes())


@cache
def _sheets() -> Mapping[str, str]:
    of_shapes = [sheet_of(shape, language) for shape in _shapes() for language in LANGUAGES]
    of_cards = [sheet for table in _tables() for sheet in table.sheets if not {"*", "{"} & set(sheet)]
    return {fold(sheet): sheet for sheet in (*of_shapes, *of_cards)}
