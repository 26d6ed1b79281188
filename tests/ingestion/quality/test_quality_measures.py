"""Data quality of a body: counts that add up, what was late and held back, what is asked; and nothing of a cell."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from ingestion.cards.source_card import load_shape, load_source, shape_names
from ingestion.home import Home
from ingestion.quality.quality_answers import answer
from ingestion.quality.quality_measures import REASONS, BodyQuality, quality_of
from ingestion.quality.quality_questions import QualityQuestion, ask_about_revisions
from ingestion.quality.quality_rows import fields_without_column, is_judged, rules
from ingestion.submissions import landing
from ingestion.submissions.receipts import Receipt
from languages.refusal import Refusal
from languages.words import Words
from tests.ingestion.workbooks import Grid, case, cases, token, victim, victims, xlsx

SOURCE = "iraq_interior_ministry"
TODAY = datetime.date(2025, 6, 1)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home").open()


def send(home: Home, sheets: Mapping[str, Grid], letter_date: datetime.date) -> None:
    path = home.root / "export.xlsx"
    path.write_bytes(xlsx(sheets))
    landing.receive(home, SOURCE, path, letter_date=letter_date, today=TODAY)
    landing.land(home, SOURCE)


def asked(home: Home, today: datetime.date = TODAY) -> BodyQuality:
    (quality,) = quality_of(home, [SOURCE], today)
    return quality


def questions(home: Home) -> list[QualityQuestion]:
    return [one.question for one in asked(home).questions]


def many(count: int, year: int = 2024, **other: object) -> Grid:
    """Victims of one year on days that no habit explains."""
    return victims(
        *[victim(number, date=f"{number % 27 + 2}/{number % 11 + 2}/{year}", age=str(19 + number % 31), **other)
          for number in range(1, count + 1)]
    )  # fmt: skip


def test_a_home_without_files_knows_that_everything_is_owed(home: Home):
    found = asked(home)
    assert {one.owed.period for one in found.deliveries} == {str(year) for year in range(2016, 2025)}
    assert found.in_time_share == 0
    assert (found.rows_in, found.variables, found.years, found.checks, found.questions) == (0, (), (), (), ())


def test_known_unknown_and_empty_cells_are_three_things(home: Home):
    rows = [victim(1), victim(2, sex="غير محدد"), victim(3, citizenship=None), victim(4, citizenship="غير محدد")]
    send(home, {"الضحايا": victims(*rows)}, datetime.date(2025, 2, 1))
    found = {one.field: one for one in asked(home).variables}
    sex, citizenship = found["sex_code"], found["citizenship_code"]
    assert (sex.records, sex.known, sex.stated_unknown, sex.empty) == (4, 3, 1, 0)
    assert (citizenship.known, citizenship.stated_unknown, citizenship.empty) == (2, 1, 1)
    assert (sex.known_share, sex.verdict) == (0.75, "poor")
    assert all(one.records == one.known + one.stated_unknown + one.empty for one in found.values())


def test_completeness_is_told_year_by_year_of_all_fields_that_are_judged(home: Home):
    send(home, {"الضحايا": victims(victim(1, date="3/4/2023"))}, datetime.date(2024, 2, 1))
    send(home, {"الضحايا": victims(victim(2), victim(3, sex=None, citizenship=None))}, datetime.date(2025, 2, 1))
    found = asked(home)
    judged = [one for one in found.variables if one.verdict != "none"]
    earlier, later = found.known_by_year
    assert [(one.shape, one.period) for one in (earlier, later)] == [("victims", "2023"), ("victims", "2024")]
    assert later.known_share < earlier.known_share <= 1
    known, records = sum(one.known for one in judged), sum(one.records for one in judged)
    assert (earlier.known_share + 2 * later.known_share) / 3 == pytest.approx(known / records, abs=1e-3)


def test_a_gap_where_many_records_have_nothing_to_say_is_not_judged(home: Home):
    send(home, {"الضحايا": victims(victim(1), victim(2))}, datetime.date(2025, 2, 1))
    found = {one.field: one for one in asked(home).variables}
    assert (found["charge_law_codes"].known, found["charge_law_codes"].verdict) == (0, "none")
    assert (found["contact_date"].known, found["contact_date"].verdict) == (2, "good")


def test_rows_held_back_are_counted_once_for_each_reason_and_add_up(home: Home):
    rows = [
        victim(1),
        victim(2, sex="عدد كثير"),
        victim(3, sex="كلمة أخرى", citizenship="كلمة ثالثة"),
        victim(4, date="1/2/2023"),
    ]
    send(home, {"الضحايا": victims(*rows, *[victim(number) for number in range(5, 9)])}, datetime.date(2025, 2, 1))
    found = asked(home)
    assert {one.reason: one.rows for one in found.held_back} == {"unknown_word": 2, "other_period": 1}
    assert (found.rows_in, found.rows_landed) == (8, 5)


def test_only_the_file_that_counts_is_judged(home: Home):
    bad = victims(victim(1), victim(2, sex="كلمة أخرى"))
    send(home, {"الضحايا": bad}, datetime.date(2025, 2, 1))
    send(home, {"الضحايا": victims(victim(1), victim(2))}, datetime.date(2025, 3, 20))
    found = asked(home)
    assert (found.rows_in, found.held_back) == (2, ())
    late = {one.owed.period: one for one in found.deliveries}["2024"]
    assert (late.sent_date, late.days_late) == (datetime.date(2025, 2, 1), 0)


def test_what_is_late_is_late_until_it_comes(home: Home):
    send(home, {"الضحايا": victims(victim(1))}, datetime.date(2025, 4, 20))
    found = {one.owed.period: one for one in asked(home).deliveries}
    assert found["2024"].days_late > 20
    assert found["2023"].sent_date is None
    later = {one.owed.period: one for one in asked(home, datetime.date(2025, 7, 1)).deliveries}
    assert later["2023"].days_late > found["2023"].days_late
    assert later["2024"].days_late == found["2024"].days_late


def test_a_year_between_two_others_that_never_came_is_no_member_of_the_series(home: Home):
    for year in (2019, 2020, 2022, 2023):
        send(home, {"الضحايا": many(40, year)}, datetime.date(year + 1, 2, 1))
    send(home, {"الضحايا": many(4, 2024)}, datetime.date(2025, 2, 1))
    years = {one.period: one for one in asked(home).years}
    assert set(years) == {"2019", "2020", "2022", "2023", "2024"}
    assert years["2024"].ratio is None
    assert not years["2024"].is_changed


def test_a_year_that_falls_apart_is_asked_about_and_marked(home: Home):
    for year, count in ((2020, 90), (2021, 95), (2022, 92), (2023, 91), (2024, 6)):
        send(home, {"الضحايا": many(count, year)}, datetime.date(year + 1, 2, 1))
    found = asked(home)
    assert [(one.rule, one.period) for one in questions(home) if one.rule == "jump"] == [("jump", "2024")]
    assert [one.period for one in found.years if one.is_changed] == ["2024"]


def test_a_variable_that_is_no_longer_recorded_is_asked_about(home: Home):
    for year in (2022, 2023):
        send(home, {"الضحايا": many(60, year)}, datetime.date(year + 1, 2, 1))
    send(home, {"الضحايا": many(60, 2024, citizenship=None)}, datetime.date(2025, 2, 1))
    lost = [one for one in questions(home) if one.rule == "less_known"]
    assert [(one.field, one.period, dict(one.shown)) for one in lost] == [
        ("citizenship_code", "2024", {"share": 0.0, "share_before": 1.0})
    ]


def test_dates_on_the_first_of_the_year_and_round_ages_are_asked_about(home: Home):
    rows = [victim(number, date="1/1/2024", age=str(20 + number % 9 * 5)) for number in range(1, 61)]
    send(home, {"الضحايا": victims(*rows)}, datetime.date(2025, 2, 1))
    assert {"first_of_half_year", "round_ages"} <= {one.rule for one in questions(home)}


def test_an_honest_file_is_asked_nothing(home: Home):
    send(home, {"الضحايا": many(120)}, datetime.date(2025, 2, 1))
    assert asked(home).questions == ()


def test_a_total_that_fails_at_the_door_is_a_question(home: Home):
    send(
        home, {"القضايا": cases(case(1), case(2), total=["المجموع", None, None, None, 2, 9])}, datetime.date(2025, 2, 1)
    )
    assert [(one.rule, dict(one.shown)) for one in questions(home)] == [("total_mismatch", {"count": 1})]


def corrected(number: int, added: int) -> Receipt:
    """A file that corrected a hundred records and added some."""
    counts = {"added": added, "gone": 0, "changed": 10, "unchanged": 90}
    return Receipt(
        source=SOURCE, sha256=f"{number:064d}", file_suffix=".xlsx", verdict="accepted", rows_in=100, rows_landed=100,
        rows_quarantined=0, kinds={}, letter_date="", letter_number="", received_at="2025-03-01", n=number,
        changes={"victims": {"2024": counts}},
    )  # fmt: skip


def test_a_correction_is_judged_by_the_corrections_that_the_house_has_seen():
    usual = [corrected(number, number % 8) for number in range(1, 31)]
    found = ask_about_revisions(SOURCE, [corrected(31, 60)], [*usual, corrected(31, 60)])
    assert [(one.rule, one.period, dict(one.shown)) for one in found] == [
        ("revised", "2024", {"before": 100, "value": 160})
    ]
    assert ask_about_revisions(SOURCE, [corrected(31, 3)], usual) == []
    assert ask_about_revisions(SOURCE, [corrected(31, 60)], usual[:10]) == []
    assert ask_about_revisions(SOURCE, [], usual) == []


def answered(home: Home, value: str, reason: str = "Both files of one case were registered.") -> None:
    [one] = asked(home).questions
    answer(home, [one], one.id, value=value, signed_by="statistics section", reason=reason, today=TODAY)


def test_an_answer_stays_with_the_figures_and_says_who_gave_it(home: Home):
    send(home, {"الضحايا": victims(victim(1), victim(2), victim(2))}, datetime.date(2025, 2, 1))
    answered(home, "explained")
    [one] = asked(home).questions
    assert (one.state, one.waits) == ("explained", False)
    told = asked(home).as_json()["questions"][0]["answer"]
    assert told == {"reason": "Both files of one case were registered.", "by": "statistics section", "at": "2025-06-01"}


def test_what_was_found_wrong_waits_until_another_file_comes_and_asks_anew(home: Home):
    send(home, {"الضحايا": victims(victim(1), victim(2), victim(2))}, datetime.date(2025, 2, 1))
    answered(home, "wrong")
    [one] = asked(home).questions
    assert (one.state, one.waits) == ("wrong", True)
    send(home, {"الضحايا": victims(victim(1), victim(2), victim(2), victim(3))}, datetime.date(2025, 3, 1))
    [anew] = asked(home).questions
    assert (anew.state, anew.question.rule) == ("open", one.question.rule)
    send(home, {"الضحايا": victims(victim(1), victim(2))}, datetime.date(2025, 4, 1))
    assert asked(home).questions == ()


def test_an_answer_is_one_of_two_and_has_a_reason(home: Home):
    send(home, {"الضحايا": victims(victim(1), victim(2), victim(2))}, datetime.date(2025, 2, 1))
    with pytest.raises(Refusal, match="decision_unfit"):
        answered(home, "seen")
    with pytest.raises(Refusal, match="reason_missing"):
        answered(home, "explained", reason=" ")
    with pytest.raises(Refusal, match="quality_question_unknown"):
        answer(home, asked(home).questions, "abc", value="wrong", signed_by="section", reason="as counted")
    assert not home.decisions.exists()


def test_the_answer_holds_nothing_that_stands_in_a_cell_and_is_the_same_each_time(home: Home):
    rows = [victim(number, sex="كلمة أخرى" if number == 7 else "أنثى") for number in range(1, 40)]
    send(home, {"الضحايا": victims(*rows)}, datetime.date(2025, 2, 1))
    answer = json.dumps(asked(home).as_json(), ensure_ascii=False, sort_keys=True)
    assert answer == json.dumps(asked(home).as_json(), ensure_ascii=False, sort_keys=True)
    for value in (token(1), token(1, "case"), "كلمة أخرى", "أنثى", "IQG07", "FORCED_BEGGING", "2024-07-30"):
        assert value not in answer


def test_columns_that_a_body_does_not_have_are_told_unless_its_card_fills_them():
    assert fields_without_column(load_source(SOURCE), "victims") == []
    region = load_source("kurdistan_interior_ministry")
    assert fields_without_column(region, "victims") == ["person_token", "act_codes", "means_codes"]


def test_every_rule_is_about_a_field_that_there_is():
    fields = {f"{shape}.{name}": field for shape in shape_names() for name, field in load_shape(shape).fields.items()}
    assert set(rules().applies) <= set(fields)
    conditions = [(place.split(".")[0], one) for place, one in rules().applies.items() if one.field]
    assert {f"{shape}.{one.field}" for shape, one in conditions} <= set(fields)
    assert set(rules().whole_months) | set(rules().least_age) <= set(shape_names())
    assert is_judged(load_source(SOURCE), "victims", "sex_code")


def test_every_reason_is_about_kinds_that_the_door_utters():
    words = Words.load("en")
    assert {kind for kinds in REASONS.values() for kind in kinds if f"finding.{kind}" not in words} == set()
    assert len({kind for kinds in REASONS.values() for kind in kinds}) == sum(len(kinds) for kinds in REASONS.values())
