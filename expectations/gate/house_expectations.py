"""Marsad's own expectations, besides the stock ones of Great Expectations: for each row, over several columns.

Belongs here: one class per rule, described as Great Expectations describes its own; once the module is imported, the
base suite calls them by name (`expect_marks_to_match_values`). Does not belong here: what a rule checks
(`row_rules.py`), or rules that no expectation can express (`mandatory_rules.py`). Imported late, with Great
Expectations.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import pandas as pd
from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import MulticolumnMapExpectation
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_condition_partial import (
    multicolumn_condition_partial,
)
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_map_metric_provider import (
    MulticolumnMapMetricProvider,
)

from expectations.gate.row_rules import ROW_RULES

_METRIC = "multicolumn_values.keep_rule"


class RowsKeepRule(MulticolumnMapMetricProvider):
    """Which rows satisfy a rule of `row_rules.ROW_RULES`."""

    condition_metric_name = _METRIC
    condition_domain_keys = ("batch_id", "table", "column_list", "row_condition", "condition_parser", "ignore_row_if")
    condition_value_keys = ("rule", "settings")

    @multicolumn_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column_list: pd.DataFrame, rule: str, settings: dict[str, Any] | None, **_: object) -> pd.Series:  # noqa: N805
        return ROW_RULES[rule](column_list, **(settings or {}))


class RowExpectation(MulticolumnMapExpectation):
    """Base of Marsad's expectations: no row is skipped because one of its columns is empty.

    Attributes:
        rule: its name in `row_rules.ROW_RULES`.
        settings: settings of the rule from the dataset's card.
    """

    rule: str
    settings: dict[str, Any] | None = None
    ignore_row_if: Literal["all_values_are_missing", "any_value_is_missing", "never"] = "never"
    success_keys: ClassVar[tuple[str, ...]] = ("rule", "settings", "mostly")
    args_keys: ClassVar[tuple[str, ...]] = ("column_list", "rule")


class ExpectMarksToMatchValues(RowExpectation):
    """Expect a value exactly if the row's status says so, and confidential status exactly if a value is withheld."""

    map_metric: ClassVar[str | None] = _METRIC
    description: str | None = (
        "A row has a value exactly where its status is A, and is confidential exactly where it is Q."
    )
    rule: str = "marks_match_values"


class ExpectMethodsToFitUnits(RowExpectation):
    """Expect a figure of a protected unit to be rounded, exact by rule, or derived from such figures."""

    map_metric: ClassVar[str | None] = _METRIC
    description: str | None = (
        "A figure of a protected unit was rounded, is exact by rule, or is derived from such figures."
    )
    rule: str = "methods_fit_units"


class ExpectRoundedFiguresToBeMultiples(RowExpectation):
    """Expect a figure that is marked as rounded to be a multiple of the base in its method."""

    map_metric: ClassVar[str | None] = _METRIC
    description: str | None = "A rounded figure is a multiple of the base that its method names."
    rule: str = "rounded_to_base"


class ExpectExactFiguresToReachTheirThreshold(RowExpectation):
    """Expect an exact figure to reach the threshold in its method."""

    map_metric: ClassVar[str | None] = _METRIC
    description: str | None = "An exact figure reaches the threshold that its method names."
    rule: str = "exact_is_large_enough"


class ExpectNoRowOfTheNeverList(RowExpectation):
    """Expect no row at coordinates that are never released, not even a withheld one."""

    map_metric: ClassVar[str | None] = _METRIC
    description: str | None = "No row lies at coordinates that the card keeps inside, not even a hidden one."
    rule: str = "nothing_on_the_never_list"
