"""The tombstone: what replaces the data in the folder of a withdrawn release.

Belongs here: the files of a tombstone, writing them, and recognising them. It is the only change that a released folder
ever sees: the manifest stays, everything else is removed, and the tombstone records the hashes of what was there.
Does not belong here: deciding or recording a withdrawal (`release_withdrawal.py`), or the words (`tombstone.…`).
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from expectations.cards.note_languages import NoteLanguage
from ingestion.home import sha256_of, sha256_of_bytes, write_bytes
from ingestion.people.acts import STATEMENT
from ingestion.storage import parse_json, read_plain, refuse_leading_out
from languages.refusal import Refusal
from languages.words import languages

NAME = "TOMBSTONE.json"
FORMAT = 1
_LARGEST = 2**20


def replace_by_tombstone(folder: Path, facts: dict[str, str], speakers: Sequence[NoteLanguage]) -> None:
    """Replace the files of a released folder by a tombstone; repeating it completes what a killed process left.

    Args:
        folder: the folder, with its manifest.
        facts: as of `tombstone_files`.
        speakers: the languages of the notice.
    """
    files = tombstone_files(folder, facts, speakers)
    for name, data in files.items():
        write_bytes(folder / name, data)
    for path in folder.iterdir():
        if path.name not in {*files, "manifest.json"}:
            path.unlink()  # a statement too: that of the withdrawal takes its place


def tombstone_files(folder: Path, facts: dict[str, str], speakers: Sequence[NoteLanguage]) -> dict[str, bytes]:
    """Return the files of a tombstone, that which names the others last: two sign its bytes before it lies there.

    Args:
        folder: of the release, with its manifest.
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
    return {**notices, NAME: text.encode("utf-8")}


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
    try:
        content = parse_json(read_plain(folder / NAME, _LARGEST))
    except (ValueError, Refusal):
        return None
    return content if isinstance(content, dict) and isinstance(content.get("files"), dict) else None


def is_whole(folder: Path) -> bool:
    """Return whether a folder holds a complete tombstone and, of the release, only the manifest."""
    return (folder / NAME).exists() and not list(problems(folder))


def problems(folder: Path) -> Iterator[Refusal]:
    """Yield what is wrong with the tombstone in a folder that has one.

    It names its notices alone: a file that it could name besides would lie there as if it had been released.
    """
    content = read_tombstone(folder)
    if content is None or not _is_day(content.get("withdrawn")):
        yield Refusal("manifest_unreadable", where=str(folder / NAME))
        return
    notices = {f"TOMBSTONE.{tag}.md" for tag in languages()}
    if foreign := sorted(set(content["files"]) - notices):
        yield from (Refusal("file_unexpected", where=str(folder / name)) for name in foreign)
        return
    yield from _file_problems(folder, {**content["files"], "manifest.json": content.get("manifest_sha256")})


def _file_problems(folder: Path, expected: dict[str, Any]) -> Iterator[Refusal]:
    """Yield what is missing, changed or too much beside a tombstone that names these files."""
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


def _is_day(text: object) -> bool:
    """Return whether something is a day as `2026-03-01`; Python also reads `20260301` and `2026-W09-7`."""
    try:
        return isinstance(text, str) and datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
