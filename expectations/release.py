"""Releases: copies of exactly the bytes that a passing verdict names, with what a reader needs beside them; immutable.

Belongs here: assembling a release folder, making it public in an order that a killed process cannot spoil, listing and
verifying what is out.
Does not belong here: any judgement about the figures (`gate.py`), the words (`notes.py`), reading for a report.

    releases/<dataset>/<sequence>-<12 hex of the manifest hash>/   data, data package, notes, verdict, manifest
    releases/<dataset>/latest                                      the version that readers take; read it once

The line in the ledger is the act of publishing. Before it a folder is a draft that the next release sweeps away; after
it, only the pointer may be behind, and is put right by the next release.
"""

from __future__ import annotations

import datetime
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from expectations import ledger, lineage, package
from expectations.card import DatasetCard, IndicatorCard, dataset_names, indicators_of, load_dataset
from expectations.cells import measure_ids, read_parquet
from expectations.difference import Difference, compare
from expectations.gate import Verdict, last_version, verdict_path
from expectations.notes import Facts, Voice, write
from expectations.outputs import refuse_hidden
from expectations.protection import FINAL_FILES, ProtectionReport, final_bytes, last_report, pending_base
from expectations.verification import VerifyReport, verify
from expectations.waivers import used
from ingestion.home import Home, read_verified, sha256_of_bytes, sync_folder, write_bytes
from languages.numbers import digits
from languages.refusal import Refusal
from languages.words import Words, gaps, languages

__all__ = ["ReleaseRecord", "VerifyReport", "difference", "latest", "listing", "publish", "verify", "voices"]

FORMAT = 1


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


@dataclass(frozen=True)
class _Draft:
    """Everything about a release before it is written."""

    home: Home
    card: DatasetCard
    verdict: Verdict
    verdict_bytes: bytes
    files: Mapping[str, bytes]
    frame: pd.DataFrame
    indicators: Mapping[str, IndicatorCard]
    protection: ProtectionReport
    sequence: int

    @property
    def held(self) -> list[tuple[str, str]]:
        """Measures and years that print an earlier figure although cases came late."""
        return self._past("held")

    def past_years(self, state: str) -> list[tuple[str, list[str]]]:
        """Return years that were `held` or `revised`, with the indicators of this dataset."""
        years: dict[str, set[str]] = {}
        for measure, year in self._past(state):
            years.setdefault(year, set()).add(measure.partition("/")[0])
        return [(year, sorted(years[year])) for year in sorted(years)]

    def _past(self, state: str) -> list[tuple[str, str]]:
        own = set(measure_ids(self.frame))
        found = [outcome for outcome in self.protection.outcomes if outcome.state == state]
        return [(measure, outcome.year) for outcome in found for measure in outcome.block if measure in own]


def publish(
    home: Home, dataset: str, speakers: Sequence[Voice] | None = None, today: datetime.date | None = None
) -> ReleaseRecord | None:
    """Release the final bytes of `dataset` if the verdict about exactly these bytes passes.

    Args:
        home: with a verdict; the caller holds the lock.
        dataset: its name.
        speakers: the languages of the notes; all that have a catalogue, if left out.
        today: a waiver that the verdict used must still count on this day.

    Returns:
        The release, or None if the last release holds the same bytes under the same card.

    Raises:
        Refusal: `verdict_missing`, `verdict_failed` (naming the reasons), `verdict_stale` (card or last release are not
            those the gate saw), `waiver_expired`, `bytes_changed`, `message_missing`, `output_hides`, `ledger_broken`.
    """
    sweep(home)
    verdict, verdict_bytes = _passing_verdict(home, dataset)
    card = load_dataset(dataset)
    if (verdict.card_sha256, verdict.suite_sha256) != (card.sha256, card.suite_sha256):
        raise Refusal("verdict_stale", where=dataset)
    folder = home.candidates / dataset / "final"
    files = {name: read_verified(folder / name, verdict.files[name]) for name in FINAL_FILES}
    if _is_out_already(home, dataset, verdict):
        return None
    _check_waivers(verdict, today or datetime.datetime.now(tz=datetime.UTC).date())
    if verdict.previous != last_version(home, dataset):
        raise Refusal("verdict_stale", where=dataset)
    protection = last_report(home)
    if dict(protection.files[dataset]) != dict(verdict.files):
        raise Refusal("bytes_changed", where=str(folder))
    frame, own = read_parquet(files["data.parquet"]), indicators_of(home, dataset)
    sequence = len(ledger.entries(home, dataset)) + 1
    draft = _Draft(home, card, verdict, verdict_bytes, files, frame, own, protection, sequence)
    content = _content(draft, speakers or voices())
    refuse_hidden(content)
    return _make_public(draft, content)


def latest(home: Home, dataset: str) -> ReleaseRecord | None:
    """Return the release that readers take, None before the first; the pointer is read once."""
    pointer = home.releases / dataset / "latest"
    return _record(home, dataset, pointer.read_text(encoding="utf-8").strip()) if pointer.exists() else None


def listing(home: Home, *, every_version: bool = False) -> list[dict[str, Any]]:
    """Return what is out, one entry a dataset (or a version): dataset, version, verdict, sha256, rows, path."""
    found: list[ReleaseRecord] = []
    for dataset in dataset_names():
        newest = latest(home, dataset)
        if every_version:
            found += [_record(home, dataset, entry.version) for entry in ledger.entries(home, dataset)]
        elif newest is not None:
            found.append(newest)
    return [
        {
            "dataset": record.dataset,
            "version": record.version,
            "verdict": "passed" if verify(record.path).ok else "failed",
            "sha256": record.sha256,
            "manifest_sha256": record.manifest_sha256,
            "rows": record.rows,
            "path": str(record.path),
        }
        for record in found
    ]


def difference(home: Home, dataset: str) -> Difference:
    """Return how what would be released differs from the last release. Refuses `file_missing` before protection."""
    final = read_parquet(final_bytes(home, dataset)["data.parquet"])
    return compare(ledger.last_published(home, dataset), final)


def voices() -> list[Voice]:
    """Return the languages whose catalogue has no gap, the source first; a started language waits for its texts."""
    found = [(tag, Words.load(tag)) for tag in languages() if not gaps(tag)]
    return [_voice(tag, words) for tag, words in found]


def sweep(home: Home) -> None:
    """Remove what a killed release left behind, and put pointers right.

    That is hidden folders, and at most one version over all datasets, the one that would have come next: every release
    sweeps before it writes.

    Raises:
        Refusal: `ledger_broken` if there is more that the ledger does not know, or a pointer names such a release: the
            ledger was lost, and nothing is removed.
    """
    listed = {name: [entry.version for entry in ledger.entries(home, name)] for name in _datasets_on_disk(home)}
    drafts = {name: _unlisted(home, name, known) for name, known in listed.items()}
    for name, known in listed.items():
        pointer = home.releases / name / "latest"
        if pointer.exists() and pointer.read_text(encoding="utf-8").strip() not in known:
            raise Refusal("ledger_broken", where=str(pointer), line=len(known))
        expected = f"{len(known) + 1:06d}-"
        is_lost = sum(len(versions) for versions in drafts.values()) > 1
        for version in sorted(drafts[name]):
            if is_lost or not version.startswith(expected):
                raise Refusal("ledger_broken", where=f"{name}/{version}", line=len(known) + 1)
    for name, known in listed.items():
        for path in [*(home.releases / name).glob(".*.tmp"), *_paths_of(home, name, drafts[name])]:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        if known and (home.releases / name).is_dir():
            _point(home.releases / name, known[-1])


def _rooms(home: Home) -> list[Path]:
    """Where a version leaves something: a folder in the first, a file in the others."""
    return [home.releases, home.lineage, home.ledger / "published", home.ledger / "sealed"]


def _datasets_on_disk(home: Home) -> list[str]:
    return sorted({path.name for room in _rooms(home) for path in room.glob("*") if path.is_dir()})


def _unlisted(home: Home, dataset: str, known: Sequence[str]) -> set[str]:
    """The versions that lie somewhere and that the ledger does not list."""
    folders = {path.name for path in (home.releases / dataset).glob("[!.]*") if path.is_dir()}
    files = {path.stem for room in _rooms(home)[1:] for path in (room / dataset).glob("*.parquet")}
    return (folders | files) - set(known)


def _paths_of(home: Home, dataset: str, versions: set[str]) -> list[Path]:
    first, *others = _rooms(home)
    paths = [first / dataset / version for version in sorted(versions)]
    paths += [room / dataset / f"{version}.parquet" for room in others for version in sorted(versions)]
    return [path for path in paths if path.exists()]


def _voice(tag: str, words: Words) -> Voice:
    return Voice(tag, words.text, lambda year: digits(year, words.numerals))


def _passing_verdict(home: Home, dataset: str) -> tuple[Verdict, bytes]:
    path = verdict_path(home, dataset)
    if not path.exists():
        raise Refusal("verdict_missing", where=dataset)
    data = path.read_bytes()
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


def _is_out_already(home: Home, dataset: str, verdict: Verdict) -> bool:
    newest = latest(home, dataset)
    if newest is None:
        return False
    manifest = json.loads((newest.path / "manifest.json").read_bytes())
    same_bytes = all(manifest["files"][name] == verdict.files[name] for name in FINAL_FILES)
    return same_bytes and manifest["card_sha256"] == verdict.card_sha256


def _content(draft: _Draft, speakers: Sequence[Voice]) -> dict[str, bytes]:
    """Return the files of the release by name; the manifest last, over all others."""
    english = next(voice for voice in speakers if voice.tag == "en")
    sources = sorted({holder for indicator in draft.indicators.values() for holder in indicator.holders})
    described = package.descriptor(draft.card, draft.files, sequence=draft.sequence, sources=sources, text=english.text)
    facts = _facts(draft)
    content = {
        **draft.files,
        "verdict.json": draft.verdict_bytes,
        "datapackage.json": _json(described),
        **{f"notes.{voice.tag}.md": write(facts, voice).encode("utf-8") for voice in speakers},
    }
    return {**content, "manifest.json": _json(_manifest(draft, content))}


def _facts(draft: _Draft) -> Facts:
    years = sorted(set(draft.frame["time_period"]))
    return Facts(
        card=draft.card,
        sequence=draft.sequence,
        is_invented=draft.home.is_invented,
        indicators=list(draft.indicators.values()),
        years=(years[0], years[-1]) if years else ("", ""),
        watched=draft.verdict.watched,
        waived=draft.verdict.waived,
        held=draft.past_years("held"),
        revised=draft.past_years("revised"),
        withheld=int((draft.frame["obs_status"] == "Q").sum()),
        difference=compare(ledger.last_published(draft.home, draft.card.name), draft.frame),
        loss=draft.protection.loss.get(draft.card.name, {}),
    )


def _manifest(draft: _Draft, content: Mapping[str, bytes]) -> dict[str, Any]:
    """The public part of what the release is: enough to audit it again, and nothing secret."""
    years = sorted(set(draft.frame["time_period"]))
    return {
        "format": FORMAT,
        "dataset": draft.card.name,
        "sequence": draft.sequence,
        "previous": last_version(draft.home, draft.card.name),
        "invented": draft.home.is_invented,
        "rows": len(draft.frame),
        "period": {"first": years[0], "last": years[-1]} if years else {},
        "indicators": {
            code: {
                "model": indicator.model,
                "checksum": indicator.checksum,
                "dimensions": indicator.dimensions,
                "caveats": indicator.caveats,
                "derived": {entry.measure: list(entry.operands) for entry in indicator.derived},
            }
            for code, indicator in draft.indicators.items()
        },
        "protection": {
            "units": {unit: one.model_dump(mode="json") for unit, one in draft.card.protection.items()},
            "never": draft.card.never,
            "merge": draft.card.merge,
            "minimum_base": draft.card.minimum_base,
        },
        "held": [{"year": year, "indicators": codes} for year, codes in draft.past_years("held")],
        "card_sha256": draft.card.sha256,
        "suite_sha256": draft.card.suite_sha256,
        "files": {name: sha256_of_bytes(data) for name, data in content.items()},
    }


def _make_public(draft: _Draft, content: Mapping[str, bytes]) -> ReleaseRecord:
    """Write lineage and ledger files, then the folder, then the line, then the pointer."""
    home, dataset = draft.home, draft.card.name
    manifest_sha256 = sha256_of_bytes(content["manifest.json"])
    version = f"{draft.sequence:06d}-{manifest_sha256[:12]}"
    lineage_sha256 = lineage.keep(home, dataset, list(draft.indicators), draft.held, version)
    pending = pending_base(home)
    sealed = pending[pending["indicator"].isin(_connected(draft))]
    cells_sha256, sealed_sha256 = ledger.store(home, dataset, version, draft.frame, sealed)
    _write_folder(home.releases / dataset / version, content)
    hashes = {
        "manifest_sha256": manifest_sha256,
        "cells_sha256": cells_sha256,
        "sealed_sha256": sealed_sha256,
        "lineage_sha256": lineage_sha256,
    }
    ledger.append(home, ledger.next_entry(home, dataset, version, **hashes))
    _point(home.releases / dataset, version)
    return _record(home, dataset, version)


def _connected(draft: _Draft) -> set[str]:
    """The indicators of all blocks that this dataset prints something of: a vintage is that of a whole block."""
    own = set(draft.indicators)
    blocks = [{measure.partition("/")[0] for measure in outcome.block} for outcome in draft.protection.outcomes]
    return own.union(*(block for block in blocks if block & own))


def _write_folder(folder: Path, content: Mapping[str, bytes]) -> None:
    """Write a folder whole: beside, hidden, forced to disk, then renamed."""
    temporary = folder.with_name(f".{folder.name}.{os.getpid()}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    for name, data in content.items():
        write_bytes(temporary / name, data)
    temporary.replace(folder)
    sync_folder(folder.parent)


def _point(folder: Path, version: str) -> None:
    pointer = folder / "latest"
    if not pointer.exists() or pointer.read_text(encoding="utf-8").strip() != version:
        write_bytes(pointer, f"{version}\n".encode())


def _record(home: Home, dataset: str, version: str) -> ReleaseRecord:
    path = home.releases / dataset / version
    if not (path / "manifest.json").exists():
        raise Refusal("file_missing", where=str(path / "manifest.json"))
    data = (path / "manifest.json").read_bytes()
    manifest = json.loads(data)
    return ReleaseRecord(
        dataset=dataset,
        version=version,
        sequence=manifest["sequence"],
        sha256=manifest["files"]["data.parquet"],
        manifest_sha256=sha256_of_bytes(data),
        rows=manifest["rows"],
        path=path,
    )


def _json(content: object) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode("utf-8")
