"""Tables: released rows arranged as a reader looks them up, in codes and without words.

Belongs here: what a reader may see of a row (value or mark), which rows and columns a table has, and their order in
print, which follows the code lists and never the figures.
Does not belong here: reading releases (`report_model.py`), words and digits (`wording.py`), or any arithmetic on
values, except whether rounded parts add up to their exact total, and the quotient of two printed counts.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

import pandas as pd

from expectations.cards import cells
from expectations.cards.areas import level_of
from languages.numbers import as_printed
from reports.released.print_order import rank

PERCENTAGES = ("SHARE", "RELATIVE_GAP")
_DECIMALS = {"RATE": 2, "RATIO": 2}
# SDMX observation status to the mark that a reader sees; other statuses have no mark (A: normal).
_MARKS = {"O": "x", "L": "x", "M": "x", "Q": "c", "P": "p", "B": "b", "R": "r"}
_WITHOUT_VALUE = ("x", "c")
_HALF_PERCENT = 5  # of a share in thousandths, its last digit
_EXACT = "EXACT"
"""Method of a count published unrounded where others of its kind are rounded: it is at least `exact_from`."""
_TOLD = ("obs_status", "disclosure_method", "obs_value")


@dataclass(frozen=True)
class ReleasedCell:
    """One released cell as a reader may see it.

    Attributes:
        value: None if the cell is missing, withheld or not part of the release.
        mark: `x` missing, `c` withheld, `low` rounds to zero, `n` not in this release, `p`, `b`, `r`; empty: none.
        method: how it was protected: `ROUNDED_5`, `EXACT_11`, `DERIVED`, …
        is_share: to be printed as a percentage.
        ratio: the quotient of the printed counts of a share whose released value was rounded to half a percent: rounded
            once more, it would be another percent than that of the counts.
        decimals: to be printed.
        is_frozen: that of an earlier release: late cases may be missing in it, however it was protected.
        lower: lower end of its interval; None without one, or without a value.
        upper: upper end; None also if the interval is open.
    """

    value: float | None
    mark: str = ""
    method: str = ""
    is_share: bool = False
    decimals: int = 0
    lower: float | None = None
    upper: float | None = None
    ratio: float | None = None
    is_frozen: bool = False

    @property
    def standing(self) -> Literal["", "frozen", "exact"]:
        """What every form says beside a figure that is not rounded anew; empty for all others, and without one."""
        if self.value is None or self.mark == "low":
            return ""
        return "frozen" if self.is_frozen else "exact" if self.method.startswith(_EXACT) else ""

    @property
    def value_to_round(self) -> float | None:
        """What every form rounds to print it; a share that was rounded to half a percent would be rounded twice."""
        return self.value if self.ratio is None else self.ratio

    @property
    def printed_value(self) -> float | None:
        """The value as every form prints it: a share in whole per cents, from 0 to 100; None without one."""
        if self.value_to_round is None:
            return None
        return as_printed(self.value_to_round * (100 if self.is_share else 1), self.decimals)

    def at(self, value: float) -> ReleasedCell:
        """Return another value of the same kind: an end of the interval."""
        return ReleasedCell(value, is_share=self.is_share, decimals=self.decimals)


ABSENT = ReleasedCell(None, "n")


@dataclass(frozen=True)
class TableLabel:
    """The subject of a row or column: a kind (`sex`, `area`, `year`, …) and its code; `_T` is the total."""

    kind: str
    code: str

    @property
    def is_total(self) -> bool:
        """Whether it is a total: `_T`, and a region or the country below its governorates."""
        return self.code == cells.TOTAL or (self.kind == "area" and level_of(self.code) != "governorate")


@dataclass(frozen=True)
class ReleasedRow:
    """One printed row: its labels (two for a crossing of two dimensions) and its cells, one for each column."""

    labels: tuple[TableLabel, ...]
    cells: tuple[ReleasedCell, ...]

    @property
    def is_total(self) -> bool:
        """Whether every label is a total."""
        return all(label.is_total for label in self.labels)


@dataclass(frozen=True)
class RowsOfMeasure:
    """The rows of one measure."""

    measure: str
    rows: tuple[ReleasedRow, ...]


@dataclass(frozen=True)
class ReleasedTable:
    """One printed table.

    Attributes:
        id: the same in every language and format, e.g. `four-ps-national-prt-01-sex`.
        dimensions: its breakdown.
        place: the one area that it is about; empty for a table whose rows are areas.
        year: the one year that it is about; empty for a table whose columns are years.
        is_earlier: an earlier year of a table that is printed for the latest one; collapsed on a page.
    """

    id: str
    indicator: str
    dimensions: tuple[str, ...]
    place: str
    year: str
    columns: tuple[TableLabel, ...]
    groups: tuple[RowsOfMeasure, ...]
    is_earlier: bool = False

    @property
    def has_uneven_total(self) -> bool:
        """Whether a printed total is exact and its printed parts, which are rounded, add up to another number."""
        return any(_is_uneven(parts, total) for group in self.groups for parts, total in self._sums(group))

    def _sums(self, group: RowsOfMeasure) -> Iterator[tuple[list[ReleasedCell], ReleasedCell]]:
        """Yield the parts and the total of every column, and of every row, that has a total."""
        by_row = [(row.cells, bool(row.labels) and row.is_total) for row in group.rows]
        by_column = [
            (tuple(row.cells[place] for row in group.rows), column.is_total)
            for place, column in enumerate(self.columns)
        ]
        for lines in (by_row, by_column):
            for total in (line for line, is_total in lines if is_total):
                for place, cell in enumerate(total):
                    yield [line[place] for line, is_total in lines if not is_total], cell


def _is_uneven(parts: Sequence[ReleasedCell], total: ReleasedCell) -> bool:
    values = [cell.value for cell in parts if cell.value is not None]
    is_mixed = total.method.startswith("EXACT") and any(cell.method.startswith("ROUNDED") for cell in parts)
    return is_mixed and len(values) == len(parts) and sum(values) != total.value


def drop_hidden(frame: pd.DataFrame) -> pd.DataFrame:
    """Return released rows without the figure or interval of a cell that has a mark instead, should a release hold one.

    Code that counts rows, compares two releases or looks for the last year reads rows and not cells.
    """
    is_hidden = frame["obs_status"].map(_MARKS).isin(_WITHOUT_VALUE)
    figures = [name for name in ("obs_value", "lower", "upper") if name in frame.columns]
    return frame.assign(**{name: frame[name].mask(is_hidden) for name in figures})


def cells_of(frame: pd.DataFrame) -> dict[tuple[str, ...], ReleasedCell]:
    """Return what a reader may see of each released row, by `expectations.cards.cells.KEY`."""
    columns = [frame[name].tolist() for name in (*cells.KEY, *_TOLD)]
    ends = [frame[name].tolist() if name in frame.columns else [None] * len(frame) for name in ("lower", "upper")]
    width = len(cells.KEY)
    by_key = {
        tuple(map(str, row[:width])): _cell(str(row[1]), *row[width:]) for row in zip(*columns, *ends, strict=True)
    }
    return {key: _mark_as_numerator(key, cell, by_key) for key, cell in by_key.items()}


def with_frozen(
    by_key: Mapping[tuple[str, ...], ReleasedCell], frozen: Mapping[str, Collection[str]]
) -> dict[tuple[str, ...], ReleasedCell]:
    """Return cells of which those know it that show an earlier release.

    Args:
        by_key: as `cells_of` returns them.
        frozen: years to the indicators whose figures are those of an earlier release.
    """
    return {
        key: replace(cell, is_frozen=True) if key[0] in frozen.get(key[3], ()) else cell for key, cell in by_key.items()
    }


def with_ratios(
    by_key: Mapping[tuple[str, ...], ReleasedCell], indicators: Mapping[str, Any]
) -> dict[tuple[str, ...], ReleasedCell]:
    """Return cells in which each share that lies on half a percent has the quotient of its printed counts.

    Args:
        by_key: as `cells_of` returns them.
        indicators: of the manifest: the two counts of each share.
    """
    return {key: _with_ratio(key, cell, by_key, indicators) for key, cell in by_key.items()}


def _with_ratio(
    key: tuple[str, ...],
    cell: ReleasedCell,
    by_key: Mapping[tuple[str, ...], ReleasedCell],
    indicators: Mapping[str, Any],
) -> ReleasedCell:
    indicator, measure, *place = key
    if measure != "SHARE" or cell.value is None or round(cell.value * 1000) % 10 != _HALF_PERCENT:
        return cell
    operands = indicators.get(indicator, {}).get("derived", {}).get(measure, ())
    counts = [by_key.get((*operand.split("/"), *place), ABSENT).value for operand in operands]
    if len(counts) != len(("part", "whole")) or counts[0] is None or not counts[1]:
        return cell
    ratio = counts[0] / counts[1]
    return replace(cell, ratio=ratio) if round(ratio, 3) == round(cell.value, 3) else cell


def _mark_as_numerator(
    key: tuple[str, ...], cell: ReleasedCell, by_key: Mapping[tuple[str, ...], ReleasedCell]
) -> ReleasedCell:
    """Return a share of 0 with the mark of its numerator: if that rounds to zero, so does the share."""
    indicator, measure, *place = key
    if measure != "SHARE" or cell.value != 0:
        return cell
    return replace(cell, mark=by_key.get((indicator, "NUMERATOR", *place), cell).mark)


def tables_of(
    dataset: str, indicator: str, frame: pd.DataFrame, seen: Mapping[tuple[str, ...], ReleasedCell]
) -> list[ReleasedTable]:
    """Return the tables of one indicator: for governorates, areas down; else categories down and years across.

    Args:
        dataset: its name, for the ids.
        indicator: its code.
        frame: its released rows, without areas that have no figure in any year.
        seen: the cells of the release, as `cells_of` returns them.
    """
    cube = _IndicatorRows(dataset, indicator, frame, seen)
    is_by_area = any(level_of(area) == "governorate" for area in sort_codes("area", frame["ref_area"]))
    return list(_tables_by_area(cube) if is_by_area else _tables_by_year(cube))


def breakdowns(frame: pd.DataFrame) -> dict[tuple[str, ...], set[tuple[str, ...]]]:
    """Return the breakdowns of the rows and their categories: the total first, then one dimension, then more."""
    categories: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for row in frame[list(cells.DIMENSIONS)].drop_duplicates().itertuples(index=False, name=None):
        categories.setdefault(breakdown_of(row), set()).add(tuple(str(code) for code in row if code != cells.TOTAL))
    return {dimensions: categories[dimensions] for dimensions in sorted(categories, key=rank_of_breakdown)}


def breakdown_of(codes: Iterable[object]) -> tuple[str, ...]:
    """Return the dimensions in which a row, given its codes in all of them, has one category."""
    return tuple(name for name, code in zip(cells.DIMENSIONS, codes, strict=True) if code != cells.TOTAL)


def rank_of_breakdown(dimensions: Sequence[str]) -> tuple[int, list[int]]:
    """Return the sort key of a breakdown in print: the number of dimensions, then their order."""
    return len(dimensions), [cells.DIMENSIONS.index(name) for name in dimensions]


def sort_codes(kind: str, series: pd.Series) -> list[str]:
    """Return the codes in a column in print order."""
    return sorted((str(code) for code in series.unique()), key=lambda code: rank(kind, code))


@dataclass(frozen=True)
class _IndicatorRows:
    """The rows of one indicator in one release, for lookup."""

    dataset: str
    indicator: str
    frame: pd.DataFrame
    cells: Mapping[tuple[str, ...], ReleasedCell]

    def table(
        self,
        dimensions: tuple[str, ...],
        rows: Sequence[tuple[TableLabel, ...]],
        columns: tuple[TableLabel, ...],
        *,
        place: str = "",
        year: str = "",
        is_earlier: bool = False,
    ) -> ReleasedTable:
        fixed = tuple(TableLabel(kind, code) for kind, code in (("area", place), ("year", year)) if code)
        groups = (
            self._group(measure, rows, columns, fixed) for measure in sort_codes("measure", self.frame["measure"])
        )
        parts = (self.dataset, self.indicator, *dimensions, place if place != "IQ-FED" else "", year)
        name = "-".join(part for part in parts if part).lower().replace("_", "-")
        spoken = tuple(group for group in groups if group.rows)
        return ReleasedTable(name, self.indicator, dimensions, place, year, columns, spoken, is_earlier)

    def _group(
        self,
        measure: str,
        rows: Sequence[tuple[TableLabel, ...]],
        columns: tuple[TableLabel, ...],
        fixed: tuple[TableLabel, ...],
    ) -> RowsOfMeasure:
        table_rows = (
            ReleasedRow(row, tuple(self._cell(measure, (*fixed, *row, column)) for column in columns)) for row in rows
        )
        # a measure that is not broken down this way has no row here
        return RowsOfMeasure(measure, tuple(row for row in table_rows if any(cell is not ABSENT for cell in row.cells)))

    def _cell(self, measure: str, labels: Iterable[TableLabel]) -> ReleasedCell:
        codes = {label.kind: label.code for label in labels}
        dimensions = (codes.get(dimension, cells.TOTAL) for dimension in cells.DIMENSIONS)
        return self.cells.get((self.indicator, measure, codes["area"], codes["year"], *dimensions), ABSENT)


def _tables_by_year(cube: _IndicatorRows) -> Iterator[ReleasedTable]:
    """Yield a table for each area and breakdown: categories down, years across."""
    years = _labels("year", sorted(cube.frame["time_period"].unique()))
    by_area = dict(iter(cube.frame[["ref_area", *cells.DIMENSIONS]].drop_duplicates().groupby("ref_area", sort=False)))
    for area in sort_codes("area", cube.frame["ref_area"]):
        for dimensions, categories in breakdowns(by_area[area]).items():
            rows = [_crossing(dimensions, codes) for codes in _categories(dimensions, categories)]
            yield cube.table(dimensions, rows, years, place=area)


def _tables_by_area(cube: _IndicatorRows) -> Iterator[ReleasedTable]:
    """Yield areas down and years across for totals; for each breakdown areas down, categories across, year by year."""
    years = sorted(cube.frame["time_period"].unique())
    areas = _labels("area", sort_codes("area", cube.frame["ref_area"]))
    categories = breakdowns(cube.frame)
    for dimensions in categories:
        if not dimensions:
            yield cube.table(dimensions, [(area,) for area in areas], _labels("year", years))
            continue
        *outer, last = dimensions
        inner = [_crossing(outer, codes) for codes in _categories(outer, categories.get(tuple(outer), ()))]
        rows = [(area, *labels) for area in areas for labels in inner]
        columns = _labels(last, [codes[0] for codes in _categories([last], categories.get((last,), ()))])
        for year in reversed(years):
            yield cube.table(dimensions, rows, columns, year=year, is_earlier=year != years[-1])


def _labels(kind: str, codes: Iterable[str]) -> tuple[TableLabel, ...]:
    return tuple(TableLabel(kind, code) for code in codes)


def _crossing(dimensions: Iterable[str], codes: Iterable[str]) -> tuple[TableLabel, ...]:
    return tuple(TableLabel(dimension, code) for dimension, code in zip(dimensions, codes, strict=True))


def _cell(measure: str, status: object, method: object, value: Any, *ends: Any) -> ReleasedCell:  # noqa: ANN401 - of a frame
    lower, upper = map(_number, ends)
    return _cell_like(measure, str(status), str(method), _number(value), lower, upper)


@lru_cache(maxsize=8192)  # the 100,000 cells of a report have some 2,000 distinct values
def _cell_like(
    measure: str, status: str, method: str, value: float | None, lower: float | None, upper: float | None
) -> ReleasedCell:
    mark = _MARKS.get(status, "")
    is_share = measure in PERCENTAGES
    # A withheld cell has no value in a release; should one have a value, it still does not reach a reader.
    if mark in _WITHOUT_VALUE or value is None:
        return ReleasedCell(None, mark or "x", method, is_share)
    if value == 0 and method.startswith("ROUNDED"):
        mark = "low"
    return ReleasedCell(value, mark, method, is_share, _DECIMALS.get(measure, 0), lower, upper)


def _number(value: Any) -> float | None:  # noqa: ANN401 - a cell of a frame
    if value is None or value is pd.NA or math.isnan(value):
        return None
    return float(value) + 0.0  # turns -0.0 into 0.0


def _categories(dimensions: Sequence[str], categories: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return the categories of a breakdown in print order, the total last."""
    total = (cells.TOTAL,) * len(dimensions)
    ranked = sorted(categories, key=lambda codes: [rank(d, code) for d, code in zip(dimensions, codes, strict=True)])
    return [*ranked, total] if dimensions else [total]
