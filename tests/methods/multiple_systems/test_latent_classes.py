"""Latent classes: chains that agree on a table where they can, and a measure that tells when they do not."""

from __future__ import annotations

import numpy as np
import pytest

from methods.multiple_systems import latent_classes
from methods.multiple_systems.latent_classes import CHAINS, draw_latent_classes, split_r_hat
from tests.methods.multiple_systems.published_tables import KOREA, table


def test_korea_agrees_with_the_r_package() -> None:
    """LCMCR with 10 classes and a = b = 0.25 has a median of 137 to 138 (Manrique-Vallier 2016)."""
    found = draw_latent_classes(KOREA, 120, 1, lambda done, of: None)
    assert found.persons.shape == (CHAINS, 120)
    assert found.r_hat < 1.05
    assert 134 <= np.median(found.persons) <= 141
    assert found.persons.min() >= KOREA.observed


def test_lists_that_are_independent_give_the_number_of_persons_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(latent_classes, "_WARM_UP", 1_000)
    monkeypatch.setattr(latent_classes, "_THINNING", 10)
    # 1,000 persons, chances 0.5, 0.4 and 0.3, exactly as expected
    rows = "111:60 110:140 101:90 100:210 011:60 010:140 001:90"
    found = draw_latent_classes(table("A B C", rows), 100, 3, lambda done, of: None)
    low, middle, high = np.quantile(found.persons, [0.025, 0.5, 0.975])
    assert low < 1_000 < high
    assert abs(middle - 1_000) < 60


def test_chains_apart_are_told_from_chains_together() -> None:
    random = np.random.default_rng(4)
    together = random.normal(size=(4, 500))
    assert split_r_hat(together) < 1.02
    assert split_r_hat(together + np.arange(4)[:, None]) > 1.5
    assert split_r_hat(together + np.linspace(0, 4, 500)) > 1.3  # all drift alike: only halves show it
    assert split_r_hat(np.ones((4, 10))) == 1.0
    assert split_r_hat(np.repeat(np.arange(4.0)[:, None], 10, axis=1)) == float("inf")


def test_one_seed_gives_one_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(latent_classes, "_WARM_UP", 20)
    monkeypatch.setattr(latent_classes, "_THINNING", 1)
    told: list[int] = []
    once, again = (draw_latent_classes(KOREA, 200, 7, lambda done, of: told.append(done)).persons for _ in range(2))
    assert (once == again).all()
    assert told == [200, 200]
