"""Printed figures as numbers: digits of three languages, per cent, intervals in brackets.

Belongs here: what a reader does with a text of any form before she compares it. Does not belong here: where the text
stands (`printed_tables.py`, `printed_texts.py`), or what was released (`released_cells.py`).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

_SIGNS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٪٬٫\u00a0\u202f", "01234567890123456789%,.  ")
_OF_DIRECTION = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069]")
NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_NUMBER = re.compile(rf"({NUMBER})\s?(%?)")
_BRACKET = re.compile(rf"\(\D*?({NUMBER})\s?(%?)(?:\D+?)({NUMBER})\s?(%?)\)")
_MARK = re.compile(r"\[\w+\]")


@dataclass(frozen=True)
class PrintedNumber:
    """A number as it stands in a form; a share in per cent is one of `places` decimals fewer than its value."""

    value: Decimal
    is_percent: bool = False

    @property
    def places(self) -> int:
        """The decimals that are printed."""
        exponent = self.value.as_tuple().exponent
        assert isinstance(exponent, int)
        return max(-exponent, 0)

    def __str__(self) -> str:
        return f"{self.value}{'%' if self.is_percent else ''}"


@dataclass(frozen=True)
class PrintedFigure:
    """What a cell prints: a number or none, and an interval or none."""

    number: PrintedNumber | None
    interval: tuple[PrintedNumber, PrintedNumber] | None = None

    def __str__(self) -> str:
        ends = f" ({self.interval[0]} to {self.interval[1]})" if self.interval else ""
        return f"{self.number if self.number else 'no number'}{ends}"


def plain(text: str) -> str:
    """Return a text with Latin digits and signs, and without the characters that only turn its direction."""
    return _OF_DIRECTION.sub("", unicodedata.normalize("NFKC", text)).translate(_SIGNS)


def numbers_in(text: str) -> list[PrintedNumber]:
    """Return the numbers of a text that `plain` made, in its order."""
    return [_read(number, sign) for number, sign in _NUMBER.findall(text)]


def figure_in(text: str) -> PrintedFigure:
    """Return the figure of a cell: the first number outside of brackets, and the two numbers within."""
    bracket = _BRACKET.search(plain(text))
    ends = (_read(bracket[1], bracket[2] or bracket[4]), _read(bracket[3], bracket[4])) if bracket else None
    outside = _MARK.sub("", _BRACKET.sub("", plain(text)))
    first = next(iter(numbers_in(outside)), None)
    return PrintedFigure(first, ends)


def roundings(value: Decimal, places: int) -> set[Decimal]:
    """Return to what a value may be rounded: of a half both sides, for what was rounded before may have been either."""
    unit = Decimal(1).scaleb(-places)
    if (value / unit) % 1 == Decimal("0.5"):
        return {value.quantize(unit, ROUND_FLOOR), value.quantize(unit, ROUND_CEILING)}
    return {value.quantize(unit, ROUND_HALF_UP)}


def _read(number: str, percent: str) -> PrintedNumber:
    return PrintedNumber(Decimal(number.replace(",", "")), bool(percent))
