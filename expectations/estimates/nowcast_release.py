"""Publish forecasts of late cases: one set per sender and year, revised only once enough cases came, a line of the log.

Belongs here: what is written of them, when a figure is revised, and publishing. Does not belong here: computing and
attacking them (`nowcast_candidate.py`), reading them (`published_nowcasts.py`), sentences (the reports).

    releases/nowcast/<version>/nowcast.json    senders: figures, or the reason why none is published
    releases/nowcast/<version>/nowcast.csv     the figures by measure: NOWCAST, its limits, and what has arrived
    ledger/published/nowcast/                  the same as cells; ledger/sealed/nowcast/ the arrivals behind them

Two forecasts of one year, computed from lists that differ by one case, would reveal that case. So the first forecast
stands until as many cases differ as a revision of a past year takes (`LATE_CASES`), and a withdrawn one never returns.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator, Mapping, Set
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pandas as pd

from expectations.cards import areas
from expectations.estimates import arrived_lists, nowcast_candidate
from expectations.estimates.arrived_lists import SenderLists
from expectations.estimates.nowcast_candidate import NowcastCandidate
from expectations.protection.constraint_systems import LATE_CASES
from expectations.published import estimate_folders, ledger, published_nowcasts
from expectations.published.published_nowcasts import FILE, NowcastRelease, SenderNowcast
from expectations.published.rounding_key import series_key
from expectations.releases import release
from ingestion.home import Home

INDICATOR = "LISTED_CASES"
"""Cases on one agency's list by year of first contact: what the measures describe. No released count has this code."""
TABLE = "nowcast.csv"
WITHDRAWN = "withdrawn"
MEASURES = {"seen": "ARRIVED", "middle": "NOWCAST", "lower": "NOWCAST_LOWER", "upper": "NOWCAST_UPPER"}
"""Published figure -> its measure. None of them is `COUNT`."""
_COLUMNS = ("indicator", "measure", "holder", "time_period", "obs_value", "unit_measure")


def publish(home: Home) -> NowcastRelease | None:
    """Compute, attack and publish the forecasts of the last closed year of each list; the caller holds the lock.

    Returns:
        What is published afterwards; None if no agency has sent a list.

    Raises:
        Refusal: `warehouse_missing`, `seal_broken`, `ledger_broken`.
    """
    log = release.sweep(home)
    candidates = nowcast_candidate.nowcast_lists(arrived_lists.read_sender_lists(home), _home_seed(home))
    nowcast_candidate.seal(home, candidates)
    before = published_nowcasts.latest(home, log)
    published: dict[tuple[str, str, str], tuple[SenderNowcast, pd.DataFrame]] = {}
    for sender_nowcast, sealed in published_nowcasts.published_figures(home, log):
        published.setdefault(sender_nowcast.place, (sender_nowcast, sealed))
    gone = published_nowcasts.withdrawn_places(home, log)
    senders = tuple(_keep_published(candidate, published, gone) for candidate in candidates)
    if not senders or (before and before.senders == senders):
        return before
    cells = _cells(senders)
    files = {FILE: _json(senders), TABLE: _csv(cells)}
    as_of = {f"{sender.source} {sender.shape}": sender.as_of for sender in senders}
    version = estimate_folders.publish(
        home, log, ledger.NOWCAST, files, as_of=as_of, cells=cells, sealed=_sealed_counts(candidates)
    )
    release.point(home.releases / ledger.NOWCAST, version)
    return NowcastRelease(version, senders)


def _home_seed(home: Home) -> nowcast_candidate.Seed:
    """Return the seed of a name: the same on every day, and unknown to outsiders."""
    key = series_key(home)
    return lambda name: int.from_bytes(hmac.digest(key, name.encode(), "sha256")[:8])


def _keep_published(
    candidate: NowcastCandidate,
    published: Mapping[tuple[str, str, str], tuple[SenderNowcast, pd.DataFrame]],
    gone: Set[tuple[str, str]],
) -> SenderNowcast:
    """Keep what was published until enough cases differ; what was withdrawn is not published again."""
    new = candidate.told
    if new.figures is None:
        return new
    if (new.source, new.year) in gone:
        return replace(new, figures=None, reason=WITHDRAWN)
    if new.place not in published:
        return new
    before, sealed = published[new.place]
    return before if _count_differing(candidate.lists, sealed) < LATE_CASES else new


def _count_differing(lists: SenderLists, sealed: pd.DataFrame) -> int:
    """Return how many cases of the list's last closed year have arrived, gone or moved since."""
    mine = sealed[(sealed["holder"] == lists.source) & (sealed["form"] == lists.shape)]
    was = dict(zip(zip(mine["time_period"], mine["cust_breakdown"], strict=True), mine["obs_value"], strict=True))
    now = {(row["time_period"], row["cust_breakdown"]): row["obs_value"] for row in _arrivals(lists)}
    year = str(lists.last_closed_year)
    asked = {place for place in (*was, *now) if str(place[0]).startswith(f"{year}-")}
    return round(sum(abs(now.get(place, 0) - was.get(place, 0)) for place in asked))


def _cells(senders: tuple[SenderNowcast, ...]) -> pd.DataFrame:
    """Return the published figures as rows of the ledger: the sender is the holder."""
    made = [
        estimate_folders.ledger_cells(
            [
                estimate_folders.row(
                    getattr(sender.figures, name),
                    indicator=INDICATOR,
                    measure=measure,
                    ref_area=areas.COUNTRY,
                    time_period=sender.year,
                    holder=sender.source,
                )
                for name, measure in MEASURES.items()
            ],
            "VICTIM",
        )
        for sender in senders
        if sender.figures
    ]
    return pd.concat([estimate_folders.ledger_cells([], "VICTIM"), *made], ignore_index=True)


def _csv(cells: pd.DataFrame) -> bytes:
    table = cells.loc[:, list(_COLUMNS)].astype({"obs_value": "int64"})
    return str(table.to_csv(index=False, lineterminator="\r\n")).encode()


def _json(senders: tuple[SenderNowcast, ...]) -> bytes:
    return (json.dumps([asdict(sender) for sender in senders], indent=2, sort_keys=True) + "\n").encode()


def _sealed_counts(candidates: list[NowcastCandidate]) -> pd.DataFrame:
    rows = [row for candidate in candidates for row in _arrivals(candidate.lists)]
    return pd.DataFrame(rows, columns=list(ledger.SEALED_COLUMNS))


def _arrivals(lists: SenderLists) -> Iterator[dict[str, Any]]:
    """Yield arrivals as rows: contact period as the time, list as the form, delay as the breakdown."""
    if lists.triangle is None:
        return
    a_year = 12 // lists.months_a_period
    for row, delay in zip(*np.nonzero(lists.triangle.counts), strict=True):
        period = lists.first + int(row)
        yield estimate_folders.row(
            int(lists.triangle.counts[row, delay]),
            indicator=INDICATOR,
            measure="ARRIVED",
            ref_area=areas.COUNTRY,
            time_period=f"{period // a_year}-{period % a_year + 1:02}",
            holder=lists.source,
            form=lists.shape,
            cust_breakdown=f"D{delay:02}",
        )
