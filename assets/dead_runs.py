"""Dead runs: their process is gone, but Dagster lists them as running for ever, and its queue waits for them.

Belongs here: which unfinished runs are dead, and marking them.
Does not belong here: what they left in the home; the stages find that (`stages.py`).
"""

from __future__ import annotations

import dagster as dg

OURS = {"marsad/started_by": "marsad build"}
"""The tag of a run that a command started; it holds the home's lock from its start to its end."""

_WAITS = (dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED)
_ENDED = (dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED)
_MESSAGE = "The process of this run is gone: it was killed, or the machine stopped. The next build went on from there."


def fail_dead_runs(instance: dg.DagsterInstance) -> list[str]:
    """Mark the runs without a living process as failed; return their ids.

    Args:
        instance: of a home whose lock the caller holds, so that no run of a command is alive.
    """
    wanted = dg.RunsFilter(statuses=[status for status in dg.DagsterRunStatus if status not in _ENDED])
    dead = [run for run in instance.get_runs(wanted) if _is_dead(run)]
    for run in dead:
        instance.report_run_failed(run, _MESSAGE)
    return [run.run_id for run in dead]


def _is_dead(run: dg.DagsterRun) -> bool:
    """Return whether a run is dead: our tag marks a command's; others are of Dagster itself, whose queue waits."""
    return run.tags.items() >= OURS.items() or run.status not in _WAITS
