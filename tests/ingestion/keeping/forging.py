"""What somebody can write who has the folder of backups and the two public keys that stand in it, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from ingestion.home import json_bytes, sha256_of_bytes
from ingestion.keeping.backup_keys import BackupKeys

SETTINGS = json_bytes({"format_version": 3, "invented": True})


def forge(place: Path, files: Mapping[str, bytes], change: Mapping[str, object] | None = None) -> str:
    """Write a backup that holds `files` into the folder, newer than all of it; return its name.

    Args:
        place: the folder.
        files: path under the home -> content.
        change: of the list, key by key.
    """
    mark = json.loads((place / "marsad-backup.json").read_bytes())
    keys = BackupKeys(mark["task_force"], mark["recovery"])
    pieces: dict[str, str] = {}
    for content in files.values():
        encrypted = keys.encrypt(content)
        piece = sha256_of_bytes(encrypted)
        (place / "pieces" / piece[:2]).mkdir(exist_ok=True)
        (place / "pieces" / piece[:2] / piece).write_bytes(encrypted)
        pieces[sha256_of_bytes(content)] = piece
    line = {name: mark[name] for name in ("home", "folder", "task_force", "recovery")}
    line |= {
        "event": "taken",
        "place": str(place),
        "snapshot": "",
        "list_sha256": "",
        "at": "2026-01-01T00:00:00+00:00",
    }
    hashes = {path: sha256_of_bytes(content) for path, content in files.items()}
    content = {"format": 1, "line": line, "invented": mark["invented"], "sha256": hashes, "pieces": pieces}
    content["files"] = {path: [sha256] for path, sha256 in hashes.items()}
    data = keys.encrypt(json.dumps({**content, **(change or {})}).encode())
    name = f"000999-{sha256_of_bytes(data)[:20]}"
    (place / "snapshots" / name).write_bytes(data)
    return name


def forge_mark(place: Path, **change: str) -> None:
    """Change what the folder says of itself in clear."""
    mark = json.loads((place / "marsad-backup.json").read_bytes())
    (place / "marsad-backup.json").write_bytes(json_bytes({**mark, **change}))
