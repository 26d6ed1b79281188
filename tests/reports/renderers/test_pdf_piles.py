"""Two columns on paper: each block stands once, in its order, and no way to divide them takes less room."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reports.renderers.pdf_piles import PAGE, Pair, pile

HEIGHTS = st.lists(st.integers(1, 400).map(float), min_size=0, max_size=9)


def room(pairs: list[Pair], heights: list[float], alone: list[float]) -> float:
    """Return the height of all pairs below each other."""
    return sum(
        alone[pair.start]
        if pair.stop == pair.start + 1
        else max(sum(heights[pair.start : pair.turn]), sum(heights[pair.turn : pair.stop]))
        for pair in pairs
    )


@given(HEIGHTS)
def test_each_block_stands_once_in_its_order(heights: list[float]):
    pairs = pile(heights, heights)
    assert [place for pair in pairs for place in range(pair.start, pair.stop)] == list(range(len(heights)))
    assert all(pair.start < pair.turn <= pair.stop for pair in pairs)


@given(HEIGHTS)
def test_two_columns_take_no_more_room_than_one(heights: list[float]):
    assert room(pile(heights, heights), heights, heights) <= sum(heights)


def test_blocks_of_one_height_stand_in_pairs():
    assert pile([100.0, 100.0], [100.0, 100.0]) == [Pair(0, 1, 2)]
    assert room(pile([100.0] * 4, [100.0] * 4), [100.0] * 4, [100.0] * 4) == 200


def test_a_block_that_is_lower_with_the_whole_width_has_it():
    assert pile([100.0, 90.0], [40.0, 40.0]) == [Pair(0, 1, 1), Pair(1, 2, 2)]


def test_a_pair_is_no_higher_than_a_page_but_a_block_may_be():
    full, over = PAGE, PAGE + 1
    assert pile([full, full], [full, full]) == [Pair(0, 1, 2)]
    assert pile([over, over], [over, over]) == [Pair(0, 1, 1), Pair(1, 2, 2)]
