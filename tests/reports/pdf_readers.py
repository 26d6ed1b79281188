"""What programs that people use read on the pages of a PDF: PDFium, as browsers have it, and Poppler, as Linux has it.

Belongs here: their texts, and what these programs turn round by themselves. Does not belong here: the letters of a page
as they are drawn (`printed_text.py`).
"""

from __future__ import annotations

import re
import subprocess
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

import pypdfium2

_UNSEEN = re.compile("[\\s\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069]")
_BRACKETS = str.maketrans("()[]{}«»", ")(][}{»«")
READERS = ("pdfium", "poppler")


def read(reader: str, document: bytes, folder: Path) -> str:
    """Return the text of all pages in the order of a reader, as `plain` has it."""
    if reader == "pdfium":
        pages = pypdfium2.PdfDocument(document)
        return plain("\n".join(page.get_textpage().get_text_range() for page in pages))
    path = folder / "read.pdf"
    path.write_bytes(document)
    return plain(subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True).stdout.decode())


def plain(text: str) -> str:
    """Return a text without white space and characters of direction, in the compatible forms of Unicode."""
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", text))


def unread(reader: str, text: str, expected: Iterable[str], *, is_from_right: bool) -> list[str]:
    """Return what is not found in the text of a reader.

    PDFium turns brackets round in a line from right to left, whatever a file says: so they are looked for as it has
    them.
    """
    turned: Mapping[str, str] = {told: plain(told) for told in expected}
    if reader == "pdfium" and is_from_right:
        turned = {told: words.translate(_BRACKETS) for told, words in turned.items()}
    return [told for told, words in turned.items() if words not in text]
