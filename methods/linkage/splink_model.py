"""How probable it is that two records are of one person: Fellegi and Sunter's model, fitted by Splink on DuckDB.

Belongs here: Splink's settings for our fields, training, the pairs, its errors.
Does not belong here: fields and levels (`person_records.py`), how few records are not linked (`record_links.py`).

Sources: Fellegi and Sunter 1969; Linacre and others 2022 (Splink). The order of calls was chosen by measurement:
blocked training collapses on few records, so up to `ALL_PAIRS_UP_TO` records all pairs are compared. Splink is imported
only when there is something to link: the import takes half a second.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from methods.linkage import person_records
from methods.linkage.person_records import BLOCKING, LEVELS, AgreementLevel

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

ALL_PAIRS_UP_TO = 3_000
LEAST_PROBABILITY = 0.05
"""Less probable pairs are no link at any threshold, and are not stored as links."""

_SEED = 28
_MOST_PAIRS_FOR_U, _MOST_PAIRS_FOR_M = 1e6, 2e6


class SplinkFailed(Exception):  # noqa: N818  named by what happened
    """Splink broke off; the text says with which error."""


def probable_pairs(
    connection: duckdb.DuckDBPyConnection,
    records: pd.DataFrame,
    expected_links: float,
    least: float = LEAST_PROBABILITY,
) -> pd.DataFrame:
    """Return the pairs of records of different holders with their probability.

    Args:
        connection: our own, in memory.
        records: frame with `person_records.COLUMNS`, of at least two holders.
        expected_links: approximate number of true pairs; their share of all pairs is held fixed while training.
        least: least probability of a returned pair.

    Returns:
        Columns `left`, `right` (names of records, `left` of the holder that comes first by name) and `probability`.

    Raises:
        SplinkFailed: whatever Splink raised.
    """
    holders = sorted(records["holder"].unique())
    for place, holder in enumerate(holders):
        person_records.put_in(connection, f"holder_{place}", records[records["holder"] == holder])
    try:
        table = _predict(connection, records, len(holders), expected_links, least)
    except Exception as error:
        raise SplinkFailed(_describe(error)) from error
    query = (
        f"select record_l as left, record_r as right, match_probability as probability from {table}"  # noqa: S608 - Splink's own name
        " order by record_l, record_r"
    )
    return connection.execute(query).df()


def _describe(error: Exception) -> str:
    """Return the class of an error, and its text unless it is DuckDB's, which may quote a value of a record."""
    import duckdb
    import splink

    text = "" if isinstance(error, duckdb.Error) else f": {error}"
    return f"Splink {splink.__version__}, {type(error).__name__}{text}"


def _predict(
    connection: duckdb.DuckDBPyConnection, records: pd.DataFrame, holders: int, expected_links: float, least: float
) -> str:
    """Train the model on the tables of the holders; return the name of Splink's table of pairs."""
    from splink import DuckDBAPI, Linker

    database = DuckDBAPI(connection)
    registered: list[Any] = [
        database.register(f"holder_{place}", dataset_display_name=f"{place:03d}") for place in range(holders)
    ]
    fields = person_records.fields_held(records)
    settings = _settings(fields, _rules(len(records), fields), expected_links / _pairs_of(records))
    logging.getLogger("splink").setLevel(logging.ERROR)
    linker = Linker(registered, settings, log_level=logging.ERROR, validate_settings=False)
    linker.training.estimate_u_using_random_sampling(max_pairs=_MOST_PAIRS_FOR_U, seed=_SEED)
    linker.training.estimate_parameters_using_expectation_maximisation(
        "1=1", fix_probability_two_random_records_match=True, max_pairs=_MOST_PAIRS_FOR_M
    )
    return str(linker.inference.predict(threshold_match_probability=least).physical_name)


def _rules(count: int, fields: Sequence[str]) -> list[Any]:
    """Return all pairs of few records; of many, those that a blocking rule on available fields brings together."""
    if count <= ALL_PAIRS_UP_TO:
        return ["1=1"]
    return [rule for rule in BLOCKING if _fields_in_rule(rule) <= set(fields)]


def _fields_in_rule(rule: str) -> set[str]:
    return {word.removeprefix("l.") for word in rule.split() if word.startswith("l.")}


def _pairs_of(records: pd.DataFrame) -> float:
    """Return the number of pairs of records of different holders."""
    sizes = records["holder"].value_counts()
    return float(sizes.sum() ** 2 - (sizes**2).sum()) / 2


def _settings(fields: Sequence[str], rules: list[Any], prior: float) -> Any:  # noqa: ANN401 - Splink's
    from splink import SettingsCreator

    return SettingsCreator(
        link_type="link_only",
        unique_id_column_name="record",
        comparisons=[_comparison(field, LEVELS[field]) for field in fields],
        blocking_rules_to_generate_predictions=rules,
        probability_two_random_records_match=prior,
        retain_matching_columns=False,
    )


def _comparison(field: str, levels: Sequence[AgreementLevel]) -> Any:  # noqa: ANN401 - Splink's own class
    import splink.comparison_level_library as levels_of
    import splink.comparison_library as comparisons

    made: list[Any] = [levels_of.NullLevel(field)]
    for level in levels:
        agreement = levels_of.CustomLevel(level.condition, level.label)
        made.append(agreement.configure(tf_adjustment_column=field) if level.frequent else agreement)
    made.append(levels_of.ElseLevel())
    return comparisons.CustomComparison(made, output_column_name=field)
