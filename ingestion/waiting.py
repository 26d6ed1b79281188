"""Waiting that a signal can end: Python runs signal handlers in the main thread, and only while it runs.

Belongs here: waits of the main thread for others. Does not belong here: what is waited for, or what a stop leads to.

The system may deliver Ctrl-C or SIGTERM to any thread. The main thread would sleep on, so it wakes up now and then.
"""

from __future__ import annotations

import threading

LOOKS_UP_SECONDS = 0.5


def await_end(thread: threading.Thread) -> None:
    """Return when a thread has ended."""
    while thread.is_alive():
        thread.join(LOOKS_UP_SECONDS)
