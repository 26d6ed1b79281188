"""Charts draw released figures and nothing else; fonts hold every letter."""

from __future__ import annotations

import re

import pytest

from languages import dates
from languages.words import Words
from reports import charts, fonts
from reports.charts import Chart, Series
from reports.tables import Cell

SORANI_PANGRAM = "ڕڵۆێھەپچگڤژکی ئابپتجچحخدرڕزژسشعغفڤقکگلڵمنهەوۆووییێ"
EVERYTHING = "ABCXYZabcxyz 0123456789 ٠١٢٣٤٥٦٧٨٩ ٬٫٪ ،؛؟ «»–—…·[]()/%+−" + SORANI_PANGRAM
YEARS = ["2020", "2021", "2022", "2023", "2024"]


def series(name: str, *cells: Cell) -> Series:
    return Series(name, dict(zip(YEARS, cells, strict=True)))


def value(number: float) -> Cell:
    return Cell(number, "", "ROUNDED_5")


UPPER = series("presumed", value(100), value(110), Cell(None, "x"), value(130), value(140))
LOWER = series("identified", value(50), Cell(None, "c"), value(55), Cell(0.0, "low"), value(65))
LINES = Chart("victims", "line", "Victims", (UPPER, LOWER))
BARS = Chart("children", "bar", "Children", (UPPER, LOWER))


def texts(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


@pytest.mark.parametrize("chart", [LINES, BARS])
@pytest.mark.parametrize("tag", ["en", "ar", "ckb"])
def test_missing_and_withheld_values_are_marked_and_not_drawn(chart: Chart, tag: str):
    found = texts(charts.draw(chart, Words.load(tag), width=500))
    assert sorted(text for text in found if text.startswith("[")) == ["[c]", "[low]", "[x]"]


def test_only_released_values_are_drawn():
    svg = charts.draw(LINES, Words.load("en"), width=500, height=280)
    points = re.findall(r'<path transform="translate\(([\d.]+),([\d.]+)\)', svg)
    assert len(points) == 4 + 3


def test_a_line_breaks_where_a_year_is_missing():
    svg = charts.draw(LINES, Words.load("en"), width=500)
    lines = [path.count("L") + 1 for path in re.findall(r'<path d="(M[\d.,LM]+)" stroke="#', svg)]
    assert lines == [2, 2]  # two years, a gap, two years; the lower series has no two neighbours


def test_withheld_years_are_hatched():
    svg = charts.draw(LINES, Words.load("en"), width=500)
    assert svg.count("url(#victims-500-hatch)") == 1 and 'id="victims-500-hatch"' in svg
    assert "hatch" not in charts.draw(Chart("a", "line", "A", (UPPER, UPPER)), Words.load("en"), width=500)


@pytest.mark.parametrize("tag", ["ar", "ckb"])
def test_digits_are_those_of_the_language(tag: str):
    assert not re.search(r"[0-9]", "".join(texts(charts.draw(LINES, Words.load(tag), width=500))))


def test_time_runs_from_the_right_in_a_right_to_left_page():
    def place(tag: str, year: str) -> float:
        svg = charts.draw(LINES, Words.load(tag), width=500)
        found = re.search(rf"<text[^>]*translate\(([\d.]+),[\d.]+\)[^>]*>{year}</text>", svg)
        assert found
        return float(found[1])

    assert place("en", "2020") < place("en", "2024")
    assert place("ar", "٢٠٢٠") > place("ar", "٢٠٢٤")


@pytest.mark.parametrize("shape", ["line", "bar"])
@pytest.mark.parametrize("tag", ["en", "ar", "ckb"])
def test_a_narrow_drawing_writes_every_second_year_and_the_last(tag: str, shape: charts.Shape):
    years = [str(year) for year in range(2016, 2026)]
    row = Series("presumed", {year: value(100) for year in years})
    chart, words = Chart("victims", shape, "Victims", (row, row)), Words.load(tag)

    def written(width: int) -> set[str]:
        return set(texts(charts.draw(chart, words, width=width))) & {dates.year(words, year) for year in years}

    assert written(290) == {dates.year(words, year) for year in years[1::2]}
    assert len(written(510)) == 10


def test_a_chart_says_what_it_shows_and_carries_no_style_or_script():
    svg = charts.draw(LINES, Words.load("en"), width=500)
    assert svg.startswith(
        '<svg role="img" aria-label="Chart: Victims. presumed: 100 in 2020, 140 in 2024, identified: 50 in 2020'
    )
    assert not re.search(r"<script|<style|style=|https?://|href", svg.replace('xmlns="http://www.w3.org/2000/svg"', ""))
    assert svg.count("aria-") == 1


def test_every_label_is_set_in_our_font():
    families = set(re.findall(r'font-family="([^"]*)"', charts.draw(BARS, Words.load("ckb"), width=500)))
    assert families == {fonts.FAMILY}


def test_a_title_cannot_break_out_of_its_attribute():
    svg = charts.draw(Chart("a", "line", '"><script>', (UPPER, LOWER)), Words.load("en"), width=500)
    assert "<script>" not in svg


def test_drawing_twice_gives_the_same_bytes():
    assert charts.draw(LINES, Words.load("ar"), width=300) == charts.draw(LINES, Words.load("ar"), width=300)


@pytest.mark.parametrize("weight", sorted(fonts.WEIGHTS))
def test_the_font_holds_every_letter_of_every_language(weight: int):
    assert frozenset(EVERYTHING) - fonts.letters(weight) == frozenset()
    assert fonts.lacking("ABC ٣ ڵ \u2067\u061c") == frozenset()
    assert fonts.lacking("漢") == {"漢"}


def test_the_subset_joins_letters_and_is_the_same_each_time():
    first = fonts.embedded("ڕێکخراو", 400)
    assert first == fonts.embedded("واخرڕێک" + "و", 400)
    assert first.startswith("data:font/woff2;base64,d09GMg")  # wOF2
    assert len(first) < len(fonts.embedded(EVERYTHING, 400))
