"""The page of an indicator: one short address that lasts, and all that is told of it."""

from __future__ import annotations

import re

import pytest

from reports.editions.edition import Chapter, DefinedTerm, Edition, TableBlock, TermList
from reports.renderers import site
from tests.reports.invented_stories import with_story
from tests.reports.markup import Reader

OTHERS = [("en", "ltr", "English"), ("ar", "rtl", "العربية")]
CODE, PAGE = "PRT-01", "PRT-01.html"


def _edition(language: str = "en") -> Edition:
    """An edition in which two chapters tell of one indicator."""
    told = with_story(language)
    section = told.chapters[1].chapters[0]
    table = next(block for block in section.blocks if isinstance(block, TableBlock))
    there = section.model_copy(
        update={
            "id": "by-place-prt-01-section",
            "dataset": "by_place",
            "blocks": (table.model_copy(update={"id": "by-place-prt-01"}),),
        }
    )
    places = Chapter(id="by-place", title="Governorates", chapters=(there,))
    about = TermList(entries=(DefinedTerm(term="Out of", text="Those who asked."),))
    return told.model_copy(
        update={
            "chapters": (*told.chapters, places),
            "profiles": (Chapter(id=CODE, title=section.title, code=CODE, blocks=(about,)),),
            "datasets": (DefinedTerm(term="by_place", text="By place"), DefinedTerm(term="other", text="Other")),
        }
    )


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    return {name: data.decode("utf-8") for name, data in site.render(_edition(), OTHERS).items() if "html" in name}


def test_all_that_is_told_of_an_indicator_stands_on_its_page_and_on_no_other(files: dict[str, str]):
    for table in ("four-ps-national-prt-01-sex", "by-place-prt-01"):
        assert [name for name, text in files.items() if f'<table id="{table}"' in text] == [PAGE]
    assert "Those who asked." in files[PAGE]


def test_its_answer_is_its_title_and_the_name_stands_above(files: dict[str, str]):
    (title,) = [text for name, text in Reader(files[PAGE]).texts if name == "h1"]
    assert title == "About 40 of about 60 victims were found in 2025."
    assert "<title>Presumed victims (PRT-01) · " in files[PAGE]
    assert files[PAGE].index('<p class="of">') < files[PAGE].index("<h1")


def test_an_indicator_without_an_answer_is_titled_by_its_name():
    told = _edition().model_copy(update={"story": None})
    text = site.render(told, OTHERS)[PAGE].decode("utf-8")
    assert [said for name, said in Reader(text).texts if name == "h1"] == ["Presumed victims"]


def test_what_an_editor_wrote_of_its_answer_stands_on_the_page_marked_as_hers():
    told = _edition()
    assert told.story
    comment = {"comment": ("More was <looked> for.",)}
    chapters = tuple(
        chapter.model_copy(update={"answers": tuple(answer.model_copy(update=comment) for answer in chapter.answers)})
        for chapter in told.story.chapters
    )
    story = told.story.model_copy(update={"chapters": chapters})
    text = site.render(told.model_copy(update={"story": story}), OTHERS)[PAGE].decode("utf-8")
    prose = text.partition('<div class="prose">')[2].partition("</div>")[0]
    assert told.labels["prose"] in prose and "More was &lt;looked&gt; for." in prose


def test_its_whole_datasets_are_taken_from_the_page(files: dict[str, str]):
    about = files[PAGE].partition('id="taking"')[2].partition("</section>")[0]
    assert re.findall(r'href="([^"]*data/[^"]+)"', about) == ["../data/by_place.csv", "../data/by_place.parquet"]


def test_a_chapter_leads_to_the_pages_of_its_indicators_and_keeps_their_places(files: dict[str, str]):
    for name, place in (("protection.html", "prt-01-section"), ("by-place.html", "by-place-prt-01-section")):
        found = Reader(files[name])
        assert f"{PAGE}#{place}" in found.values("href") and place in found.values("id")


def test_search_answers_and_contents_lead_to_the_page(files: dict[str, str]):
    for name in ("search.html", "index.html"):
        assert PAGE in {target.partition("#")[0] for target in Reader(files[name]).values("href")}


def test_a_name_of_an_indicator_in_a_table_leads_to_its_page():
    told = _edition()
    section = told.chapters[1].chapters[0]
    table = next(block for block in section.blocks if isinstance(block, TableBlock))
    group = table.groups[0]
    rows = (group.rows[0].model_copy(update={"code": CODE}), group.rows[1].model_copy(update={"code": "PRT-99"}))
    groups = (group.model_copy(update={"rows": rows, "heading": "Presumed", "code": CODE}),)
    chapter = Chapter(id="law", title="Law", blocks=(table.model_copy(update={"id": "law-t", "groups": groups}),))
    text = site.render(told.model_copy(update={"chapters": (*told.chapters, chapter)}), OTHERS)["law.html"].decode()
    assert f'<th scope=row><a href="{PAGE}">Female</a>' in text
    assert "<th scope=row>Male" in text  # of an indicator without a page
    assert f'<span><a href="{PAGE}">Presumed</a></span>' in text
