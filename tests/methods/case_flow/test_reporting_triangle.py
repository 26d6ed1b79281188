"""The triangle against counting case by case, and as it stood earlier."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from methods.case_flow.reporting_triangle import ReportingTriangle

_PERIODS, _LONGEST = 8, 3
_CASES = st.lists(st.tuples(st.integers(0, _PERIODS - 1), st.integers(0, 5)), max_size=40)


@settings(max_examples=25, deadline=None)
@given(_CASES, st.integers(0, _PERIODS - 1))
def test_a_cut_is_the_triangle_that_was_made_then(drawn: list[tuple[int, int]], ago: int) -> None:
    cases = [(first, first + delay) for first, delay in drawn if first + delay < _PERIODS]
    then = [(first, came) for first, came in cases if came < _PERIODS - ago]
    cut = made(cases, _PERIODS).cut(ago)
    assert (cut.counts == made(then, _PERIODS - ago).counts).all()
    assert cut.seen.sum() == sum(came - first <= _LONGEST for first, came in then)


@settings(max_examples=25, deadline=None)
@given(_CASES, st.integers(0, _PERIODS - 1))
def test_hazards_are_counted_by_period_of_arrival(drawn: list[tuple[int, int]], start: int) -> None:
    cases = [(first, first + delay) for first, delay in drawn if first + delay < _PERIODS]
    hits, upto = made(cases, _PERIODS).arrivals(start, _PERIODS - 1)
    for place, period in enumerate(range(start, _PERIODS)):
        for delay in range(_LONGEST + 1):
            own = [came - first for first, came in cases if first == period - delay and came - first <= delay]
            assert (hits[place, delay], upto[place, delay]) == (own.count(delay), len(own))


@settings(max_examples=25, deadline=None)
@given(_CASES, st.integers(1, 3), st.integers(0, _PERIODS - 1))
def test_a_sender_that_closed_its_year_sends_on(drawn: list[tuple[int, int]], since: int, ago: int) -> None:
    """Periods without a list of their own are no periods without cases."""
    now = _PERIODS - 1 + since
    cases = [(first, first + delay) for first, delay in drawn if first + delay <= now]
    found = made(cases, _PERIODS, since)
    assert (found.now, found.ages.tolist()) == (now, [min(_LONGEST, now - row) for row in range(_PERIODS)])
    then = found.cut(ago)
    known = [(first, came) for first, came in cases if came <= now - ago and first <= now - ago]
    assert (then.now, then.periods) == (now - ago, min(_PERIODS, now - ago + 1))
    assert (then.counts == made(known, then.periods, then.since).counts).all()
    longer = made(cases, _PERIODS + since)
    for own, other in zip(found.arrivals(0, now), longer.arrivals(0, now), strict=True):
        assert (own == other).all()


def made(cases: list[tuple[int, int]], periods: int, since: int = 0) -> ReportingTriangle:
    first, came = [a for a, _ in cases], [b for _, b in cases]
    return ReportingTriangle.from_contacts(first, came, periods=periods, longest=_LONGEST, since=since)


def test_cases_later_than_the_longest_delay_are_counted_apart() -> None:
    found = made([(0, 3), (0, 4), (1, 1)], 6)
    assert (found.seen.tolist(), found.later) == ([1, 1, 0, 0, 0, 0], 1)
    assert found.ages.tolist() == [3, 3, 3, 2, 1, 0]


@pytest.mark.parametrize("case", [(2, 1), (-1, 0), (3, 6)])
def test_a_case_with_impossible_dates_is_refused(case: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="mend its dates"):
        made([case], 6)
    assert np.sum(made([(3, 5)], 6).counts) == 1


@pytest.mark.parametrize(("case", "is_refused"), [((5, 7), False), ((6, 7), True), ((5, 8), True), ((0, 8), True)])
def test_a_case_of_a_period_after_the_newest_is_refused_though_cases_still_arrive(
    case: tuple[int, int], is_refused: bool
) -> None:
    if is_refused:
        with pytest.raises(ValueError, match="mend its dates"):
            made([case], 6, 2)
    else:
        assert made([case], 6, 2).seen.tolist() == [0, 0, 0, 0, 0, 1]
