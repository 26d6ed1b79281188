"""What is counted: one measure of an indicator with its facts, and the rows in which facts are found.

Belongs here: the form of a measure, which rows count, the places that answered a question.
Does not belong here: how a value is read from records (`reading.py`), what an indicator counts (`truth_of_…`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from samples.bodies.sight import PERIOD_FIELDS, LetterDelivery, Row

BY = ("cust_breakdown",)
Place = dict[str, Any]
"""The coordinates of one fact in an indicator's table; the total of each dimension is left out."""
Answered = frozenset[tuple[str, int]]
"""The regions and years that answered a question."""
Linked = Mapping[tuple[str, str, int], str]
"""File, table and number of the event of a row without a pseudonymous ID -> the ID that linking assigned to it."""

_SHAPES = {
    "judgments": "accused", "identifications": "victims", "shelter_register": "services", "glotip": "counts",
    "workload": "counts", "region_victims": "victims", "caseload": "victims",
}  # fmt: skip


@dataclass(frozen=True)
class CountedMeasure:
    """One measure: the coordinates of each fact that it counts, and the regions and years that answered its question.

    Attributes:
        name: indicator and measure.
        dimensions: of its cells; `breakdown` is the code list of `cust_breakdown`.
        holders: the agencies that report it.
        places: of each fact.
        answered: None if the reports of the holders alone decide.
        amounts: the amount that each place adds, if that is not one.
        by_region: whether it is recorded by region only.
        first_year: the year before which it has no cells.
        withheld: the regions and years of which too few facts are known.
    """

    name: tuple[str, str]
    dimensions: tuple[str, ...]
    breakdown: str
    holders: tuple[str, ...]
    places: Sequence[Place] = ()
    answered: Answered | None = None
    amounts: Sequence[int] = ()
    by_region: bool = True
    first_year: int = 0
    withheld: Answered = frozenset()


def unsent_measures(
    table: Iterable[tuple[str, tuple[str, ...], tuple[str, ...], str, tuple[str, ...]]],
) -> list[CountedMeasure]:
    """Return the measures that no agency sends: indicator, measures, dimensions, code list, holders."""
    return [
        CountedMeasure((indicator, measure), dimensions, breakdown, holders, answered=frozenset())
        for indicator, measures, dimensions, breakdown, holders in table
        for measure in measures
    ]


def answered_years(places: Iterable[Place]) -> Answered:
    """Return the regions and years of these places."""
    return frozenset((place["ref_area"], place["time_period"]) for place in places)


class SentRows:
    """The rows that count: per source, shape and period those of the file sent last; unreadable rows do not count."""

    def __init__(self, sent: Sequence[LetterDelivery], linked: Linked) -> None:
        latest: dict[tuple[str, str, int], int] = {}
        readable: list[tuple[int, str, str, int, Row]] = []
        for place, delivery in enumerate(sent):
            for table, rows in delivery.tables.items():
                for row in rows:
                    if row.get("flaw"):
                        continue
                    period = row[PERIOD_FIELDS[table]]
                    year = period if isinstance(period, int) else period.year
                    latest[delivery.source, _SHAPES.get(table, table), year] = place
                    known = linked.get((delivery.file_name, table, row.get("event_number", 0)))
                    token_of_linking = {"person_token": known} if known and not row["person_token"] else {}
                    readable.append((place, delivery.source, table, year, row | token_of_linking))
        self.reported = {(source, year) for source, _, year in latest}
        self._rows: dict[str, list[Row]] = defaultdict(list)
        for place, source, table, year, row in readable:
            if latest[source, _SHAPES.get(table, table), year] == place:
                self._rows[table].append(row)
        self._rows["region_victims"] = [self._put_in_case(row) for row in self._rows["region_victims"]]

    def _put_in_case(self, row: Row) -> Row:
        """Put a row of the region, which names no case, into the one case of the person that linking assigned to it."""
        of_person = {
            record["event_number"]
            for record in self.rows("identifications", "victims")
            if row["person_token"] and record["person_token"] == row["person_token"]
        }
        return row | {"event_number": of_person.pop()} if len(of_person) == 1 else row

    def rows(self, *tables: str) -> list[Row]:
        """Return the rows of these tables, one table after the other (the order of precedence)."""
        return [row for table in tables for row in self._rows[table]]

    def facts(self, number: str, *tables: str) -> list[list[Row]]:
        """Return the records of each fact: grouped by true number if they have a pseudonymous ID, else each alone."""
        facts: dict[Hashable, list[Row]] = defaultdict(list)
        for place, row in enumerate(self.rows(*tables)):
            facts[row[number] if row["person_token"] else ("alone", place)].append(row)
        return list(facts.values())

    def victim_events(self) -> list[list[Row]]:
        """Return the records of each victim-event, those of the courts first."""
        return self.facts("event_number", "identifications", "victims", "region_victims")
