"""A proposal: what a build would publish, laid beside the home's releases until it is signed, then put in place.

Belongs here: laying it out, telling what it would publish, the act about it, putting exactly these bytes in place.
Does not belong here: making releases and estimates (`release.py`, `estimates`), which work in a proposal as in a home;
signatures (`ingestion/people`), the stages of a build (`assets`).

    proposal/releases/, ledger/, lineage/    as in the home, with what has been added

The line of the act in the log publishes: what a killed process has not put in place, the next command does (`finish`).
Releases, estimates and the ledger's lines come in the order in which they were made, so that at no moment more than one
folder is unknown to the ledger.
"""

from __future__ import annotations

import datetime
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from expectations.candidates import lineage
from expectations.published import ledger
from expectations.published.ledger import LedgerEntry
from expectations.releases.release import point
from expectations.releases.verification import has_its_bytes, verify
from ingestion.home import Home, make_folder, read_verified, sha256_of, write_bytes, write_folder
from ingestion.people import acts, acts_log
from ingestion.people.acts import Act
from ingestion.people.roster import Roster
from languages.refusal import Refusal


def lay_out(home: Home) -> Home:
    """Lay what is published into a fresh proposal and return the home that publishes there.

    Files are second names of the same bytes where the disk has such: nothing that is published is ever written to.
    """
    discard(home)
    make_folder(home.proposal)
    for room in (home.releases, home.ledger, home.lineage):
        if room.exists():  # a backup brings back no empty folder
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
    if not home.proposing().ledger.is_dir():  # an opened home has the folder, with nothing in it
        return []
    here, there = ledger.entries(home), ledger.entries(home.proposing())
    if there[: len(here)] != here:
        raise Refusal("act_of_before", where=str(home.proposal))
    return there[len(here) :]


def draft_act(
    home: Home, roster: Roster, person: str, reason: str, day: datetime.date, facts: Mapping[str, Any]
) -> Act:
    """Return the act that would publish the proposal, to be signed; the other arguments are those of `Act`.

    Raises:
        Refusal: `act_of_other_bytes` if a folder contradicts itself. From then on hashes say that it is the same.
    """
    entries = additions(home)
    for entry in entries:
        if not verify(home.proposal / place_of(entry)).ok:
            raise Refusal("act_of_other_bytes", where=f"{entry.dataset}/{entry.version}")
    last = {entry.dataset: entry.version for entry in ledger.entries(home)}
    about = {_manifest_of(entry): entry.manifest_sha256 for entry in entries}
    replaces = {entry.dataset: last[entry.dataset] for entry in entries if entry.dataset in last}
    after = acts_log.heads(home.proposing(), ("ledger",))
    return acts.draft(home, roster, "publish", person, reason, day, about, replaces=replaces, after=after, facts=facts)


def refuse_other_bytes(home: Home, act: Act) -> None:
    """Refuse an act that is not about exactly the bytes of the proposal.

    Raises:
        Refusal: `act_of_other_bytes`, naming the file.
    """
    entries, proposing = additions(home), home.proposing()
    if dict(act.about) != {_manifest_of(entry): entry.manifest_sha256 for entry in entries}:
        raise Refusal("act_of_other_bytes", where=act.name)
    if dict(act.after) != acts_log.heads(proposing, ("ledger",)):
        raise Refusal("act_of_other_bytes", where=act.name)
    for entry in entries:
        _refuse_other_entry(home, entry)


def finish(home: Home) -> list[LedgerEntry]:
    """Put in place what an act has published and a killed process has not; return the lines that the ledger got."""
    folder = acts.last_signed(home) if home.proposing().ledger.is_dir() else None
    if folder is None:
        return []
    act = acts.read_act(folder)
    if "ledger" not in act.after or dict(act.after) != acts_log.heads(home.proposing(), act.after):
        return []
    return put_in_place(home, folder)


def put_in_place(home: Home, folder: Path) -> list[LedgerEntry]:
    """Publish a proposal whose act stands in the log, and return the lines that the ledger got.

    Args:
        home: whose lock the caller holds.
        folder: of the act.
    """
    entries = additions(home)
    for entry in entries:
        _put_entry_in_place(home, entry)
    about = acts.read_act(folder).about
    for entry in ledger.entries(home):
        if _manifest_of(entry) in about:
            acts.write_statement(folder, home.root / place_of(entry))
            point(home.releases / entry.dataset, entry.version)
    discard(home)
    return entries


def _put_entry_in_place(home: Home, entry: LedgerEntry) -> None:
    """Copy what belongs to one line, verified by its hashes, then write the line.

    It is verified again: where a process was killed, somebody may have changed it since it was signed.
    """
    _refuse_other_entry(home, entry)
    for path, sha256 in _files_of(home.proposing(), entry).items():
        write_bytes(
            home.root / path.relative_to(home.proposal), read_verified(path, sha256), mode=path.stat().st_mode & 0o777
        )
    place = place_of(entry)
    if not (home.root / place).exists():
        write_folder(home.root / place, {path.name: path.read_bytes() for path in (home.proposal / place).iterdir()})
    ledger.append(home, entry)


def _refuse_other_entry(home: Home, entry: LedgerEntry) -> None:
    """Refuse a folder of the proposal, and what belongs to it, that are not what their line in the ledger names."""
    folder = home.proposal / place_of(entry)
    is_same = sha256_of(folder / "manifest.json") == entry.manifest_sha256 and has_its_bytes(folder)
    files = _files_of(home.proposing(), entry)
    if not is_same or any(not path.exists() or sha256_of(path) != sha256 for path, sha256 in files.items()):
        raise Refusal("act_of_other_bytes", where=f"{entry.dataset}/{entry.version}")


def _files_of(proposing: Home, entry: LedgerEntry) -> dict[Path, str]:
    """Return the files that belong to a line, outside of its folder, each with its SHA-256."""
    files = ledger.files_of(proposing, entry)
    if entry.lineage_sha256:
        files[lineage.path_of(proposing, entry.dataset, entry.version)] = entry.lineage_sha256
    return files


def place_of(entry: LedgerEntry) -> Path:
    """Return the folder of what a line of the ledger publishes, under the home."""
    return Path("releases") / entry.dataset / entry.version


def _manifest_of(entry: LedgerEntry) -> str:
    return (place_of(entry) / "manifest.json").as_posix()


def _link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another disk, or one without second names
        shutil.copy2(source, target)
