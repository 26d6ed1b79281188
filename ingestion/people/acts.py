"""Acts: what is done in the name of the house, as bytes that two persons sign.

Belongs here: the form of an act, its folder, checking its signatures and that it fits this home as it is. Does not
belong here: what an act does (each kind has its own module), who may (`roster.py`), the log (`acts_log.py`).

    acts/000001-<12 hex>/act.json        canonical JSON: sorted keys, no blanks, one line
                         prepared.sig    by who prepared it, for `prepare@marsad`
                         approved.sig    by somebody else, for `approve@marsad`

The signed act is the statement that lies beside what it is about (`statement.json`), outside of the hash of that: the
same input gives the same bytes, whoever signs. Each names every statement before it and the heads of all logs, so that
whoever holds any of them recognises each honest one, before it and after it, and finds a past that was rewritten.
"""

from __future__ import annotations

import datetime
import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from ingestion.home import Home, sha256_of, sha256_of_bytes, write_bytes, write_folder
from ingestion.people import acts_log
from ingestion.people.openssh import is_by, signer_of
from ingestion.people.roster import APPROVE, MACHINE, NAME, PREPARE, Roster, parse_roster, read_roster, roster_path
from ingestion.storage import parse_json, reading
from languages.refusal import Refusal

Kind = Literal["publish", "publish_report", "withdraw", "forget", "people"]
KINDS: tuple[Kind, ...] = ("publish", "publish_report", "withdraw", "forget", "people")
FOUNDING = "000000-founding"
"""The folder of the first roster, which nobody signed."""
ACT, PREPARED, APPROVED = "act.json", "prepared.sig", "approved.sig"
SOUGHT = "sought.json"
"""What the scan of a forgetting looks for; gone when it is done."""
STATEMENT = {ACT: "statement.json", PREPARED: "statement.prepared.sig", APPROVED: "statement.approved.sig"}
"""The files of a signed act, and their names beside what it is about."""
NAMESPACES = {PREPARED: PREPARE, APPROVED: APPROVE}
_FORMAT = 1
_PUBLISHED = ("ledger", "withdrawn")
"""The logs of what is published: an act fits one state of them. The others may grow while it waits."""
NEXT_DUE = datetime.timedelta(days=366)
"""A house that publishes yearly speaks once a year at least; a reader who hears nothing longer asks why."""
_LONGEST_SILENCE = datetime.timedelta(days=400)
"""How long after the last act a day is taken without asking: a yearly release that is a month late."""
_FACTS_OF_HOME = ("recovery", "withdrawn")
"""That those act who recover; the releases withdrawn until then, so that no later holder takes one for good again."""
_FURTHEST_AHEAD = datetime.timedelta(days=1)
"""How far the day of an act may lie after today: a clock in another time zone, no more."""
_LONGEST_WAIT = datetime.timedelta(days=31)
"""How long an act may wait for its signatures; one that is older was prepared by a clock that is off, or forgotten."""


@dataclass(frozen=True)
class Act:
    """What is to be done, and over which bytes.

    Attributes:
        kind: what it does.
        home: identity of the home (`acts_log.identity`).
        number: of the statement: 1, 2, 3, … in this home.
        day: on which it was prepared, ISO.
        prepared_by: short name in the roster.
        reason: in the words of who prepared it; public.
        about: path under the home, or another name -> SHA-256 of the bytes that it is about.
        replaces: name -> what stood there before.
        before: log -> its head before the act, `<number of lines>:<SHA-256 of all of them>`.
        after: the same for logs that it writes.
        earlier: SHA-256 of every statement before it, oldest first.
        next_due: day by which the next statement is due, ISO.
        signatures: how many it needs.
        facts: what else belongs to its kind.
    """

    kind: str
    home: str
    number: int
    day: str
    prepared_by: str
    reason: str
    about: Mapping[str, str]
    replaces: Mapping[str, str] = field(default_factory=dict[str, str])
    before: Mapping[str, str] = field(default_factory=dict[str, str])
    after: Mapping[str, str] = field(default_factory=dict[str, str])
    earlier: tuple[str, ...] = ()
    next_due: str = ""
    signatures: int = 2
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def content(self) -> bytes:
        """The bytes that are signed."""
        return canonical({"format": _FORMAT, **asdict(self)})

    @property
    def sha256(self) -> str:
        """The hash that later statements and the log name."""
        return sha256_of_bytes(self.content)

    @property
    def name(self) -> str:
        """The name of its folder."""
        return f"{self.number:06d}-{self.sha256[:12]}"


@dataclass(frozen=True)
class SignedAct:
    """An act with the signatures that hold.

    Attributes:
        act: what was signed.
        prepared_by: who signed as its preparer; empty while nobody did.
        approved_by: who signed as its approver; empty while nobody did, or where one signature is enough.
        gainers: who may do more once a change of people is done, and does not approve it.
    """

    act: Act
    prepared_by: str = ""
    approved_by: str = ""
    gainers: frozenset[str] = frozenset()

    @property
    def is_complete(self) -> bool:
        """Whether it has the signatures that it needs."""
        return bool(self.prepared_by) and (self.act.signatures == 1 or bool(self.approved_by))


def canonical(content: Mapping[str, Any]) -> bytes:
    """Return content as canonical JSON: sorted keys, no blanks, UTF-8, one line."""
    return (json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n").encode()


def parse_act(data: bytes, where: Path) -> Act:
    """Return the act that bytes hold.

    Raises:
        Refusal: `act_unreadable` if they are no act in canonical form.
    """
    try:
        content: dict[str, Any] = dict(parse_json(data))
        if content.pop("format") != _FORMAT or content["kind"] not in KINDS or content["signatures"] not in (1, 2):
            raise ValueError
        content["earlier"] = tuple(content["earlier"])
        act = Act(**content)
        if act.content != data or not _has_its_types(act) or act.number != len(act.earlier) + 1:
            raise ValueError
        if any(datetime.date.fromisoformat(day).isoformat() != day for day in (act.day, act.next_due or act.day)):
            raise ValueError  # days are compared as text
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise Refusal("act_unreadable", where=str(where)) from error
    return act


def _has_its_types(act: Act) -> bool:
    """Return whether each field of an act, which somebody else may have written, holds what `Act` says."""
    texts = (act.home, act.day, act.prepared_by, act.reason, act.next_due, *act.earlier)
    mappings = (act.about, act.replaces, act.before, act.after, act.facts)
    return (
        all(type(text) is str for text in texts)
        and all(type(mapping) is dict for mapping in mappings)
        and all(type(value) is str for mapping in mappings[:-1] for value in mapping.values())
        and type(act.facts.get("withdrawn", [])) is list
        and all(type(number) is int and number > 0 for number in (act.number, act.signatures))
    )


def read_people(home: Home) -> Roster:
    """Return the roster of a home, as it was founded or last changed by an act.

    Raises:
        Refusal: as `read_roster`; `people_edited` if somebody changed the file since.
    """
    roster, path = read_roster(home), roster_path(home)
    if sha256_of(path) != sha256_of(_roster_file_before(home, None)):
        raise Refusal("people_edited", where=str(path))
    return roster


def read_people_before(home: Home, number: int) -> Roster:
    """Return the roster by which the statement of this number was signed.

    Raises:
        Refusal: as `parse_roster`; `file_missing`, `people_edited` if its copy beside an act is not what was entered.
    """
    path = _roster_file_before(home, number)
    with reading(path):
        return parse_roster(path.read_bytes(), path)


def _roster_file_before(home: Home, number: int | None) -> Path:
    """Return the copy of the roster that counted before a statement; with None, of the one that counts now."""
    lines = acts_log.read_acts(home)
    path, wanted = home.acts / FOUNDING / NAME, acts_log.first_roster(home)
    for line in lines:
        is_change = (line["kind"], line["what"]) == ("done", "people")
        if is_change and (number is None or int(line["number"]) < number):
            folder = folder_of(home, int(line["number"]), str(line["act"]))
            refuse_unsigned(folder, _parse_entered(path, wanted))
            path, wanted = folder / NAME, str(read_act(folder).about.get(NAME))
    _parse_entered(path, wanted)
    return path


def _parse_entered(path: Path, sha256: str) -> Roster:
    """Return the roster of a copy beside an act, which must still be what was entered."""
    with reading(path):
        data = path.read_bytes()
    if sha256_of_bytes(data) != sha256:
        raise Refusal("people_edited", where=str(path))
    return parse_roster(data, path)


def draft(
    home: Home,
    roster: Roster,
    kind: Kind,
    person: str,
    reason: str,
    day: datetime.date,
    about: Mapping[str, str],
    *,
    replaces: Mapping[str, str] | None = None,
    after: Mapping[str, str] | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Act:
    """Return an act of this home as it is now; the arguments are those of `Act`."""
    earlier = acts_log.statements(home)
    return Act(
        kind=kind,
        home=acts_log.identity(home),
        number=len(earlier) + 1,
        day=day.isoformat(),
        prepared_by=person,
        reason=reason,
        about=about,
        replaces=replaces or {},
        before=acts_log.heads(home),
        after=after or {},
        earlier=earlier,
        next_due=_next_due(day),
        signatures=roster.signatures,
        facts={**_facts_of_home(home, roster, person), **(facts or {})},
    )


def prepare(home: Home, act: Act, files: Mapping[str, bytes] | None = None) -> Path:
    """Write an act that waits for signatures in place of the one that waited before; return its folder.

    Args:
        home: whose act it is.
        act: to be signed.
        files: name -> bytes that the act will write, by their name in its folder; the act names their hashes.
    """
    for earlier in pending(home):
        if earlier.name != act.name:
            given_up = read_act(earlier)
            acts_log.append(home, "given_up", act.prepared_by, given_up.kind, act=given_up.sha256)
            shutil.rmtree(earlier)
    folder = home.acts / act.name
    if not folder.exists():
        write_folder(folder, {ACT: act.content, **(files or {})})
    return folder


def enter(home: Home, signed: SignedAct) -> None:
    """Write the line of the log that does an act; what it changes in the home follows.

    Raises:
        Refusal: `act_unsigned`.
    """
    act = signed.act
    if not signed.is_complete:
        raise Refusal("act_unsigned", where=act.name)
    by = "+".join(filter(None, (signed.prepared_by, signed.approved_by)))
    acts_log.append(home, "done", by, act.kind, act=act.sha256, number=act.number)


def refuse_unsigned(folder: Path, roster: Roster) -> None:
    """Refuse an act that stands in the log and is not complete by the people before it: its line was written by hand.

    Raises:
        Refusal: `act_unsigned`; as `read_act`.
    """
    act = read_act(folder)
    signed = check_signatures(folder, roster, datetime.date.fromisoformat(act.day))
    if act.signatures != roster.signatures or not signed.is_complete:
        raise Refusal("act_unsigned", where=folder.name)


def last_done(home: Home) -> Path | None:
    """Return the folder of the newest act that stands in the log as done; None before the first."""
    last = acts_log.last_statement(home)
    return folder_of(home, last.number, last.sha256) if last.number else None


def last_signed(home: Home) -> Path | None:
    """Return the folder of the newest act that was done, to carry it out where a killed process has not.

    Raises:
        Refusal: as `refuse_unsigned`, by the people before it.
    """
    folder = last_done(home)
    if folder is None or not (folder / ACT).exists():
        return None
    refuse_unsigned(folder, read_people_before(home, read_act(folder).number))
    return folder


def done_folders(home: Home, kind: Kind) -> list[Path]:
    """Return the folders of the acts of a kind that were done, oldest first."""
    lines = [line for line in acts_log.read_acts(home) if (line["kind"], line["what"]) == ("done", kind)]
    return [folder_of(home, int(line["number"]), str(line["act"])) for line in lines]


def is_unfinished(folder: Path) -> bool:
    """Return whether a forgetting has still to remove something: what it looks for lies there until nothing is left."""
    return (folder / SOUGHT).exists()


def pending(home: Home) -> list[Path]:
    """Return the folders of acts that were prepared and neither done nor given up, oldest first."""
    done = {line["act"] for line in acts_log.read_acts(home)}
    return [
        path for path in sorted(home.acts.glob("[0-9]*")) if (path / ACT).exists() and _hash(path / ACT) not in done
    ]


def find(home: Home, name: str) -> Path:
    """Return the folder of an act by its name, or the beginning of its name; an empty one finds the one that waits.

    Raises:
        Refusal: `act_unknown`; `act_none` where none waits.
    """
    waiting = pending(home)
    if not name:
        if not waiting:
            raise Refusal("act_none", where=str(home.acts))
        return waiting[-1]
    matching = [path for path in waiting if path.name.startswith(name)]
    if len(matching) != 1:
        raise Refusal("act_unknown", where=name)
    return matching[0]


def read_act(folder: Path) -> Act:
    """Return the act of a folder.

    Raises:
        Refusal: `file_missing`, `act_unreadable`; `act_changed` if it no longer has the hash that its folder names.
    """
    path = folder / ACT
    with reading(path):
        data = path.read_bytes()
    act = parse_act(data, path)
    if folder.name != act.name:
        raise Refusal("act_changed", where=str(path))
    return act


def add_signature(folder: Path, roster: Roster, signature: bytes, today: datetime.date, by: str = "") -> SignedAct:
    """Store a signature of an act, whose purpose tells whether it prepares or approves.

    Args:
        folder: of the act.
        roster: of now.
        signature: as `ssh-keygen -Y sign` writes it.
        today: on which it is taken.
        by: who brings it; empty if anybody may.

    Raises:
        Refusal: `signature_of_nobody` if no person of the roster may have made it over these bytes today;
            `signature_of_machine` for one by the machine; `signature_of_preparer` for an approval by who prepared;
            `approver_gains` for an approval by who may do more once the people are changed;
            `signature_of_another` for a preparer's signature by somebody else than the act names;
            `signature_brought` for one by somebody else than who brings it.
    """
    act = read_act(folder)
    signers = {
        file: _signer_on_both_days(act, signature, roster, namespace, today) for file, namespace in NAMESPACES.items()
    }
    signer = signers[PREPARED] or signers[APPROVED]
    if by and signer and signer != by:
        raise Refusal("signature_brought", where=folder.name, person=by, signer=signer)
    if signers[PREPARED]:
        if signers[PREPARED] != act.prepared_by:
            raise Refusal("signature_of_another", where=folder.name, person=act.prepared_by)
        write_bytes(folder / PREPARED, signature)
    elif signers[APPROVED]:
        if signers[APPROVED] == act.prepared_by:
            raise Refusal("signature_of_preparer", where=folder.name, person=act.prepared_by)
        if signers[APPROVED] in gainers_of(folder, act, roster):
            raise Refusal("approver_gains", where=folder.name, person=signers[APPROVED])
        write_bytes(folder / APPROVED, signature)
    elif is_by(MACHINE, signature, roster.allowed_signers()):
        raise Refusal("signature_of_machine", where=folder.name)
    else:
        raise Refusal("signature_of_nobody", where=folder.name)
    return check_signatures(folder, roster, today)


def check_signatures(folder: Path, roster: Roster, today: datetime.date) -> SignedAct:
    """Return an act with those of its signatures that hold today.

    Raises:
        Refusal: as `read_act`.
    """
    act = read_act(folder)
    signers = {file: _signer(folder / file, act, roster, today) for file in NAMESPACES}
    prepared = signers[PREPARED] if signers[PREPARED] == act.prepared_by else ""
    gainers = gainers_of(folder, act, roster)
    approved = "" if signers[APPROVED] in (act.prepared_by, *gainers) else signers[APPROVED]
    return SignedAct(act, prepared, approved, gainers)


def gainers_of(folder: Path, act: Act, roster: Roster) -> frozenset[str]:
    """Return who may do more once an act has changed the people; nobody for an act of another kind.

    Args:
        folder: of the act.
        act: in that folder.
        roster: before it.
    """
    path = folder / NAME
    if act.kind != "people" or not path.exists():
        return frozenset()
    try:
        return frozenset(parse_roster(path.read_bytes(), path).gainers_over(roster))
    except Refusal:  # such a roster is not put in place, whoever signs
        return frozenset()


def refuse_unfit(home: Home, roster: Roster, act: Act, today: datetime.date) -> None:
    """Refuse an act that is of another home or of another state of this one.

    Raises:
        Refusal: `act_of_another_home`; `act_of_before` if a statement or a line of the ledger came since;
            `act_needs_two` if it asks for fewer signatures than the roster; `act_says_otherwise` of what its readers
            are told and nobody may choose: by which day the next statement is due, who recovers, what is withdrawn;
            `clock_is_off` if its day lies ahead, too long ago, or before that of the last statement, which is that of
            its act: the day on which a line of the log was written is what one clock said then, and nobody has signed
            it.
    """
    if act.home != acts_log.identity(home):
        raise Refusal("act_of_another_home", where=act.name)
    if act.signatures != roster.signatures:
        raise Refusal("act_needs_two", where=act.name, count=roster.signatures)
    if act.next_due != _next_due(datetime.date.fromisoformat(act.day)):
        raise Refusal("act_says_otherwise", where=act.name, fact="next_due")
    expected = _facts_of_home(home, roster, act.prepared_by)
    for fact in _FACTS_OF_HOME:
        if act.facts.get(fact) != expected.get(fact):
            raise Refusal("act_says_otherwise", where=act.name, fact=fact)
    published = {log: act.before.get(log, "") for log in _PUBLISHED}
    if act.earlier != acts_log.statements(home) or published != acts_log.heads(home, _PUBLISHED):
        raise Refusal("act_of_before", where=act.name)
    day, before = datetime.date.fromisoformat(act.day), last_done(home)
    is_near = today - _LONGEST_WAIT <= day <= today + _FURTHEST_AHEAD
    if not is_near or (before is not None and act.day < read_act(before).day):
        raise Refusal("clock_is_off", where=act.name, day=act.day, today=today.isoformat())


def refuse_far_ahead(home: Home, today: datetime.date) -> None:
    """Refuse a day long after the last act, or the founding: a clock may be years ahead.

    An act of such a day would be done, and every later one would lie before it (`refuse_unfit`).

    Raises:
        Refusal: `clock_far_ahead`.
    """
    before, founding = last_done(home), acts_log.founding_of(acts_log.read_acts(home))
    last = read_act(before).day if before else str(founding["day"] if founding else today)
    if today - datetime.date.fromisoformat(last) > _LONGEST_SILENCE:
        raise Refusal("clock_far_ahead", where=str(home.root), last=last, today=today.isoformat())


def _facts_of_home(home: Home, roster: Roster, person: str) -> dict[str, Any]:
    """Return the facts that every act states, whatever its kind; none is stated where there is nothing to say."""
    facts = {"recovery": roster.recovers(person), "withdrawn": acts_log.withdrawn(home)}
    return {fact: value for fact, value in facts.items() if value}


def _next_due(day: datetime.date) -> str:
    return (min(day, datetime.date.max - NEXT_DUE) + NEXT_DUE).isoformat()


def write_statement(folder: Path, beside: Path) -> None:
    """Copy a signed act beside what it is about."""
    for name, copy in STATEMENT.items():
        if (folder / name).exists():
            write_bytes(beside / copy, (folder / name).read_bytes())


def folder_of(home: Home, number: int, sha256: str) -> Path:
    """Return the folder of an act by its number and hash."""
    return home.acts / f"{number:06d}-{sha256[:12]}"


def _signer(path: Path, act: Act, roster: Roster, day: datetime.date) -> str:
    if not path.exists():
        return ""
    return _signer_on_both_days(act, path.read_bytes(), roster, NAMESPACES[path.name], day)


def _signer_on_both_days(act: Act, signature: bytes, roster: Roster, namespace: str, day: datetime.date) -> str:
    """Return who may have signed on a day and on that of the act, by which every reader checks; empty if nobody."""
    days = {day, datetime.date.fromisoformat(act.day)}
    signers = {signer_of(act.content, signature, roster.allowed_signers(), namespace, day) for day in days}
    return (signers.pop() or "") if len(signers) == 1 else ""


def _hash(path: Path) -> str:
    return sha256_of_bytes(path.read_bytes())
