"""The guard's look at one sheet, from its bytes alone: extent, hidden rows and columns, formulas, texts outside cells.

Belongs here: byte patterns over a worksheet's XML, streamed; a sheet is judged before a parser allocates for it.
Does not belong here: reading values (`reader.py`), the zip (`archive.py`), other parts (`guard.py`).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from ingestion.archive import Archive, Stop
from ingestion.findings import Finding, cell_name

_MAX_CARRY_BYTES = 16_000_000  # one row longer than this is no row of a ministry
_PREFIX = rb"(?:[A-Za-z_][\w.-]*:)?"
_CELL_OPENS = re.compile(rb"<" + _PREFIX + rb"c[\s/>]")
_CELL_PLACE = re.compile(rb"<" + _PREFIX + rb"c\s(?:[^<>]*?\s)??r\s*=\s*[\"']([A-Z]{1,3}[0-9]{1,7})[\"']")
_ROW_OPENS = re.compile(rb"<" + _PREFIX + rb"row\s([^<>]*)>")
_COLUMN_OPENS = re.compile(rb"<" + _PREFIX + rb"col\s([^<>]*)>")
_FORMULA_OPENS = re.compile(rb"<" + _PREFIX + rb"f[\s/>]")
_FORMULA_CELL = re.compile(
    rb"<" + _PREFIX + rb"c\s([^<>]*)>\s*<" + _PREFIX + rb"f(?:\s[^<>]*?)?(?:/>|>([^<]*)</" + _PREFIX + rb"f>)"
    rb"\s*(<" + _PREFIX + rb"v(?:\s[^<>]*?)?(?:/>|>([^<]*)</))?"
)
_HIDDEN = re.compile(rb"\bhidden\s*=\s*[\"'](?:1|true)[\"']|\b(?:ht|width)\s*=\s*[\"']0(?:\.0*)?[\"']")
_HIDING_MARKS = (b"hidden", b'ht="0', b"ht='0", b'width="0', b"width='0")  # a quick look before the slow one
_SHEET_DATA_ENDS = re.compile(rb"</" + _PREFIX + rb"sheetData\s*>")
_ATTRIBUTE = {
    name: re.compile(rb"(?:^|\s)" + name + rb"\s*=\s*[\"']([^\"']*)[\"']") for name in (b"r", b"t", b"min", b"max")
}
_TEXT_ELEMENTS = re.compile(
    rb"<"
    + _PREFIX
    + rb"(?:odd|even|first)(?:Header|Footer)[^<>]*>([^<]*)<|<"
    + _PREFIX
    + rb"formula[12][^<>]*>([^<]*)<"
)
_TEXT_ATTRIBUTES = re.compile(rb"\s(?:tooltip|display|location|prompt|promptTitle|error|errorTitle)\s*=\s*\"([^\"]*)\"")
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
_DIGITS = b"0123456789"
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass
class SheetFacts:
    """What the bytes of a sheet say.

    Args:
        name: the sheet's name.
        label: the same, or its number where the name is personal; findings say this.
        last_row: the greatest row that a cell names.
        last_column: the greatest column that a cell names.
        hidden_rows: hidden rows; whether they hold anything the reader sees.
        hidden_columns: first and last column of each hidden band.
        uncalculated: row and column of each formula without a stored result, or whose result is not to be trusted.
        merged: as `reader.Sheet.merged`, where the parser does not say it.
        findings: flags.
    """

    MAX_CELLS: ClassVar[int] = 5_000_000  # rows times columns: a parser allocates the whole rectangle

    name: str
    label: str
    last_row: int = 0
    last_column: int = 0
    hidden_rows: set[int] = field(default_factory=set[int])
    hidden_columns: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    uncalculated: set[tuple[int, int]] = field(default_factory=set[tuple[int, int]])
    merged: list[tuple[int, int, int, int]] = field(default_factory=list[tuple[int, int, int, int]])
    findings: list[Finding] = field(default_factory=list[Finding])


def scan_sheet(archive: Archive, part: str, facts: SheetFacts, *, must_recalculate: bool) -> set[str]:
    """Fill in the facts of a sheet and return the texts that stand outside its cells.

    Args:
        archive: the workbook's parts.
        part: the name of the worksheet's part.
        facts: of this sheet; filled in.
        must_recalculate: whether the workbook says that its stored results are not to be trusted.

    Raises:
        Stop: `far_corner`, `cell_without_place`, `hidden_row`, `unreadable`.
    """
    texts: set[str] = set()
    formulas: list[bytes] = []
    for chunk in _whole_rows(archive.stream(part)):
        _measure(chunk, facts)
        _collect_hidden(chunk, facts)
        formulas += _read_formulas(chunk, facts, texts, must_recalculate=must_recalculate)
        _collect_texts(chunk, texts)
    if formulas:
        first = _place(formulas[0])
        facts.findings.append(
            Finding("flag", "formula_read_as_value", facts.label, first, {"count": str(len(formulas))})
        )
    return texts


def _whole_rows(pieces: Iterator[bytes]) -> Iterator[bytes]:
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
    places: list[bytes] = _CELL_PLACE.findall(chunk)
    if len(places) != len(_CELL_OPENS.findall(chunk)):
        raise Stop("cell_without_place", sheet=facts.label)
    if not places:
        return
    letters = {place.rstrip(_DIGITS) for place in places}
    facts.last_column = max(facts.last_column, *map(_column_number, letters))
    facts.last_row = max(facts.last_row, *(int(place.lstrip(_LETTERS)) for place in (places[0], *places)))
    if facts.last_row * facts.last_column > SheetFacts.MAX_CELLS:
        raise Stop("far_corner", sheet=facts.label, cell=cell_name(facts.last_row, facts.last_column))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _collect_hidden(chunk: bytes, facts: SheetFacts) -> None:
    if not any(mark in chunk for mark in _HIDING_MARKS):
        return
    for attributes in _ROW_OPENS.findall(chunk):
        if _HIDDEN.search(attributes):
            row = _attribute(attributes, b"r")
            if not row.isdigit():
                raise Stop("hidden_row", sheet=facts.label)
            facts.hidden_rows.add(int(row))
    for attributes in _COLUMN_OPENS.findall(chunk):
        if _HIDDEN.search(attributes):
            facts.hidden_columns.append((int(_attribute(attributes, b"min")), int(_attribute(attributes, b"max"))))


def _read_formulas(chunk: bytes, facts: SheetFacts, texts: set[str], *, must_recalculate: bool) -> list[bytes]:
    """Return the attributes of the cells with a formula and its result; text in quotation marks goes to `texts`."""
    if b"<f" not in chunk and b":f" not in chunk:
        return []
    chunk = _SHEET_DATA_ENDS.split(chunk, maxsplit=1)[0]  # behind the cells, `f` is a rule of validation or colour
    count = len(_FORMULA_OPENS.findall(chunk))
    cells: list[tuple[bytes, bytes, bytes, bytes]] = _FORMULA_CELL.findall(chunk)
    if len(cells) != count:
        raise Stop("unreadable", sheet=facts.label)
    calculated: list[bytes] = []
    for attributes, formula, result, value in cells:
        texts.update(_QUOTED.findall(_decoded(formula)))
        is_empty_text = bool(result) and _attribute(attributes, b"t") == b"str"
        if must_recalculate or not (value or is_empty_text):
            place = _attribute(attributes, b"r")
            facts.uncalculated.add((int(place.lstrip(_LETTERS)), _column_number(place.rstrip(_DIGITS))))
        else:
            calculated.append(attributes)
    return calculated


def _collect_texts(chunk: bytes, texts: set[str]) -> None:
    if b"eader" in chunk or b"ooter" in chunk or b"formula" in chunk:
        for first, second in _TEXT_ELEMENTS.findall(chunk):
            texts.add(_decoded(first or second))
    if b"yperlink" in chunk or b"ataValidation" in chunk:
        texts.update(_decoded(value) for value in _TEXT_ATTRIBUTES.findall(chunk))


def _attribute(attributes: bytes, name: bytes) -> bytes:
    found = _ATTRIBUTE[name].search(attributes)
    return found[1] if found else b""


def _place(attributes: bytes) -> str:
    return _attribute(attributes, b"r").decode("ascii")


def _decoded(value: bytes) -> str:
    return html.unescape(value.decode("utf-8", errors="replace"))


_STRING_OPENS = re.compile(rb"<" + _PREFIX + rb"si[\s>]")
_STRING_TEXT = re.compile(rb"<" + _PREFIX + rb"t(?:\s[^<>]*)?>([^<]*)<")
_STRINGS_PART = "xl/sharedStrings.xml"


def leftover_texts(data: bytes, seen: set[str]) -> set[str]:
    """Return the texts of the workbook's shared table that stand in no cell, such as those of deleted cells.

    Args:
        data: the file's bytes, already guarded.
        seen: the texts of all cells.
    """
    archive = Archive(data)
    if _STRINGS_PART not in archive.names:
        return set()
    content = b"".join(archive.stream(_STRINGS_PART))
    items = (_STRING_TEXT.findall(item) for item in _STRING_OPENS.split(content)[1:])
    return {_decoded(b"".join(texts)) for texts in items} - seen
