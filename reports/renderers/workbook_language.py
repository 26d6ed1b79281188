"""Set the language of a workbook, which xlsxwriter does not support, among the properties of the finished file.

Belongs here: that one property. Does not belong here: the content of a sheet (`workbook.py`).
"""

from __future__ import annotations

import io
import zipfile

from lxml import etree

_PROPERTIES = "docProps/core.xml"
_LANGUAGE = "{http://purl.org/dc/elements/1.1/}language"


def with_language(workbook: bytes, tag: str) -> bytes:
    """Return a workbook file (.xlsx) that states its language; all its other parts stay as they are."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(stream, "w") as new:
        for entry in old.infolist():
            part = old.read(entry)
            new.writestr(entry, _set_language(part, tag) if entry.filename == _PROPERTIES else part)
    return stream.getvalue()


def _set_language(properties: bytes, tag: str) -> bytes:
    root = etree.fromstring(properties)
    etree.SubElement(root, _LANGUAGE).text = tag
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
