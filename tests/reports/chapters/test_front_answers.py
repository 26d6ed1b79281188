"""The three answers of the front page: right where the figure is there, small, withheld or missing; who was silent."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

from languages.words import Words
from reports.analysis.nonreporting import MissingReports, missing_reports
from reports.chapters import front
from reports.editions.edition import FrontPageAnswers
from reports.released.released_tables import ReleasedCell
from reports.released.report_model import BodiesReported, Report, ReportingCoverage

LANGUAGES = ("en", "ar", "ckb")
KEY = ("PRT-01", "COUNT", "IQ-FED", "2025", "_T", "_T", "_T", "_T", "_T", "_T", "_T")
_ISOLATES = re.compile("[\u2066-\u2069]")


def answers(report: Report, tag: str = "en") -> FrontPageAnswers:
    found = front.answers(report, Words.load(tag))
    assert found is not None
    return FrontPageAnswers(**{name: _ISOLATES.sub("", text) for name, text in found.model_dump().items()})


def with_cell(report: Report, cell: ReleasedCell) -> Report:
    """The report with another figure of presumed victims."""
    headline = report.releases[0]
    cells = dict(headline.cells)
    assert KEY in cells
    cells[KEY] = cell
    return replace(report, releases=(replace(headline, cells=cells), *report.releases[1:]))


def with_rows(report: Report, rows: pd.DataFrame) -> Report:
    return replace(report, releases=(replace(report.releases[0], frame=rows), *report.releases[1:]))


def numbers(text: str) -> list[str]:
    return re.findall(r"[0-9٠-٩]+", text)


def test_the_figure_is_the_released_one_with_year_and_area(report: Report):
    cell = report.cell("PRT-01", "COUNT", "IQ-FED", "2025")
    children = report.cell("PRT-01", "COUNT", "IQ-FED", "2025", age="Y0T17")
    assert cell.value is not None and children.value is not None and cell.value > children.value > 5
    assert answers(report).found == (
        f"In 2025, agencies met about {cell.value:.0f} presumed victims of trafficking for the first time "
        f"(Iraq without the Kurdistan Region). About {children.value:.0f} of them were under eighteen."
    )


def test_the_country_leads_where_its_figure_is_published(report: Report):
    headline = report.releases[0]
    country = ("PRT-01", "COUNT", "IQ", *KEY[3:])
    cells = {**headline.cells, country: ReleasedCell(450.0, "", "ROUNDED_5")}
    whole = answers(replace(report, releases=(replace(headline, cells=cells), *report.releases[1:])))
    assert whole.found.startswith("In 2025, agencies met about 450 presumed victims of trafficking")
    assert "(Iraq)" in whole.found


@pytest.mark.parametrize(
    "cell", [ReleasedCell(None, "c"), ReleasedCell(None, "x"), ReleasedCell(0.0, "low", "ROUNDED_5")]
)
def test_children_are_told_only_where_their_figure_is_published(report: Report, cell: ReleasedCell):
    headline = report.releases[0]
    cells = {**headline.cells, (*KEY[:5], "Y0T17", *KEY[6:]): cell}
    assert "eighteen" not in answers(replace(report, releases=(replace(headline, cells=cells),))).found


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "بضحية مفترضة واحدة"),
        (2, "بضحيتين مفترضتين"),
        (5, "مع ٥ ضحايا مفترضين"),
        (15, "مع ١٥ ضحية مفترضة"),
        (100, "مع ١٠٠ ضحية مفترضة"),
        (0, "لم يجرِ أول اتصال للجهات بأي ضحية"),
    ],
)
def test_arabic_counts_victims_in_six_forms(report: Report, count: int, said: str):
    assert said in answers(with_cell(report, ReleasedCell(float(count), "", "EXACT_11")), "ar").found


def test_one_victim_is_told_in_the_singular(report: Report):
    one = with_cell(report, ReleasedCell(1.0, "", "NONE"))
    assert "1 presumed victim of" in answers(one).found
    assert "١ قوربانیی" in answers(one, "ckb").found


@pytest.mark.parametrize("tag", LANGUAGES)
@pytest.mark.parametrize("mark", ["c", "x", "n"])
def test_without_a_figure_none_is_told_but_the_year(report: Report, tag: str, mark: str):
    found = answers(with_cell(report, ReleasedCell(None, mark)), tag)
    assert len(numbers(found.found)) == 1
    words = Words.load(tag)
    assert words.text("edition.story.detected") not in found.certainty
    assert (words.text("edition.answer.certainty.withheld") in found.certainty) == (mark == "c")


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_figure_that_rounds_to_zero_is_told_as_fewer_than_its_base(report: Report, tag: str):
    low = answers(with_cell(report, ReleasedCell(0.0, "low", "ROUNDED_5")), tag)
    assert len(numbers(low.found)) == 2
    assert numbers(low.found)[1] in ("5", "٥")


def test_a_rounded_and_an_exact_figure_are_told_apart(report: Report):
    rounded = answers(with_cell(report, ReleasedCell(35.0, "", "ROUNDED_5"))).certainty
    exact = answers(with_cell(report, ReleasedCell(35.0, "", "EXACT_11"))).certainty
    assert "less than 5 away" in rounded
    assert "less than" not in exact and "as the agencies counted it" in exact


def test_a_frozen_year_is_told(report: Report):
    headline = report.releases[0]
    manifest = {**headline.manifest, "frozen": [{"year": "2025", "indicators": ["PRT-01"]}]}
    frozen = replace(report, releases=(replace(headline, manifest=manifest), *report.releases[1:]))
    assert "Late cases" in answers(frozen).certainty
    assert "Late cases" not in answers(report).certainty


@pytest.mark.parametrize(("pair", "said"), [((1, 1), "Each agency"), ((1, 2), "Not every agency"), ((0, 2), "None of")])
def test_how_many_bodies_stand_behind_the_figure_is_told(report: Report, pair: tuple[int, int], said: str):
    coverage = (ReportingCoverage("PRT-01", "IQ-FED", {"2025": BodiesReported(*pair)}),)
    sections = tuple(
        replace(section, coverage=coverage) if section.indicator == "PRT-01" else section for section in report.sections
    )
    told = answers(replace(report, sections=sections)).certainty
    assert f"{said} " in told and f"({pair[0]} of {pair[1]})" in told


def test_where_all_reported_that_is_said_and_the_region_without_figures_named(report: Report):
    assert missing_reports(report, "2025") == MissingReports()
    assert answers(report).silent == (
        "Each agency that owed a report for 2025 sent one. "
        "No figure of presumed victims for 2025 came from: Kurdistan Region of Iraq."
    )


def test_a_body_that_came_neither_on_time_nor_later_is_silent(report: Report):
    assert missing_reports(report, "2019") == MissingReports(bodies=("iraq_judicial_council",))


def test_an_agency_whose_report_is_not_due_yet_is_not_silent(report: Report) -> None:
    rows = report.releases[0].frame
    of_court = (rows["indicator"] == "PAR-07") & (rows["holder"] == "iraq_judicial_council")
    waiting = of_court & rows["measure"].isin(["COUNT", "NUMERATOR"]) & (rows["time_period"] == "2019")
    awaited = rows.assign(obs_value=rows["obs_value"].mask(waiting), obs_status=rows["obs_status"].mask(waiting, "O"))
    assert missing_reports(with_rows(report, rows), "2019")
    waits = with_rows(report, awaited)
    assert missing_reports(waits, "2019") == MissingReports(awaited=("iraq_judicial_council",))
    told = " ".join(front.silence(waits, "2019", Words.load("en")))
    assert "not due yet" in told
    assert "sent one" not in told


def test_a_body_that_came_late_is_not_silent(report: Report):
    rows = report.releases[0].frame.copy()
    told = (rows["indicator"] == "PAR-07") & (rows["time_period"] == "2019")
    court = told & (rows["measure"] == "COUNT") & (rows["holder"] == "iraq_judicial_council")
    rows.loc[court, "obs_value"] = 1.0
    rows.loc[told & (rows["holder"] == "_T"), "reports_received_count"] = 3
    assert missing_reports(with_rows(report, rows[rows["indicator"] == "PAR-07"]), "2019") == MissingReports()


def test_of_several_bodies_that_were_not_on_time_the_one_that_never_came_is_named(report: Report):
    rows = report.releases[0].frame.copy()
    told = (rows["indicator"] == "PAR-07") & (rows["time_period"] == "2019") & (rows["measure"] == "NUMERATOR")
    rows.loc[told & (rows["holder"] == "iraq_labour_ministry"), "obs_value"] = 0.0
    found = with_rows(report, rows[rows["indicator"] == "PAR-07"])
    assert missing_reports(found, "2019") == MissingReports(bodies=("iraq_judicial_council",))
    said = _ISOLATES.sub("", " ".join(front.silence(found, "2019", Words.load("en"))))
    assert "1 agency did not report" in said and "late" not in said


def test_bodies_of_whom_nothing_is_known_are_not_called_silent(report: Report):
    rows = report.releases[0].frame.copy()
    rows.loc[rows["indicator"] == "PAR-07", "obs_value"] = float("nan")
    assert missing_reports(with_rows(report, rows[rows["indicator"] == "PAR-07"]), "2019") == MissingReports(
        is_unnamed=True
    )


def test_the_one_holder_of_an_indicator_that_nobody_reported_is_silent_but_no_publisher_is(report: Report):
    headline = report.releases[0]
    rows = headline.frame[headline.frame["indicator"] != "PAR-07"].copy()
    known = {code: {**one, "holders": ["iraq_labour_ministry"]} for code, one in headline.manifest["indicators"].items()
             if code in ("PRT-08", "PAR-10")}  # fmt: skip
    gone = rows["indicator"].isin(list(known)) & (rows["time_period"] == "2025")
    rows.loc[gone, "reports_received_count"] = 0
    rows.loc[gone & (rows["ref_area"] == "IQ-FED"), "reports_expected_count"] = 1
    manifest = {**headline.manifest, "indicators": {**headline.manifest["indicators"], **known}}
    changed = replace(report, releases=(replace(headline, frame=rows, manifest=manifest),))
    assert missing_reports(changed, "2025") == MissingReports(bodies=("iraq_labour_ministry",))
    only_unodc = rows[rows["indicator"] != "PRT-08"]
    assert (
        missing_reports(replace(report, releases=(replace(headline, frame=only_unodc, manifest=manifest),)), "2025")
        == MissingReports()
    )


def test_silence_that_nothing_names_is_told_all_the_same(report: Report):
    rows = report.releases[0].frame
    found = missing_reports(with_rows(report, rows[rows["indicator"] != "PAR-07"]), "2019")
    assert found == MissingReports(is_unnamed=True)


@pytest.mark.parametrize("tag", LANGUAGES)
def test_the_silent_body_is_named_in_the_language_of_the_page(report: Report, tag: str):
    words = Words.load(tag)
    said = " ".join(front.silence(report, "2019", words))
    assert words.text("source.iraq_judicial_council.title") in said
    assert len(numbers(_ISOLATES.sub("", said))) >= (2 if tag == "ar" else 3)
