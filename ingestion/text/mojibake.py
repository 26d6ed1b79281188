"""Arabic that was once opened in a wrong encoding and saved so: detected, and repaired if that is certain.

Belongs here: the three ways in which it happens (`ÇáãÍÇÝÙÉ`, `Ø§Ù„Ù…`, `ط§ظ„ظ…`) and their reversal.
Does not belong here: detecting the encoding of a file (`csv_text.py`).

The reversal is certain if every letter maps back to one byte and the bytes are either valid UTF-8 or Arabic by letter
frequency. If a letter was lost on the way, nothing is repaired.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_COMMON = frozenset("ايلمنوترةعبدسفهكقأحج")  # about nine in ten letters of Arabic text
_COMMON_SHARE = 0.7
_ARABIC_SHARE = 0.97
_ARTICLE_LETTERS = 60  # from this many letters on, text without the article "ال" is not Arabic in this encoding
_MIXED_WORD = re.compile(r"[A-Za-z][\u0600-\u06ff]|[\u0600-\u06ff][A-Za-z]")
_MOJIBAKE_1252 = re.compile(r"[\u00c0-\u00ff]{3}")  # Arabic of windows-1256 once opened as windows-1252: ÇáãÍÇÝÙÉ
_MOJIBAKE_UTF8 = re.compile(r"(?:[طظØÙ][\u0080-\u00bf\u0152-\u0192\u02c6-\u2122§-»،-؟ء-ي]){4}")
_MOJIBAKE_COUNT = 3
_LOST = re.compile(r"[\u0621-\u064a]\?|\?[\u0621-\u064a]")  # a letter that some program could not write


def is_arabic(text: str) -> bool:
    """Return whether text read as windows-1256 has Arabic letters in the usual frequencies of Arabic."""
    letters = Counter(letter for letter in text if letter > "\x7f" and letter.isalpha())
    total = sum(letters.values())
    arabic = sum(count for letter, count in letters.items() if "\u0600" <= letter <= "\u06ff")
    common = sum(count for letter, count in letters.items() if letter in _COMMON)
    if not total or arabic < _ARABIC_SHARE * total or common < _COMMON_SHARE * total or _MIXED_WORD.search(text):
        return False
    return total < _ARTICLE_LETTERS or "ال" in text


def is_mojibake(text: str) -> bool:
    """Return whether Arabic was once decoded wrongly and saved so."""
    if text.isascii():
        return False
    return any(len(pattern.findall(text)) >= _MOJIBAKE_COUNT for pattern in (_MOJIBAKE_1252, _MOJIBAKE_UTF8))


def looks_spoilt(text: str) -> bool:
    """Return whether one cell contains such a text."""
    return not text.isascii() and bool(_MOJIBAKE_1252.search(text) or _MOJIBAKE_UTF8.search(text))


def repair(text: str) -> str | None:
    """Return the original text, or None if that is not certain."""
    for wrong in ("cp1252", "cp1256"):
        raw = _bytes_of(text, wrong)
        if raw is None:
            continue
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            pass
        if wrong == "cp1252" and is_arabic(arabic := raw.decode("cp1256")) and not _LOST.search(arabic):
            return arabic
    return None


def repairs(texts: Iterable[str]) -> dict[str, str] | None:
    """Return spoilt text -> repaired text for the texts of one workbook; None if they cannot be repaired.

    They are judged together, since one word proves little: all of them must have been spoilt in the same way.
    """
    spoilt = sorted(text for text in set(texts) if looks_spoilt(text))
    if not is_mojibake("\n".join(spoilt)):
        return {}
    whole = repair("\n".join(spoilt))
    parts = whole.split("\n") if whole is not None else []
    return dict(zip(spoilt, parts, strict=True)) if len(parts) == len(spoilt) else None


def _bytes_of(text: str, encoding: str) -> bytes | None:
    """Return the bytes that were read as `encoding`; bytes that it does not define appear as control characters."""
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        pieces: list[bytes] = []
        for letter in text:
            try:
                pieces.append(letter.encode(encoding))
            except UnicodeEncodeError:
                if not "\x80" <= letter <= "\x9f":
                    return None
                pieces.append(letter.encode("latin-1"))
        return b"".join(pieces)
