"""Why two figures of seemingly the same thing differ: reasons from a closed list, by rules and not by guessing.

Belongs here: bounds of a printed figure, the gap between two, and which reason is likely, from what the figures say of
themselves (unit, place, period, crimes) and from other printed figures.
Does not belong here: reading figures (`reports/analysis/reconciled_figures.py`), words, who has to answer.

The list reflects figures printed on Iraq: one number under two years, two totals of one year with different cut-off
dates, totals that mix crimes, a number of offences repeated as a number of persons, federal figures presented as the
country's.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Reason = Literal["recycled_figure", "unit_of_count", "scope", "period", "mixed_crimes", "unexplained"]
Basis = Literal["matched", "between", "stated", "number", "none"]
"""How strong a reason is: `matched` (the figures state a difference, and a printed figure fits it), `between` (they
state it, and the number lies between two printed figures), `stated` (they state it, no figure contradicts it), `number`
(only a printed number suggests it), `none`."""
TRAFFICKING = "TIP"
LEAST_ALONE = 100
"""From here on a repeated number is suspicious: smaller ones repeat by chance (`repeated_figures.py`)."""
_ORDER: tuple[Basis, ...] = ("matched", "between", "stated", "number")


@dataclass(frozen=True)
class ComparedFigure:
    """A figure as printed, and what it says of itself.

    Attributes:
        lower: the least count that it can stand for: rounded and masked figures stand for many.
        upper: the greatest.
        unit: what is counted (`VICTIM`, `ACCUSED`, `CASE`, …); empty if not stated.
        area: `IQ`, `IQ-FED`, …; empty if not stated.
        start: first day of its period.
        end: last day.
        crimes: the crimes counted together; only `TIP` if nothing else.
        name: its source, for the answer.
        published: day on which it was printed; None for one of our figures.
        printed: the number as printed.
    """

    lower: float
    upper: float
    unit: str
    area: str
    start: datetime.date
    end: datetime.date
    crimes: frozenset[str] = frozenset({TRAFFICKING})
    name: str = ""
    published: datetime.date | None = None
    printed: str = ""

    @property
    def is_exact(self) -> bool:
        """Whether it stands for one count only."""
        return self.lower == self.upper

    @property
    def period(self) -> tuple[datetime.date, datetime.date]:
        """First and last day."""
        return self.start, self.end


@dataclass(frozen=True)
class LikelyReason:
    """A likely reason.

    Attributes:
        evidence: the figure that supports it, or the two between which the number lies; empty without one.
    """

    reason: Reason
    basis: Basis
    evidence: tuple[ComparedFigure, ...] = ()


def gap(theirs: ComparedFigure, ours: ComparedFigure) -> tuple[float, float]:
    """Return the least and the greatest difference theirs − ours that the two printed figures allow."""
    return theirs.lower - ours.upper, theirs.upper - ours.lower


def is_agreeing(theirs: ComparedFigure, ours: ComparedFigure) -> bool:
    """Return whether rounding explains every difference between two figures.

    Only for figures that describe the same thing: an equal number of something else is no agreement.
    """
    is_same = (
        _is_equal_or_unstated(theirs.unit, ours.unit)
        and _is_equal_or_unstated(theirs.area, ours.area)
        and theirs.period == ours.period
    )
    return is_same and theirs.crimes == ours.crimes and _overlap(theirs, ours)


def likely_reasons(
    theirs: ComparedFigure,
    ours: ComparedFigure,
    released: Sequence[ComparedFigure] = (),
    printed: Sequence[ComparedFigure] = (),
) -> list[LikelyReason]:
    """Return why two figures may differ, the most likely first; only `unexplained` if no rule applies.

    Args:
        theirs: a figure that another agency, or an earlier page, printed.
        ours: the released figure that it is compared with.
        released: other released figures: other units, areas and years.
        printed: figures that others printed; only those older than `theirs` can have been copied.
    """
    rules = (_find_recycled(theirs, ours, released, printed), _unit(theirs, ours, released))
    rules += (_scope(theirs, ours, released), _period(theirs, ours, released), _find_mixed_crimes(theirs, ours))
    reasons = [reason for rule in rules for reason in rule]
    return sorted(reasons, key=lambda reason: _ORDER.index(reason.basis)) or [LikelyReason("unexplained", "none")]


def find_recycled(theirs: ComparedFigure, printed: Sequence[ComparedFigure]) -> list[LikelyReason]:
    """Return the first older page with the very same number under another period, if any; our figures are not compared.

    Args:
        theirs: the printed figure; only an exact number of `LEAST_ALONE` and more is evidence.
        printed: figures that others printed, of any day.
    """
    if not theirs.is_exact or theirs.lower < LEAST_ALONE or theirs.published is None:
        return []
    older = [figure for figure in printed if figure.published is not None and figure.published < theirs.published]
    same = [
        figure
        for figure in older
        if figure.is_exact and figure.lower == theirs.lower and figure.period != theirs.period
    ]
    return [LikelyReason("recycled_figure", "matched", (figure,)) for figure in same[:1]]


def _find_recycled(
    theirs: ComparedFigure, ours: ComparedFigure, released: Sequence[ComparedFigure], printed: Sequence[ComparedFigure]
) -> Iterator[LikelyReason]:
    """Find the very number of an earlier page, or of an earlier year of ours, under another period."""
    yield from find_recycled(theirs, printed)
    if theirs.is_exact:
        same = [
            figure
            for figure in released
            if (figure.unit, figure.area) == (ours.unit, ours.area) and figure.end < ours.start
        ]
        exact = [figure for figure in same if figure.is_exact]  # of many years some rounded one always fits by chance
        yield from _reasons_by_number("recycled_figure", theirs, ours, exact)


def _unit(theirs: ComparedFigure, ours: ComparedFigure, released: Sequence[ComparedFigure]) -> Iterator[LikelyReason]:
    here = [
        figure
        for figure in released
        if (figure.area, figure.period) == (ours.area, ours.period) and figure.unit != ours.unit
    ]
    if _is_equal_or_unstated(theirs.unit, ours.unit):
        yield from _reasons_by_number("unit_of_count", theirs, ours, here)
    else:
        yield _stated_reason("unit_of_count", theirs, [figure for figure in here if figure.unit == theirs.unit])


def _scope(theirs: ComparedFigure, ours: ComparedFigure, released: Sequence[ComparedFigure]) -> Iterator[LikelyReason]:
    elsewhere = [
        figure
        for figure in released
        if (figure.unit, figure.period) == (ours.unit, ours.period) and figure.area != ours.area
    ]
    if _is_equal_or_unstated(theirs.area, ours.area):
        yield from _reasons_by_number("scope", theirs, ours, elsewhere)
    else:
        yield _stated_reason("scope", theirs, [figure for figure in elsewhere if figure.area == theirs.area])


def _period(theirs: ComparedFigure, ours: ComparedFigure, released: Sequence[ComparedFigure]) -> Iterator[LikelyReason]:
    """Find a difference of period: part of a year holds no more than it; a span over two years lies between them."""
    if theirs.period == ours.period:
        return
    if ours.start <= theirs.start and theirs.end <= ours.end:
        if theirs.lower <= ours.upper:
            yield LikelyReason("period", "stated")
        return
    series = [
        figure
        for figure in released
        if (figure.unit, figure.area) == (ours.unit, ours.area) and figure.period != ours.period
    ]
    touched = [ours, *(figure for figure in series if figure.start <= theirs.end and figure.end >= theirs.start)]
    if len(touched) == 1:
        yield LikelyReason("period", "stated")
    elif fitting := [figure for figure in touched[1:] if _overlap(theirs, figure)]:
        yield LikelyReason("period", "matched", (fitting[-1],))
    else:
        least, most = min(touched, key=lambda figure: figure.lower), max(touched, key=lambda figure: figure.upper)
        if least.lower <= theirs.upper and theirs.lower <= most.upper:
            yield LikelyReason("period", "between", (least, most))


def _find_mixed_crimes(theirs: ComparedFigure, ours: ComparedFigure) -> Iterator[LikelyReason]:
    """Find mixed crimes: other crimes can only add to a total."""
    if theirs.crimes - ours.crimes and theirs.upper >= ours.lower:
        yield LikelyReason("mixed_crimes", "stated")


def _stated_reason(reason: Reason, theirs: ComparedFigure, candidates: Sequence[ComparedFigure]) -> LikelyReason:
    fitting = [figure for figure in candidates if _overlap(theirs, figure)]
    return LikelyReason(reason, "matched", (fitting[0],)) if fitting else LikelyReason(reason, "stated")


def _reasons_by_number(
    reason: Reason, theirs: ComparedFigure, ours: ComparedFigure, candidates: Sequence[ComparedFigure]
) -> Iterator[LikelyReason]:
    """Find reasons by number alone: only a large number counts, and only if it does not fit our own figure as well."""
    fitting = [figure for figure in candidates if _overlap(theirs, figure) and not _overlap(theirs, ours)]
    if fitting and theirs.lower >= LEAST_ALONE:
        yield LikelyReason(reason, "number", (fitting[0],))


def _is_equal_or_unstated(theirs: str, ours: str) -> bool:
    return not theirs or not ours or theirs == ours


def _overlap(figure: ComparedFigure, other: ComparedFigure) -> bool:
    return figure.lower <= other.upper and other.lower <= figure.upper
