"""What an agency is sent before publication: the rows that name it, and the figures that it is asked for.

Belongs here: which rows those are, and their texts as a page in the agency's language. The page loads nothing; whoever
runs the command sends it, and records the day in `prose/sent_for_comment.yml`.
Does not belong here: the answers (`reports/answers`), what the agency says to them (`reports/editors`).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingestion.submissions.receipt_page import STYLE
from languages import dates, html_page
from languages.words import Words
from reports.answers import answer_sentences, law_duties
from reports.answers.found_answers import Answer, answers_of
from reports.answers.law_duties import LawArticle
from reports.editors.agency_comments import LEAST_DAYS
from reports.phrases import wording
from reports.phrases.spoken import words_of_edition
from reports.released.report_model import Report

_TEMPLATE = Path(__file__).with_suffix(".html")


@dataclass(frozen=True)
class LetterRow:
    """One row that names an agency, or one figure that it is asked for; texts are finished."""

    about: str
    question: str
    place: str
    answer: str
    figure: str
    standard: str
    done: str


def agency_letter(report: Report, agency: str, words: Words, *, published: datetime.date | None) -> str:
    """Return the page for an agency; the same report and words give the same text.

    Args:
        report: that is to be published.
        agency: one that has a duty under the law.
        words: of the agency's language.
        published: the planned day; None if the home has no calendar.
    """
    words = words_of_edition(words)
    articles = law_duties.law_articles(answers_of(report))
    return html_page.page(
        _TEMPLATE,
        [STYLE],
        words,
        t=words.text,
        words=words,
        agency=answer_sentences.agencies_words([agency], words),
        report=report.id,
        is_invented=report.is_invented,
        published=dates.day(words, published.isoformat()) if published else "",
        least=LEAST_DAYS,
        rows=list(_rows(articles, agency, words)),
        asked=list(_asked(report, agency, words)),
    )


def _rows(articles: list[LawArticle], agency: str, words: Words) -> Iterator[LetterRow]:
    """Yield the rows of the monitor whose duty is the agency's, in the law's order."""
    for article in articles:
        for duty in article.duties:
            for answer in duty.answers:
                if agency in answer.card.duty[answer.area]:
                    yield _row(answer, words.text(f"monitor.article.{article.name}"), words)


def _asked(report: Report, agency: str, words: Words) -> Iterator[LetterRow]:
    """Yield what is not known because the agency did not send it, of the law and of the demands."""
    for answer in answers_of(report):
        if law_duties.is_asked_by_letter(answer) and agency in answer.card.sender.get(answer.area, ()):
            yield _row(answer, "", words)


def _row(answer: Answer, about: str, words: Words) -> LetterRow:
    state = answer_sentences.state_words(answer, words)
    is_unmet = answer.verdicts and answer.verdicts != ("met",)
    return LetterRow(
        about=about,
        question=answer_sentences.question(answer, words),
        place=wording.area(answer.area, words),
        answer=state or words.text("monitor.figures" if answer.has_figure else "monitor.not_known"),
        figure=answer_sentences.figure_sentence(answer, words),
        standard=answer_sentences.standard_words(answer, words),
        done=answer_sentences.done_when(answer, words) if is_unmet else "",
    )
