"""The estimate of all persons, seen and unseen, and whether it may be published: `estimate_hidden_part`.

Belongs here: the order of work, and every reason for which an estimate is refused or published with a warning. Does not
belong here: models, fits, searches, intervals (the other modules of this package), sentences (the catalogues,
`estimate.reason.<code>`), files, or what is published.

A refused estimate still carries the results, for checking the method. It must not be published as a figure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from methods.multiple_systems.bootstrap_limits import BootstrapLimits, Span, bootstrap_limits
from methods.multiple_systems.loglinear_models import MOST_EFFECTS, Floats, ModelSpace
from methods.multiple_systems.model_search import RankedModel, best_models, downhill
from methods.multiple_systems.overlap_table import OverlapTable, chao_lower_bound
from methods.multiple_systems.poisson_fits import NO_MAXIMUM, Fitter
from methods.multiple_systems.search_cost import Cost

Status = Literal["ok", "warn", "refused"]

LEAST_LISTS = 3
LEAST_OVERLAPS, FEW_OVERLAPS = 10, 30
LEAST_RECALL, GOOD_RECALL = 0.90, 0.97
MOST_WIDE = 10.0
"""Ratio of upper to lower limit beyond which an interval is uninformative."""
NEAR_BIC, MOST_APART = 2.0, 1.5
"""Models this close by BIC must not differ by more than this factor."""
LARGE_BIAS, MORE_REPLICATES = 0.5, 10_000
MOST_FAILED = 0.05
LEAST_REPLICATES, USUAL_REPLICATES, GOOD_REPLICATES = 20, 1_000, 200
MOST_SECONDS = 600.0

REFUSALS = (
    *("too_few_lists", "list_without_overlap", "too_few_overlaps", "counts_rounded", "too_costly"),
    *("mle_not_exists", "not_identifiable", "linkage_unmeasured", "linkage_recall_low"),
    *("interval_too_wide", "model_disagreement"),
)
WARNINGS = (
    *("nested_lists", "few_overlaps", "linkage_recall_modest", "bias_large", "failed_replicates"),
    *("few_replicates", "bound_above_estimate"),
)
"""Reason codes; each has a sentence in every language."""


@dataclass(frozen=True)
class LinkageQuality:
    """How well the records behind the table were linked, as measured in this home.

    Args:
        recall: lower 95 % limit of the share of true links that were found, 0 to 1.
    """

    recall: float


@dataclass(frozen=True)
class EstimateOrder:
    """Settings of an estimate.

    Args:
        replicates: of the bootstrap; None: 1,000, and 10,000 if the bias is large and time allows.
        seed: random seed.
        linkage: measured quality; None if never measured, which refuses the estimate; `of_others` for a table that
            somebody else linked and answers for.
    """

    replicates: int | None = None
    seed: int = 1
    linkage: LinkageQuality | Literal["of_others"] | None = None


@dataclass(frozen=True)
class HiddenPart:
    """The results, and whether they may be published. None: not computed, or does not exist.

    Attributes:
        status: `refused` if any reason refuses, `warn` if there is any reason.
        reasons: codes of `REFUSALS` and `WARNINGS`.
        lists: names of the lists used; a list inside another one was merged into it.
        merged: names of the lists that were merged.
        observed: number of persons on any list.
        overlaps: number of persons on two lists or more.
        estimate: estimate of all persons, seen or not.
        ci95: limits at 95 %.
        ci80: limits at 80 %.
        bic: BIC of the chosen model.
        model: interactions of the chosen model.
        never_together: those of them whose lists share no person: effects at minus infinity.
        chao_lower: Chao's lower bound of all persons.
        replicates: number drawn.
        failed: number of replicates without an estimate.
        z0: bias of the replicates.
        acceleration: acceleration of the interval.
        spread: how far another seed moves the 95 % limits.
        best: models of smallest BIC.
        by_model: how many replicates chose which model, most frequent first.
        left_out: estimate without each list, if there are four or more lists.
        cost: cost of the search.
    """

    status: Status
    reasons: list[str]
    lists: tuple[str, ...]
    merged: tuple[str, ...]
    observed: int
    overlaps: int
    estimate: float | None = None
    ci95: Span | None = None
    ci80: Span | None = None
    bic: float | None = None
    model: list[str] = field(default_factory=list[str])
    never_together: list[str] = field(default_factory=list[str])
    chao_lower: float | None = None
    replicates: int = 0
    failed: int = 0
    z0: float | None = None
    acceleration: float | None = None
    spread: Span | None = None
    best: list[RankedModel] = field(default_factory=list[RankedModel])
    by_model: list[tuple[list[str], int]] = field(default_factory=list[tuple[list[str], int]])
    left_out: dict[str, float | None] = field(default_factory=dict[str, "float | None"])
    cost: Cost | None = None

    @property
    def hidden(self) -> float | None:
        """Estimated number of persons on no list."""
        return None if self.estimate is None else self.estimate - self.observed

    @property
    def is_stable(self) -> bool | None:
        """Whether no single list carries the estimate; None if no list could be left out."""
        others = [estimate for estimate in self.left_out.values() if estimate is not None]
        if self.estimate is None or not others:
            return None
        return max(*others, self.estimate) <= MOST_APART * min(*others, self.estimate)


def _tell_nobody(done: int, of: int) -> None:
    """Report nothing."""


def estimate_hidden_part(
    table: OverlapTable, order: EstimateOrder, tell: Callable[[int, int], None] = _tell_nobody
) -> HiddenPart:
    """Estimate how many persons there are, seen or not, and decide whether the figure may be published.

    Args:
        table: overlaps of the lists.
        order: replicates, seed, and what is known of linkage.
        tell: called with the number of replicates done and their total.
    """
    merged = tuple(table.nested_lists)
    for name in merged:
        table = table.drop_list(name)
    hidden_part = HiddenPart(
        "ok", _reasons_of_shape(table, merged, order), table.lists, merged, table.observed, table.overlaps
    )
    if len(table.lists) < LEAST_LISTS or "counts_rounded" in hidden_part.reasons:
        return _judge_status(hidden_part)
    hidden_part = replace(hidden_part, chao_lower=chao_lower_bound(table))
    searches = (order.replicates or USUAL_REPLICATES) + int(np.count_nonzero(table.counts[1:]))
    cost = Cost.estimate_cost(len(table.lists), searches)
    hidden_part = replace(hidden_part, cost=cost)
    if cost.effects > MOST_EFFECTS or cost.seconds > MOST_SECONDS:
        return _judge_status(replace(hidden_part, reasons=[*hidden_part.reasons, "too_costly"]))
    return _judge_status(_estimate_by_models(hidden_part, table, order, tell))


def estimated_persons(tables: Sequence[OverlapTable]) -> list[float]:
    """Return the point estimates of tables of the same lists; NaN if there is none.

    The tables are not checked, and no interval is computed: for comparing many tables at once.
    """
    fitter = Fitter(ModelSpace(len(tables[0].lists)))
    counts = np.array([table.counts[1:] for table in tables], dtype=np.float64)
    unseen = downhill(fitter, counts).unseen
    return [table.observed + float(count) for table, count in zip(tables, unseen, strict=True)]


def _judge_status(hidden_part: HiddenPart) -> HiddenPart:
    """Set the status from the reasons; a lower bound printed above the estimate is a reason too."""
    estimate, bound = hidden_part.estimate, hidden_part.chao_lower
    if estimate is not None and bound is not None and round(bound) > round(estimate):
        hidden_part = replace(hidden_part, reasons=[*hidden_part.reasons, "bound_above_estimate"])
    refused = any(reason in REFUSALS for reason in hidden_part.reasons)
    return replace(hidden_part, status="refused" if refused else "warn" if hidden_part.reasons else "ok")


def _reasons_of_shape(table: OverlapTable, merged: tuple[str, ...], order: EstimateOrder) -> list[str]:
    enough = len(table.lists) >= LEAST_LISTS
    asked = {
        "too_few_lists": not enough,
        "nested_lists": bool(merged),
        "counts_rounded": table.rounding_base is not None,
        "list_without_overlap": enough and bool(table.lists_without_overlap),
        "too_few_overlaps": enough and table.overlaps < LEAST_OVERLAPS,
        "few_overlaps": enough and LEAST_OVERLAPS <= table.overlaps < FEW_OVERLAPS,
        **_reasons_of_linkage(order),
    }
    return [reason for reason, holds in asked.items() if holds]


def _reasons_of_linkage(order: EstimateOrder) -> dict[str, bool]:
    if order.linkage == "of_others":
        return {}
    if order.linkage is None:
        return {"linkage_unmeasured": True}
    recall = order.linkage.recall
    return {
        "linkage_recall_low": not recall >= LEAST_RECALL,
        "linkage_recall_modest": LEAST_RECALL <= recall < GOOD_RECALL,
    }


def _estimate_by_models(
    hidden_part: HiddenPart, table: OverlapTable, order: EstimateOrder, tell: Callable[[int, int], None]
) -> HiddenPart:
    space = ModelSpace(len(table.lists))
    fitter = Fitter(space)
    counts = table.counts[1:].astype(np.float64)
    chosen = downhill(fitter, counts[None, :])
    if not np.isfinite(chosen.unseen[0]):
        code = int(fitter.fit(counts[None, :], space.independence[None, :]).codes[0])
        reason = "mle_not_exists" if code & NO_MAXIMUM else "not_identifiable"
        return replace(hidden_part, reasons=[*hidden_part.reasons, reason])
    estimate = float(table.observed + chosen.unseen[0])
    limits = _limits(fitter, counts, estimate, order, tell)
    alone = counts @ space.design == 0
    hidden_part = replace(
        hidden_part,
        estimate=estimate,
        ci95=_known_span(limits.ci95),
        ci80=_known_span(limits.ci80),
        bic=float(chosen.bic[0]),
        model=space.names(chosen.models[0], table.lists),
        never_together=space.names(chosen.models[0] & alone, table.lists),
        replicates=limits.replicates,
        failed=limits.failed,
        z0=None if np.isnan(limits.z0) else limits.z0,
        acceleration=None if np.isnan(limits.acceleration) else limits.acceleration,
        spread=_known_span(limits.spread),
        best=best_models(fitter, counts, chosen.models[0], table.lists),
        by_model=[(space.names(model, table.lists), times) for model, times in limits.models],
        left_out=_estimates_without_each_list(table),
    )
    return replace(hidden_part, reasons=[*hidden_part.reasons, *_reasons_of_models(hidden_part)])


def _limits(
    fitter: Fitter,
    counts: Floats,
    estimate: float,
    order: EstimateOrder,
    tell: Callable[[int, int], None],
) -> BootstrapLimits:
    """Draw the replicates; more of them if the bias is large, no number was given, and time allows."""
    replicates = order.replicates or USUAL_REPLICATES
    limits = bootstrap_limits(fitter, counts, estimate, replicates, order.seed, tell)
    more = order.replicates is None and abs(limits.z0) > LARGE_BIAS
    cost = Cost.estimate_cost(fitter.space.lists, MORE_REPLICATES + int(np.count_nonzero(counts)))
    if more and cost.seconds <= MOST_SECONDS:
        limits = bootstrap_limits(fitter, counts, estimate, MORE_REPLICATES, order.seed, tell)
    return limits


def _reasons_of_models(hidden_part: HiddenPart) -> list[str]:
    near = [model.estimate for model in hidden_part.best if model.bic - hidden_part.best[0].bic < NEAR_BIC]
    # downhill claims the smallest BIC: if it stopped short of it, the best model shows what it missed
    apart = [*near, hidden_part.estimate or np.nan]
    asked = {
        "interval_too_wide": hidden_part.ci95 is None or hidden_part.ci95.upper > MOST_WIDE * hidden_part.ci95.lower,
        "model_disagreement": max(apart) > MOST_APART * min(apart),
        "bias_large": hidden_part.z0 is None or abs(hidden_part.z0) > LARGE_BIAS,
        "failed_replicates": hidden_part.failed > MOST_FAILED * hidden_part.replicates,
        "few_replicates": hidden_part.replicates < GOOD_REPLICATES,
    }
    return [reason for reason, holds in asked.items() if holds]


def _estimates_without_each_list(table: OverlapTable) -> dict[str, float | None]:
    """Return the estimate from the other lists for each omitted list, if three of them are left."""
    if len(table.lists) <= LEAST_LISTS:
        return {}
    fitter = Fitter(ModelSpace(len(table.lists) - 1))
    result: dict[str, float | None] = {}
    for name in table.lists:
        rest = table.drop_list(name)
        unseen = float(downhill(fitter, rest.counts[None, 1:].astype(np.float64)).unseen[0])
        result[name] = rest.observed + unseen if np.isfinite(unseen) else None
    return result


def _known_span(span: Span) -> Span | None:
    return None if np.isnan(span.lower) else span
