"""The grade of confidence falls with each doubt that a reader must know, and none is given without a figure."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from expectations.cards.cells import DIMENSIONS
from languages.words import Words, languages
from reports.analysis.confidence_grade import Grade, grade_of
from reports.released import report_model
from reports.released.report_model import NATIONAL, BodiesReported, IndicatorSection, Report, ReportingCoverage
from tests.reports import invented_releases

FIGURE = ("PRT-01", "IQ-FED", "2025")
GRADES = ("high", "fair_rounded", "fair_links", "fair_revised", "fair_frozen", "low")


def rows(value: float | None, *, year: str = "2025", method: str = "ROUNDED_5", status: str = "A") -> pd.DataFrame:
    """The invented rows with this total of presumed victims."""
    frame = invented_releases.rows(national=True)
    place = (frame[list(DIMENSIONS)] == "_T").all(axis=1) & (frame["indicator"] == "PRT-01")
    place &= (frame["ref_area"] == "IQ-FED") & (frame["time_period"] == year) & (frame["measure"] == "COUNT")
    assert place.sum() == 1
    frame.loc[place, ["obs_value", "obs_status", "disclosure_method"]] = [
        float("nan") if value is None else value, status, method
    ]  # fmt: skip
    return frame


def report_of(root: Path, frame: pd.DataFrame, *, received: int = 2, expected: int = 2, frozen: bool = False) -> Report:
    """A report of these rows, of whose agencies so many reported."""
    home = invented_releases.build(
        root, change=lambda _: frame, is_national_only=True, frozen={"2025": ["PRT-01"]} if frozen else None
    )
    here = ReportingCoverage("PRT-01", "IQ-FED", {"2025": BodiesReported(received, expected)})
    elsewhere = ReportingCoverage("PRT-01", "IQ-KR", {"2025": BodiesReported(0, 2)})
    section = IndicatorSection(NATIONAL, "PRT-01", "VICTIM", (), (elsewhere, here), (), (), (), ())
    return replace(report_model.load(home), sections=(section,))


@pytest.mark.parametrize(
    ("value", "method", "status", "grade"),
    [
        (85.0, "ROUNDED_5", "A", "high"),  # at most 4 of 85
        (80.0, "ROUNDED_5", "A", "fair_rounded"),  # 4 of 80 is the border
        (75.0, "ROUNDED_5", "A", "fair_rounded"),
        (12.0, "EXACT_11", "A", "high"),
        (0.0, "ROUNDED_5", "A", None),
        (None, "WITHHELD", "Q", None),
        (None, "NONE", "O", None),
    ],
)
def test_rounding_takes_from_confidence(
    tmp_path: Path, value: float | None, method: str, status: str, grade: Grade | None
) -> None:
    assert grade_of(report_of(tmp_path, rows(value, method=method, status=status)), *FIGURE) == grade


@pytest.mark.parametrize(
    ("received", "expected", "frozen", "grade"),
    [
        (1, 2, False, "low"),
        (1, 2, True, "low"),
        (0, 0, False, "low"),
        (1, 1, False, "high"),
        (2, 1, False, "high"),
        (2, 2, True, "fair_frozen"),
    ],
)
def test_a_missing_agency_and_missing_late_cases_take_from_confidence(
    tmp_path: Path, received: int, expected: int, frozen: bool, grade: Grade
) -> None:
    report = report_of(tmp_path, rows(400.0), received=received, expected=expected, frozen=frozen)
    assert grade_of(report, *FIGURE) == grade


@pytest.mark.parametrize(
    ("before", "now", "grade"),
    [(400.0, 427.0, "high"), (400.0, 428.0, "fair_revised"), (400.0, 429.0, "fair_revised"), (428.0, 399.0, "high"),
     (428.0, 397.0, "fair_revised")],
)  # fmt: skip
def test_a_year_before_that_moved_by_one_in_twenty_takes_from_confidence(
    tmp_path: Path, before: float, now: float, grade: Grade
) -> None:
    frame = rows(400.0)
    place = (frame[list(DIMENSIONS)] == "_T").all(axis=1) & (frame["indicator"] == "PRT-01")
    place &= (frame["ref_area"] == "IQ-FED") & (frame["time_period"] == "2024") & (frame["measure"] == "COUNT")
    frame.loc[place, ["obs_value", "obs_status", "disclosure_method"]] = [now, "A", "ROUNDED_5"]
    previous = rows(before, year="2024")
    report = invented_releases.with_previous(report_of(tmp_path, frame), previous[previous["time_period"] < "2025"])
    assert grade_of(report, *FIGURE) == grade


@pytest.mark.parametrize(
    ("value", "frozen", "received", "is_linked", "grade"),
    [
        (85.0, False, 2, False, "high"),
        (85.0, False, 2, True, "fair_links"),
        (80.0, False, 2, True, "fair_links"),  # rounding alone would leave it fair
        (85.0, True, 2, True, "fair_frozen"),
        (85.0, False, 1, True, "low"),
    ],
)
def test_totals_that_rest_on_links_deserve_fair_confidence_at_most(
    tmp_path: Path, value: float, frozen: bool, received: int, is_linked: bool, grade: Grade
) -> None:
    report = report_of(tmp_path, rows(value), received=received, frozen=frozen)
    national = report.headline
    assert national is not None
    national = replace(national, manifest=dict(national.manifest) | {"rests_on_links": is_linked})
    assert grade_of(replace(report, releases=(national,)), *FIGURE) == grade


@pytest.mark.parametrize("tag", languages())
def test_every_grade_is_said(tag: str) -> None:
    words = Words.load(tag)
    assert len({words.text(f"edition.story.grade.{grade}") for grade in GRADES}) == len(GRADES)
