"""Whether a share meets its standard, for every true figure that rounding allows.

Belongs here: the verdict, alone. A range that crosses one border has both words; one that crosses both says nothing.
Does not belong here: which figure is judged (`found_answers.py`), words.

A share below 0 or above 1 does not exist, and no standard is 0 or 100 percent: so no rounded count is ever judged by
whether it is all or none.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from expectations.cards.adopted_standards import AdoptedStandard
from reports.phrases.figure_words import Count, Share

Verdict = Literal["met", "partly_met", "not_met"]
BETTER: tuple[Verdict, ...] = ("not_met", "partly_met", "met")
"""From worse to better."""


def judge(figure: Share | Count, standard: AdoptedStandard, *, is_lower_better: bool = False) -> tuple[Verdict, ...]:
    """Return the verdicts that the range of a figure allows, the worse one first; empty if all three are possible.

    Empty also where a standard in percent meets a count alone, or the reverse.

    Args:
        figure: printed counts and how far they may be off.
        standard: its numbers are percent of the whole (where lower is better, of the rest of it), or a count.
        is_lower_better: as for those who are charged.
    """
    if isinstance(figure, Share) != (standard.unit == "percent"):
        return ()
    if isinstance(figure, Share):
        lowest, highest = figure.lowest * 100, figure.highest * 100
        if is_lower_better:
            lowest, highest = 100 - highest, 100 - lowest
    else:
        lowest, highest = Fraction(max(0, figure.value - figure.error)), Fraction(figure.value + figure.error)
    first, last = (BETTER.index(_verdict(value, standard)) for value in (lowest, highest))
    return BETTER[first : last + 1] if last - first < len(BETTER) - 1 else ()


def _verdict(value: Fraction, standard: AdoptedStandard) -> Verdict:
    if value >= Fraction(str(standard.met_from)):
        return "met"
    return "not_met" if value < Fraction(str(standard.not_met_below)) else "partly_met"
