"""What an event says beside its name: counts, hashes, seconds, tables, places in the home.

Belongs here: how such facts are put into Dagster's words, and how a count is kept from naming anybody.
Does not belong here: which facts an asset tells (its own module).

Dagster keeps events for good and shows them to whoever opens the interface. No true figure of a cell goes into one, no
coordinates, no place of a sealed file, and no count but in whole hundreds: two looks at an exact number of rows, before
and after a late case, would tell how many late cases came.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import Any

import dagster as dg

from ingestion.home import sha256_of_bytes

COARSE = 100
"""Counts are rounded down to a multiple of this, and of fewer nothing is told but that there are some."""


class Stopwatch:
    """Tells the seconds since it was made."""

    def __init__(self) -> None:
        """Start."""
        self._start = monotonic()

    @property
    def seconds(self) -> float:
        """Seconds since the start, to a tenth."""
        return round(monotonic() - self._start, 1)


def coarse_count(number: int) -> int | str:
    """Return a count as an event may tell it: 0, "fewer than 100", or the whole hundreds that it holds."""
    return number - number % COARSE if number == 0 or number >= COARSE else f"fewer than {COARSE}"


def rows(number: int) -> dict[str, Any]:
    """Return the coarse row count of an asset: under Dagster's own key where it is a number, so that it draws it."""
    coarse = coarse_count(number)
    return {"dagster/row_count": coarse} if isinstance(coarse, int) else {"rows": coarse}


def table(records: Iterable[Mapping[str, str]], columns: Sequence[str]) -> dg.TableMetadataValue:
    """Return a table of facts as text, in the order given; `columns` names them also where there is no record."""
    schema = dg.TableSchema([dg.TableColumn(name, "string") for name in columns])
    return dg.MetadataValue.table([dg.TableRecord(dict(record)) for record in records], schema)


def hashes_of(files: Mapping[str, str]) -> dg.TableMetadataValue:
    """Return the SHA-256 of files by name."""
    return table(({"file": name, "sha256": sha256} for name, sha256 in sorted(files.items())), ("file", "sha256"))


def places(**paths: Path) -> dict[str, dg.PathMetadataValue]:
    """Return the places of public files that exist, to open beside the interface."""
    return {name: dg.MetadataValue.path(path) for name, path in paths.items() if path.exists()}


def version_of(*parts: str) -> dg.DataVersion:
    """Return the data version of what these fingerprints stand for."""
    return dg.DataVersion(sha256_of_bytes("\n".join(parts).encode())[:16])
