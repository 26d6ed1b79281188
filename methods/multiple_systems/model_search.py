"""Choose a model for many overlap tables at once: downhill by BIC.

Belongs here: the search, repeated in every replicate of a bootstrap, and the list of the best models. Does
not belong here: the fits (`poisson_fits.py`) or intervals (`bootstrap_limits.py`).

Downhill: from the main effects to the neighbour of the smallest BIC, as long as it falls (Silverman, Chan and Vincent
2024, Bootstrapping multiple systems estimates to account for model selection, Statistics and Computing 34:44).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from methods.multiple_systems.loglinear_models import Booleans, Floats, ModelSpace
from methods.multiple_systems.poisson_fits import Fitter

MOST_LISTED = 1_100
"""Number of models up to which all are fitted to find the best: five lists with pairs have 1,024."""


@dataclass(frozen=True)
class ChosenModels:
    """The model that a search chose for each table, its fitted unseen persons (NaN if there is none), its BIC."""

    models: Booleans
    unseen: Floats
    bic: Floats


@dataclass(frozen=True)
class RankedModel:
    """One model in the list of the best: its interactions by the names of lists, its BIC, its estimate of all."""

    model: list[str]
    bic: float
    estimate: float


def downhill(fitter: Fitter, counts: Floats) -> ChosenModels:
    """Return for each table the model at which no neighbour has a smaller BIC.

    Args:
        fitter: fitter for the tables' lists.
        counts: tables of shape (tables, observable cells).
    """
    space = fitter.space
    models = np.tile(space.independence, (len(counts), 1))
    start = fitter.fit(counts, models)
    unseen, bic = start.unseen.copy(), start.bic.copy()
    came_by = np.full(len(counts), -1)  # the effect of the last step: undoing it never pays
    going = np.arange(len(counts))
    while len(going):
        allowed = space.changes(models[going])
        stepped = came_by[going] >= 0
        allowed[np.flatnonzero(stepped), came_by[going][stepped]] = False
        rows, effects = np.nonzero(allowed)
        tried = models[going[rows]]
        tried[np.arange(len(rows)), effects] ^= True
        fits = fitter.fit(counts[going[rows]], tried)
        table = np.full(allowed.shape, np.inf)
        table[rows, effects] = fits.bic
        persons = np.full(allowed.shape, np.nan)
        persons[rows, effects] = fits.unseen
        best = table.argmin(axis=1)
        lines = np.arange(len(going))
        better = table[lines, best] < bic[going] - 1e-9
        going, best, lines = going[better], best[better], lines[better]
        models[going, best] ^= True
        unseen[going], bic[going], came_by[going] = persons[lines, best], table[lines, best], best
    return ChosenModels(models, unseen, bic)


def best_models(
    fitter: Fitter, counts: Floats, chosen: Booleans, lists: tuple[str, ...], most: int = 10
) -> list[RankedModel]:
    """Return the models of smallest BIC with their estimates: among all, or the chosen one's neighbours if too many.

    Args:
        fitter: fitter for the table's lists.
        counts: one table.
        chosen: its chosen model.
        lists: names of the lists.
        most: most models to return.
    """
    space = fitter.space
    models = space.all_models(MOST_LISTED)
    if models is None:
        models = _add_neighbours(space, _add_neighbours(space, chosen[None, :])[:MOST_LISTED])[:MOST_LISTED]
    fits = fitter.fit(np.tile(counts, (len(models), 1)), models)
    order = [place for place in np.argsort(fits.bic, kind="stable")[:most] if np.isfinite(fits.bic[place])]
    persons = counts.sum()
    return [
        RankedModel(space.names(models[place], lists), float(fits.bic[place]), float(persons + fits.unseen[place]))
        for place in order
    ]


def _add_neighbours(space: ModelSpace, models: Booleans) -> Booleans:
    rows, effects = np.nonzero(space.changes(models))
    changed = models[rows]
    changed[np.arange(len(rows)), effects] ^= True
    return np.unique(np.concatenate([models, changed]), axis=0)
