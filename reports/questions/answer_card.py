"""Cards of questions: what is asked, which figure answers, by which source it is judged, and whose duty it is.

Belongs here: the schema of `cards/*.yml` and reading them. Words stand in the catalogues under `answer.<key>.…`
(`question`, `ordered`, `told`; `zero` and `single` for an exact 0 and 1 that people say otherwise).
Does not belong here: the standard's numbers and its day, which the task force adopts and the release carries
(`expectations/cards/adopted_standards.py`); what a release answers (`reports/answers`); questionnaires of treaties
(`question_card.py`).

An article that defines crimes, and one whose text was not read (docs/reference/law.md), gets figures and no verdict.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from expectations.cards.cells import DIMENSIONS
from expectations.cards.dataset_card import StrictCard, validate_card
from ingestion.strict_yaml import parse_yaml
from languages.refusal import Refusal
from reports.questions.question_card import CATALOGUE, GAPS

CARDS = Path(__file__).parent / "cards"
Kind = Literal["standard", "open", "crime", "unread"]
Demand = Literal["", "D1", "D2", "D3", "D4"]
Part = Literal["D1", "D2", "D3", "D4", "courts"]
At = dict[str, str]


class _Coordinates(StrictCard):
    """An indicator at categories of its dimensions."""

    indicator: str = ""
    at: At = Field(default_factory=At)

    @model_validator(mode="after")
    def _check_codes(self) -> Self:
        if self.indicator and self.indicator not in CATALOGUE:
            raise ValueError(f"indicator: {self.indicator}")
        if strange := sorted(self.at.keys() - set(DIMENSIONS)):
            raise ValueError(f"at: {strange[0]}")
        return self


class AnswerFigure(_Coordinates):
    """The figure that answers: a part of a whole, a count alone, or the gap that no indicator fills.

    Attributes:
        part: a measure of the indicator.
        whole: the measure that it is a part of, or that of another indicator (`PRT-01/COUNT`).
        whole_at: categories of the whole; those of the part if left out.
        groups_of: categories of the whole that the groups are parts of; the whole of each group itself if left out.
        part_error: the greatest error of the part, where it is greater than its method tells.
        count: a measure that is stated alone.
        gap: one of `GAPS`.
    """

    part: str = ""
    whole: str = ""
    whole_at: At | None = None
    groups_of: At | None = None
    part_error: int = Field(default=0, ge=0)
    count: str = ""
    gap: str = ""

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        is_share, is_count, is_gap = bool(self.part and self.whole), bool(self.count), bool(self.gap)
        if is_share + is_count + is_gap != 1 or bool(self.part) != bool(self.whole):
            raise ValueError("part and whole, or count, or gap")
        if is_gap == bool(self.indicator):
            raise ValueError("indicator")
        if is_gap and self.gap not in GAPS:
            raise ValueError(f"gap: {self.gap}")
        return self

    @property
    def whole_of(self) -> tuple[str, str]:
        """Indicator and measure of the whole; those of the figure itself if it has none."""
        indicator, _, measure = self.whole.rpartition("/")
        return indicator or self.indicator, measure


class Explanation(_Coordinates):
    """A figure that explains: reasons, or who; with `each` one a category of a dimension."""

    measure: str = ""
    each: str = ""

    @model_validator(mode="after")
    def _names_an_indicator(self) -> Self:
        if not self.indicator or (self.each and self.each not in DIMENSIONS) or self.each in self.at:
            raise ValueError("indicator, each")
        return self


class PageLine(StrictCard):
    """A place of an answer on the two pages: cards that name the same line stand in it together.

    Attributes:
        part: of the first page.
        place: of the line in its part, from the most telling down; 0 among the sentences before the lines.
        name: of the line (`summary.line.<name>`); empty at place 0.
        group: whose figure it is: a name of the card's `of_whom`; empty for all.
        label: key of the text before the figure, where several stand in the line.
        each: the indicator among `explains` whose greatest categories follow the figure.
        most: how many categories follow.
        has_figure: whether the figure itself stands there, or its categories alone.
        says_unknown: whether "not known" stands in the line, under the label, where there is no figure.
        with_year_before: whether the count of the year before follows, and whether it clearly changed.
    """

    part: Part
    place: int = Field(ge=0)
    name: str = ""
    group: str = ""
    label: str = ""
    each: str = ""
    most: int = Field(default=4, ge=1)
    has_figure: bool = True
    says_unknown: bool = False
    with_year_before: bool = False

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.has_figure or self.each) or bool(self.name) != bool(self.place):
            raise ValueError("has_figure or each; name or place 0")
        if self.says_unknown and not self.label:
            raise ValueError("says_unknown: without a label")
        return self


class AnswerCard(StrictCard):
    """One question.

    Attributes:
        demand: the demand that it belongs to.
        article: of a law, as cited: `28/2012 11 (9)`.
        kind: whether it has a verdict (`standard`), or figures alone.
        read: how the article's text is known (docs/reference/law.md).
        leads: whether its answer is a part of its demand's.
        decides: whether the demand's own word names it: where it is not met, the demand is not.
        noun: what the figure counts (`answer.noun.<noun>`); empty for days and money.
        answer: the figure that answers, for all.
        has_total: whether the figure for all is an answer; if not, that of the category in `answer.at` is.
        years_after: how many whole years must have passed since the year that is judged.
        of_whom: groups with a released figure, to their categories.
        explains: further figures.
        lines: where the two pages print it.
        better: which way is better; `none`: neither, as for counts of victims, cases and convictions.
        duty: area to the agencies whose duty it is.
        sender: area to the agencies that must send the figure.
        excludes: a question whose figure seems impossible beside an exact 0 of this one; a reader is told in one
            sentence why it is not (`answer.<key>.excludes`).
        note: what whoever changes the card must know.
    """

    demand: Demand = ""
    article: str = ""
    kind: Kind
    read: Literal["", "read", "second_hand", "background"] = ""
    leads: bool = False
    decides: bool = False
    noun: str = ""
    answer: AnswerFigure
    has_total: bool = True
    years_after: int = Field(default=0, ge=0, le=5)
    of_whom: dict[str, At] = Field(default_factory=dict[str, At])
    explains: list[Explanation] = Field(default_factory=list[Explanation])
    lines: list[PageLine] = Field(default_factory=list[PageLine])
    better: Literal["up", "down", "none"] = "none"
    duty: dict[str, list[str]]
    sender: dict[str, list[str]]
    excludes: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _judges_only_what_may_be_judged(self) -> Self:
        if not (self.demand or self.article):
            raise ValueError("demand or article")
        if self.leads and not self.demand:
            raise ValueError("leads: without a demand")
        if self.decides and not self.leads:
            raise ValueError("decides: does not lead")
        if self.kind == "standard" and self.answer.gap == "" and self.better == "none":
            raise ValueError("better: a standard has a better side")
        if strange := sorted({name for at in self.of_whom.values() for name in at} - set(DIMENSIONS)):
            raise ValueError(f"of_whom: {strange[0]}")
        return self

    @model_validator(mode="after")
    def _prints_what_it_has(self) -> Self:
        listed = {explanation.indicator for explanation in self.explains if explanation.each}
        for line in self.lines:
            if line.group and line.group not in self.of_whom:
                raise ValueError(f"lines: {line.group}")
            if line.each and line.each not in listed:
                raise ValueError(f"lines: {line.each}")
        return self


@cache
def answer_cards() -> Mapping[str, AnswerCard]:
    """Return all cards by their keys, in the order of the files and of the cards in them.

    Raises:
        Refusal: `card_invalid` for an unknown key, indicator, dimension or gap, or a key that stands twice.
    """
    cards: dict[str, AnswerCard] = {}
    for path in sorted(CARDS.glob("*.yml")):
        for key, content in parse_yaml(path.read_text(encoding="utf-8")).items():
            if key in cards:
                raise Refusal("card_invalid", where=path.name, field=key, problem="stands twice", nearest=key)
            cards[key] = validate_card(AnswerCard, content, where=f"{path.name}: {key}")
    return cards
