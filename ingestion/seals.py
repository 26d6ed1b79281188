"""Keyed seals on files that Marsad writes for itself: verdicts and the report of protection.

Belongs here: sealing a file and reading a sealed one. Does not belong here: what such a file says, or a signature for
readers (there is none yet).

    <file>.seal    HMAC-SHA256 of the file's name and bytes under `keys/seal.key`, 64 hexadecimal digits

A seal detects accidents, and editors without the key. It does not detect anyone who can read the home, which contains
the key. It is a separate file, so that no released byte depends on the key.
"""

from __future__ import annotations

import hmac
from pathlib import Path

from ingestion.home import Home, write_bytes
from languages.refusal import Refusal

ENDING = ".seal"


def write_sealed(home: Home, path: Path, data: bytes) -> str:
    """Write a file and its seal; return the SHA-256 of the file. A process killed in between leaves a broken seal."""
    sha256 = write_bytes(path, data)
    write_bytes(_seal_beside(path), seal_of(home, path, data).encode("ascii"))
    return sha256


def write_new_sealed(home: Home, path: Path, data: bytes) -> None:
    """Write a new file, its seal first: a process killed in between leaves a seal without a file."""
    write_bytes(_seal_beside(path), seal_of(home, path, data).encode("ascii"))
    write_bytes(path, data)


def remove_sealed(path: Path) -> None:
    """Remove a file and then its seal."""
    path.unlink(missing_ok=True)
    _seal_beside(path).unlink(missing_ok=True)


def read_sealed(home: Home, path: Path) -> bytes:
    """Return the bytes of a sealed file.

    Raises:
        Refusal: `file_missing`; `seal_broken` if the seal is missing or does not match these bytes.
    """
    if not path.exists():
        raise Refusal("file_missing", where=str(path))
    data, seal = path.read_bytes(), _seal_beside(path)
    stored = seal.read_bytes() if seal.exists() else b""
    if not hmac.compare_digest(stored, seal_of(home, path, data).encode("ascii")):
        raise Refusal("seal_broken", where=str(path))
    return data


def seal_of(home: Home, path: Path, data: bytes) -> str:
    """Return the seal of bytes under their file's name, so that a verdict on one dataset is invalid for another."""
    return hmac.digest(home.seal_key, path.name.encode("utf-8") + b"\0" + data, "sha256").hex()


def _seal_beside(path: Path) -> Path:
    return path.with_name(path.name + ENDING)
