"""How many, who and where: the presumed victims of the year.

Belongs here: their number in all of Iraq and in both regions, the year before, an estimate of those whom no agency
knows, sex and age, forms, citizenship, and the governorates.
Does not belong here: the five answers (`answer_parts.py`).

Governorates whose figures are small are gathered under the greatest of them: a reader looks for where the many are, and
nobody looks up a single village's case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from expectations.cards.areas import COUNTRY, FEDERAL, KURDISTAN, level_of, region_of
from expectations.cards.cells import DIMENSIONS, TOTAL
from languages import dates
from languages.words import Words
from reports.analysis.told_estimates import told_estimates
from reports.chapters.places import PLACES, UNKNOWN
from reports.chapters.summary.answer_parts import AnsweredReport, area_words, categories
from reports.chapters.summary.page_figures import COUNT, PRESUMED, PageFigures, count_in, in_sentence
from reports.editions.summary import FigureLine, PlaceRow, SummaryPart
from reports.phrases import wording
from reports.phrases.figure_words import Count
from reports.released.released_tables import ABSENT, ReleasedCell

_PERSONS: Mapping[str, Mapping[str, str]] = {
    "women": {"sex": "F", "age": "Y_GE18"},
    "men": {"sex": "M", "age": "Y_GE18"},
    "girls": {"sex": "F", "age": "Y0T17"},
    "boys": {"sex": "M", "age": "Y0T17"},
    "age_unknown": {"age": "_U"},
}
_BY_CITIZENSHIP = "PRT-31"
_CITIZENSHIPS = {
    "IRQ": "answer.group.iraqis",
    "FOREIGN": "answer.group.foreigners",
    "_U": "summary.who.citizenship_unknown",
}
_SMALL = 15
"""Governorates with a figure up to this are gathered in one row."""
_MOST_ROWS = 6


def widest_area(figures: PageFigures, year: str) -> str:
    """Return the widest area whose presumed victims of a year are released; empty if none is."""
    return next((area for area in (COUNTRY, FEDERAL, KURDISTAN) if figures.presumed(area, year)), "")


def how_many(asked: AnsweredReport) -> Iterator[SummaryPart]:
    """Yield the part that every form leads with: the presumed victims of the year, and of the year before."""
    figures, words = asked.figures, asked.figures.words
    area = widest_area(figures, asked.year)
    if not area:
        return
    texts = (
        leading_sentence(asked, area),
        *_year_before(asked, area),
        next(_unseen(asked), words.text("summary.known_only")),
    )
    yield SummaryPart(id="many", title=words.text("summary.title.many"), texts=texts)


def _year_before(asked: AnsweredReport, area: str) -> Iterator[str]:
    """Yield that it is not known yet whether there are more or fewer than the year before, of the same area."""
    figures, words, year = asked.figures, asked.figures.words, str(int(asked.year) - 1)
    before = figures.presumed(area, year)
    if before is not None:
        yield words.text(
            "summary.before",
            count=before.value,
            figure=figures.count(before),
            area=area_words(area, asked),
            year=dates.year(words, year),
        )


def _unseen(asked: AnsweredReport) -> Iterator[str]:
    """Yield the lower estimate of all victims of the year, known to an agency or not, where it is published.

    It stands under a figure of a wider area: those whom agencies met in its own area stand in the same sentence.
    """
    words = asked.figures.words
    for estimate in told_estimates(asked.figures.report):
        figures, met = estimate.figures, asked.figures.presumed(asked.area, asked.year)
        if figures is not None and met is not None and (estimate.place, estimate.year) == (asked.area, asked.year):
            yield words.text(
                "summary.unseen",
                area=wording.area(asked.area, words),
                year=dates.year(words, asked.year),
                met=asked.figures.count(met),
                estimate=figures.estimate,
                low=figures.lower95,
                high=figures.upper95,
            )


def _with_regions(asked: AnsweredReport, area: str, year: str, sentence: str) -> str:
    """Return a sentence on all of Iraq with the figures of both regions, where they are released."""
    figures, words = asked.figures, asked.figures.words
    federal, kurdistan = (figures.presumed(region, year) for region in (FEDERAL, KURDISTAN))
    if area == COUNTRY and federal is not None and kurdistan is not None:
        return words.text(
            "summary.regions", sentence=sentence, federal=figures.count(federal), region=figures.count(kurdistan)
        )
    return words.text("answer.sentence", text=sentence)


def figure_of(asked: AnsweredReport, area: str) -> str:
    """Return whom the figure in large type counts: `presumed victims in all of Iraq, 2025`."""
    words = asked.figures.words
    return words.text("summary.figure_of", area=area_words(area, asked), year=dates.year(words, asked.year))


def leading_sentence(asked: AnsweredReport, area: str) -> str:
    """Return the sentence with which every form leads: all of Iraq and both regions where they are released."""
    figures, words = asked.figures, asked.figures.words
    count = figures.presumed(area, asked.year)
    if count is None:
        return ""
    sentence = words.text(
        "summary.many",
        count=count.value,
        figure=figures.count(count),
        area=area_words(area, asked),
        year=dates.year(words, asked.year),
    )
    return _with_regions(asked, area, asked.year, sentence)


def who(asked: AnsweredReport) -> Iterator[SummaryPart]:
    """Yield who they are: sex and age, forms, citizenship; what no cell holds is left out."""
    figures, words = asked.figures, asked.figures.words
    area = widest_area(figures, asked.year)
    if not area:
        return
    persons = {
        name: count
        for name, at in _PERSONS.items()
        if (count := figures.presumed(area, asked.year, **at)) is not None and count.value
    }
    lines = {
        "persons": [(words.text(f"summary.who.{name}"), count) for name, count in persons.items()],
        "forms": _labelled(asked, PRESUMED, "form", area),
        "citizenship": _by_citizenship(asked, area),
    }
    counted = {name: pairs for name, pairs in lines.items() if pairs}
    if not counted:
        return
    is_rounded = any(count.error for pairs in counted.values() for _, count in pairs)
    intro = words.text(
        "summary.who.rounded" if is_rounded else "summary.who",
        area=area_words(area, asked),
        year=dates.year(words, asked.year),
    )
    yield SummaryPart(
        id="who",
        title=words.text("summary.title.who"),
        texts=(intro,),
        lines=tuple(
            FigureLine(
                what=words.text(f"summary.line.{name}"),
                figure=_noted(
                    name, wording.list_texts((_pair(asked, label, count) for label, count in pairs), words), words
                ),
            )
            for name, pairs in counted.items()
        ),
    )


def _noted(name: str, counted: str, words: Words) -> str:
    """Return a line with what a reader misses in it, where something is."""
    note = f"summary.who.noted.{name}"
    return words.text(note, list=counted) if note in words else counted


def _labelled(asked: AnsweredReport, indicator: str, dimension: str, area: str) -> list[tuple[str, Count]]:
    """Return the categories of a dimension with their counts, the greatest first, those that name nothing last."""
    words = asked.figures.words
    counted = categories(asked, indicator, COUNT, asked.year, dimension, area)
    ordered = sorted(counted, key=lambda pair: pair[0] in ("OTHER", "_U"))
    return [(in_sentence(words.label(dimension, code)), count) for code, count in ordered]


def _by_citizenship(asked: AnsweredReport, area: str) -> list[tuple[str, Count]]:
    words = asked.figures.words
    counted = dict(categories(asked, _BY_CITIZENSHIP, COUNT, asked.year, "citizenship", area))
    return [(words.text(key), counted[code]) for code, key in _CITIZENSHIPS.items() if code in counted]


def _pair(asked: AnsweredReport, label: str, count: Count) -> str:
    return asked.figures.words.text("summary.pair", label=label, figure=asked.figures.number(count))


def where(asked: AnsweredReport) -> Iterator[SummaryPart]:
    """Yield the table of governorates: those with most victims, the others gathered, those withheld named apart."""
    words, cells = asked.figures.words, _governorates(asked)
    counted = {place: count for place in PLACES if (count := count_in(cells.get(place, ABSENT))) is not None}
    if not counted:
        return
    rows = [*_counted_rows(asked, counted)]
    withheld = [place for place in PLACES if cells.get(place, ABSENT).mark == "c"]
    if withheld:
        rows.append(PlaceRow(places=_names(asked, withheld), figure=words.text("summary.withheld")))
    unknown = count_in(cells.get(UNKNOWN, ABSENT))
    if unknown is not None and unknown.value:
        rows.append(PlaceRow(places=wording.area(UNKNOWN, words), figure=asked.figures.count(unknown)))
    yield SummaryPart(
        id="where",
        title=words.text("summary.title.where", area=area_words(_widest(counted), asked)),
        columns=(
            words.text("page.heading.area"),
            words.text("summary.where.figure", year=dates.year(words, asked.year)),
        ),
        rows=tuple(rows),
    )


def _widest(places: Iterable[str]) -> str:
    """Return the area that places lie in: a region, or all of Iraq where they lie in both."""
    regions = {region_of(place) for place in places}
    return regions.pop() if len(regions) == 1 else COUNTRY


def _governorates(asked: AnsweredReport) -> dict[str, ReleasedCell]:
    """Return the released cells of presumed victims by governorate, in the year of the pages."""
    totals = (TOTAL,) * len(DIMENSIONS)
    return {
        area: cell
        for release in asked.figures.report.releases
        for (indicator, measure, area, year, *codes), cell in release.cells.items()
        if (indicator, measure, year, *codes) == (PRESUMED, COUNT, asked.year, *totals)
        and level_of(area) == "governorate"
        and asked.year not in release.frozen_years(PRESUMED)
    }


def _counted_rows(asked: AnsweredReport, counted: Mapping[str, Count]) -> Iterator[PlaceRow]:
    """Yield places by their figures, equal ones together; small ones, and what exceeds the rows, in one row."""
    words, figures = asked.figures.words, asked.figures
    ordered = sorted(counted, key=lambda place: (-counted[place].value, PLACES.index(place)))
    groups = [list(group) for _, group in groupby(ordered, key=lambda place: counted[place])]
    large = [group for group in groups if counted[group[0]].value > _SMALL][:_MOST_ROWS]
    for group in large:
        figure = figures.count(counted[group[0]])
        text = figure if len(group) == 1 else words.text("summary.where.each", figure=figure)
        yield PlaceRow(places=_names(asked, group), figure=text)
    rest = [place for group in groups[len(large) :] for place in group]
    if len(rest) == 1:
        yield PlaceRow(places=_names(asked, rest), figure=figures.count(counted[rest[0]]))
    elif rest:
        most = figures.count(max((counted[place] for place in rest), key=lambda count: (count.value, count.error)))
        places = words.text("summary.where.others", count=len(rest)) if large else _names(asked, rest)
        yield PlaceRow(places=places, figure=words.text("summary.where.most", figure=most))


def _names(asked: AnsweredReport, places: Sequence[str]) -> str:
    words = asked.figures.words
    return wording.list_texts((wording.area(place, words) for place in places), words)
