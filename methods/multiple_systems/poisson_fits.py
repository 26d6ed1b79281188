"""Poisson fits of many log-linear models to many overlap tables at once, and whether each of them exists.

Belongs here: Newton's method over a batch, effects at minus infinity, the certificate of existence and the linear
programme behind it. Does not belong here: which models are tried (`model_search.py`).

An effect whose margin is 0 has its maximum at minus infinity: the cells under it are fitted by 0 and leave the fit (the
extended maximum likelihood estimate; Fienberg and Rinaldo 2012, Maximum likelihood estimation in log-linear models,
Annals of Statistics 40). For the remaining cells the estimate exists if some positive vector has the margins of the
counts (same source; Chan, Silverman and Vincent 2021, JRSS A 184). If Newton's method converges, its fitted means are
such a vector. If it does not, a linear programme decides. The answer depends only on the pattern of zeros, so each
pattern is checked once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import scipy
from numpy.typing import NDArray

from methods.multiple_systems.loglinear_models import Booleans, Floats, ModelSpace

EXISTS, NO_MAXIMUM, NOT_IDENTIFIABLE = 0, 1, 2
"""Existence codes; 1 and 2 are added if both fail."""

_BATCH = 500_000  # numbers in the matrices of one set of fits: larger sets leave the processor's cache
_FIRST_STEPS, _MORE_STEPS, _HALVINGS = 12, 100, 12
_SMALL_STEP = 1e-6  # a step this small is still taken, and squares the error
_RIDGE = 1e-9  # keeps a step finite if a mean runs to 0; the result is not affected
_LOWEST = -30.0  # logarithm of the smallest mean during the iterations


@dataclass(frozen=True)
class Fits:
    """Fits, one per row.

    Attributes:
        codes: existence, 0 to 3.
        unseen: fitted persons on no list; NaN if there is no estimate.
        log_likelihood: that of the Poisson counts, with factorials; NaN if there is no estimate.
        bic: parameters times log(persons) - 2 log-likelihood, effects at minus infinity counted; inf without estimate.
        means: fitted means of the observable cells; NaN if there is no estimate.
    """

    codes: NDArray[np.int64]
    unseen: Floats
    log_likelihood: Floats
    bic: Floats
    means: Floats


@dataclass
class Fitter:
    """Fits models of one space, and caches which of them exist.

    Attributes:
        space: effects and cells.
        programmes: number of linear programmes solved so far.
    """

    space: ModelSpace
    programmes: int = 0
    _ranks: dict[tuple[bytes, bytes], bool] = field(default_factory=dict[tuple[bytes, bytes], bool])
    _existing: dict[tuple[bytes, bytes], bool] = field(default_factory=dict[tuple[bytes, bytes], bool])

    def fit(self, counts: Floats, models: Booleans) -> Fits:
        """Return the fit of each model to its own table.

        Args:
            counts: tables of shape (fits, observable cells).
            models: of shape (fits, effects).
        """
        parts = [self._fit(counts[part], models[part]) for part in self._parts(len(counts))]
        gathered = [np.concatenate([getattr(part, name) for part in parts]) for name in Fits.__dataclass_fields__]
        return Fits(*gathered)

    def _parts(self, length: int) -> Iterator[slice]:
        size = max(50, _BATCH // len(self.space.effects) ** 2)
        for start in range(0, max(length, 1), size):
            yield slice(start, start + size)

    def _fit(self, counts: Floats, models: Booleans) -> Fits:
        design = self.space.design
        lost = models & (counts @ design == 0)
        possible = (lost.astype(np.float64) @ design.T) == 0
        free = models & ~lost
        codes = np.where(self._is_identifiable(free, lost), EXISTS, NOT_IDENTIFIABLE)
        patterns = np.packbits(np.concatenate([free, lost, counts > 0], axis=1), axis=1)
        keys = [(row.tobytes(), b"") for row in patterns]
        known = np.array([self._existing.get(key, True) for key in keys], dtype=bool)
        codes[~known] |= NO_MAXIMUM
        coefficients = np.full(models.shape, np.nan)
        problem = _Problem(self.space, counts, possible, free)
        asked = np.flatnonzero(codes == EXISTS)
        coefficients[asked], certain = problem.rows(asked).climb(None, _FIRST_STEPS)
        for row in asked[certain]:
            self._existing[keys[row]] = True
        doubtful = asked[~certain]
        exists = np.array(
            [self._exists(keys[row], possible[row], free[row], counts[row]) for row in doubtful], dtype=bool
        )
        codes[doubtful[~exists]] |= NO_MAXIMUM
        again = doubtful[exists]
        coefficients[again], _ = problem.rows(again).climb(coefficients[again], _MORE_STEPS)
        return self._describe_fits(counts, models, possible, codes, coefficients)

    def _describe_fits(
        self, counts: Floats, models: Booleans, possible: Booleans, codes: NDArray[np.int64], coefficients: Floats
    ) -> Fits:
        good = codes == EXISTS
        estimates = np.where(good[:, None], coefficients, np.nan)
        level = estimates @ self.space.design.T
        means = np.exp(level) * possible
        likelihood = (
            np.where(possible, counts * level, 0.0).sum(axis=1)
            - means.sum(axis=1)
            - scipy.special.gammaln(counts + 1).sum(axis=1)
        )
        persons = counts.sum(axis=1)
        bic = models.sum(axis=1) * np.log(persons) - 2 * likelihood
        return Fits(codes, np.exp(estimates[:, 0]), likelihood, np.where(good, bic, np.inf), means)

    def _is_identifiable(self, free: Booleans, lost: Booleans) -> Booleans:
        """Return whether the remaining columns of the design are independent in the remaining cells."""
        answers = np.empty(len(free), dtype=bool)
        packed_free, packed_lost = np.packbits(free, axis=1), np.packbits(lost, axis=1)
        for row in range(len(free)):
            key = packed_free[row].tobytes(), packed_lost[row].tobytes()
            if key not in self._ranks:
                cells = ~(self.space.design[:, lost[row]] > 0).any(axis=1)
                left = self.space.design[cells][:, free[row]]
                enough = left.shape[0] >= left.shape[1]
                self._ranks[key] = bool(enough and np.linalg.matrix_rank(left) == left.shape[1])
            answers[row] = self._ranks[key]
        return answers

    def _exists(self, key: tuple[bytes, bytes], possible: Booleans, free: Booleans, counts: Floats) -> bool:
        if key not in self._existing:
            self.programmes += 1
            self._existing[key] = has_maximum(self.space.design[possible][:, free], counts[possible])
        return self._existing[key]


def has_maximum(design: Floats, counts: Floats) -> bool:
    """Return whether a positive vector has the margins of the counts, by a linear programme.

    Maximise s subject to design' x = design' counts and x >= s (Fienberg and Rinaldo 2012). Only the pattern of zeros
    matters, so 1 replaces every count above 0.

    Args:
        design: cells by effects.
        counts: counts of the same cells.
    """
    cells = len(counts)
    margins = design.T @ (counts > 0).astype(np.float64)
    goal = np.zeros(cells + 1)
    goal[-1] = -1.0
    equal = np.column_stack([design.T, np.zeros(design.shape[1])])
    above = np.column_stack([-np.eye(cells), np.ones(cells)])
    limits = [(0.0, None)] * cells + [(None, None)]
    solution = scipy.optimize.linprog(
        goal, A_ub=above, b_ub=np.zeros(cells), A_eq=equal, b_eq=margins, bounds=limits, method="highs"
    )
    return bool(solution.status == 0 and np.asarray(solution.x)[-1] > 1e-7)


@dataclass(frozen=True)
class _Problem:
    """A batch of fits: effects, counts, and the remaining cells and effects of each."""

    space: ModelSpace
    counts: Floats
    is_fitted: Booleans
    free: Booleans

    def rows(self, places: NDArray[np.int64]) -> _Problem:
        return _Problem(self.space, self.counts[places], self.is_fitted[places], self.free[places])

    def climb(self, start: Floats | None, steps: int) -> tuple[Floats, Booleans]:
        """Return coefficients after at most this many steps, and which fits surely have a maximum."""
        coefficients = self._first_coefficients() if start is None else start.copy()
        certain = np.zeros(len(coefficients), dtype=bool)
        going = np.arange(len(coefficients))
        for _ in range(steps):
            if not len(going):
                break
            part = self.rows(going)
            at = coefficients[going]
            means = part.means(at)
            change = part.solve(means, (part.counts - means) * part.is_fitted)
            coefficients[going] = part.halve_step(at, change)
            ended = np.abs(change).max(axis=1) < _SMALL_STEP
            certain[going[ended]] = part.rows(np.flatnonzero(ended)).is_certified(coefficients[going[ended]])
            going = going[~ended]
        return coefficients, certain

    def means(self, coefficients: Floats) -> Floats:
        return np.exp(np.maximum(coefficients @ self.space.design.T, _LOWEST)) * self.is_fitted

    def solve(self, weights: Floats, residual: Floats) -> Floats:
        """Solve the normal equations of each fit: weights of its cells, residuals of the counts."""
        size = self.space.design.shape[1]
        matrix = (weights @ self.space.products).reshape(len(weights), size, size)
        matrix *= self.free[:, :, None] & self.free[:, None, :]
        places = np.arange(size)
        matrix[:, places, places] += np.where(self.free, _RIDGE, 1.0)
        side = (residual @ self.space.design) * self.free
        return np.asarray(np.linalg.solve(matrix, side[:, :, None])[:, :, 0], dtype=np.float64)

    def is_certified(self, coefficients: Floats) -> Booleans:
        """Return whether the means are positive and match the margins of the counts, far within their own size."""
        means = self.means(coefficients)
        gap = np.abs(((self.counts - means) @ self.space.design) * self.free).max(axis=1, initial=0.0)
        return gap < 0.01 * np.where(self.is_fitted, means, np.inf).min(axis=1, initial=np.inf)

    def halve_step(self, at: Floats, change: Floats) -> Floats:
        """Take the step, or halve it repeatedly, until the likelihood does not fall."""
        before = self._likelihood(at)
        share = np.ones(len(at))
        for _ in range(_HALVINGS):
            after = self._likelihood(at + share[:, None] * change)
            falls = ~(after >= before - 1e-9 * np.abs(before))
            if not falls.any():
                break
            share[falls] /= 2
        return at + share[:, None] * change

    def _likelihood(self, coefficients: Floats) -> Floats:
        level = np.maximum(coefficients @ self.space.design.T, _LOWEST)
        return ((self.counts * level - np.exp(np.minimum(level, 500.0))) * self.is_fitted).sum(axis=1)

    def _first_coefficients(self) -> Floats:
        """Start from least squares on the logarithms, each cell weighted by its count."""
        near = (self.counts + 0.5) * self.is_fitted
        return self.solve(near, near * np.log(self.counts + 0.5))
