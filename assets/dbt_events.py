"""dbt in this process, in a thread of its own, so that what it does is told while it runs.

Belongs here: calling dbt, keeping its manifest in line with the project, handing on each node that ends and each
warning, ending it when the build is stopped.
Does not belong here: what a node means to Dagster (`dbt_assets.py`).

dbt as a process of its own (`DbtCliResource`) tells as much, and takes twice the time of a whole build to start.
"""

from __future__ import annotations

import ctypes
import os
import re
import threading
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from assets.engines.choice import DuckdbEngine, WarehouseEngine
from assets.stages import HOUSE, fingerprint_of, room
from ingestion.home import REQUIREMENTS, Home, sha256_of, write_bytes
from ingestion.storage import is_of_the_disk
from ingestion.waiting import next_of
from languages.refusal import Refusal

PROJECT = HOUSE / "dbt_project"
_SKIPPED = [word for kind in ("unit_test", "exposure") for word in ("--exclude-resource-type", kind)]
_BROKEN = ("error", "fail", "skipped", "runtime error", "partial success")
_WENT_THROUGH = ("success", "pass")
_WARNED = "warn"
_NUMBER = re.compile(r"\b\d+\b")


@dataclass(frozen=True)
class FinishedNode:
    """A model, seed or test that dbt has finished.

    Attributes:
        name: of the node.
        kind: `model`, `seed` or `test`.
        status: dbt's own word for its end.
        seconds: that it took.
        rows: of the table that it made; None for a test, and for what failed.
    """

    name: str
    kind: str
    status: str
    seconds: float
    rows: int | None = None

    @property
    def passed(self) -> bool:
        """Whether it went through, without a warning."""
        return self.status in _WENT_THROUGH

    @property
    def is_warning(self) -> bool:
        """Whether it failed in a way that its own card calls a warning: it blocks nothing."""
        return self.status == _WARNED

    @property
    def is_broken(self) -> bool:
        """Whether what is behind it cannot be built."""
        return self.status in _BROKEN


@dataclass(frozen=True)
class DbtWarning:
    """Something that dbt warns of, in its own words; they name nodes and files, never a value.

    Numbers are taken out: some of them say how many rows break a test, exactly.
    """

    text: str


Told = FinishedNode | DbtWarning


def build(home: Home, engine: WarehouseEngine | None = None, chosen: Sequence[str] = ()) -> Generator[Told]:
    """Build all models and run all data tests; yield what dbt tells, each node as soon as it ends.

    Args:
        home: whose landed rows are read.
        engine: that has been started; DuckDB if none is given.
        chosen: dbt's own words for a part of it, for measurements (`--select`); all if there are none.

    Raises:
        Refusal: `dbt_failed` where dbt itself gave up; a node that fails is told, not raised.
        KeyboardInterrupt: when somebody stopped the build; dbt has ended then.
    """
    yield from _told_by_dbt(home, engine or DuckdbEngine(home), ["build", *_SKIPPED, *chosen, "--no-write-json"])


def parse(home: Home) -> None:
    """Write dbt's manifest anew: one, by DuckDB's names, whichever engine builds.

    Raises:
        Refusal: `dbt_failed` with dbt's own words when the project does not parse.
    """
    for _ in _told_by_dbt(home, DuckdbEngine(home), ["parse"]):
        pass


def prepared_manifest(home: Home) -> Path:
    """Return dbt's manifest under the home, parsed anew when the project changed since, or the manifest did.

    Raises:
        Refusal: `dbt_failed` with dbt's own words when the project does not parse.
    """
    if not is_manifest_fresh(home):
        parse(home)
        write_bytes(_stamp(home), _read_from(home).encode())
    return home.dbt_target / "manifest.json"


def is_manifest_fresh(home: Home) -> bool:
    """Return whether dbt's manifest under the home is of the project as it is now."""
    manifest, stamp = home.dbt_target / "manifest.json", _stamp(home)
    return stamp.exists() and manifest.exists() and stamp.read_text(encoding="utf-8") == _read_from(home)


def _stamp(home: Home) -> Path:
    return home.build / "manifest.fingerprint"


def _read_from(home: Home) -> str:
    """What decides the manifest of a home, and its hash; another dbt writes another one."""
    project = fingerprint_of([*room("dbt_project"), REQUIREMENTS])
    return f"{project} {sha256_of(home.dbt_target / 'manifest.json')}"


def _told_by_dbt(home: Home, engine: WarehouseEngine, command: list[str]) -> Generator[Told]:
    from dbt.cli.main import dbtRunner  # late: two seconds

    os.environ |= engine.environment | {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
    events: SimpleQueue[Any] = SimpleQueue()
    outcomes: list[Any] = []

    def run() -> None:
        try:
            runner = dbtRunner(callbacks=[lambda event: events.put(event) if _is_of_interest(event) else None])
            outcomes.append(runner.invoke([*command, *_flags(home, engine.target)]))
        finally:
            events.put(None)

    thread = threading.Thread(target=run, name="dbt")
    thread.start()
    try:
        while (event := next_of(events)) is not None:
            yield _told(event, engine)
    except BaseException:
        _stop(thread)
        engine.interrupt()
        raise
    finally:
        thread.join()
        engine.let_go()
    _raise_what_ended(outcomes)


def _flags(home: Home, target: str) -> list[str]:
    written = home.dbt_target if target == DuckdbEngine.target else home.build / f"dbt-{target}"
    folders = ["--project-dir", PROJECT, "--profiles-dir", PROJECT, "--target-path", written, "--log-path", home.build]
    return [*map(str, folders), "--target", target, "--quiet", "--log-level", "none"]


def _is_of_interest(event: Any) -> bool:  # noqa: ANN401 - dbt's own message
    return event.info.name == "NodeFinished" or event.info.level == "warn"


def _told(event: Any, engine: WarehouseEngine) -> Told:  # noqa: ANN401 - dbt's own message
    if event.info.name != "NodeFinished":
        return DbtWarning(_NUMBER.sub("#", event.info.msg))
    node, result = event.data.node_info, event.data.run_result
    has_table = node.resource_type in ("model", "seed") and result.status in _WENT_THROUGH
    rows = engine.row_count(node.node_relation.relation_name) if has_table else None
    return FinishedNode(node.node_name, node.resource_type, result.status, round(result.execution_time, 3), rows)


def _stop(thread: threading.Thread) -> None:
    """Raise in dbt's thread what a signal raises where dbt runs in the first one: it cancels what it runs and ends."""
    number = ctypes.c_ulong(thread.ident or 0)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(number, ctypes.py_object(KeyboardInterrupt))


def _raise_what_ended(outcomes: list[Any]) -> None:
    exception = outcomes[0].exception if outcomes else KeyboardInterrupt()
    if exception is None:
        return
    if not isinstance(exception, Exception):  # somebody stopped the build; dbt hands on what it caught
        raise KeyboardInterrupt from exception
    if is_of_the_disk(exception):  # told as such by who called us: no model is to be corrected
        raise exception
    said = str(exception).strip() or type(exception).__name__
    raise Refusal("dbt_failed", where=said.splitlines()[0], count=1) from exception
