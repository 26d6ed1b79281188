"""Behind an answer stand released figures: its reasons, the greatest first, and a word on what they do not say."""

from __future__ import annotations

import re

import pytest

from languages.words import Words, languages
from reports.answers.answer_reasons import caution_words, reason_sentences, reasons
from reports.answers.found_answers import Answer, found_answers
from reports.phrases.figure_words import Count
from reports.released.report_model import Report
from tests.reports.answers.invented_answers import answer_to, release_of, row

REFUSED = "who_is_refused_shelter"
ISOLATES = re.compile("[\u2066-\u2069\u061c]")
WHOLE = [row("PRT-11", "NUMERATOR", 100), row("PRT-08", "DENOMINATOR", 240)]


def by_reason(code: str, value: float | None, **more: str) -> dict[str, object]:
    return row("PRT-11", "NUMERATOR", value, cust_breakdown=code, **more)


def asked(*rows: dict[str, object], key: str = REFUSED, frozen: str = "") -> tuple[Answer, Report]:
    report = Report((release_of(*WHOLE, *rows, frozen=frozen),), (), is_invented=True)
    return answer_to(found_answers(report, {}), key), report


def test_the_reasons_of_the_year_stand_the_greatest_first():
    behind = reasons(*asked(
        by_reason("REFUSAL_AGE", 40), by_reason("REFUSAL_NO_JUDGE_ORDER", 55), by_reason("REFUSAL_SEX", 90, year="2024")
    ))  # fmt: skip
    assert [[(reason.code, reason.count) for reason in line] for line in behind] == [
        [("REFUSAL_NO_JUDGE_ORDER", Count(55, 4)), ("REFUSAL_AGE", Count(40, 4))]
    ]


@pytest.mark.parametrize(
    "hidden", [by_reason("REFUSAL_SEX", 0), by_reason("REFUSAL_SEX", None, status="Q"), by_reason("REFUSAL_SEX", 2.5)]
)
def test_a_reason_that_is_withheld_or_rounds_to_zero_is_not_told(hidden: dict[str, object]):
    assert reasons(*asked(hidden)) == []


def test_figures_of_an_earlier_release_stand_behind_nothing():
    assert reasons(*asked(by_reason("REFUSAL_AGE", 40), frozen="2025")) == []


def test_bands_of_days_stand_in_their_order_and_another_dimension_in_another_list():
    days = [row("PRT-05", "COUNT", value, cust_breakdown=code) for code, value in (("D_31_90", 80), ("D_0_7", 10))]
    median = row("PRT-05", "MEDIAN", 125, method="DERIVED")
    (line,) = reasons(*asked(*days, median, key="how_fast_are_victims_identified"))
    assert [reason.code for reason in line] == ["D_0_7", "D_31_90"]
    crossed = [
        row("PRT-01", "COUNT", 380),
        row("PRT-01", "COUNT", 225, sex="F"),
        row("PRT-01", "COUNT", 75, form="BEGGING"),
    ]
    lines = reasons(*asked(*crossed, key="how_many_victims_are_found"))
    assert [[reason.code for reason in line] for line in lines] == [["BEGGING"], ["F"]]


@pytest.mark.parametrize("tag", languages())
def test_a_sentence_warns_that_the_refused_and_the_admitted_overlap(tag: str):
    words = Words.load(tag)
    answer, report = asked(by_reason("REFUSAL_AGE", 40))
    sentence, caution = reason_sentences(answer, report, words)
    assert words.text("code.cust_breakdown.REFUSAL_AGE") in ISOLATES.sub("", sentence)
    assert caution == caution_words(answer, words) == words.text(f"answer.{REFUSED}.caution")


def test_what_counts_another_thing_than_the_answer_names_its_unit():
    case_files = {**row("PRS-01", "COUNT", 45, cust_breakdown="CHANNEL_HOTLINE"), "unit_measure": "CASE"}
    victims = row("PRT-06", "COUNT", 24, cust_breakdown="DETECTED_HOTLINE", method="EXACT_11")
    calls = [{**row("PRV-01", name, count, method="NONE"), "unit_measure": "CONTACT"}
             for name, count in (("NUMERATOR", 33), ("DENOMINATOR", 985))]  # fmt: skip
    answer, report = asked(*calls, case_files, victims, key="does_the_hotline_pass_on_cases")
    assert reason_sentences(answer, report, Words.load("en"))[:2] == [
        "Channel of detection (victims): Hotline (24).",
        "Reports received (case files): Hotline, by the police's record (about 45).",
    ]
    answer, report = asked(by_reason("REFUSAL_AGE", 40))
    assert reason_sentences(answer, report, Words.load("en"))[0].startswith("Shelter refusals by reason: ")


def test_a_gap_of_the_records_is_said_to_be_not_known():
    children = [row("PRT-01", "COUNT", 110, age="Y0T17"), row("PRS-18", "NUMERATOR", 5, cust_breakdown="GAP_NO_MEANS")]
    gap = row("PRS-18", "NUMERATOR", 50, cust_breakdown="GAP_NOT_RECORDED")
    sentence = reason_sentences(*asked(*children, gap, key="whom_does_the_law_miss"), Words.load("en"))[0]
    assert sentence.endswith(", the other categories: Not known, because the means is not recorded (about 50).")


def test_nothing_is_warned_of_where_there_is_no_figure():
    report = Report((release_of(row("PRV-01", "COUNT", 5)),), (), is_invented=True)
    answer = answer_to(found_answers(report, {}), REFUSED)
    assert caution_words(answer, Words.load("en")) == ""
    assert reason_sentences(answer, report, Words.load("en")) == []
