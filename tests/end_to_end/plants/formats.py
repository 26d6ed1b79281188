"""Drafts as bytes: workbooks of openpyxl, csv in its ways, .xls by a few records.

Belongs here: how lines become a file, and the places that csv and .xls have beside their cells.
Does not belong here: .ods (`ods_files.py`), and the places of .xlsx (`workbook_places.py`, `part_places.py`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date

from openpyxl import Workbook

from tests.end_to_end.plants import small_xls
from tests.end_to_end.plants.drafts import Draft
from tests.end_to_end.tables_of_senders import Value

_STATES = {0: "visible", 1: "hidden", 2: "veryHidden"}


def workbook_of(draft: Draft) -> Workbook:
    """The draft as a workbook of openpyxl."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for page in draft.pages:
        sheet = book.create_sheet(page.name[:31].translate(dict.fromkeys(map(ord, "[]:*?/\\"), " ")))
        for number, line in enumerate(page.lines, 1):
            for column, value in enumerate(line, 1):
                if value not in (None, ""):
                    sheet.cell(number, column, value)
        sheet.sheet_state = _STATES[page.hidden]
    return book


def _as_text(value: Value) -> str:
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def csv_bytes(draft: Draft, encoding: str = "utf-8-sig", delimiter: str = ",", quoted: bool = False) -> bytes:
    """The first page as csv."""
    target = io.StringIO()
    way = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    width = max(map(len, draft.page.lines))
    for line in draft.page.lines:
        full = [*map(_as_text, line), *[""] * (width - len(line))]
        csv.writer(target, delimiter=delimiter, quoting=way).writerow(full)
    return target.getvalue().encode(encoding)


CSV_PLACES: dict[str, Callable[[Draft, str], bytes]] = {
    "csv: a line above": lambda draft, plant: f"{plant}\r\n".encode() + csv_bytes(draft, "utf-8"),
    "csv: a line below": lambda draft, plant: csv_bytes(draft) + f"\r\n# {plant}\r\n".encode(),
    "csv: behind the last column": lambda draft, plant: csv_bytes(draft).rstrip() + f",,,{plant}".encode(),
    "csv: windows-1256 and semicolons": lambda draft, plant: csv_bytes(_noted(draft, plant), "cp1256", ";"),
    "csv: UTF-16": lambda draft, plant: csv_bytes(_noted(draft, plant), "utf-16", "\t"),
    "csv: tabs": lambda draft, plant: csv_bytes(_noted(draft, plant), "utf-8", "\t"),
    "csv: every cell quoted": lambda draft, plant: csv_bytes(_noted(draft, f'"{plant}"'), quoted=True),
    "csv: a quoted line break": lambda draft, plant: csv_bytes(_noted(draft, f"a\r\n{plant},\r\nb")),
}
"""Ways of writing csv with a plant in a place that the way has. windows-1256 has no Sorani."""


def _noted(draft: Draft, text: str) -> Draft:
    draft.page.put(draft.page.columns[-1], text)
    return draft


def xls_bytes(draft: Draft, place: str = "", plant: str = "") -> bytes:
    """The draft as .xls, with a plant beside the cells."""
    sheets = [
        (one.name[:31].replace("/", " "), one.hidden, [[_plain(cell) for cell in line] or [None] for line in one.lines])
        for one in draft.pages
    ]
    extra = {
        "xls: string of no cell": {"unused": plant},
        "xls: author": {"author": plant},
        "xls: page header": {"in_sheet": small_xls.header(f"&C{plant}")},
        "xls: page footer": {"in_sheet": small_xls.footer(f"&L{plant}")},
        "xls: who saved it": {"in_globals": small_xls.writer_of(plant)},
        "xls: defined name": {"in_globals": small_xls.defined_name(plant.replace(" ", "_"))},
        "xls: bytes behind the end": {"behind": plant.encode("utf-16-le")},
    }
    return small_xls.xls_bytes(sheets, **extra.get(place, {}))


XLS_PLACES = (
    "xls: string of no cell",
    "xls: author",
    "xls: page header",
    "xls: page footer",
    "xls: who saved it",
    "xls: defined name",
    "xls: bytes behind the end",
)


def _plain(value: Value) -> str | int | float | None:
    return value.isoformat() if isinstance(value, date) else value
