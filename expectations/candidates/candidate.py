"""Candidates: the true cells that a dataset would print if nobody had to be protected. They never leave the house.

Belongs here: reading the indicator tables, adding up leaves to levels and categories to totals, merging categories,
dropping what is on the `never` list.
Does not belong here: protection (`protect_datasets.py`), or computing shares: these come from protected counts only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from expectations.candidates.contributions import contributed
from expectations.cards import areas
from expectations.cards.cells import (
    BASE_COLUMNS,
    COLUMNS,
    DIMENSIONS,
    MEMBER_COLUMNS,
    REPORTS,
    TOTAL,
    joined,
    matches,
    ordered,
    parquet_bytes,
    read_parquet,
)
from expectations.cards.dataset_card import DatasetCard, dataset_names, load_dataset
from expectations.cards.indicator_card import IndicatorCard, indicators
from expectations.cards.release_scheme import refuse_unprotected
from ingestion.home import Home, write_bytes
from ingestion.warehouse import connect

FACT_COLUMNS = ("indicator", "member", "record", "submission", "sha256")


@dataclass(frozen=True)
class CandidateSummary:
    """What stands ready for one dataset: how many cells, how many with a value, which indicators and years."""

    dataset: str
    cells: int
    valued: int
    indicators: tuple[str, ...]
    years: tuple[str, ...]
    sha256: str


def build(home: Home) -> list[CandidateSummary]:
    """Write base, members, facts, contributions and each dataset's true cells into `candidates/`.

    The base holds all base cells of all indicators, members the facts that each of them counts, one row a cell and
    fact; both are sealed. An empty candidate is written all the same: it is the gate that refuses it.

    Returns:
        One summary a dataset.

    Raises:
        Refusal: `file_missing` (no manifest), `card_invalid`, or what `scheme.refuse_unprotected` raises.
    """
    cards = indicators(home)
    base, members, records = _read_warehouse(home, cards)
    records = _received(home, records)
    write_bytes(home.candidates / "members.parquet", parquet_bytes(members), mode=0o600)
    write_bytes(home.candidates / "facts.parquet", parquet_bytes(records), mode=0o600)
    sent = parquet_bytes(contributed(members, records))
    write_bytes(home.candidates / "contributions.parquet", sent, mode=0o600)
    write_bytes(home.candidates / "base.parquet", parquet_bytes(base), mode=0o600)
    return [_build_dataset(home, load_dataset(name), cards, base) for name in dataset_names()]


def read_base(home: Home) -> pd.DataFrame:
    """Return the base cells of all indicators as the last `build` wrote them (`BASE_COLUMNS`)."""
    return read_parquet((home.candidates / "base.parquet").read_bytes())


def read_members(home: Home) -> pd.DataFrame:
    """Return the facts that each base cell counts as the last `build` wrote them (`MEMBER_COLUMNS`)."""
    return read_parquet((home.candidates / "members.parquet").read_bytes())


def read_facts(home: Home) -> pd.DataFrame:
    """Return the records behind each counted fact as the last `build` wrote them (`FACT_COLUMNS`)."""
    return read_parquet((home.candidates / "facts.parquet").read_bytes())


def read_cells(home: Home, dataset: str) -> pd.DataFrame:
    """Return the true cells of a dataset as the last `build` wrote them (`COLUMNS`)."""
    return read_parquet((home.candidates / dataset / "cells.parquet").read_bytes())


def cells_of(card: DatasetCard, indicator: IndicatorCard, base: pd.DataFrame) -> pd.DataFrame:
    """Return the true cells of one indicator in one dataset (`COLUMNS`, `disclosure_method` empty).

    A cell has a value only if every leaf under it has one: a country whose second region is silent is `O`, not the
    first region's figure. An indicator that is kept for one region only has no country row; one that is told of the
    country only (UNODC's figures of Iraq) has no row of a region.

    Args:
        card: of the dataset: tables, levels, merged categories, the `never` list.
        indicator: of the indicator: its dimensions and unit.
        base: base cells of this indicator (`BASE_COLUMNS`).

    Returns:
        One row for each printed cell; true counts in the unit of the indicator.
    """
    merged = base.assign(**{name: base[name].replace(card.merge.get(name, {})) for name in DIMENSIONS})
    placed = pd.concat([_at_level(merged, level) for level in card.levels], ignore_index=True)
    tables = [table for table in card.tables if set(table) <= set(indicator.dimensions)]
    cells = _added_up(pd.concat([_flattened(placed, table) for table in tables], ignore_index=True))
    cells = cells.assign(indicator=indicator.code, unit_measure=indicator.unit_measure, disclosure_method=None)
    cells = cells.assign(
        lower=np.nan, upper=np.nan, interval_method=None, conf_status=None
    )  # only derived figures have limits
    for coordinates in card.never:
        cells = cells[~matches(cells, coordinates)]
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
    with connect(home, read_only=True) as connection:  # the names of relations come from our own manifest
        for relation in {card.records for card in cards.values()}:  # a view: read once for all indicators
            connection.execute(f"create temp table records as from {relation}")
        for code, card in cards.items():
            rows = connection.execute(f"select * from {card.relation}").df()  # noqa: S608
            base.append(rows.assign(indicator=code))
            counted = f"select * exclude (fact_key), fact_key as member from {card.members}"  # noqa: S608
            members.append(connection.execute(counted).df().assign(indicator=code))
            for name in card.fact_names:
                keys = f"""
                    select fact_key as member, record_key as record
                    from records semi join {card.members} as counted using (fact_key)
                    where fact = $1"""  # noqa: S608
                records.append(connection.execute(keys, [name]).df().assign(indicator=code))
    counts = ordered(joined(base).astype({"obs_value": "float64"}), BASE_COLUMNS)
    narrow = joined(members).loc[:, list(MEMBER_COLUMNS)]
    return _WarehouseRows(counts, narrow.sort_values(list(MEMBER_COLUMNS)).reset_index(drop=True), joined(records))


def _received(home: Home, records: pd.DataFrame) -> pd.DataFrame:
    """Return the records with the submission and the file that each came in (`FACT_COLUMNS`)."""
    rows = records.assign(submission=records["record"].str.split("/").str[1])
    path = home.raw / "submissions.parquet"
    received = pd.read_parquet(path, columns=["submission", "sha256"]).drop_duplicates() if path.exists() else None
    rows = rows.assign(sha256=None) if received is None else rows.merge(received, on="submission", how="left")
    return rows.loc[:, list(FACT_COLUMNS)].sort_values(list(FACT_COLUMNS)).reset_index(drop=True)


def _build_dataset(
    home: Home, card: DatasetCard, cards: Mapping[str, IndicatorCard], base: pd.DataFrame
) -> CandidateSummary:
    own = [indicator for indicator in cards.values() if card.name in indicator.datasets]
    refuse_unprotected(card, cards)
    frames = [cells_of(card, indicator, base[base["indicator"] == indicator.code]) for indicator in own]
    filled = [frame for frame in frames if len(frame)]
    cells = ordered(pd.concat(filled, ignore_index=True)) if filled else pd.DataFrame(columns=list(COLUMNS))
    sha256 = write_bytes(home.candidates / card.name / "cells.parquet", parquet_bytes(cells), mode=0o600)
    return CandidateSummary(
        dataset=card.name,
        cells=len(cells),
        valued=int(cells["obs_value"].notna().sum()),
        indicators=tuple(indicator.code for indicator in own),
        years=tuple(sorted(set(cells["time_period"]))),
        sha256=sha256,
    )


def _at_level(base: pd.DataFrame, level: str) -> pd.DataFrame:
    """Give each leaf the area it is counted in at `level`, and keep its region for the coverage of the country."""
    placed = base.assign(region=base["ref_area"].map(areas.region_of))
    of_country = placed["region"] == areas.COUNTRY
    if level == "region":
        return placed.assign(area=placed["region"])[~of_country]
    if level == "governorate":
        return placed.assign(area=placed["ref_area"])[placed["ref_area"].map(areas.level_of) == level]
    is_whole = set(areas.REGIONS) <= set(placed["region"])
    return placed.assign(area=areas.COUNTRY)[of_country | is_whole]


def _flattened(placed: pd.DataFrame, table: Sequence[str]) -> pd.DataFrame:
    """Give each base cell the codes it has in one table: what the table does not show is a total."""
    return placed.assign(**{name: TOTAL for name in DIMENSIONS if name not in table})


def _added_up(placed: pd.DataFrame) -> pd.DataFrame:
    """Add up all tables. Reports are counted once a region, then added over regions."""
    keys = ["measure", "area", "time_period", *DIMENSIONS]
    marked = placed.assign(missing=placed["obs_status"] == "O", hidden=placed["obs_status"] == "Q")
    sums = marked.groupby(keys, sort=True)[["obs_value", "missing", "hidden"]].sum()
    reports = marked.groupby([*keys, "region"], sort=True)[[*REPORTS]].max()
    cells = sums.join(reports.groupby(level=keys).sum()).reset_index().rename(columns={"area": "ref_area"})
    status = pd.Series("A", index=cells.index).mask(cells["hidden"] > 0, "Q").mask(cells["missing"] > 0, "O")
    return cells.assign(obs_value=cells["obs_value"].where(status == "A"), obs_status=status)
