"""No text of a file that we write is run as a formula, wherever it came from."""

from __future__ import annotations

import ast
import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from expectations.cards import cells
from ingestion.findings import Finding
from ingestion.forms.marking import mark
from ingestion.holders import token_files
from ingestion.persons import pair_sheets
from ingestion.persons.doubtful_links import SIDE_BY_SIDE
from ingestion.persons.pair_readings import FIRST, ShownPair
from ingestion.persons.sampled_pairs import SampledPair
from languages.spreadsheet_text import FORMULA_STARTS, neutral_text
from languages.words import Words
from reports.exchange.formats import workbook_bytes
from reports.renderers import chart_files
from tests.ingestion import workbooks
from tests.packages import HOUSE, PACKAGES, tree_of

TEXTS = [
    *(f"{start}1+1" for start in FORMULA_STARTS),
    '=HYPERLINK("http://example.invalid","figures")',
    "+cmd|' /C calc'!A0",
    "@SUM(1,1)",
    "-2+3",
    "= 1,5; زيد",
    "زيد\r=1+1",
]
"""Of a sender's cell, an editor's text or a question."""


@pytest.mark.parametrize("text", TEXTS[:-1])
def test_what_begins_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert neutral_text(text) == f"'{text}".replace("\r", "\n")


@pytest.mark.parametrize("text", ["", "-5", "+1.5", "-1e-07", "1+1", "a=b", "'=1+1", "#adm1+code", "<5", "—", "زيد"])
def test_a_number_and_any_other_text_stay_as_they_are(text: str) -> None:
    assert neutral_text(text) == text


def _lines() -> list[list[str]]:
    return [["head"], *([text] for text in TEXTS)]


def _marked(path: Path) -> None:
    """A sender's workbook with a finding of each text, in a sheet and on a place that are called like formulas."""
    data = workbooks.xlsx({"=1+1": [[text] for text in TEXTS]})
    path.with_name("sent.xlsx").write_bytes(data)
    findings = [Finding("quarantine", "unknown_code", "=1+1", f"A{row}", _arguments(text)) for row, text in _numbered()]
    mark(path.with_name("sent.xlsx"), data, findings, "accepted", path, Words.load("ar"))


def _numbered() -> Iterator[tuple[int, str]]:
    return enumerate(TEXTS, start=1)


def _arguments(text: str) -> dict[str, str]:
    return dict.fromkeys(("read", "found", "stated", "nearest", "expected", "column", "example"), text)


def _pairs(path: Path) -> None:
    pairs = [ShownPair(SampledPair("a", str(row), 0), dict.fromkeys(SIDE_BY_SIDE, text)) for row, text in _numbered()]
    pair_sheets.write(path, pairs, FIRST)


WRITERS: dict[str, Callable[[Path], object]] = {
    "released.csv": lambda path: path.write_bytes(cells.csv_bytes(pd.DataFrame({"holder": TEXTS}))),
    "totals.csv": lambda path: path.write_bytes(cells.rows_as_csv(_lines())),
    "tokens.csv": lambda path: path.write_bytes(token_files.csv_bytes([*map(list, _lines())])),
    "chart.csv": lambda path: path.write_bytes(chart_files._csv(_lines())),
    "pairs.csv": _pairs,
    "tokens.xlsx": lambda path: path.write_bytes(token_files.xlsx_bytes({"x": [*map(list, _lines())]})),
    "exchange.xlsx": lambda path: path.write_bytes(
        workbook_bytes(lambda book: [book.add_worksheet().write(0, 0, text) for text in TEXTS])
    ),
    "marked.xlsx": _marked,
}
"""Each writer of texts that may be of others; the workbook of the report has a test of its own."""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("written")
    paths = {name: folder / name for name in WRITERS}
    for name, write in WRITERS.items():
        write(paths[name])
    return paths


@pytest.mark.parametrize("name", [name for name in WRITERS if name.endswith(".csv")])
def test_no_cell_of_a_csv_begins_like_a_formula(written: dict[str, Path], name: str) -> None:
    text = written[name].read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert len(rows) > len(TEXTS)
    assert [cell for row in rows for cell in row if cell.startswith(FORMULA_STARTS)] == []


@pytest.mark.parametrize("name", [name for name in WRITERS if name.endswith(".xlsx")])
def test_no_cell_of_a_workbook_is_a_formula(written: dict[str, Path], name: str) -> None:
    with zipfile.ZipFile(written[name]) as parts:
        sheets = [parts.read(part) for part in parts.namelist() if part.startswith("xl/worksheets/sheet")]
    assert sheets
    assert [sheet for sheet in sheets if re.search(rb"<f[ >]", sheet)] == []


_EVALUATING = "--infilter=Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,0,true"
"""What a person chooses who lets LibreOffice calculate the formulas of a CSV."""


@pytest.mark.needs_calc
def test_libreoffice_finds_no_formula_in_what_we_write(written: dict[str, Path], tmp_path: Path) -> None:
    control = tmp_path / "control.csv"
    control.write_text("head\n=1+1\n")
    by_form = {form: [path for path in written.values() if path.suffix == form] for form in (".csv", ".xlsx")}
    for form, options in ((".csv", [_EVALUATING]), (".xlsx", [])):
        folder = tmp_path / form[1:]
        folder.mkdir()
        workbooks.save_by_office([*by_form[form], *([control] if form == ".csv" else [])], folder, "xlsx", *options)
    assert _formulas(tmp_path / "csv" / "control.xlsx") == ["=1+1"]
    opened = {name: tmp_path / path.suffix[1:] / f"{path.stem}.xlsx" for name, path in written.items()}
    assert {name: _formulas(path) for name, path in opened.items()} == {name: [] for name in written}


def _formulas(path: Path) -> list[str]:
    book = openpyxl.load_workbook(path)
    return [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


_MAKES_A_TABLE = {"writer", "DictWriter", "to_csv", "to_excel"}
_WRITERS_OF_TEXT = {
    "expectations/cards/cells.py",
    "expectations/estimates/estimate_release.py",  # codes and numbers of our own
    "ingestion/holders/token_files.py",
    "ingestion/persons/pair_sheets.py",
    "reports/renderers/chart_files.py",
}
_HASHED = {
    "expectations/gate/disclosure_audit.py",
    "expectations/gate/stored_joint_audit.py",
    "expectations/protection/revisions.py",
    "expectations/releases/public_audit.py",
}
"""They hash a table as text, and write none."""


def test_no_other_module_writes_a_csv_and_every_new_workbook_has_our_options() -> None:
    writers: set[str] = set()
    without_options: list[str] = []
    for path in (path for package in PACKAGES if package != "samples" for path in (HOUSE / package).rglob("*.py")):
        name = path.relative_to(HOUSE).as_posix()
        text = path.read_text(encoding="utf-8")
        calls = [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)]
        if {node.func.attr for node in calls if isinstance(node.func, ast.Attribute)} & _MAKES_A_TABLE:
            writers.add(name)
        if (
            re.search(r"\bxlsxwriter\.Workbook\(|from xlsxwriter import Workbook", text)
            and "WORKBOOK_OPTIONS" not in text
        ):
            without_options.append(name)
    assert (writers - _HASHED, without_options) == (_WRITERS_OF_TEXT, [])
