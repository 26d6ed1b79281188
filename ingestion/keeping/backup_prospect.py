"""Summary of a backup before any file of it is restored, for a person to compare with what she remembers.

Belongs here: counting receipts and releases of an opened backup, and what the register of this machine knows of it.
Does not belong here: opening it (`opened_backup.py`), restoring it (`restoration.py`), how it is shown (`marsad`).

None of it is proof: the logs in a forged backup say what their author wished. They are read as JSON and counted, and
no text of theirs is shown except dates, years and names in Marsad's own format.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from ingestion.home import Home
from ingestion.keeping import backup_register
from ingestion.keeping.opened_backup import OpenedBackup
from ingestion.storage import parse_json
from languages.refusal import Refusal

KnownHere = Literal["known", "gone", "unknown", "of_another_home", "none", "unreadable"]
"""What this machine's register says of a backup: made here; made here and since deleted; of this home but not made
here; the register is another home's; there is no register; it is damaged.
"""

_LOG_BYTES = 2**28
"""Longest file that is read for counting: a log of half a million lines."""
_DATASET = re.compile(r"[a-z0-9_]{1,60}", re.ASCII)
_VERSION = re.compile(r"[0-9]{6,12}-[0-9a-f]{12}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_YEAR = re.compile(r"[0-9]{4}", re.ASCII)


@dataclass(frozen=True)
class ReleasesOf:
    """The releases of one dataset.

    Args:
        dataset: its name.
        count: number of releases.
        newest: version of the last one.
        last_year: the last year that it covers; empty if not stated.
    """

    dataset: str
    count: int
    newest: str
    last_year: str


@dataclass(frozen=True)
class BackupProspect:
    """What restoring a backup would bring back.

    Args:
        snapshot: its name.
        at: when it claims to have been made, ISO.
        files: how many it holds.
        invented: whether the home holds invented files.
        receipts: lines of the log of receipts.
        last_received: day of the last one, empty without any.
        decisions: lines of the log of decisions.
        releases: of each dataset, sorted by name.
        task_force: public key that it is encrypted for.
        recovery: the other one.
        opened_with: those of the two whose secret key opened it.
        groups: groups of the machine that its settings let read or drop files.
        known_here: what the register of this machine says of it.
        newer: names of later backups in the folder.
    """

    snapshot: str
    at: str
    files: int
    invented: bool
    receipts: int
    last_received: str
    decisions: int
    releases: list[ReleasesOf]
    task_force: str
    recovery: str
    opened_with: list[str]
    groups: list[str]
    known_here: KnownHere
    newer: list[str]


def prospect_of(backup: OpenedBackup, here: Home) -> BackupProspect:
    """Return what restoring a backup would bring back.

    Args:
        backup: an opened one.
        here: the home of this machine, which need not exist.

    Raises:
        Refusal: `backup_forged` for a backup that has the name of one made here but other content.
    """
    line = backup.line
    received = [str(receipt.get("received_at", "")) for receipt in _lines(backup, "receipts.jsonl")]
    return BackupProspect(
        snapshot=backup.name,
        at=line.at,
        files=len(backup.contents.files),
        invented=backup.contents.invented,
        receipts=len(received),
        last_received=max(filter(_DAY.fullmatch, received), default=""),
        decisions=sum(1 for _ in _lines(backup, "decisions.jsonl")),
        releases=_releases(backup),
        task_force=line.task_force,
        recovery=line.recovery,
        opened_with=sorted(backup.own_keys & {line.task_force, line.recovery}),
        groups=_groups(backup),
        known_here=_compare_register(backup, here),
        newer=backup.newer,
    )


def _compare_register(backup: OpenedBackup, here: Home) -> KnownHere:
    try:
        lines = backup_register.read_register(here)
    except Refusal:
        return "unreadable"
    if not lines:
        return "none"
    of_name = [line for line in lines if line.snapshot == backup.name]
    taken = [line for line in of_name if line.event == "taken"]
    if any(line.list_sha256 != backup.line.list_sha256 for line in taken):
        raise Refusal("backup_forged", where=str(backup.folder.root), snapshot=backup.name)
    if taken:
        return "known" if len(of_name) == len(taken) else "gone"
    return "unknown" if lines[0].home == backup.line.home else "of_another_home"


def _releases(backup: OpenedBackup) -> list[ReleasesOf]:
    versions: dict[str, list[str]] = {}
    for entry in _lines(backup, "ledger/log.jsonl"):
        dataset, version = str(entry.get("dataset")), str(entry.get("version"))
        if _DATASET.fullmatch(dataset) and _VERSION.fullmatch(version):
            versions.setdefault(dataset, []).append(version)
    return [
        ReleasesOf(dataset, len(of_dataset), of_dataset[-1], _last_year(backup, dataset, of_dataset[-1]))
        for dataset, of_dataset in sorted(versions.items())
    ]


def _last_year(backup: OpenedBackup, dataset: str, version: str) -> str:
    manifest = _json(_bytes(backup, f"releases/{dataset}/{version}/manifest.json"))
    period = manifest.get("period")
    last = str(period.get("last")) if isinstance(period, dict) else ""
    return last if _YEAR.fullmatch(last) else ""


def _groups(backup: OpenedBackup) -> list[str]:
    groups = _json(_bytes(backup, "home.json")).get("groups", {})
    if not isinstance(groups, dict):
        return []
    senders = groups.get("inbox", {})
    named = [groups.get("readers", ""), *(senders.values() if isinstance(senders, dict) else ())]
    return sorted({ascii(str(group))[1:-1] for group in named if group})


def _lines(backup: OpenedBackup, path: str) -> Iterator[dict[str, Any]]:
    for text in _bytes(backup, path).split(b"\n"):
        if line := _json(text):
            yield line


def _json(data: bytes) -> dict[str, Any]:
    try:
        content: Any = parse_json(data)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _bytes(backup: OpenedBackup, path: str) -> bytes:
    """Return a file of the backup; empty if missing or damaged, which the restoration itself reports."""
    if path not in backup.contents.files:
        return b""
    data = bytearray()
    try:
        for part in backup.parts(path):
            data += part
            if len(data) > _LOG_BYTES:
                return b""
        return bytes(data)
    except Refusal as refusal:
        if refusal.code not in ("file_missing", "bytes_changed"):
            raise
        return b""
