"""Every reader of foreign files is fuzzed: a quarter of a second of each here, ten minutes by `make fuzz`."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from languages.refusal import Refusal
from tests.conftest import HOUSE
from tests.fuzz import fuzz_reader
from tests.fuzz.fuzz_reader import Fuzzing, fuzz
from tests.fuzz.readers import READERS, Reader

MINUTES = "0.004"


@pytest.fixture(scope="module")
def outcomes() -> dict[str, dict[str, Any]]:
    """What came of a quarter of a second of each reader, in a child with a limit of memory."""
    command = [sys.executable, "-m", "tests.fuzz.fuzz_reader", "--json", "--minutes", MINUTES, "--seed", "1"]
    child = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, timeout=600)
    assert child.stdout, child.stderr
    return {outcome["reader"]: outcome for outcome in json.loads(child.stdout)}


@pytest.mark.parametrize("name", READERS)
def test_a_reader_answers_or_refuses_whatever_it_is_given(name: str, outcomes: dict[str, dict[str, Any]]):
    assert not outcomes[name]["failure"], outcomes[name]


@pytest.mark.parametrize("name", READERS)
def test_a_good_file_is_read_to_its_end_so_that_damage_reaches_all_of_the_reader(
    name: str, outcomes: dict[str, dict[str, Any]]
):
    assert outcomes[name]["refused_seeds"] == []


def _fuzzed(read: Callable[[bytes, Path], object], folder: Path) -> Fuzzing:
    return fuzz("planted", Reader(lambda: [b"a good file"], read), [b"a good file"], 0.5, 1, folder)


def test_a_reader_that_returns_or_refuses_passes(tmp_path: Path):
    def read(data: bytes, folder: Path) -> None:
        (folder / "copy").write_bytes(data)
        if b"good" not in data:
            raise Refusal("file_unreadable")

    outcome = _fuzzed(read, tmp_path)
    assert not outcome.failure
    assert 0 < outcome.refused < outcome.files


def test_another_error_is_a_fault_and_its_smallest_file_stays(tmp_path: Path):
    def read(data: bytes, _folder: Path) -> None:
        if b"good" not in data:
            raise ValueError("planted")

    outcome = _fuzzed(read, tmp_path)
    assert "ValueError: planted" in outcome.failure
    assert b"good" not in Path(outcome.file).read_bytes()


def test_writing_elsewhere_is_a_fault_even_where_the_reader_hides_it(tmp_path: Path):
    def read(_data: bytes, _folder: Path) -> None:
        (tmp_path / "elsewhere").write_bytes(b"x")

    assert f"open {tmp_path / 'elsewhere'}" in _fuzzed(read, tmp_path).failure


def test_starting_a_program_is_a_fault(tmp_path: Path):
    def read(_data: bytes, _folder: Path) -> None:
        subprocess.run(["true"], check=True)

    assert "subprocess.Popen" in _fuzzed(read, tmp_path).failure


def test_a_reader_that_takes_too_long_is_stopped_though_it_catches_every_exception(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(fuzz_reader, "SECONDS", 0.05)

    def read(data: bytes, _folder: Path) -> None:
        while b"good" not in data:
            try:
                sum(range(1_000))
            except Exception:  # noqa: S112 - as a guard does
                continue

    assert "took longer than 0.05 s" in _fuzzed(read, tmp_path).failure
