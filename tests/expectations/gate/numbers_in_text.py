"""Figures in sentences: attacks 24 and 26, on narratives in any of the languages.

Belongs here: finding numbers, in digits and words, in a text, and which of them match no released figure.
Does not belong here: extracting texts from files (`expectations/gate/text_in_files.py`), how figures are printed
(`languages/numbers.py`).

A sentence is a fixed text of the catalogue with figures filled in. Numbers in the fixed texts are known and removed
first; every remaining number must be a released figure, a year, or a constant that the caller names.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Collection, Iterable
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

import pandas as pd

from expectations.cards.cells import COUNTED, REPORTS
from languages.digits import NUMBERS_TO_LATIN
from languages.words import Words

# Number words in which a narrative could hide a small count, dual forms of counted nouns included.
NUMBER_WORDS = {
    "en": {
        "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
        "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
        "eighteen": 18, "nineteen": 19, "twenty": 20, "dozen": 12, "both": 2, "pair": 2, "single": 1, "sole": 1,
    },
    "ar": {
        "واحد": 1, "واحدة": 1, "اثنان": 2, "اثنين": 2, "اثنتان": 2, "اثنتين": 2, "ثلاثة": 3, "ثلاث": 3, "أربعة": 4,
        "أربع": 4, "خمسة": 5, "خمس": 5, "ستة": 6, "ست": 6, "سبعة": 7, "سبع": 7, "ثمانية": 8, "ثمان": 8, "ثماني": 8,
        "تسعة": 9, "تسع": 9, "عشرة": 10, "عشر": 10, "عشرون": 20, "عشرين": 20, "ضحيتان": 2, "ضحيتين": 2, "شخصان": 2,
        "شخصين": 2, "حالتان": 2, "حالتين": 2, "طفلان": 2, "طفلين": 2, "امرأتان": 2, "امرأتين": 2, "رجلان": 2,
        "رجلين": 2,
    },
    "ckb": {
        "یەک": 1, "دوو": 2, "سێ": 3, "چوار": 4, "پێنج": 5, "شەش": 6, "حەوت": 7, "هەشت": 8, "نۆ": 9, "دە": 10,
        "یازدە": 11, "دوازدە": 12, "سێزدە": 13, "چواردە": 14, "پازدە": 15, "شازدە": 16, "حەڤدە": 17, "هەژدە": 18,
        "نۆزدە": 19, "بیست": 20,
    },
}  # fmt: skip
# A number that is not part of a code, a version, an address or a law (not `PRT-01`, `CC-BY-4.0` or `28/2012`).
# Arabic and Kurdish letters are attached to numbers, so they may adjoin one.
# In English the lower end of a range bears the percent sign of the upper one.
_NUMBER = re.compile(
    r"(?<![A-Za-z0-9_./\-])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?:( ?%|(?=–\d+(?:\.\d+)?%))|(?![A-Za-z0-9_/]|[.\-]\w))"
)
_WORD = re.compile(r"[^\W\d_]+")
_PLACEHOLDER = re.compile(r"\{\w+\}")
_MARKS = {"Cf", "Mn"}  # direction isolates and marks, vowel signs
_TO_READ = NUMBERS_TO_LATIN | {
    letter: None for letter in range(sys.maxunicode) if unicodedata.category(chr(letter)) in _MARKS
}


def normalise_text(text: str) -> str:
    """Return a text with Latin digits and separators, without direction marks and vowel signs."""
    return text.translate(_TO_READ)


def numbers_in(text: str) -> list[str]:
    """Return the numbers of a text in order, in Latin digits without separators: `1415`, `0.285`, `47%`.

    `66–69%` are two of them, `66%` and `69%`.

    Args:
        text: text of a public file, in any of the three languages.

    Returns:
        Each number as often as it occurs.
    """
    matches = _NUMBER.finditer(normalise_text(text))
    return [match[1].replace(",", "") + (match[2] or "") + ("" if match[3] is None else "%") for match in matches]


def number_words_in(text: str, tag: str) -> list[int]:
    """Return the values of the number words in a text, in order; Arabic words with an attached letter are recognised.

    Args:
        text: text of a public file.
        tag: its language: `ar`, `ckb` or `en`.

    Returns:
        Whole numbers, each as often as it occurs.
    """
    known = NUMBER_WORDS.get(tag, {})
    values: list[int] = []
    for word in _WORD.findall(normalise_text(text).lower()):
        forms = [word, *(word.removeprefix(letter) for letter in "وبلف" if tag == "ar")]
        values += [known[form] for form in dict.fromkeys(forms) if form in known][:1]
    return values


def released_figures(frames: Iterable[pd.DataFrame], units: Collection[str] | None = None) -> set[str]:
    """Return every form in which the figures of released cells and their years may be printed.

    Args:
        frames: released cells.
        units: only figures of these units; None: of all units, and the counts of agencies that reported.
    """
    figures: set[str] = set()
    for frame in frames:
        shown = frame[frame["obs_value"].notna() & (frame["unit_measure"].isin(units or []) | (units is None))]
        figures |= {str(year) for year in frame["time_period"]}
        figures |= {_format_short(value) for value in shown["obs_value"]}
        derived = shown.loc[~shown["measure"].isin(COUNTED)]
        limits = [name for name in ("obs_value", "lower", "upper") if name in derived.columns]
        for value in (number for name in limits for number in derived[name].dropna()):
            figures |= {_format_percent(value), _format_short(value), _format_two_decimals(value)}
        reports = set(REPORTS) & {str(name) for name in frame.columns if units is None}
        figures |= {_format_short(value) for column in reports for value in frame[column].dropna()}
    return figures


def unresolved_numbers(
    texts: Iterable[str], words: Words, allowed: set[str], sentences: Iterable[str] = ()
) -> list[str]:
    """Return the numbers, in digits or words, that match no released figure and no fixed text of the language.

    Args:
        texts: the sentences, one text each.
        words: the catalogue that the texts were written from.
        allowed: further allowed numbers, in the form of `numbers_in`.
        sentences: whole sentences whose numbers are known; the same numbers elsewhere are not.
    """
    known = sorted(map(normalise_text, sentences), key=len, reverse=True)
    fixed = [*known, *fixed_texts(words)]
    numbers: list[str] = []
    for text in dict.fromkeys(normalise_text(text) for text in texts):
        if set(numbers_in(text)) <= allowed and not number_words_in(text, words.tag):
            continue
        left = remove_texts(text, fixed)
        numbers += [number for number in numbers_in(left) if number not in allowed]
        numbers += [str(worth) for worth in number_words_in(left, words.tag) if str(worth) not in allowed]
    return numbers


@cache  # of a catalogue of thousands of texts, for each drawing of a report
def fixed_texts(words: Words) -> tuple[str, ...]:
    """Return the parts of the catalogue between placeholders that hold a number, longest first."""
    parts = {
        normalise_text(part).strip()
        for message in words.messages.values()
        for text in (*message.text, *(() if message.text else message.english))
        for part in _PLACEHOLDER.split(text)
    }
    telling = [part for part in parts if len(part) > 3 and (numbers_in(part) or number_words_in(part, words.tag))]
    return tuple(sorted(telling, key=lambda part: (-len(part), part)))


def remove_texts(text: str, parts: Iterable[str]) -> str:
    """Return a text without these parts; a part that begins or ends inside a number stays."""
    for part in parts:
        if part in text:
            before, after = (r"(?<!\d)" if part[0].isdigit() else ""), (r"(?!\d)" if part[-1].isdigit() else "")
            text = re.sub(before + re.escape(part) + after, " … ", text)
    return text


def _format_short(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def _format_two_decimals(value: float) -> str:
    return str(Decimal(repr(round(float(value), 10))).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


def _format_percent(value: float) -> str:
    rounded = Decimal(repr(round(float(value) * 100, 10))).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return f"{rounded}%"
