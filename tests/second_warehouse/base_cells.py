"""The grid of base cells of an indicator, and what stands in each: a figure, a zero, or nothing because nobody told.

Belongs here: areas, years and categories of the grid, zero against missing, the cards' holders and level.
Does not belong here: which facts an indicator counts; the four pillars say that.

Sources: docs/promises.md (zero, missing and withheld are three things), docs/decisions/0007, 0010, 0027 (an answer that
no record of a region and year holds is missing, not 0).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product
from typing import Any

import yaml

from tests.second_warehouse import penalties, persons, proceedings, register, requests
from tests.second_warehouse.landed_rows import HOUSE, REGIONS, Fact, Landed, read_seed

DIMENSIONS = ("sex", "age", "form", "article", "holder", "citizenship", "cust_breakdown")
Key = tuple[str, ...]  # measure, area, year, then the dimensions
Cells = dict[Key, tuple[int | None, str]]
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # each process that collects reads all cards
_LISTS = {
    "sex": "sex",
    "age": "age_group",
    "form": "form",
    "article": "article_group",
    "citizenship": "citizenship_group",
}


@cache
def cards() -> dict[str, dict[str, Any]]:
    """Return code -> card of every indicator, with the name of its model."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted((HOUSE / "dbt_project" / "models" / "indicators").rglob("ind_*.yml")):
        (model,) = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)["models"]  # noqa: S506 - a safe one
        meta = model["config"]["meta"]
        found[meta["code"]] = meta | {"model": model["name"]}
    return found


@cache
def leaves() -> dict[str, str]:
    """Leaf area -> region."""
    return {row["area_code"]: row["region_code"] for row in read_seed("governorate")}


def _categories(card: dict[str, Any]) -> list[list[str]]:
    """The codes of each dimension; `_T` for a dimension that the indicator does not have."""
    lists: list[list[str]] = []
    for dimension in DIMENSIONS:
        if dimension not in card["dimensions"]:
            lists.append(["_T"])
        elif dimension == "cust_breakdown":
            lists.append([row["code"] for row in read_seed("cust_breakdown") if row["list"] == card["breakdown"]])
        else:
            lists.append([row["code"] for row in read_seed(_LISTS[dimension])])
    return lists


@dataclass(frozen=True)
class Country:
    """All facts of one set of landed rows."""

    landed: Landed

    @cached_property
    def victims(self) -> list[Fact]:
        """Victim-events, with their course."""
        verdicts = persons.last_verdicts(self.accused)
        events = persons.victim_events(self.landed.rows["victims"], verdicts)
        persons.mark_met_again(events)
        return events

    @cached_property
    def assisted(self) -> list[Fact]:
        """Identified victim-events, with the help that was told."""
        return requests.assisted(self.victims, self.landed.rows["services"])

    @cached_property
    def penalised(self) -> list[Fact]:
        """Victim-events, with the measures against the same person."""
        return penalties.penalised(self.victims, self.measures)

    @cached_property
    def measures(self) -> list[Fact]:
        """Measures against persons whom nobody accuses of trafficking."""
        return penalties.measures(self.landed.rows["residence_measures"])

    @cached_property
    def seekers(self) -> list[Fact]:
        """Persons who asked for shelter, once a year."""
        return requests.seekers(self.landed.rows["services"])

    @cached_property
    def accused(self) -> list[Fact]:
        """Accused persons in proceedings."""
        return proceedings.proceedings(self.landed.rows["accused"])

    @cached_property
    def cases(self) -> list[Fact]:
        """Case files, with their trial."""
        return proceedings.case_files(self.landed.rows["cases"], self.accused)

    @cached_property
    def activities(self) -> list[Fact]:
        """Activities of the register."""
        return register.activities(self.landed.rows["activities"])

    @cached_property
    def shelters(self) -> list[Fact]:
        """Shelters, once a year."""
        return register.shelters(self.landed.rows["facilities"])

    @cached_property
    def figures(self) -> list[Fact]:
        """Cells of tables that came as tables."""
        return register.figures(self.landed)

    def years_of(self, card: dict[str, Any]) -> list[int]:
        """Return the years in which an indicator has cells: one with a first year has none before it."""
        return [year for year in self.landed.years if year >= card.get("first_year", 0)]

    def victims_by(self, year: str) -> list[Fact]:
        """Return the victim-events that stand in any year."""
        return [fact for fact in self.victims if fact[year] is not None]

    def tally(
        self,
        code: str,
        measure: str,
        facts: Iterable[Fact],
        year: str,
        *,
        breakdown: str = "",
        answered: Iterable[Fact] | None = None,
        weight: Callable[[Fact], int] = lambda _: 1,
    ) -> Cells:
        """Count `facts` over the grid of the indicator `code`, by the year in the field `year`.

        Where `answered` is given, a region and year of which it holds no fact is missing: nobody told.
        """
        card = cards()[code]
        level = "region" if card.get("level") == "region" else "area"
        columns = [
            {"cust_breakdown": breakdown}.get(name, name) if name in card["dimensions"] else "" for name in DIMENSIONS
        ]
        counts: Counter[Key] = Counter()
        for fact in facts:
            if fact[year] is not None:
                key = (fact[level], str(fact[year]), *(fact[column] if column else "_T" for column in columns))
                counts[key] += weight(fact)
        told = None if answered is None else {(fact["region"], fact[year]) for fact in answered}
        return self._grid(card, measure, counts, told)

    def _grid(
        self, card: dict[str, Any], measure: str, counts: Counter[Key], told: set[tuple[str, int]] | None
    ) -> Cells:
        cells: Cells = {}
        areas = {region: region for region in REGIONS} if card.get("level") == "region" else leaves()
        for (area, region), year in product(areas.items(), self.years_of(card)):
            is_told = self.landed.is_told(card["holders"], region, year)
            is_told = is_told and (told is None or (region, year) in told)
            figure = "P" if self.landed.is_part(card["holders"], region, year) else "A"
            for codes in product(*_categories(card)):
                key = (area, str(year), *codes)
                cells[measure, *key] = (counts[key], figure) if is_told else (None, "O")
        return cells
