"""No private part of a library: a name that begins with an underscore is used by its own package alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.packages import BESIDE, PACKAGES, PROJECT, tree_of

HOUSE = Path(__file__).resolve().parents[2]
OURS = {*PACKAGES, *BESIDE}
ADAPTERS = {
    "assets/engines/java_process.py",
    "ingestion/forms/workbook_bytes.py",
}
"""Each stands between a private part of one library and everything else, and says why it must (decision 88)."""
DOCUMENTED = {"_exit", "_replace"}
"""Public in spite of their underscore: Python's own pages describe `os._exit` and `_replace` of named tuples."""


def private_imports(tree: ast.Module) -> Iterator[str]:
    """Yield each name or module of others that begins with an underscore, as it is imported."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [f"{node.module}.{each.name}" for each in node.names]
        else:
            continue
        for name in names:
            first, *parts = name.split(".")
            private = [part for part in (first, *parts) if part.startswith("_") and not part.endswith("__")]
            if private and first not in OURS:
                yield name


def _private_imports_by_module() -> dict[str, set[str]]:
    taken = {
        path.relative_to(HOUSE).as_posix(): set(private_imports(tree_of(path)))
        for room in OURS
        for path in (HOUSE / room).rglob("*.py")
    }
    return {path: names for path, names in taken.items() if names}


def test_a_private_name_of_a_library_is_imported_by_its_adapter_alone() -> None:
    wrong = sorted(
        f"{path}: {name}: import the public name, or make an adapter, as docs/decisions/0088 says"
        for path, names in _private_imports_by_module().items()
        for name in names
        if path not in ADAPTERS
    )
    assert wrong == []


def private_attributes(tree: ast.Module) -> Iterator[str]:
    """Yield each private name that is asked of anything but `self` and `cls`."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or not node.attr.startswith("_") or node.attr.endswith("__"):
            continue
        if not isinstance(node.value, ast.Name) or node.value.id not in ("self", "cls"):
            yield node.attr


def _own_names() -> set[str]:
    """Return every private name that a module of the house gives to something."""
    names: set[str] = set()
    for path in (path for room in OURS for path in (HOUSE / room).rglob("*.py")):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                names.add(node.name)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                names.add(node.attr)
    return names


def test_a_test_asks_a_library_for_no_private_name() -> None:
    """Ruff's SLF001 holds the packages; a test may look into a module of ours."""
    own = _own_names()
    asked = sorted(
        f"{path.relative_to(HOUSE)}: {name}: of a library, take its public name"
        for path in (HOUSE / "tests").rglob("*.py")
        for name in set(private_attributes(tree_of(path))) - own - DOCUMENTED
    )
    assert asked == []


def test_there_are_five_adapters_at_most_and_each_is_short_and_named_in_the_decision() -> None:
    assert len(ADAPTERS) <= 5
    decision = (HOUSE / "docs" / "decisions" / "0088-no-private-part-of-a-library.md").read_text(encoding="utf-8")
    assert [path for path in sorted(ADAPTERS) if f"`{path}`" not in decision] == []
    assert [path for path in sorted(ADAPTERS) if len((HOUSE / path).read_text("utf-8").splitlines()) > 100] == []


def test_ruff_lets_adapters_alone_ask_for_private_names() -> None:
    """Beside them tests, which ask modules of ours."""
    ignored = PROJECT["tool"]["ruff"]["lint"]["per-file-ignores"]
    let = {path for path, rules in ignored.items() if "SLF001" in rules}
    assert "SLF001" in PROJECT["tool"]["ruff"]["lint"]["select"]
    assert let <= ADAPTERS | {"tests/**"}


@pytest.mark.parametrize(
    ("code", "private"),
    [
        ("frame._element.tag", ["_element"]),
        ("self._element, cls._element", []),
        ("a.__dict__, a.plain", []),
        ("import a\na.b(c)._d = 1", ["_d"]),
    ],
)
def test_a_private_name_that_is_asked_of_another_is_seen(code: str, private: list[str]) -> None:
    assert list(private_attributes(ast.parse(code))) == private


@pytest.mark.parametrize(
    ("code", "private"),
    [
        ("from highspy._core import Highs", ["highspy._core.Highs"]),
        ("from highspy import _Highs, Highs", ["highspy._Highs"]),
        ("import typer._click.core", ["typer._click.core"]),
        ("import _thread", ["_thread"]),
        ("def late():\n    from a.b import _c", ["a.b._c"]),
        ("from importlib import __import__", []),
        ("from __future__ import annotations", []),
        ("from methods.disclosure import _own", []),
        ("from . import _own", []),
        ("import numpy as _np", []),
    ],
)
def test_a_private_import_is_seen_wherever_it_stands(code: str, private: list[str]) -> None:
    assert list(private_imports(ast.parse(code))) == private


TRICKS = {
    "ctypes": "call what a library offers in Python",
    "gc.set_threshold": "let the collector come by itself; a process that ends gives all back",
    "gc.freeze": "let the collector come by itself; a process that ends gives all back",
    "sys.modules": "install what is asked for, or do not import who asks; to look a name up in it is fine",
}
"""What changes the interpreter under every library, and what to do in its place."""
_CHANGES_A_DICTIONARY = {"setdefault", "pop", "update", "clear", "popitem"}


def _dotted(node: ast.AST) -> str:
    """Return `module.name` of such a node, and nothing of any other."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    return ""


def _is_change(node: ast.AST) -> bool:
    """Whether a node sets, deletes or replaces entries of what its `value` names."""
    if isinstance(node, ast.Subscript):
        return not isinstance(node.ctx, ast.Load)
    return isinstance(node, ast.Attribute) and node.attr in _CHANGES_A_DICTIONARY


def tricks(tree: ast.Module) -> Iterator[str]:
    """Yield each use of a name of `TRICKS`; `sys.modules` only where it is changed."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or "", *(f"{node.module}.{each.name}" for each in node.names)]
        elif isinstance(node, ast.Subscript | ast.Attribute) and _is_change(node):
            names = [_dotted(node.value)]
        else:
            names = [name for name in [_dotted(node)] if name != "sys.modules"]
        yield from (name for name in names if name in TRICKS)


def test_no_module_changes_the_interpreter_for_all_others() -> None:
    wrong = sorted(
        f"{path.relative_to(HOUSE)}: {name}: {TRICKS[name]}"
        for room in PACKAGES
        for path in (HOUSE / room).rglob("*.py")
        for name in tricks(tree_of(path))
    )
    assert wrong == []


@pytest.mark.parametrize(
    "source",
    [
        "import ctypes",
        "from ctypes import CDLL",
        "gc.freeze()",
        "from gc import freeze",
        "sys.modules['a'] = None",
        "del sys.modules['a']",
        "sys.modules.setdefault('a', None)",
    ],
)
def test_a_trick_is_seen(source: str) -> None:
    assert len(list(tricks(ast.parse(source)))) == 1


@pytest.mark.parametrize("source", ["'a' in sys.modules", "gc.collect()", "sys.modules['a'].b", "import gc"])
def test_what_changes_nothing_is_no_trick(source: str) -> None:
    assert list(tricks(ast.parse(source))) == []
