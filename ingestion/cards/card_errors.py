"""Card validation: strictness, error messages, suggestions for misspelt keys.

Belongs here: the pydantic settings that all cards of senders share, and reading pydantic's errors.
Does not belong here: any card (`source_card.py`), or texts for users.
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
    """Base of the intake's cards: unknown keys are refused, and a whole number for a decimal is the only conversion."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def foremost_error(error: ValidationError) -> ErrorDetails:
    """Return the error to report: an unknown key goes before the missing key that it probably misspells."""
    return min(error.errors(include_url=False), key=lambda detail: detail["type"] != "extra_forbidden")


def place_and_problem(error: ValidationError) -> tuple[str, str]:
    """Return the dotted path of keys to the error, and what is wrong; a card's own rules word it themselves."""
    first = foremost_error(error)
    rule = first.get("ctx", {}).get("error")
    place = ".".join(str(part) for part in first["loc"] if part != "[key]")
    return place, first["msg"] if rule is None else str(rule)


def nearest_key(model: type[BaseModel], word: object) -> str:
    """Suggest the closest valid keys for a misspelt one."""
    return nearest_word_or_all(str(word), _keys(model))


def path_in_project(path: Path, house: Path) -> str:
    """Return a card's path relative to the project, without the machine's folders."""
    return path.relative_to(house).as_posix() if path.is_relative_to(house) else path.name


def _keys(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield name
        for part in _parts(field.annotation):
            if isinstance(part, type) and issubclass(part, BaseModel):
                yield from _keys(part)


def _parts(annotation: object) -> Iterator[object]:
    """Yield an annotation and everything inside it: `list[Row] | None` holds `Row`."""
    yield annotation
    for part in get_args(annotation):
        yield from _parts(part)
