"""Charts of an indicator: its trend stands under them in words, with the rule of the word; and in the explorer."""

from __future__ import annotations

import pandas as pd
import pytest

from languages import dates
from languages.words import Words, languages
from reports.analysis.comparable_trends import trend_in
from reports.chapters import build_edition, drawings, indicators
from reports.editions import arrangement
from reports.editions.edition import Chapter, ChartBlock, ItemList
from reports.editors.editorial_inputs import EditorialInputs
from reports.explorer import cube
from reports.phrases import trend_text
from reports.released import report_model
from reports.released.report_model import NATIONAL, Report
from tests.reports import invented_releases
from tests.reports.analysis.test_comparable_trends import RISING, rising_report

CODE = "PRS-03"
EMPTY_YEARS = ("2016", "2017", "2018")


@pytest.fixture(scope="module")
def rising(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return rising_report(tmp_path_factory.mktemp("rising"))


@pytest.fixture(scope="module")
def late(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A report of which nobody reported the first years; the victims of the year after them are withheld."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        is_empty = frame["time_period"].isin(EMPTY_YEARS)
        frame.loc[is_empty, ["obs_value", "obs_status"]] = [None, "O"]
        owed = is_empty & (frame["indicator"] == "PRS-05") & (frame["sex"] == "_T")
        frame.loc[owed, ["obs_value", "obs_status"]] = [0.0, "A"]
        is_hidden = (frame["time_period"] == "2019") & (frame["indicator"] == "PRT-01")
        frame.loc[is_hidden, ["obs_value", "obs_status"]] = [None, "Q"]
        return frame

    home = invented_releases.build(tmp_path_factory.mktemp("late"), change=change, is_national_only=True)
    return report_model.load(home)


def section(report: Report, code: str, words: Words) -> Chapter:
    found = [one for pillar in indicators.pillar_chapters(report, words) for one in pillar.chapters if one.code == code]
    (only,) = found
    return only


@pytest.mark.parametrize("tag", languages())
def test_the_trend_of_the_drawn_series_stands_under_its_chart_with_its_rule_and_nowhere_twice(rising: Report, tag: str):
    words = Words.load(tag)
    asked = trend_in(rising, CODE, "IQ-FED")
    assert asked and asked.is_word and len(RISING) >= drawings.LEAST_YEARS
    told = (trend_text.sentence(asked.trend, "IQ-FED", words), words.text("page.trend.rule"))
    found = section(rising, CODE, words)
    (chart,) = [block for block in found.blocks if block.kind == "chart"]
    assert chart.notes == told
    listed = [text for block in found.blocks if isinstance(block, ItemList) for text in block.texts]
    assert told[0] not in listed


def test_where_no_trend_can_be_told_the_chart_says_why_and_no_rule(report: Report):
    words = Words.load("en")
    for one in report.sections_of(NATIONAL):
        for chart in drawings.section_charts(report, one, words):
            trends = [trend_in(report, one.indicator, area) for area in ("IQ", "IQ-FED", "IQ-KR")]
            has_word = any(trend and trend.is_word for trend in trends)
            assert len(chart.notes) in ({0, 1, 2} if has_word else {0, 1})


def test_the_explorer_tells_the_same_of_the_total_of_each_place(rising: Report):
    words = Words.load("en")
    (subject,) = [one for one in cube.cube(rising, words, ["en"]).subjects if one.code == CODE]
    told = {(one.measure, one.place): one.text for one in subject.trends}
    assert told["COUNT", "IQ-FED"] == " ".join(drawings.trend_notes(rising, CODE, "COUNT", "IQ-FED", words))
    assert "rising" in told["COUNT", "IQ-FED"] and words.text("page.trend.rule") in told["COUNT", "IQ-FED"]


@pytest.mark.parametrize("tag", languages())
def test_title_and_charts_begin_with_the_first_year_of_which_anything_was_reported(late: Report, tag: str):
    words = Words.load(tag)
    edition = build_edition.edition(late, words, EditorialInputs(code="0"))
    assert late.first_reported_year == "2019"
    assert dates.year(words, "2019") in edition.subtitle and dates.year(words, "2016") not in edition.subtitle
    charts = {block.id: block for block in arrangement.drawings(edition) if isinstance(block, ChartBlock)}
    assert charts["victims"].years[0] == "2019" and charts["victims"].series[0].figures[0].mark == "c"
    assert charts["prs-03-chart"].years[0] == "2019"
    assert charts["prs-05-chart"].years[0] == "2016"  # a zero is a figure
    assert all(len(line.figures) == len(chart.years) for chart in charts.values() for line in chart.series)
    assert edition.story is not None
    small = [answer.chart for chapter in edition.story.chapters for answer in chapter.answers if answer.chart]
    assert small and {chart.years[0] for chart in small} <= {"2016", "2019", "2021"}
    assert all(chart.figures[0].text or chart.figures[0].mark in ("c", "low") for chart in small)


def test_the_explorer_opens_at_the_first_year_with_a_figure(late: Report):
    made = cube.cube(late, Words.load("en"), ["en"])
    first = {subject.code: made.years[subject.first] for subject in made.subjects}
    assert (first["PRT-01"], first["PRS-05"]) == ("2019", "2016")
