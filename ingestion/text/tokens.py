"""Keyed tokens: the pseudonymous IDs that holders make of their own numbers.

Belongs here: their form. Does not belong here: making them (`holders/pseudonymise.py`), hashes that were made without a
key (`tables/unkeyed_hashes.py`).
"""

from __future__ import annotations

import re

SHORTEST_TOKEN = 35
"""Characters of a token whose key number has one digit."""

_TOKEN = re.compile(r"k[0-9]+:[0-9a-f]{32}")
_INVENTED_TOKEN = re.compile(r"k0[0-9]*:[0-9a-f]{32}")


def is_token(text: str) -> bool:
    """Return whether `text` is a holder's token: `k`, the key's number, `:`, and 32 hexadecimal digits."""
    return _TOKEN.fullmatch(text) is not None


def is_invented_token(text: str) -> bool:
    """Return whether `text` is a token of the invented country: no real key number begins with 0."""
    return _INVENTED_TOKEN.fullmatch(text) is not None
