"""What a page says of the timers: as systemd has it, and nothing where a machine has none."""

from __future__ import annotations

from pathlib import Path

import pytest

from marsad.answers.timed_work import TimedWork, list_timed_work

TIMER = """LoadState=loaded
ActiveState={state}
LastTriggerUSec={last}
NextElapseUSecRealtime={next}
"""
SERVICE = """LoadState=loaded
ActiveState={state}
Result={result}
ExecMainExitTimestamp={ended}
"""
NIGHT, MORNING, NEXT = "Wed 2026-12-02 02:00:07 +03", "Wed 2026-12-02 07:10:00 +03", "Thu 2026-12-03 02:00:00 +03"


def _say(monkeypatch: pytest.MonkeyPatch, folder: Path, *blocks: str, code: int = 0) -> None:
    """Put a program in systemd's place that prints these blocks."""
    (folder / "said").write_text("\n".join(blocks), encoding="utf-8")
    program = folder / "systemctl"
    program.write_text(f"#!/bin/sh\n/bin/cat {folder / 'said'}\nexit {code}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def _timer(last: str = NIGHT, following: str = NEXT, state: str = "active") -> str:
    return TIMER.format(state=state, last=last, next=following)


def _service(result: str = "success", ended: str = NIGHT, state: str = "inactive") -> str:
    return SERVICE.format(state=state, result=result, ended=ended)


def test_each_timer_has_its_last_time_its_outcome_and_its_next_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    _say(monkeypatch, tmp_path, _timer(MORNING), _service(ended=MORNING), _timer(), _service("exit-code"))
    assert list_timed_work() == [
        TimedWork("inbox", "2026-12-02 07:10", "done", "2026-12-03 02:00"),
        TimedWork("build", "2026-12-02 02:00", "failed", "2026-12-03 02:00"),
    ]


@pytest.mark.parametrize(
    ("service", "outcome"),
    [
        (_service(), "done"),
        (_service("timeout"), "failed"),
        (_service("oom-kill"), "failed"),
        (_service(state="activating", ended=""), "running"),
        (_service(ended=""), "unknown"),
    ],
)
def test_an_outcome_is_told_as_systemd_knows_it_and_not_guessed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, service: str, outcome: str
):
    _say(monkeypatch, tmp_path, _timer(), service, _timer(), service)
    assert {work.outcome for work in list_timed_work()} == {outcome}


def test_a_timer_that_never_ran_or_is_switched_off_has_no_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    _say(monkeypatch, tmp_path, _timer(last=""), _service(), _timer(state="inactive"), _service())
    inbox, build = list_timed_work()
    assert (inbox.last, inbox.next) == ("", "2026-12-03 02:00")
    assert (build.last, build.next) == ("2026-12-02 02:00", "")


def test_a_machine_without_our_timers_or_without_systemd_has_no_timed_work(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    unknown = "LoadState=not-found\nActiveState=inactive\n"
    _say(monkeypatch, tmp_path, *[unknown] * 4)
    assert list_timed_work() == []
    _say(monkeypatch, tmp_path, code=1)
    assert list_timed_work() == []
    (tmp_path / "systemctl").unlink()
    assert list_timed_work() == []
