"""Layout, totals and accounting of the rows of a file; every value is made up."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.cards.source_card import load_source
from ingestion.entry.checked_tables import count_replaced_rows
from ingestion.entry.file_check import examine, examine_taken
from ingestion.entry.row_checks import conform
from ingestion.files.cell_marks import UNCALCULATED
from ingestion.files.template_sheets import stamp_text
from ingestion.findings import Finding, finding_in_words
from ingestion.tables.template_versions import template_of
from languages.words import Words
from tests.ingestion.workbooks import (
    TODAY,
    Grid,
    Merged,
    case,
    cases,
    glotip,
    read,
    squared,
    token,
    victim,
    victims,
    xlsx,
)

MINISTRY = "iraq_interior_ministry"
INTERIOR = load_source(MINISTRY)


def run(sheets: Mapping[str, Grid], source: str = MINISTRY, **options: object):
    return conform(read(sheets, **options), load_source(source), TODAY)


def kinds(findings: list[Finding], *, without: Collection[str] = ("table_missing", "row_skipped")):
    return [finding.kind for finding in findings if finding.kind not in without]


def only(findings: list[Finding], kind: str):
    [found] = [finding for finding in findings if finding.kind == kind]
    return found


# Layout


def test_a_sheet_with_titles_two_header_rows_a_running_number_and_a_footer_lands_row_by_row():
    tables, findings = run({"الضحايا": victims(victim(1), victim(2, sex="ذكر", age=None))})
    [table] = tables
    assert kinds(findings) == []
    assert (table.table, table.shape, table.rows_in) == ("victims", "victims", 2)
    assert table.columns["row_number"] == [4, 5]
    assert table.columns["sex_code"] == ["F", "M"]
    assert table.columns["contact_date"] == [datetime.date(2024, 7, 30)] * 2
    assert table.columns["period"] == ["2024", "2024"]
    assert table.columns["person_token"] == [token(1), token(2)]
    assert (table.columns["age_years"], table.columns["age_method"]) == ([17, None], ["years", None])


def test_a_default_of_the_card_stands_where_the_sender_leaves_the_field_out():
    [table], _ = run({"الضحايا": victims(victim(1))})
    assert table.columns["presumed_by_code"] == ["POLICE"]
    assert table.columns["identified_date"] == [None]


@pytest.mark.parametrize(
    "header",
    [
        ["رمز القضية", "الضحية / رمز الشخص", "تاريخ الإخبار", "الضحية / الجنس", "الضحية / العمر"],
        ["رمز القضية", "رمز الشخص", "تاريخ الإخبار", "الجنس", "العمر"],
        ["رمز القضيه", "الضحية/رمز الشخص", "تاريخ الاخبار", "الضحية  /  الجنس", "العمر:"],
    ],
)
def test_a_flat_header_is_read_in_full_or_by_its_last_part(header: list[str]):
    [table], findings = run({"ضحايا": [header, [token(1, "case"), token(1), "1/2/2024", "أنثى", "20"]]})
    assert kinds(findings) == []
    assert table.columns["person_token"] == [token(1)]
    assert table.columns["age_years"] == [20]


def test_the_column_that_marsad_token_writes_is_known_whatever_the_card_calls_it():
    header = ["رمز الشخص", "تاريخ الطلب", "نتيجة الطلب", "الجنس"]
    [table], _ = run({"سجل الإيواء": [header, [token(1), "1/2/2024", "قبول", "أنثى"]]}, "iraq_labour_ministry")
    assert table.columns["person_token"] == [token(1)]


def test_a_missing_header_refuses_and_names_the_nearest_heading_with_its_place():
    grid = cases(case(1))
    grid[2][2] = "تاريخ الاخباريه"
    tables, findings = run({"القضايا": grid})
    found = only(findings, "header_missing")
    assert tables == []
    assert (found.severity, found.sheet, found.cell) == ("refuse", "القضايا", "C3")
    assert found.arguments == {"expected": "تاريخ الإخبار", "nearest": "C"}


def test_a_sheet_without_any_known_header_is_refused_header_by_header():
    _, findings = run({"القضايا": [["شيء", "آخر"], [1, 2]]})
    assert kinds(findings) == ["header_missing"] * 3


def test_a_header_that_stands_twice_refuses():
    grid = cases(case(1))
    grid[2][4] = "المحافظة"
    assert "header_twice" in kinds(run({"القضايا": grid})[1])


def test_a_wrong_sheet_is_refused_with_the_expected_names():
    tables, findings = run({"ورقة1": victims(victim(1))})
    found = only(findings, "sheet_missing")
    assert tables == []
    assert found.arguments == {"expected": "القضايا، الضحايا، المتهمون"}


def test_one_table_of_a_card_is_enough_and_the_others_are_named():
    _, findings = run({"الضحايا": victims(victim(1)), "ملاحظات": [["نص"]]})
    assert [finding.arguments["expected"] for finding in findings if finding.kind == "table_missing"] == [
        "القضايا",
        "المتهمون",
    ]
    assert only(findings, "sheet_unknown").sheet == "#2"


def test_the_header_of_a_text_file_says_which_table_it_is():
    [table], findings = run({"export": cases(case(1))}, encoding="windows-1256")
    assert (table.table, kinds(findings, without=("row_skipped",))) == ("cases", [])


def test_an_unknown_column_is_dropped_and_named():
    grid = [[*row, extra] for row, extra in zip(cases(case(1)), [None, None, "لون السيارة", "أحمر", None], strict=True)]
    [table], findings = run({"القضايا": grid})
    found = only(findings, "unknown_column")
    assert (found.cell, found.arguments["column"]) == ("G3", "G")
    assert "لون السيارة" not in table.columns


@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        ("اسم الضحية", "زهراء كاظم"),
        ("ناوی قوربانییەکە", "Zahra"),
        ("Mobile Phone", "0770 123 4567"),
        ("الهاتف", 770_123),
    ],
)
def test_a_column_of_persons_by_its_heading_is_told_by_its_letters_and_nothing_of_it_is_kept(
    heading: str, cell: str | int
):
    grid = [[*row, extra] for row, extra in zip(cases(case(1)), [None, None, heading, cell, None], strict=True)]
    answer = examine(xlsx({"القضايا": grid}), "x.xlsx", MINISTRY, today=TODAY)
    found = only(answer.findings, "names_not_read")
    assert (answer.verdict, answer.rows_landed, kinds(answer.findings)) == ("accepted", 1, ["names_not_read"])
    assert (found.severity, found.cell, dict(found.arguments)) == ("flag", "G3", {"column": "G"})
    assert not any(text in answer.taken.decode() + repr(answer.findings) for text in (heading, str(cell)))
    for tag in ("en", "ar", "ckb"):
        message, remedy = finding_in_words(found, Words.load(tag))
        assert "G" in message
        assert remedy


def test_a_column_of_persons_under_a_group_is_known_by_its_own_heading():
    grid = victims(victim(1))[:-2]
    grid = [[*row, extra] for row, extra in zip(grid, [None, "المجنى عليها", "الاسم", "زهراء"], strict=True)]
    _, findings = run({"الضحايا": squared(grid)})
    assert kinds(findings) == ["names_not_read"]


@pytest.mark.parametrize(
    ("is_hidden", "rows", "first", "count"), [(False, {1, 2, 5}, "B5", "1"), (True, (), "B4", "2")]
)
@pytest.mark.parametrize("merged", [[], [(4, 4, 5, 4)]])
def test_hidden_or_not_a_row_is_a_row_and_its_sender_is_told_how_many_are_hidden(
    is_hidden: bool, rows: Collection[int], first: str, count: str, merged: Merged
):
    book = read({"الضحايا": victims(victim(1), victim(2, governorate=None))}, merged=merged)
    sheet = replace(book.sheets[0], hidden_rows=frozenset(rows), is_hidden=is_hidden)
    [table], findings = conform(replace(book, sheets=[sheet]), INTERIOR, TODAY)
    found = only(findings, "rows_hidden")
    assert (table.rows_landed, kinds(findings)) == (2, ["rows_hidden"])
    assert (found.severity, found.sheet, found.cell, found.arguments["rows"]) == ("flag", "الضحايا", first, count)


def test_a_value_merged_over_rows_counts_for_each_of_them():
    grid = victims(victim(1), victim(2, case=None, governorate=None))
    merged = [(4, 2, 5, 2), (4, 4, 5, 4), (2, 5, 2, 8)]
    [table], _ = run({"الضحايا": grid}, merged=merged)
    assert table.columns["case_token"] == [token(1, "case")] * 2
    assert table.columns["governorate_code"] == ["IQG08"] * 2


@pytest.mark.parametrize("words", [[None] * 5, [None, None, "بغداد", None, None]])
@pytest.mark.parametrize("total", [[], ["المجموع 2"]])
def test_a_row_with_a_running_number_is_always_in_the_accounting(words: list[object], total: list[object]):
    for rows in ([case(1), words], [case(1), words, case(2)]):
        [table], _ = run({"القضايا": cases(*rows, total=total)})
        assert (table.rows_in, table.rows_quarantined) == (len(rows), 1)
    below = cases(case(1), total=["المجموع 1"])
    [table], findings = run({"القضايا": squared([*below, [2, *words]])})
    assert (table.rows_in, only(findings, "row_after_total").cell) == (2, "B7")


def test_every_row_that_is_not_taken_is_named_but_for_the_signature_block():
    grid = cases(case(1), total=["المجموع"])
    grid = squared([*grid, [None, None, "1/2/2024", "بغداد", None, None], [], ["", "مدير القسم", "بغداد"]])
    [table], findings = run({"القضايا": grid})
    skipped = [finding.cell for finding in findings if finding.kind == "row_skipped"]
    assert (table.rows_in, skipped) == (1, ["C7"])


def test_a_number_merged_over_rows_counts_once():
    grid = cases(
        case(1, victims=5), case(2, victims=None), case(3, victims=None), total=["المجموع", None, None, None, 3, 5]
    )
    [table], findings = run({"القضايا": grid}, merged=[(4, 6, 6, 6)])
    assert table.columns["victim_count"] == [5, None, None]
    assert [finding.cell for finding in findings if finding.kind == "merged_number"] == ["F5", "F6"]
    assert "total_mismatch" not in kinds(findings)


# Periods


def test_a_row_of_another_year_does_not_land():
    rows = [case(1), case(2), case(3, date="1/2/2023")]
    [table], findings = run({"القضايا": cases(*rows)})
    assert (table.scope, table.columns["period"], count_replaced_rows([table])) == (
        ("2024",),
        ["2024"] * 2,
        {"cases": {"2024": 2}},
    )
    found = only(findings, "period_outside_file")
    assert (found.severity, found.cell, found.arguments["period"]) == ("quarantine", "C6", "2024")


def test_the_year_of_a_file_is_that_of_most_rows_of_all_its_tables():
    sheets = {"القضايا": cases(case(1, date="1/2/2023")), "الضحايا": victims(victim(1), victim(2))}
    tables, findings = run(sheets)
    assert [table.rows_landed for table in tables] == [0, 2]
    assert only(findings, "nothing_landed").sheet == "القضايا"
    assert count_replaced_rows(tables) == {"victims": {"2024": 2}}


def test_a_published_table_has_all_its_years():
    [table], _ = run({"x": glotip(("XKA", "Total", 2019, 1), ("XKA", "Total", 2020, 2))}, "unodc_glotip")
    assert count_replaced_rows([table]) == {"counts": {"2019": 1, "2020": 1}}


def test_a_table_without_rows_replaces_and_one_without_a_readable_row_does_not():
    empty, _ = run({"القضايا": cases(), "الضحايا": victims(victim(1))})
    assert count_replaced_rows(empty) == {"cases": {"2024": 0}, "victims": {"2024": 1}}
    unreadable, _ = run({"القضايا": cases(case(1, accused="كثير")), "الضحايا": victims(victim(1))})
    assert count_replaced_rows(unreadable) == {"victims": {"2024": 1}}
    nothing, findings = run({"القضايا": cases(case(1, accused="كثير")), "الضحايا": victims()})
    assert (count_replaced_rows(nothing), only(findings, "nothing_landed").sheet) == ({}, "القضايا")


def test_a_line_of_words_between_rows_is_skipped_and_named():
    grid = cases(case(1), ["قضايا الجنوب", None, None, None, None], case(2))
    grid[4][0] = None
    [table], findings = run({"القضايا": grid})
    assert table.columns["row_number"] == [4, 6]
    assert [finding.cell for finding in findings if finding.kind == "row_skipped"] == ["B5"]


def test_the_published_layout_of_unodc_is_read_with_its_masked_cells():
    rows = [("XKA", "Total", 2019, "<5"), ("XKA", "Total", 2020.0, "1,757"), ("XKA", None, 2020, "7")]
    grid = glotip(*rows, ("XKA", "Total", 2021, None))
    [table], findings = run({"data_glotip_1": grid}, "unodc_glotip")
    assert table.columns["figure"] == [None, 1757, 7]
    assert table.columns["figure_mark"] == ["masked", "value", "value"]
    assert (table.columns["figure_low"], table.columns["figure_high"]) == ([1, None, None], [4, None, None])
    assert table.columns["period"] == ["2019", "2020", "2020"]
    assert table.columns["category"] == ["Total", "Total", None]
    assert only(findings, "required_missing").cell == "L7"


# Totals


def test_a_total_that_agrees_says_nothing():
    total = ["المجموع", None, None, None, 3, "٤"]
    _, findings = run({"القضايا": cases(case(1), case(2, accused=2), total=total)})
    assert kinds(findings) == []


def test_a_total_that_disagrees_is_flagged_with_both_figures():
    total = ["المجموع الكلي", None, None, None, 3, 7]
    [table], findings = run({"القضايا": cases(case(1), case(2, accused="لا يوجد"), total=total)})
    flagged = [finding for finding in findings if finding.kind == "total_mismatch"]
    assert [dict(finding.arguments) for finding in flagged] == [
        {"column": "عدد المتهمين", "stated": "3", "computed": "1"},
        {"column": "عدد الضحايا", "stated": "7", "computed": "4"},
    ]
    assert (flagged[0].cell, table.rows_in, table.columns["accused_count_mark"]) == ("E6", 2, ["value", "none"])


@pytest.mark.parametrize("total", [["المجموع", 3], ["المجموع 3"], ["الاجمالي:", None, None, "٣"]])
def test_a_total_of_rows_is_compared_with_the_rows(total: list[object]):
    _, findings = run({"القضايا": cases(case(1), case(2), total=total)})
    assert only(findings, "total_mismatch").arguments["computed"] == "2"


def test_a_column_with_an_unreadable_count_is_not_summed():
    total = ["المجموع", None, None, None, 9, None]
    _, findings = run({"القضايا": cases(case(1), case(2, accused="كثير"), total=total)})
    assert kinds(findings) == ["not_a_number"]


def test_rows_below_the_total_are_quarantined_and_not_lost():
    grid = cases(case(1), total=["المجموع", None, None, None, 1, 2])
    [table], findings = run({"القضايا": squared([*grid, [2, *case(2)]])})
    assert (table.rows_in, table.rows_landed, table.rows_quarantined) == (2, 1, 1)
    assert only(findings, "row_after_total").cell == "B7"


# Rows


@pytest.mark.parametrize(
    ("other", "kind", "cell"),
    [
        ({"date": None}, "period_missing", "C4"),
        ({"date": "-"}, "period_missing", "C4"),
        ({"date": "قريبا"}, "date_unreadable", "C4"),
        ({"date": "1/1/2026"}, "period_in_future", "C4"),
        ({"date": "1/1/1989"}, "period_too_old", "C4"),
        ({"sex": "قاصر"}, "unknown_code", "F4"),
        ({"person": "k1:00ff00ff"}, "token_malformed", "E4"),
        ({"age": "1/2/2007"}, "age_unreadable", "G4"),
    ],
)
def test_a_row_that_cannot_be_placed_or_read_is_quarantined_with_its_cell(
    other: dict[str, object], kind: str, cell: object
):
    [table], findings = run({"الضحايا": victims(victim(1, **other), victim(2))})
    found = only(findings, kind)
    assert (found.severity, found.sheet, found.cell) == ("quarantine", "الضحايا", cell)
    assert table.columns["row_number"] == [5]
    assert [(row.row_number, row.cell, row.kind) for row in table.quarantined] == [(4, cell, kind)]


def test_a_name_in_the_column_of_tokens_waits_with_its_row():
    [table], findings = run({"الضحايا": victims(victim(1, person="زيد"), victim(2))})
    assert (only(findings, "not_a_token").severity, table.columns["row_number"]) == ("quarantine", [5])


def test_a_file_of_which_every_row_is_in_the_future_is_refused():
    _, findings = run({"الضحايا": victims(victim(1, date="1/1/2026"), victim(2, date="1/1/2031"))})
    assert only(findings, "all_periods_in_future").severity == "refuse"


def test_the_same_row_twice_lands_twice_and_is_flagged():
    [table], findings = run({"الضحايا": victims(victim(1), victim(2), victim(1))})
    assert table.rows_landed == 3
    assert (only(findings, "duplicate_row").cell, only(findings, "duplicate_row").arguments["first"]) == ("B6", "4")


def test_no_finding_repeats_what_was_typed():
    typed = "نص سري"
    rows = [victim(n, **{name: typed}) for n, name in enumerate(["date", "governorate", "age", "exploitation"], 1)]
    _, findings = run({"الضحايا": victims(*rows)})
    assert len(kinds(findings)) == 5  # and that no row landed
    assert not any(typed in value for finding in findings for value in finding.arguments.values())


CELLS = {
    "date": st.sampled_from(["30/7/2024", None, "قريبا", "1/1/2031", "٢٠٢٤/٢/١", datetime.date(2020, 5, 1)]),
    "governorate": st.sampled_from(["بغداد", "خارج القطر", None, "-"]),
    "sex": st.sampled_from(["أنثى", "ذكر", None, "؟"]),
    "age": st.sampled_from(["17", "دون 18", "كبير", None]),
    "charge": st.sampled_from([None, "لا يوجد", "قانون العقوبات", "المادة 4 من قانون مكافحة البغاء", "؟؟"]),
}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.none(), st.fixed_dictionaries(CELLS)), max_size=12), st.booleans())
def test_every_data_row_lands_or_is_quarantined_and_none_does_both(
    drawn: list[dict[str, object] | None], has_total: bool
):
    rows = [victim(number, **(other or {"date": None})) for number, other in enumerate(drawn)]
    total = ["المجموع", len(drawn)] if has_total else []
    tables, _ = run({"الضحايا": victims(*rows, total=total)})
    [table] = tables
    data = set(range(4, 4 + len(drawn)))
    landed = set(table.columns["row_number"])
    kept_out = {row.row_number for row in table.quarantined}
    assert table.rows_in == len(data) == table.rows_landed + table.rows_quarantined
    assert landed | kept_out == data
    assert not landed & kept_out
    assert {len(values) for values in table.columns.values()} == {len(landed)}


# Formulas, and what is told of a cell


def test_a_row_with_a_formula_that_was_never_calculated_is_quarantined_and_no_zero():
    rows = [case(1), case(2, accused=UNCALCULATED), case(3)]
    [table], findings = run({"القضايا": cases(*rows, total=["المجموع", None, None, None, 2])})
    found = only(findings, "formula_uncalculated")
    assert (found.severity, found.cell) == ("quarantine", "E5")
    assert table.columns["row_number"] == [4, 6]
    assert "total_mismatch" not in kinds(findings)


def test_a_total_that_was_never_calculated_is_flagged_and_keeps_no_row_out():
    total = ["المجموع", None, None, None, UNCALCULATED, UNCALCULATED]
    [table], findings = run({"القضايا": cases(case(1), case(2), total=total)})
    assert [(one.severity, one.kind, one.cell) for one in findings if one.kind != "table_missing"] == [
        ("flag", "formula_uncalculated", "E6")
    ]
    assert table.rows_landed == 2


@pytest.mark.parametrize(
    ("other", "read", "expected"),
    [
        ({"governorate": "بغدادد"}, "", "بغداد"),
        ({"governorate": "نص سري"}, "", None),
        ({"governorate": "زيد"}, "", None),
        ({"date": "31/2/2024"}, "31/2/2024", "30/7/2024"),
        ({"date": "1/1/1989"}, "1/1/1989", "30/7/2024"),
        ({"date": "قريبا"}, "", "30/7/2024"),
        ({"age": "12/3/2007"}, "", "17"),
        ({"person": "k1:00ff00ff"}, "", None),
    ],
)
def test_what_was_read_is_told_of_dates_alone(other: dict[str, object], read: str, expected: str | None):
    _, findings = run({"الضحايا": victims(victim(1, **other), victim(2))})
    [found] = [one for one in findings if one.severity == "quarantine"]
    assert found.read == read
    assert expected is None or found.expected == expected


def test_a_wrong_total_is_told_with_the_computed_one():
    _, findings = run({"القضايا": cases(case(1), case(2), total=["المجموع", None, None, None, 7])})
    found = only(findings, "total_mismatch")
    assert (found.read, found.expected) == ("7", "2")


def test_the_sheets_of_the_house_hold_no_data_and_an_unknown_template_is_told():
    own = {"الضحايا": victims(victim(1))}
    for stamp in (
        "marsad:findings:1",
        "marsad:codes:1",
        stamp_text("template", MINISTRY, template_of(MINISTRY).version, "ar"),
    ):
        _, findings = run({"x": squared([[stamp], ["a", "b"]]), **own})
        assert kinds(findings) == []
    _, findings = run({"x": squared([[f"marsad:template:1:{MINISTRY}:{'a' * 12}"]]), **own})
    assert kinds(findings) == ["template_unknown"]


# What columns prove by cells that are not kept


def test_a_number_that_is_not_kept_still_proves_how_those_of_its_column_are_grouped():
    grid = cases(case(1, accused="1.500"), case(2, accused="1.234.567"), case(3, accused="7"))
    answer = examine(xlsx({"القضايا": grid}), "x.xlsx", MINISTRY, today=TODAY)
    again = examine_taken(answer.taken, MINISTRY, answer.sha256, today=TODAY)
    for read_tables in (answer.tables, again.tables):
        assert read_tables[0].columns["accused_count"] == [1500, 7]


def test_a_date_that_is_not_kept_still_proves_the_order_of_its_column():
    rows = [case(1, date="2/3/2024"), case(2, date="3/2/2024"), case(3, date="2/25/1985")]
    answer = examine(xlsx({"القضايا": cases(*rows)}), "x.xlsx", MINISTRY, today=TODAY)
    again = examine_taken(answer.taken, MINISTRY, answer.sha256, today=TODAY)
    assert "1985" not in answer.taken.decode()
    for examination in (answer, again):
        found = only(examination.findings, "date_order_contradicted")
        assert (examination.rows_landed, found.arguments["month_first"]) == (0, "1")
