"""What is found in a report or release once, however many languages tell it.

Belongs here: remembering on the object itself; it is never changed, and a copy of it finds anew.
Does not belong here: anything that depends on words, or a cache that outlives its report.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

_Found = TypeVar("_Found")
_Of = TypeVar("_Of")


def once(find: Callable[[_Of], _Found]) -> Callable[[_Of], _Found]:
    """Return a function that finds what `find` finds, and remembers it on its argument, a frozen dataclass."""
    name = f"_{find.__module__}.{find.__qualname__}"

    @wraps(find)
    def remembered(about: _Of) -> _Found:
        known = vars(about)
        if name not in known:
            known[name] = find(about)
        return known[name]

    return remembered
