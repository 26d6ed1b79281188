"""Agencies that the monitor of the law names: when its rows were sent to them, and where their comments stand.

Belongs here: reading `prose/sent_for_comment.yml`, the names of the files that hold comments and recommendations, and
how many working days an agency had.
Does not belong here: reading the texts (`prose.py`), what is wrong with them (`checklist.py`), the file that is sent
(`reports/senders/agency_letter.py`).

    iraq_labour_ministry: 2026-06-01     # the day on which its rows were sent

`prose/comment-iraq-labour-ministry.ar.md` is what the agency says, in its own words;
`prose/recommendation-are-victims-examined-by-a-doctor.ar.md` is what the task force recommends for a duty.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from functools import cache

from expectations.cards.areas import KURDISTAN
from ingestion.cards.source_card import load_source, source_names
from ingestion.cards.working_days import working_days, working_days_of
from ingestion.home import Home
from ingestion.text.folding import nearest_word_or_all
from languages.refusal import Refusal
from reports.answers.law_duties import named_agencies
from reports.editors import editors_card
from reports.editors.prose import EditorText
from reports.questions.answer_card import answer_cards

NAME = "sent_for_comment.yml"
LEAST_DAYS = 10
"""Working days that an agency should have between sending and publication."""
_COMMENT, _RECOMMENDATION = "comment-", "recommendation-"
_ERBIL, _BAGHDAD = "IQG11", "IQG08"


def read_sent_days(home: Home) -> dict[str, datetime.date]:
    """Return the day on which its rows were sent to an agency, by agency; empty if the home has no such file.

    Raises:
        Refusal: `card_invalid` for an agency that has no duty, or a value that is no day.
    """
    days: dict[str, datetime.date] = {}
    for agency, day in (editors_card.read_card(home, NAME) or {}).items():
        if agency not in named_agencies():
            near = nearest_word_or_all(agency, named_agencies())
            raise Refusal("card_invalid", where=NAME, field=agency, problem="no such agency", nearest=near)
        if type(day) is not datetime.date:
            raise Refusal("card_invalid", where=NAME, field=agency, problem="no day", nearest="2026-06-01")
        days[agency] = day
    return days


def comment_slot(agency: str) -> str:
    """Return the name of the text that an agency wrote."""
    return _COMMENT + agency.replace("_", "-")


def recommendation_slot(duty: str) -> str:
    """Return the name of the text in which the task force recommends something for a duty."""
    return _RECOMMENDATION + duty.replace("_", "-")


@cache
def known_slots() -> tuple[str, ...]:
    """Return the names of all comments and recommendations that there may be."""
    return (*map(comment_slot, named_agencies()), *map(recommendation_slot, answer_cards()))


def is_comment(text: EditorText) -> bool:
    """Return whether a text is the comment of an agency."""
    return text.chapter.startswith(_COMMENT)


def is_of_the_law(text: EditorText) -> bool:
    """Return whether a text is a comment or a recommendation, printed with the monitor."""
    return text.chapter.startswith((_COMMENT, _RECOMMENDATION))


def comments_in(texts: Iterable[EditorText], language: str) -> Mapping[str, tuple[str, ...]]:
    """Return the comments of agencies in a language, by agency, line by line, as they were written."""
    by_slot = {text.chapter: text for text in texts if text.language == language and is_comment(text)}
    return {
        agency: tuple(line for part in text.parts for line in ([part] if isinstance(part, str) else part))
        for agency in named_agencies()
        if (text := by_slot.get(comment_slot(agency))) and text.parts
    }


def days_to_comment(agency: str, sent: datetime.date, published: datetime.date) -> int:
    """Return the working days that an agency had: those after the day of sending and before that of publication."""
    if agency in source_names():
        days = working_days_of(load_source(agency))
    else:
        days = working_days(_ERBIL if named_agencies()[agency] == KURDISTAN else _BAGHDAD)
    return days.count(sent, published - datetime.timedelta(days=1))


def language_of(agency: str) -> str:
    """Return the language in which an agency is written to.

    Raises:
        Refusal: `agency_unknown` for one without a duty under the law.
    """
    if agency not in named_agencies():
        raise Refusal("agency_unknown", where=agency, nearest=nearest_word_or_all(agency, named_agencies()))
    if agency in source_names():
        return load_source(agency).language
    return "ckb" if named_agencies()[agency] == KURDISTAN else "ar"
