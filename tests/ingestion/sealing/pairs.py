"""A pair of keys for sealed files, made once: each passphrase takes the library a second, on purpose."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pyrage

from ingestion.home import Home
from ingestion.sealing.age_keys import encrypt
from ingestion.sealing.sealing_keys import SealingKey, make_pair, public_keys, unlock

PASSPHRASE = "correct horse battery, مرصد"  # noqa: S105 - of no pair outside of the tests
RECOVERY = pyrage.x25519.Identity.generate()


@cache
def _made() -> tuple[Path, SealingKey]:
    home = Home.at(Path(mkdtemp(prefix="marsad-pair-")) / "home").open()
    make_pair(home, str(RECOVERY.to_public()), PASSPHRASE)
    return home.keys / "sealing", unlock(home, PASSPHRASE)


def give_pair(home: Home) -> SealingKey:
    """Give a real home the pair, and return its unlocked key."""
    folder, key = _made()
    shutil.copytree(folder, home.keys / "sealing")
    return key


def sealed(home: Home, data: bytes) -> bytes:
    """Seal bytes as a sender does."""
    return encrypt(data, public_keys(home))
