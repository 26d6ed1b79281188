"""A year that an agency covered only in part: its mark in every form, and nothing that it is compared with."""

from __future__ import annotations

import pandas as pd
import pytest

from languages import dates
from languages.words import Words, languages
from reports.analysis.comparable_trends import trend_in
from reports.analysis.growing_years import grows
from reports.analysis.part_years import is_part, part_years, years_apart
from reports.chapters import drawings
from reports.explorer import cube
from reports.phrases import wording
from reports.released import report_model
from reports.released.report_model import NATIONAL, Report
from tests.reports import invented_releases

CODE, AREA, PART = "PRS-03", "IQ-FED", "2023"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        own = (frame["indicator"] == CODE) & (frame["ref_area"] == AREA) & (frame["time_period"] == PART)
        frame.loc[own & (frame["obs_status"] == "A"), "obs_status"] = "P"
        return frame

    home = invented_releases.build(tmp_path_factory.mktemp("part"), change=change, is_national_only=True)
    return report_model.load(home)


def test_only_that_year_of_that_area_is_a_part(report: Report) -> None:
    release = report.headline
    assert release
    years = report.headline_years
    assert part_years(release, [CODE], AREA, years) == (PART,)
    assert part_years(release, [CODE], "IQ-KR", years) == part_years(release, ["PRS-05"], AREA, years) == ()
    assert is_part(release, CODE, AREA, PART)
    assert years_apart(release, [CODE], AREA, years) == ("2023", "2024")
    assert grows(release, CODE, "COUNT", AREA, PART)
    assert not grows(release, CODE, "COUNT", AREA, "2022")


def test_no_trend_counts_with_a_part(report: Report) -> None:
    trend = trend_in(report, CODE, AREA)
    assert trend is None or int(PART) not in trend.trend.years


@pytest.mark.parametrize("tag", languages())
def test_chart_and_tables_mark_a_part_and_no_line_joins_it(report: Report, tag: str) -> None:
    words = Words.load(tag)
    (section,) = [section for section in report.sections_of(NATIONAL) if section.indicator == CODE]
    charts = [chart for chart in drawings.section_charts(report, section, words) if "kr" not in chart.table]
    for chart in charts:
        place = chart.years.index(PART)
        assert chart.year_labels[place] == words.text("edition.chart.part_year", year=dates.year(words, PART))
        assert any(chart.year_labels[place] in note for note in chart.notes)
        for series in chart.series:
            assert {"2023", "2024"} <= {*series.broken_before}
            assert series.figures[place].mark == "p"
            assert series.figures[place].told.endswith(wording.sign("p", words))
    assert charts


def test_the_explorer_marks_a_part_and_joins_it_with_no_year(report: Report) -> None:
    made = cube.cube(report, Words.load("en"), ["en"])
    (subject,) = [subject for subject in made.subjects if subject.code == CODE]
    assert subject.broken[AREA] == ("2023", "2024")
    place = report.years.index(PART)
    totals = next(breakdown for breakdown in subject.breakdowns if not breakdown.dimensions)
    (row,) = [row for row in totals.rows if row.place == AREA and row.measure == "COUNT"]
    assert [cell.mark for cell in row.cells].count("p") == 1
    assert row.cells[place].mark == "p"
