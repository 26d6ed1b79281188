"""The report is set as a tagged PDF, tells each answer once, and names the page and the sheet of its tables."""

from __future__ import annotations

import io
import json
from itertools import groupby
from pathlib import Path

import openpyxl
import pikepdf
import pytest
from pdfua import validate

from languages.refusal import Refusal
from reports.editions.edition import Edition
from reports.renderers import site, workbook
from reports.renderers.story import story_manuscripts
from reports.renderers.typesetting import typeset
from tests.reports.invented_stories import told_story, with_story
from tests.reports.printed_text import glyphs, letters, placed

_FOOT, _HALF = 60.0, 421.0  # points from the foot of a page of A4: its footer, and its middle


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_report_is_a_tagged_pdf_without_a_box(language: str, tmp_path: Path):
    document = typeset(story_manuscripts.booklet(with_story(language), None))
    (tmp_path / "form.pdf").write_bytes(document)
    assert [str(finding) for finding in validate(tmp_path / "form.pdf").findings] == []
    with pikepdf.open(io.BytesIO(document)) as read:
        assert len(read.pages) <= 10
        assert read.Root.MarkInfo.Marked
        assert str(read.Root.Lang)[:2] == language
    assert 0 not in set(glyphs(document))


def test_the_report_tells_each_part_of_each_answer_once():
    whole = letters(typeset(story_manuscripts.booklet(with_story(), None)))
    (chapter,) = told_story().chapters
    told = [
        text
        for answer in chapter.answers
        for text in (answer.question, answer.sentence, answer.way, answer.standard, answer.groups, *answer.reasons,
                     answer.elsewhere)
        if text
    ]  # fmt: skip
    once = (*told, *chapter.unknown, chapter.sentence)
    assert [text for text in once if whole.count(text.replace(" ", "")) != 1] == []
    assert "Standsbeforearoundedcount" in whole and "Figuresofbothregions" in whole
    assert "Ofallvictims35werechildren" in whole


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_figure_names_the_page_and_the_sheet_that_have_its_table(language: str):
    edition = with_story(language)
    manuscript = story_manuscripts.booklet(edition)
    first, second = json.loads(manuscript.files["edition.json"])["languages"][0]["story"]["chapters"][0]["answers"]
    table, place = told_story().chapters[0].answers[0].table, first["place"]
    assert second["place"] is None and second["drawn"]["place"] == place
    assert f'id="{table}"' in site.pages(edition, [(language, "ltr", "")])[place["page"]].decode()
    sheet = openpyxl.load_workbook(io.BytesIO(workbook.render(edition)))[place["sheet"]]
    (caption,) = (block.caption for part in edition.walk() for block in part.blocks if block.kind == "table")
    assert sheet["A1"].value == caption
    if language == "en":
        assert f"Table:{place['page']}·tables.xlsx:{place['sheet']}".replace(" ", "") in letters(typeset(manuscript))


def test_a_letter_without_a_glyph_refuses_the_form():
    story = told_story().model_copy(update={"silent": ("漢",)})
    with pytest.raises(Refusal) as refused:
        story_manuscripts.booklet(with_story().model_copy(update={"story": story}))
    assert refused.value.code == "print_lacks_letters"


def _name(kind: str, *numbers: int) -> str:
    """A word of letters alone: readers of a right-to-left page may turn the parts of a mixed one round."""
    return kind + "".join("ZWXVKJMUGH"[number] for number in numbers)


def _of_many_answers(language: str) -> Edition:
    """Five chapters of nine answers each: every line of an answer has a name of its own."""
    told = with_story(language)
    assert told.story is not None
    (one,) = told.story.chapters
    full = one.answers[0]
    chapters = tuple(
        one.model_copy(
            update={
                "id": f"demand-d{number}",
                "code": f"D{number}" if number < 5 else "",
                "title": f"QT{number} {'word ' * 6}",
                "answers": tuple(
                    full.model_copy(
                        update={
                            "key": f"question{place}@D{number}",
                            "sentence": f"{_name('QA', number, place)} {'word ' * 14}",
                            "reasons": (f"{_name('QR', number, place)} {'reason ' * 20}",),
                        }
                    )
                    for place in range(9)
                ),
                "unknown": (f"{_name('QC', number)} {'indicator ' * 30}",) * 2,
            }
        )
        for number in range(1, 6)
    )
    return told.model_copy(update={"story": told.story.model_copy(update={"chapters": chapters})})


@pytest.mark.parametrize("language", ["en", "ar", "ckb"])
def test_a_report_of_many_answers_loses_none_and_no_page_but_the_last_is_half_empty(language: str):
    document = typeset(story_manuscripts.booklet(_of_many_answers(language), None))
    pages = [list(lines) for lines in placed(document)]
    whole = "".join(words for lines in pages for _, words in lines).replace(" ", "")
    names = [_name(kind, number, place) for kind in ("QA", "QR") for number in range(1, 6) for place in range(9)]
    assert [name for name in names if whole.count(name) != 1] == []
    assert [number for number in range(1, 6) if whole.count(_name("QC", number)) != 2] == []
    assert len(pages) <= 30
    lowest = [min((height for height, _ in lines if height > _FOOT), default=0.0) for lines in pages]
    assert [number for number, height in enumerate(lowest[:-1], start=1) if height > _HALF] == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_long_demand_stands_above_its_verdict(language: str):
    told = with_story(language)
    assert told.story is not None
    (one,) = told.story.chapters
    chapter = one.model_copy(update={"title": " ".join(["QQQQQQQQQ"] * 14), "verdict": "ZZZ", "answers": ()})
    story = told.story.model_copy(update={"chapters": (chapter,)})
    pages = [
        list(lines)
        for lines in placed(typeset(story_manuscripts.booklet(told.model_copy(update={"story": story}), None)))
    ]
    of_verdict = [lines for lines in pages if any("Z" in said for _, said in lines)]
    assert of_verdict
    for lines in of_verdict:
        verdict = max(height for height, said in lines if "Z" in said)
        assert any(height > verdict for height, said in lines if "Q" in said)


def test_the_number_of_a_report_does_not_break_at_its_hyphen():
    told = with_story()
    assert told.story is not None
    story = told.story.model_copy(
        update={"sure": tuple(" ".join([*"a" * many, "2025-af9a2c1b"] * 9) for many in (1, 2, 3))}
    )
    document = typeset(story_manuscripts.booklet(told.model_copy(update={"story": story}), None))
    lines = ["".join(part for _, part in group).strip() for page in placed(document)
             for _, group in groupby(page, key=lambda one: round(one[0]))]  # fmt: skip
    assert any("2025-af9a2c1b" in line for line in lines)
    assert [line for line in lines if line.endswith("2025-")] == []
