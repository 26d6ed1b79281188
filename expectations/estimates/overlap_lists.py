"""Who saw whom: the lists of the agencies after linkage, by region, as overlap tables.

Belongs here: which records put a person on an agency's list of a year, and to which region the person belongs. Does not
belong here: linkage (`ingestion/persons`; staging has given linked records their person), or what is estimated
(`hidden_candidate.py`).

A person belongs to the year of the first record that any agency has of her, and is on the list of each agency that
dates a record of hers in that year: a person known earlier is no newcomer, and later records are another period. The
lists are those of victims and of persons whom a shelter admitted as victims; the accused and persons under the
residence law are other lists. A person without a recorded region counts as federal, as in every figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from expectations.cards import areas
from ingestion import warehouse
from ingestion.home import Home
from methods.multiple_systems.overlap_table import OverlapTable

_SEEN = """
    with records as (
        select
            coalesce(person_token, record_key) as person, source,
            year(coalesce(contact_date, identified_date, registered_date)) as seen_year, governorate_code
        from stg_victims
        union all
        select coalesce(person_token, record_key), source, year(request_date), null from stg_services where ?
    ),
    persons as (
        select person, min(seen_year) as first_year, coalesce(min(region_code), ?) as part
        from records left join dim_governorate using (governorate_code)
        group by person
    ),
    patterns as (
        select part, list_sort(list_distinct(list(source))) as held
        from records inner join persons using (person)
        where seen_year = ? and first_year = ?
        group by part, person
    )
    select part, held, count(*) from patterns group by all order by all
"""


LEAST_LISTED = 5
"""Least number of persons of a list in a place: an agency of another region knows a few, some by a wrong link."""


@dataclass(frozen=True)
class SeenPersons:
    """Overlap tables of one year.

    Attributes:
        year: year of the first record.
        tables: region -> table; all of the same lists.
    """

    year: str
    tables: Mapping[str, OverlapTable]

    @property
    def is_of_one_population(self) -> bool:
        """Whether each region has the lists of the country: else nobody of one region can be on another's lists."""
        return len({lists_reaching(table) for table in self.tables.values() if table.observed}) <= 1

    @property
    def places(self) -> dict[str, tuple[str, ...]]:
        """Place to estimate -> the regions it consists of: the country, and each region that has a table."""
        regions = {part: (part,) for part in self.tables}
        return {areas.COUNTRY: tuple(self.tables)} | regions if self.tables else {}


def read_seen_persons(home: Home, year: str, *, with_services: bool = True) -> SeenPersons:
    """Return who saw whom among the persons first seen in a year.

    Args:
        home: a data home with a warehouse.
        year: four digits.
        with_services: whether service lists are included: not if linking never compared their records, because a person
            there without a pseudonymous ID elsewhere would count twice.

    Raises:
        Refusal: `warehouse_missing`, `warehouse_busy`, `bytes_changed`.
    """
    with warehouse.connect(home) as connection:
        rows = connection.execute(_SEEN, [with_services, areas.FEDERAL, int(year), int(year)]).fetchall()
    lists = sorted({body for _, held, _ in rows for body in held})
    parts = sorted({str(part) for part, _, _ in rows})
    tables = {
        part: OverlapTable.from_patterns(
            lists, [([body in held for body in lists], int(count)) for own, held, count in rows if own == part]
        )
        for part in parts
    }
    return SeenPersons(year, tables)


def lists_reaching(table: OverlapTable) -> tuple[str, ...]:
    """Return the lists that hold enough persons of a table to count as lists of its place."""
    held = {
        name: sum(int(count) for cell, count in enumerate(table.counts) if cell >> place & 1)
        for place, name in enumerate(table.lists)
    }
    return tuple(name for name, persons in held.items() if persons >= LEAST_LISTED)


def drop_small_lists(table: OverlapTable) -> OverlapTable:
    """Return a table without the lists that hold too few persons: an agency of another region has no list here."""
    large_enough = lists_reaching(table)
    for name in table.lists:
        table = table if name in large_enough else table.drop_list(name)
    return table
