"""A sentence that names a person passes in no place of a template of the house."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from languages.words import languages
from tests.ingestion.doors.planted_templates import (
    PLACES,
    all_texts,
    cells_of,
    filled,
    our_sentences,
    passes_beside,
    passes_in_cell,
    planted,
    receivers,
    verdict,
)

STEP = 3  # every third cell, in one template the first ones, in the next the second ones
MINISTRY = "iraq_interior_ministry"
NAMES = {
    "ar": ["علي حسن", "حسن علي", "صالح عمر", "علي صالح", "كريم عادل", "ناصر سالم", "امين رشيد"],
    "ckb": ["عەلی حەسەن", "ئازاد عومەر", "هیوا ساڵح", "دیار ئاوات"],
    "en": ["Ali Hassan", "Hope Grace", "Will Mark", "Omar Salih"],
}
"""Given names in pairs, some of which are words too."""


@pytest.mark.parametrize("language", languages())
def test_a_filled_template_in_which_nothing_was_planted_is_accepted(language: str):
    assert verdict(MINISTRY, filled(MINISTRY, language)) == "accepted"


@pytest.mark.parametrize("place", PLACES)
def test_a_name_in_a_place_of_a_template_does_not_pass(place: str):
    language = languages()[list(PLACES).index(place) % len(languages())]
    assert verdict(MINISTRY, planted(MINISTRY, language, place, "المتهم هو علي حسن من بغداد")) != "accepted"


@given(data=st.data())
@settings(max_examples=40)
def test_a_name_within_a_sentence_of_our_own_does_not_pass_in_a_template(data: st.DataObject):
    language = data.draw(st.sampled_from(languages()))
    told = data.draw(st.sampled_from(our_sentences(language))).split()
    where = data.draw(st.integers(0, len(told)))
    text = " ".join([*told[:where], data.draw(st.sampled_from(NAMES[language])), *told[where:]])
    assert not passes_beside(MINISTRY, language, text)
    sheet, cell = data.draw(st.sampled_from(cells_of(MINISTRY, language)))
    assert not passes_in_cell(MINISTRY, language, sheet, cell, text, replaced=True)


@pytest.mark.whole_home
@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", receivers())
def test_no_place_of_any_template_lets_a_name_in(name: str, language: str):
    assert verdict(name, filled(name, language)) == "accepted"
    texts = itertools.cycle(all_texts())
    for place in PLACES:
        text = next(texts)
        assert verdict(name, planted(name, language, place, text)) != "accepted", (place, text)


@pytest.mark.whole_home
@pytest.mark.parametrize("name", receivers())
def test_no_cell_in_three_of_the_guidance_or_the_lists_of_any_template_lets_a_name_in(name: str):
    language = languages()[list(receivers()).index(name) % len(languages())]
    texts = itertools.cycle(["المتهم هو علي حسن من بغداد", *all_texts()])
    start = list(receivers()).index(name) % STEP
    for number, (sheet, cell) in enumerate(cells_of(name, language)[start::STEP]):
        text, replaced = next(texts), bool(number % 2)
        assert not passes_in_cell(name, language, sheet, cell, text, replaced=replaced), (sheet, cell, text)
