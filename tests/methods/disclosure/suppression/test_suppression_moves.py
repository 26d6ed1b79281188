"""Cell suppression: the known optima, trying every pattern, and what neither protector may do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from methods.disclosure.listed_tables.cell_intervals import reaches
from methods.disclosure.listed_tables.cell_tables import CellTable, ListedCount, TableProblem, build_table
from methods.disclosure.rounding.additive_rounding import controlled_rounding
from methods.disclosure.rounding.rounding_of_tables import base_columns, rounding_model
from methods.disclosure.suppression.suppression_greedy import find_greedy_pattern
from methods.disclosure.suppression.suppression_moves import (
    NotProtected,
    SuppressionProblem,
    complete_counts,
    levels_problem,
    threshold_problem,
)
from methods.disclosure.suppression.suppression_optimal import bound_pattern, find_optimal_pattern

# Two-way tables with one proved cheapest pattern each: rows and columns end with their totals.
KNOWN = [
    pytest.param(
        [[20, 50, 10, 80], [8, 19, 22, 49], [17, 32, 12, 61], [45, 101, 44, 190]],
        {(1, 2): (6.6, 6.6)},
        37,
        {(1, 0), (1, 2), (2, 0), (2, 2)},
        id="one primary cell",
    ),
    pytest.param(
        [[2, 18, 20], [19, 14, 33], [10, 12, 22], [14, 11, 25], [45, 55, 100]],
        {(0, 0): (2, 3), (2, 0): (3, 3)},
        55,
        {(0, 0), (0, 1), (2, 0), (2, 1), (3, 0), (3, 1)},
        id="two primary cells",
    ),
]


def two_way(grid: Sequence[Sequence[int]]) -> CellTable:
    rows: list[ListedCount] = []
    for i, line in enumerate(grid):
        for j, value in enumerate(line):
            row = "_T" if i == len(grid) - 1 else f"r{i}"
            column = "_T" if j == len(line) - 1 else f"c{j}"
            rows.append(ListedCount({"row": row, "column": column}, value, value, "open", f"t:{i}"))
    return build_table(rows, ["row", "column"])


def cube(counts: dict[tuple[str, ...], int]) -> CellTable:
    values: dict[tuple[str, ...], int] = {}
    for key, count in counts.items():
        for shown in product(*((code, "_T") for code in key)):
            values[shown] = values.get(shown, 0) + count
    names = ["first", "second", "third"][: len(next(iter(counts)))]
    rows = [ListedCount(dict(zip(names, key, strict=True)), v, v, "open", "t:2") for key, v in values.items()]
    return build_table(rows, names)


def audited(table: CellTable, problem: SuppressionProblem, hidden: np.ndarray) -> bool:
    """Whether whole tables show all that is asked, by the auditor that shares nothing with the protectors."""
    seen = replace(
        table, lower=np.where(hidden, 0.0, table.lower), upper=np.where(hidden, np.inf, table.upper), hidden=hidden
    )
    asked = problem.needs & hidden
    lowest = np.where(asked, problem.values - problem.down, np.inf)
    return reaches(seen, lowest, np.where(asked, problem.values + problem.up, -np.inf))


@pytest.mark.parametrize(("grid", "levels", "cost", "cells"), KNOWN)
def test_the_known_optima_are_found_and_proved(
    grid: list[list[int]], levels: dict[tuple[int, int], tuple[float, float]], cost: int, cells: set[tuple[int, int]]
) -> None:
    table, width = two_way(grid), len(grid[0])
    primary, down, up = np.zeros(len(table.lower), dtype=bool), np.zeros(len(table.lower)), np.zeros(len(table.lower))
    for (i, j), (lower, upper) in levels.items():
        primary[i * width + j], down[i * width + j], up[i * width + j] = True, lower, upper
    problem = levels_problem(table, primary, down, up)
    found = find_optimal_pattern(problem)
    assert (found.cost, found.bound, found.proved_optimal) == (cost, cost, True)
    assert {divmod(int(cell), width) for cell in np.flatnonzero(found.hidden)} == cells
    assert audited(table, problem, found.hidden)
    assert find_greedy_pattern(problem).cost == cost


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_the_optimum_is_that_of_trying_every_pattern_and_greedy_is_never_cheaper(data: st.DataObject) -> None:
    shape = data.draw(st.sampled_from([(2, 2), (2, 3)]))
    counts = {
        key: data.draw(st.sampled_from([0, 0, 1, 2, 3, 5, 6, 9, 12]))
        for key in product(*([f"{name}{n}" for n in range(size)] for name, size in zip("ab", shape, strict=True)))
    }
    table = cube(counts)
    problem = threshold_problem(table, data.draw(st.sampled_from([3, 5])), by_value=data.draw(st.booleans()))
    assume(problem.primary.any() and (~problem.always).sum() <= 9)
    candidates = np.flatnonzero(~problem.always)
    costs: list[float] = []
    for chosen in product([False, True], repeat=len(candidates)):
        hidden = problem.always.copy()
        hidden[candidates[list(chosen)]] = True
        if problem.cost(hidden) < min(costs, default=np.inf) and audited(table, problem, hidden):
            costs.append(problem.cost(hidden))
    if not costs:
        with pytest.raises(NotProtected):
            find_optimal_pattern(problem, accepted=lambda hidden: audited(table, problem, hidden))
        return
    best, fast = (
        find_optimal_pattern(problem, accepted=lambda hidden: audited(table, problem, hidden)),
        find_greedy_pattern(problem),
    )
    assert best.proved_optimal
    assert best.cost == min(costs) <= fast.cost
    assert audited(table, problem, fast.hidden)


def three_way() -> CellTable:
    random = np.random.default_rng(3)
    return cube({key: int(random.poisson(6)) for key in product("abcd", "ef", "gh")})


def test_three_way_tables_are_protected_by_both() -> None:
    table = three_way()
    problem = threshold_problem(table, 5)
    best, fast = find_optimal_pattern(problem), find_greedy_pattern(problem)
    assert best.proved_optimal and problem.primary.any()
    assert best.cost <= fast.cost
    for pattern in (best, fast):
        assert audited(table, problem, pattern.hidden)
        assert (pattern.hidden[problem.primary]).all()


def test_publishing_any_hidden_cell_of_an_optimal_pattern_breaks_it() -> None:
    table = three_way()
    problem = threshold_problem(table, 5)
    hidden = find_optimal_pattern(problem).hidden
    for cell in np.flatnonzero(hidden & ~problem.always):
        fewer = hidden.copy()
        fewer[cell] = False
        assert not audited(table, problem, fewer)


def test_a_time_out_keeps_the_bound_and_never_says_optimal() -> None:
    problem = threshold_problem(three_way(), 5)
    try:
        found = find_optimal_pattern(problem, seconds=0.0)
    except NotProtected as error:
        assert not error.in_time
    else:
        assert not found.proved_optimal and (found.bound or 0.0) <= found.cost


@pytest.mark.parametrize("seed", range(4))
def test_no_pattern_costs_less_than_what_the_relaxed_master_says_of_a_greedy_one(seed: int) -> None:
    random = np.random.default_rng(seed)
    table = cube({(f"a{i}", f"b{j}"): int(random.integers(0, 14)) for i in range(5) for j in range(4)})
    problem = threshold_problem(table, 5)
    found, cheapest = bound_pattern(problem, find_greedy_pattern(problem), 60.0), find_optimal_pattern(problem)
    assert found.bound is not None
    assert 0 < found.bound <= cheapest.cost <= found.cost
    assert found.proved_optimal == (found.bound == found.cost)


def test_a_greedy_pattern_without_time_for_a_bound_has_none() -> None:
    problem = threshold_problem(three_way(), 5)
    found = bound_pattern(problem, find_greedy_pattern(problem), 0.0)
    assert (found.bound, found.proved_optimal) == (None, False)


def test_a_pattern_that_the_audit_refuses_is_never_returned() -> None:
    table = three_way()
    problem = threshold_problem(table, 5)
    first = find_optimal_pattern(problem).hidden
    other = find_optimal_pattern(
        problem, accepted=lambda hidden: bool((hidden != first).any()) and audited(table, problem, hidden)
    )
    assert (other.hidden != first).any()
    assert other.cost >= problem.cost(first)


def test_what_cannot_be_protected_is_said() -> None:
    table = build_table([ListedCount({"form": "x"}, 2, 2, "open", "t:2")], ["form"])
    assert find_greedy_pattern(threshold_problem(table, 5)).cost == 0  # no sum tells of it
    alone = cube({("a", "b"): 2, ("c", "b"): 0})
    down, up = np.full(len(alone.lower), 2.0), np.full(len(alone.lower), 1e9)
    primary = np.zeros(len(alone.lower), dtype=bool)
    primary[0] = True
    assert find_greedy_pattern(levels_problem(alone, primary, down, up)).cost > 0


def test_a_table_that_does_not_add_up_is_not_protected() -> None:
    with pytest.raises(TableProblem) as refused:
        complete_counts(two_way([[1, 2, 3], [4, 5, 9], [5, 7, 13]]))
    assert refused.value.code == "protect_does_not_add_up"


def test_two_way_tables_of_three_dimensions_are_protected_against_their_crosses() -> None:
    full = three_way()
    listed = [
        ListedCount(dict(zip(full.dimensions, key, strict=True)), value, value, "open", "t:2")
        for key, value in zip(full.keys, full.lower, strict=True)
        if "_T" in key
    ]
    table = build_table(listed, full.dimensions)
    assert table.unlisted == 16
    problem = threshold_problem(table, 15)
    found = find_greedy_pattern(problem)
    assert problem.primary.any() and audited(table, problem, found.hidden)


def test_rounding_of_any_table_adds_up_and_stays_within_the_base() -> None:
    table = three_way()
    model = rounding_model(table)
    values = complete_counts(table)
    printed = controlled_rounding(model, values[base_columns(table)], key=b"k", label="table")
    rounded = np.zeros(len(table.lower))
    rounded[table.listed] = printed
    assert not (table.families @ rounded).any()
    assert (np.abs(rounded - values) < 5).all() and not (printed % 5).any()
