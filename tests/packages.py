"""The packages of the house, as pyproject.toml lists them for the build: the one list, which all tests ask."""

from __future__ import annotations

import ast
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

HOUSE = Path(__file__).resolve().parents[1]
PROJECT: dict[str, Any] = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES: tuple[str, ...] = tuple(PROJECT["tool"]["uv"]["build-backend"]["module-name"])
BESIDE = ("dbt_project", "tests", "docs", "benchmarks", "installation")
"""Folders of the top level that are no packages."""


@cache
def tree_of(path: Path) -> ast.Module:
    """Return what a module says, parsed once for all tests that ask."""
    return ast.parse(path.read_text(encoding="utf-8"))
