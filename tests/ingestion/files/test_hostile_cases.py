"""Each hostile file gets its verdict and its reason, within bounds."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestion.entry.file_check import Examination, examine
from ingestion.home import Home
from ingestion.submissions import landing
from tests.conftest import HOUSE
from tests.ingestion.hostile_cases import SOURCE, cases, sheet, text
from tests.ingestion.workbooks import TODAY

CASES = cases()
GOOD = sheet()


@pytest.fixture(scope="module")
def answers():
    """What the door answers to every case in a child with 1 GB of memory; a crash or a hang fails all of them."""
    command = [sys.executable, "-m", "tests.ingestion.hostile_cases"]
    child = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, timeout=600, check=True)
    return json.loads(child.stdout)


def test_the_cases_are_many_and_of_eight_groups():
    assert len(CASES) >= 90
    assert {case.group for case in CASES.values()} == {
        *("good", "file name", "container", "beside", "xml", "workbook", "text", "identifier")
    }


@pytest.mark.parametrize("name", CASES)
def test_a_file_gets_its_verdict_and_its_reason(name: str, answers: dict[str, list[object]]):
    verdict, kinds, rows_in, landed, quarantined = answers[name]
    assert verdict == CASES[name].verdict
    assert isinstance(kinds, list)
    assert not CASES[name].kind or CASES[name].kind in kinds
    assert rows_in == landed + quarantined  # type: ignore[operator]


# Names of files: data only, never a path, never kept


@pytest.mark.parametrize("ending", [".xlsx", ".xlsx.exe", ".زينب", "", ".XLSX", ".xlsm"])
@pytest.mark.parametrize("stem", ["CON", "..x", "~$x", "-rf", "a\u202eb", "x;'--", "اسم" * 20])
def test_the_name_of_a_file_changes_no_verdict_and_is_kept_nowhere(tmp_path: Path, stem: str, ending: str):
    home = Home.at(tmp_path / "home").open()
    path = tmp_path / f"{stem}{ending}"
    path.write_bytes(GOOD)
    receipt = landing.receive(home, SOURCE, path, today=TODAY)
    assert receipt.verdict == "accepted"
    assert receipt.file_suffix in (".xlsx", "")
    files = [file for file in home.root.rglob("*") if file.is_file()]
    assert len(files) > 1
    assert not [file for file in files if "زينب" in file.name or "زينب".encode() in file.read_bytes()]
    assert len(landing.land(home, SOURCE)) == 1


@pytest.mark.parametrize(
    "name", ["../../x.csv", "a\u202e\u200bb\n\x1b[31m.csv", "\udcff.csv", "a" * 300 + ".csv", "\x00"]
)
def test_a_text_file_names_its_sheet_by_what_can_be_printed(name: str):
    answer = examine(text().encode(), name, SOURCE, today=TODAY)
    assert all(finding.sheet.isprintable() and len(finding.sheet) <= 100 for finding in answer.findings)
    assert all("/" not in finding.sheet for finding in answer.findings)


# What stays of a refused file


def test_a_file_refused_for_its_structure_is_left_where_it_was(tmp_path: Path):
    home = Home.at(tmp_path / "home").open()
    dropped = home.inbox / SOURCE / "x.xlsx"
    dropped.parent.mkdir(parents=True, exist_ok=True)
    dropped.write_bytes(CASES["a missing column"].build())
    assert landing.receive(home, SOURCE, dropped, today=TODAY).verdict == "refused"
    assert dropped.exists()


# Random damage


def _accounts(answer: Examination) -> None:
    for table in answer.tables:
        landed = table.columns["row_number"]
        kept_out = {reason.row_number for reason in table.quarantined}
        assert len(set(landed)) == len(landed) == table.rows_landed
        assert not set(landed) & kept_out
        assert len(kept_out) == table.rows_quarantined
    assert answer.verdict == "accepted" or not answer.rows_in


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_random_damage_of_the_bytes_gives_an_answer_that_adds_up(data: st.DataObject):
    good = data.draw(st.sampled_from([GOOD, text().encode(), text().encode("windows-1256")]))
    start = data.draw(st.integers(0, len(good)))
    end = data.draw(st.integers(start, min(len(good), start + 40)))
    damaged = good[:start] + data.draw(st.binary(max_size=20)) + good[end:]
    _accounts(examine(damaged, "الضحايا.csv", SOURCE, today=TODAY))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_random_damage_inside_the_parts_gives_an_answer_that_adds_up(data: st.DataObject):
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        chosen = data.draw(st.sampled_from(old.namelist()))
        for name in old.namelist():
            content = old.read(name)
            if name == chosen:
                start = data.draw(st.integers(0, len(content)))
                piece = data.draw(
                    st.one_of(st.binary(max_size=8), st.sampled_from([b"<c", b'="1"', b"</row>", b"999"]))
                )
                content = content[:start] + piece + content[start + data.draw(st.integers(0, 30)) :]
            new.writestr(name, content)
    _accounts(examine(stream.getvalue(), "x.xlsx", SOURCE, today=TODAY))
