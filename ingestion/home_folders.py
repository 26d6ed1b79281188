"""A folder of a home as its attribute: `home.raw` is a path, and an unknown folder name is a type error.

Belongs here: that attribute. Does not belong here: which folders there are (`home.py`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, Self, overload


class _Rooted(Protocol):
    @property
    def root(self) -> Path: ...
    @property
    def published(self) -> Path | None: ...


class HomeFolder:
    """A folder directly under the home, named after the attribute; a type checker knows it as a path."""

    def __set_name__(self, _owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, home: None, owner: type) -> Self: ...
    @overload
    def __get__(self, home: _Rooted, owner: type) -> Path: ...
    def __get__(self, home: _Rooted | None, owner: type) -> Self | Path:
        return self if home is None else self.base(home) / self.name

    def base(self, home: _Rooted) -> Path:
        """Return the folder that it lies in."""
        return home.root


class PublishedFolder(HomeFolder):
    """A folder of what is published: the home's own, or that of a proposal."""

    def base(self, home: _Rooted) -> Path:
        """Return the folder that it lies in."""
        return home.published or home.root
