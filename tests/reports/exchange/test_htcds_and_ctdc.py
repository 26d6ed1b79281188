"""HTCDS and CTDC: no case leaves; synthetic records do, in words that our own door reads back."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from expectations.cards.cells import csv_bytes
from expectations.synthetic import ctdc_columns as layout
from ingestion.entry.file_check import examine
from ingestion.files.uploads import read_upload
from ingestion.home import Home
from ingestion.submissions.invented_files import refuse_invented
from ingestion.submissions.preview import Arrival, examine_arrival
from languages.refusal import Refusal
from languages.words import Words, languages
from reports.exchange import ctdc, htcds
from reports.exchange.htcds_words import EXPLOITATION, FIELDS, GENDER, PICKLISTS, WRITTEN
from reports.released import released_folder as releases
from reports.released.released_folder import ReleasedFolder
from tests.ingestion.workbooks import TODAY
from tests.reports.exchange.invented import Row, release, row, synthetic

ENGLISH = Words.load("en")
RECORDS: list[Row] = [
    {"ref_area": "IQ-FED", "sex": "F", "age": "Y0T17", "form": "SEXUAL", "citizenship": "IRQ", "means": "DECEPTION"},
    {
        "ref_area": "IQ-FED",
        "sex": "M",
        "age": "Y_GE18",
        "form": "CHILD_SALE",
        "citizenship": "FOREIGN",
        "means": "FORCE",
    },
    {"ref_area": "IQ-KR", "sex": "_U", "age": "_U", "form": "MULTIPLE", "citizenship": "_U", "means": "_U"},
]


def _ctdc(records: Sequence[Row] = RECORDS) -> str:
    return csv_bytes(layout.lay_out_records(pd.DataFrame(records), "2024")).decode("utf-8")


@pytest.fixture
def made(tmp_path: Path) -> ReleasedFolder:
    return synthetic(tmp_path, RECORDS, _ctdc())


@pytest.fixture
def tables(tmp_path: Path) -> ReleasedFolder:
    return release(tmp_path, [row("PRT-02", 50)])


def _workbook(released: ReleasedFolder, tag: str = "en") -> bytes:
    return htcds.export(released, Words.load(tag)).files["htcds.xlsx"]


def _sheets(data: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


def test_a_release_of_tables_gives_a_template_without_a_single_case(tables: ReleasedFolder):
    export = htcds.export(tables, ENGLISH)
    assert len(_sheets(export.files["htcds.xlsx"])[htcds.CASES]) == 2  # field names and headings
    assert [remark.key for remark in export.remarks] == ["export.htcds.empty"]
    examination = examine(export.files["htcds.xlsx"], "htcds.xlsx", "iom_caseload", today=TODAY)
    assert (examination.verdict, examination.rows_in) == ("accepted", 0)
    assert {finding.severity for finding in examination.findings} == {"flag"}


@pytest.mark.parametrize("tag", languages())
def test_synthetic_records_come_back_through_our_own_door(made: ReleasedFolder, tag: str):
    examination = examine(_workbook(made, tag), "htcds.xlsx", "iom_caseload", today=TODAY)
    assert (examination.verdict, examination.rows_landed, examination.rows_quarantined) == ("accepted", 3, 0)
    assert {finding.kind for finding in examination.findings} == {"date_incomplete"}  # a year has no day
    [table] = examination.tables
    back = {name: table.columns[name] for name in ("sex_code", "citizenship_code", "exploitation_codes", "means_codes")}
    assert back == {
        "sex_code": ["F", "M", "_U"],
        "citizenship_code": ["IRQ", None, None],
        "exploitation_codes": ["SEXUAL", "CHILD_SALE", None],
        "means_codes": ["MEANS_DECEPTION", None, None],
    }


def test_a_home_of_real_files_takes_the_template_but_no_synthetic_records(
    made: ReleasedFolder, tables: ReleasedFolder, tmp_path: Path
):
    real, invented = Home.at(tmp_path / "real").open(), Home.at(tmp_path / "invented").open(invented=True)

    def arrived(home: Home, data: bytes) -> Arrival:
        path = tmp_path / "htcds.xlsx"
        path.write_bytes(data)
        return examine_arrival(home, "iom_caseload", read_upload(path), today=TODAY)

    with pytest.raises(Refusal) as refused:
        refuse_invented(real, arrived(real, _workbook(made)), "htcds.xlsx")
    assert refused.value.code == "synthetic_is_nobody"
    refuse_invented(invented, arrived(invented, _workbook(made)), "htcds.xlsx")
    for other in (_workbook(tables), b"PK and no workbook", b"a,b\n", b""):
        refuse_invented(real, arrived(real, other), "other")


def test_no_column_of_personal_data_is_ever_filled(made: ReleasedFolder):
    names, _, *cases = _sheets(_workbook(made))[htcds.CASES]
    filled = {
        str(name) for case in cases for name, value in zip(names, case, strict=True) if value is not None and name
    }
    assert filled == {field.name for field in FIELDS if field.filling == "written"}


def test_what_is_written_for_a_form_is_read_as_that_form_again():
    read = htcds.codes_by_value(EXPLOITATION)
    assert {code: read[value] for code, value in WRITTEN[EXPLOITATION][1].items()} == {
        code: code for code in WRITTEN[EXPLOITATION][1]
    }
    assert all(read.values())
    assert all(htcds.codes_by_value(GENDER).values())


def test_the_dictionary_and_the_code_map_stand_beside_the_cases(made: ReleasedFolder):
    sheets = _sheets(_workbook(made))
    dictionary = {line[0] for line in sheets["Dictionary"]}
    assert {field.name for field in FIELDS if field.filling != "personal"} <= dictionary
    codes = {(line[1], line[2], line[3]) for line in sheets["Our codes"]}
    assert ("Forced adoption", "CHILD_SALE", "form=CHILD_SALE") in codes
    assert ("Surrogacy", "OTHER", None) in codes
    assert any("None of them is a person" in str(line[0]) for line in sheets["About"])
    assert any("prs_FirstName" in str(line[0]) for line in sheets["About"])


@pytest.mark.real_input
def test_headings_and_lists_are_those_of_the_standards_own_workbook(real_input: Path):
    book = CalamineWorkbook.from_path(real_input / "htcds" / "HTCDS_Excel_single_select_with_validation_v2.0.xlsx")
    names, headings = book.get_sheet_by_name(htcds.CASES).to_python(skip_empty_area=False)[:2]
    assert [str(text) for text in headings if text] == [field.heading for field in FIELDS]
    misspelt = {"vic_TraffickinStatusDecisionMakingOrg"}
    assert {str(name) for name in names if name} - misspelt <= {field.name for field in FIELDS}
    lists = book.get_sheet_by_name("validation").to_python(skip_empty_area=False)[2:]
    theirs = {
        str(column[0]): [str(value).strip() for value in column[1:] if value] for column in zip(*lists, strict=True)
    }
    for field in FIELDS:
        if field.heading in theirs:
            assert list(PICKLISTS[field.name]) == theirs[field.heading], field.name


def test_synthetic_records_go_out_in_ctdcs_columns_with_their_errors_and_notes(made: ReleasedFolder):
    export = ctdc.export(made, ENGLISH)
    assert set(export.files) == {"ctdc.csv", "errors.csv", "notes.en.md"}
    frame = pd.read_csv(io.BytesIO(export.files["ctdc.csv"]), dtype=str, keep_default_na=False)
    assert tuple(frame.columns) == layout.COLUMNS
    assert len(layout.COLUMNS) == 37
    assert list(frame["gender"]) == ["Female", "Male", ""]
    assert set(frame["isForcedLabour"]) | set(frame["isSexualExploit"]) <= {"0", "1", ""}
    assert export.files["ctdc.csv"] == made.file("ctdc.csv")


def test_tables_and_files_of_other_columns_are_no_ctdc(tables: ReleasedFolder, tmp_path: Path):
    for one in (tables, synthetic(tmp_path, RECORDS, "gender,age\nFemale,9--17\n")):
        with pytest.raises(Refusal) as refused:
            ctdc.export(one, ENGLISH)
        assert refused.value.code == "export_unsuited"


def test_the_last_synthetic_year_is_meant_where_none_is_named(tmp_path: Path):
    home = Home.at(tmp_path).open(invented=True)
    release(home.releases, [row("PRT-02", 50)])
    with pytest.raises(Refusal) as refused:
        releases.latest_release(home, releases.SYNTHETIC)
    assert refused.value.code == "synthetic_none"
    for year in ("2023", "2024"):
        synthetic(home.research, RECORDS, _ctdc(), year=year)
    assert releases.latest_release(home, releases.SYNTHETIC).dataset == "synthetic_victims_2024"
    assert releases.latest_release(home, "synthetic_victims_2023").dataset == "synthetic_victims_2023"


def test_the_same_synthetic_file_gives_the_same_workbook(made: ReleasedFolder):
    assert _workbook(made) == _workbook(made)
