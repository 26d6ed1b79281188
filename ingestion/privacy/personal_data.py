"""Personal data in a file, cell by cell, at intake; every finding refuses the whole file.

Belongs here: the walk over sheets and columns, and what a header implies for the values under it. No finding carries a
value.
Does not belong here: what one text is by itself (`personal_text.py`), header words (`personal_headers.py`), hidden
parts (`guard.py`, `reader.py`).
"""

from __future__ import annotations

import datetime
import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from ingestion.files.reader import CellValue, Sheet, Workbook
from ingestion.files.safe_zip import Stop
from ingestion.findings import Finding, cell_name
from ingestion.personal.identifiers import fold_digits, is_case_number, is_full_date, is_token, number_kind
from ingestion.personal.names import begins_like_name, is_lone_given_name, is_ordinary, is_surely_name
from ingestion.personal.personal_headers import HeaderKind, header_kind
from ingestion.personal.personal_text import personal_kind, sheet_label
from ingestion.privacy.search_clock import SearchClock
from ingestion.privacy.unkeyed_hashes import is_padded_number, looks_like_hash, unkeyed_row
from ingestion.sealing.age_keys import is_public_key
from ingestion.tables.signatures import count_lines, is_count, looks_like
from ingestion.text.typed_dates import read_date

PERSONAL_KINDS = frozenset(
    (
        *("address", "bank_account", "birth_date", "coordinates", "document_author", "email", "forbidden_column"),
        *("identity_number", "passport_number", "personal_name", "phone_number", "raw_case_number", "raw_identifier"),
        "token_unkeyed",
    )
)
"""The kinds of findings that `inspect` raises."""

_LEAST_HEADINGS = 3  # fewer known words may be a row of data
_LEAST_GIVEN_NAMES = 5  # distinct texts that make a column one of names
_LEAST_SURE_NAMES = 3  # if all texts are given names and no everyday words
_GIVEN_SHARE = 0.6
_DAY_NUMBERS = range(7_000, 60_000)  # days since 1900 as Excel counts: 1919 to 2064; no age and no year
_DATE_NUMBERS = range(19_000_101, 20_991_232)  # 19901231
_AGE_HEADINGS = {"العمر", "عمر", "age", "تەمەن"}
_TOKEN_LIKE = re.compile(r"k[0-9]+:")
_UNIQUE_ID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


def _nothing_is_known(_text: str) -> bool:
    return False


def inspect(
    workbook: Workbook,
    *,
    public_contacts: Collection[str] = (),
    known_values: Callable[[str], bool] = _nothing_is_known,
    known_headings: Callable[[str], bool] = _nothing_is_known,
    clock: SearchClock | None = None,
) -> list[Finding]:
    """Return what is personal in a workbook: one `refuse` finding for each kind and column, at its first cell.

    Args:
        workbook: what was read.
        public_contacts: e-mail addresses of the source's card that its files may contain.
        known_values: whether a text, as typed and stripped, is known: an alias in any code list, a header or sheet name
            of any card, an agency of a card. Called only for texts that look like a name, or have no digits in a column
            that must be empty; never for numbers, telephones and e-mails.
        known_headings: whether a text is a heading of some card. A row of such headings begins another table: what
            follows is judged by it, and no longer by the headings above.
        clock: how long the search may take; by default a new one.

    Returns:
        Findings with the number of cells as argument `count`; never a value. Kinds: those of `personal_kind`,
        `forbidden_column` (at its header), `birth_date`, `raw_case_number`, `raw_identifier`, `token_unkeyed`,
        `document_author`. `search_too_long` comes last, if time ran out before all was searched.
    """
    contacts = frozenset(contact.lower() for contact in public_contacts)
    inspection = _Inspection(contacts, known_values, known_headings, clock or SearchClock())
    findings: list[Finding] = []
    try:
        for ordinal, sheet in enumerate(workbook.sheets, start=1):
            findings += inspection.inspect_sheet(sheet, sheet_label(sheet.name, ordinal))
        findings += inspection.inspect_texts_beside(workbook)
    except Stop as stop:
        findings.append(stop.finding)
    return findings


@dataclass
class _Inspection:
    """One pass over one workbook; each distinct text is judged once."""

    contacts: frozenset[str]
    known_values: Callable[[str], bool]
    known_headings: Callable[[str], bool]
    clock: SearchClock
    sheet: str = ""
    kinds: dict[str, str] = field(default_factory=dict[str, str])

    def inspect_sheet(self, sheet: Sheet, label: str) -> list[Finding]:
        self.sheet = label
        findings = [Finding("refuse", kind, label) for kind in [self.kind_of(sheet.name)] if kind]
        heads = [place for place, row in enumerate(sheet.rows) if self._is_head(row)]
        starts = [place for at, place in enumerate(heads) if not at or heads[at - 1] != place - 1]
        for number, column in enumerate(zip(*sheet.rows, strict=True), start=1):
            distinct = {value for value in set(column) if not (isinstance(value, str) and is_token(value))}
            column_findings = self._inspect_values(column, distinct, label, number)
            kinds = {finding.kind for finding in column_findings}
            if "personal_name" not in kinds:
                column_findings += self._inspect_given_names(column, distinct, label, number, starts)
            under = self._inspect_headers(sheet, column, distinct, label, number, heads)
            findings += column_findings + [finding for finding in under if finding.kind not in kinds]
        return [_add_line(finding, sheet) for finding in findings]

    def inspect_texts_beside(self, workbook: Workbook) -> list[Finding]:
        """Judge the non-cell texts: authors, comments, page headers, links, leftovers of deleted cells."""
        self.sheet = ""
        places: set[tuple[str, str, str]] = set()
        for text in workbook.beside:
            kind = self.kind_of(_UNIQUE_ID.sub("", text.text))
            if text.place == "author" and kind == "personal_name":
                kind = "document_author" if is_surely_name(text.text) else ""
            if kind:
                places.add((kind, text.sheet, text.cell))
        return [Finding("refuse", kind, sheet, cell) for kind, sheet, cell in sorted(places)]

    def kind_of(self, text: str) -> str:
        """Return the kind of a text; a word that Marsad knows is no name, and no public key of a template."""
        kind = self.kinds.get(text)
        if kind is None:
            self.clock.check(self.sheet)
            kind = personal_kind(text, self.contacts)
            if kind == "personal_name" and (self.known_values(text.strip()) or is_public_key(text.strip())):
                kind = ""
            if kind == "raw_case_number" and read_date(text, day_first=True).day is not None:
                kind = ""  # `5/شباط/2024` looks like a case number, but has a month in the middle
            self.kinds[text] = kind
        return kind

    def _inspect_values(
        self, column: tuple[CellValue, ...], distinct: set[CellValue], label: str, number: int
    ) -> list[Finding]:
        kinds = {value: kind for value in distinct if (kind := self._value_kind(value))}
        return [
            _finding_at_first(column, {v for v in kinds if kinds[v] == kind}, kind, label, number)
            for kind in sorted(set(kinds.values()))
        ]

    def _value_kind(self, value: CellValue) -> str:
        if isinstance(value, str):
            return self.kind_of(value)
        return number_kind(value) if isinstance(value, int) else ""

    def _is_head(self, row: Sequence[CellValue]) -> bool:
        """Return whether a row heads a table: only words, most of them headings of cards, including the first."""
        first = next((cell for cell in row if cell is not None), None)
        if not isinstance(first, str) or not self.known_headings(first):
            return False
        texts = [cell for cell in row if cell is not None]
        if len(texts) < _LEAST_HEADINGS:
            return False
        known = [isinstance(text, str) and self.known_headings(text) for text in texts]
        return 2 * sum(known) > len(texts) and _is_header_row(row)

    def _inspect_given_names(
        self, column: tuple[CellValue, ...], distinct: set[CellValue], label: str, number: int, starts: list[int]
    ) -> list[Finding]:
        """Find a column of given names: in the whole sheet, or in one of its tables, which another could mask."""
        parts = [distinct]
        if len(starts) > 1:
            parts += [{*column[start:end]} & distinct for start, end in pairwise([*starts, len(column)])]
        findings = (self._find_given_names(column, part, label, number) for part in parts)
        return next(filter(None, findings), [])

    def _find_given_names(
        self, column: tuple[CellValue, ...], distinct: set[CellValue], label: str, number: int
    ) -> list[Finding]:
        """Find columns where most texts begin with given names, alone or before unlisted surnames."""
        texts = {value for value in distinct if isinstance(value, str)}
        given: set[CellValue] = {
            text for text in texts if begins_like_name(text) and not self.known_values(text.strip())
        }
        sure = {text for text in given if isinstance(text, str) and is_lone_given_name(text)}
        is_short_list = len(sure) >= max(_LEAST_SURE_NAMES, len(texts) - 1)  # one text is the header
        if not is_short_list and len(given) < max(_LEAST_GIVEN_NAMES, _GIVEN_SHARE * (len(texts) - 1)):
            return []
        return [_finding_at_first(column, given, "personal_name", label, number)]

    def _inspect_headers(
        self,
        sheet: Sheet,
        column: tuple[CellValue, ...],
        distinct: set[CellValue],
        label: str,
        number: int,
        heads: list[int],
    ) -> list[Finding]:
        headers: dict[str, HeaderKind] = {
            text: kind for text in distinct if isinstance(text, str) and (kind := _header_kind(text))
        }
        if not headers:
            return []
        findings: list[Finding] = []
        ends: dict[str, int] = {}
        for row, value in enumerate(column, start=1):
            if isinstance(value, str) and value in headers and self._may_head(sheet, row, heads):
                if row > ends.get(value, 0):  # else already judged under the same heading on an earlier page
                    ends[value] = end = self._end_of_column(value, column, row, heads)
                    taken = column[:end]
                    if headers[value] == "token":  # a separate line may state the number of rows
                        counts = count_lines(sheet.rows)
                        taken = tuple(
                            None if at in counts and is_count(cell) else cell for at, cell in enumerate(taken)
                        )
                    findings += self._inspect_under_header(headers[value], taken, row, label, number)
                if headers[value] == "token" and not findings:
                    findings += _find_unkeyed(sheet, row, label, number)
        return findings[:1]

    def _may_head(self, sheet: Sheet, row: int, heads: list[int]) -> bool:
        """Return whether a row may be headings: only words, and below known headings mostly headings.

        A passport as a kind of document is a value in a row of values.
        """
        cells = sheet.rows[row - 1]
        if not _is_header_row(cells) or row - 1 in heads or not any(head < row - 1 for head in heads):
            return _is_header_row(cells)
        words = [cell for cell in cells if isinstance(cell, str)]
        return 2 * sum(bool(_header_kind(word)) or self.known_headings(word) for word in words) >= len(words)

    def _end_of_column(self, header: str, column: tuple[CellValue, ...], row: int, heads: list[int]) -> int:
        """Return the row where another known heading takes over the column; a repeated one on a new page does not."""
        for at in range(bisect_left(heads, row), len(heads)):
            head, value = heads[at], column[heads[at]]
            if isinstance(value, str) and value != header and self.known_headings(value):
                return head
        return len(column)

    def _inspect_under_header(
        self, header: HeaderKind, column: tuple[CellValue, ...], row: int, label: str, number: int
    ) -> list[Finding]:
        """Judge the values under a header; a column that must be empty is reported at its header, others at a value."""
        for below, value in enumerate(column[row:], start=row + 1):
            kind = "" if self._is_nothing(value) else _kind_under(header, value)
            if kind:
                return [Finding("refuse", kind, label, cell_name(row if kind == "forbidden_column" else below, number))]
        return []

    def _is_nothing(self, value: CellValue) -> bool:
        """Return whether a cell under such a header is not about a person: blank, a dash, a total, a known word."""
        if not isinstance(value, str):
            return value is None
        if is_token(value):
            return not is_padded_number(value)
        if header_kind(value) not in ("", "person", "notes") or not re.search(r"\w", value):
            return True
        if re.search(r"\d", value):  # no known word vouches for a number or a date
            return False
        return is_ordinary(value) or self.known_values(value.strip())


def _add_line(finding: Finding, sheet: Sheet) -> Finding:
    """Return a finding that states whether its cell is in a signature or another line under the table."""
    row = re.search(r"\d+", finding.cell)
    line = looks_like(sheet.rows, int(row[0]) - 1) if row else ""
    return replace(finding, arguments={**finding.arguments, "looks_like": line}) if line else finding


def _header_kind(text: str) -> HeaderKind | None:
    """Return the kind of a heading; an age column counts as one where exact birth dates are typed by mistake."""
    return header_kind(text, in_parts=True) or ("birth" if text.strip().casefold() in _AGE_HEADINGS else None)


def _find_unkeyed(sheet: Sheet, row: int, label: str, number: int) -> list[Finding]:
    place = unkeyed_row(sheet.rows, number - 1, row)
    return [] if place is None else [Finding("refuse", "token_unkeyed", label, cell_name(place + 1, number))]


def _kind_under(header: HeaderKind, value: CellValue) -> str:
    if header == "birth":
        return "birth_date" if _is_birth_date(value) else ""
    if header == "token":
        return _kind_in_token_column(value)
    if header in ("person", "notes"):
        is_name = begins_like_name if header == "person" else is_lone_given_name
        return "personal_name" if isinstance(value, str) and is_name(value) else ""
    return "forbidden_column"


def _kind_in_token_column(value: CellValue) -> str:
    """Return the kind of a cell in a token column: raw number or name; broken tokens are for `row_checks.py`."""
    text = str(value).strip()
    if looks_like_hash(text):
        return "token_unkeyed"
    if _TOKEN_LIKE.match(text):
        return "raw_identifier" if is_padded_number(text) else ""
    if begins_like_name(text):
        return "personal_name"
    if is_case_number(text):
        return "raw_case_number"
    return "raw_identifier" if re.fullmatch(r"\S*\d\S*", text) else ""


def _is_birth_date(value: CellValue) -> bool:
    if isinstance(value, str):
        day, problem = read_date(value, day_first=True)
        is_exact = day is not None and problem != "date_incomplete"
        is_hijri = problem == "date_hijri" and re.search(r"\d", value) is not None  # رجب alone may be a name
        return is_exact or is_hijri or is_full_date(value) or _is_packed_date(value)
    return isinstance(value, datetime.date) or (
        isinstance(value, int) and (value in _DAY_NUMBERS or value in _DATE_NUMBERS)
    )


def _is_packed_date(text: str) -> bool:
    """Return whether a text is a date without separators (19900312) or a spreadsheet's day number."""
    plain = fold_digits(text).strip().lstrip("0")
    is_short = plain.isdecimal() and len(plain) <= len(str(_DATE_NUMBERS.stop))  # `int` takes no thousands of figures
    return is_short and (int(plain) in _DAY_NUMBERS or int(plain) in _DATE_NUMBERS)


def _is_header_row(row: Iterable[CellValue]) -> bool:
    """Return whether a row is mostly words and holds no pseudonymous ID: a year among headings is a heading."""
    cells = [cell for cell in row if cell is not None]
    words = [cell for cell in cells if isinstance(cell, str) and not cell.strip().isdigit()]
    return 2 * len(words) > len(cells) and not any(is_token(word) for word in words)


def _finding_at_first(
    column: tuple[CellValue, ...], values: set[CellValue], kind: str, label: str, number: int
) -> Finding:
    rows = [row for row, value in enumerate(column, start=1) if value in values]
    return Finding("refuse", kind, label, cell_name(rows[0], number), {"count": str(len(rows))})
