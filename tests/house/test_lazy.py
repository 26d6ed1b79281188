"""The first answer is fast because heavy floors are imported late."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("dagster", "dbt", "great_expectations", "pandas")


@pytest.mark.parametrize(
    "command",
    [
        ["--help"],
        ["check", "--help"],
        ["receive", "--help"],
        ["template", "--help"],
        ["inbox", "--help"],
        ["export", "--help"],
        ["check", "no_such_file.xlsx"],
    ],
)
def test_the_front_desk_opens_without_the_heavy_floors(command: list[str]) -> None:
    script = (
        "import sys\nfrom marsad.command import main\n"
        f"sys.argv = ['marsad', *{command!r}]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print('loaded:', sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)\n"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert answer.stderr.splitlines()[-1] == "loaded: []"
