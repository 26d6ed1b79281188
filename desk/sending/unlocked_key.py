"""The key that opens sealed files, unlocked when the desk starts and held in memory.

Does not belong here: the key itself (`ingestion/sealing`), opening a file (`marsad/answers/sent_file.py`).
"""

from __future__ import annotations

from collections.abc import Callable

from ingestion.home import Home
from ingestion.sealing import sealing_keys
from ingestion.sealing.sealing_keys import SealingKey

_unlocked: list[SealingKey] = []


def unlock(home: Home, ask: Callable[[], str]) -> bool:
    """Unlock a home's key with the passphrase that is asked for; return false if its sealed files cannot be opened.

    Nobody is asked in a home without a key of its own, and an empty answer starts without it.

    Raises:
        Refusal: as `sealing_keys.unlock`.
    """
    _unlocked.clear()
    if home.is_invented or not sealing_keys.public_keys(home):
        return True
    if passphrase := ask():
        _unlocked.append(sealing_keys.unlock(home, passphrase))
    return bool(_unlocked)


def unlocked_key(home: Home) -> SealingKey | None:
    """Return the key; None if nobody unlocked it. That of an invented home everybody has."""
    if home.is_invented:
        return sealing_keys.DEMO_KEY
    return _unlocked[0] if _unlocked else None
