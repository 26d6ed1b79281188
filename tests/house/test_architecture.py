"""The walks through the house name files and functions that are there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.packages import PACKAGES, tree_of

HOUSE = Path(__file__).resolve().parents[2]
DOCUMENT = (HOUSE / "docs" / "architecture.md").read_text(encoding="utf-8")
STEPS = sorted(set(re.findall(r"`([\w/]+\.py)::([\w.]+)`", DOCUMENT)))
FLOORS = tuple(name for name in PACKAGES if name != "samples")


@cache
def _names(path: Path) -> set[str]:
    found: set[str] = set()
    for node in tree_of(path).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{one.name}" for one in node.body if isinstance(one, ast.FunctionDef)}
    return found


@pytest.mark.parametrize(("file", "name"), STEPS, ids=lambda part: part)
def test_a_step_of_a_walk_is_where_it_says(file: str, name: str) -> None:
    assert (HOUSE / file).is_file(), f"docs/architecture.md names {file}, which is gone"
    assert name in _names(HOUSE / file), f"docs/architecture.md names {name}, which {file} does not define"


def test_every_other_path_of_the_walks_is_there() -> None:
    paths = re.findall(r"`([\w-]+(?:/[\w.-]+)+)`", DOCUMENT)
    assert [path for path in paths if not (HOUSE / path).exists()] == []


def test_every_walk_has_steps() -> None:
    walks = re.split(r"^## \d+\. ", DOCUMENT, flags=re.MULTILINE)[1:]
    assert walks
    assert [walk.splitlines()[0] for walk in walks if not re.search(r"^\d+\. ", walk, re.MULTILINE)] == []


def test_the_walks_enter_every_floor_with_python() -> None:
    assert {file.partition("/")[0] for file, _ in STEPS} == set(FLOORS) - {"languages"}


_OF_OUR_CHILDREN = {"ingestion/files/limited_child.py"}
"""What a process of ours writes into a pipe."""
_OF_NO_HOME = {"reports/renderers/outlines.py"}
"""A renderer knows no home and imports no floor below; its own test reads a deep outline."""


def test_json_is_read_by_the_one_function_that_no_depth_of_it_ends() -> None:
    floors = [floor for floor in FLOORS if (HOUSE / floor).is_dir()]
    texts = {path.relative_to(HOUSE).as_posix(): path for floor in floors for path in (HOUSE / floor).rglob("*.py")}
    readers = {name for name, path in texts.items() if "json.load" in path.read_text(encoding="utf-8")}
    assert readers - _OF_OUR_CHILDREN - _OF_NO_HOME == {"ingestion/storage.py"}
