"""The nowcast at its borders: which periods it compares and asks, by sums of its own, and limits that are just met."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from math import erfc, sqrt
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from methods.case_flow import nowcast as module
from methods.case_flow.nowcast import NowcastOrder, back_cast, chance_of_same_delays, draw_missing, nowcast
from methods.case_flow.reporting_triangle import ReportingTriangle

MONTHS = NowcastOrder(draws=200)


def triangle_of(seed: int, periods: int, cases: float, since: int = 0) -> ReportingTriangle:
    """A sender whose delays differ from period to period, so that each period weighs in the sums."""
    random = np.random.default_rng(seed)
    shares = random.dirichlet(np.ones(5), size=periods)
    return ReportingTriangle(random.poisson(cases * shares), since=since).cut(0)


Cell = tuple[int, int, int]
"""Delay, cases of that delay, cases of the same contact with that delay or a shorter one."""


def late_cells(triangle: ReportingTriangle, arrivals: range) -> Iterator[Cell]:
    """Yield each cell of late cases that arrived in these periods."""
    for arrival in arrivals:
        for delay in range(1, triangle.longest + 1):
            contact = arrival - delay
            if 0 <= contact < triangle.periods:
                counts = triangle.counts[contact]
                yield delay, int(counts[delay]), int(counts[: delay + 1].sum())


def scatter(cells: list[Cell]) -> float:
    """Pearson's statistic over its degrees of freedom, cell by cell."""
    hits, upto = Counter[int](), Counter[int]()
    for delay, own, of in cells:
        hits[delay] += own
        upto[delay] += of
    squares, seen = 0.0, list[int]()
    for delay, own, of in cells:
        hazard = hits[delay] / upto[delay] if upto[delay] else 0.0
        variance = of * hazard * (1 - hazard)
        if variance > 0:
            squares += (own - of * hazard) ** 2 / variance
            seen.append(delay)
    freedom = len(seen) - len(set(seen))
    return squares / freedom if freedom else 1.0


def chance_by_hand(triangle: ReportingTriangle, halves: int) -> float:
    """Mantel and Haenszel's test of two spans that share no period: the last half year, and the three before."""
    end = triangle.now + 1
    spans = range(end - halves, end), range(end - 4 * halves, end - halves)
    now, past = (list(late_cells(triangle, span)) for span in spans)
    excess = variance = 0.0
    for delay in range(1, triangle.longest + 1):
        (own, of_now), (before, of_past) = (
            (sum(hits for at, hits, _ in cells if at == delay), sum(upto for at, _, upto in cells if at == delay))
            for cells in (now, past)
        )
        both, hits = of_now + of_past, own + before
        if of_now and of_past and both > 1:
            excess += own - of_now * hits / both
            variance += of_now * of_past * hits * (both - hits) / (both**2 * (both - 1))
    if variance <= 0:
        return 1.0
    return erfc(abs(excess) / sqrt(variance * max(1.0, scatter(now), scatter(past))) / sqrt(2))


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 10_000),
    st.integers(10, 40),
    st.sampled_from([0.3, 2.0, 20.0, 300.0]),
    st.integers(0, 3),
    st.sampled_from([(12, 6), (4, 2)]),
)
def test_the_half_year_and_the_year_and_a_half_before_it_share_no_period(
    seed: int, periods: int, cases: float, since: int, year: tuple[Literal[12, 4], int]
) -> None:
    triangle, (periods_a_year, halves) = triangle_of(seed, periods, cases, since), year
    order = replace(MONTHS, periods_a_year=periods_a_year)
    assert chance_of_same_delays(triangle, order) == pytest.approx(chance_by_hand(triangle, halves), abs=1e-12)


@pytest.mark.parametrize(("chance", "reasons"), [(0.049, ("shifted_delays",)), (0.05, ()), (0.051, ())])
def test_a_chance_of_one_in_twenty_itself_is_no_shift(
    monkeypatch: pytest.MonkeyPatch, chance: float, reasons: tuple[str, ...]
) -> None:
    triangle = ReportingTriangle(np.random.default_rng(5).poisson([18, 9, 3], size=(30, 3))).cut(0)
    monkeypatch.setattr(module, "chance_of_same_delays", lambda *_: chance)
    assert nowcast(triangle, MONTHS).reasons == reasons


@pytest.mark.parametrize(("contact", "is_asked"), [(22, False), (23, True), (24, True)])
def test_a_window_of_six_months_asks_arrivals_of_six_months(contact: int, is_asked: bool) -> None:
    """Half of all cases come a month late, but for one contact of so many that its own arrivals outweigh all others."""
    counts = np.full((30, 2), 1000)
    counts[contact] = 10**7, 0
    triangle = ReportingTriangle(counts).cut(0)
    missing = draw_missing(triangle, replace(MONTHS, window=6), triangle.ages, np.ones(30, dtype=np.int64))
    assert missing[:, -1].mean() == pytest.approx(0 if is_asked else 1000, abs=50)


@pytest.mark.parametrize(("lower", "upper", "cover"), [(5, 5, 1), (5, 6, 1), (4, 5, 1), (6, 7, 0), (3, 4, 0)])
def test_a_limit_that_is_just_what_came_has_held_it(
    monkeypatch: pytest.MonkeyPatch, lower: int, upper: int, cover: int
) -> None:
    counts = np.zeros((30, 13), dtype=np.int64)
    counts[:, 0] = 5
    monkeypatch.setattr(module, "_forecast", lambda *_: module.Forecast(lower, lower, lower, upper))
    assert back_cast(ReportingTriangle(counts), MONTHS).cover == cover


def test_where_no_period_is_nearly_complete_the_three_most_complete_give_the_level() -> None:
    arrived = np.array([0.4, 0.5, 0.8, 0.2])
    shape, rate = module._prior_of_level(np.array([8, 20, 64, 500]), arrived)
    assert (shape / rate, shape / rate**2) == pytest.approx((140 / 3, np.var([20, 40, 80], ddof=1) - 140 / 3))
