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
    hash_chain.repair_head(log)
    _one_by_one(tmp_path / "other.jsonl", LINES[:written])
    assert _bytes(log) == _bytes(tmp_path / "other.jsonl")


@pytest.mark.parametrize("at", ["log.head", "backups/log.head"])
def test_a_lost_last_line_is_told_although_one_head_went_with_it(tmp_path: Path, at: str) -> None:
    log = tmp_path / "log.jsonl"
    hash_chain.append_all(log, LINES, 0, "")
    older = hash_chain.head_of(tmp_path / "older.jsonl"), log.read_bytes()
    hash_chain.append_all(tmp_path / "older.jsonl", LINES[:-1], 0, "")
    for head in (b"", None, older[0].read_bytes()):
        log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[: len(LINES) - 1]))
        (tmp_path / at).unlink(missing_ok=True) if head is None else (tmp_path / at).write_bytes(head)
        assert hash_chain.read_lines(log, ["said"])[1] == [len(LINES)]
        hash_chain.repair_head(log)
        assert hash_chain.read_lines(log, ["said"])[1] == [len(LINES)], "nothing puts right what is lost"


def test_a_log_of_several_lines_without_any_head_is_broken(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    hash_chain.append_all(log, LINES, 0, "")
    for at in ("log.head", "backups/log.head"):
        (tmp_path / at).unlink()
    assert hash_chain.read_lines(log, ["said"])[1] == [len(LINES) + 1]
    hash_chain.repair_head(log)
    assert hash_chain.read_lines(log, ["said"])[1] == [len(LINES) + 1], "nothing puts right what is lost"


@pytest.mark.parametrize("at", ["log.head", "backups/log.head"])
def test_a_lost_head_of_a_whole_log_is_written_again(tmp_path: Path, at: str) -> None:
    log = tmp_path / "log.jsonl"
    hash_chain.append_all(log, LINES, 0, "")
    before = (tmp_path / at).read_bytes()
    (tmp_path / at).unlink()
    hash_chain.repair_head(log)
    assert (tmp_path / at).read_bytes() == before
    (tmp_path / at).write_bytes(b"{")
    hash_chain.repair_head(log)
    assert (tmp_path / at).read_bytes() == b"{", "the doctor tells it"


def test_nothing_appended_leaves_no_file(tmp_path: Path) -> None:
    assert hash_chain.append_all(tmp_path / "log.jsonl", [], 0, "") == []
    assert list(tmp_path.iterdir()) == []
