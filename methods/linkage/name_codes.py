"""Codes of name parts: keyed Bloom filters, hardened, made where the names are and compared where they are not.

Belongs here: the key of a year and its check value, one code of one part, the similarity of two codes.
Does not belong here: spelling (`name_spelling.py`); which columns hold names (`ingestion/holders`). Without the key a
code reveals nothing of a single name, but equal names have equal codes: their frequencies show
(docs/methods/linkage.md).

Sources: Schnell, Bachteler and Reiher 2009 (Bloom filters of bigrams); Schnell and Borgs 2016 (XOR-folding, balanced
codes). One HMAC-SHA512 of a bigram gives its twenty positions, so that a large list takes seconds.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from functools import lru_cache

from methods.linkage.name_spelling import SPELLING

BITS = 1_024
HASHES = 20
PARTS = ("given", "father", "family", "mother")
"""First, second and last part of a full name; first part of the mother's name."""

_SEPARATOR = b"\x1f"


def key_of_year(key: bytes, year: int) -> bytes:
    """Return the key of one year: codes of two years cannot be compared.

    Args:
        key: key that the holders share.
        year: year of the round for which codes are made.
    """
    return hmac.new(key, _SEPARATOR.join((b"codes", SPELLING.encode(), str(year).encode())), hashlib.sha256).digest()


def check_value(year_key: bytes) -> str:
    """Return 16 hexadecimal digits that identify the key of a year and reveal nothing else of it."""
    return hmac.new(year_key, b"check", hashlib.sha256).hexdigest()[:16]


def code_of(year_key: bytes, part: str, spelt: str) -> bytes:
    """Return the code of a name part: 128 bytes, exactly half of the bits set; empty if the part is empty.

    The padded bigrams set 20 positions each of 1,024; the two halves are XOR-ed; the complement is appended, so that
    the number of set bits does not reveal the length of the name; and all are put into an order that depends on the
    key.

    Args:
        year_key: key from `key_of_year`.
        part: one of `PARTS`: the same name in two parts has two codes.
        spelt: spelling from `spell_part`.
    """
    if not spelt:
        return b""
    padded = f"_{spelt}_"
    filled = 0
    for place in range(len(padded) - 1):
        filled |= _bits_of(year_key, part, padded[place : place + 2])
    half = BITS // 2
    folded = (filled ^ (filled >> half)) & ((1 << half) - 1)
    balanced = folded | ((~folded & ((1 << half) - 1)) << half)
    code = sum(1 << to for to, taken in enumerate(_order(year_key)) if balanced >> taken & 1)
    return code.to_bytes(BITS // 8, "big")


def codes_of(year_key: bytes, parts: Sequence[str], mother_parts: Sequence[str]) -> dict[str, str | None]:
    """Return the codes of a person: `given_code`, `father_code`, `family_code`, `mother_code`, hexadecimal or None.

    Args:
        year_key: key from `key_of_year`.
        parts: parts of the full name from `spell_parts`; the family name is the last of three or more.
        mother_parts: parts of the mother's name.
    """
    spelt = {
        "given": parts[0] if parts else "",
        "father": parts[1] if len(parts) > 1 else "",
        "family": parts[-1] if len(parts) > 2 else "",
        "mother": mother_parts[0] if mother_parts else "",
    }
    return {f"{part}_code": code_of(year_key, part, text).hex() or None for part, text in spelt.items()}


def likeness(left: bytes, right: bytes) -> float:
    """Return the share of equal bits of two codes, 0 to 1; as both have half their bits set, it is Dice's coefficient.

    Two different names lie near 0.77, because they are short; one missing letter leaves about 0.9.
    """
    differing = (int.from_bytes(left, "big") ^ int.from_bytes(right, "big")).bit_count()
    return 1 - differing / BITS


@lru_cache(maxsize=65_536)
def _bits_of(year_key: bytes, part: str, bigram: str) -> int:
    digest = hmac.new(year_key, _SEPARATOR.join((part.encode(), bigram.encode())), hashlib.sha512).digest()
    places = {int.from_bytes(digest[2 * number : 2 * number + 2], "big") % BITS for number in range(HASHES)}
    return sum(1 << place for place in places)


@lru_cache(maxsize=16)
def _order(year_key: bytes) -> tuple[int, ...]:
    def rank(place: int) -> bytes:
        return hmac.new(year_key, _SEPARATOR.join((b"order", str(place).encode())), hashlib.sha256).digest()

    return tuple(sorted(range(BITS), key=rank))
