"""Spoilt files: text of old encodings, a scan.

Belongs here: the bytes of a dirty file that is no xlsx workbook. Does not belong here: .xls and .ods, which take an
office program: the tests that have one save the workbook with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from samples.grids import SheetGrid, SheetLine, write_text
from samples.life.spelling import MONTHS, Cell
from tests.dirt.defects import Defect

_OPEN = frozenset({0x81, 0x8D, 0x8F, 0x90, 0x9D})


def windows_1256(grid: SheetGrid) -> bytes:
    """Return text as an Arabic Excel saves it."""
    return write_text(grid)


def tabs(grid: SheetGrid) -> bytes:
    """Return text as an Arabic Excel saves it, parted by tabs."""
    return write_text(grid, delimiter="\t")


def with_bom(grid: SheetGrid) -> bytes:
    """Return UTF-8 text with a byte order mark."""
    return write_text(grid, delimiter=",", encoding="utf-8-sig")


def mojibake(grid: SheetGrid) -> bytes:
    """Return text of windows-1256 that was opened as windows-1252 and saved as UTF-8: `ÇáãÍÇÝÙÉ`."""
    return "".join(map(_in_windows_1252, write_text(grid))).encode("utf-8")


def _in_windows_1252(byte: int) -> str:
    """Return the sign of a byte; programs show the five that windows-1252 leaves open as controls."""
    return bytes([byte]).decode("windows-1252") if byte not in _OPEN else chr(byte)


def scan(grid: SheetGrid) -> bytes:
    """Return the first bytes of a scanned page: nobody reads more of it."""
    return b"%PDF-1.7\n% a scanned page\n"


def counts_by_month(grid: SheetGrid) -> bytes:
    """Return a table of months across, as an office makes it that counts and keeps no records."""
    head: list[Cell] = ["المحافظة", *MONTHS]
    rows: list[list[Cell]] = [
        [place, *range(at, at + len(MONTHS))] for at, place in enumerate(["بغداد", "البصرة", "ميسان"])
    ]
    table = SheetGrid(
        grid.sheet, grid.table, [], [SheetLine("header", head), *(SheetLine("data", row) for row in rows)]
    )
    return write_text(table, delimiter=",", encoding="utf-8-sig")


WRITERS: Mapping[Defect, tuple[str, Callable[[SheetGrid], bytes]]] = {
    Defect.CSV_WINDOWS_1256: ("csv", windows_1256),
    Defect.CSV_TABS: ("csv", tabs),
    Defect.CSV_WITH_BOM: ("csv", with_bom),
    Defect.CSV_MOJIBAKE: ("csv", mojibake),
    Defect.SCAN: ("pdf", scan),
    Defect.COUNTS_BY_MONTH: ("csv", counts_by_month),
}
"""Defect -> the file's ending and what writes it; one sheet fits into such a file."""

ARABIC_TEXTS = frozenset({Defect.CSV_WINDOWS_1256, Defect.CSV_TABS, Defect.CSV_MOJIBAKE})
"""Those that need Arabic text."""
