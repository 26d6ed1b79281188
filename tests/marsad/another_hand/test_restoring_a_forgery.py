"""A backup from somebody with the disk and without a secret: what it may not bring, and how it may not stop a person.

Written from SECURITY.md, the runbook and decision 85, without a look at how they are kept.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.marsad.another_hand.conftest import Command, Disk, Outcome
from tests.marsad.another_hand.forger import MARK, Change, Forger, files_of, state_of

STRANGE = [
    *("dagster/dagster.yaml", "Dagster/dagster.yaml", "dagster", "build/marks.json", "reports/2025/index.html"),
    *("inbox/iraq_interior_ministry/a.xlsx", "raw/victims/a.parquet", "quarantine/a.jsonl", "warehouse.duckdb"),
    *("lock", "candidates/a.json", ".a.tmp", "releases/.a.tmp/b", "strange/a", "home.json ", "Receipts.jsonl"),
    *("received/../dagster/a", "releases/../dagster/dagster.yaml", "received/./a", "received//a", "/etc/a", "../a"),
    *("received/a/", "receipts.jsonl/a", "received\\a", "receive\u0301d/a", "received/\ud800a", "", "."),
    *("keys/series.key\0", "releases/a/../../../b"),
]


def shown(result: Outcome) -> str:
    return result.out + result.err


@pytest.fixture
def forger(disk: Disk) -> Forger:
    backed_up = {path: content for path, content in files_of(disk.home).items() if not path.endswith("lock")}
    return Forger(disk.folder, backed_up)


def test_a_forgery_without_a_fault_comes_back_so_that_each_refusal_here_is_of_its_fault(
    command: Command, disk: Disk, forger: Forger, tmp_path: Path
):
    forger.write_backup()
    assert restored(command, disk, tmp_path, "--newest").code == 0


def restored(command: Command, disk: Disk, tmp_path: Path, *words: object, home: Path | None = None) -> Outcome:
    """Restore and hold what must be true of every refusal: nothing is written, and no file of the disk is another."""
    before, target = state_of(disk.folder), tmp_path / "new_home"
    result = command("restore", disk.folder, target, "--key", disk.key, *words, home=home)
    assert state_of(disk.folder) == before
    if result.code:
        assert not target.exists()
        assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
        assert "→" in result.err
    return result


@pytest.mark.parametrize("path", STRANGE, ids=repr)
def test_a_file_that_no_backup_holds_is_refused_whatever_its_path_looks_like(
    path: str, command: Command, disk: Disk, forger: Forger, tmp_path: Path
):
    forger.planted[path] = b"planted"
    name = forger.write_backup()
    for words in (("--newest", "--partial"), ("--snapshot", name)):
        result = restored(command, disk, tmp_path, *words)
        assert result.code == 1
        expected = (
            "bytes_changed" if "\ud800" in path else "backup_strange_path"
        )  # no list of ours names a lone surrogate
        assert expected in shown(result)
        assert len(result.err.splitlines()) <= 3  # a line break in a name makes no line of ours


def _set(key: str, value: object) -> Change:
    return lambda listed: listed.__setitem__(key, value)


def _line(key: str, value: object) -> Change:
    return lambda listed: listed["line"].__setitem__(key, value)


def _pieces(name: str) -> Change:
    return lambda listed: listed["pieces"].update(dict.fromkeys(listed["pieces"], name))


def _parts(parts: list[Any]) -> Change:
    return lambda listed: listed["files"].__setitem__("home.json", parts)


SHAPES: dict[str, Change] = {
    **{
        f"{key} is {value!r}": _set(key, value)
        for key in ("files", "pieces", "sha256", "line")
        for value in (None, [], "text", 7, {"a": 1}, 1e308)
    },
    **{f"format is {value!r}": _set("format", value) for value in (None, [], "1", 0, 2, 10**400)},
    **{f"without {key}": lambda listed, key=key: listed.pop(key) for key in ("files", "line", "format", "invented")},
    "pieces elsewhere": _pieces("../../../../etc/hostname"),
    "pieces at the root": _pieces("/etc/hostname"),
    "a part is a number": _parts([1]),
    "a part is nowhere": _parts(["0" * 64]),
    "no part": _parts([]),
    "other bytes": lambda listed: listed["sha256"].__setitem__("home.json", "0" * 64),
    "a hash too many": lambda listed: listed["sha256"].__setitem__("dagster/dagster.yaml", "0" * 64),
    "a day that writes lines": _line("at", "\x1b[31m2030\n  Receipts: 80."),
    "a day of 4000 digits": _line("at", "9" * 4000),
    "another home": _line("home", "f" * 16),
    "another folder": _line("folder", "0" * 16),
    "another key": _line("recovery", "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"),
    "a key that clears the screen": _line("recovery", "age1\x1b[2J"),
    "no home.json": lambda listed: [listed[key].pop("home.json") for key in ("files", "sha256")],
}


@pytest.mark.parametrize("change", SHAPES.values(), ids=SHAPES)
def test_a_list_of_another_shape_is_refused_in_words(
    change: Change, command: Command, disk: Disk, forger: Forger, tmp_path: Path
):
    forger.changes.append(change)
    forger.write_backup()
    result = restored(command, disk, tmp_path, "--newest")
    assert result.code == 1
    assert "\x1b[31m2030" not in shown(result)
    assert "\x1b[2J" not in shown(result)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 200_000, b'{"format": ' + b"9" * 6000 + b"}"]
)
def test_a_list_that_is_no_document_is_refused_in_words(
    content: bytes, command: Command, disk: Disk, forger: Forger, tmp_path: Path
):
    forger.write_list(content, 2)
    assert restored(command, disk, tmp_path, "--newest").code == 1


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"[" * 99_999, b"\xff", b'{"format": 1}'])
def test_a_mark_of_another_shape_is_refused_in_words(content: bytes, command: Command, disk: Disk, tmp_path: Path):
    (disk.folder / MARK).write_bytes(content)
    for words in (("--newest",), ("--snapshot", disk.true_name)):
        assert restored(command, disk, tmp_path, *words).code == 1


def _linked(place: str) -> Callable[[Path], None]:
    def link(folder: Path) -> None:
        path = folder / place
        away = folder.parent / "away"
        if path.exists():
            shutil.move(path, away)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(away)

    return link


@pytest.mark.parametrize(
    "place", ["pieces", "snapshots", MARK, "pieces/zz/" + "0" * 64, "snapshots/000003-" + "0" * 20, "pieces/zz"]
)
def test_a_link_in_the_folder_is_refused_and_not_followed(place: str, command: Command, disk: Disk, tmp_path: Path):
    _linked(place)(disk.folder)
    result = restored(command, disk, tmp_path, "--snapshot", disk.true_name)
    assert result.code == 1
    assert "backup_link" in result.err


def test_a_pipe_in_the_place_of_a_file_keeps_nobody_waiting(command: Command, disk: Disk, tmp_path: Path):
    os.mkfifo(disk.folder / "snapshots" / ("000009-" + "a" * 20))
    assert command("restore", disk.folder, tmp_path / "new_home", "--key", disk.key, "--newest").code == 1


def test_the_newest_is_not_taken_where_the_register_of_this_machine_does_not_know_it(
    command: Command, disk: Disk, forger: Forger, tmp_path: Path
):
    forger.write_backup()
    result = restored(command, disk, tmp_path, "--newest", home=disk.home)
    assert result.code == 1
    assert "restore_newest_unknown" in result.err


def test_an_older_backup_under_a_newer_number_is_not_taken_for_the_newest(command: Command, disk: Disk, tmp_path: Path):
    place = disk.folder / "snapshots"
    (place / disk.true_name).rename(place / f"000777-{disk.true_name[7:]}")
    result = restored(command, disk, tmp_path, "--newest", home=disk.home)
    assert result.code == 1
    assert "restore_newest_unknown" in result.err


@pytest.mark.parametrize("wrong", ["000002", "000002-" + "0" * 20, "", "{}\n", "../snapshots/{}", "{}/", "latest"])
def test_only_the_whole_name_brings_a_backup_back(
    wrong: str, command: Command, disk: Disk, forger: Forger, tmp_path: Path
):
    name = wrong.format(forger.write_backup())
    assert restored(command, disk, tmp_path, "--snapshot", name).code in {1, 2}


def test_without_a_terminal_nobody_chooses_for_the_person(command: Command, disk: Disk, tmp_path: Path):
    result = restored(command, disk, tmp_path)
    assert result.code == 2
    assert disk.true_name not in shown(result)


def test_the_true_backup_is_told_apart_by_the_register_and_comes_back_by_its_name(
    command: Command, disk: Disk, forger: Forger, tmp_path: Path
):
    """The refusals above are of the forgery, not of everything."""
    forged = forger.write_backup()
    theirs = restored(command, disk, tmp_path, "--snapshot", forged, "--json", home=disk.home)
    shutil.rmtree(tmp_path / "new_home")
    ours = restored(command, disk, tmp_path, "--snapshot", disk.true_name, "--json", home=disk.home)
    assert (theirs.code, ours.code) == (0, 0)
    told = [json.loads(result.out)["would_bring"]["known_here"] for result in (theirs, ours)]
    assert told[0] != told[1]
    assert (tmp_path / "new_home" / "home.json").read_bytes() == (disk.home / "home.json").read_bytes()


def test_groups_that_a_backup_lets_in_are_named_before_it_comes(
    command: Command, disk: Disk, forger: Forger, tmp_path: Path
):
    settings = json.loads(forger.planted["home.json"])
    settings["groups"] = {"readers": "sudo", "inbox": {"iraq_interior_ministry": "every\n\x1b[31mone"}}
    forger.planted["home.json"] = json.dumps(settings).encode()
    forger.write_backup()
    result = restored(command, disk, tmp_path, "--newest")
    assert "sudo" in result.out
    assert "\x1b[31mone" not in result.out
