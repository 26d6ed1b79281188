"""The forms of a story are set as tagged PDFs, and name the tables of the annex by their numbers there."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pdfua import validate

from languages.refusal import Refusal
from reports.editions.edition import Edition, TableBlock
from reports.renderers import pdf
from reports.renderers.story import story_manuscripts
from reports.renderers.typesetting import Manuscript, typeset
from tests.reports.invented_stories import told_story, with_story
from tests.reports.printed_text import glyphs, letters

Form = Callable[[Edition, Path | None], Manuscript]


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(("form", "pages"), [(story_manuscripts.summary, 2), (story_manuscripts.booklet, 10)])
def test_a_form_is_a_tagged_pdf_without_a_box(form: Form, pages: int, language: str, tmp_path: Path):
    document = typeset(form(with_story(language), None))
    (tmp_path / "form.pdf").write_bytes(document)
    assert [str(finding) for finding in validate(tmp_path / "form.pdf").findings] == []
    with pikepdf.open(io.BytesIO(document)) as read:
        assert len(read.pages) <= pages
        assert read.Root.MarkInfo.Marked
        assert str(read.Root.Lang)[:2] == language
    assert 0 not in set(glyphs(document))


def test_the_two_pages_tell_what_leads_and_the_report_tells_all():
    two, whole = (
        letters(typeset(form(with_story(), None))) for form in (story_manuscripts.summary, story_manuscripts.booklet)
    )
    first, second, silent = (one.sentence.replace(" ", "") for one in told_story().findings)
    assert first in two and silent in two and second not in two
    assert first in whole and second in whole and silent in whole


def test_one_sheet_holds_every_language():
    document = typeset(story_manuscripts.sheet(with_story(), [with_story("ar"), with_story("en")]))
    with pikepdf.open(io.BytesIO(document)) as read:
        (page,) = read.pages
        assert float(page.mediabox[2]) > float(page.mediabox[3]) > 800
    said = letters(document)
    assert ("Whatwasfound" in said and "Traffickingin" not in said) or "Counter-traffickingreport" in said


def test_a_figure_names_the_table_that_the_annex_numbers():
    told = with_story()
    content = json.loads(story_manuscripts.booklet(told).files["edition.json"])
    number = content["languages"][0]["story"]["findings"][0]["number"]
    tables = [one.id for part in told.walk() for one in part.blocks if isinstance(one, TableBlock) and not one.earlier]
    assert tables[number - 1] == told_story().findings[0].table
    annex = letters(pdf.render(told))
    assert f"Table{number}" in annex


def test_a_letter_without_a_glyph_refuses_the_form():
    story = told_story().model_copy(update={"silent": ("漢",)})
    with pytest.raises(Refusal) as refused:
        story_manuscripts.summary(with_story().model_copy(update={"story": story}))
    assert refused.value.code == "print_lacks_letters"
