"""Releases: immutable copies of exactly the bytes that a passing verdict names, with what a reader needs to use them.

Belongs here: assembling a release folder, and publishing it in an order that a killed process cannot spoil.
Does not belong here: any judgement about the figures (`verdicts.py`), the words (`release_notes.py`), the list of
releases (`release_listing.py`).

    releases/<dataset>/<sequence>-<12 hex of the manifest hash>/   data, data package, notes, verdict, manifest
    releases/<dataset>/latest                                      the version that readers take; read it once

Writing the line in the ledger publishes a release. Before it a folder is a draft that the next release removes; after
it, only the pointer may be behind, and the next release corrects it. A withdrawn version keeps a tombstone
(`release_withdrawal.py`).
"""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from expectations.candidates import lineage
from expectations.cards.adopted_standards import hash_of_standards
from expectations.cards.cells import LATE_CASES, read_parquet
from expectations.cards.dataset_card import load_dataset
from expectations.cards.indicator_card import indicators_of
from expectations.cards.note_languages import NoteLanguage, voices
from expectations.gate.mandatory_rules import frame_equals_csv
from expectations.gate.row_rules import rounded_to_base
from expectations.gate.stored_verdict import Verdict, verdict_path
from expectations.gate.text_in_files import refuse_hidden
from expectations.gate.waivers import used_waivers
from expectations.protection.protect_datasets import FINAL_FILES, final_bytes, key_check, last_report
from expectations.published import ledger, unlisted_versions
from expectations.published.release_log import ReleaseLog
from expectations.published.release_withdrawal import are_withdrawn_bytes, finish
from expectations.releases.carried_standards import CarriedStandards, carry
from expectations.releases.release_difference import ReleaseDifference, compare
from expectations.releases.release_draft import ReleaseDraft, describe_standards, release_files
from expectations.releases.release_listing import ReleaseRecord, latest, record_of
from ingestion.home import Home, read_verified, sha256_of_bytes, write_bytes, write_folder
from ingestion.seals import read_sealed
from ingestion.storage import parse_json
from languages.refusal import Refusal


def publish(
    home: Home, dataset: str, speakers: Sequence[NoteLanguage] | None = None, today: datetime.date | None = None
) -> ReleaseRecord | None:
    """Release the final bytes of `dataset` if the verdict about exactly these bytes passes.

    Args:
        home: a data home with a verdict; the caller holds the lock.
        dataset: name of the dataset.
        speakers: the languages of the notes; by default all with a catalogue.
        today: a waiver that the verdict used must still be in force on this day, and a standard adopted before it.

    Returns:
        The release, or None if the last release holds the same bytes under the same card and standards, or a withdrawn
        one does (`is_withdrawn`): they are not released again.

    Raises:
        Refusal: `verdict_missing`, `verdict_failed` (naming the reasons), `verdict_stale` (card, standards or last
            release are not those the gate saw), `waiver_expired`, `seal_broken`, `bytes_changed`, `files_disagree`,
            `rounding_broken`, `message_missing`, `output_hides`, `ledger_broken`; those of `carried_standards.carry`.
    """
    log = sweep(home)
    verdict, verdict_bytes = _read_passing_verdict(home, dataset)
    card = load_dataset(dataset)
    if (verdict.card_sha256, verdict.suite_sha256) != (card.sha256, card.suite_sha256):
        raise Refusal("verdict_stale", where=dataset)
    folder = home.candidates / dataset / "final"
    files = {name: read_verified(folder / name, verdict.files[name]) for name in FINAL_FILES}
    today = today or datetime.datetime.now(tz=datetime.UTC).date()
    standards = carry(home, log, dataset, today)
    if _is_out_already(latest(home, dataset, log), verdict, standards) or is_withdrawn(home, log, verdict):
        return None
    _check_waivers(verdict, today)
    if verdict.previous != log.last_version(dataset):
        raise Refusal("verdict_stale", where=dataset)
    if dataset == ledger.NATIONAL and verdict.standards_sha256 != hash_of_standards(home):
        raise Refusal("verdict_stale", where=dataset)
    protection = last_report(home)
    if dict(protection.files[dataset]) != dict(verdict.files):
        raise Refusal("bytes_changed", where=str(folder))
    frame, own = read_parquet(files["data.parquet"]), indicators_of(home, dataset)
    _read_back(dataset, frame, files["data.csv"])
    draft = ReleaseDraft(home, log, card, verdict, verdict_bytes, files, frame, own, protection, standards)
    files_of = release_files(draft, speakers or voices())
    refuse_hidden(files_of)
    return _make_public(draft, files_of)


def is_withdrawn(home: Home, log: ReleaseLog, verdict: Verdict) -> bool:
    """Return whether the bytes of a verdict were published and withdrawn: they must change before they are released."""
    return are_withdrawn_bytes(log, verdict.dataset, verdict.files["data.parquet"], verdict.card_sha256)


def withdrawn_notices(home: Home, log: ReleaseLog, verdicts: Iterable[Verdict]) -> list[Refusal]:
    """Return the notices after a build about datasets that stay withdrawn because their figures are the same.

    Args:
        home: a data home with the final bytes that the verdicts are about.
        log: the releases and withdrawals of this home.
        verdicts: the last verdicts, at most one per dataset.
    """
    notices: list[Refusal] = []
    for verdict in verdicts:
        gone = list(log.withdrawals_of(verdict.dataset).values())
        if gone and is_withdrawn(home, log, verdict):
            withdrawal = {"version": gone[-1].version, "date": gone[-1].date}
            notices.append(Refusal("release_withdrawn", where=verdict.dataset, least=LATE_CASES, **withdrawal))
    return notices


def difference(home: Home, dataset: str, log: ReleaseLog | None = None) -> ReleaseDifference:
    """Return how the next release would differ from the last one. Refuses `file_missing` before protection."""
    final = read_parquet(final_bytes(home, dataset)["data.parquet"])
    return compare(ledger.read_last_cells(home, (log or ReleaseLog.read_log(home)).releases_of(dataset)), final)


def sweep(home: Home) -> ReleaseLog:
    """Remove what a killed release left behind, and correct pointers.

    These are hidden folders, and at most one version over all datasets.

    Returns:
        The logs as read for it: sweeping changes neither, only the head of the ledger.

    Raises:
        Refusal: `ledger_broken` as `unlisted_versions.list_versions`: the ledger was lost, and nothing is removed.
    """
    log = ReleaseLog.read_log(home)
    for name, drafts in unlisted_versions.list_versions(home, log).items():
        for path in [*(home.releases / name).glob(".*.tmp"), *unlisted_versions.paths_of(home, name, drafts)]:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        last = log.last_version(name)
        if last and (home.releases / name).is_dir() and last not in log.withdrawals_of(name):
            point(home.releases / name, last)
    finish(home, log)
    ledger.repair_head(home, log.entries)
    return log


def _read_passing_verdict(home: Home, dataset: str) -> tuple[Verdict, bytes]:
    path = verdict_path(home, dataset)
    if not path.exists():
        raise Refusal("verdict_missing", where=dataset)
    data = read_sealed(home, path)
    verdict = Verdict.from_bytes(data)
    if not verdict.passed:
        raise Refusal("verdict_failed", where=dataset, reasons=", ".join(verdict.reasons))
    return verdict, data


def _check_waivers(verdict: Verdict, today: datetime.date) -> None:
    """Refuse a verdict whose waivers differ from those in the file, or are not in force on this day."""
    for waiver in verdict.waived:
        if waiver.expires < today.isoformat():
            raise Refusal("waiver_expired", where=verdict.dataset, rule=waiver.rule, expires=waiver.expires)
    if verdict.waived != used_waivers(verdict.dataset, verdict.rules, today):
        raise Refusal("verdict_stale", where=verdict.dataset)


def _read_back(dataset: str, frame: pd.DataFrame, csv: bytes) -> None:
    """Refuse bytes that no gate can have passed, whatever verdict accompanies them."""
    if not frame_equals_csv(frame, csv):
        raise Refusal("files_disagree", where=f"{dataset}/data.csv")
    if count := int((~rounded_to_base(frame)).sum()):
        raise Refusal("rounding_broken", where=f"{dataset}/data.parquet", count=count)


def _is_out_already(newest: ReleaseRecord | None, verdict: Verdict, standards: CarriedStandards) -> bool:
    if newest is None:
        return False
    manifest = parse_json((newest.path / "manifest.json").read_bytes())
    same_bytes = all(manifest["files"][name] == verdict.files[name] for name in FINAL_FILES)
    same_standards = manifest.get("standards", {}) == describe_standards(standards).get("standards", {})
    return same_bytes and same_standards and manifest["card_sha256"] == verdict.card_sha256


def _make_public(draft: ReleaseDraft, content: Mapping[str, bytes]) -> ReleaseRecord:
    """Write lineage and ledger files, then the folder, then the line, then the pointer."""
    home, dataset = draft.home, draft.card.name
    manifest_sha256 = sha256_of_bytes(content["manifest.json"])
    version = f"{draft.sequence:06d}-{manifest_sha256[:12]}"
    lineage_sha256 = lineage.keep(home, dataset, list(draft.indicators), draft.frozen, version)
    cells_sha256, sealed_sha256 = ledger.store(home, dataset, version, draft.frame, draft.sealed)
    write_folder(home.releases / dataset / version, content)
    hashes = {
        "manifest_sha256": manifest_sha256,
        "cells_sha256": cells_sha256,
        "sealed_sha256": sealed_sha256,
        "lineage_sha256": lineage_sha256,
        "key_check": key_check(home),
    }
    ledger.append(home, ledger.next_entry(home, dataset, version, **hashes))
    point(home.releases / dataset, version)
    return record_of(home, dataset, version)


def point(folder: Path, version: str) -> None:
    """Make `latest` in the folder of a dataset name a version; written only if it names another."""
    pointer = folder / "latest"
    if not pointer.exists() or pointer.read_text(encoding="utf-8").strip() != version:
        write_bytes(pointer, f"{version}\n".encode())
