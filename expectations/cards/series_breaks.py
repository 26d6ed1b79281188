"""Breaks in series: a law, a definition, a holder, the coverage or a place changed, and which years it separates.

Belongs here: the cards in `series_breaks.yml`, which released rows they affect, and whether a break lies between two
years. Figures and their status are unchanged: a break is an additional mark.
Does not belong here: a year that not all agencies reported (the coverage in the rows says so), words, comparisons.

Sources: docs/reference/law.md (what changed), docs/reference/areas.md (Halabja), docs/decisions/0033.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Literal, Self

import pandas as pd
import yaml
from pydantic import Field, model_validator

from expectations.cards.areas import level_of, region_of
from expectations.cards.dataset_card import StrictCard, validate_card
from languages.refusal import Refusal

CARDS = Path(__file__).parents[1] / "series_breaks.yml"
Kind = Literal["law", "definition", "holder", "coverage", "place"]


class SeriesBreak(StrictCard):
    """One change after which figures are not comparable with those before.

    Attributes:
        code: its name; its text is under `break.<code>`.
        first_year: the first year that is counted the new way, even if only in part.
        whole_year: the first year that is wholly counted the new way.
        areas: affected places; a region includes its governorates.
        indicators: codes, or the letters of a pillar (`PRS`); empty for all indicators.
        invented: whether the break belongs to the invented country rather than Iraq.
    """

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    kind: Kind
    first_year: int = Field(ge=1990, le=2100)
    whole_year: int = Field(ge=1990, le=2100)
    areas: list[str] = Field(min_length=1)
    indicators: list[str] = Field(default_factory=list[str])
    invented: bool = False

    @model_validator(mode="after")
    def _check_years(self) -> Self:
        if self.whole_year < self.first_year:
            raise ValueError("whole_year")
        return self

    @property
    def years(self) -> tuple[str, str]:
        """The first and last year in which the change took place."""
        return str(self.first_year), str(max(self.first_year, self.whole_year - 1))

    def touches(self, indicator: str, area: str) -> bool:
        """Return whether it affects an indicator in a place."""
        is_named = not self.indicators or bool({indicator, indicator.partition("-")[0]} & set(self.indicators))
        region = region_of(area) if level_of(area) == "governorate" else area
        return is_named and bool({area, region} & set(self.areas))

    def lies_between(self, before: str, now: str) -> bool:
        """Return whether an earlier and a later year are counted in different ways, or one of them in both."""
        return int(before) < self.whole_year and int(now) >= self.first_year


@cache
def read_breaks(*, invented: bool = False) -> tuple[SeriesBreak, ...]:
    """Return the breaks of Iraq or, for a home of invented files, of the invented country, by first year.

    Raises:
        Refusal: `card_invalid` for an unknown key in a card, or a code that is used twice.
    """
    content = yaml.safe_load(CARDS.read_text(encoding="utf-8"))
    known = [validate_card(SeriesBreak, entry, where=CARDS.name) for entry in content]
    codes = [series_break.code for series_break in known]
    if twice := next((code for code in codes if codes.count(code) > 1), ""):
        raise Refusal("card_invalid", where=CARDS.name, field=twice, problem="stands twice", nearest="code")
    own = [series_break for series_break in known if series_break.invented == invented]
    return tuple(sorted(own, key=lambda series_break: (series_break.first_year, series_break.code)))


def find_breaks(frame: pd.DataFrame, known: Iterable[SeriesBreak]) -> list[SeriesBreak]:
    """Return the breaks between printed figures of released rows, each with the indicators and places it affects there.

    A series that begins after a break, or ends before it, has none: there is nothing to compare.

    Args:
        frame: `indicator`, `ref_area`, `time_period`, `obs_value` at least.
        known: breaks of the country of these rows.
    """
    printed = frame[frame["obs_value"].notna()]
    spans = printed.groupby(["indicator", "ref_area"], sort=True)["time_period"].agg(["min", "max"]).reset_index()
    touching: list[SeriesBreak] = []
    for series_break in known:
        touched = [
            (str(row["indicator"]), str(row["ref_area"]))
            for _, row in spans.iterrows()
            if series_break.touches(str(row["indicator"]), str(row["ref_area"]))
            and series_break.lies_between(str(row["min"]), str(row["max"]))
        ]
        if touched:
            places = {
                "indicators": sorted({code for code, _ in touched}),
                "areas": sorted({area for _, area in touched}),
            }
            touching.append(series_break.model_copy(update=places))
    return touching


def select_spanned_breaks(
    known: Iterable[SeriesBreak], indicators: Iterable[str], area: str, before: str, now: str
) -> list[SeriesBreak]:
    """Return the breaks between two years of a figure computed from these indicators."""
    codes = list(indicators)
    return [
        series_break
        for series_break in known
        if series_break.lies_between(before, now) and any(series_break.touches(code, area) for code in codes)
    ]
