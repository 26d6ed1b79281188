"""Publish the estimate of victims whom no agency knows: one set of numbers per place and year, and a line of the log.

Belongs here: what is written of an estimate, and publishing it, only once. Does not belong here:
computing and attacking it (`hidden_candidate.py`), reading it (`published_estimates.py`), sentences (the reports).

    releases/hidden_part/<version>/estimate.json    places: figures, or the reason why none is published
    ledger/published/hidden_part/                   the same as cells; ledger/sealed/hidden_part/ the overlap tables

`observed` is the count that the national dataset prints anyway, and `hidden` the difference of two printed numbers. An
estimate of a place and year is published once: a second figure, computed from one more person, would reveal that
person. If the printed count changes, the figure is no longer published, and not replaced.
"""

from __future__ import annotations

import hmac
import itertools
import json
import math
from collections.abc import Iterator, Mapping, Set
from dataclasses import asdict, replace
from typing import Any

import pandas as pd

from expectations.cards import areas
from expectations.cards.cells import DIMENSIONS, EXPECTED, KEY, RECEIVED, TOTAL, find_matches, read_parquet
from expectations.estimates import hidden_candidate, overlap_lists
from expectations.estimates.hidden_candidate import NOT_CARRIED, HiddenCandidate
from expectations.estimates.overlap_lists import SeenPersons
from expectations.published import estimate_folders, ledger, published_estimates
from expectations.published.estimate_folders import DATASET, INDICATOR, MEASURE
from expectations.published.published_estimates import FILE, EstimateRelease, PlaceEstimate, ToldLinkage
from expectations.published.release_log import ReleaseLog
from expectations.published.rounding_key import series_key
from expectations.releases import release, release_listing
from ingestion.home import Home, read_verified
from ingestion.persons import home_recall
from ingestion.persons.home_recall import HomeRecall
from methods.multiple_systems.told_estimate import ToldEstimate

COUNT_MISSING, COUNT_CHANGED, WITHDRAWN = "count_missing", "count_changed", "withdrawn"
_FIGURES = ("estimate", "lower95", "upper95", "lower80", "upper80", "chao_lower", "hidden")


def publish(home: Home) -> EstimateRelease | None:
    """Compute, audit and publish the estimates of the last closed year; the caller holds the lock.

    Returns:
        What is published afterwards; None if the national dataset is not.

    Raises:
        Refusal: `warehouse_missing`, `seal_broken`, `ledger_broken`.
    """
    log = release.sweep(home)
    out = release_listing.latest(home, DATASET, log)
    if out is None:
        return None
    printed = _printed_counts(read_parquet(read_verified(out.path / "data.parquet", out.sha256)))
    year = max((year for place, year in printed if place == areas.COUNTRY), default="")
    before = published_estimates.latest(home, log)
    published = {
        (estimate.place, estimate.year): estimate for estimate in published_estimates.published_figures(home, log)
    }
    gone = published_estimates.withdrawn_places(home, log)
    if not year:
        places = [PlaceEstimate(areas.COUNTRY, "", COUNT_MISSING)]
        seen = SeenPersons("", {})
    else:
        recall = home_recall.read_recall(home)
        recall = recall if recall and recall.since <= int(year) else None
        seen = overlap_lists.read_seen_persons(home, year, with_services=recall is None or recall.covers("services"))
        candidate = hidden_candidate.estimate_hidden_parts(seen, recall, _year_seed(home, year))
        hidden_candidate.seal(home, seen, candidate)
        linked = _published_linkage(recall)
        places = [
            _keep_published(replace(estimate, linkage=linked), published, gone, printed)
            for estimate in _places(candidate, printed)
        ]
    if before and list(before.places) == places:
        return before
    return _make_public(home, log, out.version, seen, tuple(places))


def _year_seed(home: Home, year: str) -> int:
    """Return the seed of a year: the same on every day, and unknown to outsiders."""
    return int.from_bytes(hmac.digest(series_key(home), f"hidden part {year}".encode(), "sha256")[:8])


def _published_linkage(recall: HomeRecall | None) -> ToldLinkage | None:
    if recall is None or recall.lower is None:
        return None
    agreed = None if recall.agreed is None else math.floor(100 * recall.agreed)
    return ToldLinkage(math.floor(100 * recall.lower), agreed)


def _printed_counts(frame: pd.DataFrame) -> dict[tuple[str, str], int]:
    """Return the printed count by place and year, if it is published and every agency sent the reports it owes."""
    cells = find_matches(frame, {"indicator": INDICATOR, "measure": MEASURE, **dict.fromkeys(DIMENSIONS, TOTAL)})
    rows = frame[cells & (frame["obs_status"] == "A") & (frame[RECEIVED] == frame[EXPECTED])].dropna(
        subset=["obs_value"]
    )
    return {
        (str(area), str(year)): round(value)
        for area, year, value in rows[["ref_area", "time_period", "obs_value"]].itertuples(index=False)
    }


def _places(candidate: HiddenCandidate, printed: Mapping[tuple[str, str], int]) -> Iterator[PlaceEstimate]:
    order = {area: rank for rank, area in enumerate((areas.COUNTRY, *areas.REGIONS))}
    for place in sorted({*candidate.told, *candidate.refused}, key=lambda area: order[area]):
        observed, figures = printed.get((place, candidate.year)), candidate.told.get(place)
        if figures is None:
            yield PlaceEstimate(place, candidate.year, candidate.refused[place])
        elif observed is None:
            yield PlaceEstimate(place, candidate.year, COUNT_MISSING)
        elif figures.estimate <= observed:
            yield PlaceEstimate(place, candidate.year, NOT_CARRIED)
        else:
            yield _limit_to_observed(figures, observed, PlaceEstimate(place, candidate.year))


def _limit_to_observed(figures: ToldEstimate, observed: int, place: PlaceEstimate) -> PlaceEstimate:
    """Raise limits below the number of observed persons to that number."""
    figures = replace(
        figures,
        lower95=max(figures.lower95, observed),
        lower80=max(figures.lower80, observed),
        chao_lower=max(figures.chao_lower, observed),
    )
    return replace(place, observed=observed, hidden=figures.estimate - observed, figures=figures)


def _keep_published(
    place: PlaceEstimate,
    published: Mapping[tuple[str, str], PlaceEstimate],
    gone: Set[tuple[str, str]],
    printed: Mapping[tuple[str, str], int],
) -> PlaceEstimate:
    """Keep what was published for a place and year instead of a new figure; nothing if it was withdrawn."""
    if (place.place, place.year) in gone:
        return PlaceEstimate(place.place, place.year, WITHDRAWN)
    before = published.get((place.place, place.year))
    if before is None:
        return place if place.figures else replace(place, linkage=None)
    is_same = before.observed == printed.get((place.place, place.year))
    return before if is_same else PlaceEstimate(place.place, place.year, COUNT_CHANGED)


def _make_public(
    home: Home, log: ReleaseLog, as_of: str, seen: SeenPersons, places: tuple[PlaceEstimate, ...]
) -> EstimateRelease:
    content = (json.dumps([asdict(estimate) for estimate in places], indent=2, sort_keys=True) + "\n").encode()
    version = estimate_folders.publish(
        home,
        log,
        ledger.HIDDEN_PART,
        {FILE: content},
        as_of={DATASET: as_of},
        cells=_cells(places),
        sealed=_overlaps(seen),
    )
    release.point(home.releases / ledger.HIDDEN_PART, version)
    return EstimateRelease(version, places)


def _cells(places: tuple[PlaceEstimate, ...]) -> pd.DataFrame:
    """Return the published figures as rows of the ledger: `KEY`, with the figure's name as measure, and the figure."""
    rows = [
        _row(estimate.place, estimate.year, name.upper(), value)
        for estimate, name in itertools.product(places, _FIGURES)
        if estimate.figures is not None
        if (value := estimate.hidden if name == "hidden" else getattr(estimate.figures, name)) is not None
    ]
    return estimate_folders.ledger_cells(rows, "VICTIM")


def _overlaps(seen: SeenPersons) -> pd.DataFrame:
    """Return the overlap tables as rows: the combination of lists is written as the holder."""
    rows = [
        _row(part, seen.year, "OVERLAP", int(count))
        | {"holder": "+".join(name for place, name in enumerate(table.lists) if cell >> place & 1)}
        for part, table in seen.tables.items()
        for cell, count in enumerate(table.counts)
        if count
    ]
    return pd.DataFrame(rows, columns=[*KEY, "obs_value"])


def _row(place: str, year: str, measure: str, value: float) -> dict[str, Any]:
    return estimate_folders.row(value, indicator=INDICATOR, measure=measure, ref_area=place, time_period=year)
