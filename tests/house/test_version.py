"""The version stands in one place, and what repeats it agrees."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import yaml

from tests.packages import PACKAGES

HOUSE = Path(__file__).resolve().parents[2]


def _version() -> str:
    return tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["project"]["version"]


def test_the_citation_and_the_changelog_repeat_the_version_and_its_day() -> None:
    cited = yaml.safe_load((HOUSE / "CITATION.cff").read_text("utf-8"))
    released = re.findall(r"^## \[([\d.]+)\] - ([\d-]+)$", (HOUSE / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert released[0] == (_version(), cited["date-released"])
    assert cited["version"] == _version()


def test_no_python_file_writes_the_version_down() -> None:
    files = [path for floor in PACKAGES for path in (HOUSE / floor).rglob("*.py")]
    assigned = re.compile(r"""^\s*(?:__version__|VERSION)\s*=\s*["']\d""", re.MULTILINE)
    assert [path.name for path in files if assigned.search(path.read_text("utf-8"))] == []
