"""Intervals of hidden cells of anybody's tables, against counting out every whole table."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from methods.disclosure.cell_tables import Printed, TableProblem, build_table
from methods.disclosure.intervals import Intervals, intervals

Row = tuple[str, ...]


def printed(values: dict[Row, int], names: Sequence[str], hidden: set[Row] = frozenset(), most: float = np.inf) -> list[Printed]:
    """Rows with their figures; of hidden ones nothing, or that they are 1 to `most`."""
    rows: list[Printed] = []
    for number, (key, value) in enumerate(values.items(), start=2):
        coordinates = dict(zip(names, key, strict=True))
        if key not in hidden:
            rows.append(Printed(coordinates, value, value, "open", f"table:{number}"))
        elif np.isinf(most):
            rows.append(Printed(coordinates, 0, most, "hidden", f"table:{number}"))
        else:
            rows.append(Printed(coordinates, 1, most, "marked", f"table:{number}"))
    return rows


def cube(counts: dict[Row, int]) -> dict[Row, int]:
    """All margins of counts in whole crosses."""
    result: dict[Row, int] = {}
    for key, count in counts.items():
        for shown in product(*((code, "_T") for code in key)):
            result[shown] = result.get(shown, 0) + count
    return result


def asked(rows: list[Printed], names: Sequence[str], **options: str) -> dict[Row, tuple[float, float]]:
    table = build_table(rows, names, **options)  # pyright: ignore[reportArgumentType]
    found = intervals(table, table.hidden)
    assert found.certified[table.hidden].all()
    return {table.keys[cell]: (found.lower[cell], found.upper[cell]) for cell in np.flatnonzero(table.hidden)}


def counted_out(values: dict[Row, int], leaves: list[Row], hidden: set[Row]) -> dict[Row, tuple[float, float]]:
    """The true interval of each hidden cell: every way to fill the leaves that keeps all printed figures."""
    total = sum(values[leaf] for leaf in leaves)
    cover = {key: [n for n, leaf in enumerate(leaves) if _inside(leaf, key)] for key in values}
    low, high = dict.fromkeys(hidden, np.inf), dict.fromkeys(hidden, -np.inf)
    spans = [range(total + 1) if leaf in hidden else [values[leaf]] for leaf in leaves]
    for filling in product(*spans):
        sums = {key: sum(filling[n] for n in inside) for key, inside in cover.items()}
        if all(sums[key] == value for key, value in values.items() if key not in hidden):
            for key in hidden:
                low[key], high[key] = min(low[key], sums[key]), max(high[key], sums[key])
    return {key: (low[key], high[key]) for key in hidden}


def _inside(leaf: Row, key: Row) -> bool:
    return all(code in {own, "_T"} for own, code in zip(leaf, key, strict=True))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_an_interval_is_the_one_that_counting_out_every_whole_table_gives(data: st.DataObject) -> None:
    shape = data.draw(st.sampled_from([(2, 2), (2, 3), (3, 3), (2, 2, 2)]))
    leaves = list(product(*([f"{name}{n}" for n in range(size)] for name, size in zip("abc", shape, strict=False))))
    counts = {leaf: data.draw(st.integers(0, 3)) for leaf in leaves}
    values = cube(counts)
    grand = ("_T",) * len(shape)
    assume(values[grand] <= 9)
    hidden_leaves = data.draw(st.sets(st.sampled_from(leaves), min_size=1, max_size=5))
    margins = [key for key in values if "_T" in key and key != grand]
    hidden = hidden_leaves | data.draw(st.sets(st.sampled_from(margins), max_size=3))
    names = ["first", "second", "third"][: len(shape)]
    assert asked(printed(values, names, hidden), names) == counted_out(values, leaves, hidden)


def test_three_two_way_tables_tell_of_crosses_that_none_of_them_lists() -> None:
    counts = {key: n for n, key in enumerate(product("ab", "cd", "ef"))}
    values = {key: value for key, value in cube(counts).items() if "_T" in key}
    hidden = {("a", "c", "_T"), ("a", "d", "_T"), ("b", "c", "_T"), ("b", "d", "_T")}
    names = ["first", "second", "third"]
    leaves = list(counts)
    with_crosses = asked(printed(values, names, hidden), names)
    truth = counted_out_open(values, leaves, hidden)
    assert with_crosses == truth


def counted_out_open(values: dict[Row, int], leaves: list[Row], hidden: set[Row]) -> dict[Row, tuple[float, float]]:
    """As `counted_out`, where no leaf is listed: one free cell at a time, the others follow from the margins."""
    low, high = dict.fromkeys(hidden, np.inf), dict.fromkeys(hidden, -np.inf)
    total = values[("_T", "_T", "_T")]
    for a, b, c, d in product(range(total + 1), repeat=4):
        # the crosses of (x, y, e); those of f follow from the shown tables of first x third and second x third
        for filling in _followed((a, b, c, d), values):
            sums = {key: sum(n for leaf, n in zip(leaves, filling, strict=True) if _inside(leaf, key)) for key in values}
            if all(sums[key] == value for key, value in values.items() if key not in hidden):
                for key in hidden:
                    low[key], high[key] = min(low[key], sums[key]), max(high[key], sums[key])
    return {key: (low[key], high[key]) for key in hidden}
