"""Cards as frozen dataclasses: reading what YAML or JSON holds into one, strictly.

Belongs here: types of values, bounds and patterns, unknown and missing keys, the place of an error in a card.
Does not belong here: any card (`source_card.py`), or cards of the floors above, which pydantic reads
(`card_errors.py`): to import it alone would take a fifth of the first answer of `marsad check`.

Nothing is converted but a whole number where a number is wanted; a key that the dataclass does not have is refused
before one that is missing, because it mostly is that one misspelt.
"""

from __future__ import annotations

import copy
import datetime
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from ingestion.text.folding import nearest_or_all

_Card = TypeVar("_Card")
_NAMES = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    datetime.date: "a date",
    type(None): "nothing",
}


class CardError(ValueError):
    """What is wrong with a card, and at which key.

    Args:
        place: the keys that lead there, joined by dots.
        problem: what is wrong, in a few words.
    """

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}" if place else problem)
        self.place = place
        self.problem = problem


class Pattern(NamedTuple):
    """A rule for a text, in `Annotated`: a regular expression that fits all of it."""

    expression: str

    def problem(self, value: Any) -> str:  # noqa: ANN401 - a text, by the annotation
        """Return what is wrong with a value; empty if nothing is."""
        return "" if re.fullmatch(self.expression, value) else f"does not read {self.expression}"


class SizeLimits(NamedTuple):
    """A rule in `Annotated`: the least and the greatest number, or length of what has one."""

    least: int = 0
    most: int | None = None

    def problem(self, value: Any) -> str:  # noqa: ANN401 - a number or a collection, by the annotation
        """Return what is wrong with a value; empty if nothing is."""
        size = len(cast(Collection[Any], value)) if isinstance(value, Collection) else value
        fits = self.least <= size and (self.most is None or size <= self.most)
        return "" if fits else f"less than {self.least}" if size < self.least else f"more than {self.most}"


def read_card(kind: type[_Card], content: object, place: str = "") -> _Card:
    """Return `content` as a card.

    Args:
        kind: a dataclass whose annotations say what each key holds; it may refuse itself in `__post_init__`.
        content: what a file holds.
        place: the keys that lead to it.

    Raises:
        CardError: the first thing that is wrong with it.
    """
    if not isinstance(content, Mapping):
        raise CardError(place, "no mapping of keys")
    given, known = cast(Mapping[Any, object], content), _keys_of(kind)
    for key in given:
        if key not in known:
            raise CardError(_under(place, key), "no such key")
    for name, key in known.items():
        if key.is_required and name not in given:
            raise CardError(_under(place, name), "is missing")
    values = {name: _value(known[name].wanted, value, _under(place, name)) for name, value in given.items()}
    try:
        return kind(**values)
    except CardError:
        raise
    except ValueError as error:
        raise CardError(place, str(error)) from error


def unchecked(card: _Card, **changed: object) -> _Card:
    """Return a card with other values, which are not judged: what a file adds to a card is no mistake in it."""
    made = copy.copy(card)
    for name, value in changed.items():
        object.__setattr__(made, name, value)
    return made


def nearest_key(kind: type, word: object) -> str:
    """Return the key of a card, or of a part of it, that a word misspells, or some that there are."""
    return nearest_or_all(str(word), _all_keys(kind))


def place_of(path: Path, house: Path) -> str:
    """Return a card's path as the project writes it, without the machine's part."""
    return path.relative_to(house).as_posix() if path.is_relative_to(house) else path.name


class _Key(NamedTuple):
    wanted: Any
    is_required: bool


@cache
def _keys_of(kind: type) -> dict[str, _Key]:
    hints = get_type_hints(kind, include_extras=True)
    return {
        one.name: _Key(hints[one.name], one.default is MISSING and one.default_factory is MISSING)
        for one in fields(kind)
    }


def _all_keys(kind: type) -> Iterator[str]:
    for name, key in _keys_of(kind).items():
        yield name
        for part in _parts(key.wanted):
            if is_dataclass(part):
                yield from _all_keys(cast(type, part))


def _parts(annotation: object) -> Iterator[object]:
    """An annotation and everything inside it: `list[Row] | None` holds `Row`."""
    yield annotation
    for part in get_args(annotation):
        yield from _parts(part)


def _under(place: str, key: object) -> str:
    return f"{place}.{key}" if place else str(key)


def _value(wanted: Any, value: object, place: str) -> object:  # noqa: ANN401 - an annotation
    """Return a value as an annotation wants it."""
    if reader := _READERS.get(get_origin(wanted)):
        return reader(get_args(wanted), value, place)
    if is_dataclass(wanted):
        return read_card(cast(type, wanted), value, place)
    if wanted is float and type(value) is int:
        return float(value)
    if type(value) is not wanted:  # True is no number, and a time of day no date
        raise CardError(place, f"is not {_NAMES[wanted]}")
    return value


def _ruled(parts: tuple[Any, ...], value: object, place: str) -> object:
    kind, *rules = parts
    got = _value(kind, value, place)
    for rule in rules:
        if problem := rule.problem(got):
            raise CardError(place, problem)
    return got


def _one_of(parts: tuple[Any, ...], value: object, place: str) -> object:
    if not any(value == part and type(value) is type(part) for part in parts):
        raise CardError(place, f"is none of {', '.join(map(str, parts))}")
    return value


def _either(parts: tuple[Any, ...], value: object, place: str) -> object:
    """Return a value as the first kind that takes it: where one alone is no `None`, what that one says is told."""
    problems: list[CardError] = []
    for part in parts:
        try:
            return _value(part, value, place)
        except CardError as error:
            problems.append(error)
    raise problems[0]


def _listed(parts: tuple[Any, ...], value: object, place: str) -> list[object]:
    if not isinstance(value, list):
        raise CardError(place, "is not a list")
    items = cast(list[object], value)
    return [_value(parts[0], one, _under(place, number)) for number, one in enumerate(items)]


def _in_a_row(parts: tuple[Any, ...], value: object, place: str) -> tuple[object, ...]:
    kinds = parts[:1] * len(cast(list[object], value)) if parts[1:] == (...,) and isinstance(value, list) else parts
    if not isinstance(value, list) or len(cast(list[object], value)) != len(kinds):
        raise CardError(place, f"is not a list of {len(kinds)}")
    items = zip(kinds, cast(list[object], value), strict=True)
    return tuple(_value(kind, one, _under(place, number)) for number, (kind, one) in enumerate(items))


def _mapped(parts: tuple[Any, ...], value: object, place: str) -> dict[object, object]:
    if not isinstance(value, dict):
        raise CardError(place, "no mapping of keys")
    items = cast(dict[object, object], value).items()
    return {_value(parts[0], key, _under(place, key)): _value(parts[1], one, _under(place, key)) for key, one in items}


_READERS: Mapping[Any, Callable[[tuple[Any, ...], object, str], object]] = {
    Annotated: _ruled,
    Literal: _one_of,
    Union: _either,
    UnionType: _either,
    list: _listed,
    tuple: _in_a_row,
    dict: _mapped,
}
