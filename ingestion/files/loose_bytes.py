"""Texts in bytes of no known form: what was deleted, what no stream holds, what a record says beside its own fields.

Belongs here: looking for letters in the ways in which programs write them, and which of what is found is a text.
Does not belong here: where such bytes lie (`ole_file.py`, `xls_scan.py`), texts of XML (`part_texts.py`).

Bytes of numbers look like letters now and then, so only what is personal by itself is told, and Arabic that is written
as programs write it.
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
    of_one_byte = data.replace(b"\xff", b"\x00").decode("cp1256", "replace")  # of what is empty, not the letter ے
    for text in (*_readings(data), of_one_byte):
        yield from filter(personal_kind, map(str.strip, _RUN.findall(text)))


def _readings(data: bytes) -> tuple[str, str, str]:
    """Return the bytes as letters of two bytes, from both places where they may begin, and as UTF-8."""
    return data.decode("utf-16-le", "replace"), data[1:].decode("utf-16-le", "replace"), data.decode("utf-8", "replace")
