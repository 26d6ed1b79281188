"""Numbers in Arabic words, as they stand beside the figure in amounts of money: `(15,000,000) خمسة عشر مليون دينار`.

Belongs here: what such words are worth, and whether they say what the figure says.
Does not belong here: numbers in figures (`text.py`). A number in words alone is not read: one slip of a letter is
another number, and there is nothing to check it by.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from ingestion.text import ascii_digits, fold, parse_number

_WORDS = {
    1: "واحد واحدة", 2: "اثنان اثنين اثنا اثني اثنتان اثنتين اثنتا", 3: "ثلاثة ثلاث", 4: "أربعة أربع",
    5: "خمسة خمس", 6: "ستة ست", 7: "سبعة سبع", 8: "ثمانية ثمان ثماني", 9: "تسعة تسع", 10: "عشرة عشر",
    11: "أحد إحدى", 20: "عشرون عشرين", 30: "ثلاثون ثلاثين", 40: "أربعون أربعين", 50: "خمسون خمسين",
    60: "ستون ستين", 70: "سبعون سبعين", 80: "ثمانون ثمانين", 90: "تسعون تسعين", 100: "مئة مائة",
    200: "مئتان مئتين مائتان مائتين", 300: "ثلاثمئة ثلاثمائة", 400: "أربعمئة أربعمائة", 500: "خمسمئة خمسمائة",
    600: "ستمئة ستمائة", 700: "سبعمئة سبعمائة", 800: "ثمانمئة ثمانمائة", 900: "تسعمئة تسعمائة",
}  # fmt: skip
_SCALES = {
    1_000: "ألف آلاف ألفا", 1_000_000: "مليون ملايين مليونا", 1_000_000_000: "مليار مليارات مليارا",
}  # fmt: skip
_TWO_OF = {1_000: "ألفان ألفين", 1_000_000: "مليونان مليونين", 1_000_000_000: "ملياران مليارين"}
_UNSAID = "دينار دينارا دنانير عراقي عراقيا فقط لا غير مبلغ قدره"
_FIGURE_FIRST = re.compile(r"[(\[]?([\d.,٫٬\s-]+)[)\]]?\s*[-–:]?\s*([^\d]+)")


class InWords(NamedTuple):
    """A figure with its words: the figure, or None where it is none, and what the words say."""

    figure: Decimal | None
    words: int


def figure_with_words(text: str) -> InWords | None:
    """Return the figure and the words of a cell that holds both, or None."""
    found = _FIGURE_FIRST.fullmatch(ascii_digits(text).strip())
    words = words_value(found[2]) if found else None
    return InWords(parse_number(found[1].strip()), words) if found and words is not None else None


def words_value(text: str) -> int | None:
    """Return what Arabic number words are worth, or None where a word is no part of a number."""
    total = group = 0
    said = False
    for word in fold(text).split():
        if word in _unsaid():
            continue
        value, scale, is_two = _worth(word)
        if value is None and scale is None:
            return None
        said = True
        if value is not None:
            group += value if value != 11 else 1
        elif scale is not None:
            total += scale * (2 if is_two else group or 1)
            group = 0
    return total + group if said else None


@cache
def _unsaid() -> frozenset[str]:
    return frozenset(fold(word) for word in _UNSAID.split())


@cache
def _table() -> dict[str, tuple[int | None, int | None, bool]]:
    table: dict[str, tuple[int | None, int | None, bool]] = {}
    for value, words in _WORDS.items():
        table |= {fold(word): (value, None, False) for word in words.split()}
    for scale, words in _SCALES.items():
        table |= {fold(word): (None, scale, False) for word in words.split()}
    for scale, words in _TWO_OF.items():
        table |= {fold(word): (None, scale, True) for word in words.split()}
    return table


def _worth(word: str) -> tuple[int | None, int | None, bool]:
    """Return the worth of a word, also with the `and` that is written onto it."""
    table = _table()
    return table.get(word) or table.get(word.removeprefix("و")) or (None, None, False)
