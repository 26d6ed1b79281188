"""Ordinary words and their inflections: no name of any list becomes one, whatever is written onto it."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingestion.personal import name_lexicon
from ingestion.personal.ordinary_words import (
    PREFIXES,
    SUFFIXES,
    gathered_words,
    is_ordinary_in_lower_case,
    is_ordinary_word,
    typed_words,
)


@cache
def names() -> list[str]:
    """Return every name of every list in Arabic letters that no person put among the ordinary words."""
    found = {name_lexicon.fold_word(word) for word in name_lexicon.listed_names()}
    return sorted(word for word in found if len(word) > 2 and " " not in word and not is_ordinary_word(word))


@example("حسن", "و", "")
@example("سم", "با", "")
@given(st.sampled_from(names()), st.sampled_from(["", *PREFIXES]), st.sampled_from(["", *SUFFIXES]))
def test_no_inflection_makes_an_ordinary_word_of_a_name(name: str, prefix: str, suffix: str):
    word = prefix + name + suffix
    is_typed = any(word.removeprefix(head) in typed_words() for head in ("", *PREFIXES))
    assert is_typed or word in gathered_words() or not is_ordinary_word(word)


@pytest.mark.parametrize(
    "word", ["باسم", "وسام", "كمال", "بدر", "وليد", "كيان", "ليان", "بهاء", "فادي", "والسيف", "كريمه"]
)
def test_a_name_that_looks_like_an_inflected_word_is_no_ordinary_word(word: str):
    assert not is_ordinary_word(name_lexicon.fold_word(word))


@pytest.mark.parametrize(
    "word",
    [
        "والقضايا", "بالمحكمة", "للضحايا", "قضيتها", "ضحيتين", "المتهمون", "المحاكم", "وزارات", "كالاستغلال", "فالشكوى",
        "دادگاکان", "قوربانییەکان", "cases", "victims", "courts",
    ],
)  # fmt: skip
def test_an_inflected_word_is_ordinary(word: str):
    assert is_ordinary_word(name_lexicon.fold_word(word))


@pytest.mark.parametrize("word", ["", "ال", "و", "زرياب", "kovalchuk", "محمد", "علي", "grace", "بن", "عبدالزهره"])
def test_a_name_a_particle_and_an_unknown_word_are_not(word: str):
    assert not is_ordinary_word(word) or word == "و"


def test_some_words_are_ordinary_without_a_capital_only():
    assert is_ordinary_in_lower_case("will")
    assert not is_ordinary_in_lower_case("Will")
    assert not is_ordinary_word("will")


@pytest.mark.parametrize("word", sorted(name_lexicon._PROGRAMS))  # pyright: ignore[reportPrivateUsage]
def test_a_program_that_is_known_without_the_lists_of_names_stands_on_none(word: str) -> None:
    assert not name_lexicon.is_on_name_list(word)
    assert name_lexicon._latin_counts_of(word) == (0, 0, 0)  # pyright: ignore[reportPrivateUsage]
