"""A workbook of each header set, dirtied at random: checked, marked, mended from its marks, received whole.

The mender knows the clean value of each spoilt cell and types it only where the marked workbook has a comment; what is
not one cell (a sheet's name, a row, a sum) she mends as the finding says.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import redirect_stdout
from dataclasses import dataclass, field, replace
from io import StringIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.cell import MergedCell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from ingestion.entry.file_check import Examination
from ingestion.files.template_sheets import HOUSE_AUTHOR
from ingestion.findings import Finding
from ingestion.home import Home
from ingestion.submissions import landing
from ingestion.text.date_order import ANSWERS
from languages.words import Words
from marsad.commands import checking
from samples.bodies.sight import LetterDelivery
from tests.dirt.dial import Dial
from tests.dirt.dirt_files import WRITERS
from tests.dirt.record import DirtyFile, Repair
from tests.ingestion.dirty_files import (
    MADE_HERE,
    TODAY,
    Records,
    clean_rows,
    examined,
    raw_records,
    said,
    small_country,
    small_deliveries,
    spoilt,
)

WORDS = Words.load("ar")
DEFECTS = MADE_HERE - frozenset(WRITERS)  # a text file has no cells to mark
_MOST_ROUNDS = 8
_OF_ROWS = {"row_after_total", "duplicate_row"}  # mended by clearing a row, not by typing in the cell


@dataclass
class Mender:
    """The clerk with the marked workbook in front of her."""

    source: str
    file: DirtyFile
    folder: Path
    typed: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])  # sheet as sent, cell
    cleared: set[tuple[str, int]] = field(default_factory=set[tuple[str, int]])
    renamed: dict[str, str] = field(default_factory=dict[str, str])  # name now -> name as sent

    def mend_until_nothing_waits(self) -> Path:
        """Return the workbook of the first round in which nothing is refused and nothing waits."""
        path = self.folder / "sent.xlsx"
        path.write_bytes(self.file.content)
        answer, rounds = self.examined(path), 0
        while self._has_work(answer):
            assert rounds < _MOST_ROUNDS, answer.findings
            marked = self.folder / f"marked_{rounds}.xlsx"
            with redirect_stdout(StringIO()):
                verdict = checking.check(path, self.source, WORDS, as_json=True, marked=marked)
            assert verdict == answer.verdict
            path = self._mended(marked, answer.findings)
            answer, rounds = self.examined(path), rounds + 1
        return path

    def examined(self, path: Path) -> Examination:
        """Return what the desk says of a workbook, with the sheets called as in it."""
        return examined(replace(self.file, content=path.read_bytes(), name=path.name), self.source)

    def _has_work(self, answer: Examination) -> bool:
        """Return whether the file is refused, rows wait, or a row is told to stand there twice that she can clear."""
        is_whole = answer.verdict == "accepted" and not answer.rows_quarantined
        stands_twice = any(one.kind == "duplicate_row" for one in answer.findings)
        return not is_whole or (stands_twice and bool(self._left("clear")))

    def _mended(self, marked: Path, findings: list[Finding]) -> Path:
        book = openpyxl.load_workbook(marked)
        commented = {
            (sheet.title, cell.coordinate)
            for sheet in book.worksheets
            for line in sheet.iter_rows()
            for cell in line
            if cell.comment and cell.comment.author == HOUSE_AUTHOR
        }
        columns = {(one.sheet, one.cell.rstrip("0123456789")) for one in findings if one.kind in ANSWERS}
        self._type_clean_values(book, commented, columns)
        kinds = {one.kind for one in findings}
        for repair in self._left("clear") if kinds & _OF_ROWS else []:
            self._clear(book, repair)
        for one in findings:
            if one.kind == "total_mismatch" and one.cell:
                book[one.sheet][one.cell].value = int(one.expected)
        for repair in self._left("rename") if "sheet_missing" in kinds else []:
            book[repair.sheet].title = repair.to
            self.renamed[repair.to] = repair.sheet
        path = self.folder / f"mended_from_{marked.name}"
        book.save(path)
        return path

    def _type_clean_values(
        self, book: Workbook, commented: set[tuple[str, str]], columns: set[tuple[str, str]]
    ) -> None:
        """Type what was meant in cells with a comment, and in all of a column of dates whose order is in doubt."""
        for spot in self.file.spots:
            sheet, column = self._now(spot.sheet), spot.cell.rstrip("0123456789")
            if (sheet, spot.cell) in commented or (sheet, column) in columns:
                book[self._now(spot.sheet)][spot.cell].value = spot.clean
                self.typed.add((spot.sheet, spot.cell))

    def _clear(self, book: Workbook, repair: Repair) -> None:
        sheet = book[self._now(repair.sheet)]
        for block in [one for one in sheet.merged_cells.ranges if one.min_row <= repair.row_number <= one.max_row]:
            _part(sheet, str(block.coord))
        for cell in sheet[repair.row_number]:
            if not isinstance(cell, MergedCell):
                cell.value = None
        self.cleared.add((repair.sheet, repair.row_number))

    def _left(self, what: str) -> list[Repair]:
        """Return the repairs of a sort that are still to do."""
        of_sort = [one for one in self.file.repairs if one.what == what]
        if what == "rename":
            return [one for one in of_sort if one.sheet not in self.renamed.values()]
        return [one for one in of_sort if (one.sheet, one.row_number) not in self.cleared]

    def _now(self, sheet: str) -> str:
        return next((now for now, sent in self.renamed.items() if sent == sheet), sheet)


def _part(sheet: Worksheet, block: str) -> None:
    """Part a merged block; each of its cells then says what it said."""
    cells = [cell for line in sheet[block] for cell in line]
    said = cells[0].value
    sheet.unmerge_cells(block)
    for cell in cells:
        sheet.cell(cell.row, cell.column).value = said


def _expected(mender: Mender, clean: dict[str, list[Records]]) -> dict[tuple[str, int], Records]:
    """Return the records of the clean delivery by the place of their row, with what stayed spoilt as it reads."""
    rows: dict[tuple[str, int], Records] = {
        (row.sheet, row.row_number): [said(record) for record in clean[row.table][row.original]]
        for row in mender.file.rows
        if (row.sheet, row.row_number) not in mender.cleared
    }
    tables = {(row.sheet, row.row_number): row.table for row in mender.file.rows}
    for spot in mender.file.spots:
        place = spot.sheet, spot.row_number
        if place in rows and (spot.sheet, spot.cell) not in mender.typed:
            rows[place] = [spoilt(record, spot.reads_as, tables[place]) for record in rows[place]]
    return rows


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("delivery", small_deliveries(), ids=lambda one: one.file_name)
def test_a_dirty_workbook_is_mended_from_its_marks_and_received_whole(
    delivery: LetterDelivery, seed: int, tmp_path: Path
):
    file = Dial(seed, 0.25, DEFECTS).dirty(small_country(), delivery)
    assert file.spots
    mender = Mender(delivery.source, file, tmp_path)
    path = mender.mend_until_nothing_waits()
    receipt = landing.receive(Home.at(tmp_path / "home").open(), delivery.source, path, today=TODAY)
    assert (receipt.verdict, receipt.rows_quarantined) == ("accepted", 0)
    clean = clean_rows(delivery)
    assert receipt.rows_landed == sum(map(len, clean.values()))
    landed: dict[tuple[str, int], Records] = defaultdict(list)
    for table in mender.examined(path).tables:
        for record in raw_records(table):
            place = mender.renamed.get(record["sheet"], record["sheet"]), record["row_number"]
            landed[place].append(said(record))
    assert landed == _expected(mender, clean)
