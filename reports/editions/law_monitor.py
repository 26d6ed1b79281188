"""The monitor of the law as finished texts: articles, their duties, the answer in each region, what agencies say.

Belongs here: the schema alone; print, page and workbook show the same texts. Does not belong here: filling it
(`reports/chapters/law.py`), how it looks.
"""

from __future__ import annotations

from typing import Literal

from reports.editions.edition_part import EditionPart

State = Literal["met", "partly_met", "not_met", "not_known", "no_standard", "figures"]


class MonitorAnswer(EditionPart):
    """The answer to one question in one region.

    Attributes:
        place: name of the region.
        state: the worse of two verdicts; `figures`: no verdict is due.
        state_text: the answer in words, both verdicts if there are two.
        text: figure, since when, direction, each a sentence.
        duty: the agencies whose duty it is, and that a comment of theirs stands below.
        follows: what would show the duty done, or who is asked for the figure; empty where nothing follows.
        reasons: figures behind the answer, a sentence each.
    """

    place: str
    state: State
    state_text: str
    text: str
    duty: str
    follows: str = ""
    reasons: tuple[str, ...] = ()


class MonitorDuty(EditionPart):
    """One question about an article.

    Attributes:
        key: of its card; the same in every language.
        question: as a minister would ask it.
        ordered: what the law orders; empty if another question of its article says it, or its text was not read.
        note: why it has figures and no answer; empty if it has one.
        recommendation: of the task force, by paragraph; empty for none.
    """

    key: str
    question: str
    ordered: str
    note: str
    answers: tuple[MonitorAnswer, ...]
    recommendation: tuple[str, ...] = ()


class MonitorArticle(EditionPart):
    """An article or an item of Article 11; `note` stands where there is nothing to measure."""

    key: str
    title: str
    duties: tuple[MonitorDuty, ...]
    note: str = ""


class StandingCount(EditionPart):
    """How many duties of each region have one answer; the numbers stand in the order of `LawMonitor.places`."""

    state: State
    text: str
    numbers: tuple[int, ...]


class AgencyStatement(EditionPart):
    """What an agency says to its rows, in its own words.

    Attributes:
        agency: its name.
        sent: when the rows were sent to it; empty if no day is recorded.
        words: its comment by paragraph, or that none was sent.
        is_comment: whether `words` are its own.
    """

    agency: str
    sent: str
    words: tuple[str, ...]
    is_comment: bool


class LawMonitor(EditionPart):
    """The monitor in one language.

    Attributes:
        places: the names of both regions.
        adopted: where the standards are written and since when.
        not_sent: the agencies to which no rows were sent for comment; empty if all were asked.
    """

    title: str
    intro: str
    places: tuple[str, ...]
    counts: tuple[StandingCount, ...]
    articles: tuple[MonitorArticle, ...]
    adopted: tuple[str, ...] = ()
    statements: tuple[AgencyStatement, ...] = ()
    not_sent: str = ""
