"""Typeset a printed report with Typst.

Belongs here: the call of Typst. Does not belong here: what is printed, or the process in which Typst works
while the other forms are made (`reports/publishing/prints_apart.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

import typst
from filelock import FileLock

from reports.renderers import fonts, readable_text, tagging

STANDARDS = ("ua-1", "a-2a")


@dataclass(frozen=True)
class Manuscript:
    """All inputs of a print.

    Attributes:
        files: name to bytes: `main` is the template, beside it the edition as data and its drawings.
        day: of the edition; the date of the file.
        is_right_to_left: the order of its pages.
    """

    files: dict[str, bytes]
    day: date
    is_right_to_left: bool

    def shows(self) -> list[object]:
        """Return all inputs of its print, as the key for `kept_drawings`, including our own code."""
        files = {name: hashlib.sha256(data).hexdigest() for name, data in self.files.items()}
        return ["print", _program(), files, self.day.isoformat(), self.is_right_to_left]


@cache
def _program() -> str:
    """Return the hash of the code that turns a manuscript into a print: if it changes, so may the bytes."""
    return hashlib.sha256(
        b"".join(Path(file).read_bytes() for file in (__file__, readable_text.__file__, tagging.__file__))
    ).hexdigest()


def typeset(manuscript: Manuscript) -> bytes:
    """Return a manuscript as a tagged PDF; the same manuscript gives the same bytes."""
    day = manuscript.day
    document = typst.compile(
        cast(Any, manuscript.files),  # it accepts files by path, but its type hints do not
        font_paths=[str(fonts.folder())],
        ignore_system_fonts=True,
        pdf_standards=list(STANDARDS),
        timestamp=int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()),
    )
    return tagging.finish_document(document, is_right_to_left=manuscript.is_right_to_left)


def typeset_in_turn(manuscripts: Mapping[str, Manuscript], turn: Path | None = None) -> dict[str, bytes]:
    """Return each manuscript as a tagged PDF, by its name.

    Args:
        manuscripts: by the name of the resulting file.
        turn: a lock file held while Typst works: of all that use the same one, one works at a time.
    """
    with FileLock(turn, fallback_to_soft=False) if turn else nullcontext():
        return {name: typeset(manuscript) for name, manuscript in manuscripts.items()}
