"""The holder's side: keyed pseudonymous IDs (tokens) replace names and numbers before anything is sent.

Belongs here: which columns of a holder's own file are names and numbers, how they are normalised, the token's formula,
writing the file without them, and refusing to write it if the privacy checks still find something.
Does not belong here: the key, which Marsad never holds; what is personal (`personal_data.py`, `personal_headers.py`).

A token is the version of the key (`k1:`) and the first 32 hexadecimal digits of HMAC-SHA256(key, message); the message
is the purpose (`person` or `case`) and the agreed fields, normalised, in order. Two holders with the same key and the
same agreed fields give one person the same token. A row that lacks one of the agreed fields gets none: guessing would
merge different persons.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ingestion.files.reader import CellValue, Sheet, Workbook, read_workbook
from ingestion.files.uploads import read_upload
from ingestion.findings import cell_name, row_and_column
from ingestion.holders import codes_files
from ingestion.holders.codes_files import CodesOrder, NamedRow
from ingestion.holders.key_files import SHORTEST_KEY
from ingestion.holders.token_files import csv_bytes, xlsx_bytes
from ingestion.home import write_bytes
from ingestion.personal.identifiers import is_full_date
from ingestion.personal.personal_headers import header_kind
from ingestion.personal.personal_text import sheet_label
from ingestion.privacy import personal_data
from ingestion.privacy.privacy_allowlist import is_heading, is_known
from ingestion.tables.cell_values import mark_of
from ingestion.tables.footnotes import is_note, is_words
from ingestion.tables.sheets_of_tables import filled_columns
from ingestion.tables.totals import is_total
from ingestion.text.folding import clean, fold
from ingestion.text.typed_dates import read_date
from languages.refusal import Refusal

FIRST_KEY = "k1"
"""Version of the first key that holders share; after a change of key it is `k2`, and so on."""
PERSON_HEADER, CASE_HEADER, BIRTH_YEAR_HEADER = "رمز الشخص", "رمز القضية", "سنة التولد"
_HEADER_WITHIN = 30
_DROPPED_KINDS = ("forbidden", "case_number")  # kinds of `header_kind` whose columns are not written

# Role -> headings. A field with a role is a direct identifier: it becomes a token or is dropped, and is never written.
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
        dropped: headings of the columns that were dropped or replaced.
        left_out: sheets without any agreed field, which are not written.
        missing_tokens: persons and cases without a token, because an agreed field is blank.
        left_rows: non-blank rows that are not written: notes and signatures, which may hold a name.
        coded: rows with a code in the file of codes.
    """

    rows: int = 0
    persons: int = 0
    cases: int = 0
    dropped: list[str] = field(default_factory=list[str])
    left_out: list[str] = field(default_factory=list[str])
    missing_tokens: int = 0
    left_rows: int = 0
    coded: int = 0


def token_of(key: bytes, purpose: str, values: Sequence[str], version: str = FIRST_KEY) -> str:
    """Return the token of normalised field values for a purpose (`person`, `case`) under a version of the key."""
    message = "\x1f".join((purpose, *values)).encode("utf-8")
    return f"{version}:{hmac.new(key, message, hashlib.sha256).hexdigest()[:32]}"


def normalise(role: str, value: CellValue) -> str:
    """Return the agreed form of a field, or an empty string if the cell has no value.

    Names lose spaces (`عبد الله` is `عبدالله`), harakat and the forms of alef, ya and ha; numbers lose everything but
    letters and ASCII digits; a birth date keeps its year only, because agencies differ in the day. The rules, and test
    vectors for holders with programs of their own, are in docs/tokens.md.
    """
    if mark_of(value):
        return ""
    if role == "birth_date":
        return _birth_year(value)
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    apart = unicodedata.normalize("NFD", fold(text))  # José: removes the accent, keeps the letter
    return re.sub(r"[^0-9a-zء-ي]", "", apart)


def tokenise(
    path_in: Path,
    path_out: Path,
    key: bytes,
    *,
    person: Sequence[str] = ("name", "mother_name"),
    case: Sequence[str] = ("case_number",),
    codes: CodesOrder | None = None,
    version: str = FIRST_KEY,
) -> TokenReport:
    """Write `path_in` as `path_out` (xlsx, or csv by its ending) with tokens in place of names and numbers.

    Titles above the header, notes and signatures are left out, two header rows become one (`group / sub`), a birth date
    becomes its year, columns with a heading of personal data are dropped. The result must pass the same privacy checks
    as at intake before it is written.

    Args:
        path_in: the holder's own file.
        path_out: where to write; must not exist yet.
        key: the key that the holders share, at least 16 bytes.
        person: the agreed fields of a person: `name`, `mother_name`, `birth_date`, `identity_number`.
        case: the agreed fields of a case.
        codes: if codes of names are written too, where.
        version: of the key, at the start of each token.

    Raises:
        Refusal: `token_key_short`, `token_same_file`, `token_output_exists`, `upload_missing`, `token_unreadable`,
            `token_columns_missing`, `token_rows_missing`, `token_left_personal`, `token_csv_one_sheet`. None of them
            shows a value of the file, and nothing is written.
    """
    _check_arguments(path_in, path_out, key, codes)
    workbook = read_workbook(read_upload(path_in).data, path_in.name)
    refused = [finding.kind for finding in workbook.findings if finding.severity == "refuse"]
    if refused:
        raise Refusal("token_unreadable", where=path_in.name, kind=refused[0])
    report = TokenReport()
    maker = _Maker(key, {"person": tuple(person), "case": tuple(case)}, report, version)
    written = {sheet.name: made for sheet in workbook.sheets if (made := maker.sheet_of(sheet)).rows}
    sheets = {name: made.rows for name, made in written.items()}
    if not sheets:
        expected = "، ".join(_HEADINGS[role][0] for role in (*person, *case))
        raise Refusal("token_columns_missing", where=path_in.name, expected=expected)
    if not report.rows:
        raise Refusal("token_rows_missing", where=path_in.name, rows=report.left_rows)
    if places := [
        place for ordinal, made in enumerate(written.values(), start=1) for place in _personal_in(made, ordinal)
    ]:
        raise Refusal("token_left_personal", where=path_in.name, places="، ".join(places))
    is_csv = path_out.suffix.lower() == ".csv"
    if is_csv and len(sheets) > 1:
        raise Refusal("token_csv_one_sheet", where=path_out.name, sheets=len(sheets))
    report.persons, report.cases = len(maker.seen["person"]), len(maker.seen["case"])
    content = csv_bytes(next(iter(sheets.values()))) if is_csv else xlsx_bytes(sheets)
    sha256 = write_bytes(path_out, content, mode=0o600)
    if codes:
        named = [row for made in written.values() for row in made.named_rows(is_csv=is_csv)]
        report.coded = codes_files.write(codes.path, key, codes.year, sha256, named)
    return report


def _check_arguments(path_in: Path, path_out: Path, key: bytes, codes: CodesOrder | None) -> None:
    if len(key) < SHORTEST_KEY:
        raise Refusal("token_key_short", least=SHORTEST_KEY)
    if not path_in.is_file():
        raise Refusal("upload_missing", where=str(path_in))
    if path_in.resolve() == path_out.resolve():
        raise Refusal("token_same_file", where=str(path_out))
    if codes and codes.path.resolve() in (path_in.resolve(), path_out.resolve()):
        raise Refusal("token_same_file", where=str(codes.path))
    for path in (path_out, *([codes.path] if codes else [])):
        _refuse_existing(path)


def _refuse_existing(path: Path) -> None:
    """Refuse to replace a file: it may be the only copy of a cleaned workbook or of last month's tokens."""
    if path.exists() or path.is_symlink():
        raise Refusal("token_output_exists", where=str(path))


@dataclass
class _Header:
    row: int
    height: int
    headings: list[str]
    roles: dict[int, str]

    @property
    def kinds(self) -> dict[int, str]:
        """Column -> the kind of personal data in its heading, where the privacy checks recognise it."""
        return {column: header_kind(heading, in_parts=True) for column, heading in enumerate(self.headings) if heading}


@dataclass
class _Made:
    """A sheet as it would be written, and where its rows and columns were in the holder's own."""

    name: str
    rows: list[list[CellValue]] = field(default_factory=list[list[CellValue]])
    own_rows: list[int] = field(default_factory=list[int])
    own_columns: list[int] = field(default_factory=list[int])
    names: dict[int, tuple[str, ...]] = field(default_factory=dict[int, tuple[str, ...]])  # by index in `rows`

    def named_rows(self, *, is_csv: bool) -> list[NamedRow]:
        """Return the written rows whose name is known, to compute their codes."""
        return [NamedRow("" if is_csv else self.name, at + 1, *names) for at, names in self.names.items()]

    def own_place(self, cell: str) -> str:
        """Return the place in the holder's sheet of a cell of the written one."""
        place = row_and_column(cell)
        return cell_name(self.own_rows[place[0] - 1] + 1, self.own_columns[place[1] - 1] + 1) if place else ""


@dataclass
class _Maker:
    """Replaces identifiers by tokens in a file, sheet by sheet."""

    key: bytes
    agreed: Mapping[str, tuple[str, ...]]
    report: TokenReport
    version: str
    seen: dict[str, set[str]] = field(default_factory=lambda: {"person": set[str](), "case": set[str]()})

    def sheet_of(self, sheet: Sheet) -> _Made:
        """Return the sheet with tokens, its header first; without rows if it has no agreed field."""
        header = _find_header(sheet)
        column_of = {role: column for column, role in header.roles.items()}
        purposes = {column_of[roles[0]]: name for name, roles in self.agreed.items() if set(roles) <= set(column_of)}
        made = _Made(sheet.name)
        if not purposes:
            self.report.left_out.append(sheet.name)
            return made
        birth = column_of.get("birth_date", -1)
        personal = {column for column, kind in header.kinds.items() if kind in _DROPPED_KINDS} | set(header.roles)
        births = {column for column, kind in header.kinds.items() if kind == "birth"} - personal
        self.report.dropped += [header.headings[column] for column in sorted(personal)]
        made.own_columns = [
            column
            for column, heading in enumerate(header.headings)
            if column in purposes or column == birth or (heading and column not in personal)
        ]
        made.rows = [[_written_heading(header, column, purposes, birth) for column in made.own_columns]]
        made.own_rows = [header.row + header.height - 1]
        for place in self._rows_to_write(sheet, header, made.own_columns):
            row = sheet.rows[place]
            values: dict[int, CellValue] = {column: _drop_day(row[column]) for column in births}
            if is_total(row):
                values |= dict.fromkeys((*purposes, birth))
            else:
                values[birth] = _read_year(row[birth])
                values |= {column: self._make_token(name, row, column_of) for column, name in purposes.items()}
                self.report.rows += 1
                typed = (row[column_of[role]] if role in column_of else None for role in ("name", "mother_name"))
                made.names[len(made.rows)] = tuple("" if mark_of(value) else str(value) for value in typed)
            made.rows.append([values.get(column, row[column]) for column in made.own_columns])
            made.own_rows.append(place)
        return made

    def _rows_to_write(self, sheet: Sheet, header: _Header, columns: Sequence[int]) -> list[int]:
        """Return the rows of data and totals; notes, signatures and titles may hold a name and are left out."""
        first = header.row + header.height
        there = [row for row in range(first, len(sheet.rows)) if filled_columns(sheet.rows[row])]
        totals = {row for row in there if is_total(sheet.rows[row])}
        end = len(there)
        while end and (there[end - 1] in totals or _is_note(sheet.rows[there[end - 1]], header)):
            end -= 1
        written = [row for row in there[:end] if row in totals or len(filled_columns(sheet.rows[row])) > 1]
        written += [row for row in there[end:] if row in totals]
        written = [row for row in written if row not in totals or filled_columns(sheet.rows[row])[0] in columns]
        self.report.left_rows += len(there) - len(written)
        return written

    def _make_token(self, purpose: str, row: Sequence[CellValue], column_of: Mapping[str, int]) -> str | None:
        values = [normalise(role, row[column_of[role]]) for role in self.agreed[purpose]]
        if not all(values):
            self.report.missing_tokens += 1
            return None
        token = token_of(self.key, purpose, values, self.version)
        self.seen[purpose].add(token)
        return token


def _is_note(row: list[CellValue], header: _Header) -> bool:
    """Return whether a row is a note; in a table of two text columns a full row looks like one but is none.

    A two-cell signature under such a table gets a token of its own: nothing of it is written.
    """
    headed = [column for column, heading in enumerate(header.headings) if heading]
    is_full = len(headed) > 1 and filled_columns(row) == headed and set(headed) <= set(header.roles)
    return is_note(row) and not (is_full and all(is_words(row[column]) for column in headed))


def _find_header(sheet: Sheet) -> _Header:
    """Return the reading of the top rows in which most headings are names or numbers of persons and cases.

    A row with one filled cell is a title, not a row of groups.
    """
    best = _Header(0, 1, [], {})
    for row in range(min(len(sheet.rows), _HEADER_WITHIN)):
        for height in (1, 2):
            if row + height > len(sheet.rows) or (height == 2 and len(filled_columns(sheet.rows[row])) < 2):
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


def _written_heading(header: _Header, column: int, purposes: Mapping[int, str], birth: int) -> str:
    """Return the heading in the written file; a replacement stays in the group of the replaced column."""
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
    year = _read_year(value)
    return "" if year is None else str(year)


def _read_year(value: CellValue) -> int | None:
    day, _ = read_date(value, day_first=True)
    return day.year if day is not None else None


def _drop_day(value: CellValue) -> CellValue:
    """Return the year of a full date; any other value unchanged."""
    is_date = isinstance(value, datetime.date) or (isinstance(value, str) and is_full_date(value))
    return _read_year(value) if is_date else value


def _personal_in(made: _Made, ordinal: int) -> list[str]:
    """Return the places in the holder's own sheet where personal data is left."""
    label = sheet_label(made.name, ordinal)
    book = Workbook([Sheet(made.name, made.rows)])
    findings = personal_data.inspect(book, known_values=is_known, known_headings=is_heading)
    return list(dict.fromkeys(f"{label} {made.own_place(finding.cell)}".strip() for finding in findings))
