"""Several tables in one sheet, below and beside each other, and sheets named by years. Every value is made up."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ingestion.cards.source_card import SourceCard, load_source
from ingestion.entry.checked_tables import ConformedTable, count_replaced_rows
from ingestion.entry.row_checks import conform
from ingestion.findings import Finding
from ingestion.tables.sheet_regions import year_of_sheet
from tests.ingestion.workbooks import TODAY, Grid, case, cases, read, squared, victim, victims

MINISTRY = load_source("iraq_interior_ministry")
COUNCIL = load_source("iraq_judicial_council")
COURTS = ["رئاسة محكمة الاستئناف", "المحكمة", "المدور", "الوارد", "المجموع", "المحسوم", "المتبقي"]
SHEET = "القضايا"


def run(sheets: Mapping[str, Grid], card: SourceCard = MINISTRY):
    tables, findings = conform(read(sheets), card, TODAY)
    return tables, [one for one in findings if one.kind != "table_missing"]


def landed(tables: list[ConformedTable]) -> list[tuple[str, list[object]]]:
    return [(table.table, list(dict.fromkeys(table.columns["row_number"]))) for table in tables]


def kinds(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(one.kind, one.cell) for one in findings]


def beside(left: Grid, right: Grid) -> Grid:
    """Two grids side by side with an empty column between."""
    height, width = max(len(left), len(right)), len(left[0])
    rows = [
        (left[row] if row < len(left) else [None] * width) + [None] + (right[row] if row < len(right) else [])
        for row in range(height)
    ]
    return squared(rows)


def by_year(*names: str, card: SourceCard = MINISTRY) -> SourceCard:
    """The ministry's card, its table of cases in sheets of these names."""
    table = card.tables["cases"].model_copy(update={"sheets": list(names)})
    return card.model_copy(update={"tables": {**card.tables, "cases": table}})


# Below each other


def test_two_tables_below_each_other_land_each_with_its_own_rows():
    grid = squared([*cases(case(1), case(2)), [], *victims(victim(1), victim(2), victim(3))])
    tables, findings = run({SHEET: grid})
    assert kinds(findings) == []
    assert landed(tables) == [("cases", [4, 5]), ("victims", [11, 12, 13])]
    assert [table.rows_quarantined for table in tables] == [0, 0]


def test_the_total_of_the_first_table_ends_it_and_checks_its_rows_only():
    first = cases(case(1), case(2), total=["المجموع", None, None, None, 2, 4])
    second = cases(case(3), total=["المجموع", None, None, None, 1, 3])
    tables, findings = run({SHEET: squared([*first, [], *second])})
    assert landed(tables) == [("cases", [4, 5]), ("cases", [12])]
    assert kinds(findings) == [("total_mismatch", "F13")]


def test_a_table_may_stand_above_the_one_that_the_sheet_is_named_for():
    tables, findings = run({SHEET: squared([*victims(victim(1)), [], *cases(case(1))])})
    assert kinds(findings) == []
    assert landed(tables) == [("victims", [4]), ("cases", [11])]


def test_a_header_that_stands_once_more_at_the_top_of_a_page_parts_no_table():
    first = cases(case(1), case(2))[:5]
    grid = squared([*first, first[2], [3, *case(3)], ["المجموع", None, None, None, 3, 6]])
    [table], findings = run({SHEET: grid})
    assert (kinds(findings), landed([table])) == ([], [("cases", [4, 5, 7])])


def test_titles_with_a_year_between_two_tables_are_no_rows():
    second = [["قضايا سنة 2024 المحالة"], *cases(case(3))[2:]]
    tables, findings = run({SHEET: squared([*cases(case(1))[:4], *second])})
    assert (kinds(findings), landed(tables)) == ([], [("cases", [4]), ("cases", [7])])


def test_each_of_two_tables_takes_the_year_of_its_own_title():
    rows = [["رئاسة محكمة استئناف البصرة", "الجنايات", 1, 2, 3, 2, 1]]
    upper = [["موقف الدعاوى لسنة ٢٠٢٤"], COURTS, *rows, []]
    lower = [["موقف الدعاوى لسنة 2024"], COURTS, *rows]
    tables, findings = run({"موقف الدعاوى": squared([*upper, *lower])}, COUNCIL)
    assert (kinds(findings), landed(tables)) == ([], [("workload", [3]), ("workload", [7])])


# Beside each other


def test_two_tables_beside_each_other_land_each_with_its_own_columns():
    grid = beside(cases(case(1), case(2))[2:], victims(victim(1))[1:4])
    tables, findings = run({SHEET: grid})
    assert kinds(findings) == []
    assert landed(tables) == [("cases", [2, 3]), ("victims", [3])]


def test_the_same_table_twice_side_by_side_is_no_header_that_stands_twice():
    grid = beside(cases(case(1), total=["المجموع 1"])[2:], cases(case(2), case(3))[2:])
    tables, findings = run({SHEET: grid})
    assert "header_twice" not in {kind for kind, _ in kinds(findings)}
    assert landed(tables) == [("cases", [2]), ("cases", [2, 3])]


def test_rows_beside_each_other_have_the_same_number_and_are_told_apart_by_the_column_their_table_begins_in():
    grid = beside(cases(case(1), case(2))[2:], cases(case(3, date=None), case(4))[2:])
    tables, findings = run({SHEET: grid})
    places = [
        place for table in tables for place in zip(table.columns["sheet"], table.columns["row_number"], strict=True)
    ]
    assert places == [("القضايا", 2), ("القضايا", 3), ("القضايا!H", 3)]
    assert [(row.sheet, row.row_number, row.cell) for table in tables for row in table.quarantined] == [
        ("القضايا!H", 2, "J2")
    ]
    assert [(one.sheet, one.cell) for one in findings if one.severity == "quarantine"] == [("القضايا", "J2")]


def test_a_stranger_beside_a_table_is_named_column_by_column():
    grid = beside(cases(case(1))[2:4], [["اللون", "الوزن"], ["أحمر", 5]])
    [table], findings = run({SHEET: grid})
    assert landed([table]) == [("cases", [2])]
    assert kinds(findings) == [("unknown_column", "H1"), ("unknown_column", "I1")]


# A table that nobody knows


def test_rows_below_an_unknown_header_are_kept_out_and_named_and_never_lost():
    stranger = [["جدول آخر"], ["القسم", "العنوان", "النوع", "العدد"], [1, "ب", "ج", 7], [2, "د", "ه", 8], ["المجموع", None, None, 15]]  # fmt: skip  # noqa: E501
    grid = squared([*cases(case(1), case(2))[:5], [], *stranger, ["مدير القسم"]])
    [table], findings = run({SHEET: grid})
    assert landed([table]) == [("cases", [4, 5])]
    assert (table.rows_in, sorted({row.row_number for row in table.quarantined})) == (4, [9, 10])
    assert ("unknown_table", "A8") in kinds(findings)
    assert [cell for kind, cell in kinds(findings) if kind == "row_of_unknown_table"] == ["B9", "B10"]


def test_a_stamp_of_ours_beside_an_office_is_no_header():
    below = [["marsad:invented:1", None, None, None, None, None, "مدير شعبة الإحصاء"], ["المجموع", 1]]
    signed = [[None, "نظمه", None, "دققه", "صادق عليه"], [None, "المفوض", None, "الرائد", "مدير القسم"]]
    [table], _ = run({SHEET: squared([*cases(case(1))[:4], [], *below, *signed])})
    assert (landed([table]), table.rows_in, table.rows_quarantined) == ([("cases", [4])], 1, 0)


def test_rows_below_an_unknown_header_are_not_judged_by_the_headings_above():
    stranger = [["القسم", "العنوان", "النوع", "العدد"], ["س", "ب", "ج", 7], ["ع", "د", "ه", 8]]
    _, findings = run({SHEET: squared([*cases(case(1))[:4], [], *stranger])})
    assert {kind for kind, _ in kinds(findings)} == {"unknown_table", "row_of_unknown_table"}


def test_one_misspelt_heading_of_a_second_table_is_told_at_its_cell_with_the_right_one():
    second = victims(victim(1), victim(2))
    second[2][5] = "الجنسس"
    _, findings = run({SHEET: squared([*cases(case(1)), [], *second])})
    [wrong] = [one for one in findings if one.severity == "refuse"]
    assert (wrong.kind, wrong.cell) == ("header_missing", "F9")
    assert wrong.arguments == {"expected": "الضحية / الجنس", "nearest": "F"}


def test_rows_of_an_unknown_table_with_the_shape_of_the_first_never_land_as_its_rows():
    rows = [["البصرة", "الجنايات", 1, 2, 3, 2, 1]]
    stranger = [["الدائرة", "القسم", "حضور", "غياب", "كل", "حاضر", "باق"], ["ميسان", "الجنح", 1, 1, 2, 1, 1]]
    grid = squared([["لسنة 2024"], COURTS, *rows, [], *stranger])
    [table], findings = run({"موقف الدعاوى": grid}, COUNCIL)
    assert landed([table]) == [("workload", [3])]
    assert (table.rows_in, table.rows_quarantined) == (2, 1)
    assert kinds(findings) == [("unknown_table", "A5"), ("row_of_unknown_table", "A6")]


def test_an_unknown_table_below_the_total_is_kept_out_too():
    grid = squared([*cases(case(1), total=["المجموع 1"])[:5], ["الاسم", "العدد", "النسبة"], ["ب", 4, 5], ["ج", 6, 7]])
    [table], findings = run({SHEET: grid})
    assert landed([table]) == [("cases", [4])]
    assert (table.rows_in, table.rows_quarantined) == (3, 2)
    assert ("unknown_table", "A6") in kinds(findings)


def test_a_signature_block_of_two_hands_is_no_table():
    grid = squared([*cases(case(1))[:4], [], ["مدير القسم", None, "رئيس الشعبة"], ["التوقيع", None, "التوقيع"]])
    [table], findings = run({SHEET: grid})
    assert (landed([table]), table.rows_in, kinds(findings)) == ([("cases", [4])], 1, [])


def test_a_row_of_words_behind_a_blank_line_is_a_row_where_its_date_has_a_month_by_name():
    card = load_source("kurdistan_interior_ministry")
    header = ["Governorate", "Case type", "Date", "Victim sex", "Victim age group", "Nationality"]
    rows = [
        ["أربيل", "تسول", "30 تموز 2024", "أنثى", "طفل", "عراقية"],
        ["دهوك", "تسول", "1/2/2024", "ذكر", "بالغ", "عراقي"],
    ]
    [table], findings = run({"Victims": squared([header, rows[1], [], *rows])}, card)
    assert (table.rows_in, [kind for kind, _ in kinds(findings)]) == (3, ["duplicate_row"])


# Sheets named by years


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("2023", 2023),
        ("٢٠٢٤", 2024),
        ("۲۰۲۵", 2025),
        ("سنة 2023", 2023),
        ("القضايا ٢٠٢٢", 2022),
        ("ورقة1", None),
        ("99", None),
    ],
)
def test_the_year_of_a_sheet_is_read_in_three_digit_systems(name: str, year: int | None):
    assert year_of_sheet(name, by_year("القضايا", "القضايا {year}").tables["cases"]) == year


def test_each_sheet_of_a_year_is_an_export_of_its_own():
    sheets = {
        "2023": cases(case(1, date="1/2/2023"), case(2, date="3/4/2023")),
        "٢٠٢٤": cases(case(3), case(4, date="1/2/2023"), case(5)),
        "۲۰۲۲": cases(case(6, date="5/6/2022")),
    }
    tables, findings = run(sheets, by_year("القضايا", "{year}"))
    assert [(table.scope, table.columns["row_number"]) for table in tables] == [
        (("2023",), [4, 5]),
        (("2024",), [4, 6]),
        (("2022",), [4]),
    ]
    assert kinds(findings) == [("period_outside_file", "C5")]
    assert count_replaced_rows(tables) == {"cases": {"2023": 2, "2024": 2, "2022": 1}}


def test_a_sheet_of_a_year_without_rows_replaces_nothing():
    tables, _ = run({"2023": cases(case(1, date="1/2/2023")), "2024": cases()}, by_year("{year}"))
    assert count_replaced_rows(tables) == {"cases": {"2023": 1}}


def test_a_sheet_of_any_name_beside_sheets_of_years_has_the_year_of_its_own_rows():
    sheets = {"2023": cases(case(1, date="1/2/2023"), case(2, date="1/2/2023")), "ورقة1": cases(case(3))}
    tables, _ = run(sheets, by_year("*"))
    assert [(set(table.columns["sheet"]), table.scope) for table in tables] == [
        ({"#1"}, ("2023",)),
        ({"#2"}, ("2024",)),
    ]


def test_the_header_says_which_table_a_sheet_of_a_year_holds():
    card = by_year("القضايا", "{year}")
    victims_table = card.tables["victims"].model_copy(update={"sheets": ["الضحايا", "{year}"]})
    card = card.model_copy(update={"tables": {**card.tables, "victims": victims_table}})
    tables, _ = run({"2024": victims(victim(1)), "2023": cases(case(1, date="1/2/2023"))}, card)
    assert [table.table for table in tables] == ["victims", "cases"]


def test_the_courts_of_several_years_take_the_year_of_their_sheet():
    rows = [["رئاسة محكمة استئناف البصرة", "الجنايات", 1, 2, 3, 2, 1]]
    tables, findings = run({name: squared([["الموقف السنوي"], COURTS, *rows]) for name in ("2023", "٢٠٢٤", "۲۰۲۲")}, COUNCIL)  # fmt: skip  # noqa: E501
    assert kinds(findings) == []
    assert count_replaced_rows(tables) == {"counts": {"2023": 1, "2024": 1, "2022": 1}}


def test_a_title_of_another_year_than_its_sheet_lands_nothing():
    rows = [["رئاسة محكمة استئناف البصرة", "الجنايات", 1, 2, 3, 2, 1]]
    tables, findings = run({"2023": squared([["لسنة 2024"], COURTS, *rows])}, COUNCIL)
    assert [kind for kind, _ in kinds(findings)] == ["period_outside_file", "nothing_landed"]
    assert count_replaced_rows(tables) == {}
