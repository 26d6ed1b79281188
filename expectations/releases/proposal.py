"""A proposal: what a build would publish, laid beside the home's releases until it is signed, then put in place.

Belongs here: laying it out, telling what it would publish, the act about it, putting exactly these bytes in place.
Does not belong here: making releases and estimates (`release.py`, `estimates`), which work in a proposal as in a home;
signatures (`ingestion/people`), the stages of a build (`assets`).

    proposal/releases/, ledger/, lineage/    as in the home, with what the build has added

The line of the act in the log publishes: what a killed process has not put in place, the next command does (`finish`).
Releases, estimates and the ledger's lines come in the order in which they were made, so that at no moment more than one
folder is unknown to the ledger.
"""

from __future__ import annotations

import datetime
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from expectations.candidates import lineage
from expectations.published import ledger
from expectations.published.ledger import LedgerEntry
from expectations.releases.release import point
from expectations.releases.verification import verify
from ingestion.home import Home, make_folder, read_verified, sha256_of, write_bytes, write_folder
from ingestion.people import acts, acts_log
from ingestion.people.acts import Act, SignedAct
from ingestion.people.roster import Roster
from languages.refusal import Refusal

NEXT_DUE = datetime.timedelta(days=366)
"""A home that publishes yearly speaks once a year at least; a reader who hears nothing longer asks why."""


def lay_out(home: Home) -> Home:
    """Lay what is published into a fresh proposal and return the home that publishes there.

    Files are second names of the same bytes where the disk has such: nothing that is published is ever written to.
    """
    discard(home)
    make_folder(home.proposal)
    for room in (home.releases, home.ledger, home.lineage):
        shutil.copytree(room, home.proposal / room.name, copy_function=_link_or_copy, dirs_exist_ok=True)
    proposing = home.proposing()
    for head in (ledger.head_path(home), home.backups / ledger.head_path(home).name):
        if head.exists():
            write_bytes(home.proposal / head.relative_to(home.root), head.read_bytes())
    return proposing


def discard(home: Home) -> None:
    """Remove the proposal."""
    shutil.rmtree(home.proposal, ignore_errors=True)


def additions(home: Home) -> list[LedgerEntry]:
    """Return the lines that a proposal would add to the ledger, oldest first; none without a proposal.

    Raises:
        Refusal: `ledger_broken`; `act_of_before` if the ledger has grown since the proposal was laid out.
    """
    if not home.proposal.is_dir():
        return []
    here, there = ledger.entries(home), ledger.entries(home.proposing())
    if there[: len(here)] != here:
        raise Refusal("act_of_before", where=str(home.proposal))
    return there[len(here) :]


def draft_act(
    home: Home, roster: Roster, person: str, reason: str, today: datetime.date, facts: Mapping[str, Any]
) -> Act:
    """Return the act that would publish the proposal, to be signed.

    Args:
        home: with a proposal.
        roster: of the home.
        person: who prepares it.
        reason: in her words.
        today: its day.
        facts: the warnings that she was shown and took.
    """
    entries, proposing = additions(home), home.proposing()
    last = {entry.dataset: entry.version for entry in ledger.entries(home)}
    previous = acts_log.last_statement(home)
    return Act(
        kind="publish",
        home=acts_log.identity(home),
        number=previous.number + 1,
        day=today.isoformat(),
        prepared_by=person,
        reason=reason,
        about={_manifest_of(entry): entry.manifest_sha256 for entry in entries},
        replaces={entry.dataset: last[entry.dataset] for entry in entries if entry.dataset in last},
        before=acts_log.heads(home),
        after=acts_log.heads(proposing, ("ledger",)),
        previous=previous.sha256,
        next_due=(today + NEXT_DUE).isoformat(),
        signatures=roster.signatures,
        facts=facts,
    )


def refuse_other_bytes(home: Home, act: Act) -> None:
    """Refuse an act that is not about exactly the bytes of the proposal.

    Raises:
        Refusal: `act_of_other_bytes`, naming the file.
    """
    entries, proposing = additions(home), home.proposing()
    if dict(act.about) != {_manifest_of(entry): entry.manifest_sha256 for entry in entries}:
        raise Refusal("act_of_other_bytes", where=act.name)
    if dict(act.after) != acts_log.heads(proposing, act.after):
        raise Refusal("act_of_other_bytes", where=act.name)
    for entry in entries:
        folder = proposing.releases / entry.dataset / entry.version
        if sha256_of(folder / "manifest.json") != entry.manifest_sha256 or not verify(folder).ok:
            raise Refusal("act_of_other_bytes", where=f"{entry.dataset}/{entry.version}")


def publish(home: Home, signed: SignedAct, folder: Path) -> list[LedgerEntry]:
    """Publish a proposal by its signed act and return the lines that the ledger got; the caller holds the lock.

    Raises:
        Refusal: `act_unsigned`; as `refuse_other_bytes`.
    """
    if not signed.is_complete:
        raise Refusal("act_unsigned", where=folder.name)
    refuse_other_bytes(home, signed.act)
    acts_log.append(
        home, "done", signed.act.prepared_by, signed.act.kind, act=signed.act.sha256, number=signed.act.number
    )
    return _put_in_place(home, folder)


def finish(home: Home) -> list[LedgerEntry]:
    """Put in place what an act has published and a killed process has not; return the lines that the ledger got."""
    last = acts_log.last_statement(home)
    folder = home.acts / f"{last.number:06d}-{last.sha256[:12]}"
    if not last.number or not home.proposal.is_dir() or not folder.is_dir():
        return []
    act = acts.read_act(folder)
    if act.kind != "publish" or dict(act.after) != acts_log.heads(home.proposing(), act.after):
        return []
    return _put_in_place(home, folder)


def _put_in_place(home: Home, folder: Path) -> list[LedgerEntry]:
    entries = additions(home)
    for entry in entries:
        _put_entry_in_place(home, entry)
    for entry in _entries_of(home, acts.read_act(folder)):
        acts.write_statement(folder, home.releases / entry.dataset / entry.version)
    discard(home)
    return entries


def _put_entry_in_place(home: Home, entry: LedgerEntry) -> None:
    """Copy what belongs to one line, verified by its hashes, then write the line, then the pointer."""
    proposing = home.proposing()
    files = ledger.files_of(proposing, entry)
    if entry.lineage_sha256:
        files[lineage.path_of(proposing, entry.dataset, entry.version)] = entry.lineage_sha256
    for path, sha256 in files.items():
        write_bytes(
            home.root / path.relative_to(home.proposal), read_verified(path, sha256), mode=path.stat().st_mode & 0o777
        )
    place = Path(entry.dataset) / entry.version
    if not (home.releases / place).exists():
        write_folder(
            home.releases / place, {path.name: path.read_bytes() for path in (proposing.releases / place).iterdir()}
        )
    ledger.append(home, entry)
    point(home.releases / entry.dataset, entry.version)


def _entries_of(home: Home, act: Act) -> Sequence[LedgerEntry]:
    return [entry for entry in ledger.entries(home) if _manifest_of(entry) in act.about]


def _manifest_of(entry: LedgerEntry) -> str:
    return f"releases/{entry.dataset}/{entry.version}/manifest.json"


def _link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another disk, or one without second names
        shutil.copy2(source, target)
