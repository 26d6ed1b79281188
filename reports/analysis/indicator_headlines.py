"""The one figure that stands for an indicator, and its name: the answer of the indicator's first question.

Belongs here: the categories of that figure, and what its measure is called. A question that is answered by a whole
indicator comes before one that is answered by a category. Where no question asks, the indicator's total stands.
Does not belong here: the figure itself, whether it moved (`reports/answers/figure_directions.py`), trends
(`comparable_trends.py`).

No headline adds up categories that overlap or that together make the whole: such a sum is always 100 %.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import pandas as pd

from expectations.cards.cells import DIMENSIONS, TOTAL
from languages.words import Words
from reports.phrases import wording
from reports.questions.answer_card import AnswerCard, answer_cards

_SHARE = "SHARE"


@dataclass(frozen=True)
class IndicatorHeadline:
    """The figure that stands for an indicator.

    Attributes:
        question: the key of its question card; empty if there is none.
        at: the categories of the figure.
        is_part: whether the question is answered by a part of a whole.
    """

    question: str = ""
    at: Mapping[str, str] = field(default_factory=dict[str, str])
    is_part: bool = False

    @property
    def codes(self) -> tuple[str, ...]:
        """Its code in each dimension, in the order of `DIMENSIONS`."""
        return tuple(self.at.get(dimension, TOTAL) for dimension in DIMENSIONS)


def headline_of(indicator: str) -> IndicatorHeadline:
    """Return the headline of an indicator."""
    return _headlines().get(indicator, IndicatorHeadline())


def own_categories(indicator: str, operand: str) -> Mapping[str, str] | None:
    """Return the categories of a count behind a headline; None for a count of another indicator, which has its own."""
    return headline_of(indicator).at if operand.partition("/")[0] == indicator else None


def is_headline(rows: pd.DataFrame) -> pd.Series:
    """Return which released rows stand at the categories of their indicator's headline."""
    codes = {indicator: dict(zip(DIMENSIONS, headline_of(indicator).codes, strict=True)) for indicator in
             rows["indicator"].unique()}  # fmt: skip
    matching = pd.Series(True, index=rows.index)
    for dimension in DIMENSIONS:
        matching &= rows[dimension] == rows["indicator"].map({code: at[dimension] for code, at in codes.items()})
    return matching


def measure_name(indicator: str, measure: str, words: Words) -> str:
    """Return what the headline shows: its category, or else the name of the measure.

    Args:
        indicator: its code.
        measure: the indicator's main measure.
        words: of the language.
    """
    at = headline_of(indicator).at
    if at:
        return wording.list_texts((words.label(dimension, code) for dimension, code in at.items()), words)
    return wording.measure(indicator, measure, words)


def headline_name(indicator: str, measure: str, words: Words) -> str:
    """Return the title of an indicator and the name of its figure; of a share of all, the question that it answers.

    A ratio is no answer to a question: what it is a ratio of stands beside it.
    """
    headline = headline_of(indicator)
    if headline.is_part and not headline.at and measure == _SHARE:
        return words.text(f"answer.{headline.question}.question")
    name = measure_name(indicator, measure, words)
    return words.text("edition.measured", indicator=wording.title(indicator, words), measure=name)


@cache
def _headlines() -> Mapping[str, IndicatorHeadline]:
    cards = sorted(answer_cards().items(), key=lambda pair: not _is_of_all(pair[1]))
    headlines: dict[str, IndicatorHeadline] = {}
    for key, card in cards:
        if card.answer.indicator:
            headlines.setdefault(
                card.answer.indicator, IndicatorHeadline(key, card.answer.at, is_part=bool(card.answer.part))
            )
    return headlines


def _is_of_all(card: AnswerCard) -> bool:
    return card.has_total and not card.answer.at
