"""Pairs of answers that seem to exclude each other: a reader who sees both is told why they do not.

Belongs here: which pairs the figures of a release make. Which may do so say the cards (`excludes`), why they do not the
catalogue (`answer.<key>.excludes`).
Does not belong here: where a form prints the sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from languages.words import Words
from reports.answers.found_answers import Answer


def seeming_contradictions(answers: Sequence[Answer], area: str) -> Iterator[tuple[Answer, Answer]]:
    """Yield each answer of an area that is an exact 0, with the one that it seems to exclude and that is none."""
    by_key = {answer.key: answer for answer in answers if answer.area == area}
    for none in by_key.values():
        some = by_key.get(none.card.excludes)
        if some is not None and _is_none(none) and _is_some(some):
            yield none, some


def explanation(answer: Answer, answers: Sequence[Answer], words: Words) -> str:
    """Return the sentence that stands beside either of two answers that seem to exclude each other; else empty."""
    for pair in seeming_contradictions(answers, answer.area):
        if answer.key in (each.key for each in pair):
            return words.text(f"answer.{pair[0].key}.excludes")
    return ""


def _is_none(answer: Answer) -> bool:
    part = answer.share.part if answer.share is not None else answer.count
    return part is not None and part.is_exact and not part.value


def _is_some(answer: Answer) -> bool:
    part = answer.share.part if answer.share is not None else answer.count
    return part is not None and part.value > part.error
