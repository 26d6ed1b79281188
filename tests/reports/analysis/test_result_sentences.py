"""Key results: the sentences in three languages, and what may not be claimed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from markupsafe import escape

from expectations.cards.cells import DIMENSIONS
from languages.words import Words
from reports.analysis import result_sentences, scoreboard
from reports.chapters import build_edition
from reports.phrases import wording
from reports.released import report_model
from reports.released.report_model import Report
from reports.renderers import site
from tests.reports import invented_releases

GOLDEN = Path(__file__).parents[1] / "golden"
Change = Callable[[pd.DataFrame], pd.DataFrame]


def sentences(report: Report, tag: str = "en") -> list[str]:
    return [
        f"{found.figure} | {found.sentence} | {found.note}"
        for found in result_sentences.key_results(report, Words.load(tag))
    ]


def setting(year: str, indicator: str = "PRT-01", **values: float | str | None) -> Change:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        totals = (frame[list(DIMENSIONS)] == "_T").all(axis=1)
        place = (frame["indicator"] == indicator) & (frame["ref_area"] == "IQ-FED") & (frame["time_period"] == year)
        for column, value in values.items():
            frame.loc[totals & place, column] = value
        return frame

    return change


def first(tmp_path: Path, change: Change) -> str:
    return sentences(report_model.load(invented_releases.build(tmp_path, change=change, is_national_only=True)))[0]


@pytest.mark.parametrize("tag", ["en", "ar", "ckb"])
def test_the_sentences_are_the_golden_ones(report: Report, tag: str):
    golden = (GOLDEN / f"results.{tag}.txt").read_text(encoding="utf-8").splitlines()
    assert sentences(report, tag) == golden


MARK = {"code": "law_8_1988_amended", "kind": "law", "first_year": 2024, "whole_year": 2025, "areas": ["IQ-FED"]}


@pytest.fixture(scope="module")
def whole_and_broken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, Report]:
    """A series that rises much, without a break and with one."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        return setting("2025", obs_value=900.0)(setting("2024", obs_value=100.0)(frame))

    def read(name: str, breaks: Sequence[Mapping[str, Any]]) -> Report:
        root = tmp_path_factory.mktemp(name)
        return report_model.load(invented_releases.build(root, change=change, is_national_only=True, breaks=breaks))

    return read("whole", []), read("broken", [MARK | {"indicators": ["PRT-01"]}])


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A report in which one indicator has a break."""
    breaks = [MARK | {"indicators": ["NCR-01"]}]
    return report_model.load(
        invented_releases.build(tmp_path_factory.mktemp("marked"), is_national_only=True, breaks=breaks)
    )


@pytest.mark.parametrize("tag", ["en", "ar", "ckb"])
def test_across_a_break_no_direction_is_told_and_the_break_is_named(whole_and_broken: tuple[Report, Report], tag: str):
    words = Words.load(tag)
    before, now = (result_sentences.key_results(report, words)[0].sentence for report in whole_and_broken)
    more = words.text("page.result.compared.more", year="Y", figure="F").replace("Y", "").partition("F")[0]
    assert more.strip()[:6] in before
    assert words.text("break.law_8_1988_amended") in now
    assert more.strip()[:6] not in now


@pytest.mark.parametrize("tag", ["en", "ar", "ckb"])
def test_the_page_names_a_break_at_its_indicator(broken: Report, tag: str):
    words = Words.load(tag)
    told = {section.indicator: wording.breaks(section, words) for section in broken.sections}
    assert [code for code, lines in told.items() if lines] == ["NCR-01"]
    edition = build_edition.edition(broken, words)
    own = tuple(chapter for chapter in edition.chapters if chapter.id == "protection")
    html = site.render(edition.model_copy(update={"chapters": own}), [])["NCR-01.html"].decode("utf-8")
    assert f"<li>{escape(told['NCR-01'][0])}</li>" in html
    assert words.text("break.law_8_1988_amended") in told["NCR-01"][0]


def test_a_withheld_figure_is_said_to_be_withheld_and_nothing_is_computed_around_it(tmp_path: Path):
    found = first(tmp_path, setting("2025", obs_value=7777.0, obs_status="Q"))
    assert found.startswith("[c] |") and "withheld to protect persons" in found
    assert "777" not in found and "7,777" not in found


def test_a_missing_figure_is_said_to_be_missing(tmp_path: Path):
    found = first(tmp_path, setting("2025", obs_value=None, obs_status="O"))
    assert found.startswith("[x] |") and "no figure for 2025" in found


def test_a_figure_that_rounds_to_zero_is_not_called_zero(tmp_path: Path):
    found = first(tmp_path, setting("2025", obs_value=0.0))
    assert found.startswith("[low] |") and "fewer than 5" in found


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (355.0, "no clear change"), (300.0, "no clear change"), (160.0, "no clear change"),
        (155.0, "more than in 2024 (155, rounded)"), (800.0, "no clear change"),
        (805.0, "fewer than in 2024 (805, rounded)"),
    ],
)  # fmt: skip
def test_a_direction_is_claimed_where_the_demands_claim_one_and_nowhere_else(tmp_path: Path, before: float, said: str):
    home = invented_releases.build(
        tmp_path, change=setting("2024", obs_value=before), is_national_only=True, demands={"PRT-01": ["D3"]}
    )
    report = report_model.load(home)
    assert said in sentences(report)[0]
    (standing,) = next(one for one in scoreboard.scoreboard(report) if one.area == "IQ-FED" and one.standings).standings
    expected = {"more": "up", "fewer": "down"}.get(said.split()[0], "no_clear_change")
    assert standing.direction == expected


def test_exact_figures_have_no_error_of_rounding(tmp_path: Path):
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        frame = setting("2024", obs_value=160.0, disclosure_method="EXACT_11")(frame)
        return setting("2025", disclosure_method="EXACT_11")(frame)

    found = first(tmp_path, change)
    assert "more than in 2024 (160)" in found and found.endswith("| ")


def test_a_frozen_figure_says_so_and_supports_a_direction_only_beyond_its_late_cases(tmp_path: Path):
    def told(name: str, before: float, **frozen: list[str]) -> str:
        years = {year.removeprefix("in_"): codes for year, codes in frozen.items()}
        change = setting("2024", obs_value=before)
        return sentences(
            report_model.load(
                invented_releases.build(tmp_path / name, change=change, is_national_only=True, frozen=years)
            )
        )[0]

    assert told("now", 345.0, in_2025=["PRT-01"]).endswith("| late cases not shown yet")
    assert "In 2024 the figure was 155 (late cases not shown yet): no clear change." in told(
        "before", 155.0, in_2024=["PRT-01"]
    )
    assert "more than in 2024 (145, late cases not shown yet)" in told("clear", 145.0, in_2024=["PRT-01"])
    assert "more than in 2024 (155, rounded)" in told("other", 155.0, in_2024=["PRS-03"])


def test_a_figure_that_others_publish_later_is_told_for_the_last_year_that_has_it(report: Report):
    gap = sentences(report)[-1]
    assert gap.startswith("12% | ") and "for 2023" in gap and "the latest year with a figure" in gap
    assert [found for found in sentences(report) if found.startswith("[x]")] == []


def test_years_in_which_a_body_was_silent_are_not_compared(tmp_path: Path):
    found = first(tmp_path, setting("2024", reports_received_count=1))
    assert "cannot be compared" in found and "more than" not in found


def test_nothing_is_compared_with_a_withheld_year(tmp_path: Path):
    found = first(tmp_path, setting("2024", obs_value=None, obs_status="Q"))
    assert "2024" not in found


@pytest.mark.parametrize("count", [0, 1, 2, 5, 15, 100])
def test_arabic_counts_take_six_forms(count: int):
    forms = {
        number: Words.load("ar").text("page.result.prt_02", year="٢٠٢٥", count=number)
        for number in (0, 1, 2, 5, 15, 100)
    }
    nouns = {0: "أي ضحية", 1: "ضحية واحدة", 2: "ضحيتين", 5: "ضحايا", 15: "ضحية", 100: "ضحية"}
    assert forms[count].rstrip(".").endswith(nouns[count])
    assert len(set(forms.values())) == len(forms)
