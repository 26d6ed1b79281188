"""Who is never one person: codes of names that is_disagreeing and tokens that differ, directly and through a third."""

from itertools import combinations

import pandas as pd
import pytest

from methods.linkage import name_codes, record_links, splink_model
from methods.linkage.different_persons import (
    LEAST_LIKENESS,
    codes_of,
    is_all_disagreeing,
    is_disagreeing,
    members_apart,
)
from methods.linkage.name_spelling import spell_parts
from methods.linkage.person_groups import NEVER, Pair, persons_of
from methods.linkage.person_records import COLUMNS
from methods.linkage.record_links import link
from samples.records_to_link import records_of

KEY = name_codes.key_of_year(b"an invented key of the holders", 2026)
HUSSEIN, ZAYNAB = ("محمد حسين علي الجبوري", "فاطمة"), ("شيرين آزاد كوران الهورامي", "نسرين")


def record(name: str, holder: str, token: str | None = None, named: tuple[str, str] | None = None) -> dict[str, object]:
    codes = name_codes.codes_of(KEY, *(spell_parts(text) for text in named)) if named else {}
    known = {"birth_year": 1990, "sex_code": "F", "token": token, "member": token or name}
    return {**dict.fromkeys(COLUMNS), "record": name, "holder": holder, **known, **codes}


def answered(monkeypatch: pytest.MonkeyPatch, rows: list[dict[str, object]], *told: tuple[str, str, float]):
    """Link records of which the model told these pairs; return member -> person."""
    frame = pd.DataFrame(told, columns=["left", "right", "probability"])
    monkeypatch.setattr(splink_model, "probable_pairs", lambda *_: frame)
    monkeypatch.setattr(record_links, "LEAST_RECORDS", 0)
    records = pd.DataFrame(rows)
    holders = {str(member): frozenset(held) for member, held in records.groupby("member")["holder"]}
    return persons_of(holders, link(records).pairs, 0.2)


def bits(equal: int) -> int:
    return (1 << name_codes.BITS - equal) - 1


def test_codes_disagree_just_below_the_least_likeness_and_not_at_it():
    at = int(LEAST_LIKENESS * name_codes.BITS) + 1  # the first whole number of equal bits that is not below
    everything = (1 << name_codes.BITS) - 1
    for equal, expected in ((at - 1, True), (at, False), (at + 1, False)):
        left = (everything, everything, None, None)
        right = (everything ^ bits(equal), everything ^ bits(equal), None, None)
        assert is_disagreeing(left, right) is expected, equal


def test_one_part_alone_proves_nothing_and_a_blank_says_nothing():
    left, right = ((1, None, None, None), (((1 << 1_024) - 1), None, None, None))
    assert not is_disagreeing(left, right)
    assert is_disagreeing((1, 1, None, None), ((1 << 1_024) - 1,) * 4)
    assert not is_disagreeing((None,) * 4, (1,) * 4)
    assert not is_all_disagreeing([], [(1,) * 4])


def test_half_of_the_parts_equal_is_no_clear_disagreement():
    own = codes_of(pd.DataFrame([record("a", "A", named=HUSSEIN)]), "record")["a"][0]
    other = codes_of(pd.DataFrame([record("b", "B", named=ZAYNAB)]), "record")["b"][0]
    assert is_disagreeing(own, other)
    assert not is_disagreeing(own, own[:2] + other[2:])
    assert is_disagreeing(own, own[:1] + other[1:])


def test_a_token_one_of_whose_records_has_another_name_is_not_linked_by_its_record_without_codes(
    monkeypatch: pytest.MonkeyPatch,
):
    rows = [
        record("k", "kurdistan", named=ZAYNAB),
        record("p", "police", "k1:x", HUSSEIN),
        record("c", "court", "k1:x"),
    ]
    assert answered(monkeypatch, rows, ("c", "k", 0.95)) == {"k": "k", "k1:x": "k1:x"}
    rows[1] |= record("p", "police", "k1:x", ZAYNAB)
    assert len(set(answered(monkeypatch, rows, ("c", "k", 0.95)).values())) == 1


def test_a_third_record_puts_no_two_together_whose_names_disagree(monkeypatch: pytest.MonkeyPatch):
    rows = [record("a", "A", named=HUSSEIN), record("b", "B"), record("c", "C", named=ZAYNAB)]
    assert answered(monkeypatch, rows, ("a", "b", 0.9), ("b", "c", 0.8)) == {"a": "a", "b": "a", "c": "c"}


def test_a_third_record_puts_no_two_tokens_of_one_key_together_and_two_of_different_keys(
    monkeypatch: pytest.MonkeyPatch,
):
    rows = [record("a", "A", "k1:x"), record("b", "B"), record("c", "C", "k1:y")]
    told = ("a", "b", 0.9), ("b", "c", 0.8)
    assert len(set(answered(monkeypatch, rows, *told).values())) == 2
    rows[2] |= {"token": "k2:y", "member": "k2:y"}
    assert len(set(answered(monkeypatch, rows, *told).values())) == 1


def test_a_person_of_two_names_under_one_token_is_linked_by_either(monkeypatch: pytest.MonkeyPatch):
    rows = [record("a", "A", "k1:x", HUSSEIN), record("b", "B", "k1:x", ZAYNAB), record("c", "C", named=ZAYNAB)]
    assert len(set(answered(monkeypatch, rows, ("b", "c", 0.9)).values())) == 1


@pytest.mark.parametrize(("probability", "apart"), [(0.199, []), (0.2, [("a", "b")])])
def test_members_that_no_threshold_joins_are_not_kept_apart(probability: float, apart: list[tuple[str, str]]):
    records = pd.DataFrame([record("a", "A", named=HUSSEIN), record("b", "B", named=ZAYNAB)])
    assert members_apart(records, [Pair("a", "b", probability)]) == apart


def test_what_a_person_confirmed_stands_against_codes():
    holders = {"a": frozenset("A"), "b": frozenset("B"), "c": frozenset("C")}
    pairs = [Pair("a", "b", NEVER), Pair("b", "c", 0.9)]
    assert persons_of(holders, pairs, 0.5, confirmed=[("a", "b")]) == {"a": "a", "b": "a", "c": "a"}


def test_no_true_pair_of_the_invented_country_is_kept_apart_and_most_strangers_are():
    records = records_of(4, 120, tokens_missing=1.0, codes_held=1.0)
    codes, person = codes_of(records, "record"), dict(zip(records["record"], records["person"], strict=True))
    judged = [
        (person[one] == person[two], is_disagreeing(codes[one][0], codes[two][0]))
        for one, two in combinations(codes, 2)
    ]
    assert not [both for both in judged if both == (True, True)]
    strangers = [apart for same, apart in judged if not same]
    assert sum(strangers) >= 0.95 * len(strangers)
