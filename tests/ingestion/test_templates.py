"""Templates: what is filled in is received, whole, in every language and from every program that saves it."""

from __future__ import annotations

import datetime
import io
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from ingestion import landing
from ingestion.card import SourceCard, load_codes, load_shape, load_source, shape_names, source_names
from ingestion.cells import Habits, code_words, reader_of
from ingestion.house_sheets import stamp_of, template_version
from ingestion.reader import read_workbook
from ingestion.tables import find_tables
from ingestion.templates import guideline, labels_of, write_template
from ingestion.text import fold
from languages.refusal import Refusal
from languages.words import Words, languages
from tests.ingestion import workbooks

TODAY = datetime.date(2026, 11, 1)
MINISTRY = "iraq_interior_ministry"
FILLED_ROWS = 3


def template(source: str, folder: Path, tag: str = "ar", rows: int = 20) -> Path:
    path = folder / f"{source}.xlsx"
    write_template(source, path, Words.load(tag), rows=rows)
    return path


def filled(source: str, path: Path) -> Path:
    """The template with the good example of every field in three rows of every table, as a program writes it."""
    card = load_source(source)
    book = openpyxl.load_workbook(path)
    for name, table in card.tables.items():
        fields = load_shape(table.shape).fields
        sheet = book[name if "*" in table.sheets else table.sheets[0]]
        for column, field in enumerate(table.guided.values(), start=1):
            for row in range(3, 3 + FILLED_ROWS):
                assert not sheet.cell(row, column).protection.locked
                sheet.cell(row, column).value = _typed(fields[field].type, fields[field].good)
    book.save(path)
    return path


def _typed(kind: str, good: str) -> object:
    """As a person types it: a program makes numbers and dates of what looks like one."""
    if kind == "date":
        return datetime.datetime.strptime(good, "%d/%m/%Y").replace(tzinfo=None)
    plain = good.replace(",", "")
    return int(plain) if plain.isdigit() and kind in ("integer", "decimal", "year", "age") else good


def tables_of(card: SourceCard, path: Path) -> list[Worksheet]:
    book = openpyxl.load_workbook(path)
    return [book[name if "*" in table.sheets else table.sheets[0]] for name, table in card.tables.items()]


@pytest.mark.parametrize("tag", languages())
@pytest.mark.parametrize("source", source_names())
def test_a_filled_template_is_received_with_all_its_rows(source: str, tag: str, tmp_path: Path):
    path = filled(source, template(source, tmp_path, tag))
    examination = landing.examine(path.read_bytes(), path.name, source, today=TODAY)
    count = FILLED_ROWS * len(load_source(source).tables)
    assert (examination.verdict, examination.rows_landed, examination.rows_quarantined) == ("accepted", count, 0)
    assert {finding.kind for finding in examination.findings} <= {
        "duplicate_row",
        "formula_uncalculated",
        "sum_mismatch",
    }


@pytest.mark.needs_office
@pytest.mark.parametrize("source", source_names())
def test_a_template_filled_and_saved_in_libreoffice_is_received_with_its_totals(source: str, tmp_path: Path):
    path = filled(source, template(source, tmp_path))
    data = workbooks.saved_by_office(path, tmp_path / "office")
    examination = landing.examine(data, path.name, source, today=TODAY)
    count = FILLED_ROWS * len(load_source(source).tables)
    assert (examination.verdict, examination.rows_landed, examination.rows_quarantined) == ("accepted", count, 0)
    assert {finding.kind for finding in examination.findings} <= {
        "duplicate_row",
        "formula_read_as_value",
        "sum_mismatch",
    }
    found, _ = find_tables(read_workbook(data, path.name), load_source(source))
    for table in found:
        assert table.total_row is not None
        words = [name for name in table.columns.values() if table.card.shape and name.endswith(("_code", "_codes"))]
        counts = [value for value in table.sheet.rows[table.total_row] if isinstance(value, int)]
        assert FILLED_ROWS in counts or not words


@pytest.mark.parametrize("source", source_names())
def test_an_empty_template_is_no_bad_file(source: str, tmp_path: Path):
    examination = landing.examine(template(source, tmp_path).read_bytes(), "x.xlsx", source, today=TODAY)
    assert (examination.verdict, examination.rows_in) == ("accepted", 0)


@pytest.mark.parametrize("source", source_names())
def test_the_headers_are_those_of_the_card_and_locked(source: str, tmp_path: Path):
    card = load_source(source)
    path = template(source, tmp_path)
    for sheet, table in zip(tables_of(card, path), card.tables.values(), strict=True):
        assert [cell.value for cell in sheet[2]] == list(table.headings)
        assert sheet.protection.sheet
        assert all(cell.protection.locked for cell in sheet[2])


def test_nothing_in_a_template_is_hidden_and_no_formula_has_a_stored_zero(tmp_path: Path):
    path = template(MINISTRY, tmp_path)
    assert all(sheet.sheet_state == "visible" for sheet in openpyxl.load_workbook(path).worksheets)
    stored = openpyxl.load_workbook(path, data_only=True)["القضايا"]
    formulas = openpyxl.load_workbook(path)["القضايا"]
    places = [cell.coordinate for row in formulas.iter_rows() for cell in row if cell.data_type == "f"]
    assert places
    assert [stored[place].value for place in places] == [None] * len(places)


def test_the_stamp_names_the_source_and_the_version_of_its_template(tmp_path: Path):
    book = openpyxl.load_workbook(template(MINISTRY, tmp_path))
    stamps = [stamp for sheet in book.worksheets if (stamp := stamp_of(sheet["A1"].value))]
    assert {stamp.kind for stamp in stamps} == {"template", "codes"}
    assert (stamps[0].source, stamps[0].version) == (MINISTRY, template_version(load_source(MINISTRY)))


def test_another_header_is_another_version():
    card = load_source(MINISTRY)
    table = card.tables["cases"]
    columns = {("الجريمة" if name == "exploitation_codes" else header): name for header, name in table.columns.items()}
    other = card.model_copy(update={"tables": {**card.tables, "cases": table.model_copy(update={"columns": columns})}})
    assert template_version(other) != template_version(card)


def test_a_workbook_of_an_earlier_template_is_accepted_and_told(tmp_path: Path):
    path = filled(MINISTRY, template(MINISTRY, tmp_path))
    book = openpyxl.load_workbook(path)
    sheet = next(sheet for sheet in book.worksheets if str(sheet["A1"].value).startswith("marsad:template"))
    sheet["A1"].value = f"marsad:template:1:{MINISTRY}:{'a' * 12}"
    stream = io.BytesIO()
    book.save(stream)
    examination = landing.examine(stream.getvalue(), "x.xlsx", MINISTRY, today=TODAY)
    assert examination.verdict == "accepted"
    assert "template_outdated" in {finding.kind for finding in examination.findings}


def test_one_card_gives_one_file(tmp_path: Path):
    (tmp_path / "again").mkdir()
    assert template(MINISTRY, tmp_path).read_bytes() == template(MINISTRY, tmp_path / "again").read_bytes()


@pytest.mark.parametrize("tag", languages())
@pytest.mark.parametrize("source", source_names())
def test_every_word_of_a_drop_down_is_read_as_its_code(source: str, tag: str):
    for table in load_source(source).tables.values():
        for name in table.columns.values():
            card, own = load_shape(table.shape).fields[name], table.codes.get(name, {})
            if card.codes:
                words = code_words(card.codes, own)
                assert [words[fold(label)] for label in labels_of(card, own, tag)] == list(load_codes(card.codes))


@pytest.mark.parametrize("tag", languages())
@pytest.mark.parametrize("shape", shape_names())
def test_every_field_has_its_guideline_in_every_language(shape: str, tag: str):
    words, english = Words.load(tag), Words.load("en")
    for name, card in load_shape(shape).fields.items():
        assert guideline(shape, name, words)
        assert guideline(shape, name, english) == card.guideline, f"guideline.{shape}.{name}"


@pytest.mark.parametrize("shape", shape_names())
def test_every_good_example_of_a_shape_is_read_without_a_word(shape: str):
    habits = Habits(day_first=True, today=TODAY, words={})
    for name, card in load_shape(shape).fields.items():
        assert reader_of(name, card, habits)(card.good).kind == "", (name, card.good)


def test_a_shape_is_answered_with_the_sources_that_send_it(tmp_path: Path):
    with pytest.raises(Refusal, match="template_of_shape") as refused:
        write_template("victims", tmp_path / "x.xlsx", Words.load("en"))
    assert MINISTRY in refused.value.arguments["sources"]


def test_a_template_never_overwrites_a_file(tmp_path: Path):
    path = template(MINISTRY, tmp_path)
    for output in (path, tmp_path / "x.xls"):
        with pytest.raises(Refusal, match="template_output"):
            write_template(MINISTRY, output, Words.load("en"))
