"""The checks of a dataset as written: one expectation each, the base suite first, then the card's own.

Belongs here: the schema of a check, `base_suite.yml`, and what a card may change of it.
Does not belong here: running them (`dataset_suite.py`), Marsad's own expectations (`house_expectations.py`), or a rule
that no expectation can express (`mandatory_rules.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from languages.refusal import Refusal

PATH = Path(__file__).parents[1] / "base_suite.yml"


class SuiteCheck(BaseModel):
    """One expectation of Great Expectations; its text is in the catalogue under `rule.<id>`.

    Attributes:
        expectation: its type, as Great Expectations names it.
        kwargs: its arguments.
        each: columns that are checked one by one; together they are one rule.
        where: only rows with these codes are checked.
        codes: whether values must be in the column's code list.
        from_card: what the dataset's card passes to the expectation, as `settings`.
        severity: `critical` blocks the release, `warning` is printed in its notes.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    expectation: str = Field(pattern=r"^expect_[a-z_]+$")
    kwargs: dict[str, Any] = Field(default_factory=dict[str, Any])
    each: list[str] = Field(default_factory=list[str])
    where: dict[str, str] = Field(default_factory=dict[str, str])
    codes: bool = False
    from_card: list[str] = Field(default_factory=list[str])
    severity: Literal["critical", "warning"]


def add_base_checks(
    own: Sequence[SuiteCheck], allowed: Callable[[str], list[str]], setting: Callable[[str], Any], where: str
) -> list[SuiteCheck]:
    """Return the base suite and then the card's checks; a check with the name of a base check narrows its set.

    Args:
        own: the checks written in the card.
        allowed: returns the values that the code lists allow in a column of the dataset.
        setting: returns the card's setting for a name of `from_card`.
        where: the card's file.

    Raises:
        Refusal: `card_invalid` for a check that changes a base check in any other way.
    """
    base = {check.id: _fill_arguments(check, allowed, setting) for check in base_checks()}
    mine = {check.id: _fill_arguments(check, allowed, setting) for check in own}
    for name in base.keys() & mine.keys():
        if not _narrows_base(mine[name], base[name]):
            problem = "a check of the base suite can only be given fewer values"
            raise Refusal("card_invalid", where=where, field=f"checks.{name}", problem=problem, nearest="value_set")
    return list((base | mine).values())


@lru_cache(maxsize=1)
def base_checks() -> tuple[SuiteCheck, ...]:
    """Return the base suite as it is written."""
    return tuple(
        SuiteCheck.model_validate(check) for check in yaml.safe_load(PATH.read_text(encoding="utf-8"))["checks"]
    )


def _fill_arguments(
    check: SuiteCheck, allowed: Callable[[str], list[str]], setting: Callable[[str], Any]
) -> SuiteCheck:
    kwargs = dict(check.kwargs)
    if check.codes:
        kwargs["value_set"] = allowed(kwargs["column"])
    if check.from_card:
        kwargs["settings"] = {name: setting(name) for name in check.from_card}
    return check.model_copy(update={"codes": False, "from_card": [], "kwargs": kwargs})


def _narrows_base(own: SuiteCheck, base: SuiteCheck) -> bool:
    """Return whether a check equals the base check except that its set of values is a subset."""
    values, allowed = own.kwargs.get("value_set"), base.kwargs.get("value_set")
    if not values or allowed is None:
        return own == base
    asks_the_same = own.model_copy(update={"kwargs": {**own.kwargs, "value_set": allowed}}) == base
    return asks_the_same and set(values) <= set(allowed)
