"""What the ministry of the Kurdistan Region lists: victims of its own governorates, without tokens, in two layouts."""

from __future__ import annotations

from marsad.demonstration import ROUNDS
from samples import layouts
from samples.bodies.sight import KURDISTAN, LetterDelivery, Row, region_events
from samples.life.country import Country
from samples.views import deliveries


def _rows(sent: list[LetterDelivery]) -> list[Row]:
    return [row for one in sent if one.source == KURDISTAN for row in one.tables["region_victims"]]


def test_the_list_bears_no_token_so_that_no_row_stands_twice(sent: list[LetterDelivery]):
    numbers = [row["event_number"] for row in _rows(sent)]
    assert len(set(numbers)) == len(numbers)
    assert not any(row["person_token"] for row in _rows(sent))


def test_most_events_of_the_years_it_tells_of_are_listed(sent: list[LetterDelivery], invented: Country):
    years = {one.period_year for one in sent if one.source == KURDISTAN}
    true = [event for event in region_events(invented) if event["contact_date"].year in years]
    assert years == {2024, 2025}
    assert 0.7 < len(_rows(sent)) / len(true) < 0.9


def test_one_letter_brings_the_lists_of_several_years_and_with_them_the_first_victims_of_halabja(much_changed: Country):
    lists = [one for one in deliveries(much_changed) if one.source == KURDISTAN]
    assert len({one.letter_date for one in lists[:2]}) == 1
    assert [one.period_year for one in lists] == [2023, 2024, 2025]
    assert "IQG06Q05" in {row["governorate_code"] for one in lists[:2] for row in one.tables["region_victims"]}


def test_the_first_letter_comes_after_the_first_release_and_names_victims_of_halabja(sent: list[LetterDelivery]):
    first = next(one for one in sent if one.source == KURDISTAN)
    assert first.letter_date > ROUNDS[0]
    assert "IQG06Q05" in {row["governorate_code"] for row in first.tables["region_victims"]}


def test_headers_are_english_in_some_years_and_sorani_in_others():
    languages = {layouts.table_of("region_victims", year).language for year in range(2022, 2026)}
    assert languages == {"en", "ckb"}
