"""dbt's manifest under a home: what dbt knows of the project once it has read it, which takes six seconds of a core.

Belongs here: reading it anew when the project changed, in this process or beside it. Does not belong here: building
(`dbt_events.py`), and Dagster, whose import the process beside this one is spared.
"""

from __future__ import annotations

import multiprocessing
from multiprocessing.process import BaseProcess
from pathlib import Path

from assets import dbt_events
from assets.stages import fingerprint_of, room
from expectations.protection.parallel_blocks import begin_as_helper
from ingestion.home import REQUIREMENTS, Home, sha256_of, write_bytes


def prepared_manifest(home: Home) -> Path:
    """Return dbt's manifest under the home, parsed anew when the project changed since, or the manifest did.

    Raises:
        Refusal: `dbt_failed` with dbt's own words when the project does not parse.
    """
    manifest, project = home.dbt_target / "manifest.json", _project()
    if not _is_of(home, project):
        dbt_events.parse(home)
        write_bytes(_stamp(home), f"{project} {sha256_of(manifest)}".encode())
    return manifest


def begin_reading(home: Home) -> BaseProcess | None:
    """Let another process read the project where it has to be read; `end_of` waits for it, None: it was read before.

    Its failure is not told: whoever asks for the manifest afterwards reads the project once more, and is told why.
    """
    if _is_of(home, _project()):
        return None
    reading = multiprocessing.get_context("spawn").Process(target=_read, args=(home,), name="dbt", daemon=True)
    reading.start()
    return reading


def _read(home: Home) -> None:
    begin_as_helper()
    prepared_manifest(home)


def _project() -> str:
    return fingerprint_of([*room("dbt_project"), REQUIREMENTS])  # another dbt writes another manifest


def _stamp(home: Home) -> Path:
    return home.build / "manifest.fingerprint"


def _is_of(home: Home, project: str) -> bool:
    manifest, stamp = home.dbt_target / "manifest.json", _stamp(home)
    if not (stamp.exists() and manifest.exists()):
        return False
    return stamp.read_text(encoding="utf-8") == f"{project} {sha256_of(manifest)}"
