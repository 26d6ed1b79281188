"""Every line of README and of the guides is typed in the demo's home, and its answer makes sense."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingestion.home import Home
from tests.end_to_end.guide_lines import HOUSE, code_of, guides, lines_of

EXPECTED: Mapping[str, Mapping[str, Mapping[str, Any]]] = yaml.safe_load(
    (Path(__file__).parent / "guides.yml").read_text(encoding="utf-8")
)
RUN = [guide for guide in guides() if any("elsewhere" not in one for one in EXPECTED.get(guide.name, {}).values())]


def test_each_line_of_each_guide_has_one_expectation_and_no_expectation_is_of_a_line_that_is_gone() -> None:
    stated = {guide.name: lines_of(guide) for guide in guides() if lines_of(guide)}
    assert {name: list(lines) for name, lines in EXPECTED.items()} == stated


def test_each_expectation_says_what_is_shown_or_made_or_why_the_line_runs_elsewhere() -> None:
    lines = {f"{name}: {line}": one for name, found in EXPECTED.items() for line, one in found.items()}
    assert [
        line for line, one in lines.items() if not any(one.get(key) for key in ("shows", "makes", "elsewhere"))
    ] == []
    named = {line: re.findall(r"tests/\S+", one.get("elsewhere", "")) for line, one in lines.items()}
    assert {line: paths for line, paths in named.items() if not all((HOUSE / path).exists() for path in paths)} == {}


@pytest.fixture(scope="module")
def copy_of_demo(demo: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(demo.root, tmp_path_factory.mktemp("guides") / "demo"))


@pytest.fixture
def desk(copy_of_demo: Path, tmp_path: Path) -> Path:
    """A folder of one's own, with the checkout's samples and the demo's home where the guides have them."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "demo").symlink_to(copy_of_demo)
    (tmp_path / "ingestion").symlink_to(HOUSE / "ingestion")
    return tmp_path


def _typed(line: str, desk: Path) -> tuple[int, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"MARSAD_HOME": "home/demo", "PATH": path, "COLUMNS": "200"}
    answer = subprocess.run(
        ["/bin/sh", "-c", line], cwd=desk, env=environment, capture_output=True, text=True, check=False
    )
    return answer.returncode, answer.stdout + answer.stderr


@pytest.mark.whole_home
@pytest.mark.parametrize("guide", RUN, ids=lambda guide: guide.name)
def test_each_line_answers_with_sense(guide: Path, desk: Path) -> None:
    wrong: dict[str, str] = {}
    for line, expected in EXPECTED[guide.name].items():
        if "elsewhere" in expected:
            continue
        code, told = _typed(expected.get("run", line), desk)
        lacking = [shown for shown in expected.get("shows", ()) if not re.search(shown, told)]
        lacking += [made for made in expected.get("makes", ()) if not (desk / made).exists()]
        if code != expected.get("code", 0) or lacking or "Traceback" in told:
            wrong[line] = f"{code}, lacks {lacking}: {told[-800:]}"
    assert wrong == {}


@pytest.mark.whole_home
def test_the_python_and_the_sql_of_reading_a_release_find_the_cells_that_they_name(desk: Path) -> None:
    guide = HOUSE / "docs" / "reading_a_release.md"
    python, sql = code_of(guide, "python")[0], code_of(guide, "sql")[0]
    code, told = _typed(
        f"cat > read.py <<'END'\n{python}\nprint(sorted(victims.time_period))\nEND\npython read.py", desk
    )
    assert code == 0 and "'2025'" in told, told
    asked = f"import duckdb\nprint(duckdb.connect().execute('''{sql}''').fetchall())"
    code, told = _typed(f"cat > ask.py <<'END'\n{asked}\nEND\npython ask.py", desk)
    assert code == 0 and "('2025', " in told, told
