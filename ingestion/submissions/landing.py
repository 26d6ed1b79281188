"""Receiving and landing: a file is examined in memory, received with a receipt, landed as raw rows.

Belongs here: what is stored of an accepted and of a refused file, and landing, which may be repeated at any time.
Does not belong here: what is wrong with a file (`file_check.py`), what it changes here (`preview.py`), withdrawing a
submission (`submission_withdrawal.py`).

A file's bytes stay in memory; of an accepted one `taken/<submission>` keeps what was taken, and rows land from that.
"""

from __future__ import annotations

import datetime
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from ingestion import intake_lock
from ingestion.cards import source_card
from ingestion.checkout_files import checkout
from ingestion.entry.checked_tables import ConformedTable, Quarantined, count_replaced_rows
from ingestion.entry.corrections import CorrectedRow, apply
from ingestion.entry.decided_cells import Decided
from ingestion.files.uploads import Upload, read_upload
from ingestion.findings import Finding
from ingestion.home import Home, sha256_of, sha256_of_bytes, write_bytes
from ingestion.sealing.sealed_files import open_upload
from ingestion.sealing.sealing_keys import SealingKey
from ingestion.submissions import decisions, receipts
from ingestion.submissions.landed_submission import LandedSubmission, landed_submission, store
from ingestion.submissions.preview import Arrival, Letter, examine_arrival, examine_received, known_receipt
from ingestion.submissions.raw_rows import column_types, rows_path, write_rows
from ingestion.submissions.receipts import Receipt
from ingestion.submissions.submission_withdrawal import sweep
from ingestion.tables.cell_values import RawValue
from languages.refusal import Refusal

_SOURCES = "ingestion/sources/"


def receive(
    home: Home,
    source: str,
    file: Path | Upload,
    *,
    letter_date: datetime.date | None = None,
    letter_number: str = "",
    today: datetime.date | None = None,
    again: bool = False,
    key: SealingKey | None = None,
) -> Receipt:
    """Examine a file, store it if accepted, and return the receipt: `preview.examine_arrival`, then `take`.

    Raises:
        Refusal: `unknown_source`, `receipts_broken`; for a path those of `uploads.read_upload` and `open_upload`.
    """
    upload = file if isinstance(file, Upload) else open_upload(read_upload(file), key)
    letter = Letter(letter_date, letter_number, again)
    return take(home, examine_arrival(home, source, upload, letter, today=today))


def take(home: Home, arrival: Arrival) -> Receipt:
    """Store an arrived file, and return its receipt; for a known file nothing is written.

    Of a refused file only its hash and the kinds of findings are stored; in the inbox it is left where it was.

    Args:
        home: that receives it.
        arrival: the result of `preview.examine_arrival`; its bytes are those that were examined.

    Returns:
        The receipt with number and submission; `known`, with the earlier number, if the same bytes are here already.
    """
    receipt = arrival.receipt
    if receipt.verdict == "known":
        with intake_lock.lock(home):  # what a process killed after its receipt left is removed
            return receipt
    stored = _keep(home, arrival)
    return replace(stored, findings=receipt.findings, row_changes=receipt.row_changes, held=receipt.held)


def land(home: Home, source: str) -> list[LandedSubmission]:
    """Land received files of a source that have not been landed by the current cards, decisions and code.

    Raises:
        Refusal: `bytes_changed` for a received file that differs from its receipt; `received_refused` for those
            that today's rules refuse. The other files land first.
    """
    landed: list[LandedSubmission] = []
    refused: list[Refusal] = []
    for submission in unlanded(home, source):
        try:
            landed.append(submission.read_submission().write())
        except Refusal as refusal:
            refused.append(refusal)
    if refused:
        raise _join_refusals(refused)
    return landed


def unlanded(home: Home, source: str) -> Iterator[UnlandedSubmission]:
    """Yield the live submissions of a source that the current cards, decisions and code have not landed.

    Leftovers of withdrawn ones are removed first.
    """
    sweep(home)
    own_rules = _rules_of(source)
    decided = decisions.decisions_by_file(home)
    for receipt in (receipt for receipt in receipts.live_receipts(home) if receipt.source == source):
        of_file = decided.get((receipt.source, receipt.sha256), Decided())
        own = of_file.lines
        rules = sha256_of_bytes("\n".join([own_rules, *own]).encode()) if own else own_rules
        if not _is_landed(home, receipt, rules):
            yield UnlandedSubmission(home, receipt, rules, of_file)


def _keep(home: Home, arrival: Arrival) -> Receipt:
    """Write what is taken of an accepted file, then its receipt: so a receipt never names what is not there."""
    receipt = arrival.receipt
    with intake_lock.lock(home):
        if receipt.verdict == "accepted":
            if earlier := known_receipt(home, receipt.source, receipt.sha256, again=arrival.again):
                return replace(earlier, verdict="known", sealed=receipt.sealed)
            receipt = replace(receipt, taken=sha256_of_bytes(arrival.taken))
            write_bytes(home.taken / receipts.next_submission(home, receipt.sha256), arrival.taken, mode=0o600)
        return receipts.append(home, receipt)


# Landing


def _join_refusals(refused: Sequence[Refusal]) -> Refusal:
    """Return one refusal for several files; changed bytes come first, as the more serious."""
    graver = [refusal for refusal in refused if refusal.code != "received_refused"]
    if graver:
        return graver[0]
    kinds = sorted({kind for refusal in refused for kind in str(refusal.arguments["kinds"]).split(", ")})
    return Refusal("received_refused", where=", ".join(refusal.where for refusal in refused), kinds=", ".join(kinds))


@dataclass(frozen=True)
class UnlandedSubmission:
    """A submission that the current rules have not landed yet.

    Args:
        home: that received it.
        receipt: of it.
        rules: fingerprint of the code, cards and decisions by which it would land.
        decided: what persons decided about it.
    """

    home: Home
    receipt: Receipt
    rules: str
    decided: Decided

    def read_submission(self) -> ReadSubmission:
        """Read the taken file as it would land; nothing is written.

        Raises:
            Refusal: `bytes_changed`, `file_missing`; `received_refused` if today's rules refuse the file.
        """
        examination = examine_received(self.home, self.receipt, self.decided)
        if examination.verdict == "refused":
            kinds = sorted({finding.kind for finding in examination.findings if finding.severity == "refuse"})
            raise Refusal("received_refused", where=self.receipt.submission, kinds=", ".join(kinds))
        read = ReadSubmission(self, periods=count_replaced_rows(examination.tables))
        read.kinds |= sorted(Counter(finding.kind for finding in examination.findings).items())
        read.quarantined += [reason for table in examination.tables for reason in table.quarantined]
        for shape in source_card.shape_names():
            read.take_shape(shape, examination.tables)
        return read


@dataclass
class ReadSubmission:
    """A submission as it would land: the corrected rows of each shape, and the quarantined rows."""

    submission: UnlandedSubmission
    rows: dict[str, dict[str, list[RawValue]]] = field(default_factory=dict[str, dict[str, list[RawValue]]])
    shape_rows: dict[str, int] = field(default_factory=dict[str, int])
    kinds: dict[str, int] = field(default_factory=dict[str, int])
    quarantined: list[Quarantined] = field(default_factory=list[Quarantined])
    corrections: dict[str, int] = field(default_factory=dict[str, int])
    flagged: list[CorrectedRow] = field(default_factory=list[CorrectedRow])
    findings: list[Finding] = field(default_factory=list[Finding])
    periods: dict[str, dict[str, int]] = field(default_factory=dict[str, dict[str, int]])

    @property
    def receipt(self) -> Receipt:
        """The receipt of the submission."""
        return self.submission.receipt

    def take_shape(self, shape: str, tables: list[ConformedTable]) -> None:
        """Take over the corrected rows of one shape."""
        columns = _columns_of(shape, tables)
        if columns is None:
            return
        corrected = apply(self.receipt.source, shape, self.receipt.submission, columns)
        dropped = {(row.sheet, row.row_number): "dropped_by_correction" for row in corrected.dropped}
        for sheet, row in _rows_outside(corrected.columns, {period for table in tables for period in table.scope}):
            dropped.setdefault((sheet, row), "period_outside_file")
        remaining = _drop_rows(corrected.columns, set(dropped))
        self.quarantined += [Quarantined(sheet, row, f"A{row}", kind) for (sheet, row), kind in dropped.items()]
        rows = set(
            zip(remaining["sheet"], remaining["row_number"], remaining["period"], strict=True)
        )  # each may give many records
        counts = Counter(str(period) for _, _, period in rows)
        if shape in self.periods:
            self.periods[shape] = {period: counts[period] for period in self.periods[shape]}
        self.corrections |= corrected.uses
        self.flagged += dict.fromkeys(corrected.flagged)
        self.findings += corrected.findings
        self.shape_rows[shape] = len({(sheet, row) for sheet, row, _ in rows})
        if remaining["row_number"]:
            self.rows[shape] = remaining

    def write(self) -> LandedSubmission:
        """Replace an earlier landing's rows by new ones, then write the reasons of the quarantined rows.

        Writes `raw/<shape>/source=…/submission=…/rows.parquet` for each shape with rows, then
        `quarantine/<submission>.jsonl`, whose first line states what was landed: a killed landing is repeated.
        """
        home, files = self.submission.home, dict[str, str]()
        for shape in source_card.shape_names():
            path = rows_path(home, shape, self.receipt.source, self.receipt.submission)
            shutil.rmtree(path.parent, ignore_errors=True)  # an earlier landing under other rules
            if shape in self.rows:
                files[shape] = write_rows(path, column_types(shape), self.rows[shape])
        landed = LandedSubmission(
            self.receipt,
            self.submission.rules,
            files,
            self.shape_rows,
            self.periods,
            quarantined=len({(reason.sheet, reason.row_number) for reason in self.quarantined}),
            corrections=self.corrections,
            kinds=self.kinds,
            flagged=tuple(self.flagged),
            findings=tuple(self.findings),
        )
        store(home, landed, self.quarantined)
        return landed


def _columns_of(shape: str, tables: list[ConformedTable]) -> dict[str, list[RawValue]] | None:
    """Return the records of all tables of a shape, sorted by sheet and row; None if the file has no such table."""
    own = [table for table in tables if table.shape == shape]
    if not own:
        return None
    joined = {name: [value for table in own for value in table.columns[name]] for name in column_types(shape)}
    order = sorted(range(len(joined["sheet"])), key=lambda place: (joined["sheet"][place], joined["row_number"][place]))
    return {name: [values[place] for place in order] for name, values in joined.items()}


def _rows_outside(columns: Mapping[str, list[RawValue]], scope: set[str]) -> Iterator[tuple[str, int]]:
    """Yield the rows that a correction moved out of the file's periods."""
    for sheet, row, period in zip(columns["sheet"], columns["row_number"], columns["period"], strict=True):
        if str(period) not in scope:
            yield str(sheet), int(str(row))


def _drop_rows(columns: Mapping[str, list[RawValue]], dropped: set[tuple[str, int]]) -> dict[str, list[RawValue]]:
    places = list(zip(columns["sheet"], columns["row_number"], strict=True))
    keep = [place for place, key in enumerate(places) if key not in dropped]
    return {name: [values[place] for place in keep] for name, values in columns.items()}


def _is_landed(home: Home, receipt: Receipt, rules: str) -> bool:
    """Return whether the submission was completely landed by these rules and its rows are unchanged since."""
    landed = landed_submission(home, receipt)
    if landed is None or landed.rules != rules:
        return False
    files = {rows_path(home, shape, receipt.source, receipt.submission): sha for shape, sha in landed.files.items()}
    return all(file.exists() and sha256_of(file) == sha256 for file, sha256 in files.items())


@cache
def _rules_of(source: str) -> str:
    """Return the fingerprint of everything that decides how a file of this source lands."""
    lines = [f"{name} {sha256}" for name, sha256 in sorted(rules_for(source).items())]
    return sha256_of_bytes("\n".join(lines).encode("utf-8"))


def rules_for(source: str) -> dict[str, str]:
    """Return what decides how a file of a source lands, with hashes: code, words, libraries, this source's cards."""
    shared = {name: sha256 for name, sha256 in checkout().decides(__name__).items() if not name.startswith(_SOURCES)}
    own = source_card.FOLDER / "sources" / source
    return shared | {f"{_SOURCES}{path.relative_to(own)}": sha256_of(path) for path in own.rglob("*.yml")}
