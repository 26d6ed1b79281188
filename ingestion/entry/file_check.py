"""The examination of a file: everything that is wrong with it, and what would land; nothing is written.

Belongs here: the order of the checks and the result that `marsad check` shows and `receive` follows.
Does not belong here: the checks themselves (`guard.py`, `reader.py`, `row_checks.py`), what is
stored of a file (`landing.py`). This module imports neither pandas nor pyarrow nor duckdb.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from ingestion.cards import source_card
from ingestion.entry.checked_tables import ConformedTable
from ingestion.entry.decided_cells import Decided, Place
from ingestion.entry.invented_records import HouseRecords, house_records
from ingestion.entry.row_checks import read_rows
from ingestion.files.reader import Workbook, read_workbook
from ingestion.findings import Finding, refuses, row_and_column
from ingestion.home import sha256_of_bytes
from ingestion.storage import is_of_the_disk
from ingestion.tables.header_rows import SEARCHED_ROWS
from ingestion.tables.table_finder import FoundTable, holds_headings
from ingestion.tables.taken_file import TakenFile, read_taken, take
from ingestion.text.date_order import DecidedText
from ingestion.text.folding import fold
from languages.refusal import Refusal

_LAYOUT_KINDS = frozenset(("counts_instead_of_records", "header_missing", "sheet_missing", "template_of_another"))
_NEAREST = 3  # senders suggested for a file that fits none


@dataclass(frozen=True)
class Examination:
    """The result of `marsad check`, and what `receive` would do.

    Args:
        verdict: `accepted` or `refused`.
        sha256: hash of the file's bytes.
        findings: what was found, place by place.
        taken: what the house keeps of an accepted file, as it stores it.
        tables: the tables as they would land; none for a refused file, whose rows are not counted.
        of_the_house: records in it that Marsad itself invented, if any.

    `rows_in` is always the sum of `rows_landed` and `rows_quarantined`.
    """

    verdict: Literal["accepted", "refused"]
    sha256: str
    findings: list[Finding]
    tables: list[ConformedTable] = field(default_factory=list[ConformedTable])
    taken: bytes = field(default=b"", repr=False)
    of_the_house: HouseRecords | None = None

    @property
    def lands_nothing(self) -> bool:
        """Whether the file would be accepted and none of its rows would."""
        return self.verdict == "accepted" and not self.rows_landed

    @property
    def rows_in(self) -> int:
        """Number of data rows."""
        return sum(table.rows_in for table in self.tables)

    @property
    def rows_landed(self) -> int:
        """Number of rows that would land."""
        return sum(table.rows_landed for table in self.tables)

    @property
    def rows_quarantined(self) -> int:
        """Number of rows that would be quarantined."""
        return sum(table.rows_quarantined for table in self.tables)


def examine(
    data: bytes,
    file_name: str,
    source: str,
    *,
    today: datetime.date,
) -> Examination:
    """Return what would happen to a file; nothing is written.

    Args:
        data: its bytes.
        file_name: as the sender calls it; names the sheet of a csv.
        source: the sender.
        today: a period after this day is in the future.

    Raises:
        Refusal: `unknown_source`. A bad file never raises: what is wrong with it is in the findings.
    """
    sender, workbook = source_card.load_source(source), read_workbook(data, file_name)
    return _FileCheck(workbook, sender, sha256_of_bytes(data), today).examine()


def examine_any(data: bytes, file_name: str, *, today: datetime.date) -> tuple[str, Examination]:
    """Return the source whose card fits a file best, and the examination for it; the file is read once.

    A card that accepts the file comes first, then the one that knows most of its headings and sheets, then the one with
    the fewest findings. The source is empty for a refused file of which no card recognises anything, or whose headings
    belong to no sender's table: the errors by any card would mislead, so the nearest senders are named instead.

    Args:
        data: the bytes of the file.
        file_name: as the sender calls it; names the sheet of a csv.
        today: a period after this day is in the future.

    Returns:
        The source, or an empty string, and the examination by its card.
    """
    workbook, sha256 = read_workbook(data, file_name), sha256_of_bytes(data)
    written = _texts_at_the_top(workbook)
    known = {name: len(written & _wordings(source_card.load_source(name))) for name in source_card.source_names()}
    tried: dict[str, Examination] = {}
    for count in sorted(set(known.values()), reverse=True):
        for name in (name for name in known if known[name] == count):
            tried[name] = _FileCheck(workbook, source_card.load_source(name), sha256, today).examine()
        if not all(refuses(examination.findings) for examination in tried.values()):
            break  # no card that knows fewer of its headings can precede one that accepts the file
    best = min(
        (name for name in known if name in tried),
        key=lambda name: (refuses(tried[name].findings), -known[name], len(tried[name].findings)),
    )
    if _is_of_nobody(workbook, tried[best]):
        near = [name for name in sorted(known, key=lambda name: -known[name]) if known[name]][:_NEAREST]
        finding = Finding("refuse", "sender_unknown", arguments={"nearest": ", ".join(near)} if near else {})
        flags = [flag for flag in workbook.findings if flag.kind == "named_otherwise"]
        return "", Examination("refused", sha256, [finding, *flags])
    return best if known[best] or tried[best].verdict == "accepted" else "", tried[best]


def _is_of_nobody(workbook: Workbook, examination: Examination) -> bool:
    """Return whether a file was refused for its layout alone, and no card has a table with half of its headings."""
    kinds = {finding.kind for finding in examination.findings if finding.severity == "refuse"}
    if not kinds or not kinds <= _LAYOUT_KINDS:
        return False
    cards = map(source_card.load_source, source_card.source_names())
    return not any(holds_headings(sheet, card) for card in cards for sheet in workbook.sheets)


def _texts_at_the_top(workbook: Workbook) -> set[str]:
    """Return the folded texts of the rows where headings stand, and the names of the sheets."""
    rows = [row for sheet in workbook.sheets for row in sheet.rows[:SEARCHED_ROWS]]
    return {fold(text) for row in rows for text in row if isinstance(text, str)} | {
        fold(sheet.name) for sheet in workbook.sheets
    }


def _wordings(sender: source_card.SourceCard) -> set[str]:
    """Return a sender's folded headings, their parts, and the names of its sheets."""
    headings = [name for table in sender.tables.values() for name in (*table.headings, *table.also, *table.ignored)]
    sheets = [name for table in sender.tables.values() for name in table.sheets]
    return {fold(part) for heading in headings for part in (heading, *heading.split(" / "))} | set(map(fold, sheets))


def examine_taken(
    data: bytes, source: str, sha256: str, *, today: datetime.date, decided: Decided | None = None
) -> Examination:
    """Return what becomes of a file of which the house has what was taken.

    Args:
        data: what was taken, as stored; its hash is verified by the caller.
        source: the sender.
        sha256: of the bytes of the file.
        today: the day of coming.
        decided: what persons decided about it.

    Raises:
        Refusal: `unknown_source`.
    """
    sender, decided = source_card.load_source(source), decided or Decided()
    taken = decide_cells(read_taken(data, sender), decided.cells)
    tables, findings = read_rows(taken, sender, today, decided.columns)
    verdict = "refused" if refuses(findings) else "accepted"
    return Examination(verdict, sha256, findings, tables if verdict == "accepted" else [], data)


def decide_cells(taken: TakenFile, decided: Mapping[Place, str]) -> TakenFile:
    """Return a taken file with other texts in some of its cells.

    Args:
        taken: it is not changed.
        decided: (sheet, cell) -> the text to read instead; a place outside of the data rows is ignored.
    """
    if not decided:
        return taken
    return replace(taken, tables=[_decide_table_cells(table, decided) for table in taken.tables])


def _decide_table_cells(table: FoundTable, decided: Mapping[Place, str]) -> FoundTable:
    rows = [list(values) for values in table.sheet.rows]
    for (name, cell), text in decided.items():
        row, column = row_and_column(cell) or (0, 0)
        if name == table.sheet.name and row - 1 in table.data_rows and column - 1 in table.read_columns:
            rows[row - 1][column - 1] = DecidedText(text, rows[row - 1][column - 1])
    return replace(table, sheet=replace(table.sheet, rows=rows))


@dataclass(frozen=True)
class _FileCheck:
    """The examination of one workbook by one card."""

    workbook: Workbook
    sender: source_card.SourceCard
    sha256: str
    today: datetime.date

    def examine(self) -> Examination:
        """Examine the workbook; any exception that a bad file provokes becomes a finding, as in the guard."""
        try:
            examination = self._judge()
        except Refusal:
            raise  # a bad card is not the file's fault
        except Exception as error:
            if is_of_the_disk(error):
                raise
            examination = self._refused([*self.workbook.findings, Finding("refuse", "unreadable")])
        return replace(examination, of_the_house=house_records(self.workbook))

    def _refused(self, findings: list[Finding]) -> Examination:
        return Examination("refused", self.sha256, findings)

    def _judge(self) -> Examination:
        if refuses(self.workbook.findings):
            return self._refused(self.workbook.findings)
        taken = take(self.workbook, self.sender, self.today)
        tables, findings = read_rows(taken, self.sender, self.today)
        if refuses(findings):
            return self._refused(findings)
        return Examination("accepted", self.sha256, findings, tables, taken.as_bytes())
