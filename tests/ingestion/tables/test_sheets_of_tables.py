"""A card that says `place_from: sheet`: one sheet for each governorate is the agreed layout, and no finding."""

from __future__ import annotations

import pytest

from ingestion.cards.source_card import SourceCard, TableCard, load_source
from ingestion.entry.checked_tables import ConformedTable
from ingestion.entry.row_checks import conform
from ingestion.findings import Finding
from tests.ingestion.workbooks import TODAY, Cell, Grid, case, cases, read, victim, victims

POLICE = load_source("iraq_interior_ministry")


def card(*agreed: str) -> SourceCard:
    """The interior ministry's card with these tables agreed to come by governorate, and no others."""
    tables = {name: POLICE.tables[name].model_copy(update={"place_from": "sheet"}) for name in agreed}
    return POLICE.model_copy(update={"tables": tables})


def without_place(grid: Grid) -> Grid:
    return [row[:3] + row[4:] for row in grid]


def conformed(
    sheets: dict[str, Grid], by: SourceCard, *, encoding: str = ""
) -> tuple[list[ConformedTable], list[Finding]]:
    return conform(read(sheets, encoding=encoding), by, TODAY)


def people(*numbers: int, **other: Cell) -> Grid:
    return without_place(victims(*(victim(number, **other) for number in numbers)))[:-2]


def test_a_file_of_the_agreed_layout_lands_whole_and_without_a_finding():
    tables, findings = conformed(
        {"بغداد": people(1, 2), "محافظة البصرة": people(3), "ذي قار": people(4)}, card("victims")
    )
    assert findings == []
    assert [table.columns["governorate_code"] for table in tables] == [["IQG08"] * 2, ["IQG02"], ["IQG17"]]


def test_one_sheet_is_enough_where_it_is_agreed_and_none_where_it_is_not():
    tables, findings = conformed({"بغداد": people(1)}, card("victims"))
    assert (findings, tables[0].columns["governorate_code"]) == ([], ["IQG08"])
    _, refused = conformed(
        {"بغداد": people(1)}, POLICE.model_copy(update={"tables": {"victims": POLICE.tables["victims"]}})
    )
    assert [finding.kind for finding in refused] == ["sheet_missing"]


def test_a_column_that_states_the_governorate_is_believed_and_a_blank_in_it_is_blank():
    grid = victims(victim(1), victim(2, governorate=None))[:-2]
    tables, findings = conformed({"ميسان": grid}, card("victims"))
    assert (findings, tables[0].columns["governorate_code"]) == ([], ["IQG08", None])


def test_other_sheets_of_the_card_may_stand_beside_them():
    by = POLICE.model_copy(update={"tables": {**card("victims").tables, "cases": POLICE.tables["cases"]}})
    tables, findings = conformed({"القضايا": cases(case(1)), "بغداد": people(1), "ميسان": people(2)}, by)
    assert findings == []
    assert sorted(table.table for table in tables) == ["cases", "victims", "victims"]


def test_beside_a_sheet_of_the_tables_own_name_they_may_repeat_its_rows_and_are_told_as_unread():
    tables, findings = conformed({"الضحايا": victims(victim(1))[:-2], "بغداد": people(1)}, card("victims"))
    assert [table.rows_in for table in tables] == [1]
    assert [(finding.kind, finding.sheet) for finding in findings] == [("sheet_unknown", "#2")]


def test_two_sheets_for_one_governorate_are_not_read():
    _, findings = conformed({"البصرة": people(1), "محافظة البصرة": people(2)}, card("victims"))
    assert [finding.kind for finding in findings] == ["sheet_missing"]


def test_a_sheet_that_is_named_for_no_governorate_is_told_and_its_rows_are_not_guessed():
    tables, findings = conformed({"بغداد": people(1), "ورقة2": people(2)}, card("victims"))
    assert len(tables) == 1
    assert [(finding.kind, finding.sheet) for finding in findings] == [("sheet_unknown", "#2")]


def test_the_key_wants_the_column_that_the_template_has():
    content = {
        "shape": "cases",
        "sheets": ["x"],
        "period_field": "reported_date",
        "required": [],
        "place_from": "sheet",
    }
    columns = {"رمز القضية": "case_token", "تاريخ الإخبار": "reported_date"}
    assert (
        TableCard.model_validate(content | {"columns": columns | {"المحافظة": "governorate_code"}}).place_from
        == "sheet"
    )
    with pytest.raises(ValueError, match="place_from: governorate_code"):
        TableCard.model_validate(content | {"columns": columns})
    with pytest.raises(ValueError, match="place_from"):
        TableCard.model_validate(content | {"columns": columns, "place_from": "title"})
