"""What the caseload holds: assisted victims in the workbook of HTCDS, and nothing that a state body decides."""

from __future__ import annotations

from samples.bodies.sight import IOM, LetterDelivery, Row
from samples.layouts import HTCDS_COLUMNS, HTCDS_HEADINGS
from samples.life.country import Country, rows_of


def _rows(sent: list[LetterDelivery]) -> list[Row]:
    return [row for one in sent if one.source == IOM for row in one.tables["caseload"]]


def test_the_caseload_names_no_contact_with_the_state_and_no_decision(sent: list[LetterDelivery]):
    assert len(_rows(sent)) > 300
    assert not any({"contact_date", "identified_date", "case_token"} & set(row) for row in _rows(sent))


def test_its_victims_are_known_to_others_by_their_tokens_until_it_makes_its_own(
    sent: list[LetterDelivery], invented: Country
):
    """Those of the newest year bear tokens of another key, one a person."""
    event = {int(one["event_number"]): one for one in rows_of(invented.episodes)}
    said = {(row["person_token"], row["event_number"]) for row in _rows(sent) if row["person_token"]}
    own = {(text, number) for text, number in said if text.startswith("k02:")}
    assert {text for text, _ in said - own} <= set(invented.persons["person_token"])
    assert {event[number]["contact_date"].year for _, number in own} == {invented.last_year}
    persons = {(text, event[number]["person_number"]) for text, number in own}
    assert len(persons) == len({text for text, _ in persons}) == len({person for _, person in persons}) > 40


def test_every_column_that_is_filled_has_a_heading_of_the_standard_or_is_the_token():
    assert set(HTCDS_COLUMNS) <= set(HTCDS_HEADINGS.values())
    assert [heading for field, heading in HTCDS_HEADINGS.items() if not field] == ["Person Token"]
    assert {"First Name", "Birthdate", "Mobile Phone"} & set(HTCDS_COLUMNS) == set()
