"""Two years of a figure: better, worse, no clear change, or the reason why they are not compared."""

from __future__ import annotations

import pandas as pd
import pytest

from expectations.cards.series_breaks import SeriesBreak
from reports.answers.figure_directions import Direction, Figure, FigureYear, find_direction
from reports.phrases.figure_words import Count, Share
from reports.released.released_tables import ReleasedCell
from reports.released.report_model import NATIONAL, ReportedRelease


def release(
    *, breaks: tuple[SeriesBreak, ...] = (), basis: str = "period", statuses: tuple[str, str] = ("A", "A")
) -> ReportedRelease:
    manifest = {
        "indicators": {"PRT-08": {"basis": basis}},
        "breaks": [series_break.model_dump() for series_break in breaks],
    }
    rows = {"indicator": "PRT-08", "ref_area": "IQ-FED", "time_period": ["2024", "2025"], "obs_status": [*statuses]}
    return ReportedRelease(NATIONAL, "1-0123456789ab", "", manifest, {}, pd.DataFrame(rows), {})


def direction(
    before: Figure | None,
    now: Figure | None,
    of: ReportedRelease | None = None,
    *,
    is_up_better: bool = True,
    is_complete: bool = True,
) -> Direction:
    years = FigureYear("2024", before, is_complete), FigureYear("2025", now, is_complete=True)
    return find_direction(of or release(), [("PRT-08", "NUMERATOR")], "IQ-FED", *years, is_up_better=is_up_better)


def share(part: int, whole: int, error: int = 4) -> Share:
    return Share(Count(part, error), Count(whole, error))


def median(value: float, lower: float | None, upper: float | None) -> ReleasedCell:
    return ReleasedCell(value, method="DERIVED", lower=lower, upper=upper)


@pytest.mark.parametrize(
    ("before", "now", "way"),
    [
        (share(50, 240), share(155, 240), "better"),
        (share(155, 240), share(50, 240), "worse"),
        (share(150, 240), share(155, 240), "no_clear_change"),
        (share(2, 15, 0), share(2, 15, 0), "no_clear_change"),
        (Count(0), Count(1), "better"),
        (Count(1), Count(1), "no_clear_change"),
        (Count(1), Count(0), "worse"),
        (median(125, 85, 165), median(200, 166, 240), "better"),
        (median(125, 85, 165), median(200, 165, 240), "no_clear_change"),
        (median(200, 166, 240), median(125, 85, 165), "worse"),
        (median(200, 166, None), median(500, 400, 600), "no_clear_change"),
    ],
)
def test_a_figure_got_better_only_where_the_comparison_excludes_no_change(before: Figure, now: Figure, way: str):
    assert direction(before, now).way == way
    turned = {"better": "worse", "worse": "better"}.get(way, way)
    assert direction(before, now, is_up_better=False).way == turned


def test_the_same_difference_is_not_clear_once_rounding_could_undo_it():
    assert direction(share(10, 100, 0), share(24, 100, 0)).way == "better"
    assert direction(share(10, 100), share(24, 100)).way == "no_clear_change"


@pytest.mark.parametrize(
    ("before", "now"), [(share(1, 15, 0), share(2, 15, 0)), (median(5, None, None), median(9, 8, 10))]
)
def test_figures_too_small_to_test_are_not_compared(before: Figure, now: Figure):
    assert direction(before, now) == Direction("not_comparable", "too_small")


@pytest.mark.parametrize(("first_year", "is_silent"), [(2023, False), (2024, True), (2025, True), (2026, False)])
def test_a_break_between_the_years_silences_the_direction(first_year: int, is_silent: bool):
    told = SeriesBreak(
        code="new_rule", kind="law", first_year=first_year, whole_year=first_year + 1, areas=["IQ-FED"],
        indicators=["PRT-08"],
    )  # fmt: skip
    moved = direction(share(50, 240), share(155, 240), release(breaks=(told,)))
    assert moved == (Direction("not_comparable", "break", ("new_rule",)) if is_silent else Direction("better"))


def test_growing_years_missing_files_and_a_missing_year_are_reasons():
    figures = share(50, 240), share(155, 240)
    growing = direction(*figures, release(basis="cohort"))
    assert growing.why_not == "growing"
    assert direction(*figures, is_complete=False).why_not == "reporter"
    assert direction(None, figures[1]).why_not == "no_year_before"


@pytest.mark.parametrize("statuses", [("P", "A"), ("A", "P"), ("P", "P")])
def test_a_year_that_an_agency_covered_only_in_part_is_compared_with_nothing(statuses: tuple[str, str]):
    of = release(statuses=statuses)
    assert direction(share(50, 240), share(155, 240), of) == Direction("not_comparable", "part")
    assert direction(share(50, 240), share(155, 240), of, is_complete=False).why_not == "part"
