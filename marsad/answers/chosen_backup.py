"""The backup that is to be restored: opened by its name, or as the newest, with what it would bring back.

Does not belong here: asking a person for the name (`commands/backing_up.py`), or restoring (`ingestion/keeping`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ingestion.home import Home
from ingestion.keeping import restoration
from ingestion.keeping.backup_prospect import BackupProspect, prospect_of
from ingestion.keeping.opened_backup import OpenedBackup
from languages.refusal import Refusal


@dataclass(frozen=True)
class ChosenBackup:
    """An opened backup, and what it would bring back."""

    backup: OpenedBackup
    prospect: BackupProspect


def choose_backup(
    new_home: Path, target: Path, key: Path, snapshot: str, allowed_signers: str, *, newest: bool
) -> ChosenBackup:
    """Open the named backup, else the newest, to be restored into a new folder.

    Args:
        new_home: the folder, which is not there yet or empty.
        target: the folder of backups.
        key: file with one of the two secret keys.
        snapshot: the backup's name; empty for the newest.
        allowed_signers: of the house, whose machine must have signed the backup; empty if nobody has them.
        newest: whether the newest is to be restored without its name: then it must be known on this machine.

    Raises:
        Refusal: `restore_newest_unknown`, and those of `open_for_restoration` and `prospect_of`.
    """
    backup = restoration.open_for_restoration(new_home, target, key, snapshot, allowed_signers)
    prospect = prospect_of(backup, Home.at())
    if newest and prospect.known_here in ("unknown", "gone"):
        raise Refusal("restore_newest_unknown", where=str(target))
    return ChosenBackup(backup, prospect)
