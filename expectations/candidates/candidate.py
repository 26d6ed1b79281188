"""Candidates: the true cells that a dataset would print if nobody had to be protected. They never leave the data home.

No figure of a year that is not over is read: what is no candidate is neither protected, nor judged, nor released.

Belongs here: reading the indicator tables, adding up leaves to levels and categories to totals, merging categories,
dropping what is on the `never` list.
Does not belong here: protection (`protect_datasets.py`), or computing shares: these come from protected counts only.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from expectations.candidates.contributions import count_contributions
from expectations.cards import areas
from expectations.cards.cells import (
    BASE_COLUMNS,
    COLUMNS,
    DIMENSIONS,
    MEMBER_COLUMNS,
    PART,
    REPORTS,
    TOTAL,
    find_matches,
    join_frames,
    order_cells,
    parquet_bytes,
    read_parquet,
)
from expectations.cards.dataset_card import DatasetCard, dataset_names, load_dataset
from expectations.cards.indicator_card import IndicatorCard, indicators
from ingestion.cards.reporting_periods import is_over
from ingestion.home import Home, write_bytes
from ingestion.submissions.agency_years import read_calendar_day
from ingestion.warehouse import connect, connect_in_memory

FACT_COLUMNS = ("indicator", "member", "record", "submission", "sha256")


@dataclass(frozen=True)
class CandidateSummary:
    """What a build prepared for one dataset: number of cells, number with a value, indicators and years."""

    dataset: str
    cells: int
    valued: int
    indicators: tuple[str, ...]
    years: tuple[str, ...]
    sha256: str


def build(home: Home) -> list[CandidateSummary]:
    """Write the base, members, facts, contributions and each dataset's true cells to `candidates/`.

    The base holds the base cells of all indicators. Members hold the facts that each base cell counts, one row per cell
    and fact. Both are sealed. An empty candidate is written too: refusing it is the gate's task.

    Returns:
        One summary per dataset.

    Raises:
        Refusal: `file_missing` (no manifest), `card_invalid`, or what `release_scheme.refuse_unprotected` raises.
    """
    cards = indicators(home)
    base, members, records = _read_warehouse(home, cards)
    records = _add_submission(home, records)
    write_bytes(home.candidates / "members.parquet", parquet_bytes(members), mode=0o600)
    write_bytes(home.candidates / "facts.parquet", parquet_bytes(records), mode=0o600)
    sent = parquet_bytes(count_contributions(members, records))
    write_bytes(home.candidates / "contributions.parquet", sent, mode=0o600)
    write_bytes(home.candidates / "base.parquet", parquet_bytes(base), mode=0o600)
    return [_build_dataset(home, load_dataset(name), cards, base) for name in dataset_names()]


def read_base(home: Home) -> pd.DataFrame:
    """Return the base cells of all indicators as the last `build` wrote them (`BASE_COLUMNS`)."""
    return read_parquet((home.candidates / "base.parquet").read_bytes())


def read_members(home: Home, indicators: Collection[str] | None = None) -> pd.DataFrame:
    """Return the facts that each base cell counts as the last `build` wrote them (`MEMBER_COLUMNS`).

    Args:
        home: that was built.
        indicators: whose facts are returned; None for all.
    """
    return read_parquet((home.candidates / "members.parquet").read_bytes(), indicators)


def read_facts(home: Home, indicators: Collection[str] | None = None) -> pd.DataFrame:
    """Return the records behind each counted fact, likewise (`FACT_COLUMNS`)."""
    return read_parquet((home.candidates / "facts.parquet").read_bytes(), indicators)


def read_cells(home: Home, dataset: str) -> pd.DataFrame:
    """Return the true cells of a dataset as the last `build` wrote them (`COLUMNS`)."""
    return read_parquet((home.candidates / dataset / "cells.parquet").read_bytes())


def cells_of(card: DatasetCard, of: Sequence[IndicatorCard], base: pd.DataFrame) -> pd.DataFrame:
    """Return the true cells of these indicators in one dataset (`COLUMNS`, `disclosure_method` empty).

    A cell has a value only if every leaf under it has one: if the second region reports nothing, the country is `O`,
    not the first region's figure. An indicator recorded for one region only has no country row; an indicator published
    for the country only (UNODC's figures of Iraq) has no regional rows. Reports are counted once per region, then added
    over regions.

    Args:
        card: card of the dataset: tables, levels, merged categories, the `never` list.
        of: cards of the indicators: their dimensions and units.
        base: base cells (`BASE_COLUMNS`); those of other indicators are ignored.

    Returns:
        One row per printed cell; true counts in the unit of the indicator.
    """
    merged = base.assign(**{name: base[name].replace(card.merge.get(name, {})) for name in DIMENSIONS})
    placed = merged.assign(region=base["ref_area"].map(areas.region_of), level=base["ref_area"].map(areas.level_of))
    codes = {tuple(table): [indicator.code for indicator in of if indicator.has_table(table)] for table in card.tables}
    tables = [_table(level, table, known) for table, known in codes.items() if known for level in card.levels]
    if not tables:
        return pd.DataFrame(columns=list(COLUMNS))
    with connect_in_memory() as connection:
        connection.register("base", placed)
        cells = connection.execute(_ADDED_UP.format(tables=" union all ".join(tables))).df()
    units = {indicator.code: indicator.unit_measure for indicator in of}
    cells = cells.assign(unit_measure=cells["indicator"].map(units), disclosure_method=None)
    cells = cells.assign(
        lower=np.nan, upper=np.nan, interval_method=None, conf_status=None
    )  # only derived figures have limits
    for coordinates in card.never:
        cells = cells[~find_matches(cells, coordinates)]
    return cells


class _WarehouseRows(NamedTuple):
    """The base cells of all indicators, the facts that each counts, and the records of those facts."""

    base: pd.DataFrame
    members: pd.DataFrame
    records: pd.DataFrame


def _read_warehouse(home: Home, cards: Mapping[str, IndicatorCard]) -> _WarehouseRows:
    base = [pd.DataFrame(columns=list(BASE_COLUMNS))]
    members = [pd.DataFrame(columns=list(MEMBER_COLUMNS))]
    records = [pd.DataFrame(columns=["indicator", "member", "record"])]
    day = read_calendar_day(home)
    with connect(home, read_only=True) as connection:  # the names of relations come from our own manifest
        for relation in {card.records for card in cards.values()}:  # a view: read once for all indicators
            connection.execute(f"create temp table records as from {relation}")
        for code, card in cards.items():
            found = connection.execute(f"select distinct time_period from {card.relation}").fetchall()  # noqa: S608
            years = [str(year) for (year,) in found if is_over(int(year), card.holders, day)]
            rows = connection.execute(f"select * from {card.relation} where time_period in $1", [years]).df()  # noqa: S608
            base.append(rows.assign(indicator=code))
            counted = f"""
                select * exclude (fact_key), fact_key as member from {card.members}
                where time_period in $1"""  # noqa: S608
            members.append(connection.execute(counted, [years]).df().assign(indicator=code))
            for name in card.fact_names:
                keys = f"""
                    select fact_key as member, record_key as record
                    from records semi join (select * from {card.members} where time_period in $2) as counted
                        using (fact_key)
                    where fact = $1"""  # noqa: S608
                records.append(connection.execute(keys, [name, years]).df().assign(indicator=code))
    counts = order_cells(join_frames(base).astype({"obs_value": "float64"}), BASE_COLUMNS)
    narrow = join_frames(members).loc[:, list(MEMBER_COLUMNS)]
    return _WarehouseRows(counts, narrow.sort_values(list(MEMBER_COLUMNS)).reset_index(drop=True), join_frames(records))


def _add_submission(home: Home, records: pd.DataFrame) -> pd.DataFrame:
    """Return the records with the submission and the file that each one came in (`FACT_COLUMNS`)."""
    rows = records.assign(submission=records["record"].str.split("/").str[1])
    path = home.raw / "submissions.parquet"
    received = pd.read_parquet(path, columns=["submission", "sha256"]).drop_duplicates() if path.exists() else None
    rows = rows.assign(sha256=None) if received is None else rows.merge(received, on="submission", how="left")
    return rows.loc[:, list(FACT_COLUMNS)].sort_values(list(FACT_COLUMNS)).reset_index(drop=True)


def _build_dataset(
    home: Home, card: DatasetCard, cards: Mapping[str, IndicatorCard], base: pd.DataFrame
) -> CandidateSummary:
    own = [indicator for indicator in cards.values() if card.name in indicator.datasets]
    from expectations.cards.release_scheme import refuse_unprotected

    refuse_unprotected(card, cards)
    cells = order_cells(cells_of(card, own, base))
    sha256 = write_bytes(home.candidates / card.name / "cells.parquet", parquet_bytes(cells), mode=0o600)
    return CandidateSummary(
        dataset=card.name,
        cells=len(cells),
        valued=int(cells["obs_value"].notna().sum()),
        indicators=tuple(indicator.code for indicator in own),
        years=tuple(sorted(set(cells["time_period"]))),
        sha256=sha256,
    )


_LEVELS = {
    "country": f"""'{areas.COUNTRY}' as area from base where region = '{areas.COUNTRY}' or indicator in (
        select indicator from base where region in {areas.REGIONS}
        group by all having count(distinct region) = {len(areas.REGIONS)})""",  # noqa: S608
    "region": f"region as area from base where region <> '{areas.COUNTRY}'",
    "governorate": "ref_area as area from base where level = 'governorate'",
}
"""SQL by level: which base cells are counted, and in which area."""

_SUMS = f"""sum(obs_value) as obs_value, bool_or(is_missing) as is_missing, bool_or(is_hidden) as is_hidden,
    bool_or(is_part) as is_part, {", ".join(f"max({name}) as {name}" for name in REPORTS)}"""
_CELL = f"indicator, measure, area, time_period, {', '.join(DIMENSIONS)}"
_ADDED_UP = f"""
    with of_regions as (select {_CELL}, region, {_SUMS} from ({{tables}}) group by all),
    cells as (
        select {_CELL}, sum(obs_value) as obs_value, bool_or(is_missing) as is_missing, bool_or(is_hidden) as is_hidden,
            bool_or(is_part) as is_part, {", ".join(f"coalesce(sum({name}), 0)::integer as {name}" for name in REPORTS)}
        from of_regions group by all)
    select {_CELL.replace("area", "area as ref_area")}, {", ".join(REPORTS)},
        case when is_missing then 'O' when is_hidden then 'Q' when is_part then '{PART}' else 'A' end as obs_status,
        case when not (is_missing or is_hidden) then obs_value end as obs_value
    from cells order by {_CELL}"""  # noqa: S608


def _table(level: str, table: Sequence[str], codes: Sequence[str]) -> str:
    """Return the query of one table at one level: dimensions that the table omits are totals; columns as in `_CELL`."""
    shown = ", ".join(name if name in table else f"'{TOTAL}' as {name}" for name in DIMENSIONS)
    known = ", ".join(f"'{code}'" for code in codes)  # codes of our own cards: letters, digits, a hyphen
    return f"""
        select indicator, measure, area, time_period, {shown}, region, {_SUMS} from (
            select *, obs_status = 'O' as is_missing, obs_status = 'Q' as is_hidden, obs_status = '{PART}' as is_part,
                {_LEVELS[level]})
        where indicator in ({known}) group by all"""  # noqa: S608
