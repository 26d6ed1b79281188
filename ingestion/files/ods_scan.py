"""The guard's scan of an OpenDocument spreadsheet (.ods): parts, hidden rows, columns and sheets, non-cell texts.

Belongs here: which elements such a file may have, and the facts of its sheets, streamed before any parser builds
anything. Anything not known to be harmless is refused.
Does not belong here: its parts and properties (`ods_parts.py`), the zip (`safe_zip.py`), the same rules for
xlsx (`guard.py`, `sheet_scan.py`), values (`reader.py`). Which elements hide, draw or link: OASIS OpenDocument 1.3
part 3.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from defusedxml.ElementTree import DefusedXMLParser

from ingestion.files.file_facts import LAST_COLUMN, LAST_ROW, CellBlock, Guarded, SheetFacts, is_blank
from ingestion.files.noncell_text import HOUSE_AUTHOR, MAX_SMALL_PART_BYTES, NonCellText
from ingestion.files.ods_parts import check_part, check_thumbnail, properties
from ingestion.files.part_texts import PartTexts, squeeze_all, texts_of_persons, written_by_persons
from ingestion.files.safe_zip import Archive, Stop
from ingestion.findings import cell_name
from ingestion.personal.personal_text import sheet_label

MEDIA_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_MAX_CONTENT_BYTES = 300_000_000
_MAX_THUMBNAIL_BYTES = 300_000  # the thumbnail of the first page that programs add by themselves
_STREAMED_PARTS = ("content.xml", "styles.xml")
_MAX_DEPTH = 100
# Elements that refuse the file wherever they stand in its content or styles.
_REFUSED_ELEMENTS = {
    "script": "macro",
    "event-listener": "macro",
    "tracked-changes": "change_history",
    "data-pilot-table": "pivot_cache",
    "dde-link": "external_link",
    "dde-source": "external_link",
    "table-source": "external_link",
    "cell-range-source": "external_link",
    "database-source-sql": "external_link",
    "database-source-query": "external_link",
    "database-source-table": "external_link",
    "binary-data": "embedded_content",
    "object": "embedded_content",
    "object-ole": "embedded_content",
    "image": "embedded_content",
    "plugin": "embedded_content",
    "applet": "embedded_content",
    "floating-frame": "embedded_content",
    "frame": "embedded_content",
    "custom-shape": "embedded_content",
    "shapes": "embedded_content",
    "form": "embedded_content",
    "fill-image": "embedded_content",
}
_ZERO = re.compile(r"0*(\.0*)?[a-z%]*")
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
_SPOKEN_ATTRIBUTES = ("title", "name", "condition", "expression", "display-name", "string-value")


def is_open_document(archive: Archive) -> bool:
    """Return whether a zip is an OpenDocument spreadsheet."""
    return "mimetype" in archive.names and archive.read("mimetype", 1000).strip() == MEDIA_TYPE


def scan_open_document(archive: Archive) -> Guarded:
    """Return the facts of an OpenDocument spreadsheet.

    Raises:
        Stop: `encrypted`, `hidden_sheet`, `far_corner`, `unreadable`, or the kind of a part or an element that no
            export needs: `macro`, `embedded_content`, `external_link`, `pivot_cache`, `change_history`, `unknown_part`.
    """
    for name in archive.names:
        check_part(name.lower())
    if b"encryption-data" in archive.read("META-INF/manifest.xml", MAX_SMALL_PART_BYTES):
        raise Stop("encrypted")
    if "Thumbnails/thumbnail.png" in archive.names:
        check_thumbnail(archive.read("Thumbnails/thumbnail.png", _MAX_THUMBNAIL_BYTES))
    scan = _OpenDocumentScan()
    _feed_scan(archive, "content.xml", scan)
    document = scan.document
    document.end_sheets()
    scans = [scan]
    if "styles.xml" in archive.names:
        scans.append(_OpenDocumentScan())
        _feed_scan(archive, "styles.xml", scans[-1])
        document.beside += scans[-1].document.beside
    document.beside += properties(archive)
    known = squeeze_all([*(text.text for text in document.beside), *(facts.name for facts in document.sheets)])
    for scan in scans:
        document.beside += written_by_persons(scan, known)
    small = [name for name in archive.names if name.endswith((".xml", ".rdf")) and name not in _STREAMED_PARTS]
    document.beside += texts_of_persons(archive, small, known)
    return document


def _feed_scan(archive: Archive, name: str, scan: _OpenDocumentScan) -> None:
    parser = DefusedXMLParser(target=scan, forbid_dtd=True)
    total = 0
    for piece in archive.stream(name):
        total += len(piece)
        if total > _MAX_CONTENT_BYTES:
            raise Stop("zip_bomb")
        parser.feed(piece)
    parser.close()


_Element = tuple[str, Callable[[Mapping[str, str]], None] | None, Callable[[], None] | None]


@dataclass
class _Cell:
    """The cell that is being read."""

    columns: int
    kind: str
    formula: str
    spans: tuple[int, int]
    stated: str | None
    text: list[str] = field(default_factory=list[str])


class _OpenDocumentScan(PartTexts):
    """The target of the XML parser: receives opening tags, closing tags and text in the order of the file."""

    def __init__(self) -> None:
        super().__init__()
        self.document = Guarded("ods")
        self._known: dict[str, _Element] = {}
        self._hiding_styles: set[str] = set()
        self._style = ""
        self._facts: SheetFacts | None = None
        self._row = self._column = self._rows = 0
        self._row_is_hidden = False
        self._row_is_held = False
        self._errors: dict[int, str] = {}  # column -> error, of this row
        self._width = 0  # number of this row's columns up to the last that holds something
        self._band = 0  # columns that `table:table-column` has named so far
        self._hidden_groups = 0
        self._cell: _Cell | None = None
        self._note: dict[str, list[str]] | None = None
        self._noted: list[str] = []
        self._formulas: list[str] = []
        self._seen: set[str] = set()

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Judge an element that opens."""
        name, opens, _ = self._known.get(tag) or self._learn(tag)
        self._stack.append(name)
        if name == "p" and not attributes and len(self._stack) < _MAX_DEPTH:
            return  # the case for most of a file
        own = {key.rpartition("}")[2]: value for key, value in attributes.items()}
        if len(self._stack) > _MAX_DEPTH:
            raise Stop("unreadable")
        self.take(tag, attributes)
        self._refuse(name, own)
        self._speak(name, own)
        if opens:
            opens(own)

    def end(self, tag: str) -> None:
        """Handle an element that closes."""
        self._stack.pop()
        closes = (self._known.get(tag) or self._learn(tag))[2]
        if closes:
            closes()

    def _learn(self, tag: str) -> _Element:
        """Return an element's name, and how its opening and closing are handled."""
        name = tag.rpartition("}")[2]
        method = name.replace("-", "_")
        known = name, getattr(self, f"_open_{method}", None), getattr(self, f"_close_{method}", None)
        self._known[tag] = known
        return known

    def data(self, data: str) -> None:
        """Collect the text between elements: a cell's, a note's, and all text outside cells."""
        if self._note is not None:
            self._note["author" if self._stack[-1] == "creator" else "text"].append(data)
        elif self._cell is not None:
            self._cell.text.append(data)
        elif data.strip():
            self._keep(data)

    def _refuse(self, name: str, own: Mapping[str, str]) -> None:
        if name in _REFUSED_ELEMENTS and self._note is None:
            raise Stop(_REFUSED_ELEMENTS[name], sheet=self._facts.label if self._facts else "")
        if own.get("is-sub-table") == "true" or (name == "table" and self._facts is not None):
            raise Stop("unreadable")
        if "href" in own and name != "a" and self._note is None:
            raise Stop("external_link")

    def _speak(self, name: str, own: Mapping[str, str]) -> None:
        """Collect the attributes in which a person may write."""
        if name == "a":
            self._keep(own.get("href", ""))
        if self._cell is None and name not in ("style", "table", "font-face"):
            for key in _SPOKEN_ATTRIBUTES:
                if key in own:
                    self._keep(own[key])

    def _open_null_date(self, own: Mapping[str, str]) -> None:
        self.document.from_1904 = own.get("date-value", "").startswith("1904")

    def _open_style(self, own: Mapping[str, str]) -> None:
        self._style = own.get("name", "")

    def _open_table_properties(self, own: Mapping[str, str]) -> None:
        if own.get("display") == "false":
            self._hiding_styles.add(self._style)

    def _open_table_column_properties(self, own: Mapping[str, str]) -> None:
        if "column-width" in own and _ZERO.fullmatch(own["column-width"]):
            self._hiding_styles.add(self._style)

    def _open_table_row_properties(self, own: Mapping[str, str]) -> None:
        if "row-height" in own and _ZERO.fullmatch(own["row-height"]):
            self._hiding_styles.add(self._style)

    def _open_text_properties(self, own: Mapping[str, str]) -> None:
        if own.get("display") in ("none", "condition"):
            raise Stop("unknown_part")  # letters that no program displays

    def _open_table(self, own: Mapping[str, str]) -> None:
        name = own.get("name", "")
        label = sheet_label(name, len(self.document.sheets) + 1)
        if own.get("style-name", "") in self._hiding_styles or own.get("display") == "false":
            raise Stop("hidden_sheet", sheet=label)
        self._facts = SheetFacts(name, label)
        self.document.sheets.append(self._facts)
        self._row = self._band = 0
        self._noted, self._formulas = [], []

    def _close_table(self) -> None:
        facts = self._facts
        self._facts = None
        if facts is None:
            return
        facts.flag_cells("formula_read_as_value", self._formulas)
        facts.flag_cells("comment_present", self._noted)

    def _open_table_column_group(self, own: Mapping[str, str]) -> None:
        self._hidden_groups += own.get("display") == "false" or self._hidden_groups > 0

    def _close_table_column_group(self) -> None:
        self._hidden_groups -= self._hidden_groups > 0

    _open_table_row_group = _open_table_column_group
    _close_table_row_group = _close_table_column_group

    def _open_table_column(self, own: Mapping[str, str]) -> None:
        count = _count(own, "number-columns-repeated", LAST_COLUMN)
        if self._facts is not None and self._is_hidden(own):
            self._facts.hidden_columns.append((self._band + 1, self._band + count))
        self._band += count

    def _open_table_row(self, own: Mapping[str, str]) -> None:
        self._rows = _count(own, "number-rows-repeated", LAST_ROW)
        self._column = self._width = 0
        self._row_is_hidden, self._row_is_held, self._errors = self._is_hidden(own), False, {}

    def _close_table_row(self) -> None:
        facts = self._facts
        if facts is None:
            return
        if self._width:
            facts.extend(self._row + self._rows, 1, self._width)
            own = range(self._row + 1, self._row + self._rows + 1)
            facts.hidden_rows.update(own if self._row_is_hidden else ())
            facts.held_rows.update(own if self._row_is_held else ())
            facts.errors |= {(row, column): text for row in own for column, text in self._errors.items()}
        self._row += self._rows

    def _is_hidden(self, own: Mapping[str, str]) -> bool:
        is_shown = (
            own.get("visibility", "visible") == "visible" and own.get("style-name", "") not in self._hiding_styles
        )
        return not is_shown or self._hidden_groups > 0

    def _open_table_cell(self, own: Mapping[str, str]) -> None:
        spans = (_count(own, "number-rows-spanned", LAST_ROW), _count(own, "number-columns-spanned", LAST_COLUMN))
        kind = own.get("value-type", "")
        columns = _count(own, "number-columns-repeated", LAST_COLUMN)
        self._cell = _Cell(columns, kind, own.get("formula", ""), spans, own.get("string-value"))
        if "string-value" in own:
            self._keep(own["string-value"])

    _open_covered_table_cell = _open_table_cell

    def _close_table_cell(self) -> None:
        cell, facts = self._cell, self._facts
        self._cell = None
        if cell is None or facts is None:
            return
        text = "".join(cell.text)
        if cell.kind or text or cell.formula:
            self._width = self._column + cell.columns
        self._take_value(cell, text)
        if cell.formula:
            self._take_formula(cell, facts)
        if cell.stated is not None or (cell.kind != "string" and any(map(str.isalpha, text))):
            self._keep(text)  # the displayed text may differ from what the parser reads
        if cell.spans != (1, 1):
            row, column = self._row + 1, self._column + 1
            facts.merged.append(CellBlock(row, column, row + cell.spans[0] - 1, column + cell.spans[1] - 1))
        self._column += cell.columns

    _close_covered_table_cell = _close_table_cell

    def _take_value(self, cell: _Cell, text: str) -> None:
        """Note whether the cell holds something; an error is displayed as text but stored as an empty one."""
        if cell.stated is not None and is_blank(cell.stated) and not is_blank(text):
            self._errors |= dict.fromkeys(range(self._column + 1, self._column + cell.columns + 1), text)
        is_blank_text = cell.kind == "string" and is_blank(cell.stated or text)
        self._row_is_held |= bool(cell.kind) and not is_blank_text

    def _take_formula(self, cell: _Cell, facts: SheetFacts) -> None:
        for text in _QUOTED.findall(cell.formula):
            self._keep(text)
        place = (self._row + 1, self._column + 1)
        if cell.kind:
            self._formulas.append(cell_name(*place))
        else:
            facts.uncalculated.add(place)

    def _open_annotation(self, own: Mapping[str, str]) -> None:
        self._note = {"author": [], "text": []}

    def _close_annotation(self) -> None:
        note, self._note = self._note, None
        if note is None or self._facts is None:
            return
        place, author = cell_name(self._row + 1, self._column + 1), "".join(note["author"]).strip()
        self.document.beside.append(NonCellText("text", "".join(note["text"]).strip(), self._facts.label, place))
        self.document.beside += [NonCellText("author", author, self._facts.label)] if author else []
        if author != HOUSE_AUTHOR:
            self._noted.append(place)

    def _keep(self, text: str) -> None:
        """Collect a text for the privacy checks, once."""
        plain = text.strip()
        if plain and plain not in self._seen:
            self._seen.add(plain)
            self.document.beside.append(NonCellText("text", plain, self._facts.label if self._facts else ""))


def _count(own: Mapping[str, str], name: str, limit: int) -> int:
    """Return how often something is repeated.

    Raises:
        Stop: `unreadable` if it is no such number.
    """
    typed = own.get(name, "1")
    if not (typed.isascii() and typed.isdigit()) or not 1 <= int(typed) <= limit:
        raise Stop("unreadable")
    return int(typed)
