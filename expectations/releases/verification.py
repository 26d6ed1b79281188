"""Verify a released folder: anybody can, anywhere, with nothing but the folder.

Belongs here: hashes, version, verdict, data package. Does not belong here: anything that needs the home, the ledger or
the key; whether a statement is signed (`ingestion/people/statements.py`).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from expectations.gate.stored_verdict import Verdict
from expectations.published import tombstone
from expectations.published.release_formats import format_refusal
from expectations.releases import manifest_agreement, package_descriptor
from ingestion.home import sha256_of
from ingestion.people import statements
from ingestion.people.acts import STATEMENT
from ingestion.people.statements import CheckedStatement, Trust
from ingestion.storage import parse_json, refuse_leading_out
from languages.refusal import Refusal

_MOST_BYTES = 2**28
"""Largest manifest, verdict, description or table that is read whole; the largest of a real release has a few MB."""
_LIKE_A_VERSION = re.compile(r"^\d+-[0-9a-fA-F]+$")


@dataclass(frozen=True)
class VerifyReport:
    """The result of verifying.

    Attributes:
        ok: whether nothing is wrong.
        refusals: what is wrong, each with reason code and place; the catalogue holds the words.
        signed: whether signatures were asked for, and hold.
        statement: what was signed, and by whom; None if nobody asked.
        withdrawn: the day the release was withdrawn, empty if it was not. A withdrawn folder is sound if it holds its
            manifest and a complete tombstone, and nothing else.
    """

    ok: bool
    refusals: list[Refusal]
    signed: bool = False
    withdrawn: str = ""
    statement: CheckedStatement | None = None

    @property
    def problems(self) -> list[str]:
        """What is wrong, for a machine: `<reason code>: <place>`."""
        return [str(refusal) for refusal in self.refusals]


def verify(path: Path, trust: Trust | None = None) -> VerifyReport:
    """Verify the release in the folder `path`; a copy elsewhere is as good.

    A folder name that looks like a version must be its version, and the dataset's folder must match its manifest.

    Problems: `manifest_missing`, `manifest_unreadable`, `manifest_other_format`, `version_differs`, `dataset_differs`,
        `file_missing`, `bytes_changed`, `file_unexpected`, `name_leads_out` (a path elsewhere, or a link),
        `verdict_differs` (not passed, or about other bytes), `manifest_differs` (it contradicts the files),
        `package_differs`.

    Args:
        path: folder of one version.
        trust: the statement beside the release must hold by it, as `statements.check` says; None if nobody asks who
            released it.

    Returns:
        `ok`, and the problems with their files. A folder that is no release is a problem too; nothing is raised.
    """
    problems = list(_problems(path))
    buried = tombstone.read_tombstone(path) or {}
    statement = None
    if trust is not None and not problems:
        kinds = statements.OF_TOMBSTONE if buried else statements.OF_RELEASE
        statement = statements.check(path, _about(path), trust, kinds)
        problems += statement.problems
    is_signed = statement is not None and not statement.problems
    return VerifyReport(not problems, problems, is_signed, str(buried.get("withdrawn", "")), statement)


def has_its_bytes(path: Path) -> bool:
    """Return whether a folder holds exactly the files that its manifest names, each with its hash; no more is asked."""
    manifest = _read_parsed(parse_json, path / "manifest.json")
    if not manifest_agreement.is_manifest(manifest) or _refuse_leading_out(path, manifest["files"]):
        return False
    return not list(_file_problems(path, manifest["files"]))


def _about(path: Path) -> dict[str, str]:
    """Return what a statement beside a release is about: its manifest, which names the hash of every other file.

    That of a withdrawn one is about the tombstone too, which says why.
    """
    manifest = path / "manifest.json"
    content, sha256 = parse_json(manifest.read_bytes()), sha256_of(manifest)
    version = f"{content.get('sequence', 0):06d}-{sha256[:12]}"
    place, buried = f"releases/{content.get('dataset')}/{version}", path / tombstone.NAME  # as `proposal` names it
    tombstones = {f"{place}/{tombstone.NAME}": sha256_of(buried)} if buried.exists() else {}
    return {f"{place}/manifest.json": sha256, **tombstones}


def _problems(path: Path) -> Iterator[Refusal]:
    manifest_path = path / "manifest.json"
    if leading := _refuse_leading_out(path, ["manifest.json"]):
        yield from leading
        return
    if not manifest_path.is_file():
        yield Refusal("manifest_missing", where=str(path))
        return
    manifest = _read_parsed(parse_json, manifest_path)
    is_numbered = isinstance(manifest, dict) and type(manifest.get("format")) is int
    if is_numbered and (refusal := format_refusal(manifest, manifest_path)):
        yield refusal
        return
    if not manifest_agreement.is_manifest(manifest):
        yield Refusal("manifest_unreadable", where=str(manifest_path))
        return
    yield from _name_problems(path, manifest, sha256_of(manifest_path))
    if (path / tombstone.NAME).is_symlink() or (path / tombstone.NAME).exists():
        yield from tombstone.problems(path)
        return
    broken = _refuse_leading_out(path, manifest["files"]) or list(_file_problems(path, manifest["files"]))
    yield from broken
    if not broken and manifest.get("kind") != "estimate":  # it has no verdict and card of its own
        yield from _content_problems(path, manifest)


def _name_problems(path: Path, manifest: dict[str, Any], sha256: str) -> Iterator[Refusal]:
    """Yield where the names of the folder and of the dataset's folder contradict the manifest."""
    name, around = path.resolve().name, path.resolve().parent
    if not _LIKE_A_VERSION.match(name):
        return
    if name != f"{manifest.get('sequence', 0):06d}-{sha256[:12]}":
        yield Refusal("version_differs", where=str(path / "manifest.json"))
    if (around / "latest").exists() and "dataset" in manifest and around.name != manifest["dataset"]:
        yield Refusal("dataset_differs", where=str(path / "manifest.json"), dataset=manifest["dataset"])


def _file_problems(path: Path, files: dict[str, str]) -> Iterator[Refusal]:
    for name, sha256 in sorted(files.items()):
        if not (path / name).is_file():
            yield Refusal("file_missing", where=str(path / name))
        elif sha256_of(path / name) != sha256:
            yield Refusal("bytes_changed", where=str(path / name))
    for entry in sorted(path.iterdir()):
        if entry.name not in {*files, "manifest.json", *STATEMENT.values()}:
            yield Refusal("file_unexpected", where=str(entry))


def _content_problems(path: Path, manifest: dict[str, Any]) -> Iterator[Refusal]:
    """Yield contradictions between files that all have the hashes in the manifest."""
    verdict = _read_parsed(lambda data: _verdict_on(manifest, data), path / "verdict.json")
    if verdict is None:
        yield Refusal("verdict_differs", where=str(path / "verdict.json"))
    else:
        facts = _read_parsed(
            lambda _data: list(manifest_agreement.facts_that_differ(path, manifest, verdict)), path / "data.csv"
        )
        for fact in ["data.csv"] if facts is None else facts:
            yield Refusal("manifest_differs", where=str(path / "manifest.json"), fact=fact)
    places = _read_parsed(lambda _data: package_descriptor.problems_of(path), path / "datapackage.json")
    for place in ["datapackage.json"] if places is None else places:
        yield Refusal("package_differs", where=place)


def _verdict_on(manifest: Mapping[str, Any], data: bytes) -> Verdict:
    """Return the verdict that let these files pass; raise ValueError for another one."""
    verdict = Verdict.from_bytes(data)
    is_about = verdict.dataset == manifest.get("dataset") and verdict.files.items() <= manifest["files"].items()
    if not verdict.passed or not is_about:
        raise ValueError(verdict.dataset)
    return verdict


def _read_parsed(parse: Callable[[bytes], Any], path: Path) -> Any:  # noqa: ANN401 - what a file holds
    """Return what `parse` makes of a file; None if it is malformed or too long: the caller reports it."""
    try:
        return parse(path.read_bytes()) if path.stat().st_size <= _MOST_BYTES else None
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, StopIteration, csv.Error):
        return None


def _refuse_leading_out(path: Path, names: Iterable[str]) -> list[Refusal]:
    """Return a refusal for each name that leads out of the folder: nothing outside it is read or reported."""
    refusals: list[Refusal] = []
    for name in names:
        try:
            refuse_leading_out(path, name)
        except Refusal as refusal:
            refusals.append(refusal)
    return refusals
