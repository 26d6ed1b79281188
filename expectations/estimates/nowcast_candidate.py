"""The forecasts of late cases that might be told, worked out and attacked, with the arrivals behind them: sealed.

Here: which lists and years are asked, the order of refusals, the attack on what would be told. Not here: the method
(`methods/case_flow`), what is released of it (`nowcast_release.py`).

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
from methods.case_flow.told_nowcast import told_of
from methods.disclosure.attacks.late_arrivals import ArrivalAttack

NAME = "nowcast.json"
BATCHES, COMPLETE, NOT_CARRIED = "batch_arrival", "complete", "not_carried"
"""Told reasons of the house; `NOT_CARRIED` stands for those that would tell that there are few cases."""
_KEPT_INSIDE = ("too_few_cases", "few_seen", "discloses")

_DRAWS = 1_000

Seed = Callable[[str], int]
"""Of a name: of chance, known in this house only."""


@dataclass(frozen=True)
class NowcastCandidate:
    """What would be told of one list, or why nothing is.

    Attributes:
        lists: when its cases arrived.
        told: figures, or a reason as it may be told.
        inside: every reason, for the house only.
        found: what was computed; None where nothing was.
    """

    lists: SenderLists
    told: SenderNowcast
    inside: tuple[str, ...] = ()
    found: Nowcast | None = None


def work_out(lists: Sequence[SenderLists], seed: Seed) -> list[NowcastCandidate]:
    """Return for each list what would be told of its last closed year.

    Args:
        lists: of the bodies.
        seed: of chance.
    """
    return [_of_list(one, seed) for one in lists]


def seal(home: Home, candidates: Sequence[NowcastCandidate]) -> None:
    """Write the sealed file."""
    content = [
        {
            "told": asdict(one.told),
            "inside": one.inside,
            "sends_every": one.lists.sends_every,
            "first": one.lists.first,
            "months_a_period": one.lists.months_a_period,
            "counts": one.lists.triangle.counts.tolist() if one.lists.triangle else [],
            "shift": one.found.shift if one.found else None,
            "by_group": dict(one.found.by_group) if one.found else {},
            "back_cast": asdict(one.found.back_cast) if one.found and one.found.back_cast else None,
        }
        for one in candidates
    ]
    write_sealed(home, home.candidates / NAME, (json.dumps(content, indent=1, sort_keys=True) + "\n").encode())


def _of_list(lists: SenderLists, seed: Seed) -> NowcastCandidate:
    triangle, year = lists.triangle, lists.last_closed_year
    known = SenderNowcast(lists.source, lists.shape, str(year or ""), lists.as_of)
    if triangle is None or not lists.is_cumulative or lists.sends_every > LONGEST_GAP_MONTHS:
        return _refused(lists, known, BATCHES)
    if year is None:
        return _refused(lists, known, "short_history")
    rows = lists.rows_of(year)
    if (triangle.ages[list(rows)] >= triangle.longest).all():
        return _refused(lists, known, COMPLETE)
    order = NowcastOrder(
        periods_a_year=12 if lists.months_a_period == 1 else 4,
        sends_every=lists.sends_every,
        groups={str(year): rows},
        draws=_DRAWS,
        seed=seed(f"nowcast {lists.source} {lists.shape} {year}"),
    )
    found = nowcast(triangle, order)
    figures = told_of(found, str(year))
    if figures is None:
        reasons = found.reasons or ("few_seen",)
        told = next((reason for reason in reasons if reason not in _KEPT_INSIDE), NOT_CARRIED)
        return _refused(lists, known, told, reasons, found)

    def could_be(other: ReportingTriangle) -> bool:
        return told_of(nowcast(other, order), str(year)) == figures

    given_away = ArrivalAttack(triangle, rows, could_be, MINIMUM_VALUES, SENSITIVE_UNDER).given_away()
    if given_away:
        return _refused(lists, known, NOT_CARRIED, ("discloses",), found)
    return NowcastCandidate(lists, replace(known, figures=figures), (), found)


def _refused(
    lists: SenderLists,
    known: SenderNowcast,
    reason: str,
    inside: Sequence[str] = (),
    found: Nowcast | None = None,
) -> NowcastCandidate:
    told = replace(known, reason=reason)
    return NowcastCandidate(lists, told, tuple(inside) or (reason,), found)
