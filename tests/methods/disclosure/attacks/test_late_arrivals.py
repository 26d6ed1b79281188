"""Attack 32: what is told of a forecast of late cases, and which arrivals of single months can stand behind it.

Each form of it is first seen succeeding on figures as they were computed, and then fails on what is told of the same.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from methods.case_flow.nowcast import NowcastOrder, nowcast
from methods.case_flow.reporting_triangle import ReportingTriangle
from methods.case_flow.told_nowcast import publishable_nowcast
from methods.disclosure.attacks.late_arrivals import ArrivalAttack, newcomers

_SHARES = np.array([0.3, 0.2, 0.15, 0.1, 0.08, 0.06, 0.04, 0.03, 0.02, 0.01, 0.005, 0.003, 0.002])
YEAR = range(24, 36)
ORDER = NowcastOrder(groups={"2025": YEAR}, draws=100, seed=5)
LEAST, SMALL = 3, 5


@cache
def sender() -> ReportingTriangle:
    return ReportingTriangle(np.random.default_rng(3).poisson(6 * _SHARES, size=(36, 13))).cut(0)


def attack(could_be: object, tries: int = 8) -> list[str]:
    return ArrivalAttack(sender(), YEAR, could_be, LEAST, SMALL, tries=tries).list_revealed()


def test_attack_32_exact_figures_give_single_months_away_and_what_is_told_does_not() -> None:
    """Whoever knows the seed, and all years before, tries other arrivals of the year."""
    found = nowcast(sender(), ORDER)
    exact, told = (found.by_group["2025"], found.back_cast, found.by_period), publishable_nowcast(found, "2025")
    assert told is not None

    def as_computed(other: ReportingTriangle) -> bool:
        again = nowcast(other, ORDER)
        return (again.by_group["2025"], again.back_cast, again.by_period) == exact

    assert len(attack(as_computed, tries=1)) > 20
    assert attack(lambda other: publishable_nowcast(nowcast(other, ORDER), "2025") == told) == []


def test_attack_32_two_exact_figures_of_one_year_tell_how_many_cases_the_lists_between_them_brought() -> None:
    then, now = (int(one.seen[list(YEAR)].sum()) for one in (sender().cut(0), later(sender())))
    assert newcomers([then], [now]) == [1]  # the case of whoever knows of one
    told = [publishable_nowcast(nowcast(one, ORDER), "2025") for one in (sender(), later(sender()))]
    assert told[0] is not None
    assert told[1] is not None
    assert newcomers([told[0].seen], [told[1].seen]) == [0]


def later(triangle: ReportingTriangle) -> ReportingTriangle:
    """One case more of the newest month."""
    counts = triangle.counts.copy()
    counts[35, 0] += 1
    return ReportingTriangle(counts)


def test_a_count_that_stays_what_it_is_in_every_table_is_given_away() -> None:
    true = sender()
    row = next(row for row in YEAR if 0 < true.counts[row, 0] < SMALL)
    assert attack(lambda other: bool(other.counts[row, 0] == true.counts[row, 0])) == [f"cell {row}+0"]


def test_the_attack_never_moves_a_case_into_the_future_or_out_of_the_year() -> None:
    true, seen = sender(), list[ReportingTriangle]()

    def note(other: ReportingTriangle) -> bool:
        seen.append(other)
        return True

    assert attack(note) == []
    for other in seen:
        assert (other.counts >= 0).all()
        assert (other.cut(0).counts == other.counts).all()
        assert other.seen[list(YEAR)].sum() == true.seen[list(YEAR)].sum()
        assert (other.counts[:24] == true.counts[:24]).all()
