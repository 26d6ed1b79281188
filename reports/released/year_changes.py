"""What a release has that the one before it did not: new years, new areas, past years with different figures.

Belongs here: comparing the released rows of two versions of a dataset. Does not belong here: why something changed
(releases do not hold the files behind them), and the words (`page.changes.…`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from expectations.releases.release_difference import compare
from reports.released.released_tables import sort_codes


@dataclass(frozen=True)
class FirstTold:
    """Areas that have a figure of an indicator for the first time, and the years of these figures."""

    indicator: str
    areas: tuple[str, ...]
    years: tuple[str, ...]


@dataclass(frozen=True)
class PastYear:
    """An earlier year whose figures have changed: how many, and of which indicators."""

    year: str
    figures: int
    indicators: tuple[str, ...]


@dataclass(frozen=True)
class VersionChange:
    """How one version of a dataset differs from the version before it.

    Attributes:
        dataset: its name.
        years: that only the later version has.
        places: in print order.
        past: earlier years for which a different figure is published now.
    """

    dataset: str
    years: tuple[str, ...]
    places: tuple[FirstTold, ...]
    past: tuple[PastYear, ...]

    def __bool__(self) -> bool:
        """Whether anything changed."""
        return bool(self.years or self.places or self.past)


def compare_versions(dataset: str, before: pd.DataFrame, now: pd.DataFrame) -> VersionChange:
    """Return how the released rows `now` differ from those of the version before (columns as `cells.COLUMNS`)."""
    earlier, later = _rows_with_figure(before), _rows_with_figure(now)
    is_new = ~later["time_period"].isin(before["time_period"])
    other = compare(earlier, later).revised
    past = (
        PastYear(str(year), len(of_year), _codes("indicator", of_year["indicator"]))
        for year, of_year in other.groupby("time_period", sort=True)
    )
    years = _codes("year", later.loc[is_new, "time_period"])
    asked_before = later[later["indicator"].isin(before["indicator"])]
    return VersionChange(dataset, years, tuple(_places(earlier, asked_before)), tuple(past))


def _rows_with_figure(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["obs_value"].notna()]


def _places(earlier: pd.DataFrame, later: pd.DataFrame) -> Iterable[FirstTold]:
    """Yield areas with figures for the first time; those with the same new years together."""
    known = set(zip(earlier["indicator"], earlier["ref_area"], strict=True))
    is_new = [pair not in known for pair in zip(later["indicator"], later["ref_area"], strict=True)]
    new_rows = later[is_new]
    for indicator in _codes("indicator", new_rows["indicator"]):
        together: dict[tuple[str, ...], list[str]] = {}
        of_indicator = new_rows[new_rows["indicator"] == indicator]
        for area in _codes("area", of_indicator["ref_area"]):
            years = _codes("year", of_indicator.loc[of_indicator["ref_area"] == area, "time_period"])
            together.setdefault(years, []).append(area)
        yield from (FirstTold(indicator, tuple(areas), years) for years, areas in together.items())


def _codes(kind: str, column: pd.Series) -> tuple[str, ...]:
    return tuple(sort_codes(kind, column))
