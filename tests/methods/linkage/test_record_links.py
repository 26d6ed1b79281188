"""Linking records: found persons, tokens that decide, and too few records to link."""

import re
from collections.abc import Iterator
from itertools import combinations

import duckdb
import numpy as np
import pandas as pd
import pytest

from methods.linkage import record_links, splink_model
from methods.linkage.person_groups import persons_of
from methods.linkage.person_records import COLUMNS
from methods.linkage.record_links import expected_links, link
from methods.linkage.splink_model import SplinkFailed
from samples.records_to_link import records_of


def pairs_in(records: pd.DataFrame, column: str) -> set[tuple[str, str]]:
    return {pair for _, group in records.groupby(column) for pair in combinations(sorted(group["record"].tolist()), 2)}


def found_and_true(records: pd.DataFrame) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    members = records["token"].fillna(records["record"])
    holders = {member: frozenset(group) for member, group in records.groupby(members)["holder"]}
    linked = records.assign(who=members.map(persons_of(holders, link(records).pairs, 0.5)))
    return pairs_in(linked, "who"), pairs_in(records, "person")


@pytest.fixture(scope="module")
def records() -> Iterator[pd.DataFrame]:
    yield records_of(3, 300, tokens_missing=0.33, codes_held=1.0)


def test_with_codes_nearly_every_person_is_found_though_a_third_of_the_tokens_is_missing(records: pd.DataFrame):
    found, true = found_and_true(records)
    assert len(found & true) >= 0.95 * len(true)
    assert len(found & true) >= 0.95 * len(found)


def test_two_tokens_of_one_key_are_not_asked_about_and_those_of_two_keys_are(records: pd.DataFrame):
    pairs = link(records).pairs
    assert not [pair for pair in pairs if _key_of(pair.left) == _key_of(pair.right) != ""]
    other = records["holder"] == "shelter"
    moved = records.assign(
        token=records["token"].where(~other, records["token"].str.replace(r"^k\d+:", "k77:", regex=True))
    )
    assert [pair for pair in link(moved).pairs if len({_key_of(pair.left), _key_of(pair.right)} - {""}) == 2]


def _key_of(member: str) -> str:
    """The key of a token; empty for a record that has none."""
    key, mark, _ = member.partition(":")
    return key if mark and re.fullmatch(r"k\d+", key) else ""


@pytest.mark.parametrize(("beyond", "is_compared"), [(-1, False), (0, True), (1, True)])
def test_of_too_few_records_none_is_linked(
    records: pd.DataFrame, monkeypatch: pytest.MonkeyPatch, beyond: int, is_compared: bool
):
    asked: list[int] = []

    def no_pairs(_connection: object, few: pd.DataFrame, *_given: object) -> pd.DataFrame:
        asked.append(len(few))
        return pd.DataFrame({"left": [], "right": [], "probability": []})

    monkeypatch.setattr(splink_model, "probable_pairs", no_pairs)
    few = records.head(record_links.LEAST_RECORDS + beyond)
    found = link(few)
    assert asked == ([len(few)] if is_compared else [])
    assert record_links.are_too_few(few) is not is_compared
    assert found.model.partition("-")[0] == ("splink" if is_compared else "none")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ValueError("m_probability value 0.0 is below the minimum"), "ValueError: m_probability value 0.0"),
        (ValueError("no such column"), "ValueError: no such column"),
        (KeyError("any other"), "KeyError: 'any other'"),
        (duckdb.ConversionException("Could not convert 'IQG08'"), "ConversionException"),
    ],
)
def test_whatever_splink_raises_is_named_and_quotes_no_record(
    records: pd.DataFrame, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
):
    def broken(*_given: object) -> str:
        raise error

    monkeypatch.setattr(splink_model, "_predict", broken)
    with pytest.raises(SplinkFailed, match=re.escape(said)) as caught:
        link(records)
    assert "IQG08" not in str(caught.value)


def test_one_holder_or_no_record_has_no_links_and_trains_nothing(
    records: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(record_links, "LEAST_RECORDS", 0)
    assert link(records[records["holder"] == "police"]).pairs == ()
    assert link(records.head(0)).pairs == ()


def test_records_that_say_nothing_are_linked_to_nobody():
    blank = pd.DataFrame(
        [{**dict.fromkeys(COLUMNS), "record": f"{holder}{place}", "holder": holder, "token": None}
         for holder in "AB" for place in range(record_links.LEAST_RECORDS)]
    )  # fmt: skip
    assert [pair for pair in link(blank).pairs if pair.probability >= 0.5] == []


def test_more_records_than_all_pairs_allow_are_compared_by_blocks(
    records: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(splink_model, "ALL_PAIRS_UP_TO", len(records) - 1)
    found, true = found_and_true(records)
    assert len(found & true) >= 0.85 * len(true)


def test_how_many_links_are_expected_is_read_from_tokens_and_else_from_the_number_of_records(records: pd.DataFrame):
    true = len(pairs_in(records, "person"))
    assert expected_links(records) == pytest.approx(true, rel=0.35)
    assert expected_links(records.assign(token=None)) == 0.3 * len(records)


def test_a_member_of_a_pair_is_the_token_where_there_is_one():
    told = record_links._members([("a", "b", 0.4), ("a", "c", 0.7), ("b", "c", 0.9)], {"b": "k1:x", "c": "k1:x"})
    assert [(pair.left, pair.right, pair.probability) for pair in told] == [("a", "k1:x", 0.7)]


def test_bits_are_read_by_duckdb_as_by_us():
    left, right = "f0" * 128, "ff" * 128
    query = "select bit_count(xor(cast(unhex(?) as bit), cast(unhex(?) as bit)))"
    assert duckdb.execute(query, [left, right]).fetchone() == (512,)


def test_no_bar_is_drawn_into_an_answer_and_nothing_is_fetched():
    asked = ("enable_progress_bar", "enable_progress_bar_print", "autoinstall_known_extensions")
    with record_links._open_in_memory() as connection:
        for setting in asked:
            assert connection.execute("select current_setting(?)", [setting]).fetchone() == (False,)


def test_the_pairs_that_are_asked_about_are_counted_as_one_by_one():
    rows = [
        (member, holder, member if ":" in member else None)
        for member, holders in {
            "k1:a": "AB", "k1:b": "A", "k1:c": "A", "k2:d": "B", "k2:e": "BC", "f": "A", "g": "A", "h": "C", "i": "D",
        }.items()
        for holder in holders
    ]  # fmt: skip
    records = pd.DataFrame(rows, columns=["member", "holder", "token"])
    held = {str(member): set(own) for member, own in records.groupby("member")["holder"]}
    asked = [
        (left, right)
        for left, right in combinations(sorted(held), 2)
        if len(held[left] | held[right]) > 1
        and not (":" in left and ":" in right and left.partition(":")[0] == right.partition(":")[0])
    ]
    assert record_links.count_compared_pairs(records) == len(asked) == 27
    assert record_links.count_compared_pairs(records[records["member"] == "f"]) == 0


def test_what_was_judged_holds_less_probable_pairs_than_links_do_and_no_far_ones(records: pd.DataFrame):
    found = link(records)
    judged = {(pair.left, pair.right): pair.probability for pair in found.judged}
    assert min(judged.values()) >= 0.01
    assert {(pair.left, pair.right) for pair in found.pairs if pair.probability} <= set(judged)
    assert all(pair.probability >= splink_model.LEAST_PROBABILITY for pair in found.pairs if pair.probability)
    assert sum(held.far for held in found.held_back.values()) == 0


def test_a_year_of_birth_that_stands_for_unknown_joins_no_strangers_who_have_codes(records: pd.DataFrame):
    """A clerk types 1990 for each fourth person: that year agrees among strangers and says little."""
    heaped = records.assign(birth_year=records["birth_year"].where(np.arange(len(records)) % 4 > 0, 1990))
    found, true = found_and_true(heaped)
    assert len(found & true) >= 0.95 * len(true)
    assert len(found & true) >= 0.95 * len(found)


@pytest.mark.parametrize("statement", ["select * from read_csv('/etc/hostname')", "install httpfs", "set threads = 1"])
def test_the_database_of_linking_opens_no_file_and_no_setting(statement: str) -> None:
    closed = (duckdb.PermissionException, duckdb.InvalidInputException)
    with record_links._open_in_memory() as connection, pytest.raises(closed):
        connection.execute(statement)
