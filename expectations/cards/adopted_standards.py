"""Standards that the task force adopted: two numbers a question, their source, and the day.

Belongs here: their schema and reading them from a home's file or from a release's manifest.
Does not belong here: the questions (`reports/questions`), whether a figure meets its standard
(`reports/answers/judgement.py`).

The numbers lie in the home and go out with the release: a card would hand the invented country's to a real home.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from expectations.cards.dataset_card import StrictCard, validate_card


class AdoptedStandard(StrictCard):
    """When a figure meets its standard.

    Attributes:
        unit: `percent` of the whole, or `count`, for what must be there at all (a clause in force).
        met_from: met from this number on. Of a question where lower is better: of those *not* concerned.
        not_met_below: not met below this number.
        adopted: the day on which the task force adopted it.
        source: where it is written, by language.
    """

    unit: Literal["percent", "count"] = "percent"
    met_from: float = Field(gt=0)
    not_met_below: float = Field(gt=0)
    adopted: datetime.date
    source: dict[str, str] = Field(min_length=1)

    @model_validator(mode="after")
    def _leaves_room_for_partly(self) -> Self:
        if self.not_met_below > self.met_from:
            raise ValueError("not_met_below")
        if self.unit == "percent" and self.met_from >= 100:  # a rounded share is never known to be all
            raise ValueError("met_from")
        return self


def read_standards(
    content: Mapping[str, Any], *, where: str, released: datetime.date | None = None
) -> dict[str, AdoptedStandard]:
    """Return the standards that were adopted before a figure was released, by question; all without a day.

    Args:
        content: question to standard, as a home or a manifest holds it.
        where: named in a refusal.
        released: the day of the release; what was adopted on it or later judges no figure of it.

    Raises:
        Refusal: `card_invalid`.
    """
    standards = {key: validate_card(AdoptedStandard, card, where=f"{where}: {key}") for key, card in content.items()}
    return {key: standard for key, standard in standards.items() if released is None or standard.adopted < released}
