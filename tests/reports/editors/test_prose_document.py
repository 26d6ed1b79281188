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
from reports.chapters.build_edition import edition
from reports.editors import checklist, editorial_inputs, prose, prose_document, prose_figures
from reports.editors.editorial_inputs import EditorialInputs
from reports.editors.prose_document import ProseSlot
from reports.findings import finding_search
from reports.phrases import wording
from reports.phrases.spoken import words_of_edition
from reports.publishing import prose_exchange
from reports.released.report_model import Report
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
def test_the_title_of_each_finding_says_its_page_section_and_place(home: Home, report: Report, tag: str):
    book, words = Document(io.BytesIO(prose_exchange.document(home, [tag]))), words_of_edition(Words.load(tag))
    told = [paragraph.text for paragraph in book.paragraphs]
    for finding in finding_search.findings(report):
        (at,) = [place for place, text in enumerate(told) if f"{{{finding.key}}}" in text]
        title = told[at - 1]
        assert wording.area(finding.area, words) in title
        assert (f"{finding.indicator}.html" if finding.indicator else "report.pdf") in title
        if finding.indicator:
            assert wording.title(finding.indicator, words) in title


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
    assert {"protection.ar", "finding-presumed-iq-fed.ckb"} <= set(rows)
    rows["protection.en"].paragraphs[0].text = "We know {presumed@IQ-FED} of {PRT-01/COUNT@IQ-FED@2025} people."
    stream = io.BytesIO()
    book.save(stream)
    assert prose_exchange.take_texts(desk, stream.getvalue(), "prose.docx") == ["protection.en.md"]
    assert prose_exchange.take_texts(desk, stream.getvalue(), "prose.docx") == []
    matter, words = editorial_inputs.read_inputs(desk, report), Words.load("en")
    (chapter,) = [one for one in edition(report, words, matter).chapters if one.id == "protection"]
    assert chapter.blocks[0].text == "We know 360 of 360 people."
    assert _codes(report, matter) == []
    before = {"protection.en.md": {"presumed@IQ-FED": "355", "PRT-01/COUNT@IQ-FED@2025": "360"}}
    assert _codes(report, dataclasses.replace(matter, figures=before)) == ["prose_figure_changed"]


def test_a_key_of_no_figure_blocks(report: Report):
    text = prose.parse_text("protection.en.md", "protection", "en", "We know {nothing@IQ} and {PRT-99/COUNT@IQ@2025}.")
    assert _codes(report, EditorialInputs(prose=(text,))) == ["prose_figure_unknown"] * 2


def _codes(report: Report, matter: EditorialInputs) -> list[str]:
    return [one.code for one in checklist._prose_figures(report, matter)]


def test_what_is_written_on_a_finding_is_told_beside_it(report: Report):
    key = finding_search.findings(report)[0].key
    name = prose_figures.slot_of(key)
    text = prose.parse_text(f"{name}.en.md", name, "en", f"More than {{{key}}}, we fear.")
    told = prose_figures.comments([text], report, Words.load("en"))
    assert list(told) == [key]
    assert told[key][0].startswith("More than ")
    assert "{" not in told[key][0]
