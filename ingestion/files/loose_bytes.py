"""Texts in bytes of unknown form: deleted content, unused sectors, extra bytes of a record.

Belongs here: searching for letters in the encodings that programs use, and judging whether a match is a text.
Does not belong here: where such bytes lie (`ole_file.py`, `xls_scan.py`), texts of XML (`part_texts.py`).

Binary numbers sometimes look like letters, so only texts that are personal by themselves are returned, and Arabic in
the form that programs write.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingestion.personal.personal_text import personal_kind

_RUN = re.compile(r"[0-9A-Za-zÀ-ɏ؀-ۿ .,'+@_/-]{5,}")
_ARABIC = re.compile("[\u0600-\u06ff][\u0600-\u06ff ]{3,}")


def texts_in(data: bytes) -> Iterator[str]:
    """Yield the texts that somebody may have put or left there."""
    for text in _readings(data):
        yield from _ARABIC.findall(text)
    yield from personal_texts_in(data)


def personal_texts_in(data: bytes) -> Iterator[str]:
    """Yield the texts that are personal by themselves."""
    of_one_byte = data.replace(b"\xff", b"\x00").decode("cp1256", "replace")  # bytes of free space, not the letter ے
    for text in (*_readings(data), of_one_byte):
        yield from filter(personal_kind, map(str.strip, _RUN.findall(text)))


def _readings(data: bytes) -> tuple[str, str, str]:
    """Return the bytes decoded as two-byte letters, from both possible offsets, and as UTF-8."""
    return data.decode("utf-16-le", "replace"), data[1:].decode("utf-16-le", "replace"), data.decode("utf-8", "replace")
