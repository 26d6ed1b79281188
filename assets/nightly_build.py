"""The schedule of a nightly build up to the gates, so that verdicts are ready in the morning; off until switched on.

Does not belong here: what is stale (`stages.py`), or a release: a person runs `marsad build` for it.
"""

from __future__ import annotations

from typing import Any

import dagster as dg

from assets import stages
from assets.house import BuildContext

_AT_TWO, _ZONE = "0 2 * * *", "Asia/Baghdad"
_BEFORE_RELEASES = stages.STAGE_NAMES.index("releases")


def nightly_build(house: BuildContext, build: Any) -> dg.ScheduleDefinition:  # noqa: ANN401 - Dagster's unresolved job
    """Return the schedule `nightly_build`, which requests the job `build` if something before the releases is stale.

    Args:
        house: whose home is checked for stale stages.
        build: the job, which ends at the gates.
    """

    @dg.schedule(
        name="nightly_build",
        job=build,
        cron_schedule=_AT_TWO,
        execution_timezone=_ZONE,
        default_status=dg.DefaultScheduleStatus.STOPPED,
        description="At two in the morning in Baghdad: figures, protection and verdicts, where something changed.",
    )
    def request_build(_context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        first = stages.stale_from(house.home)
        if first is None or first >= _BEFORE_RELEASES:
            return dg.SkipReason("Nothing changed since the last build.")
        return dg.RunRequest()

    return request_build
