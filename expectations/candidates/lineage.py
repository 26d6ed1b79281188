"""Lineage: trace every released number back to rows and files. Sealed: it never leaves the data home.

Belongs here: storing, for each release, which facts and which rows of which files each base cell was counted from, and
walking from a released cell back to them, compared with what the last build has for the same cell.
Does not belong here: which cell is asked for (`asked_cell.py`), whether a file is as it was received
(`received_evidence.py`), which counts a derived figure is computed from (`operands.py`), forward tracing
(`footprint.py`), what an indicator counts (dbt: the macro yields number and members from one condition).

    lineage/<dataset>/<version>.parquet    KEY of the base cell, member (fact), record (row), submission, sha256 (file)
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import cache, partial
from pathlib import Path
from typing import Any

import pandas as pd

from expectations.candidates import candidate
from expectations.candidates.asked_cell import AskedCell
from expectations.candidates.received_evidence import ReceivedEvidence
from expectations.cards import areas
from expectations.cards.cells import (
    DIMENSIONS,
    KEY,
    MEMBER_COLUMNS,
    SPOKEN,
    TOTAL,
    find_matches,
    measure_ids,
    parquet_bytes,
    read_parquet,
    text_hash,
)
from expectations.cards.dataset_card import DatasetCard, load_dataset
from expectations.cards.operands import counts_behind
from expectations.cards.population import PLACE, residents
from expectations.published import ledger
from expectations.published.release_formats import frozen_of
from ingestion.home import Home, read_verified, write_bytes
from ingestion.people import acts
from ingestion.storage import parse_json
from languages.refusal import Refusal

COLUMNS = (*MEMBER_COLUMNS, "record", "submission", "sha256")


def keep(home: Home, dataset: str, codes: Sequence[str], frozen: Sequence[tuple[str, str]], version: str) -> str:
    """Write the lineage of a release that is about to be published; return its hash.

    Args:
        home: a data home with candidates built.
        dataset: name of the dataset.
        codes: codes of its indicators.
        frozen: pairs (measure id, year) for which an earlier figure is printed. Their lineage is taken from the newest
            release, of any dataset, that printed the measure; if none did, from today's build.
        version: version of the release.
    """
    now = _read_current_rows(home, codes)
    then = NewestRows(home).select_rows(frozen)
    if then:
        wanted = pd.MultiIndex.from_tuples(list(then))
        now = pd.concat([now[~_measure_index(now).isin(wanted)], *then.values()], ignore_index=True)
    frame = now.loc[:, list(COLUMNS)].sort_values(list(COLUMNS)).reset_index(drop=True)
    return write_bytes(path_of(home, dataset, version), parquet_bytes(frame), mode=0o600)


def path_of(home: Home, dataset: str, version: str) -> Path:
    """Return the path of the lineage file of a release."""
    return home.lineage / dataset / f"{version}.parquet"


def read_rows(home: Home, entry: ledger.LedgerEntry, indicators: Collection[str] | None = None) -> pd.DataFrame:
    """Return the lineage of a release.

    Args:
        home: with the release.
        entry: its line in the ledger.
        indicators: whose rows are returned; None for all.

    Raises:
        Refusal: `file_missing`, `bytes_changed` if it is not the one that was sealed, or that a forgetting left.
    """
    path = path_of(home, entry.dataset, entry.version)
    return read_parquet(read_verified(path, sealed_hash(home, entry)), indicators)


def sealed_hash(home: Home, entry: ledger.LedgerEntry) -> str:
    """Return the hash of a release's lineage: as its line in the ledger says, or the last act that forgot a file."""
    sha256, path = entry.lineage_sha256, path_of(home, entry.dataset, entry.version)
    for folder in forgettings(home):
        about = acts.read_act(folder).about.get(f"{home.lineage.name}/{entry.dataset}/{path.name}")
        is_in_place = not (folder / path.name).exists()  # a killed process puts it there later
        if about and is_in_place:
            sha256 = about
    return sha256


def forgettings(home: Home) -> list[Path]:
    """Return the folders of the acts that forgot a file, oldest first."""
    return acts.done_folders(home, "forget")


def without_submissions(rows: pd.DataFrame, submissions: Sequence[str], names: Mapping[str, str]) -> pd.DataFrame:
    """Return the rows of a lineage without those of some submissions.

    A fact that nothing else shows keeps its place, without record and under another name, so that the count stays.

    Args:
        rows: of a lineage.
        submissions: whose rows go.
        names: member -> the name that stands for it from then on.
    """
    is_gone = rows["submission"].isin(list(submissions)) | (rows["record"].isna() & rows["member"].isin(list(names)))
    rest, gone = rows[~is_gone], rows[is_gone].drop_duplicates([*MEMBER_COLUMNS])
    fact = [*MEMBER_COLUMNS]
    shown = pd.MultiIndex.from_frame(rest[fact].astype("string"))
    alone = gone[~pd.MultiIndex.from_frame(gone[fact].astype("string")).isin(shown)]
    nameless = alone.assign(member=alone["member"].map(names), record=None, submission=None, sha256=None)
    return pd.concat([rest, nameless.astype(rows.dtypes)]).sort_values(list(COLUMNS)).reset_index(drop=True)


def trace(home: Home, dataset: str, coordinates: Mapping[str, str]) -> list[dict[str, Any]]:
    """Walk one released cell back: release, cell, indicator, facts, rows, submissions, files; each hop with its hash.

    The sealed lineage says which facts the figure was counted from. Rows and files may be gone since. If the last build
    counts exactly the same facts, its rows and files follow, and then those printed rows and files that are no longer
    as they were received. If it counts other facts, both follow: the evidence as printed, then today's.

    Args:
        home: a home with a release of `dataset`.
        dataset: name of the dataset.
        coordinates: coordinates of the cell, as a user types them (`asked_cell.py`).

    Returns:
        Hops. `frozen` follows the facts of a frozen year and names the release that first printed the figure from them.
        `today` follows facts that come from other rows in the last build: `same` says whether the facts are the same
        (None before the first build), otherwise how many were added and removed. A hop of rows, of a submission or of a
        file says whether its `evidence` is `printed` or `today`; that of a submission says whether it was withdrawn,
        when and why; that of a file gives its `state` (`received_evidence.py`).

    Raises:
        Refusal: `nothing_released`, `file_missing`, `bytes_changed`, `receipts_broken`, and whatever
            `AskedCell.find_row` raises if there is no such released cell.
    """
    lines = ledger.entries(home, dataset)
    if not lines:
        raise Refusal("nothing_released", where=dataset)
    entry = lines[-1]
    folder = home.releases / dataset / entry.version
    manifest = parse_json(read_verified(folder / "manifest.json", entry.manifest_sha256))
    asked = {coordinates.get("indicator", "")} & set(manifest["indicators"])  # a misspelt one is compared with all
    released = read_parquet(read_verified(folder / "data.parquet", manifest["files"]["data.parquet"]), asked or None)
    cell = AskedCell(home, dataset, coordinates).find_row(released)
    key = {name: str(cell[name]) for name in KEY}
    indicator = manifest["indicators"][key["indicator"]]
    hops: list[dict[str, Any]] = [
        {"hop": "release", "dataset": dataset, "version": entry.version, "sha256": entry.manifest_sha256},
        {"hop": "cell", **key, **_printed_figure(cell), "sha256": manifest["files"]["data.parquet"]},
        {"hop": "indicator", "code": key["indicator"], "model": indicator["model"], "sha256": indicator["checksum"]},
    ]
    if indicator.get("derived_by", {}).get(key["measure"], {}).get("method") == "rate":
        hops.append(_residents_hop(key))
    behind = [
        {name: str(frame[name].iloc[0]) for name in KEY} for frame in counts_behind(pd.DataFrame([key]), manifest)
    ]
    lineage = read_rows(home, entry, {count["indicator"] for count in behind})
    card = load_dataset(dataset)
    printed = [_rows_behind(lineage, count, card, manifest) for count in behind]
    today = _today(home, behind, card, manifest)
    for place, (count, rows) in enumerate(zip(behind, printed, strict=True)):
        hops.append(_facts_hop("facts", count, rows))
        if _is_frozen(count, manifest):
            hops += _frozen_hop(home, entry, count, lineage)
        if not today or not _is_same(rows, today[place]):
            hops.append(_today_hop(count, rows, today[place] if today else None))
    return hops + list(_evidence_hops(ReceivedEvidence(home), printed, today))


def _read_current_rows(home: Home, codes: Sequence[str]) -> pd.DataFrame:
    members = candidate.read_members(home, codes)
    rows = members.merge(candidate.read_facts(home, codes), on=["indicator", "member"], how="left")
    return rows.loc[:, list(COLUMNS)]


def _measure_index(frame: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_arrays([measure_ids(frame), frame["time_period"]])


class NewestRows:
    """The lineage rows of measures and years in the newest release that printed each; each file is read once."""

    def __init__(self, home: Home) -> None:
        """Read nothing yet: most homes never ask for a frozen year.

        Args:
            home: the data home with the log and the lineage.
        """
        self._entries = cache(partial(_releases_with_lineage, home))
        self._read = cache(partial(_read_release_rows, home))

    def select_rows(self, frozen: Sequence[tuple[str, str]]) -> dict[tuple[str, str], pd.DataFrame]:
        """Return the rows of each frozen measure id and year; a pair that no release has is left out."""
        frozen_rows: dict[tuple[str, str], pd.DataFrame] = {}
        for entry in self._entries() if frozen else []:
            if len(frozen_rows) == len(set(frozen)):
                break
            printed = self._read(entry)
            for place in frozen:
                if place in printed:
                    frozen_rows.setdefault(place, printed[place])
        return frozen_rows


def _releases_with_lineage(home: Home) -> list[ledger.LedgerEntry]:
    """Return the releases, newest first; estimates derive from others and have no lineage."""
    return [entry for entry in reversed(ledger.entries(home)) if entry.dataset not in ledger.ESTIMATES]


def _read_release_rows(home: Home, entry: ledger.LedgerEntry) -> dict[tuple[str, str], pd.DataFrame]:
    """Return the rows of each measure and year that a release printed; none where nobody was counted."""
    rows = read_rows(home, entry)
    cells = ledger.cells_of(home, entry)
    printed = cells[cells["obs_status"].isin(SPOKEN)]
    groups = rows.groupby([measure_ids(rows), rows["time_period"]], sort=False)
    counted = {(str(measure), str(year)): of_year for (measure, year), of_year in groups}
    places = zip(measure_ids(printed), printed["time_period"].astype(str), strict=True)
    return {place: counted.get(place, rows.iloc[:0]) for place in set(places)}


def _printed_figure(cell: Mapping[str, Any]) -> dict[str, Any]:
    value = cell["obs_value"]
    return {
        "value": None if pd.isna(value) else float(value),
        "status": cell["obs_status"],
        "method": cell["disclosure_method"],
    }


def _rows_behind(
    lineage: pd.DataFrame, count: Mapping[str, str], card: DatasetCard, manifest: Mapping[str, Any]
) -> pd.DataFrame:
    """Return the lineage rows of the base cells inside one counted cell."""
    rows = lineage[find_matches(lineage, {name: count[name] for name in ("indicator", "measure", "time_period")})]
    inside = rows["ref_area"].map(lambda area: count["ref_area"] in (area, *areas.ancestors_of(str(area))))
    code = count["indicator"]
    for dimension in manifest["indicators"][code]["dimensions"] if code in manifest["indicators"] else ():
        if count[dimension] != TOTAL:
            inside &= rows[dimension].replace(card.merge.get(dimension, {})) == count[dimension]
    return rows[inside.astype(bool)]


def _today(
    home: Home, behind: Sequence[Mapping[str, str]], card: DatasetCard, manifest: Mapping[str, Any]
) -> list[pd.DataFrame]:
    """Return the rows behind each count in the last build; empty before a build."""
    if not all((home.candidates / name).exists() for name in ("members.parquet", "facts.parquet")):
        return []
    rows = _read_current_rows(home, sorted({count["indicator"] for count in behind}))
    return [_rows_behind(rows, count, card, manifest) for count in behind]


def _is_frozen(count: Mapping[str, str], manifest: Mapping[str, Any]) -> bool:
    return count["indicator"] in frozen_of(manifest).get(count["time_period"], [])


def _frozen_hop(
    home: Home, entry: ledger.LedgerEntry, count: Mapping[str, str], lineage: pd.DataFrame
) -> list[dict[str, Any]]:
    """Return the oldest release, preferably of the same dataset, since which this measure and year had these very rows.

    Empty if the previous release has other rows: then the indicator is frozen for another of its measures.
    """
    place = (f"{count['indicator']}/{count['measure']}", count["time_period"])
    own = _select_place(lineage, place)
    first: ledger.LedgerEntry | None = None
    for earlier in _releases_with_lineage(home):
        if earlier.order >= entry.order:
            continue
        rows = read_rows(home, earlier, [count["indicator"]])
        of_place = _select_place(rows, place)
        if of_place.empty:
            continue
        if not _is_same(of_place, own):
            break
        if first is None or earlier.dataset == entry.dataset or first.dataset != entry.dataset:
            first = earlier
    if first is None:
        return []
    printed_in = {"dataset": first.dataset, "printed_in": first.version, "sha256": first.manifest_sha256}
    return [{"hop": "frozen", "measure": place[0], "year": place[1], **printed_in}]


def _select_place(rows: pd.DataFrame, place: tuple[str, str]) -> pd.DataFrame:
    return rows[(measure_ids(rows) == place[0]) & (rows["time_period"] == place[1])]


def _is_same(rows: pd.DataFrame, others: pd.DataFrame) -> bool:
    """Return whether two lineages name the same rows of the same files behind the same cells."""
    first, second = (
        set(zip(*(frame[column].astype(object).where(frame[column].notna(), None) for column in COLUMNS), strict=True))
        for frame in (rows, others)
    )
    return first == second


def _today_hop(count: Mapping[str, str], printed: pd.DataFrame, today: pd.DataFrame | None) -> dict[str, Any]:
    """Compare the facts that a count was printed from with those of the last build."""
    if today is None:
        measure = f"{count['indicator']}/{count['measure']}"
        return {"hop": "today", "measure": measure, "same": None, "sha256": text_hash("")}
    then, now = set(printed["member"]), set(today["member"])
    changed = {"same": then == now, "added": len(now - then), "gone": len(then - now)}
    return _facts_hop("today", count, today) | changed


def _facts_hop(name: str, count: Mapping[str, str], rows: pd.DataFrame) -> dict[str, Any]:
    members = sorted(set(rows["member"]))
    return {
        "hop": name,
        "measure": f"{count['indicator']}/{count['measure']}",
        "at": ", ".join(f"{name}={count[name]}" for name in DIMENSIONS if count[name] != TOTAL),
        "count": len(members),
        "facts": members,
        "sha256": text_hash("\n".join(members)),
    }


def _residents_hop(key: Mapping[str, str]) -> dict[str, Any]:
    """The denominator of a rate: not a fact of the warehouse, but a line of the seed `population`."""
    place = tuple(key[name] for name in PLACE)
    line = " ".join((*place, str(residents().get(place, ""))))
    return {"hop": "residents", "place": ", ".join(place), "count": residents().get(place), "sha256": text_hash(line)}


def _evidence_hops(
    received: ReceivedEvidence, printed: Sequence[pd.DataFrame], today: Sequence[pd.DataFrame]
) -> Iterator[dict[str, Any]]:
    """Yield rows, submissions and files as printed, as of today, or both; see `trace`."""
    before = pd.concat(printed, ignore_index=True)
    now = pd.concat(today, ignore_index=True) if today else before
    if _is_same(before, now):
        yield from _row_hops(received, before, "printed")
        return
    has_same_facts = all(set(then["member"]) == set(rows["member"]) for then, rows in zip(printed, today, strict=True))
    hops = list(_row_hops(received, before, "printed"))
    if has_same_facts:
        files = [(submission, file) for submission, file in itertools.pairwise(hops) if file["hop"] == "file"]
        hops = [hop for pair in files if pair[1]["state"] != "present" for hop in pair]
        yield from _row_hops(received, now, "today")
        yield from hops
    else:
        yield from hops
        yield from _row_hops(received, now, "today")


def _row_hops(received: ReceivedEvidence, rows: pd.DataFrame, evidence: str) -> Iterator[dict[str, Any]]:
    known = rows[rows["record"].notna()].drop_duplicates(["record"])
    records = sorted(known["record"])
    of_rows = {"rows": records, "sha256": text_hash("\n".join(records))}
    yield {"hop": "rows", "evidence": evidence, "count": len(records), **of_rows}
    for (submission, sha256), of_file in known.groupby(["submission", "sha256"], sort=True):
        source = str(of_file["record"].iloc[0]).partition("/")[0]
        file = received.file_of(str(submission))
        withdrawn = None if file.withdrawal is None else asdict(file.withdrawal)
        hop = {"source": source, "submission": submission, "rows": len(of_file), "sha256": sha256}
        yield {"hop": "submission", "evidence": evidence, **hop, "withdrawn": withdrawn}
        file_facts = {"path": file.path, "state": file.state, "intact": file.state == "present", "sha256": sha256}
        yield {"hop": "file", "evidence": evidence, **file_facts}
