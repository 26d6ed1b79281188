"""Courts: what the intervals of shares and medians hold where the truth is known, and where open cases tell something.

Every cohort is simulated and seeded. A case is convicted or dismissed with constant hazards, and was last seen open
after 6 to 48 months, at random (`plain`), or found open after up to 12 months (`found open`), or the body stops
reporting half of the cases that would be dismissed just before they are (`hidden ends`), which no method sees.
Beside the share stands the one that takes dismissals for cases lost from sight, and the median of completed cases.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from methods import case_flow
from methods.case_flow.followed_cases import PENDING, FollowedCases
from methods.case_flow.survival import exit_shares, median_time, open_share

WORLDS = ("plain", "found open", "hidden ends")
SIZES = (60, 300)
_CONVICTED, _DISMISSED = 0.035, 0.025
_EXITS = ("convicted", "dismissed")
_HORIZON = 24.0
_COLUMNS = (
    *("cases, world", "cover at 24 months", "cover of the median", "told", "median told", "share / truth"),
    *("dismissed as lost / truth", "median / truth", "of completed / truth"),
)


class _Run(NamedTuple):
    """Of one cohort: whether intervals held (NaN where not told), and estimates over the truth."""

    share_held: float
    median_held: float
    share: float
    as_lost: float
    median: float
    of_completed: float


def report(runs: int, seed: int) -> Iterator[str]:
    """Yield the lines of the part."""
    texts = [path.read_bytes() for path in sorted(Path(case_flow.__path__[0]).glob("*.py"))]
    code = hashlib.sha256(b"".join(texts)).hexdigest()[:12]
    yield f"code {code}; {5 * runs} cohorts a row; cover at 95 % ± its Monte Carlo error; ratios are medians:\n"
    yield f"| {' | '.join(_COLUMNS)} |"
    yield f"|---|{'---:|' * (len(_COLUMNS) - 1)}"
    for place, world in enumerate(WORLDS):
        for size in SIZES:
            random = np.random.default_rng([seed, place, size])
            found = np.array([_run(_cohort(random, world, size)) for _ in range(5 * runs)])
            told = 1 - np.isnan(found[:, :2]).mean(axis=0)
            figures = [
                *(_cover(found[:, column]) for column in range(2)),
                *(f"{one:.2f}" for one in (*told, *np.nanmedian(found[:, 2:], axis=0))),
            ]
            yield f"| {size}, {world} | {' | '.join(figures)} |"


def _cohort(random: np.random.Generator, world: str, size: int) -> FollowedCases:
    together = _CONVICTED + _DISMISSED
    ends = random.exponential(1 / together, size)
    kinds = random.choice(_EXITS, size, p=[_CONVICTED / together, _DISMISSED / together])
    seen_from = random.uniform(0, 12, size) if world == "found open" else np.zeros(size)
    last = seen_from + random.uniform(6, 48, size)
    if world == "hidden ends":
        is_hidden = (kinds == "dismissed") & (random.random(size) < 0.5)
        last = np.where(is_hidden, np.minimum(last, ends - 1e-6), last)
    was_seen = ends > seen_from
    seen_to = np.minimum(ends, last)
    return FollowedCases.from_months(
        seen_to[was_seen], np.where(ends <= last, kinds, PENDING)[was_seen].tolist(), seen_from[was_seen]
    )


def _run(cases: FollowedCases) -> _Run:
    together = _CONVICTED + _DISMISSED
    truth = _CONVICTED / together * (1 - np.exp(-together * _HORIZON))
    middle = np.log(2) / together
    share, half = exit_shares(cases, _EXITS, (_HORIZON,))[0], median_time(cases, _EXITS)
    lost = FollowedCases(cases.seen_from, cases.seen_to, np.where(cases.kinds == "convicted", cases.kinds, PENDING))
    curve = open_share(lost, _EXITS)
    upto = int(np.searchsorted(curve.times, _HORIZON, side="right"))
    completed = float(np.median(cases.seen_to[cases.kinds != PENDING]))
    return _Run(
        _held(share.lower, share.upper, truth) if share.value is not None else np.nan,
        _held(half.lower, half.upper, middle) if half.value is not None else np.nan,
        np.nan if share.value is None else share.value / truth,
        float(1 - curve.share[upto - 1]) / truth if upto else np.nan,
        np.nan if half.value is None else half.value / middle,
        completed / middle,
    )


def _held(lower: float | None, upper: float | None, truth: float) -> float:
    return float((lower or 0.0) <= truth <= (np.inf if upper is None else upper))


def _cover(held: np.ndarray) -> str:
    told = held[~np.isnan(held)]
    share = float(told.mean())
    return f"{share:.2f} ± {np.sqrt(share * (1 - share) / len(told)):.2f}"
