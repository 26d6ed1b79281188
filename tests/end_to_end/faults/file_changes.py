"""Changes of files in a home, counted as they happen: a process is killed just before one of them.

Does not belong here: changes by other processes (a database of C code, children): moments by the clock meet those.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

_WRITING = os.O_WRONLY | os.O_RDWR
_PLACE_OF_TARGET = {"os.rename": 1, "os.remove": 0, "os.mkdir": 0, "os.rmdir": 0, "os.chmod": 0}


class ChangeCounter:
    """Counts changes of files below a home; Dagster's own and locks are left out."""

    def __init__(self, root: Path, last: int = 0) -> None:
        """Count from now on, and kill this process before its change number `last`, if that is not 0."""
        self.count = 0
        self._root, self._last, self._counting = str(root), last, threading.Lock()
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            flags = arguments[2]
            target = arguments[0] if isinstance(flags, int) and flags & _WRITING else None
        else:
            target = arguments[_PLACE_OF_TARGET[event]] if event in _PLACE_OF_TARGET else None
        if target is None or not self._is_ours(str(target)):
            return
        with self._counting:
            self.count += 1
            if self.count == self._last:
                os.kill(os.getpid(), signal.SIGKILL)

    def _is_ours(self, target: str) -> bool:
        return target.startswith(self._root) and "/dagster" not in target and not target.endswith((".lock", "/lock"))
