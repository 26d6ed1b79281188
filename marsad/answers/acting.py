"""Acting in the name of the house: what waits for signatures, preparing an act, taking a signature, carrying it out.

Belongs here: the order of these, for every kind of act. Does not belong here: signatures (`ingestion/people`), what
publishing does (`assets/building.py`, `expectations/releases/proposal.py`), printing (`commands/acting.py`).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingestion.home import Home
from ingestion.people import acts, openssh
from ingestion.people.acts import SignedAct
from ingestion.people.roster import APPROVE, PREPARE, Roster, read_roster
from ingestion.storage import reading
from languages.refusal import Refusal


@dataclass(frozen=True)
class WaitingAct:
    """What waits for signatures.

    Attributes:
        about: what would be published, `<dataset>/<version>`.
        folder: of the act; None while nobody has prepared one.
        signed: the act with its signatures that hold; None while nobody has prepared one.
        may_sign: who may sign next.
    """

    about: tuple[str, ...]
    folder: Path | None
    signed: SignedAct | None
    may_sign: list[str]


def today() -> datetime.date:
    """Return the day of an act."""
    return datetime.datetime.now(tz=datetime.UTC).date()


def find_waiting(home: Home) -> WaitingAct | None:
    """Return what waits for signatures in a home; None if nothing does."""
    from expectations.releases import proposal

    about = tuple(f"{entry.dataset}/{entry.version}" for entry in proposal.additions(home))
    folders, roster = acts.pending(home), read_roster(home)
    if not folders:
        return WaitingAct(about, None, None, roster.who_may(PREPARE, today())) if about else None
    signed = acts.check_signatures(folders[-1], roster, today())
    return WaitingAct(about, folders[-1], signed, who_is_next(roster, signed))


def who_is_next(roster: Roster, signed: SignedAct) -> list[str]:
    """Return who may sign an act next; nobody if it has the signatures that it needs."""
    if signed.is_complete:
        return []
    if not signed.prepared_by:
        return [signed.act.prepared_by]
    return roster.who_may(APPROVE, today(), beside=signed.act.prepared_by)


def prepare_publication(home: Home, person: str, reason: str, facts: Mapping[str, Any]) -> Path:
    """Write the act that publishes the proposal, for signing, and return its folder.

    Raises:
        Refusal: `act_none` if nothing waits; `person_may_not` if this person prepares no acts.
    """
    from expectations.releases import proposal

    roster = read_roster(home)
    refuse_person(roster, person, PREPARE)
    with home.lock("marsad approve"):
        if not proposal.additions(home):
            raise Refusal("act_none", where=str(home.acts))
        act = proposal.draft_act(home, roster, person, reason, today(), facts)
        proposal.refuse_other_bytes(home, act)
        return acts.prepare(home, act)


def refuse_person(roster: Roster, person: str, namespace: str) -> None:
    """Refuse a person who may not sign for a purpose today.

    Raises:
        Refusal: `person_may_not`, naming those who may.
    """
    may = roster.who_may(namespace, today())
    if person not in may:
        raise Refusal("person_may_not", where=ascii(person)[1:-1], people=", ".join(may))


def take_signature(home: Home, folder: Path, signature: bytes) -> SignedAct:
    """Store a signature of an act; with the last one that it needs, the act is carried out.

    Raises:
        Refusal: as `acts.add_signature`, `acts.refuse_unfit` and what carries it out.
    """
    roster = read_roster(home)
    with home.lock("marsad sign"):
        acts.refuse_unfit(home, roster, acts.read_act(folder), today())
        signed = acts.add_signature(folder, roster, signature, today())
        if signed.is_complete:
            carry_out(home, signed, folder)
    return signed


def carry_out(home: Home, signed: SignedAct, folder: Path) -> None:
    """Do what a signed act is about; the caller holds the lock.

    Raises:
        Refusal: `act_unsigned`, `act_of_another_home`, `act_of_before`, `act_of_other_bytes`.
    """
    from assets import building

    acts.refuse_unfit(home, read_roster(home), signed.act, today())
    building.publish(home, signed, folder)


def find_act(home: Home, name: str) -> Path:
    """Return the folder of an act that waits, by its name or the beginning of it; as `acts.find`."""
    return acts.find(home, name)


def line_for(home: Home, folder: Path) -> str:
    """Return the line by which the next signer signs an act on her own machine."""
    signed = acts.check_signatures(folder, read_roster(home), today())
    return openssh.line_to_sign(folder / acts.ACT, APPROVE if signed.prepared_by else PREPARE)


def signature_from(home: Home, folder: Path, key: Path | None, signature: Path | None) -> bytes:
    """Return a signature that was made elsewhere, or make one by a key on this machine.

    Raises:
        Refusal: `file_missing`; as `openssh.sign`.
    """
    if key is None:
        path = signature or folder
        with reading(path):
            return path.read_bytes()
    signed = acts.check_signatures(folder, read_roster(home), today())
    return openssh.sign(signed.act.content, key, APPROVE if signed.prepared_by else PREPARE)


def refuse_person_for(home: Home, waiting: WaitingAct, person: str) -> None:
    """Refuse a person who cannot be the next to sign an act that waits.

    Raises:
        Refusal: `person_may_not`, naming those who may.
    """
    if person not in waiting.may_sign:
        raise Refusal("person_may_not", where=ascii(person)[1:-1], people=", ".join(waiting.may_sign))


def who_is_next_in(home: Home, signed: SignedAct) -> list[str]:
    """Return who may sign an act next, by the roster of a home."""
    return who_is_next(read_roster(home), signed)


def waiting_as_json(waiting: WaitingAct) -> dict[str, object]:
    """Return what waits, as JSON."""
    signed = waiting.signed
    return {
        "about": list(waiting.about),
        "act": waiting.folder.name if waiting.folder else "",
        "prepared_by": signed.prepared_by if signed else "",
        "may_sign": waiting.may_sign,
    }


def signed_as_json(signed: SignedAct) -> dict[str, object]:
    """Return the state of an act after a signature, as JSON."""
    done = {"act": signed.act.name, "kind": signed.act.kind, "done": signed.is_complete}
    return {**done, "prepared_by": signed.prepared_by, "approved_by": signed.approved_by}


def list_people(home: Home) -> list[dict[str, str]]:
    """Return a row for each key of the roster: person, name, agency, roles, fingerprint, days."""
    return [
        {
            "person": person.person,
            "name": person.name,
            "agency": person.agency,
            "roles": ", ".join(person.roles),
            "fingerprint": openssh.fingerprint_of(key.text),
            "after": key.valid_after.isoformat(),
            "before": key.valid_before.isoformat() if key.valid_before else "",
            "revoked": key.revoked.isoformat() if key.revoked else "",
        }
        for person in read_roster(home).people.values()
        for key in person.keys
    ]
