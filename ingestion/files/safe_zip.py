"""Reading an untrusted zip: each part is inflated within limits and must match its directory entry exactly.

Belongs here: the zip format (directory, overlaps, sizes, ratio, checksums), the test for document types inside XML.
Parts that nobody reads may hold anything, and so may the bytes between and behind the parts.
Does not belong here: what a part means (`guard.py`, `sheet_scan.py`).
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from ingestion.findings import Finding

_MAX_PARTS = 1_000
_MAX_PART_BYTES = 600_000_000  # 5 million cells at the 100 bytes a full cell takes, with a margin
_MAX_TOTAL_BYTES = 800_000_000
_MAX_RATIO = 250  # real sheets stay under 60; deflate ends near 1000
_RATIO_FROM_BYTES = 5_000_000
_CHUNK_BYTES = 4_000_000
_LOCAL_HEADER = struct.Struct("<4s5H3I2H")


class Stop(Exception):  # noqa: N818 - an answer, not a crash
    """Ends the guard's work with the one finding that refuses the file."""

    def __init__(self, kind: str, *, sheet: str = "", cell: str = "", **arguments: str) -> None:
        super().__init__(kind)
        self.finding = Finding("refuse", kind, sheet, cell, arguments)


class Archive:
    """The parts of a zip, by name.

    Raises:
        Stop: `encrypted`, `zip_damaged`, `zip_bomb`, `zip_path`.
    """

    def __init__(self, data: bytes) -> None:
        self._data = memoryview(data)
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                entries, directory = archive.infolist(), archive.start_dir
        except zipfile.BadZipFile as error:
            raise Stop("zip_damaged") from error
        self._entries = {entry.filename: entry for entry in entries}
        self._check_directory(entries, directory)

    @property
    def names(self) -> list[str]:
        """The names of the parts, as the directory lists them."""
        return list(self._entries)

    def read(self, name: str, limit: int) -> bytes:
        """Return a whole small part.

        Raises:
            Stop: as `stream`; `zip_bomb` if it is larger than `limit`; `unreadable` if it does not exist.
        """
        if self._entry(name).file_size > limit:
            raise Stop("zip_bomb")
        return b"".join(self.stream(name))

    def stream(self, name: str) -> Iterator[bytes]:
        """Yield a part in pieces of at most 4 MB.

        Raises:
            Stop: `zip_damaged` if size, end or checksum differ from the directory; `xml_dtd` for a document type.
        """
        entry = self._entry(name)
        checksum = total = 0
        tail = b""
        for piece in _inflate(self._compressed_bytes(entry), entry.compress_type):
            total += len(piece)
            if total > entry.file_size:
                raise Stop("zip_bomb")
            checksum = zlib.crc32(piece, checksum)
            _check_xml(name, tail + piece, is_first=total == len(piece))
            tail = piece[-16:]
            yield piece
        if total != entry.file_size or checksum != entry.CRC:
            raise Stop("zip_damaged")

    def _entry(self, name: str) -> zipfile.ZipInfo:
        if name not in self._entries:
            raise Stop("unreadable")
        return self._entries[name]

    def _check_directory(self, entries: list[zipfile.ZipInfo], directory: int) -> None:
        if len(entries) > _MAX_PARTS or sum(entry.file_size for entry in entries) > _MAX_TOTAL_BYTES:
            raise Stop("zip_bomb")
        if len({entry.filename.lower() for entry in entries}) != len(entries):
            raise Stop("zip_damaged")
        end = 0
        for entry in sorted(entries, key=lambda entry: entry.header_offset):
            _check_entry(entry)
            if not end and entry.header_offset:  # a file in front of the zip, which another reader may take for it
                raise Stop("zip_damaged")
            if entry.header_offset < end:  # overlapping parts make a bomb
                raise Stop("zip_bomb")
            end = self._start_of(entry) + entry.compress_size
        if directory < end:
            raise Stop("zip_bomb")

    def _start_of(self, entry: zipfile.ZipInfo) -> int:
        """Return where a part's bytes begin, after its own header, which must name the same part."""
        start = entry.header_offset
        header = self._data[start : start + _LOCAL_HEADER.size]
        if len(header) < _LOCAL_HEADER.size or bytes(header[:4]) != b"PK\x03\x04":
            raise Stop("zip_damaged")
        name_length, extra_length = _LOCAL_HEADER.unpack(header)[-2:]
        start += _LOCAL_HEADER.size
        if bytes(self._data[start : start + name_length]) != entry.orig_filename.encode("utf-8"):
            raise Stop("zip_damaged")
        return start + name_length + extra_length

    def _compressed_bytes(self, entry: zipfile.ZipInfo) -> memoryview:
        start = self._start_of(entry)
        return self._data[start : start + entry.compress_size]


def _check_entry(entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & 0x1:
        raise Stop("encrypted")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Stop("zip_damaged")
    path = entry.orig_filename
    if path.startswith("/") or "\\" in path or "\x00" in path or ":" in path or ".." in path.split("/"):
        raise Stop("zip_path")
    is_dense = entry.file_size > _RATIO_FROM_BYTES and entry.file_size > _MAX_RATIO * max(entry.compress_size, 1)
    if entry.file_size > _MAX_PART_BYTES or is_dense:
        raise Stop("zip_bomb")


def _inflate(compressed: memoryview, method: int) -> Iterator[bytes]:
    if method == zipfile.ZIP_STORED:
        for start in range(0, len(compressed), _CHUNK_BYTES):
            yield bytes(compressed[start : start + _CHUNK_BYTES])
        return
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        piece = inflater.decompress(compressed, _CHUNK_BYTES)
        while piece:
            yield piece
            piece = inflater.decompress(inflater.unconsumed_tail, _CHUNK_BYTES)
    except zlib.error as error:
        raise Stop("zip_damaged") from error
    if not inflater.eof or inflater.unused_data:
        raise Stop("zip_damaged")


_DOCUMENT_TYPE = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_DECLARED_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([^\"']*)")


def _check_xml(name: str, piece: bytes, *, is_first: bool) -> None:
    """Refuse document types, and encodings that the guard's byte patterns cannot read."""
    if not name.lower().endswith((".xml", ".rels")):
        return
    if is_first:
        declared = _DECLARED_ENCODING.match(piece.removeprefix(b"\xef\xbb\xbf"))
        is_plain = piece.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<" and b"\x00" not in piece[:64]
        if not is_plain or (declared and declared[1].lower() not in (b"utf-8", b"us-ascii", b"ascii")):
            raise Stop("xml_dtd" if b"\x00" in piece[:64] else "unreadable")
    if b"<!" in piece and _DOCUMENT_TYPE.search(piece):
        raise Stop("xml_dtd")
