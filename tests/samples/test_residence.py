"""What the Residence Directorate sends: measures against foreigners, some of them victims whom nobody screened."""

from __future__ import annotations

from samples.bodies.sight import RESIDENCE, LetterDelivery, Row
from samples.life.country import Country


def _rows(sent: list[LetterDelivery]) -> list[Row]:
    return [row for one in sent if one.source == RESIDENCE for row in one.tables["residence_measures"]]


def test_every_measure_is_against_a_foreigner_and_the_law_is_not_cited_before_it_was_made(sent: list[LetterDelivery]):
    assert not any(row["citizenship_code"] == "IRQ" for row in _rows(sent))
    cited = {row["measure_date"].year for row in _rows(sent) if row["law_code"]}
    assert cited == set(range(2018, 2026))


def test_some_of_the_foreigners_are_victims_and_most_of_these_were_not_screened(
    sent: list[LetterDelivery], invented: Country
):
    victims = set(invented.persons["person_token"])
    stopped = [row for row in _rows(sent) if row["person_token"] in victims]
    assert len(stopped) > 30
    assert sum(row["is_screened"] == "Y" for row in stopped) < len(stopped) / 2


def test_a_person_without_a_token_stands_in_the_register_too(sent: list[LetterDelivery]):
    without = [row for row in _rows(sent) if row["person_token"] is None]
    assert 0.02 < len(without) / len(_rows(sent)) < 0.15
