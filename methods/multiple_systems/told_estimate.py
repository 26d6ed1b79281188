"""What may be published of an estimate of the hidden part: few digits, outward-rounded bounds, one word on stability.

Belongs here: reducing the results to figures and words that may be published. Does not belong here: whether they are
published (Marsad's gate), `observed` and the difference to it (they come from what is released), sentences.

Nothing is published of a refused estimate. Everything published of an estimate is defined here, so that nothing else
is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from methods.few_digits import Way, round_persons
from methods.multiple_systems.hidden_part import HiddenPart

Stability = Literal["stable", "unstable", "not_asked"]


@dataclass(frozen=True)
class ToldEstimate:
    """The published figures of one estimate: all of them together or none.

    Attributes:
        estimate: estimate of all persons, seen or not.
        lower95: end of the 95 % interval, rounded down.
        upper95: its other end, rounded up.
        lower80: end of the 80 % interval, rounded down.
        upper80: its other end, rounded up.
        chao_lower: Chao's lower bound, rounded down.
        stability: whether the estimate stays within a factor of 1.5 when a list is left out.
        warnings: codes of the warnings published with it.
    """

    estimate: int
    lower95: int
    upper95: int
    lower80: int
    upper80: int
    chao_lower: int
    stability: Stability
    warnings: tuple[str, ...]


def publishable_estimate(hidden_part: HiddenPart) -> ToldEstimate | None:
    """Return what may be published of an estimate; None if it is refused or a part of it does not exist."""
    estimate, wide, narrow, chao = hidden_part.estimate, hidden_part.ci95, hidden_part.ci80, hidden_part.chao_lower
    if hidden_part.status == "refused" or estimate is None or wide is None or narrow is None or chao is None:
        return None
    return ToldEstimate(
        estimate=round_persons(estimate),
        lower95=round_persons(wide.lower, "down"),
        upper95=round_persons(wide.upper, "up"),
        lower80=round_persons(narrow.lower, "down"),
        upper80=round_persons(narrow.upper, "up"),
        chao_lower=round_persons(chao, "down"),
        stability="not_asked" if hidden_part.is_stable is None else "stable" if hidden_part.is_stable else "unstable",
        warnings=tuple(hidden_part.reasons),
    )


def is_possible(published: ToldEstimate, hidden_part: HiddenPart) -> bool:
    """Return whether somebody who does not know the random seed must consider this table possible.

    Estimate, bound and words do not depend on chance; a limit of an interval may lie where another seed of the same
    table would put it.

    Args:
        published: what was published.
        hidden_part: the result of another table with one seed.
    """
    other = publishable_estimate(hidden_part)
    if other is None or hidden_part.spread is None or hidden_part.ci95 is None or hidden_part.ci80 is None:
        return False
    if (published.estimate, published.chao_lower, published.stability, published.warnings) != (
        other.estimate,
        other.chao_lower,
        other.stability,
        other.warnings,
    ):
        return False
    low, high = hidden_part.spread.lower, hidden_part.spread.upper
    limits: tuple[tuple[int, float, float, Way], ...] = (
        (published.lower95, hidden_part.ci95.lower, low, "down"),
        (published.upper95, hidden_part.ci95.upper, high, "up"),
        (published.lower80, hidden_part.ci80.lower, low, "down"),
        (published.upper80, hidden_part.ci80.upper, high, "up"),
    )
    return all(
        round_persons(max(at - moved, 0.0), way) <= limit <= round_persons(at + moved, way)
        for limit, at, moved, way in limits
    )
