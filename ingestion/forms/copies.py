"""A copy of a sender's workbook on the sender's own machine: where it may be written, and who may read it.

Belongs here: the rules for every such copy, opening what is copied. Does not belong here: its content (`marking.py`).
"""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.home import write_bytes
from languages.refusal import Refusal

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook


def open_styled(data: bytes) -> Workbook | None:
    """Return a workbook with its looks; None for one that intake could read and openpyxl cannot.

    Of a part that is damaged or missing openpyxl raises whatever it stumbles over: nine kinds of error were seen.
    """
    import openpyxl

    try:
        with warnings.catch_warnings(action="ignore"):  # about parts that it leaves out, in English, to a clerk
            return openpyxl.load_workbook(io.BytesIO(data))
    except Exception:
        return None


def check_output(output: Path, refusal: Refusal) -> None:
    """Refuse to write a copy over a file, into a data home, or under a name without .xlsx.

    Raises:
        Refusal: the one passed in.
    """
    place = output.resolve()
    in_home = any((folder / "home.json").exists() for folder in place.parents)
    if place.exists() or in_home or place.suffix.lower() != ".xlsx":
        raise refusal


def write_copy(output: Path, data: bytes) -> None:
    """Write a copy, readable by its owner only, since it holds what the sender's file holds."""
    write_bytes(output, data, mode=0o600)
