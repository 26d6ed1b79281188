"""The texts of a PDF other than its visible pages: spoken texts, and places that no reader sees.

Belongs here: the alternative texts of its tags, its properties, and everything that a PDF can carry unseen:
attachments, programs, forms, layers, annotations, invisible letters. Does not belong here: other kinds of files
(`text_in_files.py`), or the visible letters of its pages.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import NamedTuple

import pikepdf
from defusedxml.ElementTree import fromstring
from pikepdf import Dictionary, Name, Stream

_CARRYING = ("/AcroForm", "/OCProperties", "/OpenAction", "/AA", "/Collection", "/PieceInfo")
_NAMED = ("/EmbeddedFiles", "/JavaScript")
_SPOKEN = ("/Alt", "/ActualText", "/E")
# The text rendering mode that draws nothing. The search starts at its digit, which is rarer on a page than blanks.
_INVISIBLE = re.compile(rb"3(?<!\S3)\s+Tr\b")
_DESCRIPTION = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}Description"
# Parts of the metadata about how the file was made and which standard it follows; all others are texts.
_OF_THE_FILE = re.compile(r"\{http://(?:ns\.adobe\.com/(?:xap|pdf)/|www\.aiim\.org/)[^}]*\}")


class PdfText(NamedTuple):
    """One text of a PDF: its place, and whether it is invisible to readers."""

    place: str
    text: str
    is_hidden: bool


def pdf_texts(data: bytes, *, hidden_only: bool = False) -> Iterator[PdfText]:
    """Yield the texts of a PDF other than those on its pages; with `hidden_only`, without its spoken texts.

    Raises:
        ValueError: for bytes that are no PDF, or one that is encrypted.
    """
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if pdf.is_encrypted:
                raise ValueError("encrypted")
            yield from _attached_texts(pdf)
            yield from _properties(pdf)
            if not hidden_only:
                yield from _spoken_texts(pdf)
            yield from _invisible_texts(pdf)
    except pikepdf.PdfError as error:
        raise ValueError("not a PDF") from error


def _attached_texts(pdf: pikepdf.Pdf) -> Iterator[PdfText]:
    for key in _CARRYING:
        if key in pdf.Root:
            yield PdfText(key, "", is_hidden=True)
    names = pdf.Root.get("/Names", Dictionary())
    for key in _NAMED:
        if key in names:
            yield PdfText(key, "", is_hidden=True)
    for number, page in enumerate(pdf.pages, start=1):
        for remark in page.obj.get("/Annots", []):
            leads_inside = remark.get("/Subtype") == Name.Link and "/A" not in remark
            if not leads_inside or "/Contents" in remark:  # the contents of an internal link are its spoken text
                text = str(remark.get("/Contents", ""))
                yield PdfText(f"page {number} annotation", text, is_hidden=not leads_inside)


def _properties(pdf: pikepdf.Pdf) -> Iterator[PdfText]:
    for key, value in pdf.docinfo.items():
        yield PdfText(f"property {key}", str(value), is_hidden=True)
    if "/Metadata" in pdf.Root:
        for description in fromstring(pdf.Root.Metadata.read_bytes()).iter(_DESCRIPTION):
            for element in (child for child in description if not _OF_THE_FILE.match(str(child.tag))):
                texts = (text.strip() for text in element.itertext())
                yield from (PdfText(f"metadata {element.tag}", text, is_hidden=True) for text in texts if text)


def _spoken_texts(pdf: pikepdf.Pdf) -> Iterator[PdfText]:
    for pdf_object in pdf.objects:
        if isinstance(pdf_object, Dictionary):
            texts = ((key, pdf_object.get(key)) for key in _SPOKEN)
            yield from (
                PdfText(key, str(text), is_hidden=False) for key, text in texts if isinstance(text, pikepdf.String)
            )


def _invisible_texts(pdf: pikepdf.Pdf) -> Iterator[PdfText]:
    forms = (
        pdf_object
        for pdf_object in pdf.objects
        if isinstance(pdf_object, Stream) and pdf_object.get("/Subtype") == Name.Form
    )
    for stream in (*(part for page in pdf.pages for part in _contents(page.obj.get("/Contents"))), *forms):
        if _INVISIBLE.search(stream.read_bytes()):
            yield PdfText("invisible letters", "", is_hidden=True)


def _contents(contents: object) -> list[Stream]:
    if isinstance(contents, Stream):
        return [contents]
    return [stream for stream in contents if isinstance(stream, Stream)] if isinstance(contents, pikepdf.Array) else []
