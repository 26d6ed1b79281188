"""The running text of every form, as a reader's program has it: pages, PDF, slides, workbook, edition.

Belongs here: from the bytes of a form to its text, and how a text compares (`squeezed`). Does not belong here: tables
cell by cell (`printed_tables.py`).
"""

from __future__ import annotations

import io
import json
import re
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pptx
import pypdfium2

from tests.reports.read_back.printed_numbers import plain

PDF_FORMS = ("report.pdf", "summary.pdf", "law_28_monitor.pdf")
_APART = re.compile(r"\s+")
_UNREAD = ("script", "style", "svg")
_BLOCKS = ("p", "li", "td", "th", "h1", "h2", "h3", "h4", "tr", "table", "section", "figcaption", "summary", "dt", "dd")


def squeezed(text: str) -> str:
    """Return a text without spaces, in Latin digits: as PDF readers differ in nothing else."""
    return _APART.sub("", plain(text))


def pages(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield name and text of each page of a language; a block of a page is a line."""
    for path in sorted(folder.glob("*.html")):
        reader = PageText()
        reader.feed(path.read_text(encoding="utf-8"))
        yield path.name, reader.text


def pdf_by_pdfium(data: bytes) -> str:
    """Return the text of a PDF as browsers read it."""
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data))


def pdf_by_poppler(data: bytes) -> str:
    """Return the text of a PDF as Linux reads it."""
    return subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True).stdout.decode("utf-8")


def pdf_as_drawn(data: bytes) -> list[str]:
    """Return the lines of a PDF from the left to the right as the eye sees them, without spaces."""
    lines: list[str] = []
    for page in pypdfium2.PdfDocument(data):
        text, rows = page.get_textpage(), dict[int, list[tuple[float, str]]]()
        for place in range(text.count_chars()):
            sign = text.get_text_range(place, 1)
            if sign.strip() and sign.isascii() and sign.isalnum():  # marks of a line hang lower than its letters
                left, bottom, _, _ = text.get_charbox(place)
                rows.setdefault(round(bottom / 3), []).append((left, sign))
        lines += ["".join(sign for _, sign in sorted(row)) for row in rows.values()]
    return lines


def slides(data: bytes) -> list[str]:
    """Return the texts of the shapes of slides, those of tables and charts too."""
    texts: list[str] = []
    for slide in pptx.Presentation(io.BytesIO(data)).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                texts.append(shape.text_frame.text)
            if getattr(shape, "has_table", False):
                texts += [cell.text for row in shape.table.rows for cell in row.cells]
    return texts


def workbook(data: bytes) -> list[str]:
    """Return every text of a workbook."""
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    rows = (row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True))
    return [value for row in rows for value in row if isinstance(value, str)]


def edition(data: bytes) -> list[str]:
    """Return every text of an edition."""
    return list(_texts(json.loads(data)))


def forms(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield every form of a language with its texts."""
    for name, text in pages(folder):
        yield name, text.splitlines()
    for name in PDF_FORMS:
        yield name, [" ".join(pdf_by_pdfium((folder / name).read_bytes()).split())]
    yield "slides.pptx", slides((folder / "slides.pptx").read_bytes())
    yield "tables.xlsx", workbook((folder / "tables.xlsx").read_bytes())
    yield "edition.json", edition((folder / "edition.json").read_bytes())


def _texts(part: object) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict | list):
        for inner in part.values() if isinstance(part, dict) else part:
            yield from _texts(inner)


class PageText(HTMLParser):
    """The text of a page, and which of it stands in an element that goes from left to right."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.left_to_right: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._skipped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element; called by the parser."""
        self._skipped += tag in _UNREAD
        self._open.append((tag, dict(attrs).get("dir") == "ltr"))
        if tag in _BLOCKS:
            self.text += "\n"

    def handle_endtag(self, tag: str) -> None:
        """End an element; called by the parser."""
        self._skipped -= tag in _UNREAD
        while self._open and self._open.pop()[0] != tag:
            pass
        if tag in _BLOCKS:
            self.text += "\n"

    def handle_data(self, data: str) -> None:
        """Add a text; called by the parser."""
        if not self._skipped:
            self.text += data
            if any(is_left_to_right for tag, is_left_to_right in self._open if tag != "html"):
                self.left_to_right.append(data)
