"""Numbers as readers of a language write them.

Belongs here: digits, separators, percent and sign. Babel keeps Latin digits in Arabic and Sorani; this does not.
Does not belong here: codes, versions, hashes and machine-readable files, which keep Latin digits.

Both Arabic and Sorani use the digits ٠-٩ (U+0660 and on), never the Persian set, `٬` between thousands, `٫` before
decimals and `٪` at the end (CLDR, locales ar and ckb). A sign is preceded by the Arabic letter mark, so that it stays
on the right of its number in a right-to-left line.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from languages.digits import NUMBERS_TO_ARABIC, TO_ARABIC

Numerals = Literal["arab", "latn"]

_LETTER_MARK = "\u061c"
_MINUS = "\u2212"


def number(value: float, numerals: Numerals, *, decimals: int = 0) -> str:
    """Return `value` with thousands separators.

    Args:
        value: the number; halves round away from zero, as readers do.
        numerals: `arab` for ٠١٢, `latn` for 012.
        decimals: digits after the decimal sign, always all of them.
    """
    return _write_number(value, numerals, decimals, "")


def percent(share: float, numerals: Numerals, *, decimals: int = 0) -> str:
    """Return a share (0 to 1) as a percentage; the per cent sign follows the number in every language here."""
    return _write_number(share * 100, numerals, decimals, "%")


def as_printed(value: float, decimals: int = 0) -> float:
    """Return `value` rounded as `number` prints it: from the digits that a reader sees, halves away from zero."""
    return float(_rounded(value, decimals))


def digits(text: str, numerals: Numerals) -> str:
    """Return `text` with only its digits changed: for years and dates, which have no separators."""
    return text.translate(TO_ARABIC) if numerals == "arab" else text


def _write_number(value: float, numerals: Numerals, decimals: int, ending: str) -> str:
    rounded = _rounded(value, decimals)
    sign = _MINUS if rounded < 0 else ""
    text = f"{sign}{abs(rounded):,f}{ending}"
    if numerals == "latn":
        return text
    return (_LETTER_MARK if sign else "") + text.translate(NUMBERS_TO_ARABIC)


def _rounded(value: float, decimals: int) -> Decimal:
    # repr first: Decimal(0.285) is 0.28499…, which would round differently from the 0.285 that a reader sees
    return Decimal(repr(round(value, 10))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
