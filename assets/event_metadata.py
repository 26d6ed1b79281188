"""What an event says beside its name: counts, hashes, seconds, tables, places in the home.

Belongs here: how such facts are put into Dagster's words, and how a count is kept from naming anybody.
Does not belong here: which facts an asset tells (its own module).

Dagster keeps events for good and shows them to whoever opens the interface. No true figure of a cell goes into one, no
coordinates, and no count from 1 to 10.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import Any

import dagster as dg

from ingestion.home import sha256_of_bytes

MOST_HIDDEN = 10
"""Counts from 1 to this are told as a range: of so few rows or cells, one that changes can be somebody."""


class Stopwatch:
    """Tells the seconds since it was made."""

    def __init__(self) -> None:
        """Start."""
        self._start = monotonic()

    @property
    def seconds(self) -> float:
        """Seconds since the start, to a tenth."""
        return round(monotonic() - self._start, 1)


def counted(number: int) -> int | str:
    """Return a count as an event may tell it: 0, the range of the small ones, or the number itself."""
    return number if number == 0 or number > MOST_HIDDEN else f"1 to {MOST_HIDDEN}"


def rows(number: int) -> dict[str, Any]:
    """Return the row count of an asset: under Dagster's own key where it may be told, so that it draws the course."""
    told = counted(number)
    return {"dagster/row_count": told} if isinstance(told, int) else {"rows": told}


def table(records: Iterable[Mapping[str, str]], columns: Sequence[str]) -> dg.TableMetadataValue:
    """Return a table of facts as text, in the order given; `columns` names them also where there is no record."""
    schema = dg.TableSchema([dg.TableColumn(name, "string") for name in columns])
    return dg.MetadataValue.table([dg.TableRecord(dict(record)) for record in records], schema)


def hashes_of(files: Mapping[str, str]) -> dg.TableMetadataValue:
    """Return the SHA-256 of files by name."""
    return table(({"file": name, "sha256": sha256} for name, sha256 in sorted(files.items())), ("file", "sha256"))


def places(**paths: Path) -> dict[str, dg.PathMetadataValue]:
    """Return the places that exist, to open beside the interface."""
    return {name: dg.MetadataValue.path(path) for name, path in paths.items() if path.exists()}


def version_of(*parts: str) -> dg.DataVersion:
    """Return the data version of what these fingerprints stand for."""
    return dg.DataVersion(sha256_of_bytes("\n".join(parts).encode())[:16])
