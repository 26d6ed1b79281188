"""Lineage: every released number can be walked back to rows and files. Sealed: it never leaves the house.

Belongs here: keeping, for each release, which facts and which rows of which files stand behind each base cell, and
walking from a released cell to them.
Does not belong here: which counts stand behind a derived figure (`operands.py`), the way forward (`footprint.py`), what
an indicator counts (dbt: the macro yields number and members from one condition).

    lineage/<dataset>/<version>.parquet    KEY of the base cell, member (fact), record (row), submission, sha256 (file)
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

import pandas as pd

from expectations.candidates import candidate
from expectations.cards import areas
from expectations.cards.cells import (
    DIMENSIONS,
    KEY,
    TOTAL,
    matches,
    measure_ids,
    parquet_bytes,
    read_parquet,
    text_hash,
)
from expectations.cards.dataset_card import DatasetCard, load_dataset
from expectations.cards.operands import counts_behind
from expectations.cards.population import PLACE, residents
from expectations.published import ledger
from ingestion.home import Home, read_verified, sha256_of, write_bytes
from languages.refusal import Refusal

COLUMNS = (*KEY, "member", "record", "submission", "sha256")


def keep(home: Home, dataset: str, codes: Sequence[str], frozen: Sequence[tuple[str, str]], version: str) -> str:
    """Write the lineage of a release that is about to be published; return its hash.

    Args:
        home: with candidates built.
        dataset: its name.
        codes: its indicators.
        frozen: (measure id, year) that print an earlier figure: their lineage is that of the newest release, of any
            dataset, that printed the measure; today's, if none did.
        version: of the release.
    """
    now = _current(home, codes)
    then = NewestRows(home).of(frozen)
    if then:
        wanted = pd.MultiIndex.from_tuples(list(then))
        now = pd.concat([now[~_at(now).isin(wanted)], *then.values()], ignore_index=True)
    frame = now.loc[:, list(COLUMNS)].sort_values(list(COLUMNS)).reset_index(drop=True)
    return write_bytes(path_of(home, dataset, version), parquet_bytes(frame), mode=0o600)


def path_of(home: Home, dataset: str, version: str) -> Path:
    """Return where the lineage of a release stands."""
    return home.lineage / dataset / f"{version}.parquet"


def trace(home: Home, dataset: str, coordinates: Mapping[str, str]) -> list[dict[str, Any]]:
    """Walk one released cell back: release, cell, indicator, facts, rows, submissions, files; each hop with its hash.

    Args:
        home: a home with a release of `dataset`.
        dataset: its name.
        coordinates: `indicator`, `measure`, `ref_area`, `time_period` and dimensions; a dimension that is left out is
            the total, a measure that is left out the first one of the indicator.

    Raises:
        Refusal: `nothing_released`, `cell_unknown` (no such released cell), `file_missing`, `bytes_changed`.
    """
    lines = ledger.entries(home, dataset)
    if not lines:
        raise Refusal("nothing_released", where=dataset)
    entry = lines[-1]
    folder = home.releases / dataset / entry.version
    manifest = json.loads(read_verified(folder / "manifest.json", entry.manifest_sha256))
    cell = _cell(read_parquet(read_verified(folder / "data.parquet", manifest["files"]["data.parquet"])), coordinates)
    key = {name: str(cell[name]) for name in KEY}
    indicator = manifest["indicators"][key["indicator"]]
    lineage = read_parquet(read_verified(path_of(home, dataset, entry.version), entry.lineage_sha256))
    hops: list[dict[str, Any]] = [
        {"hop": "release", "dataset": dataset, "version": entry.version, "sha256": entry.manifest_sha256},
        {"hop": "cell", **key, **_printed(cell), "sha256": manifest["files"]["data.parquet"]},
        {"hop": "indicator", "code": key["indicator"], "model": indicator["model"], "sha256": indicator["checksum"]},
    ]
    if indicator.get("derived_by", {}).get(key["measure"], {}).get("method") == "rate":
        hops.append(_residents_hop(key))
    behind = [
        {name: str(frame[name].iloc[0]) for name in KEY} for frame in counts_behind(pd.DataFrame([key]), manifest)
    ]
    rows = [_behind(lineage, count, load_dataset(dataset), manifest) for count in behind]
    hops += [_facts_hop(count, frame) for count, frame in zip(behind, rows, strict=True)]
    return hops + list(_row_hops(home, pd.concat(rows, ignore_index=True)))


def _current(home: Home, codes: Sequence[str]) -> pd.DataFrame:
    members = candidate.read_members(home)
    members = members[members["indicator"].isin(list(codes))]
    rows = members.merge(candidate.read_facts(home), on=["indicator", "member"], how="left")
    return rows.loc[:, list(COLUMNS)]


def _at(frame: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_arrays([measure_ids(frame), frame["time_period"]])


class NewestRows:
    """The rows behind measures and years at the newest release that has each measure; a file is read once."""

    def __init__(self, home: Home) -> None:
        """Read nothing yet: most homes ask for no frozen year.

        Args:
            home: for the log and the lineage.
        """
        self._entries = cache(partial(_with_lineage, home))
        self._read = cache(partial(_of_release, home))

    def of(self, frozen: Sequence[tuple[str, str]]) -> dict[tuple[str, str], pd.DataFrame]:
        """Return the rows of each frozen measure id and year; one that no release has is missing."""
        found: dict[tuple[str, str], pd.DataFrame] = {}
        for entry in self._entries() if frozen else []:
            if len(found) == len(set(frozen)):
                break
            of_measure = self._read(entry)
            for measure, year in frozen:
                if measure in of_measure:
                    rows = of_measure[measure]
                    found.setdefault((measure, year), rows[rows["time_period"] == year])
        return found


def _with_lineage(home: Home) -> list[ledger.LedgerEntry]:
    """The newest first; custom tables and estimates are made from others, and keep none."""
    return [entry for entry in reversed(ledger.entries(home)) if entry.dataset not in ledger.OTHERS]


def _of_release(home: Home, entry: ledger.LedgerEntry) -> dict[str, pd.DataFrame]:
    rows = read_parquet(read_verified(path_of(home, entry.dataset, entry.version), entry.lineage_sha256))
    return {str(measure): found for measure, found in rows.groupby(measure_ids(rows), sort=False)}


def _cell(released: pd.DataFrame, coordinates: Mapping[str, str]) -> dict[str, Any]:
    place = ", ".join(f"{name}={code}" for name, code in coordinates.items())
    unknown = set(coordinates) - set(KEY)
    found = released if unknown else released[matches(released, {**dict.fromkeys(DIMENSIONS, TOTAL), **coordinates})]
    if "measure" not in coordinates:  # counts come before shares by name
        found = found[found["measure"] == found["measure"].min()]
    if unknown or len(found) != 1:
        raise Refusal("cell_unknown", where=place, found=0 if unknown else len(found))
    return {str(name): value for name, value in found.iloc[0].to_dict().items()}


def _printed(cell: Mapping[str, Any]) -> dict[str, Any]:
    value = cell["obs_value"]
    return {
        "value": None if pd.isna(value) else float(value),
        "status": cell["obs_status"],
        "method": cell["disclosure_method"],
    }


def _behind(
    lineage: pd.DataFrame, count: Mapping[str, str], card: DatasetCard, manifest: Mapping[str, Any]
) -> pd.DataFrame:
    """The lineage rows of the base cells inside one counted cell."""
    rows = lineage[matches(lineage, {name: count[name] for name in ("indicator", "measure", "time_period")})]
    inside = rows["ref_area"].map(lambda area: count["ref_area"] in (area, *areas.ancestors_of(str(area))))
    code = count["indicator"]
    for dimension in manifest["indicators"][code]["dimensions"] if code in manifest["indicators"] else ():
        if count[dimension] != TOTAL:
            inside &= rows[dimension].replace(card.merge.get(dimension, {})) == count[dimension]
    return rows[inside.astype(bool)]


def _facts_hop(count: Mapping[str, str], rows: pd.DataFrame) -> dict[str, Any]:
    members = sorted(set(rows["member"]))
    return {
        "hop": "facts",
        "measure": f"{count['indicator']}/{count['measure']}",
        "at": ", ".join(f"{name}={count[name]}" for name in DIMENSIONS if count[name] != TOTAL),
        "count": len(members),
        "facts": members,
        "sha256": text_hash("\n".join(members)),
    }


def _residents_hop(key: Mapping[str, str]) -> dict[str, Any]:
    """The denominator of a rate: no fact of the house, but a line of the seed `population`."""
    place = tuple(key[name] for name in PLACE)
    line = " ".join((*place, str(residents().get(place, ""))))
    return {"hop": "residents", "place": ", ".join(place), "count": residents().get(place), "sha256": text_hash(line)}


def _row_hops(home: Home, rows: pd.DataFrame) -> Iterator[dict[str, Any]]:
    known = rows[rows["record"].notna()].drop_duplicates(["record"])
    records = sorted(known["record"])
    yield {"hop": "rows", "count": len(records), "rows": records, "sha256": text_hash("\n".join(records))}
    for (submission, sha256), found in known.groupby(["submission", "sha256"], sort=True):
        source = str(found["record"].iloc[0]).partition("/")[0]
        hop = {"source": source, "submission": submission, "rows": len(found), "sha256": sha256}
        yield {"hop": "submission", **hop}
        path = home.received / str(sha256)
        intact = path.exists() and path.is_file() and sha256_of(path) == sha256
        yield {"hop": "file", "path": str(path.relative_to(home.root)), "intact": intact, "sha256": sha256}
