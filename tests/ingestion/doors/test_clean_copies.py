"""Cutting off takes every name beside the wanted columns with it, and a name within them still stands in the way."""

from __future__ import annotations

import html
import io
import zipfile
from pathlib import Path

import pytest

from tests.ingestion import workbooks
from tests.ingestion.doors.ordinary_workbooks import OrdinaryFile, answer_of, cleaned
from tests.ingestion.doors.planted_templates import PLACES, ROWS, planted

MINISTRY, TABLES = "iraq_interior_ministry", 3
ACTIVITIES = ["ت", "رمز النشاط", "نوع النشاط", "تاريخ النشاط", "المحافظة", "ملاحظات"]
FEW = ["comment on a record", "page header, first", "property: creator", "name of a sheet", "guidance: beside a line"]


def holds(data: bytes, text: str) -> bool:
    """Whether a part of a workbook says the text; some programs write letters as numbers."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    return any(text in html.unescape(archive.read(name).decode(errors="replace")) for name in archive.namelist())


@pytest.mark.parametrize(
    "place", [pytest.param(place, marks=() if place in FEW else pytest.mark.whole_home) for place in PLACES]
)
def test_a_name_beside_the_wanted_columns_of_a_template_is_cut_off(place: str, tmp_path: Path):
    uncut = OrdinaryFile(MINISTRY, "filled.xlsx", planted(MINISTRY, "ar", place, "المتهم هو علي حسن من بغداد"))
    assert holds(uncut.data, "علي حسن")
    clean = cleaned(uncut, tmp_path)
    assert not holds(clean.data, "علي حسن")
    assert (answer_of(clean).verdict, answer_of(clean).rows) == ("accepted", TABLES * ROWS)


def activities(code: str, note: str) -> OrdinaryFile:
    row = [1, code, "حملة توعية", "11/1/2024", "بغداد", note]
    return OrdinaryFile("task_force_activities", "activities.xlsx", workbooks.xlsx({"الأنشطة": [ACTIVITIES, row]}))


@pytest.mark.parametrize("name", ["علي حسن", "Zainab Kareem", "ئازاد عومەر"])
def test_a_name_in_the_notes_is_cut_off_and_one_in_a_wanted_column_is_not_let_in(name: str, tmp_path: Path):
    in_notes = cleaned(activities("TF24-044", name), tmp_path / "notes")
    assert (holds(in_notes.data, name), answer_of(in_notes).verdict) == (False, "accepted")
    in_code = cleaned(activities(name, ""), tmp_path / "code")
    assert answer_of(in_code).verdict != "accepted"
