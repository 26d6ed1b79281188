"""Answers to questions about data quality: who explained a figure, when and why; the answer stays with the figures.

Belongs here: the ID of a question, its state, and answering it. Does not belong here: what is asked
(`quality_questions.py`), the record of answers (`decisions.py`, one chain with all other decisions).

A question refers to the bytes that raised it: a file that is sent again, or a new year of a series, raises it again.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from ingestion.home import Home, sha256_of_bytes
from ingestion.quality.quality_questions import QualityQuestion
from ingestion.submissions import decisions
from ingestion.submissions.decisions import Decision
from ingestion.submissions.files_in_force import CountedPeriod
from ingestion.submissions.submission_withdrawal import checked_reason
from languages.refusal import Refusal

State = Literal["open", "explained", "wrong"]
ANSWERS: Final = ("explained", "wrong")
"""The figure is right and there is a reason; or it is wrong, and a corrected file must come."""


@dataclass(frozen=True)
class Asked:
    """A question with its ID and its answer, if there is one.

    Args:
        id: the same for the same question about the same files.
        source: the agency that is asked.
        files: one hash of the files that it is about.
        question: what is asked.
        answer: what was answered.
    """

    id: str
    source: str
    files: str
    question: QualityQuestion
    answer: Decision | None

    @property
    def state(self) -> State:
        """The state of the question."""
        given = self.answer.value if self.answer else ""
        return "explained" if given == "explained" else "wrong" if given == "wrong" else "open"

    @property
    def waits(self) -> bool:
        """Whether the agency still owes an answer or a corrected file."""
        return self.state != "explained"

    def as_json(self) -> dict[str, Any]:
        """Return it as values for JSON."""
        given = self.answer
        answered = {"reason": given.reason, "by": given.signed_by, "at": given.decided_at} if given else None
        return asdict(self.question) | {"id": self.id, "state": self.state, "answer": answered}


def join_answers(
    home: Home, source: str, questions: Sequence[QualityQuestion], counting: Sequence[CountedPeriod]
) -> tuple[Asked, ...]:
    """Return the questions with their answers: the open ones first, then the newest year first."""
    held = decisions.standing_decisions(home)
    about = [_files(question, counting) for question in questions]
    names = [_name(source, question, files) for question, files in zip(questions, about, strict=True)]
    asked = [
        Asked(name, source, files, question, held.get(name))
        for name, files, question in zip(names, about, questions, strict=True)
    ]
    newest = sorted(
        asked,
        key=lambda asked_question: (
            asked_question.question.period or "9999",
            asked_question.question.rule,
            asked_question.id,
        ),
        reverse=True,
    )
    return tuple(sorted(newest, key=lambda asked_question: not asked_question.waits))


def answer(
    home: Home,
    asked: Sequence[Asked],
    item: str,
    *,
    value: str,
    signed_by: str,
    reason: str,
    today: datetime.date | None = None,
) -> Decision:
    """Record an answer, and return it.

    Args:
        home: the data home.
        asked: the questions to all agencies.
        item: the ID of one of them.
        value: one of `ANSWERS`.
        signed_by: who answers: a section or role.
        reason: why; names no person.
        today: the day of the answer.

    Raises:
        Refusal: `quality_question_unknown`; `decision_unfit` for another answer; `reason_missing`.
    """
    checked_reason(reason, signed_by)
    if value not in ANSWERS:
        raise Refusal("decision_unfit", where=item, expected=", ".join(ANSWERS))
    asked_question = next((asked_question for asked_question in asked if asked_question.id == item), None)
    if asked_question is None:
        raise Refusal("quality_question_unknown", where=item)
    day = today or datetime.datetime.now(tz=datetime.UTC).date()
    about = (asked_question.question.shape, asked_question.question.field, f"quality.{asked_question.question.rule}")
    own = (value, signed_by.strip(), reason.strip(), day.isoformat())
    decision = Decision(item, asked_question.source, asked_question.files, *about, *own)
    decisions.append(home, decision)
    return decision


def _files(question: QualityQuestion, counting: Sequence[CountedPeriod]) -> str:
    """Return one hash of the files that a question is about: those of its kind of record and year, if it has them."""
    about = {
        entry.receipt.sha256
        for entry in counting
        if question.shape in ("", entry.shape) and question.period in ("", entry.period)
    }
    return sha256_of_bytes("\n".join(sorted(about)).encode("utf-8"))


def _name(source: str, question: QualityQuestion, files: str) -> str:
    parts = (source, question.rule, question.shape, question.field, question.period, files)
    return sha256_of_bytes("\0".join(parts).encode("utf-8"))[:12]
