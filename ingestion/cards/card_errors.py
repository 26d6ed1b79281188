"""What is wrong with a card: the error to tell first, and the keys it could have meant.

Belongs here: reading pydantic's errors for the cards of the floors above. Does not belong here: any card, how the
cards of senders are read (`card_schema.py`), or words.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, get_args

from pydantic import BaseModel

from ingestion.text.folding import nearest_or_all

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails


def foremost(error: ValidationError) -> ErrorDetails:
    """Return the error to tell: an unknown key before the known one that it was meant to be, and that is missing."""
    return min(error.errors(include_url=False), key=lambda one: one["type"] != "extra_forbidden")


def nearest_key(model: type[BaseModel], word: object) -> str:
    """Return the key of a card, or of a part of it, that a word misspells, or some that there are."""
    return nearest_or_all(str(word), _keys(model))


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
