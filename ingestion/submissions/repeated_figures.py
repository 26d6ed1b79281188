"""Recycled figures: numbers of one period that appear unchanged under another.

Belongs here: comparing landed figures of two periods of one source. Does not belong here: deciding (`review.py`).

The reason: a country's published count of victims was printed a second time under a later year, which was discovered
only because its parts were those of the older table. Small numbers repeat by chance, so a single figure must have three
digits, and smaller ones only count if several in a table repeat at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, NamedTuple

from ingestion.cards.source_card import load_shape
from ingestion.home import Home
from ingestion.submissions.raw_rows import rows_path
from ingestion.submissions.receipts import Receipt

LEAST_ALONE = 100
"""From this size on, a single repeated figure is suspicious."""

LEAST_TOGETHER = 10
"""Figures below it are not compared."""

SEVERAL = 3
"""This many repeated figures, if at least half of the comparable ones, are suspicious together."""

# Shape -> its figure, and what makes rows one table. A shelter's beds stay the same for years; its residents do not.
_FIGURES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "counts": ("figure", ("reporting_area", "measure", "dimension")),
    "facilities": ("resident_count", ()),
}
_YEAR = "reference_year"


class _Figure(NamedTuple):
    """A figure and its place."""

    value: int
    receipt: Receipt
    sheet: str
    row_number: int


_Cells = dict[tuple[Any, ...], _Figure]


@dataclass(frozen=True)
class Recycled:
    """Figures of a table that repeat those of an earlier period.

    Args:
        receipt: the submission of the later period.
        sheet: sheet of its first repeated figure.
        row_number: row of it.
        field: the figure's field.
        earlier: the earlier period.
        later: the later period.
        cells: how many figures repeat.
    """

    receipt: Receipt
    sheet: str
    row_number: int
    field: str
    earlier: str
    later: str
    cells: int


def find(home: Home, counting: Sequence[Receipt]) -> list[Recycled]:
    """Return the suspected recycled figures among the landed rows of the current submissions.

    Args:
        home: with landed rows.
        counting: receipts of the submissions that count (`files_in_force.counting_receipts`).

    Returns:
        One entry for a table of a later period that repeats figures of an earlier one of the same source. It is a
        question to the sender, no proof.
    """
    recycled: list[Recycled] = []
    for shape in _FIGURES:
        for source in sorted({receipt.source for receipt in counting}):
            own = sorted((receipt for receipt in counting if receipt.source == source), key=lambda receipt: receipt.n)
            for tables in _tables_of(home, shape, own).values():
                recycled += [
                    repeated
                    for pair in combinations(sorted(tables), 2)
                    for repeated in _find_repeated(shape, tables, pair)
                ]
    return recycled


def _tables_of(home: Home, shape: str, own: Sequence[Receipt]) -> dict[tuple[Any, ...], dict[str, _Cells]]:
    """Return table -> period -> cell -> figure and place; a later submission overrides an earlier one."""
    figure, table = _FIGURES[shape]
    key = [name for name in load_shape(shape).key if name != _YEAR]
    tables: dict[tuple[Any, ...], dict[str, _Cells]] = {}
    for receipt in own:
        for row in _rows(home, shape, receipt, [*key, figure]):
            if row[figure] is not None and row[figure] >= LEAST_TOGETHER:
                cells = tables.setdefault(tuple(row[name] for name in table), {}).setdefault(row["period"], {})
                placed_figure = _Figure(int(row[figure]), receipt, str(row["sheet"]), int(row["row_number"]))
                cells[tuple(row[name] for name in key)] = placed_figure
    return tables


def _rows(home: Home, shape: str, receipt: Receipt, names: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    path = rows_path(home, shape, receipt.source, receipt.submission)
    if not path.exists():
        return
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        yield from file.read(columns=["sheet", "row_number", "period", *dict.fromkeys(names)]).to_pylist()


def _find_repeated(shape: str, tables: Mapping[str, _Cells], pair: tuple[str, str]) -> Iterator[Recycled]:
    earlier, later = pair
    both = [key for key in tables[later] if key in tables[earlier]]
    same = [key for key in both if tables[later][key].value == tables[earlier][key].value]
    is_large = any(tables[later][key].value >= LEAST_ALONE for key in same)
    if is_large or (len(same) >= SEVERAL and 2 * len(same) >= len(both)):
        first = min((tables[later][key] for key in same), key=lambda figure: (figure.sheet, figure.row_number))
        field = _FIGURES[shape][0]
        yield Recycled(first.receipt, first.sheet, first.row_number, field, earlier, later, len(same))
