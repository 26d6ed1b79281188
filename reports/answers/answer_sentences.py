"""An answer in words: its figure in a sentence, its verdict, whether it got better, and why it is not known.

Belongs here: from an answer in codes to the catalogue (`answer.…`). A sentence names the base before the part, so that
nobody turns it round, and the year or the cohort in the base.
Does not belong here: which answer a release gives (`found_answers.py`), how sure a figure may be said
(`reports/phrases/figure_words.py`).
"""

from __future__ import annotations

from languages import dates
from languages.words import Words
from reports.answers.found_answers import Answer
from reports.answers.judgement import Verdict
from reports.phrases import wording
from reports.phrases.figure_words import count_sentence, share_words
from reports.released.released_tables import ReleasedCell


def question(answer: Answer, words: Words) -> str:
    """Return the question as a minister would ask it."""
    return words.text(f"answer.{answer.key}.question")


def figure_sentence(answer: Answer, words: Words) -> str:
    """Return the figure of an answer in a sentence; empty without one.

    `Of the victims who asked for shelter in 2025, about 155 of about 240 were admitted (65%; 62–67% by rounding), about
    two in three.`
    """
    text = figure_text(answer, words)
    return words.text("answer.sentence", text=text) if text else ""


def figure_text(answer: Answer, words: Words, *, with_range: bool = True) -> str:
    """Return the figure of an answer in words without a full stop; empty without one. `with_range` as `share_words`."""
    if not answer.has_figure:
        return ""
    base = words.text(f"answer.{answer.key}.whole", year=dates.year(words, answer.year))
    if answer.count is not None:
        return count_sentence(base, answer.count, words)
    if answer.median is not None:
        return words.text("answer.median", what=base, figure=_median(answer.median, words))
    assert answer.share is not None  # noqa: S101 - one of the three is there
    part = words.text(f"answer.{answer.key}.part")

    def clause(counts: str) -> str:
        return words.text("answer.share", whole=base, counts=counts, part=part)

    return share_words(answer.share, words, clause, with_range=with_range)


def verdict_words(verdicts: tuple[Verdict, ...], words: Words) -> str:
    """Return a verdict; two where the range by rounding crosses a border, the better one first: `met or partly met`."""
    first, *others = (words.text(f"answer.verdict.{verdict}") for verdict in reversed(verdicts))
    return words.text("answer.verdict.either", first=first, second=others[0]) if others else first


def state_words(answer: Answer, words: Words) -> str:
    """Return the verdict, or why there is none; empty for a question that is answered by figures alone."""
    if answer.verdicts:
        return verdict_words(answer.verdicts, words)
    if not answer.unknown:
        return ""
    reason = answer.card.answer.gap if answer.unknown == "gap" else ""
    key = f"question.gap.{reason}" if reason else f"answer.unknown.{answer.unknown}"
    text = words.text(key)
    return text if answer.unknown == "no_standard" else words.text("answer.not_known", reason=text)


def duty_words(answer: Answer, words: Words) -> str:
    """Return the agencies whose duty it is, in the region of the answer; empty where the card names none there."""
    return wording.list_texts((_agency(code, words) for code in answer.card.duty.get(answer.area, ())), words)


def way_words(answer: Answer, words: Words) -> str:
    """Return whether the answer got better since the year before; empty where neither side is better."""
    return words.text(f"answer.way.{answer.way}") if answer.way else ""


def _agency(code: str, words: Words) -> str:
    """Return the name of an agency; those that owe a duty and send nothing have names of their own."""
    key = f"agency.{code}"
    return words.text(key) if key in words else wording.body(code, words)


def _median(cell: ReleasedCell, words: Words) -> str:
    figure = wording.figure(cell, words)
    between = wording.interval(cell, _end(cell.lower), _end(cell.upper), words)
    return words.text("figure.bracket", counts=figure, inside=between) if between else figure


def _end(value: float | None) -> float:
    return float("nan") if value is None else value
