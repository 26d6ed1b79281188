"""Numbers and dates as readers of each language write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from languages import dates
from languages.numbers import digits, number, percent
from languages.words import Words


@pytest.mark.parametrize(
    ("value", "decimals", "latin", "arabic"),
    [
        (0, 0, "0", "٠"),
        (1234567, 0, "1,234,567", "١٬٢٣٤٬٥٦٧"),
        (1187.5, 1, "1,187.5", "١٬١٨٧٫٥"),
        (-12.5, 1, "\u221212.5", "\u061c\u2212١٢٫٥"),
        (2.5, 0, "3", "٣"),
        (0.285, 2, "0.29", "٠٫٢٩"),
    ],
)
def test_numbers_are_written_as_readers_write_them(value: float, decimals: int, latin: str, arabic: str):
    assert number(value, "latn", decimals=decimals) == latin
    assert number(value, "arab", decimals=decimals) == arabic


def test_per_cent_follows_the_number():
    assert percent(0.125, "latn", decimals=1) == "12.5%"
    assert percent(0.125, "arab", decimals=1) == "١٢٫٥٪"


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_an_arabic_number_is_the_latin_one_in_other_signs(value: int):
    back = str.maketrans("٠١٢٣٤٥٦٧٨٩٬", "0123456789,", "\u061c")
    assert number(value, "arab").translate(back) == number(value, "latn")
    assert int(number(value, "latn").replace(",", "").replace("\u2212", "-")) == value


def test_a_year_has_no_thousands_separator():
    assert dates.year(Words.load("en"), 2025) == "2025"
    assert dates.year(Words.load("ar"), "2025") == "٢٠٢٥"
    assert digits("2019–2025", "arab") == "٢٠١٩–٢٠٢٥"


def test_iraq_writes_its_own_month_names():
    assert dates.month(Words.load("en"), 1) == "January"
    assert dates.month(Words.load("ar"), 1) == "كانون الثاني"
    assert dates.month(Words.load("ar"), 10) == "تشرين الأول"
    assert dates.month(Words.load("ckb"), 1) == "کانوونی دووەم"
    assert dates.month(Words.load("ckb"), 12) == "کانوونی یەکەم"


@pytest.mark.parametrize("tag", ["en", "ar", "ckb"])
def test_every_language_has_twelve_different_months(tag: str):
    assert len({dates.month(Words.load(tag), month) for month in range(1, 13)}) == 12
