"""A roster with one person changed: entered, with other roles, with a new key, with a key that ends or is revoked.

Does not belong here: the act that puts it in place (`acting.py`), what a roster may hold (`people/roster.py`).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import yaml

from ingestion.home import Home
from ingestion.people.acts import read_people
from ingestion.people.openssh import fingerprint_of
from ingestion.people.roster import roster_path
from ingestion.strict_yaml import parse_yaml

KeyEnd = Literal["ended", "revoked"]


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
    """

    person: str
    name: str
    agency: str
    roles: tuple[str, ...]
    sources: tuple[str, ...]
    new_key: str = ""
    ends: Mapping[str, KeyEnd] = field(default_factory=dict[str, KeyEnd])


def roster_with(home: Home, change: PersonChange, day: datetime.date) -> bytes:
    """Return the bytes of a home's roster with one person changed from a day on; nothing is stored.

    A key that ends on its very first day was never good: it is revoked instead, because its time would be empty.

    Raises:
        Refusal: as `read_people`.
    """
    read_people(home)
    content: dict[str, Any] = parse_yaml(roster_path(home).read_bytes())
    entry: dict[str, Any] = content["people"].setdefault(change.person, {"keys": []})
    entry.update(name=change.name, agency=change.agency, roles=list(change.roles), sources=list(change.sources))
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
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=200).encode("utf-8")
