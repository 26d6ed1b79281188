"""Waiting that a signal ends: Python tells the first thread of a signal, which hears of it only when it runs.

Belongs here: waits of the first thread for others. Does not belong here: what is waited for, or what a stop leads to.

The system may hand Ctrl-C or SIGTERM to any thread. The first one then sleeps on, so it looks up now and then.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

Item = TypeVar("Item")

LOOKS_UP_SECONDS = 0.5


def next_of(queue: SimpleQueue[Item]) -> Item:
    """Return the next item of a queue, once there is one."""
    while True:
        with suppress(Empty):
            return queue.get(timeout=LOOKS_UP_SECONDS)


def end_of(other: threading.Thread | BaseProcess) -> None:
    """Return when a thread or a process has ended."""
    while other.is_alive():
        other.join(LOOKS_UP_SECONDS)
