"""The answer to each demand in each region: what its leading questions allow.

Belongs here: one verdict from several, by the rule that the reader is told (`summary.demands`). Met where every leading
question is met. Not met where none is, not even in part, or where one is not that the demand's own word names
(`decides` on its card), as *unconditional* names the conditions of admission. Else partly met; both words where ranges
allow both. A leading question without a verdict is never dropped: the demand is then known in part.
Does not belong here: the answer to one question (`found_answers.py`), sentences (`answer_sentences.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

from reports.answers.found_answers import AREAS, Answer
from reports.answers.judgement import BETTER, Verdict

DEMANDS = ("D1", "D2", "D3", "D4")
State = Literal["known", "known_in_part", "not_known"]


@dataclass(frozen=True)
class DemandAnswer:
    """The answer to a demand in a region.

    Attributes:
        verdicts: one, or two where the leading answers allow both; empty if they do not settle it.
        state: whether each leading question has a verdict, some have one, or none has.
        leading: the leading answers, in the order of the cards.
        others: the further answers of the demand.
    """

    demand: str
    area: str
    verdicts: tuple[Verdict, ...]
    state: State
    leading: tuple[Answer, ...]
    others: tuple[Answer, ...]


def demand_answers(answers: Sequence[Answer]) -> list[DemandAnswer]:
    """Return the answer to each demand in each region."""
    return [demand_answer(answers, demand, area) for demand in DEMANDS for area in AREAS]


def demand_answer(answers: Sequence[Answer], demand: str, area: str) -> DemandAnswer:
    """Return the answer to a demand in an area."""
    own = [answer for answer in answers if (answer.card.demand, answer.area) == (demand, area)]
    leading = tuple(answer for answer in own if answer.card.leads)
    others = tuple(answer for answer in own if not answer.card.leads)
    judged = [answer for answer in leading if answer.verdicts]
    if not judged:
        return DemandAnswer(demand, area, (), "not_known", leading, others)
    state: State = "known" if len(judged) == len(leading) else "known_in_part"
    return DemandAnswer(demand, area, _verdicts(leading, state), state, leading, others)


def _verdicts(leading: Sequence[Answer], state: State) -> tuple[Verdict, ...]:
    """Return the verdicts that the leading answers allow, the worse one first; none while the unknown ones decide."""
    together = product(*(answer.verdicts or BETTER for answer in leading))
    possible = {_verdict(leading, verdicts) for verdicts in together}
    if state == "known_in_part" and len(possible) > 1:
        return ()
    return tuple(verdict for verdict in BETTER if verdict in possible)


def _verdict(leading: Sequence[Answer], verdicts: Sequence[Verdict]) -> Verdict:
    pairs = zip(leading, verdicts, strict=True)
    if any(answer.card.decides and verdict == "not_met" for answer, verdict in pairs):
        return "not_met"
    return verdicts[0] if len(set(verdicts)) == 1 else "partly_met"
