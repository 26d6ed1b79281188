"""What is not known, grouped by the agencies that must send it.

Belongs here: questions without a figure that a letter can mend: a missing field, a missing file, a missing agreement.
Of a region in which nothing is owed, the many questions are one line.
Does not belong here: gaps that no indicator fills, withheld figures and figures that are not due (each answer says so),
the letters themselves (`marsad report --agency`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reports.answers.found_answers import NOT_SENT, Answer, Unknown


@dataclass(frozen=True)
class UnknownFigures:
    """Questions that wait for the same agencies, for the same reason.

    Attributes:
        area: that the questions are asked of.
        reason: a missing field, file or agreement.
        senders: the agencies that must send the figures.
        answers: the questions, leading ones first.
    """

    area: str
    reason: Unknown
    senders: tuple[str, ...]
    answers: tuple[Answer, ...]


def unknown_figures(answers: Iterable[Answer]) -> list[UnknownFigures]:
    """Return what is not known by who must send it, most questions first; missing agreements of an area together."""
    groups: dict[tuple[str, Unknown, tuple[str, ...]], list[Answer]] = {}
    for answer in answers:
        if answer.unknown in NOT_SENT:
            senders = () if answer.unknown == "agreement" else tuple(answer.card.sender[answer.area])
            groups.setdefault((answer.area, answer.unknown, senders), []).append(answer)
    lines = [
        UnknownFigures(area, reason, senders or _senders(asked), tuple(sorted(asked, key=_is_not_leading)))
        for (area, reason, senders), asked in groups.items()
    ]
    return sorted(lines, key=lambda line: -len(line.answers))


def _senders(asked: Iterable[Answer]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for answer in asked for code in answer.card.sender[answer.area]))


def _is_not_leading(answer: Answer) -> bool:
    return not answer.card.leads
