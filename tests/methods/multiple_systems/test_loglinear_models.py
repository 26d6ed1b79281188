"""Models as bit patterns: all of them, none missing."""

from __future__ import annotations

from itertools import combinations, compress, product

import numpy as np
import pytest

from methods.multiple_systems.loglinear_models import ModelSpace


@pytest.mark.parametrize("lists", [3, 4])
def test_every_set_of_pairs_is_found_once(lists: int) -> None:
    space, names = ModelSpace(lists), tuple("ABCD"[:lists])
    models = space.all_models(1_000)
    assert models is not None
    pairs = [f"{one}:{other}" for one, other in combinations(names, 2)]
    chosen = product((False, True), repeat=len(pairs))
    expected = {frozenset(compress(pairs, are_in)) for are_in in chosen}
    assert len(models) == len(expected)
    assert {frozenset(space.names(model, names)) for model in models} == expected


def test_more_models_than_asked_for_are_not_listed() -> None:
    assert ModelSpace(4).all_models(63) is None
    models = ModelSpace(4).all_models(64)
    assert models is not None
    assert len(models) == 64


def test_an_effect_of_all_lists_is_left_out() -> None:
    assert ModelSpace(2).effects.tolist() == [0, 1, 2]
    assert ModelSpace(3).effects.tolist() == [0, 1, 2, 4, 3, 5, 6]


def test_each_pair_may_enter_a_model_or_leave_it() -> None:
    space, names = ModelSpace(4), ("A", "B", "C", "D")
    models = np.array([space.independence, space.model_of([(0, 1), (2, 3)])])
    pairs = ["A:B", "A:C", "A:D", "B:C", "B:D", "C:D"]
    assert [space.names(allowed, names) for allowed in space.changes(models)] == [pairs, pairs]


def test_the_design_says_which_cells_an_effect_covers() -> None:
    space = ModelSpace(3)
    for row, cell in zip(space.design, range(1, 8), strict=True):
        assert row.tolist() == [float(effect & cell == effect) for effect in space.effects.tolist()]
    assert np.array_equal(space.products[4].reshape(7, 7), np.outer(space.design[4], space.design[4]))
