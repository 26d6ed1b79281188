"""What changed since the last build: one fingerprint a stage, compared before Dagster, dbt or GX is imported.

Belongs here: the order of the stages, what each reads, what each must have written. Does not belong here: running
them (`building.py`). A stage is stale when what it reads differs from what it read last, or its output is gone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from ingestion.home import Home, sha256_of, write_json

HOUSE = Path(__file__).resolve().parent.parent
"""The checkout: rooms are read from it, nothing is written into it."""


@dataclass(frozen=True)
class Stage:
    """One stage of a build: its name, what it reads (files) and what must exist afterwards."""

    name: str
    reads: Callable[[Home], Iterable[Path]]
    writes: Callable[[Home], Iterable[Path]]


def room(*names: str) -> list[Path]:
    """Return the authored files of the named rooms of the checkout."""
    return [path for name in names for path in (HOUSE / name).rglob("*") if _is_authored(path)]


def _is_authored(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts and not {"target", "logs"} & set(path.parts)


def _parquet(folder: Path) -> list[Path]:
    return list(folder.rglob("*.parquet"))


def _final_files(home: Home) -> list[Path]:
    return list(home.candidates.glob("*/final/*"))


def _ledger_files(home: Home) -> list[Path]:
    return [path for path in home.ledger.rglob("*") if path.is_file()]


STAGES = (
    Stage(
        "landing",
        lambda home: [home.receipts, home.decisions, *room("ingestion")],
        lambda home: [home.raw / "submissions.parquet"],
    ),
    Stage("warehouse", lambda home: [*_parquet(home.raw), *room("dbt_project")], lambda home: [home.warehouse]),
    Stage(
        "candidates",
        lambda home: [home.build / "warehouse.fingerprint", *room("expectations")],
        lambda home: [home.candidates / "base.parquet", home.candidates / "contributions.parquet"],
    ),
    Stage(
        "protection",
        lambda home: [
            home.candidates / "base.parquet",
            home.candidates / "contributions.parquet",
            *home.candidates.glob("*/cells.parquet"),
            *_ledger_files(home),
            *room("methods", "expectations"),
        ],
        _final_files,
    ),
    Stage(
        "gates",
        lambda home: [
            *_final_files(home),
            home.candidates / "pending.parquet",
            home.candidates / "contributions.parquet",
            *_ledger_files(home),
            *room("methods", "expectations"),
        ],
        lambda home: list(home.verdicts.glob("*.json")),
    ),
    Stage(
        "releases",
        lambda home: list(home.verdicts.glob("*.json")),
        lambda home: [*home.releases.glob("*/latest"), home.ledger / "log.jsonl"],  # no pointer after a withdrawal
    ),
    Stage(
        "reports",
        lambda home: [*home.releases.glob("*/latest"), home.ledger / "withdrawn.jsonl", *room("reports", "languages")],
        lambda home: list(home.reports.rglob("*.html")),
    ),
)
"""The stages, in the order in which a figure travels."""

STAGE_NAMES = tuple(stage.name for stage in STAGES)


def fingerprint(home: Home, stage: Stage) -> str:
    """Return a hash over the names and bytes of everything the stage reads."""
    return fingerprint_of(stage.reads(home))


def fingerprint_of(paths: Iterable[Path]) -> str:
    """Return a hash over the names and bytes of the files that exist among `paths`."""
    digest = hashlib.sha256()
    for path in sorted(set(paths)):
        if path.exists():
            digest.update(f"{path}\0{sha256_of(path)}\n".encode())
    return digest.hexdigest()


def stale_from(home: Home) -> int | None:
    """Return the position of the first stale stage in `STAGES`, or None when nothing changed."""
    known = _recorded(home)
    for position, stage in enumerate(STAGES):
        written = list(stage.writes(home))
        if (
            not written
            or not all(path.exists() for path in written)
            or known.get(stage.name) != fingerprint(home, stage)
        ):
            return position
    return None


def record(home: Home, names: Iterable[str]) -> None:
    """Remember what the named stages read, so that the next build can skip them."""
    wanted = set(names)
    known = _recorded(home) | {stage.name: fingerprint(home, stage) for stage in STAGES if stage.name in wanted}
    write_json(_register(home), known)


def _register(home: Home) -> Path:
    return home.build / "fingerprints.json"


def _recorded(home: Home) -> dict[str, str]:
    path = _register(home)
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
