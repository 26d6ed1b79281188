"""By how much a national total changed since the release before, where that is certain and large.

Belongs here: the totals that are told, the range of their change, its reason from a closed list. Both figures are
released, so the range is no more than a reader can reckon from the two files.
Does not belong here: how many cells changed (`change_list.py`, `reports/released/year_changes.py`), whether a year may
be compared (`growing_years.py`).

Docs: decision record 74.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from expectations.cards.areas import COUNTRY, REGIONS
from expectations.cards.cells import DIMENSIONS, EXPECTED, LATE_CASES, RECEIVED, TOTAL, rounding_error
from expectations.cards.series_breaks import select_spanned_breaks
from languages import dates
from languages.numbers import number
from languages.words import Words
from reports.phrases import wording
from reports.phrases.figure_words import Count, count_words
from reports.released.print_order import rank
from reports.released.release_memo import once
from reports.released.report_model import ReportedRelease

Reason = Literal["", "new_agency", "definition", "late_or_corrected"]
_AREAS = (COUNTRY, *REGIONS)
_KEY = ["indicator", "ref_area", "time_period"]
_BEFORE = "_before"


@dataclass(frozen=True)
class RevisedTotal:
    """A total of both releases.

    Attributes:
        before: as the release before printed it.
        now: as this one prints it.
        reason: empty where it would speak of the only agency that sends the figure.
    """

    indicator: str
    area: str
    year: str
    before: Count
    now: Count
    reason: Reason = ""

    @property
    def has_grown(self) -> bool:
        """Whether there are more now."""
        return self.now.value > self.before.value

    @property
    def least(self) -> int:
        """The smallest change that rounding allows; not above 0 where there may be none."""
        return abs(self.now.value - self.before.value) - self.now.error - self.before.error

    @property
    def most(self) -> int:
        """The largest change that rounding allows."""
        return abs(self.now.value - self.before.value) + self.now.error + self.before.error


@once
def revised_totals(release: ReportedRelease) -> tuple[RevisedTotal, ...]:
    """Return the counts of the country and its regions that changed by eleven or more for certain, in print order.

    Two indicators that count the same persons have the same figures: the first is told.
    """
    if release.previous is None:
        return ()
    revised = sorted(
        (total for total in _changed(release, release.previous) if total.least >= LATE_CASES),
        key=lambda total: (rank("indicator", total.indicator), _AREAS.index(total.area), total.year),
    )
    by_figures = {(total.area, total.year, total.before, total.now): total for total in reversed(revised)}
    return tuple(total for total in revised if total in by_figures.values())


def sentence(total: RevisedTotal, words: Words) -> str:
    """Return what changed: both figures, the range of the change, and the reason if it may be said."""
    least, most = (number(value, words.numerals) for value in (total.least, total.most))
    change = least if total.least == total.most else words.text("page.demand.between", low=least, high=most)
    text = words.text(
        f"revised.{'more' if total.has_grown else 'fewer'}",
        indicator=wording.title(total.indicator, words),
        year=dates.year(words, total.year),
        area=wording.area(total.area, words),
        before=count_words(total.before, words),
        now=count_words(total.now, words),
        change=change,
    )
    return f"{text} {words.text(f'revised.reason.{total.reason}')}" if total.reason else text


def _changed(release: ReportedRelease, previous: pd.DataFrame) -> Iterator[RevisedTotal]:
    both = _totals(release.frame).merge(_totals(previous), on=_KEY, suffixes=("", _BEFORE))
    for _, row in both.iterrows():
        indicator, area, year = (str(row[name]) for name in _KEY)
        if not release.manifest["indicators"].get(indicator, {}).get("derived"):
            before, now = _count(row, _BEFORE), _count(row)
            yield RevisedTotal(indicator, area, year, before, now, _reason(release, indicator, area, year, row))


def _totals(frame: pd.DataFrame) -> pd.DataFrame:
    is_total = (frame[list(DIMENSIONS)] == TOTAL).all(axis=1) & frame["ref_area"].isin(_AREAS)
    published = frame[is_total & (frame["measure"] == "COUNT") & frame["obs_value"].notna()]
    columns = [*_KEY, "obs_value", "disclosure_method", RECEIVED, EXPECTED]
    return published[columns].astype(dict.fromkeys(_KEY, str))


def _count(row: pd.Series, of: str = "") -> Count:
    return Count(int(row[f"obs_value{of}"]), rounding_error(str(row[f"disclosure_method{of}"])))


def _reason(release: ReportedRelease, indicator: str, area: str, year: str, row: pd.Series) -> Reason:
    if row[EXPECTED] <= 1:
        return ""
    if row[RECEIVED] > row[f"{RECEIVED}{_BEFORE}"]:
        return "new_agency"
    if select_spanned_breaks(release.breaks, {indicator}, area, str(int(year) - 1), year):
        return "definition"
    return "late_or_corrected"
