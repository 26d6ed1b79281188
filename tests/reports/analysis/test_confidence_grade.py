"""The grade of confidence falls with each doubt that a reader must know, and none is given without a figure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from languages.words import Words
from reports.analysis.confidence_grade import grade_of
from reports.findings.finding_rules import RuleCell, rules
from reports.findings.finding_search import findings
from reports.findings.finding_sentences import counts
from reports.released.report_model import NATIONAL, BodiesReported, IndicatorSection, ReportingCoverage
from tests.reports.findings.finding_examples import report_of

_RULES = {rule.key: rule for rule in rules()}
_FIGURE = ("PRT-01", "IQ-FED", "2025")


@pytest.mark.parametrize(
    ("cell", "grade"),
    [
        ({"value": 85.0}, "high"),  # at most 4 of 85
        ({"value": 80.0}, "fair_rounded"),  # 4 of 80 is the border
        ({"value": 75.0}, "fair_rounded"),
        ({"value": 12.0, "method": "EXACT_11"}, "high"),
        ({"value": 400.0, "held": True}, "fair_frozen"),
        ({"value": 400.0, "reported": 1}, "low"),
        ({"value": 400.0, "reported": 1, "held": True}, "low"),
        ({"value": 0.0}, None),
        ({"status": "Q", "method": "WITHHELD"}, None),
        ({"status": "O", "method": "NONE"}, None),
    ],
)
def test_a_figure_is_graded_by_the_first_doubt_that_holds(cell: dict[str, object], grade: str | None):
    told = RuleCell.model_validate({"measure": "COUNT", **cell})
    bodies = ReportingCoverage("PRT-01", "IQ-FED", {"2025": BodiesReported(told.reported, 2)})
    section = IndicatorSection(NATIONAL, "PRT-01", "VICTIM", (), (bodies,), (), (), (), ())
    report = replace(report_of(_RULES["presumed"], [told]), sections=(section,))
    assert grade_of(report, "PRT-01", "IQ-FED", "2025") == grade


@pytest.mark.parametrize(("received", "expected", "grade"), [(0, 0, "low"), (1, 1, "high"), (2, 1, "high")])
def test_a_figure_that_nobody_should_report_is_not_complete(received: int, expected: int, grade: str):
    bodies = ReportingCoverage("PRT-01", "IQ-FED", {"2025": BodiesReported(received, expected)})
    elsewhere = ReportingCoverage("PRT-01", "IQ-KR", {"2025": BodiesReported(0, 2)})
    section = IndicatorSection(NATIONAL, "PRT-01", "VICTIM", (), (elsewhere, bodies), (), (), (), ())
    cell = RuleCell(measure="COUNT", value=400)
    assert grade_of(replace(report_of(_RULES["presumed"], [cell]), sections=(section,)), *_FIGURE) == grade


def test_a_share_tells_the_counts_behind_it_and_a_level_none():
    rule = _RULES["sheltered"]
    (share,) = [one for one in findings(report_of(rule, rule.said)) if one.rule.key == rule.key]
    assert counts(share, Words.load("en")) == "about 160 of about 250"
    level = _RULES["presumed"]
    told = [one for one in findings(report_of(level, level.said)) if one.rule.key == level.key]
    assert [counts(one, Words.load("en")) for one in told] == [""]
