"""Contributions: for each base cell and agency, how many of the counted cases appear in a record of that agency.

Belongs here: counting the cases of each agency from members and records.
Does not belong here: where base and facts come from (`candidate.py`, `lineage.py`), or what an agency could learn from
knowing its own cases (`insider_knowledge.py`).

    candidates/contributions.parquet   sealed: KEY of the base cell, source, obs_value (cases); never leaves the home
"""

from __future__ import annotations

import pandas as pd

from expectations.cards.cells import KEY, MEMBER_COLUMNS
from ingestion.warehouse import connect_in_memory

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
    """Return the cases of each agency in each base cell (`COLUMNS`).

    Args:
        members: one row per base cell and fact that it counts (`MEMBER_COLUMNS`).
        facts: one row per record of a fact: `indicator`, `member`, `record` (`source/submission/sheet/row`).
    """
    with connect_in_memory() as connection:
        connection.register("members", members.loc[:, list(MEMBER_COLUMNS)].astype("string"))
        connection.register("facts", facts.loc[:, ["indicator", "member", "record"]].astype("string"))
        return connection.execute(_COUNTED).df().loc[:, list(COLUMNS)]


def list_contributions(lineage: pd.DataFrame) -> pd.DataFrame:
    """Return the cases of each agency from the lineage of a release: one row per record (`KEY`, `member`, `record`).

    Args:
        lineage: the frame that `lineage.keep` wrote.

    Returns:
        `KEY`, `source` and `obs_value`, the number of facts of that agency in the cell; sorted.
    """
    known = lineage[lineage["record"].notna()]
    sent = known.assign(source=known["record"].str.split("/").str[0]).drop_duplicates([*MEMBER_COLUMNS, "source"])
    return sent.groupby([*KEY, "source"], sort=True).size().rename("obs_value").astype(float).reset_index()
