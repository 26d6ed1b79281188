"""The file of name codes: sent apart from a file with pseudonymous IDs, to link records that have no ID.

Belongs here: its format, writing it on the holder's side, reading it at intake. Does not belong here: what a code is
(`methods/linkage/name_codes.py`), or comparing codes (`submissions/linking.py`).

Codes are personal data: equal names have equal codes, and frequent ones can be guessed (docs/methods/linkage.md). The
file is read into memory only; nothing of it is ever stored in a home. It identifies its file of rows by that file's
hash, and its key and year by a check value, so that codes of two keys are never compared.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingestion.home import write_bytes
from ingestion.storage import parse_json
from languages.refusal import Refusal
from methods.linkage import name_codes
from methods.linkage.name_spelling import SPELLING, spell_parts

FORMAT = 1
_CODE = re.compile(f"[0-9a-f]{{{name_codes.BITS // 4}}}")
_CHECK = re.compile("[0-9a-f]{16}")
_SHA256 = re.compile("[0-9a-f]{64}")
_LARGEST = 512 * 2**20  # bytes; some 400,000 rows


@dataclass(frozen=True)
class CodesOrder:
    """An order to write codes of names too.

    Args:
        path: where their file is written; it is sent apart from the file with pseudonymous IDs.
        year: of the key; holders who want their records linked use the same.
    """

    path: Path
    year: int


@dataclass(frozen=True)
class NamedRow:
    """A row of the file with pseudonymous IDs, and the names that it replaced; only on the holder's side.

    Args:
        sheet: empty for a csv.
        row_number: as a spreadsheet program shows it.
        name: full name as typed.
        mother_name: as typed; empty if there is none.
    """

    sheet: str
    row_number: int
    name: str
    mother_name: str


@dataclass(frozen=True)
class CodedRow:
    """The codes of a row, hexadecimal; None for a missing part."""

    sheet: str
    row_number: int
    codes: dict[str, str | None]


@dataclass(frozen=True)
class CodesFile:
    """The content of a file of codes.

    Args:
        name: of the file, for messages.
        sha256: of the file with pseudonymous IDs that it belongs to.
        year: of the key.
        check: check value of the key of that year.
        rows: with at least one code.
    """

    name: str
    sha256: str
    year: int
    check: str
    rows: tuple[CodedRow, ...]


def write(path: Path, key: bytes, year: int, sha256: str, named: Iterable[NamedRow]) -> int:
    """Write the codes of names into a file readable by its owner alone; return how many rows have any.

    Args:
        path: where to write.
        key: shared by the holders.
        year: of the round; holders who want their records linked use the same.
        sha256: of the file with pseudonymous IDs.
        named: its rows.
    """
    year_key = name_codes.key_of_year(key, year)
    rows: list[dict[str, Any]] = []
    for row in named:
        codes = name_codes.codes_of(year_key, spell_parts(row.name), spell_parts(row.mother_name))
        held = {name.removesuffix("_code"): code for name, code in codes.items() if code}
        if held:
            rows.append({"sheet": row.sheet, "row": row.row_number, **held})
    head = {"marsad_codes": FORMAT, "spelling": SPELLING, "year": year, "check": name_codes.check_value(year_key)}
    write_bytes(path, json.dumps(head | {"file": sha256, "rows": rows}).encode("utf-8"), mode=0o600)
    return len(rows)


def read_codes(path: Path) -> CodesFile:
    """Read a file of codes into memory.

    Raises:
        Refusal: `codes_unreadable` for a file of another kind, damaged or too large, or with a code of another length;
            `codes_spelling` for another version of the rules of spelling. None of them shows a code.
    """
    try:
        content = parse_json(path.read_bytes()) if path.stat().st_size <= _LARGEST else None
        if isinstance(content, dict) and content.get("marsad_codes") == FORMAT and content["spelling"] != SPELLING:
            raise Refusal("codes_spelling", where=path.name, wanted=SPELLING)
        return _check_content(path.name, content)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise Refusal("codes_unreadable", where=path.name) from error


def _check_content(name: str, content: Any) -> CodesFile:  # noqa: ANN401 - whatever json can hold
    if content["marsad_codes"] != FORMAT or not _CHECK.fullmatch(content["check"]):
        raise ValueError("head")
    rows = tuple(
        CodedRow(str(row["sheet"]), _check_whole_number(row["row"]), _codes_in(row)) for row in content["rows"]
    )
    if not _SHA256.fullmatch(content["file"]) or len({(row.sheet, row.row_number) for row in rows}) != len(rows):
        raise ValueError("rows")
    return CodesFile(name, content["file"], _check_whole_number(content["year"]), content["check"], rows)


def _check_whole_number(value: Any) -> int:  # noqa: ANN401 - whatever json can hold
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError("number")
    return value


def _codes_in(row: dict[str, Any]) -> dict[str, str | None]:
    codes: dict[str, str | None] = {f"{part}_code": row.get(part) for part in name_codes.PARTS}
    if not all(code is None or _CODE.fullmatch(code) for code in codes.values()):
        raise ValueError("code")
    return codes
