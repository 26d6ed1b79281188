"""What a release answers: figures with their marks and coverage, or why there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports.questions import question_card
from reports.questions.question_answers import QuestionAnswer, answers
from reports.questions.question_card import parse_card
from reports.released.released_figures import ReleasedFigures
from tests.reports.exchange.invented import DIMENSIONS, Row, release, row

HEAD = "reference: a treaty\ncaveats: []\nquestions:\n  asked:\n    - "
SHARE = {"measure": "SHARE", "disclosure_method": "DERIVED"}
ROWS = (
    row("PRT-02", 50, reports_received_count="1", reports_expected_count="3"),
    row("PRT-02", None, area="IQ"),
    row("PRT-02", 0, sex="M"),
    row("PRT-02", 0, sex="_U", disclosure_method="EXACT_11"),
    row("PRT-02", None, sex="F", obs_status="Q", disclosure_method="WITHHELD"),
    row("PRT-02", 5, form="SEXUAL"),
    row("PRT-02", 10, form="BEGGING"),
    row("PRT-08", 0, measure="NUMERATOR"),
    row("PRT-08", 40, measure="DENOMINATOR"),
    row("PRT-08", 0, **SHARE),
)


def _answers(root: Path, asked: str, rows: tuple[Row, ...] = ROWS) -> list[QuestionAnswer]:
    return answers(parse_card("treaty", HEAD + asked + "\n"), ReleasedFigures(release(root, rows)))


@pytest.mark.parametrize(
    ("asked", "states"),
    [
        ("{indicator: PRT-02}", {"IQ": "missing", "IQ-FED": "figure"}),
        ("{indicator: PRT-02, at: {sex: M}}", {"IQ-FED": "low"}),
        ("{indicator: PRT-02, at: {sex: _U}}", {"IQ-FED": "zero"}),
        ("{indicator: PRT-02, at: {sex: F}}", {"IQ-FED": "withheld"}),
        ("{indicator: PRT-08, measure: SHARE}", {"IQ-FED": "low"}),
        ("{indicator: PRT-02, at: {sex: F, age: Y0T17}}", {"": "not_released"}),
        ("{indicator: PRT-02, measure: SHARE}", {"": "not_released"}),
        ("{indicator: PRT-02, each: citizenship}", {"": "not_released"}),
        ("{indicator: PRT-02, each: cust_breakdown}", {"": "not_released"}),
        ("{indicator: PRS-18}", {"": "no_indicator"}),
        ("{gap: urban_rural}", {"": "gap"}),
    ],
)
def test_missing_withheld_zero_and_rounded_to_zero_are_kept_apart_and_gaps_are_named(
    tmp_path: Path, asked: str, states: dict[str, str]
):
    assert {one.area: one.state for one in _answers(tmp_path, asked)} == states


@pytest.mark.parametrize(
    ("asked", "state"),
    [
        ("{indicator: PRS-14}", "never"),
        ("{indicator: PRT-02, at: {sex: M, form: SEXUAL}}", "never"),
        ("{indicator: PRT-02, at: {sex: M, form: BEGGING}}", "not_released"),
        ("{indicator: PRS-13}", "no_indicator"),
    ],
)
def test_what_never_leaves_is_told_from_what_nobody_has_built(tmp_path: Path, asked: str, state: str):
    never = [{"sex": "M", "form": "SEXUAL"}, {"indicator": "PRS-14"}]
    figures = ReleasedFigures(release(tmp_path, ROWS, protection={"never": never}))
    assert [one.state for one in answers(parse_card("treaty", f"{HEAD}{asked}\n"), figures)] == [state]


def test_an_answer_carries_the_row_as_it_was_released(tmp_path: Path):
    [figure] = [one for one in _answers(tmp_path, "{indicator: PRT-02}") if one.state == "figure"]
    assert (figure.year, figure.released["obs_value"], figure.released["unit_measure"]) == ("2024", "50", "VICTIM")
    assert (figure.released["reports_received_count"], figure.released["reports_expected_count"]) == ("1", "3")


def test_each_gives_one_row_for_every_code_that_is_released(tmp_path: Path):
    found = _answers(tmp_path, "{indicator: PRT-02, each: form}")
    assert [(one.codes, one.released["obs_value"]) for one in found] == [
        ({"form": "SEXUAL"}, "5"),
        ({"form": "BEGGING"}, "10"),
    ]


def test_without_a_measure_every_released_one_answers(tmp_path: Path):
    found = _answers(tmp_path, "{indicator: PRT-08}")
    assert [one.measure for one in found] == ["DENOMINATOR", "NUMERATOR", "SHARE"]


def test_dimensions_that_a_release_has_not_are_no_failure_and_new_ones_are_totals(tmp_path: Path):
    asked = "{indicator: PRT-02, at: {citizenship: IRQ}}"
    few = tuple(name for name in DIMENSIONS if name != "citizenship")
    old = ReleasedFigures(release(tmp_path / "old", ROWS, dimensions=few))
    assert [one.state for one in answers(parse_card("treaty", f"{HEAD}{asked}\n"), old)] == ["not_released"]
    grown = [{**one, "cust_breakdown": "_T"} for one in ROWS] + [row("PRT-02", 5, cust_breakdown="C01")]
    new = ReleasedFigures(release(tmp_path / "new", grown, dimensions=(*DIMENSIONS, "cust_breakdown")))
    found = answers(parse_card("treaty", f"{HEAD}{{indicator: PRT-02}}\n"), new)
    assert [one.released["obs_value"] for one in found] == ["", "50"]


@pytest.mark.parametrize("treaty", question_card.treaties())
def test_every_row_of_every_card_is_answered_or_named_as_a_gap(treaty: str, tmp_path: Path):
    found = answers(question_card.load(treaty), ReleasedFigures(release(tmp_path, ROWS)))
    asked = {(name, place) for name, rows in question_card.load(treaty).questions.items() for place in range(len(rows))}
    assert {(one.question, one.row) for one in found} == asked


@pytest.mark.parametrize("asked", ["{indicator: PRT-08, at: {sex: F}}", "{indicator: PRT-08, each: form}"])
def test_a_breakdown_that_no_measure_has_is_one_gap_and_not_one_a_measure(tmp_path: Path, asked: str):
    (gap,) = _answers(tmp_path, asked)
    assert (gap.state, gap.indicator, gap.area) == ("not_released", "PRT-08", "")


def test_a_breakdown_that_one_measure_has_is_answered_by_it_and_is_no_gap(tmp_path: Path):
    rows = (*ROWS, row("PRT-08", 25, measure="NUMERATOR", sex="F"))
    given = _answers(tmp_path, "{indicator: PRT-08, at: {sex: F}}", rows)
    assert [(answer.measure, answer.state) for answer in given] == [("NUMERATOR", "figure")]


def test_a_gap_names_the_breakdown_that_was_asked(tmp_path: Path):
    (by_code,) = _answers(tmp_path / "at", "{indicator: PRT-08, at: {sex: F}}")
    (by_each,) = _answers(tmp_path / "each", "{indicator: PRT-08, at: {sex: F}, each: form}")
    assert (by_code.codes, by_code.by) == ({"sex": "F"}, "")
    assert (by_each.codes, by_each.by) == ({"sex": "F"}, "form")
