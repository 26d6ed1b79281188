"""The table of rules, `rules.yml`: which sentences are tried, in the order of the text.

Belongs here: the schema of a row and reading the table.
Does not belong here: whether a sentence is true of a release (`finding_search.py`), or the sentences
(`languages/en.yml`, keys `edition.finding.<key>…`).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal, Self

import yaml
from pydantic import Field, model_validator

from expectations.cards.cells import DIMENSIONS
from expectations.cards.dataset_card import StrictCard, validate_card
from languages.refusal import Refusal

TABLE = Path(__file__).parent / "rules.yml"
Kind = Literal["level", "change", "share", "part", "rank", "silence"]


class RuleCell(StrictCard):
    """One invented cell of an example, as a release would hold it.

    Attributes:
        value: None for a missing figure.
        status: of the observation: `A` published, `Q` withheld, `O` missing.
        held: whether the year is frozen: its figure is that of an earlier release.
        reported: agencies that reported, of two that should.
    """

    measure: str
    year: str = "2025"
    at: dict[str, str] = Field(default_factory=dict[str, str])
    value: float | None = None
    method: str = "ROUNDED_5"
    status: str = "A"
    held: bool = False
    reported: int = 2

    @property
    def operand(self) -> tuple[str, str]:
        """Its indicator, empty for that of the rule, and its measure: `PRT-01/COUNT`."""
        indicator, _, measure = self.measure.rpartition("/")
        return indicator, measure


class NotSaid(StrictCard):
    """A counter-example: figures for which the sentence of the rule must not be used, and why."""

    why: str = Field(min_length=10)
    cells: list[RuleCell] = Field(min_length=1)
    is_broken: bool = False


class FindingRule(StrictCard):
    """One row: a sentence that is tried.

    Attributes:
        key: its name; sentences stand under `edition.finding.<key>`.
        about: the subject; of several rules about one subject only the first that holds is used.
        kind: how its truth is decided.
        demand: the demand that it belongs to.
        indicator: its code; `*` for each that has no rule of its own; empty for silence.
        measure: the count that it states; for a share its numerator.
        whole: the measure that a share is of, `DENOMINATOR`, or that of another indicator, `PRT-01/COUNT`.
        at: its categories; for a part, the category of the part, with the dimension that divides the whole first.
        whole_at: categories of the whole.
        doubtful: codes of the first dimension of a part that may belong to it too.
        by: the dimension whose first category a rank names.
        least: the lower bound of a whole or level must be at least this.
        said: cells for which the sentence is used.
        not_said: a counter-example.
    """

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    about: str
    kind: Kind
    demand: Literal["D1", "D2", "D3", "D4"]
    indicator: str = ""
    measure: str = "COUNT"
    whole: str = ""
    at: dict[str, str] = Field(default_factory=dict[str, str])
    whole_at: dict[str, str] = Field(default_factory=dict[str, str])
    doubtful: list[str] = Field(default_factory=list[str])
    by: str = ""
    least: float = 20
    said: list[RuleCell] = Field(default_factory=list[RuleCell])
    not_said: NotSaid | None = None

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> Self:
        needs = {"share": bool(self.whole), "part": bool(self.at), "rank": self.by in DIMENSIONS}
        if not needs.get(self.kind, True):
            raise ValueError(self.kind)
        if self.kind != "silence" and not (self.indicator and self.said and self.not_said):
            raise ValueError("not_said")
        return self


@cache
def rules() -> tuple[FindingRule, ...]:
    """Return the rules in the order of the text.

    Raises:
        Refusal: `card_invalid` for a row that lacks its counter-example, or a duplicate key.
    """
    content = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    all_rules = tuple(validate_card(FindingRule, row, where=TABLE.name) for row in content)
    keys = [rule.key for rule in all_rules]
    if twice := next((key for key in keys if keys.count(key) > 1), ""):
        raise Refusal("card_invalid", where=TABLE.name, field=twice, problem="stands twice", nearest="key")
    return all_rules
