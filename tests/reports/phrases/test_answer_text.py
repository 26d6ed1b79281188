"""A released figure in an export that people read: its marks, interval and coverage, and what it is about."""

from __future__ import annotations

import pytest

from languages.words import Words
from reports.phrases import answer_text, labels
from reports.released.released_figures import Standing
from tests.reports.exchange.invented import row

ENGLISH = Words.load("en")
ARABIC = Words.load("ar")


@pytest.mark.parametrize(
    ("received", "expected", "text"),
    [("1", "2", " (1/2)"), ("2", "2", ""), ("3", "2", ""), ("0", "1", " (0/1)"), ("", "2", ""), ("1", "", "")],
)
def test_coverage_is_told_only_where_fewer_reported_than_should_have(received: str, expected: str, text: str):
    figure = row("PRT-02", 40, reports_received_count=received, reports_expected_count=expected)
    assert answer_text.coverage_note(figure, ENGLISH) == text
    assert answer_text.figure(figure, "figure", ENGLISH) == f"40{text}"


@pytest.mark.parametrize(
    ("lower", "upper", "text"), [("0.31", "0.45", "38% (31%–45%)"), ("0.31", "", "38%"), ("", "0.45", "38%")]
)
def test_an_interval_is_told_only_with_both_of_its_limits(lower: str, upper: str, text: str):
    share = row("PRT-08", 0.38, measure="SHARE", lower=lower, upper=upper)
    assert answer_text.figure(share, "figure", ENGLISH) == text


def test_a_year_that_was_covered_in_part_bears_its_mark_beside_the_figure():
    figure = row("PRT-02", 40, obs_status="P", reports_received_count="1", reports_expected_count="2")
    assert answer_text.figure(figure, "figure", ENGLISH) == "40 [p] (1/2)"
    assert answer_text.figure(figure, "withheld", ENGLISH) == "[c]"


@pytest.mark.parametrize(("standing", "mark"), [("low", "[low]"), ("withheld", "[c]"), ("missing", "[x]")])
def test_what_is_no_figure_is_its_mark_and_nothing_else(standing: Standing, mark: str):
    figure = row("PRT-02", 0, reports_received_count="1", reports_expected_count="2")
    assert answer_text.figure(figure, standing, ENGLISH) == mark


def test_a_figure_has_the_decimals_that_were_released_and_the_digits_of_its_language():
    assert answer_text.figure(row("PRT-02", 1240), "figure", ARABIC) == "١٬٢٤٠"
    assert answer_text.figure(row("PRT-02", 3.0, measure="RATIO"), "figure", ENGLISH) == "3"
    assert answer_text.figure(row("PRT-02", 3.25, measure="RATIO"), "figure", ENGLISH) == "3.25"


@pytest.mark.parametrize(
    ("indicator", "measure", "parts"),
    [
        ("PRT-02", "COUNT", ["Female"]),
        ("PRT-02", "", ["Female"]),
        ("PAR-07", "COUNT", [ENGLISH.text("page.measure.par_07.count"), "Female"]),
        ("PRT-03", "SHARE", [ENGLISH.text("page.measure.prt_03.share"), "Female"]),
        ("PRT-02", "SHARE", [labels.code("measure", "SHARE", ENGLISH), "Female"]),
    ],
)
def test_a_count_is_named_only_by_words_of_its_own_indicator(indicator: str, measure: str, parts: list[str]):
    text = answer_text.row_subject(indicator, measure, {"sex": "F"}, ENGLISH)
    assert text == " · ".join(parts)


@pytest.mark.parametrize(
    ("method", "text"),
    [
        ("ROUNDED_5", "rounded to a multiple of 5; 0 stands for 0 to 4"),
        ("EXACT_11", "exact: every category of the table is at least 11"),
        ("DERIVED", "computed from the released figures"),
        ("INVENTED_3", "INVENTED_3"),
    ],
)
def test_a_method_is_told_with_its_number_and_the_greatest_count_below_it(method: str, text: str):
    assert labels.code("disclosure_method", method, ENGLISH) == text
