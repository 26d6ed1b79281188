"""A cache of drawings, each stored by the hash of its inputs: an unchanged chart is never drawn again.

Belongs here: the key of a drawing, and looking it up. Also cached: the font subsets of pages, the program of the
explorer and prints typeset by Typst.
Does not belong here: drawing (`charts.py`, `maps.py`, `fonts.py`, `typesetting.py`), or where drawings are stored
between two reports (`publishing/drawing_store.py`).

The key of a drawing is the hash of everything passed to the drawing program, with the versions of the programs and of
the font. Nothing else can change a drawing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata

_DRAWN_WITH = ("vl-convert-python", "fontpkg-ibm-plex-sans-arabic", "fonttools", "brotli", "typst", "pikepdf")


@dataclass
class _KnownDrawings:
    """Drawings by key: those made before, and those that this report has needed so far."""

    before: Mapping[str, bytes]
    needed: dict[str, bytes] = field(default_factory=dict[str, bytes])


_known: ContextVar[_KnownDrawings | None] = ContextVar("known drawings", default=None)


@contextmanager
def known_drawings(before: Mapping[str, bytes]) -> Generator[Mapping[str, bytes]]:
    """Reuse earlier drawings while a report is made.

    Args:
        before: drawings by key.

    Yields:
        The drawings that the report needed, by key; complete at the end.
    """
    known = _KnownDrawings(before)
    token = _known.set(known)
    try:
        yield known.needed
    finally:
        _known.reset(token)


def draw_unless_kept(shows: object, draw: Callable[[], bytes]) -> bytes:
    """Return what `draw` draws, or the stored result of an earlier call.

    Args:
        shows: everything that the drawing depends on, JSON-serialisable: different drawings must have different inputs.
        draw: makes it; the same input gives the same bytes.
    """
    known = _known.get()
    if known is None:
        return draw()
    name = _name(shows)
    if name not in known.needed:
        known.needed[name] = known.before[name] if name in known.before else draw()
    return known.needed[name]


def is_kept(shows: object) -> bool:
    """Return whether `draw_unless_kept` would find a drawing with these inputs and draw nothing."""
    known = _known.get()
    return known is not None and _name(shows) in known.needed.keys() | known.before.keys()


def _name(shows: object) -> str:
    return hashlib.sha256(json.dumps([_versions(), shows], sort_keys=True).encode("utf-8")).hexdigest()


@cache
def _versions() -> dict[str, str]:
    return {name: metadata.version(name) for name in _DRAWN_WITH}
