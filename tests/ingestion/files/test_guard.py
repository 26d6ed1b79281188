"""The guard refuses what no parser should touch, each with its reason, and lets ordinary workbooks pass."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestion.files import guard as guard_module
from ingestion.files.guard import guard
from ingestion.files.reader import read_workbook
from tests.ingestion import hostile

GOOD = hostile.workbook()


@pytest.mark.parametrize("case", hostile.REFUSED)
def test_a_hostile_file_is_refused_with_its_reason(case: str):
    build, kind = hostile.REFUSED[case]
    read = read_workbook(build(), f"{case}.xlsx")
    assert [finding.severity for finding in read.findings] == ["refuse"]
    assert not read.sheets
    if kind:
        assert read.findings[0].kind == kind


@pytest.mark.parametrize(
    ("build", "sheet", "cell"),
    [
        (hostile.far_corner, "#1", "XFD1048576"),
        (hostile.cell_without_place, "#1", ""),
    ],
)
def test_a_refusal_names_its_place(build: Callable[[], bytes], sheet: str, cell: str):
    finding = read_workbook(build(), "x.xlsx").findings[0]
    assert (finding.sheet, finding.cell) == (sheet, cell)


def test_a_file_over_the_limit_is_refused_before_it_is_looked_at(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(guard_module, "MAX_FILE_BYTES", 1000)
    assert guard(GOOD).findings[0].kind == "file_too_large"


def test_an_ordinary_workbook_passes_the_guard():
    guarded = guard(GOOD)
    assert guarded.form == "xlsx"
    assert not guarded.findings
    assert [(sheet.last_row, sheet.last_column) for sheet in guarded.sheets] == [(5, 7)]


@pytest.mark.parametrize("build", [hostile.uncalculated_formula, hostile.formula_to_recalculate])
def test_a_formula_without_a_result_is_named_by_its_place(build: Callable[[], bytes]):
    guarded = guard(build())
    assert not guarded.findings
    assert guarded.sheets[0].uncalculated == {(9, 1)}


def test_cells_written_with_a_prefix_are_measured_too():
    namespace = b'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    far = b"<x:row " + namespace + b' r="1048576"><x:c t="n" r="XFD1048576"><x:v>1</x:v></x:c></x:row></sheetData>'
    assert guard(hostile.in_part(hostile.SHEET, b"</sheetData>", far)).findings[0].kind == "far_corner"


def test_a_cell_whose_place_is_spelled_by_entities_is_refused():
    cell = b'<row r="9"><c r="&#65;9"><v>1</v></c></row></sheetData>'
    read = read_workbook(hostile.in_part(hostile.SHEET, b"</sheetData>", cell), "file.xlsx")
    assert [finding.severity for finding in read.findings] == ["refuse"]


def test_a_rule_of_validation_is_no_formula():
    data = hostile.workbook(
        lambda _, sheet: sheet.data_validation("E4:E9", {"validate": "list", "source": ["ذكر", "أنثى"]})
    )
    assert not guard(data).findings


@pytest.mark.parametrize("piece", [b"<c ", b"<row ", b"<c><f ", b"<f>", b"<x:", b"r = ", b"hidden "])
def test_a_sheet_of_broken_tags_does_not_hang_the_guard(piece: bytes):
    noise = bytes(range(97, 123)) * 4
    data = hostile.in_part(hostile.SHEET, b"</sheetData>", (piece * 20 + noise) * 10_000 + b"</sheetData>")
    assert guard(data).form in ("", "xlsx")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=3000))
def test_random_bytes_never_raise(data: bytes):
    assert isinstance(guard(data).form, str)
    assert isinstance(guard(b"PK\x03\x04" + data).form, str)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_random_damage_never_raises(data: st.DataObject):
    damaged = bytearray(GOOD)
    for place, value in data.draw(
        st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=8)
    ):
        damaged[place] = value
    cut = data.draw(st.integers(0, 200))
    guarded = guard(bytes(damaged[: len(damaged) - cut] if cut > 150 else damaged))
    assert guarded.form == "xlsx" or guarded.findings or guarded.form == "csv"


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_random_damage_inside_the_sheet_never_raises(data: st.DataObject):
    def damage(content: bytes) -> bytes:
        place = data.draw(st.integers(0, len(content)))
        return content[:place] + data.draw(st.binary(max_size=6)) + content[place + data.draw(st.integers(0, 6)) :]

    guarded = guard(hostile.rezip(GOOD, change={hostile.SHEET: damage}))
    assert guarded.form == "xlsx" or guarded.findings[0].severity == "refuse"
