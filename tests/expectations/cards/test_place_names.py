"""A place is known by its name in each language wherever its code is asked for."""

from __future__ import annotations

import pytest

from expectations.cards import areas
from expectations.cards.place_names import area_of
from languages.words import Words, languages

PLACES = (areas.COUNTRY, *areas.REGIONS, *areas.all_leaves())


@pytest.mark.parametrize("tag", languages())
def test_every_place_is_known_by_its_name(tag: str) -> None:
    words = Words.load(tag)
    assert {code: area_of(words.label("area", code)) for code in PLACES} == {code: code for code in PLACES}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("IQG08", "IQG08"),
        ("iqg08", "IQG08"),
        ("baghdad", "IQG08"),
        ("بغداد", "IQG08"),
        ("الموصل", "IQG15"),
        ("Halabja", "IQG06Q05"),
        ("country", "country"),
        ("Atlantis", "Atlantis"),
        ("unknown", "unknown"),
        ("", ""),
    ],
)
def test_a_name_is_read_as_senders_spell_it_and_what_is_none_stays_as_it_was(typed: str, code: str) -> None:
    assert area_of(typed) == code
