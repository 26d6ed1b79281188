"""Both logs, read together and once: the releases, and the withdrawals of some of them.

Belongs here: one line of the log of withdrawals, checking that log against the ledger, and queries on both.
Does not belong here: the ledger's own lines and files (`ledger.py`), or withdrawing (`release_withdrawal.py`).

    ledger/withdrawn.jsonl    one line per withdrawal; writing the line withdraws the release
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from expectations.cards.cells import text_hash
from expectations.published import ledger
from ingestion.home import Home
from ingestion.storage import parse_json
from languages.refusal import Refusal


@dataclass(frozen=True)
class Withdrawal:
    """One line of the log of withdrawals.

    Attributes:
        order: 1, 2, 3, … over all datasets.
        manifest_sha256: hash of the release's manifest, as in the ledger.
        data_sha256: hash of the file of its figures; these bytes are not released again under the same card.
        date: the day, `2026-03-01`.
        reason: in the signer's words; public, names no person.
        signed_by: a section or role.
        previous: hash of the previous line.
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
        """The withdrawal as a line of the log."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)

    @property
    def facts(self) -> dict[str, str]:
        """The facts for the tombstone."""
        names = {"dataset": self.dataset, "version": self.version, "withdrawn": self.date}
        return {**names, "reason": self.reason, "signed_by": self.signed_by}


@dataclass(frozen=True)
class ReleaseLog:
    """The releases and withdrawals, as of when the logs were read. A command reads them once and passes them on.

    Attributes:
        entries: every line of the ledger, oldest first.
        withdrawals: every withdrawal, oldest first.
    """

    entries: tuple[ledger.LedgerEntry, ...]
    withdrawals: tuple[Withdrawal, ...]

    @classmethod
    def read_log(cls, home: Home) -> ReleaseLog:
        """Return the logs of a home.

        Raises:
            Refusal: `ledger_broken`, naming the line at which a chain breaks, that is torn, or that withdraws a release
                unknown to the ledger.
        """
        entries = ledger.entries(home)
        return cls(tuple(entries), tuple(_withdrawals(path_of(home), entries)))

    def releases_of(self, dataset: str) -> list[ledger.LedgerEntry]:
        """Return the releases of a dataset, oldest first, including withdrawn ones."""
        return [entry for entry in self.entries if entry.dataset == dataset]

    def last_version(self, dataset: str) -> str:
        """Return the last published version of a dataset; empty before the first.

        It may have been withdrawn since.
        """
        own = self.releases_of(dataset)
        return own[-1].version if own else ""

    def withdrawals_of(self, dataset: str) -> dict[str, Withdrawal]:
        """Return the withdrawals of a dataset by version, oldest first."""
        return {withdrawal.version: withdrawal for withdrawal in self.withdrawals if withdrawal.dataset == dataset}

    def corrected_withdrawals(self, dataset: str) -> list[Withdrawal]:
        """Return the withdrawals that a dataset's next release corrects: all since its last version still published."""
        gone, withdrawals = self.withdrawals_of(dataset), list[Withdrawal]()
        for entry in reversed(self.releases_of(dataset)):
            if entry.version not in gone:
                break
            withdrawals.insert(0, gone[entry.version])
        return withdrawals

    @property
    def withdrawn_places(self) -> set[tuple[str, str]]:
        """Return dataset and version of everything that was withdrawn."""
        return {withdrawal.place for withdrawal in self.withdrawals}


def path_of(home: Home) -> Path:
    """Return the path of the log of withdrawals."""
    return home.ledger / "withdrawn.jsonl"


def _withdrawals(path: Path, entries: Sequence[ledger.LedgerEntry]) -> list[Withdrawal]:
    out = {(entry.dataset, entry.version): entry.manifest_sha256 for entry in entries}
    withdrawals: list[Withdrawal] = []
    *lines, rest = path.read_bytes().decode("utf-8", errors="replace").split("\n") if path.exists() else [""]
    for number, line in enumerate([*lines, rest] if rest else lines, start=1):
        withdrawal = _parse_withdrawal(line)
        if (
            withdrawal is None
            or withdrawal.order != number
            or withdrawal.previous != (text_hash(withdrawals[-1].line) if withdrawals else "")
        ):
            raise Refusal("ledger_broken", where=path.name, line=number)
        if out.get(withdrawal.place) != withdrawal.manifest_sha256:
            raise Refusal("ledger_broken", where=path.name, line=number)
        withdrawals.append(withdrawal)
    return withdrawals


def _parse_withdrawal(line: str) -> Withdrawal | None:
    try:
        return Withdrawal(**parse_json(line))
    except (ValueError, TypeError):
        return None
