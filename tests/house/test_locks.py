"""The locks: what everybody has, and beside it what synthetic files and Spark need."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]


def _locked(name: str) -> set[str]:
    text = (HOUSE / name).read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z0-9._-]+)==", text, flags=re.MULTILINE))


def _declared(extra: str) -> list[str]:
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [re.split(r"[\[<>=~!]", line)[0] for line in project["optional-dependencies"][extra]]


EXTRAS = ("synthetic", "spark")


@pytest.mark.parametrize("extra", EXTRAS)
def test_no_package_stands_in_both_locks(extra: str) -> None:
    assert _locked("requirements.lock") & _locked(f"requirements-{extra}.lock") == set()


@pytest.mark.parametrize("extra", EXTRAS)
def test_an_extra_is_locked_beside_and_never_in_the_lock_of_everybody(extra: str) -> None:
    assert set(_declared(extra)) <= _locked(f"requirements-{extra}.lock")


def test_every_locked_package_has_a_hash() -> None:
    for name in ("requirements.lock", *(f"requirements-{extra}.lock" for extra in EXTRAS)):
        entries = re.split(r"\n(?=[a-z0-9])", (HOUSE / name).read_text(encoding="utf-8"))[1:]
        assert len(entries) > 2
        assert [entry.split(" ")[0] for entry in entries if "--hash=sha256:" not in entry] == []
