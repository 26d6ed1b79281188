"""Hand-built OpenDocument spreadsheets, so that a machine without an office program tests them too."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from tests.ingestion.workbooks import Grid

_SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office", "table": "table", "text": "text", "style": "style", "draw": "drawing", "script": "script",
        "form": "form", "meta": "meta", "number": "datastyle",
    }.items()
) + ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'  # fmt: skip
MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
    "{}</manifest:manifest>"
)


def cell(value: Any, extra: str = "", inside: str = "") -> str:  # noqa: ANN401 - whatever a cell may hold
    """One cell; `extra` are attributes, `inside` elements before its text."""
    if value is None:
        return f"<table:table-cell {extra}>{inside}</table:table-cell>"
    if isinstance(value, datetime.date):
        kind, shown = f'office:value-type="date" office:date-value="{value.isoformat()}"', value.isoformat()
    elif isinstance(value, int | float):
        kind, shown = f'office:value-type="float" office:value="{value}"', str(value)
    else:
        kind, shown = 'office:value-type="string"', str(value)
    return f"<table:table-cell {kind} {extra}>{inside}<text:p>{escape(shown)}</text:p></table:table-cell>"


def row(values: list[Any], extra: str = "") -> str:
    return f"<table:table-row {extra}>{''.join(map(cell, values))}</table:table-row>"


def table(name: str, rows: str, *, columns: str = "", extra: str = "") -> str:
    return f'<table:table table:name="{name}" {extra}>{columns}{rows}</table:table>'


def tables(sheets: Mapping[str, Grid]) -> str:
    return "".join(table(name, "".join(map(row, grid))) for name, grid in sheets.items())


def package(
    body: str, *, styles: str = "", before: str = "", parts: Mapping[str, str] | None = None, manifest: str = ""
) -> bytes:
    """A file with these sheets; `before` stands before the body, `parts` are further parts of the zip."""
    content = (
        f"<office:document-content {_SPACES}>{before}<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", MANIFEST.format(manifest))
        archive.writestr("content.xml", content)
        for name, text in (parts or {}).items():
            archive.writestr(name, text)
    return stream.getvalue()


def meta(creator: str) -> str:
    return (
        f"<office:document-meta {_SPACES}><office:meta><dc:creator>{creator}</dc:creator></office:meta>"
        "</office:document-meta>"
    )
