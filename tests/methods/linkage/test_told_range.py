"""A range over link thresholds gives no person away: every true count that fits what is printed is written down."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import product

import pytest

from methods.linkage.told_range import LEAST, ToldRange, told_range

Told = Callable[[Sequence[int], int, int, Mapping[int, float]], object]
"""Of counts, the true count, the printed one, and for each end the number that chance gives."""
LEAST_VALUES = 3  # as protection asks of every small count


def chances(value: int) -> list[float]:
    """Of an end that may go either way both, else the one."""
    return [0.0, 0.999] if value % 5 else [0.0]


def attack(told: Told, window: range, printed_of: Callable[[int], list[int]]) -> int:
    """Return how few values an end or a difference may have for a reader who knows the whole method.

    All that could be true is enumerated: counts, their ends, each way in which chance may go.
    """
    seen: dict[tuple[object, ...], list[tuple[int, ...]]] = defaultdict(list)
    for low, count, high in product(window, window, window):
        if low <= count <= high:
            for printed in printed_of(count):
                for down, up in product(chances(low), chances(high)):
                    answer = told(
                        [low, count, high], count, printed, {low: down, high: up} if low != high else {low: up}
                    )
                    seen[printed, answer].append((low, high, count - low, high - count, high - low))
    # at the rim of the window fewer values are written down than a reader must think possible
    inner = {k: v for k, v in seen.items() if all(window[6] <= row[0] and row[1] <= window[-6] for row in v)}
    assert inner
    return min(len({row[place] for row in rows}) for rows in inner.values() for place in range(5))


def rounded(counts: Sequence[int], count: int, printed: int, ways: Mapping[int, float]) -> ToldRange | None:
    return told_range(counts, count, printed, lambda name: ways.get(int(name), 0.5))


def exact(count: int) -> list[int]:
    return [count]


def to_five(count: int) -> list[int]:
    return sorted({count // 5 * 5, -(-count // 5) * 5})


@pytest.mark.parametrize("printed_of", [exact, to_five])
def test_two_ends_beside_the_count_leave_at_least_three_values_of_each_and_of_their_differences(
    printed_of: Callable[[int], list[int]],
):
    assert attack(rounded, range(30, 62), printed_of) >= LEAST_VALUES


def test_the_attack_finds_a_person_where_ends_are_exact_or_always_rounded_outwards():
    assert attack(lambda counts, *_: (min(counts), max(counts)), range(30, 62), exact) == 1

    def outwards(counts: Sequence[int], *_: object) -> tuple[int, int]:
        return min(counts) // 5 * 5, -(-max(counts) // 5) * 5

    assert attack(outwards, range(30, 62), exact) < LEAST_VALUES


def test_the_next_release_with_one_person_more_leaves_three_values_of_what_came():
    told: dict[tuple[object, ...], set[int]] = defaultdict(set)
    window = range(40, 72)
    for first, second in product(window, window):
        for one, two in product(chances(first), chances(second)):
            ends = [
                rounded([30, 35, high], 35, 35, {30: 0.0, high: way}) for high, way in ((first, one), (second, two))
            ]
            if first != second or one == two:
                told[tuple(ends)].add(second - first)
    known = {pair: steps for pair, steps in told.items() if all(one and 50 <= one.upper <= 60 for one in pair)}
    assert known and min(map(len, known.values())) >= LEAST_VALUES


@pytest.mark.parametrize(("low", "high", "width"), [(345, 350, None), (340, 350, 10), (340, 355, 15)])
def test_ends_that_hardly_differ_are_no_range(low: int, high: int, width: int | None):
    found = told_range([low, high], 345, 345, lambda _name: 0.5)
    assert (found.upper - found.lower if found else None) == width


@pytest.mark.parametrize(("low", "printed", "is_told"), [(LEAST, 25, True), (LEAST - 5, 25, False), (15, LEAST, False)])
def test_no_range_stands_beside_or_holds_a_small_count(low: int, printed: int, is_told: bool):
    assert (told_range([low, 40], printed, printed, lambda _name: 0.5) is not None) is is_told


@pytest.mark.parametrize(("printed", "is_told"), [(341, True), (340, False), (349, True), (350, False)])
def test_a_printed_count_that_is_older_than_the_links_has_no_range(printed: int, is_told: bool):
    assert (told_range([300, 390], 345, printed, lambda _name: 0.5) is not None) is is_told


def test_the_printed_count_lies_within_and_an_end_is_right_on_average():
    assert told_range([342, 360], 343, 340, lambda _name: 0.0) == ToldRange(340, 360)
    draws = [told_range([301, 390], 343, 343, lambda _name, at=at: at / 100) for at in range(100)]
    assert sum(one.lower for one in draws if one) / 100 == pytest.approx(301)
