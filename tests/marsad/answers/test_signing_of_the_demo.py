"""A stranger signs what waits in an invented home by the lines of README, and by the line that is printed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ingestion.home import Home
from ingestion.people.acts import ACT, pending
from marsad.answers import acting
from samples import invented_people
from tests.end_to_end.guide_lines import HOUSE, lines_of
from tests.expectations import proposed_homes
from tests.expectations.proposed_homes import MadeOnce


@pytest.fixture
def waiting(made_once: MadeOnce, toy_protected: Path, tmp_path: Path) -> Home:
    home = proposed_homes.waiting_home(made_once, toy_protected, tmp_path / "home" / "demo")
    invented_people.lay_out_keys(home)
    return home


def _typed(line: str, folder: Path) -> tuple[int, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"MARSAD_HOME": "home/demo", "PATH": path, "COLUMNS": "200"}
    answer = subprocess.run(["/bin/sh", "-c", line], cwd=folder, env=environment, capture_output=True, text=True)
    return answer.returncode, answer.stdout + answer.stderr


def test_the_lines_of_readme_publish_what_waits(waiting: Home, tmp_path: Path):
    lines = [line for line in lines_of(HOUSE / "README.md") if line.startswith(("marsad approve", "marsad sign"))]
    assert len(lines) == 4
    answers = [_typed(line, tmp_path) for line in lines]
    assert [code for code, _ in answers] == [0, 0, 0, 0], answers
    assert (waiting.releases / "four_ps_national" / "latest").exists()


def test_the_printed_line_signs_as_it_stands_in_the_folder_of_the_act(waiting: Home):
    folder = proposed_homes.prepare(waiting)
    for person in (invented_people.PREPARER, invented_people.APPROVER):
        line = acting.line_for(waiting, folder)
        assert f"{person}.key" in line
        code, told = _typed(line, folder)
        assert code == 0, told
        signature = folder / f"{ACT}.sig"
        acting.take_signature(waiting, folder, signature.read_bytes())
        signature.unlink()
    assert pending(waiting) == []


def test_the_keys_are_readable_by_their_owner_alone(waiting: Home):
    keys = sorted(waiting.invented_key("amina").parent.iterdir())
    assert [key.stem for key in keys] == ["amina", "dara", "hana", "karwan", "layla"]
    assert {key.stat().st_mode & 0o777 for key in keys} == {0o600}
