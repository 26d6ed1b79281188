"""The state of a home's backups, and files kept longer than allowed: what `marsad doctor` checks.

Belongs here: comparing a home with the retention card. Does not belong here: making a backup (`backup.py`).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

from ingestion.home import Home
from ingestion.keeping import backup_register, retention
from ingestion.keeping.backup_folder import BackupFolder
from ingestion.keeping.backup_register import BackupLine
from ingestion.submissions import receipts
from languages.refusal import Refusal


def backup_problems(home: Home, today: datetime.date) -> Iterator[Refusal]:
    """Yield what is wrong with the backups of a home: none, too old, gone, a list or the register damaged.

    A home of invented files needs no backup: they can be invented again.

    Raises:
        Refusal: `backups_broken`.
    """
    lines = backup_register.standing_backups(home)
    for line in lines:
        try:
            backup_register.contents_of(home, line)
        except Refusal as refusal:
            yield refusal
    if lines and _is_missing(lines[-1]):
        yield Refusal("backup_gone", where=lines[-1].place, snapshot=lines[-1].snapshot)
    if not home.is_invented:
        yield from _find_late(home, lines, today)


def find_kept_too_long(home: Home, today: datetime.date) -> Iterator[Refusal]:
    """Yield files older than the number of days in the card, and files that belong to no class of it."""
    files = list(retention.files_of(home.root))
    unnamed = [file.path for file in files if not file.name]
    if unnamed:
        yield Refusal("file_unclassified", where=str(home.root / unnamed[0]), count=len(unnamed))
    for name, file_class in retention.card().classes.items():
        if isinstance(file_class.kept, int):
            old = [home.root / file.path for file in files if file.name == name]
            old = [path for path in old if _days_since(_came_on(path, today), today) > file_class.kept]
            if old:
                yield Refusal("kept_too_long", where=str(old[0]), count=len(old), days=file_class.kept)


def _find_late(home: Home, lines: list[BackupLine], today: datetime.date) -> Iterator[Refusal]:
    limit = retention.card().backups.every_days
    if lines:
        day = max(datetime.datetime.fromisoformat(line.at).date() for line in lines)
        if (days := _days_since(day, today)) > limit:
            yield Refusal("backup_late", where=lines[-1].place, days=days, limit=limit)
        return
    first = next(iter(receipts.read_receipts(home)), None)
    if first and (days := _days_since(datetime.date.fromisoformat(first.received_at), today)) > limit:
        yield Refusal("backup_never", where=str(home.root), days=days, limit=limit)


def _is_missing(line: BackupLine) -> bool:
    """Return whether a backup is missing from its folder; False if the disk is not attached today."""
    folder = BackupFolder(Path(line.place))
    try:
        mark = folder.mark()
        return mark is not None and mark.folder == line.folder and line.snapshot not in folder.snapshots()
    except (Refusal, OSError):
        return False


def _came_on(path: Path, today: datetime.date) -> datetime.date:
    """Return when a file came to its place: a copy may carry the date of the original."""
    try:
        return datetime.datetime.fromtimestamp(path.stat().st_ctime, tz=datetime.UTC).date()
    except FileNotFoundError:
        return today


def _days_since(day: datetime.date, today: datetime.date) -> int:
    return (today - day).days
