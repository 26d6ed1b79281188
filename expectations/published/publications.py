"""Publications: figures from reports, letters and newspapers, typed in with their citation.

Belongs here: the cards in `publications/` of the home, and the cards of `external.py` read as publications.
Does not belong here: what an audit includes (`external.py`: only what counts the very same thing), comparing
(`reports/analysis/reconciled_figures.py`).

A publication may count anything, over any period. It is shown as it was printed, with what it says of itself; what it
does not say is left out and never guessed. Real figures are typed into a home of real files, nowhere else. No build
reads a card: typing one in changes none of our figures.

    publications/<name>.yml
        source: Ministry of Interior, statement of its spokesman
        answers: iraq_interior_ministry      # who can say what was counted; `source` if left out
        citation: title, page, address
        published: 2025-10-21
        figures:
          - about: networks broken up
            compare: PRS-02/COUNT            # the released count nearest to it
            ref_area: IQ-FED
            time_period: '2025'              # the released year it is compared with
            start: 2025-01-01                # by default the whole year
            end: 2025-10-15
            unit: NETWORK                    # left out if not stated
            crimes: [TIP, SMUGGLING, BEGGING]
            value: 40
            printed: exact                   # or rounded with `within`, masked with `below`, as in `external.py`
"""

from __future__ import annotations

import datetime
from typing import Self

from pydantic import Field, model_validator

from expectations.cards.cells import DIMENSIONS, TOTAL
from expectations.cards.dataset_card import StrictCard, validate_card
from expectations.published.external import ExternalCard, ExternalFigure, external_cards
from ingestion.home import Home
from ingestion.strict_yaml import parse_yaml
from languages.refusal import Refusal

SMALL = 5
"""A smaller count of persons is not repeated, however it was printed."""


class PublishedFigure(ExternalFigure, StrictCard):
    """One figure as printed.

    Attributes:
        states_area: whether the publication itself says that the figure is about `ref_area`.
        crimes: the crimes counted together; only `TIP` if it says nothing else.
    """

    about: str = Field(min_length=3)
    compare: str = Field(pattern=r"^[A-Z]{3}-\d\d/(?:COUNT|NUMERATOR|DENOMINATOR)$")
    unit: str = Field(default="", pattern=r"^[A-Z_]*$")
    start: datetime.date | None = None
    end: datetime.date | None = None
    states_area: bool = True
    crimes: list[str] = Field(default=["TIP"], min_length=1)

    @model_validator(mode="after")
    def _check_period(self) -> Self:
        if self.first_day > self.last_day:
            raise ValueError("end")
        return self

    @property
    def first_day(self) -> datetime.date:
        """First day of its period."""
        return self.start or datetime.date(int(self.time_period), 1, 1)

    @property
    def last_day(self) -> datetime.date:
        """Last day of its period."""
        return self.end or datetime.date(int(self.time_period), 12, 31)

    @property
    def codes(self) -> dict[str, str]:
        """Its breakdown: dimension to code, without totals."""
        own = {name: str(getattr(self, name)) for name in DIMENSIONS}
        return {name: code for name, code in own.items() if code != TOTAL}

    @property
    def is_small(self) -> bool:
        """Whether it may stand for fewer than five persons, and not for none."""
        lower, upper = self.bounds
        return upper > 0 and lower < SMALL and upper < 2 * SMALL


class Publication(StrictCard):
    """One publication."""

    name: str
    source: str = Field(min_length=1)
    answers: str = ""
    citation: str = Field(min_length=1)
    published: datetime.date
    figures: list[PublishedFigure] = Field(min_length=1)

    @property
    def answered_by(self) -> str:
        """Who can say what was counted: an agency known to Marsad, or the publisher in its own words."""
        return self.answers or self.source


def publications(home: Home) -> list[Publication]:
    """Return all publications by name of their cards, including those that the audit uses.

    Raises:
        Refusal: `card_invalid` with card, field and nearest known key; `external_invalid`.
    """
    own = [_read_publication(path.stem, path.read_bytes()) for path in sorted(home.publications.glob("*.yml"))]
    return [
        *own,
        *(_external_publication(name, card) for name, card in external_cards(home).items() if _is_compared(card)),
    ]


def _read_publication(name: str, data: bytes) -> Publication:
    try:
        content = parse_yaml(data)
    except ValueError as error:
        raise Refusal("card_invalid", where=f"{name}.yml", field="yaml", problem="unreadable", nearest="-") from error
    plain = content if isinstance(content, dict) else {}
    return validate_card(Publication, {**plain, "name": name}, where=f"{name}.yml")


def _is_compared(card: ExternalCard) -> bool:
    return card.definition.same_as is not None and card.not_comparable is None


def _external_publication(name: str, card: ExternalCard) -> Publication:
    own = {"about": card.definition.id, "compare": card.definition.same_as}
    figures = [PublishedFigure.model_validate({**row.model_dump(), **own}) for row in card.rows]
    return Publication(name=name, source=card.source, citation=card.citation, published=card.published, figures=figures)
