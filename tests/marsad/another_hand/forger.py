"""Who can write into a folder of backups and knows its public keys: a backup of any files, written without a secret."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyrage

MARK = "marsad-backup.json"
Change = Callable[[dict[str, Any]], None]


@dataclass
class Forger:
    """Somebody with the disk, and no secret key.

    Args:
        folder: of backups.
        planted: files that the next backup brings, by their path under the home.
        changes: what is done to the list before it is encrypted.
    """

    folder: Path
    planted: dict[str, bytes] = field(default_factory=dict[str, bytes])
    changes: list[Change] = field(default_factory=list[Change])

    def write_backup(self, number: int = 2, at: str = "2030-01-01T00:00:00+00:00") -> str:
        """Write a whole backup in front of the others and return its name."""
        mark = json.loads((self.folder / MARK).read_text())
        recipients = [pyrage.x25519.Recipient.from_str(mark[role]) for role in ("task_force", "recovery")]
        pieces: dict[str, str] = {}
        for content in self.planted.values():
            piece = pyrage.encrypt(content, recipients)
            name = hashlib.sha256(piece).hexdigest()
            place = self.folder / "pieces" / name[:2] / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(piece)
            pieces[_sha256(content)] = name
        listed: dict[str, Any] = {
            "files": {path: [_sha256(content)] for path, content in self.planted.items()},
            "format": 1,
            "invented": mark["invented"],
            "line": {
                "at": at,
                "event": "taken",
                "folder": mark["folder"],
                "home": mark["home"],
                "place": str(self.folder),
                "list_sha256": "",
                "snapshot": "",
                "recovery": mark["recovery"],
                "task_force": mark["task_force"],
            },
            "pieces": pieces,
            "sha256": {path: _sha256(content) for path, content in self.planted.items()},
        }
        for change in self.changes:
            change(listed)
        return self.write_list((json.dumps(listed, indent=2, sort_keys=True) + "\n").encode(), number)

    def write_list(self, content: bytes, number: int) -> str:
        """Encrypt the bytes of a list for the two keys of the folder and return the name of the backup."""
        mark = json.loads((self.folder / MARK).read_text())
        recipients = [pyrage.x25519.Recipient.from_str(mark[role]) for role in ("task_force", "recovery")]
        encrypted = pyrage.encrypt(content, recipients)
        name = f"{number:06}-{_sha256(encrypted)[:20]}"
        (self.folder / "snapshots" / name).write_bytes(encrypted)
        return name


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def files_of(home: Path) -> dict[str, bytes]:
    """Return every file under a folder by its path."""
    return {
        str(path.relative_to(home)): path.read_bytes()
        for path in sorted(home.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def state_of(folder: Path) -> dict[str, str]:
    """Return what lies under a folder: each name with its kind and the hash of its bytes."""
    return {
        str(path.relative_to(folder)): f"-> {path.readlink()}"
        if path.is_symlink()
        else _sha256(path.read_bytes())
        if path.is_file()
        else "folder"
        for path in sorted(folder.rglob("*"))
    }
