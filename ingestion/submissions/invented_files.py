"""Files of the house's own making that a home of real files does not take: invented samples, synthetic records.

Belongs here: telling them from a sender's file, so that invented and real never meet (`docs/decisions/0011`).
Does not belong here: making samples (`samples`) or workbooks of synthetic records (`reports/exchange/htcds.py`).
"""

from __future__ import annotations

import io
import zipfile
import zlib

from ingestion.cards.source_card import FOLDER
from ingestion.files.template_sheets import stamp_text
from ingestion.home import Home, sha256_of, sha256_of_bytes
from languages.refusal import Refusal

_STRINGS = "xl/sharedStrings.xml"
_FAR = 4_000_000  # bytes of a workbook's texts that are looked at
_BROKEN = (zipfile.BadZipFile, zlib.error, KeyError, NotImplementedError, RuntimeError, OSError, EOFError, ValueError)


def refuse_invented(home: Home, data: bytes, where: str) -> None:
    """Refuse a file of the house's own making in a home of real files.

    Raises:
        Refusal: `sample_is_invented`; `synthetic_is_nobody` for a workbook that says its rows are synthetic records.
    """
    if home.is_invented:
        return
    if is_sample(data):
        raise Refusal("sample_is_invented", where=where)
    if is_synthetic(data):
        raise Refusal("synthetic_is_nobody", where=where)


def is_sample(data: bytes) -> bool:
    """Return whether these are the bytes of a source's invented `sample.xlsx`."""
    return sha256_of_bytes(data) in {sha256_of(path) for path in (FOLDER / "sources").glob("*/sample.xlsx")}


def is_synthetic(data: bytes) -> bool:
    """Return whether a workbook bears the stamp of synthetic records; the door judges one that cannot be opened."""
    if not data.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book, book.open(_STRINGS) as strings:
            return stamp_text("synthetic").encode("ascii") in strings.read(_FAR)
    except _BROKEN:
        return False
