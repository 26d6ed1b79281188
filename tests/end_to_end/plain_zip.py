"""The parts of a zipped file as a dictionary, and back: the same parts give the same bytes, on each day.

Belongs here: taking such files apart and putting them together without a clock.
Does not belong here: what stands in the parts.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

from openpyxl import Workbook

_DAY = (2025, 1, 15, 9, 30, 0)


def parts_of(data: bytes) -> dict[str, bytes]:
    """The parts of a zipped file, in their order."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {one: archive.read(one) for one in archive.namelist()}


def packed(parts: Mapping[str, bytes], *, stored: tuple[str, ...] = (), comment: bytes = b"") -> bytes:
    """A zipped file of these parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = comment
        for name, data in parts.items():
            info = zipfile.ZipInfo(name, _DAY)
            info.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return target.getvalue()


def saved_parts(book: Workbook) -> dict[str, bytes]:
    """The parts of a workbook of openpyxl, without the hour at which it was saved."""
    target = io.BytesIO()
    book.save(target)
    parts = parts_of(target.getvalue())
    still = rb"\g<1>2025-01-15T09:30:00Z<"
    parts["docProps/core.xml"] = re.sub(rb"(<dcterms:\w+ [^>]*>)[^<]*<", still, parts["docProps/core.xml"])
    return parts
