"""Charts draw released figures and nothing else; fonts hold every letter."""

from __future__ import annotations

import re

import pytest

from languages.numbers import digits
from languages.words import Words
from reports.editions.edition import ChartBlock, ChartSeries
from reports.editions.printed_parts import PrintedFigure
from reports.renderers import charts, fonts

SORANI_PANGRAM = "ڕڵۆێھەپچگڤژکی ئابپتجچحخدرڕزژسشعغفڤقکگلڵمنهەوۆووییێ"
EVERYTHING = "ABCXYZabcxyz 0123456789 ٠١٢٣٤٥٦٧٨٩ ٬٫٪ ،؛؟ «»–—…·[]()/%+−" + SORANI_PANGRAM
YEARS = ["2020", "2021", "2022", "2023", "2024"]


def value(number: float) -> PrintedFigure:
    return PrintedFigure(text=f"{number:.0f}", value=number)


UPPER = ChartSeries(
    name="presumed", figures=(value(100), value(110), PrintedFigure(mark="x", sign="[x]"), value(130), value(140))
)
LOWER = ChartSeries(
    name="identified",
    figures=(
        value(50),
        PrintedFigure(mark="c", sign="[c]"),
        value(55),
        PrintedFigure(mark="low", sign="[low]", value=0),
        value(65),
    ),
)


def block(
    shape: charts.Shape, *lines: ChartSeries, tag: str = "en", name: str = "victims", alternative: str = ""
) -> ChartBlock:
    numerals = Words.load(tag).numerals
    years = YEARS if len(lines[0].figures) == len(YEARS) else [str(year) for year in range(2016, 2026)]
    return ChartBlock(
        id=name, shape=shape, title="Victims", alternative=alternative, years=tuple(years), series=lines, table="t",
        year_labels=tuple(digits(year, numerals) for year in years),
    )  # fmt: skip


def drawn(chart: ChartBlock, tag: str = "en", width: int = 500) -> str:
    return charts.draw(chart, Words.load(tag), width=width)


LINES = block("line", UPPER, LOWER)
BARS = block("bar", UPPER, LOWER)


def texts(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


@pytest.mark.parametrize("shape", ["line", "bar"])
@pytest.mark.parametrize("tag", ["en", "ar", "ckb"])
def test_missing_and_withheld_values_are_marked_and_not_drawn(shape: charts.Shape, tag: str):
    found = texts(drawn(block(shape, UPPER, LOWER, tag=tag), tag))
    assert sorted(text for text in found if text.startswith("[")) == ["[c]", "[low]", "[x]"]


def test_only_released_values_are_drawn():
    svg = drawn(LINES)
    points = re.findall(r'<path transform="translate\(([\d.]+),([\d.]+)\)', svg)
    assert len(points) == 4 + 3


def test_a_line_breaks_where_a_year_is_missing():
    svg = drawn(LINES)
    lines = [path.count("L") + 1 for path in re.findall(r'<path d="(M[\d.,LM]+)" stroke="#', svg)]
    assert lines == [2, 2]  # two years, a gap, two years; the lower series has no two neighbours


def test_a_line_ends_where_a_series_is_counted_anew_and_a_rule_says_so():
    def places(tag: str) -> tuple[float, list[float]]:
        broken = ChartSeries(name="presumed", figures=(value(100),) * 5, broken_before=("2022",))
        svg = drawn(block("line", broken, tag=tag), tag)
        lines = [path.count("L") + 1 for path in re.findall(r'<path d="(M[\d.,LM-]+)" stroke="#', svg)]
        assert lines == [2, 3]
        rules = re.findall(r'<line transform="translate\(([\d.]+),[^>]*stroke-dasharray="3,3"', svg)
        points = re.findall(r'<path transform="translate\(([\d.]+),[\d.]+\)', svg)
        assert len(rules) == 1 and len(points) == 5
        return float(rules[0]), [float(point) for point in points]

    for tag in ("en", "ar"):
        rule, (_, before, after, *_) = places(tag)
        assert abs(rule - (before + after) / 2) < 1
    unbroken = ChartSeries(name="presumed", figures=(value(100),) * 5, broken_before=("2020",))
    assert 'stroke-dasharray="3,3"' not in drawn(block("line", unbroken))


def test_withheld_years_are_hatched():
    svg = drawn(LINES)
    assert svg.count("url(#victims-500-hatch)") == 1 and 'id="victims-500-hatch"' in svg
    assert "hatch" not in drawn(block("line", UPPER, UPPER))


@pytest.mark.parametrize("tag", ["ar", "ckb"])
def test_digits_are_those_of_the_language(tag: str):
    assert not re.search(r"[0-9]", "".join(texts(drawn(block("line", UPPER, LOWER, tag=tag), tag))))


def test_time_runs_from_the_right_in_a_right_to_left_page():
    def place(tag: str, year: str) -> float:
        svg = drawn(block("line", UPPER, LOWER, tag=tag), tag)
        found = re.search(rf"<text[^>]*translate\(([\d.]+),[\d.]+\)[^>]*>{year}</text>", svg)
        assert found
        return float(found[1])

    assert place("en", "2020") < place("en", "2024")
    assert place("ar", "٢٠٢٠") > place("ar", "٢٠٢٤")


@pytest.mark.parametrize("shape", ["line", "bar"])
@pytest.mark.parametrize("tag", ["en", "ar", "ckb"])
def test_a_narrow_drawing_writes_every_second_year_and_the_last(tag: str, shape: charts.Shape):
    chart = block(shape, ChartSeries(name="presumed", figures=(value(100),) * 10), tag=tag)

    def written(width: int) -> list[str]:
        return [label for label in chart.year_labels if label in texts(drawn(chart, tag, width))]

    assert written(290) == list(chart.year_labels[1::2])
    assert len(written(510)) == 10


def test_a_chart_says_what_it_shows_and_carries_no_style_or_script():
    svg = drawn(block("line", UPPER, LOWER, alternative="presumed: 100 in 2020"))
    assert svg.startswith(
        '<svg xmlns="http://www.w3.org/2000/svg" direction="ltr" role="img" aria-label="presumed: 100 in 2020" viewBox='
    )
    assert not re.search(r"<script|<style|style=|https?://|href", svg.replace('xmlns="http://www.w3.org/2000/svg"', ""))
    assert svg.count("aria-") == 1


def test_every_label_is_set_in_our_font():
    families = set(re.findall(r'font-family="([^"]*)"', drawn(BARS, "ckb")))
    assert families == {fonts.FAMILY}


def test_a_text_cannot_break_out_of_its_attribute():
    svg = drawn(block("line", UPPER, LOWER, alternative='"><script>'))
    assert "<script>" not in svg


def test_drawing_twice_gives_the_same_bytes():
    assert drawn(LINES, "ar", 300) == drawn(LINES, "ar", 300)


@pytest.mark.parametrize(("tag", "sign"), [("en", "%"), ("ar", "٪"), ("ckb", "٪")])
def test_a_share_is_drawn_on_a_scale_of_per_cent(tag: str, sign: str):
    shares = tuple(PrintedFigure(text="x", value=share, is_share=True) for share in (0.2, 0.5, 0.4, 0.3, 0.25))
    found = texts(drawn(block("line", ChartSeries(name="share", figures=shares), tag=tag), tag))
    words = Words.load(tag)
    half = digits(f"50{sign}", words.numerals)
    # in an isolate that runs from the right: a drawing runs from the left, and would put the sign on the wrong side
    assert (f"\u2067{half}\u2069" if words.direction == "rtl" else half) in found


@pytest.mark.parametrize(("greatest", "is_share"), [(0.04, False), (0.3, False), (0.8, False), (7.0, False),
                                                    (0.02, True), (0.04, True), (0.3, True)])  # fmt: skip
def test_no_two_numbers_of_a_scale_look_alike(greatest: float, *, is_share: bool):
    told = tuple(
        PrintedFigure(text="x", value=greatest * part, is_share=is_share, decimals=0 if is_share else 2)
        for part in (0.5, 0.6, 0.75, 0.9, 1.0)
    )
    svg = drawn(block("line", ChartSeries(name="ratio", figures=told)))
    scale = re.findall(r'<text text-anchor="end"[^>]*>([^<]*)</text>', svg)
    assert len(scale) > 3
    assert len(set(scale)) == len(scale)


def test_no_mark_runs_into_the_next_where_years_stand_close():
    silent = ChartSeries(name="presumed", figures=(PrintedFigure(mark="low", sign="[low]", value=0),) * 10)
    across, upwards = (drawn(block("line", silent), width=width) for width in (500, 290))
    assert "rotate(-90)" in upwards and "rotate(-90)" not in across
    assert texts(across).count("[low]") == texts(upwards).count("[low]") == 10


@pytest.mark.parametrize("weight", sorted(fonts.WEIGHTS))
def test_the_font_holds_every_letter_of_every_language(weight: int):
    assert frozenset(EVERYTHING) - fonts.letters(weight) == frozenset()
    assert fonts.lacking_letters("ABC ٣ ڵ \u2067\u061c") == frozenset()
    assert fonts.lacking_letters("漢") == {"漢"}


def test_the_subset_joins_letters_and_is_the_same_each_time():
    first = fonts.embed_font("ڕێکخراو", 400)
    assert first == fonts.embed_font("واخرڕێک" + "و", 400)
    assert first.startswith("data:font/woff2;base64,d09GMg")  # wOF2
    assert len(first) < len(fonts.embed_font(EVERYTHING, 400))
