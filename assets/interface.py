"""Dagster's own interface over a home: web server, daemon and code server as one process that can be stopped.

Belongs here: starting them, ending them all on SIGTERM, SIGINT or SIGHUP, and that a home has one interface.
Does not belong here: what they show (`definitions.py`).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from types import FrameType

from assets.building import prepare_instance
from assets.runs.dead_runs import fail_dead_runs, interface_lock
from ingestion.home import Home
from languages.refusal import Refusal

_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_SECONDS_TO_END = 20
_SECONDS_BETWEEN_LOOKS = 1.0


def serve(home: Home, port: int) -> int:
    """Run the interface on this machine's own address until a signal ends it; return its exit code, 0 after a signal.

    Raises:
        Refusal: `lock_held` when this home has an interface already, `home_older`.
    """
    home.refuse_older()
    with interface_lock(home):
        prepare_instance(home)
        os.environ["MARSAD_HOME"] = str(home.root)
        _fail_dead_runs(home)
        asked_to_end: list[int] = []

        def end(number: int, _frame: FrameType | None) -> None:
            asked_to_end.append(number)

        before = {number: signal.signal(number, end) for number in _SIGNALS}  # a script has its children ignore SIGINT
        servers = subprocess.Popen(servers_at(port), start_new_session=True)  # noqa: S603 - our own interpreter
        try:
            while servers.poll() is None and not asked_to_end:
                with suppress(subprocess.TimeoutExpired):
                    servers.wait(_SECONDS_BETWEEN_LOOKS)
            return 0 if asked_to_end else servers.returncode
        finally:
            _end(servers)
            for number, handler in before.items():
                signal.signal(number, handler)


def servers_at(port: int) -> list[str]:
    """Return the command that starts Dagster's servers on a port of this machine's own address."""
    address = ["-h", "127.0.0.1", "-p", str(port)]
    return [sys.executable, "-m", "dagster", "dev", *address, "-m", "assets.definitions"]


def _end(servers: subprocess.Popen[bytes]) -> None:
    """Ask Dagster to stop its servers, then stop whatever is left of them."""
    if servers.poll() is None:
        servers.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            servers.wait(_SECONDS_TO_END)
    with suppress(ProcessLookupError):
        os.killpg(servers.pid, signal.SIGKILL)
    servers.wait()


def _fail_dead_runs(home: Home) -> None:
    """Free the queue of runs that were killed; a build that is at work does it by itself."""
    import dagster as dg

    with suppress(Refusal), home.lock("marsad ui"), dg.DagsterInstance.get() as instance:
        fail_dead_runs(instance, is_interface_up=False)
