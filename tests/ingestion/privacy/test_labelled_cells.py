"""The floor under privacy at the door: recall and precision on the labelled set never fall below what was reached."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.ingestion.labelled_cells import (
    FOUND_AS,
    HALVES,
    LANGUAGES,
    Half,
    labelled_cells,
    score,
    wrong_answers,
)

NAMES = ("name_alone", "name_in_text")
GIVEN = ("given_name_alone", "given_name_in_text")
NUMBERS = sorted(FOUND_AS.keys() - {*NAMES, *GIVEN, "foreign_name", "harmless", "address"})


def test_the_set_is_large_and_each_kind_stands_in_each_language():
    cells = labelled_cells()
    assert len({cell.text for cell in cells}) >= 1_500
    counted = Counter((cell.kind, cell.language, cell.half) for cell in cells)
    kinds = FOUND_AS.keys() - {"foreign_name"}
    assert min(counted[kind, language, half] for kind in kinds for language in LANGUAGES for half in HALVES) >= 9
    assert sum(count for (kind, *_), count in counted.items() if kind == "harmless") >= 300


def test_the_halves_share_no_cell_but_bare_numbers():
    halves = [{cell.text for cell in labelled_cells() if cell.half == half} for half in HALVES]
    assert not halves[0] & halves[1]


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", NAMES)
def test_names_are_found_in_cells_and_in_sentences(kind: str, language: str, half: Half):
    reached = score(kind, half, (language,))
    assert reached.recall >= 0.98
    assert reached.precision >= 0.9


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", GIVEN)
def test_one_given_name_is_found_where_it_is_no_everyday_word(kind: str, language: str, half: Half):
    reached = score(kind, half, (language,))
    assert reached.recall >= (0.6 if language == "ckb" else 0.8)  # Kurdish names are words more often than not
    assert reached.precision >= 0.9


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("kind", NUMBERS)
def test_numbers_and_dates_that_identify_are_found(kind: str, half: Half):
    reached = score(kind, half)
    assert reached.recall >= 0.98
    assert reached.precision >= 0.98


@pytest.mark.parametrize("half", HALVES)
def test_foreign_names_and_addresses_are_found(half: Half):
    assert score("foreign_name", half).recall >= 0.9
    assert score("address", half).recall >= 0.98
    assert score("address", half).precision >= 0.98


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_places_offices_days_and_laws_pass(language: str, half: Half):
    assert score("harmless", half, (language,)).recall >= 0.95


def test_of_the_half_that_was_looked_at_nothing_is_left_but_what_is_known():
    wrong = [(cell, found) for cell, found in wrong_answers("looked_at") if cell.kind not in GIVEN]
    assert [cell.text for cell, _ in wrong] == ["کەیسەکە پەیوەندی بە هەنار کاروان هەیە"]


def test_of_the_given_names_that_were_looked_at_only_everyday_words_are_left():
    left = [cell.text.split() for cell, found in wrong_answers("looked_at") if cell.kind in GIVEN and not found]
    known = {"ملاك", "شهد", "لفتة", *["ڕووناک", "سازگار", "نیشتمان", "هەژار", "ژیان", "کاروان", "زانا", "ڕزگار"]}
    assert all(known & set(words) for words in left)
