"""Cards are read strictly: each kind of value at its borders, and an error names its place."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal, Self

import pytest
from pydantic import Field, ValidationError, model_validator

from ingestion.cards.card_errors import IngestionCard, Pair, nearest_key, place_and_problem
from ingestion.entry.corrections import Value

DAY = datetime.date(2025, 3, 31)


class Leaf(IngestionCard):
    """A part of an invented card."""

    size: Annotated[int, Field(ge=1, le=3)]
    colour: Literal["green", "brown"] = "green"


class Tree(IngestionCard):
    """An invented card."""

    name: Annotated[str, Field(pattern=r"^[a-z]+$")]
    leaves: dict[str, Leaf] = Field(default_factory=dict[str, Leaf])
    days: Annotated[list[datetime.date], Field(max_length=2)] = Field(default_factory=list[datetime.date])
    height: float | None = None
    pair: Pair = ("", "")
    words: Annotated[tuple[str, ...], Field(strict=False)] = ()
    is_tall: bool = False
    anything: Value = None

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.is_tall and self.height is None:
            raise ValueError("height: a tall tree has one")
        return self


def refusal_of(content: object) -> tuple[str, str]:
    """Return where an invented card is wrong, and what is."""
    with pytest.raises(ValidationError) as refused:
        Tree.model_validate(content)
    return place_and_problem(refused.value)


def test_a_card_is_read_with_all_that_it_holds():
    content = {"name": "oak", "leaves": {"a": {"size": 3}}, "days": [DAY, DAY], "height": 2, "pair": ["a", "b"]}
    tree = Tree.model_validate(content | {"words": ["x", "y", "z"], "is_tall": True, "anything": 7})
    assert tree == Tree(
        name="oak",
        leaves={"a": Leaf(size=3)},
        days=[DAY, DAY],
        height=2.0,
        pair=("a", "b"),
        words=("x", "y", "z"),
        is_tall=True,
        anything=7,
    )
    assert type(tree.height) is float
    assert type(tree.anything) is int


def test_what_a_card_leaves_out_is_as_the_card_says_and_is_shared_by_no_other_card():
    first, second = Tree.model_validate({"name": "oak"}), Tree.model_validate({"name": "ash"})
    assert first.leaves == {}
    assert first.leaves is not second.leaves


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"name": "Oak"}, "name"),
        ({"name": "oak\n"}, "name"),
        ({"name": 1}, "name"),
        ({"name": None}, "name"),
        ({"leaves": []}, "leaves"),
        ({"leaves": {"a": {}}}, "leaves.a.size"),
        ({"leaves": {"a": {"size": 0}}}, "leaves.a.size"),
        ({"leaves": {"a": {"size": 4}}}, "leaves.a.size"),
        ({"leaves": {"a": {"size": True}}}, "leaves.a.size"),
        ({"leaves": {"a": {"size": 1.0}}}, "leaves.a.size"),
        ({"leaves": {"a": {"size": "1"}}}, "leaves.a.size"),
        ({"leaves": {"a": {"size": 1, "colour": "red"}}}, "leaves.a.colour"),
        ({"leaves": {"a": None}}, "leaves.a"),
        ({"leaves": {1: {"size": 1}}}, "leaves.1"),
        ({"days": [DAY, DAY, DAY]}, "days"),
        ({"days": [DAY, "2025-03-31"]}, "days.1"),
        ({"days": [datetime.datetime(2025, 3, 31, 10)]}, "days.0"),
        ({"height": "2"}, "height"),
        ({"pair": ["a"]}, "pair.1"),
        ({"pair": ["a", "b", "c"]}, "pair"),
        ({"words": "xyz"}, "words"),
        ({"words": ["x", 1]}, "words.1"),
        ({"is_tall": 1}, "is_tall"),
        ({"anything": ["x"]}, "anything"),
        ({"is_tall": True}, ""),
        ({"leavse": {}}, "leavse"),
    ],
)
def test_what_a_card_may_not_hold_is_refused_with_its_place(change: dict[str, Any], place: str):
    told, problem = refusal_of({"name": "oak"} | change)
    assert told == place
    assert problem


def test_an_unknown_key_is_told_before_the_missing_one_that_it_was_meant_to_be():
    place, _ = refusal_of({"nmae": "oak"})
    assert (place, nearest_key(Tree, "nmae"), nearest_key(Tree, "colou")) == ("nmae", "name", "colour")


@pytest.mark.parametrize("content", [None, [], "name: oak", 1])
def test_what_is_no_mapping_is_no_card(content: object):
    assert refusal_of(content)[0] == ""


def test_a_rule_of_a_whole_card_says_what_is_wrong_in_its_own_words():
    assert refusal_of({"name": "oak", "is_tall": True}) == ("", "height: a tall tree has one")


def test_no_card_is_changed_after_it_was_read():
    with pytest.raises(ValidationError):
        Tree(name="oak").name = "ash"  # pyright: ignore[reportAttributeAccessIssue]
