"""The second look at a sheet, from its XML alone: extent, rows that hold something, hidden rows, errors, formulas.

Belongs here: one walk over a worksheet's XML, streamed; a sheet is judged before a parser allocates memory for it, and
the rows that hold something are counted by other code than the parser's, as a cross-check.
Does not belong here: reading values (`reader.py`), the zip (`safe_zip.py`), other parts (`guard.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from defusedxml.ElementTree import DefusedXMLParser

from ingestion.files.file_facts import CellBlock, SheetFacts, is_blank
from ingestion.files.safe_zip import Stop
from ingestion.files.shared_texts import decode_escapes
from ingestion.files.xml_parts import MAX_DEPTH, local_name
from ingestion.findings import cell_name, column_number

_MAX_UNREAD_BYTES = 16_000_000  # outside the cells, or since the last row began: more than any ministry writes
_PLAIN_CELL = re.compile(  # the form in which most programs write most cells, counted without the slower XML parser
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"(?: s="[0-9]{1,5}")?(?:/>|(?: t="(s|n|b)")?><v>([-+0-9.eE]{0,30})</v></c>)'
)
_NO_ELEMENT = re.compile(rb"<[!?](?!xml\s)")  # a remark or the like, in which a cell may stand that is none
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,20})?")
_LEAST_HEIGHT = 3  # points; no letter of a lower row can be read


def scan_sheet(
    pieces: Iterable[bytes], facts: SheetFacts, *, must_recalculate: bool, blank_texts: frozenset[int]
) -> None:
    """Fill in the facts of a sheet.

    Args:
        pieces: the worksheet's part.
        facts: of this sheet; filled in.
        must_recalculate: whether the workbook declares its stored results unreliable.
        blank_texts: the places of the blank shared texts.

    Raises:
        Stop: `far_corner`, `cell_without_place`, `unreadable`.
    """
    _SheetScan(facts, blank_texts, must_recalculate=must_recalculate).read(pieces)


@dataclass
class _Cell:
    """The cell that is being read; programs show the first of several values."""

    row: int
    column: int
    kind: str
    has_formula: bool = False
    values: int = 0
    value: str = ""
    text: str = ""


class _SheetScan:
    """The target of the XML parser: what the cells and rows of the part show."""

    def __init__(self, facts: SheetFacts, blank_texts: frozenset[int], *, must_recalculate: bool) -> None:
        self._facts, self._must_recalculate = facts, must_recalculate
        self._blank_texts = {str(place) for place in blank_texts}
        self._blank_keys = {text.encode() for text in self._blank_texts}
        self._plain_columns: set[bytes] = set()
        self._plain_rows: set[bytes] = set()
        self._plain_held: set[bytes] = set()
        self._unread = 0
        self._stack: list[str] = []
        self._is_among_cells = self._has_low_rows = False
        self._cell: _Cell | None = None
        self._formulas: list[str] = []

    def read(self, pieces: Iterable[bytes]) -> None:
        """Read the part and fill in the facts."""
        parser = DefusedXMLParser(target=self, forbid_dtd=True)
        is_plain, last = True, b""
        for piece in pieces:
            is_plain = is_plain and not _NO_ELEMENT.search(last + piece)
            last = piece[-1:]
            rest = _PLAIN_CELL.sub(self._take_plain_cell, piece) if is_plain else piece
            self._measure_plain_cells()
            was_among_cells = self._is_among_cells
            parser.feed(rest)
            has_ended = was_among_cells and not self._is_among_cells
            self._unread += len(rest.rpartition(b"sheetData")[2] if has_ended else rest)
            if self._unread > _MAX_UNREAD_BYTES:
                raise Stop("unreadable")
        parser.close()
        self._facts.flag_dimension()
        self._facts.flag_cells("formula_read_as_value", self._formulas)

    def _take_plain_cell(self, match: re.Match[bytes]) -> bytes:
        """Count a cell and leave nothing of it for the XML parser."""
        letters, row, kind, value = match.groups()
        self._plain_columns.add(letters)
        self._plain_rows.add(row)
        if value and not (kind == b"s" and value in self._blank_keys):
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
        name = local_name(tag)
        self._stack.append(name)
        if len(self._stack) > MAX_DEPTH:
            raise Stop("unreadable")
        if self._is_among_cells:
            self._unread = 0
        if name == "c":
            self._open_cell(attributes)
        elif self._cell is not None:
            self._cell.has_formula |= name == "f"
            self._cell.values += name in ("v", "is")
        elif self._is_among_cells:
            self._open_row(name, attributes)
        else:
            self._read_layout(name, attributes)

    def end(self, tag: str) -> None:
        """Handle an element that closes."""
        name = self._stack.pop()
        if name == "c":
            self._close_cell()
        elif name == "sheetData":
            self._is_among_cells = False

    def data(self, data: str) -> None:
        """Collect the text of a cell."""
        cell = self._cell
        if cell is None or cell.values != 1:
            return
        if self._stack[-1] == "v":
            cell.value += data
        elif self._stack[-1] == "t" and "rPh" not in self._stack:
            cell.text += data

    def _read_layout(self, name: str, attributes: Mapping[str, str]) -> None:
        """Read what precedes the cells: the declared extent, the height of rows that state none."""
        if name == "sheetData":
            self._is_among_cells = True
        elif name == "dimension":
            self._facts.dimension = _block_of(attributes.get("ref", ""))
        elif name == "sheetFormatPr":
            self._has_low_rows = _is_low(attributes.get("defaultRowHeight", ""))

    def _open_row(self, name: str, attributes: Mapping[str, str]) -> None:
        """Note a row that a filter or a person hides, or that is too low to read."""
        height, number = attributes.get("ht", "").strip(), attributes.get("r", "")
        is_low = _is_low(height) if _NUMBER.fullmatch(height) else self._has_low_rows
        if name == "row" and number.isdecimal() and (is_low or attributes.get("hidden", "").strip() in ("1", "true")):
            self._facts.hidden_rows.add(int(number))

    def _open_cell(self, attributes: Mapping[str, str]) -> None:
        if self._cell is not None:
            raise Stop("unreadable", sheet=self._facts.label)
        place = _PLACE.fullmatch(attributes.get("r", ""))
        if place is None:
            raise Stop("cell_without_place", sheet=self._facts.label)
        row, column = int(place[2]), column_number(place[1])
        self._facts.extend(row, column, column)
        self._cell = _Cell(row, column, attributes.get("t", ""))

    def _close_cell(self) -> None:
        cell, self._cell, facts = self._cell, None, self._facts
        if cell is None:
            return
        cell.value = cell.value.strip()
        if self._holds_something(cell):
            facts.held_rows.add(cell.row)
        if cell.kind == "e" and cell.values:
            facts.texts[cell.row, cell.column] = decode_escapes(cell.value or "#VALUE!")
        if cell.has_formula:
            is_empty_text = cell.values > 0 and cell.kind == "str"
            if self._must_recalculate or not (cell.value or is_empty_text):
                facts.uncalculated.add((cell.row, cell.column))
            else:
                self._formulas.append(cell_name(cell.row, cell.column))

    def _holds_something(self, cell: _Cell) -> bool:
        if cell.kind == "inlineStr":
            return not is_blank(decode_escapes(cell.text))
        if cell.kind == "s":
            return bool(cell.value) and cell.value not in self._blank_texts
        return not is_blank(decode_escapes(cell.value))


def _block_of(reference: str) -> CellBlock | None:
    """Return the block that a reference such as `A1:C7` names."""
    first, _, last = reference.partition(":")
    corners = _PLACE.fullmatch(first), _PLACE.fullmatch(last or first)
    if corners[0] is None or corners[1] is None:
        return None
    (left, top), (right, bottom) = (corner.groups() for corner in corners if corner)
    return CellBlock(int(top), column_number(left), int(bottom), column_number(right))


def _is_low(height: str) -> bool:
    return _NUMBER.fullmatch(height) is not None and float(height) < _LEAST_HEIGHT
