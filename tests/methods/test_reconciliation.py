"""Each reason why two printed figures differ is recognised, and none is claimed where the figures speak against it."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from methods.reconciliation import ComparedFigure, LikelyReason, gap, is_agreeing, likely_reasons


def _year(year: int) -> tuple[datetime.date, datetime.date]:
    return datetime.date(year, 1, 1), datetime.date(year, 12, 31)


def _ours(value: int, year: int = 2023, unit: str = "VICTIM", area: str = "IQ-FED", name: str = "") -> ComparedFigure:
    """A released figure, rounded to base 5."""
    return ComparedFigure(value - 4, value + 4, unit, area, *_year(year), name=name)


def _theirs(value: int, **changes: object) -> ComparedFigure:
    plain = ComparedFigure(value, value, "VICTIM", "IQ-FED", *_year(2023), published=datetime.date(2024, 8, 1))
    return replace(plain, **changes)  # pyright: ignore[reportArgumentType] - fields of a figure


def test_a_gap_inside_the_rounding_is_agreement_and_one_beyond_it_is_not() -> None:
    assert is_agreeing(_theirs(204), _ours(200))
    assert not is_agreeing(_theirs(205), _ours(200))
    assert gap(_theirs(205), _ours(200)) == (1, 9)


@pytest.mark.parametrize(
    "other",
    [
        {"unit": "CASE"},
        {"area": "IQ"},
        {"crimes": frozenset({"TIP", "BEGGING"})},
        {"end": datetime.date(2023, 10, 15)},
    ],
)
def test_an_equal_number_of_something_else_is_no_agreement(other: dict[str, object]) -> None:
    assert not is_agreeing(_theirs(200, **other), _ours(200))


def test_what_is_not_said_is_taken_to_be_ours() -> None:
    assert is_agreeing(_theirs(200, unit="", area=""), _ours(200))


def test_a_stated_unit_that_leads_to_a_released_figure_of_that_unit_is_matched() -> None:
    accused = _ours(630, unit="ACCUSED", name="PRS-03")
    found = likely_reasons(_theirs(636, unit="ACCUSED"), _ours(335), [replace(accused, upper=640)])
    assert found == [LikelyReason("unit_of_count", "matched", (replace(accused, upper=640),))]
    assert likely_reasons(_theirs(636, unit="ACCUSED"), _ours(335)) == [LikelyReason("unit_of_count", "stated")]


def test_an_unstated_unit_is_suggested_by_the_number_of_another_unit() -> None:
    accused = _ours(635, unit="ACCUSED", name="PRS-03")
    by_number = LikelyReason("unit_of_count", "number", (accused,))
    assert likely_reasons(_theirs(636), _ours(335), [accused]) == [by_number]
    assert likely_reasons(_theirs(36), _ours(20), [_ours(35, unit="ACCUSED")]) == [LikelyReason("unexplained", "none")]


def test_a_federal_figure_told_as_the_countrys_is_a_matter_of_scope() -> None:
    federal = _ours(225, name="federal")
    country = _ours(300, area="IQ")
    assert likely_reasons(_theirs(223, area="IQ"), country, [federal]) == [LikelyReason("scope", "number", (federal,))]
    region = _ours(225, area="IQ-KR", name="region")
    stated = likely_reasons(_theirs(223, area="IQ-KR"), country, [region])
    assert stated == [LikelyReason("scope", "matched", (region,))]


def test_an_april_to_march_figure_lies_between_its_two_years() -> None:
    april = {"start": datetime.date(2022, 4, 1), "end": datetime.date(2023, 3, 31)}
    before = _ours(180, year=2022, name="2022")
    between = LikelyReason("period", "between", (before, _ours(220)))
    assert likely_reasons(_theirs(200, **april), _ours(220), [before]) == [between]
    fitting = LikelyReason("period", "matched", (before,))
    assert likely_reasons(_theirs(183, **april), _ours(220), [before]) == [fitting]
    assert likely_reasons(_theirs(400, **april), _ours(220), [before]) == [LikelyReason("unexplained", "none")]
    assert likely_reasons(_theirs(400, **april), _ours(220)) == [LikelyReason("period", "stated")]


def test_a_part_of_a_year_explains_less_and_never_more() -> None:
    until = {"end": datetime.date(2023, 10, 15)}
    assert likely_reasons(_theirs(163, **until), _ours(220)) == [LikelyReason("period", "stated")]
    assert likely_reasons(_theirs(300, **until), _ours(220)) == [LikelyReason("unexplained", "none")]


def test_mixed_crimes_explain_more_and_never_less() -> None:
    mixed = {"crimes": frozenset({"TIP", "SMUGGLING"})}
    assert likely_reasons(_theirs(1800, **mixed), _ours(220)) == [LikelyReason("mixed_crimes", "stated")]
    assert likely_reasons(_theirs(100, **mixed), _ours(220)) == [LikelyReason("unexplained", "none")]


def test_the_number_of_an_earlier_page_under_a_newer_year_is_recycled() -> None:
    first = _theirs(158, start=datetime.date(2021, 4, 1), end=datetime.date(2022, 3, 31), name="first page")
    later = _theirs(158, published=datetime.date(2025, 4, 1))
    assert likely_reasons(later, _ours(335), printed=[first, later]) == [
        LikelyReason("recycled_figure", "matched", (first,))
    ]
    assert likely_reasons(first, _ours(335), printed=[later])[0].reason != "recycled_figure"


def test_the_number_of_an_earlier_released_year_is_recycled_unless_it_is_small_or_rounded() -> None:
    rounded = _ours(158, year=2021, name="2021")
    exact = replace(rounded, lower=158, upper=158)
    assert likely_reasons(_theirs(158), _ours(335), [exact]) == [LikelyReason("recycled_figure", "number", (exact,))]
    assert likely_reasons(_theirs(158), _ours(335), [rounded]) == [LikelyReason("unexplained", "none")]
    small = replace(exact, lower=81, upper=81)
    assert likely_reasons(_theirs(81), _ours(335), [small]) == [LikelyReason("unexplained", "none")]


def test_a_stated_difference_comes_before_one_that_only_a_number_suggests() -> None:
    mixed = _theirs(636, crimes=frozenset({"TIP", "BEGGING"}))
    found = likely_reasons(mixed, _ours(335), [_ours(635, unit="ACCUSED", name="PRS-03")])
    assert [one.reason for one in found] == ["mixed_crimes", "unit_of_count"]
