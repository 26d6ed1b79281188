"""What the stages of a build wrote: a sealed list of files and their hashes, which `marsad doctor` reads, too.

Belongs here: storing that list, and which of its files have changed since. Does not belong here: what a stage reads, or
which files it writes (`stages.py`).

    build/outputs.json     {"files": {stage: {file: SHA-256}}, "seal": HMAC-SHA256 under `keys/seal.key`}

List and seal are one file, so that a killed process leaves the earlier list whole.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ingestion.home import Home, sha256_of, write_json
from ingestion.seals import seal_of
from ingestion.storage import parse_json
from languages.refusal import Refusal

Outputs = Mapping[str, Mapping[str, str]]
"""Stage -> file of the home -> its SHA-256."""


def keep_outputs(home: Home, outputs: Outputs) -> None:
    """Record what stages wrote; the entries of other stages stay as they were."""
    files = {**_read_list(home), **outputs}
    write_json(outputs_file(home), {"files": files, "seal": _seal(home, files)})


def changed_outputs(home: Home, names: Iterable[str]) -> list[Path]:
    """Return the files that the named stages wrote and that are now missing or changed, sorted."""
    listed = _read_list(home)
    wrote = {home.root / path: sha256 for name in names for path, sha256 in listed.get(name, {}).items()}
    mine = {path: sha256 for path, sha256 in wrote.items() if not is_published(home, path)}
    return sorted(path for path, sha256 in mine.items() if not path.is_file() or sha256_of(path) != sha256)


def is_listed(home: Home, name: str) -> bool:
    """Return whether the output of a stage is recorded."""
    return name in _read_list(home)


def refuse_broken_outputs(home: Home) -> None:
    """Refuse to confirm that files are unchanged if the list of them is itself damaged.

    Raises:
        Refusal: `seal_broken`, naming the list.
    """
    if not _read_list(home):
        raise Refusal("seal_broken", where=str(outputs_file(home)))


def is_published(home: Home, path: Path) -> bool:
    """Return whether a file belongs to a published report: it must not change, and `marsad doctor` checks its hash."""
    parts = path.relative_to(home.root).parts
    return parts[0] == home.reports.name and (home.reports / parts[1] / "published.json").exists()


def outputs_file(home: Home) -> Path:
    """Return the path of the list."""
    return home.build / "outputs.json"


def _read_list(home: Home) -> dict[str, dict[str, str]]:
    """Return the recorded list; empty if the seal is invalid."""
    try:
        content: dict[str, Any] = parse_json(outputs_file(home).read_bytes())
        files: dict[str, dict[str, str]] = content["files"]
        is_whole = hmac.compare_digest(str(content["seal"]), _seal(home, files))
    except (OSError, ValueError, LookupError, TypeError, Refusal):  # with an unreadable key no seal is valid
        return {}
    return files if is_whole else {}


def _seal(home: Home, files: Outputs) -> str:
    return seal_of(home, outputs_file(home), json.dumps(files, sort_keys=True).encode())
