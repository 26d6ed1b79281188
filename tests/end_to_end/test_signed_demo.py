"""The demo ends with statements that two invented people signed: a shell checks them with stock tools, as it says."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ingestion.home import Home
from languages.words import Words
from marsad.commands import demonstrating

pytestmark = pytest.mark.whole_home


def _typed(line: str, folder: Path) -> tuple[int, str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    answer = subprocess.run(["/bin/sh", "-c", line], cwd=folder, env=environment, capture_output=True, text=True)
    return answer.returncode, answer.stdout + answer.stderr


@pytest.fixture
def last_lines(demo: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The last lines of the demo, with a folder of one's own for the list of signers."""
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "marsad").symlink_to(Path(sys.executable).with_name("marsad"))
    demonstrating.print_where_to_look(demo, Words.load("en"))
    return capsys.readouterr().out.splitlines()


def test_releases_and_report_are_signed_and_a_shell_checks_it_by_the_lines_that_the_demo_prints(
    last_lines: list[str], demo: Home, tmp_path: Path
):
    statements = [
        re.fullmatch(r"Statement (\d), prepared by amina and approved by dara, .*: (.+)", x) for x in last_lines
    ]
    places = {match[1]: Path(match[2]).relative_to(demo.root).parts[0] for match in statements if match}
    assert places == {"2": "releases", "3": "reports"}
    people, verify, prepared, approved = (line.strip() for line in last_lines[-4:])
    assert [_typed(line, tmp_path)[0] for line in (people, verify)] == [0, 0]
    for line, person in ((prepared, "amina"), (approved, "dara")):
        code, answer = _typed(line, tmp_path)
        assert (code, f"for {person} with ED25519 key" in answer) == (0, True), answer
    copy = shutil.copytree(
        next(Path(match[2]).parent for match in statements if match and match[1] == "3"), tmp_path / "copy"
    )
    statement = copy / "statement.json"
    statement.write_bytes(statement.read_bytes().replace(b"the report", b"The report", 1))
    for line in (prepared, approved):
        assert (
            _typed(line.replace(str(next(demo.reports.glob("*/statement.json")).parent), str(copy)), tmp_path)[0] != 0
        )


def test_sha256sum_leads_from_the_statement_of_a_release_to_each_of_its_files(demo: Home, tmp_path: Path):
    for statement in demo.releases.glob("*/*/statement.json"):
        code, answer = _typed(f"cd {statement.parent} && sha256sum *", tmp_path)
        hashes = {name: sha256 for sha256, name in (line.split("  ") for line in answer.splitlines())}
        manifest = f"{statement.parent.relative_to(demo.root)}/manifest.json"
        about = json.loads(statement.read_bytes())["about"]
        assert (code, hashes["manifest.json"]) == (0, about[manifest])
        files = json.loads((statement.parent / "manifest.json").read_bytes())["files"]
        beside = {name for name in hashes if name.startswith("statement.")}
        assert {name: hashes[name] for name in hashes.keys() - beside - {"manifest.json"}} == files


def test_nothing_of_the_demo_is_unsigned_and_its_logs_hold(last_lines: list[str], demo: Home, tmp_path: Path):
    code, answer = _typed(f"MARSAD_HOME={demo.root} .venv/bin/marsad log --verify", tmp_path)
    assert code == 0, answer
