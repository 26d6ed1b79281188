"""Cards are read strictly: each kind of value at its borders, and an error names its place."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import pytest

from ingestion.cards.card_schema import CardError, Pattern, SizeLimits, nearest_key, read_card

DAY = datetime.date(2025, 3, 31)


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """A part of an invented card."""

    size: Annotated[int, SizeLimits(1, 3)]
    colour: Literal["green", "brown"] = "green"


@dataclass(frozen=True, kw_only=True)
class Tree:
    """An invented card."""

    name: Annotated[str, Pattern(r"[a-z]+")]
    leaves: dict[str, Leaf] = field(default_factory=dict[str, Leaf])
    days: Annotated[list[datetime.date], SizeLimits(0, 2)] = field(default_factory=list[datetime.date])
    height: float | None = None
    pair: tuple[str, str] = ("", "")
    words: tuple[str, ...] = ()
    is_tall: bool = False
    anything: datetime.date | int | float | str | None = None

    def __post_init__(self) -> None:
        if self.is_tall and self.height is None:
            raise ValueError("height: a tall tree has one")


def test_a_card_is_read_with_all_that_it_holds():
    content = {"name": "oak", "leaves": {"a": {"size": 3}}, "days": [DAY, DAY], "height": 2, "pair": ["a", "b"]}
    tree = read_card(Tree, content | {"words": ["x", "y", "z"], "is_tall": True, "anything": 7})
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
    first, second = read_card(Tree, {"name": "oak"}), read_card(Tree, {"name": "ash"})
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
        ({"pair": ["a"]}, "pair"),
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
    with pytest.raises(CardError) as refused:
        read_card(Tree, {"name": "oak"} | change)
    assert refused.value.place == place
    assert refused.value.problem


def test_an_unknown_key_is_told_before_the_missing_one_that_it_was_meant_to_be():
    with pytest.raises(CardError) as refused:
        read_card(Tree, {"nmae": "oak"})
    assert (refused.value.place, nearest_key(Tree, "nmae"), nearest_key(Tree, "colou")) == ("nmae", "name", "colour")


@pytest.mark.parametrize("content", [None, [], "name: oak", 1])
def test_what_is_no_mapping_is_no_card(content: object):
    with pytest.raises(CardError):
        read_card(Tree, content)
