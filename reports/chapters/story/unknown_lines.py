"""What a chapter leaves unknown: the questions by who must send the figure, then those that no letter can mend.

Belongs here: these sentences for the questions of one chapter; of a region in which nothing is agreed one line is
enough. Does not belong here: why a question is not answered (`reports/answers`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from languages.words import Words
from reports.answers import answer_sentences
from reports.answers.found_answers import NOT_SENT, Answer
from reports.answers.unknown_figures import UnknownFigures, unknown_figures
from reports.phrases import wording

_WITH_FIGURES = ("", "no_standard", "too_wide")
"""States in which the chapter prints the figure, and why it has no verdict beside it."""


def unknown_lines(answers: Sequence[Answer], words: Words) -> Iterator[str]:
    """Yield a sentence for each group of agencies and each reason; the questions of a gap by its name.

    Those for want of an agreement are as many in each chapter: they are said once, of all (`agreement_lines`).
    """
    for line in unknown_figures(answers):
        if line.reason != "agreement":
            yield _line(line, words)
    by_reason: dict[str, list[Answer]] = {}
    for answer in answers:
        if answer.unknown not in (*_WITH_FIGURES, *NOT_SENT) and not answer.groups:
            by_reason.setdefault(answer_sentences.reason_words(answer, words), []).append(answer)
    for reason, unanswered in by_reason.items():
        yield _capitalise(
            words.text("edition.answered.unknown.because", reason=reason, questions=_questions(unanswered, words))
        )


def agreement_lines(answers: Sequence[Answer], words: Words) -> Iterator[str]:
    """Yield a sentence for each area of which figures wait for an agreement: how many, and with whom."""
    for line in unknown_figures(answers):
        if line.reason == "agreement":
            yield words.text(
                "edition.answered.unknown.agreement",
                place=wording.area(line.area, words),
                count=len(line.answers),
                agencies=answer_sentences.agencies_words(line.senders, words),
            )


def _line(line: UnknownFigures, words: Words) -> str:
    agencies = answer_sentences.agencies_words(line.senders, words)
    reason = words.text(f"answer.unknown.{line.reason}")
    return words.text(
        "edition.answered.unknown.sender", agencies=agencies, questions=_questions(line.answers, words), reason=reason
    )


def _questions(answers: Sequence[Answer], words: Words) -> str:
    quoted = dict.fromkeys(
        words.text("edition.answered.quoted", question=answer_sentences.question(answer, words)) for answer in answers
    )
    return wording.list_texts(quoted, words)


def _capitalise(text: str) -> str:
    return text[:1].upper() + text[1:]
