"""What changed since the last build: asked of every stage before Dagster, dbt or GX is imported.

Belongs here: the order of the stages, what each reads and writes. Does not belong here: running them (`building.py`).
A stage is stale when what it reads differs from what it read last, or what lies there is not the bytes that it wrote.

Hashes are kept in `build/fingerprints.json` under names relative to home and checkout: a copied home is not stale.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ingestion.home import REQUIREMENTS, Home, sha256_of, write_json
from ingestion.storage import parse_json
from languages.refusal import Refusal

_ESTIMATES = ("hidden_part", "nowcast", "link_range")  # of the ledger, which is imported once something is stale
HOUSE = Path(__file__).resolve().parent.parent
"""The checkout: rooms are read from it, nothing is written into it."""


@dataclass(frozen=True)
class BuildStage:
    """One stage of a build.

    Attributes:
        name: of the stage.
        rooms: folders of the checkout whose files decide what it does.
        given: files of the home that others change, also while a build runs; hashed before it runs.
        made: files of the home that only a writer with the lock changes; hashed when the stage is done.
        writes: files of the home that the stage can write again from what it reads.
        logged: lines of logs that decide what it does, beside `made`.
    """

    name: str
    rooms: tuple[str, ...]
    given: Callable[[Home], Iterable[Path]]
    made: Callable[[Home], Iterable[Path]]
    writes: Callable[[Home], Iterable[Path]]
    logged: Callable[[Home], Iterable[str]] = lambda _home: ()


def room(*names: str) -> list[Path]:
    """Return the authored files of the named rooms of the checkout."""
    return [path for name in names for path in (HOUSE / name).rglob("*") if _is_authored(path)]


def _is_authored(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts and not {"target", "logs"} & set(path.parts)


def _nothing(_home: Home) -> list[Path]:
    return []


def _said(home: Home) -> list[Path]:
    """What came in, what persons decided about it, which words they let in, and which records are one person."""
    return [home.receipts, home.decisions, home.confirmed_words, *home.links.glob("pairs-*")]


def _raw_rows(home: Home) -> list[Path]:
    return list(home.raw.rglob("*.parquet"))


def _landed(home: Home) -> list[Path]:
    return [*_raw_rows(home), *home.quarantine.glob("*.jsonl")]


def _candidates(home: Home) -> list[Path]:
    names = ("base.parquet", "members.parquet", "contributions.parquet", "facts.parquet")
    return [*(home.candidates / name for name in names), *home.candidates.glob("*/cells.parquet")]


def _final(home: Home) -> list[Path]:
    return [
        home.candidates / "pending.parquet",
        home.candidates / "protection.json",
        home.candidates / "protection.json.seal",
        *home.candidates.glob("proofs.npz*"),
        *home.candidates.glob("*/final/*"),
    ]


def _figures_of_others(home: Home) -> list[Path]:
    return list((home.ledger / "external").glob("*"))


def _ledger(home: Home) -> list[Path]:
    """What the ledger keeps of the releases that protection had before it, and of withdrawals."""
    aside = {"external", "published", "sealed"}
    others = [path for path in home.ledger.rglob("*") if not aside & set(path.relative_to(home.ledger).parts)]
    kept = [
        home.ledger / kind / str(entry.get("dataset")) / f"{entry.get('version')}.parquet"
        for entry in map(_entry, _earlier_releases(home))
        for kind in ("published", "sealed")
    ]
    return [path for path in (*others, *kept) if path.name != "log.jsonl"]


def _earlier_releases(home: Home) -> list[str]:
    """Return the lines of the ledger, without those of the candidates that lie there: protection has made these itself.

    So a build that was killed between two releases goes on with the second, and does not protect it against the first,
    with which it was protected. A file that no line names is of a release that never was.
    """
    try:
        mine = parse_json((home.candidates / "protection.json").read_bytes())["files"]
    except (OSError, ValueError, LookupError, TypeError):
        mine = {}
    log = home.ledger / "log.jsonl"
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.is_file() else []
    entries = ((line, _entry(line)) for line in lines)
    return [line for line, entry in entries if entry.get("dataset") not in _ESTIMATES and not _is_of(home, entry, mine)]


def _is_of(home: Home, entry: Mapping[str, Any], files: Mapping[str, Any]) -> bool:
    """Return whether a line of the ledger is the release of these final files: dataset -> name -> SHA-256."""
    dataset = str(entry.get("dataset"))
    try:
        released = parse_json((home.releases / dataset / str(entry.get("version")) / "manifest.json").read_bytes())
        return bool(released["files"]["data.parquet"] == files[dataset]["data.parquet"])
    except (OSError, ValueError, LookupError, TypeError):  # withdrawn, or a custom table
        return False


def _entry(line: str) -> dict[str, Any]:
    try:
        entry = parse_json(line)
    except ValueError:
        return {}
    return entry if isinstance(entry, dict) else {}


def _seal_key(home: Home) -> list[Path]:
    """With another key no seal holds: what was sealed is made and sealed again."""
    return [home.keys / "seal.key"]


def _verdicts(home: Home) -> list[Path]:
    return [path for end in ("json", "data_docs.html") for path in home.verdicts.glob(f"*.{end}*")]


def _pointers(home: Home) -> list[Path]:
    return [path for path in home.releases.glob("*/latest") if path.parent.name not in _ESTIMATES]


def _estimate(home: Home) -> list[Path]:
    return [home.candidates / f"{name}.json{end}" for name in _ESTIMATES for end in ("", ".seal")]


def _told_estimates(home: Home) -> list[Path]:
    return [path for name in _ESTIMATES for path in (home.releases / name).glob("*/manifest.json")]


def _beside_the_report(home: Home) -> list[Path]:
    return [*home.prose.rglob("*"), *home.publications.rglob("*"), *(home.root / "geography").rglob("*")]


def _pages(home: Home) -> list[Path]:
    found = [*home.reports.glob("[!.]*/[!.]*/**/*"), *home.reports.glob("[!.]*/versions.json")]
    return [path for path in found if not _is_published(home, path)]


def _is_published(home: Home, path: Path) -> bool:
    """Whether a file belongs to a report that went out: it stays as it is, and `marsad doctor` holds it to its hash."""
    parts = path.relative_to(home.root).parts
    return parts[0] == home.reports.name and (home.reports / parts[1] / "published.json").exists()


STAGES = (
    BuildStage("landing", ("ingestion", "languages"), _said, _nothing, _landed),
    BuildStage("warehouse", ("dbt_project",), _nothing, _raw_rows, lambda home: [home.warehouse]),
    BuildStage(
        "candidates", ("expectations",), _nothing, lambda home: [home.build / "warehouse.fingerprint"], _candidates
    ),
    BuildStage(
        "protection",
        ("methods", "expectations"),
        _figures_of_others,
        lambda home: [*_candidates(home), *_ledger(home), *_seal_key(home)],
        _final,
        _earlier_releases,
    ),
    BuildStage(
        "gates",
        ("methods", "expectations"),
        _figures_of_others,
        lambda home: [
            *_final(home),
            home.candidates / "contributions.parquet",
            *_ledger(home),
            *_seal_key(home),
        ],
        lambda home: [*_verdicts(home), home.candidates / "audit.json"],
        _earlier_releases,
    ),
    BuildStage("releases", (), _nothing, _verdicts, _pointers),
    BuildStage(
        "estimates",
        ("methods", "expectations"),
        _nothing,
        lambda home: [
            home.build / "warehouse.fingerprint",
            *_raw_rows(home),  # earlier lists of a body, which the warehouse holds no more
            home.links / "recall.json",
            home.links / "sample.json",  # what was answered about its pairs stands among the decisions
            *home.links.glob("pairs-*"),  # doubtful links count at other thresholds, and so do decisions about them
            home.decisions,
            home.ledger / "withdrawn.jsonl",
            *_pointers(home),
            *_seal_key(home),
        ],
        _estimate,
    ),
    BuildStage(
        "reports",
        ("reports", "languages"),
        _beside_the_report,
        lambda home: [*_pointers(home), *_told_estimates(home), home.ledger / "withdrawn.jsonl"],
        _pages,
    ),
)
"""The stages, in the order in which a figure travels."""

STAGE_NAMES = tuple(stage.name for stage in STAGES)


def fingerprint_of(paths: Iterable[Path], base: Path = HOUSE) -> str:
    """Return a hash over the names under `base` and the bytes of the files that exist among `paths`."""
    return _joined(_hashes(paths, base))


def given_to(home: Home, names: Iterable[str] = STAGE_NAMES) -> dict[str, str]:
    """Return for the named stages a hash of what others may change while they run: to be asked before they run."""
    return {
        stage.name: _joined({**_of_rooms((*stage.rooms, REQUIREMENTS.name)), **_hashes(stage.given(home), home.root)})
        for stage in map(_stage, names)
    }


def code_version_of(name: str) -> str:
    """Return a hash of all code, cards and versions of libraries that decide what a stage writes.

    Those of the stages before it are in it: `stale_from` builds what is behind a stale stage too, and Dagster, which
    compares each asset's own code only, then calls the same assets stale.
    """
    before = STAGES[: STAGE_NAMES.index(name) + 1]
    return _joined({stage.name: _joined(_of_rooms((*stage.rooms, REQUIREMENTS.name))) for stage in before})[:16]


def given_files(home: Home, name: str) -> list[Path]:
    """Return the files of the home that a stage reads and that others change."""
    return list(_stage(name).given(home))


def made_for(home: Home, name: str) -> str:
    """Return a hash of what a stage reads that earlier stages, or commands under the lock, have made."""
    stage = _stage(name)
    return _joined({**_hashes(stage.made(home), home.root), "logged": "\n".join(stage.logged(home))})


def made_by(home: Home, name: str) -> str:
    """Return a hash of what a stage has written."""
    return fingerprint_of(_stage(name).writes(home), home.root)


def stale_from(home: Home) -> int | None:
    """Return the position of the first stale stage in `STAGES`, or None when nothing changed."""
    known, given = _recorded(home), given_to(home)
    for position, name in enumerate(STAGE_NAMES):
        before = known.get(name, {})
        if (before.get("given"), before.get("made")) != (given[name], made_for(home, name)):
            return position
        if changed_outputs(home, [name]):
            return position
    return None


def changed_outputs(home: Home, names: Iterable[str] = STAGE_NAMES) -> list[Path]:
    """Return the files that the named stages wrote and that are missing or not those bytes any more, sorted."""
    known = _recorded(home)
    wrote = {home.root / path: sha for name in names for path, sha in known.get(name, {}).get("wrote", {}).items()}
    mine = {path: sha256 for path, sha256 in wrote.items() if not _is_published(home, path)}
    return sorted(path for path, sha256 in mine.items() if not path.is_file() or sha256_of(path) != sha256)


def record(home: Home, names: Iterable[str], given: Mapping[str, str]) -> None:
    """Remember what the named stages read and wrote, so that the next build can skip them.

    Args:
        home: with their outputs.
        names: of stages that are done.
        given: what `given_to` said of each before it ran.
    """
    states = {
        name: {
            "given": given[name],
            "made": made_for(home, name),
            "wrote": _hashes(_stage(name).writes(home), home.root),
        }
        for name in names
    }
    known = _recorded(home) | states
    write_json(_register(home), {"stages": known, "sha256": _hash_of(known)})


def _stage(name: str) -> BuildStage:
    return STAGES[STAGE_NAMES.index(name)]


def _hashes(paths: Iterable[Path], base: Path) -> dict[str, str]:
    return {path.relative_to(base).as_posix(): sha256_of(path) for path in sorted(set(paths)) if path.is_file()}


@cache
def _of_rooms(names: tuple[str, ...]) -> dict[str, str]:
    """The files of rooms as this process found them first: it runs the code of then, whatever is written later."""
    return _hashes([*room(*names), *(HOUSE / name for name in names)], HOUSE)


def _joined(hashes: Mapping[str, str]) -> str:
    lines = "".join(f"{name}\0{sha256}\n" for name, sha256 in sorted(hashes.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def _register(home: Home) -> Path:
    return home.build / "fingerprints.json"


def refuse_lost_register(home: Home) -> None:
    """Refuse to say that all is as it was built where nobody knows any more how it was built.

    Raises:
        Refusal: `file_missing`, `bytes_changed`, naming the register of what was built.
    """
    path = _register(home)
    built = [home.warehouse, *home.candidates.glob("*")]  # verdicts and pointers are there in a restored home, too
    if not path.exists() and any(file.exists() for file in built):
        raise Refusal("file_missing", where=str(path))
    if path.exists() and not _recorded(home):
        raise Refusal("bytes_changed", where=str(path))


def _recorded(home: Home) -> dict[str, Any]:
    """What was remembered; nothing where the register is not as it was written, or is of an older house.

    It bears its own hash: a byte that changed in the name of a stage would let all that the stage wrote go unasked.
    """
    try:
        content = parse_json(_register(home).read_bytes())
        stages = content.get("stages", content)
        is_whole = content.keys() <= set(STAGE_NAMES) if stages is content else content["sha256"] == _hash_of(stages)
        is_ours = all(isinstance(state, dict) for state in stages.values())
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return {}
    return stages if is_whole and is_ours else {}


def _hash_of(states: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(states, sort_keys=True).encode()).hexdigest()
