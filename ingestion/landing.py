"""The way of a file: examined in memory, received with a receipt, landed as raw rows.

Belongs here: the order of the checks, what is kept of an accepted and of a refused file, and landing, which may be
repeated at any time. Does not belong here: the checks themselves (`guard.py`, `reader.py`, `privacy.py`, `conform.py`).

A file's bytes stay in memory until guard, reader, privacy, structure and cells have passed; only then they are written
to `received/<sha256>`. `examine` imports neither pandas nor pyarrow nor duckdb.
"""

from __future__ import annotations

import datetime
import json
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from ingestion import card, privacy, receipts
from ingestion.cells import RawValue
from ingestion.conform import ConformedTable, Quarantined, conform, replaced_by
from ingestion.corrections import apply
from ingestion.findings import Finding, refuses
from ingestion.home import Home, read_verified, sha256_of, sha256_of_bytes, write_bytes
from ingestion.raw import column_types, rows_path, write_rows
from ingestion.reader import Workbook, read_workbook
from ingestion.receipts import Receipt
from ingestion.vocabulary import is_known
from languages.refusal import Refusal

_HIDING_PARTS = ("change_history", "embedded_content", "pivot_cache", "unknown_part")
_HIDING_KINDS = frozenset({"hidden_row", "hidden_column", "hidden_sheet", *_HIDING_PARTS})


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


@dataclass(frozen=True)
class LandedSubmission:
    """What landing one submission wrote.

    Args:
        submission: its name.
        sha256: hash of the received file.
        shape_rows: shape -> rows that landed.
        quarantined: rows that did not.
        corrections: correction -> rows that it changed.
        findings: flags of corrections that no longer fit.
    """

    submission: str
    sha256: str
    shape_rows: Mapping[str, int]
    quarantined: int
    corrections: Mapping[str, int] = field(default_factory=dict[str, int])
    findings: tuple[Finding, ...] = ()


def examine(data: bytes, file_name: str, source: str, *, today: datetime.date) -> Examination:
    """Return what would happen to a file; nothing is written.

    Args:
        data: its bytes.
        file_name: as the sender calls it; names the sheet of a csv.
        source: who sends it.
        today: a period after this day is in the future.

    Raises:
        Refusal: `unknown_source`. A bad file never raises: what is wrong with it stands in the findings.
    """
    sender = card.load_source(source)
    return _examine_workbook(read_workbook(data, file_name), sender, sha256_of_bytes(data), today)


def examine_any(data: bytes, file_name: str, *, today: datetime.date) -> tuple[str, Examination]:
    """Return the source whose card fits a file best, and the examination for it; the file is read once."""
    workbook, sha256 = read_workbook(data, file_name), sha256_of_bytes(data)
    tried = {name: _examine_workbook(workbook, card.load_source(name), sha256, today) for name in card.source_names()}
    best = min(tried, key=lambda name: (refuses(tried[name].findings), len(tried[name].findings)))
    return best, tried[best]


def receive(
    home: Home,
    source: str,
    path: Path,
    *,
    letter_date: datetime.date | None = None,
    letter_number: str = "",
    today: datetime.date | None = None,
) -> Receipt:
    """Examine a file, keep it if it is accepted, and return the receipt.

    A file that was accepted before from this source is `known`: the earlier receipt is returned and nothing written.
    Beyond the examination's findings a flag says what the file replaces (`replaces_period`), or that a file with a
    later letter is here already (`older_letter`).
    Of a refused file only its hash and the kinds of findings stay. If it lay in the home's inbox and was refused for
    privacy, it is removed; one refused for its structure is left where it was.

    Raises:
        Refusal: `unknown_source`, `upload_missing`, `receipts_broken`.
    """
    card.load_source(source)
    if not path.is_file():
        raise Refusal("upload_missing", where=str(path))
    day = today or datetime.datetime.now(tz=datetime.UTC).date()
    data = path.read_bytes()
    if earlier := _accepted_before(home, source, sha256_of_bytes(data)):
        return replace(earlier, verdict="known")
    examination = examine(data, path.name, source, today=day)
    findings = [*examination.findings, *_replacing(home, source, examination, letter_date or day)]
    receipt = Receipt(
        source=source,
        sha256=examination.sha256,
        file_suffix=receipts.suffix_of(path.name),
        verdict=examination.verdict,
        rows_in=examination.rows_in,
        rows_landed=examination.rows_landed,
        rows_quarantined=examination.rows_quarantined,
        kinds=dict(sorted(Counter(finding.kind for finding in findings).items())),
        periods=replaced_by(examination.tables),
        letter_date=letter_date.isoformat() if letter_date else "",
        letter_number=letter_number,
        received_at=day.isoformat(),
    )
    kept = _keep(home, receipt, data)
    if examination.is_personal and path.resolve().is_relative_to(home.inbox.resolve()):
        path.unlink()
    return replace(kept, findings=tuple(findings))


def land(home: Home, source: str) -> list[LandedSubmission]:
    """Land what was received from a source and has not been landed by these very cards and this code.

    Writes `raw/<shape>/source=…/submission=…/rows.parquet` for each shape with rows, then
    `quarantine/<submission>.jsonl`, whose first line says what was landed: a killed landing is repeated.

    Raises:
        Refusal: `bytes_changed` for a received file that is not what the receipt names; `received_refused` for those
            that today's rules refuse. They do not keep the other files from landing first.
    """
    rules = _rules_of(source)
    accepted = [receipt for receipt in receipts.read(home) if (receipt.source, receipt.verdict) == (source, "accepted")]
    landed: list[LandedSubmission] = []
    refused: list[Refusal] = []
    for receipt in accepted:
        if _is_landed(home, receipt, rules):
            continue
        try:
            landed.append(_land_one(home, receipt, rules))
        except Refusal as refusal:
            refused.append(refusal)
    if refused:
        raise _joined(refused)
    return landed


def landed_periods(home: Home, receipt: Receipt) -> Mapping[str, Mapping[str, int]]:
    """Return shape -> period -> landed rows, of all that a landed submission replaces; empty before it has landed."""
    path = _quarantine_path(home, receipt.submission)
    return _head_of(path).get("periods", {}) if path.exists() else {}


def _examine_workbook(workbook: Workbook, sender: card.SourceCard, sha256: str, today: datetime.date) -> Examination:
    """Examine what was read; whatever a bad file provokes is an answer, as in the guard."""
    try:
        return _judge_workbook(workbook, sender, sha256, today)
    except Refusal:
        raise  # a bad card, which is not the file's fault
    except Exception:
        return Examination("refused", sha256, [*workbook.findings, Finding("refuse", "unreadable")])


def _judge_workbook(workbook: Workbook, sender: card.SourceCard, sha256: str, today: datetime.date) -> Examination:
    findings = list(workbook.findings)
    if not refuses(findings):
        findings += privacy.inspect(workbook, public_contacts=sender.public_contacts, known_values=is_known)
    tables: list[ConformedTable] = []
    if not refuses(findings):
        tables, more = conform(workbook, sender, today)
        findings += more
    if refuses(findings):
        return Examination("refused", sha256, findings)
    return Examination("accepted", sha256, findings, tables)


def _accepted_before(home: Home, source: str, sha256: str) -> Receipt | None:
    known = (
        one for one in receipts.read(home) if (one.source, one.sha256, one.verdict) == (source, sha256, "accepted")
    )
    return next(known, None)


def _replacing(home: Home, source: str, examination: Examination, sent_date: datetime.date) -> Iterator[Finding]:
    """Yield for each period what an accepted file replaces of the files that counted before it."""
    earlier = [one for one in receipts.read(home) if (one.source, one.verdict) == (source, "accepted")]
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    older: set[str] = set()
    for shape, periods in replaced_by(examination.tables).items():
        for period, rows in periods.items():
            counted = [one for one in earlier if period in one.periods.get(shape, {})]
            if not counted:
                continue
            latest = max(counted, key=lambda one: one.order)
            if latest.sent_date > sent_date:
                older.add(period)
                continue
            before[period] += latest.periods[shape][period]
            after[period] += rows
    for period in sorted(before):
        arguments = {"period": period, "before": str(before[period]), "after": str(after[period])}
        yield Finding("flag", "replaces_period", arguments=arguments)
    for period in sorted(older):
        yield Finding("flag", "older_letter", arguments={"period": period})


def _keep(home: Home, receipt: Receipt, data: bytes) -> Receipt:
    """Write the bytes of an accepted file, then its receipt: a receipt never names a file that is not there."""
    with receipts.lock(home):
        if receipt.verdict == "accepted":
            if earlier := _accepted_before(home, receipt.source, receipt.sha256):
                return replace(earlier, verdict="known")
            write_bytes(home.received / receipt.sha256, data, mode=0o600)
        return receipts.append(home, receipt)


# Landing


def _joined(refused: Sequence[Refusal]) -> Refusal:
    """Return one refusal for several files; changed bytes come first, they are the graver news."""
    graver = [one for one in refused if one.code != "received_refused"]
    if graver:
        return graver[0]
    kinds = sorted({kind for one in refused for kind in str(one.arguments["kinds"]).split(", ")})
    return Refusal("received_refused", where=", ".join(one.where for one in refused), kinds=", ".join(kinds))


@dataclass
class _Landing:
    """The landing of one submission: what was written and what was kept out."""

    home: Home
    receipt: Receipt
    files: dict[str, str] = field(default_factory=dict[str, str])
    shape_rows: dict[str, int] = field(default_factory=dict[str, int])
    quarantined: list[Quarantined] = field(default_factory=list[Quarantined])
    corrections: dict[str, int] = field(default_factory=dict[str, int])
    findings: list[Finding] = field(default_factory=list[Finding])
    periods: dict[str, dict[str, int]] = field(default_factory=dict[str, dict[str, int]])

    def land_shape(self, shape: str, tables: list[ConformedTable]) -> None:
        """Write the rows of one shape, corrected; without rows there is no file."""
        path = rows_path(self.home, shape, self.receipt.source, self.receipt.submission)
        shutil.rmtree(path.parent, ignore_errors=True)  # an earlier landing under other rules
        columns = _columns_of(shape, tables)
        if columns is None:
            return
        corrected = apply(self.receipt.source, shape, self.receipt.submission, columns)
        dropped = {(sheet, row): "dropped_by_correction" for sheet, row, _ in corrected.dropped}
        for sheet, row in _outside(corrected.columns, {period for table in tables for period in table.scope}):
            dropped.setdefault((sheet, row), "period_outside_file")
        kept = _without(corrected.columns, set(dropped))
        self.quarantined += [Quarantined(sheet, row, f"A{row}", kind) for (sheet, row), kind in dropped.items()]
        rows = set(zip(kept["sheet"], kept["row_number"], kept["period"], strict=True))  # each may give many records
        counts = Counter(str(period) for _, _, period in rows)
        if shape in self.periods:
            self.periods[shape] = {period: counts[period] for period in self.periods[shape]}
        self.corrections |= corrected.uses
        self.findings += corrected.findings
        self.shape_rows[shape] = len({(sheet, row) for sheet, row, _ in rows})
        if kept["row_number"]:
            self.files[shape] = write_rows(path, column_types(shape), kept)

    def finish(self, rules: str) -> LandedSubmission:
        """Write the reasons of the rows kept out, behind a line that says what was landed by which rules."""
        count = len({(reason.sheet, reason.row_number) for reason in self.quarantined})
        head = {
            "rules": rules,
            "files": self.files,
            "shape_rows": self.shape_rows,
            "periods": self.periods,
            "quarantined": count,
            "corrections": self.corrections,
        }
        reasons = sorted(self.quarantined, key=lambda one: (one.sheet, one.row_number, one.cell, one.kind))
        lines = [json.dumps(line, ensure_ascii=False, sort_keys=True) for line in (head, *map(asdict, reasons))]
        write_bytes(_quarantine_path(self.home, self.receipt.submission), ("\n".join(lines) + "\n").encode("utf-8"))
        receipt, findings = self.receipt, tuple(self.findings)
        return LandedSubmission(receipt.submission, receipt.sha256, self.shape_rows, count, self.corrections, findings)


def _land_one(home: Home, receipt: Receipt, rules: str) -> LandedSubmission:
    data = read_verified(home.received / receipt.sha256, receipt.sha256)
    today = datetime.date.fromisoformat(receipt.received_at)
    # The name of a text file is not kept (it may hold a person's), so its sheet is always called the same.
    examination = examine(data, f"file{receipt.file_suffix}", receipt.source, today=today)
    if examination.verdict == "refused":
        kinds = sorted({finding.kind for finding in examination.findings if finding.severity == "refuse"})
        raise Refusal("received_refused", where=receipt.submission, kinds=", ".join(kinds))
    landing = _Landing(home, receipt, periods=replaced_by(examination.tables))
    landing.quarantined += [reason for table in examination.tables for reason in table.quarantined]
    for shape in card.shape_names():
        landing.land_shape(shape, examination.tables)
    return landing.finish(rules)


def _columns_of(shape: str, tables: list[ConformedTable]) -> dict[str, list[RawValue]] | None:
    """Return the records of all tables of a shape, sorted by sheet and row; None if the file has no such table."""
    own = [table for table in tables if table.shape == shape]
    if not own:
        return None
    joined = {name: [value for table in own for value in table.columns[name]] for name in column_types(shape)}
    order = sorted(range(len(joined["sheet"])), key=lambda place: (joined["sheet"][place], joined["row_number"][place]))
    return {name: [values[place] for place in order] for name, values in joined.items()}


def _outside(columns: Mapping[str, list[RawValue]], scope: set[str]) -> Iterator[tuple[str, int]]:
    """Yield the rows that a correction moved out of the file's periods."""
    for sheet, row, period in zip(columns["sheet"], columns["row_number"], columns["period"], strict=True):
        if str(period) not in scope:
            yield str(sheet), int(str(row))


def _without(columns: Mapping[str, list[RawValue]], dropped: set[tuple[str, int]]) -> dict[str, list[RawValue]]:
    places = list(zip(columns["sheet"], columns["row_number"], strict=True))
    keep = [place for place, key in enumerate(places) if key not in dropped]
    return {name: [values[place] for place in keep] for name, values in columns.items()}


def _is_landed(home: Home, receipt: Receipt, rules: str) -> bool:
    """Return whether the submission was landed to its end by these rules and its rows are as they were written."""
    path = _quarantine_path(home, receipt.submission)
    if not path.exists() or (head := _head_of(path))["rules"] != rules:
        return False
    files = {rows_path(home, shape, receipt.source, receipt.submission): sha for shape, sha in head["files"].items()}
    return all(file.exists() and sha256_of(file) == sha256 for file, sha256 in files.items())


def _head_of(path: Path) -> dict[str, Any]:
    """Return what the first line of a quarantine file says was landed."""
    with path.open(encoding="utf-8") as stream:
        return json.loads(stream.readline())


def _quarantine_path(home: Home, submission: str) -> Path:
    return home.quarantine / f"{submission}.jsonl"


@cache
def _rules_of(source: str) -> str:
    """Return the fingerprint of all that decides how a file of this source lands: code, shapes, code lists, card."""
    folder = card.FOLDER
    files = [*folder.glob("*.py"), *folder.glob("*.txt"), *(folder / "shapes").glob("*.yml")]
    files += [*(folder / "codes").glob("*.yml"), *(folder / "sources" / source).glob("*.yml")]
    lines = [f"{path.relative_to(folder).as_posix()} {sha256_of(path)}" for path in sorted(files)]
    return sha256_of_bytes("\n".join(lines).encode("utf-8"))
