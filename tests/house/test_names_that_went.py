"""What went stays away: no name of record 100 stands anywhere but in the records and the CHANGELOG."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.packages import HOUSE

_RECORD = (HOUSE / "docs" / "decisions" / "0100-one-road-out.md").read_text(encoding="utf-8")
_LISTED = _RECORD.partition("**Names that went.**")[2].partition("**Consequences.**")[0]
NAMES = [name for line in _LISTED.splitlines() if line.startswith("- ") for name in re.findall(r"`([^`]+)`", line)]


def test_the_record_lists_what_went() -> None:
    assert len(NAMES) > 80


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_went_stands_nowhere(name: str) -> None:
    elsewhere = ["git", "grep", "-nwF", "-e", name, "--", ".", ":!docs/decisions", ":!CHANGELOG.md"]
    assert subprocess.run(elsewhere, cwd=HOUSE, capture_output=True, text=True, check=False).stdout == ""
