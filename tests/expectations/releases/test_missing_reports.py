"""Whose reports a release lacks, and of which years, as the warning about them says it."""

from __future__ import annotations

import pandas as pd
import pytest

from expectations.cards.note_languages import voice_of
from expectations.releases.missing_reports import MissingReports, missing_reports, year_ranges
from expectations.releases.warning_texts import WARNINGS, warning_of_rule
from languages.words import Words, languages
from marsad.answers.act_effects import warning_in_words


def _cells(*rows: tuple[str, str, int, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["holder", "time_period", "reports_received_count", "reports_expected_count"])


def test_agencies_are_named_with_their_years_and_years_of_nobody_come_last():
    cells = _cells(
        ("_T", "2016", 0, 2),
        ("_T", "2024", 1, 2),
        ("iraq_labour_ministry", "2024", 0, 1),
        ("iraq_labour_ministry", "2023", 0, 1),
        ("iom_caseload", "2024", 1, 1),
    )
    assert missing_reports(cells) == [
        MissingReports("iraq_labour_ministry", ("2023", "2024")),
        MissingReports("", ("2016",)),
    ]
    assert missing_reports(cells.drop(columns="holder")) == [MissingReports("", ("2016", "2023", "2024"))]


def test_years_that_follow_each_other_are_a_range():
    assert year_ranges(("2016", "2017", "2019", "2021", "2022"), str) == "2016–2017, 2019, 2021–2022"


@pytest.mark.parametrize("tag", languages())
@pytest.mark.parametrize("rule", WARNINGS)
def test_a_warning_says_the_case_and_never_the_rule_that_does_not_hold(rule: str, tag: str):
    missing = [MissingReports("iraq_labour_ministry", ("2023", "2024"))]
    words = Words.load(tag)
    said = warning_of_rule(rule, 2, 59, missing, voice_of(tag))
    assert words.text(f"rule.{rule}") not in said
    suffix = " [iraq_labour_ministry=2023 2024]" if rule == WARNINGS[0] else ""
    assert said in warning_in_words(f"four_ps_national: {rule} 2/59{suffix}", words)
    if rule == WARNINGS[0]:
        assert words.text("code.holder.iraq_labour_ministry") in said
