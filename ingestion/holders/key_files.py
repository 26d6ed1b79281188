"""The file of the holders' key for pseudonymous IDs: written, read, and identified by a fingerprint.

Belongs here: a file that only its owner can read, and the fingerprint that two holders compare by telephone. It runs on
a holder's machine: Marsad never holds the key.
Does not belong here: what the key is for (`pseudonymise.py`), the keys of a home (`keys/`).
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
from pathlib import Path

from languages.refusal import Refusal

SHORTEST_KEY = 16
"""Bytes; a shorter key could be found by trying."""
_KEY_BYTES = 32
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_FINGERPRINT = b"marsad token key fingerprint"
_GROUPS, _DIGITS = 6, 4


def write_new_key(path: Path) -> str:
    """Write a new random key that only its owner can read, and return its fingerprint; never replace an existing file.

    Raises:
        Refusal: `token_key_folder_open`; `token_key_exists`, also for a link; `token_key_unwritable`.
    """
    key = secrets.token_hex(_KEY_BYTES).encode()
    try:
        _refuse_open_folder(path.parent.resolve())
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR)
    except FileExistsError as error:
        raise Refusal("token_key_exists", where=str(path)) from error
    except OSError as error:
        raise Refusal("token_key_unwritable", where=str(path), why=error.strerror or "") from error
    with os.fdopen(descriptor, "wb") as stream:
        os.fchmod(descriptor, stat.S_IRUSR | stat.S_IWUSR)  # whatever the umask says
        stream.write(key + b"\n")
        stream.flush()
        os.fsync(descriptor)
    return fingerprint_of(key)


def _refuse_open_folder(folder: Path) -> None:
    """Refuse a path where every account of the machine could substitute another file or folder of the same name.

    Raises:
        Refusal: `token_key_folder_open`, naming the folder.
    """
    for above in (folder, *folder.parents):
        rights = above.stat().st_mode if above.exists() else 0
        if rights & stat.S_IWOTH and not rights & stat.S_ISVTX:  # as in /tmp: the sticky bit protects others' files
            raise Refusal("token_key_folder_open", where=str(above))


def read_key(path: Path) -> bytes:
    """Return the key in a file, without white space at its ends.

    Raises:
        Refusal: `upload_missing`; `token_key_no_file` for a folder or a link; `token_key_open` if others than its
            owner can read or write it; `token_key_short`.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)  # the same file is checked and read
    except FileNotFoundError as error:
        raise Refusal("upload_missing", where=str(path)) from error
    except OSError as error:
        raise Refusal("token_key_no_file", where=str(path)) from error
    rights = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(rights) or rights & _OTHERS:
        os.close(descriptor)
        raise Refusal("token_key_open" if stat.S_ISREG(rights) else "token_key_no_file", where=str(path))
    with os.fdopen(descriptor, "rb") as stream:
        key = stream.read().strip()
    if len(key) < SHORTEST_KEY:
        raise Refusal("token_key_short", least=SHORTEST_KEY)
    return key


def fingerprint_of(key: bytes) -> str:
    """Return six groups of four digits that two holders compare: equal for the same key, which they do not reveal.

    They are the last 24 decimal digits of HMAC-SHA256(key, "marsad token key fingerprint"), read as one number.
    """
    number = int.from_bytes(hmac.new(key, _FINGERPRINT, hashlib.sha256).digest(), "big") % 10 ** (_GROUPS * _DIGITS)
    digits = f"{number:0{_GROUPS * _DIGITS}d}"
    return " ".join(digits[at : at + _DIGITS] for at in range(0, len(digits), _DIGITS))
