"""The tables of every form, cell by cell, each cell with the address in the release that its own words give it.

Belongs here: pages, workbook, explorer and edition as tables, and the address by the id of a table, its headings and
the labels of the release. Does not belong here: what a cell should say (`../../end_to_end/test_forms_read_back.py`).
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from html.parser import HTMLParser
from typing import Any, NamedTuple

import openpyxl

from tests.reports.read_back.printed_numbers import PrintedFigure, PrintedNumber, figure_in, plain
from tests.reports.read_back.released_cells import ALL, DIMENSIONS, Address, ReleasedFigures

_TABLE_ID = re.compile(r"([a-z-]+?)-([a-z]{3}-\d\d)((?:-[a-z]+)*?)(-iq|-iq-kr)?(-\d{4})?")
_BETWEEN_CODES = " · "


class TableCell(NamedTuple):
    """A cell of a printed table: the id of the table, its period, and the words that lead to the cell."""

    table: str
    period: str
    group: str
    row: str
    column: str
    figure: PrintedFigure


@dataclass(frozen=True)
class PrintedCell:
    """A cell of a form with its address; `where` is for the message of a test."""

    where: str
    address: Address
    figure: PrintedFigure


class Resolver:
    """Finds the address of a cell by the words of one language."""

    def __init__(self, released: ReleasedFigures, tag: str) -> None:
        self._released = released
        self._labels = {dataset: labels for (dataset, known), labels in released.labels.items() if known == tag}
        self._totals = {
            word
            for labels in self._labels.values()
            for column in labels.codes.values()
            for word, codes in column.items()
            if ALL in codes
        }

    def place(self, form: str, cell: TableCell) -> PrintedCell | None:
        """Return a cell with its address; none where its table has no id of an indicator.

        Raises:
            LookupError: A word of the table is no label of the release.
        """
        found = _TABLE_ID.fullmatch(cell.table)
        dataset = found[1].replace("-", "_") if found else ""
        if not found or dataset not in self._labels:
            return None
        indicator, is_of_places = found[2].upper(), "governorate" in dataset
        dimensions = _dimensions(found[3])
        measure = self._measure(dataset, indicator, cell, has_rows_of_codes=bool(dimensions) or is_of_places)
        by_year = re.fullmatch(r"\d{4}", cell.column) is not None
        year = cell.column if by_year else (found[5] or "")[1:] or cell.period
        words = _words_for_codes(cell, is_of_places=is_of_places, by_year=by_year) if dimensions else []
        if len(words) not in (len(dimensions), 1):
            raise LookupError(f"{form} {cell}")
        if cell.row in self._totals and words == [cell.row]:
            words = [cell.row] * len(dimensions)
        code = partial(self._code, dataset, indicator)
        area = code("ref_area", cell.row) if is_of_places else (found[4] or "-iq-fed")[1:].upper()
        chosen = {name: code(name, word) for name, word in zip(dimensions, words, strict=True)}
        where = f"{form} {cell.table}: {cell.group} / {cell.row} / {cell.column}"
        codes = tuple(chosen.get(name, ALL) for name in DIMENSIONS)
        return PrintedCell(where, Address(dataset, indicator, measure, area, year, codes), cell.figure)

    def _measure(self, dataset: str, indicator: str, cell: TableCell, *, has_rows_of_codes: bool) -> str:
        measures = self._released.measures[dataset, indicator]
        label = cell.group if has_rows_of_codes else cell.row
        if has_rows_of_codes and not label:
            (only,) = measures
            return only
        for labels in self._labels.values():
            if (indicator, label) in labels.measures:
                return labels.measures[indicator, label]
        (only,) = self._labels[dataset].codes["measure"].get(label, ())
        return only

    def _code(self, dataset: str, indicator: str, column: str, word: str) -> str:
        known = self._labels[dataset].codes.get(column, {}).get(word, frozenset())
        found = known & self._released.codes[dataset, indicator, column]
        if len(found) != 1:
            raise LookupError(f"{column} of {dataset} {indicator} has no label {word!r}")
        return next(iter(found))


def cells_of_page(data: bytes) -> Iterator[TableCell]:
    """Yield the cells of every table of a page that has an id."""
    reader = _PageTables()
    reader.feed(data.decode("utf-8"))
    for table_id, rows in reader.tables:
        if not table_id or not rows:
            continue
        columns, group = [text for _, text in rows[0]][1:], ""
        for row in rows[1:]:
            head, *cells = row
            if not cells:
                group = plain(head[1]) if head[0] == "th" else group
                continue
            for column, (_, text) in zip(columns, cells, strict=True):
                yield TableCell(table_id, "", group, plain(head[1]), plain(column), figure_in(text))


def cells_of_workbook(data: bytes) -> Iterator[TableCell]:
    """Yield the lines of the sheet that holds each figure on a line of its own, as a spreadsheet shows them."""
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    for row in book.worksheets[3].iter_rows(min_row=5):
        table, _, _, period, group, label, column, figure, lower, upper = row[:10]
        ends = [_shown(end.value, figure.number_format) for end in (lower, upper)]
        interval = (ends[0], ends[1]) if ends[0] and ends[1] else None
        yield TableCell(
            str(table.value), _text(period.value), _text(group.value), _text(label.value), _text(column.value),
            PrintedFigure(_shown(figure.value, figure.number_format), interval),
        )  # fmt: skip


def cells_of_sheets(data: bytes) -> Iterator[TableCell]:
    """Yield the cells of the sheets of one table each: their ids stand in the sheet of contents."""
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    contents = {_text(row[0]): str(row[4]) for row in book.worksheets[1].iter_rows(values_only=True) if row[4]}
    for sheet in book.worksheets[4:]:
        yield from _cells_of_sheet(contents.get(plain(sheet.title), ""), list(sheet.iter_rows()))


def cells_of_explorer(data: bytes, released: ReleasedFigures) -> Iterator[PrintedCell]:
    """Yield the cells that an explorer was given: they name their codes themselves."""
    cube = cube_of(data)
    for subject in cube["subjects"]:
        for breakdown in subject["breakdowns"]:
            for measure_at, place_at, codes, told in breakdown["rows"]:
                measure = subject["measures"][measure_at]
                chosen = dict(zip(breakdown["dimensions"], codes, strict=True))
                at = tuple(chosen.get(name, ALL) for name in DIMENSIONS)
                for year, cell in zip(cube["years"], _each(told, len(cube["years"])), strict=True):
                    address = Address(
                        subject["dataset"], subject["code"], measure["code"], subject["places"][place_at], year, at
                    )
                    if address in released.cells:
                        yield PrintedCell(f"explorer {address}", address, _explored(cell, is_share=measure["isShare"]))


def cube_of(data: bytes) -> dict[str, Any]:
    """Return the data of an explorer."""
    (cube,) = re.findall(r'<script id="cube" type="application/json">(.*?)</script>', data.decode("utf-8"), re.DOTALL)
    return json.loads(cube)


def cells_of_edition(data: bytes) -> Iterator[TableCell]:
    """Yield the cells of every table of an edition."""
    for block in blocks_of(json.loads(data)):
        for group in block["groups"]:
            for row in group["rows"]:
                for column, cell in zip(block["columns"], row["cells"], strict=True):
                    if not cell["is_text"]:
                        text = f"{cell['text']} ({cell['interval']})" if cell["interval"] else cell["text"]
                        words = (plain(part) for part in (group["heading"], row["label"], column["text"]))
                        yield TableCell(block["id"], "", *words, figure_in(text))


def blocks_of(part: object) -> Iterator[dict[str, Any]]:
    """Yield every table of an edition, or of a part of it."""
    if isinstance(part, dict):
        if part.get("kind") == "table":
            yield part
        for inner in part.values():
            yield from blocks_of(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from blocks_of(inner)


def _dimensions(told: str) -> list[str]:
    names = told.strip("-").replace("cust-breakdown", "cust_breakdown").split("-")
    return [name for name in names if name]


def _words_for_codes(cell: TableCell, *, is_of_places: bool, by_year: bool) -> list[str]:
    """Return the words of a cell that name categories: its row, or its column where the rows are governorates."""
    if is_of_places:
        return [] if by_year else [cell.column]
    return cell.row.split(_BETWEEN_CODES)


def _text(value: object) -> str:
    return "" if value is None else plain(str(value))


def _shown(value: object, number_format: str) -> PrintedNumber | None:
    """Return a number as a spreadsheet shows it by its format: per cent, and as many decimals as the format has."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    is_percent = number_format.endswith("%")
    places = len(number_format.rstrip("%").partition(".")[2])
    shown = Decimal(repr(value)) * (100 if is_percent else 1)
    return PrintedNumber(shown.quantize(Decimal(1).scaleb(-places), "ROUND_HALF_UP"), is_percent)


def _cells_of_sheet(table: str, rows: Sequence[Sequence[Any]]) -> Iterator[TableCell]:
    heading: list[str] = []
    for row in rows:
        texts = [_text(cell.value) for cell in row]
        if not heading:
            heading = texts if len([text for text in texts if text]) > 2 else []
            continue
        figures = [place for place, cell in enumerate(row) if place and _is_figure(cell.value)]
        if not figures:
            continue
        labels = texts[: figures[0]]
        group, label = ("", labels[0]) if len(labels) == 1 else (labels[0], labels[-1])
        for place in range(figures[0], len(heading)):
            is_of_marks = heading[place].startswith(f"{heading[place - 1]} – ")
            if place < len(row) and row[place].value is not None and not is_of_marks:
                figure = PrintedFigure(_shown(row[place].value, row[place].number_format))
                yield TableCell(table, "", group, label, heading[place], figure)


def _is_figure(value: object) -> bool:
    return isinstance(value, int | float) or bool(re.fullmatch(r"\[\w+\]", str(value)))


def _each(told: str | list[Any], years: int) -> list[Any]:
    return [told] * years if isinstance(told, str) else told


def _explored(cell: Any, *, is_share: bool) -> PrintedFigure:  # noqa: ANN401 - a mark, a number, or both
    found = cell[0] if isinstance(cell, list) else cell
    if not isinstance(found, int | float):
        return PrintedFigure(None)
    number = Decimal(repr(found))
    whole = number.quantize(Decimal(1)) if number == number.to_integral_value() else number
    return PrintedFigure(PrintedNumber(whole, is_share))


class _PageTables(HTMLParser):
    """Tables of a page: each row a list of (tag, text); a row of a group has one cell."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[tuple[str, list[list[tuple[str, str]]]]] = []
        self._in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, a row or a cell; called by the parser."""
        if tag == "table":
            self.tables.append((dict(attrs).get("id") or "", []))
        if tag == "tr" and self.tables:
            self.tables[-1][1].append([])
        if tag in ("table", "caption", "thead", "tbody", "tr"):
            self._in_cell = False
        if tag in ("th", "td"):
            self.tables[-1][1][-1].append((tag, ""))
            self._in_cell = True

    def handle_endtag(self, tag: str) -> None:
        """End a table or a cell; called by the parser."""
        if tag in ("table", "th", "td"):
            self._in_cell = False

    def handle_data(self, data: str) -> None:
        """Add to the cell that is open; called by the parser."""
        if self._in_cell:
            row = self.tables[-1][1][-1]
            row[-1] = (row[-1][0], f"{row[-1][1]}{data}".strip())
