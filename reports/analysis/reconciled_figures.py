"""Reconciliation: compare released figures with what others published of the same, and give the likely reasons.

Belongs here: finding the released figure to compare with a published one, pairs of agencies behind one indicator, and
pairs of publications about one thing.
Only released figures are compared: what rounding hides, a difference hides as well.
Does not belong here: the rules (`methods/reconciliation.py`), the cards (`expectations/published/publications.py`),
layout (`reconciliation_table.py`).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from expectations.cards.areas import COUNTRY, FEDERAL
from expectations.published.publications import SMALL, Publication, PublishedFigure
from methods.reconciliation import ComparedFigure, LikelyReason, find_recycled, gap, is_agreeing, likely_reasons
from reports.released.released_figures import ReleasedFigures, base_of
from reports.released.released_folder import Row, state

Verdict = Literal["agrees", "differs", "no_figure"]
HEADLINES = ("PRT-01", "PRT-02", "PRS-02", "PRS-03", "PRS-04", "PRS-05")
"""Counts that are mistaken for one another: presumed and identified victims, cases, suspects, accused, convicted."""
_OWN = ("task_force",)  # if no figure of ours was released, we answer


@dataclass(frozen=True)
class ReconciledLine:
    """One comparison.

    Attributes:
        theirs: their figure as published; `<5` if it may stand for few persons.
        ours: the figure that it is compared with, as published; empty if there is none.
        place: what that figure is: indicator and measure with its breakdown, or an earlier publication.
        area: of their figure.
        our_area: of the figure that it is compared with.
        least: the least difference theirs − ours that both published figures allow; None if none is given.
        most: the greatest.
        verdict: `agrees` if rounding explains all of it; `no_figure` if we released none there.
        reasons: the most likely first, each with its basis and the figure that supports it; without a figure of ours,
            only that the number is recycled.
        answers: who should answer: reporting agencies by name, others in their own words.
    """

    source: str
    citation: str
    published: str
    about: str
    place: str
    area: str
    start: str
    end: str
    unit: str
    theirs: str
    ours: str = ""
    our_area: str = ""
    least: int | None = None
    most: int | None = None
    verdict: Verdict = "no_figure"
    reasons: tuple[LikelyReason, ...] = ()
    answers: tuple[str, ...] = ()


def reconcile(figures: ReleasedFigures, cards: Sequence[Publication]) -> list[ReconciledLine]:
    """Return a line for each published figure, then each pair of publications, then each pair of agencies in one year.

    Args:
        figures: of one release.
        cards: the publications of the home.
    """
    printed = [_figure(figure, card) for card in cards for figure in card.figures]
    own = [_line(figures, card, figure, printed) for card in cards for figure in card.figures]
    return [*own, *_between_publications(cards, printed), *_between_bodies(figures)]


def _line(
    figures: ReleasedFigures, card: Publication, figure: PublishedFigure, printed: Sequence[ComparedFigure]
) -> ReconciledLine:
    theirs, draft, row = _figure(figure, card), _draft(card, figure), _our_row(figures, figure)
    if row is not None:
        return _compare_row(figures, draft, theirs, row, printed, figure.codes)
    reasons = tuple(find_recycled(theirs, printed))
    return replace(draft, reasons=reasons, answers=draft.answers if reasons else _OWN)


def _draft(card: Publication, figure: PublishedFigure) -> ReconciledLine:
    return ReconciledLine(
        source=card.source,
        citation=card.citation,
        published=card.published.isoformat(),
        about=figure.about,
        place=_place_text(figure.compare, figure.codes),
        area=figure.ref_area,
        start=figure.first_day.isoformat(),
        end=figure.last_day.isoformat(),
        unit=figure.unit,
        theirs=_value_text(figure),
        answers=(card.answered_by,),
    )


def _between_publications(cards: Sequence[Publication], printed: Sequence[ComparedFigure]) -> Iterator[ReconciledLine]:
    """Yield a line for each publication and each older one about the same count, place and year."""
    everything = [(card, figure) for card in cards for figure in card.figures]
    for card, figure in everything:
        for other, earlier in everything:
            if other.published < card.published and _is_of_one_thing(figure, earlier):
                yield _compare_publications(card, figure, other, earlier, printed)


def _is_of_one_thing(figure: PublishedFigure, other: PublishedFigure) -> bool:
    names = ("compare", "ref_area", "time_period", "codes")
    return all(getattr(figure, name) == getattr(other, name) for name in names)


def _compare_publications(
    card: Publication,
    figure: PublishedFigure,
    other: Publication,
    earlier: PublishedFigure,
    printed: Sequence[ComparedFigure],
) -> ReconciledLine:
    theirs, first = _figure(figure, card), _figure(earlier, other)
    draft = replace(_draft(card, figure), place=first.name, ours=_value_text(earlier), our_area=earlier.ref_area)
    line = _with_difference(draft, theirs, first)
    if is_agreeing(theirs, first):
        return replace(line, verdict="agrees", answers=())
    reasons = tuple(likely_reasons(theirs, first, printed=printed))
    asked = (card.answered_by, *((other.answered_by,) if reasons[0].reason == "unexplained" else ()))
    return replace(line, verdict="differs", reasons=reasons, answers=tuple(dict.fromkeys(asked)))


def _with_difference(line: ReconciledLine, theirs: ComparedFigure, ours: ComparedFigure) -> ReconciledLine:
    """Return the line with its difference, unless one of its figures may stand for few persons."""
    if "<" in line.theirs + line.ours:
        return line
    least, most = gap(theirs, ours)
    return replace(line, least=int(least), most=int(most))


def _between_bodies(figures: ReleasedFigures) -> Iterator[ReconciledLine]:
    """Yield pairs that an indicator compares itself (`relative_gap`): both sides released, of different agencies."""
    for code, indicator in figures.released.manifest["indicators"].items():
        for measure, how in indicator.get("derived_by", {}).items():
            if how["method"] == "relative_gap":
                left, right = indicator["derived"][measure]
                yield from _pairs(figures, left, right, next(iter(_holders(figures, code)), right))


def _pairs(figures: ReleasedFigures, left: str, right: str, body: str) -> Iterator[ReconciledLine]:
    for area in figures.areas:
        for year in figures.years:
            there = _row_with_figure(figures, right, area, year, {})
            if there is not None:
                yield _pair(figures, there, _nearest_row(figures, left, area, year, {}), left, body)


def _pair(figures: ReleasedFigures, there: Row, row: Row | None, left: str, body: str) -> ReconciledLine:
    area, (start, end) = there["ref_area"], _days(there["time_period"])
    lower, upper = _bounds(there)
    draft = ReconciledLine(
        source=body,
        citation=f"{figures.released.dataset} {figures.released.version}",
        published="",
        about=f"{there['indicator']}/{there['measure']}",
        place=left,
        area=area,
        start=start.isoformat(),
        end=end.isoformat(),
        unit="",
        theirs=f"<{SMALL}" if 0 < upper < SMALL else _row_text(there),
        answers=(body,),
    )
    theirs = ComparedFigure(lower, upper, "", area, start, end)
    return _compare_row(figures, draft, theirs, row, (), {}) if row else replace(draft, answers=_OWN)


def _compare_row(
    figures: ReleasedFigures,
    draft: ReconciledLine,
    theirs: ComparedFigure,
    row: Row,
    printed: Sequence[ComparedFigure],
    codes: Mapping[str, str],
) -> ReconciledLine:
    ours = _released_figure(row)
    line = _with_difference(replace(draft, ours=_row_text(row), our_area=row["ref_area"]), theirs, ours)
    if is_agreeing(theirs, ours):
        return replace(line, verdict="agrees", answers=())
    reasons = likely_reasons(theirs, ours, list(_other_figures(figures, row, codes)), printed)
    asked = (*draft.answers, *(_holders(figures, row["indicator"]) if reasons[0].reason == "unexplained" else ()))
    return replace(line, verdict="differs", reasons=tuple(reasons), answers=tuple(dict.fromkeys(asked)))


def _holders(figures: ReleasedFigures, indicator: str) -> list[str]:
    """Return the agencies behind an indicator."""
    return figures.released.manifest["indicators"].get(indicator, {}).get("holders", [])


def _our_row(figures: ReleasedFigures, figure: PublishedFigure) -> Row | None:
    return _nearest_row(figures, figure.compare, figure.ref_area, figure.time_period, figure.codes)


def _nearest_row(figures: ReleasedFigures, count: str, area: str, year: str, codes: Mapping[str, str]) -> Row | None:
    """Return the released row of an area; the federal one if the country has none because a region did not report."""
    areas = (COUNTRY, FEDERAL) if area == COUNTRY else (area,)
    rows = (_row_with_figure(figures, count, place, year, codes) for place in areas)
    return next((row for row in rows if row is not None), None)


def _row_with_figure(
    figures: ReleasedFigures, count: str, area: str, year: str, codes: Mapping[str, str]
) -> Row | None:
    """Return the row of a count (`PRT-02/COUNT`) in an area, if it has a figure."""
    indicator, _, measure = count.partition("/")
    row = figures.find_row(indicator, measure, area, year, codes)
    return row if row is not None and row["obs_value"] and state(row) in ("value", "zero") else None


def _other_figures(figures: ReleasedFigures, row: Row, codes: Mapping[str, str]) -> Iterator[ComparedFigure]:
    """Yield other released figures: the same count in other areas and years, other headlines in the same area."""
    own = f"{row['indicator']}/{row['measure']}"
    places = [(own, area, year) for area in figures.areas for year in figures.years]
    places += [(f"{code}/COUNT", row["ref_area"], row["time_period"]) for code in HEADLINES if code != row["indicator"]]
    for count, area, year in places:
        other = _row_with_figure(figures, count, area, year, codes)
        if other is not None and other is not row:
            yield _released_figure(other)


def _released_figure(row: Row) -> ComparedFigure:
    lower, upper = _bounds(row)
    name = f"{row['indicator']}/{row['measure']} {row['ref_area']} {row['time_period']}"
    days = _days(row["time_period"])
    printed = _row_text(row)
    return ComparedFigure(lower, upper, row["unit_measure"], row["ref_area"], *days, name=name, printed=printed)


def _bounds(row: Row) -> tuple[float, float]:
    """Return what a reader knows of the count: it lies less than the base away from the published figure."""
    value, error = float(row["obs_value"]), max(base_of(row) - 1, 0)
    return max(value - error, 0.0), value + error


def _figure(figure: PublishedFigure, card: Publication) -> ComparedFigure:
    lower, upper = figure.bounds
    area = figure.ref_area if figure.states_area else ""
    days = (figure.first_day, figure.last_day)
    crimes = frozenset(figure.crimes)
    name = f"{card.source}: {figure.about}"
    return ComparedFigure(
        lower, upper, figure.unit, area, *days, crimes, name, card.published, printed=_value_text(figure)
    )


def _value_text(figure: PublishedFigure) -> str:
    if figure.is_small:
        return f"<{SMALL}"
    if figure.value is None:
        return f"<{figure.below}"
    return f"{figure.value} ±{figure.within}" if figure.within else str(figure.value)


def _row_text(row: Row) -> str:
    base = base_of(row)
    return row["obs_value"] + (f" ±{base - 1}" if base > 1 else "")


def _place_text(compare: str, codes: Mapping[str, str]) -> str:
    return " ".join((compare, *(f"{name}={code}" for name, code in codes.items())))


def _days(year: str) -> tuple[datetime.date, datetime.date]:
    return datetime.date(int(year), 1, 1), datetime.date(int(year), 12, 31)
