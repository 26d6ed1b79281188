"""How a report is said: captions, notes, marks."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from expectations.cards.cells import DIMENSIONS
from languages.words import Words, languages
from reports.chapters import printed
from reports.editions.printed_parts import PrintedFigure
from reports.phrases import wording
from reports.released import report_model
from reports.released.released_tables import ReleasedCell, ReleasedRow, TableLabel, with_ratios
from reports.released.report_model import BodiesReported, CountPlace, IndicatorSection, Report, ReportingCoverage
from reports.renderers import xlsx_tables
from tests.reports import invented_releases

ENGLISH = Words.load("en")


def section(report: Report, dataset: str, indicator: str) -> IndicatorSection:
    return next(found for found in report.sections_of(dataset) if found.indicator == indicator)


def test_captions_say_what_where_when_and_by_what(report: Report):
    national = section(report, report_model.NATIONAL, "PRT-01").tables
    by_area = section(report, invented_releases.GOVERNORATE, "PRT-01").tables
    title = wording.title("PRT-01", ENGLISH)
    assert wording.caption(national[0], ENGLISH) == f"{title}, Iraq without the Kurdistan Region, by year"
    assert wording.caption(by_area[0], ENGLISH) == f"{title}, by governorate and year"
    assert wording.caption(by_area[1], ENGLISH) == f"{title}, 2025, by governorate and sex"


@pytest.mark.parametrize("tag", languages())
def test_no_row_is_named_part_or_base(tag: str):
    words = Words.load(tag)
    general = {words.label("measure", name) for name in ("NUMERATOR", "DENOMINATOR")}
    keys = (key.split(".") for key in words.messages if key.startswith("indicator."))
    shares = {indicator.replace("_", "-").upper() for _, indicator, part in keys if part == "denominator"}
    assert len(shares) > 20
    named = {wording.measure(code, name, words) for code in shares for name in ("NUMERATOR", "DENOMINATOR")}
    assert named.isdisjoint(general)


@pytest.mark.parametrize("tag", ["ar", "ckb"])
def test_a_composed_caption_runs_from_the_right(report: Report, tag: str):
    caption = wording.caption(section(report, report_model.NATIONAL, "PRT-01").tables[0], Words.load(tag))
    assert caption.startswith("\u2067\u2068")  # the inner isolates must not hide the direction of the whole


def test_the_notes_name_the_tables_that_are_exact(tmp_path: Path):
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        by_sex = (frame["sex"] != "_T") & (frame["age"] == "_T") & (frame["form"] == "_T")
        frame.loc[by_sex & (frame["time_period"] == "2025") & (frame["measure"] == "COUNT"), "disclosure_method"] = (
            "EXACT_11"
        )
        return frame

    report = report_model.load(invented_releases.build(tmp_path, change=change, is_national_only=True))
    assert wording.method_notes(section(report, report_model.NATIONAL, "PRT-01"), ENGLISH) == [
        "sex (2025): Counts are exact, because every category of the table that they come from has at least 11.",
        "All other counts: Counts are rounded to multiples of 5; each is less than 5 from the true number.",
    ]


def test_frozen_years_are_called_neither_exact_nor_close_to_the_true_number(tmp_path: Path):
    frozen = {"2023": ["PRT-01"], "2024": ["PRT-01", "PRS-03"]}
    report = report_model.load(invented_releases.build(tmp_path, is_national_only=True, frozen=frozen))
    rounded = "Counts are rounded to multiples of 5; each is less than 5 from the true number."
    late = "Late cases are not shown yet for {}: the figures are those of an earlier release, "
    notes = wording.method_notes(section(report, report_model.NATIONAL, "PRT-01"), ENGLISH)
    assert notes[0].startswith(late.format("2023, 2024")) and "up to 10 cases" in notes[0]
    assert notes[1:] == [f"{rounded} In 2023, 2024 the true number can lie further away."]
    suspects = wording.method_notes(section(report, report_model.NATIONAL, "PRS-03"), ENGLISH)
    assert suspects[1] == f"{rounded} In 2024 the true number can lie further away."
    assert wording.method_notes(section(report, report_model.NATIONAL, "PRT-02"), ENGLISH) == [rounded]


def test_a_total_alone_that_is_exact_is_called_a_total_not_its_whole_area():
    assert (
        wording._place(CountPlace((), area="IQ-FED"), "PRT-01", ENGLISH) == "Total · Iraq without the Kurdistan Region"
    )
    assert wording._place(CountPlace(("sex",), area="IQ-FED"), "PRT-01", ENGLISH).startswith("sex · Iraq")
    assert wording._place(CountPlace(()), "PRT-01", ENGLISH) == "Total"


def test_a_frozen_year_that_is_withheld_whole_is_not_said_to_have_earlier_figures(tmp_path: Path):
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        gone = (frame["indicator"] == "PRT-01") & (frame["time_period"] == "2024")
        frame.loc[gone, "obs_value"] = float("nan")
        frame.loc[gone, "obs_status"] = "Q"
        return frame

    frozen = {"2023": ["PRT-01"], "2024": ["PRT-01", "PRS-03"]}
    report = report_model.load(invented_releases.build(tmp_path, change=change, is_national_only=True, frozen=frozen))
    late = "Late cases are not shown yet for {}: "
    assert wording.method_notes(section(report, report_model.NATIONAL, "PRT-01"), ENGLISH)[0].startswith(
        late.format("2023")
    )
    assert wording.method_notes(section(report, report_model.NATIONAL, "PRS-03"), ENGLISH)[0].startswith(
        late.format("2024")
    )


def test_an_exact_table_of_a_frozen_year_is_not_listed_as_exact(tmp_path: Path):
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        by_sex = (frame["sex"] != "_T") & (frame["age"] == "_T") & (frame["form"] == "_T")
        late = frame["time_period"].isin(["2024", "2025"])
        frame.loc[by_sex & late & (frame["measure"] == "COUNT"), "disclosure_method"] = "EXACT_11"
        return frame

    home = invented_releases.build(tmp_path, change=change, is_national_only=True, frozen={"2024": ["PRT-01"]})
    notes = wording.method_notes(section(report_model.load(home), report_model.NATIONAL, "PRT-01"), ENGLISH)
    assert notes[1].startswith("sex (2025): Counts are exact")
    assert notes[2].startswith("All other counts, those of 2024 apart: Counts are rounded")


def test_a_frozen_year_that_was_protected_otherwise_is_not_said_to_be_rounded(tmp_path: Path):
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        victims = (frame["indicator"] == "PRT-01") & (frame["time_period"] == "2024") & (frame["measure"] == "COUNT")
        frame.loc[victims, "disclosure_method"] = "EXACT_11"
        return frame

    home = invented_releases.build(tmp_path, change=change, is_national_only=True, frozen={"2024": ["PRT-01"]})
    notes = wording.method_notes(section(report_model.load(home), report_model.NATIONAL, "PRT-01"), ENGLISH)
    assert "exact or rounded as they were there" in notes[0]
    assert notes[1].startswith("Counts of all years but 2024: Counts are rounded")


def test_a_cell_that_is_exact_alone_in_its_table_is_named_and_not_the_table(tmp_path: Path):
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        girls = (frame["indicator"] == "PRT-01") & (frame["sex"] == "F") & (frame["age"] == "_T")
        girls &= (frame["form"] == "_T") & (frame["time_period"] == "2025") & (frame["measure"] == "COUNT")
        frame.loc[girls & (frame["ref_area"] == "IQ-FED"), "disclosure_method"] = "EXACT_11"
        return frame

    report = report_model.load(invented_releases.build(tmp_path, change=change, is_national_only=True))
    exact, others = wording.method_notes(section(report, report_model.NATIONAL, "PRT-01"), ENGLISH)
    assert exact.startswith("Female (2025): Counts are exact")
    assert others.startswith("All other counts: Counts are rounded")


def test_silent_years_and_areas_are_named(report: Report):
    notes = wording.coverage_notes(section(report, report_model.NATIONAL, "PRT-02"), ENGLISH)
    assert notes[0] == "Not every agency reported for Iraq without the Kurdistan Region in: 2019, 2020."
    assert any(note.startswith("No figure in any year: ") and "Kurdistan Region" in note for note in notes[1:])


def test_a_figure_that_rounds_to_zero_is_never_printed_as_a_number():
    assert wording.figure(ReleasedCell(0.0, "low"), ENGLISH) == ""
    assert wording.figure(ReleasedCell(1240.0), ENGLISH) == "1,240"
    assert wording.figure(ReleasedCell(0.125, is_share=True), Words.load("ar")) == "١٣٪"


def test_a_share_is_rounded_once_to_the_percent_of_its_printed_counts():
    """280 of 415 is 67.47 percent, released as 0.675: rounded once more it would be 68."""
    place = ("IQ-FED", "2024", *("_T" for _ in DIMENSIONS))
    counts = {("PRT-03", "NUMERATOR", *place): 280.0, ("PRT-01", "COUNT", *place): 415.0}
    share = ("PRT-03", "SHARE", *place)
    released = {key: ReleasedCell(value) for key, value in counts.items()}
    released[share] = ReleasedCell(0.675, is_share=True)
    operands = {"PRT-03": {"derived": {"SHARE": ["PRT-03/NUMERATOR", "PRT-01/COUNT"]}}}
    assert wording.figure(with_ratios(released, operands)[share], ENGLISH) == "67%"
    assert wording.figure(with_ratios(released, {})[share], ENGLISH) == "68%"
    other = {**released, share: replace(released[share], value=0.645)}
    assert with_ratios(other, operands) == other  # a figure that is not that of these counts


@pytest.mark.parametrize(
    ("lower", "upper", "text"),
    [(0.31, 0.45, "31% to 45%"), (0.31, math.nan, "from 31%"), (0.0, 0.05, "0% to 5%"), (math.nan, math.nan, "")],
)
def test_an_interval_without_an_upper_limit_is_open_above(lower: float, upper: float, text: str):
    share = ReleasedCell(0.0, "low", is_share=True)  # limits are printed though the figure is a mark
    assert wording.interval(share, lower, upper, ENGLISH) == text


def test_an_interval_about_a_share_of_half_a_percent_has_its_own_ends():
    share = ReleasedCell(0.455, is_share=True, lower=0.246, upper=0.695, ratio=10 / 22)
    assert wording.figure(share, ENGLISH) == "45%"
    assert wording.interval(share, 0.246, 0.695, ENGLISH) == "25% to 70%"


@pytest.mark.parametrize(
    ("value", "ratio", "text"), [(0.675, 280 / 415, "67%"), (0.675, None, "68%"), (0.2, None, "20%")]
)
def test_every_form_rounds_a_share_to_the_same_percent(value: float, ratio: float | None, text: str):
    share = ReleasedCell(value, is_share=True, ratio=ratio)
    figure = printed.figure(share, ENGLISH)
    assert (wording.figure(share, ENGLISH), figure.text) == (text, text)
    assert share.printed_value is not None and f"{share.printed_value:g}%" == text  # of the explorer
    assert figure.value == value
    cell = xlsx_tables.content(figure)
    assert isinstance(cell, PrintedFigure) and cell.value is not None
    assert f"{cell.value:.0%}" == text  # as the format of the workbook shows it


def test_a_row_is_the_total_only_where_all_of_its_labels_are():
    total, female = TableLabel("sex", "_T"), TableLabel("sex", "F")
    texts = [wording.row_label(ReleasedRow(labels, ()), ENGLISH) for labels in ((total, total), (female, total))]
    assert texts == ["Total", "Female · Total"]


def test_incomplete_years_are_named_of_regions_and_not_of_governorates(report: Report):
    known = section(report, report_model.NATIONAL, "PRT-02")
    bodies = {"2024": BodiesReported(1, 2), "2025": BodiesReported(2, 2)}
    coverage = tuple(ReportingCoverage("PRT-02", code, bodies) for code in ("IQ-FED", "IQ-BG"))
    notes = wording.coverage_notes(replace(known, coverage=coverage, silent=()), ENGLISH)
    assert notes == ["Not every agency reported for Iraq without the Kurdistan Region in: 2024."]


def test_what_an_agency_has_not_published_is_not_called_unsent_by_the_agencies(report: Report):
    known = section(report, report_model.NATIONAL, "PRT-02")
    coverage = ReportingCoverage("PAR-10", "IQ", {"2025": BodiesReported(0, 1)}, is_published=True)
    notes = wording.coverage_notes(replace(known, coverage=(coverage,), silent=()), ENGLISH)
    assert notes == ["Its publisher has printed no figure for Iraq of: 2025."]
    assert coverage.why_missing("2025") == "not_printed"


def test_a_publisher_whose_name_has_changed_since_stands_as_it_was_released(report: Report):
    assert report.headline
    arabic = Words.load("ar")
    key = f"dataset.{report_model.NATIONAL}.contact"
    named = [
        replace(report.headline, package={"contributors": [{"title": name}]})
        for name in (ENGLISH.text(key), "An agency of another name")
    ]
    assert [wording.publisher(release, arabic) for release in named] == [
        (arabic.text(key), "ar"),
        ("An agency of another name", "en"),
    ]
