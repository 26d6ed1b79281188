"""Totals and subtotals: dropped as data, used as checksums. Every value is made up."""

from __future__ import annotations

import pytest

from ingestion.cards.source_card import load_source
from ingestion.entry.row_checks import conform
from ingestion.findings import Finding
from ingestion.tables.totals import is_total, total_at
from tests.ingestion.workbooks import TODAY, Grid, case, cases, glotip, read, squared, token

MINISTRY = load_source("iraq_interior_ministry")
COUNCIL = load_source("iraq_judicial_council")
COURTS = ["رئاسة محكمة الاستئناف", "المحكمة", "المدور", "الوارد", "المجموع", "المحسوم", "المتبقي"]


def run(grid: Grid):
    [table], findings = conform(read({"القضايا": grid}), MINISTRY, TODAY)
    return table, [one for one in findings if one.kind != "table_missing"]


def total(label: str, accused: object, victims: object) -> list[object]:
    return [label, None, None, None, accused, victims]


def mixed(*rows: list[object]) -> Grid:
    """The ministry's sheet of cases; a row of six cells stands as it is."""
    return squared([*cases()[:3], *rows, [], ["مدير قسم الإحصاء"]])


def numbers(findings: list[Finding]) -> list[tuple[str, str, str]]:
    return [
        (one.cell, one.arguments["stated"], one.arguments["computed"])
        for one in findings
        if one.kind == "total_mismatch"
    ]


def row(number: int, accused: int = 1, victims: int = 2) -> list[object]:
    return [number, *case(number, accused=accused, victims=victims)]


@pytest.mark.parametrize(
    "label",
    ["المجموع", "المجموع الكلي", "المجموع العام", "الاجمالي", "الإجمالي العام", "اجمالي", "المجموع 25",
     "المجموع لسنة 2024",     "المجموع الفرعي", "مجموع المحافظة",
     "مجموع محافظة البصرة", "Total", "Grand total", "Sub-total", "Subtotal",
     "Total for Basra", "کۆی گشتی", "کۆ", "کۆی پارێزگا", "سەرجەم", "المـجـموع:"],
)  # fmt: skip
def test_the_label_of_a_total_is_known_in_three_languages(label: str):
    assert is_total([None, label, 3])


@pytest.mark.parametrize(
    "label",
    ["مجموعة الشمال", "البصرة", "totally", "كوردستان", "", "المجموع الذي لا ينتهي كلامه حتى نهاية السطر الطويل"],
)
def test_other_words_are_no_total(label: str):
    assert not is_total([label, 3])


def test_subtotals_inside_the_table_are_no_rows_and_check_their_own_group():
    grid = mixed(
        row(1),
        row(2),
        total("مجموع المحافظة", 2, 4),
        row(3, 5),
        total("مجموع المحافظة", 5, 2),
        total("المجموع الكلي", 7, 6),
    )
    table, findings = run(grid)
    assert (table.columns["row_number"], table.rows_in, findings) == ([4, 5, 7], 3, [])


@pytest.mark.parametrize("label", ["المجموع", "المجموع الفرعي", "کۆی لاوەکی", "Subtotal"])
def test_a_wrong_subtotal_is_flagged_with_both_numbers_and_its_rows_land(label: str):
    grid = mixed(row(1), row(2), total(label, 2, 5), row(3), row(4), total(label, 2, 4), total("المجموع الكلي", 4, 8))
    table, findings = run(grid)
    assert table.columns["row_number"] == [4, 5, 7, 8]
    assert numbers(findings) == [("F6", "5", "4")]


def test_a_wrong_grand_total_is_flagged_against_all_rows():
    grid = mixed(
        row(1), total("المجموع الفرعي", 1, 2), row(2), total("المجموع الفرعي", 1, 2), total("المجموع الكلي", 2, 5)
    )
    table, findings = run(grid)
    assert (table.columns["row_number"], numbers(findings)) == ([4, 6], [("F8", "5", "4")])


def test_subtotals_of_subtotals_may_sum_any_rows_above_them():
    grid = mixed(
        row(1), total("مجموع القضاء", 1, 2), row(2), total("مجموع القضاء", 1, 2), total("مجموع المحافظة", 2, 4),
        row(3), total("مجموع القضاء", 1, 2), total("مجموع المحافظة", 1, 2), total("المجموع العام", 3, 6),
    )  # fmt: skip
    table, findings = run(grid)
    assert (table.columns["row_number"], findings) == ([4, 6, 9], [])


def test_the_last_total_may_be_that_of_all_rows_or_of_the_last_group():
    for last in (2, 1):
        grid = mixed(row(1), total("المجموع", 1, 2), row(2), total("المجموع", last, last * 2))
        table, findings = run(grid)
        assert (table.columns["row_number"], findings) == ([4, 6], [])


def test_rows_below_a_subtotal_are_rows_and_those_below_the_grand_total_are_not():
    grid = mixed(row(1), total("مجموع المحافظة", 1, 2), row(2))
    assert run(grid)[0].columns["row_number"] == [4, 6]
    grid = mixed(row(1), total("المجموع الكلي", 1, 2), row(2))
    table, findings = run(grid)
    assert (table.columns["row_number"], table.rows_in) == ([4], 2)
    assert [(one.kind, one.cell) for one in findings] == [("row_after_total", "B6")]


def test_a_subtotal_may_stand_behind_the_words_of_its_group():
    header = [["لسنة 2024"], COURTS]
    basra = [
        ["البصرة", "الجنايات", 1, 2, 3, 2, 1],
        ["البصرة", "الجنح", 2, 2, 4, 3, 1],
        ["البصرة", "المجموع", 3, 4, 7, 5, 2],
    ]
    maysan = [["ميسان", "الجنايات", 0, 1, 1, 0, 1], ["ميسان", "المجموع", 0, 1, 1, 0, 2]]
    grid = squared([*header, *basra, *maysan, ["المجموع الكلي", None, 3, 5, 8, 5, 3]])
    [table], findings = conform(read({"موقف الدعاوى": grid}), COUNCIL, TODAY)
    assert (list(dict.fromkeys(table.columns["row_number"])), table.rows_in) == ([3, 4, 6], 3)
    assert numbers(findings) == [("G7", "2", "1")]


def test_the_stated_number_of_rows_of_a_group_is_checked():
    table, findings = run(mixed(row(1), row(2), ["مجموع البصرة 2"], row(3), ["مجموع ميسان 4"]))
    assert table.columns["row_number"] == [4, 5, 7]
    assert numbers(findings) == [("A8", "4", "1")]


@pytest.mark.parametrize(
    ("cell", "stated", "flagged"),
    [
        ("لم ترد", 2, []), ("لم ترد", 3, [("E6", "3", "2")]), ("-", 3, [("E6", "3", "2")]),
        (None, 3, [("E6", "3", "2")]), ("لا يوجد", 3, [("E6", "3", "2")]), ("<5", 3, []), ("#N/A", 3, []),
    ],
)  # fmt: skip
def test_a_total_leaves_out_what_was_not_received_and_is_open_only_over_hidden_and_broken_cells(
    cell: str | None, stated: int, flagged: list[tuple[str, str, str]]
):
    _, findings = run(mixed([*row(1)[:4], 2, 2], [*row(2)[:4], cell, 2], total("المجموع الكلي", stated, 4)))
    assert numbers(findings) == flagged


def test_total_in_the_middle_of_a_row_is_a_category():
    [table], findings = conform(
        read({"x": glotip(("XKA", "Total", 2019, 1), ("XKA", "Total", 2020, 2))}), load_source("unodc_glotip"), TODAY
    )
    assert (table.columns["row_number"], findings) == ([4, 5], [])
    assert total_at(["IRQ", "Total", 5], 0, 0, 0) is None


@pytest.mark.parametrize("running", ["ت", "التسلسل", "تسلسل", "م", "#", "No", "ژمارە"])
def test_the_running_number_and_what_stands_below_the_table_are_no_data(running: str):
    grid = cases(case(1), case(2), total=total("المجموع", 2, 4))[:-1]
    grid[2][0] = running
    below = [[], ["ملاحظة: الأرقام أولية"], [None, None, "اسم المدير", None, "التوقيع"], [None, None, "بغداد"]]
    table, findings = run(squared([*grid, *below]))
    assert (table.columns["row_number"], table.rows_in) == ([4, 5], 2)
    assert findings == []
    assert table.columns["case_token"] == [token(1, "case"), token(2, "case")]
