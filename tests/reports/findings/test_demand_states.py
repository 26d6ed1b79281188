"""The state of a demand follows from its aims alone: met, moving, standing still, or not to be said."""

from __future__ import annotations

import pytest

from reports.analysis.scoreboard import AREAS, DemandScore, Direction, IndicatorStanding, State
from reports.findings import demand_states
from reports.findings.demand_states import DemandAim, aims, state_of
from reports.findings.finding_rules import RuleCell, rules
from reports.questions.question_card import CATALOGUE
from reports.released.report_model import ReportedRelease
from tests.reports.findings.finding_examples import report_of

_RULE = next(rule for rule in rules() if rule.key == "any_share")


@pytest.fixture(autouse=True)
def one_aim(monkeypatch: pytest.MonkeyPatch) -> None:
    """A demand that is held to one indicator: everybody of its whole."""
    monkeypatch.setattr(demand_states, "aims", lambda: {"D3": (DemandAim(indicator="PRT-01", goal="all"),)})


def released(part: float, whole: float, method: str = "EXACT_11") -> ReportedRelease:
    """A release with both counts of the indicator in federal Iraq."""
    cells = [
        RuleCell(measure="NUMERATOR", value=part, method=method),
        RuleCell(measure="DENOMINATOR", value=whole, method=method),
    ]
    (release,) = report_of(_RULE, cells).releases
    return release


def scores(*directions: Direction, state: State = "told", year: str = "2025") -> list[DemandScore]:
    """The demand in federal Iraq, once for each direction of its indicator."""
    return [
        DemandScore("D3", "IQ-FED", (IndicatorStanding("PRT-01", "SHARE", "IQ-FED", state, year, direction=one),))
        for one in directions
    ]


@pytest.mark.parametrize(
    ("directions", "state"),
    [
        (("up",), "moving"),
        (("down", "no_clear_change"), "moving"),
        (("no_clear_change", "broken"), "still"),
        (("broken",), "unsaid"),
        (("too_small", "not_comparable"), "unsaid"),
        ((), "unsaid"),
    ],
)
def test_a_state_follows_from_what_clearly_changed(directions: tuple[Direction, ...], state: str):
    assert state_of(released(100, 200), scores(*directions), "D3", "2025").state == state


def test_a_figure_of_an_earlier_year_says_nothing_of_this_one():
    assert state_of(released(100, 200), scores("up", year="2023"), "D3", "2025").state == "unsaid"
    assert state_of(released(100, 200), scores("up", state="silent"), "D3", "2025").state == "unsaid"


@pytest.mark.parametrize(
    ("part", "whole", "method", "is_met"),
    [(200, 200, "EXACT_11", True), (199, 200, "EXACT_11", False), (200, 200, "ROUNDED_5", False)],
)
def test_a_demand_is_met_only_where_rounding_leaves_no_doubt_in_both_regions(
    part: float, whole: float, method: str, is_met: bool
):
    release = released(part, whole, method)
    both = scores("no_clear_change") * len(AREAS)
    assert (state_of(release, both, "D3", "2025").state == "met") is is_met
    assert state_of(release, both[:1], "D3", "2025").state == "still"


def test_a_demand_is_not_met_by_figures_that_show_an_earlier_release_or_of_no_whole():
    cells = [RuleCell(measure=name, value=200, method="EXACT_11", held=True) for name in ("NUMERATOR", "DENOMINATOR")]
    (held,) = report_of(_RULE, cells).releases
    for release in (held, released(0, 0)):
        assert state_of(release, scores("no_clear_change") * len(AREAS), "D3", "2025").state == "still"


@pytest.mark.parametrize(("part", "state"), [(0, "met"), (1, "still")])
def test_a_demand_that_nobody_be_left_is_met_by_a_part_of_none(
    monkeypatch: pytest.MonkeyPatch, part: float, state: str
):
    monkeypatch.setattr(demand_states, "aims", lambda: {"D3": (DemandAim(indicator="PRT-01", goal="none"),)})
    both = scores("no_clear_change") * len(AREAS)
    assert state_of(released(part, 200), both, "D3", "2025").state == state


def test_a_demand_is_met_only_by_figures_that_are_told():
    unseen = scores("no_clear_change", state="hidden") * len(AREAS)
    assert state_of(released(200, 200), unseen, "D3", "2025").state == "unsaid"


def test_every_demand_is_held_to_indicators_of_the_catalogue():
    known = aims()
    assert list(known) == ["D1", "D2", "D3", "D4"]
    assert {one.indicator for several in known.values() for one in several} <= set(CATALOGUE)
