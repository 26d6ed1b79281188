"""Findings at their borders: one less, equal and one more than what a rule asks, of counts that were not rounded."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.cards.areas import KURDISTAN
from reports.analysis import true_ranges
from reports.analysis.true_ranges import TrueRange
from reports.findings.finding_rules import FindingRule, RuleCell, rules
from reports.findings.finding_search import ANY, ReleasedFinding, findings, fraction, leading_findings, titles
from reports.released.report_model import NATIONAL, BodiesReported, IndicatorSection, ReportingCoverage
from tests.reports.findings.finding_examples import report_of

_RULES = {rule.key: rule for rule in rules()}
_FIRST_FORM = _RULES["first_form"]


def exact(value: float, *, year: str = "2025", measure: str = "COUNT", **at: str) -> RuleCell:
    return RuleCell(measure=measure, year=year, value=value, method="EXACT_11", at=at)


def sentences_of(rule: FindingRule, *cells: RuleCell) -> list[str]:
    """What is said by this rule, of each place."""
    return [finding.says for finding in findings(report_of(rule, cells)) if finding.rule.key == rule.key]


def first_form(sexual: float, begging: float, *, unknown: float = 0, nowhere: float = 0) -> list[str]:
    """Which form is said to be first, of forms whose counts add up, with `nowhere`, to the whole."""
    forms = {"SEXUAL": sexual, "BEGGING": begging, "_U": unknown}
    cells = [exact(value, form=code) for code, value in forms.items()]
    return sentences_of(_FIRST_FORM, exact(sexual + begging + unknown + nowhere), *cells)


@pytest.mark.parametrize(("sexual", "first"), [(14, ["BEGGING"]), (15, []), (16, ["SEXUAL"])])
def test_of_two_forms_that_are_equal_none_is_first(sexual: float, first: list[str]):
    assert first_form(sexual, 15) == first


@pytest.mark.parametrize(("sexual", "first"), [(19, []), (20, []), (21, ["SEXUAL"])])
def test_no_form_is_first_where_those_not_known_may_make_the_second_equal(sexual: float, first: list[str]):
    assert first_form(sexual, 15, unknown=5) == first


@pytest.mark.parametrize(("nowhere", "first"), [(19, ["SEXUAL"]), (20, []), (21, [])])
def test_no_form_is_first_where_one_that_stands_nowhere_may_be_equal(nowhere: float, first: list[str]):
    assert first_form(20, 10, nowhere=nowhere) == first


def test_those_not_known_may_all_be_of_the_form_that_stands_nowhere():
    assert first_form(20, 10, unknown=12, nowhere=18) == []
    assert first_form(31, 10, unknown=12, nowhere=18) == ["SEXUAL"]


@pytest.mark.parametrize(("begging", "first"), [(25, ["SEXUAL"]), (26, []), (27, [])])
def test_no_form_is_first_where_rounding_may_make_two_equal(begging: float, first: list[str]):
    """30 in fives is 26 to 34."""
    sexual = RuleCell(measure="COUNT", value=30, at={"form": "SEXUAL"})
    assert sentences_of(_FIRST_FORM, exact(60), sexual, exact(begging, form="BEGGING")) == first


@pytest.mark.parametrize(("sexual", "first"), [(9, []), (10, ["SEXUAL"]), (11, ["SEXUAL"])])
def test_no_form_of_fewer_than_ten_persons_is_first(sexual: float, first: list[str]):
    forms = {"SEXUAL": sexual, "BEGGING": 6, "FORCED_LABOUR": 5}
    cells = [exact(value, form=code) for code, value in forms.items()]
    assert sentences_of(_FIRST_FORM, exact(sum(forms.values())), *cells) == first


@settings(max_examples=60, deadline=None)
@given(st.integers(7, 14), st.integers(7, 14), st.integers(0, 4))
def test_the_first_of_exact_counts_is_the_one_that_nobody_can_equal(sexual: int, begging: int, unknown: int):
    (second, _), (most, name) = sorted([(sexual, "SEXUAL"), (begging, "BEGGING")])
    is_first = most > second + unknown and most >= 10 and sexual + begging + unknown >= 20
    assert first_form(sexual, begging, unknown=unknown) == ([name] if is_first else [])


def test_no_form_is_first_where_one_is_withheld():
    cells = [exact(60), exact(30, form="SEXUAL"), exact(20, form="BEGGING")]
    assert sentences_of(_FIRST_FORM, *cells, exact(10, form="_U")) == []
    assert sentences_of(_FIRST_FORM, *cells, exact(9, form="_U")) == ["SEXUAL"]
    hidden = RuleCell(measure="COUNT", status="Q", method="WITHHELD", at={"form": "FORCED_LABOUR"})
    assert sentences_of(_FIRST_FORM, *cells, hidden) == []


@pytest.mark.parametrize(("value", "is_said"), [(19, False), (20, True), (21, True)])
def test_a_level_is_said_from_the_least_that_its_rule_asks(value: float, is_said: bool):
    assert bool(sentences_of(_RULES["presumed"], exact(value))) is is_said


@pytest.mark.parametrize(("whole", "is_said"), [(19, False), (20, True), (21, True)])
def test_a_share_is_said_from_the_least_whole_that_its_rule_asks(whole: float, is_said: bool):
    cells = exact(18, measure="NUMERATOR"), exact(whole, measure="DENOMINATOR")
    assert bool(sentences_of(_RULES["sheltered"], *cells)) is is_said


@pytest.mark.parametrize(("part", "says"), [(0, []), (1, ["fewer_twentieth"])])
def test_of_nobody_nothing_is_said_to_be_a_fraction(part: float, says: list[str]):
    cells = exact(part, measure="NUMERATOR"), exact(400, measure="DENOMINATOR")
    assert sentences_of(_RULES["sheltered"], *cells) == says


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [
        ((31, 39), (40, 44), (31 / 44, 39 / 40)),
        ((32, 40), (40, 44), (32 / 44, 1)),
        ((41, 49), (36, 44), (41 / 44, 1)),
        ((0, 4), (0, 4), None),
        ((0, 0), (1, 1), (0, 0)),
    ],
)
def test_a_share_is_at_most_all_of_its_whole_and_of_nobody_there_is_none(
    part: tuple[int, int], whole: tuple[int, int], share: tuple[float, float] | None
):
    assert true_ranges.range_of_share(TrueRange(*part), TrueRange(*whole)) == share


@pytest.mark.parametrize(("value", "is_said"), [(19, False), (20, True), (21, True)])
def test_a_change_is_said_where_one_of_its_years_has_the_least_that_its_rule_asks(value: float, is_said: bool):
    for now, before in ((value, 15), (15, value)):
        assert bool(sentences_of(_RULES["presumed_change"], exact(now), exact(before, year="2024"))) is is_said


@pytest.mark.parametrize(
    ("lowest", "highest", "says"),
    [
        (0.401, 0.5, "about_half"),
        (0.4, 0.5, "more_third"),
        (0.5, 0.599, "about_half"),
        (0.5, 0.6, "fewer_two_thirds"),
        (0.45, 0.599, "about_half"),
        (0.45, 0.6, "fewer_two_thirds"),
        (0.45, 0.499, "fewer_half"),
    ],
)
def test_about_half_is_less_than_a_tenth_from_it_on_both_sides(lowest: float, highest: float, says: str):
    assert fraction(lowest, highest) == says


def placed(finding: ReleasedFinding, area: str) -> ReleasedFinding:
    return replace(finding, area=area, key=f"{finding.rule.key}@{area}")


def test_findings_of_one_region_and_of_the_silent_do_not_lead():
    (level,) = [
        finding for finding in findings(report_of(_RULES["presumed"], [exact(400)])) if finding.rule.key == "presumed"
    ]
    silent = replace(level, rule=_RULES["region_silent"], key="region_silent@IQ-FED")
    assert leading_findings([placed(level, KURDISTAN), silent, level], 3) == [level]


@pytest.mark.parametrize(("part", "is_said"), [(99, True), (100, False)])
def test_parts_that_are_all_of_their_whole_are_no_title(part: float, is_said: bool):
    rule = next(rule for rule in rules() if rule.indicator == ANY and rule.kind == "share")
    shares = exact(part, measure="NUMERATOR"), exact(100, measure="DENOMINATOR"), exact(part / 100, measure="SHARE")
    assert bool(titles(report_of(rule, shares), "PRT-01")) is is_said


@pytest.mark.parametrize(("area", "is_complete"), [("IQ-FED", False), (KURDISTAN, True)])
def test_a_finding_is_incomplete_where_somebody_of_its_own_place_did_not_report(area: str, is_complete: bool):
    coverage = ReportingCoverage("PRT-01", area, {"2025": BodiesReported(1, 2)})
    section = IndicatorSection(NATIONAL, "PRT-01", "VICTIM", (), (coverage,), (), (), (), ())
    report = replace(report_of(_RULES["presumed"], [exact(400)]), sections=(section,))
    complete = [finding.is_complete for finding in findings(report) if finding.rule.key == "presumed"]
    assert complete == [is_complete]
