"""Maps of governorates: the last year's total of an indicator in each, in classes that are the same in every year.

Belongs here: the classes, made from printed figures of all years and from nothing else, and the notes of a map.
Does not belong here: how a map is drawn (`reports/renderers/maps.py`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from expectations.cards.areas import all_leaves, level_of
from expectations.cards.cells import DIMENSIONS, TOTAL
from languages import dates
from languages.words import Words
from reports.chapters import printed
from reports.editions.edition import MapBlock, MapPlace
from reports.editions.printed_parts import PrintedFigure
from reports.phrases import wording
from reports.released.released_tables import ABSENT, ReleasedCell, rank
from reports.released.report_model import IndicatorSection, ReportedRelease

UNKNOWN = "IQ-FED-U"
PROVISIONAL = ("IQG06Q05",)
"""Halabja: a governorate since 2025, its boundary not official yet."""
PLACES = tuple(sorted((leaf for leaf in all_leaves() if leaf != UNKNOWN), key=lambda leaf: rank("area", leaf)))
_LADDER = (5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000)
_CLASSES = 4
_MEASURES = ("COUNT", "NUMERATOR")  # most shares of a governorate are withheld: their base is too small


def maps(release: ReportedRelease, section: IndicatorSection, words: Words) -> Iterator[MapBlock]:
    """Yield the map of an indicator in a dataset of governorates, unless none of them has a figure."""
    if not any(level_of(found.area) == "governorate" for found in section.coverage):
        return
    known = {key[1] for key in release.cells if key[0] == section.indicator}
    measure = next((name for name in _MEASURES if name in known), "")
    totals = {
        year: {area: _total(release, section.indicator, measure, area, year) for area in (*PLACES, UNKNOWN)}
        for year in _years(release)
    }
    printed_values = [cell.value for cells in totals.values() for cell in cells.values() if cell.value is not None]
    if measure and printed_values:
        year = max(year for year, cells in totals.items() if any(cell.value is not None for cell in cells.values()))
        bounds = thresholds(printed_values)
        yield _map(section, measure, year, totals[year], bounds, words)


def thresholds(values: Iterable[float]) -> tuple[float, ...]:
    """Return the least value of each class but the first: the last rungs of a ladder that the values reach.

    Args:
        values: printed counts of all governorates and years.
    """
    greatest = max(values)
    return tuple(rung for rung in _LADDER if rung <= greatest)[1 - _CLASSES :] or _LADDER[:1]


def _map(
    section: IndicatorSection,
    measure: str,
    year: str,
    cells: dict[str, ReleasedCell],
    bounds: Sequence[float],
    words: Words,
) -> MapBlock:
    title = words.text("page.caption.of", first=wording.title(section.indicator, words), second=dates.year(words, year))
    places = tuple(
        MapPlace(
            code=area,
            name=wording.area(area, words),
            figure=printed.figure(cells[area], words),
            level=_level(cells[area], bounds),
            is_provisional=area in PROVISIONAL,
        )
        for area in PLACES
    )
    said = wording.listed((_said(place.name, place.figure, words) for place in places), words)
    notes = [wording.measure(section.indicator, measure, words), words.text("edition.map.provisional")]
    if cells[UNKNOWN] != ABSENT and (cells[UNKNOWN].value or cells[UNKNOWN].mark):
        notes.append(_said(wording.area(UNKNOWN, words), printed.figure(cells[UNKNOWN], words), words))
    return MapBlock(
        id=printed.name_of(f"{section.dataset}-{section.indicator}-map"),
        title=title,
        alternative=words.text("edition.map.alternative", title=title, places=said),
        places=places,
        levels=tuple(_levels(bounds, words)),
        notes=tuple(notes),
        disclaimer=words.text("edition.map.disclaimer"),
        table=printed.name_of(f"{section.dataset}-{section.indicator}"),
    )


def _level(cell: ReleasedCell, bounds: Sequence[float]) -> int:
    """The class of a figure; one that rounds to zero is in the first, and where there is none it is -1."""
    return -1 if cell.value is None else bisect_right(bounds, cell.value)


def _levels(bounds: Sequence[float], words: Words) -> Iterator[str]:
    yield words.text("edition.map.less", most=bounds[0])
    for lower, upper in pairwise(bounds):
        yield words.text("edition.map.between", least=lower, most=upper)
    yield words.text("edition.map.more", least=bounds[-1])


def _said(name: str, figure: PrintedFigure, words: Words) -> str:
    return words.text("edition.measured", indicator=name, measure=printed.said(figure))


def _total(release: ReportedRelease, indicator: str, measure: str, area: str, year: str) -> ReleasedCell:
    return release.cells.get((indicator, measure, area, year, *(TOTAL for _ in DIMENSIONS)), ABSENT)


def _years(release: ReportedRelease) -> list[str]:
    return sorted(str(year) for year in release.frame["time_period"].unique())
