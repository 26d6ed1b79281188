"""Dates as readers of a language write them.

Belongs here: years and months in words. Month names are in the catalogues (`month.1` … `month.12`):
Iraq writes كانون الثاني where Babel's `ar` writes يناير, and Babel's Sorani spells one month in two ways.
Does not belong here: reading dates in senders' files (`ingestion`).
"""

from __future__ import annotations

import datetime
import re

from languages.numbers import digits
from languages.words import Words

_ISO_DAY = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)(?P<time>(?:[ T]\d\d:\d\d)?)")


def year(words: Words, value: str | int) -> str:
    """Return a year in the language's digits, without a thousands separator; also for other period texts."""
    return digits(str(value), words.numerals)


def month(words: Words, value: int) -> str:
    """Return the name of a month, 1 to 12."""
    return words.text(f"month.{value}")


def day(words: Words, iso: str) -> str:
    """Return a day, given in ISO 8601, with its month in words: 3 March 2025 in each language's own order."""
    date = datetime.date.fromisoformat(iso)
    return f"{digits(str(date.day), words.numerals)} {month(words, date.month)} {year(words, date.year)}"


def written(words: Words, text: str) -> str:
    """Return a text; one that is a day in ISO 8601, with or without a time, as the language writes days."""
    if not (match := _ISO_DAY.fullmatch(text)):
        return text
    try:
        return day(words, match["day"]) + digits(match["time"].replace("T", " "), words.numerals)
    except ValueError:  # it only looks like a day
        return text
