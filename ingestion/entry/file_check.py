"""The examination of a file: everything that is wrong with it, and what would land; nothing is written.

Belongs here: the order of the checks and the result that `marsad check` shows and `receive` follows.
Does not belong here: the checks themselves (`guard.py`, `reader.py`, `personal_data.py`, `row_checks.py`), what is
stored of a file (`landing.py`). This module imports neither pandas nor pyarrow nor duckdb.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from ingestion.cards import source_card
from ingestion.entry.checked_tables import ConformedTable
from ingestion.entry.decided_cells import Decided, Place
from ingestion.entry.invented_records import HouseRecords, house_records
from ingestion.entry.row_checks import read_rows
from ingestion.files.reader import Workbook, read_workbook
from ingestion.files.safe_zip import Stop
from ingestion.findings import Finding, refuses, row_and_column
from ingestion.home import sha256_of_bytes
from ingestion.privacy import asked_texts, personal_data
from ingestion.privacy.asked_texts import Known
from ingestion.privacy.privacy_allowlist import is_heading, is_known
from ingestion.privacy.safe_excerpt import make_safe
from ingestion.privacy.search_clock import SearchClock
from ingestion.privacy.unexplained_texts import AskedText, AskedWord, find_unexplained
from ingestion.privacy.unneeded_findings import UNNEEDED_KINDS, UnneededPlaces, unneeded_texts
from ingestion.storage import is_of_the_disk
from ingestion.tables.header_rows import SEARCHED_ROWS
from ingestion.tables.table_finder import FoundTable
from ingestion.tables.taken_file import TakenFile, read_taken, take
from ingestion.tables.unneeded_parts import holds_headings, unneeded_parts
from ingestion.text.date_order import DecidedText
from ingestion.text.folding import fold
from languages.refusal import Refusal

_HIDING_PARTS = ("change_history", "embedded_content", "pivot_cache", "unknown_part")
_LAYOUT_KINDS = frozenset(("counts_instead_of_records", "header_missing", "sheet_missing", "template_of_another"))
_ONLY_SHEET = "#1"  # how findings name the sheet of a text file whose name is personal or in question
_NEAREST = 3  # senders suggested for a file that fits none
_HIDING_KINDS = frozenset({"hidden_row", "hidden_column", "hidden_cell", "hidden_sheet", *_HIDING_PARTS})


@dataclass(frozen=True)
class Examination:
    """The result of `marsad check`, and what `receive` would do.

    Args:
        verdict: `accepted`, `refused`, or `asks`: it has words on no list that may name a person, and somebody must
            remove them or state that they do not.
        sha256: hash of the file's bytes.
        findings: what was found, place by place; for a text in question the cell and the number of its words.
        taken: what the house keeps of an accepted file, as it stores it.
        tables: the tables as they would land; none for a refused or asking file, whose rows are not counted.
        asked: the texts in question with their words, only for the person who runs `check`; never printed by
            themselves.
        stated: the words that somebody has already confirmed for this file; never printed either.
        of_the_house: records in it that Marsad itself invented, if any.

    `rows_in` is always the sum of `rows_landed` and `rows_quarantined`.
    """

    verdict: Literal["accepted", "refused", "asks"]
    sha256: str
    findings: list[Finding]
    tables: list[ConformedTable] = field(default_factory=list[ConformedTable])
    taken: bytes = field(default=b"", repr=False)
    asked: tuple[AskedText, ...] = field(default=(), repr=False)
    stated: tuple[AskedWord, ...] = field(default=(), repr=False)
    of_the_house: HouseRecords | None = None

    @property
    def is_personal(self) -> bool:
        """Whether nothing of the file may stay: it holds or may hold personal data, or hides content."""
        if self.asked:
            return True
        kinds = {finding.kind for finding in self.findings if finding.severity == "refuse"}
        return bool(kinds & (personal_data.PERSONAL_KINDS | _HIDING_KINDS | UNNEEDED_KINDS))

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
    known: Known | None = None,
) -> Examination:
    """Return what would happen to a file; nothing is written.

    Args:
        data: its bytes.
        file_name: as the sender calls it; names the sheet of a csv.
        source: the sender.
        today: a period after this day is in the future.
        known: the words that somebody has confirmed; none by default.

    Raises:
        Refusal: `unknown_source`. A bad file never raises: what is wrong with it is in the findings.
    """
    sender, workbook = source_card.load_source(source), read_workbook(data, file_name)
    return _FileCheck(workbook, sender, sha256_of_bytes(data), today, known or Known()).examine()


def examine_any(
    data: bytes, file_name: str, *, today: datetime.date, known_to: Callable[[str], Known] | None = None
) -> tuple[str, Examination]:
    """Return the source whose card fits a file best, and the examination for it; the file is read once.

    A card that accepts the file comes first, then the one that knows most of its headings and sheets, then the one with
    the fewest findings. The source is empty for a refused file of which no card recognises anything, or whose headings
    belong to no sender's table: the errors by any card would mislead, so the nearest senders are named instead.

    Args:
        data: the bytes of the file.
        file_name: as the sender calls it; names the sheet of a csv.
        today: a period after this day is in the future.
        known_to: source -> the words that somebody has confirmed for it; none by default.

    Returns:
        The source, or an empty string, and the examination by its card.
    """
    workbook, sha256 = read_workbook(data, file_name), sha256_of_bytes(data)
    written = _texts_at_the_top(workbook)
    known = {name: len(written & _wordings(source_card.load_source(name))) for name in source_card.source_names()}
    tried: dict[str, Examination] = {}
    for count in sorted(set(known.values()), reverse=True):
        for name in (name for name in known if known[name] == count):
            words = known_to(name) if known_to else Known()
            tried[name] = _FileCheck(workbook, source_card.load_source(name), sha256, today, words).examine()
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
        return "", Examination("refused", sha256, make_safe([finding, *flags], []))
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
    known: Known

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
        findings = make_safe(examination.findings, [sheet.name for sheet in self.workbook.sheets])
        if self.workbook.encoding:
            findings = [_tell_of_file(finding) for finding in findings]
            asked = [replace(text, sheet="") if text.sheet == _ONLY_SHEET else text for text in examination.asked]
            examination = replace(examination, asked=tuple(asked))
        return replace(examination, findings=findings, of_the_house=house_records(self.workbook))

    def _refused(self, findings: list[Finding]) -> Examination:
        return Examination("refused", self.sha256, findings)

    def _judge(self) -> Examination:
        findings, clock = list(self.workbook.findings), SearchClock()
        if not refuses(findings):
            findings += self._personal_data(self.workbook, clock)
        if refuses(findings):
            return self._refused(findings + self._advice(findings))
        try:
            texts = find_unexplained(self.workbook, self.sender, is_confirmed=self.known.is_confirmed, clock=clock)
        except Stop as stop:
            return self._refused([*findings, stop.finding])
        if not self.sender.asks_words:
            findings += _refuse_unasked(texts)
            if refuses(findings):
                return self._refused(findings)
            texts = []
        taken = take(self.workbook, self.sender, self.today)
        tables, told = read_rows(taken, self.sender, self.today)
        findings += [one for one in told if one not in self.workbook.findings]
        if asked_texts.drop_stated_words(texts, self.known.is_stated):
            return self._ask_words(findings, texts)
        if refuses(findings):
            return self._refused(findings)
        return Examination("accepted", self.sha256, findings, tables, taken.as_bytes(), stated=tuple(asked_texts.distinct_words(texts)))

    def _personal_data(self, workbook: Workbook, clock: SearchClock) -> list[Finding]:
        contacts = self.sender.public_contacts
        return personal_data.inspect(
            workbook, public_contacts=contacts, known_values=is_known, known_headings=is_heading, clock=clock
        )

    def _advice(self, findings: list[Finding]) -> list[Finding]:
        """Return the unneeded parts that hold personal data; none for a file on which that search fails."""
        personal = [finding for finding in findings if finding.kind in personal_data.PERSONAL_KINDS]
        if not personal or self.sender.kind == "publisher":
            return []
        try:
            places = UnneededPlaces(unneeded_parts(self.workbook, self.sender))
            outside = self._personal_data(replace(self.workbook, sheets=[]), SearchClock())
            return places.findings_around([finding for finding in personal if finding not in outside], outside)
        except Exception as error:
            if is_of_the_disk(error):
                raise
            return []

    def _ask_words(self, findings: list[Finding], texts: list[AskedText]) -> Examination:
        """Return the result for a file with unconfirmed words; structural findings too, so that all are mended at once.

        Parts that nobody needs are cut off and not asked about, except in a file that was received. Too many words
        refuse the file, because nobody reads the thirtieth question as carefully as the first. That is reported only if
        nothing else refuses the file: under a misspelt heading of nationalities, every nationality is unexplained.
        """
        most = self.known.most
        ordinals = {sheet.name: ordinal for ordinal, sheet in enumerate(self.workbook.sheets, start=1)}
        asked = asked_texts.drop_stated_words(texts, self.known.is_stated)
        wanted, unneeded = asked, list[Finding]()
        if most is not None and self.sender.kind == "authority":
            places = UnneededPlaces(unneeded_parts(self.workbook, self.sender))
            wanted, unneeded = places.split_texts(asked)
            texts = places.split_texts(texts).wanted
        reported = [
            *asked_texts.findings_of_words(asked_texts.drop_refused_texts(wanted, findings)),
            *asked_texts.hide_words([*unneeded, *findings], asked, ordinals),
        ]
        words = len(asked_texts.distinct_words(texts))
        if most is not None and words > most and not refuses(reported):
            arguments = {"count": str(words), "most": str(most)}
            reported.insert(0, Finding("refuse", "words_too_many", arguments=arguments))
        return Examination("refused" if refuses(reported) else "asks", self.sha256, reported, asked=tuple(wanted))


def _tell_of_file(finding: Finding) -> Finding:
    """Return a finding for a text file, which has no sheets: what concerns a sheet's name concerns the file's."""
    if finding.sheet != _ONLY_SHEET:
        return finding
    arguments = finding.arguments if finding.cell else {**finding.arguments, "looks_like": "file_name"}
    return replace(finding, sheet="", arguments=arguments)


def _refuse_unasked(texts: list[AskedText]) -> list[Finding]:
    """Return the findings that refuse a file for texts about which nobody is asked.

    These are texts with two words from lists of names, and unexplained texts outside the cells, such as an author,
    which belong to no row that could wait.
    """
    named = [text for text in texts if sum(word.is_on_name_list for word in text.words) > 1]
    findings = [Finding("refuse", "personal_name", text.sheet, text.cell, {"count": "1"}) for text in named]
    outside = [text for text in texts if text.is_outside_cells and text not in named]
    return findings + [unneeded_texts(text.sheet, text.cell) for text in outside[:1]]
