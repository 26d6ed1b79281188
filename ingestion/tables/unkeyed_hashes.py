"""Pseudonymous IDs made without a key: hashes that anyone can reverse by trying all possible numbers.

Belongs here: the signs of such an ID: its length, or that it is the plain hash of a small number or of a value in the
same row. Does not belong here: the holders' formula (`pseudonymise.py`), raw numbers and names in a
column of pseudonymous IDs (`closed_languages.py`).

A plain hash of an identity number, a telephone number or a name that is not in the file cannot be detected: ten digits
are ten thousand million tries, too many for an intake check and few for whoever has a day.
"""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import islice
from typing import NamedTuple

from ingestion.files.reader import CellValue
from ingestion.text.folding import ascii_digits, clean, fold
from ingestion.text.tokens import is_token

_SMALL_NUMBERS = 10_000
_ROWS_TRIED = 200  # of one column; whoever hashes numbers hashes all of them
_BYTES_OF_TOKEN = 16
_FIGURES_OF_SMALL = 4
_NO_FIGURE = re.compile(r"\D")
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_ALGORITHMS = (hashlib.md5, hashlib.sha1, hashlib.sha256, hashlib.sha512)
# 32, 40, 56, 64, 96 or 128 hexadecimal digits are MD5 and the SHA family; 40 after a key's number are SHA-1.
_HASH = re.compile(
    r"(?:0x)?(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})|k[0-9]+:[0-9a-f]{40}"
    r"|[0-9a-z+/]{22}==|[0-9a-z+/]{27}=|[0-9a-z+/]{43}=",
    re.IGNORECASE,
)
_PADDED_NUMBER = re.compile(r"k[0-9]+:0{16}[0-9a-f]{16}|k[0-9]+:[0-9a-f]{16}0{16}|k[0-9]+:(.)\1{31}")


def looks_like_hash(text: str) -> bool:
    """Return whether `text` has the length of a hash but not the form of a pseudonymous ID."""
    return _HASH.fullmatch(text) is not None


def is_padded_number(text: str) -> bool:
    """Return whether a pseudonymous ID is a zero-padded number or one repeated digit, as no real hash is."""
    return _PADDED_NUMBER.fullmatch(text) is not None


def unkeyed_row(rows: Sequence[Sequence[CellValue]], column: int, first: int) -> int | None:
    """Return the first row whose pseudonymous ID is the plain hash of a small number or of a value in its own row.

    Args:
        rows: of the sheet.
        column: index of the column of pseudonymous IDs, from 0.
        first: index of the first row under its header, from 0.
    """
    tokens = ((place, _digits_of(row[column])) for place, row in enumerate(rows[first:], first))
    tried = islice(((place, bytes.fromhex(digits)) for place, digits in tokens if digits), _ROWS_TRIED)
    for ordinal, (place, digits) in enumerate(tried, start=1):
        spellings = _spellings_beside(rows[place], column, place, ordinal)
        if digits in _hashes_of_small_numbers() or any(digits in _hashes(text) for text in spellings):
            return place
    return None


def _digits_of(value: CellValue) -> str:
    return value.rpartition(":")[2] if isinstance(value, str) and is_token(value) else ""


def _spellings_beside(row: Sequence[CellValue], column: int, place: int, ordinal: int) -> Iterator[str]:
    """Yield what a pseudonymous ID may be a hash of: the row's other cells, its number, its number and year.

    Small numbers are left out: `_hashes_of_small_numbers` has them.
    """
    numbers = {str(place + 1), str(ordinal), str(ordinal + 1)}
    years: set[str] = set()
    for value in (value for other, value in enumerate(row) if other != column and value is not None):
        spelled = _spell(value.isoformat() if isinstance(value, datetime.date) else str(value))
        yield from spelled.texts
        years.update(spelled.years)
        numbers.update(spelled.numbers)
    yield from (number for number in numbers if len(number) > _FIGURES_OF_SMALL)
    for number in numbers:
        for year in years:
            yield from (f"{number}/{year}", f"{number}-{year}", f"{year}/{number}")


class _Spelled(NamedTuple):
    """What may have been hashed of one text: its spellings, the years in it, and its value as a number."""

    texts: tuple[str, ...]
    years: tuple[str, ...]
    numbers: tuple[str, ...]


@lru_cache(maxsize=4096)  # a column of few words repeats them in each row
def _spell(text: str) -> _Spelled:
    figures = ascii_digits(clean(text))
    texts = dict.fromkeys((text, text.strip(), fold(text), _NO_FIGURE.sub("", figures)))
    return _Spelled(
        tuple(texts),
        tuple(_YEAR.findall(figures)),
        (figures.strip().lstrip("0") or "0",) if figures.strip().isdecimal() else (),  # too long for `int`, perhaps
    )


@lru_cache(maxsize=4096)
def _hashes(text: str) -> tuple[bytes, ...]:
    data = text.encode("utf-8", errors="surrogatepass")
    return tuple([make(data, usedforsecurity=False).digest()[:_BYTES_OF_TOKEN] for make in _ALGORITHMS])


@cache
def _hashes_of_small_numbers() -> frozenset[bytes]:
    """Return the plain hashes of 0 to 9999 (some 20 milliseconds, once, and only for a file with tokens)."""
    numbers = [b"%d" % number for number in range(_SMALL_NUMBERS)]
    made = [
        make(number, usedforsecurity=False).digest()[:_BYTES_OF_TOKEN] for make in _ALGORITHMS for number in numbers
    ]
    return frozenset(made)
