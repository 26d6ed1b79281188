"""Reading a file into rows: guarded first, parsed in a limited child, counted twice, nothing interpreted.

Belongs here: the way from bytes to sheets of cells as the file holds them, and which of them the workbook hides.
Does not belong here: the guard's rules (`guard.py`), headers and types (`row_checks.py`).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any

from ingestion.files.cell_marks import UNCALCULATED
from ingestion.files.csv_text import read_csv
from ingestion.files.file_facts import CellBlock, Guarded, SheetFacts, is_blank, sheet_label
from ingestion.files.guard import guard
from ingestion.files.limited_child import MAX_TEXT, parse_workbook
from ingestion.files.safe_zip import Stop
from ingestion.findings import Finding, cell_name
from ingestion.storage import is_of_the_disk
from ingestion.text.folding import printable
from ingestion.text.mojibake import looks_spoilt, repairs

CellValue = str | int | float | bool | datetime.date | datetime.datetime | None
"""One cell as the file holds it; a csv holds text only; a blank cell is None in both."""

_FORMS = ("xlsx", "ods", "xls", "csv")


@dataclass(frozen=True)
class Sheet:
    """One sheet.

    Args:
        name: its name, which no finding says; of a csv, the file's name without ending.
        rows: `rows[0]` is the sheet's row 1; every row has the same width.
        merged: blocks of merged cells; programs show the value of the top-left cell only.
        hidden_rows: the numbers, from 1, of rows that hold something and that a filter or a person hides.
        is_hidden: whether the workbook hides the sheet.
    """

    name: str
    rows: list[list[CellValue]]
    merged: list[CellBlock] = field(default_factory=list[CellBlock])
    hidden_rows: frozenset[int] = frozenset()
    is_hidden: bool = False


@dataclass(frozen=True)
class Workbook:
    """The content of a file; with a `refuse` finding there are no sheets.

    Args:
        sheets: in the workbook's order.
        encoding: `utf-8`, `utf-8-sig`, `utf-16`, `windows-1256`; empty for a workbook.
        findings: of the guard and the reader.
        from_1904: whether the workbook counts its days from 1904, as old programs on the Macintosh did.
    """

    sheets: list[Sheet]
    encoding: str = ""
    findings: list[Finding] = field(default_factory=list[Finding])
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
    parsed = parse_workbook(data)
    if [content["name"] for content in parsed] != [facts.name for facts in guarded.sheets]:
        raise Stop("unreadable")  # guard and parser must see the same workbook
    sheets = [_sheet_of(content, facts) for content, facts in zip(parsed, guarded.sheets, strict=True)]
    if not any(cell is not None for sheet in sheets for row in sheet.rows for cell in row):
        raise Stop("empty_file")
    texts = {
        cell
        for cell in set[CellValue]().union(*(row for sheet in sheets for row in sheet.rows))
        if isinstance(cell, str)
    }
    if too_long := {text for text in texts if len(text) > MAX_TEXT}:
        sheet, cell = _place_of(sheets, too_long)
        raise Stop("cell_too_long", sheet=sheet, cell=cell, limit=str(MAX_TEXT))
    return _mend_workbook(Workbook(sheets, findings=guarded.findings, from_1904=guarded.from_1904), texts)


def _mend_workbook(workbook: Workbook, cells: set[str]) -> Workbook:
    """Return a workbook with its Arabic repaired if it was once opened in a wrong encoding."""
    if lost := {text for text in cells if "\ufffd" in text}:
        sheet, cell = _place_of(workbook.sheets, lost)
        workbook.findings.append(Finding("flag", "letters_lost", sheet, cell))
    mended = repairs(list(cells))
    if mended is None:
        sheet, cell = _place_of(workbook.sheets, set(filter(looks_spoilt, cells)))
        raise Stop("encoding_unclear", sheet=sheet, cell=cell)
    if not mended:
        return workbook
    flag = Finding("flag", "text_repaired", *_place_of(workbook.sheets, set(mended)))
    for sheet in workbook.sheets:
        for row in sheet.rows:
            row[:] = [mended.get(value, value) if isinstance(value, str) else value for value in row]
    workbook.findings.append(flag)
    return workbook


def _place_of(sheets: list[Sheet], texts: set[str]) -> tuple[str, str]:
    """Return sheet and cell of the first of these texts that is in a cell."""
    for ordinal, sheet in enumerate(sheets, start=1):
        for number, values in enumerate(sheet.rows, start=1):
            for column, value in enumerate(values, start=1):
                if isinstance(value, str) and value in texts:
                    return sheet_label(ordinal), cell_name(number, column)
    return "", ""


def _sheet_of(content: dict[str, Any], facts: SheetFacts) -> Sheet:
    """Return a sheet of the parser with what the second look adds to it."""
    held = facts.held_rows | {row for row, _ in facts.uncalculated}
    sheet = Sheet(content["name"], content["rows"], [], frozenset(facts.hidden_rows & held), facts.is_hidden)
    _put_texts(sheet, facts.texts | dict.fromkeys(facts.uncalculated, UNCALCULATED))
    _compare_rows(sheet, held, facts.label)
    blocks = [CellBlock(*block) for block in content["merged"]] + facts.merged
    if sum(block.cells for block in blocks) > SheetFacts.MAX_CELLS:
        raise Stop("unreadable")  # overlapping blocks
    sheet.merged.extend(_clip_blocks(sheet, blocks))
    return sheet


def _clip_blocks(sheet: Sheet, merged: list[CellBlock]) -> list[CellBlock]:
    """Return merged blocks cut to the cells that exist."""
    height, width = len(sheet.rows), len(sheet.rows[0]) if sheet.rows else 0
    inside = [block for block in merged if block.top <= height and block.left <= width]
    return [block._replace(bottom=min(block.bottom, height), right=min(block.right, width)) for block in inside]


def _put_texts(sheet: Sheet, texts: Mapping[tuple[int, int], str]) -> None:
    """Put texts into cells that the parser left out or read wrongly; such a cell may lie beyond what it returned."""
    if not texts:
        return
    width = max(len(sheet.rows[0]) if sheet.rows else 0, *(column for _, column in texts))
    height = max(len(sheet.rows), *(row for row, _ in texts))
    sheet.rows.extend([] for _ in range(height - len(sheet.rows)))
    for row in sheet.rows:
        row.extend([None] * (width - len(row)))
    for (row, column), text in texts.items():
        sheet.rows[row - 1][column - 1] = text or None


def _compare_rows(sheet: Sheet, held: set[int], label: str) -> None:
    """Refuse a sheet if the parser returned other rows than were counted in its bytes."""
    read = {number for number, row in enumerate(sheet.rows, start=1) if not all(map(is_blank, row))}
    if read != held:
        cell = cell_name(min(read ^ held), 1)
        raise Stop("rows_differ", sheet=label, cell=cell, read=str(len(read)), held=str(len(held)))
