"""What several house tests read of dbt's project, and which tests `make check` need not ask again.

With `--changed`, a file of tests that passed, and whose files have the same bytes since (`what_changed.py`), is left
out and counted as deselected.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Collection, Generator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.house import what_changed

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
Compiled = Callable[[str], dict[str, str]]
_RUN = pytest.StashKey[set[str]]()
_FAILED = pytest.StashKey[set[str]]()
_OPENED: set[str] = set()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--changed", action="store_true", help="leave out house tests whose files are as they passed last")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--changed", default=False):
        return
    known, files = what_changed.remembered(), what_changed.hashes()
    checks = {item.path.name for item in items}
    unchanged = {check for check in checks if known.get(check) == what_changed.key_of(check, files)}
    config.hook.pytest_deselected(items=[item for item in items if item.path.name in unchanged])
    items[:] = [item for item in items if item.path.name not in unchanged]
    config.stash[_RUN] = checks - unchanged
    config.stash[_FAILED] = set()


def _note_opened(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open" and isinstance(arguments[0], str) and arguments[0].startswith(f"{PROJECT.parent}/"):
        _OPENED.add(arguments[0].removeprefix(f"{PROJECT.parent}/"))


sys.addaudithook(_note_opened)


def strays(check: str, opened: Collection[str]) -> list[str]:
    """Return the files of the checkout that a check opened and the map does not name."""
    files = what_changed.hashes()
    return sorted(path for path in opened if path in files and not what_changed.reads(check, path))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test that reads a file which the map does not name, by its fixtures too; forget a check that failed."""
    report = yield
    check, opened = item.path.name, frozenset(_OPENED)
    if call.when == "call" and report.passed and (unnamed := strays(check, opened)):
        report.outcome = "failed"
        report.longrepr = f"{check} reads {unnamed[0]}: name it in tests/house/what_each_check_reads.yml"
    if not report.passed and _FAILED in item.config.stash:
        item.config.stash[_FAILED].add(check)
    if call.when == "teardown":
        _OPENED.clear()
    return report


def pytest_collection_finish() -> None:
    """Forget what was opened to collect the tests: no check of its own reads it."""
    _OPENED.clear()


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    stash = session.config.stash
    if _RUN not in stash or exitstatus not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        return
    files = what_changed.hashes()
    what_changed.remember({check: what_changed.key_of(check, files) for check in stash[_RUN] - stash[_FAILED]})


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
