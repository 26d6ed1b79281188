"""Sentences that name a person, planted in every place of a filled template of the house.

Belongs here: the places, the sentences, and a template filled with good rows. Does not belong here: floors
(`test_planted_templates.py`), names in files of a sender's own layout (`planted_names.py`).
"""

from __future__ import annotations

import datetime
import io
import itertools
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import openpyxl
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook import Workbook as Book
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ingestion.cards.source_card import load_shape, load_source, shape_names, source_names
from ingestion.entry import file_check
from ingestion.entry.file_check import examine
from ingestion.files.noncell_text import NonCellText
from ingestion.files.reader import Workbook
from ingestion.files.reader import read_workbook as read_file
from ingestion.forms.templates import write_template
from languages.words import Words, languages

TODAY = datetime.date(2026, 11, 1)
SHEET_NAME = 31  # letters of a sheet's name, in Excel
ROWS = 5  # good rows of a filled template, in each of its tables

SENTENCES = {
    "ar": [
        "المتهم هو علي حسن من بغداد",
        "لا يُكتب اسم صالح عمر في هذا العمود من الملف",
        "الضحية زينب كاظم عند الشرطة في محافظة البصرة",
        "اتصل بالسيد حسن علي لملء هذه الورقة قبل الإرسال",
    ],
    "ckb": [
        "تاوانبار عەلی حەسەنە لە شاری هەولێر",
        "ناوی ئازاد عومەر لەم ستوونەدا مەنووسە تکایە",
        "قوربانی شیلان ئەحمەد لە پەناگەیە لە سلێمانی",
        "ئەم فایلە لە لایەن ڕێبین ساڵح پڕکراوەتەوە بۆ دادگا",
    ],
    "en": [
        "The accused is Ali Hassan from Baghdad",
        "Do not write the name of Omar Salih in this column",
        "The victim Zainab Kadhim is at the shelter in Basra",
        "This file was filled in by Hassan Ali for the court",
    ],
}
"""Each with a given and another name that persons of the country bear, in sentences that a template might hold."""


def templates() -> list[str]:
    """Every template: of each sender, and of each shape."""
    return [*source_names(), *shape_names()]


def receivers() -> Mapping[str, str]:
    """Template -> a source that takes it; shapes that no source takes row by row are left out."""
    taken = {name: name for name in source_names()}
    for shape, source in itertools.product(shape_names(), source_names()):
        tables = load_source(source).tables.values()
        if any(table.shape == shape and not table.cells for table in tables):
            taken.setdefault(shape, source)
    return taken


@cache
def filled(name: str, language: str) -> bytes:
    """A template with the good example of every field in some rows of its tables."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "template.xlsx")
        write_template(name, path, Words.load(language), rows=ROWS)
        book = openpyxl.load_workbook(path)
    for sheet, fields in _tables(book, name):
        shape = load_shape(fields[0]).fields
        for column, field in enumerate(fields[1:], start=1):
            for row in range(3, 3 + ROWS):
                sheet.cell(row, column).value = _typed(shape[field].type, shape[field].good)
    return _saved(book)


@cache
def _read(name: str, language: str) -> Workbook:
    return read_file(filled(name, language), "template.xlsx")


def _tables(book: Book, name: str) -> Iterator[tuple[Worksheet, list[str]]]:
    """Each sheet to fill in, with its shape and then its fields."""
    if name in shape_names():
        yield book.worksheets[1], [name, *load_shape(name).fields]
        return
    tables = load_source(name).tables
    for table, card in tables.items():
        sheet = book[table if "*" in card.sheets else card.sheets[0]]
        yield sheet, [card.shape, *card.guided.values()]


def _typed(kind: str, good: str) -> object:
    if kind == "date":
        return datetime.datetime.strptime(good, "%d/%m/%Y").replace(tzinfo=None)
    plain = good.replace(",", "")
    return int(plain) if plain.isdigit() and kind in ("integer", "decimal", "year", "age") else good


def _saved(book: Book) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _comment(cell: str, sheet: int = 1, *, author: bool = False) -> Callable[[Book, str], None]:
    def plant(book: Book, text: str) -> None:
        told = Comment("…", text) if author else Comment(text, "user")
        book.worksheets[sheet][cell].comment = told

    return plant


def _page_line(line: str, side: str, sheet: int = 1) -> Callable[[Book, str], None]:
    def plant(book: Book, text: str) -> None:
        chosen = book.worksheets[sheet]
        chosen.HeaderFooter.differentFirst = line.startswith("first")
        chosen.HeaderFooter.differentOddEven = line.startswith("even")
        getattr(getattr(chosen.HeaderFooter, line), side).text = text

    return plant


def _property(name: str) -> Callable[[Book, str], None]:
    return lambda book, text: setattr(book.properties, name, text)


def _custom_property(book: Book, text: str) -> None:
    book.custom_doc_props.append(StringProperty(name="note", value=text))


def _validation(part: str) -> Callable[[Book, str], None]:
    def plant(book: Book, text: str) -> None:
        sheet = book.worksheets[1]
        validations = sheet.data_validations.dataValidation
        if not validations:
            sheet.add_data_validation(DataValidation(type="whole", sqref="A3:A4", formula1="0"))
        setattr(validations[0], part, text)

    return plant


def _defined_name(book: Book, text: str) -> None:
    sheet = book.worksheets[1].title
    book.defined_names["area"] = DefinedName("area", attr_text=f"'{sheet}'!$A$3", comment=text)


def _sheet(book: Book, text: str) -> None:
    """Add a sheet of that name; the names of sheets are short, and a longer sentence gives way to two names."""
    book.create_sheet(text if len(text) <= SHEET_NAME else "ملف علي حسن")


def _link(book: Book, text: str) -> None:
    cell = book.worksheets[0].cell(3, 1)
    cell.hyperlink = f"#'{book.worksheets[1].title}'!A1"
    cell.hyperlink.tooltip = text


def _cell(sheet: int, row: int, column: int) -> Callable[[Book, str], None]:
    """Append to what a cell holds, or write into a blank one; a sheet's end is counted from its last row."""

    def plant(book: Book, text: str) -> None:
        chosen = book.worksheets[sheet]
        cell = chosen.cell(row if row > 0 else chosen.max_row + 1 - row, column)
        cell.value = f"{cell.value} {text}" if cell.value else text

    return plant


def _list_item(book: Book, text: str) -> None:
    """Append to the list of words for a column, as one more choice."""
    sheet = book.worksheets[-1]
    sheet.cell(sheet.max_row + 1, 1).value = text


PLACES: dict[str, Callable[[Book, str], None]] = {
    "comment on a heading": _comment("B2"),
    "comment on a record": _comment("A3"),
    "comment on the guidance": _comment("A4", sheet=0),
    "author of a comment": _comment("A3", author=True),
    "page header, odd": _page_line("oddHeader", "center"),
    "page header, first": _page_line("firstHeader", "left"),
    "page header, even": _page_line("evenHeader", "right"),
    "page footer, odd": _page_line("oddFooter", "right"),
    "page footer, first": _page_line("firstFooter", "center"),
    "page footer, even": _page_line("evenFooter", "left"),
    "page header of the guidance": _page_line("oddHeader", "center", sheet=0),
    **{f"property: {name}": _property(name) for name in ("title", "subject", "description", "keywords", "category")},
    **{f"property: {name}": _property(name) for name in ("creator", "lastModifiedBy", "contentStatus", "identifier")},
    "property of her own": _custom_property,
    **{f"validation: {part}": _validation(part) for part in ("prompt", "promptTitle", "error", "errorTitle")},
    "remark of a defined name": _defined_name,
    "name of a sheet": _sheet,
    "tip of a link": _link,
    "guidance: its second line": _cell(0, 3, 1),
    "guidance: a line in the middle": _cell(0, 6, 1),
    "guidance: beside a line": _cell(0, 4, 3),
    "guidance: under its end": _cell(0, -1, 1),
    "line above the headings": _cell(1, 1, 1),
    "beside the line above the headings": _cell(1, 1, 4),
    "one more choice of a list": _list_item,
    "a choice of a list, lengthened": _cell(-1, 3, 1),
    "heading of a list, lengthened": _cell(-1, 2, 1),
}
"""What a place is called -> how a text is planted there."""


def planted(name: str, language: str, place: str, text: str) -> bytes:
    """A filled template with a text in one place."""
    book = openpyxl.load_workbook(io.BytesIO(filled(name, language)))
    PLACES[place](book, text)
    return _saved(book)


def verdict(name: str, data: bytes) -> str:
    """What the door answers to a template that its source sends."""
    return examine(data, "template.xlsx", receivers()[name], today=TODAY).verdict


def passes_in_cell(name: str, language: str, sheet: int, cell: tuple[int, int], text: str, *, replaced: bool) -> bool:
    """Whether a filled template passes with a text in one of its cells, after what stands there or in its place."""
    workbook = _read(name, language)
    sheets = list(workbook.sheets)
    rows = [list(values) for values in sheets[sheet].rows]
    row, column = cell
    before = rows[row][column]
    rows[row][column] = text if replaced or not before else f"{before} {text}"
    sheets[sheet] = replace(sheets[sheet], rows=rows)
    return _passes(name, replace(workbook, sheets=sheets))


def passes_beside(name: str, language: str, text: str) -> bool:
    """Whether a filled template passes with a text in no cell: a comment, a page header, a property."""
    workbook = _read(name, language)
    return _passes(
        name, replace(workbook, beside=[*workbook.beside, NonCellText("text", text, workbook.sheets[0].name)])
    )


def cells_of(name: str, language: str) -> list[tuple[int, tuple[int, int]]]:
    """Each cell of the guidance and of the lists, blank ones too; the mark of the template in the first is left."""
    workbook = _read(name, language)
    return [
        (sheet, (row, column))
        for sheet in (0, len(workbook.sheets) - 1)
        for row, values in enumerate(workbook.sheets[sheet].rows)
        for column in range(len(values))
        if (row, column) != (0, 0)
    ]


@cache
def our_sentences(language: str) -> list[str]:
    """Whole sentences that the house says, with nothing to fill in."""
    messages = Words.load(language).messages.values()
    texts = [(message.text or message.english)[0] for message in messages if not message.is_plural]
    return sorted(text for text in texts if "{" not in text and len(text.split()) in range(5, 26))


def _passes(name: str, workbook: Book) -> bool:
    """As `verdict`, of what was read already: a file for each cell would be written and read for minutes."""
    read = file_check.read_workbook
    file_check.read_workbook = lambda *_: workbook
    try:
        return verdict(name, b"") == "accepted"
    finally:
        file_check.read_workbook = read


def all_texts() -> list[str]:
    """The sentences of all languages."""
    return [text for language in languages() for text in SENTENCES[language]]
