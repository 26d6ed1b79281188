"""Which years of an indicator still grow: they are lower than earlier ones for lack of time alone.

Belongs here: the rule. It follows from the basis of an indicator and from the cases that arrived between two releases,
both of them released. A cohort waits for what happens later (a decision, a verdict, help), unless it was followed
through. Any other count grows up to the age at which a year grew since the release before: if the year that was newest
then has more cases now than rounding explains, this newest year will have more too.
A year that an agency covered only in part (`part_years.py`) grows by the rest.
Does not belong here: comparing years (`reports/answers/figure_directions.py`, `comparable_trends.py`), the size of a
revision (`revised_totals.py`), words.

A first release shows no arrivals: of its newest year nobody knows yet whether it grows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from expectations.cards.areas import COUNTRY, REGIONS
from expectations.cards.cells import DIMENSIONS, TOTAL, rounding_error
from reports.analysis.part_years import is_part
from reports.analysis.printed_counts import operands_of
from reports.released.release_memo import once
from reports.released.report_model import ReportedRelease

_FOLLOWED = "followed_whole_years"
_COUNTS = ("COUNT", "NUMERATOR", "DENOMINATOR")
_KEY = ["indicator", "measure", "ref_area", "time_period"]


def awaits_outcomes(release: ReportedRelease, indicator: str) -> bool:
    """Return whether an indicator counts what happens to a year's cases later, and publishes a year before that."""
    basis = release.manifest["indicators"].get(indicator, {}).get("basis")
    return basis == "cohort" and _FOLLOWED not in release.caveats(indicator)


def grows(release: ReportedRelease, indicator: str, measure: str, area: str, year: str) -> bool:
    """Return whether a year of a measure still grows in an area, by one of the counts that it is made of."""
    if awaits_outcomes(release, indicator) or is_part(release, indicator, area, year):
        return True
    ages = arrival_ages(release)
    age = _newest_year(release) - int(year)
    areas = (COUNTRY, *REGIONS) if area == COUNTRY else (area,)  # the country grows with each of its regions
    operands = operands_of(release, indicator, measure)
    return any(age <= ages.get((operand, counted), -1) for operand in operands for counted in areas)


def growing_years(
    release: ReportedRelease, indicator: str, measure: str, area: str, years: Sequence[str]
) -> tuple[str, ...]:
    """Return those of some years that still grow."""
    return tuple(year for year in years if grows(release, indicator, measure, area, year))


@once
def _newest_year(release: ReportedRelease) -> int:
    return _newest(release.frame)


@once
def arrival_ages(release: ReportedRelease) -> Mapping[tuple[str, str], int]:
    """Return how old, in whole years, the oldest year was that grew since the release before, by operand and area.

    An operand (`PRT-01/COUNT`) of which no year grew by more than rounding explains is not in it.
    """
    if release.previous is None:
        return {}
    both = _totals(release.frame).merge(_totals(release.previous), on=_KEY, suffixes=("", "_before"))
    least_now = both["obs_value"] - _errors(both["disclosure_method"])
    most_before = both["obs_value_before"] + _errors(both["disclosure_method_before"])
    newest = _newest(release.previous)
    ages: dict[tuple[str, str], int] = {}
    for indicator, measure, area, year in both.loc[least_now > most_before, _KEY].itertuples(index=False, name=None):
        operand = (f"{indicator}/{measure}", str(area))
        ages[operand] = max(ages.get(operand, 0), newest - int(year))
    return ages


def _totals(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the published totals of counts, by `_KEY`."""
    is_total = (frame[list(DIMENSIONS)] == TOTAL).all(axis=1)
    published = frame[is_total & frame["obs_value"].notna() & frame["measure"].isin(_COUNTS)]
    return published[[*_KEY, "obs_value", "disclosure_method"]].astype(dict.fromkeys(_KEY, str))


def _errors(methods: pd.Series) -> pd.Series:
    return methods.astype(str).map(rounding_error)


def _newest(frame: pd.DataFrame) -> int:
    return int(frame["time_period"].astype(str).max())
