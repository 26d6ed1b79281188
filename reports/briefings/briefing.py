"""A briefing: a report in a minute, in one language.

Belongs here: the answers that it has, and all that accompanies one: figure, indicator, area, period, source,
protection, and the years of its chart. Texts are finished; a year without a printed figure has only its mark.
Does not belong here: what may be said (`reports/answers`, `reports/chapters/summary`), how slides look (`slides.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import dropwhile

from languages import dates
from languages.numbers import number, percent
from languages.words import Words
from reports.analysis.growing_years import growing_years
from reports.answers import answer_sentences
from reports.answers.found_answers import Answer, answer_in
from reports.chapters.summary import person_parts, summary_pages
from reports.chapters.summary.answer_parts import AnsweredReport
from reports.chapters.summary.page_figures import count_in
from reports.editions.edition import Edition
from reports.editions.summary import SummaryPart
from reports.editors import prose_figures
from reports.editors.prose import EditorText
from reports.phrases import figure_words, wording
from reports.phrases.figure_words import Share
from reports.phrases.spoken import words_of_edition
from reports.released.released_tables import ReleasedCell
from reports.released.report_model import Report

_FOUND = "how_many_victims_are_found"
_ASKS = ("?", "؟")


@dataclass(frozen=True)
class BriefedYear:
    """One year of a chart: its label, its figure as printed or its mark, and its value; None under a mark."""

    year: str
    text: str
    value: float | None


@dataclass(frozen=True)
class BriefedAnswer:
    """One answer with all that accompanies it.

    Attributes:
        key: of the part of the two pages: the same in every language.
        heading: the demand with its verdict.
        sentence: the answer.
        figure: as set in large type; the verdict where no figure is known.
        about: indicator, area and period of the figure in one line.
        protection: how far rounding may move its figures.
        source: the publisher and the release.
        years: of its chart, in order.
        notes: where the series breaks, and which years still grow.
        is_share: whether the chart shows shares.
        comment: the editor's text on it, by paragraph.
    """

    key: str
    heading: str
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
        answers: how many victims, each demand, the courts.
        law: how many duties of the law have one answer in each region, a line an answer.
        duties: the unmet duties with which to begin.
        silent: what is not known, and who must send it.
        cite: how it is cited, with the number of the report.
    """

    edition: Edition
    answers: tuple[BriefedAnswer, ...]
    law: tuple[str, ...]
    duties: tuple[str, ...]
    silent: tuple[str, ...]
    cite: str

    @property
    def first_of_all(self) -> tuple[str, ...]:
        """What a reader must know first: that figures are invented, that texts await review, what was withdrawn."""
        return tuple(banner.text for banner in self.edition.banners)


def briefing(report: Report, edition: Edition, words: Words, texts: Sequence[EditorText] = ()) -> Briefing:
    """Return the briefing of a report in the language of its edition; `texts` are those of editors."""
    words = words_of_edition(words)
    if edition.summary is None:
        return Briefing(edition, (), (), (), (), edition.cite)
    others = {part.id: part for part in edition.summary.others}
    return Briefing(
        edition,
        tuple(_briefed_answers(report, edition, words, texts)),
        tuple(_duties_of_law(edition, words)),
        others["duties"].items if "duties" in others else (),
        (*_missing(others["unknown"], words), *others["unknown"].items) if "unknown" in others else (),
        edition.cite,
    )


def _briefed_answers(
    report: Report, edition: Edition, words: Words, texts: Sequence[EditorText]
) -> Iterator[BriefedAnswer]:
    asked = summary_pages.ask(report, words)
    written = prose_figures.texts_by_slot(texts, report, words)
    for part in edition.summary.answers if edition.summary else ():
        answer = _answer_of(part, asked)
        is_share = answer is not None and answer.share is not None
        slot = prose_figures.slot_of(f"{answer.key}@{answer.area}") if answer else ""
        yield BriefedAnswer(
            part.id,
            words.text("briefing.heading", title=part.title, verdict=part.verdict) if part.verdict else part.title,
            " ".join((part.texts[0], *([words.text("answer.sentence", text=part.standard)] if part.standard else []))),
            _large_figure(answer, words) or part.verdict,
            _about(answer, words),
            edition.summary.rounding if edition.summary and answer and not _is_exact(answer) else "",
            words.text("briefing.source", publisher=edition.publisher, release=edition.report),
            tuple(_years(answer, report, words)) if answer else (),
            tuple(_notes(answer, report, words)) if answer else (),
            is_share,
            written.get(slot, ()),
        )


def _missing(part: SummaryPart, words: Words) -> Iterator[str]:
    """Yield who must send what, a sentence each: the agencies and the questions that wait for them."""
    for line in part.lines:
        text = words.text("summary.line", what=line.what, figure=line.figure)
        yield text if text.endswith(_ASKS) else words.text("answer.sentence", text=text)


def _answer_of(part: SummaryPart, asked: AnsweredReport) -> Answer | None:
    """Return the answer whose figure a part begins with; None if it begins with what is not known."""
    if part.id == "many":
        area = person_parts.widest_area(asked.figures, asked.year)
        return answer_in(asked.figures.report, _FOUND, area) if area else None
    return next(iter(asked.printed(part.id)), None)


def _is_exact(answer: Answer) -> bool:
    if answer.share is not None:
        return answer.share.is_exact
    return answer.count is None or answer.count.is_exact


def _large_figure(answer: Answer | None, words: Words) -> str:
    """Return the figure in large type: a percent where it may be said, else the counts."""
    if answer is None:
        return ""
    if answer.share is not None and figure_words.says_percent(answer.share):
        return _percent(answer.share, words)
    return answer_sentences.bare_figure(answer, words, with_range=False)


def _percent(share: Share, words: Words) -> str:
    return percent(float(share.printed), words.numerals)


def _about(answer: Answer | None, words: Words) -> str:
    if answer is None:
        return ""
    indicator = answer.card.answer.indicator
    title = f"{wording.title(indicator, words)} ({indicator})"
    return " · ".join((title, wording.area(answer.area, words), dates.year(words, answer.year)))


def _years(answer: Answer, report: Report, words: Words) -> Iterator[BriefedYear]:
    """Yield the very figure of an answer by year; years before anybody reported are left out."""
    cells = [(year, _cells(answer, report, year)) for year in report.headline_years if year <= answer.year]
    for year, pair in dropwhile(lambda point: any(cell.mark in ("x", "n") for cell in point[1]), cells):
        if any(cell.mark == "n" for cell in pair):
            continue
        text, value = _printed(answer, pair, words)
        yield BriefedYear(dates.year(words, year), text, value)


def _cells(answer: Answer, report: Report, year: str) -> tuple[ReleasedCell, ...]:
    """Return the released cells of a year behind the figure of an answer: part and whole, or the figure alone."""
    asked = answer.card.answer
    if asked.count:
        return (report.cell(asked.indicator, asked.count, answer.area, year, **asked.at),)
    indicator, measure = asked.whole_of
    whole_at = asked.at if asked.whole_at is None else asked.whole_at
    return (
        report.cell(asked.indicator, asked.part, answer.area, year, **asked.at),
        report.cell(indicator, measure, answer.area, year, **whole_at),
    )


def _printed(answer: Answer, cells: Sequence[ReleasedCell], words: Words) -> tuple[str, float | None]:
    """Return the figure of a year as printed, and its value; a share that has no percent has no column."""
    hidden = next((cell for cell in cells if cell.mark in ("c", "x")), None)
    counts = [count_in(cell) for cell in cells]
    if hidden is not None or None in counts:
        return wording.mark(hidden or cells[0], words) or wording.figure(cells[0], words), None
    part, *wholes = (count for count in counts if count is not None)
    if not wholes:
        return number(part.value, words.numerals) if part.value else figure_words.count_words(part, words), (
            float(part.value) if part.value else None
        )
    if not 0 < wholes[0].value >= part.value:
        return wording.mark(cells[0], words), None
    share = Share(part, wholes[0])
    if figure_words.says_percent(share):
        return _percent(share, words), round(float(share.printed), 2)
    return figure_words.share_words(share, words, with_range=False, is_judged=True), None


def _notes(answer: Answer, report: Report, words: Words) -> Iterator[str]:
    """Yield where the series breaks, and which of its years still grow."""
    release, asked = report.headline, answer.card.answer
    if release is None:
        return
    measures = {(asked.indicator, asked.count or asked.part), asked.whole_of if asked.whole else ("", "")} - {("", "")}
    for series_break in release.breaks:
        touched = any(series_break.touches(indicator, answer.area) for indicator, _ in measures)
        if touched and str(series_break.first_year) <= answer.year:
            yield words.text(
                "briefing.break",
                year=dates.year(words, str(series_break.whole_year)),
                reason=words.text(f"break.{series_break.code}"),
            )
    years = [year for year in report.headline_years if year <= answer.year]
    growing = sorted(
        {
            year
            for indicator, measure in measures
            for year in growing_years(release, indicator, measure, answer.area, years)
        }
    )
    if growing:
        key = "briefing.growing" if len(growing) < len(years) else "briefing.growing.cohort"
        yield words.text(key, years=wording.years(growing, words))


def _duties_of_law(edition: Edition, words: Words) -> Iterator[str]:
    """Yield how many duties of the law have an answer, in each region."""
    if edition.monitor is None:
        return
    for count in edition.monitor.counts:
        numbers = (
            words.text("summary.pair", label=place, figure=figure)
            for place, figure in zip(edition.monitor.places, count.numbers, strict=True)
        )
        yield words.text("briefing.duties", state=count.text, numbers=wording.list_texts(numbers, words))
