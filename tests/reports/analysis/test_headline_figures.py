"""The sentences of the four demands: golden in three languages, and every number in them a released figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from expectations.cards.cells import DIMENSIONS, KEY, rounding_base
from expectations.gate.numbers_in_text import numbers_in, released_figures, unresolved_numbers
from languages.numbers import number, percent
from languages.words import Words, languages
from reports.analysis import headline_figures, scoreboard
from reports.analysis.headline_figures import LEADING
from reports.analysis.scoreboard import DemandScore
from reports.released import report_model
from reports.released.report_model import Report
from tests.reports import invented_releases

GOLDEN = Path(__file__).parents[1] / "golden"
Change = Callable[[pd.DataFrame], pd.DataFrame]
INDICATORS = {one.indicator: demand for demand, things in LEADING.items() for one in things}
WHOLES = {"NCR-01": "PRT-01/COUNT", "PRT-03": "PRT-01/COUNT", "PRS-18": "PRT-01/COUNT", "PRV-09": "PRT-01/COUNT"}
# Totals of federal Iraq in 2024 and 2025 that the invented release does not have: nothing real.
ADDED: Mapping[str, Mapping[str, tuple[float | None, float | None]]] = {
    "PRT-09": {"DENOMINATOR": (40, 60), "NUMERATOR": (10, 45), "SHARE": (0.25, 0.75)},
    "NCR-02": {"NUMERATOR": (20, 20), "SHARE": (0.2, 0.2)},
    "NCR-03": {"DENOMINATOR": (80, 100), "NUMERATOR": (5, 0), "SHARE": (0.0625, 0.0)},
    "NCR-08": {"NUMERATOR": (None, None), "SHARE": (None, None)},
    "PRS-18": {"NUMERATOR": (35, 40), "SHARE": (0.5, 0.475)},
    "PRV-09": {"NUMERATOR": (None, None), "SHARE": (None, None)},
    "PRV-10": {"DENOMINATOR": (1240, 11), "NUMERATOR": (700, 3), "SHARE": (0.565, None)},
    "PRV-11": {"DENOMINATOR": (None, None), "NUMERATOR": (None, None), "SHARE": (None, None)},
}


def _added(frame: pd.DataFrame) -> pd.DataFrame:
    """The invented release with the other leading indicators; those of children's papers are withheld."""
    totals = (frame[list(DIMENSIONS)] == "_T").all(axis=1) & (frame["indicator"] == "PRS-03")
    rows: list[dict[str, Any]] = []
    for row in frame[totals & frame["time_period"].isin(["2024", "2025"])].to_dict("records"):
        for indicator, measures in ADDED.items():
            for measure, values in measures.items():
                value = values[int(row["time_period"]) - 2024] if row["ref_area"] == "IQ-FED" else None
                is_withheld = indicator == "PRV-11" and row["ref_area"] == "IQ-FED"
                told = {"obs_value": value, "obs_status": "Q" if is_withheld else "O" if value is None else "A"}
                rows.append({str(k): v for k, v in row.items()} | {"indicator": indicator, "measure": measure} | told)
    frame = pd.concat([frame, pd.DataFrame(rows)], ignore_index=True)
    shares = (frame["measure"] == "SHARE") & (frame["ref_area"] == "IQ-FED")
    whole = (frame[list(DIMENSIONS)] == "_T").all(axis=1) & frame["obs_value"].notna()
    frame.loc[shares & whole, "lower"] = (frame["obs_value"] - 0.0512).clip(lower=0)
    frame.loc[shares & whole, "upper"] = (frame["obs_value"] + 0.0512).clip(upper=1)
    for sex, values in {"F": (40.0, 30.0, 0.75), "M": (15.0, 10.0, None)}.items():  # a share of 15 is none
        here = (frame["indicator"] == "PRT-08") & (frame["sex"] == sex) & (frame["age"] == "Y0T17")
        for measure, value in zip(("DENOMINATOR", "NUMERATOR", "SHARE"), values, strict=True):
            frame.loc[here & (frame["ref_area"] == "IQ-FED") & (frame["measure"] == measure), "obs_value"] = value
    return frame


def _report(root: Path, change: Change = lambda frame: frame) -> Report:
    demands = {indicator: [demand] for indicator, demand in INDICATORS.items()}
    home = invented_releases.build(root, change=lambda f: change(_added(f)), is_national_only=True, demands=demands)
    report = report_model.load(home)
    assert report.headline is not None
    known: dict[str, Any] = report.headline.manifest["indicators"]
    for one in (one for things in LEADING.values() for one in things if one.has_share):
        whole = WHOLES.get(one.indicator, f"{one.indicator}/DENOMINATOR")
        known[one.indicator]["derived"] = {"SHARE": [f"{one.indicator}/NUMERATOR", whole]}
    return report


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return _report(tmp_path_factory.mktemp("demands"))


def _demand(report: Report, code: str, area: str = "IQ-FED") -> DemandScore:
    return next(one for one in scoreboard.scoreboard(report) if (one.code, one.area) == (code, area))


def _said(report: Report, code: str, area: str = "IQ-FED", tag: str = "en") -> str:
    return scoreboard.sentence(_demand(report, code, area), Words.load(tag))


def _set(indicator: str, measure: str, year: str, **values: float | str | None) -> Change:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        place = (frame["indicator"] == indicator) & (frame["measure"] == measure) & (frame["ref_area"] == "IQ-FED")
        place &= (frame[list(DIMENSIONS)] == "_T").all(axis=1) & (frame["time_period"] == year)
        assert place.sum() == 1
        for column, value in values.items():
            frame.loc[place, column] = value
        return frame

    return change


@pytest.mark.parametrize("tag", languages())
def test_the_sentences_of_the_demands_are_the_golden_ones(report: Report, tag: str) -> None:
    words = Words.load(tag)
    said = [f"{one.code} {one.area} | {scoreboard.sentence(one, words)}" for one in scoreboard.scoreboard(report)]
    assert said == (GOLDEN / f"demands.{tag}.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("tag", languages())
def test_every_number_of_a_sentence_is_a_released_figure_that_its_keys_name(report: Report, tag: str) -> None:
    release, words = report.headline, Words.load(tag)
    assert release is not None
    told = 0
    for demand in scoreboard.scoreboard(report):
        frame = release.frame.set_index(list(KEY), drop=False)
        named = frame.loc[demand.keys] if demand.keys else frame.iloc[:0]
        low = [one.cell.method for thing in demand.headlines for one in thing.figures if one.cell.mark == "low"]
        years = {thing.year for thing in demand.headlines}
        allowed = released_figures([named]) | years | {str(rounding_base(method)) for method in low}
        assert unresolved_numbers(headline_figures.sentences(demand.headlines, words), words, allowed) == [], (
            demand.code,
            demand.area,
        )
        told += len(demand.keys)
    assert told > 20


@pytest.mark.parametrize("tag", languages())
def test_every_key_of_a_demand_is_printed_in_its_sentence(report: Report, tag: str) -> None:
    words = Words.load(tag)
    release = report.headline
    assert release is not None
    for demand in scoreboard.scoreboard(report):
        numbers = numbers_in(scoreboard.sentence(demand, words))
        for key in demand.keys:
            cell = release.cells[key]
            assert cell.value is not None
            printed = percent(cell.value, words.numerals) if cell.is_share else number(cell.value, words.numerals)
            assert numbers_in(printed)[0] in numbers, key


@pytest.mark.parametrize("tag", languages())
def test_the_closing_sentence_counts_indicators_and_nothing_else(report: Report, tag: str) -> None:
    for demand in scoreboard.scoreboard(report):
        told, whole, *_ = numbers_in(scoreboard.closing_sentence(demand, Words.load(tag)))
        assert (int(told), int(whole)) == (demand.number(state="told"), len(demand.standings))


def test_a_direction_is_said_where_the_scoreboard_claims_it_and_nowhere_else(tmp_path: Path, report: Report) -> None:
    said = _said(report, "D1")
    assert "45 of them were admitted. That is 75% (70% to 80%). That share is clearly higher than" in said
    assert "clearly" not in _said(report, "D3") and _said(report, "D3").count("No clear change from") == 5
    fewer = _report(tmp_path, _set("PRS-05", "COUNT", "2024", obs_value=900.0))
    assert "Law 28 of 2012. That is clearly fewer than in the year before." in _said(fewer, "D3")


def test_a_year_that_not_all_bodies_told_of_is_said_not_to_be_comparable(tmp_path: Path) -> None:
    change = _set("PRS-05", "COUNT", "2025", reports_received_count=0)
    assert "Law 28 of 2012. Not comparable with the year before." in _said(_report(tmp_path, change), "D3")


def test_what_no_body_reports_is_said_once_and_is_never_a_zero(report: Report) -> None:
    assert "No body reports this yet: Charges dropped because of victim status." in _said(report, "D2")
    shelter = "Nobody reported here: Shelter coverage, Male shelter coverage. Indicators with a figure: 0 of 2;"
    assert shelter in _said(report, "D1", "IQ-KR")
    assert not [key for demand in scoreboard.scoreboard(report) if demand.area == "IQ-KR" for key in demand.keys]


def test_what_is_withheld_in_all_years_is_said_to_be_withheld(report: Report) -> None:
    assert "Withheld to protect persons: Civil documentation of children at risk." in _said(report, "D4")


def test_a_part_that_is_withheld_is_named_and_nothing_is_computed_around_it(tmp_path: Path) -> None:
    change = _set("PRT-09", "NUMERATOR", "2025", obs_value=None, obs_status="Q")
    share = _set("PRT-09", "SHARE", "2025", obs_value=None, obs_status="Q")
    said = _said(_report(tmp_path, lambda frame: share(change(frame))), "D1")
    assert "60 men and boys asked for a place in a shelter. Admitted: the figure for 2025 is withheld" in said
    assert "the figure for 2025 is withheld to protect persons. In 2025, " in said


def test_a_count_that_rounds_to_zero_is_not_called_zero_and_has_no_share(report: Report) -> None:
    said = _said(report, "D2")
    assert "100 of the presumed victims first met in 2025 were foreigners. Penalised under" in said
    assert "the figure for 2025 rounds to zero (fewer than 5). No body" in said


def test_a_share_on_too_small_a_base_is_left_out_and_the_counts_stay(report: Report) -> None:
    assert "11 unaccompanied children were registered. 3 of them were screened for trafficking. With" in _said(
        report, "D4"
    )


def test_a_figure_of_an_earlier_year_says_its_year(tmp_path: Path) -> None:
    change = _set("PRS-03", "COUNT", "2025", obs_value=None, obs_status="O")
    assert "In 2024, 260 persons came into formal contact with the police" in _said(_report(tmp_path, change), "D3")


def test_what_a_release_does_not_have_is_passed_over(tmp_path: Path) -> None:
    home = invented_releases.build(tmp_path, is_national_only=True, demands={"PRS-05": ["D3"], "PRT-08": ["D1"]})
    report = report_model.load(home)
    assert [one.leading.indicator for one in _demand(report, "D3").headlines] == ["PRS-05"]
    assert _demand(report, "D2").headlines == ()


@pytest.mark.parametrize("count", [0, 1, 2, 5, 15, 100])
@pytest.mark.parametrize(
    "message", sorted({key for things in LEADING.values() for o in things for key in o.counts.values()})
)
def test_arabic_says_each_leading_count_in_the_form_of_its_number(count: int, message: str) -> None:
    words = Words.load("ar")
    said = words.text(message, year="٢٠٢٥", count=count)
    assert (numbers_in(said.replace("٢٠٢٥", "").replace("٢٨ لسنة ٢٠١٢", "")) == [str(count)]) == (count > 2)
    assert len({words.text(message, year="٢٠٢٥", count=one) for one in (0, 1, 2, 5)}) == 4
