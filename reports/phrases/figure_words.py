"""A figure as people say it: the counts first, then the share, no surer than rounding allows.

Belongs here: one count or one part of a whole in words, for every sentence of report, pages, slides and cards.
Does not belong here: which figure answers a question, the noun of its base (both are passed in), the range of a
protected cell (`reports/analysis/true_ranges.py`).

How much is said depends on the width of the range that rounding leaves for the share. Up to six percentage points:
counts, percent and the range once, with a fraction that is near. Up to fifteen: counts and a fraction. Beyond: the
counts alone. A rounded count is never *all* or *none*: another person may always stand behind it. A fraction is said if
it lies within two points of the share and is off by no more than a tenth of itself (one in twenty is no word for 6.5%).
Exact counts out of ten or fewer have no fraction: *4 of 5* is one already, and *4 of 5 (80%), four in five* repeats it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from languages.numbers import number, percent
from languages.words import Words

NARROW, MEDIUM = Fraction(6, 100), Fraction(15, 100)
"""The widest ranges of a share that is said with its percent, and with a fraction."""
FRACTIONS = {
    "one_in_twenty": Fraction(1, 20),
    "one_in_ten": Fraction(1, 10),
    "one_in_five": Fraction(1, 5),
    "one_in_four": Fraction(1, 4),
    "one_in_three": Fraction(1, 3),
    "two_in_five": Fraction(2, 5),
    "half": Fraction(1, 2),
    "three_in_five": Fraction(3, 5),
    "two_in_three": Fraction(2, 3),
    "three_in_four": Fraction(3, 4),
    "four_in_five": Fraction(4, 5),
    "nine_in_ten": Fraction(9, 10),
}
_NEAR, _OWN_TENTH = Fraction(2, 100), Fraction(1, 10)
_FEW = 10
"""The largest whole whose exact counts say a fraction themselves: all fractions but one in twenty are out of as few."""


@dataclass(frozen=True)
class Count:
    """A released count, and how far the true one may lie from it: 0 for an exact one."""

    value: int
    error: int = 0

    @property
    def is_exact(self) -> bool:
        """Whether the printed count is the true one."""
        return not self.error


@dataclass(frozen=True)
class Share:
    """A part of a whole that is not zero."""

    part: Count
    whole: Count

    @property
    def printed(self) -> Fraction:
        """The share of the printed counts, 0 to 1."""
        return Fraction(self.part.value, self.whole.value)

    @property
    def lowest(self) -> Fraction:
        """The least true share."""
        return Fraction(max(0, self.part.value - self.part.error), self.whole.value + self.whole.error)

    @property
    def highest(self) -> Fraction:
        """The greatest true share; 1 where the whole may be no more than its error."""
        least = self.whole.value - self.whole.error
        return min(Fraction(1), Fraction(self.part.value + self.part.error, least)) if least > 0 else Fraction(1)

    @property
    def width(self) -> Fraction:
        """The width of the range that rounding leaves."""
        return self.highest - self.lowest

    @property
    def is_exact(self) -> bool:
        """Whether neither count was rounded."""
        return self.part.is_exact and self.whole.is_exact


def count_words(count: Count, words: Words) -> str:
    """Return a count: `155`, `about 155`; `0 to 4` where a small one was rounded to zero."""
    if not count.value:
        return words.text("figure.low", most=count.error) if count.error else words.text("figure.zero")
    figure = number(count.value, words.numerals)
    return figure if count.is_exact else words.text("figure.about", figure=figure)


def share_words(
    share: Share,
    words: Words,
    clause: Callable[[str], str] = str,
    *,
    with_range: bool = True,
    is_judged: bool = False,
) -> str:
    """Return a share: its counts, and as much more as rounding allows.

    Args:
        share: the part of a whole.
        words: of the language.
        clause: what the counts stand in: `Of the victims who asked, about 155 of about 240 were admitted`.
        with_range: whether the range by rounding stands in brackets; without it where a page says once how far rounding
            may move its figures (`rounding_bound`).
        is_judged: whether a verdict follows, beside which `too few for a share` reads as its contradiction.
    """
    of = words.text("figure.of", part=count_words(share.part, words), whole=count_words(share.whole, words))
    if share.is_exact and share.part.value in (0, share.whole.value):
        return clause(_whole_or_none(share, of, words))
    counts = clause(of)
    if not share.part.value and share.part.is_exact:
        return counts
    if share.width > MEDIUM:
        return counts if is_judged else words.text("figure.too_few", counts=counts)
    if share.width > NARROW:
        return _with_fraction(share, counts, share.printed, words)
    return _narrow(share, counts, words, clause, with_range=with_range)


def says_percent(share: Share) -> bool:
    """Return whether `share_words` says a share with its percent."""
    is_all_or_none = share.part.value in (0, share.whole.value)
    return share.width <= NARROW and not is_all_or_none and _hundredths(share.printed) not in (0, 100)


def rounding_bound(share: Share) -> int:
    """Return how many percentage points the printed percent may lie from the true share at most, rounded up."""
    printed = Fraction(_hundredths(share.printed), 100)
    return math.ceil(max(printed - share.lowest, share.highest - printed) * 100)


def _whole_or_none(share: Share, counts: str, words: Words) -> str:
    """Return an exact all or none; of one or two persons English says the counts."""
    whole = count_words(share.whole, words)
    if not share.part.value:
        return words.text("figure.none", whole=whole)
    return words.text("figure.all" if share.whole.value > 2 else "figure.all_of_two", counts=counts, whole=whole)


def _narrow(share: Share, counts: str, words: Words, clause: Callable[[str], str], *, with_range: bool) -> str:
    shown = _hundredths(share.printed)
    limits = _limits(share, words) if with_range else ""
    if share.part.value in (0, share.whole.value):
        key = "figure.most" if share.part.value else "figure.few"
        text = clause(words.text(key, whole=count_words(share.whole, words)))
        return words.text("figure.bracket", counts=text, inside=limits) if limits else text
    if shown in (0, 100):
        text = words.text("figure.bracket", counts=counts, inside=limits) if limits else counts
        key = "figure.hardly_any" if not shown else "figure.nearly_all" if share.is_exact else "figure.all_or_nearly"
        return words.text(key, counts=text)
    inside = percent(shown / 100, words.numerals)
    if limits:
        inside = words.text("figure.percent_range", percent=inside, range=limits)
    text = words.text("figure.bracket", counts=counts, inside=inside)
    return _with_fraction(share, text, Fraction(shown, 100), words)


def _with_fraction(share: Share, counts: str, value: Fraction, words: Words) -> str:
    """Return counts with the fraction that is near a value, or with what a rounded all or none allows."""
    if share.part.value == share.whole.value:
        return words.text("figure.all_or_nearly", counts=counts)
    if not share.part.value:
        return words.text("figure.hardly_any_if", counts=counts)
    name = near_fraction(value)
    if not name or (share.is_exact and share.whole.value <= _FEW):
        return counts
    if share.is_exact and share.printed == FRACTIONS[name]:
        exactly = f"figure.exactly.{name}"  # another case of the noun, in Arabic
        said = words.text(exactly if exactly in words else f"figure.fraction.{name}")
        return words.text("figure.with_fraction", counts=counts, fraction=said)
    about = words.text("figure.about", figure=words.text(f"figure.fraction.{name}"))
    return words.text("figure.with_fraction", counts=counts, fraction=about)


def near_fraction(share: Fraction) -> str:
    """Return the fraction that people say for a share; empty if none is near enough."""
    distances = {name: abs(share - value) for name, value in FRACTIONS.items()}
    name = min(distances, key=lambda one: distances[one])
    return name if distances[name] <= min(_NEAR, _OWN_TENTH * FRACTIONS[name]) else ""


def _limits(share: Share, words: Words) -> str:
    """Return the range by rounding; empty where both ends print the same."""
    low, high = _hundredths(share.lowest), _hundredths(share.highest)
    if low == high:
        return ""
    ends = {"low": number(low, words.numerals), "high": number(high, words.numerals)}
    return words.text("figure.range", **ends)


def _hundredths(share: Fraction) -> int:
    """Return a share in whole percent, halves up."""
    return int(share * 100 + Fraction(1, 2))
