"""The examination of a file: all that is wrong with it, and what would land, with nothing written.

Belongs here: the order of the checks and the answer that `marsad check` gives and `receive` follows.
Does not belong here: the checks themselves (`guard.py`, `reader.py`, `privacy.py`, `conform.py`), what is kept of a
file (`landing.py`). This module imports neither pandas nor pyarrow nor duckdb.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from ingestion import card, privacy
from ingestion.conform import conform
from ingestion.conformed import ConformedTable
from ingestion.findings import Finding, cell_name, refuses
from ingestion.header_rows import SEARCHED_ROWS
from ingestion.home import sha256_of_bytes
from ingestion.reader import Sheet, Workbook, read_workbook
from ingestion.telling import told
from ingestion.text import fold
from ingestion.vocabulary import is_heading, is_known
from languages.refusal import Refusal

Place = tuple[str, str]
"""A sheet's name and a cell, e.g. `B7`."""

_HIDING_PARTS = ("change_history", "embedded_content", "pivot_cache", "unknown_part")
_HIDING_KINDS = frozenset({"hidden_row", "hidden_column", "hidden_cell", "hidden_sheet", *_HIDING_PARTS})


@dataclass(frozen=True)
class Examination:
    """What `marsad check` answers, and what `receive` would do.

    Args:
        verdict: `accepted` or `refused`.
        sha256: hash of the file's bytes.
        findings: what was found, place by place.
        tables: the tables as they would land; none of a refused file, of which no row is counted.

    `rows_in` is always `rows_landed` and `rows_quarantined` together.
    """

    verdict: Literal["accepted", "refused"]
    sha256: str
    findings: list[Finding]
    tables: list[ConformedTable] = field(default_factory=list[ConformedTable])

    @property
    def is_personal(self) -> bool:
        """Whether the file was refused for what it says of persons, or for parts that hide what they say."""
        kinds = {finding.kind for finding in self.findings if finding.severity == "refuse"}
        return bool(kinds & (privacy.PERSONAL_KINDS | _HIDING_KINDS))

    @property
    def rows_in(self) -> int:
        """Data rows."""
        return sum(table.rows_in for table in self.tables)

    @property
    def rows_landed(self) -> int:
        """Those that would land."""
        return sum(table.rows_landed for table in self.tables)

    @property
    def rows_quarantined(self) -> int:
        """Those that would not."""
        return sum(table.rows_quarantined for table in self.tables)


def examine(
    data: bytes, file_name: str, source: str, *, today: datetime.date, decided: Mapping[Place, str] | None = None
) -> Examination:
    """Return what would happen to a file; nothing is written.

    Args:
        data: its bytes.
        file_name: as the sender calls it; names the sheet of a csv.
        source: who sends it.
        today: a period after this day is in the future.
        decided: what a person decided that a cell says (`decisions.py`); it is read in the place of what was typed.

    Raises:
        Refusal: `unknown_source`. A bad file never raises: what is wrong with it stands in the findings.
    """
    sender = card.load_source(source)
    workbook = with_cells(read_workbook(data, file_name), decided or {})
    return _examine_workbook(workbook, sender, sha256_of_bytes(data), today)


def examine_any(data: bytes, file_name: str, *, today: datetime.date) -> tuple[str, Examination]:
    """Return the source whose card fits a file best, and the examination for it; the file is read once.

    A card that takes the file comes first, then the one that knows most of its headings and sheets, then the one with
    the fewest findings. The source is empty for a refused file of which no card knows anything.
    """
    workbook, sha256 = read_workbook(data, file_name), sha256_of_bytes(data)
    written = _texts_at_the_top(workbook)
    tried = {name: _examine_workbook(workbook, card.load_source(name), sha256, today) for name in card.source_names()}
    known = {name: len(written & _wordings(card.load_source(name))) for name in tried}
    best = min(tried, key=lambda name: (refuses(tried[name].findings), -known[name], len(tried[name].findings)))
    return best if known[best] or tried[best].verdict == "accepted" else "", tried[best]


def _texts_at_the_top(workbook: Workbook) -> set[str]:
    """Return the folded texts where headings stand, and the names of the sheets."""
    rows = [row for sheet in workbook.sheets for row in sheet.rows[:SEARCHED_ROWS]]
    return {fold(text) for row in rows for text in row if isinstance(text, str)} | {
        fold(sheet.name) for sheet in workbook.sheets
    }


def _wordings(sender: card.SourceCard) -> set[str]:
    """Return the folded headings of a sender, their parts, and the names of its sheets."""
    headings = [name for table in sender.tables.values() for name in (*table.headings, *table.also, *table.ignored)]
    sheets = [name for table in sender.tables.values() for name in table.sheets]
    return {fold(part) for heading in headings for part in (heading, *heading.split(" / "))} | set(map(fold, sheets))


def with_cells(workbook: Workbook, decided: Mapping[Place, str]) -> Workbook:
    """Return the workbook with other texts in some of its cells."""
    if not decided:
        return workbook
    return replace(workbook, sheets=[_with_cells(sheet, decided) for sheet in workbook.sheets])


def _with_cells(sheet: Sheet, decided: Mapping[Place, str]) -> Sheet:
    own = {cell: text for (name, cell), text in decided.items() if name == sheet.name}
    rows = [
        [own.get(cell_name(row, column), value) for column, value in enumerate(values, start=1)]
        for row, values in enumerate(sheet.rows, start=1)
    ]
    return replace(sheet, rows=rows) if own else sheet


def _examine_workbook(workbook: Workbook, sender: card.SourceCard, sha256: str, today: datetime.date) -> Examination:
    """Examine what was read; whatever a bad file provokes is an answer, as in the guard."""
    try:
        examination = _judge_workbook(workbook, sender, sha256, today)
    except Refusal:
        raise  # a bad card, which is not the file's fault
    except Exception:
        examination = Examination("refused", sha256, [*workbook.findings, Finding("refuse", "unreadable")])
    return replace(examination, findings=told(examination.findings, [sheet.name for sheet in workbook.sheets]))


def _judge_workbook(workbook: Workbook, sender: card.SourceCard, sha256: str, today: datetime.date) -> Examination:
    findings = list(workbook.findings)
    if not refuses(findings):
        contacts = sender.public_contacts
        findings += privacy.inspect(
            workbook, public_contacts=contacts, known_values=is_known, known_headings=is_heading
        )
    tables: list[ConformedTable] = []
    if not refuses(findings):
        tables, more = conform(workbook, sender, today)
        findings += more
    if refuses(findings):
        return Examination("refused", sha256, findings)
    return Examination("accepted", sha256, findings, tables)
