"""What a long command tells while it works: each step, and between two steps that it is still at one."""

from __future__ import annotations

import time

import pytest

from marsad.terminal import console


def test_every_step_is_a_line_of_its_own_with_the_seconds_since_the_start(capsys: pytest.CaptureFixture[str]):
    with console.progress() as tell:
        tell("dbt: building")
        tell("gate: examining")
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(" s  ")[1] for line in lines] == ["dbt: building", "gate: examining"]


@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_long_step_is_told_again_in_one_line_of_a_terminal_and_in_lines_of_their_own_in_a_log(
    is_terminal: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr("sys.stderr.isatty", lambda: is_terminal)
    told = ""
    with console.progress(beat=0.01) as tell:
        tell("protection")
        end = time.monotonic() + 60
        while told.count("… protection (") < 2:
            assert time.monotonic() < end
            time.sleep(0.01)
            told += capsys.readouterr().err
    told += capsys.readouterr().err
    assert told.count("\n") == (1 if is_terminal else told.count("protection"))


def test_the_steps_of_a_command_that_only_reads_are_told_to_whoever_looks_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    for is_terminal in (False, True):
        monkeypatch.setattr("sys.stderr.isatty", lambda is_terminal=is_terminal: is_terminal)
        with console.progress(only_seen=True) as tell:
            tell("quality: a ministry")
        assert ("quality: a ministry" in capsys.readouterr().err) == is_terminal


def test_a_command_that_tells_nothing_says_nothing(capsys: pytest.CaptureFixture[str]):
    with console.progress(beat=0.001):
        time.sleep(0.02)
    assert capsys.readouterr().err == ""
