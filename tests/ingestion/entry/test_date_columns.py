"""A column of dates whose order is in doubt waits as a column, is told once, and lands whole after one answer."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ingestion.cards.source_card import load_source
from ingestion.entry.checked_tables import ConformedTable
from ingestion.entry.decided_cells import Decided
from ingestion.entry.file_check import Examination, examine, examine_taken
from ingestion.entry.row_checks import conform
from ingestion.findings import Finding, finding_in_words
from ingestion.forms import marking
from languages.words import Words, languages
from tests.ingestion.workbooks import TODAY, case, cases, csv, read, squared, xlsx

MINISTRY = "iraq_interior_ministry"
KINDS = ("date_order_contradicted", "date_order_unsaid", "dates_exchanged")
DAYS = [datetime.date(2024, 1, 1) + datetime.timedelta(days=3 * number) for number in range(100)]
Grid = list[list[Any]]


def day_first(day: datetime.date) -> str:
    return f"{day.day}/{day.month}/{day.year}"


def month_first(day: datetime.date) -> str:
    return f"{day.month}/{day.day}/{day.year}"


def converted(day: datetime.date) -> str | datetime.date:
    """What a program that takes the month first makes of a day that was typed with the day first."""
    return day.replace(month=day.day, day=day.month) if day.day <= 12 else day_first(day)


def sheet(write: Callable[[datetime.date], object], days: Sequence[datetime.date] = DAYS) -> Grid:
    return cases(*(case(number, date=write(day)) for number, day in enumerate(days, start=1)))  # pyright: ignore[reportArgumentType]


def conformed(grid: Grid, answers: Mapping[tuple[str, str], str] | None = None, *, day_first: bool | None = True):
    card = load_source(MINISTRY).model_copy(update={"day_first": day_first})
    return conform(read({"القضايا": grid}), card, TODAY, answers)


def again(before: Examination, decided: Decided) -> Examination:
    """Return how what was taken of a file is read after a decision."""
    return examine_taken(before.taken, MINISTRY, before.sha256, today=TODAY, decided=decided)


def of_columns(findings: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.kind in KINDS]


def right(table: ConformedTable) -> int:
    """Return the rows that landed with their own day; none may have landed with another."""
    days = {int(str(number)) - 4: day for number, day in zip(table.columns["row_number"], table.columns["reported_date"], strict=True)}  # fmt: skip  # noqa: E501
    assert {place: day for place, day in days.items() if day != DAYS[place]} == {}
    return len(days)


@pytest.mark.parametrize("card", [True, None])
@pytest.mark.parametrize(
    ("write", "answer"), [(month_first, "month_first"), (converted, "exchanged")], ids=["texts", "converted"]
)
def test_of_a_hundred_rows_none_lands_with_another_month_and_all_after_one_answer(
    write: Callable[[datetime.date], object], answer: str, card: bool | None
):
    [table], findings = conformed(sheet(write), day_first=card)
    [finding] = of_columns(findings)
    assert (finding.severity, finding.cell) == ("quarantine", "C3")
    assert {reason.kind for reason in table.quarantined} == {finding.kind}
    assert int(finding.arguments["waiting"]) == table.rows_quarantined == 100 - right(table)
    [table], findings = conformed(sheet(write), {("القضايا", "C3"): answer}, day_first=card)
    assert of_columns(findings) == []
    assert right(table) == 100


def test_real_dates_and_texts_with_the_day_first_that_are_mixed_in_all_values_land():
    grid = sheet(lambda day: day if day.toordinal() % 2 else day_first(day))
    [table], findings = conformed(grid)
    assert (of_columns(findings), right(table)) == ([], 100)


def test_each_sheet_and_each_table_of_a_file_has_an_order_of_its_own():
    other = [datetime.date(2024, 7, day) for day in range(1, 29)]
    grids = {"القضايا": sheet(month_first), "قضايا": sheet(day_first, other)}
    tables, findings = conform(read(grids), load_source(MINISTRY), TODAY)
    assert [(finding.sheet, finding.cell) for finding in of_columns(findings)] == [("القضايا", "C3")]
    by_sheet = {str(table.columns["sheet"][0]): table for table in tables if table.rows_landed}
    assert list(by_sheet["قضايا"].columns["reported_date"]) == other


def test_an_answer_about_one_sheet_is_none_about_another():
    grids = {"القضايا": sheet(month_first), "قضايا": sheet(month_first)}
    _, findings = conform(read(grids), load_source(MINISTRY), TODAY, {("القضايا", "C3"): "month_first"})
    assert [(finding.sheet, finding.cell) for finding in of_columns(findings)] == [("قضايا", "C3")]


def test_a_cell_that_contradicts_the_answer_waits_by_itself():
    grid = cases(case(1, date="30/7/2024"), case(2, date="5/7/2024"), case(3, date="7/30/2024"))
    [table], findings = conformed(grid, {("القضايا", "C3"): "day_first"})
    assert [(finding.kind, finding.cell) for finding in findings if "date" in finding.kind] == [
        ("date_ambiguous", "C6")
    ]
    assert [str(day) for day in table.columns["reported_date"]] == ["2024-07-30", "2024-07-05"]


def test_a_row_below_a_foreign_header_proves_nothing():
    grid = squared([*cases(case(1, date="30/7/2024"), case(2, date="5/7/2024"))[:-1], [], ["رقم", "تاريخ", "اسم آخر"], [1, 2, "7/30/2024"]])  # fmt: skip  # noqa: E501
    _, findings = conformed(grid)
    assert of_columns(findings) == []


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_a_file_is_answered_by_its_heading_in_either_form(form: str):
    data = xlsx({"القضايا": sheet(month_first)}) if form == "xlsx" else csv(sheet(month_first))
    examination = examine(data, f"file.{form}", MINISTRY, today=TODAY)
    [finding] = of_columns(examination.findings)
    assert examination.verdict == "accepted"
    assert 0 < examination.rows_landed < 20
    decided = Decided(columns={(finding.sheet, finding.cell): "month_first"})
    assert again(examination, decided).rows_landed == 100


def test_a_cell_that_was_decided_before_keeps_its_evidence():
    grid = cases(case(1, date="3/15/2024"), case(2, date="3/5/2024"), case(3, date="16/7/2024"))
    data = xlsx({"القضايا": grid})
    decided = Decided({("القضايا", "C4"): "2024-03-15"})
    examination = again(examine(data, "x.xlsx", MINISTRY, today=TODAY), decided)
    [table] = examination.tables
    assert [str(day) for day in table.columns["reported_date"]] == ["2024-03-15", "2024-07-16"]
    assert [finding.arguments["waiting"] for finding in of_columns(examination.findings)] == ["1"]


@pytest.mark.parametrize("tag", languages())
@pytest.mark.parametrize("kind", KINDS)
def test_the_advice_asks_about_the_column_and_lets_nobody_change_single_dates(tag: str, kind: str):
    counts = dict.fromkeys(("waiting", "real", "day_first", "month_first"), "7")
    _, remedy = finding_in_words(Finding("quarantine", kind, "x", "C3", {"column": "X", **counts}), Words.load(tag))
    assert "marsad review" in remedy
    assert "30/7/2024" not in remedy  # no date to write anew
    assert "2024" not in remedy


def test_a_marked_copy_says_it_at_the_heading(tmp_path: Path):
    data = xlsx({"القضايا": sheet(converted)})
    examination = examine(data, "x.xlsx", MINISTRY, today=TODAY)
    marking.mark(tmp_path / "x.xlsx", data, examination.findings, "verdict", tmp_path / "marked.xlsx", Words.load("en"))
    marked = openpyxl.load_workbook(io.BytesIO((tmp_path / "marked.xlsx").read_bytes()))
    comment = marked["القضايا"]["C3"].comment
    assert comment is not None
    assert "Change no single date" in comment.text


@pytest.mark.parametrize(
    "typed", ["منتصف آذار", "أواخر شباط 2024", "ناوەڕاستی ئازار", "mid March", "the end of May 2024"]
)
def test_a_part_of_a_month_is_a_date_to_mend_and_asks_nothing(typed: str):
    data = xlsx({"القضايا": cases(case(1), case(2, date=typed))})
    examination = examine(data, "x.xlsx", MINISTRY, today=TODAY)
    assert (examination.verdict, examination.rows_quarantined) == ("accepted", 1)
    assert [finding.cell for finding in examination.findings if finding.kind == "date_vague"] == ["C5"]


@pytest.mark.parametrize("typed", ["منتصف علي", "أواخر حسن", "mid Hassan"])
def test_a_part_of_a_person_is_no_date(typed: str):
    data = xlsx({"القضايا": cases(case(1), case(2, date=typed))})
    examination = examine(data, "x.xlsx", MINISTRY, today=TODAY)
    [row] = [finding for finding in examination.findings if finding.cell == "C5"]
    assert row.kind == "date_unreadable"
    assert typed.split()[1] not in str(row.arguments)


EARLY = [datetime.date(2024, month, day) for month, day in ((1, 5), (2, 3), (3, 9), (4, 7), (5, 2), (6, 11), (7, 8))]


def of_early(write: Callable[[datetime.date], object], *more: datetime.date) -> Grid:
    """Rows with days up to the 12th: no cell by itself proves an order."""
    return sheet(write, [*EARLY, *more])


def test_a_day_that_lies_in_the_future_unless_the_month_stands_first_holds_the_column_back():
    grid = of_early(month_first, datetime.date(TODAY.year, 1, 12))
    [table], findings = conformed(grid)
    [finding] = of_columns(findings)
    assert (finding.kind, table.rows_landed, finding.arguments["month_first"]) == ("date_order_contradicted", 0, "1")
    [table], findings = conformed(grid, {("القضايا", "C3"): "month_first"})
    assert of_columns(findings) == []
    assert str(table.columns["reported_date"][0]) == "2024-01-05"


def test_a_day_outside_of_the_part_of_a_year_that_the_title_states_holds_the_column_back():
    grid = of_early(month_first)
    grid[0][0] = "قضايا المدة من 1/1/2024 ولغاية 31/7/2024"
    [table], findings = conformed(grid)
    [finding] = of_columns(findings)
    assert (finding.kind, table.rows_landed) == ("date_order_contradicted", 0)
    grid = of_early(day_first)
    grid[0][0] = "قضايا المدة من 1/1/2024 ولغاية 31/7/2024"
    [table], findings = conformed(grid)
    assert (of_columns(findings), table.rows_landed) == ([], len(EARLY))


def test_a_single_slip_in_a_column_that_proves_its_order_holds_nobody_else_back():
    grid = of_early(day_first, datetime.date(2024, 8, 20), datetime.date(TODAY.year, 12, 1))
    [table], findings = conformed(grid)
    assert (of_columns(findings), table.rows_quarantined) == ([], 1)
