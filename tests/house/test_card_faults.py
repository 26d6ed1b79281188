"""A broken rule of a card is told with its file, its line and what to add, so that a stranger can mend it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml

from tests.house import card_faults

FILE = "dbt_project/models/indicators/protection/ind_protection__screening.yml"
WORDS = {"unit_measure": {"VICTIM", "PERSON_MEASURE"}, "holders": {"iraq_residence_directorate"}, "basis": {"period"}}
KNOWN = {"NCR-05/NUMERATOR", "NCR-05/DENOMINATOR"}
MODELS = {"NCR-05": "ind_protection__screening"}


@pytest.fixture
def node() -> dict[str, Any]:
    """The indicator of a card that is there, as the manifest holds it."""
    card = yaml.safe_load((card_faults.HOUSE / FILE).read_text(encoding="utf-8"))["models"][0]
    return {
        "name": card["name"],
        "unique_id": f"model.marsad.{card['name']}",
        "original_file_path": FILE.removeprefix("dbt_project/").replace(".yml", ".sql"),
        "config": copy.deepcopy(card["config"]),
    }


def faults_of(node: dict[str, Any]) -> Iterator[str]:
    """Yield all faults of a card of which one relation is tested."""
    kwargs = {"measure": "NUMERATOR", "whole": "ref('ind_protection__screening')", "whole_measure": "DENOMINATOR"}
    test = {"attached_node": node["unique_id"], "test_metadata": {"name": "part_of", "kwargs": kwargs}}
    yield from card_faults.incomplete(node)
    yield from card_faults.foreign_words(node, WORDS)
    yield from card_faults.unknown_measures(node, KNOWN)
    yield from card_faults.untested_relations(node, [test], MODELS)


def line_of(word: str) -> int:
    """The first line of the card that holds a word."""
    lines = (card_faults.HOUSE / FILE).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if word in line)


def test_a_card_that_is_in_order_has_no_fault(node: dict[str, Any]) -> None:
    assert list(faults_of(node)) == []


@pytest.mark.parametrize(
    ("spoil", "word", "told"),
    [
        (lambda card: card.pop("analogue"), "meta:", "the card has no `analogue`: add it under `meta`"),
        (lambda card: card.update(colour="red"), "meta:", "no card has a key `colour`: take it out, or name one of "),
        (lambda card: card.update(numerator=" "), "numerator:", "`numerator` is no text: write one"),
        (lambda card: card.update(caveats=[]), "caveats:", "`caveats` is empty: name at least one"),
        (
            lambda card: card.update(unit_measure="PERSON"),
            "unit_measure:",
            "`unit_measure` says 'PERSON': write one of PERSON_MEASURE, VICTIM",
        ),
        (
            lambda card: card.update(holders=["somebody"]),
            "holders:",
            "`holders` says 'somebody': write one of iraq_residence_directorate",
        ),
        (
            lambda card: card["derived"][0].update(numerator="NCR-05/COUNT"),
            "derived:",
            "NCR-05/COUNT is counted by no model: correct it, or count it there",
        ),
        (
            lambda card: [card["derived"][0].pop(end) for end in ("numerator", "denominator")],
            "derived:",
            "a figure of nothing: add `numerator` and `denominator`, or `left` and `right`",
        ),
        (
            lambda card: card["relations"][0].update(kind="partition"),
            "data_tests:",
            "the relation to NCR-05/DENOMINATOR is not tested: add `- part_of: {arguments: {whole: ref('ind_protection"
            "__screening'), measure: NUMERATOR, whole_measure: DENOMINATOR, kind: partition}}` under `data_tests`",
        ),
    ],
)
def test_a_fault_names_file_and_line_and_says_what_to_add(
    node: dict[str, Any], spoil: Callable[[dict[str, Any]], object], word: str, told: str
) -> None:
    spoil(node["config"]["meta"])
    (fault,) = faults_of(node)
    assert fault.startswith(f"{FILE}:{line_of(word)}: {told}")


def test_a_relation_of_no_kind_is_named(node: dict[str, Any]) -> None:
    node["config"]["meta"]["relations"][0]["kind"] = "portion"
    kinds = [fault for fault in faults_of(node) if "kind" in fault and "portion" in fault]
    assert kinds[0] == f"{FILE}:{line_of('relations:')}: the kind 'portion': write subset or partition"


def test_a_word_that_stands_nowhere_is_told_at_the_head_of_the_card(node: dict[str, Any]) -> None:
    assert card_faults.place_of(node, "no such word") == f"{FILE}:{line_of('meta:')}"
    nowhere = node | {"original_file_path": "models/ind_gone.sql"}
    assert card_faults.place_of(nowhere, "code:") == "dbt_project/models/ind_gone.yml:1"
