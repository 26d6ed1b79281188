"""The tree shows the architecture: rooms, sizes, names and what must never be committed."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

from tests.packages import BESIDE, PACKAGES, PROJECT, tree_of

HOUSE = Path(__file__).resolve().parents[2]
ROOMS = {*PACKAGES, *BESIDE}
FLOORS = sorted(PACKAGES)
FORBIDDEN_NAMES = {"utils", "common", "core", "helpers", "src", "misc", "statistics"}


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [HOUSE / line for line in listed.splitlines() if (HOUSE / line).is_file()]


TRACKED = _tracked()
PYTHON = [path for path in TRACKED if path.suffix == ".py"]


def _texts() -> list[tuple[Path, str]]:
    readable = {".py", ".sql", ".yml", ".yaml", ".toml", ".md", ".po", ".lock", ".txt", ".html", ".css", ".json", ""}
    return [(path, path.read_text(encoding="utf-8")) for path in TRACKED if path.suffix in readable]


def test_every_room_of_the_top_level_is_one_the_design_names() -> None:
    found = {path.relative_to(HOUSE).parts[0] for path in TRACKED if len(path.relative_to(HOUSE).parts) > 1}
    assert found - {".ci", ".github"} <= ROOMS


def test_the_packages_stand_in_one_list() -> None:
    """What import-linter can only be told in full says the same; every other tool finds them by itself."""
    linter = PROJECT["tool"]["importlinter"]
    assert linter["root_packages"] == list(PACKAGES)
    layers = [name.strip() for layer in linter["contracts"][0]["layers"] for name in layer.split("|")]
    assert set(layers) == set(PACKAGES) - {"samples"}
    assert {path.parent.name for path in HOUSE.glob("*/__init__.py")} == set(PACKAGES)
    written = (HOUSE / "pyproject.toml").read_text(encoding="utf-8") + (HOUSE / "Makefile").read_text(encoding="utf-8")
    assert len(re.findall(r'"marsad", "assets", "reports"|marsad assets reports', written)) == 3  # with the layers


def test_no_room_is_called_by_an_empty_word() -> None:
    names = {Path(part).stem for path in PYTHON for part in path.relative_to(HOUSE).parts}
    assert not names & FORBIDDEN_NAMES


MODULES = [path for path in PYTHON if path.relative_to(HOUSE).parts[0] in FLOORS and path.stem != "__init__"]


def _defined(tree: ast.Module) -> set[str]:
    """Return what a module makes itself at its top level, also under a condition; not what it only imports."""
    names: set[str] = set()
    todo: list[ast.stmt] = list(tree.body)
    while todo:
        statement = todo.pop()
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(statement.name)
            continue
        todo += [each for each in ast.iter_child_nodes(statement) if isinstance(each, ast.stmt)]
        if not isinstance(statement, (ast.Import, ast.ImportFrom)):
            names |= {
                node.id
                for node in ast.walk(statement)
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            }
    return names


def test_a_name_is_imported_from_where_it_lives() -> None:
    trees = {path: tree_of(path) for path in PYTHON}
    modules = {
        ".".join(parts[:-1] if parts[-1] == "__init__" else parts): tree
        for path, tree in trees.items()
        for parts in [path.relative_to(HOUSE).with_suffix("").parts]
    }
    passed_on = [
        f"{path.relative_to(HOUSE)}: {node.module}.{each.name}"
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in modules
        for each in node.names
        if f"{node.module}.{each.name}" not in modules and each.name not in _defined(modules[node.module])
    ]
    assert passed_on == []


def test_no_module_has_the_name_of_a_package_above_it() -> None:
    assert [str(path) for path in MODULES if path.stem in path.relative_to(HOUSE).parts[:-1]] == []


def test_every_package_says_what_it_is_for_what_comes_in_and_what_goes_out() -> None:
    rooms = {path.parent for path in MODULES if path.parent.parent != HOUSE}
    texts = {room: ast.get_docstring(tree_of(room / "__init__.py")) for room in rooms}
    assert [
        str(room) for room, text in texts.items() if not re.search(r"Comes in: .*Goes out: ", text or "", re.S)
    ] == []


@pytest.mark.parametrize("path", [path for path in PYTHON if path.relative_to(HOUSE).parts[0] in FLOORS], ids=str)
def test_every_module_says_what_belongs_in_it(path: Path) -> None:
    assert ast.get_docstring(tree_of(path))


def test_the_tests_mirror_the_floors() -> None:
    floors = {path.relative_to(HOUSE / "tests").parts[0] for path in PYTHON if path.is_relative_to(HOUSE / "tests")}
    assert {floor for floor in FLOORS if floor != "tests"} <= floors


def test_no_machine_path_stands_in_a_tracked_file() -> None:
    places = re.compile(r"/(?:root|home/[a-z]+|work|Users)/(?!demo)[\w.-]+/")
    assert [str(path) for path, text in _texts() if path.name != "test_tree.py" and places.search(text)] == []


def test_nothing_is_left_unnamed_or_switched_off() -> None:
    words = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b|enabled: *false *# *test|pytest\.mark\.xfail")
    found = [
        str(p)
        for p, text in _texts()
        if p.suffix in {".py", ".sql"} and p.name != "test_tree.py" and words.search(text)
    ]
    assert found == []


def test_the_mark_of_whole_homes_stands_where_make_whole_looks() -> None:
    """A test with the mark is left out of `make test`; where `make whole` ignores its folder, nobody would run it."""
    (line,) = re.findall(r"-m \"whole_home and not by_hand\"(.*)", (HOUSE / "Makefile").read_text(encoding="utf-8"))
    ignored = tuple(HOUSE / folder for folder in re.findall(r"--ignore (\S+)", line))
    assert all(folder.is_dir() for folder in ignored)
    marked = [path for path in PYTHON if "pytest.mark.whole_home" in path.read_text(encoding="utf-8")]
    own = HOUSE / "tests" / "house" / "test_tree.py"
    assert [
        path
        for path in marked
        if path != own
        and path.is_relative_to(HOUSE / "tests")
        and any(path.is_relative_to(folder) for folder in ignored)
    ] == []
    assert len(marked) > 15


def test_no_large_file_is_tracked() -> None:
    texts_and_locks = (".lock", ".po", "languages/en.yml")
    large = [path for path in TRACKED if path.stat().st_size > 300_000]
    assert [path for path in large if not path.as_posix().endswith(texts_and_locks)] == []


def test_no_environment_variable_is_read_at_import() -> None:
    for path in (path for path in PYTHON if path.relative_to(HOUSE).parts[0] in FLOORS):
        tree = tree_of(path)
        at_import = [node for node in tree.body if not isinstance(node, ast.FunctionDef | ast.ClassDef)]
        assert "environ" not in " ".join(ast.dump(node) for node in at_import), path
