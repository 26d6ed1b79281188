"""The page of an indicator: its sections from several chapters of an edition, gathered under one permanent address.

Belongs here: which indicators have a page, and its content.
Does not belong here: markup (`templates/site`), any word or number, where a link leads (`arrangement.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reports.editions.edition import Chapter, DefinedTerm, Edition, StoryFinding


@dataclass(frozen=True)
class IndicatorPage:
    """The content of an indicator's page.

    Attributes:
        code: of the indicator (`PRT-01`).
        title: its name.
        sections: on the indicator, in the order of the chapters.
        findings: on the indicator, the leading one first; may be empty.
        profile: of the indicator; None in an edition without profiles.
        datasets: complete datasets that hold it.
    """

    code: str
    title: str
    sections: tuple[Chapter, ...]
    findings: tuple[StoryFinding, ...]
    profile: Chapter | None
    datasets: tuple[DefinedTerm, ...]


def indicator_pages(edition: Edition) -> dict[str, IndicatorPage]:
    """Return the pages of an edition by the code of their indicator, in reading order."""
    sections: dict[str, list[Chapter]] = {}
    for section in edition.walk():
        if section.code:
            sections.setdefault(section.code, []).append(section)
    profiles = {profile.code: profile for profile in edition.profiles}
    by_code = findings(edition)
    return {
        code: IndicatorPage(
            code=code,
            title=own[0].title,
            sections=tuple(own),
            findings=tuple(by_code.get(code, ())),
            profile=profiles.get(code),
            datasets=tuple(
                dataset for dataset in edition.datasets if dataset.term in {section.dataset for section in own}
            ),
        )
        for code, own in sections.items()
    }


def findings(edition: Edition) -> dict[str, list[StoryFinding]]:
    """Return the findings on each indicator, each sentence once."""
    by_code: dict[str, dict[str, StoryFinding]] = {}
    for finding in _story_findings(edition):
        if finding.code:
            by_code.setdefault(finding.code, {}).setdefault(finding.sentence, finding)
    return {code: list(by_sentence.values()) for code, by_sentence in by_code.items()}


def _story_findings(edition: Edition) -> Iterator[StoryFinding]:
    if edition.story:
        yield from edition.story.findings
        for demand in edition.story.demands:
            yield from (*demand.found, *demand.others)
