"""Trends of released series: which years count, and what may not be compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pandas as pd
import pytest

from expectations.cards.cells import DIMENSIONS, LATE_CASES
from languages.words import Words
from methods.trends import yearly_trend
from reports.analysis.comparable_trends import ToldTrend, trend_in, trends_of
from reports.phrases import trend_text
from reports.released import report_model
from reports.released.report_model import Report
from tests.reports import invented_releases

Change = Callable[[pd.DataFrame], pd.DataFrame]
RISING = {str(2016 + place): count for place, count in enumerate((40, 50, 80, 100, 140, 180, 240, 310, 400, 520))}


def _set(figures: Mapping[str, Mapping[str, float | None]], code: str = "PRS-03", reported: str = "") -> Change:
    """Set totals of federal Iraq by measure and year; `reported` is a year of which only one of two bodies told."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        own = (frame[list(DIMENSIONS)] == "_T").all(axis=1) & (frame["indicator"] == code)
        own &= frame["ref_area"] == "IQ-FED"
        for measure, years in figures.items():
            for year, value in years.items():
                place = own & (frame["measure"] == measure) & (frame["time_period"] == year)
                assert place.sum() == 1
                frame.loc[place, "obs_value"] = float("nan") if value is None else value
                frame.loc[place, "obs_status"] = "Q" if value is None else "A"
        frame.loc[own & (frame["time_period"] == reported), "reports_expected_count"] = 2
        return frame

    return change


def _report(root: Path, change: Change, breaks: Sequence[Mapping[str, object]] = ()) -> Report:
    home = invented_releases.build(root, change=change, is_national_only=True, breaks=breaks)
    return report_model.load(home)


def rising_report(root: Path) -> Report:
    """A report in whose ten years PRS-03 rises in federal Iraq."""
    return _report(root, _set({"COUNT": RISING}))


def _trend(root: Path, change: Change, breaks: Sequence[Mapping[str, object]] = ()) -> ToldTrend:
    found = trend_in(_report(root, change, breaks), "PRS-03", "IQ-FED")
    assert found is not None
    return found


def test_a_series_of_rounded_counts_has_the_trend_that_its_rounding_allows(tmp_path: Path) -> None:
    found = _trend(tmp_path, _set({"COUNT": RISING}))
    assert found.trend == yearly_trend(range(2018, 2026), list(RISING.values())[2:], error=4)
    assert (found.measure, found.is_word, found.trend.word) == ("COUNT", True, "rising")


def test_years_of_a_cohort_that_awaits_outcomes_have_no_trend(tmp_path: Path) -> None:
    report = _report(tmp_path, _set({"COUNT": RISING}))
    assert trends_of(report, "PRS-03")
    assert trends_of(invented_releases.with_basis(report, "PRS-03", "cohort"), "PRS-03") == []
    followed = invented_releases.with_basis(report, "PRS-03", "cohort", "followed_whole_years")
    assert trends_of(followed, "PRS-03")


def test_a_year_that_is_withheld_or_that_a_body_did_not_tell_of_is_left_out(tmp_path: Path) -> None:
    found = _trend(tmp_path, _set({"COUNT": RISING | {"2019": None}}, reported="2021"))
    assert found.trend.years == (2018, 2020, 2022, 2023, 2024, 2025)


def test_the_first_years_of_a_register_are_left_out(tmp_path: Path) -> None:
    """Convictions of a register that began in 2020: 15, 60, then as many each year."""
    begun = {str(year): None for year in range(2016, 2020)} | dict(
        zip(map(str, range(2020, 2026)), (15, 60, 180, 185, 190, 195), strict=True)
    )
    found = _trend(tmp_path, _set({"COUNT": begun}))
    assert (found.trend.years, found.trend.reason) == ((2022, 2023, 2024, 2025), "too_few_years")


def test_years_in_which_fewer_agencies_reported_than_in_the_newest_are_left_out(tmp_path: Path) -> None:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        frame = _set({"COUNT": RISING})(frame)
        later = (frame["indicator"] == "PRS-03") & (frame["time_period"] >= "2019")
        frame.loc[later, ["reports_received_count", "reports_expected_count"]] = 2
        return frame

    assert _trend(tmp_path, change).trend.years == (2021, 2022, 2023, 2024, 2025)


@pytest.mark.parametrize(
    ("code", "area", "first", "whole", "years"),
    [
        ("PRS-03", "IQ-FED", 2019, 2020, range(2020, 2026)),
        ("PRS-03", "IQ-FED", 2020, 2022, range(2022, 2026)),
        ("PRS-05", "IQ-FED", 2019, 2020, range(2018, 2026)),
        ("PRS-03", "IQ-KR", 2019, 2020, range(2018, 2026)),
    ],
)
def test_years_before_a_break_of_this_series_are_left_out(
    tmp_path: Path, code: str, area: str, first: int, whole: int, years: range
) -> None:
    mark = {"code": "law_8_1988_amended", "kind": "law", "first_year": first, "whole_year": whole}
    found = _trend(tmp_path, _set({"COUNT": RISING}), [mark | {"areas": [area], "indicators": [code]}])
    assert found.trend.years == tuple(years)
    assert found.trend.reason == ("too_few_years" if len(years) < 5 else None)


def _share(root: Path, events: float, among: float) -> ToldTrend:
    """PRT-03 of PRT-01 with a tenth more events each year among as many, all rounded to base 5."""
    numerators = {str(2016 + year): 5 * round(events * 1.12**year / 5) for year in range(10)}
    denominators = {str(2016 + year): among for year in range(10)}

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        frame = _set({"NUMERATOR": numerators}, "PRT-03")(frame)
        return _set({"COUNT": denominators}, "PRT-01")(frame)

    report = _report(root, change)
    assert report.headline is not None
    report.headline.manifest["indicators"]["PRT-03"]["derived"] = {"SHARE": ["PRT-03/NUMERATOR", "PRT-01/COUNT"]}
    found = trend_in(report, "PRT-03", "IQ-FED")
    assert found is not None
    return found


def test_a_share_is_its_numerator_among_its_denominator_and_both_are_rounded(tmp_path: Path) -> None:
    large = _share(tmp_path / "large", 400, 2000)
    assert (large.measure, large.trend.word) == ("SHARE", "rising")
    small = _share(tmp_path / "small", 8, 20)
    assert (small.trend.word, small.trend.reason) == ("no_reliable_trend", "within_scatter")


def test_a_frozen_year_may_lack_the_cases_of_no_revision(tmp_path: Path) -> None:
    frozen = {"2018": ["PRS-03"]}
    home = invented_releases.build(tmp_path, change=_set({"COUNT": RISING}), is_national_only=True, frozen=frozen)
    found = trend_in(report_model.load(home), "PRS-03", "IQ-FED")
    assert found is not None
    errors = [4 + LATE_CASES - 1, *(7 * [4])]
    assert found.trend == yearly_trend(range(2018, 2026), list(RISING.values())[2:], error=errors)


def test_beside_an_indicator_stands_each_area_with_five_years_or_why_there_is_none(tmp_path: Path) -> None:
    report = _report(tmp_path, _set({"COUNT": RISING | {str(year): None for year in range(2016, 2022)}}))
    (told,) = trends_of(report, "PRS-03")
    said = trend_text.sentence(told.trend, told.area, Words.load("en"))
    assert "no reliable trend. There are fewer than five comparable years" in said
    assert trend_text.change(told.trend, Words.load("en")) == ""


@pytest.mark.parametrize(
    ("counts", "word"), [((40, 80, 160, 320, 640), "rising"), ((640, 320, 160, 80, 40), "falling")]
)
def test_a_change_is_told_without_its_sign_and_rounded_outwards(counts: tuple[int, ...], word: str) -> None:
    trend = yearly_trend(range(2021, 2026), counts)
    assert trend.lower is not None
    assert trend.upper is not None
    words = Words.load("en")
    low, high = (float(one.rstrip("%")) / 100 for one in trend_text.change(trend, words).split(" to "))
    ends = sorted(abs(limit - 1) for limit in (trend.lower, trend.upper))
    assert low <= ends[0] < ends[1] <= high
    assert high - low < ends[1] - ends[0] + 0.0021
    assert f"2021 to 2025: {word}, by" in trend_text.sentence(trend, "IQ-FED", words)
