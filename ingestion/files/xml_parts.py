"""A small XML part of a workbook, read as a tree.

Belongs here: reading such a part within limits, names without their namespace.
Does not belong here: parts that are streamed (`sheet_scan.py`, `ods_scan.py`), the zip (`safe_zip.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defusedxml.ElementTree import fromstring

from ingestion.files.safe_zip import Archive, Stop

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_SMALL_PART_BYTES = 8_000_000
"""Most bytes of the parts that list other parts: far more than any program writes."""
MAX_DEPTH = 100
"""Most nested elements; programs write fewer than ten levels."""


def parse(archive: Archive, name: str) -> Element:
    """Return a small part as XML.

    Raises:
        Stop: as `Archive.read`; `unreadable` for too deep nesting.
    """
    root = fromstring(archive.read(name, MAX_SMALL_PART_BYTES), forbid_dtd=True)
    level, depth = [root], 0
    while level:
        level, depth = [child for element in level for child in element], depth + 1
        if depth > MAX_DEPTH:
            raise Stop("unreadable")
    return root


def local_name(name: str) -> str:
    """Return the name of an element or an attribute without its namespace."""
    return name.rpartition("}")[2]
