"""`make setup` brings what the lock says and the rows for dbt by hand, and what was added beside it stays.

The Makefile is the real one; an invented installer writes down what it would install, and an invented Python what it
would run.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
EXTRAS = ("dev", "desk", "spark")
LOCKS = ("requirements.lock", *(f"requirements-{extra}.lock" for extra in EXTRAS))
_INSTALLER = """#!{python}
import pathlib, sys
words, packages = sys.argv[1:], pathlib.Path(".venv/packages")
if words == ["--version"]:
    print("uv {version}")
else:
    named = [name for word in words if word.endswith(".lock") for name in pathlib.Path(word).read_text().split()]
    kept = packages.read_text().split() if words[1] == "install" and packages.exists() else []
    packages.write_text(" ".join(sorted(set(kept + named))))
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with the Makefile, locks of one package each and the invented installer."""
    makefile = (HOUSE / "Makefile").read_text(encoding="utf-8")
    version = re.search(r"^UV_VERSION := (\S+)$", makefile, re.MULTILINE)
    assert version
    shutil.copy(HOUSE / "Makefile", tmp_path)
    (tmp_path / "pyproject.toml").touch()
    for lock in LOCKS:
        (tmp_path / lock).write_text(f"of-{lock}")
    installer = tmp_path / ".venv" / "bin" / "uv"
    installer.parent.mkdir(parents=True)
    installer.write_text(_INSTALLER.format(python=sys.executable, version=version[1]))
    installer.chmod(0o755)
    python = installer.with_name("python")
    python.write_text('#!/bin/sh\necho "$@" >> .venv/ran\n')
    python.chmod(0o755)
    return tmp_path


def _make(checkout: Path, target: str, *settings: str) -> set[str]:
    environment = os.environ | {"MARSAD_PYTHON": sys.executable, "MAKEFLAGS": ""}
    words = ["make", "--silent", target, *settings]
    subprocess.run(words, cwd=checkout, env=environment, capture_output=True, check=True)
    return set((checkout / ".venv" / "packages").read_text().split())


def _change(lock: Path) -> None:
    lock.write_text("newer")
    later = (lock.parent / ".venv" / "installed").stat().st_mtime_ns + 1_000_000
    os.utime(lock, ns=(later, later))


def test_who_asks_for_nothing_more_gets_the_lock_alone(checkout: Path) -> None:
    assert _make(checkout, "setup") == {"of-requirements.lock"}


@pytest.mark.parametrize("extra", EXTRAS)
def test_what_was_added_stays_when_the_lock_of_everybody_changes(checkout: Path, extra: str) -> None:
    _make(checkout, f".venv/{extra}")
    _change(checkout / "requirements.lock")
    assert _make(checkout, "setup") == {"newer", f"of-requirements-{extra}.lock"}


@pytest.mark.parametrize("extra", EXTRAS)
def test_what_was_taken_away_by_hand_comes_back_when_it_is_asked_for(checkout: Path, extra: str) -> None:
    _make(checkout, f".venv/{extra}")
    (checkout / ".venv" / extra).unlink()
    _change(checkout / "requirements.lock")
    assert _make(checkout, "setup") == {"newer"}
    assert f"of-requirements-{extra}.lock" in _make(checkout, f".venv/{extra}")


def _would_run(checkout: Path, target: str) -> str:
    environment = os.environ | {"MARSAD_PYTHON": sys.executable, "MAKEFLAGS": ""}
    answer = subprocess.run(
        ["make", "--dry-run", target], cwd=checkout, env=environment, capture_output=True, text=True, check=True
    )
    return answer.stdout


@pytest.mark.parametrize("target", ["demo", "bundle", "offline-room", "lock", "audit"])
def test_what_a_user_runs_brings_no_tools_of_developers(checkout: Path, target: str) -> None:
    assert "-r requirements-dev.lock" not in _would_run(checkout, target)


@pytest.mark.parametrize("target", ["test", "check", "whole", "parity", "format", "types", "docs", "lists", "mutate"])
def test_what_a_developer_runs_brings_them(checkout: Path, target: str) -> None:
    assert "-r requirements-dev.lock" in _would_run(checkout, target)


def test_a_demo_after_the_tests_tears_nothing_out_and_brings_nothing_anew(checkout: Path) -> None:
    _make(checkout, "dev")
    tools = _make(checkout, ".venv/desk")
    assert tools == {"of-requirements.lock", "of-requirements-dev.lock", "of-requirements-desk.lock"}
    for target in ("demo", "check", "demo"):
        assert "bin/uv" not in _would_run(checkout, target)


def _rows_written(checkout: Path) -> int:
    runs = checkout / ".venv" / "ran"
    return runs.read_text().count("samples.rows_for_dbt build/dbt/raw\n") if runs.exists() else 0


def test_rows_for_dbt_are_written_once_and_again_when_what_they_are_made_from_is_newer(checkout: Path) -> None:
    card = checkout / "ingestion" / "shapes" / "cases.yml"
    card.parent.mkdir(parents=True)
    card.touch()
    for _ in range(2):
        _make(checkout, "setup")
        assert _rows_written(checkout) == 1
    later = (checkout / "build" / "dbt" / "written").stat().st_mtime_ns + 1_000_000
    os.utime(card, ns=(later, later))
    _make(checkout, "setup")
    assert _rows_written(checkout) == 2


@pytest.mark.parametrize(("target", "settings", "times"), [("setup", ["WHEELS=wheels"], 0), ("dev", [], 1)])
def test_rows_come_with_the_tools_of_an_engineer_and_not_with_an_installation(
    checkout: Path, target: str, settings: list[str], times: int
) -> None:
    _make(checkout, target, *settings)
    assert _rows_written(checkout) == times
