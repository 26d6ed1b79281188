"""Numbers as people and programs type them: which sign precedes decimals, which separates thousands.

Belongs here: the value of a text in figures, and what the other cells of its column prove about its signs.
Does not belong here: numbers in words (`number_words.py`), the meaning of a cell without a number (`cell_values.py`).

`12.000` is twelve thousand to one clerk and twelve to another. Such a text waits, unless its column proves its style.
`1,757` is read in Marsad's own style, with a comma between thousands, unless the column proves the other style. A
number with an exponent waits: programs write it where they have dropped digits.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

from ingestion.text.folding import ascii_digits, clean

DecimalSign = Literal["", ".", ",", "both"]
"""The decimal sign of a column: unknown, one of two, or both if its cells contradict each other."""

_SIGNS = re.compile("[.,٫٬،]")
_LETTERS = re.compile(r"[A-Za-z\u0621-\u064a\u0671-\u06d3 ]+")
"""Words only, which are never a number; matches nearly every text of a long file."""

_WHOLE = re.compile(r"[+-]?\d+")
_SPACED = re.compile(r"[+-]?[1-9]\d{0,2}(?:[\u00a0\u202f\u2007\u2009]\d{3})+(?:[.,]\d+)?")
_EITHER = re.compile(r"[+-]?[1-9]\d{0,2}([.,])\d{3}")


def _patterns(decimal: str, group: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the forms that only this decimal sign explains: with thousands separated, and with decimals alone."""
    grouped = rf"[+-]?[1-9]\d{{0,2}}(?:(?:{group}\d{{3}}){{2,}}(?:{decimal}\d+)?|{group}\d{{3}}{decimal}\d+)"
    plain = rf"[+-]?(?:\d+{decimal}(?:\d{{1,2}}|\d{{4,}})|(?:0\d*|\d{{4,}}){decimal}\d{{3}})"
    return re.compile(grouped), re.compile(plain)


_POINT_GROUPED, _POINT_PLAIN = _patterns(r"\.", ",")
_COMMA_GROUPED, _COMMA_PLAIN = _patterns(",", r"\.")


def parse_number(text: str) -> Decimal | None:
    """Return the number that a text states by itself, or None if it states none or is ambiguous."""
    return number_in(text, "")


def number_in(value: object, decimal_sign: DecimalSign) -> Decimal | None:
    """Return the number that a cell states, or None if it states none or is ambiguous.

    Args:
        value: the cell; a number cell is never in doubt, a truth value or a date is no number.
        decimal_sign: what its column proves, see `decimal_sign_of`.
    """
    if isinstance(value, bool | datetime.date) or value is None:
        return None
    if isinstance(value, int | float):
        return Decimal(str(value)) if math.isfinite(value) else None
    text = str(value)
    if _LETTERS.fullmatch(text):
        return None
    plain = _plain_text(text)
    if _WHOLE.fullmatch(plain):
        return Decimal(plain)
    if _POINT_GROUPED.fullmatch(plain) or _POINT_PLAIN.fullmatch(plain):
        return Decimal(plain.replace(",", ""))
    if _COMMA_GROUPED.fullmatch(plain) or (decimal_sign == "," and _COMMA_PLAIN.fullmatch(plain)):
        return _read_with_comma(plain)
    return _read_by_column(plain, decimal_sign) if _EITHER.fullmatch(plain) else None


def is_in_doubt(value: object, decimal_sign: DecimalSign) -> bool:
    """Return whether a cell can be read as two different numbers, and its column does not decide."""
    return decimal_sign in ("", "both") and isinstance(value, str) and bool(_EITHER.fullmatch(_plain_text(value)))


def states_number(text: str) -> bool:
    """Return whether a text is a number in figures, whatever its value."""
    return parse_number(text) is not None or is_in_doubt(text, "")


def decimal_sign_of(values: Iterable[object]) -> DecimalSign:
    """Return what the cells of a column prove about its decimal sign."""
    texts = {_plain_text(value) for value in values if isinstance(value, str) and _SIGNS.search(value)}
    has_point = any(_POINT_GROUPED.fullmatch(text) or _POINT_PLAIN.fullmatch(text) for text in texts)
    has_comma = any(_COMMA_GROUPED.fullmatch(text) or _COMMA_PLAIN.fullmatch(text) for text in texts)
    if has_point and has_comma:
        return "both"
    return "." if has_point else "," if has_comma else ""


def _plain_text(text: str) -> str:
    """Return a text in ASCII signs, without thin and no-break spaces between groups of three digits."""
    plain = ascii_digits(text).replace("،", ",").replace("\u2212", "-")
    spaced = plain.strip().strip("\u061c\u200e\u200f")
    return re.sub(r"[\u00a0\u202f\u2007\u2009]", "", spaced) if _SPACED.fullmatch(spaced) else clean(plain)


def _read_by_column(plain: str, decimal_sign: DecimalSign) -> Decimal | None:
    if decimal_sign == "both" or (not decimal_sign and "." in plain):
        return None
    return _read_with_comma(plain) if decimal_sign == "," else Decimal(plain.replace(",", ""))


def _read_with_comma(plain: str) -> Decimal:
    return Decimal(plain.replace(".", "").replace(",", "."))
