"""The page: self-contained, accessible, right in three languages, and the same bytes each time."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from ingestion.home import Home
from languages.catalogue import Gap, Message
from languages.refusal import Refusal
from languages.words import Words, languages
from reports import fonts, model, page, wording
from reports.model import Report
from tests.reports import released

TAGS = ["en", "ar", "ckb"]
STYLE = Path(page.__file__).parent / "templates" / "page.css"


class Reader(HTMLParser):
    """What a browser or a screen reader would make of a page: tags with attributes, texts by enclosing tag."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag; called by the parser."""
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        """Keep a text under the tag it follows; called by the parser."""
        if data.strip():
            self.texts.append((self.tags[-1][0] if self.tags else "", data.strip()))

    def all(self, *tags: str) -> list[dict[str, str]]:
        """Return the attributes of every element with one of the names."""
        return [found for tag, found in self.tags if tag in tags]

    def values(self, name: str) -> list[str]:
        """Return every value of an attribute, in the order of the page."""
        return [found[name] for _, found in self.tags if name in found]


@pytest.fixture(scope="module")
def read(pages: dict[str, Path]) -> dict[str, Reader]:
    return {tag: Reader(path.read_text(encoding="utf-8")) for tag, path in pages.items()}


def test_a_page_is_issued_in_every_language_into_the_folder_of_the_release(pages: dict[str, Path], report: Report):
    assert sorted(pages) == sorted(languages())
    assert {path.parent.name for path in pages.values()} == {report.id}
    assert all(release.version in report.id for release in report.releases)


@pytest.mark.parametrize("tag", TAGS)
def test_the_page_says_its_language_and_direction(read: dict[str, Reader], tag: str):
    assert read[tag].all("html")[0] == {"lang": tag, "dir": "ltr" if tag == "en" else "rtl"}


@pytest.mark.parametrize("tag", TAGS)
def test_the_page_fetches_nothing_and_runs_nothing(pages: dict[str, Path], read: dict[str, Reader], tag: str):
    assert not read[tag].all("script", "link", "img", "iframe", "object", "base", "form")
    assert read[tag].values("src") == []
    assert all(re.fullmatch(r"#[\w-]+|[a-z]+\.html(#[\w-]+)?", target) for target in read[tag].values("href"))
    assert not re.search(r"url\((?!data:font/woff2|#)", pages[tag].read_text(encoding="utf-8"))
    assert not [name for _, found in read[tag].tags for name in found if name.startswith("on") or name == "style"]


@pytest.mark.parametrize("tag", TAGS)
def test_the_policy_allows_this_style_and_nothing_else(pages: dict[str, Path], read: dict[str, Reader], tag: str):
    policy = next(found["content"] for found in read[tag].all("meta") if "http-equiv" in found)
    style = pages[tag].read_text(encoding="utf-8").split("<style>", 1)[1].split("</style>", 1)[0]
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode()
    assert policy.startswith("default-src 'none'; ") and f"style-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("tag", TAGS)
def test_every_link_and_label_leads_somewhere(read: dict[str, Reader], tag: str):
    ids = read[tag].values("id")
    assert len(ids) == len(set(ids))
    wanted = [target[1:] for target in read[tag].values("href") if target.startswith("#")]
    wanted += read[tag].values("aria-labelledby")
    assert set(wanted) <= set(ids)


def test_every_language_has_the_same_places_so_that_a_reader_keeps_hers(read: dict[str, Reader]):
    assert read["ar"].values("id") == read["ckb"].values("id") == read["en"].values("id")
    for tag in TAGS:
        for target in read[tag].values("href"):
            other, _, anchor = target.partition("#")
            assert not other or not anchor or anchor in read[other.removesuffix(".html")].values("id")


@pytest.mark.parametrize("tag", TAGS)
def test_headings_skip_no_level(read: dict[str, Reader], tag: str):
    levels = [int(name[1]) for name, _ in read[tag].tags if re.fullmatch("h[1-6]", name)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("tag", TAGS)
def test_every_table_has_a_caption_and_every_heading_cell_a_scope(read: dict[str, Reader], tag: str):
    tables = [name for name, _ in read[tag].tags if name in ("table", "caption")]
    assert tables == ["table", "caption"] * (len(tables) // 2)
    assert {found.get("scope", "") for found in read[tag].all("th")} == {"col", "row", "rowgroup"}


def test_every_table_of_the_model_is_on_every_page(read: dict[str, Reader], report: Report):
    wanted = [table.id for section in report.sections for table in section.tables]
    for tag in TAGS:
        found = [found["id"] for found in read[tag].all("table")]
        assert [name for name in found if not name.startswith("coverage-")] == wanted


def test_a_table_shows_the_released_figures(pages: dict[str, Path], report: Report):
    table = (
        pages["en"]
        .read_text(encoding="utf-8")
        .split('<table id="four-ps-national-prt-01-sex">')[1]
        .split("</table>")[0]
    )
    rows = [re.findall(r"<td[^>]*>([^<\n]*)", row) for row in table.split("<tr")[2:]]
    codes = ["F", "M", "_U", "_T"]
    wanted = [[report.cell("PRT-01", "COUNT", "IQ-FED", year, sex=code) for year in report.years] for code in codes]
    assert rows == [["[low]" if cell.mark == "low" else f"{cell.value:,.0f}" for cell in row] for row in wanted]


@pytest.mark.parametrize("tag", ["ar", "ckb"])
def test_figures_have_the_digits_of_the_language(read: dict[str, Reader], tag: str):
    figures = [text for name, text in read[tag].texts if name in ("td", "text")]
    assert len(figures) > 1000
    assert [text for text in figures if re.search("[0-9]", text)] == []


@pytest.mark.parametrize("tag", TAGS)
def test_every_letter_is_in_the_font(pages: dict[str, Path], tag: str):
    body = pages[tag].read_text(encoding="utf-8").split("</style>", 1)[1]
    assert fonts.lacking(body) == frozenset()


@pytest.mark.parametrize("tag", TAGS)
def test_a_page_is_small_enough_to_send(pages: dict[str, Path], tag: str):
    assert pages[tag].stat().st_size < 700_000


def test_invented_figures_are_called_invented_and_unreviewed_words_unreviewed(pages: dict[str, Path]):
    for tag, path in pages.items():
        words, text = Words.load(tag), path.read_text(encoding="utf-8")
        assert text.count(words.text("page.invented")) == 2
        assert (words.text("page.awaits_review") in text) == (not words.is_reviewed)


def test_a_page_of_real_figures_is_not_called_invented(report: Report):
    real = Report(report.releases, report.sections, is_invented=False)
    assert Words.load("en").text("page.invented") not in page.html(real, Words.load("en"), ["en"])


def test_the_foot_says_where_the_figures_come_from(pages: dict[str, Path], report: Report):
    for path in pages.values():
        foot = path.read_text(encoding="utf-8").partition('<footer id="provenance">')[2]
        for release in report.releases:
            assert release.version in foot and release.sha256 in foot and "Creative Commons" in foot


def test_the_same_release_gives_the_same_bytes(home: Home, pages: dict[str, Path]):
    before = {tag: path.read_bytes() for tag, path in pages.items()}
    assert {tag: page.render(home, tag).read_bytes() for tag in before} == before


def test_a_withheld_value_is_nowhere_on_a_page(tmp_path: Path):
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        hidden = (frame["indicator"] == "PRT-01") & (frame["ref_area"] == "IQ-FED") & (frame["time_period"] == "2024")
        frame.loc[hidden, ["obs_value", "obs_status"]] = [73519.0, "Q"]
        return frame

    report = model.load(released.build(tmp_path, change=change, is_national_only=True))
    for tag in TAGS:
        text = page.html(report, Words.load(tag), [tag]).partition("</style>")[2]
        assert not re.search("73,?519|٧٣٬?٥١٩", text)


def test_a_language_with_a_gap_is_not_issued_and_the_others_are(home: Home, monkeypatch: pytest.MonkeyPatch):
    def found(tag: str) -> list[Gap]:
        return [Gap("fuzzy", "page.title")] if tag == "ckb" else []

    monkeypatch.setattr(page, "gaps", found)
    with pytest.raises(Refusal) as refused:
        page.render(home, "ckb")
    assert (refused.value.code, refused.value.arguments) == ("catalogue_incomplete", {"language": "ckb", "count": 1})
    issued = page.render(home, "en").read_text(encoding="utf-8")
    assert "ckb.html" not in issued and "ar.html" in issued


def test_a_page_names_the_years_that_are_held(tmp_path: Path):
    report = model.load(released.build(tmp_path, is_national_only=True, held={"2023": ["PRT-01", "PRT-03"]}))
    for tag in TAGS:
        words = Words.load(tag)
        text = unescape(page.html(report, words, [tag]))
        assert text.count(words.text("page.held", years=wording.years(["2023"], words), most=10)) == 2
        assert words.text("page.reading.late.text", most=10) in text
        (line,) = wording.held(report, words)
        assert f"<li>{line}</li>" in text and wording.title("PRT-03", words) in line


def test_a_release_without_held_years_speaks_of_none(pages: dict[str, Path]):
    for tag, path in pages.items():
        assert Words.load(tag).text("page.reading.late") not in path.read_text(encoding="utf-8")


def test_a_table_whose_rounded_parts_miss_its_exact_total_says_so(tmp_path: Path):
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        total = (frame[["sex", "age", "form"]] == "_T").all(axis=1) & (frame["time_period"] == "2025")
        place = (frame["indicator"] == "PRS-03") & (frame["ref_area"] == "IQ-FED") & total
        frame.loc[place, "disclosure_method"] = "EXACT_11"
        frame.loc[place, "obs_value"] += 2
        return frame

    report = model.load(released.build(tmp_path, change=change, is_national_only=True))
    uneven = [table.id for section in report.sections for table in section.tables if table.has_uneven_total]
    assert uneven == [f"four-ps-national-prs-03-{by}" for by in ("sex", "age", "sex-age")]
    for tag in TAGS:
        words = Words.load(tag)
        note = f'<p class="note">{words.text("page.rounded_parts")}</p>'
        parts = page.html(report, words, [tag]).split(note)
        assert [re.findall('<table id="([^"]+)', part)[-1] for part in parts[:-1]] == uneven


def test_totals_that_add_up_need_no_note(report: Report):
    assert not any(table.has_uneven_total for section in report.sections for table in section.tables)


def test_a_dataset_that_no_code_names_reaches_the_page_and_the_national_one_stays_the_headline(tmp_path: Path):
    home = released.build(tmp_path)
    before = page.html(model.load(home), Words.load("en"), ["en"])
    released.third(home)
    title = f"dataset.{released.THIRD}.title"
    words = Words.load("en")
    words = replace(words, messages={**words.messages, title: Message(title, ("Invented third",))})
    text = page.html(model.load(home), words, ["en"])
    assert '<section id="an-invented-third">' in text and "Invented third" in text
    assert text.index('<section id="four-ps-national">') < text.index('<section id="an-invented-third">')

    def headline(found: str) -> str:
        return found[found.index('<section id="results">') : found.index('<nav id="contents"')]

    assert headline(text) == headline(before)


def test_a_page_without_the_national_dataset_has_no_headline_and_no_dead_link(tmp_path: Path):
    home = Home.at(tmp_path).open(invented=True)
    released.third(home)
    title = f"dataset.{released.THIRD}.title"
    words = Words.load("en")
    words = replace(words, messages={**words.messages, title: Message(title, ("Invented third",))})
    found = Reader(page.html(model.load(home), words, ["en"]))
    assert not {"results", "charts", "coverage"} & set(found.values("id"))
    assert {target[1:] for target in found.values("href") if target.startswith("#")} <= set(found.values("id"))


@pytest.mark.parametrize(
    ("tag", "wanted"),
    [
        ("en", "Data for January 2016 to December 2025"),
        ("ar", "بيانات من كانون الثاني ٢٠١٦ إلى كانون الأول ٢٠٢٥"),
        ("ckb", "داتا لە کانوونی دووەمی ٢٠١٦ تا کانوونی یەکەمی ٢٠٢٥"),
    ],
)
def test_the_foot_says_the_reference_period_in_the_months_of_the_language(
    pages: dict[str, Path], tag: str, wanted: str
):
    foot = pages[tag].read_text(encoding="utf-8").partition('<footer id="provenance">')[2]
    assert re.sub("[\u2066-\u2069]", "", foot).count(f"<dd>{wanted}</dd>") == 2


@pytest.mark.parametrize("tag", TAGS)
def test_contact_and_licence_have_labels_of_the_language_and_names_as_they_are(pages: dict[str, Path], tag: str):
    foot = pages[tag].read_text(encoding="utf-8").partition('<footer id="provenance">')[2]
    words = Words.load(tag)
    for label, name in (("contact", "Secretariat of the"), ("licence", "Creative Commons")):
        assert f'<dt>{words.text(f"page.provenance.{label}")}</dt><dd><bdi lang="en">{name}' in foot


@pytest.mark.parametrize(("tag", "persons"), [("en", "persons"), ("ar", "الأشخاص"), ("ckb", "کەسان")])
def test_a_minimum_base_is_said_to_be_about_persons(tag: str, persons: str):
    words = Words.load(tag)
    for text in (words.text("page.reading.protection.shares", minimum=20), words.text("caveat.small_base")):
        assert persons in text


def test_a_table_with_words_in_its_heading_sets_its_columns_by_them(pages: dict[str, Path]):
    text = pages["en"].read_text(encoding="utf-8")
    by_form = text[: text.index('<table id="four-ps-governorate-prt-01-form-2025">')]
    by_year = text[: text.index('<table id="four-ps-governorate-prt-01">')]
    assert re.findall('<div class="(full[^"]*)">', by_form)[-1] == "full named"
    assert re.findall('<div class="(full[^"]*)">', by_year)[-1] == "full"
    assert ".full.named table{table-layout:auto" in STYLE.read_text(encoding="utf-8")


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
    papers = ["#ffffff", named["tint"], named["silent"]]
    for ink in ("ink", "muted", "head", "accent", "mark"):
        for paper in papers:
            assert contrast(named[ink], paper) >= 4.5, (ink, paper)
    assert contrast("#4a3200", "#fff4d6") >= 7 and contrast("#1f3054", "#e9eff8") >= 7
    assert Counter(re.findall(r"#fff4d6|#e9eff8|#1f3054", style)).total() == 3


def test_figures_stand_on_the_right_in_both_directions():
    style = STYLE.read_text(encoding="utf-8")
    assert re.search(r"\ntd\{text-align:right", style)
    assert "svg{direction:ltr}" in style


def test_a_page_that_hides_something_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    home = released.build(tmp_path, is_national_only=True)
    monkeypatch.setattr(page, "html", lambda *_: "<p>10</p><!-- in truth 3 -->")
    with pytest.raises(Refusal) as refused:
        page.render(home, "en")
    assert (refused.value.code, refused.value.where) == ("output_hides", "en.html")
    assert list(home.reports.rglob("*.html")) == []
