"""Metadata of events: counts, hashes, seconds, tables, paths in the home.

Belongs here: converting such facts to Dagster's types, and keeping counts from identifying anybody.
Does not belong here: which facts an asset reports (its own module).

Dagster stores events for good and shows them to whoever opens its pages. They contain no unrounded figure of a
cell, no coordinates, no path of a sealed file, and counts only in whole hundreds: two readings of an exact number of
rows, before and after a late case, would reveal how many late cases came.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import Any

import dagster as dg

from ingestion.home import sha256_of_bytes

COARSE = 100
"""Counts are rounded down to a multiple of this; below it, only their existence is reported."""


class Stopwatch:
    """Measures the seconds since its creation."""

    def __init__(self) -> None:
        """Start."""
        self._start = monotonic()

    @property
    def seconds(self) -> float:
        """Seconds since the start, to a tenth."""
        return round(monotonic() - self._start, 1)


def coarse_count(number: int) -> int | str:
    """Return a count as an event may state it: 0, "fewer than 100", or the whole hundreds that it contains."""
    return number - number % COARSE if number == 0 or number >= COARSE else f"fewer than {COARSE}"


def rows(number: int) -> dict[str, Any]:
    """Return the coarse row count of an asset: under Dagster's own key if it is a number, so that Dagster plots it."""
    coarse = coarse_count(number)
    return {"dagster/row_count": coarse} if isinstance(coarse, int) else {"rows": coarse}


def table(records: Iterable[Mapping[str, str]], columns: Sequence[str]) -> dg.TableMetadataValue:
    """Return a table of facts as text, in the order given; `columns` names them even if there are no records."""
    schema = dg.TableSchema([dg.TableColumn(name, "string") for name in columns])
    return dg.MetadataValue.table([dg.TableRecord(dict(record)) for record in records], schema)


def hashes_of(files: Mapping[str, str]) -> dg.TableMetadataValue:
    """Return the SHA-256 of files by name."""
    return table(({"file": name, "sha256": sha256} for name, sha256 in sorted(files.items())), ("file", "sha256"))


def places(**paths: Path) -> dict[str, dg.PathMetadataValue]:
    """Return the paths of public files that exist, to be opened from Dagster's pages."""
    return {name: dg.MetadataValue.path(path) for name, path in paths.items() if path.exists()}


def version_of(*parts: str) -> dg.DataVersion:
    """Return the data version for these fingerprints."""
    return dg.DataVersion(sha256_of_bytes("\n".join(parts).encode())[:16])
