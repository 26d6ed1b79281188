"""What the demo answers: a demand met in part, one not met, one not known, and a series that tells no direction."""

from __future__ import annotations

import pytest

from ingestion.home import Home
from reports.answers.demand_answers import demand_answers
from reports.answers.found_answers import Answer, answers_of
from reports.released import report_model
from tests.reports.answers.invented_answers import answer_to

pytestmark = pytest.mark.whole_home
FED, REGION = "IQ-FED", "IQ-KR"


@pytest.fixture(scope="module")
def answers(demo: Home) -> list[Answer]:
    return answers_of(report_model.load(demo))


def test_outside_of_the_region_two_demands_are_not_met_one_is_met_in_part_and_one_is_not_known(answers: list[Answer]):
    verdicts_of = {(answer.demand, answer.area): answer.verdicts for answer in demand_answers(answers)}
    federal = {"D1": ("not_met",), "D2": ("not_met",), "D3": ("partly_met",), "D4": ()}
    assert verdicts_of == {(demand, FED): verdicts for demand, verdicts in federal.items()} | {
        (demand, REGION): () for demand in federal
    }


@pytest.mark.parametrize(
    ("key", "verdict", "share"),
    [
        ("are_those_who_ask_admitted", "partly_met", 2 / 3),
        ("is_a_condition_imposed", "not_met", 1),
        ("are_victims_charged", "not_met", 1 / 8),
        ("are_persons_screened_before_a_penalty", "not_met", 1 / 4),
        ("is_a_non_punishment_clause_in_force", "not_met", None),
        ("do_agencies_report_on_time", "met", 1),
        ("does_the_central_committee_meet", "met", None),
        ("are_presumed_victims_identified", "partly_met", 2 / 3),
    ],
)
def test_each_figure_behind_an_answer_is_what_the_page_of_the_invented_country_says(
    answers: list[Answer], key: str, verdict: str, share: float | None
):
    answer = answer_to(answers, key)
    assert answer.verdicts == (verdict,)
    if share is not None:
        assert answer.share is not None
        assert answer.share.part.value / answer.share.whole.value == pytest.approx(share, abs=0.03)


def test_what_exposed_children_and_who_was_screened_is_recorded_by_no_agency(answers: list[Answer]):
    unknown = [answer for answer in answers if answer.card.demand == "D4" and answer.card.leads and answer.area == FED]
    assert [answer.unknown for answer in unknown] == ["field", "field"]


def test_the_register_that_counts_otherwise_silences_one_direction_and_tells_the_level(answers: list[Answer]):
    trained = answer_to(answers, "are_officials_trained")
    assert trained.direction.breaks == ("invented_trainings_2025",)
    assert (trained.way, trained.verdicts) == ("not_comparable", ("partly_met",))
    assert {answer.key for answer in answers if answer.direction.breaks == trained.direction.breaks} == {trained.key}
    assert answer_to(answers, "are_planned_activities_carried_out").way == "no_clear_change", "of the same register"
