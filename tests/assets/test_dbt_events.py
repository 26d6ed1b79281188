"""What dbt did is told node by node, and a build that is stopped stops dbt."""

from __future__ import annotations

import errno
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from dbt.cli import main as cli

from assets import dbt_events
from assets.engines.choice import DuckdbEngine
from ingestion.home import Home
from languages.refusal import Refusal

Ran = Callable[[Callable[[Any], None]], SimpleNamespace]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home").open(invented=True)


def _runs(monkeypatch: pytest.MonkeyPatch, ran: Ran) -> None:
    class Runner:
        def __init__(self, callbacks: list[Callable[[Any], None]]) -> None:
            self.tell = callbacks[0]

        def invoke(self, _words: list[str]) -> SimpleNamespace:
            return ran(self.tell)

    monkeypatch.setattr(cli, "dbtRunner", Runner)


def _finished(name: str, status: str) -> SimpleNamespace:
    node = SimpleNamespace(node_name=name, resource_type="test")
    result = SimpleNamespace(status=status, execution_time=0.5)
    return SimpleNamespace(
        info=SimpleNamespace(name="NodeFinished", level="debug"),
        data=SimpleNamespace(node_info=node, run_result=result),
    )


def _said(level: str, text: str) -> SimpleNamespace:
    return SimpleNamespace(info=SimpleNamespace(name="Note", level=level, msg=text))


def test_nodes_are_told_in_the_order_in_which_they_ended(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def ran(tell: Callable[[Any], None]) -> SimpleNamespace:
        for name in ("two", "one"):
            tell(_finished(name, "pass"))
        return SimpleNamespace(exception=None)

    _runs(monkeypatch, ran)
    assert list(dbt_events.build(home)) == [
        dbt_events.FinishedNode(name, "test", "pass", 0.5) for name in ("two", "one")
    ]


def test_warnings_are_told_and_small_talk_is_not(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def ran(tell: Callable[[Any], None]) -> SimpleNamespace:
        for level in ("debug", "info", "warn"):
            tell(_said(level, level))
        return SimpleNamespace(exception=None)

    _runs(monkeypatch, ran)
    assert list(dbt_events.build(home)) == [dbt_events.DbtWarning("warn")]


def test_a_warning_does_not_tell_how_many_rows_break_a_test(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def ran(tell: Callable[[Any], None]) -> SimpleNamespace:
        tell(_said("warn", "Got 7 results of prt_02, configured to warn if != 0"))
        return SimpleNamespace(exception=None)

    _runs(monkeypatch, ran)
    assert list(dbt_events.build(home)) == [
        dbt_events.DbtWarning("Got # results of prt_02, configured to warn if != #")
    ]


@pytest.mark.parametrize(
    ("status", "passed", "is_warning", "is_broken"),
    [
        ("success", True, False, False),
        ("pass", True, False, False),
        ("warn", False, True, False),
        ("fail", False, False, True),
        ("error", False, False, True),
        ("skipped", False, False, True),
        ("runtime error", False, False, True),
    ],
)
def test_how_a_node_ended(status: str, passed: bool, is_warning: bool, is_broken: bool) -> None:
    node = dbt_events.FinishedNode("one", "test", status, 0.0)
    assert (node.passed, node.is_warning, node.is_broken) == (passed, is_warning, is_broken)


class _ForeignError(BaseException):
    """What a handler of somebody else raises, of which dbt knows nothing."""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("comes_out", [KeyboardInterrupt(), RuntimeError("Query interrupted")])
def test_a_signal_interrupts_dbt_itself_whoever_handled_it_before(
    home: Home, monkeypatch: pytest.MonkeyPatch, number: int, comes_out: BaseException
) -> None:
    caught: list[type[BaseException]] = []

    def foreign(_number: int, _frame: object) -> None:
        raise _ForeignError

    def ran(tell: Callable[[Any], None]) -> SimpleNamespace:
        tell(_finished("one", "pass"))
        try:
            signal.raise_signal(number)
        except BaseException as error:
            caught.append(type(error))
        return SimpleNamespace(exception=comes_out)

    _runs(monkeypatch, ran)
    before = signal.signal(number, foreign)
    try:
        with pytest.raises(KeyboardInterrupt):
            list(dbt_events.build(home))
        assert signal.getsignal(number) is foreign
    finally:
        signal.signal(number, before)
    assert caught == [KeyboardInterrupt]


def test_a_signal_interrupts_the_engine_before_dbt_waits_for_what_it_runs(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted: list[str] = []
    monkeypatch.setattr(DuckdbEngine, "interrupt", lambda _engine: interrupted.append("engine"))

    def ran(_tell: Callable[[Any], None]) -> SimpleNamespace:
        try:
            signal.raise_signal(signal.SIGTERM)
        except KeyboardInterrupt:
            interrupted.append("dbt")
        return SimpleNamespace(exception=KeyboardInterrupt())

    _runs(monkeypatch, ran)
    with pytest.raises(KeyboardInterrupt):
        list(dbt_events.build(home))
    assert interrupted == ["engine", "dbt"]


def test_a_signal_that_is_ignored_stays_ignored(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def ran(_tell: Callable[[Any], None]) -> SimpleNamespace:
        signal.raise_signal(signal.SIGINT)
        return SimpleNamespace(exception=None)

    _runs(monkeypatch, ran)
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert list(dbt_events.build(home)) == []
    finally:
        signal.signal(signal.SIGINT, before)


def test_another_thread_hears_no_signal_and_runs_dbt_all_the_same(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[dbt_events.Told] = []

    def ran(tell: Callable[[Any], None]) -> SimpleNamespace:
        tell(_finished("one", "pass"))
        return SimpleNamespace(exception=None)

    _runs(monkeypatch, ran)
    thread = threading.Thread(target=lambda: told.extend(dbt_events.build(home)))
    thread.start()
    thread.join(20)
    assert [getattr(node, "name", "") for node in told] == ["one"]


@pytest.mark.parametrize("error", [ValueError(""), ValueError("no such model\nand more")])
def test_what_ends_dbt_is_told_in_its_first_line(home: Home, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    _runs(monkeypatch, lambda _tell: SimpleNamespace(exception=error))
    with pytest.raises(Refusal) as raised:
        dbt_events.parse(home)
    assert raised.value.where == (str(error).splitlines() or ["ValueError"])[0]


def test_a_stop_that_dbt_caught_is_no_failure_of_its(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    _runs(monkeypatch, lambda _tell: SimpleNamespace(exception=KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        dbt_events.parse(home)


def test_a_full_disk_is_not_told_as_a_model_to_correct() -> None:
    full = OSError(errno.EFBIG, "File too large")
    with pytest.raises(OSError, match="too large") as raised:
        dbt_events._raise_failure(full)  # pyright: ignore[reportPrivateUsage]
    assert raised.value is full
