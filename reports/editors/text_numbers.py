"""Numbers in what people wrote: in the digits of any script, and in words of the three languages.

Belongs here: finding them, and which of them count nothing by themselves: a year, a day, the number of a law or a
code. Does not belong here: which figures a place prints, and what follows from a number that it does not
(`prose.py`, `checklist.py`).

A dual is a number in Arabic: it is known of the nouns that reports count (`ضحيتان`). Whoever writes `a girl` states a
number too, which no list finds: therefore those who sign read every sentence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from ingestion.text.folding import fold
from ingestion.text.number_words import small_number, words_value
from languages.digits import NUMBERS_TO_LATIN
from languages.words import Words

_YEARS_OF_LAWS = range(1900, 2101)
_LETTERS_TO_THE_YEAR = 12
"""Between the number of a law and its year: `Law No. 28 of 2012`."""
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?(?:\s?%)?")
_WORD = re.compile(r"[^\W\d_]+")
_ROMAN = re.compile(r"\b[IVX]{2,}\b")
_JOINER = "\u200c"
_CODE = re.compile(r"(?:^|\W)(?:[A-Z]{3}-|D|\d{4}-(?:\d\d-)?|\d+/)$")
"""What stands before the number of an indicator, of a demand, in a day of ISO, and the year of a law: `28/2012`."""
_AFTER_CODE = re.compile(r"(?:/(?:19|20)\d\d\b|-\d\d-\d\d\b|Ps\b|(?:st|nd|rd|th)\b)")
_ONTO = re.compile("^[وف]?[بكل]?(?:ال|(?<=ل)ل)?")
"""What Arabic writes onto a word: and, by, for, the."""
_OTHER_WORDS = {
    "couple": 2, "pair": 2, "both": 2, "twins": 2, "dozen": 12, "dozens": 12, "single": 1, "sole": 1, "hundreds": 100,
    "thousand": 1_000, "thousands": 1_000, "million": 1_000_000, "سێ": 3, "سی": 30, "هەزار": 1_000, "ملیۆن": 1_000_000,
    "سێیان": 3, "دووان": 2, "هەردوو": 2, "هەرسێ": 3,
}  # fmt: skip
_DUALS = (
    "فتاة ضحية امرأة طفل طفلة رجل شخص بنت قاصر قاصرة متهم متهمة حالة قضية مشتبه ناجية شاب شابة عامل عاملة أخت حكم شكوى"
)
_PRONOUN_AFTER = re.compile(r"(?:^|\s)(?:no|each|every|any|one by|كل|آن)\s$", re.IGNORECASE)
_PRONOUN_BEFORE = re.compile(
    r"['\u2019]s\b|\sanother\b|\sby one\b|\s(?:cannot|can|must|should|ought)\b(?!\s(?:not\s)?(?:have|be)\b)",
    re.IGNORECASE,
)
"""`no one`, `each one`, `one another`, `one must ask`; `one of the girls`, `one may have died` and `the one` count."""
_NAMED_AFTER = re.compile(r"\s(?:ال|عشر)")
"""What follows Arabic's `أحد` where it counts: eleven, or one of those who are named; else it is anybody, or Sunday."""
_NO_NUMBERS = {"سفر", "جل"}
"""Sorani's zero is a journey in Arabic, and its forty, with the letter of an Arabic keyboard, is clothes."""


class TextNumber(NamedTuple):
    """A number in a text: in Latin digits, its value, whether it is a percentage, where it begins in the read text."""

    written: str
    value: float
    is_percent: bool
    at: int


def readable(text: str) -> str:
    """Return a text as numbers are read in it: Latin digits and separators, no vowel sign, nothing unseen."""
    return "".join(map(_readable_letter, text))


def as_typed(text: str, number: TextNumber) -> str:
    """Return a number as it stands in the text in which it was read."""
    places = [place for place, letter in enumerate(text) for _ in _readable_letter(letter)]
    return text[places[number.at] : places[number.at + len(number.written) - 1] + 1]


@cache
def _readable_letter(letter: str) -> str:
    if unicodedata.category(letter) in ("Cf", "Mn"):
        return letter if letter == _JOINER else ""
    plain = unicodedata.normalize("NFKC", letter).translate(NUMBERS_TO_LATIN)
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in plain)


@lru_cache(maxsize=4096)
def numbers_in(text: str) -> tuple[TextNumber, ...]:
    """Return the numbers of a text that `readable` returned, in digits first, then those in words and other signs."""
    figures = [_of_digits(match) for match in _NUMBER.finditer(text)]
    words = [
        TextNumber(match[0], value, False, match.start())
        for match in _WORD.finditer(text)
        if (value := _value_of(match[0])) is not None
    ]
    signs = [
        TextNumber(letter, unicodedata.numeric(letter), False, at)
        for at, letter in enumerate(text)
        if letter.isnumeric() and not letter.isdecimal()
    ]
    roman = [TextNumber(match[0], -1, False, match.start()) for match in _ROMAN.finditer(text)]
    return (*figures, *words, *signs, *roman)


def counting_numbers_in(text: str, years: Collection[int], words: Words) -> Iterator[TextNumber]:
    """Yield the numbers of a text that `readable` returned but years, days, articles and codes.

    Args:
        text: of one sentence.
        years: that count as such wherever they stand; the year of a law follows its number.
        words: of the language: names of months, and the words that precede a number which is not a count.
    """
    named = [readable(word).casefold() for word in words.text("edition.prose.before").split("|") if word]
    months = [readable(words.text(f"month.{month}")) for month in range(1, 13)]
    end_of_law = -_LETTERS_TO_THE_YEAR
    for number in numbers_in(text):
        left, right = text[: number.at], text[number.at + len(number.written) :]
        if number.written[0].isdigit() and _is_named(left, named):
            end_of_law = number.at + len(number.written)
            continue
        is_of_law = number.value in _YEARS_OF_LAWS and 0 <= number.at - end_of_law <= _LETTERS_TO_THE_YEAR
        if not (is_of_law or _counts_nothing(number, left, right, years, months)):
            yield number


def _counts_nothing(number: TextNumber, left: str, right: str, years: Collection[int], months: Sequence[str]) -> bool:
    if number.value == 1 and number.written.isalpha():
        return _is_pronoun(number.written, left, right)
    if number.is_percent or not number.written.isdecimal():
        return False
    is_year = len(number.written) == len(str(max(years, default=0))) and number.value in years
    is_day = 1 <= number.value <= 31 and _is_before_month(right, months)
    return is_year or is_day or bool(_CODE.search(left)) or bool(_AFTER_CODE.match(right))


def _is_pronoun(word: str, left: str, right: str) -> bool:
    """Return whether a word for one counts nobody."""
    if fold(word).endswith(fold("أحد")):
        return word.startswith("ال") or not _NAMED_AFTER.match(right)
    return bool(_PRONOUN_AFTER.search(left) or _PRONOUN_BEFORE.match(right))


def _is_named(left: str, named: Sequence[str]) -> bool:
    """Return whether a word like `Article` stands before a number, as a word of its own."""
    before = left.rstrip().casefold()
    return any(before.endswith(word) and not before[: -len(word)][-1:].isalpha() for word in named)


def _is_before_month(right: str, months: Sequence[str]) -> bool:
    """Return whether the name of a month follows; Sorani writes `ی` after the day and onto the month."""
    after = right.removeprefix("ی").lstrip()
    return any(after.startswith(month) and not after[len(month) + 1 :][:1].isalpha() for month in months)


def _of_digits(match: re.Match[str]) -> TextNumber:
    written = match[0].strip()
    return TextNumber(written, float(written.rstrip("% ").replace(",", "")), written.endswith("%"), match.start())


@lru_cache(maxsize=16384)
def _value_of(word: str) -> float | None:
    """Return the value of one word; None for a word that is no number."""
    own = word.casefold()
    if own in _OTHER_WORDS:
        return _OTHER_WORDS[own]
    folded = fold(word)
    for form in dict.fromkeys((folded, _ONTO.sub("", folded))):
        if form in _NO_NUMBERS:
            continue
        value = small_number(form)
        if value is None:
            value = _duals().get(form, words_value(form))
        if value is not None:
            return value
    return None


@cache
def _duals() -> dict[str, int]:
    """Return the duals of the nouns that reports count, in both cases."""
    stems = [noun.removesuffix("ة") + "ت" if noun.endswith("ة") else noun for noun in _DUALS.split()]
    stems = [stem.removesuffix("ى") + "ي" if stem.endswith("ى") else stem for stem in stems]
    return {fold(f"{stem}{end}"): 2 for stem in stems for end in ("ان", "ين")}
