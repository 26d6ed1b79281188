"""What a reader finds in the files of a report: its tables, the cells of its explorer, its texts, in plain digits.

Belongs here: reading every form but the letters of the printed one (`printed_text.py`), as it lies in its file.
Does not belong here: what an attacker makes of it (`printed_attacks.py`), or places that no reader sees
(`expectations/gate/text_in_files.py`).
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import openpyxl
from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from expectations.cards.cells import DIMENSIONS, TOTAL
from expectations.gate.text_in_files import file_texts
from reports.publishing.issue_report import EXPLORER, WORKBOOK
from tests.expectations.gate.numbers_in_text import normalise_text

Key = tuple[str, ...]
Told = tuple[float | None, str]
Files = Mapping[str, bytes]
FIGURE = re.compile(r"[\d.,]+%?")
MARK = re.compile(r"\[\w+\]|[<≤]\s*\d+|\*+")
COUNTS = "law-28-counts"
"""Id of the table that counts the duties of the law by their answer: they stand for no person."""
_COUNTS_ON_PAGE = re.compile(rf'<table id="{COUNTS}">.*?</table>'.encode(), re.DOTALL)
_DRAWN_BY = ("layouts", "specifications", "locale")  # of the data of the explorer: how drawings look


@dataclass(frozen=True)
class Grid:
    """A table as a reader sees it: its headings without years, and each row label (with its group) with its cells.

    Pages and the workbook give it the id of the edition; the sheet of all figures is `everything`.
    """

    file: str
    heading: str
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    table: str = ""


def grids(files: Files) -> Iterator[Grid]:
    """Yield every table of every form but the printed one."""
    for name, data in files.items():
        if name == EXPLORER:
            yield from _explored(name, data)
        elif name.endswith(".html"):
            yield from _page(name, data)
        elif name == WORKBOOK:
            yield from _sheets(name, data)
        elif name.endswith(".svg"):
            drawn = (one.text for one in file_texts(name, data) if one.place == "svg/text")
            yield Grid(name, "", (("", tuple(normalise_text(text) for text in drawn)),))
        elif name.startswith("charts/") and name.endswith(".csv"):
            heading, *lines = csv.reader(io.StringIO(data.decode("utf-8")))
            width = 1 if heading[0] == "code" else 2
            rows = ((" ".join(line[:width]), tuple(line[width:])) for line in lines)
            yield Grid(name, " ".join(heading), tuple(rows))


def cube(page: bytes) -> dict[str, Any]:
    """Return the data of an explorer."""
    (data,) = re.findall(r'<script id="cube" type="application/json">(.*?)</script>', page.decode("utf-8"), re.DOTALL)
    return json.loads(data)


def cells(page: bytes, dataset: str) -> dict[Key, Told]:
    """Return value and mark of each cell of a dataset in an explorer, by `expectations.cards.cells.KEY`."""
    data = cube(page)
    found: dict[Key, Told] = {}
    for subject in (one for one in data["subjects"] if one["dataset"] == dataset):
        for breakdown in subject["breakdowns"]:
            for measure, place, codes, told in breakdown["rows"]:
                known = dict(zip(breakdown["dimensions"], codes, strict=True))
                at = (known.get(name, TOTAL) for name in DIMENSIONS)
                head = (subject["code"], subject["measures"][measure]["code"], subject["places"][place])
                rest = tuple(at)
                for year, cell in zip(data["years"], each(told, data["years"]), strict=True):
                    found[(*head, year, *rest)] = cell
    return found


def each(told: str | list[Any], years: Sequence[str]) -> Iterator[Told]:
    for one in [told] * len(years) if isinstance(told, str) else told:
        if isinstance(one, str):
            yield None, one
        else:
            value, mark = one if isinstance(one, list) else (one, "")
            yield float(value), mark


def is_picture(table: bytes) -> bool:
    """Whether the table beside a drawing is that of a picture, which has no scale of years."""
    return table.startswith(b"row,")


def beside(table: bytes) -> list[float]:
    """Return the figures of the table in the file beside a chart."""
    return [float(line["value"]) for line in csv.DictReader(io.StringIO(table.decode("utf-8"))) if line["value"]]


def texts(name: str, data: bytes) -> Iterator[str]:
    """The texts of a file, without what other attacks read.

    Those are scales, the cells of an explorer, names of sheets, how many duties have one answer, keys of articles.
    """
    if name == EXPLORER:
        content = {key: part for key, part in cube(data).items() if key not in _DRAWN_BY}
        found = file_texts("data.json", json.dumps(content).encode())
        yield from (_whole(one.text) for one in found if "rows" not in one.place and "levels" not in one.place)
    elif name == WORKBOOK:
        names = openpyxl.load_workbook(io.BytesIO(data), read_only=True).sheetnames
        rows = (line for grid in _sheets(name, data) if grid.table != COUNTS for line in grid.rows)
        cells_of = (text for label, row in rows if not label.startswith(COUNTS) for text in (label, *row))
        yield from (_beside_names(text, names) for text in cells_of if text not in names)
    elif not name.endswith(".png"):
        is_chart = name.endswith((".html", ".svg")) and not name.endswith("-map.svg")
        all_texts = file_texts(name, _without_counts(name, data))
        found = [one for one in all_texts if not one.is_hidden and not one.place.endswith("annotation")]
        yield from (_whole(one.text) for one in found if not (is_chart and one.place.startswith("svg/")))


def _without_counts(name: str, data: bytes) -> bytes:
    """A page or an edition without the table that counts duties; an edition without the keys of articles too."""
    if name != "edition.json":
        return _COUNTS_ON_PAGE.sub(b"", data) if name.endswith(".html") else data
    content = json.loads(data, object_hook=lambda part: {} if part.get("id") == COUNTS else part)
    del content["monitor"]["counts"]
    for article in content["monitor"]["articles"]:
        del article["key"]
    return json.dumps(content).encode()


_TABLE_ID = re.compile(r" [a-z0-9]+(-[a-z0-9]+)+$")


def _beside_names(text: str, names: Sequence[str]) -> str:
    """A line of the contents, which ends with the id of a table, without the name of the sheet that it leads to."""
    if not _TABLE_ID.search(text):
        return text
    begun = max((name for name in names if text.startswith(f"{name} ")), key=len, default="")
    return text[len(begun) :]


def _whole(text: str) -> str:
    """A number of a JSON document as it is printed: `360.0` is 360."""
    return text.removesuffix(".0") if re.fullmatch(r"\d+\.0", text) else text


def _explored(name: str, data: bytes) -> Iterator[Grid]:
    content = cube(data)
    for subject in content["subjects"]:
        for breakdown in subject["breakdowns"]:
            rows = (
                (f"{subject['places'][place]} {' '.join(codes)}", tuple(_printed(told, content["years"])))
                for _, place, codes, told in breakdown["rows"]
            )
            yield Grid(name, " ".join(breakdown["dimensions"]), tuple(rows))


def _printed(told: str | list[Any], years: Sequence[str]) -> Iterator[str]:
    for value, mark in each(told, years):
        yield f"[{mark}]" if value is None else f"{value:.10g}"


def _sheets(name: str, data: bytes) -> Iterator[Grid]:
    """The marked-up tables of a workbook; its labels are the columns before the first that holds a number."""
    for sheet in openpyxl.load_workbook(io.BytesIO(data)).worksheets:
        for table in sheet.tables.values():
            lines = [[_said(value) for value in row] for row in _rows(sheet, str(table.ref))]
            heading, *rows = lines
            numbers = (place for place in range(len(heading)) if any(_is_figure(row[place]) for row in rows))
            width = next(numbers, len(heading))
            cells_by_row = tuple((" ".join(row[:width]), tuple(row[width:])) for row in rows)
            table_id = str(table.name).removeprefix("table_").replace("_", "-")
            yield Grid(name, _words(heading), cells_by_row, table_id)


def _rows(sheet: Worksheet, where: str) -> Iterator[tuple[object, ...]]:
    left, top, right, bottom = range_boundaries(where)
    yield from sheet.iter_rows(min_col=left, min_row=top, max_col=right, max_row=bottom, values_only=True)


def _said(value: object) -> str:
    return f"{value:.10g}" if isinstance(value, int | float) else str(value)


def _is_figure(text: str) -> bool:
    return bool(FIGURE.fullmatch(normalise_text(text)) or MARK.fullmatch(text))


def _page(name: str, data: bytes) -> Iterator[Grid]:
    parser = _Tables()
    parser.feed(data.decode("utf-8"))
    for table_id, lines in zip(parser.ids, parser.tables, strict=True):
        if lines:
            heading, *rows = lines
            yield Grid(name, _words(heading), tuple(_grouped(rows)), table_id)


def _grouped(lines: Iterable[Sequence[str]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    group = ""
    for label, *told in (line for line in lines if line):
        if told:
            yield f"{group} {label}".strip(), tuple(told)
        group = group if told else label


def _words(headings: Iterable[str]) -> str:
    return " ".join(text for text in headings if not FIGURE.fullmatch(normalise_text(text)))


class _Tables(HTMLParser):
    """The tables of a page as lists of rows, in plain digits."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.ids: list[str] = []
        self._is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, a row or a cell; called by the parser."""
        if tag == "table":
            self.tables.append([])
            self.ids.append(dict(attrs).get("id") or "")
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("th", "td"):
            self.tables[-1][-1].append("")
        self._is_inside = self._is_inside or tag in ("th", "td")
        if tag in ("table", "caption", "tr"):
            self._is_inside = False

    def handle_endtag(self, tag: str) -> None:
        """End a table; called by the parser."""
        if tag in ("table", "thead"):
            self._is_inside = False

    def handle_data(self, data: str) -> None:
        """Add to the cell that is open; called by the parser."""
        if self._is_inside:
            self.tables[-1][-1][-1] = f"{self.tables[-1][-1][-1]}{normalise_text(data)}".strip()
