"""The suite of a dataset: its card's checks, run by Great Expectations on the final frame.

Belongs here: turning checks into expectations, and results into Marsad's own, without a single row value.
Does not belong here: rules that hold for every dataset (`mandatory_rules.py`), or what follows from a result
(`verdicts.py`). Great Expectations is imported inside the function that needs it: the import takes seconds, and most
commands never need it.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from expectations.cards.dataset_card import DatasetCard
from expectations.cards.suite_card import SuiteCheck
from expectations.gate.rule_result import RuleResult
from languages.refusal import Refusal

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuite

# Only counts: the default result carries row values, which do not belong in a verdict.
_RESULT_FORMAT = {"result_format": "SUMMARY", "partial_unexpected_count": 0}


def load() -> Any:  # noqa: ANN401 - a module without types
    """Import Great Expectations and return it; a caller that has to wait anyway may import it early."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # before the import: otherwise it sends analytics
    import great_expectations

    # The module that makes contexts sets the log level INFO when imported, and logs the path of each on the terminal.
    logging.getLogger("great_expectations.data_context.types.base").setLevel(logging.WARNING)
    from expectations.gate import house_expectations  # noqa: F401  # pyright: ignore[reportUnusedImport]  # makes them known

    return great_expectations


def validate(card: DatasetCard, frame: pd.DataFrame) -> Any:  # noqa: ANN401 - a type of Great Expectations, imported late
    """Return Great Expectations' result for the final frame of a dataset: counts, and no value of a row.

    Great Expectations passes an empty suite or frame, so the mandatory rules check both.

    Raises:
        Refusal: `check_invalid` for an expectation or argument that Great Expectations does not know.
    """
    gx = load()
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("final").add_dataframe_asset(card.name)
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
    return batch.validate(_suite(card), result_format=_RESULT_FORMAT)


def results_of(card: DatasetCard, validation: Any) -> list[RuleResult]:  # noqa: ANN401 - a type of Great Expectations
    """Return one result per check, in the order of the card, from what `validate` returned."""
    by_rule: dict[str, list[Any]] = {}
    for result in validation.results:
        if result.expectation_config:
            by_rule.setdefault(str(result.expectation_config.meta["rule"]), []).append(result)
    return [_rule_result(check, by_rule.get(check.id, [])) for check in card.checks]


def _suite(card: DatasetCard) -> ExpectationSuite:
    from great_expectations.core import ExpectationSuite
    from great_expectations.exceptions.exceptions import GreatExpectationsError

    suite = ExpectationSuite(name=card.name)
    for check in card.checks:
        try:
            for configuration in _configurations(check):
                suite.add_expectation_configuration(configuration)
        except (GreatExpectationsError, ValueError) as error:
            raise Refusal("check_invalid", where=card.name, check=check.id, expectation=check.expectation) from error
    return suite


def _configurations(check: SuiteCheck) -> list[Any]:
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
    from great_expectations.expectations.metadata_types import FailureSeverity

    condition = {"row_condition": _condition(check.where)} if check.where else {}
    asked = [{"column": column} for column in check.each] or [{}]
    return [
        ExpectationConfiguration(
            type=check.expectation,
            kwargs={**check.kwargs, **arguments, **condition},
            severity=FailureSeverity[check.severity.upper()],
            meta={"rule": check.id},
        )
        for arguments in asked
    ]


def _condition(where: Mapping[str, str]) -> Any:  # noqa: ANN401 - a type of Great Expectations, imported late
    from great_expectations.expectations.row_conditions import Column

    first, *others = [Column(column) == code for column, code in where.items()]
    for other in others:
        first = first & other
    return first


def _rule_result(check: SuiteCheck, results: Sequence[Any]) -> RuleResult:
    """Merge the results of a check; one without counts was not evaluated (missing column, error): it fails."""
    counts = [dict(result.result) for result in results]
    was_evaluated = [("element_count" in counted or "observed_value" in counted) for counted in counts]
    is_whole = len(results) == max(len(check.each), 1) and all(was_evaluated)
    return RuleResult(
        id=check.id,
        origin="card",
        severity=check.severity,
        passed=is_whole and all(bool(result.success) for result in results),
        evaluated=max((int(counted.get("element_count", 1)) for counted in counts), default=0) if is_whole else 0,
        unexpected=sum(int(counted.get("unexpected_count", 0)) for counted in counts),
    )
