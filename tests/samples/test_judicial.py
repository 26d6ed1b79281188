"""What the Higher Judicial Council counts of its cases in a year, and that the door reads the very figures."""

from __future__ import annotations

from collections import Counter
from datetime import date

from ingestion.entry.file_check import examine
from samples import workbooks
from samples.bodies.sight import JUDICIAL, LetterDelivery, Row
from samples.life.country import Country

TODAY = date(2026, 11, 1)
CATEGORIES = {
    "Carried over": "carried_over", "Received": "received", "Total": "total", "Decided": "decided",
    "Conviction": "convicted", "Acquittal": "acquitted", "Discharge": "discharged", "Closure": "closed",
    "Pending": "pending",
}  # fmt: skip


def _years(sent: list[LetterDelivery]) -> dict[int, list[Row]]:
    files = [one for one in sent if one.source == JUDICIAL and "workload" in one.tables]
    return {one.period_year: list(one.tables["workload"]) for one in files}


def test_each_year_has_its_table_and_baghdad_two_courts(sent: list[LetterDelivery], invented: Country):
    years = _years(sent)
    assert set(years) == set(range(invented.first_year, invented.last_year + 1))
    areas = {row["reporting_area"] for row in years[2024]}
    assert {area.rpartition("/")[2] for area in areas if "بغداد" in area} == {"الكرخ", "الرصافة"}
    assert len(areas) > 10


def test_what_is_pending_at_the_end_of_a_year_is_carried_over_into_the_next(sent: list[LetterDelivery]):
    years = _years(sent)
    pending = {year: sum(row["pending"] for row in rows) for year, rows in years.items()}
    carried = {year: sum(row["carried_over"] for row in rows) for year, rows in years.items()}
    assert [carried[year + 1] for year in list(years)[:-1]] == [pending[year] for year in list(years)[:-1]]
    assert min(pending.values()) > 0


def test_the_figures_that_land_are_those_the_country_holds(sent: list[LetterDelivery], invented: Country):
    for delivery in (one for one in sent if one.source == JUDICIAL and "workload" in one.tables):
        data = workbooks.file_content(invented, delivery)
        examination = examine(data, delivery.file_name, JUDICIAL, today=TODAY)
        [table] = [one for one in examination.tables if one.table == "workload"]
        columns = table.columns
        landed = {
            (columns["reporting_area"][at], CATEGORIES[str(columns["category"][at])]): columns["figure"][at]
            for at in range(len(columns["figure"]))
        }
        held = {(row["reporting_area"], name): row[name] for row in delivery.tables["workload"] for name in CATEGORIES.values()}  # fmt: skip  # noqa: E501
        assert landed == held
        assert (table.rows_landed, table.rows_quarantined) == (len(delivery.tables["workload"]), 0)
        assert set(columns["period"]) == {str(delivery.period_year)}
        assert Counter(str(finding.kind) for finding in examination.findings)["sum_mismatch"] == 0
