"""The demo's release as UNODC, the treaty bodies and case managers ask for it."""

from __future__ import annotations

import csv
import datetime
import io

import pytest

from ingestion.entry.file_check import examine
from ingestion.home import Home
from languages.words import Words
from reports.exchange import glotip, htcds, treaty_questions
from reports.released import released_folder as releases
from reports.released.released_figures import ReleasedFigures
from reports.released.released_folder import ReleasedFolder

pytestmark = pytest.mark.whole_home
ENGLISH = Words.load("en")
TODAY = datetime.date(2026, 11, 1)


@pytest.fixture(scope="module")
def released(demo: Home) -> ReleasedFolder:
    return releases.latest_release(demo, "four_ps_national")


def test_unodcs_table_of_the_demo_comes_back_with_the_released_counts(released: ReleasedFolder):
    data = glotip.export(released, ENGLISH).files["glotip.xlsx"]
    examination = examine(data, "glotip.xlsx", "unodc_glotip", today=TODAY)
    assert (examination.verdict, examination.rows_quarantined, examination.findings) == ("accepted", 0, [])
    [table] = examination.tables
    names = ("measure", "dimension", "sex_label", "age_label", "reference_year", "figure")
    back = {cells[:5]: cells[5] for cells in zip(*(table.columns[name] for name in names), strict=True)}
    figures = ReleasedFigures(released)
    for code, measure in glotip.INDICATORS.items():
        for year in figures.years:
            row = figures.find_row(code, "COUNT", figures.area_of(code), year, {})
            if row is not None and row["obs_value"]:
                assert back[(measure, "Total", "Total", "Total", int(year))] == float(row["obs_value"]), (code, year)


def test_every_figure_that_answers_a_question_is_a_released_one(released: ReleasedFolder):
    lines = list(
        csv.DictReader(io.StringIO(treaty_questions.export(released, ENGLISH).files["answers.csv"].decode("utf-8")))
    )
    known = {tuple(row[name] for name in (*released.key, "obs_value", "obs_status")) for row in released.rows}
    told = [line for line in lines if line["time_period"]]
    assert {tuple(line[name] for name in (*released.key, "obs_value", "obs_status")) for line in told} <= known
    assert {"figure", "low", "missing", "gap"} <= {line["state"] for line in lines}


def test_no_case_of_the_demo_stands_in_the_case_standards_workbook(released: ReleasedFolder):
    data = htcds.export(released, ENGLISH).files["htcds.xlsx"]
    examination = examine(data, "htcds.xlsx", "iom_caseload", today=TODAY)
    assert (examination.verdict, examination.rows_in) == ("accepted", 0)
