"""A workbook says in which language it is, and is otherwise the file that xlsxwriter wrote."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import xlsxwriter

from reports.renderers.workbook_language import with_language

PROPERTIES = "docProps/core.xml"


def workbook() -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"title": "ئامار", "author": "a & b"})
        book.add_worksheet().write_string(0, 0, "a text")
    return stream.getvalue()


def parts(data: bytes) -> dict[str, tuple[object, ...]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {
            entry.filename: (entry.date_time, entry.compress_type, archive.read(entry)) for entry in archive.infolist()
        }


def test_the_language_is_among_the_properties_of_a_workbook_and_no_other_is_lost():
    properties = openpyxl.load_workbook(io.BytesIO(with_language(workbook(), "ckb"))).properties
    assert (properties.language, properties.title, properties.creator) == ("ckb", "ئامار", "a & b")


def test_every_part_but_the_properties_stays_as_it_was_in_its_place_and_as_small():
    own, other = parts(with_language(workbook(), "ckb")), parts(workbook())
    assert list(own) == list(other)
    assert {name for name in own if own[name] != other[name]} == {PROPERTIES}


def test_a_workbook_is_the_same_file_twice():
    assert with_language(workbook(), "ar") == with_language(workbook(), "ar")
