"""Children in the report: how many they are, and each answer that is known for them beside that for all.

Belongs here: choosing those answers, and the chart of the years. Does not belong here: every figure on children
(`reports/chapters/children.py`, for the pages), what is asked of children alone (the fourth demand).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from expectations.cards.areas import COUNTRY
from languages import dates
from languages.words import Words
from reports.answers import answer_sentences
from reports.answers.demand_answers import DEMANDS
from reports.answers.found_answers import AREAS, Answer, answer_in, answers_of
from reports.chapters import drawings, printed
from reports.chapters.children import presumed_and_identified
from reports.chapters.story.answer_chapters import COURTS, chapter_of
from reports.chapters.story.answered_questions import figure_words_of
from reports.editions.edition import ChildrenPart, TableBlock, TableColumn, TableRow
from reports.phrases import wording
from reports.released.report_model import Report

_GROUP = "children"
_OF_THE_COUNTRY = ("how_many_children_are_found", "for_what_are_children_exploited")
_COLUMNS = ("column", "all")


def children_part(report: Report, words: Words) -> ChildrenPart | None:
    """Return what a report says of children; None if no answer is known for them."""
    rows = tuple(_rows(report, words))
    if not rows:
        return None
    charts = {chart.id: chart for chart in drawings.headline_charts(report, words)}
    return ChildrenPart(
        texts=(words.text("edition.answered.children.lead"), *_counts(report, words)),
        chart=charts.get("children"),
        figures=_table(rows, words),
    )


def _counts(report: Report, words: Words) -> Iterator[str]:
    """Yield how many children are known in the whole country, then those presumed and identified in each region."""
    of_country = (answer_sentences.figure_sentence(answer_in(report, key, COUNTRY), words) for key in _OF_THE_COUNTRY)
    yield from _at_place(COUNTRY, of_country, words)
    for area in AREAS:
        yield from _at_place(
            area, (paragraph.text for paragraph in presumed_and_identified(report, area, words)), words
        )


def _at_place(area: str, sentences: Iterable[str], words: Words) -> Iterator[str]:
    """Yield sentences behind the name of their area; nothing without any."""
    if text := " ".join(sentence for sentence in sentences if sentence):
        yield words.text("edition.finding.at_place", place=wording.area(area, words), sentence=text)


def _rows(report: Report, words: Words) -> Iterator[TableRow]:
    for answer in sorted(answers_of(report), key=_place):
        child = next((group for group in answer.groups if group.group == _GROUP), None)
        if child is not None and answer.area in AREAS:
            yield TableRow(
                label=_question(answer, words),
                cells=tuple(printed.text(_of_year(told, report, words)) for told in (child, answer)),
                code=answer.card.answer.indicator,
            )


def _of_year(answer: Answer, report: Report, words: Words) -> str:
    """Return the figure of an answer, with its year where that is not the newest, as of a cohort that was followed."""
    figure = figure_words_of(answer, words)
    if answer.year in ("", report.headline_years[-1]):
        return figure
    return words.text("edition.answered.children.of_year", figure=figure, year=dates.year(words, answer.year))


def _place(answer: Answer) -> int:
    """Return the place of an answer's chapter in the report; those of no chapter come last."""
    chapters = (*DEMANDS, COURTS)
    chapter = chapter_of(answer)
    return chapters.index(chapter) if chapter in chapters else len(chapters)


def _question(answer: Answer, words: Words) -> str:
    """Return the question, with the name of the region if that is not the one of most figures."""
    question = answer_sentences.question(answer, words)
    if answer.area == AREAS[0]:
        return question
    return words.text("edition.finding.at_place", place=wording.area(answer.area, words), sentence=question)


def _table(rows: tuple[TableRow, ...], words: Words) -> TableBlock:
    columns = (TableColumn(text=words.text(f"edition.answered.children.{name}"), code=name) for name in _COLUMNS)
    caption, heading = (words.text(f"edition.label.{name}") for name in ("story_children", "story_question"))
    return printed.ungrouped_table("children-and-all", caption, heading, columns, rows)
