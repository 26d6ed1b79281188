"""Which cells nobody reported, listed once: the table beside sparse data.

Belongs here: which rows of a release a data message holds, and the table of the others. Readers of SDMX take an absent
cell as unknown; the table says that the cell was asked for and who did not report.
Does not belong here: withheld figures (they stay observations, whose status says so), or messages (`sdmx.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from expectations.cards.cells import EXPECTED, RECEIVED, rows_as_csv
from reports.released.released_folder import ReleasedFolder, Row, state

NAME = "coverage.csv"
_BLOCK = ("indicator", "measure", "ref_area", "time_period")
_SAID = ("obs_status", RECEIVED, EXPECTED)
_CELLS = "cells"


def observations(released: ReleasedFolder) -> tuple[Row, ...]:
    """Return the rows that carry information: figures, zeros and withheld ones, in the order of the release."""
    return tuple(row for row in released.rows if state(row) != "missing")


def coverage(released: ReleasedFolder) -> bytes:
    """Return the table of the cells that nobody reported, as CSV.

    A line with empty dimensions stands for every breakdown of an indicator in an area and year; otherwise for the one
    cell
    that it names. `CELLS` counts the cells of a line: together with the observations they are the rows of the release.
    """
    attributes = [column for column in _SAID if column in released.columns]
    columns = [*released.key, *attributes, _CELLS]
    lines = ([line.get(column, "") for column in columns] for line in _lines(released, attributes))
    return rows_as_csv([[column.upper() for column in columns], *lines])


def _lines(released: ReleasedFolder, attributes: Sequence[str]) -> Iterator[Mapping[str, str]]:
    blocks: dict[tuple[str, ...], list[Row]] = {}
    for row in released.rows:
        blocks.setdefault(tuple(row[column] for column in _BLOCK), []).append(row)
    for rows in blocks.values():
        if _are_alike(rows, attributes):
            yield {**{column: rows[0][column] for column in (*_BLOCK, *attributes)}, _CELLS: str(len(rows))}
        else:
            yield from ({**row, _CELLS: "1"} for row in rows if state(row) == "missing")


def _are_alike(rows: Sequence[Row], attributes: Sequence[str]) -> bool:
    """Return whether nobody reported any of these cells, and they all have the same attributes."""
    is_silent = all(state(row) == "missing" for row in rows)
    return is_silent and len({tuple(row[column] for column in attributes) for row in rows}) == 1
