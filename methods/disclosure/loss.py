"""Loss of utility: what a reader loses by protection, so that methods can be compared on the same tables.

Belongs here: the measures, exact for internal use and coarse for the public. Does not belong here: which method is
chosen (the dataset's card says so, with numbers), or how any of them works.

Measures after Hundepool et al., Statistical Disclosure Control (2012), on information loss of tables.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
import scipy.sparse.linalg as solvers

ENOUGH_CELLS = 100  # of fewer printed figures, a mean error would reveal something about single ones
STEP = 0.1  # a public mean error is a multiple of this
MISFIT = 0.01  # in persons: what the solver of sums leaves over


@dataclass(frozen=True)
class Loss:
    """What protection cost on one set of figures.

    Attributes:
        cells: number of figures with a true value.
        mean_error: mean absolute error in persons, over printed figures whose true value is not 0; NaN without any.
        greatest_error: greatest error over all printed figures.
        is_additive: whether all printed figures can be sums of one set of base cells; None: not checked.
    """

    cells: int
    mean_error: float
    greatest_error: float
    is_additive: bool | None = None


def loss(true: np.ndarray, printed: np.ndarray, matrix: sp.csr_matrix | None = None) -> Loss:
    """Return the loss of printing `printed` for `true`.

    Args:
        true: true counts.
        printed: figures; NaN if hidden.
        matrix: figures x base cells; if given, additivity is checked too.
    """
    counts, values = np.asarray(true, dtype=float), np.asarray(printed, dtype=float)
    shown = ~np.isnan(values)
    errors = np.abs(values - counts)
    both = shown & (counts != 0)
    return Loss(
        cells=len(counts),
        mean_error=float(errors[both].mean()) if both.any() else np.nan,
        greatest_error=float(errors[shown].max(initial=0.0)),
        is_additive=None if matrix is None else additive(matrix[shown], values[shown]),
    )


def additive(matrix: sp.csr_matrix, printed: np.ndarray) -> bool:
    """Return whether some base cells, even negative or fractional ones, add up to every printed figure."""
    if not len(printed):
        return True
    solved = solvers.lsqr(matrix.astype(float), printed, atol=1e-12, btol=1e-12, iter_lim=20 * max(matrix.shape))[0]
    return bool(np.abs(matrix @ solved - printed).max() < MISFIT)


@dataclass(frozen=True)
class PublicLoss:
    """What may be published of the loss of a release.

    The mean is over all figures of a dataset together and a multiple of 0.1, and is withheld if fewer than a hundred
    figures are printed: for a thousand figures it then leaves a hundred persons of error open, and identifies none. The
    greatest error is not published, only the method's bound; the hidden share counts what readers can count.

    Attributes:
        figures: number of printed or hidden figures.
        mean_error: None if it is withheld.
        error_below: every printed figure is less than this far from the true one.
        hidden_share: share of hidden figures, rounded to thousandths.
    """

    figures: int
    mean_error: float | None
    error_below: int
    hidden_share: float


def public_loss(true: np.ndarray, printed: np.ndarray, error_below: int) -> PublicLoss:
    """Return the coarse loss of all figures of a dataset together.

    Args:
        true: the true counts behind the printed figures.
        printed: figures; NaN if hidden.
        error_below: the method's bound of every error: the rounding base, 1 if all is exact.
    """
    measured, shown = loss(true, printed), ~np.isnan(np.asarray(printed, dtype=float))
    is_enough = int(shown.sum()) >= ENOUGH_CELLS and np.isfinite(measured.mean_error)
    mean = round(round(measured.mean_error / STEP) * STEP, 1) if is_enough else None
    hidden = round(float((~shown).mean()), 3) if len(shown) else 0.0
    return PublicLoss(len(shown), mean, error_below, hidden)
