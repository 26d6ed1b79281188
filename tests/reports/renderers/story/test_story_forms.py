"""The forms of a story are set as tagged PDFs, and name the tables of the annex by their numbers there."""

from __future__ import annotations

import io
import json
from itertools import groupby
from pathlib import Path

import pikepdf
import pytest
from pdfua import validate

from languages.refusal import Refusal
from reports.editions.edition import Edition, TableBlock
from reports.renderers import pdf
from reports.renderers.story import story_manuscripts
from reports.renderers.typesetting import typeset
from tests.reports.invented_stories import told_story, with_story
from tests.reports.printed_text import glyphs, letters, placed
from tests.reports.renderers.invented_pictures import picture


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


def test_the_report_tells_all():
    whole = letters(typeset(story_manuscripts.booklet(with_story(), None)))
    assert [
        said for said in (one.sentence.replace(" ", "") for one in told_story().findings) if said not in whole
    ] == []


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
        story_manuscripts.booklet(with_story().model_copy(update={"story": story}))
    assert refused.value.code == "print_lacks_letters"


def _of_four_demands(language: str, demanded: str) -> Edition:
    told = with_story(language)
    assert told.story is not None
    (one,) = told.story.demands
    demands = tuple(one.model_copy(update={"code": f"D{number}"}) for number in range(1, 5))
    longer = demands[1].model_copy(update={"demanded": demanded, "state_name": "ZZZ"})
    story = told.story.model_copy(update={"demands": (demands[0], longer, *demands[2:])})
    return told.model_copy(update={"story": story})


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_long_demand_stands_above_its_state(language: str):
    told = _of_four_demands(language, " ".join(["QQQQQQQQQ"] * 14))
    card = next(
        lines
        for lines in map(list, placed(typeset(story_manuscripts.booklet(told, None))))
        if any("Z" in said for _, said in lines)
    )
    assert min(height for height, said in card if "Q" in said) > max(height for height, said in card if "Z" in said)


def test_no_page_of_the_report_is_empty():
    told = _of_four_demands("en", "Bodies respond")
    assert told.story is not None
    demands = tuple(one.model_copy(update={"pictures": (), "others": ()}) for one in told.story.demands)  # a page each
    told = told.model_copy(update={"story": told.story.model_copy(update={"demands": demands})})
    document = typeset(story_manuscripts.booklet(told, None))
    around = (told.title, told.subtitle, told.footer, told.labels["page"], *(one.text for one in told.banners), "99")
    least = sum(len(words.replace(" ", "")) for words in around)
    counts = [sum(len(said.replace(" ", "")) for _, said in lines) for lines in placed(document)]
    assert [number for number, count in enumerate(counts, start=1) if count <= least] == []


@pytest.mark.parametrize("language", ["en", "ar", "ckb"])
def test_a_demand_of_nine_charts_and_four_pictures_is_a_spread_and_loses_nothing(language: str):
    told = with_story(language)
    assert told.story is not None
    (one,) = told.story.demands
    (chart,) = one.found
    charts = tuple(
        chart.model_copy(update={"sentence": f"QA{place} {'word ' * 12}", "source": f"QB{place // 4} {'body ' * 9}"})
        for place in range(9)
    )
    pictures = [picture(form, *[0.1 * place for place in range(1, rows)], label="A step of many words on its way")
                for form, rows in (("funnel", 9), ("pyramid", 5), ("intervals", 8), ("slope", 6))]  # fmt: skip
    full = one.model_copy(
        update={
            **{"found": charts, "others": (), "pictures": tuple(pictures), "ordered": ("Article of the law.",) * 8},
            **{"unsaid": (f"QC {'indicator ' * 30}",) * 2, "needed": (f"QD {'indicator ' * 12}",) * 5},
        }
    )
    after = one.model_copy(update={"code": "D4", "pictures": (), "demanded": "ZZZ"})
    story = told.story.model_copy(update={"demands": (full, after)})
    said = [
        "".join(words for _, words in page).replace(" ", "")
        for page in placed(typeset(story_manuscripts.booklet(told.model_copy(update={"story": story}), None)))
    ]
    first = next(number for number, page in enumerate(said) if "QA8" in page)
    assert [number for number, page in enumerate(said) if "ZZZ" in page][-1] == first + 2
    left, right = said[first : first + 2]
    assert [place for place in range(9) if f"QA{place}" not in left] == []
    assert [left.count(f"QB{place}") for place in range(3)] == [1, 1, 1]
    assert (right.count("QC"), right.count("QD")) == (2, 5)


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
