"""Releases: copies of exactly the bytes that a passing verdict names, with what a reader needs beside them; immutable.

Belongs here: assembling a release folder, making it public in an order that a killed process cannot spoil, listing and
verifying what is out.
Does not belong here: any judgement about the figures (`verdicts.py`), the words (`release_notes.py`), reading for a
report.

    releases/<dataset>/<sequence>-<12 hex of the manifest hash>/   data, data package, notes, verdict, manifest
    releases/<dataset>/latest                                      the version that readers take; read it once

The line in the ledger is the act of publishing. Before it a folder is a draft that the next release sweeps away; after
it, only the pointer may be behind, and is put right by the next release. A withdrawn version keeps a tombstone
(`release_withdrawal.py`).
"""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from expectations.candidates import lineage
from expectations.cards.cells import read_parquet
from expectations.cards.dataset_card import dataset_names, load_dataset
from expectations.cards.indicator_card import indicators_of
from expectations.cards.note_languages import NoteLanguage, voices
from expectations.gate.mandatory_rules import agree
from expectations.gate.row_rules import rounded_to_base
from expectations.gate.text_in_files import refuse_hidden
from expectations.gate.verdicts import Verdict, verdict_path
from expectations.gate.waivers import used
from expectations.protection.constraint_systems import LATE_CASES
from expectations.protection.protect_datasets import FINAL_FILES, final_bytes, key_check, last_report
from expectations.published import estimate_folders, ledger, unlisted_versions
from expectations.published.release_log import ReleaseLog
from expectations.published.release_withdrawal import are_withdrawn_bytes, data_of, finish
from expectations.releases.release_difference import ReleaseDifference, compare
from expectations.releases.release_draft import ReleaseDraft, content
from expectations.releases.verification import verify
from ingestion.home import Home, read_verified, sha256_of_bytes, write_bytes, write_folder
from ingestion.seals import read_sealed
from ingestion.storage import parse_json
from languages.refusal import Refusal


@dataclass(frozen=True)
class ReleaseRecord:
    """A release that is out: `sha256` is that of its `data.parquet`, `path` its folder."""

    dataset: str
    version: str
    sequence: int
    sha256: str
    manifest_sha256: str
    rows: int
    path: Path


def publish(
    home: Home, dataset: str, speakers: Sequence[NoteLanguage] | None = None, today: datetime.date | None = None
) -> ReleaseRecord | None:
    """Release the final bytes of `dataset` if the verdict about exactly these bytes passes.

    Args:
        home: with a verdict; the caller holds the lock.
        dataset: its name.
        speakers: the languages of the notes; all that have a catalogue, if left out.
        today: a waiver that the verdict used must still count on this day.

    Returns:
        The release, or None if the last release holds the same bytes under the same card, or one that was withdrawn
        does (`is_withdrawn`): they do not come out again.

    Raises:
        Refusal: `verdict_missing`, `verdict_failed` (naming the reasons), `verdict_stale` (card or last release are not
            those the gate saw, or a custom table was answered since), `waiver_expired`, `seal_broken`, `bytes_changed`,
            `files_disagree`, `rounding_broken`,
            `message_missing`, `output_hides`, `ledger_broken`.
    """
    log = sweep(home)
    verdict, verdict_bytes = _passing_verdict(home, dataset)
    card = load_dataset(dataset)
    if (verdict.card_sha256, verdict.suite_sha256) != (card.sha256, card.suite_sha256):
        raise Refusal("verdict_stale", where=dataset)
    folder = home.candidates / dataset / "final"
    files = {name: read_verified(folder / name, verdict.files[name]) for name in FINAL_FILES}
    if _is_out_already(latest(home, dataset, log), verdict) or is_withdrawn(home, log, verdict):
        return None
    _check_waivers(verdict, today or datetime.datetime.now(tz=datetime.UTC).date())
    if (verdict.previous, verdict.answered) != (log.last_version(dataset), log.last_version(ledger.CUSTOM)):
        raise Refusal("verdict_stale", where=dataset)
    protection = last_report(home)
    if dict(protection.files[dataset]) != dict(verdict.files):
        raise Refusal("bytes_changed", where=str(folder))
    frame, own = read_parquet(files["data.parquet"]), indicators_of(home, dataset)
    _read_back(dataset, frame, files["data.csv"])
    draft = ReleaseDraft(home, log, card, verdict, verdict_bytes, files, frame, own, protection)
    files_of = content(draft, speakers or voices())
    refuse_hidden(files_of)
    return _make_public(draft, files_of)


def latest(home: Home, dataset: str, log: ReleaseLog | None = None) -> ReleaseRecord | None:
    """Return the release that readers take, None before the first and after a withdrawal; the pointer is read once."""
    version = _pointed(home, dataset, log or ReleaseLog.read(home))
    return _record(home, dataset, version) if version else None


def is_withdrawn(home: Home, log: ReleaseLog, verdict: Verdict) -> bool:
    """Return whether the bytes of a verdict were out and were withdrawn: something must change before they come out."""
    return are_withdrawn_bytes(home, log, verdict.dataset, verdict.files["data.parquet"], verdict.card_sha256)


def withdrawn_notices(home: Home, log: ReleaseLog, verdicts: Iterable[Verdict]) -> list[Refusal]:
    """Return what must be told after a build: datasets that stay withdrawn, their figures being the same.

    Args:
        home: with the final bytes that the verdicts are about.
        log: what is out of it.
        verdicts: the last ones, at most one a dataset.
    """
    found: list[Refusal] = []
    for verdict in verdicts:
        gone = list(log.withdrawn(verdict.dataset).values())
        if gone and is_withdrawn(home, log, verdict):
            told = {"version": gone[-1].version, "date": gone[-1].date}
            found.append(Refusal("release_withdrawn", where=verdict.dataset, least=LATE_CASES, **told))
    return found


def listing(home: Home, log: ReleaseLog | None = None, *, every_version: bool = False) -> list[dict[str, Any]]:
    """Return what is out, one entry a dataset (or a version): dataset, version, verdict, sha256, rows, path.

    A dataset whose last version was withdrawn is listed with it, verdict `withdrawn` and the day.

    Args:
        home: whose releases are asked.
        log: what its logs say is out, where the command has read them.
        every_version: earlier and withdrawn versions too.

    Returns:
        Also `withdrawn` (an ISO day, or empty) and `manifest_sha256`; `sha256` is that of the data.
    """
    log = log or ReleaseLog.read(home)
    found: list[ReleaseRecord] = []
    for dataset in dataset_names():
        versions = [entry.version for entry in log.of(dataset)]
        if not every_version:
            pointed = _pointed(home, dataset, log)
            versions = [pointed] if pointed else [one for one in versions[-1:] if one in log.withdrawn(dataset)]
        found += [_record_or_ruin(home, dataset, version) for version in versions]
    gone = {one.place: one.date for one in log.withdrawals}
    return [
        {
            "dataset": record.dataset,
            "version": record.version,
            "verdict": _told(record, gone),
            "withdrawn": gone.get((record.dataset, record.version), ""),
            "sha256": record.sha256,
            "manifest_sha256": record.manifest_sha256,
            "rows": record.rows,
            "path": str(record.path),
        }
        for record in found
    ]


def listing_of_estimates(home: Home, log: ReleaseLog | None = None) -> list[dict[str, Any]]:
    """Return the estimates that are out, and those whose last version was withdrawn, as `listing` does.

    They have no verdict: `passed` says that the folder is whole and tells something, `refused` that it tells no figure.
    `rows` are the figures that they tell, `refused` says of each place, list or year of which none is told why.
    """
    log = log or ReleaseLog.read(home)
    found: list[dict[str, Any]] = []
    for dataset in ledger.ESTIMATES:
        for entry in log.of(dataset)[-1:]:
            path, gone = home.releases / dataset / entry.version, log.withdrawn(dataset).get(entry.version)
            manifest = parse_json(read_verified(path / "manifest.json", entry.manifest_sha256))
            rows = len(ledger.cells_of(home, entry))
            told = ("passed" if rows else "refused") if verify(path).ok else "failed"
            found.append(
                {
                    "dataset": dataset,
                    "version": entry.version,
                    "verdict": "withdrawn" if gone else told,
                    "refused": _refused(estimate_folders.read(home, entry, data_of(dataset))) if not gone else {},
                    "withdrawn": gone.date if gone else "",
                    "sha256": manifest["files"][data_of(dataset)],
                    "manifest_sha256": entry.manifest_sha256,
                    "rows": rows,
                    "path": str(path),
                }
            )
    return found


def _refused(places: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The places, lists or years of an estimate of which nothing is told, and why."""
    names = ("place", "source", "shape", "year")
    return {
        " ".join(str(one[name]) for name in names if one.get(name)): str(one["reason"])
        for one in places
        if one["reason"]
    }


def difference(home: Home, dataset: str, log: ReleaseLog | None = None) -> ReleaseDifference:
    """Return how what would be released differs from the last release. Refuses `file_missing` before protection."""
    final = read_parquet(final_bytes(home, dataset)["data.parquet"])
    return compare(ledger.last_cells(home, (log or ReleaseLog.read(home)).of(dataset)), final)


def sweep(home: Home) -> ReleaseLog:
    """Remove what a killed release left behind, and put pointers right.

    That is hidden folders, and at most one version over all datasets.

    Returns:
        The logs, as they were read for it: sweeping changes neither, but for the head of the ledger.

    Raises:
        Refusal: `ledger_broken` as `unlisted_versions.hold`: the ledger was lost, and nothing is removed.
    """
    log = ReleaseLog.read(home)
    for name, drafts in unlisted_versions.hold(home, log).items():
        for path in [*(home.releases / name).glob(".*.tmp"), *unlisted_versions.paths_of(home, name, drafts)]:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        last = log.last_version(name)
        if last and (home.releases / name).is_dir() and last not in log.withdrawn(name):
            point(home.releases / name, last)
    finish(home, log)
    ledger.put_head_right(home, log.entries)
    return log


def _told(record: ReleaseRecord, gone: Mapping[tuple[str, str], str]) -> str:
    if (record.dataset, record.version) in gone:
        return "withdrawn"
    return "passed" if verify(record.path).ok else "failed"


def _passing_verdict(home: Home, dataset: str) -> tuple[Verdict, bytes]:
    path = verdict_path(home, dataset)
    if not path.exists():
        raise Refusal("verdict_missing", where=dataset)
    data = read_sealed(home, path)
    verdict = Verdict.read(data)
    if not verdict.passed:
        raise Refusal("verdict_failed", where=dataset, reasons=", ".join(verdict.reasons))
    return verdict, data


def _check_waivers(verdict: Verdict, today: datetime.date) -> None:
    """Refuse a verdict whose waivers are not those that stand in the file and count on this day."""
    for one in verdict.waived:
        if one.expires < today.isoformat():
            raise Refusal("waiver_expired", where=verdict.dataset, rule=one.rule, expires=one.expires)
    if verdict.waived != used(verdict.dataset, verdict.rules, today):
        raise Refusal("verdict_stale", where=verdict.dataset)


def _read_back(dataset: str, frame: pd.DataFrame, csv: bytes) -> None:
    """Refuse bytes that no gate can have seen, whatever verdict lies beside them."""
    if not agree(frame, csv):
        raise Refusal("files_disagree", where=f"{dataset}/data.csv")
    if count := int((~rounded_to_base(frame)).sum()):
        raise Refusal("rounding_broken", where=f"{dataset}/data.parquet", count=count)


def _is_out_already(newest: ReleaseRecord | None, verdict: Verdict) -> bool:
    if newest is None:
        return False
    manifest = parse_json((newest.path / "manifest.json").read_bytes())
    same_bytes = all(manifest["files"][name] == verdict.files[name] for name in FINAL_FILES)
    return same_bytes and manifest["card_sha256"] == verdict.card_sha256


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
    return _record(home, dataset, version)


def point(folder: Path, version: str) -> None:
    """Let `latest` in the folder of a dataset name a version; written only where it names another."""
    pointer = folder / "latest"
    if not pointer.exists() or pointer.read_text(encoding="utf-8").strip() != version:
        write_bytes(pointer, f"{version}\n".encode())


def _pointed(home: Home, dataset: str, log: ReleaseLog) -> str:
    """The version that the pointer names; empty for none and for a withdrawn one."""
    pointer = home.releases / dataset / "latest"
    version = pointer.read_bytes().decode("utf-8", errors="replace").strip() if pointer.exists() else ""
    return "" if version in log.withdrawn(dataset) else version


def _record(home: Home, dataset: str, version: str) -> ReleaseRecord:
    path = home.releases / dataset / version
    if not (path / "manifest.json").exists():
        raise Refusal("file_missing", where=str(path / "manifest.json"))
    data = (path / "manifest.json").read_bytes()
    if sha256_of_bytes(data)[:12] != version.partition("-")[2]:
        raise Refusal("bytes_changed", where=str(path / "manifest.json"))
    manifest = parse_json(data)
    return ReleaseRecord(
        dataset=dataset,
        version=version,
        sequence=manifest["sequence"],
        sha256=manifest["files"]["data.parquet"],
        manifest_sha256=sha256_of_bytes(data),
        rows=manifest["rows"],
        path=path,
    )


def _record_or_ruin(home: Home, dataset: str, version: str) -> ReleaseRecord:
    """The record of a version, without facts where its manifest is not what was written: a list tells of the others."""
    try:
        return _record(home, dataset, version)
    except Refusal:
        return ReleaseRecord(dataset, version, 0, "", "", 0, home.releases / dataset / version)
