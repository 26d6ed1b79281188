"""What a release answers to the questions of a treaty: each figure with its unit, coverage and status, or the gap.

Belongs here: joining the cards to the rows of one release. A figure is the released text; nothing is added up.
Does not belong here: the cards (`question_card.py`), words and layouts (`reports/exchange`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from expectations.cards.cells import TOTAL
from reports.questions.question_card import RowCard, TreatyCard
from reports.released.released_figures import ReleasedFigures, Standing
from reports.released.released_folder import Row

State = Literal[Standing, "never", "not_released", "no_indicator", "gap"]
"""The kind of an answer. `figure`, `zero`, `low`, `withheld` and `missing` are about one area and year;
`never`: on the list of what is never published; `not_released`: the indicator is released, but without this breakdown;
`no_indicator`: not built yet; `gap`: no indicator of the catalogue answers.
"""
WITHOUT_ROW: tuple[State, ...] = ("never", "not_released", "no_indicator", "gap")


@dataclass(frozen=True)
class QuestionAnswer:
    """One figure for one row of a question, or why there is none.

    Attributes:
        row: index of the row in its question, from 0.
        codes: dimension to code of what the row is about; totals are left out.
        area: empty for an answer `WITHOUT_ROW`, as is `year`.
        by: the breakdown that an answer `WITHOUT_ROW` lacks, if the card asks for each of its codes.
        released: the row as released, with figure, unit, status, method and coverage.
    """

    treaty: str
    question: str
    row: int
    state: State
    indicator: str = ""
    measure: str = ""
    codes: Mapping[str, str] = field(default_factory=dict[str, str])
    area: str = ""
    year: str = ""
    by: str = ""
    gap: str = ""
    released: Row = field(default_factory=dict[str, str])


def answers(card: TreatyCard, figures: ReleasedFigures) -> list[QuestionAnswer]:
    """Return the answers of a release to all questions of a treaty, in the order of its card.

    Each area (country and regions) has its own answer; an area or year in which an indicator has no row at all is left
    out.
    Each row of the card gives at least one answer.
    """
    return [
        answer
        for question, rows in card.questions.items()
        for place, row in enumerate(rows)
        for answer in _answers_of_row(QuestionAnswer(card.name, question, place, "gap"), row, figures)
    ]


def _answers_of_row(about: QuestionAnswer, row: RowCard, figures: ReleasedFigures) -> Iterator[QuestionAnswer]:
    if row.gap:
        yield _with_state(about, "gap", gap=row.gap)
        return
    measures = [row.measure] if row.measure else figures.measures(row.indicator)
    if not figures.rows_of(row.indicator):
        yield _answer_without_row(about, row, row.measure, figures)
        return
    all_answers = [answer for measure in measures for answer in _answers_of_measure(about, row, measure, figures)]
    # an indicator that is released, but not with this breakdown, is reported once
    with_row = [answer for answer in all_answers if answer.state not in WITHOUT_ROW]
    yield from with_row or all_answers[:1]


def _answers_of_measure(
    about: QuestionAnswer, row: RowCard, measure: str, figures: ReleasedFigures
) -> Iterator[QuestionAnswer]:
    is_found = False
    for codes in _codes(row, measure, figures):
        for area in figures.areas:
            for year in figures.years:
                released = figures.find_row(row.indicator, measure, area, year, codes)
                if released is not None:
                    is_found = True
                    place = {"indicator": row.indicator, "measure": measure, "area": area, "year": year}
                    yield _with_state(about, figures.standing(released), codes=codes, released=released, **place)
    if not is_found:
        yield _answer_without_row(about, row, measure, figures)


def _answer_without_row(about: QuestionAnswer, row: RowCard, measure: str, figures: ReleasedFigures) -> QuestionAnswer:
    is_known = row.indicator in figures.released.manifest["indicators"]
    state: State = "not_released" if is_known else "no_indicator"
    if figures.is_never(row.indicator, measure, row.at):
        state = "never"
    return _with_state(about, state, indicator=row.indicator, measure=measure, codes=row.at, by=row.each)


def _codes(row: RowCard, measure: str, figures: ReleasedFigures) -> list[dict[str, str]]:
    """Return the breakdown of the row: one set of codes, or one for each code of its `each`."""
    if not row.each:
        return [dict(row.at)]
    if row.each not in figures.released.dimensions:
        return []
    here = {
        released_row[row.each] for released_row in figures.rows_of(row.indicator) if released_row["measure"] == measure
    }
    ordered = [code for code in figures.released.codes(row.each) if code in here and code != TOTAL]
    return [{**row.at, row.each: code} for code in ordered]


def _with_state(about: QuestionAnswer, state: State, **parts: object) -> QuestionAnswer:
    return replace(about, state=state, **parts)  # pyright: ignore[reportArgumentType] - the parts are fields
