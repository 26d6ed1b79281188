"""Seeded chance: every draw of the invented country comes from here.

Belongs here: draws from named streams, so that a new draw in one place never changes those of another.
Does not belong here: any number about the country (`profile.py`), or what is drawn (`country.py`, `views.py`).
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TypeVar

_Item = TypeVar("_Item")


class RandomStream:
    """A stream of draws that depends only on the seed and the stream's name.

    Args:
        seed: the seed of the country.
        name: what the stream is for, e.g. `cases of 2019`.
    """

    def __init__(self, seed: int, name: str) -> None:
        # a text seed is hashed by the standard library itself: the same draws on every machine and Python 3.11-3.13
        self._random = random.Random(f"{seed}: {name}")  # noqa: S311 - an invention, not a secret

    def flip(self, share: float) -> bool:
        """Return True in `share` (0-1) of the draws."""
        return self._random.random() < share

    def between(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both included."""
        return low + int(self._random.random() * (high - low + 1))

    def one_of(self, items: Sequence[_Item]) -> _Item:
        """Return one of `items`, all equally likely."""
        return items[self.between(0, len(items) - 1)]

    def pick(self, weights: Mapping[_Item, float]) -> _Item:
        """Return one key of `weights`, in proportion to its weight."""
        return self._random.choices(list(weights), list(weights.values()))[0]

    def some_of(self, items: Sequence[_Item], count: int) -> list[_Item]:
        """Return `count` different items (fewer if there are not so many), in the order of `items`."""
        chosen = set(self._random.sample(range(len(items)), min(count, len(items))))
        return [item for place, item in enumerate(items) if place in chosen]

    def day_of(self, year: int) -> date:
        """Return a day of `year`."""
        return date(year, 1, 1) + timedelta(days=self.between(0, 364))
