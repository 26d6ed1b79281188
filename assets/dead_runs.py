"""Dead runs: their process is gone, but Dagster lists them as running for ever, and its queue waits for them.

Belongs here: which unfinished runs are dead, whether an interface exists that may run them, and marking them.
Does not belong here: what they left in the home; the stages find that (`stages.py`).
"""

from __future__ import annotations

from contextlib import AbstractContextManager

import dagster as dg

from ingestion import writer_lock
from ingestion.home import Home
from languages.refusal import Refusal

OURS = {"marsad/started_by": "marsad build"}
"""The tag of a run that a command started; it holds the home's lock from its start to its end."""

_WAITS = (dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED)
_ENDED = (dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED)
_MESSAGE = "The process of this run is gone: it was killed, or the machine stopped. The next build went on from there."


def interface_lock(home: Home, purpose: str = "marsad ui") -> AbstractContextManager[None]:
    """Return the lock that the interface of a home holds from its start to its end."""
    return writer_lock.hold_lock(home.dagster / "interface.lock", purpose, where=home.dagster)


def is_interface_up(home: Home) -> bool:
    """Return whether an interface of this home is running."""
    try:
        with interface_lock(home, "a look for the interface"):
            return False
    except Refusal as refusal:
        if refusal.code != "lock_held":
            raise
        return True


def fail_dead_runs(instance: dg.DagsterInstance, *, is_interface_up: bool) -> list[str]:
    """Mark the runs without a living process as failed; return their ids.

    Args:
        instance: of a home whose lock the caller holds, so that no run of a command is alive.
        is_interface_up: whether `marsad ui` is running on this home: then the runs that it launched may be alive.
    """
    wanted = dg.RunsFilter(statuses=[status for status in dg.DagsterRunStatus if status not in _ENDED])
    dead = [run for run in instance.get_runs(wanted) if _is_dead(run, is_interface_up=is_interface_up)]
    for run in dead:
        instance.report_run_failed(run, _MESSAGE)
    return [run.run_id for run in dead]


def _is_dead(run: dg.DagsterRun, *, is_interface_up: bool) -> bool:
    """Return whether a run is dead: our tag marks a command's; others are the interface's, and a queued one waits."""
    return run.tags.items() >= OURS.items() or (run.status not in _WAITS and not is_interface_up)
