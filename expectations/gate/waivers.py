"""Waivers: a rule of the gate set aside in public, signed, with a reason and a last day (`waivers.yml`).

Belongs here: the schema of a waiver, which rules may be waived at all, which waivers are in force.
Does not belong here: judging (`verdicts.py`), or the sentence in the notes (`release_notes.py`).

A rule that protects people or ties the verdict to the bytes is never waived: the list is closed, and adding a rule to
it is a separate decision (`docs/decisions`, "Waivers in public").
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from expectations.cards.dataset_card import DatasetCard, load_dataset
from expectations.gate.rule_result import RuleResult
from ingestion.cards.card_errors import foremost_error, nearest_key
from ingestion.text.folding import nearest_word_or_all
from languages.refusal import Refusal

WAIVERS = Path(__file__).parents[1] / "waivers.yml"

NEVER = frozenset(
    {
        "something_is_said",
        "every_check_ran",
        "only_allowed_columns",
        "files_agree",
        "breakdowns_are_known",
        "derived_follow_printed",
        "derived_tell_nothing_more",
        "rows_follow_codes",
        "one_mark_for_hidden",
        "periods_do_not_overlap",
        "years_are_over",
        "roundings_cannot_be_joined",
        "one_count_is_one_figure",
        "values_follow_the_candidate",
        "marks_match_values",
        "methods_fit_units",
        "rounded_to_base",
        "exact_is_large_enough",
        "nothing_on_the_never_list",
        "disclosure_audit",
        "holders_are_not_named",
        "marks_are_known",
        "methods_are_known",
    }
)
"""Rules that are never waived: protection, the allow-list of columns, vacuity, agreement of the bytes.

Written out, so that reading a verdict loads no rule; a test compares the list with the rules.
"""

_OF_THE_HOUSE = ("totals_add_up", "rows_kept", "reporting_kept")
_LONGEST_DAYS = 366
_WARNING_DAYS = 30


class Waiver(BaseModel):
    """Permission for one rule of one dataset to be broken until a day.

    Attributes:
        dataset: the dataset.
        rule: a check of its card, or a mandatory rule that may be waived.
        signed_by: the agency or role responsible for it; printed.
        reason: why the figures are fit for use all the same; printed.
        date: when it was signed.
        expires: the last day on which it is in force, at most a year later.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    dataset: str
    rule: str
    signed_by: str = Field(min_length=3)
    reason: str = Field(min_length=10)
    date: datetime.date
    expires: datetime.date

    @model_validator(mode="after")
    def _check_days(self) -> Waiver:
        if not 0 <= (self.expires - self.date).days <= _LONGEST_DAYS:
            raise ValueError("expires: a day within a year after the date")
        return self

    def is_in_force(self, today: datetime.date) -> bool:
        """Return whether it is in force on a day."""
        return self.date <= today <= self.expires


@dataclass(frozen=True)
class UsedWaiver:
    """A waiver that was used because its rule did not hold. Dates are ISO."""

    rule: str
    signed_by: str
    reason: str
    date: str
    expires: str


def load_waivers() -> list[Waiver]:
    """Return all waivers, expired ones too.

    Raises:
        Refusal: `card_invalid` for a missing or unknown field; `dataset_unknown`; `waiver_unknown_rule`;
            `waiver_forbidden` for a rule that is never waived.
    """
    content = yaml.safe_load(WAIVERS.read_text(encoding="utf-8")) or []
    if not isinstance(content, list):
        raise Refusal("card_invalid", where=WAIVERS.name, field="-", problem="a list", nearest="dataset")
    waivers = [_validate_waiver(entry) for entry in content]
    for waiver in waivers:
        _check_rule(waiver, load_dataset(waiver.dataset))
    return waivers


def used_waivers(dataset: str, rules: Iterable[RuleResult], today: datetime.date) -> tuple[UsedWaiver, ...]:
    """Return the dataset's waivers in force whose rule does not hold, ordered by rule.

    Args:
        dataset: name of the dataset.
        rules: results of the gate.
        today: the day on which the waiver has to be in force.

    Returns:
        Waivers in the order of the rules' names; never one for a rule of `NEVER`.
    """
    broken = {rule.id for rule in rules if not rule.passed}
    in_force = {
        waiver.rule: waiver
        for waiver in load_waivers()
        if waiver.dataset == dataset and waiver.rule in broken and waiver.is_in_force(today)
    }
    return tuple(
        UsedWaiver(rule, waiver.signed_by, waiver.reason, waiver.date.isoformat(), waiver.expires.isoformat())
        for rule, waiver in sorted(in_force.items())
    )


def notices(known: Iterable[Waiver], dataset: str, rules: Sequence[RuleResult], today: datetime.date) -> list[Refusal]:
    """Return the notices about a dataset's waivers.

    Codes: `waiver_expired`; `waiver_ending` within thirty days; `waiver_unneeded` if the rule held without it.

    Args:
        known: all waivers (`load_waivers`).
        dataset: name of the dataset.
        rules: last results of the gate.
        today: the current day.
    """
    holding = {rule.id for rule in rules if rule.passed}
    refusals: list[Refusal] = []
    for waiver in known:
        if waiver.dataset != dataset:
            continue
        rule, last_day = waiver.rule, waiver.expires.isoformat()
        if waiver.expires < today:
            refusals.append(Refusal("waiver_expired", where=dataset, rule=rule, expires=last_day))
        elif waiver.rule in holding:
            refusals.append(Refusal("waiver_unneeded", where=dataset, rule=rule))
        elif (waiver.expires - today).days <= _WARNING_DAYS:
            refusals.append(Refusal("waiver_ending", where=dataset, rule=rule, expires=last_day))
    return refusals


def _validate_waiver(entry: object) -> Waiver:
    try:
        return Waiver.model_validate(entry)
    except ValidationError as error:
        first = foremost_error(error)
        field = ".".join(map(str, first["loc"])) or "-"
        near = nearest_key(Waiver, field)
        problem = first["msg"].removeprefix("Value error, ")
        raise Refusal("card_invalid", where=WAIVERS.name, field=field, problem=problem, nearest=near) from error


def _check_rule(waiver: Waiver, card: DatasetCard) -> None:
    if waiver.rule in NEVER:
        raise Refusal("waiver_forbidden", where=waiver.dataset, rule=waiver.rule)
    known = sorted({*(check.id for check in card.checks), *_OF_THE_HOUSE} - NEVER)
    if waiver.rule not in known:
        raise Refusal(
            "waiver_unknown_rule",
            where=waiver.dataset,
            rule=waiver.rule,
            nearest=nearest_word_or_all(waiver.rule, known),
        )
