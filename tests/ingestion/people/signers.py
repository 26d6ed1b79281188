"""Invented people with fresh keys, rosters of them, and signatures made by `ssh-keygen` itself, not by the house."""

from __future__ import annotations

import datetime
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ingestion.people.roster import Roster, parse_roster

DAY = datetime.timedelta(days=1)
BEGIN = "2025-01-01"


@dataclass(frozen=True)
class Pair:
    """A key pair: the file of the private key, and the public key as a roster holds it."""

    private: Path
    public: str


def fresh_pair(folder: Path, name: str) -> Pair:
    """Make an Ed25519 pair as a person does."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", path], check=True)
    return Pair(path, " ".join(path.with_suffix(".pub").read_text(encoding="utf-8").split()[:2]))


def signed_by(pair: Pair, data: bytes, namespace: str) -> bytes:
    """Sign bytes with the stock program."""
    words = ["ssh-keygen", "-Y", "sign", "-q", "-f", str(pair.private), "-n", namespace]
    return subprocess.run(words, input=data, capture_output=True, check=True).stdout


def accepts(
    folder: Path,
    allowed_signers: str,
    person: str,
    namespace: str,
    data: bytes,
    signature: bytes,
    *,
    moment: str = "",
    zone: str = "UTC",
) -> bool:
    """Return whether the stock program accepts a signature by a person, at a moment `YYYYMMDDHHMMSSZ`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "allowed").write_text(allowed_signers, encoding="utf-8")
    (folder / "sig").write_bytes(signature)
    words = ["ssh-keygen", "-Y", "verify", "-f", str(folder / "allowed"), "-I", person, "-n", namespace]
    words += ["-s", str(folder / "sig"), *(["-O", f"verify-time={moment}"] if moment else [])]
    outcome = subprocess.run(words, input=data, capture_output=True, check=False, env={**os.environ, "TZ": zone})
    return outcome.returncode == 0


def key(pair: Pair, after: str = BEGIN, before: str = "", revoked: str = "") -> dict[str, Any]:
    """Return the entry of a key in a roster."""
    days = {"valid_after": after, "valid_before": before, "revoked": revoked}
    return {"key": pair.public, **{field: datetime.date.fromisoformat(day) for field, day in days.items() if day}}


def person(name: str, roles: Sequence[str], *keys: Mapping[str, Any], **others: object) -> dict[str, Any]:
    """Return the entry of a person in a roster."""
    return {
        "name": f"{name.title()} Invented",
        "agency": "Statistics section",
        "roles": list(roles),
        "keys": list(keys),
        **others,
    }


def roster_bytes(people: Mapping[str, Mapping[str, Any]], signatures: object = 2) -> bytes:
    """Return a roster as a file holds it."""
    content = {"signatures": signatures, "people": dict(people)}
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False).encode("utf-8")


def roster_of(people: Mapping[str, Mapping[str, Any]], signatures: object = 2) -> Roster:
    """Return a roster."""
    return parse_roster(roster_bytes(people, signatures), Path("people.yml"))
