"""The compound file that contains an old Excel workbook (.xls): reading the streams of an untrusted file.

Belongs here: sectors, chains, the directory. Bytes that no stream uses are not read.
Does not belong here: what a stream of a workbook means (`xls_scan.py`). Source: Microsoft [MS-CFB].
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from ingestion.files.safe_zip import Stop

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST_SECTOR = 0xFFFFFFFA
_HEADER_BYTES, _ENTRY_BYTES = 512, 128
_SMALL_SECTOR_BYTES = 64
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_MAX_ENTRIES = 2_000


@dataclass(frozen=True)
class Entry:
    """A storage or a stream of the directory.

    Args:
        name: its name.
        is_stream: whether it is a stream.
        is_on_top: whether it lies in the file itself, not in a storage such as an embedded workbook.
        start: its first sector.
        size: its bytes.
    """

    name: str
    is_stream: bool
    is_on_top: bool
    start: int
    size: int


class CompoundFile:
    """The entries of a compound file.

    Raises:
        Stop: `unreadable` if sectors or directory are inconsistent.
    """

    def __init__(self, data: bytes) -> None:
        if len(data) < _HEADER_BYTES or not data.startswith(SIGNATURE):
            raise Stop("unreadable")
        self._data = data
        shift, mini_shift = struct.unpack_from("<HH", data, 0x1E)
        if (shift, mini_shift) not in ((9, 6), (12, 6)):
            raise Stop("unreadable")
        self._sector = 1 << shift
        self._fat = self._read_fat()
        (directory,) = struct.unpack_from("<I", data, 0x30)
        self._cutoff, first_mini = struct.unpack_from("<II", data, 0x38)
        entries = list(self._read_directory(b"".join(self._chain(directory))))
        self.entries = [entry for entry, kind in entries if kind != _ROOT]
        root = [entry for entry, kind in entries if kind == _ROOT]
        if len(root) != 1:
            raise Stop("unreadable")
        mini_bytes = b"".join(self._chain(first_mini)) if first_mini < _LAST_SECTOR else b""
        self._mini_fat = struct.unpack(f"<{len(mini_bytes) // 4}I", mini_bytes)
        self._mini = b"".join(self._chain(root[0].start)) if root[0].start < _LAST_SECTOR else b""

    def read_stream(self, entry: Entry) -> bytes:
        """Return the bytes of a stream."""
        if entry.size == 0:
            return b""
        pieces = self._mini_chain(entry.start) if entry.size < self._cutoff else self._chain(entry.start)
        content = b"".join(pieces)
        if len(content) < entry.size:
            raise Stop("unreadable")
        return content[: entry.size]

    def _read_fat(self) -> tuple[int, ...]:
        listed = list(struct.unpack_from("<109I", self._data, 0x4C))
        following, _ = struct.unpack_from("<II", self._data, 0x44)
        seen: set[int] = set()
        while following < _LAST_SECTOR:
            if following in seen:
                raise Stop("unreadable")
            seen.add(following)
            numbers = struct.unpack(f"<{self._sector // 4}I", self._sector_at(following))
            listed += numbers[:-1]
            following = numbers[-1]
        fat = b"".join(self._sector_at(number) for number in listed if number < _LAST_SECTOR)
        return struct.unpack(f"<{len(fat) // 4}I", fat)

    def _sector_at(self, number: int) -> bytes:
        start = self._place_of(number)
        piece = self._data[start : start + self._sector]
        if not piece:
            raise Stop("unreadable")
        return piece.ljust(self._sector, b"\x00")

    def _place_of(self, number: int) -> int:
        return max(_HEADER_BYTES, self._sector) + number * self._sector

    def _chain(self, number: int) -> Iterator[bytes]:
        seen = 0
        while number < _LAST_SECTOR:
            seen += 1
            if number >= len(self._fat) or seen > len(self._fat):
                raise Stop("unreadable")
            yield self._sector_at(number)
            number = self._fat[number]

    def _mini_chain(self, number: int) -> Iterator[bytes]:
        seen = 0
        while number < _LAST_SECTOR:
            seen += 1
            if number >= len(self._mini_fat) or seen > len(self._mini_fat):
                raise Stop("unreadable")
            start = number * _SMALL_SECTOR_BYTES
            yield self._mini[start : start + _SMALL_SECTOR_BYTES]
            number = self._mini_fat[number]

    @staticmethod
    def _read_directory(data: bytes) -> Iterator[tuple[Entry, int]]:
        if len(data) > _MAX_ENTRIES * _ENTRY_BYTES:
            raise Stop("unreadable")
        on_top = _entries_on_top(data)
        for number in range(len(data) // _ENTRY_BYTES):
            place = number * _ENTRY_BYTES
            length, kind = struct.unpack_from("<HB", data, place + 64)
            if kind not in (_STORAGE, _STREAM, _ROOT):
                continue
            name = data[place : place + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
            start, size = struct.unpack_from("<II", data, place + 116)
            yield Entry(name, kind == _STREAM, number in on_top, start, size), kind


def _entries_on_top(directory: bytes) -> set[int]:
    """Return the numbers of the entries that lie in no storage: the tree that hangs from the first entry, the root."""
    entries = len(directory) // _ENTRY_BYTES
    found: set[int] = set()
    waiting = list(struct.unpack_from("<I", directory, 76)) if entries else []
    while waiting:
        number = waiting.pop()
        if number < entries and number not in found:
            found.add(number)
            waiting += struct.unpack_from("<II", directory, number * _ENTRY_BYTES + 68)
    return found
