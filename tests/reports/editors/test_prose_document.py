"""Editors' texts by way of a Word document: nothing that was written is lost, and figures follow the release."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn

from ingestion.home import Home
from languages.refusal import Refusal
from languages.words import Words, languages
from reports.answers.found_answers import answers_of
from reports.chapters.build_edition import edition
from reports.editors import checklist, editorial_inputs, prose, prose_document, prose_figures
from reports.editors.editorial_inputs import EditorialInputs
from reports.editors.prose_document import ProseSlot
from reports.phrases import wording
from reports.phrases.spoken import words_of_edition
from reports.publishing import prose_exchange
from reports.released.report_model import Report
from tests.ingestion.hostile import rezip
from tests.ingestion.workbooks import saved_by_office

SLOTS = [
    ProseSlot("protection", "Protection"),
    ProseSlot("finding-presumed-iq-fed", "A finding", "Key: {presumed@IQ-FED}"),
]
WRITTEN = {
    "protection.en.md": "Two bodies reported.\n\n- first\n- second\n\nAnd more.\n",
    "protection.ar.md": "أبلغت جهتان عن {PRT-01/COUNT@IQ-FED@2025} ضحية.\n",
}
Book = type(Document())


def document(written: dict[str, str] | None = None) -> Book:
    return Document(
        io.BytesIO(
            prose_document.write_document(dict.fromkeys(languages(), SLOTS), WRITTEN if written is None else written)
        )
    )


def read(book: Book) -> dict[str, str]:
    stream = io.BytesIO()
    book.save(stream)
    return prose_document.read_document(stream.getvalue(), "prose.docx")


def test_a_document_read_back_as_it_was_written_has_the_texts_of_the_home():
    assert read(document()) == WRITTEN


def test_a_slot_for_each_place_in_each_language_and_what_is_typed_comes_back():
    book = document({})
    rows = [row for table in book.tables for row in table.rows]
    assert len(rows) == len(SLOTS) * len(languages())
    assert read(book) == {}
    (row,) = [row for row in rows if row.cells[0].text.endswith("protection.ar")]
    row.cells[1].paragraphs[0].text = "  نص\tجديد "
    row.cells[1].add_paragraph("أول", style="List Bullet")
    row.cells[1].add_paragraph("ثانٍ", style="List Bullet")
    assert read(book) == {"protection.ar.md": "نص جديد\n\n- أول\n- ثانٍ\n"}


@pytest.mark.parametrize("tag", languages())
def test_headings_and_instructions_are_in_the_language_of_the_texts(home: Home, report: Report, tag: str):
    book, words = Document(io.BytesIO(prose_exchange.document(home, [tag]))), Words.load(tag)
    told = [paragraph.text for paragraph in book.paragraphs]
    assert told[:3] == [words.text(f"prose.document.{name}") for name in ("title", "fill", "empty")]
    assert {chapter.title for chapter in edition(report, words).chapters} <= set(told)
    names = {row.cells[0].text.split("\n")[-1] for table in book.tables for row in table.rows}
    assert {name.rpartition(".")[2] for name in names} == {tag}
    is_rtl = [
        bool(paragraph.paragraph_format.element.xpath("./w:pPr/w:bidi"))
        for paragraph in book.paragraphs
        if paragraph.text
    ]
    assert set(is_rtl) == {words.direction == "rtl"}


@pytest.mark.parametrize("tag", languages())
def test_the_title_of_each_answer_says_its_page_section_and_place(home: Home, report: Report, tag: str):
    book, words = Document(io.BytesIO(prose_exchange.document(home, [tag]))), words_of_edition(Words.load(tag))
    told = [paragraph.text for paragraph in book.paragraphs]
    answers = [answer for answer in answers_of(report) if answer.has_figure]
    assert answers
    for answer in answers:
        (at,) = [place for place, text in enumerate(told) if f"{{{prose_figures.key_of(answer)}}}" in text]
        title, code = told[at - 1], answer.card.answer.indicator
        assert wording.area(answer.area, words) in title
        assert f"{code}.html" in title and wording.title(code, words) in title


@pytest.mark.needs_writer
def test_a_document_that_an_office_program_saved_is_read_as_the_one_it_opened(tmp_path: Path):
    path = tmp_path / "prose.docx"
    path.write_bytes(prose_document.write_document(dict.fromkeys(languages(), SLOTS), WRITTEN))
    (tmp_path / "saved").mkdir()
    assert prose_document.read_document(saved_by_office(path, tmp_path / "saved", "docx"), path.name) == WRITTEN


def test_text_that_would_be_lost_is_refused_and_its_place_told():
    book = document()
    book.add_paragraph("I write where I like.")
    with pytest.raises(Refusal) as refused:
        read(book)
    assert (refused.value.code, "like" in str(refused.value.arguments)) == ("prose_outside", False)
    book = document()
    paragraph = book.tables[0].rows[0].cells[1].paragraphs[0].paragraph_format.element
    inserted = paragraph.makeelement(qn("w:ins"), {})
    inserted.append(paragraph.r_lst[0])
    paragraph.append(inserted)
    with pytest.raises(Refusal, match="prose_changes"):
        read(book)
    book = document()
    book.tables[0].rows[0].cells[0].text = "../../etc"
    with pytest.raises(Refusal, match="prose_slot"):
        read(book)


@pytest.mark.parametrize("data", [b"", b"not a document", b"PK\x03\x04broken"])
def test_what_is_no_document_is_refused(data: bytes):
    with pytest.raises(Refusal, match="prose_unreadable"):
        prose_document.read_document(data, "prose.docx")


@pytest.mark.parametrize("part", ["[Content_Types].xml", "word/document.xml", "word/styles.xml"])
def test_a_document_of_which_a_part_is_another_one_is_refused(part: str):
    data = prose_document.write_document({"ar": [prose_document.ProseSlot("protection", "الحماية")]}, {})
    other = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
    with pytest.raises(Refusal, match="prose_unreadable"):
        prose_document.read_document(rezip(data, change={part: lambda _: other}), "prose.docx")


@pytest.fixture
def desk(home: Home) -> Iterator[Home]:
    yield home
    for path in [*home.prose.glob("*.md"), *home.prose.glob(prose_figures.NAME)]:
        path.unlink()


def test_a_filled_document_stands_in_the_home_its_figures_are_printed_and_a_change_is_flagged(
    desk: Home, report: Report
):
    book = Document(io.BytesIO(prose_exchange.document(desk, languages())))
    rows = {row.cells[0].text.split("\n")[-1]: row.cells[1] for table in book.tables for row in table.rows}
    assert {
        "protection.ar",
        "answer-how-many-victims-are-found-iq-fed.ckb",
        "title-how-many-victims-are-found-iq-fed.ckb",
    } <= set(rows)
    rows["protection.en"].paragraphs[
        0
    ].text = "We know {how_many_victims_are_found@IQ-FED} of {PRT-01/COUNT@IQ-FED@2025} people."
    stream = io.BytesIO()
    book.save(stream)
    assert prose_exchange.take_texts(desk, stream.getvalue(), "prose.docx") == ["protection.en.md"]
    assert prose_exchange.take_texts(desk, stream.getvalue(), "prose.docx") == []
    matter, words = editorial_inputs.read_inputs(desk, report), Words.load("en")
    (chapter,) = [one for one in edition(report, words, matter).chapters if one.id == "protection"]
    assert chapter.blocks[0].text == "We know about 360 of 360 people."
    assert _codes(report, matter) == []
    before = {"protection.en.md": {"how_many_victims_are_found@IQ-FED": "about 355", "PRT-01/COUNT@IQ-FED@2025": "360"}}
    assert _codes(report, dataclasses.replace(matter, figures=before)) == ["prose_figure_changed"]


def test_a_key_of_no_figure_blocks(report: Report):
    text = prose.parse_text("protection.en.md", "protection", "en", "We know {nothing@IQ} and {PRT-99/COUNT@IQ@2025}.")
    assert _codes(report, EditorialInputs(prose=(text,))) == ["prose_figure_unknown"] * 2


def _codes(report: Report, matter: EditorialInputs) -> list[str]:
    return [one.code for one in checklist._prose_figures(report, matter)]


def test_a_title_that_breaks_its_rule_blocks(report: Report):
    slot = "title-how-many-victims-are-found-iq-fed"
    kept, broken = (
        prose.parse_text(f"{slot}.en.md", slot, "en", title)
        for title in ("Found: {how_many_victims_are_found@IQ-FED}.", "Many were found.")
    )
    editions = [edition(report, Words.load("en"))]
    for text, codes in ((kept, []), (broken, ["prose_title"])):
        items = checklist._prose_files(report, editions, EditorialInputs(prose=(text,)))
        assert [item.code for item in items] == codes
