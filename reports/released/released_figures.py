"""Look up released figures one at a time, for exporters.

Belongs here: finding a row by its coordinates, and the status of its figure. Dimensions come from the release; one that
is left out is at its total.
Does not belong here: any layout or word, or opening a folder (`released_folder.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from expectations.cards.areas import COUNTRY, FEDERAL, level_of
from expectations.cards.cells import TOTAL, rounding_base
from expectations.published.release_formats import frozen_of
from languages.refusal import Refusal
from reports.released.released_folder import ReleasedFolder, Row, state
from reports.released.released_tables import PERCENTAGES

MEASURES = ("COUNT", "DENOMINATOR", "NUMERATOR", "SHARE")
"""The order of the measures of an indicator; others follow by name."""
Standing = Literal["figure", "zero", "low", "withheld", "missing"]


def figures_of(released: ReleasedFolder, format_name: str, needs: str) -> ReleasedFigures:
    """Return the figures of a release of tables.

    Raises:
        Refusal: `export_unsuited` for a release without figures of the country or a region.
    """
    figures = ReleasedFigures(released)
    if "indicators" not in released.manifest or not figures.areas:
        raise Refusal("export_unsuited", where=released.dataset, format=format_name, needs=needs)
    return figures


@dataclass(frozen=True)
class ReleasedFigures:
    """The rows of one release, for lookup."""

    released: ReleasedFolder

    def find_row(self, indicator: str, measure: str, area: str, year: str, codes: Mapping[str, str]) -> Row | None:
        """Return the row at these coordinates, or None if none was released or a dimension is not in the release.

        Args:
            indicator: its code, `PRT-02`.
            measure: `COUNT`, or as the indicator names it.
            area: an area of the release, `IQ-FED`.
            year: four digits.
            codes: dimension -> code; one that is left out is the total, `_T`.
        """
        if not set(codes) <= set(self.released.dimensions):
            return None
        place = tuple(codes.get(name, TOTAL) for name in self.released.dimensions)
        return self._rows.get((indicator, measure, area, year, *place))

    def standing(self, row: Row) -> Standing:
        """Return the status of a row's figure; `low` is a 0 that results from rounding, or a share of such a 0."""
        row_state = state(row)
        if row_state != "zero":
            return "figure" if row_state == "value" else "withheld" if row_state == "withheld" else "missing"
        return "low" if base_of(row) or self._is_share_of_low(row) else "zero"

    def rows_of(self, indicator: str) -> Sequence[Row]:
        """Return all rows of an indicator, in their order; none if it is not in the release."""
        return self._by_indicator.get(indicator, ())

    def measures(self, indicator: str) -> list[str]:
        """Return the measures of an indicator in their order."""
        names = {row["measure"] for row in self.rows_of(indicator)}
        return sorted(names, key=lambda name: (MEASURES.index(name) if name in MEASURES else len(MEASURES), name))

    def is_never(self, indicator: str, measure: str, codes: Mapping[str, str]) -> bool:
        """Return whether these coordinates, or the whole indicator, are on the list of what is never published."""
        place = {**codes, "indicator": indicator, "measure": measure}
        never = self.released.manifest["protection"]["never"]
        return any(all(place.get(name) == code for name, code in entry.items()) for entry in never)

    @cached_property
    def frozen(self) -> Mapping[str, Sequence[str]]:
        """Years to the indicators whose figures for that year are those of an earlier release."""
        return frozen_of(self.released.manifest)

    @cached_property
    def areas(self) -> tuple[str, ...]:
        """Country and regions of the release, the country first; without governorates."""
        codes = {row["ref_area"] for row in self.released.rows}
        return tuple(area for area in (COUNTRY, *sorted(codes - {COUNTRY})) if area in codes and _is_national(area))

    @cached_property
    def years(self) -> tuple[str, ...]:
        """The periods of the release, in order."""
        return tuple(sorted({row["time_period"] for row in self.released.rows}))

    def area_of(self, indicator: str, measure: str = "COUNT") -> str:
        """Return the area that stands for Iraq: the country, if it has a total whenever federal Iraq has one.

        Otherwise federal Iraq: if a region did not report, the country has no total, and none is made up. Empty if
        neither has a figure.

        Args:
            indicator: its code, `PRT-02`.
            measure: whose total is looked up.

        Returns:
            `IQ`, `IQ-FED` or an empty string.
        """
        known = {
            area: {year for year in self.years if self._has_value(indicator, measure, area, year)}
            for area in (COUNTRY, FEDERAL)
        }
        if known[COUNTRY] and known[COUNTRY] >= known[FEDERAL]:
            return COUNTRY
        return FEDERAL if known[FEDERAL] else ""

    def _has_value(self, indicator: str, measure: str, area: str, year: str) -> bool:
        row = self.find_row(indicator, measure, area, year, {})
        return row is not None and bool(row["obs_value"])

    def _is_share_of_low(self, row: Row) -> bool:
        if row["measure"] not in PERCENTAGES:
            return False
        numerator = self._rows.get(tuple("NUMERATOR" if name == "measure" else row[name] for name in self._key))
        return numerator is not None and state(numerator) == "zero" and base_of(numerator) > 0

    @property
    def _key(self) -> tuple[str, ...]:
        return ("indicator", "measure", "ref_area", "time_period", *self.released.dimensions)

    @cached_property
    def _rows(self) -> Mapping[tuple[str, ...], Row]:
        return {tuple(row[name] for name in self._key): row for row in self.released.rows}

    @cached_property
    def _by_indicator(self) -> Mapping[str, list[Row]]:
        by_indicator: dict[str, list[Row]] = {}
        for row in self.released.rows:
            by_indicator.setdefault(row["indicator"], []).append(row)
        return by_indicator


def base_of(row: Row) -> int:
    """Return the base that a count was rounded to; 0 if it was not rounded."""
    return rounding_base(row["disclosure_method"])


def _is_national(area: str) -> bool:
    return level_of(area) != "governorate"
