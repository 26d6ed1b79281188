"""Synthetic records: what is refused, what one person can change, and how close the file comes."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from methods.disclosure.noise.privacy_loss import PrivacyBudget, scale_for
from methods.disclosure.noise.synthetic_records import (
    ERROR_SHARE,
    TooFewRecords,
    UnknownCode,
    check,
    check_domains,
    records_needed,
    synthesise,
)

DOMAINS = {
    "area": ["A", "B"],
    "sex": ["F", "M", "_U"],
    "age": ["child", "adult"],
    "form": ["SEXUAL", "LABOUR", "BEGGING", "_U"],
}
FOUR = PrivacyBudget(4, 1e-5)
NEVER = [{"sex": "M", "form": "SEXUAL"}]


def _people(count: int) -> pd.DataFrame:
    """Invented people in whom sex, age and form go together; some have the combination that never leaves."""
    chance = np.random.default_rng(20)
    form = chance.choice(DOMAINS["form"], count, p=[0.4, 0.3, 0.25, 0.05])
    is_woman = chance.random(count) < np.select([form == "SEXUAL", form == "LABOUR"], [0.95, 0.3], 0.5)
    is_child = chance.random(count) < np.where(form == "BEGGING", 0.8, 0.2)
    return pd.DataFrame(
        {
            "area": chance.choice(DOMAINS["area"], count, p=[0.8, 0.2]),
            "sex": np.where(is_woman, "F", "M"),
            "age": np.where(is_child, "child", "adult"),
            "form": form,
        }
    ).astype(object)


class _Ear:
    """Stands where the noise would be: keeps what was asked, and answers that nobody is there."""

    def __init__(self) -> None:
        self.counts: list[int] = []
        self.scale = 0.0

    def __call__(self, counts: Sequence[int], scale: float) -> list[int]:
        self.counts, self.scale = list(counts), scale
        return [0] * len(counts)


def _measured(people: pd.DataFrame) -> _Ear:
    ear = _Ear()
    with pytest.raises(TooFewRecords):
        synthesise(people, DOMAINS, FOUR, never=NEVER, noise=ear)
    return ear


def test_one_person_more_changes_every_table_in_one_cell_by_one_and_the_scale_pays_for_that() -> None:
    people = _people(200)
    without, with_one = _measured(people.iloc[1:].reset_index(drop=True)), _measured(people)
    moved = [after - before for before, after in zip(without.counts, with_one.counts, strict=True)]
    pairs = math.comb(len(DOMAINS), 2)
    assert sorted(moved)[-pairs:] == [1] * pairs
    assert sum(map(abs, moved)) == pairs
    assert with_one.scale == pytest.approx(scale_for(FOUR.rho * (1 - ERROR_SHARE), math.sqrt(pairs)))


def test_a_person_with_a_combination_that_never_leaves_is_not_measured_at_all() -> None:
    people = _people(200)
    hidden = people[(people["sex"] == "M") & (people["form"] == "SEXUAL")]
    assert len(hidden) > 0
    assert _measured(people).counts == _measured(people.drop(index=hidden.index)).counts


def test_too_few_is_judged_by_the_noisy_number_and_never_by_the_true_one() -> None:
    with pytest.raises(TooFewRecords) as few:
        synthesise(_people(5000), DOMAINS, FOUR, noise=_Ear())
    assert few.value.least == records_needed(DOMAINS, FOUR)
    assert "5000" not in str(few.value)


def test_a_smaller_budget_and_finer_columns_need_more_records() -> None:
    finer = {**DOMAINS, "form": [f"F{number}" for number in range(12)]}
    needed = [records_needed(DOMAINS, PrivacyBudget(epsilon, 1e-5)) for epsilon in (12, 4, 2, 1)]
    assert needed == sorted(set(needed))
    assert records_needed(finer, FOUR) > records_needed(DOMAINS, FOUR)


@pytest.mark.parametrize(
    ("domains", "why"),
    [
        ({f"c{number}": ["a", "b"] for number in range(7)}, "7 columns"),
        ({"only": ["a", "b"]}, "1 columns"),
        ({**DOMAINS, "constant": ["a"]}, "constant"),
        ({**DOMAINS, "twice": ["a", "b", "a"]}, "twice"),
        ({f"c{number}": [str(code) for code in range(20)] for number in range(5)}, "combinations"),
    ],
)
def test_doubtful_columns_are_refused(domains: dict[str, list[str]], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        check_domains(domains)


def test_an_unknown_code_is_refused_before_anything_is_measured_and_not_repeated() -> None:
    people, ear = _people(50), _Ear()
    people.loc[3, "form"] = "A private word"
    with pytest.raises(UnknownCode) as unknown:
        synthesise(people, DOMAINS, FOUR, noise=ear)
    assert (unknown.value.column, ear.counts) == ("form", [])
    assert "private" not in str(unknown.value)


def test_other_columns_than_the_domains_are_refused() -> None:
    with pytest.raises(ValueError, match="columns of the records"):
        check(_people(5).assign(governorate="A"), DOMAINS)


def _seeded(seed: int):  # noqa: ANN202 - a Noise
    chance = np.random.default_rng(seed)
    return lambda counts, scale: [int(count + round(chance.normal(0, scale))) for count in counts]


def _error(left: pd.DataFrame, right: pd.DataFrame, ways: int) -> float:
    """Mean total variation distance, worked out by pandas and not by the method."""
    found: list[float] = []
    for columns in itertools.combinations(DOMAINS, ways):
        shares = [one.groupby(list(columns)).size() / len(one) for one in (left, right)]
        found.append(float(shares[0].sub(shares[1], fill_value=0).abs().sum() / 2))
    return float(np.mean(found))


@pytest.mark.needs_synthetic
def test_the_file_keeps_how_columns_go_together_and_says_how_far_off_it_is() -> None:
    people = _people(1500)
    kept = people[~((people["sex"] == "M") & (people["form"] == "SEXUAL"))]
    made = synthesise(people, DOMAINS, FOUR, never=NEVER, noise=_seeded(1), chance=np.random.default_rng(2))
    chance = np.random.default_rng(3)
    shuffled = pd.DataFrame({name: chance.permutation(kept[name]) for name in DOMAINS})
    assert _error(kept, made.records, 2) < _error(kept, shuffled, 2) / 3
    for one in made.errors:
        assert one.error == pytest.approx(_error(kept, made.records, one.ways), abs=4 * one.spread + 0.01)
    assert abs(len(made.records) - len(kept)) < 5 * made.scale
    assert not ((made.records["sex"] == "M") & (made.records["form"] == "SEXUAL")).any()
    assert made.records.equals(made.records.sort_values(list(DOMAINS)).reset_index(drop=True))


@pytest.mark.needs_synthetic
def test_a_category_that_nobody_has_may_appear_and_two_runs_differ() -> None:
    first, second = (synthesise(_people(400), DOMAINS, FOUR).records for _ in range(2))
    assert not first.equals(second)
    assert set(first["area"]) <= set(DOMAINS["area"])
