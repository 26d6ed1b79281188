"""A stop is told in words, whatever was running when it came."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import duckdb
import pytest

from ingestion.stop_signals import stopped_in_words
from languages.refusal import Refusal

LONG = "SELECT count(*) FROM range(400000) a, range(1000) b WHERE hash(a.range + b.range) % 7 = 3"
"""A query of some seconds, so that one that no signal ends is soon over."""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_query_that_a_signal_ends_is_told_as_a_stop(tmp_path: Path, number: int) -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs in the background ignores it
    stopping = threading.Timer(0.3, lambda: os.kill(os.getpid(), number))
    connection = duckdb.connect()
    try:
        with pytest.raises(Refusal) as refused, stopped_in_words("build_stopped", tmp_path):
            stopping.start()
            connection.execute(LONG)
    finally:
        signal.signal(signal.SIGINT, before)
    assert (refused.value.code, refused.value.arguments["signal"]) == ("build_stopped", number)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_signal_is_known_where_a_library_has_put_its_own_handler_in_place_of_ours(
    tmp_path: Path, number: int
) -> None:
    def theirs(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt  # as Dagster does, of either signal

    before = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        with pytest.raises(Refusal) as refused, stopped_in_words("build_stopped", tmp_path):
            for one in before:
                signal.signal(one, theirs)
            os.kill(os.getpid(), number)
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
    assert refused.value.arguments["signal"] == number
    assert signal.set_wakeup_fd(-1) == -1


def test_an_error_that_no_signal_made_stays_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="other"), stopped_in_words("build_stopped", tmp_path):
        raise RuntimeError("other")
