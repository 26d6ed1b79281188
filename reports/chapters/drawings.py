"""Charts of the edition: series of released totals over the years, each with the table of its figures.

Belongs here: which series are drawn and their alternative text. Does not belong here: how a chart is drawn
(`reports/renderers/charts.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from expectations.cards.areas import COUNTRY, FEDERAL, KURDISTAN
from languages import dates
from languages.words import Words
from reports.analysis import report_scope
from reports.analysis.comparable_trends import trend_in
from reports.analysis.growing_years import growing_years
from reports.analysis.indicator_headlines import headline_of, measure_name
from reports.analysis.part_years import part_years, years_apart
from reports.chapters import printed
from reports.editions.edition import ChartBlock, ChartSeries
from reports.editions.printed_parts import first_year_shown
from reports.phrases import trend_text, wording
from reports.released.released_tables import ReleasedCell
from reports.released.report_model import NATIONAL, IndicatorSection, Report

LEAST_YEARS = 5
"""A series of fewer years has a table only."""
CHILDREN, PERHAPS_CHILDREN = "Y0T17", "AMBIGUOUS"
_COUNTED = ("COUNT", "NUMERATOR", "DENOMINATOR")
_BEST = ("SHARE", "RATE", "RATIO", "MEDIAN", "RELATIVE_GAP", *_COUNTED)


def headline_charts(report: Report, words: Words) -> list[ChartBlock]:
    """Return the two charts that open the report, if their tables are released."""
    if report.headline is None:
        return []
    place = report_scope.main_area(report)
    name = wording.area(place, words)

    def line(key: str, indicator: str, **dimensions: str) -> ChartSeries:
        cells = [report.cell(indicator, "COUNT", place, year, **dimensions) for year in report.headline_years]
        return _line(words.text(f"page.chart.{key}"), cells, _broken_years(report, [indicator], place), words)

    pair = (line("presumed", "PRT-01"), line("identified", "PRT-02"))
    inside = (line("all", "PRT-01"), line("children", "PRT-01", age=CHILDREN))
    drawn = [
        _chart(
            "victims",
            "line",
            words.text("page.chart.victims.title", area=name),
            pair,
            report,
            words,
            "prt-01",
            codes=["PRT-01", "PRT-02"],
            area=place,
        ),
        _chart(
            "children",
            "bar",
            words.text("page.chart.children.title", area=name),
            inside,
            report,
            words,
            "prt-01-age",
            codes=["PRT-01"],
            area=place,
        ),
    ]
    tables = {table.id for section in report.sections for table in section.tables}
    return [chart for chart in drawn if chart.table in tables]


def section_charts(report: Report, section: IndicatorSection, words: Words) -> list[ChartBlock]:
    """Return the chart of a national indicator: its total and the children in it; empty without a series.

    The area is that of the key results if it has a series of `LEAST_YEARS` years, else the first of the country, the
    federal governorates and the Kurdistan Region that has one.
    """
    measure, at = chief_measure(report, section.indicator), headline_of(section.indicator).at
    for place in dict.fromkeys((report_scope.main_area(report), COUNTRY, FEDERAL, KURDISTAN)):
        whole = [report.cell(section.indicator, measure, place, year, **at) for year in report.headline_years]
        if sum(_is_drawn(cell) for cell in whole) >= LEAST_YEARS:
            return [_place_chart(report, section, measure, place, whole, words)]
    return []


def chief_measure(report: Report, indicator: str) -> str:
    """Return the main measure of an indicator: its share, rate, ratio or median if it has one."""
    known = report.headline.manifest["indicators"].get(indicator, {}) if report.headline else {}
    own = [section for section in report.sections_of(NATIONAL) if section.indicator == indicator]
    measures = {group.measure for section in own for table in section.tables for group in table.groups}
    return next(iter(known.get("derived", {})), None) or next((name for name in _BEST if name in measures), "COUNT")


def trend_notes(report: Report, indicator: str, measure: str, area: str, words: Words) -> Iterator[str]:
    """Yield the sentence on the trend of a series, and the rule for its word; nothing if no trend was computed."""
    asked = trend_in(report, indicator, area)
    if asked and asked.measure == measure:
        yield trend_text.sentence(asked.trend, area, words)
        if asked.is_word:
            yield words.text("page.trend.rule")


def indicators_behind(report: Report, indicator: str, measure: str) -> set[str]:
    """Return the indicators whose counts a measure is made of, including its own."""
    known = report.headline.manifest["indicators"].get(indicator, {}) if report.headline else {}
    operands = known.get("derived", {}).get(measure, [])
    return {indicator, *(name.partition("/")[0] for name in operands)}


def _place_chart(
    report: Report, section: IndicatorSection, measure: str, place: str, whole: list[ReleasedCell], words: Words
) -> ChartBlock:
    code = section.indicator
    broken = _broken_years(report, indicators_behind(report, code, measure), place)
    at = headline_of(code).at
    ages = [report.cell(code, measure, place, year, age=CHILDREN) for year in report.headline_years]
    has_children = not at and any(_is_drawn(cell) for cell in ages)
    series = [_line(measure_name(code, measure, words), whole, broken, words)]
    if has_children:
        series.append(_line(words.text("edition.chart.children"), ages, broken, words))
    title = words.text("page.caption.of", first=wording.title(code, words), second=wording.area(place, words))
    ending = "-".join((code, *(["age"] if has_children else at), *([place] if place != FEDERAL else []))).lower()
    is_inside = has_children and measure in _COUNTED
    name, shape = f"{code.lower()}-chart", "bar" if is_inside else "line"
    drawn = _chart(name, shape, title, series, report, words, ending, codes=[code], area=place)
    return drawn.model_copy(update={"notes": (*drawn.notes, *trend_notes(report, code, measure, place, words))})


def _chart(
    name: str,
    shape: str,
    title: str,
    series: Iterable[ChartSeries],
    report: Report,
    words: Words,
    ending: str,
    *,
    codes: Sequence[str],
    area: str,
) -> ChartBlock:
    whole = tuple(series)
    first = first_year_shown(line.figures for line in whole)
    years = tuple(report.headline_years[first:])
    parts = part_years(report.headline, codes, area, years) if report.headline else ()
    growing = _growing_years(report, codes, area, years) - {*parts}
    labels = tuple(_year_label(year, words, is_growing=year in growing, is_part=year in parts) for year in years)
    lines = tuple(
        line.model_copy(
            update={
                "figures": line.figures[first:],
                "broken_before": tuple(year for year in line.broken_before if year in years),
            }
        )
        for line in whole
    )
    return ChartBlock(
        id=name,
        shape="bar" if shape == "bar" else "line",
        title=title,
        alternative=_describe_chart(title, lines, labels, words),
        years=years,
        year_labels=labels,
        series=lines,
        table=f"{NATIONAL}-{ending}".replace("_", "-"),
        notes=(
            *_notes_on_years("edition.chart.growing", growing, labels, years, words),
            *_notes_on_years("edition.chart.part", parts, labels, years, words),
        ),
    )


def _growing_years(report: Report, codes: Iterable[str], area: str, years: Sequence[str]) -> set[str]:
    """Return the years of a chart that still grow in one of its series; none where every year does."""
    release = report.headline
    if release is None:
        return set()
    growing = {
        year for code in codes for year in growing_years(release, code, chief_measure(report, code), area, years)
    }
    return growing if len(growing) < len(years) else set()


def _year_label(year: str, words: Words, *, is_growing: bool, is_part: bool) -> str:
    label = dates.year(words, year)
    if is_part:
        return words.text("edition.chart.part_year", year=label)
    return words.text("edition.chart.growing_year", year=label) if is_growing else label


def _notes_on_years(
    key: str, marked: Collection[str], labels: Sequence[str], years: Sequence[str], words: Words
) -> tuple[str, ...]:
    """Return what the mark at some years means; nothing where none has it."""
    own = [label for year, label in zip(years, labels, strict=True) if year in marked]
    return (words.text(key, years=wording.list_texts(own, words)),) if own else ()


def _line(name: str, cells: Iterable[ReleasedCell], broken: tuple[str, ...], words: Words) -> ChartSeries:
    return ChartSeries(name=name, figures=tuple(printed.figure(cell, words) for cell in cells), broken_before=broken)


def _broken_years(report: Report, indicators: Iterable[str], area: str) -> tuple[str, ...]:
    """Return the years that no line joins with the year before."""
    codes, years = tuple(indicators), report.headline_years
    return years_apart(report.headline, codes, area, years) if report.headline else ()


def _describe_chart(title: str, series: Iterable[ChartSeries], labels: tuple[str, ...], words: Words) -> str:
    """Return the alternative text, with every figure or its mark."""
    described = words.text("edition.separator").join(_describe_line(line, labels, words) for line in series)
    return words.text("edition.chart.alternative", title=title, series=described)


def _describe_line(line: ChartSeries, labels: tuple[str, ...], words: Words) -> str:
    pairs = zip(labels, line.figures, strict=True)
    values = (
        words.text("edition.measured", indicator=year, measure=printed.figure_with_mark(figure))
        for year, figure in pairs
    )
    return words.text("edition.chart.series", name=line.name, values=wording.list_texts(values, words))


def _is_drawn(cell: ReleasedCell) -> bool:
    return cell.value is not None and cell.mark != "low"
