"""The opening chapters of an edition: key results, the four demands with their questions, the charts.

Belongs here: their blocks, made of the same answers as the report. Does not belong here: one answer
(`story/answered_questions.py`), which answers stand under which demand (`story/answer_chapters.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

from languages import dates
from languages.words import Words
from reports.analysis import report_scope
from reports.chapters import drawings, printed
from reports.chapters.story import answer_chapters
from reports.editions.answered import AnswerChapter, AnsweredQuestion
from reports.editions.edition import Block, Chapter, ItemList, Paragraph, ResultLine, ResultList
from reports.phrases import wording
from reports.released.report_model import Report


def key_results(report: Report, words: Words) -> Iterator[Chapter]:
    """Yield the key results: the figures that open each chapter of answers, unless there are none."""
    lines = tuple(
        ResultLine(figure=answer.figure, sentence=answer.sentence, note=answer.verdict)
        for answer in answer_chapters.leading_answers(report, words)
    )
    if not lines:
        return
    intro = words.text(
        "page.results.intro_exact",
        year=dates.year(words, report_scope.latest_year(report)),
        area=wording.area(answer_chapters.MAIN_AREA, words),
    )
    blocks = (Paragraph(text=intro, tone="lead"), ResultList(lines=lines))
    yield Chapter(id="results", title=words.text("page.results.title"), blocks=blocks)


def demands(report: Report, words: Words) -> Iterator[Chapter]:
    """Yield the chapter on the four demands and the courts with a section for each, unless nothing is released."""
    sections = tuple(_section(chapter, words) for chapter in answer_chapters.answer_chapters(report, words))
    if sections:
        intro = Paragraph(text=words.text("page.demand.intro"), tone="lead")
        yield Chapter(id="demands", title=words.text("page.demand.title"), blocks=(intro,), chapters=sections)


def charts(report: Report, words: Words) -> Iterator[Chapter]:
    """Yield the two charts of the headline, unless their figures are not released."""
    chart_blocks = drawings.headline_charts(report, words)
    if chart_blocks:
        signs = {
            name: wording.sign(mark, words) for name, mark in (("missing", "x"), ("withheld", "c"), ("low", "low"))
        }
        texts = (words.text("page.chart.gaps", **signs), words.text("edition.label.time_runs"))
        notes = (Paragraph(text=text, tone="note") for text in texts)
        yield Chapter(id="charts", title=words.text("page.charts.title"), blocks=(*chart_blocks, *notes))


def _section(chapter: AnswerChapter, words: Words) -> Chapter:
    """Return a demand: its answer, what is not known, then each question as a section, which the report prints."""
    texts = (chapter.verdict, chapter.sentence)
    blocks: list[Block] = [Paragraph(text=text, tone="lead") for text in texts if text]
    if chapter.unknown:
        label = words.text("edition.label.story_unknown")
        blocks.append(ItemList(label=label, texts=chapter.unknown, is_titled=True))
    return Chapter(
        id=chapter.id, title=chapter.title, blocks=tuple(blocks), chapters=tuple(map(_question, chapter.answers))
    )


def _question(answer: AnsweredQuestion) -> Chapter:
    texts = (
        answer.sentence,
        answer.verdict,
        answer.way,
        answer.standard,
        answer.groups,
        *answer.reasons,
        answer.elsewhere,
    )
    return Chapter(
        id=f"answer-{printed.name_of(answer.key.partition('@')[0])}",
        title=answer.question,
        blocks=tuple(Paragraph(text=text) for text in texts if text),
    )
