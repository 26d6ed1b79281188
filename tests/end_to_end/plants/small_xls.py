"""Workbooks of Excel 97 (.xls), as few records as readers need: no package of the project writes them.

Belongs here: BIFF8 records and the compound file around them, and places in both that can hold a text.
Does not belong here: what is planted.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

Value = str | int | float | None
_END, _FREE, _SECTOR = 0xFFFFFFFE, 0xFFFFFFFF, 512


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _text(text: str, length: str = "<H") -> bytes:
    narrow = text.isascii()
    return struct.pack(length, len(text)) + (
        b"\0" + text.encode("latin-1") if narrow else b"\1" + text.encode("utf-16-le")
    )


def _bof(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0x41, 0x0606))


def _sheet(lines: Sequence[Sequence[Value]], strings: dict[str, int], extra: bytes) -> bytes:
    cells = b""
    for row, line in enumerate(lines):
        for column, value in enumerate(line):
            if value is None or value == "":
                continue
            place = struct.pack("<HHH", row, column, 15)
            if isinstance(value, str):
                cells += _record(0x00FD, place + struct.pack("<I", strings.setdefault(value, len(strings))))
            else:
                cells += _record(0x0203, place + struct.pack("<d", value))
    width = max(map(len, lines))
    size = _record(0x0200, struct.pack("<IIHHH", 0, len(lines), 0, width, 0))
    return _bof(0x0010) + size + extra + cells + _record(0x000A, b"")


def header(text: str) -> bytes:
    """The record of a page header."""
    return _record(0x0014, _text(text))


def footer(text: str) -> bytes:
    """The record of a page footer."""
    return _record(0x0015, _text(text))


def defined_name(text: str) -> bytes:
    """A defined name that means 1, for the globals."""
    return _record(
        0x0018, struct.pack("<HBBHHHBBBB", 0, 0, len(text), 3, 0, 0, 0, 0, 0, 0) + _text(text, "<B")[1:] + b"\x1e\1\0"
    )


def writer_of(text: str) -> bytes:
    """The record with the name of who saved the file, for the globals."""
    return _record(0x005C, (_text(text) + b" " * 112)[:112])


def _globals(names: Sequence[tuple[str, int]], sizes: Sequence[int], strings: Sequence[str], extra: bytes) -> bytes:
    font = _record(0x0031, struct.pack("<HHHHHBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0) + _text("Arial", "<B"))
    style = _record(0x00E0, struct.pack("<HHHBBBBIIH", 0, 0, 0xFFF5, 0x20, 0, 0, 0, 0, 0, 0x20C0))
    cell = _record(0x00E0, struct.pack("<HHHBBBBIIH", 0, 0, 0x0001, 0x20, 0, 0, 0, 0, 0, 0x20C0))
    table = struct.pack("<II", len(strings), len(strings)) + b"".join(map(_text, strings))
    assert len(table) < 8224, "one record holds all strings"
    head = _bof(0x0005) + _record(0x0042, struct.pack("<H", 1200)) + extra + font * 5 + style * 15 + cell
    tail = _record(0x00FC, table) + _record(0x000A, b"")
    bound = [struct.pack("<IBB", 0, hidden, 0) + _text(name, "<B") for name, hidden in names]
    start = len(head) + sum(len(one) + 4 for one in bound) + len(tail)
    sheets = b""
    for one, size in zip(bound, sizes, strict=True):
        sheets += _record(0x0085, struct.pack("<I", start) + one[4:])
        start += size
    return head + sheets + tail


def _entry(name: str, kind: int, start: int, size: int, child: int = -1, right: int = -1) -> bytes:
    title = (name + "\0").encode("utf-16-le")
    return (
        title.ljust(64, b"\0")
        + struct.pack("<HBBiii", len(title), kind, 1, -1, right, child)
        + b"\0" * 36
        + struct.pack("<IQ", start, size)
    )


def _compound(streams: Sequence[tuple[str, bytes]]) -> bytes:
    """A compound file of streams of at least 4,096 bytes each."""
    chains, body, place = [], b"", 2
    fat = [0xFFFFFFFD, _END]
    for _name, data in streams:
        count = -(-len(data) // _SECTOR)
        chains.append(place)
        fat += [*range(place + 1, place + count), _END]
        body += data.ljust(count * _SECTOR, b"\0")
        place += count
    assert len(fat) <= 128, "one sector holds the table"
    fat += [_FREE] * (128 - len(fat))
    entries = [_entry("Root Entry", 5, _END, 0, 1)]
    for number, (name, data) in enumerate(streams, 1):
        entries.append(
            _entry(name, 2, chains[number - 1], len(data), right=number + 1 if number < len(streams) else -1)
        )
    folder = b"".join(entries).ljust(_SECTOR, b"\0")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0) + struct.pack("<I", 0)
    return head.ljust(_SECTOR, b"\xff") + struct.pack("<128I", *fat) + folder + body


def _summary(author: str) -> bytes:
    """The stream of properties: who wrote it."""
    text = author.encode("utf-8") + b"\0"
    prop = struct.pack("<II", 30, len(text)) + text.ljust(-(-len(text) // 4) * 4, b"\0")
    body = struct.pack("<IIIIII", 32 + len(prop), 2, 1, 24, 4, 32) + struct.pack("<IHH", 2, 65001, 0) + prop
    made = struct.pack("<HHI16sI", 0xFFFE, 0, 0x20006, b"\0" * 16, 1)
    made += bytes.fromhex("e0859ff2f94f6810ab9108002b27b3d9") + struct.pack("<I", 48) + body
    return made.ljust(4096, b"\0")


def xls_bytes(
    sheets: Sequence[tuple[str, int, Sequence[Sequence[Value]]]],
    *,
    in_globals: bytes = b"",
    in_sheet: bytes = b"",
    unused: str = "",
    author: str = "",
    behind: bytes = b"",
) -> bytes:
    """A workbook of sheets (name, 0 or 1 hidden or 2 very hidden, lines) and texts in places beside the cells."""
    strings: dict[str, int] = {}
    bodies = [
        _sheet(lines, strings, in_sheet if not place else b"") for place, (_name, _hidden, lines) in enumerate(sheets)
    ]
    if unused:
        strings.setdefault(unused, len(strings))
    head = _globals([one[:2] for one in sheets], list(map(len, bodies)), list(strings), in_globals)
    book = head + b"".join(bodies) + behind
    streams = [("Workbook", book.ljust(4096, b"\0"))]
    return _compound([*streams, ("\x05SummaryInformation", _summary(author))] if author else streams)
