"""The explorer as a reader meets it: opened from disk in a browser, clicked and typed through, in three languages."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from expectations.gate.text_in_files import file_texts, hidden_places
from languages.numbers import number
from languages.spreadsheet_text import FORMULA_STARTS
from languages.words import Words, languages
from reports.explorer import cube as cubes
from reports.explorer import explorer_page
from reports.explorer.cube import ExplorerCube
from reports.phrases import wording
from reports.released.released_tables import cells_of
from reports.released.report_model import Report
from tests.packages import HOUSE
from tests.reports.browsing import DESK, PHONE, cut_numbers, opened, violations, width_beyond

NATIONAL, PLACES = "four_ps_national", "four_ps_governorate"
BY_FORM = f"subject={NATIONAL}.PRT-01&measure=COUNT&breakdown=form&place=IQ-FED"
SHARES = f"subject={PLACES}.PRT-03&measure=SHARE&place=all"


def test_the_cube_holds_what_a_reader_may_see_of_every_released_cell_and_nothing_else(
    report: Report, made: dict[str, ExplorerCube]
) -> None:
    for release in report.releases:
        subjects = {one.code: one for one in made["en"].subjects if one.dataset == release.dataset}
        seen = {
            (code, row.measure, row.place, year, breakdown.dimensions, row.codes): cell
            for code, subject in subjects.items()
            for breakdown in subject.breakdowns
            for row in breakdown.rows
            for year, cell in zip(made["en"].years, row.cells, strict=True)
        }
        for (code, measure, area, year, *codes), cell in release.cells.items():
            used = [(name, value) for name, value in zip(cubes.DIMENSIONS, codes, strict=True) if value != "_T"]
            told = seen[code, measure, area, year, tuple(n for n, _ in used), tuple(v for _, v in used)]
            is_shown = cell.value is not None and cell.mark not in ("c", "x", "n", "low")
            assert told.mark == cell.mark
            assert (told.value is not None) == is_shown


def test_a_value_that_should_have_been_withheld_does_not_reach_the_page(report: Report) -> None:
    release = report.releases[0]
    frame = release.frame.copy()
    place = frame.index[(frame["indicator"] == "PRT-01") & (frame["obs_value"] > 0)][0]
    pages: list[bytes] = []
    for value in (7.0, 12345.0):
        frame.loc[place, ["obs_value", "obs_status"]] = [value, "Q"]
        leaky = replace(release, frame=frame.copy(), cells=cells_of(frame))
        changed = replace(report, releases=(leaky,))
        pages.append(explorer_page.render(cubes.cube(changed, Words.load("en"), ["en"])))
    assert pages[0] == pages[1]


@pytest.mark.parametrize("tag", languages())
def test_the_file_names_no_address_and_hides_nothing(files: dict[str, Path], tag: str) -> None:
    page = files[tag].read_bytes()
    assert hidden_places({"explorer.html": page}, explorer_page.unseen_texts()) == []
    assert any(one.place.startswith(".subjects[]") for one in file_texts("explorer.html", page))
    markup = page.decode("utf-8")
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", markup)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', markup)
    assert policy and "default-src 'none'; connect-src 'none'" in policy[1] and "unsafe" not in policy[1]


def test_rendering_twice_gives_the_same_bytes(made: dict[str, ExplorerCube], files: dict[str, Path]) -> None:
    assert explorer_page.render(made["ckb"]) == files["ckb"].read_bytes()


# ---- in a browser ----


def ready(page: Page) -> None:
    """Wait until what is chosen has been drawn; the address changes a moment before the page hears of it."""
    page.evaluate("() => new Promise(heard => requestAnimationFrame(() => setTimeout(heard, 50)))")
    page.wait_for_function("document.querySelector('#drawing').dataset.ready === String(document.body.dataset.turn)")


def go(page: Page, state: str) -> None:
    """Write a state into the address, as a reader does who was sent one."""
    page.evaluate("state => { location.hash = state; }", state)
    page.wait_for_function("state => decodeURIComponent(location.hash) === '#' + state", arg=state)
    ready(page)


def table(page: Page) -> list[list[str]]:
    """Return the texts of the table, row by row, the head first."""
    script = "[...document.querySelectorAll('#table tr')].map(r => [...r.children].map(c => c.textContent))"
    rows: list[list[str]] = page.evaluate(script)
    return [[text.strip("\u2067\u2069") for text in row] for row in rows]


def drawn_texts(page: Page) -> list[str]:
    texts: list[str] = page.eval_on_selector_all("#drawing text", "found => found.map(one => one.textContent)")
    return [text.strip("\u2067\u2069") for text in texts]


def saved(page: Page) -> list[dict[str, str]]:
    """Press the button and return the rows of the file that the browser saves."""
    with page.expect_download() as waiting:
        page.click("#csv")
    return list(csv.DictReader(io.StringIO(Path(waiting.value.path()).read_text(encoding="utf-8-sig"))))


def printed(report: Report, dataset: str, key: tuple[str, ...], words: Words) -> str:
    cell = next(one for one in report.releases if one.dataset == dataset).cells[key]
    return " ".join(part for part in (wording.figure(cell, words), wording.mark(cell, words)) if part)


def key(indicator: str, measure: str, area: str, year: str, form: str = "_T") -> tuple[str, ...]:
    return (indicator, measure, area, year, "_T", "_T", form, "_T", "_T", "_T", "_T")


@pytest.mark.needs_browser
@pytest.mark.parametrize("tag", languages())
def test_time_runs_as_lines_do_in_the_drawing_and_on_the_slider(
    browser: Browser, files: dict[str, Path], made: dict[str, ExplorerCube], tag: str
) -> None:
    with opened(browser, files[tag]) as page:
        go(page, f"{BY_FORM}&first=2019&last=2022")
        script = "found => found.map(one => [one.textContent, one.getBoundingClientRect().left])"
        found: list[tuple[str, float]] = page.eval_on_selector_all("#drawing figure:first-child text", script)
        years = [text for text, _ in sorted(found, key=lambda one: one[1]) if text in made[tag].year_labels]
        direction = page.eval_on_selector("#slider", "one => getComputedStyle(one).direction")
    assert years[:: -1 if made[tag].direction == "rtl" else 1] == list(made[tag].year_labels[3:7])
    assert direction == made[tag].direction


@pytest.mark.needs_browser
@pytest.mark.parametrize("tag", languages())
def test_a_reader_clicks_and_types_her_way_to_a_table_and_a_chart(
    browser: Browser, files: dict[str, Path], report: Report, tag: str
) -> None:
    words, complaints, asked = Words.load(tag), list[str](), list[str]()
    with opened(browser, files[tag]) as page:
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.reload()
        ready(page)
        page.fill("#filter", "prt-01")
        assert page.locator("#subject option").count() == 2  # one in each dataset
        page.select_option("#subject", f"{NATIONAL}.PRT-01")
        page.select_option("#breakdown", "form")
        page.select_option("#first", "2023")
        page.wait_for_function("location.hash.includes('first=2023')")
        ready(page)
        rows = table(page)
        forms = [row.codes[0] for row in _rows(report, words, "form") if row.place == "IQ-FED"]
        assert [row[0] for row in rows[1:-1]] == [words.label("form", form) for form in forms]
        for row, form in zip(rows[1:], [*forms, "_T"], strict=True):
            years = ("2023", "2024", "2025")
            told = [printed(report, NATIONAL, key("PRT-01", "COUNT", "IQ-FED", year, form), words) for year in years]
            assert row[1:] == told
        assert page.locator("#drawing figure").count() == len(forms)
        assert page.locator("#drawing svg").count() == len(forms)
        assert wording.title("PRT-01", words) in page.inner_text("#heading")
    assert complaints == []
    assert {url.partition(":")[0] for url in asked} == {"file"} and len(asked) == 1


@pytest.mark.needs_browser
def test_a_slider_takes_the_map_through_the_years_and_a_link_leads_to_the_page_of_the_indicator(
    browser: Browser, files: dict[str, Path]
) -> None:
    at = f"#subject={PLACES}.PRT-01&place=all&first=2024&last=2025"
    with opened(browser, files["en"]) as page:
        page.goto(files["en"].as_uri() + at)
        ready(page)
        assert (page.locator("#slider").input_value(), page.inner_text("#slid")) == ("9", "2025")
        drawn = page.inner_text("#drawing")
        page.locator("#slider").press("ArrowLeft")
        page.locator("#slider").press("ArrowLeft")
        page.wait_for_function("location.hash.includes('last=2023')")
        ready(page)
        assert "2023" in page.inner_text("#drawing-title") and page.inner_text("#drawing") != drawn
        assert page.input_value("#first") == "2023"
        assert page.get_attribute("#page", "href") == "PRT-01.html"
        page.goto(files["en"].as_uri() + f"#{BY_FORM}")
        ready(page)
        assert not page.locator("#slider").is_visible()


@pytest.mark.needs_browser
@pytest.mark.parametrize("tag", languages())
def test_a_reader_chooses_what_runs_down_and_what_runs_across_and_each_cell_is_a_released_one(
    browser: Browser, files: dict[str, Path], report: Report, tag: str
) -> None:
    words = Words.load(tag)
    with opened(browser, files[tag], bypass_csp=True) as page:
        go(page, f"{BY_FORM}&last=2024")
        page.select_option("#across", "place")
        page.wait_for_function("location.hash.includes('across=place')")
        ready(page)
        assert (page.input_value("#down"), page.input_value("#place")) == ("category", "all")
        assert page.is_disabled("#first") and page.locator("#slider").is_visible()
        head, *rows = table(page)
        axes = (words.text("page.heading.form"), words.text("explorer.place"))
        assert head[0] == _corner(words, *axes)
        for told in saved(page):
            row = next(one for one in rows if told["label"].startswith(f"{one[0]} · "))
            at = head.index(told["label"].removeprefix(f"{row[0]} · "))
            place = key("PRT-01", "COUNT", told["area"], "2024", told["form"])
            assert (told["year"], row[at]) == ("2024", printed(report, NATIONAL, place, words))
        signs = {wording.sign(mark, words) for mark in ("c", "low", "x")}
        assert signs & {part for row in rows for cell in row[1:] for part in cell.split()}
        page.select_option("#down", "place")  # runs across: the two change places
        page.wait_for_function("location.hash.includes('across=category')")
        ready(page)
        assert table(page) == [
            list(row) for row in zip(*[[_corner(words, *reversed(axes)), *head[1:]], *rows], strict=True)
        ]
        assert violations(page) == []
        before = table(page)
        page.reload()
        ready(page)
        assert table(page) == before


def _corner(words: Words, down: str, across: str) -> str:
    return words.text("explorer.corner", down=down, across=across).strip("\u2067\u2069")


@pytest.mark.needs_browser
def test_an_axis_that_is_gone_falls_back_and_a_choice_without_figures_says_so(
    browser: Browser, files: dict[str, Path]
) -> None:
    with opened(browser, files["en"]) as page:
        crossed = f"subject={NATIONAL}.PRT-01&measure=COUNT&breakdown=sex.age&place=IQ-FED"
        go(page, f"{crossed}&down=sex&across=age&last=2025")
        head, *rows = table(page)
        assert head[0] == "Sex / Age" and (head[-1], rows[-1][0]) == ("Total", "Total")
        go(page, f"{crossed}&down=form&across=age&last=2025")  # forms are not crossed with ages here
        assert table(page)[0] == ["Sex / Age", *head[1:]]
        page.select_option("#breakdown", "form")
        page.wait_for_function("location.hash.includes('breakdown=form')")
        ready(page)
        assert (page.input_value("#down"), page.input_value("#across")) == ("category", "year")
        assert "No figure was released" not in page.inner_text("#status")
        go(page, f"subject={NATIONAL}.PRT-01&breakdown=total&place=IQ-KR")
        assert "No figure was released" in page.inner_text("#status")


def _rows(report: Report, words: Words, dimension: str) -> list[cubes.CubeRow]:
    subject = next(one for one in cubes.cube(report, words, [words.tag]).subjects if one.code == "PRT-01")
    return list(next(one for one in subject.breakdowns if one.dimensions == (dimension,)).rows)


@pytest.mark.needs_browser
@pytest.mark.parametrize("tag", languages())
def test_what_is_chosen_stands_in_the_address_and_survives_it(
    browser: Browser, files: dict[str, Path], tag: str
) -> None:
    with opened(browser, files[tag]) as page:
        ready(page)
        page.select_option("#subject", f"{PLACES}.PRT-03")
        page.wait_for_function("location.hash.includes('PRT-03')")
        page.select_option("#measure", "SHARE")
        page.wait_for_function("location.hash.includes('SHARE')")
        page.select_option("#last", "2022")
        page.wait_for_function("location.hash.includes('2022')")
        ready(page)
        before, address = table(page), _address(page)
        other = next(one for one in languages() if one != tag)
        link = page.locator(f".languages a[lang={other}]")
        assert link.evaluate("one => one.href").endswith(f"/{other}/explorer.html#{address.partition('#')[2]}")
        page.reload()
        ready(page)
        assert _address(page) == address and table(page) == before
        page.go_back()
        page.wait_for_function("!location.hash.includes('2022')")
        ready(page)
        assert len(table(page)[0]) == len(before[0]) + 3
        link.click()
        page.wait_for_function("tag => document.documentElement.lang === tag", arg=other)
        ready(page)
        assert page.input_value("#subject") == f"{PLACES}.PRT-03"


def _address(page: Page) -> str:
    """Ask the page: what Playwright believes of the address lags behind a change of the hash."""
    return page.evaluate("location.href")


@pytest.mark.needs_browser
def test_an_address_that_means_nothing_shows_something(browser: Browser, files: dict[str, Path]) -> None:
    with opened(browser, files["en"]) as page:
        ready(page)
        go(page, "subject=nothing&measure=SUM&breakdown=x&category=y&place=Z&first=1900&last=never")
        assert len(table(page)) > 1


_SAVED = """texts => {
  const subject = { dataset: "d", code: "c", measures: [{ code: "m", isShare: false, decimals: 1 }] };
  const cells = [{ place: "IQ", year: 0, codes: {}, value: -1.5, mark: "" }];
  const state = { subject, measure: 0, breakdown: { dimensions: [] }, across: "year" };
  const grid = { columns: [], rows: texts.map((label) => ({ label, cells })) };
  return explorerAxes({ report: "r", years: ["2025"] }, (key) => key).csv(state, grid);
}"""


@pytest.mark.needs_browser
def test_no_text_of_the_file_that_is_saved_is_a_formula_and_a_number_keeps_its_sign(browser: Browser) -> None:
    texts = [*(f"{start}1+1" for start in FORMULA_STARTS), "زيد", "1+1"]
    page = browser.new_page()
    page.add_script_tag(path=HOUSE / "reports" / "templates" / "explorer_axes.js")
    saved_text: str = page.evaluate(_SAVED, texts)
    page.close()
    rows = list(csv.DictReader(io.StringIO(saved_text.removeprefix("\ufeff"), newline="")))
    assert [row["label"] for row in rows] == [*(f"'{text}" for text in texts[:-2]), "زيد", "1+1"]
    assert {row["value"] for row in rows} == {"-1.5"}


@pytest.mark.needs_browser
@pytest.mark.parametrize("tag", languages())
def test_the_file_that_is_saved_holds_the_table(
    browser: Browser, files: dict[str, Path], report: Report, tag: str
) -> None:
    words = Words.load(tag)
    with opened(browser, files[tag]) as page:
        for state in (BY_FORM, SHARES):
            go(page, state)
            rows, cells = saved(page), [cell for row in table(page)[1:] for cell in row[1:]]
            assert len(rows) == len(cells) > 20
            for row, text in zip(rows, cells, strict=True):
                assert row["report"] == report.id
                place = key(row["indicator"], row["measure"], row["area"], row["year"], row.get("form", "_T"))
                assert printed(report, row["dataset"], place, words) == text
                sign = re.search(r"\[\w+\]", text)
                assert wording.sign(row["mark"], words) == (sign[0] if sign else "")
                assert (row["value"] == "") == (text == wording.sign(row["mark"], words))


@pytest.mark.needs_browser
@pytest.mark.parametrize("tag", ["en", "ar"])
def test_withheld_missing_and_zero_are_told_apart_and_counted(
    browser: Browser, files: dict[str, Path], report: Report, tag: str
) -> None:
    words = Words.load(tag)
    with opened(browser, files[tag]) as page:
        go(page, SHARES)
        cells = [cell for row in table(page)[1:] for cell in row[1:]]
        status = page.inner_text("#status")
        for mark in ("c", "x", "low"):
            if count := cells.count(wording.sign(mark, words)):
                assert wording.sign(mark, words) in status
                assert re.search(rf"(?<!\w){number(count, words.numerals)}(?!\w)", status)
        looks = {
            mark: page.locator(f"#table td.{mark}").first.evaluate("one => getComputedStyle(one).background")
            for mark in ("c", "x")
        }
        assert len(set(looks.values())) == 2
        last = [row for row in table(page)[1:] if row[0] in drawn_texts(page)]
        hatched = page.locator('#drawing [fill="url(#hatch)"]').count()
        assert hatched == sum(row[-1] == wording.sign("c", words) for row in last) > 0
        assert {row[-1] for row in last} <= set(drawn_texts(page))


@pytest.mark.needs_browser
@pytest.mark.parametrize("tag", languages())
@pytest.mark.parametrize("size", [DESK, PHONE])
def test_no_word_of_a_drawing_is_cut_off(
    browser: Browser, files: dict[str, Path], tag: str, size: tuple[int, int]
) -> None:
    outside = """[...document.querySelectorAll('#drawing text')].filter(one => {
        const word = one.getBoundingClientRect(), frame = one.ownerSVGElement.getBoundingClientRect();
        return word.left < frame.left - 1 || word.right > frame.right + 1;
    }).map(one => one.textContent)"""
    with opened(browser, files[tag], size) as page:
        for state in (f"subject={NATIONAL}.PRT-01&breakdown=sex.age&first=2025", SHARES):
            go(page, state)
            assert page.evaluate(outside) == []


@pytest.mark.needs_browser
def test_one_year_is_compared_in_bars_and_an_unreported_place_is_not_drawn(
    browser: Browser, files: dict[str, Path]
) -> None:
    with opened(browser, files["en"]) as page:
        go(page, f"{BY_FORM}&first=2025&last=2025")
        rows = table(page)
        assert set(drawn_texts(page)) >= {text for row in rows[1:-1] for text in row}
        go(page, f"subject={NATIONAL}.PRT-01&place=IQ-KR")
        assert set(table(page)[1][1:]) == {"[x]"}
        assert page.locator("#drawing path[stroke='#0b4f6c']").count() == 0


@pytest.mark.needs_browser
@pytest.mark.parametrize("tag", languages())
@pytest.mark.parametrize("size", [DESK, PHONE])
def test_anyone_can_use_it(browser: Browser, files: dict[str, Path], tag: str, size: tuple[int, int]) -> None:
    with opened(browser, files[tag], size, bypass_csp=True) as page:
        for state in ("", BY_FORM, SHARES):
            if state:
                go(page, state)
            else:
                ready(page)
            assert violations(page) == []
            assert width_beyond(page) <= 0


@pytest.mark.needs_browser
@pytest.mark.parametrize("tag", languages())
def test_a_table_on_a_telephone_shows_whole_numbers_under_their_heads(
    browser: Browser, files: dict[str, Path], tag: str
) -> None:
    with opened(browser, files[tag], PHONE) as page:
        for state in (BY_FORM, SHARES, f"{SHARES}&across=category&breakdown=form"):
            go(page, state)
            assert cut_numbers(page) == (1, [])
            assert [cut_numbers(page, by) for by in (-30, 30, 75)] == [(1, [])] * 3


@pytest.mark.needs_browser
def test_the_keyboard_alone_will_do(browser: Browser, files: dict[str, Path]) -> None:
    with opened(browser, files["en"]) as page:
        go(page, BY_FORM)
        page.focus("#filter")
        reached: list[str] = []
        for _ in range(14):
            page.keyboard.press("Tab")
            reached.append(page.evaluate("document.activeElement.id || document.activeElement.className"))
        wanted = ["subject", "breakdown", "category", "place", "down", "across", "first", "last", "scroll", "csv"]
        assert [name for name in reached if name in wanted] == wanted
        page.focus("#last")
        page.keyboard.press("ArrowUp")
        page.wait_for_function("location.hash.includes('last=2024')")
        ready(page)
        assert table(page)[0][-1] == "2024"
        assert page.evaluate("document.activeElement.id") == "last"
