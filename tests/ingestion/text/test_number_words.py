"""Numbers in words beside figures, and figures in mixed digits."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.cards.source_card import load_shape
from ingestion.tables.cell_values import reader_of
from ingestion.text.number_words import words_value
from ingestion.text.typed_numbers import parse_number
from tests.ingestion.tables.test_cell_values import HABITS
from tests.ingestion.text.test_typed_dates import SYSTEMS

FINE = reader_of("fine_iqd", load_shape("accused").fields["fine_iqd"], HABITS)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("خمسة عشر", 15),
        ("خمسة عشر مليون دينار", 15_000_000),
        ("خمسة وعشرون مليون دينار عراقي", 25_000_000),
        ("عشرة ملايين", 10_000_000),
        ("مليون دينار", 1_000_000),
        ("مليونا دينار", 1_000_000),
        ("مليونان", 2_000_000),
        ("مليون وخمسمائة ألف دينار", 1_500_000),
        ("ثلاثمئة ألف", 300_000),
        ("مائة وخمسون الف دينار فقط لا غير", 150_000),
        ("أحد عشر ألفا", 11_000),
        ("ألفان وأربعمئة", 2_400),
    ],
)
def test_words_are_worth_what_they_say(words: str, value: int):
    assert words_value(words) == value


@pytest.mark.parametrize("words", ["", "دينار", "خمسة قضايا", "زينب", "حسب القرار"])
def test_words_that_are_no_number_are_none(words: str):
    assert words_value(words) is None


@pytest.mark.parametrize("typed", ["(15) خمسة عشر", "١٥٬٠٠٠٬٠٠٠ خمسة عشر مليون دينار", "(15,000,000) خمسة عشر مليون"])
def test_a_figure_that_its_words_confirm_is_read(typed: str):
    assert FINE(typed).raw == (15 if "(15)" in typed else 15_000_000, "value")


@pytest.mark.parametrize("typed", ["(51) خمسة عشر", "(1-0-0000) خمسة عشر مليون", "000,000,15 خمسة عشر مليون دينار"])
def test_a_figure_that_its_words_deny_keeps_the_row_out(typed: str):
    assert FINE(typed) == ((None, "error"), "number_contradicts_words", True)


@pytest.mark.parametrize("typed", ["خمسة عشر مليون", "15 مليون؟", "15 قضية", "25-18", "3-5"])
def test_what_is_no_figure_is_not_guessed(typed: str):
    assert FINE(typed).kind in ("not_a_number", "number_contradicts_words")


@given(st.integers(0, 10**9), st.data())
def test_three_digit_systems_mixed_in_one_number_are_that_number(number: int, data: st.DataObject):
    group = data.draw(st.sampled_from([",", "٬", "،", ""]))
    plain = f"{number:,}".replace(",", group)
    typed = "".join(SYSTEMS[data.draw(st.integers(0, 2))][int(sign)] if sign.isdigit() else sign for sign in plain)
    assert parse_number(typed) == number
    assert parse_number(f"{typed}٫٥") == Decimal(number) + Decimal("0.5")
