"""Templates: what is filled in is received, whole, in every language and from every program that saves it."""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from ingestion.cards.headings import heading_of, sheet_of
from ingestion.cards.source_card import (
    FieldCard,
    SourceCard,
    code_lists,
    load_codes,
    load_shape,
    load_source,
    shape_names,
    source_names,
)
from ingestion.cards.stored_text import is_dropped
from ingestion.entry.file_check import Examination, examine
from ingestion.files.reader import read_workbook
from ingestion.files.template_sheets import stamp_of
from ingestion.forms.templates import write_template
from ingestion.tables.cell_values import Habits, RawValue, code_words, mark_of, reader_of, split_codes
from ingestion.tables.table_finder import find_tables
from ingestion.tables.template_texts import example_of, guideline, labels_of
from ingestion.tables.template_versions import template_of, template_of_card
from ingestion.tables.totals import last_total
from ingestion.text.date_order import ColumnOrder
from ingestion.text.folding import fold
from languages.refusal import Refusal
from languages.words import Words, languages
from tests.ingestion import workbooks

TODAY = datetime.date(2026, 11, 1)
MINISTRY = "iraq_interior_ministry"
LETTERS = {"en": re.compile("[A-Za-z]"), "ar": re.compile("[\u0600-\u06ff]"), "ckb": re.compile("[ەێۆڕڵڤگچپژکی]")}
SENDERS = [
    (shape, source)
    for shape in shape_names()
    for source in source_names()
    if shape in {table.shape for table in load_source(source).tables.values() if not table.cells}
]
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


def landed_whole(examination: Examination, count: int) -> bool:
    """Whether a file was accepted, and all its rows landed."""
    return (examination.verdict, examination.rows_landed, examination.rows_quarantined) == ("accepted", count, 0)


@pytest.mark.parametrize("tag", languages())
@pytest.mark.parametrize("source", source_names())
def test_a_filled_template_is_received_with_all_its_rows(source: str, tag: str, tmp_path: Path):
    path = filled(source, template(source, tmp_path, tag))
    examination = examine(path.read_bytes(), path.name, source, today=TODAY)
    count = FILLED_ROWS * len(load_source(source).tables)
    assert landed_whole(examination, count), examination.findings
    assert {finding.kind for finding in examination.findings} <= {
        "duplicate_row",
        "formula_uncalculated",
        "sum_mismatch",
    }


@pytest.mark.needs_calc
@pytest.mark.parametrize("source", source_names())
def test_a_template_filled_and_saved_in_libreoffice_is_received_with_its_totals(source: str, tmp_path: Path):
    path = filled(source, template(source, tmp_path))
    data = workbooks.saved_by_office(path, tmp_path / "office")
    examination = examine(data, path.name, source, today=TODAY)
    count = FILLED_ROWS * len(load_source(source).tables)
    assert landed_whole(examination, count), examination.findings
    assert {finding.kind for finding in examination.findings} <= {
        "duplicate_row",
        "formula_read_as_value",
        "sum_mismatch",
    }
    found, _ = find_tables(read_workbook(data, path.name), load_source(source))
    for table in found:
        total = last_total(table.totals)
        assert total is not None
        words = [name for name in table.columns.values() if table.card.shape and name.endswith(("_code", "_codes"))]
        counts = [value for value in table.sheet.rows[total.row] if isinstance(value, int)]
        assert FILLED_ROWS in counts or not words


@pytest.mark.needs_calc
@pytest.mark.parametrize(
    ("shape", "source", "tag"), [("services", "iraq_labour_ministry", "ckb"), ("cases", MINISTRY, "ar")]
)
def test_a_template_of_a_shape_filled_and_saved_in_libreoffice_is_received(
    shape: str, source: str, tag: str, tmp_path: Path
):
    path = filled_shape(shape, template(shape, tmp_path, tag), tag)
    data = workbooks.saved_by_office(path, tmp_path / "office")
    examination = examine(data, path.name, source, today=TODAY)
    assert (examination.verdict, examination.rows_landed, examination.rows_quarantined) == ("accepted", FILLED_ROWS, 0)
    kinds = {finding.kind for finding in examination.findings}
    assert kinds <= {"duplicate_row", "formula_read_as_value", "table_missing", "template_wider"}


@pytest.mark.needs_calc
def test_a_count_by_formula_is_held_back_until_a_program_has_calculated_it(tmp_path: Path):
    path = filled_shape("cases", template("cases", tmp_path, "ckb"), "ckb")
    book = openpyxl.load_workbook(path)
    column = 1 + list(load_shape("cases").fields).index("victim_count")
    book[sheet_of("cases", "ckb")].cell(3, column).value = "=1+1"
    book.save(path)
    before = examine(path.read_bytes(), path.name, MINISTRY, today=TODAY)
    assert (before.rows_landed, before.rows_quarantined) == (FILLED_ROWS - 1, 1)
    after = examine(workbooks.saved_by_office(path, tmp_path / "office"), path.name, MINISTRY, today=TODAY)
    assert (after.rows_landed, after.rows_quarantined) == (FILLED_ROWS, 0)
    [table] = [table for table in after.tables if table.rows_in]
    assert table.columns["victim_count"] == [2, 3, 3]


@pytest.mark.parametrize("source", source_names())
def test_an_empty_template_is_no_bad_file(source: str, tmp_path: Path):
    examination = examine(template(source, tmp_path).read_bytes(), "x.xlsx", source, today=TODAY)
    assert (examination.verdict, examination.rows_in) == ("accepted", 0)


@pytest.mark.parametrize("source", source_names())
def test_the_headers_are_those_of_the_card_and_locked(source: str, tmp_path: Path):
    card = load_source(source)
    path = template(source, tmp_path)
    for sheet, table in zip(tables_of(card, path), card.tables.values(), strict=True):
        assert [cell.value for cell in sheet[2]] == list(table.headings)
        assert sheet.protection.sheet
        assert all(cell.protection.locked for cell in sheet[2])


def filled_shape(shape: str, path: Path, tag: str) -> Path:
    """The template of a shape with the good example of every field in three rows, as a program writes it."""
    book = openpyxl.load_workbook(path)
    sheet = book[sheet_of(shape, tag)]
    for column, card in enumerate(load_shape(shape).fields.values(), start=1):
        for row in range(3, 3 + FILLED_ROWS):
            assert not sheet.cell(row, column).protection.locked
            sheet.cell(row, column).value = _typed(card.type, card.good)
    book.save(path)
    return path


@pytest.mark.parametrize("tag", languages())
@pytest.mark.parametrize(("shape", "source"), SENDERS)
def test_a_filled_template_of_a_shape_is_received_from_each_of_its_senders(
    shape: str, source: str, tag: str, tmp_path: Path
):
    path = filled_shape(shape, template(shape, tmp_path, tag), tag)
    examination = examine(path.read_bytes(), path.name, source, today=TODAY)
    landed = (examination.verdict, examination.rows_landed, examination.rows_quarantined)
    assert landed == ("accepted", FILLED_ROWS, 0), examination.findings
    kinds = {finding.kind for finding in examination.findings}
    assert kinds <= {"duplicate_row", "formula_uncalculated", "table_missing", "template_wider"}
    [table] = [table for table in examination.tables if table.rows_in]
    card = next(one for one in load_source(source).tables.values() if one.shape == shape)
    fields = load_shape(shape).fields
    told = {name for name in fields if any(_values(table.columns, name))}
    dropped = {name for name, field in fields.items() if is_dropped(field.type, field.kept_because)}
    assert told == {*card.columns.values(), *card.defaults} - dropped

    wider = [finding for finding in examination.findings if finding.kind == "template_wider"]
    left = [heading_of(shape, name, tag) for name in load_shape(shape).fields if name not in card.columns.values()]
    assert [finding.arguments["columns"] for finding in wider] == (["، ".join(left)] if left else [])


def test_a_table_of_many_figures_a_row_takes_no_template_of_its_shape(tmp_path: Path):
    path = filled_shape("counts", template("counts", tmp_path, "ar"), "ar")
    examination = examine(path.read_bytes(), path.name, "iraq_judicial_council", today=TODAY)
    assert examination.verdict == "refused"
    assert "sheet_missing" in {finding.kind for finding in examination.findings}


def test_the_template_of_a_shape_brings_nothing_in_that_the_card_does_not_take(tmp_path: Path):
    path = filled_shape("victims", template("victims", tmp_path, "en"), "en")
    [table] = examine(path.read_bytes(), path.name, "iom_caseload", today=TODAY).tables
    assert {*table.columns["contact_date"], *table.columns["presumed_by_code"], *table.columns["identified_date"]} == {
        None
    }


def _values(columns: Mapping[str, list[RawValue]], name: str) -> list[RawValue]:
    return columns.get(name, columns.get("age_years", []))


@pytest.mark.parametrize("tag", languages())
@pytest.mark.parametrize("shape", shape_names())
def test_the_headings_of_a_shape_are_in_its_language_and_differ(shape: str, tag: str):
    headings = [heading_of(shape, name, tag) for name in load_shape(shape).fields]
    assert all(LETTERS[tag].search(heading) for heading in [*headings, sheet_of(shape, tag)])
    assert len({fold(heading) for heading in headings}) == len(headings)


@pytest.mark.parametrize("tag", languages())
@pytest.mark.parametrize("name", [MINISTRY, "victims", "activities"])
def test_a_template_says_once_what_zero_not_received_and_not_held_are(name: str, tag: str, tmp_path: Path):
    guidance = openpyxl.load_workbook(template(name, tmp_path, tag)).worksheets[0]
    said = [cell.value for row in guidance.iter_rows() for cell in row]
    words = Words.load(tag)
    assert [said.count(words.text(f"template.{state}")) for state in ("zero", "not_received", "not_held")] == [1, 1, 1]


@pytest.mark.parametrize("tag", languages())
def test_the_words_that_a_template_gives_for_zero_and_not_received_are_read_so(tag: str):
    words = Words.load(tag)
    quoted = {state: re.findall("[`«](.+?)[`»]", words.text(f"template.{state}")) for state in ("zero", "not_received")}
    assert [mark_of(word) for word in quoted["zero"]] == ["none"]
    assert [mark_of(word) for word in quoted["not_received"]] == ["not_received"]


@pytest.mark.parametrize("name", [*source_names(), *shape_names()])
def test_no_formula_of_the_written_file_has_a_value(name: str, tmp_path: Path):
    with zipfile.ZipFile(template(name, tmp_path)) as parts:
        sheets = [parts.read(part).decode() for part in parts.namelist() if part.startswith("xl/worksheets/sheet")]
    formulas = [cell for sheet in sheets for cell in re.findall(r"<c [^>]*>(?:(?!</c>).)*<f>.*?</c>", sheet)]
    assert formulas
    assert [cell for cell in formulas if not re.search(r"</f>(<v></v>|<v/>)?</c>$", cell)] == []


def test_nothing_in_a_template_is_hidden_and_no_formula_has_a_stored_zero(tmp_path: Path):
    path = template(MINISTRY, tmp_path)
    assert all(sheet.sheet_state == "visible" for sheet in openpyxl.load_workbook(path).worksheets)
    stored = openpyxl.load_workbook(path, data_only=True)["القضايا"]
    formulas = openpyxl.load_workbook(path)["القضايا"]
    places = [cell.coordinate for row in formulas.iter_rows() for cell in row if cell.data_type == "f"]
    assert places
    assert [stored[place].value for place in places] == [None] * len(places)


@pytest.mark.parametrize("name", [MINISTRY, "victims"])
def test_the_stamp_names_what_it_is_the_template_of_its_version_and_language(name: str, tmp_path: Path):
    book = openpyxl.load_workbook(template(name, tmp_path, "ckb"))
    stamps = [stamp for sheet in book.worksheets if (stamp := stamp_of(sheet["A1"].value))]
    assert {stamp.kind for stamp in stamps} == {"template", "codes"}
    assert (stamps[0].source, stamps[0].version, stamps[0].language) == (name, template_of(name).version, "ckb")


def test_every_sheet_is_printed_on_a4_as_wide_as_the_page(tmp_path: Path):
    for sheet in openpyxl.load_workbook(template(MINISTRY, tmp_path)).worksheets:
        assert (int(sheet.page_setup.paperSize or 0), sheet.page_setup.orientation) == (9, "landscape")
        assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)


def test_another_header_is_another_version():
    card = load_source(MINISTRY)
    table = card.tables["cases"]
    columns = {("الجريمة" if name == "exploitation_codes" else header): name for header, name in table.columns.items()}
    tables = {**card.tables, "cases": table.model_copy(update={"columns": columns})}
    other = card.model_copy(update={"tables": tables})
    assert template_of_card(other).version != template_of(MINISTRY).version


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
    habits = Habits(today=TODAY, words={}, dates=ColumnOrder(day_first=True))
    for name, card in load_shape(shape).fields.items():
        assert reader_of(name, card, habits)(card.good).kind == "", (name, card.good)


@pytest.mark.parametrize("tag", languages())
@pytest.mark.parametrize("shape", shape_names())
def test_the_good_examples_of_codes_are_in_the_language_and_mean_the_same(shape: str, tag: str):
    for card in load_shape(shape).fields.values():
        words = code_words(card.codes, {}) if card.codes else {}
        example = example_of(card, {}, tag)
        assert split_codes(example, words) == split_codes(card.good, words)
        assert not card.codes or LETTERS[tag].search(example)


@pytest.mark.parametrize("tag", languages())
@pytest.mark.parametrize("name", code_lists())
def test_every_word_of_a_drop_down_is_in_its_language_and_read_as_its_code(name: str, tag: str):
    labels = labels_of(FieldCard(type="code", codes=name), {}, tag)
    words = code_words(name, {})
    assert [words[fold(label)] for label in labels] == list(load_codes(name))
    assert [label for label in labels if not LETTERS[tag].search(label)] == []


@pytest.mark.parametrize(
    ("name", "nearest"), [("victim", ["victims"]), ("iraq_interior_ministri", [MINISTRY]), ("iraq_interior", None)]
)
def test_a_misspelt_name_is_told_the_one_that_is_a_slip_away_and_else_those_that_there_are(
    name: str, nearest: list[str] | None, tmp_path: Path
):
    with pytest.raises(Refusal, match="unknown_source") as refused:
        write_template(name, tmp_path / "x.xlsx", Words.load("en"))
    told = refused.value.arguments["nearest"].split(", ")
    assert told == nearest or (nearest is None and {MINISTRY, "cases", "accused"} <= set(told))


def test_a_template_never_overwrites_a_file(tmp_path: Path):
    path = template(MINISTRY, tmp_path)
    for output in (path, tmp_path / "x.xls"):
        with pytest.raises(Refusal, match="template_output"):
            write_template(MINISTRY, output, Words.load("en"))
