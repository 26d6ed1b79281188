"""What is not known is no part of a figure that readers take for the answer; of a base that holds it this is said."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import Any

import pytest

from expectations.cards.codes import SEEDS
from expectations.cards.indicator_messages import card_files

CARDS: dict[str, dict[str, Any]] = {str(card.meta["code"]): card.meta for card in card_files()}
SQL = {str(card.meta["code"]): card.path.with_suffix(".sql").read_text(encoding="utf-8") for card in card_files()}
UNKNOWN = re.compile(r"(_U|_NOT_RECORDED|_UNRESOLVED)$")

# Numerators with a category of which something is unknown, and yet each person in it is an answer.
ANSWERED_ALL_THE_SAME = {
    "PRS-06": "a trial is known; its result is not",
    "PRT-10": "a child who asked, and may be admitted, of unknown age in years",
    "PRT-11": "refused, for a reason that nobody wrote down",
}
SAYS_WHAT_IS_BLANK = {
    "assistance_in_shelters", "blank_counts_in_the_base", "channel_as_recorded", "charges_as_recorded",
    "children_in_the_register", "conditions_as_recorded", "drivers_as_recorded", "elements_as_recorded",
    "linked_by_token", "measures_joined_by_token", "referrals_as_recorded", "register_as_kept",
    "shelters_of_the_ministry", "told_by_one_body",
}  # fmt: skip


def _unknown_codes(breakdown: str | None) -> set[str]:
    with (SEEDS / "cust_breakdown.csv").open(encoding="utf-8", newline="") as stream:
        codes = {row["code"] for row in csv.DictReader(stream) if row["list"] == breakdown}
    return {code for code in codes if UNKNOWN.search(code)}


def _shares(card: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (derived for derived in card["derived"] if derived["measure"] == "SHARE")


def _divides_a_whole(card: dict[str, Any], share: dict[str, Any]) -> bool:
    """Whether the categories add up to the count below the line: then their total is no answer but all of it."""
    return any(
        link["kind"] == "partition"
        and not link.get("at")
        and (f"{card['code']}/{link['measure']}", link["of"]) == (share["numerator"], share["denominator"])
        for link in card["relations"]
    )


def _counts_unknown(card: dict[str, Any]) -> bool:
    is_summed = card.get("adds_up", True) and any(not _divides_a_whole(card, share) for share in _shares(card))
    return is_summed and bool(_unknown_codes(card.get("breakdown")))


def test_no_total_of_a_numerator_holds_those_of_whom_the_answer_is_unknown():
    assert {code for code, card in CARDS.items() if _counts_unknown(card)} == set(ANSWERED_ALL_THE_SAME)


def test_the_search_finds_a_total_with_unknown_in_it():
    assert _counts_unknown({**CARDS["PRS-18"], "adds_up": True})


@pytest.mark.parametrize("code", sorted(CARDS))
def test_a_share_of_a_base_in_which_the_question_was_left_blank_says_so(code: str):
    card = CARDS[code]
    asked = re.findall(r"answered_when=([\"'])(.*?)\1", SQL[code], re.DOTALL)
    if any(_shares(card)) and any("is not null" in condition for _, condition in asked):
        assert SAYS_WHAT_IS_BLANK & set(card["caveats"]), "blank_counts_in_the_base, or what is said in its place"
