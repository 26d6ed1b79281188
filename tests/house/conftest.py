"""What several house tests read of dbt's project: its manifest, and each model compiled once for an engine."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
Compiled = Callable[[str], dict[str, str]]


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    """Return what compiles each model and data test for an engine; one folder for all: dbt reads the project once."""
    folder = tmp_path_factory.mktemp("compiled")
    return cache(lambda engine: _compiled(folder, engine))


@pytest.fixture(scope="session")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The manifest of a fresh parse over a home that does not exist."""
    from dbt.cli.main import dbtRunner

    target = tmp_path_factory.mktemp("target")
    places = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    places += ["--target-path", str(target), "--log-path", str(target)]
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("MARSAD_RAW", str(target / "no_such_home" / "raw"))
        environment.setenv("MARSAD_BUILD", str(target / "no_such_home" / "warehouse.duckdb"))
        outcome = dbtRunner().invoke(["parse", *places, "--quiet", "--no-partial-parse"])
    assert outcome.success, outcome.exception
    return json.loads((target / "manifest.json").read_text(encoding="utf-8"))


def _compiled(folder: Path, engine: str) -> dict[str, str]:
    """Return each model and data test as text for an engine, compiled over a home that does not exist.

    dbt chooses macros by the names of an engine; so the text for Spark needs no adapter of Spark's.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.adapters.factory import FACTORY
    from dbt.cli.main import dbtRunner

    places = ["--project-dir", PROJECT, "--profiles-dir", PROJECT, "--target-path", folder, "--log-path", folder]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MARSAD_RAW", str(folder / "raw"))
        patch.setenv("MARSAD_BUILD", ":memory:")
        patch.setattr(FACTORY, "get_adapter_type_names", lambda _name: [engine])
        outcome = dbtRunner().invoke(["compile", "--no-populate-cache", "--quiet", *map(str, places)])
        DuckDBConnectionManager.close_all_connections()
    assert outcome.success, outcome.exception
    kinds = ("model", "test")
    return {one.node.name: one.node.compiled_code for one in outcome.result if one.node.resource_type in kinds}
