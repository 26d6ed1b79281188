"""A custom question, read from what a person typed, and the figures of its answer.

Does not belong here: what may be answered and how (`expectations/custom/custom_tables.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from expectations.cards.cells import KEY, TOTAL
from expectations.cards.codes import indicator_code
from expectations.cards.place_names import area_of
from expectations.custom.custom_questions import CustomQuestion
from expectations.custom.custom_tables import CustomTableAnswer
from languages.refusal import Refusal

_ALWAYS = ("measure", "ref_area", "time_period")


def read_question(dataset: str, indicator: str, by: str, area: str, year: str, where: Iterable[str]) -> CustomQuestion:
    """Return the question: names and codes as typed, commas between several, `where` as `dimension=CODE`.

    Raises:
        Refusal: `table_unknown`.
    """
    areas, categories = tuple(map(area_of, _split_list(area))), dict(map(_split_pair, where))
    return CustomQuestion(dataset, indicator_code(indicator), _split_list(by), areas, _split_list(year), categories)


def shown_columns(made: CustomTableAnswer) -> list[str]:
    """Return the informative columns: keys that differ or are no total, the figure, how it was protected."""
    keys = [name for name in KEY if name in _ALWAYS or set(made.rows[name]) != {TOTAL}]
    return [*keys, "obs_value", "obs_status", "disclosure_method"]


def figures_of_table(made: CustomTableAnswer) -> list[dict[str, Any]]:
    """Return the rows of an answer with its informative columns; None where there is no figure."""
    cells = made.rows.loc[:, shown_columns(made)].astype(object)
    rows = cells.where(cells.notna(), None).to_dict("records")
    return [
        {str(name): int(value) if isinstance(value, float) else value for name, value in row.items()} for row in rows
    ]


def _split_list(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _split_pair(text: str) -> tuple[str, str]:
    name, sign, code = text.partition("=")
    if not sign:
        raise Refusal("table_unknown", where=text, option="--where", nearest="form=BEGGING")
    return name.strip(), code.strip()
