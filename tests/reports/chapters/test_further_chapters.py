"""Children, the law, both regions, the maps: what stands in them is what stands in the sections of the indicators."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from expectations.cards.population import residents
from languages.words import Words
from reports.analysis.reconciled_figures import ReconciledLine
from reports.chapters import children, indicators, places, reconciled, regions, who_reported
from reports.chapters.drawings import chief_measure, section_charts
from reports.editions.edition import Chapter, ItemList, MapBlock, TableBlock, TableRow
from reports.editors.editorial_inputs import EditorialInputs
from reports.released.released_tables import ReleasedCell
from reports.released.report_model import NATIONAL, Report

ENGLISH = Words.load("en")


def tables(chapter: Chapter) -> dict[str, TableBlock]:
    return {block.id: block for one in chapter.walk() for block in one.blocks if isinstance(block, TableBlock)}


def rows(table: TableBlock) -> dict[str, TableRow]:
    return {row.label: row for group in table.groups for row in group.rows}


def texts(row: TableRow) -> list[str]:
    return [f"[{cell.mark}]" if cell.mark else cell.text for cell in row.cells]


def test_children_are_gathered_in_both_regions_and_the_silent_one_says_so(report: Report):
    (chapter,) = children.children(report, ENGLISH)
    federal = tables(chapter)["children-first-iq-fed-table"]
    found = {group.heading: group.rows for group in federal.groups}
    years = report.headline_years
    assert [cell.value for cell in found["Formally identified victims"][0].cells] == [
        report.cell("PRT-02", "COUNT", "IQ-FED", year, age="Y0T17").value for year in years
    ]
    assert "Agencies reporting on time" not in found
    kurdistan = next(one for one in chapter.chapters if one.id == "children-first-iq-kr")
    (silent,) = kurdistan.blocks
    assert isinstance(silent, ItemList) and "Formally identified victims" in silent.texts


def test_a_dataset_that_repeats_the_national_one_has_no_chapter_of_its_own(report: Report):
    national = report.releases[0]
    few = {key: cell for key, cell in national.cells.items() if key[0] == "PRS-05"}
    monitor = replace(national, dataset="law_28_monitor", cells=few)
    other = replace(monitor, cells={**few, next(iter(few)): ReleasedCell(1.0)})
    assert list(indicators.further_chapters(replace(report, releases=(national, monitor), sections=()), ENGLISH)) == []
    told = indicators.further_chapters(replace(report, releases=(national, other), sections=()), ENGLISH)
    assert [one.id for one in told] == ["law-28-monitor"]


def test_both_regions_stand_side_by_side_in_the_same_year(report: Report):
    (chapter,) = regions.compare_regions(report, ENGLISH)
    found = rows(tables(chapter)["regions-protection-table"])
    count = report.cell("PRT-02", "COUNT", "IQ-FED", "2025").value
    assert count is not None
    assert texts(found["Formally identified victims: Number"]) == ["2025", f"{count:.0f}", "[x]"]
    assert regions.last_year(report, "PAR-10", "COUNT") == "2023"


def _told_of_court(report: Report) -> dict[str, str]:
    (chapter,) = who_reported.reporting_chapter(report, ENGLISH)
    table = tables(chapter)["coverage-bodies-iq-fed"]
    court = next(row for label, row in rows(table).items() if "Judicial" in label)
    return dict(zip([column.code for column in table.columns], texts(court), strict=True))


def _with_count_of_court(report: Report, cell: ReleasedCell) -> Report:
    """The report with another answer to whether the report of the court for 2019 came."""
    headline = report.releases[0]
    cells = dict(headline.cells)
    (court,) = (
        key
        for key in headline.cells
        if key[:4] == ("PAR-07", "COUNT", "IQ-FED", "2019") and "iraq_judicial_council" in key
    )
    cells[court] = cell
    return replace(report, releases=(replace(headline, cells=cells), *report.releases[1:]))


def test_bodies_are_told_on_time_late_or_not_at_all_year_by_year(report: Report):
    said = _told_of_court(report)
    assert (said["2018"], said["2019"]) == ("on time", "not at all")
    late = replace(report.cell("PAR-07", "COUNT", "IQ-FED", "2019", holder="iraq_judicial_council"), value=1.0)
    assert _told_of_court(_with_count_of_court(report, late))["2019"] == "late, or in part"


def test_a_share_is_drawn_as_a_line_and_a_count_with_children_inside_as_bars(report: Report):
    sections = {one.indicator: one for one in report.sections_of(NATIONAL)}
    (share,) = section_charts(report, sections["PRT-03"], ENGLISH)
    (count,) = section_charts(report, sections["PRT-02"], ENGLISH)
    (alone,) = section_charts(report, sections["PAR-07"], ENGLISH)
    assert chief_measure(report, "PRT-03") == "SHARE"
    assert (share.shape, count.shape, alone.shape) == ("line", "bar", "line")
    assert [len(one.series) for one in (share, count, alone)] == [2, 2, 1]
    assert share.series[0].figures[0].is_share
    assert "2019: [x]" in count.alternative and f"2025: {count.series[0].figures[-1].text}" in count.alternative


def test_a_short_series_is_not_drawn(report: Report):
    (section,) = [one for one in report.sections_of(NATIONAL) if one.indicator == "PRS-03"]
    national = report.releases[0]
    cells = {
        key: replace(cell, value=None, mark="x") if key[0] == "PRS-03" and key[3] > "2019" else cell
        for key, cell in national.cells.items()
    }
    short = replace(report, releases=(replace(national, cells=cells), *report.releases[1:]))
    assert section_charts(short, section, ENGLISH) == []
    assert section_charts(report, section, ENGLISH) != []


def test_no_line_joins_years_on_two_sides_of_a_break(report: Report):
    (section,) = [one for one in report.sections_of(NATIONAL) if one.indicator == "PRT-03"]
    national = report.releases[0]
    mark = {"code": "law_8_1988_amended", "kind": "law", "first_year": 2022, "whole_year": 2023,
            "areas": ["IQ-FED"], "indicators": ["PRT-01"]}  # fmt: skip
    manifest = {
        **national.manifest,
        "breaks": [mark],
        "indicators": {**national.manifest["indicators"],
                       "PRT-03": {"derived": {"SHARE": ["PRT-03/NUMERATOR", "PRT-01/COUNT"]}}},
    }  # fmt: skip
    broken = replace(report, releases=(replace(national, manifest=manifest), *report.releases[1:]))
    (chart,) = section_charts(broken, section, ENGLISH)
    assert {line.broken_before for line in chart.series} == {("2022", "2023")}


@pytest.fixture(scope="module")
def maps_of_presumed(report: Report) -> list[MapBlock]:
    release = next(one for one in report.releases if one.dataset == "four_ps_governorate")
    section = next(one for one in report.sections_of(release.dataset) if one.indicator == "PRT-01")
    return list(places.maps(release, section, ENGLISH))


@pytest.fixture
def map_of_presumed(maps_of_presumed: list[MapBlock]) -> MapBlock:
    return maps_of_presumed[0]


def test_beside_the_count_stands_its_rate_of_what_is_printed_and_a_mark_stays(maps_of_presumed: list[MapBlock]):
    counts, rates = maps_of_presumed
    pairs = [(count.figure, rate.figure, rate) for count, rate in zip(counts.places, rates.places, strict=True)]
    told = [(count.value, rate.value, place.code) for count, rate, place in pairs if rate.value is not None]
    assert len(told) >= 3
    for count, rate, code in told:
        assert count is not None and count >= 20
        assert rate == round(count * 100_000 / residents()[code, "2025", "_T", "_T"], 2)
    few = [count for count, rate, _ in pairs if rate.text == "too few"]
    assert few and all(count.mark == "low" or (count.value or 0) < 20 for count in few)
    assert [rate.mark for _, rate, _ in pairs if not rate.text] == ["x"] * 4
    assert all(place.level == -1 for _, rate, place in pairs if rate.value is None)
    assert rates.levels != counts.levels and "per 100,000 residents" in rates.title


def test_a_rate_is_rounded_once(report: Report):
    """200 of 10.13 million are 1.9749: rounded to 1.975 first, they would be told as 1.98."""
    release = next(one for one in report.releases if one.dataset == "four_ps_governorate")
    section = next(one for one in report.sections_of(release.dataset) if one.indicator == "PRT-01")
    key = ("PRT-01", "COUNT", "IQG08", "2025", *("_T",) * 7)
    counted = replace(release, cells={**release.cells, key: ReleasedCell(200.0)})
    _, rates = places.maps(counted, section, ENGLISH)
    exact = 200 * 100_000 / residents()["IQG08", "2025", "_T", "_T"]
    assert round(round(exact, 3), 2) != round(exact, 2)
    assert next(place.figure.text for place in rates.places if place.code == "IQG08") == f"{exact:.2f}"


@pytest.mark.parametrize(("least", "number"), [(95, 1), (20, 2)])
def test_fewer_than_three_rates_are_no_map(report: Report, least: int, number: int):
    release = next(one for one in report.releases if one.dataset == "four_ps_governorate")
    manifest = {**release.manifest, "protection": {"minimum_base": least}}
    section = next(one for one in report.sections_of(release.dataset) if one.indicator == "PRT-01")
    assert len(list(places.maps(replace(release, manifest=manifest), section, ENGLISH))) == number
    assert len(list(places.maps(release, replace(section, unit="CASE"), ENGLISH))) == 1


def test_a_map_has_the_nineteen_governorates_and_halabja_is_provisional(map_of_presumed: MapBlock):
    codes = [place.code for place in map_of_presumed.places]
    assert len(codes) == len(set(codes)) == 19
    assert [place.code for place in map_of_presumed.places if place.is_provisional] == ["IQG06Q05"]
    assert "United Nations" in map_of_presumed.disclaimer
    assert any("Halabja" in note for note in map_of_presumed.notes)
    assert any("Governorate not recorded" in note for note in map_of_presumed.notes)


def test_classes_follow_from_printed_figures_and_a_missing_one_has_none(report: Report, map_of_presumed: MapBlock):
    by_code = {place.code: place for place in map_of_presumed.places}
    assert by_code["IQG11"].figure.mark == "x" and by_code["IQG11"].level == -1
    told = [place for place in map_of_presumed.places if place.figure.value is not None]
    assert len(told) > 10
    ordered = sorted(told, key=lambda place: place.figure.value or math.nan)
    assert [place.level for place in ordered] == sorted(place.level for place in told)
    assert all(place.level < len(map_of_presumed.levels) for place in told)
    section = next(one for one in report.sections_of("four_ps_governorate") if one.indicator == "PRT-01")
    assert map_of_presumed.table in {table.id for table in section.tables}


@pytest.mark.parametrize(
    ("greatest", "bounds"),
    [
        (3, (5,)),
        (5, (5,)),
        (24, (5, 10)),
        (45, (5, 10, 25)),
        (180, (10, 25, 50, 100)),
        (99999, (1000, 2500, 5000, 10000)),
    ],
)
def test_bounds_of_classes_are_rungs_that_a_figure_reaches(greatest: float, bounds: tuple[float, ...]):
    assert places.thresholds([0, greatest]) == bounds


def test_classes_tell_small_places_apart_beside_a_great_one():
    assert places.thresholds([0, 5, 5, 10, 15, 20, 25, 30, 60, 180]) == (5, 10, 25, 50)
    assert places.thresholds([0.55, 0.77, 0.78, 1.3, 1.83], (0.5, 0.75, 1, 1.5, 2)) == (0.5, 0.75, 1, 1.5)


def test_what_others_printed_is_told_as_words_and_only_where_there_is_something():
    line = ReconciledLine("A newspaper", "page 3", "2026-01-02", "victims", "PRT-01/COUNT sex=F", "IQ-FED",
                "2025-01-01", "2025-12-31", "VICTIM", "<5", "145 ±4", answers=("iraq_interior_ministry",))  # fmt: skip
    assert list(reconciled.reconciled_chapter(EditorialInputs(code="0"), ENGLISH)) == []
    (chapter,) = reconciled.reconciled_chapter(EditorialInputs(reconciled=(line,), code="0"), ENGLISH)
    (row,) = rows(tables(chapter)["reconciliation-table"]).values()
    assert all(cell.is_text and cell.value is None for cell in row.cells)
    assert texts(row)[1:4] == ["<5", "145 ±4, Presumed victims detected: Number, Female", ""]
