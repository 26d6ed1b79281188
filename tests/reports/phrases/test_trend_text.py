"""The change a year of a trend: outwards to a tenth of a per cent, and none without a word."""

from __future__ import annotations

from dataclasses import replace

import pytest

from languages.words import Words
from methods.trends import REASONS, YearlyTrend
from reports.phrases import trend_text

ENGLISH = Words.load("en")
RISING = YearlyTrend("rising", None, (2021, 2022, 2023, 2024, 2025), 1.1, 1.0625, 1.125)


@pytest.mark.parametrize(
    ("lower", "upper", "text"),
    [(1.0625, 1.125, "6.2% to 12.5%"), (1.0626, 1.1251, "6.2% to 12.6%"), (0.875, 0.9375, "6.2% to 12.5%")],
)
def test_limits_of_a_change_lie_outwards_and_those_on_a_step_stay(lower: float, upper: float, text: str):
    assert trend_text.change(replace(RISING, lower=lower, upper=upper), ENGLISH) == text


@pytest.mark.parametrize("reason", REASONS)
def test_a_trend_that_is_not_reliable_tells_no_change_though_it_has_limits(reason: str):
    trend = replace(RISING, word="no_reliable_trend", reason=reason)
    assert trend_text.change(trend, ENGLISH) == ""
    assert "%" not in trend_text.sentence(trend, "IQ-FED", ENGLISH)
