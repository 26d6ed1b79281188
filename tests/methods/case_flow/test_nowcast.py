"""The nowcast: against a chain ladder and exact moments, and each refusal with a triangle that just earns it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from languages.words import Words, languages
from methods.case_flow import nowcast as module
from methods.case_flow.nowcast import REASONS, Nowcast, NowcastOrder, back_cast, draw_missing, nowcast
from methods.case_flow.reporting_triangle import ReportingTriangle

ORDER = NowcastOrder(draws=400)
_SHARES = np.array([0.4, 0.2, 0.15, 0.1, 0.06, 0.04, 0.02, 0.01, 0.01, 0.005, 0.003, 0.001, 0.001])


def steady(periods: int, cases: int, seed: int = 5) -> ReportingTriangle:
    """A sender whose delays never change; a month has Poisson many cases."""
    random = np.random.default_rng(seed)
    return ReportingTriangle(random.poisson(cases * _SHARES, size=(periods, 13))).cut(0)


def slower(months: int) -> ReportingTriangle:
    """The same sender, slower for cases of the latest months."""
    random = np.random.default_rng(5)
    slow = np.concatenate([[0.1, 0.1, 0.1, 0.1, 0.1, 0.1], np.full(7, 0.4 / 7)])
    shares = np.where(np.arange(48)[:, None] >= 48 - months, slow, _SHARES)
    return ReportingTriangle(random.poisson(40 * shares)).cut(0)


def with_latest_year(cases: int) -> ReportingTriangle:
    counts = np.zeros((30, 13), dtype=np.int64)
    counts[:18, 0] = 9
    counts[-12, 0] = cases
    return ReportingTriangle(counts)


def ask(triangle: ReportingTriangle, **changed: object) -> Nowcast:
    return nowcast(triangle, replace(ORDER, **changed))


def test_a_steady_sender_is_told_with_its_trial_on_the_past() -> None:
    truth = np.random.default_rng(5).poisson(30 * _SHARES, size=(48, 13)).sum(axis=1)
    found = ask(steady(48, 30), groups={"year": range(36, 48)})
    assert found.is_told
    assert found.back_cast.compared == 72
    assert found.back_cast.cover >= 0.9
    assert list(found.by_period) == list(range(36, 48))
    assert sum(one.lower <= truth[row] <= one.upper for row, one in found.by_period.items()) >= 11
    year = found.by_group["year"]
    assert year.seen < year.lower <= truth[36:].sum() <= year.upper
    assert all(one.seen <= one.lower <= one.middle <= one.upper for one in found.by_period.values())


def test_a_year_whose_lists_come_on_after_its_end_is_nearly_complete() -> None:
    drawn = np.random.default_rng(5).poisson(30 * _SHARES, size=(48, 13))
    now = ReportingTriangle(drawn, since=5)
    now = now.cut(0)
    found = ask(now, groups={"year": range(36, 48)})
    early = ask(steady(48, 30), groups={"year": range(36, 48)})
    assert found.is_told
    assert list(found.by_period) == list(range(41, 48))
    year, before = found.by_group["year"], early.by_group["year"]
    assert year.lower <= drawn[36:].sum() <= year.upper
    assert year.upper - year.seen < before.upper - before.seen


def test_the_trial_shows_each_month_of_the_latest_year_as_it_would_have_been_told_then() -> None:
    triangle = steady(40, 30)
    trials = ask(triangle).back_cast.newest
    assert [one.period for one in trials] == list(range(27, 39))
    assert [one.forecast.seen for one in trials] == triangle.counts[27:39, 0].tolist()
    assert [one.now for one in trials] == triangle.seen[27:39].tolist()
    assert sum(one.forecast.lower <= one.now <= one.forecast.upper for one in trials) >= 10


def test_with_many_cases_the_middle_is_what_a_chain_ladder_gives() -> None:
    """Development factors, delay by delay, from all cells of the triangle; priors and chance hardly weigh."""
    triangle = steady(48, 40_000)
    upto = np.cumsum(triangle.counts, axis=1).astype(float)
    found = ask(triangle, window=48)
    for row, one in found.by_period.items():
        whole = upto[row, 47 - row]
        for delay in range(48 - row, 13):
            whole *= upto[: 48 - delay, delay].sum() / upto[: 48 - delay, delay - 1].sum()
        assert one.middle == pytest.approx(whole, rel=0.01)


def test_missing_cases_have_the_moments_of_a_gamma_poisson_mixture(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a known share 1/2 still to come, 20 arrived and a prior (4, 0.5): mean 12, variance 12 + 12² / 24."""
    monkeypatch.setattr(module, "_prior_of_level", lambda seen, arrived: (4.0, 0.5))
    counts = np.array([[10**7, 10**7]] * 30 + [[20, 0]])
    order = NowcastOrder(window=24, draws=20_000)
    missing = draw_missing(ReportingTriangle(counts), order, np.array([1] * 30 + [0]), np.full(31, 1))
    assert missing[:, -1].mean() == pytest.approx(12, abs=0.15)
    assert missing[:, -1].var() == pytest.approx(18, abs=0.8)
    assert (missing[:, :-1] == 0).all()


def test_the_prior_of_the_level_has_mean_and_spread_of_periods_that_are_nearly_complete() -> None:
    arrived = np.array([1.0, 1.0, 0.9, 0.89])
    shape, rate = module._prior_of_level(np.array([10, 30, 45, 1]), arrived)
    assert (shape / rate, shape / rate**2) == pytest.approx((30, np.var([10, 30, 50], ddof=1) - 30))


def test_only_arrivals_of_the_window_are_asked() -> None:
    wide, narrow = (ask(slower(9), window=window).by_period[47].middle for window in (24, 6))
    assert narrow > wide  # the newest delays are longer, so that more is still to come


def test_the_same_seed_gives_the_same_figures() -> None:
    first, again, other = (ask(steady(36, 20), seed=seed).by_period for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize(("months", "is_told"), [(23, False), (24, True), (25, True)])
def test_below_twenty_four_months_of_history_nothing_is_forecast(months: int, is_told: bool) -> None:
    found = ask(steady(months, 30))
    assert found.reasons == (() if is_told else ("short_history",))
    assert bool(found.by_period) == is_told


@pytest.mark.parametrize(("quarters", "is_told"), [(7, False), (8, True)])
def test_eight_quarters_are_twenty_four_months(quarters: int, is_told: bool) -> None:
    counts = np.random.default_rng(2).poisson(60 * np.array([0.7, 0.2, 0.05, 0.03, 0.02]), size=(quarters, 5))
    found = ask(ReportingTriangle(counts).cut(0), periods_a_year=4)
    assert found.reasons == (() if is_told else ("short_history",))
    assert (found.back_cast.compared if found.back_cast else None) == (8 if is_told else None)


@pytest.mark.parametrize(
    ("sends_every", "is_cumulative", "is_told"),
    [(3.0, True, True), (3.1, True, False), (6.0, True, False), (1.0, False, False)],
)
def test_a_sender_slower_than_quarterly_or_without_cumulative_lists_sends_batches(
    sends_every: float, is_cumulative: bool, is_told: bool
) -> None:
    found = ask(steady(30, 30), sends_every=sends_every, is_cumulative=is_cumulative)
    assert found.reasons == (() if is_told else ("batch_arrival",))


@pytest.mark.parametrize(("cases", "is_told"), [(9, False), (10, True), (11, True)])
def test_below_ten_cases_in_the_latest_year_nothing_is_forecast(cases: int, is_told: bool) -> None:
    assert ("too_few_cases" not in ask(with_latest_year(cases)).reasons) == is_told


def test_delays_that_have_shifted_are_refused_and_the_figures_stay_for_whoever_checks() -> None:
    found = ask(slower(9))
    assert found.reasons == ("shifted_delays", "low_cover")
    assert found.shift < 0.05
    assert found.by_period
    assert ask(slower(0)).shift > 0.05


def test_a_sender_of_quarterly_lists_in_a_triangle_of_months_fails_its_trial_on_the_past() -> None:
    """All cases of a quarter come in its last month, so that what is missing leaps from month to month."""
    random = np.random.default_rng(4)
    first = np.repeat(np.arange(36), random.poisson(30, 36))
    came = first // 3 * 3 + 2
    triangle = ReportingTriangle.from_contacts(first, came, periods=36, longest=12)
    found = ask(triangle, sends_every=3.0)
    assert "low_cover" in found.reasons
    assert found.back_cast.cover < 0.8


def test_a_cover_of_eighty_per_cent_itself_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = back_cast(steady(30, 30), ORDER)
    for cover, reasons in ((0.80, ()), (0.79, ("low_cover",))):
        monkeypatch.setattr(module, "back_cast", lambda *_, told=cover: replace(tried, cover=told))
        assert ask(steady(30, 30)).reasons == reasons


def test_no_arrivals_of_late_cases_are_no_shift() -> None:
    counts = np.zeros((30, 13), dtype=np.int64)
    counts[:, 0] = 5
    assert ask(ReportingTriangle(counts)).shift == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"window": 0},
        {"window": 2, "periods_a_year": 4},
        {"groups": {"year": range(25, 31)}},
        {"groups": {"year": [-1]}},
    ],
)
def test_an_order_that_cannot_be_met_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="ask for others"):
        ask(steady(30, 30), **changed)


def test_every_reason_has_its_sentence_in_every_language() -> None:
    for tag in languages():
        assert [code for code in REASONS if f"nowcast.reason.{code}" not in Words.load(tag)] == []
