"""Recall of linkage from pairs that persons read: held to the formulas, written down once more with small numbers."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from methods.linkage.clerical_sample import (
    EDGES,
    FAR_SIZE,
    LEAST_READ,
    SIZE,
    StratumReading,
    TokenPairs,
    greatest_far_share,
    least_true_pairs,
    measure_agreement,
    most_true_pairs,
    recall_of,
    sizes,
    stratum_of,
)

FAR = StratumReading(90_000, FAR_SIZE, apart=FAR_SIZE)
TOKENS = [TokenPairs(150, 0, 0.75), TokenPairs(50, 0, 0.25)]


def chance_of(seen: int, pairs: int, so: int, drawn: int) -> Fraction:
    """The hypergeometric probability of `seen` among those drawn."""
    if seen > so or drawn - seen > pairs - so:
        return Fraction(0)
    return Fraction(comb(so, seen) * comb(pairs - so, drawn - seen), comb(pairs, drawn))


def test_a_pair_of_a_stratum_that_was_read_in_part_stands_for_as_many_as_were_not_read():
    strata = [
        FAR,
        StratumReading(40, 10, missed=1, apart=9),  # stands for 4 missed ones
        StratumReading(60, 30, joined=12, missed=3, apart=15),  # for 24 and 6
        StratumReading(70, 70, joined=66, apart=4),
    ]
    assert recall_of(strata, TOKENS).estimate == pytest.approx((24 + 66) / (24 + 66 + 4 + 6))


def test_the_lower_limit_is_that_of_each_number_with_its_share_of_the_chance_of_error():
    strata = [FAR, StratumReading(300, 120, missed=1, apart=119), StratumReading(80, 80, joined=78, apart=2)]
    chance = 0.05 / 2  # one stratum and the far one are not known exactly
    most = max(so for so in range(301) if sum(chance_of(x, 300, so, 120) for x in (0, 1)) > chance / 2)
    far = 1 - chance ** (1 / 200)  # none of 200 pairs lies there
    found = recall_of(strata, TOKENS)
    assert found.answered == 220
    assert found.lower == pytest.approx(78 / (78 + most) * (1 - far))
    assert found.lower is not None and found.estimate is not None and found.lower < found.estimate


@pytest.mark.parametrize(("answered", "is_measured"), [(LEAST_READ - 1, False), (LEAST_READ, True)])
def test_fewer_than_two_hundred_answers_measure_nothing(answered: int, is_measured: bool):
    strata = [FAR, StratumReading(180, 180, joined=answered - FAR_SIZE, doubtful=0)]
    assert (recall_of(strata, TOKENS).lower is not None) == is_measured


def test_what_nobody_answered_counts_against_linking():
    whole = [FAR, StratumReading(200, 200, joined=190, missed=10)]
    no_answer = [FAR, StratumReading(200, 200, joined=188, missed=8, doubtful=2)]  # of four pairs, two are linked
    found, less = recall_of(whole, TOKENS).lower, recall_of(no_answer, TOKENS).lower
    assert found is not None and less == pytest.approx(found / 190 * 188 * 200 / 198)
    assert less < found


def test_a_true_pair_among_the_far_ones_takes_the_measure_away():
    strata = [StratumReading(90_000, 20, missed=1, apart=19), StratumReading(200, 200, joined=200)]
    found = recall_of(strata, TOKENS)
    assert found.estimate == pytest.approx(200 / (200 + 4_500))
    assert found.lower is not None and found.lower < 0.02


def test_without_pairs_of_one_token_nothing_is_known_of_the_far_ones():
    strata = [FAR, StratumReading(200, 200, joined=200)]
    assert recall_of(strata, []).lower == 0.0
    assert greatest_far_share([TokenPairs(0, 0, 0.0), TokenPairs(0, 0, 1.0)], 0.05) == 1.0
    assert (
        greatest_far_share([TokenPairs(100, 0, 0.9), TokenPairs(0, 0, 0.1)], 0.05) == 1.0
    )  # a kind that was not measured


def test_the_far_share_is_the_exact_limit_raised_where_a_kind_is_more_frequent_among_the_pairs_that_are_linked():
    assert greatest_far_share([TokenPairs(75, 0, 0.75), TokenPairs(25, 0, 0.25)], 0.025) == pytest.approx(
        1 - 0.025 ** (1 / 100)
    )
    raised = greatest_far_share([TokenPairs(50, 0, 0.75), TokenPairs(50, 0, 0.25)], 0.025)
    assert raised == pytest.approx(1.5 * (1 - 0.025 ** (1 / 100)))
    some = greatest_far_share([TokenPairs(100, 1, 1.0)], 0.025)
    assert (1 - some) ** 100 + 100 * some * (1 - some) ** 99 == pytest.approx(0.025)


@pytest.mark.parametrize("so", range(13))
def test_the_limits_of_a_stratum_hold_as_often_as_they_say(so: int):
    """Of twelve pairs five are read: all outcomes, each with its probability."""
    holds = [(least_true_pairs(12, 5, seen, 0.1) <= so, so <= most_true_pairs(12, 5, seen, 0.1)) for seen in range(6)]
    for side in (0, 1):
        assert sum(chance_of(seen, 12, so, 5) for seen in range(6) if holds[seen][side]) >= Fraction(9, 10)


def test_a_stratum_that_was_read_whole_is_known():
    assert (least_true_pairs(9, 9, 4, 0.01), most_true_pairs(9, 9, 4, 0.01)) == (4, 4)


def test_a_probability_at_an_edge_belongs_above_it():
    assert [stratum_of(edge) for edge in EDGES] == [1, 2, 3, 4, 5]
    assert [stratum_of(edge - 1e-9) for edge in EDGES] == [0, 1, 2, 3, 4]


def test_what_a_small_stratum_does_not_need_is_read_of_the_others():
    assert sizes([88_000, 163, 27, 8, 11, 109]) == [20, 125, 27, 8, 11, 109]
    assert sizes([10**9, 10**6, 10**6, 10**6, 10**6, 10**6]) == [FAR_SIZE, *[(SIZE - FAR_SIZE) // 5] * 5]
    assert sizes([0, 0, 0, 0, 0, 3]) == [0, 0, 0, 0, 0, 3]
    assert sizes([5, 0, 0, 0, 0, 400]) == [5, 0, 0, 0, 0, 295]


@pytest.mark.parametrize(("near", "far"), [(0, 220), (162, 58), (199, 21), (200, 20), (201, 20)])
def test_where_few_pairs_are_near_the_lowest_stratum_gives_what_is_lacking(near: int, far: int):
    assert sizes([75_000, near, 0, 0, 0, 0]) == [far, near, 0, 0, 0, 0]
    assert sizes([9, near, 0, 0, 0, 0]) == [9, near, 0, 0, 0, 0]


def test_agreement_is_told_as_a_share_and_as_kappa():
    """The usual example of Cohen's kappa: 0.7 agree, 0.5 would by chance."""
    both = {("same", "same"): 20, ("same", "different"): 5, ("different", "same"): 10, ("different", "different"): 15}
    assert measure_agreement(both) == (pytest.approx(0.7), pytest.approx(0.4))
    assert measure_agreement({("same", "same"): 3}) == (1.0, 1.0)


ANSWERS = st.sampled_from(["same", "different", "unsure"])


@given(st.dictionaries(st.tuples(ANSWERS, ANSWERS), st.integers(1, 400), min_size=1))
def test_kappa_is_exact_in_whatever_order_the_answers_are_counted(readings: dict[tuple[str, str], int]):
    pairs = sum(readings.values())
    same = Fraction(sum(count for (first, second), count in readings.items() if first == second), pairs)
    chance = sum(
        Fraction(here * there, pairs**2)
        for (first, _), here in readings.items()
        for (_, second), there in readings.items()
        if first == second
    )
    kappa = float((same - chance) / (1 - chance)) if chance < 1 else 1.0
    assert measure_agreement(readings) == measure_agreement(dict(reversed(readings.items()))) == (float(same), kappa)
