"""Cards: how strictly one is read, what is wrong with it, and the keys it could have meant.

Belongs here: what all cards of senders share as models of pydantic, and reading pydantic's errors.
Does not belong here: any card (`source_card.py`), or words.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_args

from pydantic import BaseModel, ConfigDict, Field

from ingestion.text.folding import nearest_word_or_all

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

Pair = Annotated[tuple[str, str], Field(strict=False)]  # YAML has lists and no tuples


class IngestionCard(BaseModel):
    """A card of the way in: nothing is converted but a whole number where a number is wanted; no key is passed over."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def foremost_error(error: ValidationError) -> ErrorDetails:
    """Return the error to tell: an unknown key before the known one that it was meant to be, and that is missing."""
    return min(error.errors(include_url=False), key=lambda detail: detail["type"] != "extra_forbidden")


def place_and_problem(error: ValidationError) -> tuple[str, str]:
    """Return the keys that lead to what is wrong, joined by dots, and what is wrong; a rule of a card words it."""
    first = foremost_error(error)
    rule = first.get("ctx", {}).get("error")
    place = ".".join(str(part) for part in first["loc"] if part != "[key]")
    return place, first["msg"] if rule is None else str(rule)


def nearest_key(model: type[BaseModel], word: object) -> str:
    """Return the key of a card, or of a part of it, that a word misspells, or some that there are."""
    return nearest_word_or_all(str(word), _keys(model))


def path_in_project(path: Path, house: Path) -> str:
    """Return a card's path as the project writes it, without the machine's part."""
    return path.relative_to(house).as_posix() if path.is_relative_to(house) else path.name


def _keys(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield name
        for part in _parts(field.annotation):
            if isinstance(part, type) and issubclass(part, BaseModel):
                yield from _keys(part)


def _parts(annotation: object) -> Iterator[object]:
    """An annotation and everything inside it: `list[Row] | None` holds `Row`."""
    yield annotation
    for part in get_args(annotation):
        yield from _parts(part)
