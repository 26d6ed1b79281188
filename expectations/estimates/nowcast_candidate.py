"""The forecasts of late cases that may be published, computed and attacked, with the arrivals behind them: sealed.

Belongs here: which lists and years are forecast, the order of refusals, the attack on what would be published. Does not
belong here: the method (`methods/case_flow`), what is released (`nowcast_release.py`).

    candidates/nowcast.json    sealed: the triangles, what was computed, every reason; never leaves
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace

from expectations.estimates.arrived_lists import SenderLists
from expectations.protection.constraint_systems import MINIMUM_VALUES, SENSITIVE_UNDER
from expectations.published.published_nowcasts import SenderNowcast
from ingestion.home import Home
from ingestion.seals import write_sealed
from methods.case_flow.nowcast import LONGEST_GAP_MONTHS, Nowcast, NowcastOrder, nowcast
from methods.case_flow.reporting_triangle import ReportingTriangle
from methods.case_flow.told_nowcast import publishable_nowcast
from methods.disclosure.attacks.late_arrivals import ArrivalAttack

NAME = "nowcast.json"
BATCHES, COMPLETE, NOT_CARRIED = "batch_arrival", "complete", "not_carried"
"""Marsad's published reasons; `NOT_CARRIED` replaces those that would reveal that there are few cases."""
_KEPT_INSIDE = ("too_few_cases", "few_seen", "discloses")

_DRAWS = 1_000

Seed = Callable[[str], int]
"""Name -> random seed, secret to this home."""


@dataclass(frozen=True)
class NowcastCandidate:
    """What would be published of one list, or why nothing is.

    Attributes:
        lists: when its cases arrived.
        told: figures, or a reason as it may be published.
        inside: every reason; never published.
        found: what was computed; None if nothing was.
    """

    lists: SenderLists
    told: SenderNowcast
    inside: tuple[str, ...] = ()
    found: Nowcast | None = None


def nowcast_lists(lists: Sequence[SenderLists], seed: Seed) -> list[NowcastCandidate]:
    """Return for each list what would be published for its last closed year.

    Args:
        lists: lists of the agencies.
        seed: random seed by name.
    """
    return [_nowcast_list(sender_lists, seed) for sender_lists in lists]


def seal(home: Home, candidates: Sequence[NowcastCandidate]) -> None:
    """Write the sealed file."""
    content = [
        {
            "told": asdict(candidate.told),
            "inside": candidate.inside,
            "sends_every": candidate.lists.sends_every,
            "first": candidate.lists.first,
            "months_a_period": candidate.lists.months_a_period,
            "counts": candidate.lists.triangle.counts.tolist() if candidate.lists.triangle else [],
            "shift": candidate.found.shift if candidate.found else None,
            "by_group": dict(candidate.found.by_group) if candidate.found else {},
            "back_cast": asdict(candidate.found.back_cast) if candidate.found and candidate.found.back_cast else None,
        }
        for candidate in candidates
    ]
    write_sealed(home, home.candidates / NAME, (json.dumps(content, indent=1, sort_keys=True) + "\n").encode())


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
