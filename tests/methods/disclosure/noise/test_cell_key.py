"""Cell keys: the noise of greatest entropy, and that a cell has one noise for ever."""

from __future__ import annotations

import numpy as np
import pytest

from methods.disclosure.noise.cell_key import (
    FORBIDDEN,
    NoiseTable,
    cell_key,
    noise_table,
    origins,
    perturb,
    record_key,
)

KEY = b"the secret of an invented series"


@pytest.fixture(scope="module")
def noise() -> NoiseTable:
    return noise_table()


def test_noise_has_mean_zero_and_the_wanted_variance_for_every_count_but_zero(noise: NoiseTable):
    assert noise.chances.sum(axis=1) == pytest.approx(1)
    assert noise.chances[1:] @ noise.changes == pytest.approx(0, abs=1e-4)
    assert noise.chances[1:] @ noise.changes**2 == pytest.approx(2, abs=1e-4)


def test_no_count_falls_below_zero_or_looks_like_one_or_two_persons(noise: NoiseTable):
    for count, chances in enumerate(noise.chances):
        printed = (count + noise.changes)[chances > 1e-12]
        assert printed.min() >= 0
        assert not set(printed) & set(FORBIDDEN)


def test_zero_stays_zero(noise: NoiseTable):
    assert noise.change(np.zeros(3), np.array([0.0, 0.5, 0.999999])).tolist() == [0, 0, 0]


def test_of_all_noise_with_that_variance_none_is_more_even(noise: NoiseTable):
    """Any small change that keeps total, mean and variance lowers the entropy."""
    chances = noise.chances[-1]
    features = np.vstack([np.ones(11), noise.changes, noise.changes**2])
    free = np.linalg.svd(features)[2][3:]

    def entropy(p: np.ndarray) -> float:
        return float(-(p * np.log(p)).sum())

    for direction in free:
        step = 1e-3 * chances.min() * direction / np.abs(direction).max()
        assert entropy(chances + 50 * step) < entropy(chances)
        assert entropy(chances - 50 * step) < entropy(chances)


def test_a_variance_that_no_noise_can_have_is_refused():
    with pytest.raises(ValueError, match="count of 1"):
        noise_table(variance=1.0)


def test_the_same_facts_have_the_same_figure_in_any_order_and_another_with_another_key(noise: NoiseTable):
    facts = [f"fact{number}" for number in range(12)]
    assert cell_key(KEY, facts) == cell_key(KEY, reversed(facts))
    assert perturb(noise, KEY, [facts]) == perturb(noise, KEY, [facts[::-1]])
    keys = {record_key(secret, "fact0") for secret in (KEY, b"another secret")}
    assert len(keys) == 2


def test_over_many_cells_the_noise_is_the_tables(noise: NoiseTable):
    cells = [[f"{number}.{part}" for part in range(9)] for number in range(3000)]
    away = perturb(noise, KEY, cells) - 9
    assert np.abs(away).max() <= 5
    assert away.mean() == pytest.approx(0, abs=0.1)
    assert away.var() == pytest.approx(2, abs=0.2)


def test_a_printed_figure_stands_for_the_counts_that_can_have_become_it_and_no_others(noise: NoiseTable):
    printed = np.array([0.0, 3.0, 4.0, 7.0, 8.0, 9.0, 30.0])
    found: dict[float, list[int]] = {value: [] for value in printed.tolist()}
    for count in range(40):
        row = noise.chances[min(count, len(noise.chances) - 1)]
        for value in found:
            if abs(value - count) <= 5 and row[int(value - count) + 5] > 1e-6:
                found[value].append(count)
    least, greatest = origins(printed)
    assert least.tolist() == [min(counts) for counts in found.values()]
    assert greatest.tolist() == [max(counts) for counts in found.values()]
    assert (least[2], greatest[1]) == (3, 8)  # nothing below 3 becomes 4; no more than 8 become 3


def test_a_figure_that_no_count_is_printed_as_is_taken_by_the_deviation():
    assert [bound.tolist() for bound in origins(np.array([1.0]))] == [[0.0], [6.0]]
