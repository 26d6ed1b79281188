"""The keys of backups: two public ones that a backup is encrypted for, and a secret one that decrypts it.

Belongs here: making, reading and refusing these keys. Does not belong here: the format of a public one
(`sealing/age_keys.py`), or where a home remembers them (`backup_register.py`). No secret key of backups is ever stored
in a home, and none is repeated in a message.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pyrage

from ingestion.home import Home
from ingestion.sealing import age_keys
from languages.refusal import Refusal

_SECRET = "AGE-SECRET-KEY-1"  # noqa: S105 - how the text of a key begins


@dataclass(frozen=True)
class BackupKeys:
    """The public keys that a backup is encrypted for; either secret key decrypts it.

    Args:
        task_force: of the task force's administrators.
        recovery: of the recovery key that is kept sealed elsewhere.
    """

    task_force: str
    recovery: str

    def encrypt(self, data: bytes) -> bytes:
        """Return `data` encrypted so that only the two secret keys read it, and that a changed byte is detected."""
        return age_keys.encrypt(data, (self.task_force, self.recovery))


def check_keys(task_force: str, recovery: str) -> BackupKeys:
    """Return two valid public keys.

    Raises:
        Refusal: `backup_needs_keys` if one is missing or both are the same; `backup_key_unreadable` for a text that is
            no public key of age, naming the option, never the text: it may be the secret key; `key_is_invented`.
    """
    keys = BackupKeys(task_force.strip(), recovery.strip())
    for option, text in (("--task-force", keys.task_force), ("--recovery", keys.recovery)):
        if text and not age_keys.is_public_key(text):
            raise Refusal("backup_key_unreadable", where=option)
        age_keys.refuse_demo_key([text], option)
    if not keys.task_force or not keys.recovery or keys.task_force == keys.recovery:
        raise Refusal("backup_needs_keys", where="--task-force, --recovery")
    return keys


def refuse_inside(home: Home, path: Path) -> None:
    """Refuse a secret key inside the home: a backup would be no safer than the home.

    Raises:
        Refusal: `backup_key_output`.
    """
    if path.resolve().is_relative_to(home.root):
        raise Refusal("backup_key_output", where=str(path))


def make_secret(path: Path) -> str:
    """Write a new secret key into a new file that only its owner can read; return the public key.

    Raises:
        Refusal: `backup_key_output` if the file exists or its folder does not.
    """
    identity = pyrage.x25519.Identity.generate()
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except (FileExistsError, FileNotFoundError, NotADirectoryError) as error:
        raise Refusal("backup_key_output", where=str(path)) from error
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(f"# public key: {identity.to_public()}\n{identity}\n")
        stream.flush()
        os.fsync(stream.fileno())
    return str(identity.to_public())


class SecretKeys:
    """The secret keys of a file, as `marsad backup-key` or age-keygen writes it."""

    def __init__(self, path: Path) -> None:
        """Read the file.

        Raises:
            Refusal: `backup_key_missing` for no such file, `backup_key_unreadable` for one that holds no secret key.
        """
        self._path = path
        try:
            lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
            self._identities = [pyrage.x25519.Identity.from_str(line) for line in lines if line.startswith(_SECRET)]
        except (FileNotFoundError, IsADirectoryError) as error:
            raise Refusal("backup_key_missing", where=str(path)) from error
        except (UnicodeDecodeError, pyrage.IdentityError):
            raise Refusal("backup_key_unreadable", where=str(path)) from None
        if not self._identities:
            raise Refusal("backup_key_unreadable", where=str(path))

    @property
    def public(self) -> set[str]:
        """The public keys of these secret ones."""
        return {str(identity.to_public()) for identity in self._identities}

    def decrypt(self, data: bytes) -> bytes:
        """Return the decrypted data.

        Args:
            data: encrypted bytes whose hash was just verified, so that only the key can be wrong.

        Raises:
            Refusal: `backup_key_wrong`.
        """
        try:
            return pyrage.decrypt(data, self._identities)
        except pyrage.DecryptError as error:
            raise Refusal("backup_key_wrong", where=str(self._path)) from error
