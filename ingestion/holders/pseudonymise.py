"""The holder's side: keyed pseudonymous IDs (tokens) replace names and numbers before anything is sent.

Belongs here: which columns of a holder's own file are names and numbers, how they are normalised, the token's formula,
writing the tokens and the columns that a card or shape names.
Does not belong here: the key, which Marsad never holds; which headings are known (`known_names.py`).

What is written consists of three things: tokens, headings and names of sheets as the cards spell them, and the cells
below a heading that a card or shape knows, as typed, but for whole dates of birth and for what is no token in a column
of tokens. Other columns and sheets, titles, notes, comments, page headers,
the properties and the name of the file are never written, whatever they hold.

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

from ingestion.files.reader import CellValue, Sheet, read_workbook
from ingestion.files.uploads import read_upload
from ingestion.findings import column_letters
from ingestion.holders import codes_files, known_names
from ingestion.holders.codes_files import CodesOrder, NamedRow
from ingestion.holders.key_files import SHORTEST_KEY
from ingestion.holders.token_files import csv_bytes, xlsx_bytes
from ingestion.home import write_bytes
from ingestion.tables.cell_values import mark_of
from ingestion.tables.footnotes import is_note, is_words
from ingestion.tables.header_rows import Header, find_header_of
from ingestion.tables.sheets_of_tables import filled_columns
from ingestion.tables.totals import is_total
from ingestion.text.folding import fold
from ingestion.text.tokens import is_token
from ingestion.text.typed_dates import read_date
from languages.refusal import Refusal

FIRST_KEY = "k1"
"""Version of the first key that holders share; after a change of key it is `k2`, and so on."""
PERSON_HEADER, CASE_HEADER, BIRTH_YEAR_HEADER = "رمز الشخص", "رمز القضية", "سنة التولد"
_HEADER_OF = {"person": PERSON_HEADER, "case": CASE_HEADER}
_ROLE_MARK = "@"  # before a role, among the wordings of known headings
_WHOLE_DAYS = ("", "date_serial", "date_ambiguous")  # readings of a date that states its day

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
_ROLE_OF = {fold(heading): f"{_ROLE_MARK}{role}" for role, headings in _HEADINGS.items() for heading in headings}


@dataclass
class TokenReport:
    """What was written; counts and places only.

    Args:
        rows: data rows.
        persons: distinct person tokens.
        cases: distinct case tokens.
        left_out: columns that no card names (`#1 C`) and sheets without an agreed field (`#2`); not written.
        missing_tokens: persons and cases without a token, because an agreed field is blank.
        left_rows: non-blank rows below the headings that are not written: totals, notes, signatures.
        coded: rows with a code in the file of codes.
    """

    rows: int = 0
    persons: int = 0
    cases: int = 0
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

    Header rows become one (`group / sub`), and a birth date becomes its year. Only tokens and columns that a card or
    shape names are written.

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
            `token_columns_missing`, `token_rows_missing`, `token_csv_one_sheet`. None of them shows a value of the
            file, and nothing is written.
    """
    _check_arguments(path_in, path_out, key, codes)
    workbook = read_workbook(read_upload(path_in).data, path_in.name)
    refused = [finding.kind for finding in workbook.findings if finding.severity == "refuse"]
    if refused:
        raise Refusal("token_unreadable", where=path_in.name, kind=refused[0])
    report = TokenReport()
    maker = _Maker(key, {"person": tuple(person), "case": tuple(case)}, report, version)
    made_sheets = [maker.sheet_of(sheet, ordinal) for ordinal, sheet in enumerate(workbook.sheets, start=1)]
    written = {made.name: made for made in made_sheets if made.rows}
    sheets = {name: made.rows for name, made in written.items()}
    if not sheets:
        expected = "، ".join(_HEADINGS[role][0] for role in (*person, *case))
        raise Refusal("token_columns_missing", where=path_in.name, expected=expected)
    if not report.rows:
        raise Refusal("token_rows_missing", where=path_in.name, rows=report.left_rows)
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
class _Made:
    """A sheet as it would be written; without rows if it has no agreed field."""

    name: str = ""
    rows: list[list[CellValue]] = field(default_factory=list[list[CellValue]])
    names: dict[int, tuple[str, ...]] = field(default_factory=dict[int, tuple[str, ...]])  # by index in `rows`

    def named_rows(self, *, is_csv: bool) -> list[NamedRow]:
        """Return the written rows whose name is known, to compute their codes."""
        return [NamedRow("" if is_csv else self.name, at + 1, *names) for at, names in self.names.items()]


@dataclass(frozen=True)
class _Plan:
    """What is written of a sheet.

    Args:
        header: of the holder's own sheet.
        column_of: role -> column.
        purposes: column in whose place a token stands -> purpose.
        headings: column -> the heading that is written.
        year_columns: columns of ages and births, of which a whole date is written as its year.
        token_columns: columns that the holder's file calls tokens; anything else in them is not written.
    """

    header: Header
    column_of: Mapping[str, int]
    purposes: Mapping[int, str]
    headings: Mapping[int, str]
    year_columns: frozenset[int]
    token_columns: frozenset[int]

    def cell(self, column: int, value: CellValue) -> CellValue:
        """Return a cell of a column that a card or shape names, as it is written."""
        if column in self.token_columns and not (isinstance(value, str) and is_token(value)):
            return None
        return _drop_day(value) if column in self.year_columns else value


@dataclass
class _Maker:
    """Replaces identifiers by tokens in a file, sheet by sheet."""

    key: bytes
    agreed: Mapping[str, tuple[str, ...]]
    report: TokenReport
    version: str
    seen: dict[str, set[str]] = field(default_factory=lambda: {"person": set[str](), "case": set[str]()})
    sheet_names: set[str] = field(default_factory=set[str])

    def sheet_of(self, sheet: Sheet, ordinal: int) -> _Made:
        """Return the sheet with tokens, its header first; without rows if it has no agreed field."""
        plan = self._plan(find_header_of(sheet, {**known_names.headings(), **_ROLE_OF}))
        if not plan.purposes:
            self.report.left_out += [f"#{ordinal}"] if any(map(filled_columns, sheet.rows)) else []
            return _Made()
        self._note_left_columns(sheet, plan, ordinal)
        made = _Made(self._name(sheet, ordinal), [list(plan.headings.values())])
        for row in self._rows_to_write(sheet, plan):
            self.report.rows += 1
            tokens = {column: self._make_token(name, row, plan.column_of) for column, name in plan.purposes.items()}
            typed = (row[plan.column_of[role]] if role in plan.column_of else None for role in ("name", "mother_name"))
            made.names[len(made.rows)] = tuple("" if mark_of(value) else str(value) for value in typed)
            made.rows.append([tokens[at] if at in tokens else plan.cell(at, row[at]) for at in plan.headings])
        return made

    def _plan(self, header: Header) -> _Plan:
        """Return what is written of a sheet: tokens in the place of their first field, and the columns of cards."""
        roles = {word: column for column, word in header.columns.items() if word.startswith(_ROLE_MARK)}
        column_of = {role.removeprefix(_ROLE_MARK): column for role, column in roles.items()}
        purposes = {column_of[agreed[0]]: name for name, agreed in self.agreed.items() if set(agreed) <= set(column_of)}
        made = {column: _HEADER_OF[name] for column, name in purposes.items()}
        named = {column: word for column, word in header.columns.items() if column not in roles.values()}
        named = {column: word for column, word in named.items() if word not in made.values()}
        years = {column for column, word in named.items() if "age" in known_names.fields(word)}
        birth = column_of.get("birth_date", -1)
        if birth >= 0 and birth not in purposes and not years:
            made[birth] = BIRTH_YEAR_HEADER
            years.add(birth)
        tokens = {column for column, word in named.items() if known_names.fields(word) & known_names.TOKEN_FIELDS}
        written = dict(sorted((made | named).items()))
        return _Plan(header, column_of, purposes, written, frozenset(years), frozenset(tokens))

    def _note_left_columns(self, sheet: Sheet, plan: _Plan, ordinal: int) -> None:
        """Note which filled columns are not written, but for those of which a token was made."""
        filled = {column for row in sheet.rows[plan.header.row :] for column in filled_columns(row)}
        agreed = {plan.column_of[role] for roles in self.agreed.values() for role in roles if role in plan.column_of}
        left = sorted(filled - set(plan.headings) - agreed)
        self.report.left_out += [f"#{ordinal} {column_letters(column + 1)}" for column in left]

    def _name(self, sheet: Sheet, ordinal: int) -> str:
        """Return the name of a written sheet as a card spells it, else its number."""
        name = known_names.sheet_name(sheet.name)
        name = name if name and name not in self.sheet_names else f"#{ordinal}"
        self.sheet_names.add(name)
        return name

    def _rows_to_write(self, sheet: Sheet, plan: _Plan) -> list[list[CellValue]]:
        """Return the data rows; totals, notes and signatures, which may hold a name, are left out."""
        there = [row for row in sheet.rows[plan.header.first_data_row :] if filled_columns(row)]
        end = len(there)
        while end and (is_total(there[end - 1]) or _is_note(there[end - 1], plan)):
            end -= 1
        written = [row for row in there[:end] if not is_total(row) and self._is_data(row, plan)]
        self.report.left_rows += len(there) - len(written)
        return written

    def _is_data(self, row: Sequence[CellValue], plan: _Plan) -> bool:
        """Return whether a row gets a token, or fills most of the columns that are written besides tokens."""
        filled = set(filled_columns(list(row)))
        if len(filled) > 1 and any(all(self._values(name, row, plan.column_of)) for name in plan.purposes.values()):
            return True
        others = set(plan.headings) - set(plan.purposes)
        return len(filled) > 1 and 2 * len(filled & others) > len(others)

    def _values(self, purpose: str, row: Sequence[CellValue], column_of: Mapping[str, int]) -> list[str]:
        return [normalise(role, row[column_of[role]]) for role in self.agreed[purpose]]

    def _make_token(self, purpose: str, row: Sequence[CellValue], column_of: Mapping[str, int]) -> str | None:
        values = self._values(purpose, row, column_of)
        if not all(values):
            self.report.missing_tokens += 1
            return None
        token = token_of(self.key, purpose, values, self.version)
        self.seen[purpose].add(token)
        return token


def _is_note(row: list[CellValue], plan: _Plan) -> bool:
    """Return whether a row is a note; in a table of two text columns a full row looks like one but is none.

    A two-cell signature under such a table gets a token of its own: nothing of it is written.
    """
    own = set(plan.column_of.values())
    headed = sorted({*plan.header.columns, *plan.header.ignored, *plan.header.extra, *plan.header.twice})
    is_full = len(headed) > 1 and filled_columns(row) == headed and set(headed) <= own
    return is_note(row) and not (is_full and all(is_words(row[column]) for column in headed))


def _birth_year(value: CellValue) -> str:
    day, _ = read_date(value, day_first=True)
    return "" if day is None else str(day.year)


def _drop_day(value: CellValue) -> CellValue:
    """Return the year of a whole date; any other value as typed."""
    if not isinstance(value, str | datetime.date):
        return value
    day, kind = read_date(value, day_first=True)
    return day.year if day is not None and kind in _WHOLE_DAYS else value
