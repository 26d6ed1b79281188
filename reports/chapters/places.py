"""Maps of governorates: the last year's total of an indicator in each, in classes that are the same in every year.

Belongs here: the classes, made only from the published figures of all years, and the notes of a map; beside a count of
persons its rate, computed from the published count and the published residents (decision 73).
Does not belong here: how a map is drawn (`reports/renderers/maps.py`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise

from expectations.cards.areas import all_leaves, level_of
from expectations.cards.cells import DIMENSIONS, TOTAL
from expectations.cards.population import residents
from languages import dates
from languages.numbers import number
from languages.words import Words
from methods.disclosure.derived import PER
from reports.chapters import printed
from reports.editions.edition import MapBlock, MapPlace
from reports.editions.printed_parts import PrintedFigure
from reports.phrases import wording
from reports.released.print_order import rank
from reports.released.released_tables import ABSENT, ReleasedCell
from reports.released.report_model import IndicatorSection, ReportedRelease

UNKNOWN = "IQ-FED-U"
PROVISIONAL = ("IQG06Q05",)
"""Halabja: a governorate since 2025, its boundary not official yet."""
PLACES = tuple(sorted((leaf for leaf in all_leaves() if leaf != UNKNOWN), key=lambda leaf: rank("area", leaf)))
_LADDER = (5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000)
_RATE_LADDER = (0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 7.5, 10, 15, 20, 30, 50, 75, 100)
_CLASSES = 5
_RATE_DECIMALS = 2
_PERSONS = ("VICTIM", "ACCUSED")  # units for which a rate per resident is meaningful
_LEAST_RATES = 3  # governorates with a rate: fewer make no useful map
_MEASURES = ("COUNT", "NUMERATOR")  # most shares of a governorate are withheld: their base is too small


def maps(release: ReportedRelease, section: IndicatorSection, words: Words) -> Iterator[MapBlock]:
    """Yield the map of an indicator in a dataset of governorates, unless none of them has a figure; then its rates.

    A second map shows the count of persons per 100,000 residents, if at least three governorates have enough of them.
    """
    if not any(level_of(coverage.area) == "governorate" for coverage in section.coverage):
        return
    known = {key[1] for key in release.cells if key[0] == section.indicator}
    measure = next((name for name in _MEASURES if name in known), "")
    totals = {
        year: {area: _total(release, section.indicator, measure, area, year) for area in (*PLACES, UNKNOWN)}
        for year in _years(release)
    }
    printed_values = [cell.value for cells in totals.values() for cell in cells.values() if cell.value is not None]
    if not measure or not printed_values:
        return
    year = max(year for year, cells in totals.items() if any(cell.value is not None for cell in cells.values()))
    title = wording.title(section.indicator, words)
    notes = [wording.measure(section.indicator, measure, words), words.text("edition.map.provisional")]
    unknown = totals[year][UNKNOWN]
    if unknown != ABSENT and (unknown.value or unknown.mark):
        notes.append(_place_text(wording.area(UNKNOWN, words), printed.figure(unknown, words), words))
    counts = {area: printed.figure(totals[year][area], words) for area in PLACES}
    counted = _map(section, "map", (title, year), counts, thresholds(printed_values), notes, words)
    every = (cell for cells in totals.values() for cell in cells.values())
    yield counted.model_copy(update={"few": printed.few(every, words)})
    least = release.minimum_base
    rates = _rates(counts, year, least, words) if section.unit in _PERSONS else {}
    rate_values = [figure.value for figure in rates.values() if figure.value is not None]
    if len(rate_values) >= _LEAST_RATES:
        title = words.text("edition.map.rate", indicator=title)
        notes = [words.text("edition.map.rate_note", least=least), words.text("caveat.residents_estimated")]
        yield _map(section, "rate-map", (title, year), rates, thresholds(rate_values, _RATE_LADDER), notes, words)


def thresholds(values: Iterable[float], ladder: Sequence[float] = _LADDER) -> tuple[float, ...]:
    """Return the lowest value of each class but the first: the rungs of a ladder that best separate the places.

    These rungs, none above the greatest value, divide the values most evenly: the sum of squared class sizes is least.
    Of
    several equal divisions the one with the highest rungs is taken.

    Args:
        values: published figures of all governorates; for a count, those of all years.
        ladder: ascending; by default that of counts.
    """
    ordered = sorted(values)
    reached = [rung for rung in ladder if rung <= ordered[-1]] or ladder[:1]

    def crowding(bounds: tuple[float, ...]) -> tuple[float, ...]:
        cuts = [0, *(bisect_left(ordered, bound) for bound in bounds), len(ordered)]
        return (sum((end - start) ** 2 for start, end in pairwise(cuts)), *(-bound for bound in bounds))

    return min(combinations(reached, min(len(reached), _CLASSES - 1)), key=crowding)


def _rates(counts: Mapping[str, PrintedFigure], year: str, least: int, words: Words) -> dict[str, PrintedFigure]:
    """Return each published count of `least` or more per 100,000 residents; smaller ones are too few, a mark stays."""
    too_few = PrintedFigure(text=words.text("edition.map.too_few"), is_text=True)

    def printed_rate(area: str, count: PrintedFigure) -> PrintedFigure:
        people = residents().get((area, year, TOTAL, TOTAL))
        if count.mark == "low" or (count.value is not None and count.value < least):
            return too_few
        if count.value is None or people is None:
            return printed.marked(count.mark or "n", words)
        value = round(count.value * PER / people, _RATE_DECIMALS)
        text = number(value, words.numerals, decimals=_RATE_DECIMALS)
        return PrintedFigure(text=text, mark=count.mark, sign=count.sign, value=value, decimals=_RATE_DECIMALS)

    return {area: printed_rate(area, count) for area, count in counts.items()}


def _map(
    section: IndicatorSection,
    name: str,
    title_of: tuple[str, str],
    figures: Mapping[str, PrintedFigure],
    bounds: Sequence[float],
    notes: Sequence[str],
    words: Words,
) -> MapBlock:
    title = words.text("page.caption.of", first=title_of[0], second=dates.year(words, title_of[1]))
    places = tuple(
        MapPlace(
            code=area,
            name=wording.area(area, words),
            figure=figure,
            level=_level(figure, bounds),
            is_provisional=area in PROVISIONAL,
        )
        for area, figure in figures.items()
    )
    listed = wording.list_texts((_place_text(place.name, place.figure, words) for place in places), words)
    return MapBlock(
        id=printed.name_of(f"{section.dataset}-{section.indicator}-{name}"),
        title=title,
        alternative=words.text("edition.map.alternative", title=title, places=listed),
        places=places,
        levels=tuple(_levels(bounds, words)),
        notes=tuple(notes),
        disclaimer=words.text("edition.map.disclaimer"),
        table=printed.name_of(f"{section.dataset}-{section.indicator}"),
    )


def _level(figure: PrintedFigure, bounds: Sequence[float]) -> int:
    """Return the class of a figure; 0 if it rounds to zero, -1 if there is none."""
    if figure.value is None:
        return 0 if figure.mark == "low" else -1
    return bisect_right(bounds, figure.value)


def _levels(bounds: Sequence[float], words: Words) -> Iterator[str]:
    yield words.text("edition.map.less", most=bounds[0])
    for lower, upper in pairwise(bounds):
        yield words.text("edition.map.between", least=lower, most=upper)
    yield words.text("edition.map.more", least=bounds[-1])


def _place_text(name: str, figure: PrintedFigure, words: Words) -> str:
    return words.text("edition.measured", indicator=name, measure=printed.figure_with_mark(figure))


def _total(release: ReportedRelease, indicator: str, measure: str, area: str, year: str) -> ReleasedCell:
    return release.cells.get((indicator, measure, area, year, *(TOTAL for _ in DIMENSIONS)), ABSENT)


def _years(release: ReportedRelease) -> list[str]:
    return sorted(str(year) for year in release.frame["time_period"].unique())
