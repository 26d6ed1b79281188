"""The second look at an OpenDocument spreadsheet (.ods): sheets, extent, rows that hold something, hidden rows, errors.

Belongs here: the facts of its sheets, streamed before any parser builds anything. What draws, links or acts there is
passed over.
Does not belong here: the zip (`safe_zip.py`), the same rules for xlsx (`guard.py`, `sheet_scan.py`), values
(`reader.py`). Which elements hide: OASIS OpenDocument 1.3 part 3.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from defusedxml.ElementTree import DefusedXMLParser

from ingestion.files.file_facts import LAST_COLUMN, LAST_ROW, CellBlock, Guarded, SheetFacts, is_blank
from ingestion.files.safe_zip import Archive, Stop
from ingestion.files.xml_parts import MAX_DEPTH, MAX_SMALL_PART_BYTES, local_name
from ingestion.findings import cell_name

MEDIA_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_MAX_CONTENT_BYTES = 300_000_000
_ZERO = re.compile(r"0*(\.0*)?[a-z%]*")


def is_open_document(archive: Archive) -> bool:
    """Return whether a zip is an OpenDocument spreadsheet."""
    return "mimetype" in archive.names and archive.read("mimetype", 1000).strip() == MEDIA_TYPE


def scan_open_document(archive: Archive) -> Guarded:
    """Return the facts of an OpenDocument spreadsheet.

    Raises:
        Stop: `encrypted`, `far_corner`, `unreadable`.
    """
    if b"encryption-data" in archive.read("META-INF/manifest.xml", MAX_SMALL_PART_BYTES):
        raise Stop("encrypted")
    scan = _OpenDocumentScan()
    parser = DefusedXMLParser(target=scan, forbid_dtd=True)
    total = 0
    for piece in archive.stream("content.xml"):
        total += len(piece)
        if total > _MAX_CONTENT_BYTES:
            raise Stop("zip_bomb")
        parser.feed(piece)
    parser.close()
    scan.document.end_sheets()
    return scan.document


_Element = tuple[str, Callable[[Mapping[str, str]], None] | None, Callable[[], None] | None]


@dataclass
class _Cell:
    """The cell that is being read; `depth` is the number of elements around its content."""

    depth: int
    columns: int
    kind: str
    has_formula: bool
    spans: tuple[int, int]
    stated: str | None
    paragraphs: list[str] = field(default_factory=list[str])
    has_drawing: bool = False

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs)


class _OpenDocumentScan:
    """The target of the XML parser: receives opening tags, closing tags and text in the order of the file."""

    def __init__(self) -> None:
        self.document = Guarded("ods")
        self._known: dict[str, _Element] = {}
        self._stack: list[str] = []
        self._hiding_styles: set[str] = set()
        self._style = ""
        self._facts: SheetFacts | None = None
        self._row = self._column = self._rows = 0
        self._row_is_hidden = False
        self._row_is_held = False
        self._texts: dict[int, str] = {}  # column -> text that the parser reads wrongly, of this row
        self._width = 0  # number of this row's columns up to the last that holds something
        self._hidden_groups = 0
        self._cell: _Cell | None = None
        self._formulas: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Judge an element that opens."""
        name, opens, _ = self._known.get(tag) or self._learn(tag)
        self._stack.append(name)
        if len(self._stack) > MAX_DEPTH:
            raise Stop("unreadable")
        if self._cell is not None:
            self._open_in_cell(self._cell, name, is_drawn=":drawing:" in tag)
        if opens:
            opens({local_name(key): value for key, value in attributes.items()})

    def end(self, tag: str) -> None:
        """Handle an element that closes."""
        self._stack.pop()
        closes = (self._known.get(tag) or self._learn(tag))[2]
        if closes:
            closes()

    def data(self, data: str) -> None:
        """Collect the text of a cell's own paragraphs; remarks and drawings have paragraphs too."""
        cell = self._cell
        if cell is not None and self._stack[cell.depth : cell.depth + 1] == ["p"]:
            cell.paragraphs[-1] += data

    def _learn(self, tag: str) -> _Element:
        """Return an element's name, and how its opening and closing are handled."""
        name = local_name(tag)
        method = name.replace("-", "_")
        known = name, getattr(self, f"_open_{method}", None), getattr(self, f"_close_{method}", None)
        self._known[tag] = known
        return known

    def _open_in_cell(self, cell: _Cell, name: str, *, is_drawn: bool) -> None:
        cell.has_drawing |= is_drawn
        if name == "p" and len(self._stack) == cell.depth + 1:
            cell.paragraphs.append("")
        elif name == "s" and self._stack[cell.depth] == "p":
            cell.paragraphs[-1] += " "

    def _open_null_date(self, own: Mapping[str, str]) -> None:
        self.document.from_1904 = own.get("date-value", "").startswith("1904")

    def _open_style(self, own: Mapping[str, str]) -> None:
        self._style = own.get("name", "")

    def _open_table_properties(self, own: Mapping[str, str]) -> None:
        if own.get("display") == "false":
            self._hiding_styles.add(self._style)

    def _open_table_row_properties(self, own: Mapping[str, str]) -> None:
        if "row-height" in own and _ZERO.fullmatch(own["row-height"]):
            self._hiding_styles.add(self._style)

    def _open_table(self, own: Mapping[str, str]) -> None:
        if "dde-link" in self._stack:  # what another program sent last
            return
        if self._facts is not None or own.get("is-sub-table") == "true":
            raise Stop("unreadable")
        is_hidden = own.get("style-name", "") in self._hiding_styles or own.get("display") == "false"
        self._facts = SheetFacts(own.get("name", ""), len(self.document.sheets) + 1, is_hidden)
        self.document.sheets.append(self._facts)
        self._row, self._formulas = 0, []

    def _close_table(self) -> None:
        facts, self._facts = self._facts, None
        if facts is not None:
            facts.flag_cells("formula_read_as_value", self._formulas)

    def _open_table_row_group(self, own: Mapping[str, str]) -> None:
        self._hidden_groups += own.get("display") == "false" or self._hidden_groups > 0

    def _close_table_row_group(self) -> None:
        self._hidden_groups -= self._hidden_groups > 0

    def _open_table_row(self, own: Mapping[str, str]) -> None:
        is_shown = (
            own.get("visibility", "visible") == "visible" and own.get("style-name", "") not in self._hiding_styles
        )
        self._rows = _count(own, "number-rows-repeated", LAST_ROW)
        self._column = self._width = 0
        self._row_is_hidden, self._row_is_held, self._texts = not is_shown or self._hidden_groups > 0, False, {}

    def _close_table_row(self) -> None:
        facts = self._facts
        if facts is None:
            return
        if self._width:
            facts.extend(self._row + self._rows, 1, self._width)
            own = range(self._row + 1, self._row + self._rows + 1)
            facts.hidden_rows.update(own if self._row_is_hidden else ())
            facts.held_rows.update(own if self._row_is_held else ())
            facts.texts |= {(row, column): text for row in own for column, text in self._texts.items()}
        self._row += self._rows

    def _open_table_cell(self, own: Mapping[str, str]) -> None:
        if self._cell is not None:
            raise Stop("unreadable")
        spans = (_count(own, "number-rows-spanned", LAST_ROW), _count(own, "number-columns-spanned", LAST_COLUMN))
        columns = _count(own, "number-columns-repeated", LAST_COLUMN)
        kind, stated = own.get("value-type", ""), own.get("string-value")
        self._cell = _Cell(len(self._stack), columns, kind, bool(own.get("formula")), spans, stated)

    _open_covered_table_cell = _open_table_cell

    def _close_table_cell(self) -> None:
        cell, facts = self._cell, self._facts
        self._cell = None
        if cell is None or facts is None:
            return
        row, column = self._row + 1, self._column + 1
        if cell.kind or cell.text or cell.has_formula:
            self._width = self._column + cell.columns
        self._take_value(cell)
        if cell.has_formula and cell.kind:
            self._formulas.append(cell_name(row, column))
        elif cell.has_formula:
            facts.uncalculated.add((row, column))
        if cell.spans != (1, 1):
            facts.merged.append(CellBlock(row, column, row + cell.spans[0] - 1, column + cell.spans[1] - 1))
        self._column += cell.columns

    _close_covered_table_cell = _close_table_cell

    def _take_value(self, cell: _Cell) -> None:
        """Note whether the cell holds something, and the text of one that the parser reads wrongly.

        An error is shown as a text but stored as an empty one; a picture that stands in a cell may bear words.
        """
        is_error = cell.stated is not None and is_blank(cell.stated) and not is_blank(cell.text)
        if is_error or (cell.has_drawing and cell.kind == "string" and cell.stated is None):
            self._texts |= dict.fromkeys(range(self._column + 1, self._column + cell.columns + 1), cell.text)
        is_blank_text = cell.kind == "string" and is_blank(cell.stated or cell.text)
        self._row_is_held |= bool(cell.kind) and not is_blank_text


def _count(own: Mapping[str, str], name: str, limit: int) -> int:
    """Return how often something is repeated.

    Raises:
        Stop: `unreadable` if it is no such number.
    """
    typed = own.get(name, "1")
    if not (typed.isascii() and typed.isdigit()) or not 1 <= int(typed) <= limit:
        raise Stop("unreadable")
    return int(typed)
