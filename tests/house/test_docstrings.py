"""Public functions say what they take and give; the share that does may only grow."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.packages import PACKAGES

HOUSE = Path(__file__).resolve().parents[2]
FLOORS = tuple(name for name in PACKAGES if name != "samples")
_SECTIONS = re.compile(r"^\s*(?:Args|Returns|Raises|Yields):$", re.MULTILINE)

_IN_AND_OUT = re.compile(r"^Comes in: .+^Goes out: ", re.DOTALL | re.MULTILINE)

LEAST = 0.33
"""The least share of public functions with arguments whose docstring has sections. Raise it with the share."""


def _functions(tree: ast.Module) -> Iterator[tuple[ast.FunctionDef, int]]:
    """Yield public functions, and methods of public classes with the number of arguments that nobody passes."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node, 0
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from ((one, 1) for one in node.body if isinstance(one, ast.FunctionDef))


def _public(path: Path) -> Iterator[ast.FunctionDef]:
    for function, own in _functions(ast.parse(path.read_text(encoding="utf-8"))):
        arguments = function.args
        passed = len(arguments.posonlyargs + arguments.args + arguments.kwonlyargs) - own
        if passed > 0 and not function.name.startswith("_"):
            yield function


def _files() -> list[Path]:
    return [path for floor in FLOORS for path in sorted((HOUSE / floor).rglob("*.py"))]


def test_every_public_function_with_arguments_has_a_docstring() -> None:
    bare = [f"{path.name}: {one.name}" for path in _files() for one in _public(path) if not ast.get_docstring(one)]
    assert bare == []


def test_the_share_of_functions_that_tell_arguments_results_or_errors_does_not_fall() -> None:
    told = [bool(_SECTIONS.search(ast.get_docstring(one) or "")) for path in _files() for one in _public(path)]
    assert len(told) > 900
    assert sum(told) / len(told) >= LEAST, "say in the docstring of a new function what it takes, gives and raises"


def test_every_room_says_what_comes_in_and_what_goes_out() -> None:
    rooms = [path for path in _files() if path.name == "__init__.py"]
    said = {path: ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "" for path in rooms}
    short = {str(path.parent.relative_to(HOUSE)) for path, text in said.items() if not _IN_AND_OUT.search(text)}
    assert short == set()
