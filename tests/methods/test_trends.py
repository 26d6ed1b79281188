"""Trends against statsmodels, and at the borders where there is no word."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from languages.words import Words, languages
from methods.trends import REASONS, WORDS, yearly_trend

RISING = [40, 61, 55, 90, 84, 130]
YEARS = range(2018, 2024)
PERSONS = [30, 31, 33, 40, 41, 60]
GAP = [2015, 2016, 2018, 2019, 2020]


@pytest.mark.parametrize(
    ("years", "counts", "population", "expected"),
    [
        (YEARS, RISING, 1, (1.2363055718, 1.1136164979, 1.3725115150, 1.7525393506, 0.0048801116)),
        (YEARS, RISING, PERSONS, (1.0719199014, 0.9846593841, 1.1669134459, 1.2360473118, 0.0856382283)),
        (GAP, [90, 100, 40, 60, 20], 1, (0.7914999873, 0.6015916743, 1.0413578789, 7.3503120928, 0.0730191064)),
    ],
)
def test_factor_limits_dispersion_and_chance_are_those_of_statsmodels(
    years: list[int], counts: list[int], population: float | list[int], expected: tuple[float, ...]
) -> None:
    """GLM with the Poisson family and scale "X2" of statsmodels 0.15.0, its standard error with a t distribution."""
    found = yearly_trend(years, counts, population=population)
    figures = (found.factor, found.lower, found.upper, found.dispersion, found.p_value)
    assert figures == pytest.approx(expected, rel=1e-8)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 300), min_size=5, max_size=9))
def test_the_factor_is_that_of_the_largest_likelihood(counts: list[int]) -> None:
    found = yearly_trend(range(len(counts)), counts)
    if found.factor is not None:
        when, events = np.arange(len(counts)) - (len(counts) - 1) / 2, np.array(counts)

        def loss(slope: float) -> float:
            shares = np.exp(slope * when)
            return float(-(events * np.log(shares / shares.sum())).sum())

        best = optimize.minimize_scalar(loss, bounds=(-20, 20), method="bounded", options={"xatol": 1e-10}).x
        assert np.log(found.factor) == pytest.approx(best, abs=1e-4)


def test_a_clear_rise_and_fall_get_their_words() -> None:
    assert (yearly_trend(YEARS, RISING).word, yearly_trend(YEARS, RISING[::-1]).word) == ("rising", "falling")
    assert yearly_trend(YEARS, RISING[::-1]).factor == pytest.approx(1 / yearly_trend(YEARS, RISING).factor)


@pytest.mark.parametrize(("years", "word", "reason"), [(4, "no_reliable_trend", "too_few_years"), (5, "rising", None)])
def test_four_years_have_no_word_however_they_rise(years: int, word: str, reason: str | None) -> None:
    found = yearly_trend(range(years), [100 * 2**one for one in range(years)])
    assert (found.word, found.reason, len(found.years)) == (word, reason, years)


def test_years_before_a_break_and_years_without_a_figure_do_not_count() -> None:
    counts = [500, 20, 40, 80, np.nan, 320, 640]
    found = yearly_trend(range(2017, 2024), counts, breaks=(2015, 2018))
    assert (found.years, found.word) == ((2018, 2019, 2020, 2022, 2023), "rising")
    assert yearly_trend(range(2017, 2024), counts, breaks=(2019,)).reason == "too_few_years"


@pytest.mark.parametrize(
    ("counts", "error", "reason"),
    [
        ([1, 2, 3, 5, 8], 0, "too_few_events"),
        ([1, 2, 3, 5, 9], 0, "within_scatter"),
        ([0, 0, 0, 60, 90], 0, "too_few_events"),
        ([1, 2, 4, 8, 16, 32], 8, "too_few_events"),
        ([0, 0, 0, 0, 0], 0, "too_few_events"),
    ],
)
def test_below_twenty_events_for_certain_or_three_years_with_any_there_is_no_word(
    counts: list[int], error: float, reason: str
) -> None:
    assert yearly_trend(range(len(counts)), counts, error=error).reason == reason


def test_scatter_beyond_chance_takes_a_word_away_that_poisson_would_give() -> None:
    """Poisson alone gives p = 0.006 for this series."""
    assert yearly_trend(range(6), [90, 150, 100, 160, 95, 165]).reason == "within_scatter"


def test_figures_more_even_than_chance_lend_no_certainty() -> None:
    found = yearly_trend(range(5), [100, 104, 108, 112, 117])
    assert found.dispersion < 0.01
    assert found.word == "no_reliable_trend"


def test_a_word_that_rounding_could_have_made_is_not_given() -> None:
    counts = [20, 25, 30, 35, 40, 45]
    plain, wide = yearly_trend(range(6), counts), yearly_trend(range(6), counts, error=9)
    assert (plain.word, wide.word) == ("rising", "no_reliable_trend")
    assert wide.lower < 1 < plain.lower < plain.upper < wide.upper


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(1, 12), min_size=5, max_size=11), st.randoms(use_true_random=False))
def test_a_word_stands_for_every_series_that_rounding_allows(steps: list[int], dice: Random) -> None:
    """Tilted series alone are not the worst: errors that go to and fro widen the scatter."""
    counts = [5 * (4 + year + step) for year, step in enumerate(steps)]
    told = yearly_trend(range(len(counts)), counts, error=4).word
    if told != "no_reliable_trend":
        moved = [[count + dice.choice((-4, 4, dice.randint(-4, 4))) for count in counts] for _ in range(30)]
        assert {yearly_trend(range(len(one)), one).word for one in moved} == {told}


def test_errors_that_go_to_and_fro_take_a_word_away() -> None:
    counts = [20, 15, 25, 45, 60]
    to_and_fro = [count + 4 * (-1) ** year for year, count in enumerate(counts)]
    assert yearly_trend(range(5), counts).word == "rising"
    assert yearly_trend(range(5), to_and_fro).word == "no_reliable_trend"
    assert yearly_trend(range(5), counts, error=4).word == "no_reliable_trend"


def test_each_year_may_have_its_own_error() -> None:
    counts = [20, 15, 25, 45, 60]
    assert yearly_trend(range(5), counts, error=[0, 0, 0, 0, 4]).word == "rising"
    assert yearly_trend(range(5), counts, error=[0, 20, 0, 0, 0]).word == "no_reliable_trend"


def test_without_a_trend_few_series_get_a_word() -> None:
    """True rates vary by 17 % from year to year: 5 % at most, and Monte Carlo error, are wrong."""
    random = np.random.default_rng(3)
    rates = 60 * random.gamma(1 / 0.17**2, 0.17**2, size=(150, 6))
    words = [yearly_trend(range(6), counts).word for counts in random.poisson(rates)]
    assert sum(word != "no_reliable_trend" for word in words) <= 7.5 + 2 * 2.7


@pytest.mark.parametrize(
    ("years", "counts", "population"),
    [([1, 1], [2, 3], 1), ([1, 2], [-1, 3], 1), ([1, 2], [1, 3], 0), ([1, 2], [1, 3], np.nan)],
)
def test_series_that_cannot_be_are_refused(years: list[int], counts: list[int], population: float) -> None:
    with pytest.raises(ValueError, match="mend the series"):
        yearly_trend(years, counts, population=population)


def test_every_word_and_reason_has_its_sentence_in_every_language() -> None:
    keys = [*(f"trend.{word}" for word in WORDS), *(f"trend.reason.{code}" for code in REASONS)]
    for tag in languages():
        assert [key for key in keys if key not in Words.load(tag)] == []
