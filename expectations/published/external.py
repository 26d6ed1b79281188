"""Figures that others published: rows next to Marsad's own in an audit, if they count the same thing.

Belongs here: the cards in `ledger/external/`, and reading them as rows for an audit. What was published elsewhere stays
published: a card with a typing error is corrected; any other gets a signed `not_comparable`.
Does not belong here: deciding that two definitions are the same (a person signs that in the card), the audit, or which
card blocks a release (`external_conflicts.py`).

    ledger/external/<name>.yml
        source: UNODC, Global Report on Trafficking in Persons, data portal
        citation: title, edition, table, address
        published: 2024-12-11
        definition:                 # of the other agency; `same_as` is left out if it counts something else
          id: unodc_detected_victims
          same_as: PRT-02/COUNT
          decided_by: Secretariat, statistics section
          reason: why it counts the same thing
        rows:
          - {ref_area: IQ-FED, time_period: '2021', value: 40, printed: exact}
          - {ref_area: IQ-FED, time_period: '2022', value: 40, printed: rounded, within: 4}
          - {ref_area: IQ-FED, time_period: '2023', sex: F, printed: masked, below: 5}
        not_comparable:             # only if it turned out so: the rows are ignored, and every release's notes say so
          decided_by: Secretariat, statistics section
          decided: 2026-03-01
          reason: it counts cases by the day of arrest, ours by the day of identification
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from expectations.cards.cells import DIMENSIONS, KEY, TOTAL
from ingestion.cards.card_errors import foremost_error, nearest_key
from ingestion.home import Home
from ingestion.strict_yaml import parse_yaml
from languages.refusal import Refusal

COLUMNS = (*KEY, "lower", "upper", "source")


class _CardPart(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ExternalDefinition(_CardPart):
    """What the other agency counts; with `same_as`, who decided that it is one of our measures, and why."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    same_as: str | None = Field(default=None, pattern=r"^[A-Z]{3}-\d\d/(?:COUNT|NUMERATOR|DENOMINATOR)$")
    decided_by: str = Field(min_length=1)
    reason: str = Field(min_length=5)


class ExternalFigure(_CardPart):
    """One published figure: its coordinates, its value, and how it was printed."""

    ref_area: str
    time_period: str = Field(pattern=r"^\d{4}$")
    sex: str = TOTAL
    age: str = TOTAL
    form: str = TOTAL
    article: str = TOTAL
    holder: str = TOTAL
    citizenship: str = TOTAL
    cust_breakdown: str = TOTAL
    value: int | None = Field(default=None, ge=0)
    printed: Literal["exact", "rounded", "masked"]
    within: int = Field(default=0, ge=0)
    below: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _check_printing(self) -> Self:
        needed = {"exact": self.value is not None, "rounded": self.value is not None and self.within > 0}
        if not needed.get(self.printed, self.value is None and self.below > 1):
            raise ValueError("printed")
        return self

    @property
    def bounds(self) -> tuple[int, int]:
        """What a reader knows from it: the least and the greatest count. A mark `<5` stands for 1 to 4."""
        if self.printed == "masked":
            return 1, self.below - 1
        value = self.value or 0
        return max(value - self.within, 0), value + self.within


class NotComparable(_CardPart):
    """Statement that a card counts something else after all; its reason is public: no digit, and nobody named."""

    decided_by: str = Field(min_length=1)
    decided: datetime.date
    reason: str = Field(min_length=5)

    @field_validator("reason")
    @classmethod
    def _check_reason(cls, reason: str) -> str:
        if re.search(r"\d", reason):
            raise ValueError("reason")
        return reason


class ExternalCard(_CardPart):
    """One publication of another agency."""

    source: str = Field(min_length=1)
    citation: str = Field(min_length=1)
    published: datetime.date
    definition: ExternalDefinition
    rows: list[ExternalFigure] = Field(min_length=1)
    not_comparable: NotComparable | None = None


@dataclass(frozen=True)
class SetAsidePublication:
    """A publication that was considered comparable and is not, as the notes of a release report it."""

    source: str
    citation: str
    published: str
    indicator: str
    reason: str
    decided_by: str
    decided: str


def external_rows(home: Home) -> pd.DataFrame:
    """Return others' figures that count what Marsad counts: `KEY`, `lower`, `upper`, `source` (the card's name).

    A card whose definition is not one of ours, or that a person set aside, is kept and gives no row: joined to our
    figures it would exclude true tables, and an audit that excludes the truth proves nothing.

    Raises:
        Refusal: `external_invalid`, naming card, field and the nearest known key.
    """
    rows = [row for path in sorted((home.ledger / "external").glob("*.yml")) for row in _rows(path)]
    return pd.DataFrame(rows, columns=list(COLUMNS)).sort_values([*KEY, "source"]).reset_index(drop=True)


def external_cards(home: Home) -> dict[str, ExternalCard]:
    """Return the cards of others' figures by name, including those that count something else or were set aside.

    Raises:
        Refusal: `external_invalid`, naming card and field.
    """
    return {path.stem: _card(path) for path in sorted((home.ledger / "external").glob("*.yml"))}


def set_aside(home: Home) -> list[SetAsidePublication]:
    """Return the publications that a person has signed as not comparable, by name of their cards.

    Raises:
        Refusal: `external_invalid`, naming card and field.
    """
    publications: list[SetAsidePublication] = []
    for card in (_card(path) for path in sorted((home.ledger / "external").glob("*.yml"))):
        signed, same_as = card.not_comparable, card.definition.same_as
        if signed is not None and same_as is not None:
            indicator, days = same_as.partition("/")[0], (card.published.isoformat(), signed.decided.isoformat())
            publication = SetAsidePublication(
                card.source, card.citation, days[0], indicator, signed.reason, signed.decided_by, days[1]
            )
            publications.append(publication)
    return publications


def _rows(path: Path) -> Iterator[dict[str, str | int]]:
    card = _card(path)
    if card.definition.same_as is None or card.not_comparable is not None:
        return
    indicator, _, measure = card.definition.same_as.partition("/")
    for row in card.rows:
        lower, upper = row.bounds
        place = {"indicator": indicator, "measure": measure, "ref_area": row.ref_area, "time_period": row.time_period}
        codes = {name: str(getattr(row, name)) for name in DIMENSIONS}
        yield {**place, **codes, "lower": lower, "upper": upper, "source": path.stem}


def _card(path: Path) -> ExternalCard:
    try:
        return ExternalCard.model_validate(parse_yaml(path.read_bytes()))
    except ValidationError as error:
        first = foremost_error(error)
        field = ".".join(str(part) for part in first["loc"]) or str(first["type"])
        near = nearest_key(ExternalCard, field.rpartition(".")[2])
        raise Refusal("external_invalid", where=path.name, field=field, nearest=near) from error
    except ValueError as error:
        raise Refusal("external_invalid", where=path.name, field="yaml", nearest="source") from error
