"""Waiting that a signal ends: Python tells the first thread of a signal, which hears of it only when it runs.

Belongs here: waits of the first thread for others. Does not belong here: what is waited for, or what a stop leads to.

The system may hand Ctrl-C or SIGTERM to any thread. The first one then sleeps on, so it looks up now and then.
"""

from __future__ import annotations

import threading

LOOKS_UP_SECONDS = 0.5


def await_end(thread: threading.Thread) -> None:
    """Return when a thread has ended."""
    while thread.is_alive():
        thread.join(LOOKS_UP_SECONDS)
