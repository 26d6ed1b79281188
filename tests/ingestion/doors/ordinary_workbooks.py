"""Twelve ordinary workbooks of each sender, as its clerks write them: their own columns, remarks, titles, spellings.

Belongs here: how a clerk's file differs from the sender's sample, with words of `harmless_values.yml`; no person is
named but the clerk herself, in the properties of some. Does not belong here: floors (`test_ordinary_workbooks.py`),
planted names (`planted_names.py`), exports spoilt on purpose (`tests/dirt`).

Files 1 to 6 hold the half of the words that was told to those who mend the door, files 7 to 12 the other half.
"""

from __future__ import annotations

import contextlib
import csv
import datetime
import io
import itertools
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import yaml
from openpyxl.comments import Comment
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from ingestion.entry.file_check import examine
from marsad.start import main

TODAY = datetime.date(2026, 11, 1)
CLERKS = range(1, 13)
_ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Layout:
    """Where things stand in a sender's sample.

    Args:
        source: whose card takes it.
        language: of the clerk's own words.
        sheet: the one that she writes into.
        place: heading of a column of places; empty if there is none.
        citizenship: heading of a column of nationalities; empty if there is none.
        date: heading of a column of days.
        ending: `xlsx` or `csv`.
    """

    source: str
    language: str
    sheet: str
    place: str
    citizenship: str
    date: str
    ending: str = "xlsx"


SENDERS = {
    "interior": Layout("iraq_interior_ministry", "ar", "الضحايا", "المحافظة", "الجنسية", "تاريخ الإخبار"),
    "judicial": Layout("iraq_judicial_council", "ar", "الأحكام", "رئاسة محكمة الاستئناف", "الجنسية", "تاريخ الحكم"),
    "labour": Layout("iraq_labour_ministry", "ar", "سجل الإيواء", "المحافظة", "الجنسية", "تاريخ الطلب"),
    "residence": Layout("iraq_residence_directorate", "ar", "إجراءات الإقامة", "", "الجنسية", "تاريخ التوقيف"),
    "residence_csv": Layout(
        "iraq_residence_directorate", "ar", "إجراءات الإقامة", "", "الجنسية", "تاريخ التوقيف", "csv"
    ),
    "kurdistan": Layout("kurdistan_interior_ministry", "ckb", "Victims", "Governorate", "Nationality", "Date"),
    "activities": Layout("task_force_activities", "ar", "الأنشطة", "المحافظة", "", "تاريخ النشاط"),
    "iom": Layout(
        "iom_caseload", "en", "Case Sheet", "Location of Exploitation", "Citizenship", "Incoming Referral Date"
    ),
    "unodc": Layout("unodc_glotip", "en", "data_glotip_1", "", "", ""),
}


@dataclass(frozen=True)
class OrdinaryFile:
    """A file that a clerk made."""

    source: str
    name: str
    data: bytes = field(repr=False)


@cache
def _values() -> dict[str, Any]:
    return yaml.safe_load(Path(__file__).with_name("harmless_values.yml").read_text(encoding="utf-8"))


def _half(values: Sequence[str], clerk: int) -> Sequence[str]:
    middle = len(values) // 2
    return values[:middle] if clerk <= middle_clerk() else values[middle:]


def middle_clerk() -> int:
    """The last clerk whose words were told."""
    return len(CLERKS) // 2


class Desk:
    """A clerk at her copy of the sample: what she adds and types over."""

    def __init__(self, sender: str, clerk: int) -> None:
        self.layout = SENDERS[sender]
        self.clerk = clerk
        self.start = list(SENDERS).index(sender) * 3 + clerk
        self.book: Workbook = openpyxl.load_workbook(_ROOT / "ingestion/sources" / self.layout.source / "sample.xlsx")
        self.sheet: Worksheet = self.book[self.layout.sheet]
        self.words = _values()[self.layout.language]

    def pick(self, values: Sequence[str]) -> Iterator[str]:
        """The clerk's half of some values, over and over, beginning elsewhere for each sender."""
        half = _half(values, self.clerk)
        return itertools.islice(itertools.cycle(half), self.start % len(half), None)

    def cell_of(self, heading: str) -> tuple[int, int]:
        """Row and column of a heading."""
        for row in self.sheet.iter_rows(max_row=6):
            for cell in row:
                if cell.value == heading:
                    return cell.row, cell.column
        raise KeyError(heading)

    @property
    def first_heading(self) -> tuple[int, int]:
        """The row of headings, where her own columns begin."""
        anchor = self.layout.date or "Indicator"
        return self.cell_of(anchor)[0], self.sheet.max_column + 1

    @property
    def records(self) -> list[int]:
        """Rows with a record."""
        column = self.cell_of(self.layout.date or "Indicator")[1]
        top = self.first_heading[0]
        return [
            row
            for row in range(top + 1, self.sheet.max_row + 1)
            if self.sheet.cell(row, column).value is not None
            and (self.layout.language == "en" or isinstance(self.sheet.cell(row, 1).value, int))
        ]

    def add_column(self, kind: str) -> None:
        """Add a column of her own at the right."""
        row, column = self.first_heading
        self.sheet.cell(row, column, self.words[kind]["heading"])
        for record, value in zip(self.records, self.pick(self.words[kind]["values"]), strict=False):
            self.sheet.cell(record, column, value)

    def type_over(self, heading: str, values: Sequence[str], records: int) -> None:
        """Type some values of hers over those of a wanted column; nothing where the sender has no such column."""
        if not heading:
            return
        column = self.cell_of(heading)[1]
        for record, value in zip(self.records[:records], self.pick(values), strict=False):
            self.sheet.cell(record, column, value)

    def places(self, records: int = 6) -> None:
        """Spell governorates as she does."""
        self.type_over(self.layout.place, _values()["places"][self.layout.language], records)

    def slips(self) -> None:
        """Mistype a nationality or two."""
        self.type_over(self.layout.citizenship, _values()["slips"][self.layout.language], 2)

    def days(self) -> None:
        """Tell days as people do."""
        self.type_over(self.layout.date, _values()["days"][self.layout.language], 2)

    def title(self) -> None:
        """Write a line above the table; HTCDS's own workbook begins with its row of field names, and has none."""
        if self.layout.source == "iom_caseload":
            self.describe()
            return
        self.sheet.insert_rows(1)
        for block in self.sheet.merged_cells.ranges:
            block.shift(0, 1)
        self.sheet.cell(1, 1, next(self.pick(self.words["titles"])))

    def remark(self) -> None:
        """Write a line under the table, where no column must stay empty."""
        column = self.cell_of(self.layout.date)[1]
        self.sheet.cell(self.sheet.max_row + 2, column, next(self.pick(self.words["notes"]["values"])))

    def comment(self) -> None:
        """Comment on a cell."""
        cell = self.sheet.cell(self.records[0], 3)
        cell.comment = Comment(next(self.pick(self.words["comments"])), "user")

    def author(self, kind: str) -> None:
        """Save with a program's author, or with her own name."""
        self.book.properties.creator = next(self.pick(_values()["authors"][kind]))

    def describe(self) -> None:
        """Fill in the description."""
        self.book.properties.description = next(self.pick(self.words["titles"]))

    def page_lines(self) -> None:
        """Number the printed pages, with a line of her office."""
        self.sheet.oddHeader.center.text = next(self.pick(self.words["department"]["values"]))
        self.sheet.oddFooter.center.text = "&P / &N"

    def summary(self) -> None:
        """Add a sheet with a small sum of hers."""
        sheet = self.book.create_sheet({"ar": "خلاصة", "ckb": "پوختە", "en": "Summary"}[self.layout.language])
        sheet.append(
            [self.words["work"]["heading"], {"ar": "العدد", "ckb": "ژمارە", "en": "Number"}[self.layout.language]]
        )
        for number, value in enumerate(itertools.islice(self.pick(self.words["work"]["values"]), 4), start=2):
            sheet.append([value, number])

    def foreign_notes(self) -> None:
        """Add notes in another language of the country."""
        words = self.words
        self.words = _values()[{"ar": "ckb", "ckb": "en", "en": "ar"}[self.layout.language]]
        self.add_column("notes")
        self.words = words

    def saved(self) -> bytes:
        """The bytes of the file."""
        stream = io.BytesIO()
        if self.layout.ending == "xlsx":
            self.book.save(stream)
            return stream.getvalue()
        text = io.StringIO()
        writer = csv.writer(text, delimiter=";")
        for row in self.sheet.iter_rows(values_only=True):
            writer.writerow(
                value.strftime("%d/%m/%Y") if isinstance(value, datetime.datetime) else value for value in row
            )
        return text.getvalue().encode("utf-8-sig")


RECIPES: dict[int, Callable[[Desk], object]] = {
    1: lambda desk: [desk.add_column("notes"), desk.add_column("occupation"), desk.author("programs")],
    2: lambda desk: [desk.add_column("religion"), desk.add_column("education"), desk.author("persons")],
    3: lambda desk: [desk.add_column("residence"), desk.remark(), desk.places()],
    4: lambda desk: [desk.add_column("marital"), desk.add_column("documents"), desk.title(), desk.author("programs")],
    5: lambda desk: [desk.places(), desk.comment(), desk.add_column("department"), desk.summary()],
    6: lambda desk: [desk.add_column("month"), desk.add_column("notes"), desk.slips(), desk.days()],
    7: lambda desk: [desk.add_column("notes"), desk.add_column("occupation"), desk.remark()],
    8: lambda desk: [
        desk.add_column("religion"),
        desk.add_column("education"),
        desk.page_lines(),
        desk.author("persons"),
    ],
    9: lambda desk: [desk.add_column("work"), desk.add_column("residence"), desk.summary(), desk.describe()],
    10: lambda desk: [desk.add_column("transport"), desk.add_column("health"), desk.title(), desk.places()],
    11: lambda desk: [desk.days(), desk.comment(), desk.add_column("department"), desk.author("programs")],
    12: lambda desk: [desk.foreign_notes(), desk.slips(), desk.describe(), desk.add_column("marital")],
}
"""What each of the twelve clerks does."""


_AREAS = {
    "JOR": "Jordan",
    "GEO": "Georgia",
    "TCD": "Chad",
    "CIV": "Côte d'Ivoire",
    "BOL": "Bolivia (Plurinational State of)",
    "TUR": "Türkiye",
    "DMA": "Dominica",
    "LAO": "Lao People's Democratic Republic",
    "IRQ": "Iraq",
    "MKD": "North Macedonia",
    "KGZ": "Kyrgyzstan",
    "VCT": "Saint Vincent and the Grenadines",
}
_CATEGORIES = [
    ("Detected trafficking victims", "by form of exploitation", "Forced labour"),
    ("Detected trafficking victims", "by citizenship", "Nationals"),
    ("Detected trafficking victims", "by country of repatriation", "Micronesia (Federated States of)"),
    ("Persons convicted", "by citizenship", "Dominican Republic"),
    ("Persons prosecuted", "Total", "Total"),
    ("Detected trafficking victims", "by form of exploitation", "Other forms of exploitation"),
    ("Persons brought into formal contact", "by citizenship", "Saint Lucia"),
    ("Offences of trafficking in persons", "Total", "Total"),
    ("Detected trafficking victims", "by citizenship", "Sri Lanka"),
    ("Detected trafficking victims", "by form of exploitation", "Sexual exploitation"),
    ("Detected trafficking victims", "by form of exploitation", "Mixed forms of exploitation"),
    ("Detected trafficking victims", "by citizenship", "Sub-Saharan Africa"),
]


def _edition(clerk: int) -> bytes:
    """UNODC's table as it was published in another year: other areas, categories, days, wordings of headings."""
    header = ["Iso3_code", "Country", "Region", "Subregion", "Indicator", "Dimension", "Category", "Sex", "Age", "Year"]
    ends = ["Unit of measurement", "txtVALUE", "Source"] if clerk % 2 else ["Unit of measurement", "VALUE", "Source"]
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = f"data_glotip_{clerk}"
    sheet.append(["UNODC", "dataunodc@un.org"] if clerk % 3 else ["United Nations Office on Drugs and Crime"])
    sheet.append([f"{clerk + 9}/0{clerk % 9 + 1}/{2012 + clerk}"])
    sheet.append([*header, *ends])
    for row in range(24):
        iso3, area = list(_AREAS.items())[(clerk + row) % 12]
        indicator, dimension, category = _CATEGORIES[(clerk * 5 + row) % 12]
        sex, age = (
            ["Total", "Female", "Male", "Unknown"][row % 4],
            ["Total", "0 to 17 years", "18 years or over"][row % 3],
        )
        figure = "<5" if row % 5 == 0 else str(row * 37)
        year = 2010 + (row + clerk) % 12
        told = [iso3, area, "Asia", "Western Asia", indicator, dimension, category, sex, age, year, "Counts", figure]
        sheet.append([*told, "GLOTIP" if row % 2 else "National report"])
    if clerk % 4 == 0:
        sheet.append([])
        sheet.append(["Figures below five are masked to protect the identity of victims."])
    book.properties.creator = ["UNODC", "Research and Trend Analysis Branch", "openpyxl", "Microsoft Office User"][
        clerk % 4
    ]
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def ordinary_file(sender: str, clerk: int) -> OrdinaryFile:
    """The file of one clerk of one sender."""
    layout = SENDERS[sender]
    if sender == "unodc":
        return OrdinaryFile(layout.source, f"data_glotip_{clerk}.xlsx", _edition(clerk))
    desk = Desk(sender, clerk)
    RECIPES[clerk](desk)
    name = f"{layout.sheet if layout.ending == 'csv' else 'report'} {clerk}.{layout.ending}"
    return OrdinaryFile(layout.source, name, desk.saved())


def sample_of(sender: str) -> OrdinaryFile:
    """What the sender's card brings as its sample; UNODC's first edition for that of UNODC."""
    layout = SENDERS[sender]
    if sender == "unodc":
        return ordinary_file(sender, 1)
    desk = Desk(sender, 1)
    return OrdinaryFile(layout.source, f"{layout.sheet}.{layout.ending}", desk.saved())


@dataclass(frozen=True)
class Answer:
    """What the door says of a file: verdict, how many words it asks, kinds of findings, data rows."""

    verdict: str
    words: int
    kinds: tuple[str, ...]
    rows: int


def answer_of(file: OrdinaryFile) -> Answer:
    """The door's answer to a file."""
    examination = examine(file.data, file.name, file.source, today=TODAY)
    words = {word.text for text in examination.asked for word in text.words}
    kinds = sorted({f"{finding.severity} {finding.kind}" for finding in examination.findings})
    return Answer(examination.verdict, len(words), tuple(kinds), examination.rows_in)


def cleaned(file: OrdinaryFile, folder: Path) -> OrdinaryFile:
    """The file as `marsad check FILE --clean` writes it."""
    folder.mkdir(exist_ok=True)
    uncut, clean = folder / file.name, folder / "clean.xlsx"
    uncut.write_bytes(file.data)
    typed, sys.argv = sys.argv, ["marsad", "check", str(uncut), "--source", file.source, "--clean", str(clean)]
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
            main()
    finally:
        sys.argv = typed
    return OrdinaryFile(file.source, clean.name, clean.read_bytes())
