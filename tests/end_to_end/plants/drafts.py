"""A sender's ordinary and correct file under way, and the places of its grids that take a plant in every format.

Belongs here: pages of lines, where their cells stand, and what a person may type in the wrong cell.
Does not belong here: formats (`formats.py`), and places that only workbooks have (`workbook_places.py`).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.end_to_end.tables_of_senders import Hand, Table, Value, field_of, tables_of, typed_row

SOURCES = {
    "iraq_interior_ministry": ("cases", "victims", "accused"),
    "iraq_judicial_council": ("judgments", "workload", "identifications"),
    "iraq_labour_ministry": ("shelter_register", "facilities"),
    "kurdistan_interior_ministry": ("region_victims",),
    "iraq_residence_directorate": ("residence_measures",),
    "task_force_activities": ("activities",),
}
"""Senders of the plants, each with its tables."""

NOTES, BODY = "الملاحظات", "رقم الكتاب"


@dataclass
class Page:
    """One sheet: its name, its lines, and where the heading and the records stand."""

    name: str
    table: Table | None
    lines: list[list[Value]]
    columns: list[str] = field(default_factory=list[str])
    head: int = 0
    first: int = 0
    hidden: int = 0

    def put(self, heading: str, value: Value, row: int = 1) -> None:
        """Type a value into the cell of a record."""
        self.lines[self.first + row][self.columns.index(heading)] = value

    def typed(self, heading: str, row: int = 1) -> Value:
        """What the cell of a record says."""
        return self.lines[self.first + row][self.columns.index(heading)]


@dataclass
class Draft:
    """A file under way."""

    source: str
    pages: list[Page]
    file_name: str
    draw: random.Random

    @property
    def page(self) -> Page:
        """The sheet with the records."""
        return self.pages[0]


def _head_lines(columns: list[str]) -> list[list[Value]]:
    parts = [one.split(" / ") for one in columns]
    top: list[Value] = []
    for place, one in enumerate(parts):
        top.append(None if place and len(one) > 1 and parts[place - 1][0] == one[0] else one[0])
    deep = any(len(one) > 1 for one in parts)
    return [top, [one[1] if len(one) > 1 else None for one in parts]] if deep else [top]


def draft_of(source: str, name: str, number: int, rows: int = 5) -> Draft:
    """An ordinary file of one table: a title, a heading, rows, a column of notes; correct in every cell."""
    table, draw = tables_of(source)[name], random.Random(f"plants {number}")
    year, kurdish = 2018 + number % 8, source.startswith("kurdistan")
    hand = Hand(draw, ("ckb", "en") if kurdish else ("ar",), ("slashes",), ("number",), (None,), 0.05)
    columns = ["No" if kurdish else "ت", *table.headings, NOTES]
    heads = _head_lines(columns)
    title = "List of victims" if kurdish else f"جدول يبين {table.sheets[0]}"
    lines: list[list[Value]] = [[f"{title} {'' if kurdish else 'لسنة '}{year}"], *heads]
    count = min(rows, 4) if name == "facilities" else rows
    for place in range(count):
        row = typed_row(table, hand, year, place, f"plants {number}")
        lines.append([place + 1, *(row.cells[one] for one in table.headings), "تمت المتابعة"])
    page = Page(table.sheets[0], table, lines, columns, len(heads), len(heads) + 1)
    return Draft(source, [page], f"{table.sheets[0]} {year}", draw)


GridPlace = Callable[[Draft, Value], None]


def in_cell(heading: str, manner: str) -> GridPlace:
    """A place in the cell of a needed column: alone, beside a valid word, or behind a word that names."""

    def put(draft: Draft, plant: Value) -> None:
        valid = draft.page.typed(heading) or ""
        said = {
            "alone": plant,
            "beside": f"{valid} {plant}",
            "before": f"{plant} - {valid}",
            "lines": f"{valid}\n{plant}",
        }
        draft.page.put(heading, said[manner])

    return put


def fields_of(source: str, name: str) -> list[tuple[str, str]]:
    """The headings of a table, each with the kind of its field; figures are integers."""
    table = tables_of(source)[name]
    return [
        (one, field_of(table.shape, table.columns[one])["type"] if one in table.columns else "integer")
        for one in table.headings
    ]


def _add_column(heading: Value, value: Value) -> GridPlace:
    """A column of the sender's own at the end, where `plant` stands for what is planted."""

    def put(draft: Draft, plant: Value) -> None:
        page = draft.page
        for place, line in enumerate(page.lines[page.head :], page.head):
            line += [None] * (len(page.columns) - len(line))
            said = heading if place == page.head else value if place > page.first else None
            line.append(plant if said == "plant" else said)

    return put


def _change_heading(draft: Draft, plant: Value) -> None:
    """A name in place of the heading that is needed least."""
    page, needed = draft.page, draft.page.table.required if draft.page.table else ()
    optional = [one for one in page.columns[1:-1] if one not in needed and " / " not in one]
    page.lines[1][page.columns.index(optional[-1])] = plant


def _beside_heading(draft: Draft, plant: Value) -> None:
    draft.page.lines[1][-1] = f"{NOTES} ({plant})"


def _required_heading(draft: Draft, plant: Value) -> None:
    page = draft.page
    needed = page.table.required[0].split(" / ")[-1] if page.table and page.table.required else page.columns[1]
    for line in page.lines[1 : page.first]:
        line[:] = [f"{value} {plant}" if value == needed else value for value in line]


def _above(text: str) -> GridPlace:
    return lambda draft, plant: _insert(draft, 1, [text.format(plant)])


def _insert(draft: Draft, place: int, line: list[Value]) -> None:
    page = draft.page
    page.lines.insert(place, line)
    page.head += place <= page.head
    page.first += place <= page.first


def _below(*texts: str) -> GridPlace:
    return lambda draft, plant: draft.page.lines.extend([[], [None, *(one.format(plant) for one in texts)]])


def _far(draft: Draft, plant: Value) -> None:
    draft.page.lines += [[]] * 30 + [[None] * 40 + [plant]]


def _foreign_sheet(name: str, hidden: int = 0) -> GridPlace:
    def put(draft: Draft, plant: Value) -> None:
        lines: list[list[Value]] = [["الاسم", "الهاتف"], [plant, "-"], ["قسم الذاتية", "-"]]
        draft.pages.append(Page(name.format(plant), None, lines, hidden=hidden))

    return put


def _name_main_sheet(draft: Draft, plant: Value) -> None:
    draft.page.name = f"{plant}".replace("/", " ")


def _name_file(draft: Draft, plant: Value) -> None:
    draft.file_name = f"{plant} {draft.file_name}".replace("/", "-")


def _year_title(draft: Draft, plant: Value) -> None:
    draft.page.lines[0][0] = f"{draft.page.lines[0][0]} - {plant}"


def _total(draft: Draft, plant: Value) -> None:
    draft.page.lines.append(["المجموع", f"{plant}"])


def _between(draft: Draft, plant: Value) -> None:
    draft.page.lines.insert(draft.page.first + 2, [None, None, f"تنبيه: {plant}"])


def _notes(text: str) -> GridPlace:
    return lambda draft, plant: draft.page.put(NOTES, plant if text == "{}" else text.format(plant))


def _running_number(draft: Draft, plant: Value) -> None:
    draft.page.lines[draft.page.first + 1][0] = plant


def _formula(text: str) -> GridPlace:
    return lambda draft, plant: draft.page.put(NOTES, text.format(plant))


GRID_PLACES: dict[str, GridPlace] = {
    "notes: alone": _notes("{}"),
    "notes: in a sentence": _notes("اتصلت الضحية {} ولم تحضر"),
    "notes: two lines": _notes("ينظر\n{}"),
    "notes: spaces around": _notes("   {}   "),
    "notes: like a formula": _formula("'={}"),
    "column of running numbers": _running_number,
    "foreign column: cells": _add_column("اسم الموظف", "plant"),
    "foreign column: heading": _add_column("plant", "نعم"),
    "foreign column: heading without cells": _add_column("plant", None),
    "column without a heading": _add_column(None, "plant"),
    "column of names": _add_column("الاسم الثلاثي", "plant"),
    "column of telephones": _add_column("رقم الهاتف", "plant"),
    "heading: in place of an optional one": _change_heading,
    "heading: beside a foreign one": _beside_heading,
    "heading: behind a required one": _required_heading,
    "title: a line of its own": _above("إعداد: {}"),
    "title: the line with the year": _year_title,
    "title: the number of a letter": _above("العدد / {}"),
    "below: signature": _below("المدير العام", "{}"),
    "below: remark": _below("ملاحظة: الاتصال بـ {} للاستفسار"),
    "below: total": _total,
    "between the rows": _between,
    "far right and far below": _far,
    "file name": _name_file,
}
"""Places of every format; a csv has no sheets beside it."""

SHEET_PLACES: dict[str, GridPlace] = {
    "sheet name: of the table": _name_main_sheet,
    "sheet name: of a foreign sheet": _foreign_sheet("{}"),
    "foreign sheet: cell": _foreign_sheet("هواتف"),
    "hidden sheet: cell": _foreign_sheet("قديم", 1),
    "very hidden sheet: cell": _foreign_sheet("أرشيف", 2),
    "hidden sheet: name": _foreign_sheet("{}", 1),
}
"""Places of formats with sheets."""
