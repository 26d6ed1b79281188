"""Folding for matching, and numbers in three digit systems."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.text.folding import clean, fold, nearest_word
from ingestion.text.typed_numbers import parse_number

DIGIT_SYSTEMS = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("الأنبار", "الانبار"),
        ("البصرة", "البصره"),
        ("ديالى", "ديالي"),
        ("دهوك", "دهۆک"),
        ("كركوك", "کرکوک"),
        ("القـــادسية", "القادسية"),
        ("بَغْدَاد", "بغداد"),
        ("بغداد", "\u200fبغداد\u200c "),
        ("بغداد", "ﺑﻐﺪﺍﺩ"),
        ("بغداد/الرصافة", "بغداد / الرصافة"),
        ("رمز  القضية:", "رمز القضية"),
        ("Female", "FEMALE"),
    ],
)
def test_two_spellings_of_one_word_fold_to_the_same(left: str, right: str):
    assert fold(left) == fold(right)


@pytest.mark.parametrize(
    ("left", "right"), [("تشرين الأول", "تشرين الثاني"), ("ذكر", "أنثى"), ("بابل", "كربلاء"), ("الحلة", "الكوت")]
)
def test_two_words_do_not_fold_to_the_same(left: str, right: str):
    assert fold(left) != fold(right)


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text: str):
    assert fold(fold(text)) == fold(text)


@given(st.integers(min_value=0, max_value=10**12), st.sampled_from(DIGIT_SYSTEMS), st.booleans())
def test_a_number_is_the_same_in_every_digit_system_grouped_or_not(number: int, digits: str, grouped: bool):
    typed = f"{number:,}" if grouped else str(number)
    typed = typed.translate(str.maketrans(DIGIT_SYSTEMS[0] + ",", digits + ("," if digits[0] == "0" else "٬")))
    assert parse_number(typed) == number


@pytest.mark.parametrize(("typed", "number"), [("1,757", 1757), ("١٢٫٥", Decimal("12.5")), ("-3", -3), (" 7 ", 7)])
def test_numbers_as_typed(typed: str, number: Decimal | int):
    assert parse_number(typed) == number


@pytest.mark.parametrize("typed", ["5,5", "1,75", "12-0-0000", "عشرة", "", "1.2.3", "(5)"])
def test_what_is_no_number_is_not_guessed(typed: str):
    assert parse_number(typed) is None


def test_cleaning_keeps_the_letters_as_typed():
    assert clean(" \u200fديالى\u00a0 الخالص ") == "ديالى الخالص"


def test_the_nearest_known_word_is_named_and_none_where_nothing_is_near():
    assert nearest_word("رمز القضبة", ["رمز القضية", "المحافظة"]) == "رمز القضية"
    assert nearest_word("رمز المتهم", ["رمز القضية", "المحافظة"]) == ""  # a shared word alone is nothing
    assert nearest_word("xyz", ["المحافظة"]) == ""
