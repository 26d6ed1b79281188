"""Estimates that may be published, computed and attacked, with their overlap tables: sealed, they never leave the home.

Belongs here: which places are estimated, the order of refusals, the attack on what would be published. Does not belong
here: the method (`methods/multiple_systems`), what is released (`estimate_release.py`).

    candidates/hidden_part.json    sealed: the overlap tables, what was computed, every reason
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Protocol

from expectations.cards import areas
from expectations.estimates.overlap_lists import SeenPersons, drop_small_lists
from expectations.protection.constraint_systems import MINIMUM_VALUES, SENSITIVE_UNDER
from ingestion.home import Home
from ingestion.seals import write_sealed
from methods.disclosure.attacks.shared_persons import OverlapAttack
from methods.multiple_systems.hidden_part import (
    FEW_OVERLAPS,
    LEAST_RECALL,
    EstimateOrder,
    HiddenPart,
    LinkageQuality,
    estimate_hidden_part,
    estimated_persons,
)
from methods.multiple_systems.overlap_table import OverlapTable, chao_lower_bound
from methods.multiple_systems.told_estimate import ToldEstimate, is_possible, publishable_estimate

NAME = "hidden_part.json"
LINKAGE_REASONS = ("linkage_unmeasured", "linkage_recall_low")
NOT_CARRIED = "not_carried"
"""Published in place of every reason that depends on the overlaps: the exact reason would reveal something of them."""
OF_ONE_REGION = "lists_of_one_region"
"""Why the country is not estimated if its regions have separate lists, or nobody was seen: never published."""

_REPLICATES = 1_000


@dataclass(frozen=True)
class HiddenCandidate:
    """What would be published for each place, or why nothing is.

    Attributes:
        year: year of the persons.
        told: place -> figures.
        refused: place -> reason, as it may be published.
        inside: place -> every reason; never published.
    """

    year: str
    told: Mapping[str, ToldEstimate]
    refused: Mapping[str, str]
    inside: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, "tuple[str, ...]"])


class MeasuredRecall(Protocol):
    """How well a home links records, by either measure."""

    @property
    def lower(self) -> float | None:
        """Lower 95 % limit of the share of true pairs that are found; None if not measured."""
        ...


def estimate_hidden_parts(seen: SeenPersons, recall: MeasuredRecall | None, seed: int) -> HiddenCandidate:
    """Return the estimates of the country and of each region that has enough overlaps.

    Args:
        seen: the persons and the agencies that saw them.
        recall: measured linkage recall of this home; None if never measured.
        seed: random seed, secret to this home: with it, anybody could recompute the limits.
    """
    lower = recall.lower if recall else None
    reason = "linkage_unmeasured" if lower is None else "linkage_recall_low" if lower < LEAST_RECALL else ""
    if reason or lower is None:
        return HiddenCandidate(seen.year, {}, {areas.COUNTRY: reason}, {areas.COUNTRY: (reason,)})
    order = EstimateOrder(replicates=_REPLICATES, seed=seed, linkage=LinkageQuality(lower), years=1.0)
    estimated = _Estimated(order)
    hidden_parts = {place: estimated.estimate_table(table) for place, table in _overlap_tables(seen).items()}
    publishable = {
        place: figures
        for place, hidden_part in hidden_parts.items()
        if (figures := publishable_estimate(hidden_part)) is not None
    }
    inside = {place: tuple(hidden_part.reasons) for place, hidden_part in hidden_parts.items()}
    publishable, inside = _withhold_revealing(seen, publishable, inside, estimated)
    refused = dict.fromkeys(
        (place for place in (areas.COUNTRY, *hidden_parts) if place not in publishable), NOT_CARRIED
    )
    if areas.COUNTRY not in hidden_parts:
        inside[areas.COUNTRY] = (OF_ONE_REGION,)
    return HiddenCandidate(seen.year, publishable, refused, inside)


def _overlap_tables(seen: SeenPersons) -> dict[str, OverlapTable]:
    """Return the overlap tables to estimate: regions with enough overlaps; the country if its regions share lists."""
    whole = {place: drop_small_lists(_sum(seen, parts)) for place, parts in seen.places.items()}
    return {
        place: table
        for place, table in whole.items()
        if (seen.is_of_one_population if place == areas.COUNTRY else table.overlaps >= FEW_OVERLAPS)
    }


class _Estimated:
    """Cached estimates of tables: tables that differ only in lists with too few persons are estimated once."""

    def __init__(self, order: EstimateOrder) -> None:
        self.order = order
        self._known: dict[tuple[tuple[str, ...], bytes], HiddenPart] = {}

    def estimate_table(self, table: OverlapTable) -> HiddenPart:
        """Return the estimate of a table from the lists that reach its place."""
        slim = drop_small_lists(table)
        key = (slim.lists, slim.counts.tobytes())
        if key not in self._known:
            self._known[key] = estimate_hidden_part(slim, self.order)
        return self._known[key]


def seal(home: Home, seen: SeenPersons, candidate: HiddenCandidate) -> None:
    """Write the sealed file."""
    content = {
        "year": seen.year,
        "tables": {
            part: {"lists": table.lists, "counts": table.counts.tolist()} for part, table in seen.tables.items()
        },
        "told": {place: asdict(estimate) for place, estimate in candidate.told.items()},
        "refused": dict(candidate.refused),
        "inside": dict(candidate.inside),
    }
    write_sealed(home, home.candidates / NAME, (json.dumps(content, indent=1, sort_keys=True) + "\n").encode())


def _withhold_revealing(
    seen: SeenPersons,
    publishable: Mapping[str, ToldEstimate],
    inside: Mapping[str, tuple[str, ...]],
    estimated: _Estimated,
) -> tuple[dict[str, ToldEstimate], dict[str, tuple[str, ...]]]:
    """Attack everything that would be published together, and withhold each place of which a small count is revealed.

    The remaining places are attacked again: less is known then, but other sums remain.
    """
    left, reasons = dict(publishable), dict(inside)
    while left:
        parts = {part: seen.tables[part] for place in left for part in seen.places[place]}
        attack = OverlapAttack(
            tables=parts,
            places={place: seen.places[place] for place in left},
            could_be=lambda place, table: is_possible(left[place], estimated.estimate_table(table)),
            figures=lambda tables: _figures(tables, estimated.order),
            least=MINIMUM_VALUES,
            small=SENSITIVE_UNDER,
        )
        given_away = {place for place, _ in attack.list_revealed()}
        if not given_away:
            break
        for place in given_away:
            del left[place]
            reasons[place] = (*reasons.get(place, ()), "discloses")
    return left, reasons


def _figures(tables: Sequence[OverlapTable], order: EstimateOrder) -> list[tuple[float, float]]:
    """Return estimate and Chao's bound for tables of one place; a swap may empty a list, so each kind is searched."""
    slim = [drop_small_lists(table) for table in tables]
    estimates = dict.fromkeys(range(len(slim)), float("nan"))
    for lists in {table.lists for table in slim}:
        places = [place for place, table in enumerate(slim) if table.lists == lists]
        estimates |= zip(places, estimated_persons([slim[place] for place in places], order), strict=True)
    return [(estimates[place], chao_lower_bound(table)) for place, table in enumerate(slim)]


def _sum(seen: SeenPersons, parts: Sequence[str]) -> OverlapTable:
    tables = [seen.tables[part] for part in parts]
    return OverlapTable(tables[0].lists, sum((table.counts for table in tables[1:]), tables[0].counts))
