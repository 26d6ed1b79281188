"""The wording of a trend: its word, its years, its yearly change, and the sentence beside an indicator.

Belongs here: turning a trend into text through the catalogue. Does not belong here: finding it
(`reports/analysis/comparable_trends.py`), texts themselves (`languages/en.yml`, keys `trend.…` and `page.trend.…`).
"""

from __future__ import annotations

from math import ceil, floor

from languages import dates
from languages.numbers import percent
from languages.words import Words
from methods.trends import YearlyTrend
from reports.phrases import wording

_STEPS = 1000  # a change is printed in tenths of a per cent, its limits rounded outwards


def word(trend: YearlyTrend, words: Words) -> str:
    """Return `rising`, `falling` or `no reliable trend`."""
    return words.text(f"trend.{trend.word}")


def years(trend: YearlyTrend, words: Words) -> str:
    """Return the first and the last of its years."""
    first, last = (dates.year(words, str(year)) for year in (trend.years[0], trend.years[-1]))
    return words.text("page.demand.between", low=first, high=last)


def change(trend: YearlyTrend, words: Words) -> str:
    """Return the interval of the yearly change, unsigned: the word gives the direction; empty without a word."""
    if trend.reason or trend.lower is None or trend.upper is None:
        return ""
    ends = sorted(abs(limit - 1) for limit in (trend.lower, trend.upper))
    low, high = floor(ends[0] * _STEPS) / _STEPS, ceil(ends[1] * _STEPS) / _STEPS
    percentages = {name: percent(value, words.numerals, decimals=1) for name, value in (("low", low), ("high", high))}
    return words.text("page.demand.between", **percentages)


def sentence(trend: YearlyTrend, area: str, words: Words) -> str:
    """Return the sentence on a trend: the word with its years and change, or why there is none."""
    place = wording.area(area, words)
    if trend.reason:
        return words.text("page.trend.none", area=place, reason=words.text(f"trend.reason.{trend.reason}"))
    arguments = {"years": years(trend, words), "change": change(trend, words)}
    return words.text(f"page.trend.{trend.word}", area=place, **arguments)
