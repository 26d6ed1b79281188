"""What a release answers to a question: the figure that may be said, its verdict, or the reason why it is not known."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from itertools import product
from typing import get_args

import pytest

from expectations.cards.adopted_standards import AdoptedStandard
from expectations.cards.cells import TOTAL
from expectations.cards.series_breaks import read_breaks
from languages.words import Words, languages
from reports.answers import answer_sentences
from reports.answers.figure_directions import Direction, Way, WhyNot
from reports.answers.found_answers import Answer, Unknown, found_answers
from reports.answers.judgement import BETTER
from reports.phrases import wording
from reports.phrases.figure_words import Count, Share
from reports.questions.answer_card import answer_cards
from reports.released.report_model import Report
from tests.reports.answers.invented_answers import FED, answer_to, release_of, row

ASKED = "are_those_who_ask_admitted"
IDENTIFIED = "are_presumed_victims_identified"  # judged a year later
CLAUSE = "is_a_non_punishment_clause_in_force"
CHARGED = "are_victims_charged"  # lower is better
TRAINED = "are_officials_trained"
ISOLATES = re.compile("[\u2066-\u2069\u061c]")
STANDARDS = {
    key: AdoptedStandard(
        met_from=met_from, not_met_below=below, adopted=datetime.date(2025, 12, 10), source={"en": "A plan."}
    )
    for key, met_from, below in ((ASKED, 90, 60), (IDENTIFIED, 90, 60), (TRAINED, 90, 60), (CHARGED, 95, 90))
}


def answers_of(*rows: dict[str, object], frozen: str = "", years: tuple[str, ...] = ("2024", "2025")) -> list[Answer]:
    """The answers of a release that holds these cells, and one other of each year."""
    return found_answers(Report((release_of(*rows, frozen=frozen, years=years),), (), is_invented=True), STANDARDS)


def asked(part: float | None, whole: float | None, **more: str | int) -> list[dict[str, object]]:
    return [row("PRT-08", "NUMERATOR", part, **more), row("PRT-08", "DENOMINATOR", whole, **more)]


def test_a_figure_is_judged_by_the_standard_that_the_task_force_adopted():
    answer = answer_to(answers_of(*asked(155, 240)), ASKED)
    assert (answer.share, answer.verdicts, answer.unknown) == (Share(Count(155, 4), Count(240, 4)), ("partly_met",), "")


def test_without_an_adopted_standard_there_is_a_figure_and_no_verdict():
    answers = answers_of(row("PRT-09", "NUMERATOR", 70), row("PRT-09", "DENOMINATOR", 100))
    answer = answer_to(answers, "are_men_and_boys_admitted")
    assert (answer.has_figure, answer.verdicts, answer.unknown) == (True, (), "no_standard")


@pytest.mark.parametrize(("first_year", "verdicts"), [("2025", ("partly_met",)), ("2026", ())])
def test_a_figure_that_was_out_before_the_standard_is_not_judged_by_it(
    monkeypatch: pytest.MonkeyPatch, first_year: str, verdicts: tuple[str, ...]
):
    monkeypatch.setitem(STANDARDS, ASKED, STANDARDS[ASKED].model_copy(update={"first_year": first_year}))
    answer = answer_to(answers_of(*asked(155, 240)), ASKED)
    assert (answer.has_figure, answer.verdicts) == (True, verdicts)
    assert answer.unknown == ("" if verdicts else "no_standard")


@pytest.mark.parametrize(
    ("rows", "unknown"),
    [
        ([], "agreement"),
        (asked(None, None, status="O", method="NONE", expected=0), "agreement"),
        (asked(None, None, status="O", method="NONE", expected=1), "field"),
        (asked(None, None, status="O", method="NONE", expected=2), "field"),
        (asked(None, None, status="O", method="NONE", expected=3), "file"),
        (asked(155, None, status="O"), "field"),
        (asked(None, 240, status="Q", method="WITHHELD"), "withheld"),
        (asked(245, 240), "contradiction"),
    ],
)
def test_what_is_not_known_has_its_reason(rows: list[dict[str, object]], unknown: str):
    answer = answer_to(answers_of(*rows), ASKED)
    assert (answer.has_figure, answer.verdicts, answer.unknown) == (False, (), unknown)


def test_a_year_whose_cohort_still_grows_is_not_judged():
    def of(year: str) -> list[dict[str, object]]:
        return [row("PRT-03", "NUMERATOR", 280, year=year), row("PRT-01", "COUNT", 400, year=year)]

    younger = answer_to(answers_of(*of("2025")), IDENTIFIED)
    assert (younger.has_figure, younger.unknown) == (False, "not_due")
    assert answer_to(answers_of(*of("2024"), *of("2025")), IDENTIFIED).year == "2024"


def test_a_figure_of_an_earlier_release_answers_nothing_and_begins_the_series():
    assert answer_to(answers_of(*asked(155, 240), frozen="2025"), ASKED).unknown == "earlier_release"
    answer = answer_to(answers_of(*asked(155, 240), *asked(150, 240, year="2024"), frozen="2024"), ASKED)
    assert (answer.year, answer.since, answer.way) == ("2025", "2024", "no_clear_change")


def test_a_break_of_one_series_silences_its_direction_and_neither_its_level_nor_that_of_others():
    """The register of the invented country counts trained officials otherwise from 2025 on, and all else as before."""
    figures = {"PRV-03": (530, 630, 310, 440), "PAR-03": (530, 630, 310, 440), "NCR-05": (10, 40, 10, 40)}
    rows = [
        row(code, measure, value, year=year, method="NONE")
        for code, values in figures.items()
        for (year, measure), value in zip(product(("2024", "2025"), ("NUMERATOR", "DENOMINATOR")), values, strict=True)
    ]
    unbroken, broken = (
        found_answers(Report((release_of(*rows, breaks=breaks),), (), is_invented=True), STANDARDS)
        for breaks in ((), read_breaks(invented=True))
    )
    trained, before = (answer_to(answers, TRAINED) for answers in (broken, unbroken))
    assert before.direction == Direction("worse")
    assert trained.direction == Direction("not_comparable", "break", ("invented_trainings_2025",))
    assert (
        (trained.share, trained.verdicts)
        == (before.share, before.verdicts)
        == (Share(Count(310), Count(440)), ("partly_met",))
    )
    changed = {answer.key for answer, other in zip(broken, unbroken, strict=True) if answer != other}
    assert changed == {TRAINED}


@pytest.mark.parametrize(("part", "method", "is_told"), [
    (235, "ROUNDED_5", True), (240, "ROUNDED_5", True), (245, "ROUNDED_5", False), (245, "NONE", True),
])  # fmt: skip
def test_only_an_exact_part_may_exceed_its_whole(part: int, method: str, is_told: bool):
    answer = answer_to(answers_of(*asked(part, 240, method=method)), ASKED)
    assert answer.has_figure == is_told
    assert not is_told or answer.verdicts == ("met",)


def test_groups_are_named_where_a_figure_of_them_is_released():
    answer = answer_to(
        answers_of(*asked(155, 240), *asked(70, 100, sex="M"), *asked(None, 50, sex="F", status="Q")), ASKED
    )
    assert [(group.group, group.share) for group in answer.groups] == [("males", Share(Count(70, 4), Count(100, 4)))]


def test_a_series_begins_with_its_first_figure():
    answer = answer_to(answers_of(*asked(100, 200, year="2023"), *asked(155, 240), years=("2022", "2025")), ASKED)
    assert (answer.since, answer.year) == ("2023", "2025")


def test_a_series_does_not_begin_before_anything_was_reported():
    """An agency that owed a report and sent none has a figure of its own: 0 of 6 reports."""
    reports = [row("PAR-07", name, count, year=year, method="NONE")
               for year, came in (("2016", 0), ("2023", 6), ("2025", 6))
               for name, count in (("NUMERATOR", came), ("DENOMINATOR", 6))]  # fmt: skip
    answer = answer_to(answers_of(*reports, years=("2023", "2025")), "do_agencies_report_on_time")
    assert (answer.since, answer.year) == ("2023", "2025")


def test_where_lower_is_better_few_are_met():
    rows = [row("NCR-01", "NUMERATOR", 5), row("PRT-01", "COUNT", 380, method="EXACT_11")]
    assert answer_to(answers_of(*rows), CHARGED).verdicts == ("met",)


def test_nothing_is_answered_without_a_national_release():
    assert found_answers(Report((), (), is_invented=True), STANDARDS) == []


@pytest.mark.parametrize(
    ("tag", "sentence"),
    [
        ("en", "About 155 of about 240 victims who asked for shelter in 2025 were admitted "
         "(65%; 62–67% by rounding), about two in three."),
        ("ar", "قُبل نحو ١٥٥ من أصل نحو ٢٤٠ ضحية طلبوا الإيواء في ٢٠٢٥ "
         "(٦٥٪؛ بين ٦٢٪ و٦٧٪ بسبب التقريب)، أي نحو الثلثين."),
    ],
)  # fmt: skip
def test_the_figure_of_an_answer_is_a_sentence_that_says_what_became_of_the_part(tag: str, sentence: str):
    words = Words.load(tag)
    assert (
        ISOLATES.sub("", answer_sentences.figure_sentence(answer_to(answers_of(*asked(155, 240)), ASKED), words))
        == sentence
    )
    assert answer_sentences.figure_sentence(answer_to(answers_of(), ASKED), words) == ""


@pytest.mark.parametrize(
    ("rows", "key", "sentence"),
    [
        (asked(235, 235), ASKED,
         "All or nearly all of about 235 victims who asked for shelter in 2025 were admitted (97–100% by rounding)."),
        (asked(0, 240), ASKED,
         "Hardly any of about 240 victims who asked for shelter in 2025 were admitted (0–2% by rounding)."),
        (asked(10, 40), ASKED, "About 10 of about 40 victims who asked for shelter in 2025 were admitted."),
        (asked(22, 22, method="NONE"), ASKED, "22 of 22 victims who asked for shelter in 2025 were admitted."),
        ([row("NCR-11", "COUNT", 0, method="NONE")], CLAUSE,
         "No provision that keeps victims from punishment was in force in 2025."),
        ([row("NCR-11", "COUNT", 1, method="NONE")], CLAUSE,
         "A provision that keeps victims from punishment was in force in 2025."),
        ([row("NCR-11", "COUNT", 2, method="NONE")], CLAUSE,
         "2 provisions keeping victims from punishment stood in force in 2025."),
        ([row("PAR-01", measure, value, method="NONE") for measure, value in (("NUMERATOR", 6), ("DENOMINATOR", 5))],
         "does_the_central_committee_meet",
         "Is the Central Committee at work: does it meet as planned? 6, against 5 foreseen."),
        ([row("PRS-05", "COUNT", 195)], "how_many_are_convicted",
         "About 195 persons were convicted under Law 28/2012 in 2025, in cases of any year."),
        ([row("PRS-05", "COUNT", 0)], "how_many_are_convicted",
         "0 to 4 persons were convicted under Law 28/2012 in 2025, in cases of any year."),
    ],
)  # fmt: skip
def test_a_figure_that_people_say_in_a_way_of_its_own(rows: list[dict[str, object]], key: str, sentence: str):
    assert answer_sentences.figure_sentence(answer_to(answers_of(*rows), key), Words.load("en")) == sentence


@pytest.mark.parametrize(
    ("whole", "noun"), [(11, "ضحية"), (100, "ضحية"), (103, "ضحايا"), (110, "ضحايا"), (380, "ضحية"), (405, "ضحايا")]
)
def test_an_arabic_noun_follows_the_number_of_the_whole(whole: int, noun: str):
    answer = answer_to(answers_of(*asked(5, whole)), ASKED)
    assert f" {noun} طلبوا" in ISOLATES.sub("", answer_sentences.figure_sentence(answer, Words.load("ar")))


@pytest.mark.parametrize("tag", languages())
def test_a_group_is_named_before_its_figure(tag: str):
    words = Words.load(tag)
    (group,) = answer_to(answers_of(*asked(155, 240), *asked(70, 100, sex="M")), ASKED).groups
    text = ISOLATES.sub("", answer_sentences.figure_text(group, words))
    assert text.startswith(words.text("answer.group.males") + ": ")
    assert text.endswith(ISOLATES.sub("", answer_sentences.bare_figure(group, words)))


@pytest.mark.parametrize("tag", languages())
def test_every_reason_every_verdict_and_every_way_has_its_words(tag: str):
    words = Words.load(tag)
    answer = answer_to(answers_of(), ASKED)
    for unknown in set(get_args(Unknown)) - {"", "gap"}:
        assert answer_sentences.state_words(replace(answer, unknown=unknown), words)
    gap = answer_to(answers_of(), "are_foreigners_admitted")
    state = ISOLATES.sub("", answer_sentences.state_words(gap, words))
    assert state.endswith(words.text("question.gap.shelter_by_citizenship"))
    for way in set(get_args(Way)) - {"not_comparable"}:
        assert answer_sentences.way_words(replace(answer, direction=Direction(way)), words) or not way
    for reason in set(get_args(WhyNot)) - {"", "break"}:
        direction = Direction("not_comparable", reason)
        assert answer_sentences.way_words(replace(answer, direction=direction), words)
    texts = [answer_sentences.verdict_words((verdict,), words) for verdict in BETTER]
    assert len(set(texts)) == 3
    assert ISOLATES.sub("", answer_sentences.verdict_words(("partly_met", "met"), words)).startswith(texts[2])


@pytest.mark.parametrize("tag", languages())
def test_every_agency_that_owes_a_duty_has_a_name(tag: str):
    words = Words.load(tag)
    codes = {code for card in answer_cards().values() for codes in card.duty.values() for code in codes}
    assert {code for code in codes if wording.body(code, words) == code and f"agency.{code}" not in words} == set()


@pytest.mark.parametrize("tag", languages())
def test_short_names_of_agencies_hold_no_comma_that_a_list_would_break(tag: str):
    words = Words.load(tag)
    assert [key for key in words.messages if key.startswith("agency.") and re.search("[,،]", words.text(key))] == []


def test_a_question_is_asked_only_where_its_card_names_a_duty():
    asked_of: dict[str, set[str]] = {}
    for answer in answers_of():
        asked_of.setdefault(answer.key, set()).add(answer.area)
    assert asked_of["does_the_region_apply_the_law"] == {"IQ-KR"}
    assert asked_of["does_our_figure_match_what_unodc_prints"] == {"IQ"}
    assert asked_of[ASKED] == {FED, "IQ-KR"}


def test_each_group_is_judged_by_the_standard_of_all():
    answers = answers_of(*asked(240, 240), *asked(20, 100, sex="M"), *asked(100, 100, sex="F"))
    answer = answer_to(answers, ASKED)
    assert {group.group: group.verdicts for group in answer.groups} == {"males": ("not_met",), "females": ("met",)}
    assert [group.standard for group in answer.groups] == [STANDARDS[ASKED]] * 2


def test_where_categories_overlap_the_one_that_the_card_names_answers():
    rows = [
        row("PAR-02", measure, value, method="NONE", cust_breakdown=code)
        for code, values in (("_T", (4, 60)), ("QUARTER_3", (2, 15)), ("QUARTER_4", (1, 15)))
        for measure, value in zip(("NUMERATOR", "DENOMINATOR"), values, strict=True)
    ]
    answer = answer_to(answers_of(*rows), "do_sub_committees_meet")
    assert answer.share == Share(Count(1), Count(15))
    assert next((group.group, group.share) for group in answer.groups) == ("third_quarter", Share(Count(2), Count(15)))


def test_the_forms_of_children_are_parts_of_the_children_and_not_of_themselves():
    rows = [
        row("PRT-01", "COUNT", value, age="Y0T17", form=form)
        for form, value in ((TOTAL, 110), ("BEGGING", 55), ("SEXUAL", 25))
    ]
    answer = answer_to(answers_of(*rows, row("PRT-01", "COUNT", 380)), "for_what_are_children_exploited")
    assert {group.group: group.share for group in answer.groups} == {
        "begging": Share(Count(55, 4), Count(110, 4)), "sexual_exploitation": Share(Count(25, 4), Count(110, 4)),
    }  # fmt: skip


def test_no_group_of_any_card_is_a_part_of_itself():
    for key, card in answer_cards().items():
        asked_for = card.answer
        if asked_for.part and asked_for.whole_of == (asked_for.indicator, asked_for.part):
            for name, at in card.of_whom.items():
                assert asked_for.groups_of is not None and asked_for.groups_of != {**asked_for.at, **at}, (key, name)


def test_a_median_names_its_interval_and_its_confidence():
    median = row("PRT-05", "MEDIAN", 125, method="DERIVED") | {"lower": 85.0, "upper": 165.0, "interval_method": "B"}
    answer = answer_to(answers_of(median), "how_fast_are_victims_identified")
    text = answer_sentences.figure_sentence(answer, Words.load("en"))
    assert text == (
        "The median time from first contact to formal identification is 125 days, for victims identified in 2025 "
        "(the true median lies between 85 and 165 with 95% confidence)."
    )
    open_ended = answer_to(answers_of(median | {"upper": float("nan")}), "how_fast_are_victims_identified")
    assert "85 or more" in answer_sentences.figure_sentence(open_ended, Words.load("en"))


def test_a_standard_is_said_with_its_source_its_day_and_what_would_show_it_met():
    words = Words.load("en")
    answer = answer_to(answers_of(*asked(155, 240)), ASKED)
    assert answer_sentences.standard_words(answer, words) == (
        "Standard: met from 90%, not met below 60% (A plan.; adopted 10 December 2025)"
    )
    assert answer_sentences.done_when(answer, words) == "Done when the share is at least 90%."
    charged = answer_to(answers_of(row("NCR-01", "NUMERATOR", 45), row("PRT-01", "COUNT", 380)), CHARGED)
    assert answer_sentences.done_when(charged, words) == "Done when the share is at most 5%."
    assert "met up to 5%, not met above 10%" in answer_sentences.standard_words(charged, words)
