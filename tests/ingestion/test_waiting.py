"""Whoever waits hears of a signal that another thread got."""

from __future__ import annotations

import signal
import threading
import time

import pytest

from ingestion.waiting import await_end


def test_a_signal_to_another_thread_ends_a_wait() -> None:
    at_work = threading.Event()
    worker = threading.Thread(target=at_work.wait, args=(20,), daemon=True)
    begun = time.monotonic()
    threading.Timer(0.2, lambda: signal.pthread_kill(threading.get_ident(), signal.SIGINT)).start()
    worker.start()
    with pytest.raises(KeyboardInterrupt):
        await_end(worker)
    at_work.set()
    assert time.monotonic() - begun < 15


def test_what_has_ended_is_not_waited_for() -> None:
    ended = threading.Thread(target=int)
    ended.start()
    await_end(ended)
    assert not ended.is_alive()
