"""Keys of age (X25519): which text is a public key, encrypting for some, and the demo's pair, which is public.

Belongs here: the format of a key. Does not belong here: where keys are stored (`sealing_keys.py`, and
`keeping/backup_register.py` for backups). The library is imported late: most commands encrypt nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from languages.refusal import Refusal

DEMO_PUBLIC = "age15wg463epwey0vnf8xv3fekpqgca9arn869twudlnakccc77239dqsqfjc9"
DEMO_SECRET = "AGE-SECRET-KEY-1ZPUPDFJXD47CPRGG7GE24VFH47PZ7067A4H7KT5SLR8QGCX2Z8YSW52VN9"  # noqa: S105
"""The pair of every invented home. It stands here for everybody to read, so it protects nothing."""

_PUBLIC = re.compile(r"age1[02-9ac-hj-np-z]{58}")


def is_public_key(text: str) -> bool:
    """Return whether a text is a public key of age, its check digits included."""
    if not _PUBLIC.fullmatch(text):
        return False
    import pyrage

    try:
        pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        return False
    return True


def refuse_demo_key(keys: Iterable[str], where: str) -> None:
    """Refuse the demo's public key for anything real: everybody can open what is encrypted for it.

    Raises:
        Refusal: `key_is_invented`.
    """
    if DEMO_PUBLIC in keys:
        raise Refusal("key_is_invented", where=where)


def encrypt(data: bytes, public_keys: Sequence[str]) -> bytes:
    """Return `data` encrypted so that each of the secret keys reads it, and that a changed byte is detected."""
    import pyrage

    return pyrage.encrypt(data, [pyrage.x25519.Recipient.from_str(text) for text in public_keys])
