"""Whoever waits hears of a signal that another thread got."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from queue import SimpleQueue

import pytest

from ingestion.waiting import end_of, next_of


@pytest.mark.parametrize(
    "wait",
    [
        lambda: next_of(SimpleQueue[None]()),
        lambda: end_of(threading.enumerate()[-1]),
    ],
    ids=["for an item", "for a thread"],
)
def test_a_signal_to_another_thread_ends_a_wait(wait: Callable[[], None]) -> None:
    at_work = threading.Event()
    worker = threading.Thread(target=at_work.wait, args=(20,), daemon=True)
    begun = time.monotonic()
    threading.Timer(0.2, lambda: signal.pthread_kill(threading.get_ident(), signal.SIGINT)).start()
    worker.start()
    with pytest.raises(KeyboardInterrupt):
        wait()
    at_work.set()
    assert time.monotonic() - begun < 15


def test_what_has_come_and_what_has_ended_is_not_waited_for() -> None:
    queue = SimpleQueue[str]()
    queue.put("told")
    ended = threading.Thread(target=int)
    ended.start()
    assert next_of(queue) == "told"
    end_of(ended)
    assert not ended.is_alive()
