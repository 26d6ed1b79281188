"""The checks of `marsad doctor`: each compares one kind of file with its hash, chain or seal.

Belongs here: which checks there are, which places of the retention card each of them covers, the cure for its findings.
Does not belong here: in which order they run and what is printed (`home_examination.py`), the checks of single files
(the layers below).

A check that cannot go on raises, so that its places are listed as not checked to the end.
"""

from __future__ import annotations

import datetime
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ingestion import access, chain_heads, file_systems, hash_chain, leftovers
from ingestion.home import Home, read_verified, write_bytes
from ingestion.keeping import backup_register, retention
from ingestion.people import acts, acts_check, acts_log
from ingestion.people.roster import roster_path
from ingestion.storage import refusal_of
from ingestion.submissions import decisions, receipts, submission_withdrawal
from languages.refusal import Refusal
from marsad.diagnosis import encrypted_volumes

if TYPE_CHECKING:
    from expectations.published.ledger import LedgerEntry

Cure = Literal["build", "restore", "write", "confirm", "backup", "keeper"]
"""The cure: `marsad build` rebuilds it; only the backup has it; the next writing command corrects it; persons decide
(they remove a copy); `marsad backup` makes one; whoever administers the
machine follows the remedy.
"""

_LEAST_FREE = 64 * 2**20
"""Bytes that a disk must have free: a release and its report take some 20 MB."""


@dataclass(frozen=True)
class Look:
    """One check of a home.

    Args:
        name: shown while it runs.
        cure: what repairs its findings.
        ask: yields what is wrong, and raises if it cannot go on.
        places: of the retention card, whose files it verifies.
        warns: its findings call for care and leave the home sound.
    """

    name: str
    cure: Cure
    ask: Callable[[Home], Iterator[Refusal]]
    places: tuple[str, ...] = ()
    warns: bool = False


def _rights(home: Home) -> Iterator[Refusal]:
    settings = home.settings
    wrong = list(access.find_strays(home.root, settings))
    if wrong:
        first = wrong[0]
        modes = {"found": f"{first.found:04o}", "wanted": f"{first.wanted:04o}"}
        yield Refusal("rights_wrong", where=str(first.path), count=len(wrong), **modes)
    for group in access.unknown_groups(settings):
        yield Refusal("group_unknown", where=str(home.root / "home.json"), group=group)


def _settings(home: Home) -> Iterator[Refusal]:
    _ = home.settings  # raises if they cannot be read
    yield from ()


def _file_system(home: Home) -> Iterator[Refusal]:
    yield from file_systems.check_locks(home.root)


def _encryption(home: Home) -> Iterator[Refusal]:
    yield from encrypted_volumes.find_unprotected(home.root)


def _disk(home: Home) -> Iterator[Refusal]:
    """Check for a full or read-only disk by writing, because permissions and free space alone do not show it."""
    if os.statvfs(home.root).f_flag & os.ST_RDONLY:
        yield Refusal("disk_read_only", where=str(home.root))
        return
    if shutil.disk_usage(home.root).free < _LEAST_FREE:
        yield Refusal("disk_nearly_full", where=str(home.root), megabytes=_LEAST_FREE // 2**20)
    probe = home.root / f".doctor.{os.getpid()}.tmp"
    try:
        write_bytes(probe, b"doctor" * 10_000)
    finally:
        probe.unlink(missing_ok=True)


def _clock(home: Home) -> Iterator[Refusal]:
    """Check for a clock set back: it orders nothing, but new files carry its day and may seem to be of the future."""
    days = [receipt.received_at for receipt in receipts.read_receipts(home)] + [
        decision.decided_at for decision in decisions.read_decisions(home)
    ]
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    if last := max((day for day in days if day > today), default=""):
        yield Refusal("clock_behind", where=str(home.root), today=today, last=last)


def _leftovers(home: Home) -> Iterator[Refusal]:
    for path in leftovers.leftovers(home.root):
        yield Refusal("leftover", where=str(path))


def _withdrawn_files(home: Home) -> Iterator[Refusal]:
    for path in submission_withdrawal.find_left_of_withdrawn(home):
        yield Refusal("withdrawn_left", where=str(path))


def _receipts(home: Home) -> Iterator[Refusal]:
    for line in receipts.verify_chain(home):
        raise Refusal("receipts_broken", where=home.receipts.name, line=line)
    yield from ()


def _taken_files(home: Home) -> Iterator[Refusal]:
    """Check taken files by the hashes of their receipts, and those that no receipt names."""
    named = {receipt.submission for receipt in receipts.read_receipts(home)}
    yield from receipts.verify_files(home)
    files = sorted(home.taken.glob("[!.]*"))
    yield from (Refusal("received_unlisted", where=str(path)) for path in files if path.name not in named)


def _decisions(home: Home) -> Iterator[Refusal]:
    decisions.read_decisions(home)
    yield from ()


def _editing(home: Home) -> Iterator[Refusal]:
    from reports.editors import editing_log

    editing_log.read_lines(home)
    yield from ()


def _links(home: Home) -> Iterator[Refusal]:
    """Check the links of records, which cannot be rebuilt either: the codes that made them are gone."""
    from ingestion.persons import link_store
    from ingestion.seals import read_sealed

    yield from (Refusal("file_missing", where=str(path)) for path in link_store.lost_files(home))
    for path in filter(Path.exists, (home.links / name for name in ("recall.json", "sample.json"))):
        yield from _read_file(lambda path=path: read_sealed(home, path), path)
    yield from _read_file(lambda: link_store.read_links(home), link_store.path_of(home))


def _heads(home: Home) -> Iterator[Refusal]:
    from expectations.published import ledger

    logs = (home.receipts, home.decisions, home.editing, backup_register.register_path(home))
    for path in (*map(hash_chain.head_of, (*logs, acts_log.path_of(home))), ledger.head_path(home)):
        yield from (Refusal("bytes_changed", where=str(head)) for head in chain_heads.damaged_files(path))
        if not path.exists() and chain_heads.copy_of(path).exists():
            yield Refusal("file_missing", where=str(path))


def _keys(home: Home) -> Iterator[Refusal]:
    """Look for the keys first: asking for a missing key would create a new one."""
    from expectations.published import rounding_key
    from ingestion.people import machine_key

    machine_key.check(home)
    in_use = any(home.ledger.glob("*.jsonl")) or any(home.verdicts.glob("*.json"))
    gone = [path for name in ("series", "seal") if not (path := home.keys / f"{name}.key").exists()]
    if in_use and gone:
        yield from (Refusal("file_missing", where=str(path)) for path in gone)
    elif in_use:
        rounding_key.series_key(home)
        _ = home.seal_key


def _sealing_keys(home: Home) -> Iterator[Refusal]:
    from ingestion.sealing import sealing_keys

    sealing_keys.check_pair(home)
    yield from ()


def _ledger(home: Home) -> Iterator[Refusal]:
    from expectations.published import external, ledger, unlisted_versions
    from expectations.published.release_log import ReleaseLog

    yield from _read_file(lambda: external.external_rows(home))
    named, broken = _ledger_lines(home)
    for entry in named:
        for path, sha256 in ledger.files_of(home, entry).items():
            yield from _verify_file(path, sha256)
    if broken:
        raise broken
    unlisted_versions.list_versions(home, ReleaseLog.read_log(home))


def _ledger_lines(home: Home) -> tuple[list[LedgerEntry], Refusal | None]:
    """Return what the ledger names, and why it does not hold: files behind a broken one are examined all the same."""
    from expectations.published import ledger

    try:
        return ledger.entries(home), None
    except Refusal as broken:
        return ledger.lines_that_parse(home), broken


def _lineage(home: Home) -> Iterator[Refusal]:
    from expectations.candidates import lineage

    named, broken = _ledger_lines(home)
    for entry in named:
        if entry.lineage_sha256:
            yield from _verify_file(
                lineage.path_of(home, entry.dataset, entry.version), lineage.sealed_hash(home, entry)
            )
    for folder in lineage.forgettings(home):
        if acts.is_unfinished(folder):
            yield Refusal("forgetting_unfinished", where=folder.name)
    if broken:
        raise broken


def _releases(home: Home) -> Iterator[Refusal]:
    from expectations.releases import verification

    for folder in sorted(path for path in home.releases.glob("*/[!.]*") if path.is_dir()):
        yield from verification.verify(folder).refusals
    named, broken = _ledger_lines(home)
    for entry in named:
        manifest = home.releases / entry.dataset / entry.version / "manifest.json"
        yield from _verify_file(manifest, entry.manifest_sha256)
    if broken:
        raise broken


def _acts(home: Home) -> Iterator[Refusal]:
    """Check the acts of two, their signatures and statements; a home that was never founded has none."""
    if roster_path(home).exists() or acts_log.path_of(home).exists() or any(home.acts.glob("[!.]*")):
        yield from acts_check.problems(home)


def _reports(home: Home) -> Iterator[Refusal]:
    from reports.publishing import publish_report

    for path in publish_report.changed_files(home):
        yield Refusal("published_changed", where=str(path))


def _built_files(home: Home) -> Iterator[Refusal]:
    """Check what a build wrote: rows, quarantine, warehouse, candidates, verdicts, pointers, pages."""
    from assets.outputs import changed_outputs
    from assets.stages import STAGE_NAMES, refuse_lost_outputs, register_refusal

    if refusal := register_refusal(home):
        yield refusal
    refuse_lost_outputs(home)
    for path in changed_outputs(home, STAGE_NAMES):
        yield Refusal("bytes_changed" if path.exists() else "file_missing", where=str(path))


def _quarantine(home: Home) -> Iterator[Refusal]:
    """Check the quarantine files and the hashes of landed rows: known for each submission, whatever a build stores."""
    from ingestion.submissions.landed_submission import problems_of

    for receipt in receipts.live_receipts(home):
        yield from problems_of(home, receipt)


def _seals(home: Home) -> Iterator[Refusal]:
    from ingestion.seals import read_sealed

    sealed = (home.candidates / name for name in ("protection.json", "hidden_part.json", "nowcast.json"))
    for path in sorted([*home.verdicts.glob("[!.]*.json"), *filter(Path.exists, sealed)]):
        yield from _read_file(lambda path=path: read_sealed(home, path), path)


def _backups(home: Home) -> Iterator[Refusal]:
    from ingestion.keeping.backup_state import backup_problems

    yield from backup_problems(home, today())


def _copies_kept_too_long(home: Home) -> Iterator[Refusal]:
    from ingestion.keeping.backup_state import find_kept_too_long

    yield from find_kept_too_long(home, today())


def today() -> datetime.date:
    """Return the day from which the age of backups and copies is counted."""
    return datetime.datetime.now(tz=datetime.UTC).date()


def _verify_file(path: Path, sha256: str) -> Iterator[Refusal]:
    yield from _read_file(lambda: read_verified(path, sha256))


def _read_file(read: Callable[[], object], path: Path | None = None) -> Iterator[Refusal]:
    """Yield what reading one file refuses, or the disk error; the check goes on with the next file.

    If another file refuses, such as the key of all seals, no file can be verified, and the check ends.
    """
    try:
        read()
    except Exception as error:
        refusal = refusal_of(error, path or "")
        if refusal is None or (path is not None and refusal.where != str(path)):
            raise
        yield refusal


_BUILT = ("raw/*", "quarantine/*", "warehouse.duckdb", "candidates/*", "verdicts/*", "reports/*")


def _places_of(name: str) -> tuple[str, ...]:
    return tuple(retention.card().classes[name].places)


RIGHTS = Look("rights", "write", _rights)
"""Runs before a home is opened: opening it corrects the permissions of its folders."""

LOOKS = (  # a log first, then what reads it: the first refusal determines the cure
    Look("settings", "restore", _settings, ("home.json",)),
    Look("file system", "keeper", _file_system, _places_of("locks")),
    Look("disk", "keeper", _disk),
    Look("encryption", "keeper", _encryption, warns=True),
    Look("leftovers", "write", _leftovers, _places_of("unfinished")),
    Look("receipts", "restore", _receipts, ("receipts.jsonl", "receipts.head")),
    Look("withdrawn submissions", "write", _withdrawn_files),
    Look("taken files", "restore", _taken_files, ("taken/*",)),
    Look("keys", "restore", _keys, ("keys/*.key",)),  # before whatever reads a seal: that would recreate a missing key
    Look("key of sealed files", "restore", _sealing_keys, ("keys/sealing/*",)),
    Look("decisions", "restore", _decisions, ("decisions.jsonl", "decisions.head")),
    Look("texts and sentences", "restore", _editing, ("editing.jsonl", "editing.head")),
    Look("clock", "keeper", _clock),
    Look("links of records", "restore", _links, ("links/*",)),
    Look("heads of logs", "restore", _heads),
    Look("ledger, sealed figures", "restore", _ledger, ("ledger/*", "ledger.head")),
    Look("lineage", "restore", _lineage, ("lineage/*",)),
    Look("releases", "restore", _releases, ("releases/*",)),
    Look("acts of two", "restore", _acts, _places_of("acts")),
    Look("published reports", "restore", _reports),
    Look("backups", "backup", _backups, ("backups.jsonl", "backups.head", "backups/*")),
    Look("what is kept", "confirm", _copies_kept_too_long),
    Look("what was built", "build", _built_files, _BUILT),
    Look("rows that wait", "build", _quarantine, ("quarantine/*",)),
    Look("seals", "build", _seals, ("verdicts/*",)),
)
