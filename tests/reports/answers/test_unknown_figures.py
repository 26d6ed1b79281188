"""What is not known stands by the agency that must send it; what nobody owes is one line of a region."""

from __future__ import annotations

from reports.answers.found_answers import Answer, Unknown
from reports.answers.unknown_figures import unknown_figures
from reports.questions.answer_card import answer_cards

DROPPED, PAID, SCREENED = "are_charges_dropped", "do_courts_award_compensation", "are_unaccompanied_children_screened"


def answer(key: str, unknown: Unknown, area: str = "IQ-FED") -> Answer:
    return Answer(key, answer_cards()[key], area, unknown=unknown)


def test_questions_that_wait_for_the_same_agency_for_the_same_reason_are_one_line():
    lines = unknown_figures([answer(SCREENED, "field"), answer(DROPPED, "field"), answer(PAID, "field")])
    assert [(line.reason, line.senders, [each.key for each in line.answers]) for line in lines] == [
        ("field", ("iraq_judicial_council",), [DROPPED, PAID]),
        ("field", ("task_force_activities",), [SCREENED]),
    ]
    assert len(unknown_figures([answer(DROPPED, "field"), answer(PAID, "file")])) == 2


def test_missing_agreements_of_a_region_are_one_line_with_its_agencies_and_the_leading_question_first():
    answers = [answer(key, "agreement", "IQ-KR") for key in (DROPPED, PAID, SCREENED)]
    (line,) = unknown_figures(answers)
    assert line.senders == ("kurdistan_judicial_council", "kurdistan_high_committee")
    assert [each.key for each in line.answers] == [SCREENED, DROPPED, PAID]


def test_what_no_letter_can_mend_is_in_no_line():
    reasons: list[Unknown] = ["", "gap", "withheld", "not_due", "earlier_release", "contradiction", "no_standard"]
    assert unknown_figures([answer(DROPPED, reason) for reason in reasons]) == []
