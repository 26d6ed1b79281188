"""Each defect of real exports, one at a time: what lands as which raw value, what waits, what is refused.

The defects are those of docs/reference/exports.md; `tests.dirt.defects.OUTCOMES` says what each leads to.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from ingestion.cards.headings import wordings
from ingestion.cards.source_card import load_codes, load_shape, load_source
from ingestion.entry.file_check import Examination, examine
from ingestion.files.reader import read_workbook
from ingestion.tables.table_finder import find_tables
from ingestion.tables.taken_file import house_names
from ingestion.text.folding import fold
from samples.bodies.sight import LetterDelivery
from tests.dirt.defects import OUTCOMES, Defect
from tests.dirt.dial import Dial
from tests.dirt.record import DirtyFile
from tests.ingestion import workbooks
from tests.ingestion.dirty_files import (
    MADE_HERE,
    TODAY,
    clean_rows,
    examined,
    misjudged,
    misread,
    random_file,
    small_country,
    small_deliveries,
    unaccounted,
)


@cache
def _files(defect: Defect) -> list[tuple[LetterDelivery, DirtyFile]]:
    """The small deliveries in which the defect can be made, with it wherever it can be."""
    made = [(one, Dial(3, 1.0, frozenset({defect})).dirty(small_country(), one)) for one in small_deliveries()]
    return [(delivery, file) for delivery, file in made if defect in file.defects]


@cache
def _answers(defect: Defect) -> list[tuple[LetterDelivery, DirtyFile, Examination]]:
    """These files with what the desk answers; asked by several tests."""
    return [(delivery, file, examined(file, delivery.source)) for delivery, file in _files(defect)]


def _that(fate: str) -> list[Defect]:
    return [defect for defect in Defect if defect in MADE_HERE and OUTCOMES[defect].fate == fate]


def test_every_line_of_the_domain_sheet_has_a_defect_that_a_file_can_have():
    assert {defect.line for defect in Defect} == set(range(1, 19))
    assert [defect for defect in MADE_HERE if not _files(defect)] == []


@pytest.mark.parametrize("defect", _that("lands"), ids=lambda one: one.name)
def test_a_row_with_a_defect_that_can_be_read_lands_with_what_it_says(defect: Defect):
    for delivery, file, answer in _answers(defect):
        assert answer.verdict == "accepted"
        assert unaccounted(file, answer) == []
        assert misjudged(file, answer) == []
        assert misread(file, answer, clean_rows(delivery)) == []
        flags = {one.kind for one in answer.findings}
        assert not OUTCOMES[defect].kinds or flags & OUTCOMES[defect].kinds


@pytest.mark.parametrize("defect", _that("waits"), ids=lambda one: one.name)
def test_a_row_with_a_defect_that_says_too_little_waits_with_its_cell_and_the_reason(defect: Defect):
    for _, file, answer in _answers(defect):
        assert answer.verdict == "accepted"
        assert unaccounted(file, answer) == []
        assert misjudged(file, answer) == []
        waiting = [reason for table in answer.tables for reason in table.quarantined]
        told = {(one.sheet, one.cell) for one in waiting if one.kind in OUTCOMES[defect].kinds}
        assert {(spot.sheet, spot.cell) for spot in file.spots} <= told


@pytest.mark.parametrize("defect", _that("may wait"), ids=lambda one: one.name)
def test_a_row_that_the_sheet_makes_doubtful_lands_as_typed_or_waits_with_the_reason(defect: Defect):
    for delivery, file, answer in _answers(defect):
        assert answer.verdict == "accepted"
        assert unaccounted(file, answer) == []
        assert misjudged(file, answer) == []
        assert misread(file, answer, clean_rows(delivery)) == []


@pytest.mark.parametrize("defect", _that("refuses"), ids=lambda one: one.name)
def test_a_file_with_a_defect_that_nobody_can_read_around_is_refused_with_the_reason(defect: Defect):
    for _, _, answer in _answers(defect):
        assert answer.verdict == "refused"
        assert {one.kind for one in answer.findings if one.severity == "refuse"} & OUTCOMES[defect].kinds


def test_a_misspelt_heading_under_a_group_is_told_at_its_own_cell_and_not_at_the_groups():
    grid = workbooks.victims(workbooks.victim(1))
    grid[2][5] = "الجنسس"
    _, findings = find_tables(workbooks.read({"الضحايا": grid}), load_source("iraq_interior_ministry"))
    [found] = [one for one in findings if one.kind == "header_missing"]
    assert found.cell == "F3"


@pytest.mark.needs_calc
@pytest.mark.parametrize(("defect", "form"), [(Defect.OLD_EXCEL, "xls"), (Defect.OPEN_DOCUMENT, "ods")])
def test_a_workbook_of_another_program_lands_like_its_xlsx_or_is_refused_with_the_reason(
    defect: Defect, form: str, tmp_path: Path
):
    delivery = small_deliveries()[0]
    path = tmp_path / delivery.file_name
    clean = Dial(3, 0.0, frozenset()).dirty(small_country(), delivery)
    path.write_bytes(clean.content)
    saved = replace(
        clean, name=f"{path.stem}.{form}", content=workbooks.saved_by_office(path, tmp_path / "office", form)
    )
    answer = examined(saved, delivery.source)
    if OUTCOMES[defect].fate == "refuses":
        assert {one.kind for one in answer.findings} & OUTCOMES[defect].kinds
        return
    assert unaccounted(saved, answer) == []
    assert misread(saved, answer, clean_rows(delivery)) == []


# What findings say


def _typed_words(file: DirtyFile, source: str) -> set[str]:
    """The texts of a file, and the names of its sheets, that are no words of its sender's card or of a code list."""
    card = load_source(source)
    fields = [field for table in card.tables.values() for field in load_shape(table.shape).fields.values()]
    headings = [
        part for table in card.tables.values() for word in wordings(table) for part in (word, *word.split(" / "))
    ]
    codes = [word for field in fields if field.codes for words in load_codes(field.codes).values() for word in words]
    workbook = read_workbook(file.content, file.name)
    known = {fold(word) for word in (*headings, *house_names(workbook, card).values(), *codes)}
    typed = {cell for sheet in workbook.sheets for row in sheet.rows for cell in row if isinstance(cell, str)}
    typed |= {sheet.name for sheet in workbook.sheets}
    return {text for text in typed if re.search(r"[^\W\d_]{3}", text) and fold(text) not in known}


def _files_full_of_words() -> list[tuple[str, DirtyFile]]:
    kinds = frozenset({Defect.PERSONAL_DATA, Defect.UNKNOWN_NATIONALITY, Defect.UNKNOWN_FORM, Defect.HIJRI_MONTH_ALONE})
    more = [kinds, kinds | {Defect.MISSPELT_HEADING}, kinds | {Defect.SHEETS_WITHOUT_NAME}]
    made = [(one.source, Dial(3, 1.0, each).dirty(small_country(), one)) for each in more for one in small_deliveries()]
    return made + [(delivery.source, file) for delivery, file in map(random_file, range(20))]


def test_no_finding_repeats_a_word_or_a_heading_that_was_typed():
    count = 0
    for source, file in _files_full_of_words():
        words = _typed_words(file, source)
        for finding in examine(file.content, file.name, source, today=TODAY).findings:
            told = (finding.sheet, *finding.arguments.values())
            assert [text for text in words for one in told if text in one] == [], finding.kind
            count += bool(words)
    assert count > 300
