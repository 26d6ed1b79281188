"""Extract every text of a file, visible or not: attack 23, for files of any kind.

Belongs here: extracting texts from the bytes of a file, including those that no reader sees (comments, metadata, hidden
sheets, formulas, machine names), and listing the files that have such places. A kind of file that cannot be read here
is reported, never skipped.
Does not belong here: what the texts mean (`tests/expectations/gate/numbers_in_text.py`), or writing any file.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import PurePosixPath
from typing import Any
from xml.parsers.expat import ExpatError, ParserCreate

from defusedxml.ElementTree import fromstring

from expectations.gate import text_in_pdf
from ingestion.storage import parse_json
from ingestion.stored_tables import table_in
from languages.refusal import Refusal

# Attributes that are read, shown or spoken, and elements that are never shown.
_SPOKEN = frozenset(
    {"title", "alt", "content", "placeholder", "value", "aria-label", "aria-description", "aria-valuetext"}
)
_UNSEEN_TAGS = frozenset({"script", "template", "noscript", "metadata", "desc", "iframe", "object"})
_NO_TEXT_TAGS = frozenset({"style"})
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_TEXTS = frozenset({b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"})
# Parts of an office file that hold something besides the sheet or page itself.
_BESIDE = re.compile(
    r"docProps/custom|comments|threadedComment|persons/|pivot|externalLink|printerSettings|customXml|drawings/|media/|"
    r"connections|queryTables|meta\.xml|settings\.xml|Thumbnails/|embeddings/|vba|footnotes|endnotes|revisions"
)
# Names that a sheet needs to repeat its heading on every page: a reference into the sheet, nothing else.
_PRINT_NAMES = frozenset({"_xlnm.Print_Titles", "_xlnm.Print_Area"})
_SHEET_PLACE = re.compile(r"'?[^'!]*'?!\$[A-Z0-9:$]*")
_COUNTS_OF_PARTS = frozenset({"lpstr", "i4", "Application", "AppVersion", "DocSecurity", "ScaleCrop", "LinksUpToDate",
                              "SharedDoc", "HyperlinksChanged"})  # fmt: skip
# Hidden text in a part depends on the name of an element or attribute, and XML writes a name in one way only.
_MAY_HIDE = re.compile(
    rb"<!|hidden|Hidden|formula|annotation|dataValidation|definedName|numFmt|<(?:[^<>\s/]*:)?f[\s/>]"
)
_IN_UTF_8 = re.compile(rb"<\?xml [^>]*encoding=['\"]UTF-8['\"]", re.IGNORECASE)
_OFFICE = (".xlsx", ".xlsm", ".ods", ".docx", ".odt", ".pptx")
_CHART_PLACE = re.compile(r"Sheet1!\$[A-Z]+\$\d+(:\$[A-Z]+\$\d+)?")
_FORMATS = frozenset({"General", "0%", "#,##0"})
# The workbook embedded in a slide's chart: whoever edits the chart sees it, so its texts are read as well.
_OF_A_CHART = re.compile(r"ppt/embeddings/[^/]+\.xlsx")


@dataclass(frozen=True)
class FileText:
    """One text of a file: its place, and whether it is invisible when the file is opened."""

    place: str
    text: str
    is_hidden: bool = False


class Unreadable(Exception):  # noqa: N818  named by what it says
    """A kind of file whose texts cannot be extracted here."""


def file_texts(name: str, data: bytes, *, hidden_only: bool = False) -> list[FileText]:
    """Return every text of a file; for a table, each distinct text of a column once.

    Args:
        name: name of the file; its ending gives the kind.
        data: its bytes; all of them are read in any case.
        hidden_only: leave out texts that a reader of the file sees.

    Raises:
        Unreadable: for an unknown kind of file, or bytes that do not match the name.
    """
    suffix = PurePosixPath(name).suffix.lower()
    reader = _READERS.get(suffix)
    if reader is None:
        raise Unreadable(name)
    try:
        return [file_text for file_text in reader(data, hidden_only) if file_text.is_hidden or not hidden_only]
    except (ValueError, OSError, zipfile.BadZipFile, SyntaxError, ExpatError) as error:
        raise Unreadable(name) from error


def hidden_places(files: Mapping[str, bytes], ours: Collection[str] = ()) -> list[tuple[str, str]]:
    """Return (file, place) of each text that no reader sees, and (file, `unreadable`) of each file that cannot be read.

    Args:
        files: name to bytes.
        ours: texts that may be invisible because they are the same in every file and hold no data: our own programs,
            names of elements.
    """
    places: list[tuple[str, str]] = []
    for name, data in files.items():
        try:
            hidden = file_texts(name, data, hidden_only=True)
            places += [(name, file_text.place) for file_text in hidden if file_text.text not in ours]
        except Unreadable:
            places.append((name, "unreadable"))
    return places


def refuse_hidden(files: Mapping[str, bytes], ours: Collection[str] = ()) -> None:
    """Refuse files with text in a place that no reader sees; `ours` as in `hidden_places`.

    Raises:
        Refusal: `output_hides`, naming the first such file and place; never the text.
    """
    places = hidden_places(files, ours)
    if places:
        name, place = places[0]
        raise Refusal("output_hides", where=name, place=place)


class _Markup(HTMLParser):
    """Parser that collects texts, spoken attributes, comments and the contents of elements that are not shown."""

    def __init__(self, *, hidden_only: bool) -> None:
        super().__init__(convert_charrefs=True)
        self._hidden_only = hidden_only
        self.texts: list[FileText] = []
        self._open: list[str] = []
        self._is_data = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect the attributes; called by the parser."""
        self._open.append(tag)
        self._is_data = tag == "script" and ("type", "application/json") in attrs
        for name, value in attrs:
            style = (value or "").replace(" ", "") if name == "style" else ""
            is_unseen = name.startswith("data-") or name == "hidden" or "display:none" in style
            is_for_browser = tag == "meta" and any(key in ("http-equiv", "charset") for key, _ in attrs)
            if is_unseen or (name in _SPOKEN and not is_for_browser):
                self.texts.append(FileText(f"{tag}@{name}", value or "", is_unseen))

    def updatepos(self, i: int, j: int) -> int:
        """Do not count lines: line numbers of texts are not needed; called by the parser for each piece."""
        return j

    def handle_endtag(self, tag: str) -> None:
        """Close an element and all that it left open; called by the parser."""
        if tag in self._open:
            while self._open.pop() != tag:
                pass
            self._is_data = False

    def handle_data(self, data: str) -> None:
        """Collect a text; called by the parser. A page's JSON data, which readers query, is collected leaf by leaf."""
        if self._is_data:
            self.texts += _json(data.encode("utf-8"), self._hidden_only)
            return
        text = data.strip()
        if not text:
            return
        inside = set(self._open)
        is_drawn = "svg" in inside
        is_hidden = not inside.isdisjoint(_UNSEEN_TAGS) or (is_drawn and "title" in inside)
        if (is_hidden or not self._hidden_only) and inside.isdisjoint(_NO_TEXT_TAGS):
            name = self._open[-1] if self._open else ""
            self.texts.append(FileText(f"svg/{name}" if is_drawn else name, text, is_hidden))

    def handle_comment(self, data: str) -> None:
        """Collect a comment; called by the parser."""
        self.texts.append(FileText("comment", data.strip(), is_hidden=True))

    def handle_pi(self, data: str) -> None:
        """Collect a processing instruction, unless it is the XML declaration; called by the parser."""
        if not data.startswith("xml "):
            self.texts.append(FileText("instruction", data, is_hidden=True))


def _markup(data: bytes, hidden_only: bool) -> list[FileText]:
    parser = _Markup(hidden_only=hidden_only)
    parser.feed(data.decode("utf-8"))
    parser.close()
    return parser.texts


def _markdown_texts(data: bytes, _: bool) -> Iterator[FileText]:
    text = data.decode("utf-8")
    for comment in re.findall(r"<!--(.*?)-->|^\[//\]: # (.*)$", text, flags=re.DOTALL | re.MULTILINE):
        yield FileText("comment", "".join(comment).strip(), is_hidden=True)
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield FileText(f"line {number}", line.strip())


def _json(data: bytes, hidden_only: bool) -> Iterator[FileText]:
    """Yield the leaves; none is hidden, because whoever opens such a file sees all of it."""
    whole = parse_json(data)
    waiting: list[tuple[str, Any]] = [] if hidden_only else [("", whole)]
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [(f"{place}.{key}", child) for key, child in reversed(value.items())]
        elif isinstance(value, list):
            waiting += [(f"{place}[]", child) for child in reversed(value)]
        elif value is not None:
            yield FileText(place, str(value))


def _csv(data: bytes, _: bool) -> Iterator[FileText]:
    rows = csv.reader(io.StringIO(data.decode("utf-8")))
    header = next(rows, [])
    texts: set[tuple[str, str]] = set()
    for row in rows:
        if len(row) != len(header):
            yield FileText("beside the columns", ",".join(row), is_hidden=True)
        texts.update(zip(header, row, strict=False))
    yield from (FileText(column, text) for column, text in sorted(texts) if text)


def _parquet(data: bytes, _: bool) -> Iterator[FileText]:
    table = table_in(data)
    for key, value in (table.schema.metadata or {}).items():
        yield FileText(f"metadata {key.decode()}", value.decode("utf-8", errors="replace"), is_hidden=True)
    for column in table.column_names:
        metadata = table.schema.field(column).metadata
        if metadata and any(not key.startswith(b"PARQUET:") for key in metadata):
            yield FileText(f"metadata of {column}", str(metadata), is_hidden=True)
        values = (value for value in table[column].unique().to_pylist() if value is not None)
        yield from (FileText(column, f"{value:.15g}" if isinstance(value, float) else str(value)) for value in values)


def _png(data: bytes, _: bool) -> Iterator[FileText]:
    if not data.startswith(_PNG):
        raise ValueError("not a PNG")
    place = len(_PNG)
    while place + 8 <= len(data):
        length, kind = int.from_bytes(data[place : place + 4]), data[place + 4 : place + 8]
        content = data[place + 8 : place + 8 + length]
        if kind in _PNG_TEXTS:
            yield FileText(f"chunk {kind.decode()}", _chunk_text(kind, content), is_hidden=True)
        place += 12 + length
        if kind == b"IEND" and place < len(data):
            yield FileText("after the end", "", is_hidden=True)
            return


def _chunk_text(kind: bytes, content: bytes) -> str:
    if kind == b"zTXt":
        name, _, packed = content.partition(b"\0")
        content = name + b" " + zlib.decompressobj().decompress(packed[1:], 10_000)
    return content.decode("latin-1")


def _office(data: bytes, hidden_only: bool) -> Iterator[FileText]:
    """Yield the texts of sheets and pages, and of properties, comments, formulas and hidden sheets."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if _OF_A_CHART.fullmatch(name):
                yield from _office(archive.read(name), hidden_only)
            elif _BESIDE.search(name):
                yield FileText(name, "", is_hidden=True)
            if name.endswith((".xml", ".rels")):
                yield from _office_part(name, archive.read(name), hidden_only)


def _office_part(name: str, data: bytes, hidden_only: bool) -> Iterator[FileText]:
    is_plain = not name.startswith("docProps/") and _IN_UTF_8.match(data) and not _MAY_HIDE.search(data)
    if hidden_only and is_plain:  # a workbook has hundreds of such parts; each must be whole all the same
        ParserCreate().Parse(data, True)
        return
    whole = fromstring(data)
    numbers = {id(value) for cell in whole.iter() if cell.get("t") == "s" for value in cell.iterfind("{*}v")}
    for element in whole.iter():
        tag = str(element.tag).rpartition("}")[2]
        is_place = name.startswith("ppt/charts/") and tag == "f" and _CHART_PLACE.fullmatch(element.text or "")
        if id(element) in numbers or is_place or (tag == "formatCode" and element.text in _FORMATS):
            continue  # indices into shared texts, and the source ranges and formats of a chart's numbers
        attributes = {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
        text = (element.text or "").strip()
        is_property = name.startswith("docProps/") and bool(text) and tag not in _COUNTS_OF_PARTS
        is_name = tag == "definedName" and not (attributes.get("name") in _PRINT_NAMES and _SHEET_PLACE.fullmatch(text))
        is_hidden = (
            tag in {"f", "dataValidation", "annotation"}
            or is_property
            or is_name
            or attributes.get("state") in {"hidden", "veryHidden"}
            or attributes.get("hidden") in {"1", "true"}
            or "formula" in attributes
            or (tag == "numFmt" and attributes.get("formatCode", "").strip('"') in {";;;", ""})
        )
        if is_hidden:
            hidden_text = text if is_property else " ".join([text, *attributes.values()]).strip()
            yield FileText(f"{name}/{tag}", hidden_text, is_hidden=True)
        elif text:
            yield FileText(f"{name}/{tag}", text)


def _pdf(data: bytes, hidden_only: bool) -> Iterator[FileText]:
    texts = text_in_pdf.pdf_texts(data, hidden_only=hidden_only)
    return (FileText(place, text, is_hidden) for place, text, is_hidden in texts)


_READERS: Mapping[str, Callable[[bytes, bool], Iterator[FileText] | list[FileText]]] = {
    ".html": _markup,
    ".svg": _markup,
    ".md": _markdown_texts,
    ".json": _json,
    ".jsonld": _json,
    ".csv": _csv,
    ".parquet": _parquet,
    ".png": _png,
    ".pdf": _pdf,
    **dict.fromkeys(_OFFICE, _office),
}
