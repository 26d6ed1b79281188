"""A build that waits for signatures: which stages made the proposal, and recording them once it is published.

Belongs here: the register of a proposal, beside it. Does not belong here: the proposal (`expectations/releases`), the
stages (`stages.py`), or running them (`building.py`).

    proposal/stages.json    the stages that made it, and hashes of what they read
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assets.stages import StageHashes, given_hashes, hash_of_inputs, record_stages
from ingestion.home import Home, read_json, write_json

LEDGER_STAGES = ("releases", "estimates")
"""The stages that publish: in a build they write into the proposal."""


def keep(home: Home, stages: Sequence[str], before: StageHashes) -> None:
    """Store which stages made the proposal, and what they read.

    Args:
        home: with a proposal.
        stages: those of `LEDGER_STAGES` that came to their end.
        before: their hashes from before they ran.
    """
    content = {"stages": list(stages), "code": before.code, "given": before.given, "made": _inputs(home)}
    write_json(_register(home), content)


def is_current(home: Home, code: dict[str, str]) -> bool:
    """Return whether a proposal waits that the publishing stages would make again from what lies here now."""
    if not _register(home).exists():
        return False
    content, given = read_json(_register(home)), given_hashes(home, code)
    same_given = all(content["given"].get(stage) == given[stage] for stage in LEDGER_STAGES)
    return content["stages"] == list(LEDGER_STAGES) and same_given and content["made"] == _inputs(home)


def take_hashes(home: Home) -> dict[str, Any]:
    """Return what `record` needs once the proposal, and this register with it, is gone; empty without one."""
    return dict(read_json(_register(home))) if _register(home).exists() else {}


def record(home: Home, kept: dict[str, Any]) -> None:
    """Record the stages of a proposal that is published now, so that the next build skips them.

    Args:
        home: after publication.
        kept: as `take_hashes` returned it before.
    """
    if kept:
        record_stages(home, kept["stages"], StageHashes(kept["code"], kept["given"]))


def _inputs(home: Home) -> dict[str, str]:
    return {stage: hash_of_inputs(home, stage) for stage in LEDGER_STAGES}


def _register(home: Home) -> Path:
    return home.proposal / "stages.json"
