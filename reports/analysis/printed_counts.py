"""The published counts behind a measure, and how far the true ones may lie from them.

Belongs here: finding the cells by the manifest, their rounding and freezing as one error. Does not belong here: what
follows from them (`comparable_trends.py`), which years grow (`growing_years.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from expectations.cards.cells import DIMENSIONS, LATE_CASES, TOTAL, rounding_error
from reports.released.released_tables import ABSENT
from reports.released.report_model import ReportedRelease


class PrintedCount(NamedTuple):
    """A published count, NaN if there is none; the true one lies at most `error` away."""

    value: float
    error: float


def operands_of(release: ReportedRelease, indicator: str, measure: str) -> list[str]:
    """Return the counts that a measure is made of, e.g. `PRT-03/NUMERATOR`; for a count, the count itself."""
    known: Mapping[str, Any] = release.manifest["indicators"].get(indicator, {})
    return list(known.get("derived", {}).get(measure, [f"{indicator}/{measure}"]))


def printed_count(
    release: ReportedRelease,
    operand: str,
    area: str,
    year: str,
    *,
    of: tuple[str, str] = ("", ""),
    part: Mapping[str, str] | None = None,
) -> PrintedCount:
    """Return the published figure of an operand: its total, or a part of it.

    Args:
        release: the release that publishes it.
        operand: as `operands_of` names it.
        area: its area.
        year: its year.
        of: indicator and measure that it is an operand of: another indicator's count may be one category of it.
        part: dimension to code.
    """
    indicator, measure = of
    code, _, counted = operand.partition("/")
    known: Mapping[str, Any] = release.manifest["indicators"].get(indicator, {})
    of_another: Mapping[str, str] = known.get("derived_by", {}).get(measure, {}).get("at", {})
    at = part or (of_another if code != indicator else {})
    cell = release.cells.get(
        (code, counted, area, year, *(at.get(dimension, TOTAL) for dimension in DIMENSIONS)), ABSENT
    )
    late = LATE_CASES - 1 if year in release.frozen_years(code) else 0
    value = float("nan") if cell.value is None else cell.value
    return PrintedCount(value, float(rounding_error(cell.method)) + late)
