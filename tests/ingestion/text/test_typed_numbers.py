"""A number is read as everybody would read it, or it waits; an error of the spreadsheet is never a blank."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.cards.source_card import FieldCard
from ingestion.entry.file_check import examine
from ingestion.tables.cell_values import Habits, reader_of
from ingestion.text.typed_numbers import decimal_sign_of, number_in, parse_number
from tests.ingestion.workbooks import TODAY, case, cases, csv, victim, victims, xlsx

MINISTRY = "iraq_interior_ministry"


def read(value: object, kind: str, column: Sequence[object] = (), **card: object):
    habits = Habits(today=TODAY, words={}, decimal_sign=decimal_sign_of([value, *column]))
    return reader_of("field", FieldCard(type=kind, **card), habits)(value)


@pytest.mark.parametrize(
    ("typed", "column", "number"),
    [
        ("12.000", [], None),
        ("١٢٫٠٠٠", [], None),
        ("۱۲٫۰۰۰", [], None),
        ("1.500", ["3", "17"], None),
        ("12.000", ["1.234.567"], 12000),
        ("12.000", ["1.234,5"], 12000),
        ("12.000", ["1234,5"], 12000),
        ("12.000", ["12.5"], 12),
        ("12.000", ["1,234,567"], 12),
        ("12.000", ["12.5", "1.234.567"], None),
        ("1.234.567", [], 1_234_567),
        ("١٫٢٣٤٫٥٦٧", [], 1_234_567),
        ("1.234.567", ["12.5"], 1_234_567),
        ("1,757", [], 1757),
        ("١٬٧٥٧", [], 1757),
        ("1،757", [], 1757),
        ("1,757", ["1.234.567"], None),
        ("1,757", ["12,5", "12.5"], None),
        ("1,234,567", ["12,5"], 1_234_567),
        ("17.0", [], 17),
        ("١٧٫٠٠", [], 17),
        ("17,0", [], 17),
        ("0,125", [], None),
        ("0.000", [], 0),
        ("012.000", [], 12),
        ("1234.000", [], 1234),
        ("1\u202f757", [], 1757),
        ("1\u00a0757", [], 1757),
        ("1\u2009757\u2009000", [], 1_757_000),
        ("1\u00a07", [], None),
        ("12 000", [], None),
        ("\u22125", [], -5),
        ("\u061c\u22125", [], -5),
        ("1.2E+03", [], None),
        ("1.2 × 10³", [], None),
        ("1,2·10^3", [], None),
        ("1.2e3", [], None),
        ("10³", [], None),
        ("5²", [], None),
        ("½", [], None),
        ("①", [], None),
        ("<10³", [], None),
        ("(5)", [], None),
        ("5-", [], None),
        ("5%", [], None),
        ("1'757", [], None),
        ("12.0.00", [], None),
        ("1.23.456", [], None),
        ("1,234.567.890", [], None),
    ],
)
def test_a_count_is_read_as_everybody_reads_it_or_waits(typed: str, column: list[str], number: int | None):
    reading = read(typed, "integer", column)
    assert reading.raw == ((number, "value") if number is not None else (None, "error"))
    assert reading.is_bad is (number is None)


def test_what_may_be_read_in_two_ways_is_told_by_its_own_kind():
    assert read("12.000", "integer").kind == "number_ambiguous"
    assert read("1.500", "decimal").kind == "number_ambiguous"
    assert read("1,500", "decimal").kind == "number_ambiguous"
    assert read("1,757", "integer", ["12,5", "12.5"]).kind == "number_ambiguous"
    assert read("1,757", "integer", ["12,5"]).kind == "not_a_number"
    assert read("12.5", "integer").kind == "not_a_number"


@pytest.mark.parametrize(
    ("typed", "column", "number"),
    [
        ("1.500", ["2.25"], 1.5),
        ("1,500", ["2,25"], 1.5),
        ("1.500", ["2,25"], 1500),
        ("0.125", [], 0.125),
        ("2,5", [], 2.5),
    ],
)
def test_a_decimal_is_read_by_the_style_of_its_column(typed: str, column: list[str], number: float):
    assert read(typed, "decimal", column).raw == (number,)


@pytest.mark.parametrize("value", [12.345, 1.5, 12.0, 1e3, 1234.567])
def test_a_number_of_the_sheet_itself_is_never_ambiguous(value: float):
    assert read(value, "decimal").raw == (value,)


@given(st.integers(-(10**9), 10**9), st.sampled_from([".", ",", "٬", "٫", "،", "\u00a0", "\u202f"]))
def test_no_grouping_gives_another_number(number: int, sign: str):
    typed = f"{number:,}".replace(",", sign)
    assert parse_number(typed) in (None, number)
    assert number_in(typed, decimal_sign_of([typed])) in (None, number)


@given(st.integers(0, 10**6), st.integers(0, 999), st.sampled_from([".", ",", "٫"]))
def test_a_decimal_with_three_digits_is_never_read_in_thousands_of_its_own_column(whole: int, part: int, sign: str):
    column = [f"{whole}{sign}{part:03}", f"{whole}{sign}25"]
    assert number_in(column[0], decimal_sign_of(column)) == Decimal(f"{whole}.{part:03}")


@pytest.mark.parametrize(
    ("cell", "age"), [("17.0", 17), ("17.00", 17), ("١٧٫٠", 17), ("2007.0", None), ("17.000", None), ("1²", None)]
)
def test_an_age_with_a_decimal_of_zero_is_that_age(cell: str, age: int | None):
    assert read(cell, "age").raw[0] == age
    assert read(cell, "age").is_bad is (age is None and cell != "2007.0")


@pytest.mark.parametrize("kind", ["age", "date", "year", "integer", "decimal", "token", "label", "citation"])
@pytest.mark.parametrize("cell", ["#REF!", "#N/A", "#NAME?", "#SPILL!", "#DIV/0!", "Err:502", "#####"])
def test_an_error_is_a_finding_in_every_field_and_no_blank(kind: str, cell: str):
    reading = read(cell, kind)
    assert reading.kind == "cell_error"
    assert reading.is_bad is (kind != "integer")  # a count has a mark of its own for it


@pytest.mark.parametrize("codes", ["sex", "governorate", "citizenship"])
def test_an_error_is_no_code(codes: str):
    assert read("#REF!", "code", codes=codes).kind == "cell_error"
    assert read("#REF!", "codes", codes=codes).kind == "cell_error"


@pytest.mark.parametrize("kind", ["age", "date", "year", "integer", "decimal", "token", "label", "citation"])
@pytest.mark.parametrize("cell", [True, False])
def test_a_truth_is_a_finding_in_every_field(kind: str, cell: bool):
    reading = read(cell, kind)
    assert (reading.kind, reading.is_bad) == ("truth_value", True)


COLUMNS = dict(zip(["case", "date", "governorate", "person", "sex", "age", "citizenship", "exploitation", "charge"], "BCDEFGHIJ", strict=True))  # fmt: skip  # noqa: E501


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("value", [True, False, "#REF!", "#N/A"])
def test_a_truth_or_an_error_in_any_column_is_told_at_its_cell(column: str, value: bool | str):
    data = xlsx({"الضحايا": victims(victim(1), victim(2, **{column: value}), victim(3))})
    examined = examine(data, "x.xlsx", MINISTRY, today=TODAY)
    found = [one for one in examined.findings if one.kind in ("truth_value", "cell_error", "unknown_code")]
    assert (examined.verdict, examined.rows_landed) == ("accepted", 2)
    assert [(one.severity, one.cell) for one in found] == [("quarantine", f"{COLUMNS[column]}5")]


def test_a_column_of_a_text_file_proves_how_its_numbers_are_grouped():
    grid = cases(case(1, accused="1.500"), case(2, accused="1.234.567"), case(3, accused="7"))
    examined = examine(csv(grid, delimiter=","), "x.csv", MINISTRY, today=TODAY)
    assert [(one.kind, one.cell) for one in examined.findings] == [("out_of_range", "E5")]
    assert examined.tables[0].columns["accused_count"] == [1500, 7]
    ambiguous = examine(csv(cases(case(1, accused="12.000"), case(2))), "x.csv", MINISTRY, today=TODAY)
    assert [(one.severity, one.kind, one.cell) for one in ambiguous.findings] == [("quarantine", "number_ambiguous", "E4")]  # fmt: skip  # noqa: E501
    assert ambiguous.rows_quarantined == 1
