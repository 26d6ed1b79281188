"""Ending a command on Ctrl-C or SIGTERM with a message, and with the exit code of the signal.

Belongs here: turning the signal into a refusal. Does not belong here: cleaning up after an interrupted writer (each
writes aside and renames).
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from languages.refusal import Refusal

INTERRUPTED_QUERY = "Query interrupted"
"""DuckDB's message if a signal ended a query in the main thread: its RuntimeError replaces KeyboardInterrupt."""


@contextmanager
def stopped_in_words(code: str, where: Path) -> Generator[None]:
    """Let SIGTERM end the enclosed code at once, as Ctrl-C does.

    Args:
        code: of the refusal, `build_stopped` or `command_stopped`.
        where: the home.

    Raises:
        Refusal: of that code, with the number of the signal.
    """
    with _signals_heard() as last_heard:
        try:
            yield
        except (KeyboardInterrupt, RuntimeError) as stopped:
            if isinstance(stopped, RuntimeError) and str(stopped) != INTERRUPTED_QUERY:
                raise
            raise Refusal(code, where=str(where), signal=last_heard()) from stopped


@contextmanager
def _signals_heard() -> Generator[Callable[[], int]]:
    """Let SIGTERM interrupt the main thread; yield a function that returns the last signal, SIGINT if there was none.

    While Dagster runs, it has handlers of its own, which do not distinguish signals: so Python itself records the
    number of each signal, whoever handles it.
    """
    if threading.current_thread() is not threading.main_thread():  # only the main thread may have handlers
        yield lambda: int(signal.SIGINT)
        return

    def end(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    heard, noted = os.pipe()
    for descriptor in (heard, noted):
        os.set_blocking(descriptor, False)
    noted_before = signal.set_wakeup_fd(noted, warn_on_full_buffer=False)
    before = signal.signal(signal.SIGTERM, end)

    def last_heard() -> int:
        try:
            numbers = os.read(heard, 4096)
        except BlockingIOError:
            numbers = b""
        stops = [number for number in numbers if number in (signal.SIGINT, signal.SIGTERM)]
        return stops[-1] if stops else int(signal.SIGINT)

    try:
        yield last_heard
    finally:
        signal.signal(signal.SIGTERM, before)
        signal.set_wakeup_fd(noted_before)
        os.close(heard)
        os.close(noted)
