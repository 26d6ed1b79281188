"""The overlap table: order, sums, nested lists, marks of rounding, lists left out."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from methods.multiple_systems.overlap_table import OverlapTable, chao_lower_bound
from tests.methods.multiple_systems.published_tables import KOREA, KOSOVO, UK_5, table


def test_neither_the_order_of_columns_nor_of_rows_nor_rows_of_zero_nor_rows_in_two_parts_change_the_table() -> None:
    rows = {(0, 0, 1): 41, (0, 1, 0): 5, (1, 0, 0): 5, (1, 1, 0): 54, (1, 0, 1): 6, (1, 1, 1): 12}
    for order in permutations(range(3)):
        lists = ["bcd"[place] for place in order]
        turned = [(tuple(pattern[place] for place in order), n) for pattern, n in reversed(rows.items())]
        parted = [*((pattern, n - 1) for pattern, n in turned), *((pattern, 1) for pattern, _ in turned)]
        for given in (turned, parted, [*turned, ((0, 0, 0), 0)]):
            found = OverlapTable.from_patterns(lists, given)
            assert found.lists == KOREA.lists
            assert found.counts.tolist() == KOREA.counts.tolist()


def test_persons_and_overlaps_are_counted() -> None:
    assert (KOREA.observed, KOREA.overlaps) == (123, 72)
    assert (KOSOVO.observed, UK_5.observed, UK_5.overlaps) == (4400, 2744, 221)


def test_a_list_inside_another_is_found_and_of_two_equal_ones_the_later() -> None:
    assert KOREA.nested_lists == []
    assert table("A B C", "100:9 110:4 101:2 001:5 111:1").nested_lists == ["B"]
    assert table("A B C", "110:4 111:2 001:5").nested_lists == ["B"]
    assert table("A B C", "100:9 110:4 010:1 101:2 001:5").nested_lists == []


def test_a_list_that_shares_nobody_is_found() -> None:
    assert table("A B C", "100:40 010:30 001:20 110:6").lists_without_overlap == ["C"]
    assert table("A B C", "100:40 010:30 110:6").lists_without_overlap == ["C"]
    assert KOREA.lists_without_overlap == []


@pytest.mark.parametrize(
    ("rows", "base"),
    [
        ("100:40 010:30 001:20 110:6", None),  # one count is no multiple
        ("100:45 010:30 001:20", None),  # three multiples of 5 may be chance: 1 in 125
        ("100:45 010:30 001:20 110:5", 5),  # four: 1 in 625
        ("100:40 010:30 001:20", 10),  # 1 in 1,000
        ("100:9 010:3 001:21 110:6 101:3", None),
        ("100:9 010:3 001:21 110:6 101:3 111:12", 3),
    ],
)
def test_counts_look_rounded_where_chance_would_make_them_so_less_than_once_in_500_tables(
    rows: str, base: int | None
) -> None:
    assert table("A B C", rows).rounding_base == base


def test_without_a_list_persons_whom_it_alone_held_are_unseen() -> None:
    rest = KOREA.drop_list("c")
    assert rest.lists == ("b", "d")
    assert rest.counts.tolist() == [0, 5 + 54, 41 + 0, 6 + 12]
    assert (
        KOSOVO.drop_list("HRW").drop_list("ABA").counts.tolist()
        == KOSOVO.drop_list("ABA").drop_list("HRW").counts.tolist()
    )


def test_chaos_bound_is_what_its_formula_says() -> None:
    alone, twice = np.array([5, 5, 41]), 54 + 6
    pairs = sum(alone[i] * alone[j] for i in range(3) for j in range(i))
    assert chao_lower_bound(KOREA) == pytest.approx(123 + pairs / (twice + 1), rel=1e-12)
