"""The guard's scan of an old Excel workbook (.xls, BIFF8): hidden rows, columns and sheets, non-cell texts.

Belongs here: which streams and records such a file may have, and the facts of its sheets, before a parser touches it.
Does not belong here: the compound file (`ole_file.py`), the same rules for xlsx (`guard.py`, `sheet_scan.py`),
values (`reader.py`). Source of the records: Microsoft [MS-XLS].
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from ingestion.files.file_facts import CellBlock, Guarded, SheetFacts, is_blank
from ingestion.files.loose_bytes import personal_texts_in, texts_in
from ingestion.files.noncell_text import HOUSE_AUTHOR, NonCellText
from ingestion.files.old_excel.ole_file import CompoundFile, property_texts
from ingestion.files.part_texts import PAGE_CODES
from ingestion.files.safe_zip import Stop
from ingestion.findings import cell_name
from ingestion.personal.personal_text import sheet_label

_BIFF8, _GLOBALS, _WORKSHEET = 0x0600, 0x0005, 0x0010
_BOF, _EOF, _CONTINUE, _TEXT_OBJECT, _STRINGS = 0x0809, 0x000A, 0x003C, 0x01B6, 0x00FC
_ALLOWED_STREAMS = ("workbook", "\x05summaryinformation", "\x05documentsummaryinformation", "\x01compobj", "\x01ole")
_REFUSED_ENTRIES = {
    "encryptedpackage": "encrypted",
    "encryptioninfo": "encrypted",
    "_vba_project_cur": "macro",
    "_vba_project": "macro",
    "_sx_db_cur": "pivot_cache",
    "revision log": "change_history",
    "user names": "change_history",
    "ctls": "embedded_content",
    "book": "format_later",  # Excel 5 and 95
}
_REFUSED_RECORDS = {
    0x002F: "encrypted",
    0x00D3: "macro",
    0x00B0: "pivot_cache",
    0x00D5: "pivot_cache",
    0x0051: "external_link",
    0x01AD: "external_link",
    0x007F: "embedded_content",
    0x00E9: "embedded_content",
    0x00AF: "unknown_part",  # a scenario: values that no cell shows
}
_CELLS = (0x0203, 0x027E, 0x00FD, 0x0204, 0x00D6, 0x0205, 0x0006)
_SEVERAL_CELLS = 0x00BD
_FORMULA, _TEXT_RESULT, _SHARED_TEXT, _LABELS = 0x0006, 0x0207, 0x00FD, (0x0204, 0x00D6)
_TRUTH_OR_ERROR, _EXTENT = 0x0205, 0x0200
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_OF_TEXT, _OF_ERROR, _OF_NOTHING = 0, 2, 3  # the result type in a formula whose result is no number
_OBJECTS = (0x19, 0x14)  # a comment; the arrow of a filter or a list
_NAMES_OF_LOOKS = frozenset({0x0031, 0x041E, 0x0293, 0x0892})  # fonts, formats, styles
_NO_TEXT = frozenset({*_CELLS, _SEVERAL_CELLS, _STRINGS, 0x0896, 0x00E0, 0x0085})


def scan_old_excel(data: bytes) -> Guarded:
    """Return the facts of an old Excel workbook; `strings` are those of its shared table.

    Raises:
        Stop: `encrypted`, `hidden_sheet`, `hidden_column`, `far_corner`, `format_later`, `not_a_workbook`,
            `unreadable`, or the kind of a stream or a record that no export needs.
    """
    archive = CompoundFile(data)
    streams: dict[str, bytes] = {}
    for entry in archive.entries:
        name = entry.name.lower()
        if name in _REFUSED_ENTRIES or name.startswith("mbd"):
            raise Stop(_REFUSED_ENTRIES.get(name, "embedded_content"))
        if name not in _ALLOWED_STREAMS or not entry.is_stream or name in streams:
            is_other_office = name in ("worddocument", "powerpoint document")
            raise Stop("not_a_workbook" if is_other_office else "unknown_part")
        streams[name] = archive.read_stream(entry)
    if "workbook" not in streams:
        raise Stop("not_a_workbook")
    try:
        facts = _OldExcelScan(streams["workbook"]).workbook
    except (struct.error, IndexError) as error:
        raise Stop("unreadable") from error
    unused = dict.fromkeys(text for piece in archive.unused_bytes() for text in texts_in(piece))
    facts.beside += [NonCellText("text", text) for text in unused]
    for name in _ALLOWED_STREAMS[1:3]:
        texts = property_texts(streams[name]) if name in streams else iter(())
        facts.beside += [NonCellText("author" if is_author else "text", text) for is_author, text in texts]
    return facts


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
    """One pass over the records of the workbook's stream."""

    def __init__(self, stream: bytes) -> None:
        self.workbook = Guarded("xls")
        self._sheet_at: dict[int, SheetFacts] = {}
        self._facts: SheetFacts | None = None
        self._depth = 0
        self._previous = 0
        self._strings: list[bytes] = []
        self._shown_rows: set[int] = set()
        self._named_rows: set[int] = set()
        self._blank_texts: set[int] = set()
        self._text_row = 0  # row of the last formula with a text result
        self._hides_by_default = False
        self._formulas: list[str] = []
        self._notes: list[str] = []
        self._seen: set[str] = set()
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
        version, kind = struct.unpack_from("<HH", content)
        if version != _BIFF8:
            raise Stop("format_later")
        if self._depth:  # a chart inside a sheet
            raise Stop("embedded_content", sheet=self._facts.label if self._facts else "")
        self._depth += 1
        if kind == _GLOBALS and place == 0:
            return
        if kind != _WORKSHEET or place not in self._sheet_at:
            raise Stop("hidden_sheet" if kind == _WORKSHEET else "embedded_content")
        self._facts = self._sheet_at[place]
        self._shown_rows, self._named_rows, self._hides_by_default = set(), set(), False
        self._formulas, self._notes = [], []

    def _close(self) -> None:
        self._depth -= 1
        facts, self._facts = self._facts, None
        if self._depth < 0:
            raise Stop("unreadable")
        if facts is None:
            self._read_strings()
            return
        facts.flag_dimension()
        if self._hides_by_default:
            facts.hidden_rows |= self._named_rows - self._shown_rows
        facts.flag_cells("formula_read_as_value", self._formulas)
        facts.flag_cells("comment_present", self._notes)

    def _take_strings(self, content: bytes) -> None:
        if self._facts is not None:
            raise Stop("unreadable", sheet=self._facts.label)
        self._strings.append(content)

    def _read_strings(self) -> None:
        """Read the table of shared texts, which precedes the sheets."""
        texts = list(_shared_strings(self._strings))
        self.workbook.strings = set(texts)
        self._blank_texts = {place for place, text in enumerate(texts) if is_blank(text)}

    def _read_one_record(self, kind: int, content: bytes) -> None:
        if not self._depth:
            raise Stop("unreadable")
        if kind in _REFUSED_RECORDS:
            raise Stop(_REFUSED_RECORDS[kind], sheet=self._facts.label if self._facts else "")
        if kind == _STRINGS or (kind == _CONTINUE and self._previous == _STRINGS):
            self._take_strings(content)
        elif self._facts is None:
            self._read_global(kind, content)
        elif kind in _CELLS or kind == _SEVERAL_CELLS:
            self._read_cell(kind, content, self._facts)
        else:
            self._read_layout(kind, content, self._facts)
            self._read_extent(kind, content, self._facts)
            self._read_object(kind, content, self._facts)
        if self._previous != _STRINGS:
            self._keep_loose(kind, content)

    def _keep_loose(self, kind: int, content: bytes) -> None:
        """Collect the bytes of a record outside its known fields; of style names only what is personal."""
        if kind in _NAMES_OF_LOOKS:
            for text in personal_texts_in(content):
                self._keep("author", text)
        elif kind not in _NO_TEXT:
            for text in texts_in(content):
                self._keep("text", text)

    def _read_global(self, kind: int, content: bytes) -> None:
        if kind == 0x0085:
            self._list_sheet(content)
        elif kind == 0x0022:
            self.workbook.from_1904 = content[:1] == b"\x01"
        elif kind == 0x01AE and content[2:4] != b"\x01\x04":  # a workbook other than this one
            raise Stop("external_link")
        elif kind == 0x005C:
            self._keep("author", _read_counted_text(content))
        elif kind == 0x005B:
            self._keep("author", _read_counted_text(content, 4))
        elif kind == 0x0018 and not content[0] & 0x20:  # a name that a user defined
            self._keep("text", _text_at(content, 14, content[3]))

    def _list_sheet(self, content: bytes) -> None:
        (place,) = struct.unpack_from("<I", content)
        name = _text_at(content, 7, content[6])
        label = sheet_label(name, len(self.workbook.sheets) + 1)
        if content[5] != 0:
            raise Stop("embedded_content" if content[5] == 2 else "macro", sheet=label)
        if content[4] & 3:
            raise Stop("hidden_sheet", sheet=label)
        if place in self._sheet_at:
            raise Stop("unreadable")
        self._sheet_at[place] = SheetFacts(name, label)
        self.workbook.sheets.append(self._sheet_at[place])

    def _read_cell(self, kind: int, content: bytes, facts: SheetFacts) -> None:
        row, column = (number + 1 for number in struct.unpack_from("<HH", content))
        last = struct.unpack_from("<H", content, len(content) - 2)[0] + 1 if kind == _SEVERAL_CELLS else column
        facts.extend(row, column, last)
        self._named_rows.add(row)
        if self._cell_holds_text(kind, content, row):
            facts.held_rows.add(row)
        if error := _error_of(kind, content):
            facts.errors[row, column] = error
        if kind == _FORMULA:
            for text in texts_in(content[20:]):
                self._keep("text", text)
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
        if kind == 0x0208:
            row, height, flags = struct.unpack_from("<H4xHxxxxH", content)
            self._shown_rows.add(row + 1)
            if flags & 0x20 or not height & 0x7FFF:
                facts.hidden_rows.add(row + 1)
        elif kind == 0x007D:
            first, last, width, flags = struct.unpack_from("<HHHxxH", content)
            if flags & 1 or not width:
                facts.hidden_columns.append((first + 1, last + 1))
        elif kind == 0x0225:
            self._hides_by_default = bool(content[0] & 2)
        elif kind in (0x0055, 0x0099) and content[:2] == b"\x00\x00":  # columns have no width unless a record states it
            raise Stop("hidden_column", sheet=facts.label)

    def _read_extent(self, kind: int, content: bytes, facts: SheetFacts) -> None:
        """Take the text of a formula, and the extent that the sheet declares for itself."""
        if kind == _TEXT_RESULT and not is_blank(_read_counted_text(content)):
            facts.held_rows.add(self._text_row)
        elif kind == _EXTENT and any(content[:12]):
            top, bottom, left, right = struct.unpack_from("<IIHH", content)
            facts.dimension = CellBlock(top + 1, left + 1, bottom, right)

    def _read_object(self, kind: int, content: bytes, facts: SheetFacts) -> None:
        if kind == 0x005D and struct.unpack_from("<H", content, 4)[0] not in _OBJECTS:
            raise Stop("embedded_content", sheet=facts.label)
        if kind == 0x001C:
            row, column = struct.unpack_from("<HH", content)
            author = _read_counted_text(content, 8)
            self._keep("author", author)
            if author != HOUSE_AUTHOR:
                self._notes.append(cell_name(row + 1, column + 1))
        elif kind in (0x0014, 0x0015):
            self._keep("text", PAGE_CODES.sub(" ", _read_counted_text(content)))
        elif kind == _CONTINUE and self._previous == _TEXT_OBJECT and content:
            self._keep("text", _text_at(content, 0, len(content)))
        elif kind in (0x01B8, 0x0800, 0x01BE):  # links, their tooltips, the messages of a list to who fills it in
            for text in re.findall(r"[\w@.:/+ -]{5,}", content.decode("utf-16-le", "ignore")):
                self._keep("text", text)

    def _keep(self, place: str, text: str) -> None:
        plain = text.strip("\x00 \r\n")
        if plain and plain not in self._seen:
            self._seen.add(plain)
            self.workbook.beside.append(NonCellText(place, plain, self._facts.label if self._facts else ""))


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
