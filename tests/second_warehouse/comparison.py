"""Every base cell of the warehouse beside the same cell of the second one.

Belongs here: the functions of the pillars by code, the cells of the built models, where the two differ.
Does not belong here: who is right; a person judges that.
"""

from __future__ import annotations

from itertools import product
from types import ModuleType

from tests.dbt_project.invented_raw import Warehouse
from tests.second_warehouse import partnership_cells, prevention_cells, prosecution_cells, protection_cells
from tests.second_warehouse.base_cells import DIMENSIONS, Cells, Country, cards, leaves
from tests.second_warehouse.landed_rows import REGIONS

_PILLARS: tuple[ModuleType, ...] = (protection_cells, prosecution_cells, prevention_cells, partnership_cells)


def second_cells(country: Country) -> dict[str, Cells]:
    """Return code -> cells of every indicator, counted by the second warehouse.

    Raises:
        LookupError: naming the function that is missing, and the files where it may stand.
    """
    found: dict[str, Cells] = dict(protection_cells.prt_17_to_23(country))
    for code in sorted(cards().keys() - found):
        name = code.lower().replace("-", "_")
        counts = [getattr(pillar, name) for pillar in _PILLARS if hasattr(pillar, name)]
        if len(counts) != 1:
            files = ", ".join(f"tests/second_warehouse/{pillar.__name__.rpartition('.')[2]}.py" for pillar in _PILLARS)
            wanted = f"add `def {name}(country: Country) -> Cells` to the file of its pillar"
            raise LookupError(
                f"{code} is counted a second time {len(counts)} times, and once is right: {wanted}: {files}"
            )
        found[code] = counts[0](country)
    return found


def warehouse_cells(warehouse: Warehouse, code: str) -> Cells:
    """Return the cells of one indicator as dbt built them."""
    columns = ", ".join(("measure", "ref_area", "time_period", *DIMENSIONS, "obs_value", "obs_status"))
    rows = warehouse.rows(f"select {columns} from {cards()[code]['model']}")  # noqa: S608
    return {tuple(row[:-2]): (row[-2], row[-1]) for row in rows}


def second_coverage(country: Country, code: str) -> dict[tuple[str, str], tuple[int, int]]:
    """Return area and year -> bodies of the card that reported the whole year, and those that owe an export."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    card = cards()[code]
    areas = {region: region for region in REGIONS} if card.get("level") == "region" else leaves()
    for (area, region), year in product(areas.items(), country.years_of(card)):
        owing = [holder for holder in card["holders"] if country.landed.is_owed(holder, region, year)]
        whole = [holder for holder in owing if country.landed.has_reported_whole(holder, year)]
        found[area, str(year)] = (len(whole), len(owing))
    return found


def warehouse_coverage(warehouse: Warehouse, code: str) -> dict[tuple[str, str], tuple[int, int]]:
    """Return the same as dbt built it; the same in all cells of an area and year."""
    columns = "ref_area, time_period, reports_received_count, reports_expected_count"
    rows = warehouse.rows(f"select distinct {columns} from {cards()[code]['model']}")  # noqa: S608
    found = {(area, year): (reporting, expected) for area, year, reporting, expected in rows}
    assert len(found) == len(rows)
    return found


def differences(first: Cells, second: Cells) -> list[str]:
    """Return a line for each cell in which the two differ, with both readings."""
    keys = sorted(first.keys() | second.keys())
    return [
        f"{' '.join(part for part in key if part != '_T')}: warehouse {first.get(key)}, second {second.get(key)}"
        for key in keys
        if first.get(key) != second.get(key)
    ]
