"""Breaks of series: where a law, a definition, a holder, the coverage or a place changed, and what spans it.

Belongs here: the cards in `series_breaks.yml`, which released rows they touch, and whether two years lie on two sides.
The figures and their status stay as they are: a break is a mark beside them.
Does not belong here: a year that not all bodies told of (the coverage in the rows says so), words, comparisons.

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
    """One change by which figures before and after are not of one kind.

    Attributes:
        code: its name; words under `break.<code>`.
        first_year: the first year that is counted the new way, be it in part.
        whole_year: the first year that is wholly counted the new way.
        areas: places that it touches; a region stands for its governorates too.
        indicators: codes, or the letters of a pillar (`PRS`); every one if empty.
        invented: whether it is one of the invented country's; the others are Iraq's.
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
        """Return whether it touches an indicator in a place."""
        is_named = not self.indicators or bool({indicator, indicator.partition("-")[0]} & set(self.indicators))
        region = region_of(area) if level_of(area) == "governorate" else area
        return is_named and bool({area, region} & set(self.areas))

    def lies_between(self, before: str, now: str) -> bool:
        """Return whether an earlier and a later year are counted in two ways, or one of them in both."""
        return int(before) < self.whole_year and int(now) >= self.first_year


@cache
def read_breaks(*, invented: bool = False) -> tuple[SeriesBreak, ...]:
    """Return the breaks of Iraq or, for a home of invented files, of the invented country, by first year.

    Raises:
        Refusal: `card_invalid` for a key that a card may not hold, or a code that stands twice.
    """
    content = yaml.safe_load(CARDS.read_text(encoding="utf-8"))
    known = [validate_card(SeriesBreak, entry, where=CARDS.name) for entry in content]
    codes = [series_break.code for series_break in known]
    if twice := next((code for code in codes if codes.count(code) > 1), ""):
        raise Refusal("card_invalid", where=CARDS.name, field=twice, problem="stands twice", nearest="code")
    own = [series_break for series_break in known if series_break.invented == invented]
    return tuple(sorted(own, key=lambda series_break: (series_break.first_year, series_break.code)))


def find_breaks(frame: pd.DataFrame, known: Iterable[SeriesBreak]) -> list[SeriesBreak]:
    """Return the breaks between printed figures of released rows, each with the indicators and places it touches there.

    A series that begins after a break, or ends before it, has none: there is nothing to compare.

    Args:
        frame: `indicator`, `ref_area`, `time_period`, `obs_value` at least.
        known: breaks of the country that the rows are of.
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
    """Return the breaks that lie between two years of a figure that is made of these indicators."""
    codes = list(indicators)
    return [
        series_break
        for series_break in known
        if series_break.lies_between(before, now) and any(series_break.touches(code, area) for code in codes)
    ]
