"""The tombstone: what replaces the data in the folder of a withdrawn release.

Belongs here: the files of a tombstone, writing them, and recognising them. It is the only change that a released folder
ever sees: the manifest stays, everything else is removed, and the tombstone records the hashes of what was there.
Does not belong here: deciding or recording a withdrawal (`release_withdrawal.py`), or the words (`tombstone.…`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from expectations.cards.note_languages import NoteLanguage
from ingestion.home import sha256_of, sha256_of_bytes, write_bytes
from ingestion.people.acts import STATEMENT
from ingestion.storage import parse_json, refuse_leading_out
from languages.refusal import Refusal

NAME = "TOMBSTONE.json"
FORMAT = 1


def replace_by_tombstone(folder: Path, facts: dict[str, str], speakers: Sequence[NoteLanguage]) -> None:
    """Replace the files of a released folder by a tombstone; repeating it completes what a killed process left.

    Args:
        folder: the folder, with its manifest.
        facts: `dataset`, `version`, `withdrawn` (a day), `reason`, `signed_by`.
        speakers: the languages of the notice.
    """
    manifest = parse_json((folder / "manifest.json").read_bytes())
    notices = {f"TOMBSTONE.{voice.tag}.md": notice(facts, voice).encode("utf-8") for voice in speakers}
    content = {
        "format": FORMAT,
        **facts,
        "manifest_sha256": sha256_of(folder / "manifest.json"),
        "was": manifest["files"],
        "files": {name: sha256_of_bytes(data) for name, data in notices.items()},
    }
    text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    for name, data in {**notices, NAME: text.encode("utf-8")}.items():
        write_bytes(folder / name, data)
    for path in folder.iterdir():
        if path.name not in {*notices, NAME, "manifest.json"}:
            path.unlink()  # a statement too: that of the withdrawal takes its place


def notice(facts: dict[str, str], voice: NoteLanguage) -> str:
    """Return the notice for readers in one language, as Markdown."""
    text, day = voice.text, voice.digits(facts["withdrawn"])
    lines = [
        "# " + text("tombstone.title", title=text(f"dataset.{facts['dataset']}.title"), version=facts["version"]),
        "",
        text("tombstone.what", date=day, signed_by=facts["signed_by"]),
        "",
        text("tombstone.reason", reason=facts["reason"]),
        "",
        *("- " + text(f"tombstone.{step}") for step in ("stop", "delete", "published", "newest")),
        "",
        text("tombstone.ledger"),
    ]
    return "\n".join(lines) + "\n"


def read_tombstone(folder: Path) -> dict[str, Any] | None:
    """Return the tombstone in a folder; None if there is none, or it cannot be read."""
    path = folder / NAME
    if path.is_symlink() or not path.is_file():
        return None
    try:
        content = parse_json(path.read_bytes())
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) and isinstance(content.get("files"), dict) else None


def is_whole(folder: Path) -> bool:
    """Return whether a folder holds a complete tombstone and, of the release, only the manifest."""
    return (folder / NAME).exists() and not list(problems(folder))


def problems(folder: Path) -> Iterator[Refusal]:
    """Yield what is wrong with the tombstone in a folder that has one."""
    content = read_tombstone(folder)
    if content is None:
        yield Refusal("manifest_unreadable", where=str(folder / NAME))
        return
    expected = {**content["files"], "manifest.json": content.get("manifest_sha256")}
    for name, sha256 in sorted(expected.items()):
        try:
            refuse_leading_out(folder, name)
        except Refusal as refusal:
            yield refusal
            continue
        if not (folder / name).is_file():
            yield Refusal("file_missing", where=str(folder / name))
        elif sha256_of(folder / name) != sha256:
            yield Refusal("bytes_changed", where=str(folder / name))
    for path in sorted(folder.iterdir()):
        if path.name not in {*expected, NAME, *STATEMENT.values()}:
            yield Refusal("file_unexpected", where=str(path))
