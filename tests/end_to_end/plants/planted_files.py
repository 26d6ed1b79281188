"""The 300 files: ordinary files of ten tables, each with one plant in one place that can hold a text.

Belongs here: which file takes which place, format and plant.
Does not belong here: how a text gets into a place (the other modules of this folder), and the search for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle, islice

from tests.end_to_end.plain_zip import packed, saved_parts
from tests.end_to_end.plants.drafts import (
    GRID_PLACES,
    SHEET_PLACES,
    SOURCES,
    Draft,
    GridPlace,
    draft_of,
    fields_of,
    in_cell,
)
from tests.end_to_end.plants.formats import CSV_PLACES, XLS_PLACES, csv_bytes, workbook_of, xls_bytes
from tests.end_to_end.plants.ods_files import ODS_PLACES, ods_bytes
from tests.end_to_end.plants.part_places import PART_PLACES, ZIP_PLACES, PartPlace, as_macro_book, share_strings
from tests.end_to_end.plants.plant_texts import KINDS, plant_of
from tests.end_to_end.plants.workbook_places import BOOK_PLACES

ALL = 300
FORMATS = ("xlsx", "xls", "ods", "csv")
TABLES = [(source, table) for source, tables in SOURCES.items() for table in tables]
_MANNERS = ("alone", "beside", "before", "lines")
_NUMBERS = ("telephone_number", "identity_number")
_OF_NUMBERS = ("integer", "decimal", "year")
"""Kinds of fields that a number may slip through: each of their files has one; of dates and ages every second one."""


@dataclass(frozen=True)
class PlantedFile:
    """A file as it is sent, its one plant, and where that stands."""

    place: str
    source: str
    file_name: str
    data: bytes
    plant: str


@dataclass(frozen=True)
class _Plan:
    """A place and the format of its file; `cell` is the table and heading of a needed column."""

    place: str
    suffix: str
    cell: tuple[str, str, str, str] | None = None


def _xlsx_bytes(draft: Draft, place: PartPlace | None = None, plant: str = "") -> bytes:
    """The draft as Excel would write it, with a plant in its parts."""
    parts = saved_parts(workbook_of(draft))
    share_strings(parts)
    if place:
        place(parts, plant)
    return packed(parts)


_WRITERS: dict[str, Callable[[Draft], bytes]] = {
    "xlsx": _xlsx_bytes,
    "xls": xls_bytes,
    "ods": ods_bytes,
    "csv": csv_bytes,
}


def _needed_cells() -> Iterator[tuple[str, str, str, str]]:
    """Headings of needed columns: of each table first one of each kind of field, then the others."""
    first: list[tuple[str, str, str, str]] = []
    others: list[tuple[str, str, str, str]] = []
    for source, table in TABLES:
        kinds: set[str] = set()
        for heading, kind in fields_of(source, table):
            (others if kind in kinds else first).append((source, table, heading, kind))
            kinds.add(kind)
    step = len(others) // 24
    return iter([*first, *others[::step], *others[1::step]])


def _plans() -> list[_Plan]:
    beside = [
        *(_Plan(place, suffix) for place in GRID_PLACES for suffix in FORMATS),
        *(_Plan(place, suffix) for place in SHEET_PLACES for suffix in FORMATS[:3]),
        *(_Plan(place, "csv") for place in CSV_PLACES),
        *(_Plan(place, "xls") for place in XLS_PLACES),
        *(_Plan(place, "ods") for place in ODS_PLACES),
        *(_Plan(place, "xlsx") for place in (*BOOK_PLACES, *PART_PLACES, *ZIP_PLACES)),
        _Plan("macro", "xlsm"),
    ]
    cells = list(islice(_needed_cells(), ALL - len(beside)))
    suffixes = cycle(FORMATS)
    return beside + [_Plan(f"needed column: {kind}", next(suffixes), cell) for cell in cells for kind in cell[3:]]


def _is_number(number: int, plan: _Plan) -> bool:
    kind = plan.cell[3] if plan.cell else ""
    return kind in _OF_NUMBERS or (kind in ("date", "age") and number % 2 == 0)


def _kind_of_plant(number: int, plan: _Plan) -> str:
    if _is_number(number, plan):
        return _NUMBERS[number // 2 % 2]
    return "case" if plan.place == "csv: windows-1256 and semicolons" else KINDS[number % len(KINDS)]


def _grid_place(number: int, plan: _Plan) -> GridPlace | None:
    if plan.cell:
        manner = "alone" if _is_number(number, plan) else _MANNERS[number % len(_MANNERS)]
        return in_cell(plan.cell[2], manner)
    return GRID_PLACES.get(plan.place) or SHEET_PLACES.get(plan.place)


def _file_bytes(plan: _Plan, draft: Draft, plant: str) -> bytes:
    """The bytes of a file whose plant stands beside the cells, or in its grid already."""
    place = plan.place
    if place in BOOK_PLACES:
        book = workbook_of(draft)
        BOOK_PLACES[place](book, book.worksheets[0], plant)
        return packed(saved_parts(book))
    if plan.suffix == "xlsm":
        return _xlsx_bytes(draft, as_macro_book, plant)
    if place in PART_PLACES:
        return _xlsx_bytes(draft, PART_PLACES[place], plant)
    if place in ZIP_PLACES:
        return ZIP_PLACES[place](_xlsx_bytes(draft), plant)
    if place in CSV_PLACES:
        return CSV_PLACES[place](draft, plant)
    if place in XLS_PLACES:
        return xls_bytes(draft, place, plant)
    return ods_bytes(draft, place, plant) if place in ODS_PLACES else _WRITERS[plan.suffix](draft)


def _planted(number: int, plan: _Plan) -> PlantedFile:
    source, table = plan.cell[:2] if plan.cell else TABLES[number % len(TABLES)]
    plant = plant_of(number, _kind_of_plant(number, plan))
    draft = draft_of(source, table, number)
    if put := _grid_place(number, plan):
        put(draft, plant)
    data = _file_bytes(plan, draft, str(plant))
    return PlantedFile(f"{plan.place} ({plan.suffix})", source, f"{draft.file_name}.{plan.suffix}", data, str(plant))


def planted_files() -> list[PlantedFile]:
    """All 300, the same bytes each time."""
    return [_planted(number, plan) for number, plan in enumerate(_plans())]
