"""The state of each demand: met, moving, standing still, or not known, by published rules.

Belongs here: the aims of a demand (`demand_aims.yml`) and the state that follows from the standings of its indicators.
Does not belong here: whether a figure moved (`reports/analysis/scoreboard.py`), words.

A demand is met if every one of its aims is reached in both regions, for any true figures that rounding allows. It moves
if one of its aims changed clearly since the year before, in either direction; the report says which. It stands still if
at least one aim can be compared and none changed clearly. Otherwise its state is not known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

import yaml

from expectations.cards.cells import DIMENSIONS, TOTAL
from expectations.cards.dataset_card import StrictCard, validate_card
from reports.analysis import true_ranges
from reports.analysis.indicator_headlines import headline_of
from reports.analysis.scoreboard import AREAS, DemandScore, IndicatorStanding
from reports.analysis.true_ranges import TrueRange
from reports.released.released_tables import ABSENT
from reports.released.report_model import ReportedRelease

TABLE = Path(__file__).parent / "demand_aims.yml"
State = Literal["met", "moving", "still", "unsaid"]
STATES: tuple[State, ...] = ("met", "moving", "still", "unsaid")


class DemandAim(StrictCard):
    """One indicator that a demand is measured by, and the value it should reach."""

    indicator: str
    goal: Literal["all", "none"]


class DemandState(NamedTuple):
    """The state of a demand, and the standings of the aims behind it."""

    state: State
    aims: tuple[IndicatorStanding, ...]


@cache
def aims() -> Mapping[str, tuple[DemandAim, ...]]:
    """Return the aims of each demand, by code.

    Raises:
        Refusal: `card_invalid`.
    """
    content = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return {
        code: tuple(validate_card(DemandAim, row, where=TABLE.name) for row in rows) for code, rows in content.items()
    }


def state_of(release: ReportedRelease, scores: Sequence[DemandScore], demand: str, latest: str) -> DemandState:
    """Return the state of a demand.

    Args:
        release: the national dataset.
        scores: of all demands in both regions.
        demand: its code.
        latest: the latest year of the report.
    """
    goals = {aim.indicator: aim.goal for aim in aims()[demand]}
    here = [
        standing
        for score in scores
        if score.code == demand
        for standing in score.standings
        if standing.indicator in goals
    ]
    current = [standing for standing in here if standing.state == "told" and standing.year == latest]
    if len(current) == len(goals) * len(AREAS) and all(
        _is_reached(release, standing, goals[standing.indicator]) for standing in current
    ):
        return DemandState("met", tuple(here))
    directions = {standing.direction for standing in current}
    if directions & {"up", "down"}:
        return DemandState("moving", tuple(here))
    return DemandState("still" if "no_clear_change" in directions else "unsaid", tuple(here))


def _is_reached(release: ReportedRelease, standing: IndicatorStanding, goal: str) -> bool:
    """Return whether the share of an aim reaches its goal for every true figure that rounding allows."""
    operands = release.manifest["indicators"][standing.indicator].get("derived", {}).get(standing.measure, [])
    ranges = [operand_range(release, name, standing) for name in operands]
    if len(ranges) != 2 or standing.year in release.frozen_years(standing.indicator):
        return False
    part, whole = ranges
    if part is None or whole is None or whole.lowest <= 0:
        return False
    return part.highest == 0 if goal == "none" else part.lowest >= whole.highest


def operand_range(release: ReportedRelease, operand: str, standing: IndicatorStanding) -> TrueRange | None:
    """Return the range of one of the counts behind a standing, named as in `operands` of a manifest."""
    indicator, _, measure = operand.partition("/")
    known = release.manifest["indicators"][standing.indicator].get("derived_by", {}).get(standing.measure, {})
    at: Mapping[str, str] = known.get("at", {}) if indicator != standing.indicator else headline_of(indicator).at
    key = (indicator, measure, standing.area, standing.year, *(at.get(name, TOTAL) for name in DIMENSIONS))
    return true_ranges.range_of_count(release.cells.get(key, ABSENT))
