"""The compound file that contains an old Excel workbook (.xls): reading the streams of an untrusted file.

Belongs here: sectors, chains, the directory, bytes that no stream uses, the document's properties.
Does not belong here: what a stream of a workbook means (`xls_scan.py`). Source: Microsoft [MS-CFB], [MS-OLEPS].
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
_TEXT_TYPES = {0x1E: 1, 0x1F: 2}  # VT_LPSTR in the code page, VT_LPWSTR
_AUTHOR_PROPERTIES = (4, 8)


@dataclass(frozen=True)
class Entry:
    """A storage or a stream of the directory."""

    name: str
    is_stream: bool
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
        self._taken: set[int] = set()  # sectors, and small sectors, that are in use
        self._taken_small: set[int] = set()
        self._rests: list[bytes] = []
        self._fat = self._read_fat()
        (directory,) = struct.unpack_from("<I", data, 0x30)
        self._cutoff, first_mini = struct.unpack_from("<II", data, 0x38)
        listed = b"".join(self._chain(directory))
        entries = list(self._read_directory(listed))
        self.entries = [entry for entry, kind in entries if kind != _ROOT]
        root = [entry for entry, kind in entries if kind == _ROOT]
        if len(root) != 1:
            raise Stop("unreadable")
        self._rests += [data[8:24], _unused_directory_bytes(listed)]
        mini_bytes = b"".join(self._chain(first_mini)) if first_mini < _LAST_SECTOR else b""
        self._rests.append(mini_bytes)
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
        self._rests.append(content[entry.size :])
        return content[: entry.size]

    def unused_bytes(self) -> Iterator[bytes]:
        """Yield what belongs to no stream, once all have been read: free sectors, the rest of last sectors, the end.

        Deleted content may still be there, and no program shows what somebody put there. The sector tables are included
        as a whole: sector numbers are not letters, but free entries may hold some.
        """
        first = self._place_of(0)
        for number in range((len(self._data) - first + self._sector - 1) // self._sector):
            if number not in self._taken:
                yield self._sector_at(number)
        for place in range(0, len(self._mini), _SMALL_SECTOR_BYTES):
            if place // _SMALL_SECTOR_BYTES not in self._taken_small:
                yield self._mini[place : place + _SMALL_SECTOR_BYTES]
        yield from self._rests
        yield self._data[_HEADER_BYTES:first]

    def _read_fat(self) -> tuple[int, ...]:
        listed = list(struct.unpack_from("<109I", self._data, 0x4C))
        following, _ = struct.unpack_from("<II", self._data, 0x44)
        seen: set[int] = set()
        while following < _LAST_SECTOR:
            if following in seen:
                raise Stop("unreadable")
            seen.add(following)
            self._taken.add(following)
            self._rests.append(self._sector_at(following))
            numbers = struct.unpack(f"<{self._sector // 4}I", self._rests[-1])
            listed += numbers[:-1]
            following = numbers[-1]
        self._taken.update(number for number in listed if number < _LAST_SECTOR)
        fat = b"".join(self._sector_at(number) for number in listed if number < _LAST_SECTOR)
        self._rests.append(fat)
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
            self._taken.add(number)
            yield self._sector_at(number)
            number = self._fat[number]

    def _mini_chain(self, number: int) -> Iterator[bytes]:
        seen = 0
        while number < _LAST_SECTOR:
            seen += 1
            if number >= len(self._mini_fat) or seen > len(self._mini_fat):
                raise Stop("unreadable")
            self._taken_small.add(number)
            start = number * _SMALL_SECTOR_BYTES
            yield self._mini[start : start + _SMALL_SECTOR_BYTES]
            number = self._mini_fat[number]

    @staticmethod
    def _read_directory(data: bytes) -> Iterator[tuple[Entry, int]]:
        if len(data) > _MAX_ENTRIES * _ENTRY_BYTES:
            raise Stop("unreadable")
        for place in range(0, len(data) - _ENTRY_BYTES + 1, _ENTRY_BYTES):
            length, kind = struct.unpack_from("<HB", data, place + 64)
            if kind not in (_STORAGE, _STREAM, _ROOT):
                continue
            name = data[place : place + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
            start, size = struct.unpack_from("<II", data, place + 116)
            yield Entry(name, kind == _STREAM, start, size), kind


def _unused_directory_bytes(directory: bytes) -> bytes:
    """Return a directory without the known fields of its used entries: names, neighbours, first sectors, sizes.

    What remains are names of deleted entries, bytes behind a name, and unused entries as a whole.
    """
    rest = bytearray(directory)
    for place in range(0, len(directory) - _ENTRY_BYTES + 1, _ENTRY_BYTES):
        if directory[place + 66] in (_STORAGE, _STREAM, _ROOT):
            (length,) = struct.unpack_from("<H", directory, place + 64)
            for start, end in ((0, min(length, 64)), (64, 80), (116, 124)):
                rest[place + start : place + end] = bytes(end - start)
    return bytes(rest)


def property_texts(stream: bytes) -> Iterator[tuple[bool, str]]:
    """Yield the texts of a stream of document properties, and whether each is the name of an author."""
    try:
        (sections,) = struct.unpack_from("<I", stream, 24)
        for section in range(min(sections, 2)):
            (start,) = struct.unpack_from("<I", stream, 28 + 20 * section + 16)
            yield from _section_texts(stream, start, may_have_authors=section == 0)
    except struct.error as error:
        raise Stop("unreadable") from error


def _section_texts(stream: bytes, start: int, *, may_have_authors: bool) -> Iterator[tuple[bool, str]]:
    _, count = struct.unpack_from("<II", stream, start)
    places = [struct.unpack_from("<II", stream, start + 8 + 8 * number) for number in range(min(count, 200))]
    pages = [struct.unpack_from("<H", stream, start + place + 4)[0] for name, place in places if name == 1]
    encoding = {65001: "utf-8", 1256: "cp1256", 1252: "cp1252", 1200: "utf-16-le"}.get(
        next(iter(pages), 1256), "cp1256"
    )
    for name, place in places:
        (kind,) = struct.unpack_from("<H", stream, start + place)
        if name < 2 or kind not in _TEXT_TYPES:
            continue
        (length,) = struct.unpack_from("<I", stream, start + place + 4)
        raw = stream[start + place + 8 : start + place + 8 + length * _TEXT_TYPES[kind]]
        text = raw.decode("utf-16-le" if kind == 0x1F else encoding, "replace").strip("\x00 ")
        if text:
            yield may_have_authors and name in _AUTHOR_PROPERTIES, text
