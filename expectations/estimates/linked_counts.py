"""The presumed victims of each year, counted at every link threshold from the rows that count.

Belongs here: counting. Does not belong here: linking (`ingestion/persons`), what is published of the counts
(`range_candidate.py`).

The warehouse counts at the main threshold. The same rule is applied here with the persons of each threshold: one person
in one case is one event, in the year of first contact; a row without a case belongs to its person's only case. The
count at the main threshold is compared with the warehouse's before anything is published.
"""

from __future__ import annotations

import pandas as pd

from ingestion import warehouse
from ingestion.home import Home
from ingestion.persons import link_store, linkable_records
from methods.linkage.person_groups import THRESHOLDS

_NO_CASE = "-"
_RECORDS = """
    select
        records.record_key, coalesce(records.case_token, events.case_token) as case_token,
        records.contact_date, records.identified_date,
        records.registered_date is null or records.contact_date is not null or records.identified_date is not null
            as may_move
    from stg_victims as records
    inner join dim_record as facts on records.record_key = facts.record_key and facts.fact = 'fct_victim_event'
    inner join fct_victim_event as events on facts.fact_key = events.fact_key
"""


def read_linked_counts(home: Home) -> dict[str, dict[float, int]]:
    """Return year of first contact -> threshold -> presumed victims of the country, true counts.

    Args:
        home: a data home with a warehouse.

    Raises:
        Refusal: `warehouse_missing`, `warehouse_busy`, `bytes_changed`, `seal_broken`.
    """
    with warehouse.connect(home) as connection:
        records = connection.execute(_RECORDS).df()
    records = records.merge(linkable_records.members(home), on="record_key", how="inner", validate="one_to_one")
    holders = linkable_records.holders_of(linkable_records.read_records(home))
    counted = {at: _cases_by_year(records, link_store.groups(home, holders, at)) for at in THRESHOLDS}
    years = sorted({year for counts in counted.values() for year in counts})
    return {year: {at: counts.get(year, 0) for at, counts in counted.items()} for year in years}


def _cases_by_year(records: pd.DataFrame, person_of: dict[str, str]) -> dict[str, int]:
    placed = records.assign(
        person=records["member"].map(person_of).fillna(records["member"]), case=records["case_token"]
    )
    cases = placed.dropna(subset=["case"]).groupby("person")["case"].agg(["nunique", "first"])
    only = placed["person"].map(cases.loc[cases["nunique"] == 1, "first"])
    placed["case"] = placed["case"].fillna(only.where(placed["may_move"])).fillna(_NO_CASE)
    events = placed.groupby(["person", "case"])[["contact_date", "identified_date"]].min()
    first = pd.to_datetime(events["contact_date"].fillna(events["identified_date"]))
    return {str(year): int(count) for year, count in first.dropna().dt.year.value_counts().items()}
