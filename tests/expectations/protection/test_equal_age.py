"""Why no count at equal age is released: with the first figure of its year it would bound the cases that came late."""

from __future__ import annotations

from expectations.cards.cells import LATE_CASES, rounding_error

BASE = 5
ERROR = rounding_error(f"ROUNDED_{BASE}")


def printed(count: int) -> set[int]:
    """The figures that controlled rounding may print for a count."""
    return {figure for figure in range(0, count + BASE, BASE) if abs(figure - count) <= ERROR}


def late_cases(first: int, figure: int) -> range:
    """The late cases that an attacker cannot exclude: who came late only adds to a first figure that is exact."""
    return range(max(0, figure - ERROR - first), figure + ERROR - first + 1)


def test_a_rounded_count_at_equal_age_beside_an_exact_first_one_tells_of_fewer_late_cases_than_may_be_told() -> None:
    cases = [
        (late, late_cases(first, figure))
        for first in range(300, 300 + BASE)
        for late in range(LATE_CASES)
        for figure in printed(first + late)
    ]
    assert all(late in possible for late, possible in cases), "the attack holds for the true number"
    widths = [len(possible) for _, possible in cases]
    assert (min(widths), max(widths)) == (1, 2 * ERROR + 1)
    assert max(widths) < LATE_CASES, "a past year is revised in bulk only, so that this is never known"
    assert sum(width < 3 for width in widths) == 3, "fewer numbers than a small cell must leave"
