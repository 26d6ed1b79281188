"""A text in any place of a file is read, or the place refuses the file; what programs write asks nothing."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from ingestion.files.part_texts import _WORDS_OF_FORMATS
from ingestion.personal.name_lexicon import is_on_name_list
from ingestion.personal.unexplained_words import unexplained_words
from ingestion.privacy.personal_data import PERSONAL_KINDS, inspect

from ingestion.files.guard import guard
from ingestion.files.reader import Workbook, read_workbook
from tests.ingestion import hiding, hostile, old_excel_files, open_documents, workbooks

NAMES = ("علي حسن", "زهراء كاظم الموسوي", "Ahmed Hassan", "AhmedHassan", "هاتفها 07701234567")
FATAL = ("unknown element of a cell", "cell of a truth that is none")
"""Places that the parser does not survive."""
GRID: workbooks.Grid = [["رمز", "عدد"], ["أ", 1], ["ب", 2]]


def _verdict(data: bytes) -> set[str]:
    """What refuses a file: its structure, or what is personal in it; words that nothing explains are asked."""
    read = read_workbook(data, "x.xlsx")
    kinds = {finding.kind for finding in read.findings if finding.severity == "refuse"}
    kinds |= {finding.kind for finding in inspect(read)}
    return kinds


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("place", hiding.EVERYWHERE)
def test_a_person_in_any_place_of_a_workbook_refuses_it(place: str, name: str):
    kinds = _verdict(hiding.EVERYWHERE[place](name))
    assert kinds
    assert kinds <= PERSONAL_KINDS | {"unknown_part", "reader_failed" if place in FATAL else "unknown_part"}


@pytest.mark.parametrize("place", [place for place in hiding.EVERYWHERE if place not in FATAL])
def test_a_word_that_nothing_explains_is_asked_in_any_place(place: str):
    read = read_workbook(hiding.EVERYWHERE[place]("نغغغق"), "x.xlsx")
    is_of_machine = place in ("font of a theme", "font of a style", "text of the folder of a workbook")
    assert any("نغغغق" in text.text for text in read.beside) != is_of_machine


def test_how_a_word_is_spoken_is_no_part_of_the_cell():
    data = hiding.EVERYWHERE["phonetic run of a shared text"]("قثق")
    cells = [cell for row in read_workbook(data, "x.xlsx").sheets[0].rows for cell in row]
    assert cells == [cell for row in read_workbook(hostile.workbook(), "x.xlsx").sheets[0].rows for cell in row]


# Bytes of the zip that belong to no part


def test_a_folder_of_nothing_refuses_the_file_and_one_of_parts_does_not():
    for name, is_refused in (("علي حسن/", True), ("xl/", False)):
        stream = io.BytesIO(hostile.workbook())
        with zipfile.ZipFile(stream, "a") as archive:
            archive.writestr(name, b"")
        assert ("unknown_part" in _verdict(stream.getvalue())) == is_refused


def _zip(change: Callable[[zipfile.ZipInfo], None], data: bytes = b"") -> bytes:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data or hostile.workbook())) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            own = zipfile.ZipInfo(entry.filename)
            own.compress_type = zipfile.ZIP_DEFLATED
            if entry.filename in ("xl/workbook.xml", "content.xml"):
                change(own)
            new.writestr(own, old.read(entry))
    return stream.getvalue()


def _extra(kind: int, content: bytes) -> Callable[[zipfile.ZipInfo], None]:
    return lambda entry: setattr(entry, "extra", struct.pack("<HH", kind, len(content)) + content)


NAME = "علي حسن".encode("utf-16-le")
EXTRAS = {
    "unknown field": (0x1234, NAME),
    "times that are too long": (0x5455, b"\3" + NAME),
    "user that is too long": (0x7875, NAME + bytes(30)),
    "room to grow that is filled": (0xA220, b"\x28\xa0\0\0" + NAME),
    "room to grow without its sign": (0xA220, NAME),
    "empty field of an unknown kind": (0x1234, b""),
}


@pytest.mark.parametrize("place", EXTRAS)
@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_an_extra_field_that_no_program_needs_refuses_the_file(place: str, form: str):
    data = hostile.workbook() if form == "xlsx" else open_documents.package(open_documents.tables({"ورقة": GRID}))
    assert _verdict(_zip(_extra(*EXTRAS[place]), data)) == {"unknown_part"}


@pytest.mark.parametrize(
    ("kind", "content"),
    [(0x5455, b"\3" + bytes(8)), (0x7875, bytes(11)), (0x000A, bytes(32)), (0xA220, b"\x28\xa0\2\0" + bytes(400))],
)
def test_an_extra_field_that_programs_write_passes(kind: int, content: bytes):
    assert not _verdict(_zip(_extra(kind, content)))


def test_a_remark_of_a_part_or_of_the_zip_refuses_the_file():
    assert _verdict(_zip(lambda entry: setattr(entry, "comment", NAME))) == {"unknown_part"}
    stream = io.BytesIO(hostile.workbook())
    with zipfile.ZipFile(stream, "a") as archive:
        archive.comment = NAME
    assert _verdict(stream.getvalue()) == {"zip_damaged"}


def _between(data: bytes, place: int, loose: bytes) -> bytes:
    """Put bytes into a zip and let the directory and its end say where all lies now."""
    data = data[:place] + loose + data[place:]
    end = data.rindex(b"PK\5\6")
    (start,) = struct.unpack_from("<I", data, end + 16)
    moved = bytearray(data)
    struct.pack_into("<I", moved, end + 16, start + len(loose) * (start >= place))
    at = start + len(loose) * (start >= place)
    while moved[at : at + 4] == b"PK\1\2":
        lengths = struct.unpack_from("<HHH", moved, at + 28)
        (offset,) = struct.unpack_from("<I", moved, at + 42)
        struct.pack_into("<I", moved, at + 42, offset + len(loose) * (offset >= place))
        at += 46 + sum(lengths)
    return bytes(moved)


def _places(data: bytes) -> dict[str, int]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        second = sorted(entry.header_offset for entry in archive.infolist())[1]
        return {"front": 0, "between two parts": second, "directory": archive.start_dir, "end": data.rindex(b"PK\5\6")}


@pytest.mark.parametrize("place", ["front", "between two parts", "directory", "end"])
@pytest.mark.parametrize("loose", [NAME, b"PK\7\x08" + NAME[:12]])
def test_bytes_between_the_parts_refuse_the_file(place: str, loose: bytes):
    data = hostile.workbook()
    planted = _between(data, _places(data)[place], loose)
    assert guard(planted).form != "xlsx"
    assert _verdict(planted) & {"zip_damaged", "nul_bytes", "encoding_unclear"}


def test_a_part_written_as_a_stream_has_its_sizes_behind_it_and_passes():
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: bytes) -> int:  # type: ignore[override]
            self.data += data
            return len(data)

    pipe = Pipe()
    with (
        zipfile.ZipFile(io.BytesIO(hostile.workbook())) as old,
        zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as new,  # type: ignore[arg-type]
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name))
    assert b"PK\7\x08" in pipe.data
    assert not _verdict(bytes(pipe.data))


# OpenDocument

ODS_PLACES = {
    "unknown attribute of a row": ("<table:table-row", "<table:table-row table:note='{}'"),
    "unknown attribute of a cell": ("<table:table-cell", "<table:table-cell table:note='{}'"),
    "stray text between rows": ("<table:table-row", "{}<table:table-row"),
    "instruction": ("<table:table-row", "<?note {}?><table:table-row"),
    "unknown element": ("<table:table-row", "<table:note>{}</table:note><table:table-row"),
    "namespace": ("<table:table-row", "<table:table-row xmlns:n='{}'"),
}


@pytest.mark.parametrize("name", [name for name in NAMES if name != "AhmedHassan"])
@pytest.mark.parametrize("place", ODS_PLACES)
def test_a_person_in_any_place_of_an_open_document_refuses_it(place: str, name: str):
    old, new = ODS_PLACES[place]
    content = open_documents.tables({"ورقة": GRID})
    data = open_documents.package(content.replace(old, new.replace("{}", name), 1))
    kinds = _verdict(data)
    assert kinds
    assert kinds <= PERSONAL_KINDS


@pytest.mark.parametrize("part", ["settings.xml", "META-INF/manifest.xml", "meta.xml", "manifest.rdf"])
def test_a_person_in_a_small_part_of_an_open_document_refuses_it(part: str):
    data = open_documents.package(open_documents.tables({"ورقة": GRID}))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        has_part = part in archive.namelist()
    planted = "<x note='علي حسن'/>".encode()
    changed = (
        hostile.rezip(data, change={part: lambda _: planted}) if has_part else hostile.rezip(data, add={part: planted})
    )
    assert _verdict(changed) == {"personal_name"}


@pytest.mark.parametrize("part", ["settings.xml", "manifest.rdf"])
def test_a_remark_in_a_small_part_of_an_open_document_refuses_it(part: str):
    data = open_documents.package(open_documents.tables({"ورقة": GRID}), parts={part: "<x/><!--علي حسن-->"})
    assert _verdict(data) == {"unknown_part"}


PNG = b"\x89PNG\r\n\x1a\n"


def _chunk(kind: bytes, content: bytes = b"") -> bytes:
    return len(content).to_bytes(4) + kind + content + bytes(4)


@pytest.mark.parametrize(
    ("picture", "is_refused"),
    [
        (PNG + _chunk(b"IHDR", bytes(13)) + _chunk(b"IDAT", b"x") + _chunk(b"IEND"), False),
        (PNG + _chunk(b"IHDR", bytes(13)) + _chunk(b"tEXt", NAME) + _chunk(b"IEND"), True),
        (PNG + _chunk(b"IHDR", bytes(13)) + _chunk(b"IEND") + NAME, True),
        (PNG + _chunk(b"IHDR", bytes(13)), True),
        (NAME, True),
    ],
)
def test_the_picture_of_the_first_page_holds_a_picture_alone(picture: bytes, is_refused: bool):
    data = open_documents.package(open_documents.tables({"ورقة": GRID}))
    kinds = _verdict(hostile.rezip(data, add={"Thumbnails/thumbnail.png": picture}))
    assert kinds == ({"unknown_part"} if is_refused else set())


# Old Excel


@pytest.mark.parametrize("name", ["علي حسن", "Ahmed Hassan", "هاتفها 07701234567"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-8", "cp1256"])
@pytest.mark.parametrize("place", ["behind the end", "free sector", "rest of a stream", "unknown record"])
def test_a_person_in_bytes_that_no_stream_of_an_old_workbook_holds_refuses_it(place: str, encoding: str, name: str):
    raw = name.encode(encoding)
    cells = old_excel_files.cells(GRID * 100)
    if place == "unknown record":
        cells += old_excel_files.record(0x0F00, raw)
    stream = old_excel_files.stream({"ورقة": cells})
    data = old_excel_files.compound([("Workbook", stream)], loose=raw if place == "free sector" else b"")
    if place == "behind the end":
        data += raw.ljust(512, b"\0")
    if place == "rest of a stream":
        entry = data.index("Workbook".encode("utf-16-le"))
        (size,) = struct.unpack_from("<I", data, entry + 120)
        data = data[: entry + 120] + struct.pack("<I", size - 100) + data[entry + 124 :]
        data = data[: 512 + size - 100] + raw.ljust(100, b"\0") + data[512 + size :]
    kinds = _verdict(data)
    assert kinds
    assert kinds <= PERSONAL_KINDS


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-8", "cp1256"])
@pytest.mark.parametrize("shift", [5, 8])
def test_a_person_in_free_entries_of_the_table_of_sectors_is_found(shift: int, encoding: str):
    data = old_excel_files.compound([("Workbook", old_excel_files.stream({"ورقة": old_excel_files.cells(GRID)}))])
    free = data.rindex(b"\xff" * 64)
    raw = "علي حسن".encode(encoding)
    assert free > 512
    assert _verdict(data[: free + shift] + raw + data[free + shift + len(raw) :]) == {"personal_name"}


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-8", "cp1256"])
def test_a_person_in_free_entries_of_the_table_of_small_sectors_is_found(encoding: str):
    data = old_excel_files.compound([("Workbook", old_excel_files.stream({"ورقة": old_excel_files.cells(GRID)}))])
    number = len(data) // 512 - 1  # of a new sector at the end: the small table
    table = struct.unpack_from("<I", data, 0x4C)[0]
    entry = 512 + table * 512 + 4 * number
    data = data[:entry] + struct.pack("<I", old_excel_files.END) + data[entry + 4 :]
    data = data[:0x3C] + struct.pack("<II", number, 1) + data[0x44:]
    assert not _verdict(data + b"\xff" * 512)
    assert _verdict(data + (b"\xff" * 41 + "علي حسن".encode(encoding)).ljust(512, b"\xff")) == {"personal_name"}


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-8", "cp1256"])
@pytest.mark.parametrize("place", [70, 81, 101, 122])
def test_a_person_over_an_unused_entry_of_the_directory_is_found(place: int, encoding: str):
    data = old_excel_files.compound([("Workbook", old_excel_files.stream({"ورقة": old_excel_files.cells(GRID)}))])
    unused = data.index("Workbook".encode("utf-16-le")) + 128 + place
    raw = "علي حسن".encode(encoding)
    assert _verdict(data[:unused] + raw + data[unused + len(raw) :]) == {"personal_name"}


def test_the_name_of_a_deleted_stream_is_read():
    data = old_excel_files.compound([("Workbook", old_excel_files.stream({"ورقة": old_excel_files.cells(GRID)}))])
    entry = data.index("Workbook".encode("utf-16-le"))
    planted = data[: entry + 40] + "علي حسن".encode("utf-16-le") + data[entry + 54 :]
    assert not _verdict(data)
    assert _verdict(planted) == {"personal_name"}


# What programs write by themselves


def _asked(data: bytes) -> list[str]:
    guarded = guard(data)
    assert guarded.form
    beside = [text for text in guarded.beside if not any(text.text in str(row) for row in GRID)]
    assert not inspect(Workbook([], beside=beside))
    return [text.text for text in beside if unexplained_words(text.text)]


@pytest.mark.parametrize("writer", ["xlsxwriter", "openpyxl", "pandas", "template"])
def test_a_workbook_of_a_program_asks_nothing(writer: str, tmp_path: Path):
    path = tmp_path / "x.xlsx"
    if writer == "xlsxwriter":
        path.write_bytes(workbooks.xlsx({"ورقة": GRID}))
    elif writer == "openpyxl":
        import openpyxl

        book = openpyxl.Workbook()
        for row in GRID:
            book.worksheets[0].append(row)
        book.save(path)
    elif writer == "pandas":
        import pandas as pd

        pd.DataFrame(GRID).to_excel(path, index=False)
    else:
        path.write_bytes(hostile.workbook())
    assert _asked(path.read_bytes()) == []


@pytest.mark.needs_calc
@pytest.mark.parametrize("form", ["xlsx", "ods", "xls"])
def test_a_workbook_saved_by_libreoffice_asks_nothing(form: str, tmp_path: Path):
    path = tmp_path / "x.xlsx"
    path.write_bytes(workbooks.xlsx({"ورقة": GRID}))
    assert _asked(workbooks.saved_by_office(path, tmp_path / "office", form)) == []


def test_each_word_of_the_formats_that_is_let_through_is_on_a_list_of_names():
    assert {word for word in _WORDS_OF_FORMATS if not is_on_name_list(word)} == set()
