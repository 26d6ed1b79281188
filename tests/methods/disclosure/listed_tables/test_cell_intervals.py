"""Intervals of hidden cells of anybody's tables, against counting out every whole table."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import product
from typing import Literal

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from methods.disclosure.listed_tables.cell_intervals import intervals, judge
from methods.disclosure.listed_tables.cell_tables import CellTable, Hierarchy, ListedCount, TableProblem, build_table

Row = tuple[str, ...]


def printed(
    values: dict[Row, int], names: Sequence[str], hidden: AbstractSet[Row] = frozenset(), most: float = np.inf
) -> list[ListedCount]:
    """Rows with their figures; of hidden ones nothing, or that they are 1 to `most`."""
    rows: list[ListedCount] = []
    for number, (key, value) in enumerate(values.items(), start=2):
        coordinates = dict(zip(names, key, strict=True))
        if key not in hidden:
            rows.append(ListedCount(coordinates, value, value, "open", f"table:{number}"))
        elif np.isinf(most):
            rows.append(ListedCount(coordinates, 0, most, "hidden", f"table:{number}"))
        else:
            rows.append(ListedCount(coordinates, 1, most, "marked", f"table:{number}"))
    return rows


def cube(counts: dict[Row, int]) -> dict[Row, int]:
    """All margins of counts in whole crosses."""
    result: dict[Row, int] = {}
    for key, count in counts.items():
        for shown in product(*((code, "_T") for code in key)):
            result[shown] = result.get(shown, 0) + count
    return result


def asked(rows: list[ListedCount], names: Sequence[str], **options: str) -> dict[Row, tuple[float, float]]:
    table = build_table(rows, names, **options)  # pyright: ignore[reportArgumentType]
    found = intervals(table, table.hidden)
    assert found.certified[table.hidden].all()
    return {table.keys[cell]: (found.lower[cell], found.upper[cell]) for cell in np.flatnonzero(table.hidden)}


def counted_out(
    values: dict[Row, int], leaves: list[Row], hidden: set[Row], box: tuple[float, float] = (0, np.inf)
) -> dict[Row, tuple[float, float]]:
    """The true interval of each hidden cell: every way to fill the leaves that keeps all printed figures."""
    most = sum(values[leaf] for leaf in leaves) if np.isinf(box[1]) else int(box[1])
    cover = {key: [n for n, leaf in enumerate(leaves) if _inside(leaf, key)] for key in values}
    low, high = dict.fromkeys(hidden, np.inf), dict.fromkeys(hidden, -np.inf)
    spans = [range(most + 1) if leaf in hidden else [values[leaf]] for leaf in leaves]
    for filling in product(*spans):
        sums = {key: sum(filling[n] for n in inside) for key, inside in cover.items()}
        shown = all(sums[key] == value for key, value in values.items() if key not in hidden)
        if shown and all(box[0] <= sums[key] <= box[1] for key in hidden):
            for key in hidden:
                low[key], high[key] = min(low[key], sums[key]), max(high[key], sums[key])
    return {key: (low[key], high[key]) for key in hidden}


def _inside(leaf: Row, key: Row) -> bool:
    return all(code in {own, "_T"} for own, code in zip(leaf, key, strict=True))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_an_interval_is_the_one_that_counting_out_every_whole_table_gives(data: st.DataObject) -> None:
    shape = data.draw(st.sampled_from([(2, 2), (2, 3), (3, 3), (2, 2, 2)]))
    leaves = list(product(*([f"{name}{n}" for n in range(size)] for name, size in zip("abc", shape, strict=False))))
    counts = {leaf: data.draw(st.integers(0, 3)) for leaf in leaves}
    values = cube(counts)
    grand = ("_T",) * len(shape)
    assume(values[grand] <= 8)
    hidden_leaves = data.draw(st.sets(st.sampled_from(leaves), min_size=1, max_size=5))
    margins = [key for key in values if "_T" in key and key != grand]
    hidden = hidden_leaves | data.draw(st.sets(st.sampled_from(margins), max_size=3))
    names = ["first", "second", "third"][: len(shape)]
    assert asked(printed(values, names, hidden), names) == counted_out(values, leaves, hidden)


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_marks_with_bounds_are_counted_out_alike(data: st.DataObject) -> None:
    leaves = list(product(["a1", "a2"], ["b1", "b2", "b3"]))
    values = cube({leaf: data.draw(st.integers(0, 4)) for leaf in leaves})
    small = [key for key, value in values.items() if 1 <= value <= 4]
    assume(small)
    hidden = data.draw(st.sets(st.sampled_from(small), min_size=1, max_size=6))
    names = ["first", "second"]
    found = asked(printed(values, names, hidden, most=4), names)
    assert found == counted_out(values, leaves, hidden, (1, 4))


def test_large_figures_are_bounded_exactly() -> None:
    values = cube({("a", "c"): 2_000_003, ("a", "d"): 7, ("b", "c"): 5_000_001, ("b", "d"): 900_000_000})
    hidden = {key for key in values if "_T" not in key}
    found = asked(printed(values, ["first", "second"], hidden), ["first", "second"])
    assert found["a", "d"] == (0, 2_000_010)
    assert found["b", "d"] == (897_999_997, 900_000_007)


def test_three_two_way_tables_tell_of_crosses_that_none_of_them_lists() -> None:
    counts = dict(zip(product("ab", "cd", "ef"), (1, 0, 0, 1, 0, 1, 1, 0), strict=True))
    values = {key: value for key, value in cube(counts).items() if "_T" in key}
    hidden = {("a", "c", "_T"), ("a", "d", "_T"), ("b", "c", "_T"), ("b", "d", "_T")}
    names = ["first", "second", "third"]
    leaves = list(counts)
    every = [filling for filling in product(range(3), repeat=len(leaves)) if _agrees(filling, leaves, values, hidden)]
    sums = {
        key: [sum(n for leaf, n in zip(leaves, one, strict=True) if _inside(leaf, key)) for one in every]
        for key in hidden
    }
    assert asked(printed(values, names, hidden), names) == {key: (min(all_), max(all_)) for key, all_ in sums.items()}


def _agrees(filling: tuple[int, ...], leaves: list[Row], values: dict[Row, int], hidden: set[Row]) -> bool:
    return all(
        sum(n for leaf, n in zip(leaves, filling, strict=True) if _inside(leaf, key)) == value
        for key, value in values.items()
        if key not in hidden
    )


def row_of(total: int, *parts: ListedCount) -> list[ListedCount]:
    return [*parts, ListedCount({"form": "_T"}, total, total, "open", "table:9")]


def part(
    code: str, lower: float, upper: float | None = None, state: Literal["open", "hidden", "marked"] = "open"
) -> ListedCount:
    return ListedCount({"form": code}, lower, lower if upper is None else upper, state, f"table:{code}")


def test_subtraction_and_nonnegativity_give_hidden_cells_away() -> None:
    hidden = part("y", 0, np.inf, "hidden")
    assert asked(row_of(9, part("x", 7), hidden), ["form"]) == {("y",): (2, 2)}
    both = [part("y", 0, np.inf, "hidden"), part("z", 0, np.inf, "hidden")]
    assert asked(row_of(5, part("x", 5), *both), ["form"]) == {("y",): (0, 0), ("z",): (0, 0)}


def test_a_pair_below_the_threshold_is_not_exact_and_not_safe() -> None:
    both = [part("y", 0, np.inf, "hidden"), part("z", 0, np.inf, "hidden")]
    table = build_table(row_of(23, part("x", 20), *both), ["form"])
    verdicts = judge(table, intervals(table, table.hidden))
    assert not verdicts.exact.any() and not verdicts.safe.any()
    roomy = build_table(row_of(40, part("x", 20), *both), ["form"])
    assert judge(roomy, intervals(roomy, roomy.hidden)).safe.sum() == 2


def test_marks_are_judged_by_what_they_leave_unless_a_threshold_is_given() -> None:
    marks = [part(code, 1, 4, "marked") for code in "xyz"]
    table = build_table(row_of(8, *marks), ["form"])
    found = intervals(table, table.hidden)
    assert judge(table, found).safe.sum() == 3
    assert not judge(table, found, threshold=5).safe.any()
    narrow = build_table(row_of(11, *marks), ["form"])
    assert not judge(narrow, intervals(narrow, narrow.hidden)).safe.any()


def test_a_hidden_cell_without_any_sum_has_no_upper_bound() -> None:
    table = build_table([part("x", 0, np.inf, "hidden")], ["form"])
    found = intervals(table, table.hidden)
    assert (found.lower[0], found.upper[0], bool(found.certified[0])) == (0, np.inf, True)


def test_a_figure_in_another_table_gives_the_hidden_cell_away() -> None:
    names = ["area", "form", "sex"]
    by_form = [
        ListedCount({"area": "N", "form": "a"}, 0, np.inf, "hidden", "form.csv:2"),
        ListedCount({"area": "N", "form": "b"}, 0, np.inf, "hidden", "form.csv:3"),
        ListedCount({"area": "N", "form": "_T"}, 0, np.inf, "hidden", "form.csv:4"),
        ListedCount({"area": "_T", "form": "a"}, 9, 9, "open", "form.csv:5"),
    ]
    by_sex = [
        ListedCount({"area": "N", "sex": code}, count, count, "open", "sex.csv:2")
        for code, count in (("F", 4), ("M", 7))
    ]
    by_sex.append(ListedCount({"area": "N"}, 11, 11, "open", "sex.csv:4"))
    assert asked([*by_form, *by_sex], names)["N", "_T", "_T"] == (11, 11)


def test_a_hierarchy_ties_regions_to_their_parts() -> None:
    rows = [
        ListedCount({"area": "R"}, 31, 31, "open", "t:2"),
        ListedCount({"area": "r1"}, 14, 14, "open", "t:3"),
        ListedCount({"area": "r2"}, 15, 15, "open", "t:4"),
        ListedCount({"area": "r3"}, 0, np.inf, "hidden", "t:5"),
    ]
    table = build_table(rows, ["area"], {"area": {"R": ["r1", "r2", "r3"]}})
    assert intervals(table, table.hidden).upper[3] == 2


def test_a_missing_margin_is_unknown_and_never_zero() -> None:
    values = cube({("a", "c"): 3, ("a", "d"): 4, ("b", "c"): 5, ("b", "d"): 6})
    del values["b", "_T"]
    rows = printed(values, ["first", "second"], {("a", "c"), ("b", "c")})
    for absent in ("unknown", "zero"):
        table = build_table(rows, ["first", "second"], absent=absent)  # pyright: ignore[reportArgumentType]
        found = intervals(table, table.hidden)
        cell = table.keys.index(("a", "c"))
        assert found.lower[cell] <= 3 <= found.upper[cell] and not found.contradictions


def test_rows_left_out_are_anything_or_nothing_as_told() -> None:
    rows = [part("R", 10), part("r1", 4), part("r2", 0, np.inf, "hidden")]
    found: list[tuple[float, float]] = []
    for absent in ("unknown", "zero"):
        table = build_table(rows, ["form"], {"form": {"R": ["r1", "r2", "r3"]}}, absent=absent)  # pyright: ignore[reportArgumentType]
        bounds = intervals(table, table.hidden)
        found.append((bounds.lower[2], bounds.upper[2]))
        assert table.unlisted == 1
    assert found == [(0, 6), (6, 6)]


def test_sums_that_contradict_each_other_are_named_and_the_rest_is_audited() -> None:
    rows = printed({("a", "_T"): 5, ("b", "_T"): 4, ("_T", "_T"): 10}, ["first", "second"])
    rows += printed({("a", "c"): 5, ("a", "d"): 0}, ["first", "second"], {("a", "c")})
    table = build_table(rows, ["first", "second"])
    found = intervals(table, table.hidden)
    named = [[(table.keys[table.wholes()[f]], table.along[f]) for f in families] for families in found.contradictions]
    assert named == [[(("_T", "_T"), "first")]]
    assert found.lower[3] == found.upper[3] == 5
    assert not found.doubtful[3]


def test_a_contradiction_that_no_single_sum_shows_is_found_with_nothing_to_spare() -> None:
    values = {("a", "c"): 2, ("a", "d"): 2, ("a", "_T"): 4, ("b", "c"): 2, ("b", "d"): 2, ("b", "_T"): 4}
    values |= {("_T", "c"): 5, ("_T", "d"): 4, ("_T", "_T"): 8}
    rows = printed(values, ["first", "second"], {("a", "c"), ("a", "d"), ("b", "c"), ("b", "d"), ("_T", "_T")})
    table = build_table(rows, ["first", "second"])
    found = intervals(table, table.hidden)
    assert len(found.contradictions) == 2  # the two sums of the hidden total; the sums of rows and of columns
    for families in found.contradictions:
        assert len(families) > 1
        assert contradicted(table, list(families))
        for spared in families:
            assert not contradicted(table, [family for family in families if family != spared])
    assert not (judge(table, found).safe & found.doubtful).any()


def contradicted(table: CellTable, families: list[int]) -> bool:
    fewer = replace(table, families=table.families[families], along=[table.along[family] for family in families])
    return bool(intervals(fewer, table.hidden).contradictions)


def test_a_cell_with_two_figures_is_unknown_and_told() -> None:
    rows = row_of(9, part("x", 7), part("x", 6), part("y", 0, np.inf, "hidden"), part("y", 0, np.inf, "hidden"))
    table = build_table(rows, ["form"])
    assert table.conflicts == [("table:x", "table:x")]
    assert table.repeated == 2
    assert intervals(table, table.hidden).upper[1] == 9


@pytest.mark.parametrize(
    ("rows", "hierarchy", "code"),
    [
        ([], {}, "table_no_rows"),
        ([part("x", 1)], {"area": {}}, "hierarchy_dimension"),
        ([part("x", 1)], {"form": {"x": ["y"], "y": ["z"], "z": ["x"]}}, "hierarchy_cycle"),
        ([part("x", 1)], {"form": {"x": ["x"]}}, "hierarchy_cycle"),
    ],
)
def test_what_is_no_table_or_no_hierarchy_is_refused(rows: list[ListedCount], hierarchy: Hierarchy, code: str) -> None:
    with pytest.raises(TableProblem) as refused:
        build_table(rows, ["form"], hierarchy)
    assert refused.value.code == code


def test_a_part_of_two_wholes_is_no_cycle() -> None:
    table = build_table([part("x", 1)], ["form"], {"form": {"p": ["x", "y"], "q": ["x", "z"], "y": ["w"]}})
    assert table.families.shape[0] == 2


def test_without_time_nothing_is_certified_and_the_bounds_still_hold() -> None:
    values = cube({(a, b): 3 for a in "abc" for b in "def"})
    hidden = {(a, b) for a in "abc" for b in "def"}
    table = build_table(printed(values, ["first", "second"], hidden), ["first", "second"])
    found = intervals(table, table.hidden, seconds=0.0)
    assert not found.certified[table.hidden].any()
    assert (found.lower[table.hidden] <= 3).all() and (found.upper[table.hidden] >= 3).all()
