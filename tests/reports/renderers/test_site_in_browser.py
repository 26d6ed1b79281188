"""What a browser makes of the site: our font alone, nothing fetched, readable by all, searched without a server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from ingestion.home import write_bytes
from languages.words import Words
from reports.chapters import build_edition
from reports.editions.edition import RowGroup, TableBlock, TableColumn, TableRow
from reports.editions.printed_parts import PrintedFigure
from reports.released.report_model import Report, WithdrawalNotice
from reports.renderers import site
from tests.reports import browsing
from tests.reports.browsing import DESK, PHONE
from tests.reports.invented_editions import invented

pytestmark = pytest.mark.needs_browser
TAGS = ["en", "ar", "ckb"]
PAGES = ["index.html", "protection.html", "search.html"]
LONG = "children-first.html"
INDICATOR = "PRT-01.html"
TELEPHONE = (390, 844)  # with notices of withdrawals there; without any the smallest telephone shows as much


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing.chromium() as started:
        yield started


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small site of every kind of block, in English and Arabic."""
    root = tmp_path_factory.mktemp("small")
    for tag in ("en", "ar"):
        for name, data in site.render(invented(tag), [("en", "ltr", "English"), ("ar", "rtl", "العربية")]).items():
            write_bytes(root / tag / name, data)
    return root


def at(fronts: dict[str, Path], tag: str, file: str) -> Path:
    return fronts[tag].parent / file


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("file", ["index.html", LONG, "search.html", INDICATOR])
def test_axe_finds_nothing(browser: Browser, fronts: dict[str, Path], tag: str, file: str):
    for size in (DESK, PHONE):
        with browsing.opened(browser, at(fronts, tag, file), size, bypass_csp=True) as page:
            assert browsing.violations(page) == []


@pytest.mark.parametrize("tag", ["en", "ar"])
def test_axe_finds_nothing_in_any_kind_of_block_folded_or_open(browser: Browser, small: Path, tag: str):
    for file in ("protection.html", INDICATOR, "reading.html"):
        with browsing.opened(browser, small / tag / file, PHONE, bypass_csp=True) as page:
            page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
            assert browsing.violations(page) == []


@pytest.mark.parametrize("tag", ["en", "ar"])
@pytest.mark.parametrize(("size", "first"), [((1000, 900), 2016), (TELEPHONE, 2016), (TELEPHONE, 2020)])
def test_the_interval_of_each_of_many_years_stands_inside_of_its_cell(
    browser: Browser, tmp_path: Path, tag: str, size: tuple[int, int], first: int
):
    share = {"en": "(56% to 73%)", "ar": "(من ٥٦٪ إلى ٧٣٪)"}[tag]
    years = tuple(str(year) for year in range(first, 2026))
    cells = (PrintedFigure(text="65%", value=0.65, is_share=True, interval=share),) * len(years)
    table = TableBlock(
        id="many-years", caption="Shares", unit="", row_heading="Measure", groups=(RowGroup(heading="", rows=(
            TableRow(label="Share admitted", cells=cells),)),),
        columns=tuple(TableColumn(text=year, code=year) for year in years),
    )  # fmt: skip
    told = invented(tag)
    chapter = told.chapters[1].model_copy(update={"blocks": (table,), "chapters": ()})
    told = told.model_copy(update={"chapters": (told.chapters[0], chapter, *told.chapters[2:])})
    page_of = site.render(told, [site.OtherLanguage(tag, told.direction, tag)])[f"{chapter.id}.html"]
    write_bytes(tmp_path / "page.html", page_of)
    with browsing.opened(browser, tmp_path / "page.html", size) as page:
        beyond = """[...document.querySelectorAll('td')].filter(cell => {
            const words = document.createRange(), room = cell.getBoundingClientRect();
            words.selectNodeContents(cell);
            return [...words.getClientRects()].some(
                part => part.width && (part.left < room.left - 1 || part.right > room.right + 1));
        }).length"""
        assert page.evaluate("document.querySelectorAll('td .i').length") == len(years)
        assert page.evaluate(beyond) == 0


def test_axe_would_find_a_fault(browser: Browser, small: Path):
    with browsing.opened(browser, small / "en" / "index.html", bypass_csp=True) as page:
        page.evaluate("document.documentElement.removeAttribute('lang')")
        assert [rule for rule, _ in browsing.violations(page)] == ["html-has-lang"]


@pytest.mark.parametrize("style", ["style.color = '#ccc'", "style.backgroundColor = '#555'"])
def test_one_pale_cell_of_a_table_is_found(browser: Browser, small: Path, style: str):
    with browsing.opened(browser, small / "en" / INDICATOR, bypass_csp=True) as page:
        before = browsing.violations(page)
        above_another_row = "one => one.checkVisibility() && one.parentElement.nextElementSibling"
        page.evaluate(f"[...document.querySelectorAll('td')].find({above_another_row}).{style}")
        assert (before, {rule for rule, _ in browsing.violations(page)}) == ([], {"color-contrast"})


@pytest.mark.parametrize("tag", TAGS)
def test_the_first_view_on_a_telephone_has_the_finding_of_the_year_its_chart_and_the_three_answers(
    browser: Browser, fronts: dict[str, Path], tag: str
):
    with browsing.opened(browser, fronts[tag], PHONE) as page:
        _answers_in_first_view(page, PHONE)
        for name in ("h2", "svg"):
            box = page.locator(f"#lead {name}").bounding_box()
            assert box and box["height"] > 20 and box["y"] + box["height"] < PHONE[1]


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("times", [1, 5])
def test_notices_of_withdrawn_releases_leave_the_three_answers_in_the_first_view(
    browser: Browser, report: Report, tmp_path: Path, tag: str, times: int
):
    reason = "one file was counted twice" if times == 1 else "one file of one body was counted twice " * times
    notice = WithdrawalNotice("four_ps_national", "000001-0123456789ab", "2026-03-01", reason, "000002-0123456789ab")
    told = build_edition.edition(replace(report, notices=(notice,) * times), Words.load(tag))
    shown = told.model_copy(update={"chapters": told.chapters[-2:]})
    write_bytes(tmp_path / "index.html", site.render(shown, [("en", "ltr", "English")])["index.html"])
    with browsing.opened(browser, tmp_path / "index.html", TELEPHONE, bypass_csp=True) as page:
        _answers_in_first_view(page, TELEPHONE)
        notices = page.locator(".banner.withdrawn")
        box = notices.first.bounding_box()
        title = page.locator("h1").bounding_box()
        assert notices.count() == 1 and box and title and 0 < box["y"] < title["y"]
        assert browsing.violations(page) == []
        if times > 1:
            assert not notices.locator("p").first.is_visible()
            notices.locator("summary").click()
            assert notices.locator("p").count() == times
        assert all(one.is_visible() for one in page.get_by_text("000002-0123456789ab").all())


def _answers_in_first_view(page: Page, size: tuple[int, int]) -> None:
    for name in site.ANSWERS:
        box = page.locator(f"[data-answer={name}] p").bounding_box()
        assert box and box["height"] > 10
        assert box["y"] >= 0 and box["y"] + box["height"] <= size[1]
        assert box["x"] >= 0 and box["x"] + box["width"] <= size[0]


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("file", ["index.html", LONG, INDICATOR, "search.html"])
def test_no_page_is_wider_than_a_telephone_or_a_desk_at_twice_the_size(
    browser: Browser, fronts: dict[str, Path], tag: str, file: str
):
    with browsing.opened(browser, at(fronts, tag, file), PHONE) as page:
        assert browsing.width_beyond(page) <= 0
    with browsing.opened(browser, at(fronts, tag, file), (640, 450)) as page:  # 1280 by 900 at 200 %
        assert browsing.width_beyond(page) <= 0


def test_a_wide_table_is_scrolled_in_its_own_box(browser: Browser, fronts: dict[str, Path]):
    with browsing.opened(browser, at(fronts, "ar", INDICATOR), PHONE) as page:
        wide = page.evaluate(
            "[...document.querySelectorAll('.scroll')].filter(e => e.scrollWidth > e.clientWidth).length"
        )
        assert wide > 5


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("file", [LONG, "PRT-01.html", "PRT-03.html", "PRS-07.html"])
def test_a_table_on_a_telephone_shows_whole_numbers_at_rest_and_wherever_it_is_scrolled(
    browser: Browser, fronts: dict[str, Path], tag: str, file: str
):
    with browsing.opened(browser, at(fronts, tag, file), PHONE) as page:
        page.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")
        wide, cut = browsing.cut_numbers(page)
        assert (wide > 0, cut) == (True, [])
        for by in (-30, -75, 40):
            assert browsing.cut_numbers(page, by) == (wide, [])


def test_a_number_that_is_seen_in_part_is_found(browser: Browser, fronts: dict[str, Path]):
    with browsing.opened(browser, at(fronts, "ar", "PRT-01.html"), PHONE, bypass_csp=True) as page:
        assert browsing.cut_numbers(page)[1] == []
        page.add_style_tag(content=".scroll{scroll-snap-type:none !important}")
        assert browsing.cut_numbers(page, 40)[1] != []


_HEADS = """async () => {
    await document.fonts.ready
    const boxes = [...document.querySelectorAll('.scroll')].filter(box => {
        const year = box.querySelector('thead tr').lastElementChild.textContent.trim()
        return box.scrollWidth > box.clientWidth && /^[0-9٠-٩]{4}$/.test(year)
    })
    for (const box of boxes) box.scrollTop = box.scrollHeight
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame)
    return boxes.map(box => {
        const row = [...box.querySelectorAll('tbody th:not([colspan])')].at(-1)
        const year = box.querySelector('thead tr').lastElementChild
        const [edge, ...heads] = [box, row, year].map(head => head.getBoundingClientRect())
        const groups = [...box.querySelectorAll('.g span')].map(group => group.getBoundingClientRect())
        const outside = [...heads, ...groups].filter(
            head => head.left < edge.left - 1 || head.right > edge.right + 1)
        return {
            title: box.querySelector('caption')?.textContent.trim(),
            out: outside.map(head => [head.left, head.right, edge.left, edge.right]),
            is_above: heads[1].top >= edge.top - 1,
            is_higher: box.scrollTop > 0,
        }
    })
}"""
"""Of each table of years that is wider than its box, at its last line: are the heads of that line still in the box?

A snapped box and its sticky heads come to rest a frame after the scrolling, and all move once the typeface is there.
"""


@pytest.mark.parametrize("tag", TAGS)
def test_a_table_of_years_begins_with_the_latest_and_its_heads_stay_in_sight(
    browser: Browser, fronts: dict[str, Path], tag: str
):
    with browsing.opened(browser, at(fronts, tag, INDICATOR), PHONE) as page:
        tables: list[dict[str, Any]] = page.evaluate(_HEADS)
    assert len(tables) > 5 and any(table["is_higher"] for table in tables)
    assert [table for table in tables if table["out"] or not table["is_above"]] == []


def test_the_keyboard_reaches_the_text_first_and_every_stop_is_seen(browser: Browser, small: Path):
    with browsing.opened(browser, small / "ar" / "protection.html") as page:
        page.keyboard.press("Tab")
        assert _focused(page, "e.className") == "skip"
        assert page.locator(".skip").bounding_box()["x"] >= 0  # pyright: ignore[reportOptionalSubscript]
        stops = page.locator("a[href], summary, [tabindex='0']").count()
        seen = 0
        for _ in range(stops):
            if _focused(page, "e.matches('body')"):
                break
            assert float(_focused(page, "parseFloat(getComputedStyle(e).outlineWidth)")) >= 2
            assert _focused(page, "getComputedStyle(e).outlineStyle") == "solid"
            seen += 1
            page.keyboard.press("Tab")
        assert seen > 12


def _focused(page: Page, what: str) -> str:
    return page.evaluate(f"(e => {what})(document.activeElement)")


def test_the_skip_link_leads_to_the_text(browser: Browser, small: Path):
    with browsing.opened(browser, small / "en" / "protection.html") as page:
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**/protection.html#main")
        page.keyboard.press("Tab")
        assert _focused(page, "e.closest('main') !== null")


@pytest.mark.parametrize("tag", TAGS)
def test_a_page_asks_for_nothing_but_itself_and_says_nothing_is_wrong(
    browser: Browser, fronts: dict[str, Path], tag: str
):
    for file in ("index.html", LONG, "search.html", INDICATOR):
        context = browser.new_context()
        page = context.new_page()
        asked: list[str] = []
        told: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.on("console", lambda message, told=told: told.append(message.text))
        page.goto(at(fronts, tag, file).as_uri())
        context.close()
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
        assert len([url for url in asked if url.startswith("file:")]) == 1
        assert told == []


def test_a_language_switch_keeps_the_place(browser: Browser, small: Path):
    with browsing.opened(browser, small / "en" / "protection.html") as page:
        page.locator("#prt-01-section .switch a[hreflang=ar]").click()
        page.wait_for_url("**/ar/protection.html#prt-01-section")
        assert page.locator("#prt-01-section").is_visible()


@pytest.mark.parametrize("tag", ["en", "ar"])
def test_the_address_of_an_indicator_is_shown_and_copied(browser: Browser, small: Path, tag: str):
    with browsing.opened(browser, small / tag / INDICATOR) as page:
        assert page.locator("#address").input_value() == (small / tag / INDICATOR).as_uri()
        assert not page.locator("#copied").is_visible()
        page.locator("#copy").click()
        assert page.locator("#copied").is_visible()
        page.locator("#address").evaluate("e => { e.readOnly = false; e.value = '' }")
        page.locator("#address").press("Control+v")
        assert page.locator("#address").input_value() == (small / tag / INDICATOR).as_uri()


def _shown(page: Page) -> list[str]:
    return page.locator("section.index li:visible").all_inner_texts()


@pytest.mark.parametrize(
    ("tag", "typed", "wanted"),
    [
        ("en", "MAP presumed", "Map: Presumed victims"),
        ("ar", "الضحايا خريطه", "خريطة: الضحايا المفترضون"),  # he for te marbuta
        ("ar", "خريطة المُفترَضون", "خريطة: الضحايا المفترضون"),  # with vowel signs
        ("ar", "خریطة", "خريطة: الضحايا المفترضون"),  # the Kurdish and Persian ye
    ],
)
def test_the_search_finds_words_however_they_were_typed(
    browser: Browser, small: Path, tag: str, typed: str, wanted: str
):
    with browsing.opened(browser, small / tag / "search.html") as page:
        assert len(_shown(page)) == 26
        page.locator("#sought").fill(typed)
        assert _shown(page) == [wanted]
        assert page.locator("#count").inner_text() == ("1 / 26" if tag == "en" else "١ / ٢٦")
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        page.wait_for_url("**/protection.html#chart-prt-01-map")
        page.go_back()
        assert page.locator("#sought").input_value() == typed
        assert _shown(page) == [wanted]


def test_a_sorani_word_is_found_with_arabic_letters_and_a_number_in_any_digits(
    browser: Browser, fronts: dict[str, Path]
):
    with browsing.opened(browser, at(fronts, "ckb", "search.html")) as page:
        everything = len(_shown(page))
        page.locator("#sought").fill("منداڵ")
        found = _shown(page)
        assert 0 < len(found) < everything
        page.locator("#sought").fill("مندال")
        assert set(found) <= set(_shown(page))
        page.locator("#sought").fill("یاسای ٢٨")
        found = _shown(page)
        page.locator("#sought").fill("ياساى 28")
        assert found and _shown(page) == found


@pytest.mark.parametrize(
    ("typed", "wanted"), [("presumed victms map", "Map: Presumed victims"), ("survivor map", "Map: Presumed victims")]
)
def test_the_search_finds_what_is_misspelt_or_called_otherwise(browser: Browser, small: Path, typed: str, wanted: str):
    with browsing.opened(browser, small / "en" / "search.html") as page:
        page.locator("#sought").fill(typed)
        assert _shown(page) == [wanted]
        assert page.locator("#near").is_visible() == ("victms" in typed)


@pytest.mark.parametrize(("tag", "typed"), [("en", "female"), ("en", "MALE"), ("ar", "الذكور"), ("ar", "والإناث")])
def test_the_search_finds_a_category_by_its_name_with_or_without_an_article(
    browser: Browser, small: Path, tag: str, typed: str
):
    with browsing.opened(browser, small / tag / "search.html") as page:
        page.locator("#sought").fill(typed)
        assert [line for line in _shown(page) if "PRT-01" in line]


def test_a_search_for_nothing_that_is_there_says_so(browser: Browser, small: Path):
    with browsing.opened(browser, small / "en" / "search.html") as page:
        assert not page.locator("#none").is_visible()
        page.locator("#sought").fill("zebra")
        assert _shown(page) == [] and page.locator("#none").is_visible()


def test_without_scripts_the_search_page_is_an_index_of_links(browser: Browser, small: Path):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((small / "en" / "search.html").as_uri())
    assert not page.locator("#search").is_visible()
    assert page.locator("section.index li a").count() == 26
    context.close()


def test_a_browser_reads_every_cell_where_it_was_meant(browser: Browser, fronts: dict[str, Path]):
    source = at(fronts, "ckb", INDICATOR).read_text(encoding="utf-8")
    with browsing.opened(browser, at(fronts, "ckb", INDICATOR)) as page:
        for tag in ("table", "caption", "section", "tr", "td", "th"):  # end tags of cells are left out in the source
            assert page.locator(tag).count() == len(re.findall(rf"<{tag}[ >]", source)), tag


@pytest.mark.parametrize("tag", TAGS)
def test_a_browser_prints_a_page_in_our_font_alone(browser: Browser, fronts: dict[str, Path], tmp_path: Path, tag: str):
    out = tmp_path / "page.pdf"
    with browsing.opened(browser, at(fronts, tag, LONG)) as page:
        page.pdf(path=out)
    names = set(re.findall(rb"/BaseFont */[A-Z]+\+([A-Za-z0-9-]+)", out.read_bytes()))
    assert names == {b"IBMPlexSansArabic-Regular", b"IBMPlexSansArabic-SemiBold"}
