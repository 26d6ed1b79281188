"""What editors write: placed as it is, read strictly, and its numbers held against the chapter."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingestion.home import Home
from languages.refusal import Refusal
from languages.words import Words
from reports.chapters import build_edition, outlook
from reports.editions.edition import Chapter, ItemList, Paragraph
from reports.editors import checklist, prose
from reports.editors.editorial_inputs import EditorialInputs
from reports.released.report_model import Report

PRINTED = ("1,240", "38%", "145", "In 2025, 7 persons were found.")


def text(markdown: str, language: str = "en") -> prose.EditorText:
    return prose.parse_text(f"protection.{language}.md", "protection", language, markdown)


def strange(markdown: str, language: str = "en") -> list[tuple[str, int, str]]:
    found = prose.unprinted_numbers(text(markdown, language), PRINTED, Words.load(language))
    return [(one.number, one.line, one.nearest) for one in found]


def test_paragraphs_and_lists_are_placed_and_emphasis_is_dropped():
    found = text("Two *bodies*\nreported **more**.\n\n- first\n- second\n  - third\n\n1. fourth\n")
    assert found.parts == ("Two bodies reported more.", ("first", "second", "third"), ("fourth",))
    assert found.refused == ()


@pytest.mark.parametrize(
    ("markdown", "refused"),
    [
        ("A <b>word</b>.", (1, "html_inline")),
        ("First.\n\n<div>\n", (3, "html_block")),
        ("# Heading", (1, "heading")),
        ("![picture](x.png)", (1, "image")),
        ("[page](https://example.org)", (1, "link")),
        ("> quoted", (1, "blockquote")),
        ("```\ncode\n```", (1, "fence")),
        ("A `word`.", (1, "code_inline")),
        ("one\n\n---\n", (3, "hr")),
    ],
)
def test_anything_else_is_refused_by_line_and_name_and_nothing_is_placed(markdown: str, refused: tuple[int, str]):
    found = text(markdown)
    assert refused in found.refused
    assert found.parts == ()


def test_a_number_that_the_chapter_does_not_print_is_told_with_its_line_and_the_nearest_figure():
    assert strange("In 2025, 1,240 victims.\nThat is 39% of 150.\n\nAnd 145.") == [
        ("39%", 2, "38%"),
        ("150", 2, "145"),
    ]


def test_a_share_must_be_printed_as_one_and_a_plain_number_may_be_either():
    assert strange("145%") == [("145%", 1, "38%")]
    assert strange("38 per cent") == []


@pytest.mark.parametrize(
    "harmless",
    [
        "In 2024.",
        "Article 11 of Law 28 orders it.",
        "On 3 March 2025.",
        "The 4Ps.",
        "PRT-02 tells.",
        "The 2nd.",
        "7 of them",
    ],
)
def test_years_days_ordinals_articles_and_codes_count_nothing(harmless: str):
    assert strange(harmless) == []


def test_a_small_number_is_not_let_pass():
    assert strange("Only 3 children were found.") == [("3", 1, "7")]


@pytest.mark.parametrize(
    ("language", "markdown", "found"),
    [
        ("ar", "بلغ العدد ١٬٢٤٠ ونسبته ٣٨٪.", []),
        ("ar", "المادة ١١ من القانون رقم ٢٨ لعام ٢٠١٢، في ٣ آذار.", []),
        ("ar", "بلغ العدد ١٬٢٥٠.", [("١٬٢٥٠", 1, "1,240")]),
        ("ckb", "لە ساڵی ٢٠٢٤دا ١٤٥ کەس، ماددەی ١١.", []),
        ("ckb", "١٤٦ کەس", [("١٤٦", 1, "145")]),
        ("ckb", "۱۴۶ کەس لە ساڵی ۲۰۲۴", [("۱۴۶", 1, "145")]),  # a Persian keyboard
        ("ar", "بلغ العدد ۱٬۲۴۰ ونسبته ۳۸٪.", []),
    ],
)
def test_numbers_are_read_in_the_digits_of_every_language(
    language: str, markdown: str, found: list[tuple[str, int, str]]
):
    assert strange(markdown, language) == found


@pytest.mark.parametrize(
    "markdown",
    [
        "There were three girls in Wasit.",
        "th*r*ee girls",
        "th\u200bree girls",
        "a couple of girls",
        "٣ girls",
        "۳ girls",
        "３ girls",
        "३ girls",
        "³ girls",
        "③ girls",
        "III girls",
        "x3girls",
        "a3 girls",
        "In May: 3 mayors",
        "2200 girls",
        "كانت هناك ثلاث فتيات في واسط.",
        "وثَلاث فتيات",
        "بثلاثة",
        "وضحيتان",
        "للفتاتين",
        "سێ کچ لە واست",
        "دوو کچ",
        "چوار\u200cکچ",
    ],
)
def test_a_small_count_in_any_script_or_in_words_is_found(markdown: str):
    for language in ("en", "ar", "ckb"):
        assert strange(markdown, language), (language, markdown)


def test_what_the_place_prints_may_be_written_in_words_and_a_key_is_no_number():
    assert strange("Seven of them, {PRT-01/COUNT@IQ-FED@2025@sex=F}.") == []
    assert strange("وثائق السفر") == []


def test_the_sentence_of_a_number_is_told():
    (found,) = prose.unprinted_numbers(
        text("No number here.\nThere were 3\ngirls. Nor here."), PRINTED, Words.load("en")
    )
    assert (found.sentence, found.line) == ("There were 3 girls.", 2)


def test_in_a_chapter_without_figures_there_is_no_nearest_one():
    found = prose.unprinted_numbers(text("About 40."), (), Words.load("en"))
    assert [(one.number, one.nearest) for one in found] == [("40", "")]


def test_texts_are_read_by_file_and_never_written(tmp_path: Path):
    home = Home.at(tmp_path).open(invented=True)
    written = {"protection.ar.md": "نص.", "results.en.md": "Text.", "Notes.md": "Other."}
    for name, content in written.items():
        (home.prose / name).write_text(content, encoding="utf-8")
    found = {one.name: (one.chapter, one.language) for one in prose.read_texts(home)}
    assert found == {
        "protection.ar.md": ("protection", "ar"),
        "results.en.md": ("results", "en"),
        "Notes.md": ("Notes", ""),
    }
    assert {path.name: path.read_text(encoding="utf-8") for path in home.prose.iterdir()} == written


def test_a_text_in_another_encoding_is_refused_by_its_name(tmp_path: Path):
    home = Home.at(tmp_path).open(invented=True)
    (home.prose / "protection.ar.md").write_bytes("نص.".encode("windows-1256"))
    with pytest.raises(Refusal, match=r"prose_encoding: protection\.ar\.md"):
        prose.read_texts(home)


def test_a_text_opens_its_chapter_in_its_language_alone(report: Report):
    matter = EditorialInputs(prose=(text("Written by hand.\n\n- one\n- two\n"),), code="0")
    told = {tag: build_edition.chapters(report, matter, Words.load(tag)) for tag in ("en", "ar")}
    plain = build_edition.chapters(report, EditorialInputs(code="0"), Words.load("en"))

    def protection(chapters: tuple[Chapter, ...]) -> Chapter:
        return next(one for one in chapters if one.id == "protection")

    first, second, *others = protection(told["en"]).blocks
    assert first == Paragraph(text="Written by hand.", tone="prose")
    assert isinstance(second, ItemList) and second.texts == ("one", "two")
    assert tuple(others) == protection(plain).blocks
    assert not any(isinstance(one, Paragraph) and one.tone == "prose" for one in protection(told["ar"]).blocks)


def test_a_strange_number_blocks_and_stands_in_no_notes_of_the_edition(report: Report):
    matter = EditorialInputs(prose=(text("There were 123,456 victims."),), code="0")
    about = outlook.about_edition(report, matter, Words.load("en"))
    remarks = next(one for one in about.chapters if one.id == "about-remarks")
    assert isinstance(remarks.blocks[0], ItemList)
    assert not any("123,456" in remark for remark in remarks.blocks[0].texts)


def test_the_nearest_figure_is_told_in_the_digits_of_the_reader(report: Report):
    matter = EditorialInputs(prose=(text("بلغ العدد ٩٩٩٬٩٩٩.", "ar"),), code="0")
    words = Words.load("ar")
    edition = build_edition.edition(report, words, matter)
    (item,) = (item for item in checklist.text_items(report, edition, matter) if item.waits_for_a_look)
    told = checklist.item_sentence(item, words)
    assert "٩٩٩٬٩٩٩" in told and not set("0123456789") & set(told)
