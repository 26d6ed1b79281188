"""Parts of a year, mixed orders of day and month, days counted from 1904: what a file as a whole says of its days."""

from __future__ import annotations

import datetime
import io
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from ingestion.cards.source_card import load_source
from ingestion.entry.checked_tables import covered_parts
from ingestion.entry.file_check import examine
from ingestion.entry.row_checks import conform
from ingestion.home import Home
from ingestion.submissions import current_submissions, landing
from ingestion.tables.coverage import Covered
from tests.ingestion.workbooks import TODAY, Grid, case, cases, read, squared, victim, victims, xlsx

MINISTRY = "iraq_interior_ministry"
TITLE = "جدول القضايا من 1/1 ولغاية 15/10 لسنة 2024"


def titled(grid: Grid, title: str) -> Grid:
    return [[title, *grid[0][1:]], *grid[1:]]


def covered(**sheets: Grid):
    tables, findings = conform(read(sheets), load_source(MINISTRY), TODAY)
    return covered_parts(tables), {finding.kind: finding for finding in findings}


def test_a_file_without_such_a_title_covers_its_whole_year():
    parts, findings = covered(القضايا=titled(cases(case(1)), "جدول القضايا لسنة ٢٠٢٤"))
    assert parts == {}
    assert "partial_period" not in findings


def test_a_title_of_a_part_of_the_year_is_flagged_and_goes_with_the_file():
    parts, findings = covered(القضايا=titled(cases(case(1)), TITLE))
    part = {"start": "2024-01-01", "end": "2024-10-15", "completeness": round(289 / 366, 4)}
    assert parts == {"cases": {"2024": part}}
    flag = findings["partial_period"]
    assert (flag.severity, flag.cell, flag.arguments["share"]) == ("flag", "A1", "79")


def test_the_tables_without_a_title_are_as_partial_as_the_file():
    parts, _ = covered(القضايا=titled(cases(case(1)), TITLE), الضحايا=victims(victim(1)))
    assert parts["victims"] == parts["cases"]


def test_a_title_of_another_year_says_nothing_of_this_one():
    parts, findings = covered(القضايا=titled(cases(case(1)), "من 1/1 ولغاية 15/10 لسنة 2019"))
    assert (parts, "partial_period" in findings) == ({}, False)


def test_a_title_whose_days_are_unclear_leaves_the_part_open():
    parts, findings = covered(القضايا=titled(cases(case(1)), "القضايا لغاية تشرين 2024"))
    assert parts == {"cases": {"2024": {"start": None, "end": None, "completeness": None}}}
    assert findings["period_unclear"].severity == "flag"


def test_the_title_of_a_sheet_of_one_year_says_nothing_of_the_other_years_sheet():
    card = load_source(MINISTRY)
    table = card.tables["cases"].model_copy(update={"sheets": ["القضايا", "القضايا {year}"]})
    of_years = card.model_copy(update={"tables": {**card.tables, "cases": table}})
    earlier = titled(cases(case(1, date="5/7/2023")), "جدول القضايا لغاية 15/10/2023")
    book = read({"القضايا 2023": earlier, "القضايا ٢٠٢٤": cases(case(2))})
    tables, findings = conform(book, of_years, TODAY)
    assert [one.scope for one in tables] == [("2023",), ("2024",)]
    assert [*covered_parts(tables)["cases"]] == ["2023"]
    assert [(one.sheet, one.cell) for one in findings if one.kind == "partial_period"] == [("القضايا 2023", "A1")]


def test_the_parts_of_two_years_in_two_sheets_are_both_kept():
    card = load_source(MINISTRY)
    table = card.tables["cases"].model_copy(update={"sheets": ["القضايا {year}"]})
    of_years = card.model_copy(update={"tables": {**card.tables, "cases": table}})
    sheets = {
        f"القضايا {year}": titled(cases(case(year, date=f"5/7/{year}")), f"القضايا لغاية 15/10/{year}")
        for year in (2023, 2024)
    }
    tables, _ = conform(read(sheets), of_years, TODAY)
    assert {year: part["end"] for year, part in covered_parts(tables)["cases"].items()} == {
        "2023": "2023-10-15",
        "2024": "2024-10-15",
    }


def test_a_title_of_the_table_above_says_nothing_of_the_table_below():
    below = titled(victims(victim(1)), "جدول الضحايا لسنة 2024")
    parts, _ = covered(القضايا=squared([*cases(case(1)), [], *below]))
    assert parts == {}
    dated: Grid = [["التاريخ: 5/1/2025"], ["جدول القضايا لسنة 2024"], *cases(case(1))[1:]]
    assert covered(القضايا=squared(dated))[0] == {}


def test_two_quarters_in_two_titles_cover_their_own_days_only():
    grid = titled(cases(case(1)), "الفصل الأول 2024")
    grid[1][0] = "الفصل الثالث 2024"
    parts, _ = covered(القضايا=grid)
    part = Covered.from_json(parts["cases"]["2024"])
    assert (part.start, part.end) == (datetime.date(2024, 1, 1), datetime.date(2024, 9, 30))
    assert part.completeness == round((91 + 92) / 366, 4)


@pytest.mark.parametrize(
    ("title", "part"),
    [
        (TITLE, (datetime.date(2024, 1, 1), datetime.date(2024, 10, 15), 0.7896)),
        ("جدول القضايا لسنة 2024", (datetime.date(2024, 1, 1), datetime.date(2024, 12, 31), 1.0)),
        ("القضايا لغاية تشرين 2024", (None, None, None)),
    ],
)
def test_the_roll_call_keeps_the_days_that_a_file_covers(title: str, part: tuple[object, ...], tmp_path: Path):
    home = Home.at(tmp_path / "home").open()
    path = tmp_path / "export.xlsx"
    path.write_bytes(xlsx({"القضايا": titled(cases(case(1)), title)}))
    landing.receive(home, MINISTRY, path, today=TODAY)
    landing.land(home, MINISTRY)
    current_submissions.write(home)
    [row] = pq.read_table(home.raw / "submissions.parquet").to_pylist()
    assert (row["covers_from"], row["covers_until"], row["completeness"]) == part


def test_days_counted_from_1904_are_the_same_days():
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    sheet.title = "القضايا"
    for row in cases(case(1, date=datetime.date(2024, 7, 30)), case(2, date=45503 - 1462)):
        sheet.append(row)
    stream = io.BytesIO()
    book.properties.creator = ""
    book.save(stream)
    examination = examine(stream.getvalue(), "export.xlsx", MINISTRY, today=TODAY)
    [table] = examination.tables
    assert table.columns["reported_date"] == [datetime.date(2024, 7, 30)] * 2
