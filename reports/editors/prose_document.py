"""A Word document for editors: in each language a slot for each chapter and finding, to be filled in and read back.

Belongs here: writing the document with the texts that the home already has, and extracting the texts as Markdown.
Nothing that an editor wrote is silently dropped: a document with text outside its slots, or with tracked changes that
are not accepted, is refused. An empty slot changes nothing.
Does not belong here: what a text may hold (`prose.py`), the figures that it names (`prose_figures.py`).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Cm
from docx.text.paragraph import Paragraph

from ingestion.storage import is_of_the_disk
from languages.refusal import Refusal
from languages.words import Words

_SLOT = re.compile(r"[a-z0-9-]+\.[a-z]+")
_LIST, _OURS = "List Bullet", ("Title", "Subtitle", "Heading", "Quote")
_EXAMPLE = "{PRT-01/COUNT@IQ-FED@2025}"
_MOST_BYTES = 50_000_000
_CHANGES = ("w:ins", "w:del", "w:moveFrom", "w:moveTo")


@dataclass(frozen=True)
class ProseSlot:
    """A slot for a text.

    Attributes:
        id: of a chapter or finding.
        title: of it.
        note: for the editor.
        page: of the report, on which the text is printed.
        keys: of the figures that are printed around it; of the title of an answer, the one that it must name.
        name: the title without the file of the page, for who sees the page itself; empty if it is the title.
    """

    id: str
    title: str
    note: str = ""
    page: str = ""
    keys: tuple[str, ...] = ()
    name: str = ""


def write_document(slots: Mapping[str, Iterable[ProseSlot]], written: Mapping[str, str]) -> bytes:
    """Return a document to fill in: a part for each language, with headings and instructions in that language.

    Args:
        slots: in their order, by the tag of the language of their titles and notes.
        written: Markdown of the home by file name, to be put into its slot.

    Returns:
        Bytes of a .docx.
    """
    book = Document()
    book.core_properties.author = book.core_properties.comments = ""
    for number, (tag, own) in enumerate(slots.items()):
        words = Words.load(tag)
        title = _add_words(book, words.text("prose.document.title"), "Title", words)
        title.paragraph_format.page_break_before = number > 0
        for text in ("fill", "empty"):
            _add_words(book, words.text(f"prose.document.{text}"), "Quote", words)
        _add_words(book, words.text("prose.document.figures", example=_EXAMPLE), "Quote", words)
        for slot in own:
            _add_words(book, slot.title, "Heading 2", words)
            if slot.note:
                _add_words(book, slot.note, "Quote", words)
            table = book.add_table(rows=0, cols=2, style="Table Grid")
            _write_slot(table, f"{slot.id}.{tag}", written.get(f"{slot.id}.{tag}.md", ""), words)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _add_words(book: Any, text: str, style: str, words: Words) -> Paragraph:  # noqa: ANN401 - as `_open_document`
    """Add the document's own words, in the direction of their language."""
    paragraph = book.add_paragraph(style=style)
    _add_run(paragraph, text, words)
    return paragraph


def _add_run(paragraph: Paragraph, text: str, words: Words) -> None:
    run = paragraph.add_run(text)
    if words.direction == "rtl":
        run.font.rtl = True
        element: Any = paragraph.paragraph_format.element  # python-docx has no property for the direction
        properties = element.get_or_add_pPr()
        properties.append(properties.makeelement(qn("w:bidi"), {}))


def read_document(data: bytes, where: str) -> dict[str, str]:
    """Return the texts of a document as Markdown, by file name: `protection.ar.md`; empty slots are left out.

    Raises:
        Refusal: `prose_unreadable`; `prose_changes` for changes that are not accepted; `prose_outside` for text outside
            the slots, with the number of its paragraph; `prose_slot` for a row without the name of its slot.
    """
    try:
        return _texts_of(data, where)
    except Refusal:
        raise
    except Exception as error:  # python-docx opens parts late, and raises whatever a damaged one provokes
        if is_of_the_disk(error):
            raise
        raise Refusal("prose_unreadable", where=where) from error


def _texts_of(data: bytes, where: str) -> dict[str, str]:
    book = _open_document(data, where)
    if any(True for tag in _CHANGES for _ in book.element.body.iter(qn(tag))):
        raise Refusal("prose_changes", where=where)
    for number, paragraph in enumerate(book.paragraphs, start=1):
        if paragraph.text.strip() and not _style(paragraph).startswith(_OURS):
            raise Refusal("prose_outside", where=where, number=number)
    texts: dict[str, str] = {}
    for table in book.tables:
        for number, row in enumerate(table.rows, start=1):
            name = row.cells[0].text.strip().split("\n")[-1].strip()
            if not _SLOT.fullmatch(name) or len(row.cells) != 2:
                raise Refusal("prose_slot", where=where, number=number)
            if text := "\n".join(_markdown(row.cells[1].paragraphs)).strip():
                texts[f"{name}.md"] = f"{text}\n"
    return texts


def _open_document(data: bytes, where: str) -> Any:  # noqa: ANN401 - python-docx names its document by a function
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(member.file_size for member in archive.infolist()) > _MOST_BYTES:
            raise Refusal("prose_unreadable", where=where)
    return Document(io.BytesIO(data))


def _style(paragraph: Paragraph) -> str:
    return str(paragraph.style.name) if paragraph.style is not None else ""


def _write_slot(table: Any, name: str, markdown: str, words: Words) -> None:  # noqa: ANN401 - as above
    row = table.add_row()
    row.cells[0].width, row.cells[1].width = Cm(4), Cm(13)
    row.cells[0].text = f"{words.text('language.name')}\n{name}"
    cell = row.cells[1]
    blocks = [block for block in markdown.strip().split("\n\n") if block.strip()] or [""]
    lines = [line for block in blocks for line in (block.split("\n") if block.startswith("- ") else [block])]
    for number, line in enumerate(lines):
        paragraph = cell.paragraphs[0] if not number else cell.add_paragraph()
        if line.startswith("- "):
            paragraph.style = _LIST
        _add_run(paragraph, line.removeprefix("- ").replace("\n", " "), words)


def _markdown(paragraphs: Iterable[Paragraph]) -> Iterator[str]:
    """Yield lines of Markdown: a list is one block, every other paragraph a block of its own."""
    was_list = False
    for paragraph in paragraphs:
        text = " ".join(paragraph.text.split())
        is_list = _style(paragraph).startswith("List")
        if not text:
            continue
        if not (is_list and was_list):
            yield ""
        yield f"- {text}" if is_list else text
        was_list = is_list
