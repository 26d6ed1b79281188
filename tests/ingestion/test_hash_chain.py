"""Lines that are appended together, and a process that is killed among them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from ingestion import hash_chain

LINES = [{"said": str(number)} for number in range(4)]


def _one_by_one(path: Path, contents: Sequence[dict[str, str]]) -> None:
    prev = ""
    for number, content in enumerate(contents):
        prev = hash_chain.append(path, content, number, prev)["hash"]


def _bytes(path: Path) -> tuple[bytes, bytes]:
    return path.read_bytes(), hash_chain.head_of(path).read_bytes()


def test_lines_appended_together_are_those_appended_one_by_one(tmp_path: Path) -> None:
    hash_chain.append_all(tmp_path / "log.jsonl", LINES, 0, "")
    _one_by_one(tmp_path / "other.jsonl", LINES)
    assert _bytes(tmp_path / "log.jsonl") == _bytes(tmp_path / "other.jsonl")


@pytest.mark.parametrize("written", [1, 2, 4])
def test_whoever_is_killed_among_them_leaves_a_head_that_is_put_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    log, honest, told = tmp_path / "log.jsonl", hash_chain.keep_head, list[int]()

    def killed(path: Path, lines: int, last: str) -> None:
        told.append(lines)
        if len(told) == written:
            raise KeyboardInterrupt
        honest(path, lines, last)

    monkeypatch.setattr(hash_chain, "keep_head", killed)
    with pytest.raises(KeyboardInterrupt):
        hash_chain.append_all(log, LINES, 0, "")
    monkeypatch.undo()
    hash_chain.put_head_right(log)
    _one_by_one(tmp_path / "other.jsonl", LINES[:written])
    assert _bytes(log) == _bytes(tmp_path / "other.jsonl")


def test_nothing_appended_leaves_no_file(tmp_path: Path) -> None:
    assert hash_chain.append_all(tmp_path / "log.jsonl", [], 0, "") == []
    assert list(tmp_path.iterdir()) == []
