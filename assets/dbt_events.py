"""Running dbt in this process and thread, which receives the signals: dbt ends its queries when the build is stopped.

Belongs here: calling dbt, keeping its manifest up to date with the project, passing on each finished node and each
warning, once dbt has ended.
Does not belong here: what a node means to Dagster (`dbt_assets.py`).

dbt as a separate process (`DbtCliResource`) reports as much, but takes twice the time of a whole build to start.
"""

from __future__ import annotations

import os
import re
import signal
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from assets.engines.choice import DuckdbEngine, WarehouseEngine
from assets.stages import fingerprint_of
from ingestion.checkout_files import ROOT, authored_files
from ingestion.home import REQUIREMENTS, Home, sha256_of, write_bytes
from ingestion.storage import is_of_the_disk
from languages.refusal import Refusal

PROJECT = ROOT / "dbt_project"
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
        seconds: duration.
        rows: of the table that it made; None for a test or a failed node.
    """

    name: str
    kind: str
    status: str
    seconds: float
    rows: int | None = None

    @property
    def passed(self) -> bool:
        """Whether it succeeded without a warning."""
        return self.status in _WENT_THROUGH

    @property
    def is_warning(self) -> bool:
        """Whether it failed with warning severity, which blocks nothing."""
        return self.status == _WARNED

    @property
    def is_broken(self) -> bool:
        """Whether what depends on it cannot be built."""
        return self.status in _BROKEN


@dataclass(frozen=True)
class DbtWarning:
    """A warning in dbt's own words; they name nodes and files, never a value.

    Numbers are removed: some of them state exactly how many rows fail a test.
    """

    text: str


Told = FinishedNode | DbtWarning


def build(home: Home, engine: WarehouseEngine | None = None, chosen: Sequence[str] = ()) -> Generator[Told]:
    """Build all models and run all data tests; yield dbt's messages, in the order in which nodes ended.

    Args:
        home: whose landed rows are read.
        engine: a started one; DuckDB by default.
        chosen: dbt's own selection of a part, for measurements (`--select`); all by default.

    Raises:
        Refusal: `dbt_failed` if dbt itself gave up; a node that fails is reported, not raised.
        KeyboardInterrupt: SIGINT or SIGTERM stopped the build; dbt has ended then.
    """
    yield from _run_dbt(home, engine or DuckdbEngine(home), ["build", *_SKIPPED, *chosen, "--no-write-json"])


def parse(home: Home) -> None:
    """Write dbt's manifest anew: the same one, with DuckDB's names, for every engine.

    Raises:
        Refusal: `dbt_failed` with dbt's own words if the project does not parse.
    """
    for _ in _run_dbt(home, DuckdbEngine(home), ["parse"]):
        pass


def prepare_manifest(home: Home) -> Path:
    """Return dbt's manifest under the home, parsed again if the project or the manifest has changed.

    Raises:
        Refusal: `dbt_failed` with dbt's own words if the project does not parse.
    """
    if not is_manifest_fresh(home):
        parse(home)
        write_bytes(_stamp(home), _manifest_inputs(home).encode())
    return home.dbt_target / "manifest.json"


def is_manifest_fresh(home: Home) -> bool:
    """Return whether dbt's manifest under the home matches the current project."""
    manifest, stamp = home.dbt_target / "manifest.json", _stamp(home)
    return stamp.exists() and manifest.exists() and stamp.read_text(encoding="utf-8") == _manifest_inputs(home)


def _stamp(home: Home) -> Path:
    return home.build / "manifest.fingerprint"


def _manifest_inputs(home: Home) -> str:
    """Return a hash of what decides the manifest of a home (dbt's version, too), and the manifest's own hash."""
    project = fingerprint_of([*(ROOT / path for path in authored_files("dbt_project")), REQUIREMENTS])
    return f"{project} {sha256_of(home.dbt_target / 'manifest.json')}"


def _run_dbt(home: Home, engine: WarehouseEngine, command: list[str]) -> Generator[Told]:
    os.environ |= engine.environment | {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
    messages: list[Told] = []

    def collect_event(event: Any) -> None:  # noqa: ANN401 - dbt's own message
        if _is_of_interest(event):
            messages.append(_event_message(event, engine))

    try:
        with _signals_interrupt(engine) as is_stopped:
            from dbt.cli.main import dbtRunner  # late: two seconds, in which a bare `except` can swallow the interrupt

            if is_stopped():
                raise KeyboardInterrupt
            outcome = dbtRunner(callbacks=[collect_event]).invoke([*command, *_flags(home, engine.target)])
    finally:
        engine.let_go()
    if is_stopped():  # a signal during a query of this thread surfaces from dbt as an error of that query
        raise KeyboardInterrupt from outcome.exception
    yield from messages
    _raise_failure(outcome.exception)


@contextmanager
def _signals_interrupt(engine: WarehouseEngine) -> Generator[Callable[[], bool]]:
    """Let SIGINT and SIGTERM raise what dbt listens for; yield a function that tells whether one of them came.

    On a signal Dagster raises an error of its own, which dbt does not know: its threads would go on working.
    """
    if threading.current_thread() is not threading.main_thread():  # only the main thread may have handlers
        yield lambda: False
        return
    heard: list[int] = []

    def interrupt(number: int, _frame: FrameType | None) -> None:
        heard.append(number)
        engine.interrupt()
        raise KeyboardInterrupt

    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    heeded = {number: handler for number, handler in handlers.items() if handler is not signal.SIG_IGN}
    for number in heeded:
        signal.signal(number, interrupt)
    try:
        yield lambda: bool(heard)
    finally:
        for number, handler in heeded.items():
            signal.signal(number, handler)


def _flags(home: Home, target: str) -> list[str]:
    written = home.dbt_target if target == DuckdbEngine.target else home.build / f"dbt-{target}"
    folders = ["--project-dir", PROJECT, "--profiles-dir", PROJECT, "--target-path", written, "--log-path", home.build]
    return [*map(str, folders), "--target", target, "--quiet", "--log-level", "none"]


def _is_of_interest(event: Any) -> bool:  # noqa: ANN401 - dbt's own message
    return event.info.name == "NodeFinished" or event.info.level == "warn"


def _event_message(event: Any, engine: WarehouseEngine) -> Told:  # noqa: ANN401 - dbt's own message
    if event.info.name != "NodeFinished":
        return DbtWarning(_NUMBER.sub("#", event.info.msg))
    node, result = event.data.node_info, event.data.run_result
    has_table = node.resource_type in ("model", "seed") and result.status in _WENT_THROUGH
    rows = engine.row_count(node.node_relation.relation_name) if has_table else None
    return FinishedNode(node.node_name, node.resource_type, result.status, round(result.execution_time, 3), rows)


def _raise_failure(exception: BaseException | None) -> None:
    if exception is None:
        return
    if not isinstance(exception, Exception) or is_of_the_disk(exception):
        raise exception  # a disk error: reported as such by the caller, because no model is at fault
    message = str(exception).strip() or type(exception).__name__
    raise Refusal("dbt_failed", where=message.splitlines()[0], count=1) from exception
