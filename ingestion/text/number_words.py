"""Numbers in words: in Arabic amounts next to the figure (`(15,000,000) خمسة عشر مليون`), in counts and ages.

Belongs here: the value of such words, and whether they agree with the figure.
Does not belong here: numbers in figures (`folding.py`). Words alone are read up to a hundred, in Arabic, Sorani and
English, and only if spelt right: a near match is no number. A greater number is an amount, which cannot be checked
without its figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from ingestion.text.folding import ascii_digits, fold
from ingestion.text.typed_numbers import parse_number

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


# Sorani: سێ (3) and سی (30) are one word where keyboards mix their letters, so neither is read.
_SORANI = (
    "سفر یەک دوو سێ چوار پێنج شەش حەوت هەشت نۆ دە یازدە دوازدە سێزدە چواردە پازدە شازدە حەڤدە هەژدە نۆزدە",
    "بیست سی چل پەنجا شەست حەفتا هەشتا نەوەد", "سەد",
)  # fmt: skip
_ENGLISH = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen", "twenty thirty forty fifty sixty seventy eighty ninety", "hundred",
)  # fmt: skip
_MOST_WORDS = 4  # of a number up to a hundred: خمسة و عشرون
_AND = re.compile(r" (?:و|and) ?(?=\S)|-")


class InWords(NamedTuple):
    """A figure with its words: the figure, or None if it is none, and the value of the words."""

    figure: Decimal | None
    words: int


def figure_with_words(text: str) -> InWords | None:
    """Return the figure and the words of a cell that holds both, or None."""
    match = _FIGURE_FIRST.fullmatch(ascii_digits(text).strip())
    words = words_value(match[2]) if match else None
    return InWords(parse_number(match[1].strip()), words) if match and words is not None else None


def words_value(text: str) -> int | None:
    """Return the value of Arabic number words, or None if a word is no part of a number."""
    total = group = 0
    has_number = False
    for word in fold(text).split():
        if word in _unsaid_words():
            continue
        value, scale, is_two = _value_of_word(word)
        if value is None and scale is None:
            return None
        has_number = True
        if value is not None:
            group += value if value != 11 else 1
        elif scale is not None:
            total += scale * (2 if is_two else group or 1)
            group = 0
    return total + group if has_number else None


def small_number(text: str) -> int | None:
    """Return the number from 0 to 100 that a text states in words, or None."""
    return _small_numbers().get(_AND.sub(" و", fold(text)).replace(" و ", " و"))


def replace_number_words(text: str) -> str:
    """Return the folded text with each number in words replaced by a figure: `17 سنه و 3 اشهر`."""
    words = fold(text).split()
    written: list[str] = []
    while words:
        for length in range(min(_MOST_WORDS, len(words)), 0, -1):
            number = small_number(" ".join(words[:length]))
            if number is not None:
                break
        else:
            number, length = None, 1
        written.append(words[0] if number is None else str(number))
        del words[:length]
    return " ".join(written)


@cache
def _small_numbers() -> dict[str, int]:
    """Return each way to write 0 to 100 in words, folded, with `and` attached to the following word."""
    numbers_of: dict[str, set[int]] = {}
    for number, phrase in (*_arabic_numbers(), *_spell_numbers(*_SORANI), *_spell_numbers(*_ENGLISH)):
        numbers_of.setdefault(_AND.sub(" و", fold(phrase)), set()).add(number)
    return {phrase: numbers.pop() for phrase, numbers in numbers_of.items() if len(numbers) == 1}


def _arabic_numbers() -> Iterator[tuple[int, str]]:
    units = {value: words.split() for value, words in _WORDS.items() if value < 10}
    yield 0, "صفر"
    yield from (
        (value, word) for value, words in _WORDS.items() for word in words.split() if value <= 100 and value != 11
    )
    for value, words in (*units.items(), (1, _WORDS[11].split())):
        for word in words:
            yield from ((10 + value, f"{word} {ten}") for ten in ("عشر", "عشرة"))
            for tens in range(20, 100, 10):
                yield from ((tens + value, f"{word} و{ten}") for ten in _WORDS[tens].split())


def _spell_numbers(low: str, tens: str, hundred: str) -> Iterator[tuple[int, str]]:
    units = low.split()
    yield from enumerate(units)
    yield 100, hundred
    for place, ten in enumerate(tens.split(), start=2):
        yield place * 10, ten
        for unit in range(1, 10):
            yield place * 10 + unit, f"{ten} و{units[unit]}"
            yield place * 10 + unit, f"{ten} {units[unit]}"


@cache
def _unsaid_words() -> frozenset[str]:
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


def _value_of_word(word: str) -> tuple[int | None, int | None, bool]:
    """Return the value of a word, also with a prefixed `and`."""
    table = _table()
    return table.get(word) or table.get(word.removeprefix("و")) or (None, None, False)
