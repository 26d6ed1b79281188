"""Adding one of each touches one place, passes the linters and fails the tests that ask for content."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from languages.refusal import Refusal
from marsad.scaffold import scaffold
from tests.house import sql_style

HOUSE = Path(__file__).resolve().parents[2]

ADDED = {
    "source": ("iraq_health_ministry", ["ingestion/sources/iraq_health_ministry/source.yml"]),
    "indicator": (
        "prevention__demand_reduction",
        [
            "dbt_project/models/indicators/prevention/ind_prevention__demand_reduction.sql",
            "dbt_project/models/indicators/prevention/ind_prevention__demand_reduction.yml",
            "languages/ar.po",
            "languages/ckb.po",
            "languages/en.yml",
            "tests/second_warehouse/prevention_cells.py",
        ],
    ),
    "dataset": ("children_monitor", ["expectations/datasets/children_monitor.yml"]),
    "language": ("kmr", ["languages/kmr.po"]),
}
CONTENT = "tests/house/test_indicators.py"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the checkout as git would have it, so that nothing is added to the real one."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=HOUSE,
        capture_output=True,
        check=True,
    ).stdout.decode()
    for name in filter(None, listed.split("\0")):
        if (HOUSE / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(HOUSE / name, tmp_path / name)
    for command in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    return tmp_path


def _run(copy: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(copy)}
    return subprocess.run(
        [sys.executable, *words], cwd=copy, env=environment, capture_output=True, text=True, check=False
    )


def _touched(copy: Path) -> list[str]:
    status = ["git", "status", "--porcelain", "--untracked-files=all"]
    lines = subprocess.run(status, cwd=copy, capture_output=True, text=True, check=True).stdout.splitlines()
    return sorted(line[3:] for line in lines if line.startswith("??") or line[1] == "M")


@pytest.mark.whole_home
def test_a_new_thing_touches_its_one_place_and_asks_for_content(copy: Path) -> None:
    names: list[str] = []
    for kind in sorted(set(ADDED) - {"indicator"}):
        name, expected = ADDED[kind]
        made = _run(copy, "-c", f"from marsad.scaffold import scaffold; scaffold({kind!r}, {name!r})")
        assert made.returncode == 0, made.stderr
        assert _touched(copy) == expected
        subprocess.run(["git", "add", "-A"], cwd=copy, check=True)
        names.append(name)
    asked = _run(copy, "-m", "pytest", "-q", "tests/house/test_cards.py")
    assert asked.returncode == 1, asked.stdout + asked.stderr
    failed = [line for line in asked.stdout.splitlines() if line.startswith(("E ", "FAILED"))]
    assert [name for name in names if not any(name in line for line in failed)] == []


@pytest.mark.whole_home
def test_every_missing_piece_of_a_new_indicator_is_told_with_the_file_to_open(copy: Path) -> None:
    name, (sql, card, *catalogues, recount) = ADDED["indicator"]
    made = _run(copy, "-c", f"from marsad.scaffold import scaffold; scaffold('indicator', {name!r})")
    assert made.returncode == 0, made.stderr
    assert _touched(copy) == ADDED["indicator"][1]
    project = copy / "dbt_project"
    model = str((copy / sql).relative_to(project))
    assert sql_style.is_calls_alone((copy / sql).read_text(encoding="utf-8"))
    assert sql_style.faults_of_calls(project, [model]) == []
    asked = _run(copy, "-m", "pytest", "-q", CONTENT).stdout
    assert all(f"{card}: {field}: is empty" in asked for field in ("demand", "datasets", "caveats"))
    assert re.search(rf"{card}:\d+: title_en: to be written", asked)
    assert re.search(rf"{recount}:\d+: .*to be written", asked)
    assert all(re.search(rf"{path}:\d+: (msgid|indicator)", asked) for path in catalogues)
    assert all(f"{path}: fuzzy: indicator.prv_12.title" in asked for path in catalogues if path.endswith(".po"))
    (copy / sql).unlink()
    text = (copy / card).read_text(encoding="utf-8")
    (copy / card).write_text(text.partition("unit_tests:")[0], encoding="utf-8")
    asked = _run(copy, "-m", "pytest", "-q", CONTENT).stdout
    for lacking in (
        f"{Path(sql).name}: is not beside it",
        "dbt_project/macros/indicator_tags.sql does not list it",
        "unit_tests: none is of this model",
    ):
        assert f"{card}: {lacking}" in asked


@pytest.mark.whole_home
def test_the_skeleton_of_an_indicator_of_each_pillar_builds_with_its_tests(copy: Path) -> None:
    build = (
        "import sys; from pathlib import Path; from marsad.scaffold import scaffold\n"
        "from tests.dbt_project.invented_raw import RawFiles, build\n"
        "names = [f'{pillar}__skeleton' for pillar in ('prevention', 'protection', 'prosecution', 'partnership')]\n"
        "for name in names: scaffold('indicator', name)\n"
        "models = [f'+ind_{name}' for name in names]\n"
        "ended = build(RawFiles(Path(sys.argv[1])), '--select', *models).statuses\n"
        "assert sum(name.startswith('to_be_written') for name in ended) == 4, ended\n"
        "assert set(ended.values()) <= {'success', 'pass'}, ended\n"
    )
    built = _run(copy, "-c", build, str(copy / "home" / "raw"))
    assert built.returncode == 0, built.stdout + built.stderr


@pytest.mark.parametrize(
    ("kind", "name", "code"),
    [
        ("shape", "victims", "scaffold_kind"),
        ("language", "ku", "scaffold_ku"),
        ("source", "iraq_interior_ministry", "scaffold_taken"),
        ("indicator", "hotline", "scaffold_name"),
        ("dataset", "Four Ps", "scaffold_name"),
    ],
)
def test_a_name_that_does_not_fit_or_is_taken_is_refused(kind: str, name: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        scaffold(kind, name)
    assert refused.value.code == code
