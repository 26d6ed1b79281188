"""A briefing: a report in a minute, in one language, for every short form.

Belongs here: which findings it has, and all that accompanies one: figure, indicator, unit, area, period, source,
protection, and the years of its chart. Texts are finished; a year without a printed figure has only its mark.
Does not belong here: what may be said (`reports/findings`), how a form looks (`slides.py`, `social_cards.py`,
`messages.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile

from languages import dates
from languages.words import Words
from reports.editions.edition import Edition, ItemList, Paragraph
from reports.editors import prose_figures
from reports.editors.prose import EditorText
from reports.findings import finding_search, finding_sentences
from reports.findings.finding_search import ReleasedFinding
from reports.phrases import wording
from reports.phrases.spoken import words_of_edition
from reports.released.released_tables import ABSENT
from reports.released.report_model import NATIONAL, Report

MOST_FINDINGS = 6
_CHANGES = "changes"


@dataclass(frozen=True)
class BriefedYear:
    """One year of a chart: its label, its figure as printed or its mark, and its value; None under a mark."""

    year: str
    text: str
    value: float | None


@dataclass(frozen=True)
class BriefedFinding:
    """One finding with all that accompanies it.

    Attributes:
        key: the same in every language and form.
        sentence: the finding, used as title.
        figure: as set in large type.
        about: indicator, unit, area and period in one line.
        protection: how its figures were protected.
        source: the publisher and the release.
        years: of its chart, in order.
        notes: where the series breaks.
        is_share: whether the chart shows shares.
        comment: the editor's text on it, by paragraph.
    """

    key: str
    sentence: str
    figure: str
    about: str
    protection: str
    source: str
    years: tuple[BriefedYear, ...]
    notes: tuple[str, ...]
    is_share: bool
    comment: tuple[str, ...] = ()

    @property
    def alternative(self) -> str:
        """The text for readers who cannot see the chart, with its numbers."""
        return f"{self.sentence} {'; '.join(f'{year.year}: {year.text}' for year in self.years)}."


@dataclass(frozen=True)
class Briefing:
    """The content of a briefing in one language.

    Attributes:
        edition: title, publisher, date, contact, direction and banners.
        findings: in the order of the text.
        silent: sentences on what is not reported.
        changes: sentences on what changed since the last edition.
        cite: how it is cited, with the number of the report.
    """

    edition: Edition
    findings: tuple[BriefedFinding, ...]
    silent: tuple[str, ...]
    changes: tuple[str, ...]
    cite: str

    @property
    def first_of_all(self) -> tuple[str, ...]:
        """What a reader must know first: that figures are invented, that texts await review, what was withdrawn."""
        return tuple(banner.text for banner in self.edition.banners)


def briefing(report: Report, edition: Edition, words: Words, texts: Sequence[EditorText] = ()) -> Briefing:
    """Return the briefing of a report in the language of its edition; `texts` are those of editors."""
    words = words_of_edition(words)
    comments = prose_figures.comments(texts, report, words)
    findings = finding_search.findings(report)
    main = next((finding.area for finding in findings if finding.kind != "silence"), "")
    source = words.text("briefing.source", publisher=edition.publisher, release=edition.report)
    chosen = finding_search.leading_findings(findings, MOST_FINDINGS)
    return Briefing(
        edition,
        tuple(
            replace(_briefed_finding(finding, report, main, source, words), comment=comments.get(finding.key, ()))
            for finding in chosen
        ),
        tuple(finding_sentences.sentence(finding, words, main) for finding in findings if finding.kind == "silence"),
        tuple(_changes(edition)),
        edition.cite,
    )


def _briefed_finding(finding: ReleasedFinding, report: Report, main: str, source: str, words: Words) -> BriefedFinding:
    is_share = finding.share is not ABSENT
    measure = "SHARE" if is_share else finding.figures[0].measure
    title = wording.title(finding.indicator, words)
    counted = next(section.unit for section in report.sections_of(NATIONAL) if section.indicator == finding.indicator)
    unit = wording.measure(finding.indicator, measure, words) if is_share else words.text(f"unit.{counted}")
    place = wording.area(finding.area, words)
    period = dates.year(words, finding.year)
    about = dict.fromkeys((f"{title} ({finding.indicator})", unit, place, period))
    years = tuple(
        BriefedYear(
            dates.year(words, year),
            wording.figure(cell, words) if cell.value is not None and cell.mark != "low" else wording.mark(cell),
            cell.value if cell.mark not in ("c", "x", "n", "low") else None,
        )
        for year, cell in dropwhile(lambda point: point[1].mark == "x", finding.series)  # years before anybody reported
        if cell.mark != "n"
    )
    notes = (words.text("briefing.break", year=wording.years(finding.breaks, words)),) if finding.breaks else ()
    return BriefedFinding(
        finding.key,
        finding_sentences.sentence(finding, words, main),
        finding_sentences.figure(finding, words),
        " · ".join(about),
        finding_sentences.protection(finding, words),
        source,
        years,
        notes,
        is_share,
    )


def _changes(edition: Edition) -> Iterator[str]:
    """Yield the sentences of the chapter on changes, by dataset."""
    for chapter in edition.chapters:
        for section in chapter.walk() if chapter.id == _CHANGES else ():
            for block in section.blocks:
                if isinstance(block, ItemList):
                    yield from (f"{section.title}: {text}" for text in block.texts)
                elif isinstance(block, Paragraph) and section is not chapter:
                    yield f"{section.title}: {block.text}"
