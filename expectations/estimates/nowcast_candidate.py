"""The forecast of late cases of each list: attacked, and revised only once enough cases came.

Belongs here: which lists and years are forecast, the order of refusals, the attack on what would be published, when an
earlier forecast stands. Does not belong here: the method (`methods/case_flow`), publishing (`estimate_release.py`).

Two forecasts of one year, computed from lists that differ by one case, would reveal that case. So the first forecast
stands until as many cases differ as a revision of a past year takes (`LATE_CASES`), and a withdrawn one never returns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from expectations.cards import areas
from expectations.cards.cells import LATE_CASES
from expectations.estimates import arrived_lists, estimate_release
from expectations.estimates.arrived_lists import SenderLists
from expectations.estimates.estimate_release import EstimateCandidate, Seed
from expectations.protection.constraint_systems import MINIMUM_VALUES, SENSITIVE_UNDER
from expectations.published.published_estimates import (
    NOT_CARRIED,
    NOWCASTS,
    WITHDRAWN,
    EarlierEstimate,
    EstimateRelease,
    SenderNowcast,
)
from expectations.published.release_log import ReleaseLog
from ingestion.home import Home
from methods.case_flow.nowcast import LONGEST_GAP_MONTHS, Nowcast, NowcastOrder, nowcast
from methods.case_flow.reporting_triangle import ReportingTriangle
from methods.case_flow.told_nowcast import publishable_nowcast
from methods.disclosure.attacks.late_arrivals import ArrivalAttack

BATCHES, COMPLETE = "batch_arrival", "complete"
_KEPT_INSIDE = ("too_few_cases", "few_seen", "discloses")

_DRAWS = 1_000


@dataclass(frozen=True)
class NowcastCandidate:
    """What would be published of one list, or why nothing is.

    Attributes:
        lists: when its cases arrived.
        told: figures, or a reason as it may be published.
        inside: every reason; never published.
        computed: what was computed; None if nothing was.
    """

    lists: SenderLists
    told: SenderNowcast
    inside: tuple[str, ...] = ()
    computed: Nowcast | None = None


def publish(home: Home) -> EstimateRelease[SenderNowcast] | None:
    """Compute, attack and publish the forecasts of the last closed year of each list; the caller holds the lock."""
    return estimate_release.publish(home, NOWCASTS, _make_candidate)


def nowcast_lists(lists: Sequence[SenderLists], seed: Seed) -> list[NowcastCandidate]:
    """Return for each list what would be published for its last closed year.

    Args:
        lists: lists of the agencies.
        seed: random seed by name.
    """
    return [_nowcast_list(sender_lists, seed) for sender_lists in lists]


def _nowcast_list(lists: SenderLists, seed: Seed) -> NowcastCandidate:
    triangle, year = lists.triangle, lists.last_closed_year
    known = SenderNowcast(lists.source, lists.shape, str(year or ""), lists.as_of)
    if triangle is None or not lists.is_cumulative or lists.sends_every > LONGEST_GAP_MONTHS:
        return _refuse_nowcast(lists, known, BATCHES)
    if year is None:
        return _refuse_nowcast(lists, known, "short_history")
    rows = lists.rows_of(year)
    if (triangle.ages[list(rows)] >= triangle.longest).all():
        return _refuse_nowcast(lists, known, COMPLETE)
    order = NowcastOrder(
        periods_a_year=12 if lists.months_a_period == 1 else 4,
        sends_every=lists.sends_every,
        groups={str(year): rows},
        draws=_DRAWS,
        seed=seed(f"nowcast {lists.source} {lists.shape} {year}"),
    )
    computed = nowcast(triangle, order)
    figures = publishable_nowcast(computed, str(year))
    if figures is None:
        reasons = computed.reasons or ("few_seen",)
        public_reason = next((reason for reason in reasons if reason not in _KEPT_INSIDE), NOT_CARRIED)
        return _refuse_nowcast(lists, known, public_reason, reasons, computed)

    def is_possible(other: ReportingTriangle) -> bool:
        return publishable_nowcast(nowcast(other, order), str(year)) == figures

    given_away = ArrivalAttack(triangle, rows, is_possible, MINIMUM_VALUES, SENSITIVE_UNDER).list_revealed()
    if given_away:
        return _refuse_nowcast(lists, known, NOT_CARRIED, ("discloses",), computed)
    return NowcastCandidate(lists, replace(known, figures=figures), (), computed)


def _refuse_nowcast(
    lists: SenderLists,
    known: SenderNowcast,
    reason: str,
    inside: Sequence[str] = (),
    computed: Nowcast | None = None,
) -> NowcastCandidate:
    sender_nowcast = replace(known, reason=reason)
    return NowcastCandidate(lists, sender_nowcast, tuple(inside) or (reason,), computed)


def _make_candidate(home: Home, _log: ReleaseLog) -> EstimateCandidate[SenderNowcast]:
    candidates = nowcast_lists(arrived_lists.read_sender_lists(home), estimate_release.home_seed(home))
    lists = {candidate.told.key: candidate.lists for candidate in candidates}

    def revise(new: SenderNowcast, before: EarlierEstimate[SenderNowcast]) -> SenderNowcast:
        """Keep what was published until enough cases differ; what was withdrawn is not published again."""
        if new.figures is None:
            return new
        if before.is_withdrawn:
            return replace(new, figures=None, reason=WITHDRAWN)
        if before.estimate is None or before.sealed is None:
            return new
        return before.estimate if _count_differing(lists[new.key], before.sealed) < LATE_CASES else new

    return EstimateCandidate(
        [candidate.told for candidate in candidates],
        {f"{candidate.told.source} {candidate.told.shape}": candidate.told.as_of for candidate in candidates},
        [row for candidate in candidates for row in _arrivals(candidate.lists)],
        [_sealed_content(candidate) for candidate in candidates],
        revise,
    )


def _sealed_content(candidate: NowcastCandidate) -> dict[str, object]:
    lists, computed = candidate.lists, candidate.computed
    return {
        "told": asdict(candidate.told),
        "inside": candidate.inside,
        "sends_every": lists.sends_every,
        "first": lists.first,
        "months_a_period": lists.months_a_period,
        "counts": lists.triangle.counts.tolist() if lists.triangle else [],
        "shift": computed.shift if computed else None,
        "by_group": dict(computed.by_group) if computed else {},
        "back_cast": asdict(computed.back_cast) if computed and computed.back_cast else None,
    }


def _count_differing(lists: SenderLists, sealed: pd.DataFrame) -> int:
    """Return how many cases of the list's last closed year have arrived, gone or moved since."""
    mine = sealed[(sealed["holder"] == lists.source) & (sealed["form"] == lists.shape)]
    was = dict(zip(zip(mine["time_period"], mine["cust_breakdown"], strict=True), mine["obs_value"], strict=True))
    now = {(row["time_period"], row["cust_breakdown"]): row["obs_value"] for row in _arrivals(lists)}
    year = str(lists.last_closed_year)
    asked = {place for place in (*was, *now) if str(place[0]).startswith(f"{year}-")}
    return round(sum(abs(now.get(place, 0) - was.get(place, 0)) for place in asked))


def _arrivals(lists: SenderLists) -> Iterator[dict[str, Any]]:
    """Yield arrivals as rows: contact period as the time, list as the form, delay as the breakdown."""
    if lists.triangle is None:
        return
    a_year = 12 // lists.months_a_period
    for row, delay in zip(*np.nonzero(lists.triangle.counts), strict=True):
        period = lists.first + int(row)
        yield estimate_release.ledger_row(
            int(lists.triangle.counts[row, delay]),
            indicator=NOWCASTS.indicator,
            measure="ARRIVED",
            ref_area=areas.COUNTRY,
            time_period=f"{period // a_year}-{period % a_year + 1:02}",
            holder=lists.source,
            form=lists.shape,
            cust_breakdown=f"D{delay:02}",
        )
