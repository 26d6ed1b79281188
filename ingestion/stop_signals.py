"""What is stopped by Ctrl-C or SIGTERM ends with a sentence, and with the exit code of its signal.

Belongs here: turning the signal into a refusal. Does not belong here: what an interrupted writer leaves (nothing: each
writes aside and renames), or the interface, which has signals of its own (`assets/interface.py`).
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from languages.refusal import Refusal

INTERRUPTED_QUERY = "Query interrupted"
"""What DuckDB says where a signal ended a query in the first thread: its RuntimeError replaces KeyboardInterrupt."""


@contextmanager
def stopped_in_words(code: str, where: Path) -> Generator[None]:
    """Let SIGTERM end what runs in here as Ctrl-C does, at once.

    Args:
        code: of the refusal, `build_stopped` or `command_stopped`.
        where: the home.

    Raises:
        Refusal: of that code, with the number of the signal.
    """
    is_main = threading.current_thread() is threading.main_thread()  # no other one may have handlers
    asked_to_end = [int(signal.SIGINT)]

    def end(number: int, _frame: FrameType | None) -> None:
        asked_to_end.append(number)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end) if is_main else None
    try:
        yield
    except (KeyboardInterrupt, RuntimeError) as stopped:
        if isinstance(stopped, RuntimeError) and str(stopped) != INTERRUPTED_QUERY:
            raise
        raise Refusal(code, where=str(where), signal=asked_to_end[-1]) from stopped
    finally:
        if before is not None:
            signal.signal(signal.SIGTERM, before)
