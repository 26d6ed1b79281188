"""What changed since the last build: checked for every stage before Dagster, dbt or GX is imported.

Belongs here: the order of the stages, what each reads and writes. Does not belong here: running them (`building.py`).
A stage is stale if the code, cards, texts or libraries behind it changed, if its input differs from its last one, or if
its output files are no longer the bytes that it wrote (`outputs.py`).

Hashes are stored in `build/fingerprints.json` under names relative to home and checkout: a copied home is not stale.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from assets.outputs import changed_outputs, is_listed, is_published, keep_outputs, outputs_file, refuse_broken_outputs
from ingestion.checkout_files import ROOT, Checkout, checkout
from ingestion.home import Home, sha256_of, write_json
from ingestion.storage import parse_json
from languages.refusal import Refusal

_ESTIMATES = ("hidden_part", "nowcast")  # of the ledger, which is imported only if something is stale


@dataclass(frozen=True)
class BuildStage:
    """One stage of a build.

    Attributes:
        name: of the stage.
        begins_at: the module of its assets: its imports, and the files they read, decide what the stage does.
        given: files of the home that others change, even during a build; hashed before it runs.
        made: files of the home that only a writer with the lock changes; hashed when the stage is done.
        writes: files of the home that the stage can write again from what it reads.
        logged: lines of logs that decide what it does, besides `made`.
    """

    name: str
    begins_at: str
    given: Callable[[Home], Iterable[Path]]
    made: Callable[[Home], Iterable[Path]]
    writes: Callable[[Home], Iterable[Path]]
    logged: Callable[[Home], Iterable[str]] = lambda _home: ()


def _no_files(_home: Home) -> list[Path]:
    return []


def _received_and_decided(home: Home) -> list[Path]:
    """Return received files, persons' decisions about them, and the links of records."""
    return [home.receipts, home.decisions, *home.links.glob("pairs-*")]


def _raw_rows(home: Home) -> list[Path]:
    return list(home.raw.rglob("*.parquet"))


def _calendar(home: Home) -> Path:
    """Return the file that names the day as of which a year is over."""
    return home.raw / "calendar.parquet"


def _landed_files(home: Home) -> list[Path]:
    return [*_raw_rows(home), *home.quarantine.glob("*.jsonl")]


def _candidates(home: Home) -> list[Path]:
    names = ("base.parquet", "members.parquet", "contributions.parquet", "facts.parquet")
    return [*(home.candidates / name for name in names), *home.candidates.glob("*/cells.parquet")]


def _final_files(home: Home) -> list[Path]:
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
    """Return the ledger's files on withdrawals and on the releases that protection took into account."""
    aside = {"external", "published", "sealed"}
    others = [path for path in home.ledger.rglob("*") if not aside & set(path.relative_to(home.ledger).parts)]
    released = [
        home.ledger / kind / str(entry.get("dataset")) / f"{entry.get('version')}.parquet"
        for entry in map(_entry, _earlier_releases(home))
        for kind in ("published", "sealed")
    ]
    return [path for path in (*others, *released) if path.name != "log.jsonl"]


def _earlier_releases(home: Home) -> list[str]:
    """Return the lines of the ledger, except those of the present candidates, which protection has made itself.

    So a build that was killed between two releases continues with the second, and does not protect it against the
    first, with which it was protected. A file that no line names belongs to a release that never was.
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
    except (OSError, ValueError, LookupError, TypeError):  # withdrawn
        return False


def _entry(line: str) -> dict[str, Any]:
    try:
        entry = parse_json(line)
    except ValueError:
        return {}
    return entry if isinstance(entry, dict) else {}


def _seal_key(home: Home) -> list[Path]:
    """Return the key of the seals: with another key no seal is valid, so sealed files are made and sealed again."""
    return [home.keys / "seal.key"]


def _verdicts(home: Home) -> list[Path]:
    return [*home.verdicts.glob("*.json*")]


_AUDITS = ("audit.json", "joint_audit.json", "joint_audit.json.seal")


def _pointers(home: Home) -> list[Path]:
    return [path for path in home.releases.glob("*/latest") if path.parent.name not in _ESTIMATES]


def _estimate(home: Home) -> list[Path]:
    return [home.candidates / f"{name}.json{end}" for name in _ESTIMATES for end in ("", ".seal")]


def _released_estimates(home: Home) -> list[Path]:
    return [path for name in _ESTIMATES for path in (home.releases / name).glob("*/manifest.json")]


def _standards(home: Home) -> list[Path]:
    """Return the standards that the task force adopted: a release carries them, by a verdict that names their hash."""
    return [home.standards]


def _report_inputs(home: Home) -> list[Path]:
    return [*home.prose.rglob("*"), *home.publications.rglob("*"), *(home.root / "geography").rglob("*")]


def _pages(home: Home) -> list[Path]:
    pages = [*home.reports.glob("[!.]*/[!.]*/**/*"), *home.reports.glob("[!.]*/versions.json")]
    return [path for path in pages if not is_published(home, path)]


STAGES = (
    BuildStage("landing", "assets.landing_assets", _received_and_decided, _no_files, _landed_files),
    BuildStage("warehouse", "assets.dbt_assets", _no_files, _raw_rows, lambda home: [home.warehouse]),
    BuildStage(
        "candidates",
        "assets.candidate_assets",
        _no_files,
        lambda home: [home.build / "warehouse.fingerprint", _calendar(home)],
        _candidates,
    ),
    BuildStage(
        "protection",
        "assets.protection_assets",
        _figures_of_others,
        lambda home: [*_candidates(home), *_ledger(home), *_seal_key(home)],
        _final_files,
        _earlier_releases,
    ),
    BuildStage(
        "gates",
        "assets.gate_assets",
        lambda home: [*_figures_of_others(home), *_standards(home)],
        lambda home: [
            *_final_files(home),
            home.candidates / "contributions.parquet",
            _calendar(home),
            *_ledger(home),
            *_seal_key(home),
        ],
        lambda home: [*_verdicts(home), *(home.candidates / name for name in _AUDITS)],
        _earlier_releases,
    ),
    BuildStage(
        "releases",
        "assets.release_assets",
        _standards,
        lambda home: [*_verdicts(home), home.raw / "links.parquet"],  # the notes say whether records are linked
        _pointers,
    ),
    BuildStage(
        "estimates",
        "assets.estimate_assets",
        _no_files,
        lambda home: [
            home.build / "warehouse.fingerprint",
            *_raw_rows(home),  # earlier lists of an agency, which the warehouse no longer holds
            home.links / "recall.json",
            home.links / "sample.json",  # the answers about its pairs are among the decisions
            home.decisions,
            home.ledger / "withdrawn.jsonl",
            *_pointers(home),
            *_seal_key(home),
        ],
        _estimate,
    ),
    BuildStage(
        "reports",
        "assets.report_assets",
        _report_inputs,
        lambda home: [*_pointers(home), *_released_estimates(home), home.ledger / "withdrawn.jsonl"],
        _pages,
    ),
)
"""The stages, in the order of processing."""

STAGE_NAMES = tuple(stage.name for stage in STAGES)


def fingerprint_of(paths: Iterable[Path], base: Path = ROOT) -> str:
    """Return a hash over the names under `base` and the bytes of the files that exist among `paths`."""
    return _hash_lines(_hashes(paths, base))


def code_of(home: Home) -> dict[str, str]:
    """Return for each stage a hash of all code, cards, texts and libraries that decide what it writes.

    Args:
        home: whose register stores the result for the checkout as it was then: reading the imports takes a second.
    """
    recorded = _register(home).get("checkout", {})
    return dict(recorded["code"]) if recorded.get("files") == checkout().fingerprint else dict(_code())


def code_by(files: Checkout) -> dict[str, str]:
    """Return for each stage a hash of what decides in a checkout what it writes."""
    return {stage.name: _hash_lines(files.decides(stage.begins_at)) for stage in STAGES}


def code_version(code: Mapping[str, str], name: str) -> str:
    """Return the code version of a stage for Dagster.

    It includes those of the stages before it: `stale_from` also builds what follows a stale stage, and Dagster, which
    compares only each asset's own code, then marks the same assets as stale.

    Args:
        code: from `code_of`.
        name: of the stage.
    """
    before = STAGE_NAMES[: STAGE_NAMES.index(name) + 1]
    return _hash_lines({stage: code[stage] for stage in before})[:16]


def given_hashes(home: Home, code: Mapping[str, str]) -> dict[str, str]:
    """Return for each stage a hash of what others may change while it runs; to be called before it runs.

    Args:
        home: whose files are read.
        code: from `code_of`.
    """
    return {
        stage.name: _hash_lines({"code": code[stage.name], **_hashes(stage.given(home), home.root)}) for stage in STAGES
    }


def given_files(home: Home, name: str) -> list[Path]:
    """Return the files of the home that a stage reads and that others change."""
    return list(_stage(name).given(home))


def hash_of_inputs(home: Home, name: str) -> str:
    """Return a hash of what a stage reads that earlier stages, or commands under the lock, have made."""
    stage = _stage(name)
    return _hash_lines({**_hashes(stage.made(home), home.root), "logged": "\n".join(stage.logged(home))})


def hash_of_outputs(home: Home, name: str) -> str:
    """Return a hash of what a stage has written."""
    return fingerprint_of(_stage(name).writes(home), home.root)


class StageHashes(NamedTuple):
    """For each stage, a hash of the code that decides what it does, and of what others give it (`given_hashes`)."""

    code: dict[str, str]
    given: dict[str, str]


def hashes_before_run(home: Home) -> StageHashes:
    """Return the hashes of all stages: called before a run, for `record_stages` after it."""
    code = code_of(home)
    return StageHashes(code, given_hashes(home, code))


def stale_from(home: Home, code: Mapping[str, str] | None = None) -> int | None:
    """Return the position of the first stale stage in `STAGES`, or None if nothing changed.

    Args:
        home: with what was built.
        code: what decides what each stage does; by default from this checkout.
    """
    known, given = _recorded_stages(home), given_hashes(home, code or code_of(home))
    for position, name in enumerate(STAGE_NAMES):
        before = known.get(name, {})
        if (before.get("given"), before.get("made")) != (given[name], hash_of_inputs(home, name)):
            return position
        if not is_listed(home, name) or changed_outputs(home, [name]):
            return position
    return None


def record_stages(home: Home, names: Iterable[str], before: StageHashes) -> None:
    """Record what the named stages read and wrote, so that the next build can skip them.

    Args:
        home: with their outputs.
        names: of stages that are done.
        before: their hashes from before they ran.
    """
    keep_outputs(home, {name: _hashes(_stage(name).writes(home), home.root) for name in names})
    known = _recorded_stages(home) | {
        name: {"given": before.given[name], "made": hash_of_inputs(home, name)} for name in names
    }
    content = {"stages": known, "checkout": {"files": checkout().fingerprint, "code": before.code}}
    write_json(register_file(home), {**content, "sha256": _hash_of(content)})


def _stage(name: str) -> BuildStage:
    return STAGES[STAGE_NAMES.index(name)]


def _hashes(paths: Iterable[Path], base: Path) -> dict[str, str]:
    return {path.relative_to(base).as_posix(): sha256_of(path) for path in sorted(set(paths)) if path.is_file()}


@cache
def _code() -> Mapping[str, str]:
    return code_by(checkout())


def _hash_lines(hashes: Mapping[str, str]) -> str:
    lines = "".join(f"{name}\0{sha256}\n" for name, sha256 in sorted(hashes.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def register_file(home: Home) -> Path:
    """Return the path of the register of what each stage read."""
    return home.build / "fingerprints.json"


def register_refusal(home: Home) -> Refusal | None:
    """Return why it is unknown how this home was built: `file_missing`, `bytes_changed`; None if it is known."""
    path = register_file(home)
    built = [home.warehouse, *home.candidates.glob("*")]  # a restored home has verdicts and pointers, too
    if not path.exists():
        return Refusal("file_missing", where=str(path)) if any(file.exists() for file in built) else None
    return None if _register(home) else Refusal("bytes_changed", where=str(path))


def refuse_lost_outputs(home: Home) -> None:
    """Refuse to confirm that files are unchanged if the list of what was written is missing or damaged.

    Raises:
        Refusal: `file_missing`, `seal_broken`, naming the list of outputs.
    """
    if outputs_file(home).exists():
        refuse_broken_outputs(home)
    elif _recorded_stages(home):
        raise Refusal("file_missing", where=str(outputs_file(home)))


def _recorded_stages(home: Home) -> dict[str, Any]:
    return dict(_register(home).get("stages", {}))


def _register(home: Home) -> dict[str, Any]:
    """Return the register; empty if it was changed.

    It contains its own hash: a changed byte in the name of a stage would otherwise let that stage's output go
    unchecked.
    """
    content = _content_of(home)
    sha256 = content.pop("sha256", "")
    return content if sha256 == _hash_of(content) else {}


def _content_of(home: Home) -> dict[str, Any]:
    try:
        content = parse_json(register_file(home).read_bytes())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _hash_of(content: Any) -> str:  # noqa: ANN401 - whatever json can write
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
