"""Invented exports of each source, as grids of cells and as files. Every value is made up."""

from __future__ import annotations

import datetime
import hashlib
import io
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter

from ingestion.cards.source_card import FOLDER
from ingestion.files.file_facts import CellBlock
from ingestion.files.reader import Sheet, Workbook
from ingestion.files.template_sheets import stamp_of
from ingestion.text.tokens import is_invented_token

Cell = str | int | float | bool | datetime.date | None
Grid = list[list[Any]]
Merged = list[tuple[int, int, int, int]]

TODAY = datetime.date(2025, 6, 1)
TITLE = ["جدول يبين الحالات المسجلة"]
FOOTER = ["ملاحظة: الأرقام أولية"]


def token(number: int, purpose: str = "person") -> str:
    return f"k1:{hashlib.sha256(f'{purpose} {number}'.encode()).hexdigest()[:32]}"


def victims(*rows: Sequence[Any], total: Sequence[Any] = ()) -> Grid:
    """The interior ministry's victims sheet with a title, two header rows and a footer.

    A row is: case, date, governorate, person, sex, age, citizenship, exploitation, charge.
    """
    top = ["ت", "رمز القضية", "تاريخ الإخبار", "المحافظة", "الضحية", None, None, None, "نوع الاستغلال", "التهمة الموجهة للضحية"]  # fmt: skip  # noqa: E501
    sub = [None, None, None, None, "رمز الشخص", "الجنس", "العمر", "الجنسية", None, None]
    numbered = [[number, *row] for number, row in enumerate(rows, start=1)]
    return squared([TITLE, top, sub, *numbered, *([total] if total else []), [], FOOTER])


def victim(number: int, **other: Cell) -> list[Any]:
    """One good row of `victims`."""
    row = {
        "case": token(number, "case"),
        "date": "30/7/2024",
        "governorate": "بغداد",
        "person": token(number),
        "sex": "أنثى",
        "age": "17",
        "citizenship": "عراقية",
        "exploitation": "تسول",
        "charge": None,
    }
    return list((row | other).values())


def cases(*rows: Sequence[Any], total: Sequence[Any] = ()) -> Grid:
    """The interior ministry's cases sheet; a row is: case, date, governorate, accused, victims."""
    header = ["ت", "رمز القضية", "تاريخ الإخبار", "المحافظة", "عدد المتهمين", "عدد الضحايا"]
    numbered = [[number, *row] for number, row in enumerate(rows, start=1)]
    return squared([TITLE, [], header, *numbered, *([total] if total else []), ["مدير قسم الإحصاء"]])


def case(number: int, accused: Cell = 1, victims: Cell = 2, date: Cell = "1/2/2024") -> list[Any]:
    return [token(number, "case"), date, "البصرة", accused, victims]


def glotip(*rows: Sequence[Any]) -> Grid:
    """The layout of UNODC's table; a row is: area, category, year, figure."""
    header = ["Iso3_code", "Country", "Region", "Subregion", "Indicator", "Dimension", "Category", "Sex", "Age", "Year", "Unit of measurement", "txtVALUE", "Source"]  # fmt: skip  # noqa: E501
    body = [
        [
            area,
            "Invented",
            "",
            "",
            "Detected trafficking victims",
            "Total",
            category,
            "Total",
            "Total",
            year,
            "Counts",
            figure,
            "GLOTIP",
        ]
        for area, category, year, figure in rows
    ]
    return squared([["Invented figures"], ["30/05/2023"], header, *body])


def squared(grid: Grid) -> Grid:
    """Return rows of one width, blanks as None."""
    width = max(len(row) for row in grid)
    return [[None if cell == "" else cell for cell in [*row, *[None] * (width - len(row))]] for row in grid]


def read(sheets: Mapping[str, Grid], *, merged: Merged | None = None, encoding: str = "") -> Workbook:
    """The sheets as the reader returns them."""
    blocks = [CellBlock(*block) for block in merged or []]
    return Workbook([Sheet(name, squared(grid), blocks) for name, grid in sheets.items()], encoding)


def xlsx(sheets: Mapping[str, Grid]) -> bytes:
    """The sheets as a workbook file; the same sheets give the same bytes."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "default_date_format": "dd/mm/yyyy"}) as workbook:
        workbook.set_properties({"created": datetime.datetime(2024, 1, 1)})
        for name, grid in sheets.items():
            sheet = workbook.add_worksheet(name)
            for row, values in enumerate(grid):
                for column, value in enumerate(values):
                    if isinstance(value, str):
                        sheet.write_string(row, column, value)
                    elif isinstance(value, datetime.date):
                        sheet.write_datetime(row, column, value)
                    elif value is not None:
                        sheet.write(row, column, value)
    return stream.getvalue()


def csv(grid: Grid, *, delimiter: str = ";", encoding: str = "windows-1256") -> bytes:
    lines = (delimiter.join("" if cell is None else str(cell) for cell in row) for row in grid)
    return "".join(f"{line}\r\n" for line in lines).encode(encoding)


def sample_as_sent(source: str) -> openpyxl.Workbook:
    """The invented sample of a source as if a sender had filled it: tokens of a holder's key, no stamp of the house."""
    book = openpyxl.load_workbook(FOLDER / "sources" / source / "sample.xlsx")
    for cell in (cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row):
        if isinstance(cell.value, str) and is_invented_token(cell.value):
            cell.value = cell.value.replace("k0", "k", 1)
        elif isinstance(cell.value, str) and stamp_of(cell.value):
            cell.value = None
    return book


@cache
def _office_profile() -> tempfile.TemporaryDirectory[str]:
    """The settings of LibreOffice, which take it longer to write than to save a workbook; gone with this process."""
    return tempfile.TemporaryDirectory(prefix="office-")


def saved_by_office(path: Path, folder: Path, form: str = "xlsx") -> bytes:
    """What LibreOffice makes of a workbook when a person opens and saves it: formulas get their results."""
    save_by_office([path], folder, form)
    return (folder / f"{path.stem}.{form}").read_bytes()


def save_by_office(paths: Iterable[Path], folder: Path, form: str = "xlsx", *options: str) -> None:
    """Let LibreOffice open files and save each in another folder: it does not write over what it reads."""
    profile = f"-env:UserInstallation={Path(_office_profile().name).as_uri()}"
    command = ["soffice", profile, "--headless", *options, "--convert-to", form, "--outdir", str(folder)]
    subprocess.run([*command, *map(str, paths)], check=True, capture_output=True, timeout=180)
