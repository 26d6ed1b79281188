"""The guard's scan of one sheet, from its bytes alone: extent, hidden rows, columns and cells, formulas, texts.

Belongs here: byte patterns over a worksheet's XML, streamed; a sheet is judged before a parser allocates memory for it.
Does not belong here: reading values (`reader.py`), what a style hides (`cell_styles.py`), the zip (`safe_zip.py`),
other parts (`guard.py`).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

from defusedxml.ElementTree import DefusedXMLParser

from ingestion.files.cell_styles import Styles
from ingestion.files.filled_rows import error_cells, held_rows
from ingestion.files.noncell_text import NonCellText
from ingestion.files.part_texts import PAGE_CODES, PartTexts, squeeze_all, written_by_persons
from ingestion.files.safe_zip import Archive, Stop
from ingestion.findings import Finding, cell_name

_MAX_CARRY_BYTES = 16_000_000  # longer than any row of a ministry
_PREFIX = rb"(?:[A-Za-z_][\w.-]*:)?"
_CELL_OPENS = re.compile(rb"<" + _PREFIX + rb"c[\s/>]")
_CELL_PLACE = re.compile(rb"<" + _PREFIX + rb"c\s(?:[^<>]*?\s)??r\s*=\s*[\"']([A-Z]{1,3}[0-9]{1,7})[\"']")
_PLAIN_PLACE = re.compile(rb"<c r=\"([A-Z]{1,3}[0-9]{1,7})\"")
# Signs of cells and formulas with a prefix or without attributes, tested before the slower patterns.
_ENDS_OF_NAME = (b" ", b">", b"/", b"\n", b"\r", b"\t", b"\x0b", b"\x0c")
_ODD_CELLS = (*(b":c" + end for end in _ENDS_OF_NAME), *(b"<c" + end for end in _ENDS_OF_NAME[1:]))
_FORMULA_SIGNS = tuple(start + end for start in (b"<f", b":f") for end in _ENDS_OF_NAME)
_ROW_OPENS = re.compile(rb"<" + _PREFIX + rb"row\s([^<>]*)>")
_COLUMN_OPENS = re.compile(rb"<" + _PREFIX + rb"col\s([^<>]*)>")
_FORMULA_OPENS = re.compile(rb"<" + _PREFIX + rb"f[\s/>]")
_FORMULA_CELL = re.compile(
    rb"<" + _PREFIX + rb"c\s([^<>]*)>\s*<" + _PREFIX + rb"f(?:\s[^<>]*?)?(?:/>|>([^<]*)</" + _PREFIX + rb"f>)"
    rb"\s*(<" + _PREFIX + rb"v(?:\s[^<>]*?)?(?:/>|>([^<]*)</))?"
)
_HIDDEN = re.compile(rb"\bhidden\s*=\s*[\"'](?:1|true)[\"']")
_EXTENT = re.compile(rb"\b(?:ht|width)\s*=\s*[\"']([0-9]{1,9}(?:\.[0-9]{1,20})?)[\"']")
_DEFAULT_HEIGHT = re.compile(rb"\bdefaultRowHeight\s*=\s*[\"']([0-9]{1,9}(?:\.[0-9]{1,20})?)[\"']")
_DEFAULT_WIDTH = re.compile(rb"\bdefaultColWidth\s*=\s*[\"']([0-9]{1,9}(?:\.[0-9]{1,20})?)[\"']")
_DIMENSION = re.compile(
    rb"<" + _PREFIX + rb"dimension\s[^<>]*?\bref\s*=\s*[\"']"
    rb"([A-Z]{1,3})([0-9]{1,7})(?::([A-Z]{1,3})([0-9]{1,7}))?[\"']"
)
_LEAST_HEIGHT = 3  # points
_LEAST_WIDTH = 0.5  # widths of a digit: some 5 pixels, too narrow for letters
_LAST_COLUMN = 16_384
_HIDING_MARKS = (b"hidden", b"ht=", b"ht =", b"width")  # a quick test before the slow one
_SHEET_DATA_OPENS = re.compile(rb"<" + _PREFIX + rb"sheetData[\s/>]")
_SHEET_DATA_ENDS = re.compile(rb"</" + _PREFIX + rb"sheetData\s*>|<" + _PREFIX + rb"sheetData\s*/>")
_ATTRIBUTE = {
    name: re.compile(rb"(?:^|\s)" + name + rb"\s*=\s*[\"']([^\"']*)[\"']") for name in (b"r", b"t", b"min", b"max")
}
# Outside the cells every text and attribute is read, except those that only give a position or an identifier.
_OUTER_TEXT = re.compile(rb"<(?:[\w.-]*:)?([\w.-]*)[^<>]*>([^<>]*[^\s<>][^<>]*)<")
_OUTER_ATTRIBUTE = re.compile(rb"\s([\w:.-]+)\s*=\s*(?:\"([^\"<]*)\"|'([^'<]*)')")
_PLACING = re.compile(
    rb"(?:xmlns.*|.*:(?:id|embed|uid)|id|uri|r|ref|sqref|cell|activeCell|topLeftCell|activeCellId|guid)"
)
_FORMULA_ELEMENTS = (b"f", b"formula", b"formula1", b"formula2")
_REFERENCE = re.compile(r"\$?[A-Z]{1,3}\$?[0-9]{1,7}")
_LETTER = re.compile(r"[^\W_]")
_PLAIN_CELL = re.compile(  # the parser returns all that it holds
    rb'<c r="[A-Z]{1,3}[0-9]{1,7}"(?: s="[0-9]{1,5}")?(?:/>|(?: t="(?:s|n|b)")?><v>[-+0-9.eE]{0,30}</v></c>'
    rb'| t="str"><v>[^<]*</v></c>| t="inlineStr"><is><t(?: xml:space="preserve")?>[^<]*</t></is></c>)'
)
_PLAIN_ROW = re.compile(rb'<row(?: (?:r|spans|s|ht|customHeight|customFormat|x14ac:dyDescent)="[0-9:.]{1,40}")*></row>')
_READ_ELSEWHERE = frozenset(
    {"t", *(place + what for place in ("odd", "even", "first") for what in ("Header", "Footer"))}
)
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
_DIGITS = b"0123456789"
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class CellBlock(NamedTuple):
    """A block of cells by the numbers of its first and last row and column, from 1."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def cells(self) -> int:
        """The number of its cells."""
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)


@dataclass
class SheetFacts:
    """What the bytes of a sheet show.

    Args:
        name: the sheet's name.
        label: the name for findings: the same, or the sheet's number if the name is personal.
        last_row: the greatest row that a cell names.
        first_column: the smallest column that a cell names.
        last_column: the greatest column that a cell names.
        held_rows: the rows with at least one cell that is not blank, whatever the parser makes of them.
        dimension: the extent that the sheet declares, as in `merged`; None if it declares none.
        hidden_rows: hidden rows; whether they hold anything the reader sees.
        hidden_columns: first and last column of each hidden band.
        hidden_cells: row and column of each cell whose style makes its content invisible.
        uncalculated: row and column of each formula without a stored result, or with an unreliable one.
        errors: row and column -> text of each cell that holds an error such as `#REF!`.
        merged: as `reader.Sheet.merged`, for formats where the parser does not return it.
        findings: flags.
    """

    MAX_CELLS: ClassVar[int] = 5 * 1_048_576  # five columns of all rows: a parser allocates the whole rectangle

    name: str
    label: str
    last_row: int = 0
    first_column: int = _LAST_COLUMN
    last_column: int = 0
    held_rows: set[int] = field(default_factory=set[int])
    dimension: CellBlock | None = None
    hidden_rows: set[int] = field(default_factory=set[int])
    hidden_columns: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    hidden_cells: set[tuple[int, int]] = field(default_factory=set[tuple[int, int]])
    uncalculated: set[tuple[int, int]] = field(default_factory=set[tuple[int, int]])
    errors: dict[tuple[int, int], str] = field(default_factory=dict[tuple[int, int], str])
    merged: list[CellBlock] = field(default_factory=list[CellBlock])
    findings: list[Finding] = field(default_factory=list[Finding])

    def flag_dimension(self) -> None:
        """Flag a declared extent that is smaller than the data: a program that trusts it silently loses rows."""
        if self.dimension is None or not self.held_rows:
            return
        top, left, bottom, right = self.dimension
        has_all_rows = top <= min(self.held_rows) and max(self.held_rows) <= bottom
        if not has_all_rows or self.first_column < left or self.last_column > right:
            stated = f"{cell_name(top, left)}:{cell_name(bottom, right)}"
            cell = cell_name(max(self.held_rows), self.last_column)
            self.findings.append(Finding("flag", "dimension_too_small", self.label, cell, {"stated": stated}))


def scan_sheet(
    archive: Archive,
    part: str,
    facts: SheetFacts,
    *,
    must_recalculate: bool,
    styles: Styles,
    blank_texts: frozenset[bytes],
) -> list[NonCellText]:
    """Fill in the facts of a sheet and return the texts outside its cells.

    Args:
        archive: the workbook's parts.
        part: the name of the worksheet's part.
        facts: of this sheet; filled in.
        must_recalculate: whether the workbook declares its stored results unreliable.
        styles: those that hide content.
        blank_texts: the indices of the blank shared texts.

    Raises:
        Stop: `far_corner`, `cell_without_place`, `hidden_row`, `unreadable`.
    """
    texts: set[str] = set()
    formulas: list[bytes] = []
    unreadable: list[bytes] = []
    outside, stray = _Outside(), PartTexts(_READ_ELSEWHERE)
    parser = DefusedXMLParser(target=stray, forbid_dtd=True)
    for chunk in _cut_between_rows(archive.stream(part)):
        _measure(chunk, facts)
        parser.feed(_PLAIN_ROW.sub(b"", _PLAIN_CELL.sub(b"", chunk)))
        facts.held_rows.update(held_rows(chunk, blank_texts))
        facts.errors |= {_row_and_column(attributes): text for attributes, text in error_cells(chunk)}
        outside.take(chunk)
        _collect_hidden(chunk, outside.before or b"", facts)
        unreadable += _collect_hidden_cells(chunk, facts, styles)
        formulas += _read_formulas(chunk, facts, texts, must_recalculate=must_recalculate)
    parser.close()
    _collect_bands(outside.before or b"", facts)
    facts.dimension = _dimension_of(outside.before or b"")
    facts.flag_dimension()
    for piece in (outside.before or b"", *outside.behind):
        _collect_texts(piece, texts)
    if formulas:
        first = _read_place(formulas[0])
        facts.findings.append(
            Finding("flag", "formula_read_as_value", facts.label, first, {"count": str(len(formulas))})
        )
    if unreadable:
        first, count = _read_place(unreadable[0]), {"count": str(len(unreadable))}
        facts.findings.append(Finding("flag", "unreadable_letters", facts.label, first, count))
    read = [NonCellText("text", text, facts.label) for text in texts]
    return [*read, *written_by_persons(stray, squeeze_all(texts), facts.label)]


def _cut_between_rows(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the stream cut between rows, so that no pattern is split."""
    carry = b""
    for piece in pieces:
        carry += piece
        cut = max(carry.rfind(b"<row "), carry.rfind(b"</row>") + 6, carry.rfind(b":row>") + 5)
        if cut > 6:
            yield carry[:cut]
            carry = carry[cut:]
        if len(carry) > _MAX_CARRY_BYTES:
            raise Stop("unreadable")
    yield carry


def _measure(chunk: bytes, facts: SheetFacts) -> None:
    places = _places(chunk)
    if not places:
        return
    joined = b" ".join(places)
    columns = set(map(_column_number, set(joined.translate(None, _DIGITS).split())))
    rows = set(joined.translate(None, _LETTERS).split())
    facts.first_column, facts.last_column = min(facts.first_column, *columns), max(facts.last_column, *columns)
    facts.last_row = max(facts.last_row, *map(int, rows))
    if facts.last_row * facts.last_column > SheetFacts.MAX_CELLS:
        raise Stop("far_corner", sheet=facts.label, cell=cell_name(facts.last_row, facts.last_column))
    if len(places) != _count_cells(chunk):
        raise Stop("cell_without_place", sheet=facts.label)


def _places(chunk: bytes) -> list[bytes]:
    """Return the addresses of the cells, by the usual notation if all cells use it, else by the general pattern."""
    plain: list[bytes] = _PLAIN_PLACE.findall(chunk)
    return plain if len(plain) == _count_cells(chunk) else _CELL_PLACE.findall(chunk)


def _count_cells(chunk: bytes) -> int:
    if not any(sign in chunk for sign in _ODD_CELLS):
        return chunk.count(b"<c ")
    return len(_CELL_OPENS.findall(chunk))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


@dataclass
class _Outside:
    """The XML outside the cells of a sheet: one piece before them, and the pieces after them."""

    before: bytes | None = None
    behind: list[bytes] = field(default_factory=list[bytes])

    def take(self, chunk: bytes) -> None:
        """Collect the part of the next chunk that lies outside the cells."""
        if self.before is None:
            self.before = _SHEET_DATA_OPENS.split(chunk, maxsplit=1)[0]
        if self.behind:
            self.behind.append(chunk)
        elif b"sheetData" in chunk:
            self.behind = _SHEET_DATA_ENDS.split(chunk, maxsplit=1)[1:]
        if sum(map(len, self.behind)) > _MAX_CARRY_BYTES:
            raise Stop("unreadable")


def _collect_hidden(chunk: bytes, before: bytes, facts: SheetFacts) -> None:
    """Collect the rows that are hidden or too low to read, on their own or by the sheet's default."""
    is_low = _is_below(_DEFAULT_HEIGHT.search(before), _LEAST_HEIGHT)
    if not is_low and not any(mark in chunk for mark in _HIDING_MARKS):
        return
    for attributes in _ROW_OPENS.findall(chunk):
        height = _EXTENT.search(attributes)
        if _HIDDEN.search(attributes) or (_is_below(height, _LEAST_HEIGHT) if height else is_low):
            row = _attribute(attributes, b"r")
            if not row.isdigit():
                raise Stop("hidden_row", sheet=facts.label)
            facts.hidden_rows.add(int(row))


def _collect_bands(before: bytes, facts: SheetFacts) -> None:
    """Collect the columns that are hidden or too narrow to read, on their own or by default."""
    covered: set[int] = set()
    is_narrow = _is_below(_DEFAULT_WIDTH.search(before), _LEAST_WIDTH)
    for attributes in _COLUMN_OPENS.findall(before):
        first, last = int(_attribute(attributes, b"min")), min(int(_attribute(attributes, b"max")), _LAST_COLUMN)
        width = _EXTENT.search(attributes)
        if _HIDDEN.search(attributes) or (_is_below(width, _LEAST_WIDTH) if width else is_narrow):
            facts.hidden_columns.append((first, last))
        covered.update(range(first, last + 1))
    if is_narrow:
        facts.hidden_columns += [
            (column, column) for column in range(1, facts.last_column + 1) if column not in covered
        ]


def _dimension_of(before: bytes) -> CellBlock | None:
    match = _DIMENSION.search(before)
    if match is None:
        return None
    left, top, right, bottom = match.groups()
    return CellBlock(int(top), _column_number(left), int(bottom or top), _column_number(right or left))


def _is_below(match: re.Match[bytes] | None, least: float) -> bool:
    return match is not None and float(match[1]) < least


def _collect_hidden_cells(chunk: bytes, facts: SheetFacts, styles: Styles) -> list[bytes]:
    """Collect the cells whose style shows nothing; return the attributes of those with unreadable letters."""
    if not styles.hiding:
        return []
    numbers = b"|".join(b"%d" % style for style in sorted(styles.hiding))
    pattern = rb"<" + _PREFIX + rb"c\s([^<>]*\bs\s*=\s*[\"'](" + numbers + rb")[\"'][^<>/]*)>\s*<"
    unreadable: list[bytes] = []
    for attributes, number in re.findall(pattern, chunk):
        is_text = _attribute(attributes, b"t") in (b"s", b"str", b"inlineStr")
        if int(number) in (styles.blank_texts if is_text else styles.blank_numbers):
            facts.hidden_cells.add(_row_and_column(attributes))
        elif int(number) in styles.unreadable:
            unreadable.append(attributes)
    return unreadable


def _read_formulas(chunk: bytes, facts: SheetFacts, texts: set[str], *, must_recalculate: bool) -> list[bytes]:
    """Return the attributes of the cells with a formula and its result; quoted text is added to `texts`."""
    if not any(sign in chunk for sign in _FORMULA_SIGNS):
        return []
    chunk = _SHEET_DATA_ENDS.split(chunk, maxsplit=1)[0]  # after the cells, `f` is a rule of validation or colour
    count = len(_FORMULA_OPENS.findall(chunk))
    cells: list[tuple[bytes, bytes, bytes, bytes]] = _FORMULA_CELL.findall(chunk)
    if len(cells) != count:
        raise Stop("unreadable", sheet=facts.label)
    calculated: list[bytes] = []
    for attributes, formula, result, value in cells:
        texts.update(_QUOTED.findall(_decode_text(formula)))
        is_empty_text = bool(result) and _attribute(attributes, b"t") == b"str"
        if must_recalculate or not (value or is_empty_text):
            facts.uncalculated.add(_row_and_column(attributes))
        else:
            calculated.append(attributes)
    return calculated


def _collect_texts(piece: bytes, texts: set[str]) -> None:
    """Collect every text outside the cells: page headers, rules and their messages, links, filters, scenarios."""
    for name, first, second in _OUTER_ATTRIBUTE.findall(piece):
        if not _PLACING.fullmatch(name):
            texts.add(_decode_text(first or second))
    for name, content in _OUTER_TEXT.findall(piece):
        text = _decode_text(content)
        if name in _FORMULA_ELEMENTS:
            texts.update(_QUOTED.findall(text))
            texts.add(_REFERENCE.sub(" ", _QUOTED.sub(" ", text)))
        elif not _PLACING.fullmatch(name):
            texts.add(PAGE_CODES.sub(" ", text) if name.endswith((b"Header", b"Footer")) else text)
    texts -= {text for text in texts if not _LETTER.search(text)}


def _attribute(attributes: bytes, name: bytes) -> bytes:
    match = _ATTRIBUTE[name].search(attributes)
    return match[1] if match else b""


def _row_and_column(attributes: bytes) -> tuple[int, int]:
    place = _attribute(attributes, b"r")
    return int(place.lstrip(_LETTERS)), _column_number(place.rstrip(_DIGITS))


def _read_place(attributes: bytes) -> str:
    return _attribute(attributes, b"r").decode("ascii")


def _decode_text(value: bytes) -> str:
    return html.unescape(value.decode("utf-8", errors="replace"))
