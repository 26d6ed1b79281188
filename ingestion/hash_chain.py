"""Append-only files of JSON lines, chained by hashes, so that later changes are detected.

Belongs here: reading such a file, finding the lines that were changed, added or removed, appending one.
Does not belong here: what a line means (`receipts.py`, `decisions.py`), or the ledger of releases (`expectations`).
Every line holds `n` (its number, from 1), `prev` (the hash of the line before) and `hash` (its own, without itself).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ingestion.chain_heads import first_lost_line, has_lost_heads, is_behind, keep_head, read_heads
from ingestion.home import append_line, sha256_of_bytes, write_bytes
from ingestion.storage import parse_json

_START = "0" * 64


class ChainedLines(NamedTuple):
    """The lines of a chained file, oldest first, and the numbers of the lines where the chain is broken."""

    lines: list[dict[str, Any]]
    broken: list[int]


def read_lines(path: Path, required: Collection[str], optional: Collection[str] = ()) -> ChainedLines:
    """Return the lines of a chained file.

    A removed last line has a number too, because the head of the file records it (`chain_heads.py`); so has one that
    may have been removed with both heads.

    Args:
        path: the file; a missing one has no lines.
        required: the keys of every line, besides the three of the chain.
        optional: keys that a line may have.
    """
    known = read_heads(head_of(path))
    lines: list[dict[str, Any]] = []
    problems: list[int] = []
    prev = _START
    for number, text in enumerate(_read_whole_lines(path), start=1):
        line = _parse(text, {*required, "n", "prev", "hash"}, set(optional))
        if line is None:
            problems.append(number)
            continue
        if line["prev"] != prev or line["n"] != number or line["hash"] != _hash_of(line):
            problems.append(number)
        prev = line["hash"]
        lines.append(line)
    if not problems and (lost := first_lost_line(known, [line["hash"] for line in lines])) is not None:
        problems.append(lost)
    if not problems and has_lost_heads(head_of(path), len(lines)):
        problems.append(len(lines) + 1)
    return ChainedLines(lines, problems)


def append(path: Path, content: Mapping[str, Any], earlier: int, prev: str) -> dict[str, Any]:
    """Append a line after `earlier` lines, the last of which has the hash `prev`, and return the whole line.

    The three values of the chain are set here, whatever `content` says of them.
    """
    return append_all(path, [content], earlier, prev)[0]


def append_all(path: Path, contents: Sequence[Mapping[str, Any]], earlier: int, prev: str) -> list[dict[str, Any]]:
    """Append lines one after the other, as `append` does with one; a killed process leaves the first of them.

    The head follows each line: it is corrected if it lacks one line, and never if it lacks more.
    """
    lines: list[dict[str, Any]] = []
    if contents:
        _cut_torn_line(path)
    for place, content in enumerate(contents, start=earlier + 1):
        numbered = {**content, "n": place, "prev": (lines[-1]["hash"] if lines else prev) or _START}
        lines.append({**numbered, "hash": _hash_of(numbered)})
        append_line(path, json.dumps(lines[-1], ensure_ascii=False, sort_keys=True))
        keep_head(head_of(path), place, str(lines[-1]["hash"]))
    return lines


def repair_head(path: Path) -> None:
    """Update the head of a chained file with the one line that a killed process had written before it.

    Otherwise that line could be removed undetected until the next one is written. The caller holds the lock of the
    file.
    """
    lines = _read_whole_lines(path)
    last = _parse_any(lines[-1]) if lines else None
    if last is None or last.get("hash") != _hash_of(last):
        return
    if is_behind(head_of(path), len(lines), str(last["hash"]), str(last.get("prev"))):
        keep_head(head_of(path), len(lines), str(last["hash"]))


def head_of(path: Path) -> Path:
    """Return the path of a chained file's head."""
    return path.with_suffix(".head")


def _read_whole_lines(path: Path) -> list[str]:
    """Return the completely written lines; a torn last line was never acknowledged to anybody."""
    if not path.exists():
        return []
    return path.read_bytes().decode("utf-8", errors="replace").split("\n")[:-1]


def _cut_torn_line(path: Path) -> None:
    if not path.exists():
        return
    data = path.read_bytes()
    if data and not data.endswith(b"\n"):
        write_bytes(path, data[: data.rfind(b"\n") + 1])


def _parse(text: str, required: set[str], optional: set[str]) -> dict[str, Any] | None:
    line = _parse_any(text)
    return line if line is not None and required <= set(line) <= required | optional else None


def _parse_any(text: str) -> dict[str, Any] | None:
    try:
        line: Any = parse_json(text)
    except ValueError:
        return None
    return line if isinstance(line, dict) else None


def _hash_of(line: Mapping[str, Any]) -> str:
    content = {name: value for name, value in line.items() if name != "hash"}
    return sha256_of_bytes(json.dumps(content, ensure_ascii=False, sort_keys=True).encode("utf-8"))
