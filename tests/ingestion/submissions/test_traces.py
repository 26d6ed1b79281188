"""What is refused for privacy leaves no trace: not in the home, not in a temporary folder, not in an answer."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from ingestion.privacy.personal_data import PERSONAL_KINDS

from ingestion.home import Home
from ingestion.submissions import receipts
from tests.conftest import HOUSE
from tests.ingestion.hostile_cases import SOURCE, text, with_note
from tests.ingestion.workbooks import Grid, victim, victims

MARKER = "zqxmarkerqz@example.org"
_TABLE = '<table:table table:name="الضحايا">{rows}</table:table>'
_CONTENT = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
    "<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body></office:document-content>"
)
_MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
    '<manifest:file-entry manifest:full-path="/"'
    ' manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def _stored(data: bytes) -> bytes:
    """Return the workbook uncompressed, so that a copy of any part of it can be found by its words."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return stream.getvalue()


def _open_document(grid: Grid) -> bytes:
    cells = [[f"<text:p>{value}</text:p>" if value is not None else "" for value in row] for row in grid]
    rows = [
        "".join(f'<table:table-cell office:value-type="string">{cell}</table:table-cell>' for cell in row)
        for row in cells
    ]
    table = _TABLE.format(rows="".join(f"<table:table-row>{row}</table:table-row>" for row in rows))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", _CONTENT.format(table=table))
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
    return stream.getvalue()


FILES = {
    "file.xlsx": _stored(with_note(MARKER)),
    "الضحايا.csv": text(sex=MARKER).encode(),
    "file.ods": _open_document(victims(victim(1), victim(2, sex=MARKER))),
}


def _run(folder: Path, home: Home, *words: str | Path) -> subprocess.CompletedProcess[bytes]:
    """Run the command with every temporary and personal folder under `folder`."""
    temporary = folder / "temporary"
    temporary.mkdir(exist_ok=True)
    own = {name: str(temporary) for name in ("TMPDIR", "TEMP", "TMP", "HOME", "XDG_CACHE_HOME")}
    command = [sys.executable, "-c", "from marsad.command import main; main()", *words]
    environment = os.environ | own | {"MARSAD_HOME": str(home.root)}
    return subprocess.run(command, cwd=HOUSE, env=environment, capture_output=True, check=False)


def _holding(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and MARKER.encode() in path.read_bytes()]


@pytest.mark.parametrize("name", FILES)
def test_nothing_of_a_file_refused_for_privacy_stays_on_disk(tmp_path: Path, name: str):
    assert MARKER.encode() in FILES[name]
    home = Home.at(tmp_path / "home").open()
    dropped = home.inbox / SOURCE / name
    dropped.parent.mkdir(parents=True, exist_ok=True)
    dropped.write_bytes(FILES[name])
    ran = _run(tmp_path, home, "receive", SOURCE, dropped, "--json")
    answer = json.loads(ran.stdout)[0]
    assert answer["verdict"] == "refused"
    assert MARKER.encode() not in ran.stdout + ran.stderr
    is_personal = bool({finding["kind"] for finding in answer["findings"]} & PERSONAL_KINDS)
    assert is_personal or name == "file.ods"  # what is not read is refused for its form, and left where it was
    assert _holding(tmp_path) == ([] if is_personal else [dropped])
    assert [receipt.verdict for receipt in receipts.read_receipts(home)] == ["refused"]


@pytest.mark.parametrize("name", FILES)
def test_checking_a_personal_file_writes_nothing(tmp_path: Path, name: str):
    home, own = Home.at(tmp_path / "home").open(), tmp_path / name
    own.write_bytes(FILES[name])
    before = sorted(tmp_path.rglob("*"))
    ran = _run(tmp_path, home, "check", own, "--source", SOURCE)
    assert ran.returncode == 1
    assert MARKER.encode() not in ran.stdout + ran.stderr
    assert _holding(tmp_path) == [own]
    assert [path for path in sorted(tmp_path.rglob("*")) if path not in before] == [tmp_path / "temporary"]


def test_the_marked_copy_of_a_personal_file_is_the_only_copy_and_only_its_owner_reads_it(tmp_path: Path):
    home, own, marked = Home.at(tmp_path / "home").open(), tmp_path / "file.xlsx", tmp_path / "marked.xlsx"
    own.write_bytes(FILES["file.xlsx"])
    ran = _run(tmp_path, home, "check", own, "--source", SOURCE, "--mark", marked)
    assert MARKER.encode() not in ran.stdout + ran.stderr
    assert list((tmp_path / "temporary").iterdir()) == []
    with zipfile.ZipFile(marked) as archive:
        parts = {name: MARKER.encode() in archive.read(name) for name in archive.namelist()}
    assert [name for name, holds in parts.items() if holds] == ["xl/worksheets/sheet2.xml"]  # its cell, no comment
    assert os.name == "nt" or marked.stat().st_mode & 0o077 == 0
    marked.unlink()
    assert _holding(tmp_path) == [own]


@pytest.mark.parametrize("name", ["الضحايا.csv", "file.ods"])
def test_what_cannot_be_marked_is_not_written_at_all(tmp_path: Path, name: str):
    home, own, marked = Home.at(tmp_path / "home").open(), tmp_path / name, tmp_path / "marked.xlsx"
    own.write_bytes(FILES[name])
    ran = _run(tmp_path, home, "check", own, "--source", SOURCE, "--mark", marked)
    assert ran.returncode != 0
    assert not marked.exists()
    assert _holding(tmp_path) == [own]


def test_no_marked_copy_is_written_into_a_home(tmp_path: Path):
    home, own = Home.at(tmp_path / "home").open(), tmp_path / "file.xlsx"
    own.write_bytes(FILES["file.xlsx"])
    _run(tmp_path, home, "check", own, "--source", SOURCE, "--mark", home.inbox / SOURCE / "marked.xlsx")
    assert _holding(tmp_path) == [own]
