"""Sheets that Marsad itself adds to a workbook: findings, guidance, code lists, a notice. None holds data.

Belongs here: the stamp in the first cell that identifies such a sheet, whatever its name and language; the stamp of
files of the invented country, at the foot of each of their tables; the author of comments by which they are known.
Does not belong here: writing those sheets (`marking.py`, `templates.py`), which version a template has
(`template_versions.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from ingestion.files.reader import CellValue, Sheet, Workbook

HOUSE_AUTHOR = "Marsad"
"""The author of the comments that `marsad check --mark` writes."""
StampKind = Literal["findings", "codes", "template", "invented"]
_FORMAT = 1
_STAMP = re.compile(
    r"marsad:(?P<kind>findings|codes|template|invented):\d+"
    r"(:(?P<source>[a-z0-9_]+):(?P<version>[a-p]{12})(:(?P<language>[a-z]{2,3}))?)?"
)


@dataclass(frozen=True)
class Stamp:
    """The first cell of a sheet that Marsad added; source (or shape), version and language are a template's."""

    kind: str
    source: str = ""
    version: str = ""
    language: str = ""


def stamp_text(kind: StampKind, *template: str) -> str:
    """Return the text of a stamp: `marsad:codes:1`, `marsad:template:1:<source or shape>:<version>:<language>`."""
    return ":".join(("marsad", kind, str(_FORMAT), *template))


def stamp_of(first_cell: CellValue) -> Stamp | None:
    """Return the stamp that a cell holds, the first cell of an added sheet; None for a text of the sender's."""
    match = _STAMP.fullmatch(first_cell.strip()) if isinstance(first_cell, str) else None
    return Stamp(*(part or "" for part in match.group("kind", "source", "version", "language"))) if match else None


def stamp_on(sheet: Sheet) -> Stamp | None:
    """Return the stamp of a sheet that Marsad added; None for a sender's own sheet."""
    return stamp_of(sheet.rows[0][0]) if sheet.rows and sheet.rows[0] else None


def set_aside(workbook: Workbook) -> tuple[Workbook, dict[str, Stamp]]:
    """Return the workbook without the sheets that Marsad added, and their stamps by sheet name."""
    on_sheets = {sheet.name: stamp_on(sheet) for sheet in workbook.sheets}
    stamps = {name: stamp for name, stamp in on_sheets.items() if stamp and stamp.kind != "invented"}
    return replace(workbook, sheets=[sheet for sheet in workbook.sheets if sheet.name not in stamps]), stamps
