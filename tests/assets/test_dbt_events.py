"""What dbt does is told while it runs, and a build that is stopped stops dbt."""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from dbt.cli import main as cli

from assets import dbt_events
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


def test_a_node_is_told_before_dbt_has_ended(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    is_heard = threading.Event()

    def ran(tell: Callable[[Any], None]) -> SimpleNamespace:
        tell(_finished("one", "pass"))
        assert is_heard.wait(20)
        return SimpleNamespace(exception=None)

    _runs(monkeypatch, ran)
    told = dbt_events.build(home)
    assert next(told) == dbt_events.FinishedNode("one", "test", "pass", 0.5)
    is_heard.set()
    assert list(told) == []


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


@pytest.mark.parametrize("stopped", [KeyboardInterrupt, RuntimeError])
def test_whoever_stops_listening_stops_dbt_and_waits_for_its_end(
    home: Home, monkeypatch: pytest.MonkeyPatch, stopped: type[BaseException]
) -> None:
    ended: list[str] = []

    def ran(tell: Callable[[Any], None]) -> SimpleNamespace:
        tell(_finished("one", "pass"))
        try:
            while True:
                threading.Event().wait(0.01)
        except KeyboardInterrupt as error:
            ended.append("cancelled")
            return SimpleNamespace(exception=error)

    _runs(monkeypatch, ran)
    told = dbt_events.build(home)
    next(told)
    with pytest.raises(stopped):
        told.throw(stopped())
    assert ended == ["cancelled"]
    assert not [one for one in threading.enumerate() if one.name == "dbt"]


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
        dbt_events._raise_what_ended([SimpleNamespace(exception=full)])  # pyright: ignore[reportPrivateUsage]
    assert raised.value is full
