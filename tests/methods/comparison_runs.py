"""Comparisons: how often a trend is told or a governorate flagged where there is nothing, and where there is.

Every series and country is simulated and seeded. Series have six years of 30 or 100 events on the mean, true rates
that vary by 17 % from year to year, and grow by 0 or 10 % each year; beside quasi-Poisson stands Poisson alone.
Countries have 19 governorates of unequal size and 400 events in all, equal rates or rates that vary by 30 %.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from methods import funnel as funnel_module
from methods import trends
from methods.funnel import funnel, winsorised_dispersion

_YEARS, _SPREAD = 6, 0.17
_AREAS, _EVENTS, _AREA_SPREAD = 19, 400, 0.30


def report(runs: int, seed: int) -> Iterator[str]:
    """Yield the lines of the part."""
    texts = [Path(str(module.__file__)).read_bytes() for module in (funnel_module, trends)]
    code = hashlib.sha256(b"".join(texts)).hexdigest()[:12]
    yield f"code {code}; {10 * runs} series or countries a row; shares ± their Monte Carlo error:\n"
    yield "| events a year | growth a year | a word for a trend | Poisson alone |"
    yield "|---:|---:|---:|---:|"
    for place, (mean, growth) in enumerate(((30, 0.0), (100, 0.0), (30, 0.1), (100, 0.1))):
        random = np.random.default_rng([seed, place])
        rates = mean * (1 + growth) ** (np.arange(_YEARS) - (_YEARS - 1) / 2)
        varying = rates * random.gamma(1 / _SPREAD**2, _SPREAD**2, size=(10 * runs, _YEARS))
        told = [_words(counts) for counts in random.poisson(varying)]
        yield f"| {mean} | {growth:.0%} | {_share([one for one, _ in told])} | {_share([one for _, one in told])} |"
    yield "\n| rates of governorates | limits | any flagged | flagged without the scatter |"
    yield "|---|---:|---:|---:|"
    persons = np.geomspace(2e5, 8e6, _AREAS)
    for place, spread in enumerate((0.0, _AREA_SPREAD)):
        random = np.random.default_rng([seed, 9, place])
        vary = random.gamma(1 / spread**2, spread**2, (10 * runs, _AREAS)) if spread else np.ones((10 * runs, _AREAS))
        countries = random.poisson(_EVENTS * persons / persons.sum() * vary)
        for level in (0.95, 0.998):
            found = [_flags(counts, persons, level) for counts in countries]
            shares = f"{_share([one for one, _ in found])} | {_share([one for _, one in found])}"
            yield f"| {'equal' if not spread else f'vary by {spread:.0%}'} | {100 * level:g} % | {shares} |"


def _words(counts: np.ndarray) -> tuple[bool, bool]:
    """Whether quasi-Poisson gives a word, and whether Poisson alone would at the same level."""
    found = trends.yearly_trend(range(_YEARS), counts)
    if found.factor is None or found.upper is None or found.dispersion is None:
        return False, False
    half = np.log(found.upper / found.factor)
    alone = half / 2.776445 * 1.959964 / np.sqrt(max(found.dispersion, 1.0))  # t of four degrees of freedom, normal
    return found.reason is None, bool(abs(np.log(found.factor)) > alone)


def _flags(counts: np.ndarray, persons: np.ndarray, level: float) -> tuple[bool, bool]:
    """Whether any area lies outside, and whether any would if the funnel were not widened."""
    found = funnel(counts, persons, level=level)
    widened = np.sqrt(max(1.0, winsorised_dispersion(counts.astype(float), found.expected)))
    low = counts < found.expected - (found.expected - found.lower) / widened
    high = counts > found.expected + (found.upper - found.expected) / widened
    return bool((found.is_low | found.is_high).any()), bool((low | high).any())


def _share(held: list[bool]) -> str:
    share = float(np.mean(held))
    return f"{share:.3f} ± {np.sqrt(share * (1 - share) / len(held)):.3f}"
