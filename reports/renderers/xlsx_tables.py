"""The layout of an edition's table in a sheet: headings, one row a line, marks in place of missing figures.

Belongs here: arranging a `TableBlock` in rows that can be filtered, and texts that a cell can hold.
Does not belong here: writing a file (`workbook.py`), or any figure that the edition does not hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from languages.digits import NUMBERS_TO_LATIN, TO_LATIN
from languages.numbers import as_printed
from reports.editions.edition import Edition, TableBlock, TableRow
from reports.editions.printed_parts import PrintedFigure

LONGEST_NAME = 31
"""Maximum length of a sheet name."""
_YEAR = re.compile(r"[12][0-9]{3}")
_LONGEST_TEXT = 32_000  # a cell holds 32,767 characters
_LONGEST_HEADING = 250  # of a column of a marked-up table: 255
_ISOLATES = re.compile("[\u2066-\u2069]")
_ISOLATED = re.compile("[\u2066-\u2068]([^\u2066-\u2069]*)\u2069")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff]")
_LATIN = re.compile("[A-Za-z]")
_LEFT_TO_RIGHT_MARK = "\u200e"
_UNWRITTEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")  # not allowed in XML, or in a cell

Content = str | PrintedFigure
"""The content of a cell: a text, or a figure whose value is written as a number."""


@dataclass(frozen=True)
class TableGrid:
    """A table as laid out in a sheet.

    Attributes:
        headings: distinct, none empty.
        rows: as wide as the headings; a cell is empty if there is nothing to say.
        bold: numbers of the rows that are totals.
        labels: how many columns of words stand before the figures.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[Content, ...], ...]
    bold: frozenset[int]
    labels: int


@lru_cache(maxsize=4096)  # most cells of a report are equal
def cell_text(text: str) -> str:
    """Return a text as a cell can hold it: the cell has a direction, and opposite text is enclosed in marks.

    LibreOffice puts isolated text at the wrong end of a line; a direction mark on both sides has the intended effect.
    """
    text = _UNWRITTEN.sub("", text)
    if _RIGHT_TO_LEFT.search(text):
        text = _ISOLATED.sub(_hold_with_marks, text)
    text = _ISOLATES.sub("", text)
    return text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…"


def plain_text(text: str) -> str:
    """Return a text without any direction mark: for names of sheets, properties, footers, and comparisons."""
    return _ISOLATES.sub("", _UNWRITTEN.sub("", text)).replace(_LEFT_TO_RIGHT_MARK, "")


def _hold_with_marks(match: re.Match[str]) -> str:
    inner = match[1]
    if _RIGHT_TO_LEFT.search(inner) or not _LATIN.search(inner):
        return inner
    return f"{_LEFT_TO_RIGHT_MARK}{inner}{_LEFT_TO_RIGHT_MARK}"


def content(figure: PrintedFigure) -> Content:
    """Return the content of a cell: the figure, or words or the mark in brackets if nothing is printed.

    A year is a number as well, so that a reader can sort and join by it. A share is shown as its text prints it.
    """
    if figure.is_text:
        year = plain_text(figure.text).translate(TO_LATIN)
        if _YEAR.fullmatch(year):
            return figure.model_copy(update={"value": float(year)})
    elif figure.value is not None and figure.text:
        return _as_printed(figure, figure.value) if figure.is_share else figure
    return cell_text(figure.text) or mark(figure)


def _as_printed(share: PrintedFigure, released: float) -> PrintedFigure:
    """Return a share with the value that a number format shows as its text.

    That is the released one, but for a share released on half a percent, of which the text has rounded the counts.
    """
    percent = int(plain_text(share.text).translate(NUMBERS_TO_LATIN).rstrip("%"))
    return share if as_printed(released * 100) == percent else share.model_copy(update={"value": percent / 100})


def mark(figure: PrintedFigure) -> str:
    """Return the mark as printed, and the word beside an exact or frozen figure; empty for neither."""
    return " ".join(part for part in (figure.sign, figure.standing) if part)


def grid(table: TableBlock, labels: dict[str, str]) -> TableGrid:
    """Return a table as laid out in its own sheet.

    The measure is a column of its own if the table has more than one, or a name for it. If a figure has a mark, the
    marks of its column stand in a column beside it, so that the figures stay numbers.
    """
    has_measure = any(group.heading for group in table.groups)
    with_mark = {
        place
        for group in table.groups
        for row in group.rows
        for place, figure in enumerate(row.cells)
        if mark(figure) and isinstance(content(figure), PrintedFigure)
    }
    heads = [labels["sheet_measure"]] if has_measure else []
    heads.append(table.row_heading)
    for place, column in enumerate(table.columns):
        heads.append(column.text)
        if place in with_mark:
            heads.append(f"{column.text} – {labels['sheet_mark']}")
    lines = [(group.heading, row) for group in table.groups for row in group.rows]
    return TableGrid(
        tuple(unique_texts(heads)),
        tuple(tuple(_line(heading, row, has_measure, with_mark)) for heading, row in lines),
        frozenset(number for number, (_, row) in enumerate(lines) if row.is_total),
        2 if has_measure else 1,
    )


def _line(heading: str, row: TableRow, has_measure: bool, with_mark: set[int]) -> Iterator[Content]:
    if has_measure:
        yield cell_text(heading)
    yield cell_text(row.label)
    for place, figure in enumerate(row.cells):
        yield content(figure)
        if place in with_mark:
            yield mark(figure)


def long_headings(labels: dict[str, str]) -> list[str]:
    """Return the headings of the sheet that holds every table, one figure a line."""
    names = ("table", "title", "unit", "period", "measure", "row", "column", "figure", "lower", "upper", "mark")
    return [labels[f"sheet_{name}"] for name in names]


def long_lines(table: TableBlock) -> Iterator[tuple[Content, ...]]:
    """Yield each figure of a table on a line of its own, with everything that identifies it."""
    about = [_year_or(text) for text in (table.id, table.caption, table.unit, table.earlier)]
    for group in table.groups:
        for row in group.rows:
            for column, figure in zip(table.columns, row.cells, strict=True):
                place = [_year_or(text) for text in (group.heading, row.label, column.text)]
                ends = [_end(figure, end) for end in (figure.lower, figure.upper)]
                yield (*about, *place, content(figure), *ends, mark(figure))


@lru_cache(maxsize=4096)  # a table's labels are repeated for each figure
def _year_or(text: str) -> Content:
    """Return a label beside a figure: a year is always a number."""
    return content(PrintedFigure(text=text, is_text=True))


def _end(figure: PrintedFigure, end: float | None) -> Content:
    """Return one end of an interval, in the format of its figure; empty for none."""
    return "" if end is None else figure.model_copy(update={"value": end, "text": str(end), "mark": "", "standing": ""})


def unique_texts(texts: Iterable[str], longest: int = _LONGEST_HEADING) -> list[str]:
    """Return distinct texts, ignoring case; a repeated one is numbered."""
    seen: set[str] = set()
    return [unlike_text(text, seen, longest) for text in texts]


def unlike_text(text: str, seen: set[str], longest: int) -> str:
    """Return a text that differs from all those seen, ignoring case, and add it to them."""
    base = " ".join(cell_text(text).split()) or "–"
    name, number = _whole_words(base, longest), 1
    while name.lower() in seen:
        number += 1
        tail = f" ({number})"
        name = _whole_words(base, longest - len(tail)) + tail
    seen.add(name.lower())
    return name


def marks_in(tables: Iterable[TableBlock]) -> set[str]:
    """Return the marks in brackets that tables carry, as printed."""
    return {
        figure.sign
        for table in tables
        for group in table.groups
        for row in group.rows
        for figure in row.cells
        if figure.mark
    }


def sheet_name(text: str) -> str:
    r"""Return a text as the name of a sheet: the words that fit, without `[]:*?/\` and an apostrophe at either end."""
    return _whole_words(re.sub(r"[\[\]:*?/\\\s]+", " ", plain_text(text)).strip(" '"), LONGEST_NAME).strip(" '")


@dataclass(frozen=True)
class TableInPlace:
    """A table with the title of its chapter and the code of its indicator, empty for a table of several."""

    chapter: str
    code: str
    table: TableBlock

    @property
    def sheet_name(self) -> str:
        """Its sheet name: its code, its short name, its year."""
        name = self.table.sheet or (self.table.row_heading if self.code else self.chapter)
        return " ".join(text for text in (self.code, name, self.table.earlier) if text)


def _whole_words(text: str, longest: int) -> str:
    """Return the first words of a text, as many as fit; a single word that is too long is cut."""
    words = text[: longest + 1].rsplit(" ", 1)[0] if len(text) > longest else text
    return words[:longest].rstrip(" ,،")


def tables_in_place(edition: Edition) -> Iterator[TableInPlace]:
    """Yield every table in reading order."""
    for chapter in edition.chapters:
        for section in chapter.walk():
            for block in section.blocks:
                if isinstance(block, TableBlock):
                    yield TableInPlace(section.title, section.code, block)
