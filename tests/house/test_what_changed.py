"""A check is left out only where nothing that it reads has changed since it passed."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.house import what_changed
from tests.house.conftest import strays
from tests.packages import HOUSE, tree_of

CHECKS = sorted(what_changed.map_of_checks())


def _imported_modules(path: Path) -> set[str]:
    """Return the files of this checkout that a test imports by name."""
    names: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {file for name in names if (HOUSE / (file := f"{name.replace('.', '/')}.py")).is_file()}


@pytest.mark.parametrize("check", CHECKS)
def test_the_map_names_what_a_check_imports(check: str) -> None:
    imported = _imported_modules(HOUSE / "tests/house" / check)
    assert sorted(path for path in imported if not what_changed.reads(check, path)) == []


@pytest.mark.parametrize("check", CHECKS)
def test_the_map_names_checks_and_places_that_there_are(check: str) -> None:
    places = [f"tests/house/{check}", *what_changed.map_of_checks()[check]]
    assert [place for place in places if not (HOUSE / place).exists()] == []


@pytest.mark.parametrize(
    ("path", "is_asked"),
    [
        ("dbt_project/models/core/dim_person.sql", True),
        ("tests/house/test_dialects.py", True),
        ("requirements.lock", True),
        ("reports/renderers/pdf.py", False),
        ("dbt_project.md", False),
    ],
)
@pytest.mark.parametrize("now", ["another hash", ""])
def test_a_changed_or_new_or_lost_file_asks_the_checks_that_read_it(path: str, is_asked: bool, now: str) -> None:
    before = {path: "a hash", "dbt_project/dbt_project.yml": "a hash"}
    after = before | {path: now} if now else {name: sha256 for name, sha256 in before.items() if name != path}
    keys = {what_changed.key_of("test_dialects.py", files) for files in (before, after)}
    assert (len(keys) == 2) == is_asked


def test_a_check_that_no_list_names_reads_everything() -> None:
    assert "test_tree.py" not in what_changed.map_of_checks()
    assert what_changed.reads("test_tree.py", "languages/ar.po")


def test_a_file_that_a_check_opens_without_naming_it_is_seen() -> None:
    assert strays("test_dialects.py", {"languages/ar.po", "dbt_project/dbt_project.yml"}) == ["languages/ar.po"]


def test_a_memory_that_cannot_be_read_remembers_nothing(tmp_path: Path) -> None:
    memory = tmp_path / "checked.json"
    assert what_changed.remembered(memory) == {}
    memory.write_text("{", encoding="ascii")
    assert what_changed.remembered(memory) == {}
    what_changed.remember({"a": "1", "b": "1"}, memory)
    what_changed.remember({"b": "2"}, memory)
    assert what_changed.remembered(memory) == {"a": "1", "b": "2"}


BEFORE = {"languages/words.py": "1", "marsad/start.py": "1", "pyproject.toml": "1"}


def test_a_module_that_changed_is_typed_with_all_that_import_it() -> None:
    paths = what_changed.modules_to_type(BEFORE, BEFORE | {"languages/words.py": "2"})
    assert paths is not None
    assert {"languages/words.py", "marsad/answers/arrived_files.py", "reports/publishing/issue_report.py"} <= set(paths)
    assert what_changed.modules_to_type(BEFORE, BEFORE | {"marsad/start.py": "2"}) == [
        "marsad/check_command.py",
        "marsad/command.py",
        "marsad/start.py",
    ]


def test_where_nothing_changed_nothing_is_typed_and_where_names_or_settings_did_all_is() -> None:
    assert what_changed.modules_to_type(BEFORE, BEFORE) == []
    assert what_changed.modules_to_type({}, BEFORE) is None
    assert what_changed.modules_to_type(BEFORE, BEFORE | {"pyproject.toml": "2"}) is None
    assert what_changed.modules_to_type(BEFORE, BEFORE | {"languages/new.py": "1"}) is None
    assert what_changed.modules_to_type(BEFORE | {"languages/gone.py": "1"}, BEFORE) is None
