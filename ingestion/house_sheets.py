"""Sheets that the house itself puts into a sender's workbook: findings, guidance, code lists. None holds data.

Belongs here: the stamp in the first cell by which such a sheet is known, whatever it is called in which language, and
the version of a source's template.
Does not belong here: writing those sheets (`marking.py`, `templates.py`). Privacy reads them like all others.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, replace
from typing import Literal

from ingestion.card import SourceCard
from ingestion.findings import Finding
from ingestion.reader import CellValue, Workbook

StampKind = Literal["findings", "codes", "template"]
_FORMAT = 1
_DIGITS_AS_LETTERS = str.maketrans("0123456789", "ghijklmnop")
_STAMP = re.compile(r"marsad:(?P<kind>findings|codes|template):\d+(:(?P<source>[a-z0-9_]+):(?P<version>[a-p]{12}))?")


@dataclass(frozen=True)
class Stamp:
    """What the first cell of a sheet of the house says; source and version are those of a template."""

    kind: str
    source: str = ""
    version: str = ""


def stamp_text(kind: StampKind, card: SourceCard | None = None) -> str:
    """Return the text of a stamp: `marsad:codes:1`, `marsad:template:1:<source>:<version>`."""
    return f"marsad:{kind}:{_FORMAT}" + (f":{card.name}:{template_version(card)}" if card else "")


def stamp_of(first_cell: CellValue) -> Stamp | None:
    """Return the stamp that stands in the first cell of a sheet, or None for a sheet of the sender's."""
    found = _STAMP.fullmatch(first_cell.strip()) if isinstance(first_cell, str) else None
    return Stamp(found["kind"], found["source"] or "", found["version"] or "") if found else None


def template_version(card: SourceCard) -> str:
    """Return the version of a source's template: 12 letters that change with its sheets, headers and fields.

    Letters, since a row of digits could be taken for the number of somebody's document.
    """
    tables = {name: [table.sheets[0], table.shape, [*table.headings.items()]] for name, table in card.tables.items()}
    digest = hashlib.sha256(json.dumps(tables, ensure_ascii=False).encode("utf-8")).hexdigest()
    return digest[:12].translate(_DIGITS_AS_LETTERS)


def set_aside(workbook: Workbook, card: SourceCard) -> tuple[Workbook, list[Finding]]:
    """Return the workbook without the sheets of the house, and `template_outdated` if an earlier template made it."""
    stamps = {sheet.name: stamp_of(sheet.rows[0][0]) for sheet in workbook.sheets if sheet.rows and sheet.rows[0]}
    kept = [sheet for sheet in workbook.sheets if not stamps.get(sheet.name)]
    outdated = [
        Finding("flag", "template_outdated", name)
        for name, stamp in stamps.items()
        if stamp and stamp.source == card.name and stamp.version != template_version(card)
    ]
    return replace(workbook, sheets=kept), outdated
