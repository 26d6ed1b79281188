"""The series key: rounding is consistent only while one key rounds all releases, so any other key is refused.

Belongs here: the key for protection, and its check value in the ledger's lines.
Does not belong here: making or storing the key (`ingestion/home.py`), or what it rounds (`methods/disclosure`).
"""

from __future__ import annotations

import hashlib
import hmac

from expectations.published import ledger
from ingestion.home import Home
from languages.refusal import Refusal

_TEXT = b"marsad: the key of this series of releases"


def check_value(key: bytes) -> str:
    """Return a value that identifies a key and reveals nothing of it: 64 hexadecimal digits of HMAC-SHA256."""
    return hmac.new(key, _TEXT, hashlib.sha256).hexdigest()


def series_key(home: Home) -> bytes:
    """Return the key that rounds this home's releases.

    Raises:
        Refusal: `series_key_changed` if the ledger holds releases and the key is missing, unreadable or not the one
            that rounded them. No new key is made then: restore the old one from the backup.
    """
    path, published = home.keys / "series.key", ledger.entries(home)
    if published and not path.exists() and not home.is_invented:
        raise Refusal("series_key_changed", where=str(path))
    try:
        key = home.series_key
    except ValueError as error:  # no hexadecimal digits
        raise Refusal("series_key_changed", where=str(path)) from error
    if {entry.key_check for entry in published} - {check_value(key)}:
        raise Refusal("series_key_changed", where=str(path))
    return key
