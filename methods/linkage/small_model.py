"""The fallback model if Splink cannot train: Fellegi and Sunter's, by EM with Dirichlet priors.

Belongs here: counting how pairs agree, the few parameters of the model, the probability of each pattern of agreement.
Does not belong here: fields and levels (`person_records.py`). Priors keep every level possible, so that few records
never stop it; without names it finds less than Splink does (docs/methods/linkage.md).

Sources: Fellegi and Sunter 1969; Winkler 1988 (EM); Dirichlet priors as in Enamorado, Fifield and Imai 2019.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from methods.linkage import person_records
from methods.linkage.person_records import LEVELS

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

_ROUNDS = 200
_STEADY = 1e-6
_BEST_LEVEL_PRIOR, _OTHER_LEVEL_PRIOR = 8.0, 1.0
"""Pseudo-counts among true pairs: agreement is the rule, and nothing is impossible."""


def probable_pairs(
    connection: duckdb.DuckDBPyConnection, records: pd.DataFrame, expected_links: float, least: float
) -> pd.DataFrame:
    """Return the pairs of records of different holders with their probability; as `splink_model.probable_pairs`.

    Args:
        connection: our own, in memory.
        records: frame with `person_records.COLUMNS`.
        expected_links: approximate number of true pairs.
        least: least probability of a returned pair.
    """
    fields = person_records.fields_held(records)
    person_records.put_in(connection, "together", records)
    grades = ", ".join(f"{_level_sql(field)} as g{place}" for place, field in enumerate(fields)) or "0 as g0"
    connection.execute(
        f"create or replace temp table graded as select l.record as left_record, r.record as right_record, {grades} "  # noqa: S608 - our own conditions
        "from together l join together r on l.holder < r.holder"
    )
    names = ", ".join(f"g{place}" for place in range(max(1, len(fields))))
    patterns = connection.execute(
        f"select {names}, count(*) as pairs from graded group by all order by all"  # noqa: S608
    ).df()
    seen = patterns["pairs"].to_numpy(dtype=np.float64)
    levels = [len(LEVELS[field]) + 1 for field in fields]
    patterns["probability"] = fit_patterns(
        patterns.drop(columns="pairs").to_numpy(dtype=np.int64)[:, : len(fields)], seen, levels, expected_links
    )
    connection.register("fitted", patterns)
    pairs = connection.execute(
        f"select left_record as left, right_record as right, probability from graded join fitted using ({names}) "  # noqa: S608
        "where probability >= ? order by 1, 2",
        [least],
    ).df()
    connection.unregister("fitted")
    return pairs


def fit_patterns(
    grades: NDArray[np.int64], seen: NDArray[np.float64], levels: Sequence[int], expected_links: float
) -> NDArray[np.float64]:
    """Return the probability that a pair of each pattern is one person.

    Args:
        grades: shape (patterns, fields): 0 the best level, -1 if a field is blank in one record.
        seen: number of pairs of each pattern.
        levels: number of levels of each field, including "all else".
        expected_links: number of true pairs; held fixed.
    """
    share = min(0.5, expected_links / max(1.0, float(seen.sum())))
    among_all = [_shares(grades[:, field], seen, count, np.ones(count)) for field, count in enumerate(levels)]
    priors = [np.array([_BEST_LEVEL_PRIOR, *[_OTHER_LEVEL_PRIOR] * (count - 1)]) for count in levels]
    among_links = [prior / prior.sum() for prior in priors]
    belief = np.zeros(len(seen))
    for _ in range(_ROUNDS):
        odds = np.full(len(seen), np.log(share / (1 - share)))
        for field in range(len(levels)):
            ratio = np.append(np.log(among_links[field] / among_all[field]), 0.0)  # -1, a blank, takes the last
            odds += ratio[grades[:, field]]
        before, belief = belief, 1 / (1 + np.exp(-odds))
        if np.max(np.abs(belief - before), initial=0.0) < _STEADY:
            break
        among_links = [
            _shares(grades[:, field], seen * belief, count, priors[field]) for field, count in enumerate(levels)
        ]
    return belief


def _shares(
    grades: NDArray[np.int64], weights: NDArray[np.float64], count: int, prior: NDArray[np.float64]
) -> NDArray[np.float64]:
    held = grades >= 0
    totals = np.bincount(grades[held], weights=weights[held], minlength=count) + prior
    return totals / totals.sum()


def _level_sql(field: str) -> str:
    """Return SQL for the level of agreement of a pair: 0 the best, -1 for a blank."""
    left_right = [
        level.condition.replace(f"{field}_l", f"l.{field}").replace(f"{field}_r", f"r.{field}")
        for level in LEVELS[field]
    ]
    cases = " ".join(f"when {condition} then {place}" for place, condition in enumerate(left_right))
    return f"case when l.{field} is null or r.{field} is null then -1 {cases} else {len(left_right)} end"
