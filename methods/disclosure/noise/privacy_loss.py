"""The arithmetic of differential privacy: what a budget buys, and noise drawn without floating point.

Belongs here: the conversion between (ε, δ) and zero-concentrated differential privacy, the scale of Gaussian noise that
a share of a budget buys, and the discrete Gaussian of OpenDP.
Does not belong here: what is measured (`synthetic_records.py`), or how much has been spent (the budget ledger).

Sources: Bun and Steinke, *Concentrated Differential Privacy* (2016); Canonne, Kamath and Steinke, *The Discrete
Gaussian for Differential Privacy* (2020), for the conversion and for noise on whole numbers.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Noise = Callable[[Sequence[int], float], list[int]]
"""Adds integer noise of a scale to each count of a list: the discrete Gaussian, or an injected function in tests."""

_ORDERS = tuple(1 + 10 ** (step / 50) for step in range(-150, 201))  # of Rényi: any choice is sound, a fine one tight


@dataclass(frozen=True)
class PrivacyBudget:
    """The privacy loss allowed to one file per person: `epsilon`, except with probability `delta`."""

    epsilon: float
    delta: float

    @property
    def rho(self) -> float:
        """The greatest loss in zero-concentrated terms that still satisfies (ε, δ)."""
        low, high = 0.0, self.epsilon
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if delta_of(middle, self.epsilon) <= self.delta else (low, middle)
        return low


def delta_of(rho: float, epsilon: float) -> float:
    """Return a δ such that every ρ-zCDP mechanism is (ε, δ)-differentially private."""
    if rho == 0:
        return 0.0
    logarithms = (
        (order - 1) * (order * rho - epsilon) + order * math.log1p(-1 / order) - math.log(order - 1)
        for order in _ORDERS
    )
    return math.exp(min(0.0, *logarithms))


def scale_for(rho: float, sensitivity: float = 1.0) -> float:
    """Return the scale of Gaussian noise with which a query of that Euclidean sensitivity costs `rho`."""
    return sensitivity / math.sqrt(2 * rho)


def discrete_gaussian(counts: Sequence[int], scale: float) -> list[int]:
    """Return the counts, each with independent discrete Gaussian noise from the operating system's randomness.

    Raises:
        ModuleNotFoundError: OpenDP is not installed (the extra `synthetic`).
    """
    opendp: Any = importlib.import_module("opendp.prelude")
    opendp.enable_features("contrib")
    space = opendp.vector_domain(opendp.atom_domain(T=opendp.i64)), opendp.l2_distance(T=opendp.f64)
    return list(opendp.m.make_gaussian(*space, scale=scale)([int(count) for count in counts]))
