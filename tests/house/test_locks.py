"""The locks: what a user has, and beside it what developers and Spark need."""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from itertools import combinations
from pathlib import Path

import pytest

from tests.packages import PACKAGES, PROJECT, tree_of

HOUSE = Path(__file__).resolve().parents[2]
SETS = ("dev", "spark")
LOCKS = ("requirements.lock", *(f"requirements-{name}.lock" for name in SETS))
OF_EXTRAS = {"axes", "django", "django_otp", "py4j", "pyspark", "qrcode", "waitress"}
"""What the house imports only where somebody asked for the desk or for Spark."""


def _pins(name: str) -> dict[str, set[str]]:
    """Return the versions that a lock has of each package: more than one where the version of Python decides."""
    pins: dict[str, set[str]] = defaultdict(set)
    text = (HOUSE / name).read_text(encoding="utf-8")
    for package, version in re.findall(r"^([a-z0-9._-]+)==([^ ;]+)", text, flags=re.MULTILINE):
        pins[package].add(version)
    return pins


def _declared(name: str) -> set[str]:
    declared = PROJECT["project"]["optional-dependencies"] | PROJECT["dependency-groups"]
    return {_normal(re.split(r"[\[<>=~!]", line)[0]) for line in declared[name]}


def _normal(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()


@pytest.mark.parametrize("name", SETS)
def test_what_a_user_has_stands_in_no_lock_beside(name: str) -> None:
    assert _pins("requirements.lock").keys() & _pins(f"requirements-{name}.lock").keys() == set()


@pytest.mark.parametrize("name", SETS)
def test_what_a_set_declares_is_locked_beside_or_is_a_user_s(name: str) -> None:
    assert _declared(name) <= _pins(f"requirements-{name}.lock").keys() | _pins("requirements.lock").keys()


def test_what_stands_in_two_locks_has_the_same_versions_in_both() -> None:
    differing = [
        (package, first, second)
        for first, second in combinations(LOCKS, 2)
        for package in _pins(first).keys() & _pins(second).keys()
        if _pins(first)[package] != _pins(second)[package]
    ]
    assert differing == []


def test_every_locked_package_has_a_hash_and_no_lock_names_a_host() -> None:
    for name in LOCKS:
        text = (HOUSE / name).read_text(encoding="utf-8")
        entries = re.split(r"\n(?=[a-z0-9])", text)[1:]
        assert len(entries) > 2
        assert [entry.split(" ")[0] for entry in entries if "--hash=sha256:" not in entry] == []
        assert not re.search(r"https?://|index-url|find-links|@ file", text)


def test_a_production_room_has_no_tools_of_developers() -> None:
    tools = {"cosmic-ray", "hypothesis", "mkdocs", "playwright", "polars", "pyright", "pytest", "ruff", "sqlfluff"}
    assert tools <= _pins("requirements-dev.lock").keys()
    assert {"uv", "uv-build"} <= _pins("requirements.lock").keys()


def _imported(path: Path) -> Iterator[str]:
    """Yield the first word of every import of a module, of those inside a function too."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def test_whatever_the_house_imports_is_in_the_lock_of_users() -> None:
    distributions = packages_distributions()
    own = {*PACKAGES, *OF_EXTRAS, *sys.stdlib_module_names}
    paths = [path for package in (*PACKAGES, "dbt_project") for path in (HOUSE / package).rglob("*.py")]
    assert len(paths) > 500
    missing = {
        (name, path.relative_to(HOUSE).as_posix())
        for path in paths
        for name in _imported(path)
        if name not in own
        and not {_normal(found) for found in distributions.get(name, [])} & _pins("requirements.lock").keys()
    }
    assert missing == set()
