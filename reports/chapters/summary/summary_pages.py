"""The two pages of an edition in one language.

Belongs here: their parts in reading order, the head, the area and the year.
Does not belong here: a part (beside), the release behind it (`reports/released`), layout (`templates/summary.typ`).
"""

from __future__ import annotations

from collections.abc import Iterator

from expectations.cards.areas import FEDERAL, KURDISTAN
from languages import dates
from languages.words import Words
from reports.answers.found_answers import Answer, answers_of
from reports.chapters.summary import answer_parts, person_parts, sure_parts
from reports.chapters.summary.answer_parts import AnsweredReport
from reports.chapters.summary.page_figures import PageFigures, begin_sentence
from reports.editions.summary import Summary, SummaryPart
from reports.phrases import wording
from reports.phrases.spoken import words_of_edition
from reports.released.release_memo import once_in_language
from reports.released.report_model import Report


@once_in_language
def summary(report: Report, words: Words) -> Summary | None:
    """Return the two pages of a report; None if the national dataset is not released."""
    if report.headline is None:
        return None
    asked = ask(report, words)
    words, figures = asked.figures.words, asked.figures
    first = (*person_parts.how_many(asked), *answer_parts.answer_parts(asked))
    second = (*person_parts.who(asked), *person_parts.where(asked), *sure_parts.sure_parts(asked, first))
    widest = person_parts.widest_area(figures, asked.year)
    count = figures.presumed(widest, asked.year) if widest else None
    return Summary(
        title=words.text("summary.heading", title=words.text("page.title"), year=dates.year(words, asked.year)),
        year=dates.year(words, asked.year),
        area=wording.area(asked.area, words),
        figure=figures.count(count) if count is not None else "",
        figure_of=person_parts.figure_of(asked, widest) if count is not None else "",
        sentence=begin_sentence(person_parts.leading_sentence(asked, widest)) if widest else "",
        rounding=_rounding(asked),
        notes=tuple(_notes(asked)),
        answers=tuple(map(_begun, first)),
        others=tuple(map(_begun, second)),
    )


def ask(report: Report, words: Words) -> AnsweredReport:
    """Return what the parts are made of: the answers of a report, in the area and the year of the pages."""
    words = words_of_edition(words)
    figures = PageFigures(report, words)
    year = next((year for year in reversed(report.headline_years) if person_parts.widest_area(figures, year)),
                report.headline_years[-1])  # fmt: skip
    answers = answers_of(report)
    area = next(
        (area for area in (FEDERAL, KURDISTAN) if any(_has_figure(answer, area) for answer in answers)), FEDERAL
    )
    return AnsweredReport(answers, figures, area, year)


def _has_figure(answer: Answer, area: str) -> bool:
    return answer.area == area and answer.has_figure


def _notes(asked: AnsweredReport) -> Iterator[str]:
    """Yield of which area the figures are, how far rounding moves them, and when the standards were adopted."""
    words = asked.figures.words
    yield words.text("summary.area", area=wording.area(asked.area, words))
    if rounding := _rounding(asked):
        yield rounding
    judged = [answer.verdicts for answer in asked.answers if answer.area == asked.area and answer.verdicts]
    if judged:
        yield words.text("summary.standards")
        yield words.text("summary.demands")
    if any(len(verdicts) > 1 for verdicts in judged):
        yield words.text("summary.standards.either")


def _rounding(asked: AnsweredReport) -> str:
    """Return how far rounding may move the figures that were written; empty if none is rounded."""
    words, (count, points) = asked.figures.words, asked.figures.bound
    if points:
        return words.text("summary.bound.share", count=count, points=points)
    return words.text("summary.bound", count=count) if count else ""


def _begun(part: SummaryPart) -> SummaryPart:
    texts, items = (tuple(map(begin_sentence, lines)) for lines in (part.texts, part.items))
    lines = tuple(line.model_copy(update={"what": begin_sentence(line.what)}) for line in part.lines)
    return part.model_copy(update={"texts": texts, "items": items, "lines": lines})
