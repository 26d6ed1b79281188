"""The workbook of an edition for statisticians: cover, contents, notes, one table a sheet, one sheet of all figures.

Belongs here: sheets, formats, links and the file. It follows the guidance of the UK Government Analysis Function,
"Releasing statistics in spreadsheets": each sheet starts in column A with a title, and has one marked-up table without
merged or hidden cells; figures, years and intervals are numbers, and marks in brackets are explained where they stand.
One sheet holds every figure, one a line; a cell is empty if there is nothing to say.
Does not belong here: what a table holds (the edition), its layout in a sheet (`xlsx_tables.py`), charts: readers of a
workbook make their own.
"""

from __future__ import annotations

import datetime
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from languages.spreadsheet_text import WORKBOOK_OPTIONS
from reports.editions.edition import DefinedTerm, Edition, ItemList, Paragraph, TableBlock, TermList
from reports.editions.printed_parts import PrintedFigure
from reports.renderers.workbook_language import with_language
from reports.renderers.xlsx_tables import (
    LONGEST_NAME,
    Content,
    TableInPlace,
    cell_text,
    grid,
    long_headings,
    long_lines,
    marks_in,
    plain_text,
    sheet_name,
    tables_in_place,
    unique_texts,
    unlike_text,
)

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

MOST_SHEETS = 250
"""In a workbook with more, tables of earlier years have no sheet of their own; the sheet of every figure has them."""

_LEFT_TO_RIGHT_MARK = "\u200e"
_NO_DAY = datetime.datetime(1980, 1, 1)  # no clock in the file: one edition gives one file
_A4 = 9
_LABEL_WIDTHS, _FIGURE_WIDTHS = (16, 52), (11, 26)
_MOST_FROZEN_LINES = 14  # above a table; more would leave no space to scroll
_BANNER, _PAPER = "#FFE9A8", "#FFFFFF"
_RESERVED = ("history",)  # a name reserved by Excel
_FOOTER = 110  # a footer holds 255 characters, and an `&` is written twice
_LONGEST_TABLE_NAME = 200
_LONG_HEAD = 3  # row of the long sheet's heading: below its title, an explanation and a link


@dataclass(frozen=True)
class _PlacedTable:
    """A table with the sheet and the row (from 1) where it starts."""

    table: TableBlock
    chapter: str
    sheet: str
    row: int = 1


class _SheetNames(NamedTuple):
    """The names of the sheets: those in front, and that of each table with a sheet of its own, by its id."""

    cover: str
    contents: str
    notes: str
    everything: str
    of_table: Mapping[str, str]


@dataclass(frozen=True)
class _NoteLine:
    """A line of the notes: its section, its subject, and its text."""

    place: str
    about: str
    text: str


def render(edition: Edition) -> bytes:
    """Return the workbook (.xlsx) of an edition; the same edition gives the same bytes.

    Labels of the edition that it prints: `contents`, `notes`, `answer_…`, `sheet_…`.
    """
    from xlsxwriter import Workbook  # late: most commands write no workbook

    stream = io.BytesIO()
    looks = {"font_name": "Arial", "font_size": 12}
    with Workbook(stream, {**WORKBOOK_OPTIONS, "default_format_properties": looks}) as book:
        _WorkbookWriter(edition, book).write()
    return with_language(stream.getvalue(), edition.language)


def sheets_of_tables(edition: Edition) -> Mapping[str, str]:
    """Return the name of the sheet of each table that has one of its own, by the id of the table."""
    return _name_sheets(edition, _all_tables(edition)).of_table


def properties(edition: Edition) -> set[str]:
    """Return the document properties of the workbook."""
    texts = (edition.title, edition.subtitle, edition.publisher, edition.footer)
    return {*map(plain_text, texts), edition.language, f"{_creation_day(edition.date).isoformat()}Z"}


@dataclass
class _WorkbookWriter:
    """Writes one edition into one open workbook."""

    edition: Edition
    book: Workbook
    _looks: dict[tuple[tuple[str, str | float], ...], Format] = field(default_factory=dict[Any, Any])
    _cell_looks: dict[tuple[str, bool, bool], Format] = field(default_factory=dict[Any, Any])
    _names: set[str] = field(default_factory=set[str])

    def write(self) -> None:
        """Write all sheets in reading order."""
        self._write_properties()
        all_tables = _all_tables(self.edition)
        cover, contents, notes, everything, sheet_of = _name_sheets(self.edition, all_tables)
        long = list(_rows_of(all_tables, everything, _LONG_HEAD + 2))
        placed = [
            _PlacedTable(long_table.table, long_table.chapter, sheet_of[long_table.table.id])
            if long_table.table.id in sheet_of
            else long_table
            for long_table in long
        ]
        self._write_cover(self._add_sheet(cover))
        self._write_contents(self._add_sheet(contents), placed, everything)
        self._write_notes(self._add_sheet(notes), contents)
        self._write_long_sheet(
            self._add_sheet(everything), [table_in_place.table for table_in_place in all_tables], contents
        )
        for placed_table in placed:
            if placed_table.table.id in sheet_of:
                self._write_table(self._add_sheet(placed_table.sheet), placed_table, contents, notes)

    @cached_property
    def _marks(self) -> Mapping[str, str]:
        return _marks(self.edition)

    def _write_properties(self) -> None:
        edition = self.edition
        self.book.set_properties(
            {
                "title": plain_text(edition.title),
                "subject": plain_text(edition.subtitle),
                "author": plain_text(edition.publisher),
                "company": plain_text(edition.publisher),
                "comments": plain_text(edition.footer),
                "created": _creation_day(edition.date),
            }
        )

    def _text_format(self, **changes: str | float) -> Format:
        """Return a format: texts run in the direction of their language, whatever their first letter is."""
        base = {"valign": "top", "reading_order": 2 if self.edition.direction == "rtl" else 1}
        key = tuple(sorted(changes.items()))
        if key not in self._looks:
            self._looks[key] = self.book.add_format(base | changes)
        return self._looks[key]

    def _add_sheet(self, name: str) -> Worksheet:
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        title, footer = (
            cell_text(text)[:_FOOTER].replace("&", "&&") for text in (self.edition.title, self.edition.footer)
        )
        sheet.set_header(f"&C{title}")
        sheet.set_footer(f"&L{footer}&R&P / &N")
        if self.edition.direction == "rtl":
            sheet.right_to_left()
        return sheet

    def _write_cover(self, sheet: Worksheet) -> None:
        edition, labels = self.edition, self.edition.labels
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 90)
        sheet.write_string(0, 0, cell_text(edition.title), self._text_format(bold=True, font_size=18))
        about = [
            ("sheet_period", edition.subtitle),
            *(("sheet_banner", banner.text) for banner in edition.banners),
            *_answers(edition),
            ("sheet_publisher", edition.publisher),
            ("sheet_date", edition.date),
            ("sheet_version", edition.report),
            ("sheet_contact", edition.contact),
            ("sheet_about", labels["sheet_reading"]),
        ]
        for row, (label, text) in enumerate(((label, text) for label, text in about if text), start=1):
            is_banner = label == "sheet_banner"
            look = self._text_format(text_wrap=True, bold=is_banner, bg_color=_BANNER if is_banner else _PAPER)
            sheet.write_string(row, 0, cell_text(labels[label]), self._text_format(bold=True, text_wrap=True))
            sheet.write_string(row, 1, cell_text(text), look)

    def _write_contents(self, sheet: Worksheet, placed: Sequence[_PlacedTable], everything: str) -> None:
        labels = self.edition.labels
        self._write_head(sheet, [labels["contents"], labels["sheet_one_table"]])
        self._write_link(sheet, 2, everything, 1, labels["sheet_all"])
        heads = [labels[f"sheet_{name}"] for name in ("sheet", "title", "unit", "chapter", "table")]
        lines = [
            tuple(cell_text(text) for text in (t.caption, t.unit, listed_table.chapter, t.id))
            for listed_table in placed
            for t in (listed_table.table,)
        ]
        self._mark_up_table(
            sheet,
            3,
            heads,
            [(listed_table.sheet, *line) for listed_table, line in zip(placed, lines, strict=True)],
            "contents",
        )
        sheet.freeze_panes(4, 1)
        for row, placed_table in enumerate(placed, start=4):
            self._write_link(sheet, row, placed_table.sheet, placed_table.row, placed_table.sheet)
        for column, width in enumerate((30, 76, 20, 36, 48)):
            sheet.set_column(column, column, width)

    def _write_notes(self, sheet: Worksheet, contents: str) -> None:
        labels = self.edition.labels
        self._write_head(sheet, [labels["notes"], labels["sheet_one_table"]])
        self._write_link(sheet, 2, contents, 1, labels["contents"])
        heads = [labels[f"sheet_{name}"] for name in ("chapter", "term", "text")]
        lines = [
            tuple(cell_text(text) for text in (note.place, note.about, note.text)) for note in _notes(self.edition)
        ]
        self._mark_up_table(sheet, 3, heads, lines, "notes")
        for column, width in enumerate((34, 34, 100)):
            sheet.set_column(column, column, width)

    def _write_table(self, sheet: Worksheet, placed_table: _PlacedTable, contents: str, notes: str) -> None:
        edition, table, labels = self.edition, placed_table.table, self.edition.labels
        table_grid = grid(table, labels)
        widths = _widths(table_grid.headings, table_grid.rows, table_grid.labels)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        texts = [
            table.caption,
            *([f"{labels['sheet_unit']}: {table.unit}"] if table.unit else []),
            *_explain_marks(self._marks, table),
            *table.notes,
            f"{labels['sheet_source']}: {edition.publisher} – {edition.title}",
        ]
        lines = self._write_head(sheet, texts, sum(widths), widths[0])
        self._write_link(sheet, len(texts), contents, 1, labels["contents"])
        self._write_link(sheet, len(texts) + 1, notes, 1, labels["notes"])
        head = len(texts) + 2
        self._mark_up_table(
            sheet, head, table_grid.headings, table_grid.rows, table.id, bold=table_grid.bold, labels=table_grid.labels
        )
        sheet.freeze_panes(head + 1 if lines + 3 <= _MOST_FROZEN_LINES else 0, table_grid.labels)
        sheet.repeat_rows(head)

    def _write_long_sheet(self, sheet: Worksheet, tables: Sequence[TableBlock], contents: str) -> None:
        labels = self.edition.labels
        self._write_head(sheet, [labels["sheet_all"], labels["sheet_long"]])
        self._write_link(sheet, 2, contents, 1, labels["contents"])
        rows = [line for table in tables for line in long_lines(table)]
        heads = long_headings(labels)
        self._mark_up_table(sheet, _LONG_HEAD, heads, rows, "everything", labels=len(heads) - 4)
        for column, width in enumerate((46, 60, 18, 14, 22, 34, 22, 14, 12, 12, 10)):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(_LONG_HEAD + 1, 0)
        sheet.repeat_rows(_LONG_HEAD)

    def _write_head(
        self, sheet: Worksheet, texts: Sequence[str], total: float = math.inf, width: float = math.inf
    ) -> int:
        """Write the lines above a table, the title first; return how many lines they take.

        A text runs over the empty cells beside it, and is wrapped in its own cell if the table is too narrow for it.
        """
        lines = 0
        for row, text in enumerate(map(cell_text, texts)):
            is_wide = len(text) > max(total, width)
            lines += math.ceil(len(text) / width) if is_wide else 1
            look = self._text_format(bold=True, font_size=14) if row == 0 else self._text_format()
            sheet.write_string(row, 0, text, self._text_format(text_wrap=True, bold=row == 0) if is_wide else look)
        return lines

    def _write_link(self, sheet: Worksheet, row: int, name: str, to_row: int, text: str) -> None:
        quoted = name.replace("'", "''")
        look: dict[str, str | float] = {"font_color": "#0B4F8A", "underline": 1}
        if text == name and self.edition.direction == "rtl":  # `12 PRT-01` as on its tab
            look |= {"reading_order": 1, "align": "right"}
        sheet.write_url(row, 0, f"internal:'{quoted}'!A{to_row}", self._text_format(**look), cell_text(text))

    def _mark_up_table(
        self,
        sheet: Worksheet,
        head: int,
        headings: Sequence[str],
        rows: Sequence[Sequence[Content]],
        name: str,
        *,
        bold: frozenset[int] = frozenset(),
        labels: int = MOST_SHEETS,
    ) -> None:
        """Write a table and mark it up as one, so that a screen reader announces its headings."""
        look = {"bold": True, "text_wrap": True, "bg_color": "#DCE6F1", "bottom": 1}
        looks = [
            self._text_format(**look, **({"align": "right"} if at >= labels else {})) for at in range(len(headings))
        ]
        pairs = zip(unique_texts(headings), looks, strict=True)
        columns = [{"header": heading, "header_format": cell_format} for heading, cell_format in pairs]
        for number, row in enumerate(rows):
            self._write_row(sheet, head + 1 + number, row, labels, is_bold=number in bold)
        if rows:
            options = {"columns": columns, "style": None, "autofilter": False, "name": self._table_name(name)}
            sheet.add_table(head, 0, head + len(rows), len(columns) - 1, options)
        else:
            for column, column_options in enumerate(columns):
                sheet.write_string(head, column, str(column_options["header"]), looks[column])

    def _write_row(self, sheet: Worksheet, at: int, row: Sequence[Content], labels: int, *, is_bold: bool) -> None:
        """Write each cell that has content: an empty one counts and filters as empty."""
        for column, cell in enumerate(row):
            if isinstance(cell, PrintedFigure):
                form = _number_format(cell.is_text, cell.is_share, cell.decimals)
                look = self._cell_format(form, is_number=True, is_bold=is_bold)
                sheet.write_number(at, column, cell.value or 0.0, look)
            elif cell:
                form = "label" if column < labels else ""
                sheet.write_string(at, column, cell, self._cell_format(form, is_number=False, is_bold=is_bold))

    def _cell_format(self, form: str, *, is_number: bool, is_bold: bool) -> Format:
        """Return the format of a table cell: for a number by its number format, for a text by its kind."""
        cell_format = self._cell_looks.get((form, is_number, is_bold))
        if cell_format is None:
            if is_number:
                cell_format = self._text_format(num_format=form, align="right", bold=is_bold)
            elif form == "label":
                cell_format = self._text_format(text_wrap=True, bold=is_bold)
            else:
                cell_format = self._text_format(align="right", bold=is_bold)
            self._cell_looks[form, is_number, is_bold] = cell_format
        return cell_format

    def _table_name(self, name: str) -> str:
        """Return a name for a marked-up table that differs from every cell address and every other table."""
        safe = "table_" + "".join(sign if sign.isascii() and sign.isalnum() else "_" for sign in name)
        return unlike_text(safe, self._names, _LONGEST_TABLE_NAME).translate({32: "_", 40: "", 41: ""})


def _all_tables(edition: Edition) -> list[TableInPlace]:
    return list({table_in_place.table.id: table_in_place for table_in_place in tables_in_place(edition)}.values())


def _name_sheets(edition: Edition, tables: Sequence[TableInPlace]) -> _SheetNames:
    labels = edition.labels
    front = [labels["sheet_cover"], labels["contents"], labels["notes"], labels["sheet_all"]]
    has_own = len(tables) + len(front) <= MOST_SHEETS
    own = [table_in_place for table_in_place in tables if has_own or not table_in_place.table.earlier]
    texts = [*front, *(table_in_place.sheet_name for table_in_place in own)]
    names = unique_texts([*_RESERVED, *map(sheet_name, texts)], LONGEST_NAME)[len(_RESERVED) :]
    cover, contents, notes, everything, *sheets = names
    of_table = zip((table_in_place.table.id for table_in_place in own), sheets, strict=True)
    return _SheetNames(cover, contents, notes, everything, dict(of_table))


def _rows_of(tables: Sequence[TableInPlace], sheet: str, row: int) -> Iterator[_PlacedTable]:
    """Yield where each table starts in the long sheet."""
    for table_in_place in tables:
        yield _PlacedTable(table_in_place.table, table_in_place.chapter, sheet, row)
        row += len(table_in_place.table.columns) * sum(len(group.rows) for group in table_in_place.table.groups)


def _creation_day(date: str) -> datetime.datetime:
    try:
        return datetime.datetime.combine(datetime.date.fromisoformat(date), datetime.time())
    except ValueError:
        return _NO_DAY


def _answers(edition: Edition) -> Iterator[tuple[str, str]]:
    """Yield the three questions of the front page, by their labels, with their answers."""
    if edition.answers:
        yield from ((f"answer_{name}", getattr(edition.answers, name)) for name in ("found", "certainty", "silent"))


@cache
def _number_format(is_year: bool, is_share: bool, decimals: int) -> str:
    if is_year:
        return "0"
    places = f".{'0' * decimals}" if decimals else ""
    return f"0{places}%" if is_share else f"#,##0{places}"


def _marks(edition: Edition) -> Mapping[str, str]:
    """Return the meaning of each mark, by the mark as printed."""
    blocks = (block for section in edition.walk() for block in section.blocks if isinstance(block, TermList))
    entries = (entry for block in blocks for entry in block.entries)
    return {plain_text(entry.term): entry.text for entry in entries if plain_text(entry.term).startswith("[")}


def _explain_marks(marks: Mapping[str, str], table: TableBlock) -> Iterator[str]:
    """Yield the marks that a table carries with their meanings."""
    carried = marks_in([table])
    yield from (f"{name} {text}" for name, text in marks.items() if name in carried)


def _held(entry: DefinedTerm, edition: Edition) -> str:
    """Return the text of an entry; one of a program, such as a version, is held from left to right in other lines."""
    is_turned = entry.machine and edition.direction == "rtl"
    return f"{_LEFT_TO_RIGHT_MARK}{entry.text}{_LEFT_TO_RIGHT_MARK}" if is_turned else entry.text


def _notes(edition: Edition) -> Iterator[_NoteLine]:
    """Yield marks first, then terms, notes and texts in reading order; without leads and editors' prose."""
    marks = _marks(edition)
    for name, text in marks.items():
        yield _NoteLine(edition.labels["sheet_marks"], name, text)
    for section in edition.walk():
        for block in section.blocks:
            if isinstance(block, TermList):
                yield from (
                    _NoteLine(section.title, entry.term, _held(entry, edition))
                    for entry in block.entries
                    if plain_text(entry.term) not in marks
                )
            elif isinstance(block, ItemList):
                yield from (_NoteLine(section.title, block.label, text) for text in block.texts)
            elif isinstance(block, Paragraph) and block.tone in ("text", "note"):
                yield _NoteLine(section.title, edition.labels["notes"], block.text)


def _widths(headings: Sequence[str], rows: Sequence[Sequence[Content]], labels: int) -> list[float]:
    """Return the width of each column: the longest word of its heading and its longest cell, within bounds."""
    widths: list[float] = []
    for column, heading in enumerate(headings):
        cells = [row[column] for row in rows]
        longest = max((len(cell if isinstance(cell, str) else cell.text) for cell in cells), default=0)
        word = max(map(len, heading.split()))
        least, most = _LABEL_WIDTHS if column < labels else _FIGURE_WIDTHS
        widths.append(min(max(longest + 3, word + 3, least), most))
    return widths
