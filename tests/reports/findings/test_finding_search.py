"""A finding is true of every figure that may lie behind the printed ones, and never of one that may not be used."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.analysis import true_ranges
from reports.findings.finding_rules import RuleCell, rules
from reports.findings.finding_search import FigureUsed, ReleasedFinding, findings, fraction, leading_findings
from reports.released.released_tables import ReleasedCell
from reports.released.report_model import Report
from tests.reports.findings.finding_examples import report_of

_RULES = {rule.key: rule for rule in rules()}
_BOUNDS = {
    "nine_tenths": 0.9, "three_quarters": 0.75, "two_thirds": 2 / 3, "half": 0.5, "third": 1 / 3, "quarter": 0.25,
    "tenth": 0.1, "twentieth": 0.05,
}  # fmt: skip
_STATES = st.sampled_from(["printed", "exact", "withheld", "missing", "held", "noise"])
_VALUES = st.integers(0, 60).map(lambda fives: float(5 * fives))


@st.composite
def invented_cells(draw: st.DrawFn, measure: str, *, year: str = "2025", **at: str) -> RuleCell:
    state, value = draw(_STATES), draw(_VALUES)
    fields = {
        "printed": {"value": value},
        "held": {"value": value, "held": True},
        "exact": {"value": value, "method": "EXACT_11"},
        "noise": {"value": value, "method": "NOISE_2"},
        "withheld": {"status": "Q", "method": "WITHHELD"},
        "missing": {"status": "O", "method": "NONE"},
    }
    return RuleCell(measure=measure, year=year, at=at, **fields[state])


@st.composite
def editions(draw: st.DrawFn) -> tuple[Report, list[RuleCell]]:
    """A report of presumed victims in two years, by form and age in the later."""
    cells = [
        draw(invented_cells("COUNT")),
        draw(invented_cells("COUNT", year="2024")),
        *(draw(invented_cells("COUNT", form=code)) for code in ("SEXUAL", "BEGGING", "_U")),
        *(draw(invented_cells("COUNT", age=code)) for code in ("Y0T17", "AMBIGUOUS")),
    ]
    return report_of(_RULES["presumed"], cells, is_broken=draw(st.booleans())), cells


def truths(figures: tuple[FigureUsed, ...]) -> Iterator[tuple[float, ...]]:
    """Every corner of what the figures may be in truth."""
    return product(*((one.true.lowest, one.true.highest) for one in figures))


def is_true(finding: ReleasedFinding, truth: tuple[float, ...]) -> bool:
    first, *others = truth
    kind, _, bound = finding.says.partition("_")
    if finding.says in ("up", "down"):
        return (first > others[0]) == (finding.says == "up")
    if finding.kind in ("share", "part"):
        share = first / others[0]
        if finding.says == "about_half":
            return 0.4 < share < 0.6
        return share > _BOUNDS[bound] if kind == "more" else share < _BOUNDS[bound]
    return True


@settings(max_examples=40, deadline=None)
@given(editions())
def test_a_finding_is_never_of_a_hidden_held_broken_or_too_small_figure(made: tuple[Report, list[RuleCell]]):
    report, _ = made
    broken = bool(report.releases[0].breaks)
    for finding in (one for one in findings(report) if one.kind != "silence"):
        for one in finding.figures:
            assert one.cell.value is not None
            assert one.cell.mark in ("", "low")
            assert one.cell.method in ("ROUNDED_5", "EXACT_11")
            assert not report.is_frozen(one.indicator, one.year)
        assert finding.kind != "change" or not broken
        wholes = finding.figures if finding.kind in ("level", "change") else finding.figures[1:]
        assert max(one.true.lowest for one in wholes) >= 20
        assert all(is_true(finding, truth) for truth in truths(finding.figures))


@settings(max_examples=40, deadline=None)
@given(editions())
def test_the_first_of_a_rank_is_the_greatest_whatever_was_rounded_or_is_not_known(
    made: tuple[Report, list[RuleCell]],
):
    report, cells = made
    for finding in (one for one in findings(report) if one.kind == "rank"):
        forms = {cell.at["form"]: cell for cell in cells if "form" in cell.at}
        assert not any(cell.value is None for cell in forms.values())
        ranges = {code: (cell.value - 4, cell.value + 4) for code, cell in forms.items() if cell.value is not None}
        other = next(code for code in ("SEXUAL", "BEGGING") if code != finding.says)
        exact = {code: cell.method == "EXACT_11" for code, cell in forms.items()}
        least = forms[finding.says].value if exact[finding.says] else ranges[finding.says][0]
        most = sum(float(forms[code].value or 0) if exact[code] else ranges[code][1] for code in (other, "_U"))
        assert least is not None
        assert least > most


@pytest.mark.parametrize(
    ("lowest", "highest", "says"),
    [
        (0.501, 0.6, "more_half"),
        (0.5, 0.6, "fewer_two_thirds"),
        (0.45, 0.55, "about_half"),
        (0.4, 0.55, "more_third"),
        (0.04, 0.1, "fewer_quarter"),
        (0.04, 0.099, "fewer_tenth"),
        (0.91, 1.0, "more_nine_tenths"),
        (0.0, 1.0, ""),
    ],
)
def test_a_fraction_is_told_only_where_the_share_is_on_one_side_for_certain(lowest: float, highest: float, says: str):
    assert fraction(lowest, highest) == says


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (ReleasedCell(395.0, method="ROUNDED_5"), (391, 399)),
        (ReleasedCell(395.0, "p", method="ROUNDED_5"), (391, 399)),
        (ReleasedCell(395.0, "r", method="ROUNDED_5"), (391, 399)),
        (ReleasedCell(0.0, "low", method="ROUNDED_5"), (0, 4)),
        (ReleasedCell(3.0, method="NONE"), (3, 3)),
        (ReleasedCell(None, "c", method="WITHHELD"), None),
        (ReleasedCell(395.0, "b", method="ROUNDED_5"), None),
        (ReleasedCell(395.0, method="NOISE_2"), None),
    ],
)
def test_a_printed_count_has_the_range_that_its_method_allows(cell: ReleasedCell, expected: tuple[float, float] | None):
    assert true_ranges.range_of_count(cell) == expected


def test_a_part_has_no_upper_end_where_no_figure_tells_who_may_belong_to_it_too():
    rule = _RULES["children"]
    cells = [
        *rule.said,
        *(RuleCell(measure="COUNT", value=0, method="EXACT_11", at={"age": code}) for code in rule.doubtful),
    ]
    open_above, closed = ({one.key: one.says for one in findings(report_of(rule, some))} for some in (rule.said, cells))
    assert open_above["children@IQ-FED"] == "more_quarter"
    assert closed["children@IQ-FED"] == "fewer_third"


def test_no_category_is_first_where_one_that_is_not_printed_may_be_greater():
    rule = _RULES["first_form"]
    whole = [one if one.at else one.model_copy(update={"value": 500.0}) for one in rule.said]
    assert "first_form@IQ-FED" in {one.key for one in findings(report_of(rule, rule.said))}
    assert "first_form@IQ-FED" not in {one.key for one in findings(report_of(rule, whole))}


def test_five_findings_that_lead_tell_of_every_demand_that_has_one():
    report = report_of(
        _RULES["presumed"],
        [
            *(cell for key in ("presumed_change", "children", "begging_children") for cell in _RULES[key].said),
        ],
    )
    told = leading_findings(findings(report), 2)
    assert {one.demand for one in told} == {"D3", "D4"}
    assert [one.key for one in told] == [one.key for one in findings(report) if one in told]
