"""Publish how far a total moves over link thresholds: rounded ends next to the printed count, a line of the log.

Belongs here: which years are asked, which earlier ranges stand, what is written, publishing. Does not belong here:
counting at the thresholds (`linked_counts.py`), rounding (`methods/linkage/told_range.py`), sentences (the reports).

    candidates/link_range.json                       sealed: the true counts at each threshold; never leaves
    releases/link_range/<version>/link_range.json    years: two ends, or the reason why none are published
    releases/link_range/<version>/link_range.csv     the ends, as measures of their own: LINKS_LOWER, LINKS_UPPER
    ledger/published/link_range/                     the same as cells; ledger/sealed/link_range/ the true counts

The total is PRT-01 of the country. Two ranges of one year that differ by one record would reveal that record. So a
range stands as long as the printed count lies within it and fewer cases differ than a revision of a past year takes
(`LATE_CASES`), and a withdrawn one never returns.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd

from expectations.candidates import candidate
from expectations.cards import areas
from expectations.cards.cells import DIMENSIONS, TOTAL, find_matches, read_parquet
from expectations.estimates import linked_counts
from expectations.protection.constraint_systems import LATE_CASES
from expectations.published import estimate_folders, ledger, published_ranges
from expectations.published.estimate_folders import DATASET, INDICATOR, MEASURE
from expectations.published.published_ranges import COUNTED, FILE, NOT_CARRIED, WITHDRAWN, RangeRelease, YearRange
from expectations.published.release_log import ReleaseLog
from expectations.published.rounding_key import series_key
from expectations.releases import release, release_listing
from ingestion.home import Home, read_verified
from ingestion.persons import link_store
from ingestion.seals import write_sealed
from methods.linkage.person_groups import THRESHOLDS
from methods.linkage.told_range import Chance, told_range

TABLE = "link_range.csv"
LOWER, UPPER = "LINKS_LOWER", "LINKS_UPPER"
_COLUMNS = ("indicator", "measure", "ref_area", "time_period", "obs_value", "unit_measure")

Counts = Mapping[float, int]
"""Threshold -> true count."""


def publish(home: Home) -> RangeRelease | None:
    """Count, round and publish the ranges of all printed years; the caller holds the lock.

    If no range can be published, nothing is released: no folder, no line. Only a version whose ranges no longer stand
    is followed by one without ranges.

    Returns:
        What is published afterwards, or, without a version, why nothing was released; None if nothing was ever linked,
        or the national dataset is not published.

    Raises:
        Refusal: `warehouse_missing`, `seal_broken`, `ledger_broken`.
    """
    log = release.sweep(home)
    out, before = release_listing.latest(home, DATASET, log), published_ranges.latest(home, log)
    if out is None or link_store.path_of(home) is None:
        return before
    printed = _totals(read_parquet(read_verified(out.path / "data.parquet", out.sha256)))
    counted = linked_counts.read_linked_counts(home)
    _seal(home, counted)
    true = _totals(candidate.read_cells(home, DATASET))
    published: dict[str, tuple[YearRange, pd.DataFrame]] = {}
    for year_range, sealed in published_ranges.published_figures(home, log):
        published.setdefault(year_range.year, (year_range, sealed))
    gone, chance = published_ranges.withdrawn_years(home, log), _chance(home)
    years = tuple(
        YearRange(year, WITHDRAWN)
        if year in gone
        else _keep_published(
            _compute_range(year, counted.get(year, {}), true.get(year), shown, chance), shown, counted, published
        )
        for year, shown in sorted(printed.items())
    )
    if not years or (before and before.years == years):
        return before
    if not _has_ends(years) and not (before and _has_ends(before.years)):
        return RangeRelease("", years)
    return _make_public(home, log, years, counted, out.version)


def _totals(frame: pd.DataFrame) -> dict[str, int]:
    """Return the count of the country by year, if there is one."""
    place = {"indicator": INDICATOR, "measure": MEASURE, "ref_area": areas.COUNTRY, **dict.fromkeys(DIMENSIONS, TOTAL)}
    rows = frame[find_matches(frame, place) & (frame["obs_status"] == "A")].dropna(subset=["obs_value"])
    return {str(year): round(value) for year, value in zip(rows["time_period"], rows["obs_value"], strict=True)}


def _chance(home: Home) -> Chance:
    """Return the random source of a name: the same on every day, and unknown to outsiders."""
    key = series_key(home)
    return lambda name: int.from_bytes(hmac.digest(key, f"link range {name}".encode(), "sha256")[:6]) / (1 << 48)


def _compute_range(year: str, counts: Counts, true: int | None, printed: int, chance: Chance) -> YearRange:
    """Return the range of a year; none if the second count at the main threshold differs from the warehouse's."""
    if not counts or true is None or counts[link_store.MAIN] != true:
        return YearRange(year, NOT_CARRIED)
    ends = told_range(list(counts.values()), true, printed, lambda name: chance(f"{year} {name}"))
    return YearRange(year, "" if ends else NOT_CARRIED, ends)


def _keep_published(
    new: YearRange,
    printed: int,
    counted: Mapping[str, Counts],
    published: Mapping[str, tuple[YearRange, pd.DataFrame]],
) -> YearRange:
    """Keep what was published until enough cases differ; publish nothing if it cannot stand."""
    if new.year not in published:
        return new
    before, sealed = published[new.year]
    was = {
        str(row["measure"]): round(row["obs_value"])
        for row in sealed[sealed["time_period"] == new.year].to_dict("records")
    }
    now = {str(row["measure"]): round(row["obs_value"]) for row in _counts(new.year, counted.get(new.year, {}))}
    moved = [abs(now.get(name, 0) - was.get(name, 0)) for name in {*was, *now}]
    if any(moved) and all(cases == 0 or cases >= LATE_CASES for cases in moved):
        return new
    stands = before.ends is not None and before.ends.lower <= printed <= before.ends.upper
    return before if stands else YearRange(new.year, NOT_CARRIED)


def _make_public(
    home: Home, log: ReleaseLog, years: tuple[YearRange, ...], counted: Mapping[str, Counts], as_of: str
) -> RangeRelease:
    cells = estimate_folders.ledger_cells(list(_range_rows(years)), "VICTIM")
    content = (json.dumps([asdict(year_range) for year_range in years], indent=2, sort_keys=True) + "\n").encode()
    rows = [row for year, counts in counted.items() for row in _counts(year, counts)]
    table = cells.loc[:, list(_COLUMNS)].astype({"obs_value": "int64"})
    version = estimate_folders.publish(
        home,
        log,
        ledger.LINK_RANGE,
        {FILE: content, TABLE: str(table.to_csv(index=False, lineterminator="\r\n")).encode()},
        as_of={DATASET: as_of},
        cells=cells,
        sealed=pd.DataFrame(rows, columns=list(ledger.SEALED_COLUMNS)),
    )
    release.point(home.releases / ledger.LINK_RANGE, version)
    return RangeRelease(version, years)


def _has_ends(years: Sequence[YearRange]) -> bool:
    return any(year_range.ends for year_range in years)


def _range_rows(years: Sequence[YearRange]) -> Iterator[dict[str, Any]]:
    for year_range in years:
        if year_range.ends:
            yield _row(year_range.year, LOWER, year_range.ends.lower)
            yield _row(year_range.year, UPPER, year_range.ends.upper)


def _counts(year: str, counts: Counts) -> Iterator[dict[str, Any]]:
    """Yield the true counts as rows, with the threshold in the measure's name."""
    yield from (_row(year, f"LINKS_{at}", counts[at]) for at in THRESHOLDS if at in counts)


def _row(year: str, measure: str, value: float) -> dict[str, Any]:
    place = {"ref_area": areas.COUNTRY, "time_period": year}
    return estimate_folders.row(value, indicator=INDICATOR, measure=measure, **place)


def _seal(home: Home, counted: Mapping[str, Counts]) -> None:
    content = {year: {str(at): count for at, count in counts.items()} for year, counts in counted.items()}
    write_sealed(home, home.candidates / COUNTED, (json.dumps(content, indent=1, sort_keys=True) + "\n").encode())
