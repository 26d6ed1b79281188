"""Statements beside what they are about, checked by somebody who has the folder and the allowed signers, no more.

Belongs here: reading a statement and its signatures, and what is wrong with them. Does not belong here: writing one
(`acts.py`), or what else must hold in a folder (`expectations/releases/verification.py`, `reports/publishing`).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from ingestion.people.acts import ACT, APPROVED, NAMESPACES, PREPARED, STATEMENT, Act, parse_act
from ingestion.people.openssh import line_to_verify, signer_of
from ingestion.people.published_state import state_of
from ingestion.storage import read_plain
from languages.refusal import Refusal

OF_RELEASE, OF_TOMBSTONE, OF_REPORT = ("publish",), ("withdraw",), ("publish_report",)
"""The kinds of act that may lie beside data, in their place, and beside the record of a report."""
_LARGEST = 2**20
"""Most bytes of a statement or a signature; that of a year has a few thousand."""
_ONE_SIGNATURE = re.compile(r"^# signatures: 1$", re.MULTILINE)
Manner = Literal["two", "one", "recovery"]
"""How a statement was signed: by two persons, by the one that the house has, by those who act where nobody else is."""
_REVOKED = re.compile(r"^# revoked (\d{4}-\d{2}-\d{2}): (\S+ \S+ \S+)$", re.MULTILINE)


@dataclass(frozen=True)
class Trust:
    """What a reader has from elsewhere: the text of `allowed_signers`, and a statement held since before, if any."""

    allowed_signers: str
    held: Act | None = None


def read_trust(people: Path, held: Path | None) -> Trust:
    """Return what a reader has from elsewhere, from its files.

    Raises:
        Refusal: `file_missing`; `signers_unreadable`, `act_unreadable` for a folder, or a file of another kind.
    """
    try:
        allowed_signers = _read_file(people).decode("utf-8")
    except (OSError, ValueError) as error:
        raise Refusal("signers_unreadable", where=str(people)) from error
    if held is None:
        return Trust(allowed_signers)
    try:
        return Trust(allowed_signers, parse_act(_read_file(held), held))
    except OSError as error:
        raise Refusal("act_unreadable", where=str(held)) from error


def _read_file(path: Path) -> bytes:
    if not path.exists():
        raise Refusal("file_missing", where=str(path))
    return path.read_bytes()


@dataclass(frozen=True)
class CheckedStatement:
    """What a statement says, and what is wrong with it.

    Attributes:
        act: what was signed; None where there is none to read.
        prepared_by: whose signature as preparer holds; empty if none does.
        approved_by: whose signature as approver holds; empty if none does, or none is needed.
        problems: why it proves nothing; none if it holds.
    """

    act: Act | None
    prepared_by: str
    approved_by: str
    problems: list[Refusal]


def check(folder: Path, about: Mapping[str, str], trust: Trust, kinds: Collection[str]) -> CheckedStatement:
    """Check the statement in a folder.

    Args:
        folder: where it lies.
        about: name -> SHA-256 of what the folder holds: the statement must be about each of them, and about no
            other file of that folder.
        trust: what the reader has from elsewhere.
        kinds: of act that may lie there: what withdraws a release says nothing for its data.

    Problems: `statement_missing`, `name_leads_out`, `act_unreadable`, `statement_of_another_kind`,
        `statement_of_other_bytes`, `act_needs_two`, `signature_of_nobody`, `signer_revoked` unless the statement that
        was held names this one, `signature_of_preparer`, `statement_contradicts` the one that was held,
        `older_than_held` if that one replaces this.
    """
    path = folder / STATEMENT[ACT]
    if not path.is_symlink() and not path.exists():
        return CheckedStatement(None, "", "", [Refusal("statement_missing", where=str(folder))])
    try:
        act = parse_act(read_plain(path, _LARGEST), path)
    except Refusal as refusal:
        return CheckedStatement(None, "", "", [refusal])
    problems: list[Refusal] = []
    if act.kind not in kinds:
        problems.append(Refusal("statement_of_another_kind", where=str(path), kind=act.kind))
    rooms = {PurePosixPath(name).parent for name in about}
    if about != {name: sha256 for name, sha256 in act.about.items() if PurePosixPath(name).parent in rooms}:
        problems.append(Refusal("statement_of_other_bytes", where=str(path)))
    signers = {file: _signer(folder, file, act, trust.allowed_signers) for file in (PREPARED, APPROVED)}
    needed = [PREPARED] if act.signatures == 1 else [PREPARED, APPROVED]
    if act.signatures == 1 and not _ONE_SIGNATURE.search(trust.allowed_signers):
        problems.append(Refusal("act_needs_two", where=str(path), count=2))
    missing = [_no_signer(folder, file, act, trust.allowed_signers) for file in needed if not signers[file]]
    is_proven = trust.held is not None and act.sha256 in (trust.held.sha256, *trust.held.earlier)
    problems += [refusal for refusal in missing if not (is_proven and refusal.code == "signer_revoked")]
    if signers[PREPARED] and signers[PREPARED] in (signers[APPROVED], *_others(act, signers[PREPARED])):
        problems.append(Refusal("signature_of_preparer", where=str(path), person=signers[PREPARED]))
    if trust.held is not None:
        problems += _against_held(path, act, about, trust.held, kinds)
    return CheckedStatement(act, signers[PREPARED], signers[APPROVED], problems)


def manner_of(folders: Iterable[Path]) -> Manner:
    """Return how what lies in some folders was signed, the weakest manner of all: every page tells it.

    Args:
        folders: each with a statement beside what it is about; one without says nothing.
    """
    acts = [
        parse_act(read_plain(path, _LARGEST), path) for folder in folders if (path := folder / STATEMENT[ACT]).exists()
    ]
    if any(act.signatures == 1 for act in acts):
        return "one"
    return "recovery" if any(act.facts.get("recovery") for act in acts) else "two"


def lines_to_verify(act: Act, approved_by: str, folder: Path = Path()) -> list[str]:
    """Return the lines of `ssh-keygen` that check the statement in a folder without Marsad."""
    signed = [(act.prepared_by, PREPARED), *([(approved_by, APPROVED)] if approved_by else [])]
    statement = str(folder / STATEMENT[ACT])
    return [line_to_verify(name, NAMESPACES[file], str(folder / STATEMENT[file]), statement) for name, file in signed]


def _signer(folder: Path, file: str, act: Act, allowed_signers: str) -> str:
    path = folder / STATEMENT[file]
    try:
        signature = read_plain(path, _LARGEST)
    except Refusal:
        return ""
    day = datetime.date.fromisoformat(act.day)
    return signer_of(act.content, signature, allowed_signers, NAMESPACES[file], day) or ""


def _others(act: Act, signer: str) -> list[str]:
    """Return the signer again where the act names another preparer: then this signature approves nothing of it."""
    return [] if act.prepared_by == signer else [signer]


def _no_signer(folder: Path, file: str, act: Act, allowed_signers: str) -> Refusal:
    """Return why a signature does not hold: it was made with a key that is revoked now, or by nobody who may."""
    where = str(folder / STATEMENT[file])
    for day, person_and_key in _REVOKED.findall(allowed_signers):
        if person := _signer(folder, file, act, person_and_key):
            return Refusal("signer_revoked", where=where, person=person, day=day)
    return Refusal("signature_of_nobody", where=where)


def _against_held(
    path: Path, act: Act, about: Mapping[str, str], held: Act, kinds: Collection[str]
) -> Iterator[Refusal]:
    """Yield what a statement held since before says against one: it contradicts it, or publishes what replaces it."""
    if _contradicts(act, held) or _is_withdrawn_by(held, about, kinds):
        yield Refusal("statement_contradicts", where=str(path), number=held.number)
        return
    state = state_of([held])
    for newer in filter(None, map(state.newer_than, about)) if "withdraw" not in kinds else ():
        yield Refusal("older_than_held", where=str(path), number=held.number, version=newer)


def _is_withdrawn_by(held: Act, about: Mapping[str, str], kinds: Collection[str]) -> bool:
    """Return whether the statement that was held withdraws what a folder still shows, or names it as withdrawn."""
    if "withdraw" in kinds:
        return False
    gone = {f"releases/{place}/manifest.json" for place in held.facts.get("withdrawn", ())}
    return any(name in gone or (held.kind == "withdraw" and name in held.about) for name in about)


def _contradicts(act: Act, held: Act) -> bool:
    """Return whether a statement is neither the one that was held, nor in one row with it, before it or after it.

    A later one names every earlier one, so no other past fits; the held one names each honest one before it.
    """
    if act.sha256 == held.sha256:
        return False
    first, later = (act, held) if act.number < held.number else (held, act)
    is_named = later.earlier[: first.number] == (*first.earlier, first.sha256)
    if not is_named or later.home != first.home or later.day < first.day:
        return True
    heads = {**first.before, **first.after}
    return any(not _has_grown(head, later.before.get(log, "")) for log, head in heads.items())


def _has_grown(head: str, later: str) -> bool:
    """Return whether a log of one head can have the other one later: it has more lines, or is the same."""
    lines, more = (text.partition(":")[0] for text in (head, later))
    return head == later or (lines.isdecimal() and more.isdecimal() and int(lines) < int(more))
