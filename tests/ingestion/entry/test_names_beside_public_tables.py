"""Nobody is asked about a public table, and yet no name comes in beside its cells: such a text refuses the file."""

from __future__ import annotations

import io

import openpyxl
import pytest
from openpyxl.comments import Comment

from ingestion.cards.source_card import FOLDER
from ingestion.entry.file_check import Examination, examine
from tests.ingestion.workbooks import TODAY

UNODC = "unodc_glotip"
PLACES = ("creator", "lastModifiedBy", "title", "subject", "description", "keywords", "category")
AUTHORS = ("creator", "lastModifiedBy", "author of a comment")
SENTENCES = (
    "أعدّه أحمد ودققته ليلى",
    "Kareem and Noor",
    "Ahmed, Layla",
    "Guljan reported that Shvan left",
    "The file of Omar was seen by Zainab",
)


def _examined(place: str, text: str) -> Examination:
    book = openpyxl.load_workbook(FOLDER / "sources" / UNODC / "sample.xlsx")
    if place in PLACES:
        setattr(book.properties, place, text)
    else:
        is_author = place == "author of a comment"
        book.worksheets[0]["B5"].comment = Comment("x" if is_author else text, text if is_author else "x")
    buffer = io.BytesIO()
    book.save(buffer)
    return examine(buffer.getvalue(), "x.xlsx", UNODC, today=TODAY)


@pytest.mark.parametrize("place", [*PLACES, "comment", "author of a comment"])
@pytest.mark.parametrize("text", SENTENCES)
def test_a_sentence_that_names_persons_refuses_a_public_table_wherever_it_stands(place: str, text: str) -> None:
    examination = _examined(place, text)
    assert (examination.verdict, examination.is_personal) == ("refused", True)


@pytest.mark.parametrize("place", [place for place in (*PLACES, "comment") if place not in AUTHORS])
def test_a_name_on_no_list_refuses_it_too_but_for_an_author_s(place: str) -> None:
    assert _examined(place, "Zaid").verdict == "refused"


@pytest.mark.parametrize("place", AUTHORS)
@pytest.mark.parametrize("text", ["Zaid", "UNODC Research", "Windows User", ""])
def test_who_wrote_a_public_table_is_known_to_the_world(place: str, text: str) -> None:
    assert _examined(place, text).verdict == "accepted"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("تاوانبار عەلی حەسەنە لە شاری هەولێر", "refused"),
        ("the accused is Zaid from Erbil", "refused"),
        ("", "accepted"),
    ],
)
@pytest.mark.parametrize("place", ["above the headings", "below the rows", "beside the rows", "of its own"])
def test_a_sentence_in_a_cell_that_is_in_no_row_refuses_it(place: str, text: str, verdict: str) -> None:
    book = openpyxl.load_workbook(FOLDER / "sources" / UNODC / "sample.xlsx")
    table = book.worksheets[0]
    if place == "above the headings":
        table.insert_rows(1)
        table["A1"] = text
    elif place == "below the rows":
        table.cell(table.max_row + 3, 1, text)
    elif place == "beside the rows":
        table.cell(table.max_row, table.max_column + 1, text)
    else:
        book.create_sheet("Notes")["C7"] = text
    buffer = io.BytesIO()
    book.save(buffer)
    assert examine(buffer.getvalue(), "x.xlsx", UNODC, today=TODAY).verdict == verdict
