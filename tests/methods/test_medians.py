"""Medians of banded days: the interpolation by hand, the refusals, and the interval by simulation with fixed seeds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from methods.medians import LEAST, BandMedian, interpolated_medians, median_of_bands

EDGES = np.array([0, 8, 31, 91, 181, 366, np.inf])  # 0-7, 8-30, 31-90, 91-180, 181-365, 366 days and more

Draw = Callable[[np.random.Generator, int], np.ndarray]
SHAPES: dict[str, tuple[Draw, float]] = {
    "narrow": (lambda generator, n: generator.lognormal(np.log(60), 0.8, n), 60.0),
    "wide": (lambda generator, n: generator.lognormal(np.log(45), 1.2, n), 45.0),
    "falling": (lambda generator, n: generator.exponential(100, n), 100 * np.log(2)),
    "humped": (lambda generator, n: generator.gamma(2, 80, n), 80 * 1.67834699),
    "in_one_band": (lambda generator, n: generator.lognormal(np.log(40), 0.15, n), 40.0),
}


def test_the_median_lies_on_the_straight_line_within_its_band() -> None:
    found = interpolated_medians(np.array([[10.0, 20, 30, 15, 5, 0]]), EDGES)
    assert found == pytest.approx([31 + (40 - 30) / 30 * 60])


def test_a_median_in_the_open_band_is_at_least_its_lower_edge() -> None:
    found = median_of_bands([2, 3, 5, 5, 5, 30], EDGES, label="open")
    assert np.isnan(found.value)
    assert (found.at_least, found.upper) == (366.0, np.inf)
    assert found.lower <= 366


def test_no_median_is_told_of_fewer_than_twenty_observations() -> None:
    nineteen = median_of_bands([5, 5, 9, 0, 0, 0], EDGES, label="few")
    assert np.isnan([nineteen.value, nineteen.lower, nineteen.upper, nineteen.at_least]).all()
    assert not np.isnan(median_of_bands([5, 5, 10, 0, 0, 0], EDGES, label="few").value)
    assert LEAST == 20


def test_rounded_counts_must_be_twenty_for_certain() -> None:
    assert np.isnan(median_of_bands([5, 5, 10, 0, 0, 0], EDGES, label="few", error=4).value)
    assert not np.isnan(median_of_bands([5, 10, 10, 0, 0, 0], EDGES, label="few", error=4).value)


def test_a_hidden_band_hides_the_median() -> None:
    assert np.isnan(median_of_bands([50, np.nan, 10, 0, 0, 0], EDGES, label="hidden").value)


def test_edges_that_do_not_fit_the_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="edge"):
        median_of_bands([50, 50], [0, 8], label="edges")
    with pytest.raises(ValueError, match="edge"):
        median_of_bands([50, 50], [0, 8, 8], label="edges")


def test_the_same_label_gives_the_same_interval_and_all_figures_are_multiples_of_the_step() -> None:
    def once(label: str) -> BandMedian:
        return median_of_bands([10, 20, 40, 25, 10, 5], EDGES, label=label, error=4)

    first = once("prt_05 2024")
    assert first == once("prt_05 2024")
    assert [figure % 5 for figure in (first.value, first.lower, first.upper)] == [0, 0, 0]
    assert first.lower < first.value < first.upper


def test_the_interval_of_rounded_counts_holds_that_of_exact_ones() -> None:
    exact = median_of_bands([10, 20, 40, 25, 10, 5], EDGES, label="a")
    rounded = median_of_bands([10, 20, 40, 25, 10, 5], EDGES, label="a", error=4)
    assert rounded.lower <= exact.lower and rounded.upper >= exact.upper
    assert rounded.upper - rounded.lower > exact.upper - exact.lower


@pytest.mark.parametrize("size", [60, 300, 2000])
@pytest.mark.parametrize("shape", SHAPES)
def test_the_interval_holds_the_true_median(shape: str, size: int) -> None:
    draw, true = SHAPES[shape]
    generator = np.random.default_rng(20251130)
    held = 0
    for number in range(120):
        counts = np.histogram(draw(generator, size), EDGES)[0]
        rest = counts % 5
        printed = counts - rest + np.where(generator.random(6) < rest / 5, 5, 0)
        found = median_of_bands(printed, EDGES, label=f"{number}", error=4, replicates=200)
        held += found.lower <= true <= found.upper
    assert held >= 0.95 * 120
