"""A roster with one person changed: entered, with other roles, with a new key, with a key that ends or is revoked.

Does not belong here: the act that puts it in place (`acting.py`), what a roster may hold (`people/roster.py`).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import yaml

from ingestion.home import Home, sha256_of_bytes
from ingestion.people.acts import read_people
from ingestion.people.openssh import fingerprint_of
from ingestion.people.roster import NAME, ROLES, Person, Roster, is_public_key, is_short_name, parse_roster, roster_path
from ingestion.strict_yaml import parse_yaml
from languages.refusal import Refusal
from languages.words import Words
from marsad.answers.acting import act_given_up_by
from marsad.answers.agency_deliveries import agency_name

KeyEnd = Literal["ended", "revoked"]
_PRIVATE = ("private", "b3BlbnNzaC1rZXktdjE")
"""Every format of a private key names itself; without its first line OpenSSH's begins with these letters."""


@dataclass(frozen=True)
class PersonChange:
    """How one person of a roster is to be; whatever else the roster holds of her stays.

    Attributes:
        person: short name.
        name: as printed.
        agency: hers.
        roles: all that she has then.
        sources: the agencies whose files she brings then.
        new_key: a public key, as OpenSSH writes it, good from the day of the change; empty for none.
        ends: fingerprint -> whether that key ends on the day of the change, or was revoked on it.
        leaves: whether she belongs to the house no more; nothing else of the change counts then.
    """

    person: str
    name: str
    agency: str
    roles: tuple[str, ...]
    sources: tuple[str, ...]
    new_key: str = ""
    ends: Mapping[str, KeyEnd] = field(default_factory=dict[str, KeyEnd])
    leaves: bool = False


@dataclass(frozen=True)
class Concern:
    """What who prepares a change is to know before, because it is rarely meant.

    Attributes:
        code: `act_waits` for another act that would be given up, `signer_without_key`, `sender_without_agency`.
        person: whose act waits; else who cannot do what her role is for.
        act: that waits.
        kind: of that act.
    """

    code: Literal["act_waits", "signer_without_key", "sender_without_agency"]
    person: str
    act: str = ""
    kind: str = ""


def roster_with(home: Home, change: PersonChange, day: datetime.date) -> bytes:
    """Return the bytes of a home's roster with one person changed from a day on; nothing is stored.

    A key that ends on its very first day was never good: it is revoked instead, because its time would be empty.

    Who leaves is taken out of it, also as a deputy; her signatures are checked by the roster of their own time.

    Raises:
        Refusal: `private_key_typed`, `short_name_unfit`, `roles_missing`, `public_key_unfit`; as `read_people`.
    """
    read_people(home)
    _refuse_unfit(change)
    content: dict[str, Any] = parse_yaml(roster_path(home).read_bytes())
    if change.leaves:
        _take_out(content["people"], change.person)
        return _as_yaml(content)
    entry: dict[str, Any] = content["people"].setdefault(change.person, {"keys": []})
    roles = list(entry.get("roles", ()))  # marks of a form have another order, which is no change
    entry.update(
        name=change.name,
        agency=change.agency,
        roles=roles if set(roles) == set(change.roles) else list(change.roles),
        sources=list(change.sources),
    )
    if not change.sources:
        del entry["sources"]
    for key in entry["keys"]:
        end = change.ends.get(fingerprint_of(" ".join(key["key"].split()[:2])))
        if end == "revoked" or (end == "ended" and key["valid_after"] >= day):
            key["revoked"] = day
        elif end == "ended":
            key["valid_before"] = day
    if change.new_key.strip():
        entry["keys"].append({"key": " ".join(change.new_key.split()[:2]), "valid_after": day})
    return _as_yaml(content)


def concerns_about(home: Home, change: PersonChange, roster: bytes) -> list[Concern]:
    """Return what is to be known before the act is prepared that puts a changed roster in place.

    Raises:
        Refusal: as `parse_roster`.
    """
    return list(_concerns(home, change, roster))


def changes_in_words(before: Roster, then: Roster, words: Words) -> list[str]:
    """Return what one roster has other than another, a sentence each, for those who sign the change."""
    sentences = [
        sentence
        for name in dict.fromkeys([*before.people, *then.people])
        for sentence in _person_in_words(before.people.get(name), then.people.get(name), words)
    ]
    others = [
        [(person.person, person.deputies) for person in roster.people.values() if person.person in both]
        for both in [before.people.keys() & then.people.keys()]
        for roster in (before, then)
    ]
    is_other = others[0] != others[1] or (before.signatures, before.machine) != (then.signatures, then.machine)
    return [*sentences, *([words.text("browser.roster.other")] if is_other else [])]


def _person_in_words(before: Person | None, then: Person | None, words: Words) -> Iterator[str]:
    """Yield what changes for one person: name, roles, senders, keys."""
    if then is None:
        yield words.text("browser.roster.leaves", person=before.name if before else "")
        return
    if before is None:
        yield words.text("browser.roster.joins", person=then.name, agency=then.agency)
        before = Person(then.person, then.name, then.agency, (), ())
    elif (before.name, before.agency) != (then.name, then.agency):
        yield words.text("browser.roster.named", before=before.name, person=then.name, agency=then.agency)
    yield from _tasks_in_words(before, then, words)
    earlier = {key.text: key for key in before.keys}
    for key in (key for key in then.keys if key != earlier.get(key.text)):
        state = "revoked" if key.revoked else "ended" if key.valid_before else "new"
        day = (key.valid_before or key.valid_after).isoformat()
        named = {"person": then.name, "key": fingerprint_of(key.text), **({"day": day} if state == "ended" else {})}
        yield words.text(f"browser.roster.key_{state}", **named)
    if earlier.keys() - {key.text for key in then.keys}:
        yield words.text("browser.roster.other")


def _tasks_in_words(before: Person, then: Person, words: Words) -> Iterator[str]:
    """Yield the roles and senders that a person gets and loses."""
    for end, first, second in (("new", before, then), ("gone", then, before)):
        for role in (role for role in second.roles if role not in first.roles):
            yield words.text(f"browser.roster.role_{end}", person=then.name, role=words.text(f"browser.role.{role}"))
        for source in (source for source in second.sources if source not in first.sources):
            agency = agency_name(source, words)
            yield words.text(f"browser.roster.source_{end}", person=then.name, agency=agency)


def _concerns(home: Home, change: PersonChange, roster: bytes) -> Iterator[Concern]:
    waiting = act_given_up_by(home, {NAME: sha256_of_bytes(roster)})
    if waiting is not None:
        yield Concern("act_waits", waiting.prepared_by, waiting.name, waiting.kind)
    person = parse_roster(roster, roster_path(home)).people.get(change.person)
    if person is None:
        return
    has_key = any(key.revoked is None and key.valid_before is None for key in person.keys)
    if not has_key and not change.ends and any(ROLES[role] for role in person.roles):
        yield Concern("signer_without_key", person.name)
    if "receive" in person.roles and not person.sources:
        yield Concern("sender_without_agency", person.name)


def _refuse_unfit(change: PersonChange) -> None:
    """Refuse what the form of a person can hold and no roster: each with a sentence of its own.

    A private key comes first: whoever shows the form again must not show that.
    """
    if any(mark.casefold() in change.new_key.casefold() for mark in _PRIVATE):
        raise Refusal("private_key_typed", where=NAME)
    if not is_short_name(change.person):
        raise Refusal("short_name_unfit", where=change.person)
    if not change.leaves and not change.roles:
        raise Refusal("roles_missing", where=change.name or change.person)
    if change.new_key.strip() and not is_public_key(change.new_key):
        raise Refusal("public_key_unfit", where=NAME)


def _take_out(people: dict[str, Any], person: str) -> None:
    people.pop(person, None)
    for other in people.values():
        if deputies := other.pop("deputies", None):
            other["deputies"] = [deputy for deputy in deputies if deputy["person"] != person]


def _as_yaml(content: Mapping[str, Any]) -> bytes:
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=200).encode("utf-8")
