"""Question cards: what a treaty or report asks, and the indicator and coordinates that answer it, or the named gap.

Belongs here: the schema of `<treaty>.yml`, reading it, and refusing invalid content with the nearest known word.
Does not belong here: what a release answers (`question_answers.py`); whether an indicator exists yet: a card may name
any of the catalogue, and one that is not released is a gap.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from expectations.cards.cells import DIMENSIONS
from expectations.cards.codes import codes_of
from ingestion.cards.card_errors import foremost_error
from ingestion.strict_yaml import parse_yaml
from ingestion.text.folding import nearest_word_or_all
from languages.refusal import Refusal

FOLDER = Path(__file__).parent
GAPS = (
    "action_plan",
    "after_a_stay",
    "breaches_of_confidence",
    "by_victim",
    "case_narratives",
    "committee_seats",
    "consent_dismissals",
    "demand_reduction",
    "disability",
    "ethnic_origin",
    "forms_inside_other",
    "guidelines_followed",
    "instruments_in_force",
    "judges_against",
    "kurdistan_judiciary",
    "labour_sectors",
    "measures_proposed",
    "money_spent",
    "need_for_shelter",
    "never_told",
    "offences_by_article",
    "period_april_march",
    "referrals_of_children",
    "repatriated_by_country",
    "reports_under_agreements",
    "shelter_by_citizenship",
    "shelter_of_ngos",
    "specialised_units",
    "urban_rural",
    "verdicts_on_victims",
    "victims_by_country",
)
"""What no indicator of the catalogue answers; texts under `question.gap.<gap>`."""
_LAST = {"PRT": 32, "NCR": 11, "PRS": 21, "PRV": 11, "PAR": 10}
CATALOGUE = tuple(f"{pillar}-{number:02d}" for pillar, last in _LAST.items() for number in range(1, last + 1))
"""The codes of the catalogue of indicators, whether built or not."""
MEASURE = r"^[A-Z][A-Z0-9_]*$"
# Some releases already have these breakdowns too, others not yet.
BREAKDOWNS = tuple(sorted({*DIMENSIONS, "citizenship", "cust_breakdown"}))
_CODED = ("sex", "age", "form")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


class _StrictCard(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RowCard(_StrictCard):
    """One row of an answer: an indicator at its coordinates, or a gap.

    Attributes:
        indicator: its code in the catalogue.
        measure: one of its measures; every released one if left out.
        at: dimension to code; dimensions left out are totals.
        each: a dimension: one row for each of its codes.
        gap: the name of what no indicator answers.
    """

    indicator: str = ""
    measure: str = Field(default="", pattern=rf"^$|{MEASURE}")
    at: dict[str, str] = Field(default_factory=dict[str, str])
    each: str = ""
    gap: str = ""


class TreatyCard(_StrictCard):
    """What one treaty or report asks.

    Attributes:
        reference: the treaty article or report, as cited.
        caveats: gaps that hold for all its questions.
        questions: name to rows; the text stands in the catalogue under `question.<treaty>.<name>`.
    """

    name: str
    reference: str = Field(min_length=1)
    caveats: list[str]
    questions: dict[str, list[RowCard]] = Field(min_length=1)


def treaties() -> list[str]:
    """Return the names of all treaties and reports, sorted: one file each."""
    return sorted(path.stem for path in FOLDER.glob("*.yml"))


@cache
def load(treaty: str) -> TreatyCard:
    """Return the card of a treaty.

    Raises:
        Refusal: `card_invalid` with field and nearest known word: an unknown key, indicator, dimension, code or gap.
    """
    path = FOLDER / f"{treaty}.yml"
    return parse_card(treaty, path.read_text(encoding="utf-8"))


def parse_card(treaty: str, text: str) -> TreatyCard:
    """Return the card in a text. Raises as `load` does."""
    try:
        content: Any = parse_yaml(text)
    except ValueError as error:
        raise _invalid(treaty, [], "unreadable", "", TreatyCard.model_fields) from error
    try:
        card = TreatyCard.model_validate({**(content if isinstance(content, dict) else {}), "name": treaty})
    except ValidationError as error:
        first = foremost_error(error)
        known = [*TreatyCard.model_fields, *RowCard.model_fields]
        raise _invalid(treaty, first["loc"], first["type"], str(first["loc"][-1]), known) from error
    for problem in _problems(card):
        raise _invalid(treaty, problem.place, problem.problem, problem.word, problem.known)
    return card


def _invalid(treaty: str, place: Iterable[str | int], problem: str, word: str, known: Iterable[str]) -> Refusal:
    field, near = ".".join(map(str, place)), nearest_word_or_all(word, known)
    return Refusal("card_invalid", where=f"{treaty}.yml", field=field, problem=problem, nearest=near)


class _CardProblem(NamedTuple):
    """A problem that the schema cannot detect: its field, what it is, the wrong word, the known words."""

    place: tuple[str | int, ...]
    problem: str
    word: str
    known: Iterable[str]


def _problems(card: TreatyCard) -> Iterator[_CardProblem]:
    """Yield the problems that the schema cannot detect."""
    yield from (_CardProblem(("caveats", gap), "unknown_gap", gap, GAPS) for gap in card.caveats if gap not in GAPS)
    for name, rows in card.questions.items():
        if not _NAME.fullmatch(name) or not rows:
            yield _CardProblem(("questions", name), "name_or_no_rows", name, card.questions)
        for number, row in enumerate(rows):
            yield from _problems_of_row(("questions", name, number), row)


def _problems_of_row(place: tuple[str | int, ...], row: RowCard) -> Iterator[_CardProblem]:
    if row.gap:
        if row.gap not in GAPS:
            yield _CardProblem((*place, "gap"), "unknown_gap", row.gap, GAPS)
        if row != RowCard(gap=row.gap):
            yield _CardProblem((*place, "gap"), "gap_and_indicator", "gap", RowCard.model_fields)
        return
    if row.indicator not in CATALOGUE:
        yield _CardProblem((*place, "indicator"), "unknown_indicator", row.indicator, CATALOGUE)
    for dimension in (*row.at, *([row.each] if row.each else [])):
        if dimension not in BREAKDOWNS:
            yield _CardProblem((*place, dimension), "unknown_dimension", dimension, BREAKDOWNS)
    if row.each in row.at:
        yield _CardProblem((*place, "each"), "named_twice", row.each, [name for name in BREAKDOWNS if name != row.each])
    yield from _unknown_codes(place, row.at)


def _unknown_codes(place: tuple[str | int, ...], at: Mapping[str, str]) -> Iterator[_CardProblem]:
    for dimension, code in at.items():
        if dimension in _CODED and code not in codes_of(dimension):
            yield _CardProblem((*place, "at", dimension), "unknown_code", code, codes_of(dimension))
