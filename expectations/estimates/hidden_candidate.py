"""The estimate of victims whom no agency knows: attacked, beside the printed count, once for each place and year.

Belongs here: which places are estimated, the order of refusals, the attack on what would be published, what stands of
an earlier estimate. Does not belong here: the method (`methods/multiple_systems`), publishing (`estimate_release.py`).

`observed` is the count that the national dataset prints anyway, and `hidden` the difference of two printed numbers. An
estimate of a place and year is published once: a second figure, computed from one more person, would reveal that
person. If the printed count changes, the figure is no longer published, and not replaced.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Protocol

import pandas as pd

from expectations.cards import areas
from expectations.cards.cells import EXPECTED, RECEIVED
from expectations.estimates import estimate_release, overlap_lists
from expectations.estimates.estimate_release import EstimateCandidate
from expectations.estimates.overlap_lists import SeenPersons, drop_small_lists
from expectations.protection.constraint_systems import MINIMUM_VALUES, SENSITIVE_UNDER
from expectations.published.ledger import NATIONAL
from expectations.published.published_estimates import (
    HIDDEN_PARTS,
    INDICATOR,
    NOT_CARRIED,
    WITHDRAWN,
    EarlierEstimate,
    EstimateRelease,
    PlaceEstimate,
    ToldLinkage,
)
from expectations.published.release_log import ReleaseLog
from ingestion.home import Home
from ingestion.persons import home_recall
from ingestion.persons.home_recall import HomeRecall
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

LINKAGE_REASONS = ("linkage_unmeasured", "linkage_recall_low")
COUNT_MISSING, COUNT_CHANGED = "count_missing", "count_changed"
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


def publish(home: Home) -> EstimateRelease[PlaceEstimate] | None:
    """Compute, attack and publish the estimates of the last closed year; the caller holds the lock."""
    return estimate_release.publish(home, HIDDEN_PARTS, _make_candidate)


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
    order = EstimateOrder(replicates=_REPLICATES, seed=seed, linkage=LinkageQuality(lower))
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
            figures=_figures,
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


def _figures(tables: Sequence[OverlapTable]) -> list[tuple[float, float]]:
    """Return estimate and Chao's bound for tables of one place; a swap may empty a list, so each kind is searched."""
    slim = [drop_small_lists(table) for table in tables]
    estimates = dict.fromkeys(range(len(slim)), float("nan"))
    for lists in {table.lists for table in slim}:
        places = [place for place, table in enumerate(slim) if table.lists == lists]
        estimates |= zip(places, estimated_persons([slim[place] for place in places]), strict=True)
    return [(estimates[place], chao_lower_bound(table)) for place, table in enumerate(slim)]


def _sum(seen: SeenPersons, parts: Sequence[str]) -> OverlapTable:
    tables = [seen.tables[part] for part in parts]
    return OverlapTable(tables[0].lists, sum((table.counts for table in tables[1:]), tables[0].counts))


def _make_candidate(home: Home, log: ReleaseLog) -> EstimateCandidate[PlaceEstimate] | None:
    """Return the estimates of the last year with a printed count of the country; None without the national dataset."""
    national = estimate_release.read_national(home, log)
    if national is None:
        return None
    printed = _printed_counts(national.frame)
    year = max((year for place, year in printed if place == areas.COUNTRY), default="")

    def revise(new: PlaceEstimate, before: EarlierEstimate[PlaceEstimate]) -> PlaceEstimate:
        """Keep what was published for a place and year instead of a new figure; nothing if it was withdrawn."""
        if before.is_withdrawn:
            return PlaceEstimate(new.place, new.year, WITHDRAWN)
        if before.estimate is None:
            return new if new.figures else replace(new, linkage=None)
        is_same = before.estimate.observed == printed.get((new.place, new.year))
        return before.estimate if is_same else PlaceEstimate(new.place, new.year, COUNT_CHANGED)

    as_of = {NATIONAL: national.version}
    if not year:
        return EstimateCandidate([PlaceEstimate(areas.COUNTRY, "", COUNT_MISSING)], as_of, [], None, revise)
    recall = home_recall.read_recall(home)
    recall = recall if recall and recall.since <= int(year) else None
    seen = overlap_lists.read_seen_persons(home, year, with_services=recall is None or recall.covers("services"))
    candidate = estimate_hidden_parts(seen, recall, estimate_release.home_seed(home)(f"hidden part {year}"))
    linkage = _published_linkage(recall)
    places = [replace(estimate, linkage=linkage) for estimate in _places(candidate, printed)]
    return EstimateCandidate(places, as_of, list(_overlaps(seen)), _sealed_content(seen, candidate), revise)


def _printed_counts(frame: pd.DataFrame) -> dict[tuple[str, str], int]:
    """Return the printed count by place and year, if it is published and every agency sent the reports it owes."""
    return estimate_release.total_counts(frame[frame[RECEIVED] == frame[EXPECTED]])


def _published_linkage(recall: HomeRecall | None) -> ToldLinkage | None:
    if recall is None or recall.lower is None:
        return None
    agreed = None if recall.agreed is None else math.floor(100 * recall.agreed)
    return ToldLinkage(math.floor(100 * recall.lower), agreed)


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


def _sealed_content(seen: SeenPersons, candidate: HiddenCandidate) -> dict[str, object]:
    return {
        "year": seen.year,
        "tables": {
            part: {"lists": table.lists, "counts": table.counts.tolist()} for part, table in seen.tables.items()
        },
        "told": {place: asdict(estimate) for place, estimate in candidate.told.items()},
        "refused": dict(candidate.refused),
        "inside": dict(candidate.inside),
    }


def _overlaps(seen: SeenPersons) -> Iterator[dict[str, Any]]:
    """Yield the overlap tables as rows: the combination of lists is written as the holder."""
    for part, table in seen.tables.items():
        for cell, count in enumerate(table.counts):
            if count:
                yield estimate_release.ledger_row(
                    int(count),
                    indicator=INDICATOR,
                    measure="OVERLAP",
                    ref_area=part,
                    time_period=seen.year,
                    holder="+".join(name for place, name in enumerate(table.lists) if cell >> place & 1),
                )
