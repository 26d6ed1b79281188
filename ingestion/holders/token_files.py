"""Writing a file with pseudonymous IDs in which no text becomes a formula or a link.

Belongs here: writing rows as csv or xlsx. Does not belong here: which rows and columns are written (`pseudonymise.py`).
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Mapping

from ingestion.files.reader import CellValue
from ingestion.tables.cell_values import mark_of
from ingestion.text.typed_numbers import states_number
from languages.spreadsheet_text import WORKBOOK_OPTIONS, neutral_text


def csv_bytes(rows: list[list[CellValue]]) -> bytes:
    """Return rows as a text file that spreadsheet programs read as UTF-8."""
    stream = io.StringIO()
    csv.writer(stream).writerows([[_as_text(value) for value in row] for row in rows])
    return stream.getvalue().encode("utf-8-sig")


def _as_text(value: CellValue) -> CellValue:
    """Return the cell so that no spreadsheet program takes a text for a formula; a dash and a number stay unchanged."""
    if not isinstance(value, str) or mark_of(value) or states_number(value):
        return value
    return neutral_text(value)


def xlsx_bytes(sheets: Mapping[str, list[list[CellValue]]]) -> bytes:
    """Return sheets as a workbook, each displayed right to left."""
    import xlsxwriter

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {**WORKBOOK_OPTIONS, "default_date_format": "yyyy-mm-dd"}) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            sheet.right_to_left()
            for row, values in enumerate(rows):
                for column, value in enumerate(values):
                    _write_cell(sheet, row, column, value)
    return stream.getvalue()


def _write_cell(sheet: object, row: int, column: int, value: CellValue) -> None:
    """Write a text as text, so that no value becomes a formula or a link."""
    if isinstance(value, str):
        sheet.write_string(row, column, value)  # type: ignore[attr-defined]
    elif isinstance(value, datetime.date):
        sheet.write_datetime(row, column, value)  # type: ignore[attr-defined]
    elif value is not None:
        sheet.write(row, column, value)  # type: ignore[attr-defined]
