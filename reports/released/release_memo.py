"""Compute a result once for a report or release, and reuse it for every language.

Belongs here: storing the result on the object itself; that never changes, and a copy of it computes anew.
Does not belong here: anything that depends on words, or a cache that outlives its report.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

_Found = TypeVar("_Found")
_Of = TypeVar("_Of")


def once(find: Callable[[_Of], _Found]) -> Callable[[_Of], _Found]:
    """Return a function that stores the result of `find` on its argument, a frozen dataclass."""
    name = f"_{find.__module__}.{find.__qualname__}"

    @wraps(find)
    def remembered(about: _Of) -> _Found:
        known = vars(about)
        if name not in known:
            known[name] = find(about)
        return known[name]

    return remembered
