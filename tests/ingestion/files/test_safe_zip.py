"""Bytes of a zip that belong to no part are passed over."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

import pytest

from ingestion.files.reader import read_workbook
from tests.ingestion import hostile

ROWS = read_workbook(hostile.workbook(), "x.xlsx").sheets[0].rows
LOOSE = b"loose bytes"


def _zip(change: Callable[[zipfile.ZipInfo], None]) -> bytes:
    """Return a workbook with one part changed in the zip's directory."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(hostile.workbook())) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            own = zipfile.ZipInfo(entry.filename)
            if entry.filename == "xl/workbook.xml":
                change(own)
            new.writestr(own, old.read(entry))
    return stream.getvalue()


def _between(place: str) -> bytes:
    """Put bytes into a zip and let the directory and its end say where all lies now."""
    data = hostile.workbook()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        second = sorted(entry.header_offset for entry in archive.infolist())[1]
        at = {"between two parts": second, "before the directory": archive.start_dir}[place]
    data = bytearray(data[:at] + LOOSE + data[at:])
    end = data.rindex(b"PK\5\6")
    (start,) = struct.unpack_from("<I", data, end + 16)
    entry = start + len(LOOSE)
    struct.pack_into("<I", data, end + 16, entry)
    while data[entry : entry + 4] == b"PK\1\2":
        (offset,) = struct.unpack_from("<I", data, entry + 42)
        struct.pack_into("<I", data, entry + 42, offset + len(LOOSE) * (offset >= at))
        entry += 46 + sum(struct.unpack_from("<HHH", data, entry + 28))
    return bytes(data)


def _remark_of_the_zip() -> bytes:
    stream = io.BytesIO(hostile.workbook())
    with zipfile.ZipFile(stream, "a") as archive:
        archive.comment = LOOSE
    return stream.getvalue()


PASSED_OVER: dict[str, Callable[[], bytes]] = {
    "bytes between two parts": lambda: _between("between two parts"),
    "bytes before the directory": lambda: _between("before the directory"),
    "bytes behind the end": lambda: hostile.workbook() + LOOSE,
    "a remark of the zip": _remark_of_the_zip,
    "a remark of a part": lambda: _zip(lambda entry: setattr(entry, "comment", LOOSE)),
    "an extra field": lambda: _zip(lambda entry: setattr(entry, "extra", struct.pack("<HH", 0x1234, 6) + LOOSE[:6])),
}


@pytest.mark.parametrize("case", PASSED_OVER)
def test_what_belongs_to_no_part_is_passed_over(case: str):
    read = read_workbook(PASSED_OVER[case](), "x.xlsx")
    assert (read.findings, [sheet.rows for sheet in read.sheets]) == ([], [ROWS])
