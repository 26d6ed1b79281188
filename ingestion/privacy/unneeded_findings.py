"""Findings about unneeded parts of a file that hold unexplained texts: cut them off.

Belongs here: splitting asked texts into those of needed and of unneeded parts, one finding for each unneeded part.
Does not belong here: which parts these are (`tables/unneeded_parts.py`), cutting them off (`forms/cleaning.py`).

An unneeded part without unexplained texts is no finding: it is harmless and is discarded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ingestion.files.reader import Workbook
from ingestion.findings import Finding, cell_name, column_letters, row_and_column
from ingestion.personal.personal_text import sheet_label
from ingestion.privacy.unexplained_texts import AskedText, is_bare_name
from ingestion.tables.table_finder import FoundTable
from ingestion.tables.unneeded_parts import SheetParts

UNNEEDED_KINDS = frozenset(("column_unneeded", "lines_unneeded", "sheet_unneeded", "texts_unneeded"))
"""The kinds of these findings; what they refer to may name persons."""


class SplitTexts(NamedTuple):
    """The asked texts of needed parts, and one finding for each unneeded part that holds one of the others."""

    wanted: list[AskedText]
    unneeded: list[Finding]


class UnneededPlaces:
    """The unneeded parts of a file, by the sheets and cells that findings name.

    Args:
        parts: of its sheets, in their order.
    """

    def __init__(self, parts: Sequence[SheetParts]) -> None:
        numbered = list(enumerate(parts, start=1))
        self._parts = {f"#{number}": sheet_parts for number, sheet_parts in numbered}
        self._parts |= {sheet_label(sheet_parts.sheet.name, number): sheet_parts for number, sheet_parts in numbered}

    def finding_at(self, sheet: str, cell: str) -> Finding | None:
        """Return the finding on the unneeded part that holds a cell; None if the cell is in a needed part."""
        parts = self._parts.get(sheet)
        if parts is None:
            return None
        if parts.is_whole or parts.is_ours:  # what a template wrote is not asked about; somebody added to it
            return Finding("refuse", "sheet_unneeded", sheet)
        place = row_and_column(cell)
        if place is None:
            return None
        row, column = place[0] - 1, place[1] - 1
        if own := parts.column_at(row, column):
            heading = cell_name(own.heading_row + 1, column + 1)
            return Finding("refuse", "column_unneeded", sheet, heading, {"column": own.heading or heading})
        return Finding("refuse", "lines_unneeded", sheet, cell) if (row, column) in parts.lines else None

    def split_texts(self, texts: Iterable[AskedText]) -> SplitTexts:
        """Return the texts of needed parts, and one finding for each unneeded part that holds one of the others.

        Args:
            texts: the asked texts of the file.
        """
        wanted: list[AskedText] = []
        unneeded: dict[tuple[str, str, str], Finding] = {}
        for text in texts:
            find = unneeded_texts if text.is_outside_cells else self.finding_at
            finding = find(text.sheet, text.cell)
            if finding is None:
                wanted.append(text)
            else:
                unneeded.setdefault(_part_of(finding), finding)
        return SplitTexts(wanted, list(unneeded.values()))

    def findings_around(self, findings: Iterable[Finding], outside: Sequence[Finding]) -> list[Finding]:
        """Return one finding for each unneeded part that holds personal data.

        Args:
            findings: personal data in the cells of the file.
            outside: personal data outside its cells; the first is named.
        """
        there = [part_finding for finding in findings if (part_finding := self.finding_at(finding.sheet, finding.cell))]
        there += [unneeded_texts(finding.sheet, finding.cell) for finding in outside[:1]]
        return list({_part_of(finding): finding for finding in reversed(there)}.values())[::-1]


def unneeded_texts(sheet: str, cell: str) -> Finding:
    """Return the finding on the texts outside the cells, at the first of them."""
    return Finding("refuse", "texts_unneeded", sheet, cell)


def find_outside_rows(
    workbook: Workbook, tables: Sequence[FoundTable], places: Iterable[tuple[str, str]]
) -> list[Finding]:
    """Return the finding that refuses a public file for the first sentence outside the rows of its tables, if any.

    These are lines above the headings, columns next to the tables, guidance, lists to choose from. A bare name may
    stand there, like an author's. `unneeded_parts` leaves a published table alone, because nobody may cut it.

    Args:
        workbook: the file.
        tables: its tables.
        places: sheet and cell of its unexplained texts.
    """
    rows = {(table.sheet.name, row) for table in tables for row in table.data_rows}
    columns = {(table.sheet.name, column) for table in tables for column in table.read_columns}
    of_tables = {table.sheet.name for table in tables}
    sheets = {sheet.name: (sheet, number) for number, sheet in enumerate(workbook.sheets, start=1)}
    for name, cell in sorted(places):
        sheet, number = sheets[name]
        row, column = (at - 1 for at in row_and_column(cell) or (0, 0))
        if ((name, row) in rows and (name, column) in columns) or is_bare_name(str(sheet.rows[row][column])):
            continue
        label = sheet_label(name, number)
        if name not in of_tables:
            return [Finding("refuse", "sheet_unneeded", label)]
        if (name, row) not in rows:
            return [Finding("refuse", "lines_unneeded", label, cell)]
        return [Finding("refuse", "column_unneeded", label, cell, {"column": column_letters(column + 1)})]
    return []


def _part_of(finding: Finding) -> tuple[str, str, str]:
    """Return the part that a finding is about: a column, a sheet, the lines of a sheet, all texts outside the cells."""
    sheet = "" if finding.kind == "texts_unneeded" else finding.sheet
    return finding.kind, sheet, finding.cell if finding.kind == "column_unneeded" else ""
