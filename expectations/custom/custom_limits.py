"""What a custom table may not ask, whatever the true counts: too many crossed dimensions, too few persons per cell.

Belongs here: limits that anybody can work out from the question, the code lists and printed figures, so that a refusal
reveals nothing that is not printed. Does not belong here: whether an answer discloses too much together with everything
published (the audit, `custom_tables.py`).

Noise protects a single cell. In a cross of three dimensions every cell is part of seven sums, each with its own noise,
besides printed margins: together they narrow the cell again (decision 80).
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from expectations.cards import areas
from expectations.cards.cells import COUNTED, DIMENSIONS, TOTAL
from expectations.cards.codes import CODED, codes_of
from expectations.cards.indicator_card import IndicatorCard
from expectations.custom.custom_questions import CustomQuestion
from languages.refusal import Refusal

MOST_CROSSED = 2
"""Dimensions that may be crossed below the country. A category that is asked for alone counts as crossed: all of its
dimension could be asked for one after the other."""

LEAST_MEAN = 16
"""Least average number of persons per cell of the finest cross, by the printed total of the place and year."""


def crossed_dimensions(question: CustomQuestion) -> tuple[str, ...]:
    """Return the dimensions in which the cells of a question differ, or of which they are one category."""
    return tuple(dict.fromkeys([*question.by, *question.where]))


def refuse_too_fine(
    question: CustomQuestion, card: IndicatorCard, released: pd.DataFrame, merged: Mapping[str, Mapping[str, str]]
) -> None:
    """Refuse a question that is too fine by itself, or for the printed total of a place and year.

    Args:
        question: a question whose words are known.
        card: card of the indicator.
        released: the printed cells of the last releases.
        merged: dimension to {category: published category}.

    Raises:
        Refusal: `table_full_cross` for all dimensions of an indicator that has several; `table_too_many_crossed`;
            `table_too_sparse`, with the place, the year and the printed total.
    """
    crossed = crossed_dimensions(question)
    named = ", ".join(crossed)
    if len(crossed) > 1 and set(crossed) == set(card.dimensions):
        raise Refusal("table_full_cross", where=question.indicator, dimensions=named)
    below = [area for area in question.areas if area not in (areas.COUNTRY, "country")]
    if below and len(crossed) > MOST_CROSSED:
        raise Refusal("table_too_many_crossed", where=", ".join(below), dimensions=named, most=MOST_CROSSED)
    own = released[released["indicator"] == question.indicator]
    cells = math.prod(_category_count(own, name, merged.get(name, {})) for name in crossed)
    for (area, year), printed in _least_printed_totals(own, question).items() if crossed else ():
        if printed < LEAST_MEAN * cells:
            needed = {"cells": cells, "least": LEAST_MEAN, "needed": LEAST_MEAN * cells}
            raise Refusal("table_too_sparse", where=f"{area}, {year}", dimensions=named, printed=int(printed), **needed)


def _category_count(own: pd.DataFrame, dimension: str, merged: Mapping[str, str]) -> int:
    """Return the number of categories of a dimension: as printed anywhere for the indicator, else by its code list."""
    printed = set(own[dimension]) - {TOTAL}
    listed = {merged.get(code, code) for code in codes_of(dimension)} if dimension in CODED else set[str]()
    return len(printed or listed) or 1


def _least_printed_totals(own: pd.DataFrame, question: CustomQuestion) -> dict[tuple[str, str], float]:
    """Return the smallest printed total per place and year; a withheld total is 0, a missing one is left out.

    A rounded 0 stands for few persons, and is 0 here.
    """
    is_total = (own[list(DIMENSIONS)] == TOTAL).all(axis=1) & own["measure"].isin(list(COUNTED))
    is_asked = own["ref_area"].isin(list(question.areas)) | own["ref_area"].map(areas.level_of).isin(question.areas)
    totals = own[is_total & is_asked & own["time_period"].isin(list(question.years)) & (own["obs_status"] != "O")]
    least = totals.assign(obs_value=totals["obs_value"].fillna(0)).groupby(["ref_area", "time_period"])["obs_value"]
    return {(str(area), str(year)): float(value) for (area, year), value in least.min().items()}  # pyright: ignore[reportGeneralTypeIssues] - a key of two
