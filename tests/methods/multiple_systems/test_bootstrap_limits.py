"""BCa limits: published intervals, quantiles of type 8, the spread of seeds."""

from __future__ import annotations

import numpy as np
import pytest

from methods.multiple_systems import bootstrap_limits as module
from methods.multiple_systems.bootstrap_limits import BootstrapLimits, bootstrap_limits
from methods.multiple_systems.loglinear_models import ModelSpace
from methods.multiple_systems.model_search import downhill
from methods.multiple_systems.poisson_fits import Fitter
from tests.methods.multiple_systems.published_tables import KOREA, KOSOVO


def limits(table: object = KOSOVO, seed: int = 1, replicates: int = 400) -> BootstrapLimits:
    counts = table.counts[1:].astype(float)
    fitter = Fitter(ModelSpace(len(table.lists)))
    estimate = table.observed + downhill(fitter, counts[None, :]).unseen[0]
    return bootstrap_limits(fitter, counts, estimate, replicates, seed, lambda done, of: None)


def test_kosovo_has_the_published_interval_within_the_spread_of_seeds() -> None:
    """Silverman, Chan and Vincent (2024): 12,525 to 16,477 from 1,000 replicates."""
    found = limits(replicates=1_000)
    for ours, spread, published in zip(found.ci95, found.spread, (12_525, 16_477), strict=True):
        assert abs(ours - published) < 1.5 * spread
    assert max(found.spread) < 400
    assert found.failed == 0
    assert abs(found.z0) < 0.15


def test_the_spread_is_that_of_other_seeds() -> None:
    several = [limits(seed=seed, replicates=200) for seed in range(20)]
    lower = np.array([one.ci95.lower for one in several])
    told = np.median([one.spread.lower for one in several])
    assert 0.5 < told / (1.96 * lower.std(ddof=1)) < 2.0


def test_one_seed_gives_one_answer_and_blocks_do_not_change_it(monkeypatch: pytest.MonkeyPatch) -> None:
    once = limits(KOREA)
    monkeypatch.setattr(module, "_BLOCK", 7)
    again = limits(KOREA)
    assert once.ci95 == pytest.approx(again.ci95, rel=1e-9)
    assert once.ci95 != limits(KOREA, seed=2).ci95


def test_the_80_percent_interval_lies_inside_the_95_percent_one() -> None:
    for table in (KOREA, KOSOVO):
        found = limits(table)
        assert found.ci95.lower < found.ci80.lower < found.ci80.upper < found.ci95.upper


def test_without_bias_and_acceleration_the_limits_are_quantiles_of_type_8() -> None:
    values = np.random.default_rng(2).gamma(2.0, size=999)
    middle = float(np.median(values))
    ours = module._limits(values[None, :], middle, 0.0, 0.95)[0]
    assert ours == pytest.approx(np.quantile(values, [0.025, 0.975], method="median_unbiased"), rel=1e-9)


def test_acceleration_moves_the_limits_as_efron_says() -> None:
    """z0 = 0, a = 0.1: shares at 1.96 / (1 - 0.196) and -1.96 / (1 + 0.196), that is 0.99261 and 0.05062."""
    values = np.linspace(0, 1, 100_001)
    ours = module._limits(values[None, :], 0.5, 0.1, 0.95)[0]
    assert ours == pytest.approx([0.05062, 0.99261], abs=2e-5)


def test_bias_moves_the_limits_as_efron_says() -> None:
    """Three quarters lie below the estimate: z0 = 0.67449, shares at 2 z0 ± 1.96, that is 0.27059 and 0.99953."""
    ours = module._limits(np.linspace(0, 1, 100_001)[None, :], 0.75, 0.0, 0.95)[0]
    assert ours == pytest.approx([0.27059, 0.99953], abs=2e-5)


def test_the_jackknife_of_cells_is_the_jackknife_of_persons() -> None:
    fitter, counts = Fitter(ModelSpace(3)), KOREA.counts[1:].astype(float)
    persons = np.repeat(np.arange(7), KOREA.counts[1:])
    without = []
    for person in range(len(persons)):
        left = np.bincount(np.delete(persons, person), minlength=7).astype(float)
        without.append(left.sum() + downhill(fitter, left[None, :]).unseen[0])
    apart = np.mean(without) - np.array(without)
    expected = (apart**3).sum() / (6 * (apart**2).sum() ** 1.5)
    assert module._acceleration(fitter, counts) == pytest.approx(expected, rel=1e-6)


def test_bias_is_never_infinite() -> None:
    values = np.arange(100.0)[None, :]
    assert module._bias(values, 1000.0)[0] == pytest.approx(-module._bias(values, -1000.0)[0])
    assert np.isfinite(module._bias(values, 1000.0)[0])


def test_each_replicate_names_its_model() -> None:
    found = limits(KOREA)
    assert sum(times for _, times in found.models) == 400
    assert found.models[0][1] >= found.models[-1][1]
    assert len(found.models) > 1  # the search was repeated, or all would be one model
