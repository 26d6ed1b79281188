"""Reading a file into rows: guarded first, parsed in a limited child, hidden parts judged, nothing interpreted.

Belongs here: the way from bytes to sheets of cells as the file holds them, and what is hidden there.
Does not belong here: the guard's rules (`guard.py`), personal values (`personal_data.py`), headers and types
(`row_checks.py`).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any

from ingestion.files.cell_marks import UNCALCULATED
from ingestion.files.csv_text import read_csv
from ingestion.files.file_facts import CellBlock, Guarded, SheetFacts, is_blank
from ingestion.files.guard import guard
from ingestion.files.limited_child import MAX_TEXT, parse_workbook
from ingestion.files.noncell_text import NonCellText
from ingestion.files.safe_zip import Stop
from ingestion.findings import Finding, cell_name
from ingestion.personal.personal_text import sheet_label
from ingestion.storage import is_of_the_disk
from ingestion.text.folding import printable
from ingestion.text.mojibake import looks_spoilt, repairs

CellValue = str | int | float | bool | datetime.date | datetime.datetime | None
"""One cell as the file holds it; a csv holds text only; a blank cell is None in both."""

_FORMS = ("xlsx", "ods", "xls", "csv")
_HTCDS_FIELD = re.compile(r"(cas|con|prs|vic)_[A-Z][A-Za-z]+")  # the hidden row of HTCDS 2.0's own workbooks


@dataclass(frozen=True)
class Sheet:
    """One sheet.

    Args:
        name: its name; of a csv, the file's name without ending.
        rows: `rows[0]` is the sheet's row 1; every row has the same width.
        merged: blocks of merged cells; the value is in the top-left cell only.
    """

    name: str
    rows: list[list[CellValue]]
    merged: list[CellBlock] = field(default_factory=list[CellBlock])


@dataclass(frozen=True)
class Workbook:
    """The content of a file; with a `refuse` finding there are no sheets.

    Args:
        sheets: in the workbook's order.
        encoding: `utf-8`, `utf-8-sig`, `utf-16`, `windows-1256`; empty for a workbook.
        findings: of the guard and the reader.
        beside: texts of the file outside its cells, for the privacy checks.
        from_1904: whether the workbook counts its days from 1904, as old programs on the Macintosh did.
    """

    sheets: list[Sheet]
    encoding: str = ""
    findings: list[Finding] = field(default_factory=list[Finding])
    beside: list[NonCellText] = field(default_factory=list[NonCellText])
    from_1904: bool = False


def read_workbook(data: bytes, file_name: str) -> Workbook:
    """Return the sheets of a workbook or csv file, or the finding that refuses it. Never raises for a bad file.

    Args:
        data: the file's bytes, which alone decide its kind.
        file_name: as the sender calls it; only names the sheet of a csv.

    Raises:
        OSError: the disk of this machine failed, as `guard` does.
    """
    guarded = guard(data)
    if not guarded.form:
        return Workbook([], findings=guarded.findings)
    try:
        read = _read_csv(data, file_name) if guarded.form == "csv" else _read_sheets(data, guarded)
        return replace(read, findings=[*read.findings, *_flag_other_ending(guarded.form, file_name)])
    except Stop as stop:
        return Workbook([], findings=[stop.finding])
    except Exception as error:  # as in the guard: whatever a bad file provokes becomes a finding
        if is_of_the_disk(error):
            raise
        return Workbook([], findings=[Finding("refuse", "unreadable")])


def _flag_other_ending(form: str, file_name: str) -> list[Finding]:
    """Return the flag of a file whose name ending does not match its bytes."""
    named = PurePosixPath(file_name.replace("\\", "/")).suffix.lower().removeprefix(".")
    if named not in _FORMS or named == form:
        return []
    return [Finding("flag", "named_otherwise", arguments={"named": f".{named}", "kind": f".{form}"})]


def _read_csv(data: bytes, file_name: str) -> Workbook:
    read = read_csv(data)
    name = PurePosixPath(file_name.replace("\\", "/")).stem
    return Workbook([Sheet(printable(name), [*map(list[CellValue], read.records)])], read.encoding, read.findings)


def _read_sheets(data: bytes, guarded: Guarded) -> Workbook:
    sheets = list(map(_sheet_of, parse_workbook(data)))
    if [sheet.name for sheet in sheets] != [facts.name for facts in guarded.sheets]:
        raise Stop("unreadable")  # guard and parser must see the same workbook
    for sheet, facts in zip(sheets, guarded.sheets, strict=True):
        sheet.merged.extend(_clip_blocks(sheet, facts.merged))
        _put_texts(sheet, {**facts.errors, **dict.fromkeys(facts.uncalculated, UNCALCULATED)})
        _compare_rows(sheet, facts)
        _refuse_hidden(sheet, facts)
    if not any(cell is not None for sheet in sheets for row in sheet.rows for cell in row):
        raise Stop("empty_file")
    seen = {
        cell
        for cell in set[CellValue]().union(*(row for sheet in sheets for row in sheet.rows))
        if isinstance(cell, str)
    }
    if too_long := {text for text in seen if len(text) > MAX_TEXT}:
        sheet, cell = _place_of(sheets, too_long)
        raise Stop("cell_too_long", sheet=sheet, cell=cell, limit=str(MAX_TEXT))
    leftovers = [NonCellText("text", text) for text in guarded.strings - seen]  # e.g. of deleted cells
    noncell_texts = guarded.beside + leftovers
    return _mend_workbook(
        Workbook(sheets, findings=guarded.findings, beside=noncell_texts, from_1904=guarded.from_1904), seen
    )


def _mend_workbook(workbook: Workbook, cells: set[str]) -> Workbook:
    """Return a workbook with its Arabic repaired, in cells and elsewhere, if it was once opened in a wrong encoding."""
    if lost := {text for text in cells if "\ufffd" in text}:
        sheet, cell = _place_of(workbook.sheets, lost)
        workbook.findings.append(Finding("flag", "letters_lost", sheet, cell))
    mended = repairs([*cells, *(noncell.text for noncell in workbook.beside)])
    if mended is None:
        sheet, cell = _place_of(workbook.sheets, set(filter(looks_spoilt, cells)))
        raise Stop("encoding_unclear", sheet=sheet, cell=cell)
    if not mended:
        return workbook
    flag = Finding("flag", "text_repaired", *_place_of(workbook.sheets, set(mended)))
    for sheet in workbook.sheets:
        for row in sheet.rows:
            row[:] = [mended.get(value, value) if isinstance(value, str) else value for value in row]
    noncell_texts = [replace(noncell, text=mended.get(noncell.text, noncell.text)) for noncell in workbook.beside]
    return replace(workbook, findings=[*workbook.findings, flag], beside=noncell_texts)


def _place_of(sheets: list[Sheet], texts: set[str]) -> tuple[str, str]:
    """Return sheet and cell of the first of these texts that is in a cell."""
    for ordinal, sheet in enumerate(sheets, start=1):
        for number, values in enumerate(sheet.rows, start=1):
            for column, value in enumerate(values, start=1):
                if isinstance(value, str) and value in texts:
                    return sheet_label(sheet.name, ordinal), cell_name(number, column)
    return "", ""


def _sheet_of(content: dict[str, Any]) -> Sheet:
    sheet = Sheet(content["name"], content["rows"])
    sheet.merged.extend(_clip_blocks(sheet, [CellBlock(*block) for block in content["merged"]]))
    return sheet


def _clip_blocks(sheet: Sheet, merged: list[CellBlock]) -> list[CellBlock]:
    """Return merged blocks cut to the cells that exist."""
    height, width = len(sheet.rows), len(sheet.rows[0]) if sheet.rows else 0
    inside = [block for block in merged if block.top <= height and block.left <= width]
    return [block._replace(bottom=min(block.bottom, height), right=min(block.right, width)) for block in inside]


def _put_texts(sheet: Sheet, texts: Mapping[tuple[int, int], str]) -> None:
    """Put texts into cells that the parser left out; such a cell may lie beyond what it returned."""
    if not texts:
        return
    width = max(len(sheet.rows[0]) if sheet.rows else 0, *(column for _, column in texts))
    height = max(len(sheet.rows), *(row for row, _ in texts))
    sheet.rows.extend([] for _ in range(height - len(sheet.rows)))
    for row in sheet.rows:
        row.extend([None] * (width - len(row)))
    for (row, column), text in texts.items():
        sheet.rows[row - 1][column - 1] = text


def _compare_rows(sheet: Sheet, facts: SheetFacts) -> None:
    """Refuse a sheet if the parser returned other rows than were counted in its bytes."""
    read = {number for number, row in enumerate(sheet.rows, start=1) if not all(map(is_blank, row))}
    held = facts.held_rows | {row for row, _ in facts.uncalculated}
    if read != held:
        cell = cell_name(min(read ^ held), 1)
        raise Stop("rows_differ", sheet=facts.label, cell=cell, read=str(len(read)), held=str(len(held)))


def _refuse_hidden(sheet: Sheet, facts: SheetFacts) -> None:
    """Refuse hidden rows and columns that hold something, except the row of field names that HTCDS hides."""
    for row, column, value in _hidden_cells(sheet, facts):
        is_field_name = isinstance(value, str) and _HTCDS_FIELD.fullmatch(value)
        if row in facts.hidden_rows and not is_field_name:
            raise Stop("hidden_row", sheet=facts.label, cell=cell_name(row, column))
        if row not in facts.hidden_rows:
            raise Stop("hidden_column", sheet=facts.label, cell=cell_name(row, column))
    for row, column in (*sorted(facts.hidden_cells), *_cells_under_merged(sheet)):
        if row <= len(sheet.rows) and column <= len(sheet.rows[0]) and sheet.rows[row - 1][column - 1] is not None:
            raise Stop("hidden_cell", sheet=facts.label, cell=cell_name(row, column))


def _cells_under_merged(sheet: Sheet) -> Iterator[tuple[int, int]]:
    """Yield the cells that a merged cell covers: their content shows only when the cells are unmerged."""
    if sum(block.cells for block in sheet.merged) > SheetFacts.MAX_CELLS:
        raise Stop("unreadable")  # overlapping blocks
    for top, left, bottom, right in sheet.merged:
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                if (row, column) != (top, left):
                    yield row, column


def _hidden_cells(sheet: Sheet, facts: SheetFacts) -> Iterator[tuple[int, int, CellValue]]:
    columns = {
        column for first, last in facts.hidden_columns for column in range(first, min(last, facts.last_column) + 1)
    }
    if not columns and not facts.hidden_rows:
        return
    for row, values in enumerate(sheet.rows, start=1):
        for column, value in enumerate(values, start=1):
            if value is not None and (row in facts.hidden_rows or column in columns):
                yield row, column, value
