"""What stands in a template beside its cells is what the template wrote there, or a text of somebody else."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.workbook import Workbook as Book

from ingestion.cards.source_card import load_source, shape_names, source_names
from ingestion.entry.file_check import Examination, examine
from ingestion.files.reader import read_workbook
from ingestion.files.template_sheets import Stamp, stamp_of
from ingestion.forms.templates import write_template
from ingestion.privacy.unexplained_texts import find_unexplained
from ingestion.tables.template_texts import texts_of_stamp, written_texts
from languages.words import Words, languages
from tests.ingestion.workbooks import TODAY, token

NAMES = [*source_names(), *shape_names()]
OWN_WORDS = "assisted broad damag exam incom interpretation"
"""Words of our own messages, whole or as a prompt cuts them, that nothing explains: no text of the house."""


def template(name: str, tag: str, folder: Path) -> bytes:
    write_template(name, folder / "t.xlsx", Words.load(tag), rows=2)
    return (folder / "t.xlsx").read_bytes()


def changed(data: bytes, change: Callable[[Book], None]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("tag", languages())
@pytest.mark.parametrize("name", NAMES)
def test_a_template_is_what_its_stamp_says_in_each_cell_and_asks_nothing(name: str, tag: str, tmp_path: Path):
    workbook = read_workbook(template(name, tag, tmp_path), "t.xlsx")
    written = written_texts(workbook)
    assert written.is_whole
    for sheet in workbook.sheets:
        if sheet.name in written.cells:
            texts = {
                (row, column): value
                for row, values in enumerate(sheet.rows)
                for column, value in enumerate(values)
                if value is not None
            }
            assert texts == {place: text for place, text in written.cells[sheet.name].items() if text}
    sender = load_source(name if name in source_names() else "iraq_interior_ministry")
    assert find_unexplained(workbook, sender, is_confirmed=lambda _: False) == []


def filled(tmp_path: Path, change: Callable[[Book], None]) -> Examination:
    def fill(book: Book) -> None:
        for column, value in enumerate((token(1, "case"), "1/2/2024", "البصرة"), start=1):
            book.worksheets[1].cell(3, column).value = value
        change(book)

    data = changed(template("iraq_interior_ministry", "en", tmp_path), fill)
    return examine(data, "t.xlsx", "iraq_interior_ministry", today=TODAY)


def _cell(sheet: int, place: str, text: str) -> Callable[[Book], None]:
    return lambda book: setattr(book.worksheets[sheet][place], "value", text)


def _comment(book: Book) -> None:
    book.worksheets[0]["B12"].comment = Comment(OWN_WORDS, "Marsad")


def _header(book: Book) -> None:
    book.worksheets[1].oddHeader.center.text = OWN_WORDS


def _description(book: Book) -> None:
    book.properties.description = OWN_WORDS


CHANGES: Mapping[str, tuple[Callable[[Book], None], str]] = {
    "a text of the guidance": (_cell(0, "D12", OWN_WORDS), "sheet_unneeded"),
    "below the guidance": (_cell(0, "A90", OWN_WORDS), "sheet_unneeded"),
    "a word of a list": (_cell(-1, "B4", OWN_WORDS), "sheet_unneeded"),
    "the line of help": (_cell(1, "A1", OWN_WORDS), "lines_unneeded"),
    "a comment": (_comment, "texts_unneeded"),
    "a page header": (_header, "texts_unneeded"),
    "the description": (_description, "texts_unneeded"),
}


@pytest.mark.parametrize("place", CHANGES)
def test_words_of_our_messages_explain_nothing_that_the_template_did_not_write_there(place: str, tmp_path: Path):
    change, kind = CHANGES[place]
    answer = filled(tmp_path, change)
    assert answer.verdict == "refused"
    assert [finding.kind for finding in answer.findings if finding.severity in ("refuse", "ask")] == [kind]


def test_a_filled_template_without_any_addition_is_accepted(tmp_path: Path):
    answer = filled(tmp_path, lambda _book: None)
    assert (answer.verdict, answer.rows_landed) == ("accepted", 1), answer.findings


@pytest.mark.parametrize(
    "stamp",
    [
        Stamp("template", "iraq_interior_ministry", "a" * 12, "ar"),
        Stamp("template", "nobody_at_all", "a" * 12, "ar"),
        Stamp("codes"),
    ],
)
def test_of_another_version_or_sender_nobody_knows_what_was_written(stamp: Stamp):
    assert texts_of_stamp(stamp) is None


def test_a_stamp_of_today_in_a_language_that_nobody_has_writes_nothing(tmp_path: Path):
    data = template("iraq_interior_ministry", "ar", tmp_path)
    stamp = stamp_of(read_workbook(data, "t.xlsx").sheets[0].rows[0][0])
    assert stamp
    assert texts_of_stamp(stamp) is not None
    assert texts_of_stamp(Stamp(stamp.kind, stamp.source, stamp.version, "zz")) is None
