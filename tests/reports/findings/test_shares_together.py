"""Shares are counted below or above a half only where the true ones cannot lie elsewhere."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.analysis.scoreboard import IndicatorStanding
from reports.findings.finding_rules import RuleCell, rules
from reports.findings.shares_together import against_half
from reports.released.report_model import Report
from tests.reports.findings.finding_examples import report_of

_SHARE = next(rule for rule in rules() if rule.key == "sheltered")
_FIVES = st.integers(0, 30).map(lambda fives: float(5 * fives))


def counted(report: Report) -> tuple[int, int, int]:
    assert report.headline
    return tuple(against_half(report.headline, [IndicatorStanding("PRT-08", "SHARE", "IQ-FED", "told", "2025")]))


def of(part: float | None, whole: float, *, held: bool = False) -> Report:
    hidden = {} if part is not None else {"status": "Q", "method": "WITHHELD"}
    cells = [
        RuleCell(measure="NUMERATOR", value=part, **hidden),
        RuleCell(measure="DENOMINATOR", value=whole, held=held),
    ]
    return report_of(_SHARE, cells)


@settings(max_examples=40, deadline=None)
@given(_FIVES, _FIVES)
def test_every_true_share_lies_on_the_side_that_is_told(part: float, whole: float):
    _, below, above = counted(of(part, whole))
    corners = [(max(0.0, part + one), whole + other) for one, other in product((-4, 4), (-4, 4))]
    shares = [one / other for one, other in corners if other > 0]
    assert not below or all(share < 0.5 for share in shares)
    assert not above or all(share > 0.5 for share in shares)
    assert below + above <= 1


def test_a_share_of_a_half_and_one_that_is_hidden_or_held_is_on_no_side():
    assert counted(of(50.0, 100.0)) == (1, 0, 0)
    assert counted(of(20.0, 100.0)) == (1, 1, 0)
    assert counted(of(90.0, 100.0)) == (1, 0, 1)
    assert counted(of(None, 100.0)) == (1, 0, 0)
    assert counted(of(20.0, 100.0, held=True)) == (1, 0, 0)


@pytest.mark.parametrize(("part", "counts_of_sides"), [(9, (1, 1, 0)), (10, (1, 0, 0)), (11, (1, 0, 1))])
def test_an_exact_share_of_a_half_is_on_no_side(part: float, counts_of_sides: tuple[int, int, int]):
    counts = (("NUMERATOR", part), ("DENOMINATOR", 20))
    cells = [RuleCell(measure=name, value=value, method="EXACT_11") for name, value in counts]
    assert counted(report_of(_SHARE, cells)) == counts_of_sides
