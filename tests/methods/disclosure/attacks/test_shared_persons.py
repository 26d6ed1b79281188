"""Attack 31: what is told of an estimate of the hidden part, and which overlaps of lists can stand behind it.

Each form of it is first seen succeeding on figures as they were computed, and then fails on what is told of the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from methods.disclosure.attacks.shared_persons import OverlapAttack, Swap, neighbouring_swaps, possible_values
from methods.few_digits import Way, round_persons
from methods.multiple_systems.hidden_part import (
    EstimateOrder,
    HiddenPart,
    LinkageQuality,
    estimate_hidden_part,
    estimated_persons,
)
from methods.multiple_systems.overlap_table import OverlapTable, chao_lower_bound
from methods.multiple_systems.told_estimate import is_possible, publishable_estimate

LISTS = ("agency", "court", "police", "refuge")
ORDER = EstimateOrder(replicates=80, seed=2, linkage=LinkageQuality(0.98))
LEAST, SMALL = 3, 5
BOTH = 0b0101
"""Agency and police, and nobody else: one person."""
# by bit mask: agency 1, court 2, police 4, refuge 8
WOMEN = (0, 9, 105, 17, 19, 1, 47, 7, 25, 1, 68, 13, 21, 1, 65, 10)
MEN = (0, 12, 80, 15, 22, 6, 40, 8, 30, 5, 51, 9, 17, 5, 44, 11)


def table(*counts: int) -> OverlapTable:
    return OverlapTable(LISTS, np.array(counts, dtype=np.int64))


@cache
def estimated(counts: bytes) -> HiddenPart:
    return estimate_hidden_part(OverlapTable(LISTS, np.frombuffer(counts, dtype=np.int64)), ORDER)


def of(one: OverlapTable) -> HiddenPart:
    return estimated(one.counts.tobytes())


def shared(one: OverlapTable) -> int:
    return int(one.counts[BOTH])


def with_shared(count: int) -> OverlapTable:
    return table(*(count if cell == BOTH else known for cell, known in enumerate(WOMEN)))


def estimate_of(one: OverlapTable) -> float:
    return estimated_persons([one])[0]


def without_court(one: OverlapTable) -> float:
    return estimate_of(one.drop_list("court"))


FIGURES: dict[str, tuple[Callable[[OverlapTable], float], Way]] = {
    "the estimate": (estimate_of, "nearest"),
    "Chao's bound": (chao_lower_bound, "down"),
}


@pytest.mark.parametrize(("figure", "way"), FIGURES.values(), ids=FIGURES)
def test_attack_31_an_exact_figure_gives_away_the_one_count_that_is_not_known_and_a_rounded_one_does_not(
    figure: Callable[[OverlapTable], float], way: Way
):
    """The strongest reader knows all other counts."""
    tried, women = [with_shared(count) for count in range(9)], table(*WOMEN)
    assert possible_values(tried, figure, figure(women), shared) == {1}
    told = round_persons(figure(women), way)
    assert len(possible_values(tried, lambda one: round_persons(figure(one), way), told, shared)) >= LEAST


def test_attack_31_the_estimate_without_a_list_gives_a_count_away_and_the_word_told_of_it_does_not():
    tried, women = [with_shared(count) for count in range(9)], table(*WOMEN)
    assert possible_values(tried, without_court, without_court(women), shared) == {1}
    assert possible_values(tried, lambda one: of(one).is_stable, of(women).is_stable, shared) == set(range(9))


def test_attack_31_a_body_that_knows_its_own_list_reads_an_exact_interval():
    women = table(*WOMEN)
    moved = [
        one for swap in neighbouring_swaps(women, BOTH) if swap.joins.bit_count() < 2 if (one := swap.apply(women))
    ]
    tried = [women, *moved[:12]]
    assert possible_values(tried, lambda one: of(one).ci95, of(women).ci95, shared) == {1}


def _could_be(place: str, one: OverlapTable) -> bool:
    women = {"women": WOMEN, "all": tuple(map(sum, zip(WOMEN, MEN, strict=True)))}[place]
    told = publishable_estimate(of(table(*women)))
    return told is not None and is_possible(told, of(one))


def attack(**changes: object) -> OverlapAttack:
    given = OverlapAttack(
        tables={"women": table(*WOMEN)},
        places={"women": ["women"]},
        could_be=_could_be,
        figures=lambda tables: [*zip(estimated_persons(tables), map(chao_lower_bound, tables), strict=True)],
        least=LEAST,
        small=SMALL,
    )
    return replace(given, **changes)  # pyright: ignore[reportArgumentType]


def test_attack_31_the_gate_finds_the_count_that_an_exact_figure_gives_away_and_none_behind_what_is_told():
    exact = {"women": of(table(*WOMEN)).ci95}
    assert ("women", BOTH) in attack(could_be=lambda place, one: of(one).ci95 == exact[place]).list_revealed()
    assert attack().list_revealed() == []


def test_attack_31_a_part_beside_the_total_is_attacked_together_with_it():
    tables = {"women": table(*WOMEN), "men": table(*MEN)}
    places = {"all": ["women", "men"], "women": ["women"]}
    both = table(*(women + men for women, men in zip(WOMEN, MEN, strict=True)))
    exact = {"all": of(both).estimate, "women": of(tables["women"]).estimate}
    read = attack(tables=tables, places=places, could_be=lambda place, one: of(one).estimate == exact[place])
    assert ("women", BOTH) in read.list_revealed()
    assert attack(tables=tables, places=places).list_revealed() == []


def test_attack_31_a_second_estimate_of_one_year_tells_on_whose_list_the_person_stands_who_came_between():
    """Rounded figures mostly tell it no more; told once (`estimates/hidden_candidate.py`), there is no second one."""
    late = [table(*(count + (cell == at) for cell, count in enumerate(WOMEN))) for at in range(1, 16)]
    seen = estimate_of(late[BOTH - 1])
    alike = [at for at, one in enumerate(late, start=1) if estimate_of(one) == seen]
    assert alike == [5, 9, 13]  # all on the agency's list, which learns who of its own came
    rough = [at for at, one in enumerate(late, start=1) if round_persons(estimate_of(one)) == round_persons(seen)]
    assert len(rough) > LEAST


@pytest.mark.parametrize("cell", [1, 5, 14, 15])
def test_a_swap_keeps_the_size_of_each_list_and_how_many_are_seen(cell: int):
    women = table(*WOMEN)
    found = [moved for swap in neighbouring_swaps(women, cell) if (moved := swap.apply(women))]
    assert found
    for one in found:
        assert abs(int(one.counts[cell]) - WOMEN[cell]) in (1, 2)
        assert one.observed == women.observed
        for place in range(4):
            on = [at for at in range(16) if at >> place & 1]
            assert one.counts[on].sum() == women.counts[on].sum()


def test_a_swap_takes_nobody_out_of_an_empty_combination():
    assert Swap("", joins=1, leaves=6, listed=2).apply(table(0, 0, *[5] * 14)) is None
