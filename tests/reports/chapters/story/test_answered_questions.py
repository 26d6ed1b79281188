"""An answer says each of its figures once: in its sentence, of a group, or behind it."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace

import pytest

from expectations.cards.adopted_standards import AdoptedStandard
from expectations.cards.areas import KURDISTAN
from languages.words import Words, languages
from reports.answers.found_answers import found_answers
from reports.chapters.story.answered_questions import answered_question
from reports.editions.answered import AnsweredQuestion
from reports.released.released_tables import with_ratios
from reports.released.report_model import NATIONAL, IndicatorSection, Report
from tests.reports.answers.invented_answers import answer_to, release_of, row

ISOLATES = re.compile("[\u2066-\u2069\u061c]")
STANDARD = AdoptedStandard(met_from=90, not_met_below=60, adopted=datetime.date(2025, 12, 10), source={"en": "A plan."})
BANDS = {
    "SENTENCE_LT_5": 5,
    "SENTENCE_5_9": 50,
    "SENTENCE_10_19": 110,
    "SENTENCE_SUSPENDED": 15,
    "SENTENCE_NO_TERM": 25,
}
SENTENCES = [row("PRS-09", "NUMERATOR", value, cust_breakdown=code) for code, value in BANDS.items()]


def told(
    key: str, tag: str, *rows: dict[str, object], elsewhere: str = "", share_of: tuple[str, str] | None = None
) -> AnsweredQuestion:
    codes = {str(one["indicator"]) for one in rows}
    sections = tuple(IndicatorSection(NATIONAL, code, "ACCUSED", (), (), (), (), (), ()) for code in codes)
    release = release_of(*rows)
    if share_of:
        release.manifest["indicators"][share_of[0].partition("/")[0]]["derived"] = {"SHARE": list(share_of)}
        release = replace(release, cells=with_ratios(release.cells, release.manifest["indicators"]))
    report = Report((release,), sections, is_invented=True)
    answers = found_answers(report, {key: STANDARD})
    other = answer_to(answers, key, elsewhere) if elsewhere else None
    return answered_question(answer_to(answers, key), other, report, Words.load(tag))


@pytest.mark.parametrize("tag", languages())
def test_a_figure_of_the_sentence_or_of_a_group_is_not_said_again(tag: str):
    answer = told("what_sentences_are_given", tag, row("PRS-05", "COUNT", 205), *SENTENCES)
    numbers = [
        int(number) for number in re.findall(r"\d+", ISOLATES.sub("", " ".join((answer.groups, *answer.reasons))))
    ]
    assert {5, 50, 15, 25} <= set(numbers) and 110 not in numbers  # the sentence says 110, its groups no whole
    assert all(numbers.count(value) == 1 for value in (15, 25)) and 205 not in numbers


def test_what_stands_behind_an_answer_beside_its_groups_is_called_the_other_categories():
    answer = told("what_sentences_are_given", "en", row("PRS-05", "COUNT", 205), *SENTENCES)
    assert "suspended: about 15" in ISOLATES.sub("", answer.groups)
    assert [ISOLATES.sub("", text) for text in answer.reasons] == [
        "Sentences, the other categories: No prison term recorded (about 25)."
    ]


def test_a_group_with_a_whole_of_its_own_names_it():
    women = [
        row("PRT-08", measure, value, sex="F", age="Y_GE18")
        for measure, value in (("NUMERATOR", 60), ("DENOMINATOR", 80))
    ]
    whole = [row("PRT-08", measure, value) for measure, value in (("NUMERATOR", 155), ("DENOMINATOR", 240))]
    answer = told("are_those_who_ask_admitted", "en", *whole, *women)
    assert ISOLATES.sub("", answer.groups) == "Women: about 60 of about 80."


def admitted(part: int, **where: str) -> list[dict[str, object]]:
    return [row("PRT-08", "NUMERATOR", part, **where), row("PRT-08", "DENOMINATOR", 240, **where)]


@pytest.mark.parametrize("tag", languages())
def test_the_other_region_has_its_verdict_in_its_sentence(tag: str):
    rows = admitted(155) + admitted(40, area=KURDISTAN)
    answer = told("are_those_who_ask_admitted", tag, *rows, elsewhere=KURDISTAN)
    words = Words.load(tag)
    judged = words.text("answer.judged", figure="", verdict=words.text("answer.verdict.not_met"))
    assert ISOLATES.sub("", answer.elsewhere).endswith(ISOLATES.sub("", judged))
    assert words.text("answer.verdict.partly_met") not in answer.elsewhere


def years_drawn(key: str, part: str, whole: str, *counts: tuple[str, int, int]) -> tuple[str, ...]:
    names = (part.split("/"), whole.split("/"))
    rows = [
        row(*name, value, year=year, method="NONE")
        for year, *values in counts
        for name, value in zip(names, values, strict=True)
    ]
    chart = told(key, "en", *rows).chart
    return chart.years if chart else ()


def test_a_chart_ends_with_the_year_of_its_sentence_for_a_younger_one_still_grows():
    counts = (("2022", 170, 240), ("2023", 200, 300), ("2024", 280, 415), ("2025", 160, 380))
    drawn = years_drawn("are_presumed_victims_identified", "PRT-03/NUMERATOR", "PRT-01/COUNT", *counts)
    assert drawn == ("2022", "2023", "2024")


def test_a_chart_begins_with_the_first_report_for_before_it_an_agency_that_owes_one_sent_none():
    counts = (("2022", 0, 6), ("2023", 4, 6), ("2024", 5, 6), ("2025", 6, 6))
    drawn = years_drawn("do_agencies_report_on_time", "PAR-07/NUMERATOR", "PAR-07/DENOMINATOR", *counts)
    assert drawn == ("2023", "2024", "2025")


def test_the_last_label_of_a_chart_is_the_percent_of_its_sentence():
    """280 of 415 are 67.47 per cent; the released share is 0.675, which alone would be read as 68."""
    rows = [
        row(*name, value, year=year, method=method)
        for name, method, values in (
            (("PRT-01", "COUNT"), "EXACT_11", (369, 415)),
            (("PRT-03", "NUMERATOR"), "ROUNDED_5", (250, 280)),
            (("PRT-03", "SHARE"), "DERIVED", (0.678, 0.675)),
        )
        for year, value in zip(("2023", "2024"), values, strict=True)
    ]
    answer = told("are_presumed_victims_identified", "en", *rows, share_of=("PRT-03/NUMERATOR", "PRT-01/COUNT"))
    assert answer.chart and answer.chart.unit == "share"
    assert "(67%;" in ISOLATES.sub("", answer.sentence) and answer.chart.figures[-1].text == "67%"
