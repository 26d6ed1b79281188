"""The site: self-contained, accessible, the same places in three languages, and the same bytes each time."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from markupsafe import escape

from expectations.gate.text_in_files import hidden_places
from ingestion.home import Home
from languages.catalogue import Gap
from languages.refusal import Refusal
from languages.words import Words, languages
from reports.chapters import build_edition
from reports.editions.edition import Banner, Chapter, DrawnBlock, Edition, TableBlock
from reports.editions.printed_parts import PrintedFigure
from reports.phrases import wording
from reports.publishing import issue_report
from reports.released import report_model
from reports.released.report_model import Report
from reports.renderers import fonts, site
from tests.reports import invented_releases
from tests.reports.invented_editions import invented
from tests.reports.markup import Reader

TAGS = ["en", "ar", "ckb"]
OTHERS = [("en", "ltr", "English"), ("ar", "rtl", "العربية")]
FORMS = {
    *(
        "slides.pptx",
        "report.pdf",
        "law_28_monitor.pdf",
        "summary.pdf",
        "tables.xlsx",
        "explorer.html",
        "edition.json",
    ),
}
STYLE = Path(site.__file__).parents[1] / "templates" / "site.css"
Sites = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def read(sites: Sites) -> dict[str, dict[str, Reader]]:
    return {tag: {file: Reader(text) for file, text in pages.items()} for tag, pages in sites.items()}


@pytest.fixture(scope="module")
def small() -> dict[str, bytes]:
    return site.render(invented(), OTHERS)


def page(files: dict[str, bytes], name: str) -> str:
    return files[name].decode("utf-8")


def policy(text: str) -> str:
    return next(found["content"] for found in Reader(text).all("meta") if "http-equiv" in found)


def test_a_site_is_issued_in_every_language_into_the_folder_of_the_report(fronts: dict[str, Path], report: Report):
    assert sorted(fronts) == sorted(languages())
    assert {path.parents[1].name for path in fronts.values()} == {report.id}
    told = Edition.model_validate_json((fronts["en"].parent / "edition.json").read_bytes())
    pages = {f"{chapter.id}.html" for chapter in told.chapters} - {"results.html", "charts.html"}
    pages |= {f"{section.code}.html" for section in told.walk() if section.code}
    found = {path.name for path in fronts["en"].parent.glob("*.html")} - FORMS
    assert found == pages | {"index.html", "search.html"}


@pytest.mark.parametrize("tag", TAGS)
def test_every_page_says_its_language_and_direction(read: dict[str, dict[str, Reader]], tag: str):
    for found in read[tag].values():
        assert found.all("html") == [{"lang": tag, "dir": "ltr" if tag == "en" else "rtl"}]


@pytest.mark.parametrize("tag", TAGS)
def test_a_page_fetches_nothing_and_runs_nothing_but_the_search_and_the_copying_of_an_address(sites: Sites, tag: str):
    for file, text in sites[tag].items():
        found = Reader(text)
        assert not found.all("link", "img", "iframe", "object", "base", "form")
        assert len(found.all("script")) == (file == "search.html" or file[:3].isupper())
        assert found.values("src") == []
        assert not re.search(r"url\((?!data:font/woff2|#)", text)
        assert not [name for _, one in found.tags for name in one if name.startswith("on") or name == "style"]


def test_the_policy_names_this_style_and_this_script_and_nothing_else(small: dict[str, bytes]):
    for name in ("index.html", "protection.html", "search.html", "PRT-01.html"):
        text = page(small, name)
        style = text.split("<style>", 1)[1].split("</style>", 1)[0]
        wanted = f"style-src 'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"
        assert policy(text).startswith("default-src 'none'; ") and wanted in policy(text)
        assert "unsafe" not in policy(text)
        assert ("script-src" in policy(text)) == (name in ("search.html", "PRT-01.html"))
    for name in ("search.html", "PRT-01.html"):
        text = page(small, name)
        script = text.split("<script>", 1)[1].split("</script>", 1)[0]
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"script-src 'sha256-{digest}';" in policy(text)


def test_every_link_and_label_leads_somewhere(read: dict[str, dict[str, Reader]]):
    for tag in TAGS:
        ids = {file: found.values("id") for file, found in read[tag].items()}
        for file, found in read[tag].items():
            assert len(ids[file]) == len(set(ids[file]))
            assert set(found.values("aria-labelledby")) <= set(ids[file])
            for target in found.values("href"):
                _leads_somewhere(target, file, tag, read)


def _leads_somewhere(target: str, file: str, tag: str, read: dict[str, dict[str, Reader]]) -> None:
    address, _, anchor = target.partition("#")
    if re.fullmatch(r"charts/[\w-]+\.(svg|png|csv)|\.\./data/\w+\.(csv|parquet)", address) or address in FORMS:
        return
    place = re.fullmatch(r"(?:\.\./(\w+)/)?([\w-]+\.html)?", address)
    assert place, target
    other = read[place[1] or tag][place[2] or file]
    assert not anchor or anchor in other.values("id"), target


def test_every_language_has_the_same_places_so_that_a_reader_keeps_hers(read: dict[str, dict[str, Reader]]):
    assert sorted(read["ar"]) == sorted(read["ckb"]) == sorted(read["en"])
    for file, found in read["en"].items():
        assert read["ar"][file].values("id") == read["ckb"][file].values("id") == found.values("id")


def test_the_other_language_is_one_step_away_at_every_section(small: dict[str, bytes]):
    found = Reader(page(small, "protection.html")).values("href")
    assert "../ar/protection.html" in found
    assert "../ar/protection.html#prt-01-section" in found


@pytest.mark.parametrize("tag", TAGS)
def test_no_caption_says_the_heading_above_it_again(read: dict[str, dict[str, Reader]], tag: str):
    found = read[tag]["law-28.html"]
    captions = {text for name, text in found.texts if name == "span"}
    headings = [text for name, text in found.texts if name in ("h1", "h2", "h3")]
    assert headings and not captions & set(headings)
    labels = {one["id"]: one.get("aria-labelledby") for one in found.all("table")}
    assert labels == {"law-28-counts": None, "law-28-duties": "law-28-title"}


@pytest.mark.parametrize("tag", TAGS)
def test_headings_skip_no_level(read: dict[str, dict[str, Reader]], tag: str):
    for found in read[tag].values():
        levels = [int(name[1]) for name, _ in found.tags if re.fullmatch("h[1-6]", name)]
        assert levels[0] == 1 and levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("tag", TAGS)
def test_every_table_has_a_name_and_every_heading_cell_a_scope(read: dict[str, dict[str, Reader]], tag: str):
    for found in read[tag].values():
        tables = [(name, one) for name, one in found.tags if name in ("table", "caption")]
        for (name, one), (following, _) in pairwise([*tables, ("", {})]):
            assert name == "caption" or (following == "caption") != ("aria-labelledby" in one)
        assert {one.get("scope", "") for one in found.all("th")} <= {"col", "row", "rowgroup"}


def test_every_table_and_chart_of_the_edition_is_on_a_page(fronts: dict[str, Path], read: dict[str, dict[str, Reader]]):
    told = Edition.model_validate_json((fronts["ar"].parent / "edition.json").read_bytes())
    blocks = [block for chapter in told.walk() for block in chapter.blocks]
    wanted = [block.id for block in blocks if isinstance(block, TableBlock)]
    found = [one["id"] for text in read["ar"].values() for one in text.all("table") if "id" in one]
    assert sorted(found) == sorted(wanted)
    charts = [block.id for block in blocks if isinstance(block, DrawnBlock)]
    drawn = [one["id"] for text in read["ar"].values() for one in text.all("figure")]
    assert sorted(drawn) == sorted(f"chart-{name}" for name in charts)
    files = {path.name for path in (fronts["ar"].parent / "charts").iterdir()}
    assert files == {f"{name}.{kind}" for name in charts for kind in ("svg", "png", "csv")}


def test_a_table_shows_the_released_figures(sites: Sites, report: Report):
    table = sites["en"]["PRT-01.html"].split('<table id="four-ps-national-prt-01-sex">')[1].split("</table>")[0]
    rows = [re.findall(r"<td[^>]*>([^<\n]*)", row) for row in table.split("<tr")[2:]]
    codes = ["F", "M", "_U", "_T"]
    wanted = [[report.cell("PRT-01", "COUNT", "IQ-FED", year, sex=code) for year in report.years] for code in codes]
    assert rows == [["[low]" if cell.mark == "low" else f"{cell.value:,.0f}" for cell in row] for row in wanted]


def test_a_mark_stands_behind_its_figure_and_apart_from_it(small: dict[str, bytes]):
    text = page(small, "PRT-01.html")
    assert "<td>145 <bdi>[p]</bdi>" in text and "<td class=m>[c]" in text and "<td class=m>[low]" in text


@pytest.mark.parametrize("tag", ["ar", "ckb"])
def test_figures_have_the_digits_of_the_language(read: dict[str, dict[str, Reader]], tag: str):
    figures = [text for found in read[tag].values() for name, text in found.texts if name in ("td", "text")]
    assert len(figures) > 1000
    assert [text for text in figures if re.search("[0-9]", text)] == []


@pytest.mark.parametrize("tag", TAGS)
def test_every_letter_is_in_the_font(sites: Sites, tag: str):
    letters = "".join(text.split("</style>", 1)[1].partition("<script>")[0] for text in sites[tag].values())
    assert fonts.lacking_letters(letters) == frozenset()


def test_a_page_is_small_enough_to_send(sites: Sites):
    for pages in sites.values():
        assert max(len(text.encode("utf-8")) for text in pages.values()) < 1_200_000
        assert len(pages["index.html"].encode("utf-8")) < 250_000


def test_banners_stand_on_every_page_and_the_invented_one_at_its_foot_again(sites: Sites):
    for tag, pages in sites.items():
        words = Words.load(tag)
        for text in pages.values():
            assert text.count(words.text("edition.invented")) == 2
            assert (words.text("page.awaits_review") in text) == (not words.is_reviewed)


def test_an_edition_without_banners_has_none():
    files = site.render(invented().model_copy(update={"banners": ()}), OTHERS)
    assert 'class="banner' not in page(files, "index.html") and 'class="again"' not in page(files, "index.html")


def test_english_that_somebody_wrote_into_an_arabic_sentence_is_told_as_english():
    texts = {
        "\u2068one file was <counted> twice\u2069": '<bdi lang="en" dir="ltr">one file was &lt;counted&gt; twice</bdi>',
        "\u2068000001-0123456789ab\u2069": "\u2068000001-0123456789ab\u2069",
        "\u2068ملف محسوب مرتين\u2069": "\u2068ملف محسوب مرتين\u2069",
        "\u2068UNODC\u2069": "\u2068UNODC\u2069",
    }
    banners = tuple(Banner(kind="withdrawn", text=f"السبب: {text}.") for text in texts)
    small = invented("ar").model_copy(update={"banners": banners})
    shown = page(site.render(small, OTHERS), "index.html")
    assert [f"السبب: {said}." in shown for said in texts.values()] == [True] * len(texts)


def test_the_front_page_marks_the_three_answers(sites: Sites, fronts: dict[str, Path]):
    for tag, pages in sites.items():
        told = Edition.model_validate_json((fronts[tag].parent / "edition.json").read_bytes())
        assert told.answers
        found = re.findall(r'data-answer="(\w+)"><h2>[^<]+</h2>\n<p>([^<]+)</p>', pages["index.html"])
        assert [name for name, _ in found] == ["found", "certainty", "silent"]
        assert found[0][1] == told.answers.found
        assert pages["index.html"].index("<div data-answer") < pages["index.html"].index('id="results"')


def test_an_edition_without_answers_or_results_has_a_front_page_without_dead_links():
    told = invented()
    files = site.render(told.model_copy(update={"answers": None, "chapters": told.chapters[1:]}), OTHERS)
    found = Reader(page(files, "index.html"))
    assert "<div data-answer" not in page(files, "index.html")
    assert {target[1:] for target in found.values("href") if target.startswith("#")} <= set(found.values("id"))


def test_the_same_report_gives_the_same_bytes(home: Home, fronts: dict[str, Path]):
    folder = fronts["ckb"].parent
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    issue_report.issue(home, "ckb")
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_earlier_years_are_folded_under_the_table_they_belong_to():
    told = invented()
    chapter = told.chapters[1].chapters[0]
    table = next(block for block in chapter.blocks if isinstance(block, TableBlock))
    older = [table.model_copy(update={"id": f"{table.id}-{year}", "earlier": year}) for year in ("2022", "2021")]
    changed = chapter.model_copy(update={"blocks": (table, *older)})
    files = site.render(_with(told, changed), OTHERS)
    text = page(files, "PRT-01.html").partition('id="prt-01-section"')[2]
    assert text.count("<details>") == 1
    folded = text.partition("<details>")[2].partition("</details>")[0]
    assert re.findall('<table id="([^"]+)', folded) == [one.id for one in older]
    assert f"{told.labels['earlier']}: 2022 · 2021</summary>" in folded


def test_a_heading_stands_over_the_beginning_of_words_and_the_end_of_numbers():
    told = invented()
    section = told.chapters[1].chapters[0]
    table = next(block for block in section.blocks if isinstance(block, TableBlock))
    said = PrintedFigure(text="rising", is_text=True)
    groups = tuple(
        group.model_copy(
            update={"rows": tuple(row.model_copy(update={"cells": (said, *row.cells[1:])}) for row in group.rows)}
        )
        for group in table.groups
    )
    changed = section.model_copy(update={"blocks": (table.model_copy(update={"groups": groups}),)})
    text = page(site.render(_with(told, changed), OTHERS), "PRT-01.html")
    assert "<th scope=col class=w>2023<th scope=col>2024" in text and "<td class=w>rising<td>130" in text


def _with(told: Edition, section: Chapter) -> Edition:
    chapters = (told.chapters[0], told.chapters[1].model_copy(update={"chapters": (section,)}), *told.chapters[2:])
    return told.model_copy(update={"chapters": chapters})


def test_a_table_with_words_in_its_heading_sets_its_columns_by_them(sites: Sites):
    text = sites["en"]["PRT-01.html"]
    by_form = text[: text.index('<table id="four-ps-governorate-prt-01-form-2025">')]
    by_year = text[: text.index('<table id="four-ps-governorate-prt-01">')]
    assert re.findall('<div class="(full[^"]*)">', by_form)[-1] == "full named"
    assert re.findall('<div class="(full[^"]*)">', by_year)[-1] == "full"
    assert ".full.named table{table-layout:auto" in STYLE.read_text(encoding="utf-8")


def test_the_index_names_every_section_chart_and_table(small: dict[str, bytes]):
    lines = page(small, "search.html").partition('<section class="index">')[2].partition("</main>")[0]
    found = re.findall(r'<li>(?:<span class="kind">([^<]+)</span> )?<a href="([^"]+)">', lines)
    assert found == [
        ("", "index.html#results"),
        ("Chart:", "protection.html#chart-victims"),
        ("Map:", "protection.html#chart-prt-01-map"),
        ("", "PRT-01.html#prt-01-section"),
        ("Table:", "PRT-01.html#four-ps-national-prt-01-sex"),
        ("Chart:", "PRT-01.html#chart-shares-d1"),
        *[("Place:", "protection.html#chart-prt-01-map")] * 19,
        ("", "reading.html#reading"),
    ]


def test_the_files_beside_a_chart_hold_its_figures_with_marks_in_their_own_column(small: dict[str, bytes]):
    rows = list(csv.reader(io.StringIO(page(small, "charts/victims.csv"))))
    assert rows[0] == ["series", "year", "value", "mark"]
    assert rows[1:4] == [["Presumed victims", "2023", "1280", ""], ["Presumed victims", "2024", "", "c"],
                         ["Presumed victims", "2025", "150", ""]]  # fmt: skip
    places = list(csv.DictReader(io.StringIO(page(small, "charts/prt-01-map.csv"))))
    assert len(places) == 19
    assert (places[2]["value"], places[2]["mark"]) == ("", "c")
    assert [one["code"] for one in places if one["provisional"]] == ["IQG06Q05"]


def test_a_chart_file_stands_alone(small: dict[str, bytes]):
    svg = page(small, "charts/victims.svg")
    assert svg.startswith("<svg ") and 'xmlns="http://www.w3.org/2000/svg"' in svg and ' width="' in svg
    assert "@font-face" in svg and not re.search(r"<script|url\((?!data:|#)", svg)
    assert small["charts/victims.png"].startswith(b"\x89PNG")


def test_a_site_hides_nothing_but_its_own_program_and_the_names_of_the_answers(small: dict[str, bytes]):
    assert hidden_places(small, site.unseen_texts()) == []
    assert {place for _, place in hidden_places(small)} == {"script", "div@data-answer"}


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A report in which one indicator has a break."""
    mark = {"code": "law_8_1988_amended", "kind": "law", "first_year": 2024, "whole_year": 2025,
            "areas": ["IQ-FED"], "indicators": ["NCR-01"]}  # fmt: skip
    root = tmp_path_factory.mktemp("broken")
    return report_model.load(invented_releases.build(root, is_national_only=True, breaks=[mark]))


@pytest.mark.parametrize("tag", TAGS)
def test_the_page_names_a_break_at_its_indicator(broken: Report, tag: str):
    words = Words.load(tag)
    told = {section.indicator: wording.breaks(section, words) for section in broken.sections}
    assert [code for code, lines in told.items() if lines] == ["NCR-01"]
    edition = build_edition.edition(broken, words)
    own = tuple(chapter for chapter in edition.chapters if chapter.id == "protection")
    html = site.render(edition.model_copy(update={"chapters": own}), [])["NCR-01.html"].decode("utf-8")
    assert f"<li>{escape(told['NCR-01'][0])}</li>" in html
    assert words.text("break.law_8_1988_amended") in told["NCR-01"][0]


def test_a_site_that_hides_something_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    home = invented_releases.build(tmp_path, is_national_only=True)

    def hiding(*_: object) -> dict[str, bytes]:
        return {"index.html": b"<p>10</p><!-- in truth 3 -->"}

    monkeypatch.setattr(site, "render", hiding)
    with pytest.raises(Refusal) as refused:
        issue_report.issue(home, "en")
    assert (refused.value.code, refused.value.where) == ("output_hides", "index.html")
    assert list(home.reports.rglob("*.html")) == []


def test_a_language_with_a_gap_is_not_issued_and_the_others_do_not_link_to_it(
    home: Home, monkeypatch: pytest.MonkeyPatch
):
    def found(tag: str) -> list[Gap]:
        return [Gap("fuzzy", "page.title")] if tag == "ckb" else []

    monkeypatch.setattr(issue_report, "gaps", found)
    with pytest.raises(Refusal) as refused:
        issue_report.issue(home, "ckb")
    assert (refused.value.code, refused.value.arguments) == ("catalogue_incomplete", {"language": "ckb", "count": 1})
    assert [tag for tag, _, _ in issue_report.other_languages("en")] == ["en", "ar"]


@pytest.mark.parametrize("tag", TAGS)
def test_every_word_around_the_blocks_is_in_the_catalogue(tag: str):
    words = Words.load(tag)
    assert {key for key in site.LABELS if f"edition.label.{key}" not in words} == set()
    used = "".join(path.read_text(encoding="utf-8") for path in (STYLE.parent / "site").glob("*.html"))
    named = set(re.findall(r"label\.(\w+)", used))
    assert named <= set(site.LABELS)
    assert {key for key in site.LABELS if key not in named and not key.startswith(("answer_", "kind_"))} <= {
        "search_title"
    }


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_colours_are_readable_for_weak_eyes():
    style = STYLE.read_text(encoding="utf-8")
    named = dict(re.findall(r"--(\w+):(#[0-9a-f]{6})", style))
    for ink in ("ink", "muted", "head", "accent", "mark"):
        for paper in ("#ffffff", named["tint"], "#fff9e5"):
            assert contrast(named[ink], paper) >= 4.5, (ink, paper)
    assert contrast("#4a3200", "#fff4d6") >= 7 and contrast("#1f3054", "#e9eff8") >= 7
    assert Counter(re.findall(r"#fff4d6|#e9eff8|#1f3054|#fff9e5", style)).total() == 4


def test_figures_stand_on_the_right_in_both_directions():
    style = STYLE.read_text(encoding="utf-8")
    assert re.search(r"\ntd\{text-align:right", style)
    assert "svg{direction:ltr}" in style
