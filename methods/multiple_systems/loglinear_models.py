"""Log-linear models of an overlap table as bit patterns: effects, design, neighbours.

Belongs here: the effects, the models, and which models are neighbours. Does not belong here: fitting
(`poisson_fits.py`) or choosing (`model_search.py`).

An effect is a set of lists (a bit mask); its entry in the design is 1 for the cells whose lists include it (Fienberg
1972, The multiple recapture census for closed populations and incomplete 2^k contingency tables, Biometrika 59). The
main effects belong to every model, which may have any pairs of lists; a model is the row of booleans that says which
effects it has.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

MOST_EFFECTS = 62  # of one model: its pattern is one whole number of 64 bits

Booleans = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ModelSpace:
    """All models of a number of lists whose interactions are pairs of lists.

    Args:
        lists: number of lists; of two lists there is no pair, because an effect of all lists can never be estimated.
    """

    lists: int

    @cached_property
    def effects(self) -> NDArray[np.int64]:
        """The bit mask of each effect: 0 (the level), the lists, then their pairs."""
        most = min(2, self.lists - 1)
        sets = [group for size in range(most + 1) for group in combinations(range(self.lists), size)]
        return np.array([sum(1 << place for place in group) for group in sets], dtype=np.int64)

    @cached_property
    def design(self) -> Floats:
        """Observable cells (bit masks from 1) by effects: 1 if the cell's lists include the effect's."""
        cells = np.arange(1, 1 << self.lists)
        return ((cells[:, None] & self.effects) == self.effects).astype(np.float64)

    @cached_property
    def products(self) -> Floats:
        """Cells by pairs of effects: the products of their design columns."""
        crossed = self.design[:, :, None] * self.design[:, None, :]
        return crossed.reshape(len(self.design), -1)

    @cached_property
    def interactions(self) -> Booleans:
        """Which effects are pairs: those that a model may have or lack."""
        return np.arange(len(self.effects)) > self.lists

    @property
    def independence(self) -> Booleans:
        """The model of main effects only."""
        return ~self.interactions

    def changes(self, models: Booleans) -> Booleans:
        """Return, for each model, which effects may be added or removed: every pair."""
        return np.tile(self.interactions, (len(models), 1))

    def all_models(self, most: int) -> Booleans | None:
        """Return every model, or None if there are more than `most`."""
        known = self.independence[None, :]
        front = known
        while len(front):
            entering = self.changes(front) & ~front
            rows, places = np.nonzero(entering)
            grown = front[rows]
            grown[np.arange(len(rows)), places] = True
            front = np.unique(grown, axis=0) if len(grown) else grown
            known = np.concatenate([known, front])
            if len(known) > most:
                return None
        return known

    def model_of(self, effects: list[tuple[int, ...]]) -> Booleans:
        """Return the model with these pairs (positions of lists) and all main effects."""
        masks = [sum(1 << place for place in group) for group in effects]
        return self.independence | np.isin(self.effects, masks)

    def names(self, model: Booleans, lists: tuple[str, ...]) -> list[str]:
        """Return the interactions of a model as the names of their lists, separated by colons."""
        masks = self.effects[model & self.interactions]
        return [":".join(name for place, name in enumerate(lists) if mask >> place & 1) for mask in masks]
