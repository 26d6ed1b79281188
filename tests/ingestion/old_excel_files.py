"""Hand-built old Excel workbooks (BIFF8 in a compound file), so that a machine without an office program tests them."""

from __future__ import annotations

import itertools
import struct
from collections.abc import Mapping, Sequence
from typing import Any

from tests.ingestion.workbooks import Grid

SECTOR = 512
END, FAT, FREE = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
Sheets = Mapping[str, bytes]


def record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def text(value: str) -> bytes:
    """A text behind its count of letters, two bytes each."""
    return struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")


def cells(grid: Grid) -> bytes:
    """The rows of a sheet: texts and numbers."""
    return b"".join(
        cell(row, column, value)
        for row, values in enumerate(grid)
        for column, value in enumerate(values)
        if value is not None
    )


def cell(row: int, column: int, value: Any) -> bytes:  # noqa: ANN401 - whatever a cell may hold
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(value, int | float):
        return record(0x0203, place + struct.pack("<d", value))
    return record(0x0204, place + text(str(value)))


def row(number: int, *, height: int = 300, flags: int = 0) -> bytes:
    return record(0x0208, struct.pack("<HHHHIHH", number, 0, 9, height, 0, flags, 15))


def column(first: int, last: int, *, width: int = 2560, flags: int = 0) -> bytes:
    return record(0x007D, struct.pack("<HHHHHH", first, last, width, 0, flags, 0))


def formula(number: int, place: int, result: float, *, flags: int = 0) -> bytes:
    """A formula that says 1, with a stored result."""
    tokens = b"\x1e\x01\x00"
    content = struct.pack("<HHHdHI", number, place, 0, result, flags, 0) + struct.pack("<H", len(tokens)) + tokens
    return record(0x0006, content)


def note(number: int, place: int, author: str) -> bytes:
    return record(0x001C, struct.pack("<HHHH", number, place, 0, 1) + text(author))


def drawn(kind: int) -> bytes:
    return record(0x005D, struct.pack("<HHHHHIII", 0x15, 0x12, kind, 1, 0, 0, 0, 0))


def stream(
    sheets: Sheets,
    *,
    before: bytes = b"",
    state: Mapping[str, int] | None = None,
    kinds: Mapping[str, int] | None = None,
) -> bytes:
    """The workbook's stream; `before` are further records of the workbook itself."""
    opening = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    names = [(name, name.encode("utf-16-le")) for name in sheets]
    place = len(opening) + len(before) + sum(4 + 8 + len(raw) for _, raw in names) + 4
    listed = body = b""
    for name, raw in names:
        head = struct.pack(
            "<IBBBB", place + len(body), (state or {}).get(name, 0), (kinds or {}).get(name, 0), len(name), 1
        )
        listed += record(0x0085, head + raw)
        body += record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0)) + sheets[name] + record(0x000A)
    return opening + before + listed + record(0x000A) + body


def compound(
    streams: Sequence[tuple[str, bytes]], *, storages: Sequence[str] = (), loose: bytes = b"", inside: int | None = None
) -> bytes:
    """A compound file with these streams and, behind them, storages; `loose` lies in a sector of none of them.

    The stream of the number `inside` lies in the first storage.
    """
    tops = [number for number in range(1, len(streams) + len(storages) + 1) if inside is None or number != inside + 1]
    following = dict(itertools.pairwise(tops))
    entries = [_entry("Root Entry", 5, END, 0, child=tops[0])]
    body: list[bytes] = []
    fat: list[int] = []
    for name, content in streams:
        padded = content.ljust(4096, b"\x00")
        padded += bytes(-len(padded) % SECTOR)
        start, count = len(body), len(padded) // SECTOR
        entries.append(_entry(name, 2, start, len(padded), right=following.get(len(entries), FREE)))
        body += [padded[place : place + SECTOR] for place in range(0, len(padded), SECTOR)]
        fat += [*range(start + 1, start + count), END]
    for number, name in enumerate(storages):
        child = FREE if inside is None or number else inside + 1
        entries.append(_entry(name, 1, END, 0, child=child, right=following.get(len(entries), FREE)))
    directory = b"".join(entries)
    directory += bytes(-len(directory) % SECTOR)
    first = len(body)
    count = len(directory) // SECTOR
    body += [directory[place : place + SECTOR] for place in range(0, len(directory), SECTOR)]
    fat += [*range(first + 1, first + count), END]
    if loose:
        body.append(loose.ljust(SECTOR, b"\x00"))
        fat.append(FREE)
    needed = -(-(len(fat) + 2 + len(fat) // 64) // 128)
    places = [len(body) + number for number in range(needed)]
    fat += [FAT] * needed
    table = struct.pack(f"<{len(fat)}I", *fat)
    table = table.ljust(needed * SECTOR, b"\xff")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIIII", 0, needed, first, 0, 4096, END, 0, END, 0, 0)[:36]
    listed = struct.pack(f"<{len(places)}I", *places)
    return head + listed.ljust(436, b"\xff") + b"".join(body) + table


def xls(sheets: Mapping[str, Grid]) -> bytes:
    return compound([("Workbook", stream({name: cells(grid) for name, grid in sheets.items()}))])


def _entry(name: str, kind: int, start: int, size: int, *, child: int = FREE, right: int = FREE) -> bytes:
    raw = name.encode("utf-16-le") + b"\x00\x00"
    return (
        raw.ljust(64, b"\x00")
        + struct.pack("<HBBIII", len(raw), kind, 1, FREE, right, child)
        + bytes(36)
        + struct.pack("<III", start, size, 0)
    )
