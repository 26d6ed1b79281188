"""A ledger that lost a line: nothing is protected against half of what readers have."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from expectations.protection import protect_datasets
from expectations.published import ledger
from expectations.releases import release
from ingestion import chain_heads
from ingestion.home import Home
from languages.refusal import Refusal


def _log(home: Home) -> Path:
    return home.ledger / "log.jsonl"


def _last_line_gone(home: Home) -> None:
    _log(home).write_bytes(b"\n".join(_log(home).read_bytes().split(b"\n")[:-2]) + b"\n")


def _log_gone(home: Home) -> None:
    _log(home).unlink()


def _log_emptied(home: Home) -> None:
    _log(home).write_bytes(b"")


def _folder_gone(home: Home) -> None:
    shutil.rmtree(home.ledger)


@pytest.mark.parametrize("lose", [_last_line_gone, _log_gone, _log_emptied, _folder_gone])
@pytest.mark.parametrize("without", ["nothing", "head", "pointers", "releases"])
def test_a_ledger_that_lost_something_stops_protection_before_it_begins(
    released: Home, lose: Callable[[Home], None], without: str
):
    lose(released)
    if without == "head":
        ledger.head_path(released).unlink()
    for pointer in released.releases.glob("*/latest") if without == "pointers" else ():
        pointer.unlink()
    if without == "releases":
        shutil.rmtree(released.releases)
    before = {path: path.read_bytes() for path in released.root.rglob("*") if path.is_file()}
    with pytest.raises(Refusal) as refusal:
        protect_datasets.protect(released)
    assert refusal.value.code == "ledger_broken"
    with pytest.raises(Refusal):
        release.sweep(released)
    assert {path: path.read_bytes() for path in released.root.rglob("*") if path.is_file()} == before


def test_a_withdrawal_of_what_the_ledger_does_not_know_is_noticed(released: Home):
    entry = ledger.entries(released)[-1]
    from expectations.published import release_withdrawal

    release_withdrawal.withdraw(released, entry.dataset, entry.version, reason="a wrong table", signed_by="secretariat")
    _last_line_gone(released)
    ledger.head_path(released).unlink()
    with pytest.raises(Refusal) as refusal:
        release.sweep(released)
    assert refusal.value.code == "ledger_broken"


def test_a_head_that_is_a_line_behind_holds_and_the_next_line_brings_it_up(released: Home):
    lines = ledger.entries(released)
    chain_heads.keep_head(
        ledger.head_path(released), 1, json.loads(_log(released).read_text().splitlines()[1])["previous"]
    )
    assert ledger.entries(released) == lines
    ledger.append(released, ledger.next_entry(released, "x", "000001-x", **dict.fromkeys(_HASHES, "")))
    assert chain_heads.read_head(ledger.head_path(released)) == (3, ledger.head(released))


_HASHES = ("manifest_sha256", "cells_sha256", "sealed_sha256", "lineage_sha256", "key_check")


@pytest.mark.parametrize(("lines", "lost"), [(0, None), (1, None), (2, None), (3, 3), (9, 3)])
def test_what_a_head_knows_is_held_against_the_lines_that_are_there(lines: int, lost: int | None):
    hashes = ["one", "two"]
    last = hashes[lines - 1] if 0 < lines <= len(hashes) else ""
    assert chain_heads.first_lost_line([(lines, last)], hashes) == lost


def test_a_line_that_was_replaced_by_another_is_lost():
    assert chain_heads.first_lost_line([(1, "one"), (2, "two")], ["one", "other", "three"]) == 2
    assert chain_heads.first_lost_line([], []) is None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"lines": "x", "last": ""}', b'{"lines": 1}', b"\xff"])
def test_a_head_that_cannot_be_read_says_nothing_and_is_told(tmp_path: Path, content: bytes):
    path = tmp_path / "x.head"
    assert chain_heads.damaged_files(path) == []
    path.write_bytes(content)
    assert chain_heads.read_head(path) is None
    assert chain_heads.damaged_files(path) == [path]


def test_a_head_that_a_killed_release_left_one_line_behind_is_put_right_by_the_next(released: Home):
    head, lines = ledger.head_path(released), ledger.entries(released)
    right = head.read_bytes()
    chain_heads.keep_head(head, len(lines) - 1, ledger.hash_of(lines[-2]))
    release.sweep(released)
    assert head.read_bytes() == right
    head.write_bytes(b"{")  # damaged by somebody: told by the doctor, and not written over
    release.sweep(released)
    assert head.read_bytes() == b"{"
