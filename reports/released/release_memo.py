"""Compute a result once for a report or release, and reuse it for every language, or for every preview of one.

Belongs here: storing the result on the object itself; that never changes, and a copy of it computes anew.
Does not belong here: anything that depends on what editors wrote, or a cache that outlives its report.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import TypeVar

from languages.words import Words

_Found = TypeVar("_Found")
_Of = TypeVar("_Of")
_is_previewing: ContextVar[bool] = ContextVar("is previewing", default=False)


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


@contextmanager
def previewing() -> Generator[None]:
    """Let `once_in_language` store its results, which a report that is printed once would never use."""
    token = _is_previewing.set(True)
    try:
        yield
    finally:
        _is_previewing.reset(token)


def once_in_language(find: Callable[[_Of, Words], _Found]) -> Callable[[_Of, Words], _Found]:
    """Return a function that, while `previewing`, stores the result of `find` for each language, as `once` does."""
    name = f"_{find.__module__}.{find.__qualname__}"

    @wraps(find)
    def remembered(about: _Of, words: Words) -> _Found:
        if not _is_previewing.get():
            return find(about, words)
        known, key = vars(about), f"{name} {words.tag}"
        messages, result = known.get(key, (None, None))
        if messages is not words.messages:  # nothing yet, or the catalogue was read anew since
            result = find(about, words)
            known[key] = (words.messages, result)
        return result

    return remembered
