"""What the caseload holds: assisted victims in the workbook of HTCDS, and nothing that a state body decides."""

from __future__ import annotations

from samples.bodies.sight import IOM, LetterDelivery, Row
from samples.layouts import HTCDS_COLUMNS, HTCDS_HEADINGS
from samples.life.country import Country


def _rows(sent: list[LetterDelivery]) -> list[Row]:
    return [row for one in sent if one.source == IOM for row in one.tables["caseload"]]


def test_the_caseload_names_no_contact_with_the_state_and_no_decision(sent: list[LetterDelivery]):
    assert len(_rows(sent)) > 300
    assert not any({"contact_date", "identified_date", "case_token"} & set(row) for row in _rows(sent))


def test_its_victims_are_known_to_others_by_their_tokens(sent: list[LetterDelivery], invented: Country):
    tokens = {row["person_token"] for row in _rows(sent)} - {None}
    assert tokens <= set(invented.persons["person_token"])


def test_every_column_that_is_filled_has_a_heading_of_the_standard_or_is_the_token():
    assert set(HTCDS_COLUMNS) <= set(HTCDS_HEADINGS.values())
    assert [heading for field, heading in HTCDS_HEADINGS.items() if not field] == ["Person Token"]
    assert {"First Name", "Birthdate", "Mobile Phone"} & set(HTCDS_COLUMNS) == set()
