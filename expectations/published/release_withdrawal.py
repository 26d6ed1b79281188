"""Withdraw a published release: the log line, the tombstone, the pointer; the ledger keeps the cells.

Belongs here: carrying out a withdrawal, and completing what a killed process left unfinished.
Does not belong here: the log of withdrawals (`release_log.py`), the tombstone's files (`tombstone.py`), withdrawing a
sender's file (`ingestion/submissions/submission_withdrawal.py`).

Whoever has a published release still knows it. So its cells stay in the ledger, every later release is protected
against them, the same bytes are never released again under the same card, and `latest` points to a later release or to
none.
"""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

from expectations.cards.cells import text_hash
from expectations.cards.dataset_card import load_dataset
from expectations.cards.note_languages import voices
from expectations.published import ledger, published_estimates, report_versions, tombstone
from expectations.published.release_log import ReleaseLog, Withdrawal, path_of
from ingestion.home import Home, read_verified, sha256_of_bytes, write_bytes
from ingestion.storage import parse_json
from ingestion.submissions.submission_withdrawal import checked_reason
from ingestion.text.folding import nearest_word_or_all
from languages.refusal import Refusal


def are_withdrawn_bytes(log: ReleaseLog, dataset: str, data_sha256: str, card_sha256: str) -> bool:
    """Return whether these bytes were withdrawn under this card: they are not released again."""
    gone = log.withdrawals_of(dataset).values()
    return (data_sha256, card_sha256) in {(withdrawal.data_sha256, withdrawal.card_sha256) for withdrawal in gone}


def withdraw(
    home: Home, dataset: str, version: str, *, reason: str, signed_by: str, today: datetime.date | None = None
) -> Withdrawal:
    """Withdraw one version of a dataset or of an estimate for good, and return its line; the caller holds the lock.

    The line is written first: whatever a killed process leaves is completed by the next command that touches releases.

    Raises:
        Refusal: `dataset_unknown`, `version_unknown` with the nearest one, `version_withdrawn` if it already is,
            `reason_missing`, `ledger_broken`.
    """
    if dataset not in ledger.ESTIMATES:  # estimates have no card
        load_dataset(dataset)
    checked_reason(reason, signed_by)
    day = today or datetime.datetime.now(tz=datetime.UTC).date()
    log = ReleaseLog.read_log(home)
    finish(home, log)
    withdrawal = _next_withdrawal(
        home,
        log,
        refuse_unknown(log, dataset, version),
        reason=reason.strip(),
        signed_by=signed_by.strip(),
        date=day.isoformat(),
    )
    log = replace(log, withdrawals=(*log.withdrawals, withdrawal))
    write_bytes(path_of(home), "".join(f"{logged.line}\n" for logged in log.withdrawals).encode("utf-8"))
    finish(home, log)
    return withdrawal


def refuse_unknown(log: ReleaseLog, dataset: str, version: str) -> ledger.LedgerEntry:
    """Return the line of a version that stands; refuse one that was never released, or that was withdrawn.

    Raises:
        Refusal: `version_unknown` with the nearest one, `version_withdrawn`.
    """
    known = {entry.version: entry for entry in log.releases_of(dataset)}
    if version not in known:
        raise Refusal("version_unknown", where=version, nearest=nearest_word_or_all(version, known))
    earlier = log.withdrawals_of(dataset)
    if version in earlier:
        raise Refusal("version_withdrawn", where=version, date=earlier[version].date)
    return known[version]


def withdrawal_hashes(
    home: Home, dataset: str, version: str, *, reason: str, signed_by: str, day: str
) -> dict[str, str]:
    """Return what an act that withdraws a release is about, path -> SHA-256: its manifest, and the tombstone to come.

    Raises:
        Refusal: as `refuse_unknown`; `file_missing`, `bytes_changed` for the manifest.
    """
    entry = refuse_unknown(ReleaseLog.read_log(home), dataset, version)
    folder = home.releases / dataset / version
    read_verified(folder / "manifest.json", entry.manifest_sha256)
    facts = {"dataset": dataset, "version": version, "withdrawn": day, "reason": reason, "signed_by": signed_by}
    name = tombstone.NAME
    buried = sha256_of_bytes(tombstone.tombstone_files(folder, facts, voices())[name])
    place = f"{home.releases.name}/{dataset}/{version}"
    return {f"{place}/manifest.json": entry.manifest_sha256, f"{place}/{name}": buried}


def finish(home: Home, log: ReleaseLog) -> None:
    """Write missing tombstones, and remove pointers to withdrawn versions.

    Raises:
        Refusal: `ledger_broken` for a tombstone that is not in the log: the log was lost.
    """
    known = {logged.place: logged for logged in log.withdrawals}
    for path in sorted(home.releases.glob(f"*/*/{tombstone.NAME}")):
        if (path.parent.parent.name, path.parent.name) not in known:
            raise Refusal("ledger_broken", where=f"{path.parent.parent.name}/{path.parent.name}", line=len(known) + 1)
    for (dataset, version), withdrawal in known.items():
        pointer = home.releases / dataset / "latest"
        if pointer.exists() and pointer.read_text(encoding="utf-8").strip() == version:
            pointer.unlink()
        folder = home.releases / dataset / version
        if (folder / "manifest.json").exists() and not tombstone.is_whole(folder):
            tombstone.replace_by_tombstone(folder, withdrawal.facts, voices())


def data_of(dataset: str) -> str:
    """Return the name of the file that holds a release's figures."""
    files = {kind.dataset: kind.file for kind in published_estimates.KINDS}
    return files.get(dataset, "data.parquet")


def has_hashes_of_release(home: Home, withdrawal: Withdrawal) -> bool:
    """Return whether a line of the log has the hashes by which these figures are never released again."""
    path = home.releases / withdrawal.dataset / withdrawal.version / "manifest.json"
    try:
        manifest = parse_json(read_verified(path, withdrawal.manifest_sha256))
    except Refusal:
        return False
    hashes = manifest["files"][data_of(withdrawal.dataset)], manifest.get("card_sha256", "")
    return hashes == (withdrawal.data_sha256, withdrawal.card_sha256)


def pages_of(home: Home, version: str) -> list[Path]:
    """Return the front pages of this home's reports that were made from a version: each must be taken offline."""
    pages = home.reports.glob("*/[!.]*/index.html")
    return sorted(path for path in pages if report_versions.names(path.parents[1], version))


def _next_withdrawal(home: Home, log: ReleaseLog, entry: ledger.LedgerEntry, **signature: str) -> Withdrawal:
    path = home.releases / entry.dataset / entry.version / "manifest.json"
    manifest = parse_json(read_verified(path, entry.manifest_sha256))
    return Withdrawal(
        order=len(log.withdrawals) + 1,
        dataset=entry.dataset,
        version=entry.version,
        manifest_sha256=entry.manifest_sha256,
        data_sha256=manifest["files"][data_of(entry.dataset)],
        card_sha256=manifest.get("card_sha256", ""),
        previous=text_hash(log.withdrawals[-1].line) if log.withdrawals else "",
        **signature,
    )
