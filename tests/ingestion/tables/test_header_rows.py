"""Headers of one, two and three rows, merged or written once. Every value is made up."""

from __future__ import annotations

import pytest

from ingestion.cards.source_card import SourceCard, load_source
from ingestion.entry.file_check import examine
from ingestion.entry.row_checks import conform
from ingestion.tables.header_rows import find_header
from tests.ingestion.workbooks import TODAY, Grid, case, cases, csv, read, squared, victim, victims

CENTRES = {
    "السنة / الذكور / بالغ": {"sex_label": "Male", "age_label": "18 years or over"},
    "السنة / الذكور / حدث": {"sex_label": "Male", "age_label": "0 to 17 years"},
    "السنة / الإناث / بالغ": {"sex_label": "Female", "age_label": "18 years or over"},
    "السنة / الإناث / حدث": {"sex_label": "Female", "age_label": "0 to 17 years"},
}
TOP = ["ت", "المحافظة", "السنة", None, None, None]
MIDDLE = [None, None, "الذكور", None, "الإناث", None]
BOTTOM = [None, None, "بالغ", "حدث", "بالغ", "حدث"]
ROWS = [[1, "البصرة", 4, 1, 2, 0], [2, "ميسان", 3, "-", 5, 6]]


def by_sex_and_age() -> SourceCard:
    """A card of a table whose figures stand under three header rows."""
    council = load_source("iraq_judicial_council")
    table = council.tables["workload"].model_copy(
        update={
            "sheets": ["*"],
            "columns": {"المحافظة": "reporting_area", "السنوات": "reference_year"},
            "also_as": {"المحافظة": "governorate_code"},
            "cells": CENTRES,
            "sums": [],
            "required": ["المحافظة", *CENTRES],
        }
    )
    return council.model_copy(update={"tables": {"persons": table}})


def landed(grid: Grid, merged: list[tuple[int, int, int, int]] | None = None):
    [table], findings = conform(read({"x": grid}, merged=merged), by_sex_and_age(), TODAY)
    columns = table.columns
    places = zip(columns["row_number"], columns["sex_label"], columns["age_label"], columns["figure"], strict=True)
    return list(places), findings


EXPECTED = [
    (row, sex, age, figure)
    for row, figures in ((5, (4, 1, 2, 0)), (6, (3, None, 5, 6)))
    for (sex, age), figure in zip(
        [(one["sex_label"], one["age_label"]) for one in CENTRES.values()], figures, strict=True
    )
]


def test_three_header_rows_are_read_as_one_heading_from_the_group_down():
    found, findings = landed(squared([["جدول لسنة 2024"], TOP, MIDDLE, BOTTOM, *ROWS]))
    assert (findings, found) == ([], EXPECTED)


def test_merged_groups_are_those_of_their_columns():
    merged = [(2, 1, 4, 1), (2, 2, 4, 2), (2, 3, 2, 6), (3, 3, 3, 4), (3, 5, 3, 6)]
    found, findings = landed(squared([["جدول لسنة 2024"], TOP, MIDDLE, BOTTOM, *ROWS]), merged)
    assert (findings, found) == ([], EXPECTED)


def test_groups_may_be_written_in_every_column():
    full = [["ت", "المحافظة", *["السنة"] * 4], [None, None, "الذكور", "الذكور", "الإناث", "الإناث"], BOTTOM]
    found, findings = landed(squared([["جدول لسنة 2024"], *full, *ROWS]))
    assert (findings, found) == ([], EXPECTED)


def test_a_heading_of_three_parts_may_stand_in_one_row():
    found, findings = landed(squared([[], [], ["جدول لسنة 2024"], ["ت", "المحافظة", *CENTRES], *ROWS]))
    assert (findings, found) == ([], EXPECTED)


def test_a_lone_heading_may_stand_in_the_lowest_row():
    low = [[None, None, *TOP[2:]], MIDDLE, ["ت", "المحافظة", *BOTTOM[2:]]]
    found, findings = landed(squared([["جدول لسنة 2024"], *low, *ROWS]))
    assert (findings, found) == ([], EXPECTED)


def test_a_group_that_is_missing_refuses_with_each_heading_below_it():
    grid = squared([["جدول لسنة 2024"], TOP, [None, None, "الذكور", None, "آخرون", None], BOTTOM, *ROWS])
    tables, findings = conform(read({"x": grid}), by_sex_and_age(), TODAY)
    assert tables == []
    assert {one.arguments["expected"] for one in findings if one.kind == "header_missing"} == set(list(CENTRES)[2:])


@pytest.mark.parametrize("height", [1, 2, 3])
def test_the_rows_of_data_begin_below_the_header_whatever_its_height(height: int):
    headers = {1: [["ت", "المحافظة", *CENTRES]], 3: [TOP, MIDDLE, BOTTOM]}
    headers[2] = [[*TOP[:2], "السنة / الذكور", None, "السنة / الإناث", None], BOTTOM]
    [sheet] = read({"x": squared([["لسنة 2024"], *headers[height], *ROWS])}).sheets
    header = find_header(sheet, by_sex_and_age().tables["persons"])
    assert (header.row, header.height, header.first_data_row) == (1, height, 1 + height)
    assert list(header.columns.values()) == ["المحافظة", *CENTRES]
    assert header.running == [0]


def test_a_text_file_of_victims_with_a_misspelt_heading_is_not_taken_for_one_of_cases():
    grid = [["الجسس" if cell == "الجنس" else cell for cell in row] for row in victims(victim(1), victim(2))]
    answer = examine(csv(grid), "x.csv", "iraq_interior_ministry", today=TODAY)
    assert (answer.verdict, [one.kind for one in answer.findings]) == ("refused", ["header_missing"])
    [finding] = answer.findings
    assert (finding.cell, finding.arguments["nearest"]) == ("F3", "F")  # its letter: its words are not repeated


def test_a_text_file_of_cases_is_one_of_cases():
    answer = examine(csv(cases(case(1), case(2))), "x.csv", "iraq_interior_ministry", today=TODAY)
    assert (answer.verdict, [table.table for table in answer.tables]) == ("accepted", ["cases"])
