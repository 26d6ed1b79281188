"""The yearly table by court of appeal: one row of a court gives one record for each of its figures. All is invented."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from ingestion.cards.source_card import load_source
from ingestion.entry import corrections
from ingestion.entry.checked_tables import ConformedTable, count_replaced_rows
from ingestion.entry.corrections import Correction
from ingestion.entry.row_checks import conform
from ingestion.home import Home
from ingestion.submissions import landing
from ingestion.submissions.landed_submission import landed_submission
from ingestion.submissions.receipts import Receipt
from tests.ingestion.workbooks import TODAY, Grid, read, squared, xlsx

COUNCIL = load_source("iraq_judicial_council")
SHEET = "موقف الدعاوى"
HEADER = ["ت", "رئاسة محكمة الاستئناف", "المحكمة", "المدور", "الوارد", "المجموع", "المحسوم", "إدانة", "براءة", "إفراج", "غلق", "المتبقي"]  # fmt: skip  # noqa: E501
KARKH = ["رئاسة محكمة استئناف بغداد/الكرخ", "الجنايات", 4, 10, 14, 9, 5, 2, 1, 1, 5]
RUSAFA = ["رئاسة محكمة استئناف بغداد/الرصافة", "الجنايات", "لا يوجد", "٧", 7, 7, 4, 3, 0, "-", 0]
TITLE = "موقف دعاوى الاتجار بالبشر لسنة ٢٠٢٤"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home").open()


def receive(home: Home, folder: Path, cells: Grid) -> Receipt:
    path = folder / "judicial.xlsx"
    path.write_bytes(xlsx({SHEET: cells}))
    return landing.receive(home, COUNCIL.name, path, today=TODAY)


def grid(*rows: list[Any], title: str = TITLE, total: list[Any] | None = None) -> Grid:
    numbered = [[number, *row] for number, row in enumerate(rows, start=1)]
    return squared(
        [["مجلس القضاء الأعلى"], [title], HEADER, *numbered, *([total] if total else []), [], ["مدير الشعبة"]]
    )


def run(cells: Grid, sheet: str = SHEET):
    tables, findings = conform(read({sheet: cells}), COUNCIL, TODAY)
    return tables, [one for one in findings if one.kind != "table_missing"]


def figures(table: ConformedTable, row_number: int) -> dict[str, object]:
    columns = table.columns
    places = [place for place, row in enumerate(columns["row_number"]) if row == row_number]
    return {f"{columns['dimension'][at]}/{columns['category'][at]}": columns["figure"][at] for at in places}


def test_each_figure_of_a_court_lands_as_a_record_and_the_row_is_counted_once():
    [table], findings = run(grid(KARKH, RUSAFA))
    assert findings == []
    assert (table.shape, table.rows_in, table.rows_landed, table.rows_quarantined) == ("counts", 2, 2, 0)
    assert table.columns["row_number"] == [4] * 9 + [5] * 9
    assert figures(table, 4) == {
        "by stage/Carried over": 4,
        "by stage/Received": 10,
        "by stage/Total": 14,
        "by stage/Decided": 9,
        "by outcome/Conviction": 5,
        "by outcome/Acquittal": 2,
        "by outcome/Discharge": 1,
        "by outcome/Closure": 1,
        "by stage/Pending": 5,
    }
    assert count_replaced_rows([table]) == {"counts": {"2024": 2}}


def test_the_two_courts_of_baghdad_stay_two_areas_of_one_governorate():
    [table], _ = run(grid(KARKH, RUSAFA))
    assert set(table.columns["reporting_area"]) == {KARKH[0], RUSAFA[0]}
    assert set(table.columns["governorate_code"]) == {"IQG08"}
    assert set(table.columns["reporting_unit"]) == {"الجنايات"}


def test_a_workload_is_counted_in_cases_and_each_record_names_its_cell():
    [table], _ = run(grid(KARKH))
    assert set(table.columns["unit_label"]) == {"Cases"}
    assert table.columns["cell_column"] == ["D", "E", "F", "G", "H", "I", "J", "K", "L"]


def test_accused_by_sex_beside_the_cases_are_persons():
    cells = [[*row, *more] for row, more in zip(grid(KARKH), [[], [], ["الذكور", "الإناث", "الأحداث"], [6, 3, 1], [], []], strict=True)]  # fmt: skip  # noqa: E501
    [table], findings = run(squared(cells))
    assert findings == []
    persons = [place for place, unit in enumerate(table.columns["unit_label"]) if unit == "Persons"]
    assert [table.columns["figure"][place] for place in persons] == [6, 3, 1]
    assert [table.columns["sex_label"][place] for place in persons] == ["Male", "Female", "Total"]
    assert {table.columns["measure"][place] for place in persons} == {"Persons accused of trafficking"}


def test_zero_none_dash_and_blank_stay_apart_in_figures():
    [table], _ = run(grid([*RUSAFA[:-1], None]))
    marks = dict(zip(table.columns["category"], table.columns["figure_mark"], strict=True))
    assert (marks["Carried over"], marks["Discharge"], marks["Closure"], marks["Pending"]) == (
        "none",
        "value",
        "dash",
        "blank",
    )


@pytest.mark.parametrize(
    ("place", "value", "cell", "stated", "computed"),
    [(4, 15, "F4", "15", "14"), (5, 8, "G4", "8", "9"), (10, 4, "F4", "14", "13")],
)
def test_a_row_that_does_not_add_up_is_flagged_with_both_numbers_and_lands(
    place: int, value: int, cell: str, stated: str, computed: str
):
    row = [*KARKH]
    row[place] = value
    [table], findings = run(grid(row))
    found = [one for one in findings if one.cell == cell]
    assert table.rows_landed == 1
    assert {one.kind for one in findings} == {"sum_mismatch"}
    assert (stated, computed) in [(one.arguments["stated"], one.arguments["computed"]) for one in found]


def test_a_row_with_an_unreadable_figure_is_kept_out_whole():
    [table], findings = run(grid([*KARKH[:2], "كثير", *KARKH[3:]], RUSAFA))
    assert [(one.kind, one.cell) for one in findings] == [("not_a_number", "D4")]
    assert (set(table.columns["row_number"]), table.rows_quarantined) == ({5}, 1)


def test_a_row_without_any_figure_is_kept_out():
    [table], findings = run(grid([*KARKH[:2], *[None] * 9], RUSAFA))
    assert [(one.kind, one.severity, one.cell) for one in findings] == [("required_missing", "quarantine", "D4")]
    assert (table.rows_in, table.rows_landed) == (2, 1)


def test_the_totals_of_figures_are_checksums():
    total = ["المجموع الكلي", None, None, 4, 17, 21, 16, 9, 5, 1, 1, 6]
    [table], findings = run(grid(KARKH, RUSAFA, total=total))
    assert (table.rows_in, set(table.columns["row_number"])) == (2, {4, 5})
    assert [(one.kind, one.cell, one.arguments["stated"], one.arguments["computed"]) for one in findings] == [
        ("total_mismatch", "L6", "6", "5")
    ]


@pytest.mark.parametrize(
    ("title", "year"),
    [
        (TITLE, "2024"),
        ("موقف الدعاوى لعام 2023", "2023"),
        ("موقف الدعاوى ۲۰۲۲", "2022"),
        ("من ١/١/٢٠٢١ لغاية ٣١/١٢/٢٠٢١", "2021"),
    ],
)
def test_the_year_is_taken_from_the_title_in_any_digits(title: str, year: str):
    [table], findings = run(grid(KARKH, title=title))
    assert (findings, set(table.columns["period"]), set(table.columns["reference_year"])) == ([], {year}, {int(year)})


@pytest.mark.parametrize("title", ["موقف الدعاوى", "موقف الدعاوى لسنتي 2023 و 2024"])
def test_a_title_without_one_year_refuses_with_the_place_of_the_header(title: str):
    tables, findings = run(grid(KARKH, title=title))
    assert [(one.severity, one.kind, one.cell) for one in findings] == [("refuse", "period_unstated", "A3")]
    assert tables == []


def test_a_column_of_years_goes_before_the_title():
    cells = [[*row, extra] for row, extra in zip(grid(KARKH), [None, None, "السنة", "٢٠٢٣", None, None], strict=True)]
    [table], _ = run(squared(cells))
    assert set(table.columns["period"]) == {"2023"}


def test_a_year_in_the_future_lands_nothing():
    _, findings = run(grid(KARKH, title="لسنة 2031"))
    assert {one.kind for one in findings} == {"period_in_future", "all_periods_in_future"}


def test_rows_are_accounted_for_and_not_figures_from_the_receipt_to_what_lies_landed(home: Home, tmp_path: Path):
    receipt = receive(home, tmp_path, grid(KARKH, RUSAFA, [*KARKH[:2], "كثير", *KARKH[3:]]))
    [landed] = landing.land(home, COUNCIL.name)
    assert (receipt.rows_in, receipt.rows_landed, receipt.rows_quarantined) == (3, 2, 1)
    assert (dict(landed.shape_rows), landed.quarantined) == ({"counts": 2}, 1)
    assert getattr(landed_submission(home, receipt), "periods", None) == receipt.periods == {"counts": {"2024": 2}}
    path = home.raw / "counts" / f"source={COUNCIL.name}" / f"submission={receipt.submission}" / "rows.parquet"
    records = pq.read_table(path, columns=["sheet", "row_number", "cell_column"]).to_pylist()
    keys = {(one["sheet"], one["row_number"], one["cell_column"]) for one in records}
    assert len(keys) == len(records) == 18


def test_a_correction_of_one_figure_leaves_the_others_and_a_dropped_row_takes_all_of_them(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    said = {"reason": "the council wrote so", "status": "reported", "shape": "counts"}
    wrong = {"where": {"row_number": 4, "cell_column": "E"}, "field": "figure", "expect": 10, "set": 11}
    declared = [
        Correction(id="received", **said, **wrong),
        Correction(id="twice", **said, where={"row_number": 5}, drop=True),
    ]
    monkeypatch.setattr(corrections, "load_corrections", {COUNCIL.name: declared}.__getitem__)
    receipt = receive(home, tmp_path, grid(KARKH, RUSAFA))
    [landed] = landing.land(home, COUNCIL.name)
    assert (dict(landed.shape_rows), landed.quarantined) == ({"counts": 1}, 1)
    path = home.raw / "counts" / f"source={COUNCIL.name}" / f"submission={receipt.submission}" / "rows.parquet"
    assert pq.read_table(path)["figure"].to_pylist() == [4, 11, 14, 9, 5, 2, 1, 1, 5]
