"""Funnels: limits by adding up Poisson chances, the winsorised scatter by hand, and how seldom chance flags."""

from __future__ import annotations

from math import exp, sqrt
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from languages.words import Words, languages
from methods.funnel import REASONS, funnel, winsorised_dispersion

AREAS = 19


def level_country(**changed: int) -> list[float]:
    """Nineteen areas of 20 events each but for those named by `area_<number>`."""
    counts = [20.0] * AREAS
    for name, count in changed.items():
        counts[int(name.removeprefix("area_"))] = count
    return counts


def test_limits_are_the_first_counts_that_leave_a_thousandth_beyond_them() -> None:
    found = funnel([20] * AREAS, [1e5] * AREAS)
    chances, upto = exp(-20), [exp(-20)]
    for count in range(1, 60):
        chances *= 20 / count
        upto.append(upto[-1] + chances)
    lower, upper = (next(count for count, share in enumerate(upto) if share >= tail) for tail in (0.001, 0.999))
    assert (found.dispersion, found.reason) == (1, None)
    assert found.expected == pytest.approx([20] * AREAS)
    assert (set(found.lower), set(found.upper)) == ({lower}, {upper})


def test_an_area_is_outside_beyond_its_limit_and_not_at_it() -> None:
    """Twenty are expected in each area whatever the first has, since the others make up for it."""
    upper = int(funnel([20] * AREAS, [1e5] * AREAS).upper[0])
    for count in (upper, upper + 1):
        others = [(20 * AREAS - count) / (AREAS - 1)] * (AREAS - 1)
        assert funnel([count, *others], [1e5] * AREAS).is_high[0] == (count > upper)
    found = funnel(level_country(area_3=50, area_8=5), [1e5] * AREAS)
    assert (np.flatnonzero(found.is_high).tolist(), np.flatnonzero(found.is_low).tolist()) == ([3], [8])
    assert found.ratio[3] == pytest.approx(50 / (395 / 19))


def test_expected_counts_go_by_population() -> None:
    found = funnel([10] * 9 + [110], [1e5] * 9 + [1.1e6])
    assert found.expected == pytest.approx([10] * 9 + [110])
    assert not (found.is_high | found.is_low).any()


def test_the_scatter_is_that_of_the_inner_areas() -> None:
    """Eleven differences -5 to 5: the outermost on each side are set to the next, 4."""
    differences = np.arange(-5, 6)
    expected = np.full(11, 100.0)
    squares = 2 * (1 + 4 + 9 + 16 + 16)
    assert winsorised_dispersion(expected + 10 * differences, expected) == pytest.approx(squares / 11)


def test_scatter_beyond_chance_widens_the_funnel_by_its_root() -> None:
    counts = [100 + 20 * (-1) ** one for one in range(20)]
    found, level = funnel(counts, [1e5] * 20), funnel([100] * 20, [1e5] * 20)
    assert found.dispersion == pytest.approx(4)
    assert (found.upper - 100) == pytest.approx((level.upper - 100) * sqrt(4))
    assert (100 - found.lower) == pytest.approx((100 - level.lower) * sqrt(4))


def test_areas_that_rounding_could_have_put_outside_are_not_flagged() -> None:
    counts = level_country(area_3=40, area_8=7)
    assert funnel(counts, [1e5] * AREAS).is_high[3]
    assert funnel(counts, [1e5] * AREAS).is_low[8]
    rounded = funnel(counts, [1e5] * AREAS, error=4)
    assert not (rounded.is_high | rounded.is_low).any()


def test_an_area_that_is_inside_the_funnel_of_a_table_that_rounding_allows_is_not_flagged() -> None:
    """The other areas may scatter more, and there may be more cases in all, than the printed counts say."""
    counts = [10, 5, 20, 25, 15, 25, 20, 15, 25, 20, 20, 40, 55]
    allowed = [6, 1, 24, 29, 11, 29, 24, 11, 29, 24, 24, 44, 51]
    assert funnel(counts, [1e5] * 13).is_high[12]
    assert not funnel(allowed, [1e5] * 13).is_high[12]
    assert not funnel(counts, [1e5] * 13, error=4).is_high[12]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=12, max_size=12), st.randoms(use_true_random=False))
def test_an_area_is_flagged_only_if_it_is_in_every_table_that_rounding_allows(counts: list[int], dice: Random) -> None:
    told = funnel([*counts, 190], [1e5] * 13, error=4)
    for _ in range(10):
        found = funnel([max(0, count + dice.randint(-4, 4)) for count in (*counts, 190)], [1e5] * 13)
        assert not (told.is_high & ~found.is_high).any()
        assert not (told.is_low & ~found.is_low).any()


def test_areas_without_a_figure_or_a_population_have_no_limits_and_do_not_count() -> None:
    found = funnel([*level_country(), np.nan, 50, 50], [1e5] * AREAS + [1e5, 0, np.nan])
    assert np.isnan(found.upper[AREAS:]).all()
    assert found.expected[:AREAS] == pytest.approx([20] * AREAS)
    assert not (found.is_high | found.is_low)[AREAS:].any()


@pytest.mark.parametrize(("areas", "reason"), [(9, "too_few_areas"), (10, None), (11, None)])
def test_fewer_than_ten_areas_are_not_compared(areas: int, reason: str | None) -> None:
    found = funnel([90, *[10] * (areas - 1)], [1e5] * areas)
    assert (found.reason, bool(found.is_high.any())) == (reason, reason is None)


def test_without_events_nothing_is_compared() -> None:
    assert funnel([0] * AREAS, [1e5] * AREAS).reason == "no_events"


def test_few_funnels_flag_an_area_by_chance() -> None:
    """Equal rates in areas of unequal size: 3 of 100 in simulations, not half as with limits at 95 %."""
    random = np.random.default_rng(8)
    persons = np.geomspace(2e5, 8e6, AREAS)
    years = random.poisson(persons * 2e-5, (200, AREAS))
    flagged = {level: [funnel(one, persons, level=level) for one in years] for level in (0.998, 0.95)}
    shares = {level: np.mean([(one.is_high | one.is_low).any() for one in found]) for level, found in flagged.items()}
    assert shares[0.998] <= 0.06
    assert shares[0.95] >= 0.25


@pytest.mark.parametrize(("count", "persons"), [(-1, 1e5), (20, -1)])
def test_a_negative_count_or_population_is_refused(count: float, persons: float) -> None:
    with pytest.raises(ValueError, match="mend the table"):
        funnel([count, *[20] * 18], [persons, *[1e5] * 18])


def test_every_reason_has_its_sentence_in_every_language() -> None:
    for tag in languages():
        assert [code for code in REASONS if f"funnel.reason.{code}" not in Words.load(tag)] == []
