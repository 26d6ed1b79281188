"""Hostile and merely odd files in eight groups, each with the verdict and the reason that the door must give.

Built in memory, every value invented. A file's name is data only, so the cases of that group must fare as their
contents do. `python -m tests.ingestion.hostile_cases` examines all of them under a limit of memory and prints the
answers as JSON: the test starts it as a child, so that a file that kills its reader kills no test.
"""

from __future__ import annotations

import hashlib
import io
import json
import signal
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ingestion.entry.file_check import examine
from tests.ingestion import hostile
from tests.ingestion.workbooks import TODAY, Cell, csv, victim, victims, xlsx

SOURCE = "iraq_interior_ministry"
MEMORY_BYTES = 1_000_000_000
SECONDS = 60  # of one file, on a busy machine
_FILES = ("../../etc/passwd.xlsx", "/abs/x.xlsx", "..\\x.xlsx", "a\u202excod.xlsx", "a\u200bb.xlsx", "a\x00b.xlsx")
_FILES += ("a\nb.xlsx", "CON.xlsx", ".hidden.xlsx", "-rf.xlsx", "~$open.xlsx", "x.xlsx.exe", "x.xlsm", "a" * 300)
_FILES += ("\u0445.xlsx", "x';drop table t;--.xlsx", "\udcff.xlsx", "\x1b[31mred.xlsx", "")


@dataclass(frozen=True)
class Case:
    """One file: how it is built, what the door must answer and one kind of finding that must stand in the answer."""

    group: str
    build: Callable[[], bytes]
    verdict: str
    kind: str = ""
    name: str = "export.xlsx"


def sheet(**other: Cell) -> bytes:
    """Return a good workbook, whose second row may differ."""
    return xlsx({"الضحايا": victims(victim(1), victim(2, **other))})


def with_header(old: str, new: str) -> bytes:
    grid = victims(victim(1))
    return xlsx({"الضحايا": [[new if cell == old else cell for cell in row] for row in grid]})


def with_note(value: Cell, heading: str = "الملاحظات") -> bytes:
    """Return a good workbook with a column that no card knows."""
    grid = victims(victim(1))
    grid[1][-1], grid[3][-1] = heading, value
    return xlsx({"الضحايا": grid})


def text(**other: Cell) -> str:
    """Return a good table as a csv text, whose second row may differ."""
    return csv(victims(victim(1), victim(2, **other)), encoding="utf-8").decode("utf-8")


def large_bomb(level: int) -> bytes:
    """Return a workbook of a few megabytes whose sheet inflates to 500 MB, written without ever holding it."""
    stream, good = io.BytesIO(), zipfile.ZipFile(io.BytesIO(hostile.workbook()))
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as new:
        for name in good.namelist():
            with new.open(name, "w", force_zip64=True) as part:
                part.write(good.read(name))
                for _ in range(50 if name == hostile.SHEET else 0):
                    part.write(b" " * 10_000_000)
    return stream.getvalue()


def nested(count: int) -> bytes:
    return hostile.in_part("xl/workbook.xml", b"<sheets>", b"<x>" * count + b"</x>" * count + b"<sheets>")


def billion_laughs() -> bytes:
    entities = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"ha" * 10) for n in range(10))
    return hostile.in_part(hostile.SHEET, b"<worksheet", b"<!DOCTYPE w [" + entities + b"]><worksheet")


def external_entity() -> bytes:
    entity = b'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><workbook'
    return hostile.in_part("xl/workbook.xml", b"<workbook", entity)


def duplicate_part() -> bytes:
    return hostile.rezip(hostile.workbook(), add={hostile.SHEET.upper(): b"<worksheet/>"})


def macro_type() -> bytes:
    plain, macros = (
        b"vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    change = {"[Content_Types].xml": lambda content: content.replace(plain, macros)}
    return hostile.rezip(sheet(), change=change, add={"xl/vbaProject.bin": b"x"})


def wide() -> bytes:
    grid = victims(victim(1))
    return xlsx({"الضحايا": [row + [None] * 590 + ["x"] for row in grid]})


def raw(data: bytes | str) -> Callable[[], bytes]:
    return lambda: data.encode("utf-8") if isinstance(data, str) else data


def _named() -> dict[str, Case]:
    return {
        f"file name {number}": Case("file name", sheet, "accepted", name=name) for number, name in enumerate(_FILES)
    }


def _good() -> dict[str, Case]:
    return {
        "workbook": Case("good", sheet, "accepted"),
        "csv": Case("good", lambda: text().encode(), "accepted", name="الضحايا.csv"),
        "csv with a byte order mark": Case("good", lambda: text().encode("utf-8-sig"), "accepted", name="الضحايا.csv"),
        "csv of windows-1256": Case("good", lambda: text().encode("windows-1256"), "accepted", name="الضحايا.csv"),
        "csv with commas": Case("good", lambda: text().replace(";", ",").encode(), "accepted", name="الضحايا.csv"),
        "csv of unix lines": Case(
            "good", lambda: text().replace("\r\n", "\n").encode(), "accepted", name="الضحايا.csv"
        ),
        "arabic digits": Case("good", lambda: sheet(date="٣٠/٧/٢٠٢٤", age="١٧"), "accepted"),
        "merged header": Case("good", lambda: xlsx({"الضحايا": victims(victim(1))}), "accepted"),
    }


def _containers() -> dict[str, Case]:
    names = ("empty", "spaces", "pdf", "html", "png", "word", "encrypted", "zip_encrypted", "truncated", "flipped_bit")
    names += ("two_directories", "lying_size", "bomb", "many_parts", "overlap", "path", "absolute_path")
    return _of("container", names) | {
        "large bomb": Case("container", lambda: large_bomb(9), "refused", "zip_bomb"),
        "bomb under the ratio": Case("container", lambda: large_bomb(1), "refused", "unreadable"),
        "duplicate part": Case("container", duplicate_part, "refused", "zip_damaged"),
        "text named workbook": Case("container", raw("x"), "refused"),
    }


def _of(group: str, names: tuple[str, ...]) -> dict[str, Case]:
    return {name: Case(group, hostile.REFUSED[name][0], "refused", hostile.REFUSED[name][1]) for name in names}


def _beside() -> dict[str, Case]:
    """What a file holds beside its cells, and what it hides, refuses nothing."""
    parts = ("xl/vbaProject.bin", "xl/externalLinks/externalLink1.xml", "xl/pivotCache/pivotCacheRecords1.xml")
    parts += ("xl/media/image1.png", "xl/embeddings/oleObject1.bin", "xl/revisions/revisionLog1.xml", "xl/evil.bin")
    cases = {
        part: Case("beside", lambda part=part: hostile.rezip(sheet(), add={part: b"x"}), "accepted") for part in parts
    }
    hidden_row = lambda: hostile.in_part(hostile.SHEET, b'<row r="4"', b'<row hidden="1" r="4"', sheet())  # noqa: E731
    return cases | {
        "macro type": Case("beside", macro_type, "accepted"),
        "text behind": Case("beside", lambda: sheet() + b"x", "accepted"),
        "hidden row": Case("beside", hidden_row, "accepted", "rows_hidden"),
    }


def _xml() -> dict[str, Case]:
    return _of("xml", ("document_type", "document_type_in_utf16", "cut_element")) | {
        "billion laughs": Case("xml", billion_laughs, "refused", "xml_dtd"),
        "external entity": Case("xml", external_entity, "refused", "xml_dtd"),
        "nested elements": Case("xml", lambda: nested(200_000), "refused"),
    }


def _workbook() -> dict[str, Case]:
    return _of("workbook", ("far_corner", "cell_without_place")) | {
        "header only": Case("workbook", lambda: xlsx({"الضحايا": victims()}), "accepted"),
        "600 columns": Case("workbook", wide, "accepted"),
        "no known sheet": Case("workbook", lambda: xlsx({"كشف": victims(victim(1))}), "refused", "sheet_missing"),
    }


def _texts() -> dict[str, Case]:
    kept_out: dict[str, tuple[str, Cell]] = {
        "bidi in a code": ("sex", "أن\u202eثى x"),
        "look-alike in a code": ("sex", "M\u0430le"),
        "equals": ("sex", "=1+1"),
        "plus": ("sex", "+1+1"),
        "at": ("sex", "@SUM(1)"),
        "minus": ("sex", "-1+1"),
        "tab": ("sex", "\t=1"),
        "full-width equals": ("sex", "＝1+1"),
        "a very long cell": ("sex", "x" * 30_000),
        "a number for a code": ("sex", 7),
        "the 31st of February": ("date", "31/2/2024"),
        "a future date": ("date", "1/2/2031"),
        "a negative age": ("age", "-4"),
    }
    kinds = {"sex": "unknown_code", "date": "date_unreadable", "age": "age_unreadable"}
    cases = {
        name: Case("text", lambda field=field, value=value: sheet(**{field: value}), "accepted", kinds[field])
        for name, (field, value) in kept_out.items()
    }
    cases["a future date"] = replace(cases["a future date"], kind="period_in_future")
    cases |= _of(
        "text", ("nul_bytes", "utf16_text", "replacement_character", "mojibake", "twice_encoded", "open_quote")
    )
    cases |= _of("text", ("iso_8859_6", "random_bytes"))
    return cases | {
        "latin-1": Case("text", lambda: "nom;âge\r\nété;à\r\n".encode("latin-1"), "refused", "encoding_unclear"),
        "a cell of 5 MB": Case("text", lambda: text(sex="x" * 5_000_000).encode(), "refused", "cell_too_long"),
        "a text cut in its last row": Case("text", lambda: text()[:-8].encode(), "refused", "csv_breaks_off"),
        "50 MB of short lines": Case("text", lambda: b"a\n" * 25_000_000, "refused", "far_corner"),
        "50 MB of short cells": Case("text", lambda: (b"a," * 999 + b"a\n") * 25_000, "refused", "far_corner"),
        "sql in a header": Case(
            "text", lambda: with_header("المحافظة", 'x"; drop table t;'), "accepted", "unknown_column"
        ),
        "a missing column": Case("text", lambda: with_header("الجنس", "شيء"), "refused", "header_missing"),
        "a header twice": Case("text", lambda: with_header("المحافظة", "رمز القضية"), "refused", "header_twice"),
        "zero-width in a code": Case("text", lambda: sheet(sex="أن\u200bثى"), "accepted"),
        "a ragged csv": Case("text", lambda: text().replace(";\r\n", "\r\n").encode(), "accepted", name="الضحايا.csv"),
    }


def _tokens() -> dict[str, Case]:
    """What stands in a column of tokens and is none: the file is taken, the row waits."""
    plain, padded = hashlib.md5(b"2", usedforsecurity=False).hexdigest(), f"k1:{17:032d}"
    full = hashlib.sha256(b"199012345678").hexdigest()
    kinds = {plain: "token_unkeyed", f"k1:{plain}": "token_unkeyed", full: "token_unkeyed", padded: "token_unkeyed"}
    kinds |= {"زينب": "not_a_token", "123/2024": "not_a_token"}
    return {
        f"{kind} {number}": Case("identifier", lambda value=value: sheet(person=value), "accepted", kind)
        for number, (value, kind) in enumerate(kinds.items())
    }


def cases() -> dict[str, Case]:
    """Return all cases by name."""
    groups = (
        _good(),
        _named(),
        _containers(),
        _beside(),
        _xml(),
        _workbook(),
        _texts(),
        _tokens(),
    )
    return {name: case for group in groups for name, case in group.items()}


def main() -> None:
    """Examine every case within 1 GB of address space and print verdict, kinds and row counts of each."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))  # the parsing child inherits it
    answers: dict[str, Any] = {}
    for name, case in cases().items():
        signal.alarm(SECONDS)
        answer = examine(case.build(), case.name, SOURCE, today=TODAY)
        signal.alarm(0)
        kinds = sorted({finding.kind for finding in answer.findings})
        answers[name] = [answer.verdict, kinds, answer.rows_in, answer.rows_landed, answer.rows_quarantined]
    sys.stdout.write(json.dumps(answers))


if __name__ == "__main__":
    main()
