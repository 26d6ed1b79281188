"""The suite of a dataset: its card's checks, run by Great Expectations on the final frame.

Belongs here: turning checks into expectations and results into our own, without a single row value.
Does not belong here: rules that hold for every dataset (`mandatory_rules.py`), or what follows from a result
(`verdicts.py`). Great Expectations is imported inside the function that needs it: it takes seconds, and most commands
never do.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from expectations.cards.dataset_card import Check, DatasetCard
from languages.refusal import Refusal

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuite

_SEVERITY = {"must": "CRITICAL", "watch": "WARNING"}
# Only counts: the default result carries row values, which have no place in a verdict.
_RESULT_FORMAT = {"result_format": "SUMMARY", "partial_unexpected_count": 0}


@dataclass(frozen=True)
class RuleResult:
    """One rule and how it went; its words stand in the catalogue under `rule.<id>`.

    Attributes:
        origin: `card` for a check of the dataset's card, `house` for a rule of every dataset.
        severity: `must` blocks the release, `watch` is printed in its notes.
        evaluated: rows (or things) looked at.
        unexpected: rows (or things) that break the rule.
    """

    id: str
    origin: str
    severity: str
    passed: bool
    evaluated: int
    unexpected: int


def evaluate(card: DatasetCard, frame: pd.DataFrame) -> list[RuleResult]:
    """Return one result a check, in the order of the card.

    Passing on an empty suite or frame is what Great Expectations does, so the house rules look at both.

    Raises:
        Refusal: `check_invalid` for an expectation or argument that Great Expectations does not know.
    """
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # before the import: it calls home otherwise
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("final").add_dataframe_asset(card.name)
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
    validation = batch.validate(_suite(card), result_format=_RESULT_FORMAT)
    found = {str(one.expectation_config.meta["rule"]): one for one in validation.results if one.expectation_config}
    return [_result(check, found.get(check.id)) for check in card.checks]


def _suite(card: DatasetCard) -> ExpectationSuite:
    from great_expectations.core import ExpectationSuite
    from great_expectations.exceptions.exceptions import GreatExpectationsError

    suite = ExpectationSuite(name=card.name)
    for check in card.checks:
        try:
            suite.add_expectation_configuration(_configuration(check))
        except (GreatExpectationsError, ValueError) as error:
            raise Refusal("check_invalid", where=card.name, check=check.id, expectation=check.expectation) from error
    return suite


def _configuration(check: Check) -> Any:  # noqa: ANN401 - a type of Great Expectations, imported late
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
    from great_expectations.expectations.metadata_types import FailureSeverity

    condition = {"row_condition": _condition(check.where)} if check.where else {}
    return ExpectationConfiguration(
        type=check.expectation,
        kwargs={**check.kwargs, **condition},
        severity=FailureSeverity[_SEVERITY[check.severity]],
        meta={"rule": check.id},
    )


def _condition(where: Mapping[str, str]) -> Any:  # noqa: ANN401 - a type of Great Expectations, imported late
    from great_expectations.expectations.row_conditions import Column

    first, *others = [Column(column) == code for column, code in where.items()]
    for other in others:
        first = first & other
    return first


def _result(check: Check, found: Any) -> RuleResult:  # noqa: ANN401 - a type of Great Expectations, imported late
    """A check without counts has not been evaluated (a missing column, an error inside): it fails."""
    counts: dict[str, Any] = {} if found is None else dict(found.result)
    was_evaluated = found is not None and ("element_count" in counts or "observed_value" in counts)
    return RuleResult(
        id=check.id,
        origin="card",
        severity=check.severity,
        passed=found is not None and was_evaluated and bool(found.success),
        evaluated=int(counts.get("element_count", was_evaluated)),
        unexpected=int(counts.get("unexpected_count", 0)),
    )
