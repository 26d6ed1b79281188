"""The bytes of an openpyxl workbook, made in memory.

openpyxl's own `save` writes each sheet into a folder for temporary files first, also where it saves into memory: of a
file that is refused nothing may stay, not even there. What is replaced here asks for attributes that openpyxl does not
publish, so its version is pinned, and a test watches what is opened. Does not belong here: what is in the workbook
(`marking.py`).
"""

from __future__ import annotations

import datetime
import io
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook


class _Writer(ExcelWriter):
    """openpyxl's writer, but for the place where a sheet is before it is in the archive."""

    def write_worksheet(self, ws: Any) -> None:  # noqa: ANN401 - as openpyxl calls it
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
        writer: Any = WorksheetWriter(ws, out=io.BytesIO())
        writer.write()
        ws._rels = writer._rels
        archive: ZipFile = vars(self)["_archive"]
        archive.writestr(ws.path[1:], writer.read())
        self.manifest.append(ws)


def workbook_bytes(workbook: Workbook) -> bytes:
    """Return the bytes of a workbook; nothing of it touches the disk."""
    stream = io.BytesIO()
    workbook.properties.modified = datetime.datetime.now(tz=datetime.UTC).replace(tzinfo=None)
    _Writer(workbook, ZipFile(stream, "w", ZIP_DEFLATED, allowZip64=True)).save()
    return stream.getvalue()
