"""Who was silent: what is withheld was reported, and what is missing in one year may stand in another."""

from __future__ import annotations

import pytest

from reports.findings.finding_rules import RuleCell, rules
from reports.findings.silent_findings import silent_indicators, silent_regions
from tests.reports.findings.finding_examples import report_of

_PRESUMED = next(rule for rule in rules() if rule.key == "presumed")
WITHHELD = {"status": "Q", "method": "WITHHELD"}
MISSING = {"status": "O", "method": "NONE"}


def test_an_indicator_is_silent_only_where_no_year_was_told_or_withheld():
    cells = [
        RuleCell(measure="PRT-01/COUNT", value=400),
        RuleCell(measure="PRT-02/COUNT", **WITHHELD),
        RuleCell(measure="PRT-03/COUNT", **MISSING),
        RuleCell(measure="PRT-03/COUNT", year="2023", **MISSING),
        RuleCell(measure="PRT-04/COUNT", **MISSING),
        RuleCell(measure="PRT-04/COUNT", year="2024", value=0, method="EXACT_11"),
    ]
    unreported = silent_indicators(report_of(_PRESUMED, cells))
    assert [(silent.indicator, silent.since) for silent in unreported] == [("PRT-03", "2023")]


@pytest.mark.parametrize(
    ("cell", "silent"),
    [
        (RuleCell(measure="COUNT", value=0), ["IQ-KR"]),
        (RuleCell(measure="COUNT", **WITHHELD), ["IQ-KR"]),
        (RuleCell(measure="COUNT", **MISSING), ["IQ-FED", "IQ-KR"]),
        (RuleCell(measure="COUNT", year="2024", value=400), ["IQ-FED", "IQ-KR"]),
    ],
)
def test_a_region_is_silent_only_where_the_year_has_no_figure_and_no_mark_of_one(cell: RuleCell, silent: list[str]):
    assert silent_regions(report_of(_PRESUMED, [cell]), "2025") == silent
