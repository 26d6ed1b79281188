"""Latent classes: persons with unequal chances of being seen, in classes within which the lists are independent.

Belongs here: the Gibbs sampler on the counts of cells, several chains in parallel, and whether they agree. Does not
belong here: when disagreement refuses an estimate (`hidden_part.py`).

Manrique-Vallier (2016), Bayesian population size estimation using Dirichlet process mixtures, Biometrics 72: at most 10
classes whose shares come from stick-breaking, concentration ~ Gamma(0.25, 0.25), uniform chances of a list in a class,
number of persons with prior 1/N. Persons of one observed cell are interchangeable, so classes are drawn for cells, not
for persons. The stick is kept in logarithms: its last pieces are too short for floating point numbers. Classes are
sorted by size once, after the warm-up: the stick expects the largest first, and a chain that began in another order
would stay there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from methods.multiple_systems.loglinear_models import Floats
from methods.multiple_systems.overlap_table import OverlapTable

CHAINS = 4
MOST_R_HAT = 1.05
_CLASSES = 10
_SHAPE = _RATE = 0.25
_THINNING = 25
_WARM_UP = 5_000
_TELL_EVERY = 200


@dataclass(frozen=True)
class LatentClassDraws:
    """Draws of all persons, seen or not, of shape (chains, draws), and how well the chains agree.

    Attributes:
        persons: draws of the number of persons.
        r_hat: split R-hat of the logarithm of the unseen persons; 1 if chains agree.
    """

    persons: Floats
    r_hat: float


def draw_latent_classes(
    table: OverlapTable, draws: int, seed: int, tell: Callable[[int, int], None]
) -> LatentClassDraws:
    """Return draws from the posterior of the number of persons.

    Args:
        table: overlaps of the lists.
        draws: number kept of each chain; 25 times as many are made, after a warm-up.
        seed: random seed.
        tell: called with the number of kept draws and their total.
    """
    sampler = _Sampler(table, np.random.default_rng(seed))
    for _ in range(_WARM_UP // 2):
        sampler.sweep()
    sampler.sort_classes()
    for _ in range(_WARM_UP // 2):
        sampler.sweep()
    unseen = np.empty((CHAINS, draws))
    for draw in range(draws):
        for _ in range(_THINNING):
            sampler.sweep()
        unseen[:, draw] = sampler.unseen
        if (draw + 1) % _TELL_EVERY == 0:
            tell(draw + 1, draws)
    return LatentClassDraws(table.observed + unseen, split_r_hat(np.log(unseen + 0.5)))


def split_r_hat(chains: Floats) -> float:
    """Return split R-hat of draws of shape (chains, draws): each chain is halved, and the halves are compared.

    Gelman and others (2013), Bayesian data analysis, third edition, 11.4. Draws that never move give infinity, unless
    all are equal.
    """
    half = chains.shape[1] // 2
    parts = np.concatenate([chains[:, :half], chains[:, half : 2 * half]])
    within = parts.var(axis=1, ddof=1).mean()
    between = half * parts.mean(axis=1).var(ddof=1)
    if within == 0:
        return 1.0 if between == 0 else float("inf")
    return float(np.sqrt(((half - 1) / half * within + between / half) / within))


class _Sampler:
    """Chains in parallel; the first axis of every array is the chain."""

    def __init__(self, table: OverlapTable, random: np.random.Generator) -> None:
        filled = np.flatnonzero(table.counts)
        self._counts = table.counts[filled]
        self._held = ((filled[:, None] >> np.arange(len(table.lists))) & 1).astype(np.float64)
        self._random = random
        shape = (CHAINS, _CLASSES, len(table.lists))
        self._chances: Floats = random.uniform(0.1, 0.9, size=shape)
        self._log_shares: Floats = np.log(random.dirichlet(np.ones(_CLASSES), size=CHAINS))
        self._concentration: Floats = np.ones(CHAINS)
        self.unseen: NDArray[np.int64] = np.zeros(CHAINS, dtype=np.int64)

    def sweep(self) -> None:
        """Draw every variable once, each given the rest."""
        log_in, log_out = np.log(self._chances), np.log1p(-self._chances)
        in_class = self._log_shares[:, None, :] + self._held @ log_in.transpose(0, 2, 1)
        in_class += (1 - self._held) @ log_out.transpose(0, 2, 1)
        of_class = self._random.multinomial(np.broadcast_to(self._counts, in_class.shape[:2]), _shares(in_class))
        missed = self._log_shares + log_out.sum(axis=2)
        chance_missed = np.exp(missed).sum(axis=1)
        self.unseen = self._random.negative_binomial(self._counts.sum(), np.clip(1 - chance_missed, 1e-12, 1.0))
        missed_of_class = self._random.multinomial(self.unseen, _shares(missed))
        held = of_class.transpose(0, 2, 1) @ self._held
        sizes = of_class.sum(axis=1) + missed_of_class
        drawn = self._random.beta(1 + held, 1 + sizes[:, :, None] - held)
        self._chances = np.clip(drawn, 1e-12, 1 - 1e-12)
        self._break_stick(sizes)

    def sort_classes(self) -> None:
        """Sort the classes, the largest first."""
        order = np.argsort(-self._log_shares, axis=1)
        self._log_shares = np.take_along_axis(self._log_shares, order, axis=1)
        self._chances = np.take_along_axis(self._chances, order[:, :, None], axis=1)

    def _break_stick(self, sizes: NDArray[np.int64]) -> None:
        after = sizes[:, ::-1].cumsum(axis=1)[:, ::-1] - sizes
        # Beta(a, b) as two gammas, the second one in logarithms: Gamma(b) = Gamma(b + 1) U^(1/b)
        taken = np.log(self._random.gamma(1.0 + sizes[:, :-1]))
        rest_shape = self._concentration[:, None] + after[:, :-1]
        chance = np.log(self._random.uniform(size=rest_shape.shape))
        rest = np.log(self._random.gamma(rest_shape + 1.0)) + chance / rest_shape
        whole = np.logaddexp(taken, rest)
        left = np.concatenate([np.zeros((CHAINS, 1)), (rest - whole).cumsum(axis=1)], axis=1)
        pieces = np.concatenate([taken - whole, np.zeros((CHAINS, 1))], axis=1)
        self._log_shares = left + pieces
        rate = _RATE - left[:, -1]
        self._concentration = np.maximum(self._random.gamma(_SHAPE + _CLASSES - 1, 1 / rate), 1e-6)


def _shares(logs: Floats) -> Floats:
    weights = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)
