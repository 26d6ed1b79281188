"""Lines around the rows that are none of them: notes, signatures, the day of a letter."""

from __future__ import annotations

import datetime

import pytest

from ingestion.cards.source_card import load_source
from ingestion.entry.row_checks import conform
from ingestion.files.reader import CellValue
from ingestion.tables.footnotes import is_dated_line, is_note
from tests.ingestion.workbooks import TODAY, case, cases, read, squared

DATED = (
    "حرر في 5/1/2025",
    "التاريخ: ٥/١/٢٠٢٥",
    "بتاريخ 5 كانون الثاني 2025",
    "التاريخ:    /   / 2025",
    "بەروار: ٥/١/٢٠٢٥",
    "لە ڕێکەوتی 5/1/2025",
    "Date: 5 January 2025",
    "Baghdad, 5/1/2025",
)


@pytest.mark.parametrize("text", DATED)
def test_the_day_of_a_letter_is_known_by_the_words_before_it(text: str):
    assert is_dated_line(text)
    assert is_note([None, text])


@pytest.mark.parametrize("text", ["5/1/2025", "التاريخ", "مادة 5/1", "في بغداد 12", "المادة 6 لسنة 2012", ""])
def test_a_day_alone_and_other_words_with_numbers_are_no_day_of_a_letter(text: str):
    assert not is_dated_line(text)


@pytest.mark.parametrize("day", [datetime.date(2025, 1, 5), "5/1/2025", "5 كانون الثاني 2025"])
def test_a_label_beside_a_day_is_a_note_and_a_governorate_beside_a_day_is_not(day: CellValue):
    assert is_note(["التاريخ:", None, day])
    assert not is_note(["البصرة", None, day])


@pytest.mark.parametrize("text", DATED)
def test_the_day_under_the_signature_is_no_row_of_a_sheet_without_a_total(text: str):
    grid = squared([*cases(case(1), case(2)), [], [None, None, "مدير الشعبة"], [None, None, text]])
    [table], findings = conform(read({"القضايا": grid}), load_source("iraq_interior_ministry"), TODAY)
    assert (table.rows_in, table.rows_landed) == (2, 2)
    assert {one.kind for one in findings} == {"table_missing"}
