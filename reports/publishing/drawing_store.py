"""The drawings of the last report of each language, stored in the home for the next one in any language.

Belongs here: reading and writing them. Does not belong here: the key of a drawing (`renderers/kept_drawings.py`).

    build/drawings/<language>.zip    with its seal beside it

The file is a cache: a missing, broken or foreign one is rebuilt. It holds only what the last report showed, so that a
chart of a withdrawn release is gone after the next report. Arabic and Sorani share most charts: each reuses the other's
and stores them in its own file. A print of which no word changed is not typeset again.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from ingestion.home import Home
from ingestion.seals import read_sealed, write_sealed
from languages.refusal import Refusal
from reports.renderers.kept_drawings import known_drawings

_FOLDER = "drawings"
_NO_DAY = (1980, 1, 1, 0, 0, 0)  # no clock in the file


@contextmanager
def reuse_drawings(home: Home, language: str) -> Generator[None]:
    """Reuse drawings of the last reports while this one is made, and store those of this one for the next.

    Nothing is stored if making the report fails.
    """
    path = home.build / _FOLDER / f"{language}.zip"
    mine = _read_drawings(home, [path])
    others = (other for other in path.parent.glob("*.zip") if other != path)
    with known_drawings(_read_drawings(home, others) | mine) as needed:
        yield
    if needed != mine:
        write_sealed(home, path, _pack_drawings(needed))


@contextmanager
def drawings_of_last_reports(home: Home, own: Mapping[str, bytes] | None = None) -> Generator[Mapping[str, bytes]]:
    """Reuse drawings of the last reports while a part of one is made, without changing what is stored.

    Args:
        home: whose reports they are.
        own: further drawings by key.

    Yields:
        The drawings that the part needed, by key.
    """
    known = _read_drawings(home, (home.build / _FOLDER).glob("*.zip"))
    with known_drawings(known | dict(own or {})) as needed:
        yield needed


def _read_drawings(home: Home, paths: Iterable[Path]) -> dict[str, bytes]:
    """Return every drawing of the files that are intact and sealed by this home."""
    drawings: dict[str, bytes] = {}
    for path in paths:
        with suppress(Refusal, zipfile.BadZipFile), zipfile.ZipFile(io.BytesIO(read_sealed(home, path))) as archive:
            drawings |= {name: archive.read(name) for name in archive.namelist()}
    return drawings


def _pack_drawings(drawings: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in sorted(drawings):
            archive.writestr(zipfile.ZipInfo(name, _NO_DAY), drawings[name])
    return stream.getvalue()
