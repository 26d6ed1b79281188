"""Cohorts through the courts: against lifelines, against fractions by hand, and at the border of ten at risk."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from languages.words import Words, languages
from methods.case_flow.followed_cases import PENDING, FollowedCases, months_between
from methods.case_flow.survival import REASONS, exit_shares, median_time, open_share

EXITS = ("convicted", "dismissed")
_NAMES = {"c": "convicted", "d": "dismissed", "-": PENDING}

# fmt: off
TIMES = [20.5, 25.7, 18.0, 23.8, 11.5, 28.8, 5.1, 15.4, 17.6, 13.9, 17.7, 12.8, 24.2, 14.9, 27.4, 11.6, 18.4, 21.5,
         14.0, 24.1, 6.8, 6.6, 26.4, 22.7, 38.6, 15.6, 17.2, 29.1, 16.9, 4.7, 13.4, 14.2, 19.0, 31.7, 4.5, 24.5, 11.9,
         13.3, 36.6, 32.2]
KINDS = "-ddcc-d-ccccc--d-dddcc-c-dcdcdd-dddccc-c"
SEEN_FROM = [0, 0, 0, 15.65, 0, 0, 0, 13.65, 0, 0, 0, 11.55, 0, 0, 0, 10.15, 0, 0, 0, 17.45, 0, 0, 0, 7.35, 0, 0, 0,
             14.55, 0, 0, 0, 8.05, 0, 0, 0, 11.05, 0, 0, 0, 11.55]
# Value and 95 % limits of convicted, dismissed and open at 12 and 24 months, of the lists above by lifelines 0.30.3
PLAIN = [(0.1, 0.0318093627, 0.2148799303), (0.1, 0.0318093627, 0.2148799303),
         (0.8, 0.6396447615, 0.8945511950), (0.3510294118, 0.2021404388, 0.5038393684),
         (0.2677941176, 0.1383046650, 0.4158320464), (0.3811764706, 0.2246394071, 0.5363523479)]
TRUNCATED = [(0.1222222222, 0.0385643502, 0.2573979383), (0.1268199234, 0.0399660565, 0.2659651041),
             (0.7509578544, 0.5637213250, 0.8666613323), (0.3642790262, 0.2114270814, 0.5187809832),
             (0.2891009701, 0.1509079291, 0.4429214710), (0.3466200036, 0.1978038012, 0.5001960141)]
# fmt: on


def cases(times: list[float], kinds: str, seen_from: float | list[float] = 0) -> FollowedCases:
    return FollowedCases.from_months(times, [_NAMES[one] for one in kinds], seen_from)


@pytest.mark.parametrize(
    ("seen_from", "expected", "at_risk", "median"),
    [(0, PLAIN, {32, 12}, (19.0, 15.6, 24.2)), (SEEN_FROM, TRUNCATED, {28, 12}, (17.7, 13.4, 24.1))],
    ids=["from first entry", "some found open"],
)
def test_shares_limits_and_medians_are_those_of_lifelines(
    seen_from: float | list[float], expected: list[object], at_risk: set[int], median: tuple[float, float, float]
) -> None:
    cohort = cases(TIMES, KINDS, seen_from)
    found = exit_shares(cohort, EXITS, (12, 24))
    assert [(one.value, one.lower, one.upper) for one in found] == [pytest.approx(one, abs=1e-9) for one in expected]
    assert {one.at_risk for one in found} == at_risk
    half = median_time(cohort, EXITS)
    assert (half.value, half.lower, half.upper, half.cases, half.pending) == (*median, 40, 10)


def by_hand(times: list[int], kinds: str, horizon: int) -> list[Fraction]:
    """Aalen and Johansen's sums in exact fractions, case by case."""
    still, left = Fraction(1), {"c": Fraction(0), "d": Fraction(0)}
    for time in sorted(set(times)):
        if time > horizon:
            break
        at_risk = sum(one >= time for one in times)
        leaving = {kind: sum(pair == (time, kind) for pair in zip(times, kinds, strict=True)) for kind in left}
        for kind, count in leaving.items():
            left[kind] += still * Fraction(count, at_risk)
        still *= 1 - Fraction(sum(leaving.values()), at_risk)
    return [*left.values(), still]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), st.sampled_from("cd-")), min_size=1, max_size=40))
def test_with_ties_and_days_of_entry_the_shares_are_those_worked_out_by_hand(drawn: list[tuple[int, str]]) -> None:
    """Fifteen cases are still open at the horizon, so that enough are at risk."""
    times, kinds = [one for one, _ in drawn] + [30] * 15, "".join(one for _, one in drawn) + "-" * 15
    found = exit_shares(cases(times, kinds), EXITS, (20,))
    assert [one.value for one in found] == pytest.approx([float(one) for one in by_hand(times, kinds, 20)], abs=1e-12)
    assert sum(one.value for one in found) == pytest.approx(1)


def test_where_nobody_is_pending_before_the_horizon_the_limits_are_those_of_a_plain_share() -> None:
    """The variance is then p (1 - p) / n, here of 12, 6 and 42 of 60, whatever the order of the exits."""
    found = exit_shares(cases([3, 5, 5, 9, 9, 11] * 3 + [40] * 42, "cccccd" * 2 + "ccdddd" + "-" * 42), EXITS, (12,))
    for one, count in zip(found, (12, 6, 42), strict=True):
        share = count / 60
        spread = 1.959963984540054 * np.sqrt(share * (1 - share) / 60) / (share * abs(np.log(share)))
        expected = (share, share ** np.exp(spread), share ** np.exp(-spread))
        assert (one.value, one.lower, one.upper) == pytest.approx(expected, abs=1e-12)


def test_a_dismissed_case_is_not_one_that_may_still_be_convicted() -> None:
    found = exit_shares(cases([2.0] * 20 + [4.0] * 20 + [20.0] * 20, "d" * 20 + "c" * 20 + "-" * 20), EXITS, (12,))
    assert found[0].value == pytest.approx(1 / 3)  # dismissals taken for lost from sight would give a half


@pytest.mark.parametrize(("open_cases", "is_told"), [(9, False), (10, True), (11, True)])
def test_a_horizon_is_told_from_ten_at_risk(open_cases: int, is_told: bool) -> None:
    found = exit_shares(cases([6.0] * 30 + [14.0] * open_cases, "c" * 30 + "-" * open_cases), EXITS, (12,))
    assert {one.at_risk for one in found} == {open_cases}
    assert [one.value is not None for one in found] == [is_told] * 3
    assert {one.reason for one in found} == {None if is_told else "too_few_at_risk"}


def test_few_at_risk_at_an_early_exit_withhold_all_that_follows_though_many_are_found_open_later() -> None:
    cohort = cases([3.0] + [30.0] * 49, "c" + "-" * 49, [0.0] * 9 + [5.0] * 41)
    assert {one.reason for one in exit_shares(cohort, EXITS, (12,))} == {"too_few_at_risk"}
    cohort = cases([3.0] + [30.0] * 49, "c" + "-" * 49, [0.0] * 10 + [5.0] * 40)
    assert [one.value for one in exit_shares(cohort, EXITS, (12,))] == pytest.approx([0.1, 0, 0.9])


def test_an_exit_at_the_horizon_itself_counts() -> None:
    found = exit_shares(cases([12.0] * 5 + [15.0] * 15, "c" * 5 + "-" * 15), EXITS, (11.9, 12))
    assert [one.value for one in found if one.kind == "convicted"] == [0, pytest.approx(0.25)]


def test_the_curve_stops_at_the_first_exit_with_fewer_than_ten_at_risk() -> None:
    curve = open_share(cases([float(one) for one in range(1, 13)], "c" * 12), EXITS)
    assert (curve.times.tolist(), curve.at_risk.tolist(), curve.is_cut) == ([1, 2, 3], [12, 11, 10], True)


def test_open_cases_make_the_median_longer_than_that_of_completed_ones() -> None:
    half = median_time(cases([float(one) for one in range(1, 13)] + [24.0] * 11, "c" * 12 + "-" * 11), EXITS)
    assert (half.value, half.pending) == (12, 11)  # 6.5 of the completed ones


@pytest.mark.parametrize(
    ("ended", "still_open", "value", "reason"),
    [(11, 11, 5, None), (11, 12, None, "median_not_reached"), (1, 7, None, "too_few_at_risk")],
)
def test_a_median_is_told_when_half_have_ended(
    ended: int, still_open: int, value: float | None, reason: str | None
) -> None:
    half = median_time(cases([5.0] * ended + [9.0] * still_open, "d" * ended + "-" * still_open), EXITS)
    assert (half.value, half.reason, half.pending) == (value, reason, still_open)


@pytest.mark.parametrize(
    ("still_open", "reason"), [(9, "too_few_at_risk"), (10, "median_not_reached"), (11, "median_not_reached")]
)
def test_where_nobody_has_ended_ten_cases_are_enough_to_say_that_half_have_not(still_open: int, reason: str) -> None:
    half = median_time(cases([9.0] * still_open, "-" * still_open), EXITS)
    assert (half.value, half.reason) == (None, reason)


@pytest.mark.parametrize("number", range(20, 60, 2))
def test_a_half_is_reached_whatever_the_last_bit_of_a_product_of_many_shares(number: int) -> None:
    """Cases end one after the other, and half of them are open after as many exits, be there 20 or 58."""
    times = [float(place) for place in range(1, number // 2 + 1)] + [99.0] * (number // 2)
    assert median_time(cases(times, "c" * (number // 2) + "-" * (number // 2)), EXITS).value == number // 2


def test_a_median_beyond_the_last_exit_with_ten_at_risk_is_not_told() -> None:
    half = median_time(cases([float(one) for one in range(1, 16)], "-" * 6 + "c" * 9), EXITS)
    assert (half.value, half.reason) == (None, "too_few_at_risk")


def test_where_all_have_left_at_once_there_are_no_limits() -> None:
    curve = open_share(cases([4.0] * 12, "c" * 12), EXITS)
    assert curve.share.tolist() == [0]
    assert np.isnan([curve.lower[0], curve.upper[0]]).all()
    assert median_time(cases([4.0] * 12, "c" * 12), EXITS).value == 4


def test_before_the_first_exit_all_are_open() -> None:
    assert [one.value for one in exit_shares(cases([20.0] * 10, "-" * 10), EXITS, (12,))] == [0, 0, 1]


def test_a_case_found_open_on_the_day_it_ends_was_never_at_risk() -> None:
    cohort = cases([3.0] * 12 + [7.0], "c" * 6 + "-" * 6 + "c", [0.0] * 12 + [7.0])
    assert cohort.exit_times(EXITS).times.tolist() == [3]
    assert cases([3.0] * 12 + [7.0], "c" * 13, [0.0] * 12 + [3.0]).at_risk([3.0, 3.1]).tolist() == [12, 1]


@pytest.mark.parametrize(
    ("times", "kinds", "seen_from", "told"),
    [
        ([1.0, 2.0], "c", 0, "one kind for each case"),
        ([-1.0], "c", 0, "negative"),
        ([np.nan], "c", 0, "missing"),
        ([2.0], "c", 3, "before it is seen from"),
        ([2.0], "c", -1, "negative"),
    ],
)
def test_times_that_cannot_be_are_refused(times: list[float], kinds: str, seen_from: float, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        cases(times, kinds, seen_from)


def test_an_exit_that_nobody_named_is_refused_and_not_taken_for_an_open_case() -> None:
    with pytest.raises(ValueError, match=r"ended by dismissed, .* add it"):
        exit_shares(cases([3.0] * 20, "cd" * 10), ("convicted",))


@pytest.mark.parametrize(
    ("earlier", "later", "months"),
    [
        ("2023-03-15", "2024-03-15", 12),
        ("2024-02-29", "2025-02-28", 12 - 1 / 31),
        ("2023-01-31", "2023-02-28", 1 - 3 / 31),
        ("2023-04-30", "2023-05-01", 2 / 31),
        ("2023-04-30", "2023-04-30", 0),
    ],
)
def test_an_anniversary_is_twelve_months_and_a_later_day_never_fewer(earlier: str, later: str, months: float) -> None:
    assert months_between([date.fromisoformat(earlier)], [date.fromisoformat(later)]) == pytest.approx(months)


def test_cases_of_dates_are_those_that_were_known_on_a_day() -> None:
    """In order: ended; still open; ended after the day; entered after it; ended before anybody looked; found open."""
    entered = [
        date(2022, 3, 1),
        date(2022, 3, 1),
        date(2022, 3, 1),
        date(2024, 6, 1),
        date(2020, 1, 1),
        date(2020, 1, 1),
    ]
    left = [date(2023, 3, 1), None, date(2024, 6, 1), None, date(2021, 12, 31), date(2022, 7, 1)]
    found = FollowedCases.from_dates(entered, left, "cxdxdd", until=date(2024, 3, 1), since=date(2022, 1, 1))
    assert found.kinds.tolist() == ["c", PENDING, PENDING, "d"]
    assert found.seen_to.tolist() == [12, 24, 24, 30]
    assert found.seen_from.tolist() == [0, 0, 0, 24]


def test_on_the_last_day_an_exit_counts_and_on_the_first_day_too() -> None:
    day = date(2024, 3, 1)
    found = FollowedCases.from_dates([date(2022, 3, 1), day], [day, None], "cc", until=day, since=day)
    assert (found.kinds.tolist(), found.seen_to.tolist()) == (["c", PENDING], [24, 0])
    assert len(FollowedCases.from_dates([day], [None], "c", until=date(2024, 2, 29))) == 0


def test_a_case_that_ended_before_it_began_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        FollowedCases.from_dates([date(2022, 3, 2)], [date(2022, 3, 1)], "c", until=date(2024, 3, 1))


def test_every_reason_has_its_sentence_in_every_language() -> None:
    for tag in languages():
        assert [code for code in REASONS if f"survival.reason.{code}" not in Words.load(tag)] == []
