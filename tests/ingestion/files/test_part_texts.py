"""What a program writes from the file's own sheets is no question; a person in the same place still is one."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
import xlsxwriter
from ingestion.files.noncell_text import NonCellText
from ingestion.files.part_texts import (
    PartTexts,
    _is_personal,
    drop_program_texts,
    is_address,
    written_by_persons,
)
from ingestion.personal.unexplained_words import unexplained_words
from ingestion.privacy.personal_data import inspect

from ingestion.files.reader import Workbook, read_workbook
from tests.ingestion import old_excel_files, open_documents, workbooks

GRID: workbooks.Grid = [["رمز", "الجنس", "عدد"], ["أ", "ذكر", 1], ["ب", "أنثى", 2]]
SHEETS = ("نينوى", "صلاح الدين", "الضحايا")
LIST = (
    "<table:content-validations><table:content-validation table:name='val1' "
    "table:condition='of:cell-content-is-in-list(&quot;{}&quot;;&quot;أنثى&quot;)' "
    "table:base-cell-address='الضحايا.B2'/></table:content-validations>"
)
FILTER = (
    "<table:database-ranges><table:database-range table:name='__Anonymous_Sheet_DB__0' "
    "table:target-range-address='{0}.A1:{0}.C3' table:display-filter-buttons='true'/></table:database-ranges>"
)


def _asked(data: bytes) -> set[str]:
    """The texts beside the cells that would be asked about, and what is personal."""
    read = read_workbook(data, "x")
    assert not [finding for finding in read.findings if finding.severity == "refuse"]
    kinds = {finding.kind for finding in inspect(read)}
    return kinds | {text.text for text in read.beside if unexplained_words(text.text)}


def _open_document(before: str = "", behind: str = "") -> bytes:
    return open_documents.package(before + open_documents.tables({"الضحايا": GRID, "نينوى": GRID}) + behind)


@pytest.mark.parametrize("sheet", ["الضحايا", "نينوى"])
def test_an_auto_filter_of_an_open_document_asks_nothing(sheet: str):
    assert not _asked(_open_document(behind=FILTER.format(sheet)))


def test_a_list_to_choose_from_in_an_open_document_asks_nothing():
    assert not _asked(_open_document(before=LIST.format("ذكر")))


@pytest.mark.parametrize("planted", [FILTER.format("علي"), FILTER.format("'علي حسن'"), LIST.format("علي حسن")])
def test_a_person_in_a_filter_or_a_list_is_found(planted: str):
    planted = planted.replace("'علي حسن'.", "&apos;علي حسن&apos;.")
    assert _asked(_open_document(before=planted) if "validation" in planted else _open_document(behind=planted))


@pytest.mark.parametrize(
    ("footer", "is_asked"),
    [
        ("&C&P / &N", False),
        ("&Lصفحة &P", False),
        ("&Cنغغغق &P", True),
        ('&"علي حسن,Bold"&P', True),
        ('&C&"Ahmed Hassan,Bold"&P', True),
    ],
)
def test_the_codes_of_a_footer_of_an_old_workbook_ask_nothing(footer: str, is_asked: bool):
    cells = old_excel_files.cells(GRID) + old_excel_files.record(0x0015, old_excel_files.text(footer))
    data = old_excel_files.compound([("Workbook", old_excel_files.stream({"الضحايا": cells}))])
    assert bool(_asked(data)) == is_asked


@pytest.mark.parametrize(
    "text",
    [
        *("نينوى.A1:نينوى.C3", "$نينوى.$1:.$1", "'صلاح الدين'.A1:'صلاح الدين'.C3", "نينوى!$A$1:$C$3"),
        *("'صلاح الدين'!$A:$B,'صلاح الدين'!$1:$1", "'صلاح الدين'! : ", "نينوى!#REF!", "الضحايا.A1 الضحايا.C3"),
    ],
)
def test_an_address_on_a_sheet_of_the_file_is_known(text: str):
    assert is_address(text, frozenset(SHEETS))
    assert not is_address(text, frozenset({"غيرها"}))


@pytest.mark.parametrize(
    "text",
    ["نينوى!علي", "علي نينوى!A1", "مرحبا نينوى! علي", "علي.A1", "'علي حسن'!$A$1", "نينوى", "نينوى.ALI", "max Ali"],
)
def test_what_else_stands_there_stays(text: str):
    (one,) = drop_program_texts([NonCellText("text", text)], SHEETS)
    assert any(word in one.text for word in ("علي", "نينوى", "ALI", "Ali"))


def test_a_comment_and_an_author_stay_as_they_are():
    texts = [NonCellText("text", "نينوى!A1", "", "B2"), NonCellText("author", "max")]
    assert list(drop_program_texts(texts, SHEETS)) == texts


def _workbook(path: Path) -> Path:
    """A workbook with all that clerks use: filter, lists, colours, printing."""
    book = xlsxwriter.Workbook(path)
    bold = book.add_format({"bold": True})
    for name in SHEETS:
        sheet = book.add_worksheet(name)
        for number, row in enumerate(GRID):
            sheet.write_row(number, 0, row)
        sheet.autofilter(0, 0, 2, 2)
        sheet.data_validation(1, 1, 50, 1, {"validate": "list", "source": ["ذكر", "أنثى"]})
        sheet.data_validation(1, 2, 50, 2, {"validate": "list", "source": "='صلاح الدين'!$A$2:$A$3"})
        sheet.data_validation(1, 0, 50, 0, {"validate": "custom", "value": "=COUNTIF($A$2:$A$50,A2)=1"})
        sheet.conditional_format(1, 2, 5, 2, {"type": "cell", "criteria": ">", "value": 1, "format": bold})
        sheet.conditional_format(1, 0, 5, 0, {"type": "duplicate", "format": bold})
        sheet.conditional_format(1, 2, 5, 2, {"type": "data_bar"})
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&P / &N")
        sheet.repeat_rows(0)
        sheet.print_area(0, 0, 2, 2)
        sheet.freeze_panes(1, 0)
    book.close()
    return path


def test_a_workbook_with_filters_lists_and_pages_asks_nothing(tmp_path: Path):
    assert not _asked(_workbook(tmp_path / "x.xlsx").read_bytes())


@pytest.mark.needs_calc
@pytest.mark.parametrize("form", ["xlsx", "ods", "xls"])
def test_it_asks_nothing_when_libreoffice_saved_it(form: str, tmp_path: Path):
    assert not _asked(workbooks.saved_by_office(_workbook(tmp_path / "x.xlsx"), tmp_path / "office", form))


# Letters between digits


@pytest.mark.parametrize("text", ["{6F2175FE-AED7-BE41-9BE6-838288B4145D}", "AD3:AD502 AK3:AK502"])
def test_capitals_between_digits_are_no_words(text: str):
    assert not _is_personal(text)


def test_no_identifier_of_a_part_is_a_person_or_asked():
    ids = [uuid.UUID(int=number * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128) for number in range(1, 2000)]
    part = PartTexts()
    part.texts.update(f"{{{one}}}".upper() for one in ids)
    found = list(written_by_persons(part, frozenset()))
    assert not inspect(Workbook([], beside=found))
    assert not [one.text for one in found if unexplained_words(one.text)]


@pytest.mark.parametrize("text", ["AhmedHassan", "Ahmed_Hassan_1", "ahmed1/Hassan2", "AliAlHassan7", "J1AhmedHassan"])
def test_a_name_written_with_signs_is_a_person(text: str):
    assert _is_personal(text)
