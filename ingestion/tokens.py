"""The holder's side: keyed tokens in place of names and numbers, before anything is sent.

Belongs here: which columns of a holder's own file are names and numbers, how they are normalised, the token's formula,
writing the file without them. Does not belong here: the key, which Marsad never holds.

A token is `k1:` and the first 32 hexadecimal digits of HMAC-SHA256(key, message); the message is the purpose (`person`
or `case`) and the agreed fields, normalised, one after the other. Two holders with the same key, who agree on the same
fields, give one person the same token. A row that lacks one of the agreed fields gets none: a guess would join persons.
"""

from __future__ import annotations

import csv
import datetime
import hashlib
import hmac
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ingestion.cells import mark_of
from ingestion.dates import read_date
from ingestion.home import write_bytes
from ingestion.reader import CellValue, Sheet, read_workbook
from ingestion.tables import filled, is_total
from ingestion.text import clean, fold
from languages.refusal import Refusal

KEY_VERSION = "k1"
PERSON_HEADER, CASE_HEADER, BIRTH_YEAR_HEADER = "رمز الشخص", "رمز القضية", "سنة التولد"
_SHORTEST_KEY = 16  # bytes; a shorter key can be tried out
_HEADER_WITHIN = 30

# Role -> headings. What has a role is a direct identifier: it is made into a token or dropped, never written.
_HEADINGS: Mapping[str, Sequence[str]] = {
    "name": (
        "الاسم", "الاسم الكامل", "الاسم الثلاثي", "الاسم الرباعي", "الاسم الرباعي واللقب", "الاسم الثلاثي واللقب",
        "اسم الضحية", "اسم المتهم", "اسم المجنى عليه", "اسم النزيل", "name", "full name", "ناو", "ناوی سیانی",
    ),
    "mother_name": ("اسم الأم", "اسم الام الثلاثي", "اسم والدته", "mother's name", "ناوی دایک"),
    "birth_date": ("تاريخ التولد", "تاريخ الميلاد", "التولد", "المواليد", "date of birth", "لەدایکبوون"),
    "identity_number": (
        "رقم الهوية", "رقم البطاقة الوطنية", "البطاقة الوطنية", "رقم هوية الأحوال المدنية", "رقم الجواز", "جواز السفر",
        "identity number", "passport number", "ژمارەی ناسنامە",
    ),
    "case_number": ("رقم القضية", "رقم الدعوى", "رقم الاضبارة", "case number", "ژمارەی دۆسیە"),
    "telephone": ("رقم الهاتف", "الهاتف", "رقم الموبايل", "telephone", "phone", "ژمارەی تەلەفۆن"),
    "address": ("العنوان", "عنوان السكن", "محل السكن", "address", "ناونیشان"),
}  # fmt: skip
_ROLE_OF = {fold(heading): role for role, headings in _HEADINGS.items() for heading in headings}


@dataclass
class TokenReport:
    """What was written; counts and headings only.

    Args:
        rows: data rows.
        persons: distinct person tokens.
        cases: distinct case tokens.
        dropped: headings of the columns that are no longer there as they were.
        left_out: sheets in which no agreed field stands; they are not written.
        missing_tokens: persons and cases that got none, because an agreed field is blank.
    """

    rows: int = 0
    persons: int = 0
    cases: int = 0
    dropped: list[str] = field(default_factory=list[str])
    left_out: list[str] = field(default_factory=list[str])
    missing_tokens: int = 0


def token_of(key: bytes, purpose: str, values: Sequence[str]) -> str:
    """Return the token of normalised field values for a purpose (`person`, `case`)."""
    message = "\x1f".join((purpose, *values)).encode("utf-8")
    return f"{KEY_VERSION}:{hmac.new(key, message, hashlib.sha256).hexdigest()[:32]}"


def normalise(role: str, value: CellValue) -> str:
    """Return the agreed form of a field, or an empty string when the cell says nothing.

    Names lose spaces (`عبد الله` is `عبدالله`), harakat and the forms of alef, ya and ha; numbers lose everything but
    letters and ASCII digits; a birth date keeps its year only, because offices differ in the day.
    """
    if mark_of(value):
        return ""
    if role == "birth_date":
        return _birth_year(value)
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    return re.sub(r"[^0-9a-zء-ي]", "", fold(text))


def tokenise(
    path_in: Path,
    path_out: Path,
    key: bytes,
    *,
    person: Sequence[str] = ("name", "mother_name"),
    case: Sequence[str] = ("case_number",),
) -> TokenReport:
    """Write `path_in` as `path_out` (xlsx, or csv by its ending) with tokens in place of names and numbers.

    Title rows above the header are left out, two header rows become one (`group / sub`), a birth date becomes its year.

    Args:
        path_in: the holder's own file.
        path_out: where to write; never the same file.
        key: the key that the holders share, at least 16 bytes.
        person: the agreed fields of a person: `name`, `mother_name`, `birth_date`, `identity_number`.
        case: the agreed fields of a case.

    Raises:
        Refusal: `token_key_short`, `token_same_file`, `upload_missing`, `token_unreadable`, `token_columns_missing`. No
            value of the file stands in any of them.
    """
    _check_arguments(path_in, path_out, key)
    workbook = read_workbook(path_in.read_bytes(), path_in.name)
    refused = [finding.kind for finding in workbook.findings if finding.severity == "refuse"]
    if refused:
        raise Refusal("token_unreadable", where=path_in.name, kind=refused[0])
    report = TokenReport()
    maker = _Maker(key, {"person": tuple(person), "case": tuple(case)}, report)
    sheets = {sheet.name: rows for sheet in workbook.sheets if (rows := maker.rows_of(sheet))}
    if not sheets:
        expected = "، ".join(_HEADINGS[role][0] for role in (*person, *case))
        raise Refusal("token_columns_missing", where=path_in.name, expected=expected)
    report.persons, report.cases = len(maker.seen["person"]), len(maker.seen["case"])
    content = _csv_bytes(sheets) if path_out.suffix.lower() == ".csv" else _xlsx_bytes(sheets)
    write_bytes(path_out, content, mode=0o600)
    return report


def _check_arguments(path_in: Path, path_out: Path, key: bytes) -> None:
    if len(key) < _SHORTEST_KEY:
        raise Refusal("token_key_short", least=_SHORTEST_KEY)
    if not path_in.is_file():
        raise Refusal("upload_missing", where=str(path_in))
    if path_in.resolve() == path_out.resolve():
        raise Refusal("token_same_file", where=str(path_out))


@dataclass
class _Header:
    row: int
    height: int
    headings: list[str]
    roles: dict[int, str]


@dataclass
class _Maker:
    """Makes the tokens of a file, sheet by sheet."""

    key: bytes
    agreed: Mapping[str, tuple[str, ...]]
    report: TokenReport
    seen: dict[str, set[str]] = field(default_factory=lambda: {"person": set[str](), "case": set[str]()})

    def rows_of(self, sheet: Sheet) -> list[list[CellValue]]:
        """Return the sheet's rows with tokens, its header first; none for a sheet where no agreed field stands."""
        header = _find_header(sheet)
        column_of = {role: column for column, role in header.roles.items()}
        purposes = {column_of[roles[0]]: name for name, roles in self.agreed.items() if set(roles) <= set(column_of)}
        if not purposes:
            self.report.left_out.append(sheet.name)
            return []
        birth = column_of.get("birth_date", -1)
        self.report.dropped += [header.headings[column] for column in sorted(header.roles)]
        kept = [
            column
            for column, heading in enumerate(header.headings)
            if column in purposes or column == birth or (heading and column not in header.roles)
        ]
        rows: list[list[CellValue]] = [[_heading_out(header, column, purposes, birth) for column in kept]]
        for row in sheet.rows[header.row + header.height :]:
            if is_total(row):
                made: Mapping[int, CellValue] = dict.fromkeys((*purposes, birth))
            elif len(filled(row)) > 1:
                made = {birth: _year_or_none(row[birth])} | {
                    column: self._token(name, row, column_of) for column, name in purposes.items()
                }
                self.report.rows += 1
            else:
                continue  # blank, a footer or a signature: a name may stand in it
            rows.append([made.get(column, row[column]) for column in kept])
        return rows

    def _token(self, purpose: str, row: Sequence[CellValue], column_of: Mapping[str, int]) -> str | None:
        values = [normalise(role, row[column_of[role]]) for role in self.agreed[purpose]]
        if not all(values):
            self.report.missing_tokens += 1
            return None
        token = token_of(self.key, purpose, values)
        self.seen[purpose].add(token)
        return token


def _find_header(sheet: Sheet) -> _Header:
    """Return the reading of the first rows in which most headings are names or numbers of persons and cases."""
    best = _Header(0, 1, [], {})
    for row in range(min(len(sheet.rows), _HEADER_WITHIN)):
        for height in (1, 2):
            if row + height > len(sheet.rows):
                continue
            headings = _headings(sheet, row, height)
            roles: dict[int, str] = {}
            for column, heading in enumerate(headings):
                role = _ROLE_OF.get(fold(heading)) or _ROLE_OF.get(fold(heading.rpartition(" / ")[2]))
                if role:
                    roles[column] = role
            if len(roles) > len(best.roles):
                best = _Header(row, height, headings, roles)
    return best


def _headings(sheet: Sheet, row: int, height: int) -> list[str]:
    headings: list[str] = []
    group = ""
    for column, value in enumerate(sheet.rows[row]):
        top = clean(value) if isinstance(value, str) else ""
        below = sheet.rows[row + 1][column] if height == 2 else None
        sub = clean(below) if isinstance(below, str) else ""
        group = top or (group if sub else "")
        headings.append(f"{group} / {sub}" if group and sub else sub or top)
    return headings


def _heading_out(header: _Header, column: int, purposes: Mapping[int, str], birth: int) -> str:
    """Return the heading in the written file; what replaces a column stays in its group."""
    heading = header.headings[column]
    if column in purposes:
        name = PERSON_HEADER if purposes[column] == "person" else CASE_HEADER
    elif column == birth:
        name = BIRTH_YEAR_HEADER
    else:
        return heading
    group, _, _ = heading.rpartition(" / ")
    return f"{group} / {name}" if group else name


def _birth_year(value: CellValue) -> str:
    year = _year_or_none(value)
    return "" if year is None else str(year)


def _year_or_none(value: CellValue) -> int | None:
    day, _ = read_date(value, day_first=True)
    return day.year if day is not None else None


def _csv_bytes(sheets: Mapping[str, list[list[CellValue]]]) -> bytes:
    """A text file holds one table: the first sheet."""
    stream = io.StringIO()
    csv.writer(stream).writerows(next(iter(sheets.values())))
    return stream.getvalue().encode("utf-8-sig")


def _xlsx_bytes(sheets: Mapping[str, list[list[CellValue]]]) -> bytes:
    import xlsxwriter

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            sheet.right_to_left()
            for row, values in enumerate(rows):
                for column, value in enumerate(values):
                    _write_cell(sheet, row, column, value)
    return stream.getvalue()


def _write_cell(sheet: object, row: int, column: int, value: CellValue) -> None:
    """Write a text as text: nothing that a file holds becomes a formula or a link."""
    if isinstance(value, str):
        sheet.write_string(row, column, value)  # type: ignore[attr-defined]
    elif isinstance(value, datetime.date):
        sheet.write_datetime(row, column, value)  # type: ignore[attr-defined]
    elif value is not None:
        sheet.write(row, column, value)  # type: ignore[attr-defined]
