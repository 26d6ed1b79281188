"""Every template that was ever published is known; a workbook made from it is accepted, or told what has changed.

`PYTHONPATH=. python tests/ingestion/tables/test_template_versions.py` adds today's versions to the records.
"""

from __future__ import annotations

import pytest
import yaml

from ingestion.cards.source_card import SourceCard, TableCard, load_source, shape_names, source_names
from ingestion.entry.row_checks import conform
from ingestion.findings import Finding
from ingestion.tables import template_versions
from ingestion.tables.template_versions import Template, published_templates, record_path, template_of, template_of_card
from tests.ingestion.workbooks import TODAY, Grid, case, read, squared

MINISTRY = "iraq_interior_ministry"
HEADERS = ["رمز القضية", "تاريخ الإخبار", "المحافظة", "عدد المتهمين", "عدد الضحايا"]
EVERY_TEMPLATE = [*source_names(), *shape_names()]


@pytest.mark.parametrize("name", EVERY_TEMPLATE)
def test_todays_template_is_on_record(name: str):
    newest = [*published_templates(name).items()][-1:]
    today = template_of(name)
    assert newest == [(today.version, today)], (
        "not recorded: PYTHONPATH=. python tests/ingestion/tables/test_template_versions.py"
    )


@pytest.mark.parametrize("name", EVERY_TEMPLATE)
def test_no_recorded_version_was_edited(name: str):
    assert all(template.version == version for version, template in published_templates(name).items())


def _earlier(card: SourceCard, columns: dict[str, str], codes: dict[str, list[str]] | None = None) -> Template:
    """A template of the card as it never was: with other columns in its table of cases."""
    table = card.tables["cases"].model_copy(update={"columns": columns})
    template = template_of_card(card.model_copy(update={"tables": {**card.tables, "cases": table}}))
    return template.model_copy(update={"codes": {**template.codes, **(codes or {})}})


def _publish(monkeypatch: pytest.MonkeyPatch, then: Template) -> None:
    def published_then(_name: str) -> dict[str, Template]:
        return {then.version: then}

    monkeypatch.setattr(template_versions, "published_templates", published_then)


def _received(
    monkeypatch: pytest.MonkeyPatch, then: Template, headers: list[str], *cells: object
) -> tuple[int, list[Finding]]:
    _publish(monkeypatch, then)
    stamp: Grid = [[f"marsad:template:1:{MINISTRY}:{then.version}:ar"]]
    sheet = squared([headers, [*case(1), *cells]])
    tables, findings = conform(read({"guide": stamp, "القضايا": sheet}), load_source(MINISTRY), TODAY)
    return sum(table.rows_landed for table in tables), [one for one in findings if one.kind != "table_missing"]


def _columns() -> dict[str, str]:
    return dict(load_source(MINISTRY).tables["cases"].columns)


def test_a_heading_that_was_renamed_since_still_means_its_field(monkeypatch: pytest.MonkeyPatch):
    columns = {
        ("المتهمون في القضية" if field == "accused_count" else header): field for header, field in _columns().items()
    }
    then = _earlier(load_source(MINISTRY), columns)
    headers = ["المتهمون في القضية" if header == "عدد المتهمين" else header for header in HEADERS]
    assert _received(monkeypatch, then, headers) == (1, [])


def test_a_column_that_came_since_is_told_once_and_the_rest_is_taken(monkeypatch: pytest.MonkeyPatch):
    columns = {header: field for header, field in _columns().items() if field != "victim_count"}
    then = _earlier(load_source(MINISTRY), columns)
    landed, findings = _received(monkeypatch, then, HEADERS)
    assert landed == 1
    assert [(one.severity, one.kind, one.sheet, one.arguments["added"]) for one in findings] == [
        ("flag", "template_older", "#1", "عدد الضحايا")
    ]


def test_a_column_that_went_since_is_told_once_and_not_taken(monkeypatch: pytest.MonkeyPatch):
    other = "عدد المركبات"
    tables = load_source(MINISTRY).tables
    then = template_of_card(load_source(MINISTRY))
    form = then.tables["cases"].model_copy(update={"columns": {**tables["cases"].columns, other: "vehicle_count"}})
    then = then.model_copy(update={"tables": {**then.tables, "cases": form}})
    landed, findings = _received(monkeypatch, then, [*HEADERS, other], 2)
    assert landed == 1
    assert [(one.kind, one.arguments["removed"]) for one in findings] == [("template_older", other)]


def test_a_code_that_was_retired_since_is_told_once(monkeypatch: pytest.MonkeyPatch):
    codes = [*template_of(MINISTRY).codes["recruitment"], "NEWSPAPER"]
    then = _earlier(load_source(MINISTRY), _columns(), {"recruitment": codes})
    landed, findings = _received(monkeypatch, then, HEADERS)
    assert landed == 1
    assert [(one.kind, one.arguments["retired"]) for one in findings] == [("template_older", "NEWSPAPER")]


def test_one_renamed_and_one_added_column_are_one_finding(monkeypatch: pytest.MonkeyPatch):
    renamed = {("يوم الإخبار" if field == "reported_date" else header): field for header, field in _columns().items()}
    columns = {header: field for header, field in renamed.items() if field != "status_code"}
    then = _earlier(load_source(MINISTRY), columns)
    landed, findings = _received(monkeypatch, then, ["رمز القضية", "يوم الإخبار", *HEADERS[2:]])
    assert landed == 1
    assert [(one.kind, dict(one.arguments)) for one in findings] == [
        ("template_older", {"added": "الموقف القانوني", "removed": "—", "retired": "—"})
    ]


def test_a_column_of_figures_that_was_renamed_since_keeps_its_labels_and_one_that_went_is_told(
    monkeypatch: pytest.MonkeyPatch,
):
    card = load_source("iraq_judicial_council")
    now = template_of_card(card)
    cells = {
        ("المنجز" if heading == "المحسوم" else heading): own for heading, own in card.tables["workload"].cells.items()
    }
    form = now.tables["workload"].model_copy(update={"cells": {**cells, "المعاد": {"category": "Sent back"}}})
    then = now.model_copy(update={"tables": {**now.tables, "workload": form}})
    assert then.version != now.version
    _publish(monkeypatch, then)
    stamp: Grid = [[f"marsad:template:1:iraq_judicial_council:{then.version}:ar"]]
    headers = ["رئاسة محكمة الاستئناف", "المحكمة", "السنة", "الوارد", "المنجز", "المعاد"]
    rows: Grid = [headers, ["البصرة", "محكمة الجنايات", 2025, 12, 9, 1]]
    tables, findings = conform(read({"guide": stamp, "موقف الدعاوى": squared(rows)}), card, TODAY)
    assert [table.columns["category"] for table in tables] == [["Received", "Decided"]]
    assert [table.columns["figure"] for table in tables] == [[12, 9]]
    told = [(one.kind, one.arguments["removed"]) for one in findings if one.kind != "table_missing"]
    assert told == [("template_older", "المعاد")]


def test_a_sheet_that_was_renamed_since_is_found(monkeypatch: pytest.MonkeyPatch):
    table = load_source(MINISTRY).tables["cases"]
    assert "القضايا" in table.sheets
    now = _renamed_sheet(table)
    card = load_source(MINISTRY)
    then = template_of_card(card)
    _publish(monkeypatch, then)
    later = card.model_copy(update={"tables": {**card.tables, "cases": now}})
    stamp: Grid = [[f"marsad:template:1:{MINISTRY}:{then.version}:ar"]]
    workbook = read({"guide": stamp, "القضايا": squared([HEADERS, case(1)])})
    tables, findings = conform(workbook, later, TODAY)
    assert [table.rows_landed for table in tables] == [1]
    assert {one.kind for one in findings} == {"table_missing"}


def _renamed_sheet(table: TableCard) -> TableCard:
    return table.model_copy(update={"sheets": ["سجل القضايا"]})


def test_an_earlier_template_of_a_shape_is_read_with_its_own_headings_and_sheet(monkeypatch: pytest.MonkeyPatch):
    now = template_of("cases")
    form = now.tables["cases"]
    columns = {("کۆدی پەروەندە" if header == "کۆدی دۆسیە" else header): name for header, name in form.columns.items()}
    then = now.model_copy(
        update={"tables": {"cases": form.model_copy(update={"columns": columns, "sheet": "پەروەندەکان"})}}
    )
    _publish(monkeypatch, then)
    stamp: Grid = [[f"marsad:template:1:cases:{then.version}:ckb"]]
    headers = ["کۆدی پەروەندە", "بەرواری هەواڵدان", "پارێزگا", "ژمارەی تۆمەتباران", "ژمارەی قوربانییان"]
    workbook = read({"guide": stamp, "پەروەندەکان": squared([headers, case(1)])})
    tables, findings = conform(workbook, load_source(MINISTRY), TODAY)
    assert [table.rows_landed for table in tables] == [1]
    assert {one.kind for one in findings} == {
        "table_missing",
        "template_wider",
    }  # the shape asks for more than they keep


def test_the_template_of_a_shape_that_a_source_does_not_send_says_nothing_to_it():
    stamp: Grid = [[f"marsad:template:1:activities:{template_of('activities').version}:ar"]]
    workbook = read({"guide": stamp, "القضايا": squared([HEADERS, case(1)])})
    tables, findings = conform(workbook, load_source(MINISTRY), TODAY)
    assert [table.rows_landed for table in tables] == [1]
    assert {one.kind for one in findings} == {"table_missing"}


def test_a_version_that_was_never_published_is_flagged_and_read():
    stamp: Grid = [[f"marsad:template:1:{MINISTRY}:{'a' * 12}:ar"]]
    tables, findings = conform(
        read({"guide": stamp, "القضايا": squared([HEADERS, case(1)])}), load_source(MINISTRY), TODAY
    )
    assert [table.rows_landed for table in tables] == [1]
    assert [one.kind for one in findings if one.kind != "table_missing"] == ["template_unknown"]


def _record(name: str) -> None:
    path, today = record_path(name), template_of(name)
    versions = {**published_templates(name), today.version: today}
    path.parent.mkdir(exist_ok=True)
    written = {version: template.as_stored() for version, template in versions.items()}
    head = "# Every version of this template that was published, the newest last; added to by a script, never edited.\n"
    path.write_text(
        head + yaml.safe_dump(written, allow_unicode=True, sort_keys=False, width=120, default_flow_style=None),
        encoding="utf-8",
    )


if __name__ == "__main__":
    for each in EVERY_TEMPLATE:
        _record(each)
