"""The holders' key: nobody else reads its file, nothing overwrites it, and its fingerprint says whether two are one."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.holders.key_files import fingerprint_of, read_key, write_new_key
from languages.refusal import Refusal


@pytest.fixture(params=[0o000, 0o022, 0o077, 0o277])
def umask(request: pytest.FixtureRequest):
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.mark.parametrize(
    ("rights", "is_refused"),
    [(0o700, False), (0o755, False), (0o775, False), (0o757, True), (0o777, True), (0o1777, False)],
)
@pytest.mark.parametrize("below", ["", "mine"])
def test_no_key_is_made_where_every_account_could_put_another_one_in_its_place(
    rights: int, is_refused: bool, below: str, tmp_path: Path
) -> None:
    folder = tmp_path / "shared"
    (folder / below).mkdir(parents=True)
    folder.chmod(rights)
    path = folder / below / "holders.key"
    if is_refused:
        with pytest.raises(Refusal) as refused:
            write_new_key(path)
        assert (refused.value.code, refused.value.where) == ("token_key_folder_open", str(folder))
    else:
        write_new_key(path)
    assert path.exists() != is_refused


def _refusal(call: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as refused:
        call()
    return refused.value.code


@pytest.mark.usefixtures("umask")
def test_a_new_key_is_read_by_its_owner_alone_whatever_the_umask(tmp_path: Path):
    path = tmp_path / "holders.key"
    fingerprint = write_new_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert re.fullmatch(rb"[0-9a-f]{64}", read_key(path))
    assert fingerprint_of(read_key(path)) == fingerprint


def test_two_keys_are_two(tmp_path: Path):
    first, second = tmp_path / "one.key", tmp_path / "other.key"
    assert write_new_key(first) != write_new_key(second)
    assert read_key(first) != read_key(second)


@pytest.mark.parametrize("there", ["file", "empty", "folder", "link", "dangling"])
def test_a_key_is_never_overwritten_and_no_link_is_followed(tmp_path: Path, there: str):
    path, elsewhere = tmp_path / "holders.key", tmp_path / "elsewhere"
    if there in ("file", "empty"):
        path.write_bytes(b"the key of all tokens so far" if there == "file" else b"")
    elif there == "folder":
        path.mkdir()
    else:
        path.symlink_to(elsewhere)
        if there == "link":
            elsewhere.write_bytes(b"what is there")
    before = {entry: entry.read_bytes() for entry in tmp_path.iterdir() if entry.is_file()}
    assert _refusal(lambda: write_new_key(path)) == "token_key_exists"
    assert {entry: entry.read_bytes() for entry in tmp_path.iterdir() if entry.is_file()} == before


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path):
    assert _refusal(lambda: write_new_key(tmp_path / "nowhere" / "holders.key")) == "token_key_unwritable"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o644, 0o666, 0o610, 0o601])
def test_a_key_that_others_reach_is_refused(tmp_path: Path, mode: int):
    path = tmp_path / "holders.key"
    write_new_key(path)
    path.chmod(mode)
    assert _refusal(lambda: read_key(path)) == "token_key_open"


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700])
def test_a_key_of_its_owner_alone_is_read(tmp_path: Path, mode: int):
    path = tmp_path / "holders.key"
    write_new_key(path)
    path.chmod(mode)
    assert len(read_key(path)) == 64


@pytest.mark.parametrize("kind", ["folder", "link", "pipe"])
def test_what_is_no_file_is_refused(tmp_path: Path, kind: str):
    path, key = tmp_path / "holders.key", tmp_path / "key"
    write_new_key(key)
    {"folder": path.mkdir, "link": lambda: path.symlink_to(key), "pipe": lambda: os.mkfifo(path, 0o600)}[kind]()
    assert _refusal(lambda: read_key(path)) == "token_key_no_file"


@pytest.mark.parametrize(("length", "code"), [(15, "token_key_short"), (0, "token_key_short")])
def test_a_short_key_is_refused_and_one_of_sixteen_bytes_is_read(tmp_path: Path, length: int, code: str):
    path = tmp_path / "holders.key"
    path.touch(0o600)
    path.write_bytes(b" " * 30 + b"k" * length + b"\n")
    assert _refusal(lambda: read_key(path)) == code
    path.write_bytes(b" " + b"k" * 16 + b"\n")
    assert read_key(path) == b"k" * 16
    assert _refusal(lambda: read_key(tmp_path / "nowhere")) == "upload_missing"


@given(key=st.binary(min_size=16, max_size=64), other=st.binary(min_size=16, max_size=64))
def test_a_fingerprint_is_six_groups_of_digits_and_tells_keys_apart(key: bytes, other: bytes):
    assert re.fullmatch(r"\d{4}( \d{4}){5}", fingerprint_of(key))
    assert (fingerprint_of(key) == fingerprint_of(other)) == (key == other)


def test_the_fingerprint_is_the_one_that_the_page_says():
    page = (Path(__file__).resolve().parents[3] / "docs" / "tokens.md").read_text(encoding="utf-8")
    assert fingerprint_of(b"the key of the test vectors: never use it for real data") in page
