"""The machine's key of a home: it signs receipts that go back to senders, and snapshots, and approves nothing.

Belongs here: making the pair, signing with it, checking what it signed. Does not belong here: which key is the
machine's (the roster, `roster.py`), or what is in a receipt or a snapshot.

    keys/machine-<12 hex>.key      private key, 0600, named after its public half, which stands in people.yml
    <what it signed>.sig           beside it, outside of every hash

Nobody is there when a receipt is written, so the key has no passphrase: whoever holds the account of the house signs
with it. That a person stands for something is what acts say (`acts.py`).
"""

from __future__ import annotations

import datetime
import os
import re
import shutil
from dataclasses import replace
from pathlib import Path

from ingestion.home import Home, make_folder, sha256_of_bytes, write_bytes
from ingestion.people import openssh
from ingestion.people.roster import DEMO_MACHINE, MACHINE, RECEIPT, Roster, SigningKey, read_roster, roster_path
from ingestion.storage import reading
from languages.refusal import Refusal

SIGNATURE = ".sig"
_PROBE = b"a probe\n"
_DEMO = b"""\
-----BEGIN OPENSSH PRIVATE KEY-----
b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW
QyNTUxOQAAACCD2MVD4J3NeD9D9KWTM9vHVW513Vq1wTe5h24dlMlCxgAAAIi08DrbtPA6
2wAAAAtzc2gtZWQyNTUxOQAAACCD2MVD4J3NeD9D9KWTM9vHVW513Vq1wTe5h24dlMlCxg
AAAEATjP/7pvpr1kduyQKcyenejdytaRQ00OO7A7jlGtdZ4YPYxUPgnc14P0P0pZMz28dV
bnXdWrXBN7mHbh2UyULGAAAAAAECAwQF
-----END OPENSSH PRIVATE KEY-----
"""
"""The private half of `DEMO_MACHINE`. It stands here for everybody to read, so it proves nothing."""
_PART = re.compile(rb"^machine:.*\n(?:[ \t#-].*\n|\n)*", re.MULTILINE)
"""The machine's part of a roster, up to the next name at the left edge."""
_DAYS = re.compile(r',valid-(?:after|before)="[^"]*"')


def make(home: Home) -> str:
    """Make a pair, and return its public key.

    Raises:
        Refusal: `ssh_keygen_missing`, `signing_failed`.
    """
    staging = home.keys / f".{MACHINE}.{os.getpid()}.tmp"
    make_folder(staging)
    try:
        openssh.make_pair(staging / "key")
        return keep(home, (staging / "key").read_bytes(), openssh.public_of(staging / "key"))
    finally:
        shutil.rmtree(staging)


def keep(home: Home, private: bytes, public: str) -> str:
    """Store the private half of a pair, and return the public one."""
    write_bytes(_path(home, public), private, mode=0o600)
    return public


def waiting(home: Home, roster: Roster | None) -> str:
    """Return the public key of a pair that no roster names yet; empty if there is none."""
    named = {key.text for key in roster.machine} if roster else set[str]()
    pairs = (openssh.public_of(path) for path in sorted(home.keys.glob(f"{MACHINE}-*.key")))
    return next((public for public in pairs if public and public not in named), "")


def entered(home: Home, data: bytes, path: Path, day: datetime.date, roster: Roster) -> bytes:
    """Return the first roster of a home with its machine's key: that which waits, else made now; invented, the demo's.

    Raises:
        Refusal: as `refuse_foreign` and `make`.
    """
    if home.is_invented:
        keep(home, _DEMO, DEMO_MACHINE)
    refuse_foreign(home, roster, path)
    return data if roster.machine else with_keys(data, (SigningKey(waiting(home, None) or make(home), day),))


def refuse_foreign(home: Home, roster: Roster, path: Path) -> None:
    """Refuse a roster by which the machine of a home would sign with a key that it does not have.

    Raises:
        Refusal: `machine_key_missing`.
    """
    if roster.machine and not _path(home, roster.machine[-1].text).exists():
        raise Refusal("machine_key_missing", where=str(path))


def with_keys(data: bytes, keys: tuple[SigningKey, ...]) -> bytes:
    """Return a roster with these keys of the machine in place of its own; the rest of its bytes stays."""
    lines = [f"{MACHINE}:"] if keys else []
    for key in keys:
        lines += [f"  - key: {key.text}", f"    valid_after: {key.valid_after}"]
        ends = (("valid_before", key.valid_before), ("revoked", key.revoked))
        lines += [f"    {name}: {day}" for name, day in ends if day]
    people = _PART.sub(b"", data.rstrip(b"\n") + b"\n")
    return people + "".join(f"{line}\n" for line in lines).encode()


def rotated(home: Home, day: datetime.date, *, revoke: bool) -> bytes:
    """Return the roster of a home with a new key of its machine; the others end on the next day, or are revoked.

    Args:
        home: whose lock the caller does not hold.
        day: of the change.
        revoke: whether somebody else may have had the key that was in use.

    Raises:
        Refusal: as `read_roster` and `make`.
    """
    roster, data = read_roster(home), roster_path(home).read_bytes()
    with home.lock("marsad people machine-key"):
        fresh = SigningKey((not revoke and waiting(home, roster)) or make(home), day)
    return with_keys(data, (*(_ended(key, day, revoke=revoke) for key in roster.machine), fresh))


def key_in_use(home: Home) -> Path | None:
    """Return the private key that the machine of a home signs with; None in a home without people, or without one.

    Raises:
        Refusal: `machine_key_missing`; as `read_roster`.
    """
    roster = read_roster(home) if roster_path(home).exists() else None
    if roster is None or not roster.machine or roster.machine[-1].revoked:
        return None
    refuse_foreign(home, roster, roster_path(home))
    return _path(home, roster.machine[-1].text)


def check(home: Home) -> None:
    """Sign a probe, and check it, before anything is done that needs a signature.

    Raises:
        Refusal: `machine_key_missing`, also for a private key that was harmed; as `key_in_use`.
    """
    key = key_in_use(home)
    if key is None:
        return
    try:
        signature = openssh.sign_alone(_PROBE, key, RECEIPT)
    except Refusal as refusal:
        if refusal.code != "signing_failed":
            raise
        raise Refusal("machine_key_missing", where=str(key)) from refusal
    signers = _DAYS.sub("", read_roster(home).allowed_signers())
    if openssh.signer_of(_PROBE, signature, signers, RECEIPT, _today()) != MACHINE:
        raise Refusal("machine_key_missing", where=str(key))


def signature_over(home: Home, data: bytes, namespace: str) -> bytes:
    """Return the machine's signature over bytes; empty in a home whose machine signs nothing.

    Raises:
        Refusal: as `key_in_use` and `openssh.sign_alone`.
    """
    key = key_in_use(home)
    return openssh.sign_alone(data, key, namespace) if key else b""


def write_signed(home: Home, path: Path, data: bytes, namespace: str) -> None:
    """Write a file, and before it the machine's signature beside it: a file that is there lacks none.

    Raises:
        Refusal: as `signature_over`.
    """
    if signature := signature_over(home, data, namespace):
        write_bytes(_beside(path), signature)
    write_bytes(path, data)


def refuse_unsigned(path: Path, namespace: str, allowed_signers: str) -> None:
    """Refuse a file that the machine of a house did not sign for this purpose.

    A signature carries no time, so a key that has ended is good for all that it signed; a revoked one is for nothing.

    Args:
        path: of the file; the signature lies beside it.
        namespace: what the signature must be for.
        allowed_signers: of the house, had from elsewhere.

    Raises:
        Refusal: `machine_unsigned`; `machine_key_other` for another key than the machine's, or one that was revoked;
            `machine_signature_other` over other bytes, or for another purpose.
    """
    if not _beside(path).is_file():
        raise Refusal("machine_unsigned", where=str(path))
    with reading(path):
        data, signature = path.read_bytes(), _beside(path).read_bytes()
    signers = _DAYS.sub("", allowed_signers)
    if not openssh.is_by(MACHINE, signature, signers):
        raise Refusal("machine_key_other", where=str(path))
    if openssh.signer_of(data, signature, signers, namespace, _today()) != MACHINE:
        raise Refusal("machine_signature_other", where=str(path), namespace=namespace)


def _today() -> datetime.date:
    return datetime.datetime.now(tz=datetime.UTC).date()


def _ended(key: SigningKey, day: datetime.date, *, revoke: bool) -> SigningKey:
    if revoke:
        return replace(key, revoked=key.revoked or day)
    return replace(key, valid_before=key.valid_before or day + datetime.timedelta(days=1))


def _path(home: Home, public: str) -> Path:
    return home.keys / f"{MACHINE}-{sha256_of_bytes(public.encode())[:12]}.key"


def _beside(path: Path) -> Path:
    return path.with_name(path.name + SIGNATURE)
