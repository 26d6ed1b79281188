"""The search: published choices, and no better neighbour than the chosen one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from methods.multiple_systems.loglinear_models import ModelSpace
from methods.multiple_systems.model_search import best_models, downhill
from methods.multiple_systems.overlap_table import OverlapTable
from methods.multiple_systems.poisson_fits import Fitter
from tests.methods.multiple_systems.published_tables import KOREA, KOSOVO


def counts_of(table: OverlapTable) -> np.ndarray:
    return table.counts[1:].astype(float)


def test_downhill_finds_the_published_estimates() -> None:
    """Korea: MultipleSystemsEstimation 1.2.0, user guide; Kosovo: Silverman, Chan and Vincent (2024), 14,342."""
    found = downhill(Fitter(ModelSpace(3)), counts_of(KOREA)[None, :])
    assert round(123 + found.unseen[0], 4) == 157.1667
    assert round(found.bic[0], 5) == 57.14081
    found = downhill(Fitter(ModelSpace(4)), counts_of(KOSOVO)[None, :])
    assert round(4400 + found.unseen[0]) == 14_342


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=7, max_size=7).filter(lambda counts: sum(map(bool, counts)) > 3))
def test_no_neighbour_of_the_chosen_model_has_a_smaller_bic(counts: list[int]) -> None:
    fitter = Fitter(ModelSpace(3))
    table = np.array(counts, dtype=float)
    found = downhill(fitter, table[None, :])
    near = fitter.space.changes(found.models)[0].nonzero()[0]
    models = np.tile(found.models[0], (len(near), 1))
    models[np.arange(len(near)), near] ^= True
    assert not (fitter.fit(np.tile(table, (len(near), 1)), models).bic < found.bic[0] - 1e-6).any()


def test_a_search_over_many_tables_chooses_what_it_chooses_for_each_alone() -> None:
    space = ModelSpace(4)
    drawn = np.random.default_rng(3).multinomial(300, counts_of(KOSOVO) / 4400, size=12).astype(float)
    together = downhill(Fitter(space), drawn)
    for row in range(0, 12, 4):
        alone = downhill(Fitter(space), drawn[row : row + 1])
        assert (alone.models[0] == together.models[row]).all()
        assert alone.unseen[0] == pytest.approx(together.unseen[row], rel=1e-9)


def test_the_best_models_stand_by_bic_and_hold_the_chosen_one() -> None:
    fitter = Fitter(ModelSpace(3))
    counts = counts_of(KOREA)
    chosen = downhill(fitter, counts[None, :]).models[0]
    best = best_models(fitter, counts, chosen, KOREA.lists)
    assert [one.model for one in best[:2]] == [["b:c", "c:d"], ["b:c"]]
    assert [one.bic for one in best] == sorted(one.bic for one in best)
    assert len(best) == 6  # two of the eight have no estimate


def test_where_all_models_are_too_many_the_neighbours_of_the_chosen_one_are_ranked() -> None:
    space = ModelSpace(6)
    counts = np.random.default_rng(5).poisson(20, 63).astype(float)
    fitter = Fitter(space)
    best = best_models(fitter, counts, space.independence, tuple("ABCDEF"))
    assert len(best) == 10
    assert best[0].bic <= fitter.fit(counts[None, :], space.independence[None, :]).bic[0]
