"""A chapter a demand, and one of the courts: its answer, its questions with their answers, and what is not known.

Belongs here: which answer stands in which chapter, and their order: leading questions first, then those with a
verdict, then figures alone; the courts open with the way through them. A question of both regions stands once, with the
other region beneath.
Does not belong here: one answer (`answered_questions.py`), the answer of a demand (`reports/answers`), layout.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from expectations.cards.areas import COUNTRY
from languages.words import Words
from reports.answers import answer_sentences
from reports.answers.demand_answers import DEMANDS, demand_answer
from reports.answers.found_answers import AREAS, Answer, answer_in, answers_of
from reports.chapters.picture_blocks import age_picture, court_picture
from reports.chapters.story.answered_questions import answered_question
from reports.chapters.story.unknown_lines import unknown_lines
from reports.editions.answered import AnswerChapter, AnsweredQuestion
from reports.editions.printed_parts import PictureBlock
from reports.released.report_model import Report

COURTS = "courts"
MAIN_AREA = AREAS[0]
_AREAS = (*AREAS, COUNTRY)
FOUND = "how_many_victims_are_found"
_OF_COURTS_LEADING = ("where_do_cases_stop", "how_many_are_convicted")
"""Questions without a verdict that lead: before those of the demands, and after them."""
_OF_COURTS = "PRS"
"""Indicators of the pillar of prosecution; under the third demand they make a chapter of their own."""


def answer_chapters(report: Report, words: Words) -> Iterator[AnswerChapter]:
    """Yield the chapter of each demand, then that of the courts; one without a question is left out."""
    pictures = _pictures(report, words)
    by_chapter: dict[str, list[Answer]] = {}
    for answer in answers_of(report):
        by_chapter.setdefault(chapter_of(answer), []).append(answer)
    for code in (*DEMANDS, COURTS):
        answers = by_chapter.get(code, [])
        if answers:
            yield _chapter(code, answers, report, pictures, words)


def leading_answers(report: Report, words: Words) -> Iterator[AnsweredQuestion]:
    """Yield the answers that open the report: who was found, each leading answer, what the courts decided.

    Those found are those of all of Iraq where that is released, as on the cover; the sentence names the area.
    """
    known = [answer for answer in answers_of(report) if answer.area == MAIN_AREA and answer.has_figure]
    found = [answer for answer in known if answer.key == FOUND]
    country = [answer for answer in (answer_in(report, FOUND, COUNTRY) for _ in found) if answer.has_figure]
    of_demands = [answer for answer in known if answer.card.leads]
    of_courts = [answer for answer in known if answer.key in _OF_COURTS_LEADING]
    for answer in (*(country or found), *of_demands, *of_courts):
        question = answered_question(answer, None, report, words)
        if answer.area == COUNTRY:  # no chart: a line from the only year before to one that still grows reads as a fall
            sentence = words.text("edition.finding.at_place", place=question.place, sentence=question.sentence)
            question = question.model_copy(update={"sentence": sentence, "chart": None})
        yield question


def chapter_of(answer: Answer) -> str:
    """Return the demand that an answer stands under, `courts` for those of prosecution; empty for neither."""
    is_of_courts = answer.card.demand == "D3" and answer.card.answer.indicator.startswith(_OF_COURTS)
    return COURTS if is_of_courts else answer.card.demand


def _chapter(
    code: str, answers: Sequence[Answer], report: Report, pictures: Mapping[str, PictureBlock], words: Words
) -> AnswerChapter:
    chapter_id = COURTS if code == COURTS else f"demand-{code.lower()}"
    chapter = AnswerChapter(
        id=chapter_id,
        code="" if code == COURTS else code,
        title=words.text("edition.answered.courts") if code == COURTS else words.text(f"demand.{code}"),
        answers=tuple(
            answered_question(first, other, report, words).model_copy(update={"picture": pictures.get(first.key)})
            for first, other in _in_order(_by_question(answers))
        ),
        unknown=tuple(unknown_lines(answers, words)),
    )
    if code == COURTS:
        return chapter
    answer = demand_answer(answers, code, MAIN_AREA)
    _, *leading = answer_sentences.demand_sentences(answer, words)
    state = answer.verdicts[-1] if answer.verdicts else "not_known"
    verdict = answer_sentences.demand_state_words(answer, words)
    return chapter.model_copy(update={"verdict": verdict, "state": state, "sentence": " ".join(leading)})


def _by_question(answers: Sequence[Answer]) -> Iterator[tuple[Answer, Answer | None]]:
    """Yield each question that a figure answers in one of the regions, with the other region's answer if there is."""
    by_key: dict[str, list[Answer]] = {}
    for answer in answers:
        if answer.has_figure or answer.groups:
            by_key.setdefault(answer.key, []).append(answer)
    for known in by_key.values():
        first, *others = sorted(known, key=lambda answer: _AREAS.index(answer.area))
        yield first, others[0] if others else None


def _pictures(report: Report, words: Words) -> dict[str, PictureBlock]:
    """Return the picture of what stands behind an answer, by its question."""
    drawn = {
        court_picture.QUESTION: court_picture.court_funnel(report, words),
        age_picture.QUESTION: age_picture.age_pyramid(report, words),
    }
    return {question: picture for question, pictures in drawn.items() for picture in pictures}


def _opens(answer: Answer) -> bool:
    """Return whether an answer opens its chapter: in that of the courts the one with the picture."""
    return answer.key == court_picture.QUESTION


def _in_order(pairs: Iterator[tuple[Answer, Answer | None]]) -> list[tuple[Answer, Answer | None]]:
    return sorted(pairs, key=lambda pair: (not _opens(pair[0]), not pair[0].card.leads, not pair[0].verdicts))
