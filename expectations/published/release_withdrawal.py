"""Withdrawing a release that is out: the line that says so, the tombstone, the pointer; the ledger keeps the cells.

Belongs here: the hash-chained log of withdrawals, carrying one through, and finishing what a killed process left.
Does not belong here: the tombstone's files (`tombstone.py`), taking a sender's file back
(`ingestion/submissions/submission_withdrawal.py`).

    ledger/withdrawn.jsonl    one line a withdrawal; the line is the act of withdrawing

What was out stays known to whoever has it. So its cells stay in the ledger, every later release is protected against
them, the same bytes never come out again under the same card, and `latest` points to a later release or to none.
"""

from __future__ import annotations

import datetime
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from expectations.cards.cells import parquet_bytes, text_hash
from expectations.cards.dataset_card import load_dataset
from expectations.cards.note_languages import voices
from expectations.published import ledger, tombstone
from expectations.published.release_formats import is_older
from ingestion.home import Home, read_verified, sha256_of_bytes, write_bytes
from ingestion.submissions.submission_withdrawal import checked_reason
from ingestion.text.folding import nearest_or_all
from languages.refusal import Refusal


@dataclass(frozen=True)
class Withdrawal:
    """One line of the log.

    Attributes:
        order: 1, 2, 3, … over all datasets.
        manifest_sha256: of the release, as the ledger names it.
        data_sha256: of its `data.parquet`; these bytes do not come out again under the same card.
        date: the day, `2026-03-01`.
        reason: in the words of who signed; public, names no person.
        signed_by: a section or role.
        previous: hash of the line before.
    """

    order: int
    dataset: str
    version: str
    manifest_sha256: str
    data_sha256: str
    card_sha256: str
    date: str
    reason: str
    signed_by: str
    previous: str

    @property
    def place(self) -> tuple[str, str]:
        """The dataset and version that were withdrawn."""
        return self.dataset, self.version

    @property
    def line(self) -> str:
        """The withdrawal as it stands in the log."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)

    @property
    def facts(self) -> dict[str, str]:
        """What the tombstone tells."""
        names = {"dataset": self.dataset, "version": self.version, "withdrawn": self.date}
        return {**names, "reason": self.reason, "signed_by": self.signed_by}


def read(home: Home) -> list[Withdrawal]:
    """Return the log, oldest first.

    Raises:
        Refusal: `ledger_broken`, naming the line where the chain does not hold, that is torn, or that withdraws what
            the ledger does not know.
    """
    path = home.ledger / "withdrawn.jsonl"
    if not path.exists():
        return []
    out = {(entry.dataset, entry.version): entry.manifest_sha256 for entry in ledger.entries(home)}
    found: list[Withdrawal] = []
    *lines, rest = path.read_bytes().decode("utf-8", errors="replace").split("\n")
    for number, line in enumerate([*lines, rest] if rest else lines, start=1):
        one = _parsed(line)
        if one is None or one.order != number or one.previous != (text_hash(found[-1].line) if found else ""):
            raise Refusal("ledger_broken", where=path.name, line=number)
        if out.get((one.dataset, one.version)) != one.manifest_sha256:
            raise Refusal("ledger_broken", where=path.name, line=number)
        found.append(one)
    return found


def withdrawn(home: Home, dataset: str) -> dict[str, Withdrawal]:
    """Return the withdrawals of a dataset by version, oldest first."""
    return {one.version: one for one in read(home) if one.dataset == dataset}


def corrected(home: Home, dataset: str) -> list[Withdrawal]:
    """Return the withdrawals that the next release of a dataset corrects: of all versions since one that stands."""
    gone = withdrawn(home, dataset)
    found: list[Withdrawal] = []
    for entry in reversed(ledger.entries(home, dataset)):
        if entry.version not in gone:
            break
        found.insert(0, gone[entry.version])
    return found


def are_withdrawn_bytes(home: Home, dataset: str, data_sha256: str, card_sha256: str) -> bool:
    """Return whether these bytes were withdrawn under this card: they do not come out again.

    The same figures under the names of an older format are the same bytes here, whatever the card: a card names columns
    too, and new names are no reason to let a withdrawn release out again.
    """
    gone = withdrawn(home, dataset)
    if (data_sha256, card_sha256) in {(one.data_sha256, one.card_sha256) for one in gone.values()}:
        return True
    columns = load_dataset(dataset).columns if gone else []
    out = [
        entry for entry in ledger.entries(home, dataset) if entry.version in gone and _is_of_older_format(home, entry)
    ]
    return any(sha256_of_bytes(parquet_bytes(ledger.cells_of(home, one).loc[:, columns])) == data_sha256 for one in out)


def _is_of_older_format(home: Home, entry: ledger.LedgerEntry) -> bool:
    path = home.releases / entry.dataset / entry.version / "manifest.json"
    return path.exists() and is_older(json.loads(path.read_bytes()))


def withdraw(
    home: Home, dataset: str, version: str, *, reason: str, signed_by: str, today: datetime.date | None = None
) -> Withdrawal:
    """Withdraw one version of a dataset for good and return the line that says so.

    The line comes first: whatever a killed process leaves is finished by the next command that touches releases.

    Raises:
        Refusal: `dataset_unknown`, `version_unknown` with the nearest one, `version_withdrawn` for one that is so
            already, `reason_missing`, `reason_personal`, `lock_held`, `ledger_broken`.
    """
    load_dataset(dataset)
    checked_reason(reason, signed_by)
    day = today or datetime.datetime.now(tz=datetime.UTC).date()
    with home.lock("marsad releases withdraw"):
        finish(home)
        known = {entry.version: entry for entry in ledger.entries(home, dataset)}
        if version not in known:
            raise Refusal("version_unknown", where=version, nearest=nearest_or_all(version, known))
        earlier = withdrawn(home, dataset)
        if version in earlier:
            raise Refusal("version_withdrawn", where=version, date=earlier[version].date)
        one = _line(home, known[version], reason, signed_by, day)
        lines = [*(found.line for found in read(home)), one.line]
        write_bytes(home.ledger / "withdrawn.jsonl", ("\n".join(lines) + "\n").encode("utf-8"))
        finish(home)
    return one


def finish(home: Home) -> None:
    """Put the tombstones that are missing, and take away pointers to withdrawn versions.

    Raises:
        Refusal: `ledger_broken` for a tombstone that the log does not know: the log was lost.
    """
    known = {(one.dataset, one.version): one for one in read(home)}
    for path in sorted(home.releases.glob(f"*/*/{tombstone.NAME}")):
        if (path.parent.parent.name, path.parent.name) not in known:
            raise Refusal("ledger_broken", where=f"{path.parent.parent.name}/{path.parent.name}", line=len(known) + 1)
    for (dataset, version), one in known.items():
        pointer = home.releases / dataset / "latest"
        if pointer.exists() and pointer.read_text(encoding="utf-8").strip() == version:
            pointer.unlink()
        folder = home.releases / dataset / version
        if (folder / "manifest.json").exists() and not tombstone.is_whole(folder):
            tombstone.put(folder, one.facts, voices())


def pages_of(home: Home, version: str) -> list[Path]:
    """Return the front pages of the reports in this house that were made from a version: each is to be taken off."""
    return sorted(
        path for path in home.reports.glob("*/[!.]*/index.html") if version in path.parents[1].name.split("_")
    )


def _line(home: Home, entry: ledger.LedgerEntry, reason: str, signed_by: str, day: datetime.date) -> Withdrawal:
    path = home.releases / entry.dataset / entry.version / "manifest.json"
    manifest = json.loads(read_verified(path, entry.manifest_sha256))
    lines = read(home)
    return Withdrawal(
        order=len(lines) + 1,
        dataset=entry.dataset,
        version=entry.version,
        manifest_sha256=entry.manifest_sha256,
        data_sha256=manifest["files"]["data.parquet"],
        card_sha256=manifest["card_sha256"],
        date=day.isoformat(),
        reason=reason.strip(),
        signed_by=signed_by.strip(),
        previous=text_hash(lines[-1].line) if lines else "",
    )


def _parsed(line: str) -> Withdrawal | None:
    try:
        return Withdrawal(**json.loads(line))
    except (ValueError, TypeError):
        return None
