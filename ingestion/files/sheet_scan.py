"""The guard's scan of one sheet, from its XML alone: extent, hidden rows, columns and cells, formulas, texts.

Belongs here: one walk over a worksheet's XML, streamed; a sheet is judged before a parser allocates memory for it, and
the rows that hold something are counted by other code than the parser's, as a cross-check.
Does not belong here: reading values (`reader.py`), what a style hides (`cell_styles.py`), the zip (`safe_zip.py`),
other parts (`guard.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from defusedxml.ElementTree import DefusedXMLParser

from ingestion.files.cell_styles import Styles
from ingestion.files.file_facts import LAST_COLUMN, CellBlock, SheetFacts, is_blank
from ingestion.files.noncell_text import NonCellText, local_name_of
from ingestion.files.part_texts import PAGE_CODES, PartTexts, squeeze_all, written_by_persons
from ingestion.files.safe_zip import Stop
from ingestion.files.shared_texts import decode_escapes
from ingestion.findings import cell_name, column_number

_MAX_UNREAD_BYTES = 16_000_000  # outside the cells, or since the last row began: more than any ministry writes
_PLAIN_CELL = re.compile(  # the form in which most programs write most cells, counted without the slower XML parser
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"(?: s="(0|[1-9][0-9]{0,4})")?'
    rb'(?:/>|(?: t="(s|n|b)")?><v>([-+0-9.eE]{0,30})</v></c>)'
)
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,20})?")
_LEAST_HEIGHT = 3  # points
_LEAST_WIDTH = 0.5  # widths of a digit: some 5 pixels, too narrow for letters
# Outside the cells every text and attribute is read, except those that only give a position or an identifier.
_POSITIONS = frozenset(("id", "uri", "r", "ref", "sqref", "cell", "activeCell", "topLeftCell", "activeCellId", "guid"))
_QUALIFIED_POSITIONS = ("}id", "}embed", "}uid")
_FORMULA_ELEMENTS = ("f", "formula", "formula1", "formula2")
_REFERENCE = re.compile(r"\$?[A-Z]{1,3}\$?[0-9]{1,7}")
_LETTER = re.compile(r"[^\W_]")
_READ_ELSEWHERE = frozenset(
    {"t", *(place + what for place in ("odd", "even", "first") for what in ("Header", "Footer"))}
)
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')


def scan_sheet(
    pieces: Iterable[bytes],
    facts: SheetFacts,
    *,
    must_recalculate: bool,
    styles: Styles,
    blank_texts: frozenset[bytes],
) -> list[NonCellText]:
    """Fill in the facts of a sheet and return the texts outside its cells.

    Args:
        pieces: the worksheet's part.
        facts: of this sheet; filled in.
        must_recalculate: whether the workbook declares its stored results unreliable.
        styles: those that hide content.
        blank_texts: the indices of the blank shared texts.

    Raises:
        Stop: `far_corner`, `cell_without_place`, `hidden_row`, `unreadable`.
    """
    scan = _SheetScan(facts, styles, blank_texts, must_recalculate=must_recalculate)
    scan.read(pieces)
    read = [NonCellText("text", text, facts.label) for text in scan.outer | scan.loose if _LETTER.search(text)]
    return [*read, *written_by_persons(scan, squeeze_all(scan.outer), facts.label)]


@dataclass
class _Cell:
    """The cell that is being read."""

    row: int
    column: int
    style: int
    kind: str
    has_content: bool = False
    has_formula: bool = False
    value: str | None = None
    text: str = ""

    @property
    def name(self) -> str:
        return cell_name(self.row, self.column)


class _SheetScan(PartTexts):
    """The target of the XML parser: every text of the part, and what its cells, rows and columns show."""

    def __init__(
        self, facts: SheetFacts, styles: Styles, blank_texts: frozenset[bytes], *, must_recalculate: bool
    ) -> None:
        super().__init__(_READ_ELSEWHERE)
        self.outer: set[str] = set()
        self.loose: set[str] = set()  # texts in no element of the worksheet, where no program writes any
        self._facts, self._styles, self._must_recalculate = facts, styles, must_recalculate
        self._blank_texts, self._blank_keys = blank_texts, {text.decode() for text in blank_texts}
        self._hiding_keys = {b"%d" % style for style in styles.hiding}
        self._plain_columns: set[bytes] = set()
        self._plain_rows: set[bytes] = set()
        self._plain_held: set[bytes] = set()
        self._unread = 0
        self._is_before_cells, self._is_among_cells = True, False
        self._has_low_rows = self._has_narrow_columns = False
        self._bands: set[int] = set()  # columns that `col` has named
        self._cell: _Cell | None = None
        self._formulas: list[str] = []
        self._unreadable: list[str] = []

    def read(self, pieces: Iterable[bytes]) -> None:
        """Read the part and fill in the facts."""
        facts = self._facts
        parser = DefusedXMLParser(target=self, forbid_dtd=True)
        for piece in pieces:
            rest = _PLAIN_CELL.sub(self._take_plain_cell, piece)
            self._measure_plain_cells()
            was_among_cells = self._is_among_cells
            parser.feed(rest)
            has_ended = was_among_cells and not self._is_among_cells
            self._unread += len(rest.rpartition(b"sheetData")[2] if has_ended else rest)
            if self._unread > _MAX_UNREAD_BYTES:
                raise Stop("unreadable")
        parser.close()
        if self._has_narrow_columns:
            narrow = set(range(1, facts.last_column + 1)) - self._bands
            facts.hidden_columns += [(column, column) for column in sorted(narrow)]
        facts.flag_dimension()
        facts.flag_cells("formula_read_as_value", self._formulas)
        facts.flag_cells("unreadable_letters", self._unreadable)

    def _take_plain_cell(self, match: re.Match[bytes]) -> bytes:
        """Count a cell and return what is left for the XML parser: nothing, or the cell if its style hides it."""
        letters, row, style, kind, value = match.groups()
        if style in self._hiding_keys:
            return match[0]
        self._plain_columns.add(letters)
        self._plain_rows.add(row)
        if value and not (kind == b"s" and value in self._blank_texts):
            self._plain_held.add(row)
        return b""

    def _measure_plain_cells(self) -> None:
        if self._plain_rows:
            columns = [column_number(letters.decode()) for letters in self._plain_columns]
            self._facts.extend(max(map(int, self._plain_rows)), min(columns), max(columns))
            self._facts.held_rows.update(map(int, self._plain_held))
        self._plain_rows.clear()
        self._plain_held.clear()

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Judge an element that opens."""
        super().start(tag, attributes)
        if self._is_among_cells:
            self._unread = 0
        name = self._stack[-1]
        if name == "c":
            self._open_cell(attributes)
        elif self._cell is not None:
            self._cell.has_content = True
            self._cell.has_formula |= name == "f"
        elif name == "sheetData":
            self._is_before_cells, self._is_among_cells = False, True
        elif self._is_among_cells:
            if name == "row" and self._is_hidden(attributes, "ht", _LEAST_HEIGHT, by_default=self._has_low_rows):
                self._hide_row(attributes.get("r", ""))
        else:
            self.outer.update(value for key, value in attributes.items() if not _is_position(key))
            if self._is_before_cells:
                self._read_layout(name, attributes)

    def end(self, tag: str) -> None:
        """Handle an element that closes."""
        super().end(tag)
        name = local_name_of(tag)
        if name == "c":
            self._close_cell()
        elif name == "sheetData":
            self._is_among_cells = False

    def take_text(self, text: str) -> None:
        """Collect a text of a cell, or one outside the cells."""
        super().take_text(text)
        name = self._stack[-1] if self._stack else ""
        if self._cell is not None and name == "v" and self._values == 1:
            self._cell.value = text
        elif self._cell is not None and name == "t":
            self._cell.text += text
        if name in _FORMULA_ELEMENTS:
            self.outer.update(_QUOTED.findall(text))
            text = _REFERENCE.sub(" ", _QUOTED.sub(" ", text))
        if len(self._stack) == 1:
            self.loose.add(text)
        elif not self._is_among_cells and name not in _POSITIONS:
            self.outer.add(PAGE_CODES.sub(" ", text) if name.endswith(("Header", "Footer")) else text)

    def _read_layout(self, name: str, attributes: Mapping[str, str]) -> None:
        """Read what precedes the cells: the declared extent, default sizes, hidden or very narrow columns."""
        if name == "dimension":
            self._facts.dimension = _block_of(attributes.get("ref", ""))
        elif name == "sheetFormatPr":
            self._has_low_rows = _is_below(attributes.get("defaultRowHeight", ""), _LEAST_HEIGHT)
            self._has_narrow_columns = _is_below(attributes.get("defaultColWidth", ""), _LEAST_WIDTH)
        elif name == "col":
            first, last = int(attributes["min"]), min(int(attributes["max"]), LAST_COLUMN)
            if self._is_hidden(attributes, "width", _LEAST_WIDTH, by_default=self._has_narrow_columns):
                self._facts.hidden_columns.append((first, last))
            self._bands.update(range(first, last + 1))

    @staticmethod
    def _is_hidden(attributes: Mapping[str, str], extent: str, least: float, *, by_default: bool) -> bool:
        """Return whether a row or column is hidden or too small to read, on its own or by the sheet's default."""
        if attributes.get("hidden", "").strip() in ("1", "true"):  # a schema's boolean may stand between blanks
            return True
        size = attributes.get(extent, "").strip()
        return _is_below(size, least) if _NUMBER.fullmatch(size) else by_default

    def _hide_row(self, number: str) -> None:
        if not number.isdigit():
            raise Stop("hidden_row", sheet=self._facts.label)
        self._facts.hidden_rows.add(int(number))

    def _open_cell(self, attributes: Mapping[str, str]) -> None:
        if self._cell is not None:
            raise Stop("unreadable", sheet=self._facts.label)
        place, style = _PLACE.fullmatch(attributes.get("r", "")), attributes.get("s", "").strip()
        if place is None:
            raise Stop("cell_without_place", sheet=self._facts.label)
        row, column = int(place[2]), column_number(place[1])
        self._facts.extend(row, column, column)
        self._cell = _Cell(row, column, int(style) if style.isdecimal() else -1, attributes.get("t", ""))

    def _close_cell(self) -> None:
        cell, self._cell, facts = self._cell, None, self._facts
        if cell is None or not cell.has_content:
            return
        if self._holds_something(cell):
            facts.held_rows.add(cell.row)
        if cell.kind == "e" and self._values:
            facts.errors[cell.row, cell.column] = decode_escapes(cell.value or "#VALUE!")
        if cell.has_formula:
            is_empty_text = self._values > 0 and cell.kind == "str"
            if self._must_recalculate or not (cell.value or is_empty_text):
                facts.uncalculated.add((cell.row, cell.column))
            else:
                self._formulas.append(cell.name)
        is_text = cell.kind in ("s", "str", "inlineStr")
        if cell.style in (self._styles.blank_texts if is_text else self._styles.blank_numbers):
            facts.hidden_cells.add((cell.row, cell.column))
        elif cell.style in self._styles.unreadable:
            self._unreadable.append(cell.name)

    def _holds_something(self, cell: _Cell) -> bool:
        if cell.kind == "inlineStr":
            return not is_blank(decode_escapes(cell.text))
        if cell.kind == "s":
            return cell.value is not None and cell.value not in self._blank_keys
        return cell.value is not None and not is_blank(decode_escapes(cell.value))


def _is_position(key: str) -> bool:
    return key in _POSITIONS or key.endswith(_QUALIFIED_POSITIONS)


def _block_of(reference: str) -> CellBlock | None:
    """Return the block that a reference such as `A1:C7` names."""
    first, _, last = reference.partition(":")
    corners = _PLACE.fullmatch(first), _PLACE.fullmatch(last or first)
    if corners[0] is None or corners[1] is None:
        return None
    (left, top), (right, bottom) = (corner.groups() for corner in corners if corner)
    return CellBlock(int(top), column_number(left), int(bottom), column_number(right))


def _is_below(size: str, least: float) -> bool:
    return _NUMBER.fullmatch(size) is not None and float(size) < least
