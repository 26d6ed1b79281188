"""A sender with two languages: one card, two wordings of each header, and a field that must be known."""

from __future__ import annotations

import pytest

from ingestion.cards.source_card import TableCard, load_source
from ingestion.entry.checked_tables import ConformedTable
from ingestion.entry.row_checks import conform
from ingestion.findings import Finding
from tests.ingestion.workbooks import TODAY, Grid, read

ENGLISH = ["No", "Governorate", "Case type", "Date", "Victim sex", "Victim age group"]
SORANI = ["ژمارە", "پارێزگا", "جۆری تاوان", "بەروار", "ڕەگەزی قوربانی", "تەمەنی قوربانی"]


def _listed(sheet: str, headers: list[str], governorate: str | None) -> tuple[list[ConformedTable], list[Finding]]:
    rows: Grid = [headers, [1, governorate, "سواڵکردن", "30/7/2024", "مێ", "منداڵ"]]
    return conform(read({sheet: rows}), load_source("kurdistan_interior_ministry"), TODAY)


@pytest.mark.parametrize(("sheet", "headers"), [("Victims", ENGLISH), ("قوربانییەکان", SORANI), ("Victims", SORANI)])
def test_a_list_lands_alike_under_english_and_sorani_headers(sheet: str, headers: list[str]):
    [table], findings = _listed(sheet, headers, "هەولێر")
    assert findings == []
    assert table.columns["governorate_code"] == ["IQG11"]
    assert table.columns["exploitation_codes"] == ["BEGGING"]
    assert table.columns["sex_code"] == ["F"]
    assert (table.columns["age_group_code"], table.columns["age_method"]) == (["Y0T17"], ["label"])
    assert table.columns["presumed_by_code"] == ["POLICE"]


def test_two_wordings_of_one_header_in_one_sheet_refuse_the_file():
    tables, findings = _listed("Victims", [*ENGLISH[:5], "ڕەگەز"], "هەولێر")
    assert tables == []
    assert {finding.kind for finding in findings} == {"header_twice", "header_missing"}


@pytest.mark.parametrize("governorate", [None, "نەزانراو", "-"])
def test_a_row_whose_region_cannot_be_told_is_kept_out(governorate: str | None):
    [table], findings = _listed("Victims", ENGLISH, governorate)
    assert (table.rows_in, table.rows_landed, table.rows_quarantined) == (1, 0, 1)
    assert [(finding.severity, finding.kind, finding.cell) for finding in findings] == [
        ("quarantine", "required_missing", "B2"),
        ("flag", "nothing_landed", ""),
    ]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"also": {"بەروار": "Day"}}, "not among the columns"),
        ({"also": {"date": "Governorate"}}, "stands for two headers"),
        ({"known": ["no_such_field"]}, "no such field"),
    ],
)
def test_a_card_with_a_wording_of_nothing_or_of_two_things_is_refused(change: dict[str, object], problem: str):
    content = load_source("kurdistan_interior_ministry").tables["region_victims"]
    with pytest.raises(ValueError, match=problem):
        TableCard.model_validate({**content.model_dump(), **change})
