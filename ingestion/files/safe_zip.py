"""Reading an untrusted zip: each part is inflated within limits and must match its directory entry exactly.

Belongs here: the zip format (directory, overlaps, sizes, ratio, checksums), the test for document types inside XML.
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
_END_OF_DIRECTORY = b"PK\x05\x06"
_END_BYTES = 22
_SIZES_BEHIND = 0x8  # flag of a part written as a stream: its checksum and sizes follow it
_DESCRIPTOR_BYTES = 24
_DESCRIPTOR_SIGN = b"PK\x07\x08"
# Extra fields of a part that programs write, and how many bytes each may have: sizes of a large part, times, user IDs.
# Anything else there is shown by no program.
_EXTRA_FIELDS = {0x0001: (8, 16, 24, 28), 0x000A: (32,), 0x5455: (5, 9, 13), 0x7855: (0, 4), 0x7875: (11,)}
_ROOM_TO_GROW = 0xA220  # of Microsoft: a signature, a number and zeros
_ROOM_SIGN = b"\x28\xa0"


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
        # One end record, at the very end: so readers that search for it differently find the same directory.
        if data.rfind(_END_OF_DIRECTORY) != len(data) - _END_BYTES:
            raise Stop("zip_damaged")
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                entries, directory = archive.infolist(), archive.start_dir
        except zipfile.BadZipFile as error:
            raise Stop("zip_damaged") from error
        size, _ = struct.unpack_from("<II", data, len(data) - _END_BYTES + 12)
        if directory + size != len(data) - _END_BYTES:  # bytes between the directory and its end record
            raise Stop("zip_damaged")
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
        end, before = 0, frozenset([b""])
        for entry in sorted(entries, key=lambda entry: entry.header_offset):
            _check_entry(entry)
            self._check_gap(end, entry.header_offset, before)
            end = self._start_of(entry) + entry.compress_size
            before = _descriptors(entry)
        self._check_gap(end, directory, before)

    def _check_gap(self, end: int, start: int, allowed: frozenset[bytes]) -> None:
        """Refuse overlapping parts, which make a bomb, and bytes between parts, which no program shows."""
        if start < end:
            raise Stop("zip_bomb")
        if start - end > _DESCRIPTOR_BYTES or bytes(self._data[end:start]) not in allowed:
            raise Stop("zip_damaged")

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
        start += name_length
        _check_extra(bytes(self._data[start : start + extra_length]))
        return start + extra_length

    def _compressed_bytes(self, entry: zipfile.ZipInfo) -> memoryview:
        start = self._start_of(entry)
        return self._data[start : start + entry.compress_size]


def _descriptors(entry: zipfile.ZipInfo) -> frozenset[bytes]:
    """Return what may follow a part: nothing, or its checksum and sizes again."""
    if not entry.flag_bits & _SIZES_BEHIND:
        return frozenset([b""])
    plain = [struct.pack(form, entry.CRC, entry.compress_size, entry.file_size) for form in ("<III", "<IQQ")]
    return frozenset([b"", *plain, *(_DESCRIPTOR_SIGN + sizes for sizes in plain)])


def _check_extra(extra: bytes) -> None:
    """Refuse extra bytes in a part's header that no program needs to read the part."""
    place = 0
    while place + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, place)
        content = extra[place + 4 : place + 4 + length]
        is_room = kind == _ROOM_TO_GROW and content[:2] == _ROOM_SIGN and not any(content[4:])
        if len(content) != length or not (is_room or length in _EXTRA_FIELDS.get(kind, ())):
            raise Stop("unknown_part")
        place += 4 + length
    if any(extra[place:]):
        raise Stop("unknown_part")


def _check_entry(entry: zipfile.ZipInfo) -> None:
    if entry.comment:
        raise Stop("unknown_part")
    _check_extra(entry.extra)
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


_PATTERNED = re.compile(r"xl/(?:worksheets/[^/]+|sharedstrings)\.xml")
_DOCUMENT_TYPE = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_DECLARED_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([^\"']*)")


def _check_xml(name: str, piece: bytes, *, is_first: bool) -> None:
    """Refuse document types, comments, and encodings that the guard's byte patterns cannot read."""
    if not name.lower().endswith((".xml", ".rels", ".vml", ".rdf")):
        return
    if is_first:
        declared = _DECLARED_ENCODING.match(piece.removeprefix(b"\xef\xbb\xbf"))
        is_plain = piece.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<" and b"\x00" not in piece[:64]
        if not is_plain or (declared and declared[1].lower() not in (b"utf-8", b"us-ascii", b"ascii")):
            raise Stop("xml_dtd" if b"\x00" in piece[:64] else "unreadable")
    if _PATTERNED.fullmatch(name.lower()) and (b"<![" in piece or piece.count(b"<?") > is_first):
        raise Stop("unknown_part")  # no program writes these there, and the patterns over cells would miss them
    if b"<!" not in piece:
        return
    if _DOCUMENT_TYPE.search(piece):
        raise Stop("xml_dtd")
    if b"<!--" in piece:  # an XML comment, which no program shows
        raise Stop("unknown_part")
