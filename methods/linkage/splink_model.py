"""How probable it is that two records are of one person: Fellegi and Sunter's model, fitted by Splink on DuckDB.

Belongs here: Splink's settings for our fields, training, the second attempt if a level was never seen, the pairs.
Does not belong here: fields and levels (`person_records.py`), the fallback model (`small_model.py`).

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
_NEVER_SEEN = 0.02
"""The probability among true pairs fixed for the levels below the best, if training drives one to 0."""


def probable_pairs(
    connection: duckdb.DuckDBPyConnection,
    records: pd.DataFrame,
    expected_links: float,
    least: float = LEAST_PROBABILITY,
) -> pd.DataFrame | None:
    """Return the pairs of records of different holders with their probability; None if Splink cannot train.

    Args:
        connection: our own, in memory.
        records: frame with `person_records.COLUMNS`, of at least two holders.
        expected_links: approximate number of true pairs; their share of all pairs is held fixed while training.
        least: least probability of a returned pair.

    Returns:
        Columns `left`, `right` (names of records, `left` of the holder that comes first by name) and `probability`.
    """
    for is_fixed in (False, True):  # if no pair reaches a level: once more with the lower levels fixed
        try:
            return _trained_pairs(connection, records, expected_links, least, is_fixed=is_fixed)
        except (ValueError, ArithmeticError) as error:
            if "probability" not in str(error) and "math domain" not in str(error):
                raise
    return None


def _trained_pairs(
    connection: duckdb.DuckDBPyConnection,
    records: pd.DataFrame,
    expected_links: float,
    least: float,
    *,
    is_fixed: bool,
) -> pd.DataFrame:
    from splink import DuckDBAPI, Linker

    holders = sorted(records["holder"].unique())
    database = DuckDBAPI(connection)
    registered: list[Any] = []
    for place, holder in enumerate(holders):
        person_records.put_in(connection, f"holder_{place}", records[records["holder"] == holder])
        registered.append(database.register(f"holder_{place}", dataset_display_name=f"{place:03d}"))
    fields = person_records.fields_held(records)
    settings = _settings(fields, _rules(len(records), fields), expected_links / _pairs_of(records), is_fixed=is_fixed)
    logging.getLogger("splink").setLevel(logging.ERROR)
    linker = Linker(registered, settings, log_level=logging.ERROR, validate_settings=False)
    linker.training.estimate_u_using_random_sampling(max_pairs=_MOST_PAIRS_FOR_U, seed=_SEED)
    linker.training.estimate_parameters_using_expectation_maximisation(
        "1=1", fix_probability_two_random_records_match=True, max_pairs=_MOST_PAIRS_FOR_M
    )
    predictions = linker.inference.predict(threshold_match_probability=least)
    query = (
        f"select record_l as left, record_r as right, match_probability as probability from {predictions.physical_name}"  # noqa: S608 - Splink's own name
        " order by record_l, record_r"
    )
    return connection.execute(query).df()


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


def _settings(fields: Sequence[str], rules: list[Any], prior: float, *, is_fixed: bool) -> Any:  # noqa: ANN401 - Splink's
    from splink import SettingsCreator

    return SettingsCreator(
        link_type="link_only",
        unique_id_column_name="record",
        comparisons=[_comparison(field, LEVELS[field], is_fixed=is_fixed) for field in fields],
        blocking_rules_to_generate_predictions=rules,
        probability_two_random_records_match=prior,
        retain_matching_columns=False,
    )


def _comparison(field: str, levels: Sequence[AgreementLevel], *, is_fixed: bool) -> Any:  # noqa: ANN401 - Splink's own class
    import splink.comparison_level_library as levels_of
    import splink.comparison_library as comparisons

    made: list[Any] = [levels_of.NullLevel(field)]
    for place, level in enumerate(levels):
        agreement = levels_of.CustomLevel(level.condition, level.label)
        held: dict[str, Any] = {"tf_adjustment_column": field} if level.frequent else {}
        fixed: dict[str, Any] = {"m_probability": _NEVER_SEEN, "fix_m_probability": True} if is_fixed and place else {}
        made.append(agreement.configure(**held, **fixed))
    rest: dict[str, Any] = {"m_probability": _NEVER_SEEN, "fix_m_probability": True} if is_fixed else {}
    made.append(levels_of.ElseLevel().configure(**rest))
    return comparisons.CustomComparison(made, output_column_name=field)
