"""The four demands: what may be said of where indicators stand and whether they moved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pandas as pd
import pytest

from expectations.cards.cells import DIMENSIONS
from languages.words import Words, languages
from reports.analysis import scoreboard
from reports.analysis.scoreboard import DemandScore, IndicatorStanding
from reports.released import report_model
from tests.reports import invented_releases

Change = Callable[[pd.DataFrame], pd.DataFrame]


def _figures(code: str, by_year: Mapping[str, Mapping[str, float | None]], area: str = "IQ-FED") -> Change:
    """Set totals of an indicator: year to measure to value (None: nobody reported)."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        totals = (frame[list(DIMENSIONS)] == "_T").all(axis=1) & (frame["indicator"] == code)
        for year, measures in by_year.items():
            for measure, value in measures.items():
                place = totals & (frame["ref_area"] == area) & (frame["time_period"] == year)
                place &= frame["measure"] == measure
                assert place.sum() == 1, (code, year, measure)
                frame.loc[place, "obs_value"] = float("nan") if value is None else value
                frame.loc[place, "obs_status"] = "O" if value is None else "A"
                frame.loc[place, ["reports_received_count", "reports_expected_count"]] = 1
        return frame

    return change


def _standing(
    root: Path,
    change: Change,
    code: str,
    demand: str = "D3",
    area: str = "IQ-FED",
    breaks: Sequence[Mapping[str, object]] = (),
) -> IndicatorStanding:
    home = invented_releases.build(root, change=change, is_national_only=True, demands={code: [demand]}, breaks=breaks)
    found = {(one.code, one.area): one for one in scoreboard.scoreboard(report_model.load(home))}
    (standing,) = found[demand, area].standings
    return standing


@pytest.mark.parametrize(
    ("before", "now", "direction"),
    [(100, 300, "up"), (300, 100, "down"), (100, 120, "no_clear_change"), (5, 5, "too_small")],
)
def test_a_count_moves_only_where_chance_rounding_and_the_usual_spread_leave_no_doubt(
    tmp_path: Path, before: float, now: float, direction: str
) -> None:
    years = {"2024": {"COUNT": before}, "2025": {"COUNT": now}}
    standing = _standing(tmp_path, _figures("PRS-03", years), "PRS-03")
    assert (standing.state, standing.year, standing.cell.value) == ("told", "2025", now)
    assert standing.direction == direction


@pytest.mark.parametrize(
    ("code", "area", "first", "whole", "direction"),
    [
        ("PRS-03", "IQ-FED", 2025, 2025, "broken"),
        ("PRS-03", "IQ-FED", 2023, 2025, "broken"),
        ("PRS-03", "IQ-FED", 2023, 2024, "up"),
        ("PRS-03", "IQ-KR", 2025, 2025, "up"),
        ("PRS-05", "IQ-FED", 2025, 2025, "up"),
    ],
)
def test_no_direction_is_told_across_a_break(
    tmp_path: Path, code: str, area: str, first: int, whole: int, direction: str
) -> None:
    years = {"2024": {"COUNT": 100.0}, "2025": {"COUNT": 300.0}}
    mark = {"code": "law_8_1988_amended", "kind": "law", "first_year": first, "whole_year": whole}
    breaks = [mark | {"areas": [area], "indicators": [code]}]
    standing = _standing(tmp_path, _figures("PRS-03", years), "PRS-03", breaks=breaks)
    assert (standing.direction, standing.state, standing.cell.value) == (direction, "told", 300)


def test_no_direction_is_told_between_years_of_a_cohort_that_awaits_outcomes(tmp_path: Path) -> None:
    years = {"2024": {"COUNT": 300.0}, "2025": {"COUNT": 100.0}}
    home = invented_releases.build(
        tmp_path, change=_figures("PRS-03", years), is_national_only=True, demands={"PRS-03": ["D3"]}
    )
    report = invented_releases.with_basis(report_model.load(home), "PRS-03", "cohort")
    found = {(one.code, one.area): one for one in scoreboard.scoreboard(report)}
    (standing,) = found["D3", "IQ-FED"].standings
    assert (standing.direction, standing.cell.value) == ("not_comparable", 100)


def test_a_share_breaks_with_each_of_the_two_counts_behind_it(tmp_path: Path) -> None:
    years = {"2024": {"NUMERATOR": 20.0, "SHARE": 0.1}, "2025": {"NUMERATOR": 160.0, "SHARE": 0.8}}
    mark = {"code": "law_8_1988_amended", "kind": "law", "first_year": 2025, "whole_year": 2025}
    home = invented_releases.build(
        tmp_path,
        change=_figures("PRT-03", years),
        is_national_only=True,
        demands={"PRT-03": ["D3"]},
        breaks=[mark | {"areas": ["IQ-FED"], "indicators": ["PRT-01"]}],
    )
    report = report_model.load(home)
    release = report.headline
    assert release is not None
    release.manifest["indicators"]["PRT-03"]["derived"] = {"SHARE": ["PRT-03/NUMERATOR", "PRT-01/COUNT"]}
    found = [one for one in scoreboard.scoreboard(report) if (one.code, one.area) == ("D3", "IQ-FED")]
    assert [(one.measure, one.direction) for one in found[0].standings] == [("SHARE", "broken")]


def test_a_year_between_two_figures_without_a_report_breaks_the_comparison(tmp_path: Path) -> None:
    years = {"2023": {"COUNT": 100.0}, "2024": {"COUNT": None}, "2025": {"COUNT": 900.0}}
    assert _standing(tmp_path, _figures("PRS-03", years), "PRS-03").direction == "not_comparable"


def test_a_year_that_not_all_bodies_told_of_is_not_compared(tmp_path: Path) -> None:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        frame = _figures("PRS-03", {"2024": {"COUNT": 100.0}, "2025": {"COUNT": 900.0}})(frame)
        frame.loc[(frame["indicator"] == "PRS-03") & (frame["time_period"] == "2025"), "reports_expected_count"] = 2
        return frame

    assert _standing(tmp_path, change, "PRS-03").direction == "not_comparable"


def test_an_indicator_without_a_figure_anywhere_is_reported_by_no_body_and_never_zero(tmp_path: Path) -> None:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        own = frame["indicator"] == "PRS-03"
        frame.loc[own, "obs_value"] = float("nan")
        frame.loc[own, "obs_status"] = "O"
        return frame

    standing = _standing(tmp_path, change, "PRS-03")
    assert (standing.state, standing.cell.value) == ("no_body", None)


def test_a_region_in_which_nobody_reported_is_silent(tmp_path: Path) -> None:
    standing = _standing(tmp_path, lambda frame: frame, "PRS-03", area="IQ-KR")
    assert standing.state == "silent"


def test_without_the_national_dataset_there_is_no_scoreboard(tmp_path: Path) -> None:
    home = invented_releases.build(tmp_path)
    report = report_model.load(home)
    only = report_model.Report(report.releases[1:], report.sections, is_invented=True)
    assert scoreboard.scoreboard(only) == []


@pytest.mark.parametrize("tag", languages())
def test_the_sentence_says_the_numbers_and_claims_no_direction_that_is_not_there(tag: str) -> None:
    words = Words.load(tag)
    standings = (
        IndicatorStanding("PRT-01", "COUNT", "IQ-FED", "told", "2025", direction="no_clear_change"),
        IndicatorStanding("PRT-02", "COUNT", "IQ-FED", "told", "2025", direction="up"),
        IndicatorStanding("PRT-03", "SHARE", "IQ-FED", "silent"),
        IndicatorStanding("PRT-10", "SHARE", "IQ-FED", "no_body"),
    )
    said = scoreboard.sentence(DemandScore("D3", "IQ-FED", standings), words)
    numbers = "".join(letter if letter.isdigit() else " " for letter in said.replace(words.text("demand.D3"), ""))
    assert [int(number) for number in numbers.split()] == [2, 4, 1, 0, 1, 2]
