"""Records of the house's own making in a file: of the invented country, or synthetic ones.

Belongs here: knowing them by what stands in the cells, whatever program saved the file and in which format.
Does not belong here: refusing such a file (`submissions/invented_files.py`), writing it (`samples`,
`reports/exchange/htcds.py`).
"""

from __future__ import annotations

from typing import Literal

from ingestion.files.reader import Workbook
from ingestion.files.template_sheets import stamp_of
from ingestion.personal.identifiers import is_invented_token

Making = Literal["", "invented", "synthetic"]


def making_of(workbook: Workbook) -> Making:
    """Return how the house made the records of a file, by the first stamp or token that says so; empty for a sender's.

    One row of an invented table in a sender's file is enough: it is of no person.
    """
    for sheet in workbook.sheets:
        for row in sheet.rows:
            for cell in row:
                if isinstance(cell, str) and (making := _making_said_by(cell.strip())):
                    return making
    return ""


def _making_said_by(text: str) -> Making:
    if text.startswith("k0"):
        return "invented" if is_invented_token(text) else ""
    if not text.startswith("marsad:"):
        return ""
    stamp = stamp_of(text)
    kind = stamp.kind if stamp else ""
    return kind if kind == "invented" or kind == "synthetic" else ""
