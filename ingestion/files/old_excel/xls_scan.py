"""The second look at an old Excel workbook (.xls, BIFF8): sheets, extent, rows that hold something, hidden rows.

Belongs here: the facts of its sheets, before a parser touches it. Records and streams of macros, pictures, charts,
pivots and the like are passed over.
Does not belong here: the compound file (`ole_file.py`), the same rules for xlsx (`guard.py`, `sheet_scan.py`),
values (`reader.py`). Source of the records: Microsoft [MS-XLS].
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from ingestion.files.file_facts import CellBlock, Guarded, SheetFacts, is_blank
from ingestion.files.old_excel.ole_file import CompoundFile
from ingestion.files.safe_zip import Stop
from ingestion.findings import cell_name

_BIFF8 = 0x0600
_BOF, _EOF, _CONTINUE, _STRINGS, _PASSWORD, _LISTED_SHEET = 0x0809, 0x000A, 0x003C, 0x00FC, 0x002F, 0x0085
_DAYS_FROM_1904, _ROW, _ROWS_BY_DEFAULT = 0x0022, 0x0208, 0x0225
_CELLS = (0x0203, 0x027E, 0x00FD, 0x0204, 0x00D6, 0x0205, 0x0006)
_SEVERAL_CELLS = 0x00BD
_FORMULA, _TEXT_RESULT, _SHARED_TEXT, _LABELS = 0x0006, 0x0207, 0x00FD, (0x0204, 0x00D6)
_TRUTH_OR_ERROR, _EXTENT = 0x0205, 0x0200
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_OF_TEXT, _OF_ERROR, _OF_NOTHING = 0, 2, 3  # the result type in a formula whose result is no number
_OTHER_KINDS = {
    "encryptedpackage": "encrypted",
    "encryptioninfo": "encrypted",
    "book": "format_later",  # Excel 5 and 95
}


def scan_old_excel(data: bytes) -> Guarded:
    """Return the facts of an old Excel workbook.

    Raises:
        Stop: `encrypted`, `far_corner`, `format_later`, `not_a_workbook`, `unreadable`.
    """
    archive = CompoundFile(data)
    names = {entry.name.lower() for entry in archive.entries if entry.is_on_top}
    books = [entry for entry in archive.entries if entry.is_stream and entry.name.lower() == "workbook"]
    kinds = [kind for name, kind in _OTHER_KINDS.items() if name in names]
    if "encrypted" in kinds or (kinds and "workbook" not in names):
        raise Stop(kinds[0])
    if not books:
        raise Stop("not_a_workbook")
    if len(books) > 1 and not books[0].is_on_top:  # the parser takes the first, which is one that was embedded
        raise Stop("unreadable")
    try:
        return _OldExcelScan(archive.read_stream(books[0])).workbook
    except (struct.error, IndexError) as error:
        raise Stop("unreadable") from error


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield position, kind and content of each record; zeros at the end are padding."""
    place = 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        if kind == 0 and not stream[place:].strip(b"\x00"):
            return
        if place + 4 + length > len(stream):
            raise Stop("unreadable")
        yield place, kind, stream[place + 4 : place + 4 + length]
        place += 4 + length


def _text_at(content: bytes, place: int, count: int) -> str:
    """Return `count` letters after their flag byte, which says one byte or two per letter."""
    wide = content[place] & 1
    raw = content[place + 1 : place + 1 + count * (2 if wide else 1)]
    return raw.decode("utf-16-le" if wide else "latin-1", "replace")


def _read_counted_text(content: bytes, place: int = 0) -> str:
    """Return a text after its count of letters, if there is any."""
    if len(content) < place + 3:
        return ""
    return _text_at(content, place + 2, struct.unpack_from("<H", content, place)[0])


class _OldExcelScan:
    """One pass over the records of the workbook's stream: its own part, then one for each sheet, chart or macro."""

    def __init__(self, stream: bytes) -> None:
        self.workbook = Guarded("xls")
        self._sheet_at: dict[int, SheetFacts] = {}
        self._facts: SheetFacts | None = None
        self._is_global = False
        self._depth = 0
        self._previous = 0
        self._strings: list[bytes] = []
        self._shown_rows: set[int] = set()
        self._named_rows: set[int] = set()
        self._blank_texts: set[int] = set()
        self._text_row = 0  # row of the last formula with a text result
        self._hides_by_default = False
        self._formulas: list[str] = []
        opened: set[int] = set()
        for place, kind, content in _records(stream):
            if kind == _BOF:
                self._open(place, content)
                opened.add(place)
            elif kind == _EOF:
                self._close()
            else:
                self._read_one_record(kind, content)
            self._previous = kind if kind != _CONTINUE else self._previous
        if self._depth or set(self._sheet_at) - opened:
            raise Stop("unreadable")
        self.workbook.end_sheets()

    def _open(self, place: int, content: bytes) -> None:
        self._depth += 1
        if self._depth > 1:
            return
        self._facts, self._is_global = self._sheet_at.get(place), place == 0
        if (self._facts or self._is_global) and struct.unpack_from("<H", content)[0] != _BIFF8:
            raise Stop("format_later")
        self._shown_rows, self._named_rows, self._hides_by_default = set(), set(), False
        self._formulas = []

    def _close(self) -> None:
        self._depth -= 1
        if self._depth < 0:
            raise Stop("unreadable")
        if self._depth:
            return
        facts, self._facts = self._facts, None
        if self._is_global:
            self._read_strings()
        self._is_global = False
        if facts is None:
            return
        facts.flag_dimension()
        if self._hides_by_default:
            facts.hidden_rows |= self._named_rows - self._shown_rows
        facts.flag_cells("formula_read_as_value", self._formulas)

    def _read_strings(self) -> None:
        """Read the table of shared texts, which precedes the sheets."""
        self._blank_texts = {place for place, text in enumerate(_shared_strings(self._strings)) if is_blank(text)}

    def _read_one_record(self, kind: int, content: bytes) -> None:
        if self._depth == 1 and self._is_global:
            self._read_global(kind, content)
        elif self._depth != 1 or self._facts is None:  # a chart or a macro, on a sheet or by itself
            return
        elif kind in _CELLS or kind == _SEVERAL_CELLS:
            self._read_cell(kind, content, self._facts)
        else:
            self._read_layout(kind, content, self._facts)

    def _read_global(self, kind: int, content: bytes) -> None:
        if kind == _PASSWORD:
            raise Stop("encrypted")
        if kind == _STRINGS or (kind == _CONTINUE and self._previous == _STRINGS):
            self._strings.append(content)
        elif kind == _LISTED_SHEET and content[5] == 0:  # the others are charts and macros
            (place,) = struct.unpack_from("<I", content)
            if place in self._sheet_at:
                raise Stop("unreadable")
            number = len(self.workbook.sheets) + 1
            self._sheet_at[place] = SheetFacts(_text_at(content, 7, content[6]), number, bool(content[4] & 3))
            self.workbook.sheets.append(self._sheet_at[place])
        elif kind == _DAYS_FROM_1904:
            self.workbook.from_1904 = content[:1] == b"\x01"

    def _read_cell(self, kind: int, content: bytes, facts: SheetFacts) -> None:
        row, column = (number + 1 for number in struct.unpack_from("<HH", content))
        last = struct.unpack_from("<H", content, len(content) - 2)[0] + 1 if kind == _SEVERAL_CELLS else column
        facts.extend(row, column, last)
        self._named_rows.add(row)
        if self._cell_holds_text(kind, content, row):
            facts.held_rows.add(row)
        if error := _error_of(kind, content):
            facts.texts[row, column] = error
        if kind == _FORMULA:
            if content[14] & 2 and content[6:12] == bytes(6):  # calculated on loading: its zero is no result
                facts.uncalculated.add((row, column))
            else:
                self._formulas.append(cell_name(row, column))

    def _cell_holds_text(self, kind: int, content: bytes, row: int) -> bool:
        """Return whether a cell holds more than white space; a formula's text result is in the next record."""
        if kind == _SHARED_TEXT:
            return struct.unpack_from("<I", content, 6)[0] not in self._blank_texts
        if kind in _LABELS:
            return not is_blank(_read_counted_text(content, 6))
        if kind == _FORMULA and content[12:14] == b"\xff\xff":
            self._text_row = row if content[6] == _OF_TEXT else 0
            return content[6] not in (_OF_TEXT, _OF_NOTHING)
        return True

    def _read_layout(self, kind: int, content: bytes, facts: SheetFacts) -> None:
        if kind == _ROW:
            row, height, flags = struct.unpack_from("<H4xHxxxxH", content)
            self._shown_rows.add(row + 1)
            if flags & 0x20 or not height & 0x7FFF:
                facts.hidden_rows.add(row + 1)
        elif kind == _ROWS_BY_DEFAULT:
            self._hides_by_default = bool(content[0] & 2)
        elif kind == _TEXT_RESULT and not is_blank(_read_counted_text(content)):
            facts.held_rows.add(self._text_row)
        elif kind == _EXTENT and any(content[:12]):
            top, bottom, left, right = struct.unpack_from("<IIHH", content)
            facts.dimension = CellBlock(top + 1, left + 1, bottom, right)


def _error_of(kind: int, content: bytes) -> str:
    """Return the error that a cell holds, or an empty string."""
    if kind == _TRUTH_OR_ERROR and content[7]:
        return _ERRORS.get(content[6], "#VALUE!")
    if kind == _FORMULA and content[12:14] == b"\xff\xff" and content[6] == _OF_ERROR:
        return _ERRORS.get(content[8], "#VALUE!")
    return ""


def _shared_strings(pieces: list[bytes]) -> Iterator[str]:
    """Yield the strings of the shared table; a string may continue in the next record, after a new flag byte."""
    if not pieces:
        return
    (count,) = struct.unpack_from("<I", pieces[0], 4)
    reader = _Pieces(pieces, 8)
    for _ in range(count):
        if reader.is_at_end:
            return
        yield reader.string()


class _Pieces:
    """Consecutive records read as one, with the rule for strings that are cut."""

    def __init__(self, pieces: list[bytes], place: int) -> None:
        self._pieces, self._number, self._place = pieces, 0, place

    @property
    def is_at_end(self) -> bool:
        """Whether nothing is left."""
        return self._number >= len(self._pieces) - 1 and self._place >= len(self._pieces[-1])

    def string(self) -> str:
        """Return the next string."""
        length, flags = struct.unpack("<HB", self._take(3))
        runs = struct.unpack("<H", self._take(2))[0] if flags & 8 else 0
        further = struct.unpack("<I", self._take(4))[0] if flags & 4 else 0
        text = self._letters(length, wide=bool(flags & 1))
        self._take(4 * runs + further)
        return text

    def _letters(self, count: int, *, wide: bool) -> str:
        text = ""
        while count:
            here = (len(self._pieces[self._number]) - self._place) // (2 if wide else 1)
            taken = min(here, count)
            raw = self._take(taken * (2 if wide else 1))
            text += raw.decode("utf-16-le" if wide else "latin-1", "replace")
            count -= taken
            if count:
                wide = bool(self._take(1)[0] & 1)
        return text

    def _take(self, count: int) -> bytes:
        taken = b""
        while count or not taken:
            piece = self._pieces[self._number][self._place : self._place + count]
            taken, count, self._place = taken + piece, count - len(piece), self._place + len(piece)
            if not count:
                break
            self._number, self._place = self._number + 1, 0
        return taken
