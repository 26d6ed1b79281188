"""Duties that are not met or partly met, ranked by the persons behind them, and those with which to begin.

Belongs here: how many persons a duty did not reach, as the range that rounding leaves, and the order that these ranges
allow. Duties whose ranges overlap share a rank. Which duties a short form names.
Does not belong here: the verdict (`judgement.py`), sentences (`answer_sentences.py`). The number of persons missing is
a difference of two rounded figures: it ranks and is not printed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from reports.answers.found_answers import Answer
from reports.phrases.figure_words import Share

PERSONS = ("VICTIM", "ACCUSED")
"""Units of figures that count persons."""
MOST_OF_ONE_AGENCY = 2


@dataclass(frozen=True)
class UnmetDuty:
    """A duty that is not met, or partly met.

    Attributes:
        answer: with its verdict, its standard, and the agencies whose duty it is.
        least: persons whom it did not reach, at the least that rounding allows.
        most: at the most.
        rank: 1 for the most persons; duties whose ranges overlap share one.
    """

    answer: Answer
    least: int
    most: int
    rank: int = 0


def unmet_duties(answers: Iterable[Answer], area: str) -> list[UnmetDuty]:
    """Return the unmet duties of an area, those with most persons behind them first.

    Duties of one rank stand in the order of their printed figures, then of the cards. Groups have no rank: who is in
    them stands in the answer for all. The same released figure answers once.
    """
    duties: list[UnmetDuty] = []
    for answer in answers:
        if answer.area == area and answer.share is not None and _is_unmet(answer) and answer.unit in PERSONS:
            duties.append(_unmet(answer, answer.share))
    duties.sort(key=lambda duty: -(duty.least + duty.most))
    return _rank(duties)


def duties_to_begin_with(answers: Iterable[Answer], area: str, most: int) -> list[UnmetDuty]:
    """Return the unmet duties that a short form names: not more of one agency than `MOST_OF_ONE_AGENCY`.

    Those that are not met stand before those met in part, those that lead a demand before others, then those with most
    persons behind them: without the limit the list is that of one agency, whose records hold most persons.
    """
    chosen: list[UnmetDuty] = []
    by_agency: Counter[str] = Counter()
    duties = unmet_duties(answers, area)
    for duty in sorted(duties, key=lambda duty: ("partly_met" in duty.answer.verdicts, not duty.answer.card.leads)):
        agencies = duty.answer.card.duty.get(area, ())
        if len(chosen) < most and all(by_agency[agency] < MOST_OF_ONE_AGENCY for agency in agencies):
            chosen.append(duty)
            by_agency.update(agencies)
    return chosen


def _is_unmet(answer: Answer) -> bool:
    return bool(answer.verdicts) and "met" not in answer.verdicts


def _unmet(answer: Answer, share: Share) -> UnmetDuty:
    part, whole = share.part, share.whole
    if answer.card.better == "down":
        return UnmetDuty(answer, max(0, part.value - part.error), part.value + part.error)
    least = whole.value - whole.error - part.value - part.error
    return UnmetDuty(answer, max(0, least), whole.value + whole.error - max(0, part.value - part.error))


def _rank(duties: Iterable[UnmetDuty]) -> list[UnmetDuty]:
    """Return sorted duties with their ranks: a new one begins where no duty before may have as few persons."""
    ranked: list[UnmetDuty] = []
    for duty in duties:
        lowest = min((before.least for before in ranked), default=0)
        is_apart = bool(ranked) and duty.most < lowest
        rank = len(ranked) + 1 if is_apart or not ranked else ranked[-1].rank
        ranked.append(replace(duty, rank=rank))
    return ranked
