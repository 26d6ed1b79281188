"""The two locks: what everybody has, and beside it what synthetic files need."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]


def _locked(name: str) -> set[str]:
    text = (HOUSE / name).read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z0-9._-]+)==", text, flags=re.MULTILINE))


def _declared() -> list[str]:
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [re.split(r"[<>=~!]", line)[0] for line in project["optional-dependencies"]["synthetic"]]


def test_no_package_stands_in_both_locks() -> None:
    assert _locked("requirements.lock") & _locked("requirements-synthetic.lock") == set()


def test_the_extra_is_locked_beside_and_never_in_the_lock_of_everybody() -> None:
    assert set(_declared()) <= _locked("requirements-synthetic.lock")


def test_every_locked_package_has_a_hash() -> None:
    for name in ("requirements.lock", "requirements-synthetic.lock"):
        entries = re.split(r"\n(?=[a-z0-9])", (HOUSE / name).read_text(encoding="utf-8"))[1:]
        assert len(entries) > 5
        assert [entry.split(" ")[0] for entry in entries if "--hash=sha256:" not in entry] == []
