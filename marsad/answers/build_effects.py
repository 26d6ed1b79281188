"""What a build changed: notices that block nothing, cells that would change, what protection cost, what is out.

Does not belong here: building (`assets/building.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from expectations.published.release_log import ReleaseLog
from ingestion.home import Home
from languages.refusal import Refusal

if TYPE_CHECKING:
    from assets.building import BuildReport


@dataclass(frozen=True)
class BuildEffects:
    """What a build changed.

    Args:
        home: that was built.
        log: of its releases.
        notices: datasets that have yet to begin, waivers, releases that stay withdrawn; none if no stage ran.
        changes: dataset to how many cells would change; only if a build stopped before releasing.
        loss: dataset to what protection cost, likewise.
    """

    home: Home
    log: ReleaseLog
    notices: list[Refusal]
    changes: Mapping[str, Mapping[str, int]] = field(default_factory=dict[str, Mapping[str, int]])
    loss: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])

    def list_releases(self) -> list[dict[str, Any]]:
        """Return what is out, as `release_listing.listing`."""
        from expectations.releases.release_listing import listing

        return listing(self.home, self.log)


def build_effects(home: Home, report: BuildReport, *, dry_run: bool) -> BuildEffects:
    """Return what a build changed; after a dry run also what a release would change."""
    log = ReleaseLog.read_log(home)
    notices = _notices(home, log, report) if report.stages else []
    if not (dry_run and report.passed):
        return BuildEffects(home, log, notices)
    from expectations.cards.dataset_card import dataset_names
    from expectations.protection.protect_datasets import last_report
    from expectations.releases.release import difference

    changes = {name: difference(home, name, log).counts() for name in dataset_names()}
    return BuildEffects(home, log, notices, changes, last_report(home).loss)


def _notices(home: Home, log: ReleaseLog, report: BuildReport) -> list[Refusal]:
    from expectations.gate.stored_verdict import last_verdicts
    from expectations.gate.verdicts import notices
    from expectations.releases.release import withdrawn_notices

    verdicts = last_verdicts(home)
    return [*report.silent, *notices(verdicts), *withdrawn_notices(home, log, verdicts)]
