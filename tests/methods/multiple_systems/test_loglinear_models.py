"""Models as bit patterns: all of them, each hierarchical, none missing."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest

from methods.multiple_systems.loglinear_models import ModelSpace


def by_hand(lists: int, max_order: int) -> set[frozenset[frozenset[int]]]:
    """Every set of interactions that holds all parts of its members."""
    groups = [frozenset(g) for size in range(2, max_order + 1) for g in combinations(range(lists), size)]
    found: set[frozenset[frozenset[int]]] = set()
    for chosen in product((False, True), repeat=len(groups)):
        model = frozenset(group for group, is_in in zip(groups, chosen, strict=True) if is_in)
        if all(frozenset(part) in model for g in model if len(g) > 2 for part in combinations(g, len(g) - 1)):
            found.add(model)
    return found


@pytest.mark.parametrize(("lists", "max_order"), [(3, 1), (3, 2), (4, 2), (4, 3)])
def test_all_hierarchical_models_are_found_each_once(lists: int, max_order: int) -> None:
    space = ModelSpace(lists, max_order)
    models = space.all_models(1_000)
    assert models is not None
    names = tuple("ABCD"[:lists])
    found = {frozenset(frozenset(map(names.index, one.split(":"))) for one in space.names(m, names)) for m in models}
    assert len(models) == len(found)
    assert found == by_hand(lists, max_order)


def test_more_models_than_asked_for_are_not_listed() -> None:
    assert ModelSpace(4, 2).all_models(63) is None
    models = ModelSpace(4, 2).all_models(64)
    assert models is not None
    assert len(models) == 64


def test_an_effect_of_all_lists_is_left_out() -> None:
    assert ModelSpace(3, 3).effects.tolist() == ModelSpace(3, 2).effects.tolist() == [0, 1, 2, 4, 3, 5, 6]


def test_changes_keep_a_model_hierarchical() -> None:
    space = ModelSpace(3, 2)
    assert space.changes(space.independence[None, :]).sum() == 3
    larger = ModelSpace(4, 3)
    triangle = larger.model_of([(0, 1, 2)])
    assert larger.names(triangle, ("A", "B", "C", "D")) == ["A:B", "A:C", "B:C", "A:B:C"]
    allowed = larger.names(larger.changes(triangle[None, :])[0], ("A", "B", "C", "D"))
    assert allowed == ["A:D", "B:D", "C:D", "A:B:C"]  # no pair of the triangle may go before the triangle


def test_the_design_says_which_cells_an_effect_covers() -> None:
    space = ModelSpace(3, 2)
    for row, cell in zip(space.design, range(1, 8), strict=True):
        assert row.tolist() == [float(effect & cell == effect) for effect in space.effects.tolist()]
    assert np.array_equal(space.products[4].reshape(7, 7), np.outer(space.design[4], space.design[4]))
