"""The places of a report that take an editor's text, from the edition and the answers of the latest releases.

Does not belong here: saving a text (`marsad/answers/edited_texts.py`), what it may hold (`reports/editors/prose.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from languages.words import Words
from reports.answers import answer_sentences
from reports.answers.found_answers import AREAS, Answer, answers_of
from reports.answers.law_duties import named_agencies
from reports.chapters import law
from reports.chapters.build_edition import edition
from reports.editions import arrangement
from reports.editions.edition import Chapter, Edition
from reports.editors import agency_comments, prose_figures
from reports.editors.editorial_inputs import EditorialInputs
from reports.phrases import wording
from reports.phrases.spoken import words_of_edition
from reports.released.report_model import Report

_PAGE_OF_LAW = f"{law.CHAPTER}.html"


@dataclass(frozen=True)
class ProseSlot:
    """A place for a text.

    Attributes:
        id: of a chapter or finding.
        title: of it.
        note: for the editor.
        page: of the report, on which the text is printed.
        keys: of the figures that are printed around it; of the title of an answer, the one that it must name.
    """

    id: str
    title: str
    note: str = ""
    page: str = ""
    keys: tuple[str, ...] = ()


def slots(report: Report, matter: EditorialInputs, words: Words) -> Iterator[ProseSlot]:
    """Yield a slot for each chapter, for each section of the demands, and for each answer: a comment, a title."""
    report_edition = edition(report, words, matter)
    front = arrangement.chapters_on_front(report_edition)
    for chapter in report_edition.chapters:
        page = arrangement.file_of(chapter, front)
        yield ProseSlot(chapter.id, chapter.title, page=page, keys=_keys_in(chapter, report))
        if chapter.id == "demands":
            for below in chapter.chapters:
                yield ProseSlot(below.id, f"{chapter.title}: {below.title}", page=page, keys=_keys_in(below, report))
    spoken_words = words_of_edition(words)
    for answer in answers_of(report):
        if answer.has_figure:
            key = prose_figures.key_of(answer)
            figure = answer_sentences.bare_figure(answer, spoken_words)
            note = words.text("prose.note.key", name=f"{{{key}}}", figure=figure)
            title, page = _title(answer, spoken_words), arrangement.page_of(answer.card.answer.indicator)
            yield ProseSlot(prose_figures.slot_of(key), title, note, page, (key,))
            yield ProseSlot(prose_figures.slot_of(key, "title"), title, words.text("prose.note.title"), page, (key,))
    yield from _law_slots(report_edition, spoken_words)


def _keys_in(chapter: Chapter, report: Report) -> tuple[str, ...]:
    """Return the keys of the answers of which a chapter has a section, or whose indicator it prints."""
    codes, ids = zip(*((below.code, below.id) for below in chapter.walk()), strict=True)
    return tuple(
        prose_figures.key_of(answer)
        for answer in answers_of(report)
        if answer.has_figure
        and (answer.card.answer.indicator in codes or any(_is_about(answer, section) for section in ids))
    )


def _is_about(answer: Answer, section: str) -> bool:
    return section.endswith(f"-{answer.key.replace('_', '-')}")


def _law_slots(report_edition: Edition, words: Words) -> Iterator[ProseSlot]:
    """Yield a slot for what each agency says to its rows, and for what is recommended for each unmet duty."""
    monitor = report_edition.monitor
    if monitor is None:
        return
    for agency in named_agencies():
        name = answer_sentences.agencies_words([agency], words)
        note = words.text("prose.note.comment")
        yield ProseSlot(agency_comments.comment_slot(agency), name, note, _PAGE_OF_LAW)
    note = words.text("edition.label.monitor_recommendation")
    for duty in (duty for article in monitor.articles for duty in article.duties):
        if any(answer.state in ("not_met", "partly_met") for answer in duty.answers):
            keys = tuple(f"{duty.key}@{area}" for area in AREAS)
            yield ProseSlot(agency_comments.recommendation_slot(duty.key), duty.question, note, _PAGE_OF_LAW, keys)


def _title(answer: Answer, words: Words) -> str:
    """Return the section and area of an answer, and its sentence."""
    return words.text(
        "prose.place",
        section=wording.title(answer.card.answer.indicator, words),
        place=wording.area(answer.area, words),
        sentence=answer_sentences.figure_sentence(answer, words),
    )
