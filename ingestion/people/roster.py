"""The roster: who belongs to the house, in which roles, with which public keys, from when until when.

Belongs here: `people.yml` of a home, its rules, and `allowed_signers`, which OpenSSH reads, made from it. Does not
belong here: changing it (an act of two, `acts.py`), or checking a signature (`openssh.py`).

    signatures: 2
    people:
      amina:
        name: Amina Example
        agency: Statistics section
        roles: [prepare, receive]
        sources: [iraq_interior_ministry]
        keys:
          - key: ssh-ed25519 AAAA...
            valid_after: 2026-01-01
            valid_before: 2028-01-01
        deputies:
          - {person: dana, after: 2026-07-01, before: 2026-07-15}
    machine:
      - key: ssh-ed25519 AAAA...
        valid_after: 2026-01-01

The founding writes the last part (`machine_key.py`). `sources` are the senders whose files a person brings; who brings
none leaves it out.

A key that *ended* (`valid_before`) has signed well until that day. Of a key that was *revoked* nothing is good by
itself: its holder may write any day into what it signs, because such a signature carries no time; only a statement that
somebody else held before proves what was older.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from ingestion.cards.source_card import source_names
from ingestion.home import Home
from ingestion.people import openssh
from ingestion.strict_yaml import parse_yaml
from languages.refusal import Refusal

PREPARE, APPROVE, RECEIPT, SNAPSHOT = "prepare@marsad", "approve@marsad", "receipt@marsad", "snapshot@marsad"
"""The namespaces: what a signature is for. The machine's key signs receipts and snapshots, and approves nothing."""
MACHINE = "machine"
"""The name of the machine's key in `allowed_signers`; no person has it."""
ROLES: Mapping[str, tuple[str, ...]] = {
    "prepare": (PREPARE,),
    "approve": (APPROVE,),
    "recover": (PREPARE, APPROVE),
    "administer": (),
    "receive": (),
    "edit": (),
}
"""Role -> what it signs. Two who recover act where nobody else is there, and every page says that they did."""
DEMO_PEOPLE: Mapping[str, str] = {
    "amina": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJDqqDPTzI2ovaU8M3ArZh5HzQacozfv6cnLsh7cAodv",
    "dara": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICXL2YT2rX7BlWQubaog5fCMKRed193I79qr7l3+LS2Y",
    "hana": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKLHjw6uC6/wvbwyiaGWvvP+g5NPw1voB3x3lW45hIh1",
    "karwan": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBYT/Seh55uhWgp1e2qaDHtsXZ3Tm+rtRm26iO1h5vdr",
    "layla": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB0WJgelkYxoJEaytksKQEVOk0CA7sW1K7oulJeLTozb",
}
"""The keys of the invented country's people, whose private parts everybody has (`samples/people`)."""
DEMO_MACHINE = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIPYxUPgnc14P0P0pZMz28dVbnXdWrXBN7mHbh2UyULG"
"""The key of every invented home's machine, whose private half everybody has (`machine_key.py`)."""
NAME = "people.yml"
_LARGEST = 2**20
_DAY = datetime.timedelta(days=1)
_PERSON = re.compile(r"[a-z][a-z0-9._-]{1,39}")
_KEY = re.compile(r"(ssh-ed25519|sk-ssh-ed25519@openssh\.com) [A-Za-z0-9+/]{60,400}={0,2}")


@dataclass(frozen=True)
class SigningKey:
    """A public key of a person.

    Attributes:
        text: type and key, as OpenSSH writes them, without a comment.
        valid_after: its first day.
        valid_before: the first day on which it no longer signs; None while it has no end.
        revoked: the day on which it was revoked; None if it was not.
    """

    text: str
    valid_after: datetime.date
    valid_before: datetime.date | None = None
    revoked: datetime.date | None = None


@dataclass(frozen=True)
class Deputy:
    """Who acts in a person's roles, from a day until the day before another."""

    person: str
    after: datetime.date
    before: datetime.date


@dataclass(frozen=True)
class Person:
    """One person of the roster: short name, name as printed, agency, roles, keys, deputies, senders she brings for."""

    person: str
    name: str
    agency: str
    roles: tuple[str, ...]
    keys: tuple[SigningKey, ...]
    deputies: tuple[Deputy, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Roster:
    """Who may act in a home, and how many signatures an act has: two, or one where the house has one person only.

    Attributes:
        signatures: of an act.
        people: short name -> person.
        machine: keys of the machine, that in use last; none before the house has one.
    """

    signatures: int
    people: Mapping[str, Person]
    machine: tuple[SigningKey, ...] = ()

    def allowed_signers(self) -> str:
        """Return the text of OpenSSH's `allowed_signers`: a line a key and time, with the purposes of its roles.

        A revoked key stands in a remark: OpenSSH accepts nothing of it, and a reader learns why. So does the number of
        signatures: else one person could sign a statement by which one signature is enough.
        """
        lines = [line for person in self.people.values() for line in self._lines_of(person)]
        machine = [_line(MACHINE, (RECEIPT, SNAPSHOT), key, key.valid_after, key.valid_before) for key in self.machine]
        return "".join(f"{line}\n" for line in (f"# signatures: {self.signatures}", *lines, *machine))

    def may(self, person: str, namespace: str, day: datetime.date) -> bool:
        """Return whether a person signs for this purpose on this day, in a role of her own or as a deputy."""
        return any(
            namespace in _namespaces(roles) and after <= day and (before is None or day < before)
            for roles, after, before in self._terms_of(person)
        )

    def who_may(self, namespace: str, day: datetime.date, beside: str = "") -> list[str]:
        """Return the persons who sign for this purpose on a day with a key of that day, other than `beside`."""
        return [
            person.person
            for person in self.people.values()
            if person.person != beside
            and self.may(person.person, namespace, day)
            and any(_is_valid(key, day) for key in person.keys)
        ]

    def roles_on(self, person: str, day: datetime.date) -> set[str]:
        """Return the roles in which a person acts on a day: her own, and of those whose deputy she is."""
        return {role for someone in self._acts_for(person, day) for role in someone.roles}

    def sources_on(self, person: str, day: datetime.date) -> list[str]:
        """Return the senders whose files a person brings on a day, for herself or as a deputy of who does."""
        bring = [someone for someone in self._acts_for(person, day) if "receive" in someone.roles]
        return list(dict.fromkeys(source for someone in bring for source in someone.sources))

    def recovers(self, person: str) -> bool:
        """Return whether a person is one of those who act where nobody else is there."""
        roles = self.people[person].roles if person in self.people else ()
        return "recover" in roles and "prepare" not in roles

    def gainers_over(self, before: Roster) -> set[str]:
        """Return who may do more by this roster than by the one before: by roles, as a deputy, by senders, or alone.

        A new key of somebody whose roles stay is no gain: who replaces her key may be the only one who approves.
        """
        terms = {name: [*self._terms_by_right(name)] for name in self.people}
        gainers = {name for name, own in terms.items() if not _are_covered(own, [*before._terms_by_right(name)])}
        if self.signatures < before.signatures:  # whoever prepares needs nobody else then
            signing = {role for role, purposes in ROLES.items() if PREPARE in purposes}
            gainers |= {name for name, own in terms.items() if any(right in signing for right, _, _ in own)}
        return gainers

    def _terms_by_right(self, person: str) -> Iterator[tuple[str, datetime.date, datetime.date | None]]:
        """Yield each role of a person, and each sender whose files she brings, with its first day and the day after."""
        own = [(self.people[person], datetime.date.min, None)] if person in self.people else []
        others = [
            (other, deputy.after, deputy.before)
            for other in self.people.values()
            for deputy in other.deputies
            if deputy.person == person
        ]
        for someone, after, before in (*own, *others):
            rights = (*someone.roles, *(someone.sources if "receive" in someone.roles else ()))
            yield from ((right, after, before) for right in rights)

    def _acts_for(self, person: str, day: datetime.date) -> Iterator[Person]:
        """Yield a person, and those whose deputy she is on a day."""
        if person in self.people:
            yield self.people[person]
        for other in self.people.values():
            if any(deputy.person == person and deputy.after <= day < deputy.before for deputy in other.deputies):
                yield other

    def _terms_of(self, person: str) -> Iterator[tuple[Sequence[str], datetime.date, datetime.date | None]]:
        """Yield roles of a person, with their first day and the day after their last."""
        if person in self.people:
            yield self.people[person].roles, datetime.date.min, None
        for other in self.people.values():
            yield from ((other.roles, one.after, one.before) for one in other.deputies if one.person == person)

    def _lines_of(self, person: Person) -> Iterator[str]:
        for key in person.keys:
            if key.revoked:
                yield _line(person.person, (), key, key.valid_after, None)
                continue
            for roles, after, before in self._terms_of(person.person):
                purposes = _namespaces(roles)
                first = max(after, key.valid_after)
                ends = min((day for day in (before, key.valid_before) if day), default=None)
                if purposes and (ends is None or first < ends):
                    yield _line(person.person, purposes, key, first, ends)


def _are_covered(
    terms: Sequence[tuple[str, datetime.date, datetime.date | None]],
    by: Sequence[tuple[str, datetime.date, datetime.date | None]],
) -> bool:
    """Return whether somebody had each right for all of its time before."""
    return all(
        any(
            known == right and first <= after and (last is None or (before is not None and before <= last))
            for known, first, last in by
        )
        for right, after, before in terms
    )


def _line(name: str, purposes: Sequence[str], key: SigningKey, first: datetime.date, ends: datetime.date | None) -> str:
    """Return the line of a key in `allowed_signers`; a remark if it was revoked."""
    if key.revoked:
        return f"# revoked {key.revoked.isoformat()}: {name} {key.text}"
    # OpenSSH still accepts the second that `valid-before` names, so it names the last good one
    until = f',valid-before="{ends - _DAY:%Y%m%d}235959Z"' if ends else ""
    return f'{name} namespaces="{",".join(purposes)}",valid-after="{first:%Y%m%d}Z"{until} {key.text}'


def roster_path(home: Home) -> Path:
    """Return where a home keeps its roster."""
    return home.root / NAME


def read_roster(home: Home) -> Roster:
    """Return the roster of a home.

    Raises:
        Refusal: `people_missing` in a home that has none; as `parse_roster`; `key_is_invented` for a real home with a
            key of the demo, which everybody has.
    """
    path = roster_path(home)
    if not path.exists():
        raise Refusal("people_missing", where=str(path))
    roster = parse_roster(path.read_bytes(), path)
    if not home.is_invented:
        refuse_demo_people(roster, path)
    return roster


def refuse_demo_people(roster: Roster, path: Path) -> None:
    """Refuse the keys of the demo's invented people for anything real.

    Raises:
        Refusal: `key_is_invented`.
    """
    if {key.text for _, key in _keys_of(roster)} & {DEMO_MACHINE, *DEMO_PEOPLE.values()}:
        raise Refusal("key_is_invented", where=str(path))


def parse_roster(data: bytes, path: Path) -> Roster:
    """Return the roster that a file holds.

    Args:
        data: its bytes.
        path: where it lies, for the refusal.

    Raises:
        Refusal: `people_unreadable` with the entry that is wrong; `people_too_few` if an act could not be signed by as
            many persons as it needs.
    """
    try:
        content = parse_yaml(data) if len(data) <= _LARGEST else None
    except ValueError as error:
        raise Refusal("people_unreadable", where=str(path), entry="-") from error
    stored = _mapping(content, {"signatures", "people", MACHINE}, path, "-")
    if type(stored.get("signatures")) is not int or stored["signatures"] not in (1, 2):
        raise Refusal("people_unreadable", where=str(path), entry="signatures")
    entries = stored.get("people")
    if not isinstance(entries, dict) or not entries:
        raise Refusal("people_unreadable", where=str(path), entry="people")
    people = {str(name): _parse_person(str(name), entry, path) for name, entry in cast(dict[Any, Any], entries).items()}
    machine = tuple(_parse_key(entry, path, MACHINE) for entry in _list(stored, MACHINE, path, "-"))
    roster = Roster(stored["signatures"], people, machine)
    _refuse_shared_keys(roster, path)
    for person in people.values():
        for deputy in person.deputies:
            if deputy.person not in people or deputy.person == person.person or deputy.before <= deputy.after:
                raise Refusal("people_unreadable", where=str(path), entry=f"{person.person}.deputies")
    _refuse_too_few(roster, path)
    return roster


def is_short_name(name: str) -> bool:
    """Return whether a person may have this short name."""
    return bool(_PERSON.fullmatch(name)) and name != MACHINE


def is_public_key(text: str) -> bool:
    """Return whether this is the line of a public key that may sign, with or without a comment."""
    key = " ".join(text.split()[:2])
    return bool(_KEY.fullmatch(key) and openssh.fingerprint_of(key))


def _parse_person(name: str, entry: Any, path: Path) -> Person:  # noqa: ANN401 - whatever the file holds
    if not is_short_name(name):
        raise Refusal("people_unreadable", where=str(path), entry=ascii(name)[1:-1])
    stored = _mapping(entry, {"name", "agency", "roles", "keys", "deputies", "sources"}, path, name)
    roles, keys = stored.get("roles"), stored.get("keys")
    if not isinstance(roles, list) or not roles or not set(map(str, cast(list[Any], roles))) <= set(ROLES):
        raise Refusal("people_unreadable", where=str(path), entry=f"{name}.roles")
    if not isinstance(keys, list):
        raise Refusal("people_unreadable", where=str(path), entry=f"{name}.keys")
    for field in ("name", "agency"):
        if not isinstance(stored.get(field), str) or not stored[field].isprintable() or not stored[field].strip():
            raise Refusal("people_unreadable", where=str(path), entry=f"{name}.{field}")
    sources = [str(source) for source in _list(stored, "sources", path, name)]
    if not set(sources) <= set(source_names()) or len(set(sources)) < len(sources):
        raise Refusal("people_unreadable", where=str(path), entry=f"{name}.sources")
    return Person(
        name,
        str(stored["name"]),
        str(stored["agency"]),
        tuple(dict.fromkeys(str(role) for role in cast(list[Any], roles))),
        tuple(_parse_key(entry, path, f"{name}.keys") for entry in cast(list[Any], keys)),
        tuple(_parse_deputy(entry, path, f"{name}.deputies") for entry in _list(stored, "deputies", path, name)),
        tuple(sources),
    )


def _parse_key(entry: Any, path: Path, place: str) -> SigningKey:  # noqa: ANN401 - whatever the file holds
    stored = _mapping(entry, {"key", "valid_after", "valid_before", "revoked"}, path, place)
    text = " ".join(str(stored.get("key", "")).split()[:2])
    if not is_public_key(text):
        raise Refusal("people_unreadable", where=str(path), entry=place)
    after = _day(stored.get("valid_after"), path, place)
    before, revoked = (
        _day(stored[field], path, place) if stored.get(field) is not None else None
        for field in ("valid_before", "revoked")
    )
    if before and before <= after:
        raise Refusal("people_unreadable", where=str(path), entry=place)
    return SigningKey(text, after, before, revoked)


def _parse_deputy(entry: Any, path: Path, place: str) -> Deputy:  # noqa: ANN401 - whatever the file holds
    stored = _mapping(entry, {"person", "after", "before"}, path, place)
    days = [_day(stored.get(field), path, place) for field in ("after", "before")]
    return Deputy(str(stored.get("person", "")), *days)


def _mapping(content: Any, known: set[str], path: Path, place: str) -> dict[str, Any]:  # noqa: ANN401 - as above
    if not isinstance(content, dict) or not set(map(str, cast(dict[Any, Any], content))) <= known:
        raise Refusal("people_unreadable", where=str(path), entry=place)
    return cast(dict[str, Any], content)


def _list(stored: Mapping[str, Any], field: str, path: Path, place: str) -> list[Any]:
    content = stored.get(field) or []
    if not isinstance(content, list):
        raise Refusal("people_unreadable", where=str(path), entry=f"{place}.{field}")
    return cast(list[Any], content)


def _day(content: Any, path: Path, place: str) -> datetime.date:  # noqa: ANN401 - as above
    if type(content) is not datetime.date:
        raise Refusal("people_unreadable", where=str(path), entry=place)
    return content


def _refuse_shared_keys(roster: Roster, path: Path) -> None:
    """Refuse a key that stands at two persons, or at one and the machine: nobody could say who signed."""
    seen: dict[str, str] = {}
    for name, key in _keys_of(roster):
        if seen.setdefault(key.text, name) != name:
            raise Refusal("people_unreadable", where=str(path), entry=f"{name}.keys")


def _keys_of(roster: Roster) -> Iterator[tuple[str, SigningKey]]:
    for person in roster.people.values():
        yield from ((person.person, key) for key in person.keys)
    yield from ((MACHINE, key) for key in roster.machine)


def _refuse_too_few(roster: Roster, path: Path) -> None:
    """Refuse a roster by which no act could ever be signed: one prepares and, of two, another one approves."""
    with_keys = [person for person in roster.people.values() if any(key.revoked is None for key in person.keys)]
    prepare = {person.person for person in with_keys if PREPARE in _namespaces(person.roles)}
    approve = {person.person for person in with_keys if APPROVE in _namespaces(person.roles)}
    pairs = any(one != other for one in prepare for other in approve)
    if not prepare or (roster.signatures == 2 and not pairs):
        raise Refusal("people_too_few", where=str(path), count=roster.signatures)


def _namespaces(roles: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(namespace for role in roles for namespace in ROLES[role]))


def _is_valid(key: SigningKey, day: datetime.date) -> bool:
    return key.revoked is None and key.valid_after <= day and (key.valid_before is None or day < key.valid_before)
