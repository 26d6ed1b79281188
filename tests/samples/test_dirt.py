"""The dial: seeded, as strong as asked, and a record that tells each place it touched."""

from __future__ import annotations

import io

import openpyxl
import pytest

from samples.workbooks import file_content
from tests.dirt.defects import Defect
from tests.dirt.dial import Dial
from tests.dirt.record import DirtyFile
from tests.ingestion.dirty_files import MADE_HERE, random_file, small_country, small_deliveries


def _cells(content: bytes, sheet: str, row: int) -> list[object]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [cell.value for cell in book[sheet][row]]


def _workbooks(count: int) -> list[DirtyFile]:
    files = [random_file(number)[1] for number in range(count)]
    return [file for file in files if file.name.endswith(".xlsx")]


@pytest.mark.parametrize("strength", [0.0, 0.3])
def test_the_same_dial_gives_the_same_file(strength: float):
    dial = Dial(7, strength, MADE_HERE)
    for delivery in small_deliveries():
        assert dial.dirty(small_country(), delivery) == dial.dirty(small_country(), delivery)


def test_a_dial_at_nothing_leaves_the_file_as_it_is():
    for delivery in small_deliveries():
        file = Dial(7, 0.0, MADE_HERE).dirty(small_country(), delivery)
        assert file.content == file_content(small_country(), delivery)
        assert (file.spots, file.repairs, file.defects) == ((), (), frozenset())


def test_a_stronger_dial_spoils_more_cells():
    delivery = small_deliveries()[0]
    dials = [Dial(7, strength, frozenset({Defect.MONTH_NAMES})) for strength in (0.2, 0.9)]
    weak, strong = (dial.dirty(small_country(), delivery) for dial in dials)
    assert len(weak.spots) < len(strong.spots)


def test_the_record_names_the_data_rows_of_the_clean_file_wherever_they_went():
    for file in _workbooks(20):
        touched = {(spot.sheet, spot.row_number) for spot in file.spots}
        for row in file.rows:
            cells = _cells(file.content, row.sheet, row.row_number)
            assert any(cell is not None for cell in cells) or (row.sheet, row.row_number) in touched


def test_the_record_holds_the_clean_value_of_each_cell_it_names():
    for delivery in small_deliveries():
        clean = file_content(small_country(), delivery)
        file = Dial(7, 0.4, frozenset({Defect.MONTH_FIRST, Defect.UNKNOWN_FORM, Defect.GAPS})).dirty(
            small_country(), delivery
        )
        books = [openpyxl.load_workbook(io.BytesIO(content)) for content in (clean, file.content)]
        data = {(row.sheet, row.row_number) for row in file.rows}
        differing = {
            (sheet.title, cell.coordinate)
            for sheet in books[0].worksheets
            for line in sheet.iter_rows()
            for cell in line
            if (sheet.title, cell.row) in data and cell.value != books[1][sheet.title][cell.coordinate].value
        }
        assert differing <= {(spot.sheet, spot.cell) for spot in file.spots}
        for spot in file.spots:
            value = books[0][spot.sheet][spot.cell].value
            assert (value.date() if hasattr(value, "date") else value) == spot.clean


def test_a_column_is_hidden_in_the_files_of_which_the_record_says_so_and_in_no_other():
    both = frozenset({Defect.HIDDEN_COLUMN, Defect.TWO_TABLES})
    files = [
        Dial(seed, 0.5, both).dirty(small_country(), delivery) for seed in range(6) for delivery in small_deliveries()
    ]
    assert any({*both} <= file.defects for file in files)
    for file in files:
        book = openpyxl.load_workbook(io.BytesIO(file.content))
        is_hidden = any(sheet.column_dimensions["A"].hidden for sheet in book.worksheets)
        assert is_hidden == (Defect.HIDDEN_COLUMN in file.defects)
