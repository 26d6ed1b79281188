"""Answered questions as parts of an edition: a question, its answer in words, and the chapter that gathers them.

Belongs here: the schema. Texts are finished; a chart holds printed figures.
Does not belong here: which answer a release gives (`reports/answers`), how a page looks (`templates/`).
"""

from __future__ import annotations

from typing import Literal

from reports.editions.edition_part import EditionPart
from reports.editions.printed_parts import PictureBlock, SmallChart

AnswerState = Literal["met", "partly_met", "not_met", "not_known", "open"]
"""`open`: answered by figures alone. Of two possible verdicts the better one, as in the words."""


class AnsweredQuestion(EditionPart):
    """One question with its answer: the sentence is the title of its chart.

    Attributes:
        key: of the question and the area: `are_victims_charged@IQ-FED`.
        code: of the indicator that answers.
        figure: in large type beside the sentence.
        verdict: in words; empty without one.
        way: whether it got better, in words; empty where neither side is better.
        standard: what counts as met, in words; empty without an adopted standard.
        groups: the same figure of groups, in one sentence; empty without one.
        reasons: figures that explain it, a sentence each.
        elsewhere: the answer in the other region, in words; empty where there is none.
        duty: the agencies whose duty it is, in words.
        name: of the indicator.
        source: the agencies that hold the figure.
        table: id of the table with its figures; empty if there is none.
        comment: the editor's text on it, by paragraph.
        chart: of the figure over the years.
        picture: of what stands behind the figure; drawn in place of the chart.
    """

    key: str
    demand: str
    code: str
    question: str
    sentence: str
    figure: str
    verdict: str = ""
    state: AnswerState = "open"
    way: str = ""
    standard: str = ""
    groups: str = ""
    reasons: tuple[str, ...] = ()
    elsewhere: str = ""
    duty: str = ""
    name: str = ""
    unit: str = ""
    place: str = ""
    year: str = ""
    source: str = ""
    table: str = ""
    comment: tuple[str, ...] = ()
    chart: SmallChart | None = None
    picture: PictureBlock | None = None


class AnswerChapter(EditionPart):
    """The questions of one demand, or of the courts: from its answer to what is not known.

    Attributes:
        id: of the chapter of the same demand among the pages; `courts` for the courts.
        code: of the demand; empty for the courts.
        title: the demand in the words of the statement.
        sentence: its answer; empty where no leading question has a figure.
        unknown: what is not known, and who must send it, a sentence each.
        comment: the editor's text on it, by paragraph.
    """

    id: str
    code: str
    title: str
    verdict: str = ""
    state: AnswerState = "open"
    sentence: str = ""
    answers: tuple[AnsweredQuestion, ...]
    unknown: tuple[str, ...] = ()
    comment: tuple[str, ...] = ()
