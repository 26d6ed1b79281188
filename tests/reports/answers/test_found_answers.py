"""What a release answers to a question: the figure that may be said, its verdict, or the reason why it is not known."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from typing import get_args

import pandas as pd
import pytest

from expectations.cards.adopted_standards import AdoptedStandard
from expectations.cards.cells import DIMENSIONS, TOTAL
from languages import dates
from languages.numbers import number
from languages.words import Words, languages
from reports.answers import answer_sentences
from reports.answers.found_answers import Answer, Unknown, Way, answer_of_demand, found_answers
from reports.answers.judgement import BETTER
from reports.phrases import wording
from reports.phrases.figure_words import Count, Share
from reports.questions.answer_card import answer_cards
from reports.released.released_tables import cells_of
from reports.released.report_model import NATIONAL, Report, ReportedRelease

ASKED = "are_those_who_ask_admitted"
IDENTIFIED = "are_presumed_victims_identified"  # judged a year later
CHARGED = "are_victims_charged"  # lower is better
FED = "IQ-FED"
ISOLATES = re.compile("[\u2066-\u2069\u061c]")
STANDARDS = {
    key: AdoptedStandard(
        met_from=met_from, not_met_below=below, adopted=datetime.date(2025, 12, 10), source={"en": "A plan."}
    )
    for key, met_from, below in ((ASKED, 90, 60), (IDENTIFIED, 90, 60), (CHARGED, 95, 90))
}


def row(
    indicator: str,
    measure: str,
    value: float | None,
    *,
    year: str = "2025",
    status: str = "A",
    method: str = "ROUNDED_5",
    **at: str,
) -> dict[str, object]:
    return {
        "indicator": indicator, "measure": measure, "ref_area": FED, "time_period": year,
        **{name: at.get(name, TOTAL) for name in DIMENSIONS}, "obs_value": value, "lower": float("nan"),
        "upper": float("nan"), "interval_method": None, "unit_measure": "VICTIM", "obs_status": status,
        "conf_status": "F", "disclosure_method": method, "reports_received_count": 2, "reports_expected_count": 2,
    }  # fmt: skip


def answers_of(*rows: dict[str, object], frozen: str = "", years: tuple[str, ...] = ("2024", "2025")) -> list[Answer]:
    """The answers of a release that holds these cells, and one other of each year."""
    others = [row("PRV-01", "COUNT", 5, year=year) for year in years]
    frame = pd.DataFrame([*rows, *others])
    codes = sorted(set(frame["indicator"]))
    manifest = {
        "dataset": NATIONAL,
        "indicators": {code: {"demand": [], "caveats": [], "derived": {}} for code in codes},
        "protection": {"minimum_base": 20},
        "frozen": [{"year": frozen, "indicators": codes}] if frozen else [],
        "breaks": [],
    }
    release = ReportedRelease(NATIONAL, "1-0123456789ab", "", manifest, {}, frame, cells_of(frame))
    return found_answers(Report((release,), (), is_invented=True), STANDARDS)


def one(answers: list[Answer], key: str) -> Answer:
    (answer,) = (answer for answer in answers if (answer.key, answer.area) == (key, FED))
    return answer


def asked(part: float | None, whole: float | None, **more: str) -> list[dict[str, object]]:
    return [row("PRT-08", "NUMERATOR", part, **more), row("PRT-08", "DENOMINATOR", whole, **more)]


def test_a_figure_is_judged_by_the_standard_that_the_task_force_adopted():
    answer = one(answers_of(*asked(155, 240)), ASKED)
    assert (answer.share, answer.verdicts, answer.unknown) == (Share(Count(155, 4), Count(240, 4)), ("partly_met",), "")


def test_without_an_adopted_standard_there_is_a_figure_and_no_verdict():
    answers = answers_of(row("PRT-09", "NUMERATOR", 70), row("PRT-09", "DENOMINATOR", 100))
    answer = one(answers, "are_men_and_boys_admitted")
    assert (answer.has_figure, answer.verdicts, answer.unknown) == (True, (), "no_standard")


@pytest.mark.parametrize(
    ("rows", "unknown"),
    [
        ([], "not_sent"),
        (asked(None, None, status="O", method="NONE"), "not_sent"),
        (asked(None, 240, status="Q", method="WITHHELD"), "withheld"),
    ],
)
def test_what_is_not_known_has_its_reason(rows: list[dict[str, object]], unknown: str):
    answer = one(answers_of(*rows), ASKED)
    assert (answer.has_figure, answer.verdicts, answer.unknown) == (False, (), unknown)


def test_a_year_whose_cohort_still_grows_is_not_judged():
    def of(year: str) -> list[dict[str, object]]:
        return [row("PRT-03", "NUMERATOR", 280, year=year), row("PRT-01", "COUNT", 400, year=year)]

    younger = one(answers_of(*of("2025")), IDENTIFIED)
    assert (younger.has_figure, younger.unknown) == (False, "not_due")
    assert one(answers_of(*of("2024"), *of("2025")), IDENTIFIED).year == "2024"


def test_a_figure_of_an_earlier_release_answers_nothing():
    assert not one(answers_of(*asked(155, 240), frozen="2025"), ASKED).has_figure


def test_a_part_greater_than_its_whole_answers_nothing():
    assert not one(answers_of(*asked(245, 240)), ASKED).has_figure
    assert one(answers_of(*asked(240, 240)), ASKED).has_figure


def test_groups_are_named_where_a_figure_of_them_is_released():
    answer = one(answers_of(*asked(155, 240), *asked(70, 100, sex="M"), *asked(None, 50, sex="F", status="Q")), ASKED)
    assert [(group.group, group.share) for group in answer.groups] == [("males", Share(Count(70, 4), Count(100, 4)))]


def test_a_series_begins_with_its_first_figure():
    answer = one(answers_of(*asked(100, 200, year="2023"), *asked(155, 240), years=("2022", "2025")), ASKED)
    assert (answer.since, answer.year) == ("2023", "2025")


def test_where_lower_is_better_few_are_met():
    rows = [row("NCR-01", "NUMERATOR", 5), row("PRT-01", "COUNT", 380, method="EXACT_11")]
    assert one(answers_of(*rows), CHARGED).verdicts == ("met",)


def test_a_demand_is_met_only_where_all_its_leading_questions_are():
    answers = answers_of(*asked(240, 240))
    assert one(answers, ASKED).verdicts == ("met",)
    assert answer_of_demand(answers, "D1", FED) == ("partly_met",)  # whether a condition is imposed is not known
    assert answer_of_demand(answers_of(), "D1", FED) == ()
    assert answer_of_demand(answers, "D1", "IQ-KR") == ()


def test_nothing_is_answered_without_a_national_release():
    assert found_answers(Report((), (), is_invented=True), STANDARDS) == []


@pytest.mark.parametrize("tag", languages())
def test_the_figure_of_an_answer_is_a_sentence_with_its_base_first(tag: str):
    words = Words.load(tag)
    sentence = answer_sentences.figure_sentence(one(answers_of(*asked(155, 240)), ASKED), words)
    base = words.text(f"answer.{ASKED}.whole", year=dates.year(words, "2025"))
    assert base in sentence and sentence.index(base) < sentence.index(number(155, words.numerals))
    assert answer_sentences.figure_sentence(one(answers_of(), ASKED), words) == ""


@pytest.mark.parametrize("tag", languages())
def test_every_reason_every_verdict_and_every_way_has_its_words(tag: str):
    words = Words.load(tag)
    answer = one(answers_of(), ASKED)
    for unknown in set(get_args(Unknown)) - {"", "gap"}:
        assert answer_sentences.state_words(replace(answer, unknown=unknown), words)
    gap = one(answers_of(), "are_foreigners_admitted")
    state = ISOLATES.sub("", answer_sentences.state_words(gap, words))
    assert state.endswith(words.text("question.gap.shelter_by_citizenship"))
    for way in get_args(Way):
        assert answer_sentences.way_words(replace(answer, way=way), words) or not way
    texts = [answer_sentences.verdict_words((verdict,), words) for verdict in BETTER]
    assert len(set(texts)) == 3
    assert ISOLATES.sub("", answer_sentences.verdict_words(("partly_met", "met"), words)).startswith(texts[2])


@pytest.mark.parametrize("tag", languages())
def test_every_agency_that_owes_a_duty_has_a_name(tag: str):
    words = Words.load(tag)
    codes = {code for card in answer_cards().values() for codes in card.duty.values() for code in codes}
    assert {code for code in codes if wording.body(code, words) == code and f"agency.{code}" not in words} == set()
