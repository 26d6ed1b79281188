"""Records that Marsad itself generated: those of the invented country.

Belongs here: recognising them by the content of the cells, whatever program saved the file and in which format.
Does not belong here: refusing such a file (`submissions/invented_files.py`), writing it (`samples`).
"""

from __future__ import annotations

from dataclasses import dataclass

from ingestion.files.file_facts import sheet_label
from ingestion.files.reader import Workbook
from ingestion.files.template_sheets import stamp_of
from ingestion.findings import cell_name
from ingestion.text.tokens import is_invented_token


@dataclass(frozen=True)
class HouseRecords:
    """Generated records in a file: the first place that shows it.

    Args:
        sheet: as a finding names it.
        cell: of a stamp or a pseudonymous ID.
    """

    sheet: str
    cell: str


def house_records(workbook: Workbook) -> HouseRecords | None:
    """Return the generated records in a file, by its first stamp or pseudonymous ID; None for a sender's own file.

    One row of an invented table in a sender's file is enough: it describes no real person.
    """
    for ordinal, sheet in enumerate(workbook.sheets, start=1):
        for row, cells in enumerate(sheet.rows, start=1):
            for column, cell in enumerate(cells, start=1):
                if isinstance(cell, str) and _is_invented(cell.strip()):
                    return HouseRecords(sheet_label(ordinal), cell_name(row, column))
    return None


def _is_invented(text: str) -> bool:
    if text.startswith("k0"):
        return is_invented_token(text)
    stamp = stamp_of(text) if text.startswith("marsad:") else None
    return stamp is not None and stamp.kind == "invented"
