"""The two regions side by side: the questions that figures of both answer.

Belongs here: that table and what it shows. Does not belong here: figures of one indicator in both regions
(`reports/chapters/regions.py`).
"""

from __future__ import annotations

from languages.words import Words
from reports.answers import answer_sentences
from reports.answers.found_answers import AREAS, Answer, answers_of
from reports.chapters import printed
from reports.chapters.story.answered_questions import figure_words_of
from reports.chapters.story.unknown_lines import agreement_lines
from reports.editions.edition import TableBlock, TableColumn, TableRow
from reports.phrases import wording
from reports.released.report_model import Report


def regions_table(report: Report, words: Words) -> TableBlock | None:
    """Return the questions that figures of both regions answer; None if there are none."""
    by_key: dict[str, dict[str, Answer]] = {}
    for answer in answers_of(report):
        if answer.has_figure:
            by_key.setdefault(answer.key, {})[answer.area] = answer
    rows = tuple(
        TableRow(
            label=answer_sentences.question(answers[AREAS[0]], words),
            cells=tuple(printed.text(_figure_and_verdict(answers[area], words)) for area in AREAS),
            code=answers[AREAS[0]].card.answer.indicator,
        )
        for answers in by_key.values()
        if all(area in answers for area in AREAS)
    )
    if not rows:
        return None
    columns = tuple(TableColumn(text=wording.area(area, words), code=area) for area in AREAS)
    caption, heading = (words.text(f"edition.label.{name}") for name in ("story_regions", "story_question"))
    return printed.ungrouped_table("both-regions", caption, heading, columns, rows)


def regions_text(table: TableBlock | None, report: Report, words: Words) -> str:
    """Return what the table shows, or that there is none, and of which questions nobody has agreed to send a figure."""
    shown = words.text(f"edition.answered.region.{'some' if table else 'none'}")
    return " ".join((shown, *agreement_lines(answers_of(report), words)))


def _figure_and_verdict(answer: Answer, words: Words) -> str:
    """Return the figure of an answer and its verdict."""
    figure, verdict = figure_words_of(answer, words), answer_sentences.state_words(answer, words)
    return words.text("figure.with_fraction", counts=figure, fraction=verdict) if answer.verdicts else figure
