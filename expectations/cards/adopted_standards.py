"""Standards that the task force adopted: two numbers a question, their source, and the day.

Belongs here: their schema, and reading those that a release carries.
Does not belong here: the questions (`reports/questions`), reading `standards.yml` of a home
(`expectations/releases/home_standards.py`), whether a figure meets a standard (`reports/answers/judgement.py`).

The numbers lie in the home and go out with the release: a card would hand the invented country's to a real home.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from expectations.cards.dataset_card import StrictCard, validate_card
from ingestion.home import Home, sha256_of


class AdoptedStandard(StrictCard):
    """When a figure meets its standard.

    Attributes:
        unit: `percent` of the whole, or `count`, for what must be there at all (a clause in force).
        met_from: met from this number on. Of a question where lower is better: of those *not* concerned.
        not_met_below: not met below this number.
        adopted: the day on which the task force adopted it.
        source: where it is written, by language.
        first_year: the first year that it judges: figures of years before were out before it was; empty for all. A
            release says it, a home does not.
    """

    unit: Literal["percent", "count"] = "percent"
    met_from: float = Field(gt=0, strict=True, allow_inf_nan=False)
    not_met_below: float = Field(gt=0, strict=True, allow_inf_nan=False)
    adopted: datetime.date
    source: dict[str, str] = Field(min_length=1)
    first_year: str = Field(default="", pattern=r"^(\d{4})?$")

    @field_validator("adopted", mode="before")
    @classmethod
    def _is_a_day(cls, day: object) -> object:
        """Refuse what pydantic would read as seconds since 1970, and a time of day."""
        if isinstance(day, str):
            return datetime.date.fromisoformat(day)
        if isinstance(day, datetime.datetime) or not isinstance(day, datetime.date):
            raise ValueError("adopted")
        return day

    @model_validator(mode="after")
    def _leaves_room_for_partly(self) -> Self:
        if self.not_met_below > self.met_from:
            raise ValueError("not_met_below")
        if self.unit == "percent" and self.met_from >= 100:  # a rounded share is never known to be all
            raise ValueError("met_from")
        return self

    @property
    def numbers(self) -> tuple[str, float, float]:
        """What judges a figure: another day or source leaves it the same standard."""
        return self.unit, self.met_from, self.not_met_below

    def judges(self, year: str) -> bool:
        """Return whether a release carried it before, or with, the first figures of a year."""
        return year >= self.first_year


def read_carried(manifest: Mapping[str, Any], *, where: str) -> dict[str, AdoptedStandard]:
    """Return the standards that a release carries, by question; earlier releases carry none.

    Raises:
        Refusal: `card_invalid`.
    """
    content = manifest.get("standards", {})
    return {key: validate_card(AdoptedStandard, card, where=f"{where}: {key}") for key, card in content.items()}


def hash_of_standards(home: Home) -> str:
    """Return the hash of a home's file of standards; empty without one."""
    return sha256_of(home.standards) if home.standards.is_file() else ""
