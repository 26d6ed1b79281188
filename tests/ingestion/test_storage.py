"""A disk that says no is told in words, and nothing is lost or half-written."""

from __future__ import annotations

import contextlib
import datetime
import errno
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from ingestion import storage
from ingestion.entry.file_check import examine
from ingestion.home import write_bytes
from ingestion.storage import refusal_of
from languages.refusal import Refusal
from tests.ingestion import hostile


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "disk_full"),
        (errno.EDQUOT, "disk_full"),
        (errno.EFBIG, "disk_full"),
        (errno.EACCES, "not_permitted"),
        (errno.EPERM, "not_permitted"),
        (errno.EROFS, "disk_read_only"),
        (errno.EIO, "disk_broken"),
    ],
)
def test_what_a_disk_says_is_told_with_the_file_it_names(number: int, code: str):
    refusal = refusal_of(OSError(number, os.strerror(number), "/home/x"), "/home")
    assert refusal is not None
    assert (refusal.code, refusal.where) == (code, "/home/x")


def test_a_cause_that_a_library_wrapped_is_found():
    try:
        try:
            raise OSError(errno.ENOSPC, "no space")
        except OSError as error:
            raise RuntimeError("something went wrong") from error
    except RuntimeError as wrapped:
        refusal = refusal_of(wrapped, "/home")
    assert refusal is not None
    assert (refusal.code, refusal.where) == ("disk_full", "/home")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (sqlite3.OperationalError("database or disk is full"), "disk_full"),
        (sqlite3.OperationalError("disk I/O error"), "disk_broken"),
        (sqlite3.OperationalError("attempt to write a readonly database"), "not_permitted"),
        (duckdb.IOException("IO Error: Could not write file: No space left on device"), "disk_full"),
        (duckdb.IOException("IO Error: Cannot open file: Permission denied"), "not_permitted"),
    ],
)
def test_what_databases_say_of_a_disk_is_understood(error: Exception, code: str):
    refusal = refusal_of(error, "/home")
    assert refusal is not None
    assert refusal.code == code


@pytest.mark.parametrize("error", [MemoryError(), duckdb.OutOfMemoryException("Out of Memory Error: 4 MB")])
def test_memory_that_does_not_suffice_is_told_in_words(error: BaseException):
    wrapped = RuntimeError("wrapped")
    wrapped.__cause__ = error
    refusal = refusal_of(wrapped, "/home")
    assert refusal is not None
    assert (refusal.code, refusal.where) == ("memory_full", "/home")


@pytest.mark.parametrize(
    "error", [ValueError("disk quota"), KeyError("x"), OSError("no number"), sqlite3.OperationalError("no such table")]
)
def test_a_fault_of_the_program_is_no_fault_of_the_disk(error: Exception):
    assert refusal_of(error, "/home") is None


def test_a_refusal_on_the_way_is_what_is_told():
    inner = Refusal("lock_held", where="x", holder="y")
    try:
        raise RuntimeError from inner
    except RuntimeError as error:
        assert refusal_of(error, "/home") is inner


def test_a_write_that_fails_leaves_the_file_that_was_there_and_nothing_beside_it(tmp_path: Path):
    path = tmp_path / "x"
    write_bytes(path, b"before")
    script = (
        "import resource, sys; from pathlib import Path; from ingestion.home import write_bytes\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        f"write_bytes(Path({str(path)!r}), b'x' * 5000)\n"
    )
    failed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert "File too large" in failed.stderr
    assert [one.read_bytes() for one in tmp_path.iterdir()] == [b"before"]


@pytest.mark.parametrize(
    "place",
    [
        "ingestion.files.guard._form_of",
        "ingestion.files.reader._read_sheets",
        "ingestion.entry.file_check._FileCheck._judge",
    ],
)
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), sqlite3.OperationalError("database or disk is full")])
def test_a_disk_that_fails_while_a_file_is_judged_is_not_blamed_on_the_file(
    monkeypatch: pytest.MonkeyPatch, place: str, error: Exception
):
    def fail(*_arguments: object) -> None:
        raise error

    monkeypatch.setattr(place, fail)
    with pytest.raises(type(error)) as raised:
        examine(hostile.workbook(), "x.xlsx", "iraq_interior_ministry", today=datetime.date(2026, 1, 1))
    assert raised.value is error


@pytest.mark.parametrize(
    ("name", "is_plain", "is_deep"),
    [
        *[("data.csv", True, True), ("ar/index.html", False, True), ("..", False, False), ("", False, False)],
        *[("/etc/hostname", False, False), ("../x", False, False), ("a/../../x", False, False), (".", False, False)],
        *[("a//b", False, False), ("./a", False, False), ("a/", False, False), ("/", False, False)],
        *[("a\\b", False, False), ("a\0b", False, False), ("link", False, False), ("folder/x", False, False)],
        *[("..a", True, True), ("a..", True, True), (".hidden", True, True), ("مرصد.md", True, True)],
    ],
)
def test_a_name_leads_out_unless_it_is_plain_and_no_link(
    tmp_path: Path, name: str, is_plain: bool, is_deep: bool
) -> None:
    (tmp_path / "link").symlink_to("/etc/hostname")
    (tmp_path / "folder").symlink_to("/etc")
    for deep, is_well in ((False, is_plain), (True, is_deep)):
        with contextlib.nullcontext() if is_well else pytest.raises(Refusal, match="name_leads_out"):
            storage.refuse_leading_out(tmp_path, name, deep=deep)


@pytest.mark.parametrize(
    "error", [ValueError("x"), KeyError("x"), UnicodeDecodeError("a", b"", 0, 1, ""), OSError("x")]
)
def test_a_stored_file_that_cannot_be_read_is_named(tmp_path: Path, error: Exception) -> None:
    with pytest.raises(Refusal) as refused, storage.reading(tmp_path / "x"):
        raise error
    assert (refused.value.code, refused.value.where) == ("bytes_changed", str(tmp_path / "x"))


def test_what_the_disk_says_stays_what_the_disk_says(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="5"), storage.reading(tmp_path / "x"):
        raise OSError(errno.EIO, "broken")
    with pytest.raises(Refusal, match="file_missing"), storage.reading(tmp_path / "x"):
        (tmp_path / "x").read_bytes()


_LONE_SURROGATE = '[{"reason": "\\ud800"}]'


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[" * 100_000, b'{"a":' * 100_000, b"\xff", "\ud800x", _LONE_SURROGATE, _LONE_SURROGATE.encode()],
)
def test_what_is_no_json_of_ours_is_a_value_error_however_deep(data: bytes | str) -> None:
    with pytest.raises(ValueError):
        storage.parse_json(data)


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.symlink_to(path)])
def test_a_folder_or_a_link_in_a_circle_in_the_place_of_a_file_is_named(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    path = tmp_path / "x.json"
    make(path)
    with pytest.raises(Refusal) as refused, storage.reading(path):
        path.read_bytes()
    assert (refused.value.code, refused.value.where) == ("bytes_changed", str(path))
    with pytest.raises(OSError) as failed:
        path.read_bytes()
    refusal = refusal_of(failed.value, tmp_path)
    assert refusal is not None
    assert (refusal.code, refusal.where) == ("not_a_file", str(path))


def test_a_missing_file_is_told_in_words_if_it_is_one_of_the_home(tmp_path: Path) -> None:
    paths = tmp_path / "home" / "x", tmp_path / "x"
    errors = [FileNotFoundError(errno.ENOENT, "no", str(path)) for path in paths]
    refusals = [refusal_of(error, tmp_path / "home") for error in errors]
    assert [refusal and refusal.code for refusal in refusals] == ["file_missing", None]
