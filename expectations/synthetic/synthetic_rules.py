"""The rules that a synthetic file must pass: differential privacy protects persons, these rules check the file.

Belongs here: rules over the bytes to be released, each counting its violations.
Does not belong here: a disclosure audit: arithmetic on a differentially private file reveals no more about anybody than
its budget allows, and its records belong to nobody. Its closeness to the truth is published with noise (`errors.csv`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from expectations.cards.cells import csv_bytes, find_matches, read_parquet, rows_as_csv
from expectations.gate.rule_result import RuleResult
from expectations.synthetic import ctdc_columns, synthetic_source
from expectations.synthetic.privacy_budget import Spending
from methods.disclosure.noise.synthetic_records import ERROR_LIMIT, TableError

COLUMNS = ("time_period", *synthetic_source.COLUMNS)
FILES = ("data.csv", "data.parquet", "ctdc.csv", "errors.csv")
_WORST_ERROR = 2 * ERROR_LIMIT  # for two-way tables: twice the promised expected error is of no use to anybody


@dataclass(frozen=True)
class SyntheticSubject:
    """What the rules check.

    Attributes:
        files: the bytes by name (`FILES`).
        spending: the line that pays for them.
        booked: lines of the year in the budget.
        errors: the error table.
        least: smallest allowed number of records.
    """

    files: Mapping[str, bytes]
    spending: Spending
    booked: Sequence[Spending]
    errors: Sequence[TableError]
    least: int


def evaluate(case: SyntheticSubject) -> list[RuleResult]:
    """Return one result per rule, all critical; a file with other columns is not checked any further."""
    frame = read_parquet(case.files["data.parquet"])
    allowed = [str(column) for column in frame.columns] == list(COLUMNS)
    first = _rule_result("only_allowed_columns", len(frame.columns), int(not allowed))
    if not allowed:
        return [first]
    return [
        first,
        _rule_result("synthetic_codes_known", len(frame), _count_unknown(frame, case.spending.year)),
        _rule_result(
            "synthetic_never_absent",
            len(frame),
            sum(int(find_matches(frame, coordinates).sum()) for coordinates in synthetic_source.never_combinations()),
        ),
        _rule_result("synthetic_sorted_by_code", len(frame), int(not frame.equals(_order_rows(frame)))),
        _rule_result("synthetic_enough_records", len(frame), int(len(frame) < case.least)),
        _rule_result("synthetic_budget_booked", 1, int(list(case.booked)[-1:] != [case.spending])),
        _rule_result("synthetic_error_small", len(case.errors), _is_error_too_large(case.errors)),
        _rule_result("files_agree", len(frame), _count_differing_files(case, frame)),
    ]


def _rule_result(name: str, evaluated: int, unexpected: int) -> RuleResult:
    return RuleResult(name, "house", "critical", unexpected == 0, evaluated, unexpected)


def _count_unknown(frame: pd.DataFrame, year: str) -> int:
    unknown = frame["time_period"] != year
    for column, codes in synthetic_source.domains().items():
        unknown |= ~frame[column].isin(codes)
    return int(unknown.sum())


def _order_rows(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values(list(COLUMNS), kind="stable").reset_index(drop=True)


def _is_error_too_large(errors: Sequence[TableError]) -> int:
    """Return 1 if the error of two-way tables is missing or too large, else 0."""
    return int(not any(error.ways == 2 and error.error <= _WORST_ERROR for error in errors))


def _count_differing_files(case: SyntheticSubject, frame: pd.DataFrame) -> int:
    """Return how many of the other files differ from the records in the Parquet file."""
    records = frame.loc[:, list(synthetic_source.COLUMNS)]
    expected = {
        "data.csv": csv_bytes(frame),
        "ctdc.csv": csv_bytes(ctdc_columns.lay_out_records(records, case.spending.year)),
        "errors.csv": errors_bytes(case.errors),
    }
    return sum(case.files[name] != data for name, data in expected.items())


def errors_bytes(errors: Sequence[TableError]) -> bytes:
    """Return the error table as CSV: number of columns, mean error, standard deviation of its noise; two decimals."""
    lines = ([error.ways, f"{error.error:.2f}", f"{error.spread:.2f}"] for error in errors)
    return rows_as_csv([["columns_count", "mean_error_share", "noise_share"], *lines])
