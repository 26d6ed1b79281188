"""Public functions say what they take and give."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.packages import PACKAGES, tree_of

HOUSE = Path(__file__).resolve().parents[2]
FLOORS = tuple(name for name in PACKAGES if name != "samples")


def _functions(tree: ast.Module) -> Iterator[tuple[ast.FunctionDef, int]]:
    """Yield public functions, and methods of public classes with the number of arguments that nobody passes."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node, 0
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from ((one, 1) for one in node.body if isinstance(one, ast.FunctionDef))


def _public(path: Path) -> Iterator[ast.FunctionDef]:
    for function, own in _functions(tree_of(path)):
        arguments = function.args
        passed = len(arguments.posonlyargs + arguments.args + arguments.kwonlyargs) - own
        if passed > 0 and not function.name.startswith("_"):
            yield function


def _files() -> list[Path]:
    return [path for floor in FLOORS for path in sorted((HOUSE / floor).rglob("*.py"))]


def test_every_public_function_with_arguments_has_a_docstring() -> None:
    bare = [f"{path.name}: {one.name}" for path in _files() for one in _public(path) if not ast.get_docstring(one)]
    assert bare == []
