"""Trends: how often one is told where there is nothing, and where there is.

Every series is simulated and seeded. Series have six years of 30 or 100 events on the mean, true rates
that vary by 17 % from year to year, and grow by 0 or 10 % each year; beside quasi-Poisson stands Poisson alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from methods import trends

_YEARS, _SPREAD = 6, 0.17


def report(runs: int, seed: int) -> Iterator[str]:
    """Yield the lines of the part."""
    code = hashlib.sha256(Path(str(trends.__file__)).read_bytes()).hexdigest()[:12]
    yield f"code {code}; {10 * runs} series a row; shares ± their Monte Carlo error:\n"
    yield "| events a year | growth a year | a word for a trend | Poisson alone |"
    yield "|---:|---:|---:|---:|"
    for place, (mean, growth) in enumerate(((30, 0.0), (100, 0.0), (30, 0.1), (100, 0.1))):
        random = np.random.default_rng([seed, place])
        rates = mean * (1 + growth) ** (np.arange(_YEARS) - (_YEARS - 1) / 2)
        varying = rates * random.gamma(1 / _SPREAD**2, _SPREAD**2, size=(10 * runs, _YEARS))
        told = [_words(counts) for counts in random.poisson(varying)]
        yield f"| {mean} | {growth:.0%} | {_share([one for one, _ in told])} | {_share([one for _, one in told])} |"


def _words(counts: np.ndarray) -> tuple[bool, bool]:
    """Whether quasi-Poisson gives a word, and whether Poisson alone would at the same level."""
    found = trends.yearly_trend(range(_YEARS), counts)
    if found.factor is None or found.upper is None or found.dispersion is None:
        return False, False
    half = np.log(found.upper / found.factor)
    alone = half / 2.776445 * 1.959964 / np.sqrt(max(found.dispersion, 1.0))  # t of four degrees of freedom, normal
    return found.reason is None, bool(abs(np.log(found.factor)) > alone)


def _share(held: list[bool]) -> str:
    share = float(np.mean(held))
    return f"{share:.3f} ± {np.sqrt(share * (1 - share) / len(held)):.3f}"
