"""The task force's pair of keys for sealed files: made once, stored in the home, unlocked by a passphrase.

Belongs here: `keys/sealing/` of a home, and opening sealed bytes with the unlocked key. Does not belong here: asking
for the passphrase (`marsad/terminal/passphrases.py`), or which file is sealed (`sealed_files.py`).

`secret.age` is the secret key under the passphrase, as `age -p` writes it, so that `age -d -i secret.age` opens a
sealed file too; `public.txt` holds the public keys of the task force and of the recovery, as `age -R` reads them. The
secret part of the recovery key lies elsewhere. An unlocked key is never written or logged; a child gets it by a pipe.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ingestion.files.guard import SEALED_AS_TEXT
from ingestion.files.safe_zip import Stop
from ingestion.files.uploads import LONGEST_HEADER
from ingestion.home import Home, write_folder
from ingestion.sealing.age_keys import DEMO_PUBLIC, DEMO_SECRET, is_public_key, refuse_demo_key
from ingestion.storage import reading
from languages.refusal import Refusal

SHORTEST_PASSPHRASE = 16
"""Characters: a thief of the disk can try passphrases, although each try costs a second."""

_END_OF_HEADER = b"\n---"
_NOT_FOR_THIS_KEY, _WRONG_PASSPHRASE = "No matching keys found", "Decryption failed"
"""What the library says in an error that it has for everything; a test pins both texts."""
_SECRET, _PUBLIC = "secret.age", "public.txt"


@dataclass(frozen=True)
class SealingKey:
    """An unlocked secret key, in memory only.

    Args:
        secret: its text.
    """

    secret: str = field(repr=False)

    @property
    def public(self) -> str:
        """Its public key; empty if the text is no secret key."""
        import pyrage

        try:
            return str(pyrage.x25519.Identity.from_str(self.secret).to_public())
        except pyrage.IdentityError:
            return ""

    def open(self, data: bytes) -> bytes:
        """Return the plain bytes of a sealed file.

        Raises:
            Stop: `sealed_as_text`, `sealed_damaged`, `sealed_for_others`; `sealed_for_demo` where everybody could.
        """
        if data.lstrip().startswith(SEALED_AS_TEXT):
            raise Stop("sealed_as_text")
        if data.find(_END_OF_HEADER, 0, LONGEST_HEADER) < 0:
            raise Stop("sealed_damaged")
        plain = _decrypt(data, self.secret)
        if plain is not None:
            return plain
        raise Stop("sealed_for_others" if _decrypt(data, DEMO_SECRET) is None else "sealed_for_demo")


def _decrypt(data: bytes, secret: str) -> bytes | None:
    """Return the plain bytes; None if they were sealed for other keys.

    Raises:
        Stop: `sealed_damaged`.
    """
    import pyrage

    try:
        return pyrage.decrypt(data, [pyrage.x25519.Identity.from_str(secret)])
    except pyrage.DecryptError as error:
        if str(error) == _NOT_FOR_THIS_KEY:
            return None
        raise Stop("sealed_damaged") from None


DEMO_KEY = SealingKey(DEMO_SECRET)
"""The key of every invented home: it needs no passphrase."""


def make_pair(home: Home, recovery: str, passphrase: str) -> tuple[str, ...]:
    """Make a home's pair of keys and return the public keys: the task force's and the recovery key.

    Args:
        home: an opened home of real files.
        recovery: the public key whose secret part lies elsewhere, as `check_recovery` allows.
        passphrase: for the secret key.

    Raises:
        Refusal: `sealing_passphrase_short`, `sealing_key_exists`, `lock_held`.
    """
    import pyrage

    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise Refusal("sealing_passphrase_short", where=_SECRET, least=SHORTEST_PASSPHRASE)
    identity = pyrage.x25519.Identity.generate()
    public = (str(identity.to_public()), recovery)
    secret = pyrage.passphrase.encrypt(f"# public key: {public[0]}\n{identity}\n".encode(), passphrase)
    lines = f"# task force\n{public[0]}\n# recovery\n{public[1]}\n"
    with home.lock("marsad sealing-key"):
        refuse_second_pair(home)
        write_folder(_folder(home), {_SECRET: secret, _PUBLIC: lines.encode()})
    return public


def check_recovery(key: str) -> str:
    """Return a recovery key without white space at its ends.

    Raises:
        Refusal: `public_key_unreadable` for a text that is no public key, which is not repeated: it may be a secret
            one; `key_is_invented` for the demo's.
    """
    if not is_public_key(key.strip()):
        raise Refusal("public_key_unreadable", where="--recovery")
    refuse_demo_key([key.strip()], "--recovery")
    return key.strip()


def refuse_second_pair(home: Home) -> None:
    """Refuse to make a pair where there is one: files may be on the way that only that one opens.

    Raises:
        Refusal: `sealing_key_exists`.
    """
    if _folder(home).exists():
        raise Refusal("sealing_key_exists", where=str(_folder(home)))


def public_keys(home: Home) -> tuple[str, ...]:
    """Return the public keys that senders seal for, the task force's first; none in a home without a pair.

    Raises:
        Refusal: `sealing_key_unreadable`; `key_is_invented` where a real home names the demo's.
    """
    if home.is_invented:
        return (DEMO_PUBLIC,)
    if not _folder(home).exists():
        return ()
    path = _folder(home) / _PUBLIC
    with reading(path):
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    keys = tuple(line for line in lines if line and not line.startswith("#"))
    refuse_demo_key(keys, str(path))
    if not keys or not all(map(is_public_key, keys)):
        raise Refusal("sealing_key_unreadable", where=str(path))
    return keys


def unlock(home: Home, passphrase: str) -> SealingKey:
    """Return the secret key of a home with a pair, unlocked.

    Raises:
        Refusal: `sealing_passphrase_wrong`; `sealing_key_unreadable` for a file that holds no secret key of
            `public.txt`; those of `public_keys`.
    """
    import pyrage

    path = _folder(home) / _SECRET
    keys = public_keys(home)
    with reading(path):
        locked = path.read_bytes()
    try:
        lines = pyrage.passphrase.decrypt(locked, passphrase).decode("utf-8").splitlines()
    except (pyrage.DecryptError, UnicodeDecodeError) as error:
        is_wrong = str(error) == _WRONG_PASSPHRASE
        raise Refusal("sealing_passphrase_wrong" if is_wrong else "sealing_key_unreadable", where=str(path)) from None
    key = SealingKey(next((line.strip() for line in lines if not line.startswith("#")), ""))
    if key.public not in keys:
        raise Refusal("sealing_key_unreadable", where=str(path))
    return key


def check_pair(home: Home) -> None:
    """Look at both files of a pair; whether the secret one is whole only its passphrase shows.

    Raises:
        Refusal: `file_missing`, and those of `public_keys`.
    """
    path = _folder(home) / _SECRET
    if public_keys(home) and not home.is_invented and not path.exists():
        raise Refusal("file_missing", where=str(path))


def _folder(home: Home) -> Path:
    return home.keys / "sealing"
