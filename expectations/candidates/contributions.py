"""Who sent what: for each base cell and body, how many of the counted cases stand in a record of that body.

Belongs here: counting the cases of each body from members and records.
Does not belong here: where base and facts come from (`candidate.py`, `lineage.py`), or what a body could learn from
knowing its own (`insider_knowledge.py`).

    candidates/contributions.parquet   sealed: KEY of the base cell, source, obs_value (cases); never leaves
"""

from __future__ import annotations

import pandas as pd

from expectations.cards.cells import KEY, MEMBER_COLUMNS

COLUMNS = (*KEY, "source", "obs_value")
_COUNTED = f"""
    with sent as (
        select distinct indicator, member, split_part(record, '/', 1) as source from facts where record is not null
    )
    select {", ".join(f"counted.{name}" for name in KEY)}, sent.source, cast(count(*) as double) as obs_value
    from members as counted inner join sent on counted.indicator = sent.indicator and counted.member = sent.member
    group by all order by all
"""  # noqa: S608 - the names of our own columns


def count_contributions(members: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """Return the cases of each body in each base cell (`COLUMNS`).

    Args:
        members: one row a base cell and fact that it counts (`MEMBER_COLUMNS`).
        facts: one row a record of a fact: `indicator`, `member`, `record` (`source/submission/sheet/row`).
    """
    import duckdb  # late: who only reads counts nothing

    with duckdb.connect() as connection:
        connection.register("members", members.loc[:, list(MEMBER_COLUMNS)].astype("string"))
        connection.register("facts", facts.loc[:, ["indicator", "member", "record"]].astype("string"))
        return connection.execute(_COUNTED).df().loc[:, list(COLUMNS)]


def list_contributions(lineage: pd.DataFrame) -> pd.DataFrame:
    """Return the same from the lineage of a release: one row a record (`KEY`, `member`, `record`).

    Args:
        lineage: as `lineage.keep` wrote it.

    Returns:
        `KEY`, `source` and `obs_value`, the number of facts of that body in the cell; sorted.
    """
    known = lineage[lineage["record"].notna()]
    sent = known.assign(source=known["record"].str.partition("/")[0]).drop_duplicates([*KEY, "member", "source"])
    return sent.groupby([*KEY, "source"], sort=True).size().rename("obs_value").astype(float).reset_index()
