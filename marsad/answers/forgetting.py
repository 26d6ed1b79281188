"""Forgetting a file: nothing of it stays in the home but hashes in the logs, and a scan that opens every file says so.

Belongs here: which submissions a file came by, what still rests on it, what has to go, the scan.
Does not belong here: the act and its signatures (`acting.py`), withdrawing (`submission_withdrawal.py`), which figures
rest on a file (`erased_figures.py`), the form of a lineage (`lineage.py`).

    acts/<act>/<version>.parquet    lineages without the file, until they are put in place
               sought.json          what the scan looks for, until it is done
               scan.json            what the scan found

The lines that cannot be rewritten keep what is a hash: receipts, decisions, acts and the lists of backups. The ledger
keeps counts, of which none rests on this file alone.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from ingestion.home import Home, read_json, sha256_of_bytes, write_json
from ingestion.keeping import retention
from ingestion.keeping.backup_register import BackupLine, backups_holding
from ingestion.keeping.decoded_files import decode
from ingestion.people import acts
from ingestion.people.acts import SOUGHT, Act
from ingestion.seals import remove_sealed
from ingestion.submissions import receipts
from ingestion.submissions.receipts import Receipt
from ingestion.submissions.submission_withdrawal import withdraw_held
from ingestion.text.folding import nearest_word_or_all
from languages.refusal import Refusal

SCAN = "scan.json"
_REBUILT = ("unfinished", "proposal", "warehouse", "candidates", "runs")
"""Classes of the retention card that go whole: a cache, or Dagster's history, forgets no single file for certain."""
_LOGS = ("receipts", "decisions", "acts", "backups", "locks")
"""Classes whose lines stay: they hold hashes of the file and of its rows' pseudonymous IDs, no cell."""
_STAYING = "dagster/dagster.yaml"
_MARKS = re.compile(rb"k\d+:[0-9a-f]{32}|\d{6,}-[0-9a-f]{12}|[0-9a-f]{64}")
"""Pseudonymous IDs, submissions and hashes, wherever they stand."""


@dataclass(frozen=True)
class Forgetting:
    """What has to go with a file.

    Attributes:
        sha256: of the file.
        submissions: all that brought these bytes.
        taken: submission -> hash of what was taken of it.
        lineages: path under the home -> its bytes without the file.
        replaces: the same paths -> their hash before.
        sought: what names the file or only its rows: submissions, its hash, pseudonymous IDs.
    """

    sha256: str
    submissions: tuple[str, ...]
    taken: Mapping[str, str] = field(default_factory=dict[str, str])
    lineages: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    replaces: Mapping[str, str] = field(default_factory=dict[str, str])
    sought: tuple[str, ...] = ()

    @property
    def about(self) -> dict[str, str]:
        """What the act is about: the file, and each lineage as it will be."""
        hashes = {path: sha256_of_bytes(data) for path, data in self.lineages.items()}
        return {**{f"taken/{submission}": sha256 for submission, sha256 in self.taken.items()}, **hashes}

    @property
    def files(self) -> dict[str, bytes]:
        """What lies in the folder of the act until it is done."""
        lineages = {Path(path).name: data for path, data in self.lineages.items()}
        return {**lineages, SOUGHT: json.dumps(self.sought).encode()}


@dataclass(frozen=True)
class Forgotten:
    """A file that was forgotten.

    Attributes:
        submissions: that had brought it.
        opened: number of files that the scan opened.
        unopened: those that it could read as bytes only.
        left: those that still name the file or one of its rows.
        backups: that still hold it.
    """

    submissions: tuple[str, ...]
    opened: int
    unopened: list[str]
    left: list[str]
    backups: list[BackupLine]


def plan_forgetting(home: Home, submission: str) -> Forgetting:
    """Return what has to go with the file that a submission brought; the caller holds the lock of the home.

    Raises:
        Refusal: `submission_unknown`, `submission_forgotten`; `act_waits` while something waits for signatures;
            `forget_rests`, naming the releases that rest on it or may rest on it; `receipts_broken`, `bytes_changed`.
    """
    from expectations.releases import proposal

    own = _receipts_of_file(home, submission)
    submissions = tuple(receipt.submission for receipt in own)
    for folder in acts.done_folders(home, "forget"):
        act = acts.read_act(folder)
        if set(submissions) <= set(act.facts["submissions"]):
            raise Refusal("submission_forgotten", where=submission, date=act.day)
    if waiting := proposal.additions(home):
        raise Refusal("act_waits", where=str(home.proposal), count=len(waiting))
    if resting := _resting_releases(home, submissions):
        raise Refusal("forget_rests", where=submission, releases=", ".join(resting))
    return _plan(home, own, submissions)


def refuse_changed(home: Home, act: Act, folder: Path) -> None:
    """Refuse an act of forgetting that is not about exactly what would be done now.

    Raises:
        Refusal: as `plan_forgetting`; `act_of_other_bytes`.
    """
    submissions = act.facts.get("submissions")
    if not isinstance(submissions, list) or not submissions:
        raise Refusal("act_of_other_bytes", where=act.name)
    plan = plan_forgetting(home, str(cast(list[Any], submissions)[0]))
    files = {name: (folder / name).read_bytes() if (folder / name).exists() else b"" for name in plan.files}
    same = (dict(act.about), dict(act.replaces)) == (plan.about, dict(plan.replaces))
    if not same or files != plan.files or submissions != list(plan.submissions):
        raise Refusal("act_of_other_bytes", where=act.name)


def carry_out(home: Home, folder: Path) -> None:
    """Remove the file, unless that is done; the caller holds the lock of the home.

    Nothing needs room on the disk before it gave some; a process killed anywhere begins again where it was.

    Raises:
        Refusal: `lock_held` while files are being received.
    """
    if not acts.is_unfinished(folder):
        return
    act, sought = acts.read_act(folder), frozenset(map(str, read_json(folder / SOUGHT)))
    for path in act.replaces:
        written = folder / Path(path).name
        if written.exists():
            written.chmod(0o600)
            written.replace(home.root / path)
    day = datetime.date.fromisoformat(act.day)
    for submission in act.facts["submissions"]:
        withdraw_held(home, submission, reason=act.reason, signed_by=act.prepared_by, day=day)
    (home.raw / "submissions.parquet").unlink(missing_ok=True)
    _forget_links(home, sought)
    for file in list(retention.files_of(home.root)):
        if file.name in _REBUILT and file.path != _STAYING:
            (home.root / file.path).unlink(missing_ok=True)
    write_json(folder / SCAN, _scan(home, sought))
    (folder / SOUGHT).unlink()


def forgotten(home: Home, folder: Path) -> Forgotten:
    """Return what an act of forgetting that is done has proved, and what no home can remove."""
    act, scan = acts.read_act(folder), read_json(folder / SCAN)
    held = {*act.replaces.items(), *(item for item in act.about.items() if item[0] not in act.replaces)}
    backups = list(backups_holding(home, lambda path, sha256: (path, sha256) in held))
    submissions = tuple(map(str, act.facts["submissions"]))
    return Forgotten(submissions, int(scan["opened"]), list(scan["unopened"]), list(scan["left"]), backups)


def _receipts_of_file(home: Home, submission: str) -> list[Receipt]:
    """Return the receipts of all submissions that brought the bytes that this one brought."""
    accepted = [receipt for receipt in receipts.read_receipts(home) if receipt.verdict == "accepted"]
    hashes = {receipt.submission: receipt.sha256 for receipt in accepted}
    if submission not in hashes:
        raise Refusal("submission_unknown", where=submission, nearest=nearest_word_or_all(submission, hashes))
    return [receipt for receipt in accepted if receipt.sha256 == hashes[submission]]


def _resting_releases(home: Home, submissions: Collection[str]) -> list[str]:
    """Return the newest releases and estimates that rest on a file.

    All may, as long as no build has counted without it; then those whose lineage names a fact that nothing else shows.
    """
    from expectations.candidates.erased_figures import erased_figures
    from expectations.published.release_log import ReleaseLog

    log = ReleaseLog.read_log(home)
    newest = {entry.dataset: entry for entry in log.entries}
    standing = [
        f"{entry.dataset}/{entry.version}"
        for entry in newest.values()
        if entry.version not in log.withdrawals_of(entry.dataset)
    ]
    if not standing:
        return []
    counted = _counted_submissions(home)
    if counted is None or counted & set(submissions):
        return standing
    return [f"{figures.dataset}/{figures.version}" for figures in erased_figures(home, submissions)]


def _counted_submissions(home: Home) -> set[str] | None:
    """Return the submissions that the last build had before it; None without a build."""
    from expectations.candidates import candidate
    from expectations.cards.cells import read_parquet

    listed = home.raw / "submissions.parquet"
    if not (home.candidates / "facts.parquet").exists() or not listed.exists():
        return None
    facts = candidate.read_facts(home)["submission"].dropna()
    return {*facts.astype(str), *read_parquet(listed.read_bytes())["submission"].dropna().astype(str)}


def _plan(home: Home, own: Sequence[Receipt], submissions: tuple[str, ...]) -> Forgetting:
    from expectations.candidates import lineage
    from expectations.cards.cells import parquet_bytes
    from expectations.published import ledger

    rows = {
        entry: lineage.read_rows(home, entry)
        for entry in ledger.entries(home)
        if entry.lineage_sha256 and lineage.path_of(home, entry.dataset, entry.version).exists()
    }
    members = sorted({m for of in rows.values() for m in of.loc[of["submission"].isin(submissions), "member"]})
    names = {member: f"forgotten/{own[0].n}/{number}" for number, member in enumerate(members, start=1)}
    lineages: dict[str, bytes] = {}
    replaces: dict[str, str] = {}
    rest: set[str] = set()
    for entry, of_release in rows.items():
        without = lineage.without_submissions(of_release, submissions, names)
        rest |= _marks_in(str(member) for member in without["member"].unique())
        if of_release["submission"].isin(submissions).any():
            path = lineage.path_of(home, entry.dataset, entry.version).relative_to(home.root).as_posix()
            lineages[path], replaces[path] = parquet_bytes(without), lineage.sealed_hash(home, entry)
    tokens = _marks_in(members) | _tokens_in_rows(home, submissions, are_own=True)
    sought = (tokens - rest - _tokens_in_rows(home, submissions, are_own=False)) | {own[0].sha256, *submissions}
    taken = {receipt.submission: receipt.taken for receipt in own}
    return Forgetting(own[0].sha256, submissions, taken, lineages, replaces, tuple(sorted(sought)))


def _tokens_in_rows(home: Home, submissions: Collection[str], *, are_own: bool) -> set[str]:
    """Return the pseudonymous IDs in the rows of some submissions, or of all others."""
    folders = (path for path in home.raw.glob("*/source=*/submission=*/rows.parquet"))
    chosen = (path for path in folders if (path.parent.name.removeprefix("submission=") in submissions) == are_own)
    return {mark.decode() for path in chosen for part in decode(path) for mark in _MARKS.findall(part)}


def _marks_in(texts: Collection[str] | Iterator[str]) -> set[str]:
    return {mark.decode() for mark in _MARKS.findall("\n".join(texts).encode())}


def _forget_links(home: Home, sought: Collection[str]) -> None:
    """Remove the links whose members only this file had, and a sample or a measure that names one."""
    from ingestion.persons import link_store

    links = link_store.read_links(home)
    standing = [link for link in links if not _marks_in((link.left, link.right)) & set(sought)]
    if len(standing) < len(links):
        link_store.write(home, standing)
    current = link_store.path_of(home)
    for path in sorted(home.links.glob("pairs-*.parquet")):
        if path != current:  # left by a process killed between the two
            remove_sealed(path)
    for path in sorted(home.links.glob("*.json")):
        if _marks_in([path.read_text(encoding="utf-8")]) & set(sought):
            remove_sealed(path)


def _scan(home: Home, sought: Collection[str]) -> dict[str, Any]:
    """Open every file of the home except the logs, and return which of them still name the file or one of its rows."""
    opened, unopened, left = 0, list[str](), list[str]()
    for file in retention.files_of(home.root):
        path = home.root / file.path
        if file.name in _LOGS or path.is_symlink():
            continue
        # a sender's name of a file stays where it is
        place = file.path if file.name != "inbox" else Path(file.path).parent.as_posix()
        marks = set(_marks_in([file.path]))
        try:
            for part in decode(path):
                marks |= {mark.decode() for mark in _MARKS.findall(part)}
            opened += 1
        except ValueError:
            unopened.append(place)
        if marks & set(sought):
            left.append(place)
    return {"opened": opened, "unopened": unopened, "left": left}


def read_done(home: Home, submission: str) -> Path | None:
    """Return the folder of the act that forgot a submission, finished or not; None if none did."""
    done = (folder for folder in acts.done_folders(home, "forget"))
    return next((folder for folder in done if submission in acts.read_act(folder).facts["submissions"]), None)
