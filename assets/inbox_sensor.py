"""The inbox sensor: checks every half minute, receives unchanging files, requests a landing, reports what is overdue.

Does not belong here: which files are ready and what is written next to them (`ingestion/submissions/inbox.py`), or a
build: received files are landed, and a person builds and releases.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from time import monotonic
from typing import Any

import dagster as dg

from assets import given
from assets.house import BuildContext
from assets.landing_assets import is_in_time
from ingestion.sealing.sealing_keys import SealingKey
from ingestion.storage import parse_json
from ingestion.submissions import current_submissions, inbox

_SECONDS_BETWEEN_LOOKS = 30
_SECONDS_OF_TAKING = 20  # Dagster gives a check 60; what is left waits for the next one


def inbox_sensor(
    house: BuildContext,
    landing: Any,  # noqa: ANN401 - Dagster's unresolved job
    key: SealingKey | None = None,
    *,
    is_on: bool,
) -> dg.SensorDefinition:
    """Return the sensor `inbox`; unless on from the start, it is off until somebody switches it on.

    Its cursor holds hashes of names, never names, and the day on which lateness was last reported. The key of a run is
    the submission that waits to land, so one that was accepted just before a crash, or on the command line, is landed
    too, and each only once.
    """

    @dg.sensor(
        name="inbox",
        job=landing,
        minimum_interval_seconds=_SECONDS_BETWEEN_LOOKS,
        default_status=dg.DefaultSensorStatus.RUNNING if is_on else dg.DefaultSensorStatus.STOPPED,
        description="Takes what was dropped in inbox/<source>/ and lies still; the outcome stands beside each file.",
    )
    def look_into_inbox(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        now, start = datetime.datetime.now(tz=datetime.UTC), monotonic()
        if house.home.is_invented:
            return dg.SensorResult(
                skip_reason="This home holds invented files; it takes none from an inbox.",
                asset_events=list(given.changed_events(context.instance, house.home, now.date())),
            )
        before = parse_json(context.cursor or "{}")
        taken = inbox.take_unchanged_files(
            house.home,
            before.get("seen", {}),
            now=now,
            key=key,
            goes_on=lambda: monotonic() - start < _SECONDS_OF_TAKING,
        )
        for outcome in taken.outcomes:
            context.log.info(f"{outcome.source}: {outcome.verdict}")  # no file name: it may hold a person's
        today = now.date().isoformat()
        return dg.SensorResult(
            run_requests=list(_landing_of(inbox.waiting_to_land(house.home))),
            asset_events=[
                *given.changed_events(context.instance, house.home, now.date()),
                *(_lateness(house, now.date()) if before.get("told_on") != today else []),
            ],
            cursor=json.dumps({"seen": taken.seen, "told_on": today}, sort_keys=True),
        )

    return look_into_inbox


def _landing_of(submission: str) -> Iterator[dg.RunRequest]:
    if submission:
        yield dg.RunRequest(run_key=submission)


def _lateness(house: BuildContext, today: datetime.date) -> Iterator[dg.AssetCheckEvaluation]:
    """Yield for each authority whether something is overdue, even if no file has come."""
    for source, overdue in current_submissions.find_overdue(house.home, today).items():
        result = is_in_time(source, overdue)
        yield dg.AssetCheckEvaluation(
            asset_key=dg.AssetKey(f"landed_{source}"),
            check_name=result.check_name or "",
            passed=result.passed,
            severity=result.severity,
            metadata=result.metadata,
            description=result.description,
        )
