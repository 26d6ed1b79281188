"""The page of an indicator: its sections from several chapters of an edition, gathered under one permanent address.

Belongs here: which indicators have a page, and its content.
Does not belong here: markup (`templates/site`), any word or number, where a link leads (`arrangement.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

from reports.editions.answered import AnsweredQuestion
from reports.editions.edition import Chapter, DefinedTerm, Edition


@dataclass(frozen=True)
class IndicatorPage:
    """The content of an indicator's page.

    Attributes:
        code: of the indicator (`PRT-01`).
        title: its name.
        sections: on the indicator, in the order of the chapters.
        answers: that the indicator gives; may be empty.
        profile: of the indicator; None in an edition without profiles.
        datasets: complete datasets that hold it.
    """

    code: str
    title: str
    sections: tuple[Chapter, ...]
    answers: tuple[AnsweredQuestion, ...]
    profile: Chapter | None
    datasets: tuple[DefinedTerm, ...]


def indicator_pages(edition: Edition) -> dict[str, IndicatorPage]:
    """Return the pages of an edition by the code of their indicator, in reading order."""
    sections: dict[str, list[Chapter]] = {}
    for section in edition.walk():
        if section.code:
            sections.setdefault(section.code, []).append(section)
    profiles = {profile.code: profile for profile in edition.profiles}
    by_code = answers(edition)
    return {
        code: IndicatorPage(
            code=code,
            title=own[0].title,
            sections=tuple(own),
            answers=tuple(by_code.get(code, ())),
            profile=profiles.get(code),
            datasets=tuple(
                dataset for dataset in edition.datasets if dataset.term in {section.dataset for section in own}
            ),
        )
        for code, own in sections.items()
    }


def answers(edition: Edition) -> dict[str, list[AnsweredQuestion]]:
    """Return the answers that each indicator gives, in the order of the chapters."""
    by_code: dict[str, list[AnsweredQuestion]] = {}
    for chapter in edition.story.chapters if edition.story else ():
        for answer in chapter.answers:
            by_code.setdefault(answer.code, []).append(answer)
    return by_code
