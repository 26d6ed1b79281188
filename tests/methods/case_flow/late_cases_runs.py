"""Late cases: what the intervals of a nowcast hold where the truth is known, with steady and with changing delays.

Every sender is simulated and seeded: 48 months with a season and levels that vary by 22 %, delays of 1.8 months on the
mean and 12 at most. Delays stay as they are (`steady`), grow to 3.8 months in the last nine (`slower`), or the number
of cases grows by half each year (`growing`). Beside the nowcast stand what has arrived, and the year before carried
forward.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import process_time

import numpy as np
from numpy.typing import NDArray

from methods import case_flow
from methods.case_flow.nowcast import Forecast, NowcastOrder, nowcast
from methods.case_flow.reporting_triangle import ReportingTriangle

WORLDS = ("steady", "slower", "growing")
WINDOWS = (6, 12, 24)
AGES = (0, 1, 3, 5)
"""Months before the newest one."""
_MONTHS, _LONGEST, _MEAN = 48, 12, 25
_COLUMNS = (
    *("world", "window", *(f"cover of month -{age}" for age in AGES), "cover of the year", "trial on the past"),
    *("error of the year", "as arrived", "year before", "told", "cover where told"),
)


@dataclass(frozen=True)
class _Run:
    """One sender: which intervals held the truth, and by how much the last year's figures were off."""

    months: tuple[bool, ...]
    year: bool
    trial: float
    errors: tuple[float, float, float]
    is_told: bool


def report(runs: int, seed: int) -> Iterator[str]:
    """Yield the lines of the part."""
    begun = process_time()
    yield f"code {_hash_of_code()}; {runs} senders a row; cover ± its Monte Carlo error; errors are means:\n"
    yield f"| {' | '.join(_COLUMNS)} |"
    yield f"|---|{'---:|' * (len(_COLUMNS) - 1)}"
    for place, world in enumerate(WORLDS):
        for window in WINDOWS:
            random = np.random.default_rng([seed, place])
            yield _row(world, window, [_run(random, world, window) for _ in range(runs)])
    spent = (process_time() - begun) / (runs * len(WORLDS) * len(WINDOWS))
    yield f"\nCPU seconds of a sender, with its trial on the past: {spent:.3f}."


def _hash_of_code() -> str:
    texts = [path.read_bytes() for path in sorted(Path(case_flow.__path__[0]).glob("*.py"))]
    return hashlib.sha256(b"".join(texts)).hexdigest()[:12]


def _run(random: np.random.Generator, world: str, window: int) -> _Run:
    truth, triangle = _sender(random, world)
    order = NowcastOrder(window=window, groups={"year": range(_MONTHS - 12, _MONTHS)}, draws=1_000)
    found = nowcast(triangle, order)
    if found.back_cast is None:
        message = f"a sender of {_MONTHS} months was refused before anything was forecast: {found.reasons}"
        raise ValueError(message)
    total, year = int(truth[-12:].sum()), found.by_group["year"]
    return _Run(
        tuple(_holds(found.by_period[_MONTHS - 1 - age], int(truth[-1 - age])) for age in AGES),
        _holds(year, total),
        found.back_cast.cover,
        tuple(abs(figure - total) / total for figure in (year.middle, year.seen, truth[-24:-12].sum())),
        found.is_told,
    )


def _sender(random: np.random.Generator, world: str) -> tuple[NDArray[np.int64], ReportingTriangle]:
    months = np.arange(_MONTHS)
    growth = 1.5 ** (months / 12 - 2) if world == "growing" else 1.0
    level = _MEAN * growth * (1 + 0.3 * np.sin(2 * np.pi * months / 12)) * random.gamma(20, 1 / 20, _MONTHS)
    truth = random.poisson(level)
    contact = np.repeat(months, truth)
    mean = np.where((contact >= _MONTHS - 9) & (world == "slower"), 3.8, 1.8)
    arrival = contact + np.minimum(random.geometric(1 / (1 + mean)) - 1, _LONGEST)
    came = arrival < _MONTHS
    return truth, ReportingTriangle.from_contacts(contact[came], arrival[came], periods=_MONTHS, longest=_LONGEST)


def _holds(forecast: Forecast, truth: int) -> bool:
    return forecast.lower <= truth <= forecast.upper


def _row(world: str, window: int, runs: list[_Run]) -> str:
    told = [run for run in runs if run.is_told]
    figures = [
        *(_share([run.months[place] for run in runs]) for place in range(len(AGES))),
        _share([run.year for run in runs]),
        f"{np.mean([run.trial for run in runs]):.2f}",
        *(f"{np.mean([run.errors[place] for run in runs]):.0%}" for place in range(3)),
        f"{len(told) / len(runs):.2f}",
        _share([held for run in told for held in run.months]) if told else "",
    ]
    return f"| {world} | {window} | {' | '.join(figures)} |"


def _share(held: list[bool]) -> str:
    share = float(np.mean(held))
    return f"{share:.2f} ± {np.sqrt(share * (1 - share) / len(held)):.2f}"
