"""Names planted in each place of each template of ours: the house's own messages explain none of their words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.workbook import Workbook as Book
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from ingestion.cards.source_card import load_source, shape_names, source_names
from ingestion.files.reader import CellValue, Sheet, Workbook, read_workbook
from ingestion.files.template_sheets import stamp_of, stamp_text
from ingestion.findings import Finding, finding_in_words
from ingestion.forms.templates import write_template
from ingestion.privacy.personal_data import inspect
from ingestion.privacy.privacy_allowlist import is_heading, is_known
from ingestion.privacy.unexplained_texts import find_unexplained
from languages.words import Words, languages, placeholders

SENDER = load_source("iraq_interior_ministry")
PAIRS = ("علي حسن", "حسن صالح", "صالح علي", "عمر حسن", "على حسن")
SENTENCES = (
    "المتهم هو {} من بغداد",
    "يجب على {} تصحيح الصف ثم إرسال الملف",
    "کەسەکە {} بوو کە لە بەغدا نیشتەجێیە",
    "The accused of this file is {} of Baghdad",
)
PLANTED = [sentence.format(pair) for pair in PAIRS for sentence in SENTENCES] + [*PAIRS]


def _into_a_cell(sheet: int, row: int | None) -> Callable[[Book, str], None]:
    def plant(book: Book, text: str) -> None:
        page = book.worksheets[sheet]
        page.cell(row or page.max_row + 1, page.max_column if row else 1).value = text

    return plant


def _into_our_own_text(book: Book, text: str) -> None:
    cell = book.worksheets[0]["A3"]
    cell.value = f"{cell.value} {text}"


def _comment(book: Book, text: str) -> None:
    book.worksheets[1]["B3"].comment = Comment(text, "Marsad")


def _header(book: Book, text: str) -> None:
    book.worksheets[1].oddHeader.center.text = text


def _footer(book: Book, text: str) -> None:
    book.worksheets[0].evenFooter.left.text = text


def _property(name: str) -> Callable[[Book, str], None]:
    return lambda book, text: setattr(book.properties, name, text)


def _prompt(name: str) -> Callable[[Book, str], None]:
    def plant(book: Book, text: str) -> None:
        rule = DataValidation(type="whole", sqref="A3")
        setattr(rule, name, text)
        book.worksheets[1].add_data_validation(rule)

    return plant


def _defined_name(book: Book, text: str) -> None:
    book.defined_names["counted"] = DefinedName("counted", attr_text="1", comment=text)


PLACES: Mapping[str, Callable[[Book, str], None]] = {
    "a cell of the guidance sheet": _into_a_cell(0, None),
    "behind a text of ours": _into_our_own_text,
    "a cell of the sheet of codes": _into_a_cell(-1, None),
    "the line of help over a table": _into_a_cell(1, 1),
    "a comment": _comment,
    "a page header": _header,
    "a page footer": _footer,
    **{f"the property {name}": _property(name) for name in ("title", "subject", "description", "keywords", "category")},
    **{f"the {name} of a cell": _prompt(name) for name in ("prompt", "promptTitle", "error", "errorTitle")},
    "the remark of a defined name": _defined_name,
}


def _passes(workbook: Workbook) -> bool:
    """Return whether neither a refusal nor a question keeps a planted text out."""
    if inspect(workbook, known_values=is_known, known_headings=is_heading):
        return False
    return not find_unexplained(workbook, SENDER, is_confirmed=lambda _: False)


def _alone(read: Workbook, text: str) -> Workbook:
    """Return a workbook of the house with nothing but the rows and other texts that hold a text."""
    sheets = [Sheet(one.name, [*_stamp(one), *(row for row in one.rows if _holds(row, text))]) for one in read.sheets]
    return Workbook(sheets, beside=[one for one in read.beside if text in one.text])


def _stamp(sheet: Sheet) -> list[list[CellValue]]:
    return sheet.rows[:1] if stamp_of(sheet.rows[0][0]) else []


def _stands(workbook: Workbook, text: str) -> bool:
    return bool(workbook.beside) or any(_holds(row, text) for sheet in workbook.sheets for row in sheet.rows)


def _holds(row: Sequence[CellValue], text: str) -> bool:
    return any(isinstance(cell, str) and text in cell for cell in row)


@pytest.mark.parametrize("tag", languages())
@pytest.mark.parametrize("name", [*source_names(), *shape_names()])
def test_no_pair_of_names_passes_in_any_place_of_a_template(name: str, tag: str, tmp_path: Path):
    write_template(name, tmp_path / "x.xlsx", Words.load(tag), rows=2)
    planted = dict(zip(PLACES, PLANTED, strict=False))
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    for place, text in planted.items():
        PLACES[place](book, text)
    book.save(tmp_path / "x.xlsx")
    read = read_workbook((tmp_path / "x.xlsx").read_bytes(), "x.xlsx")
    apart = {place: _alone(read, text) for place, text in planted.items()}
    assert [place for place, text in planted.items() if not _stands(apart[place], text)] == []
    assert [place for place, one in apart.items() if _passes(one)] == []


@pytest.mark.parametrize("text", PLANTED)
@pytest.mark.parametrize("kind", ["template", "findings", "codes"])
def test_no_pair_of_names_passes_on_a_sheet_of_the_house(text: str, kind: str):
    ours = Sheet("more", [[stamp_text(kind)], [text]])  # pyright: ignore[reportArgumentType] - one of the kinds
    assert not _passes(Workbook([ours]))


@pytest.mark.parametrize("tag", languages())
def test_what_the_house_writes_into_a_marked_copy_asks_nothing_and_a_pair_put_into_it_does(tag: str):
    words = Words.load(tag)
    heading, pair = words.text("template.total"), "علي حسن"
    names = {
        name
        for key in words.messages
        if key.startswith("finding.")
        for text in words.messages[key].english
        for name in placeholders(text)
    }
    kinds = [key.split(".")[1] for key in words.messages if key.count(".") == 1 and key.startswith("finding.")]
    for value, asks in ((heading, False), (pair, True)):
        for kind in kinds:
            finding = Finding(
                "flag", kind, "", "", dict.fromkeys(names, value) | {"count": "3", "looks_like": "", "nearest": value}
            )
            for text in (*finding_in_words(finding, words), _comment_of(finding, words)):
                ours = Sheet("more", [[stamp_text("findings")], [text]])
                assert _passes(Workbook([ours])) is not (asks and pair in text), text


def _comment_of(finding: Finding, words: Words) -> str:
    return f"{words.text(f'desk.{finding.severity}')}: {' '.join(finding_in_words(finding, words))}"
