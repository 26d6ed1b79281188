"""A home is read and written in one format; an older one and a newer one are refused and left alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ingestion.home import FORMAT_VERSION, Home, sha256_of
from ingestion.keeping import restoration
from ingestion.keeping.backup import back_up
from languages.refusal import Refusal
from languages.words import Words, languages
from tests.ingestion.keeping.small_homes import key_files

Marsad = Callable[..., tuple[int, str, str]]
COMMANDS = (
    ["build"],
    ["doctor"],
    ["inbox"],
    ["receive", "iraq_interior_ministry", "a.xlsx"],
    ["report"],
    ["submissions", "status"],
    ["upgrade"],
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    home = Home.at(tmp_path / "home").open()
    (tmp_path / "a.xlsx").write_bytes(b"x")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MARSAD_HOME", str(home.root))
    return home


def _files(home: Home) -> dict[str, str]:
    return {
        path.relative_to(home.root).as_posix(): sha256_of(path) if path.is_file() else ""
        for path in home.root.rglob("*")
    }


def _write_format(home: Home, version: int) -> None:
    (home.root / "home.json").write_text(json.dumps({"format_version": version, "invented": False}))


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(("version", "code"), [(FORMAT_VERSION - 1, "home_older"), (FORMAT_VERSION + 1, "home_newer")])
def test_a_home_of_another_format_is_refused_and_left_alone(
    home: Home, typed: Marsad, command: list[str], version: int, code: str
) -> None:
    _write_format(home, version)
    before = _files(home)
    left, _, err = typed(*command)
    assert (left, code in err, "Traceback" in err) == (1, True, False), err
    assert _files(home) == before


@pytest.mark.parametrize("tag", languages())
def test_who_has_an_older_home_reads_how_to_make_it_anew(home: Home, typed: Marsad, tag: str) -> None:
    _write_format(home, 1)
    _, _, err = typed("--language", tag, "upgrade")
    assert Words.load(tag).text("refusal.home_older.remedy") in err


def test_the_upgrade_of_a_home_of_this_format_says_so(home: Home, typed: Marsad) -> None:
    code, out, _ = typed("upgrade")
    assert (code, "has format" in out) == (0, True)


def test_a_backup_of_an_older_home_is_not_restored(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = key_files(tmp_path / "keys")
    back_up(home, tmp_path / "backup", keys.public)
    monkeypatch.setattr("ingestion.keeping.opened_backup.FORMAT_VERSION", FORMAT_VERSION + 1)
    with pytest.raises(Refusal, match="backup_older"):
        restoration.restore(tmp_path / "backup", tmp_path / "back", keys.recovery)
    assert not (tmp_path / "back").exists()
