"""Where the tables of a file stand: which sheet, which header rows, which rows are data.

Belongs here: the layout of exports: title rows, one or two header rows, running numbers, totals, footers, signatures.
Does not belong here: what a cell is worth (`cells.py`), what becomes of a row (`conform.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingestion.card import SourceCard, TableCard, load_shape
from ingestion.findings import Finding, cell_name, column_letters
from ingestion.headings import RUNNING_NUMBERS, header_named, is_form_name, known_headings, nearest_heading, wordings
from ingestion.privacy import is_token
from ingestion.reader import UNCALCULATED, CellValue, Sheet, Workbook
from ingestion.template_versions import as_made
from ingestion.text import fold, parse_number

Row = list[CellValue]
_HEADER_WITHIN = 30  # rows; no export seen has more titles above its header
_LONGEST_HEADER, _GREATEST = 80, 2**53
_MOST_SUGGESTIONS = 100  # columns of a sheet for which the nearest heading is looked up
_TOTAL = re.compile(
    r"(المجموع|المجموع الكلي|المجموع العام|مجموع|الاجمالي|اجمالي|total|grand total|كوي كشتي|كو)[ :]*(\d+)?"
)
_FILLED_TYPES = ("token", "code", "codes", "date", "year", "label", "citation")  # a merged number is said once


@dataclass(frozen=True)
class FoundTable:
    """A table of the card in a sheet of the file. Rows and columns count from 0.

    Args:
        name: the table's name in the card.
        card: its card.
        sheet: its sheet, with merged data cells filled downwards.
        columns: column -> field.
        ignored: columns that the card knows and does not take, such as the running number.
        data_rows: the rows that are data, in order.
        rows_after_total: those of them that stand below the total.
        total_row: the row of the sender's own total, or None.
        stated_count: the number that stands in the total's label (`المجموع 25`), or None.
    """

    name: str
    card: TableCard
    sheet: Sheet
    columns: dict[int, str]
    ignored: list[int]
    data_rows: list[int]
    rows_after_total: set[int] = field(default_factory=set[int])
    total_row: int | None = None
    stated_count: int | None = None

    @property
    def headers(self) -> dict[str, str]:
        """Field -> header, as the card writes it."""
        return {name: header for header, name in self.card.columns.items()}


@dataclass
class _Header:
    """The best reading of a sheet's header for one table."""

    row: int = 0
    height: int = 1
    columns: dict[int, str] = field(default_factory=dict[int, str])  # column -> header as in the card
    ignored: list[int] = field(default_factory=list[int])
    running: list[int] = field(default_factory=list[int])  # those of the ignored that number the rows
    extra: dict[int, str] = field(default_factory=dict[int, str])  # column -> heading that the card does not know
    twice: list[int] = field(default_factory=list[int])
    is_by_form: bool = False  # a row of field names, such as `prs_Gender`

    @property
    def first_data_row(self) -> int:
        return self.row + self.height


def find_tables(workbook: Workbook, card: SourceCard) -> tuple[list[FoundTable], list[Finding]]:
    """Return the tables of `card` that stand in the file, and what is wrong with its layout.

    Every table of a card is optional, one at least must be there. Findings: `sheet_missing`, `header_missing`,
    `header_twice` refuse; `table_missing`, `sheet_unknown`, `unknown_column`, `row_skipped`, `merged_number`,
    `template_older`, `template_unknown` are flags. Sheets of the house are set aside.
    """
    workbook, card, findings = as_made(workbook, card)
    pairs = _pairs_of_csv(workbook, card) if workbook.encoding else _pairs_by_name(workbook, card)
    if not pairs:
        expected = "، ".join(table.sheets[0] for table in card.tables.values())
        found = "، ".join(sheet.name for sheet in workbook.sheets)
        return [], [Finding("refuse", "sheet_missing", arguments={"expected": expected, "found": found})]
    tables: list[FoundTable] = []
    for name, sheet in pairs:
        header = _find_header(sheet, card.tables[name])
        problems = _header_problems(header, sheet, card.tables[name])
        findings += problems
        if not any(problem.severity == "refuse" for problem in problems):
            table, skipped = _found(name, card.tables[name], sheet, header)
            tables.append(table)
            findings += skipped
    return tables, findings + (_absent(workbook, card, pairs) if not workbook.encoding else [])


def filled(row: Row) -> list[int]:
    """Return the columns of a row that are not blank."""
    return [column for column, value in enumerate(row) if value is not None and not _is_blank_text(value)]


def _is_blank_text(value: CellValue) -> bool:
    return isinstance(value, str) and not value.strip()


def _pairs_by_name(workbook: Workbook, card: SourceCard) -> list[tuple[str, Sheet]]:
    pairs: list[tuple[str, Sheet]] = []
    for name, table in card.tables.items():
        names = {fold(sheet) for sheet in table.sheets}
        if "*" not in table.sheets:
            pairs += [(name, sheet) for sheet in workbook.sheets if fold(sheet.name) in names]
            continue
        scored = [(len(_find_header(sheet, table).columns), sheet) for sheet in workbook.sheets if sheet.rows]
        best = max((score for score, _ in scored), default=0)
        complete = len(table.required_headers)
        pairs += [(name, sheet) for score, sheet in scored if score >= complete or score == best]
    return pairs


def _pairs_of_csv(workbook: Workbook, card: SourceCard) -> list[tuple[str, Sheet]]:
    """A text file has one table and no sheet name: its header says which."""
    sheet = workbook.sheets[0]

    def likeness(name: str) -> tuple[bool, float]:
        table = card.tables[name]
        found = set(_find_header(sheet, table).columns.values())
        return not set(table.required_headers) - found, len(found) / len(table.columns)

    return [(max(card.tables, key=likeness), sheet)]


def _absent(workbook: Workbook, card: SourceCard, pairs: list[tuple[str, Sheet]]) -> list[Finding]:
    """Flag the card's tables that the file does not have, and the file's sheets that the card does not have."""
    used = {sheet.name for _, sheet in pairs}
    there = {name for name, _ in pairs}
    missing = [table.sheets[0] for name, table in card.tables.items() if name not in there]
    unknown = [sheet.name for sheet in workbook.sheets if sheet.name not in used and any(map(filled, sheet.rows))]
    return [Finding("flag", "table_missing", arguments={"expected": sheet}) for sheet in missing] + [
        Finding("flag", "sheet_unknown", sheet) for sheet in unknown
    ]


# Headers


def _find_header(sheet: Sheet, table: TableCard) -> _Header:
    """Return the reading of the first rows that knows most headers: one row, or a row of groups over a row."""
    known = known_headings(table)
    best = _Header()
    for row in range(min(len(sheet.rows), _HEADER_WITHIN)):
        for height in (1, 2):
            if row + height <= len(sheet.rows):
                header = _read_header(sheet.rows, row, height, known)
                best = max(best, header, key=_likeness)  # a tie: the first
    if not best.columns:
        best.extra = dict(_texts(sheet.rows[best.row])) if sheet.rows else {}
    return best


def _likeness(header: _Header) -> tuple[bool, int, int]:
    """Rank a reading: by the headers it knows, one row before two; field names (HTCDS hides them) below headings."""
    return len(header.columns) > 1 and not header.is_by_form, len(header.columns), -header.height


def _read_header(rows: list[Row], row: int, height: int, known: dict[str, str]) -> _Header:
    header = _Header(row, height, is_by_form=all(is_form_name(text) for _, text in _texts(rows[row])))
    group = ""
    for column in range(len(rows[row])):
        top = _heading(rows[row][column])
        sub = _heading(rows[row + 1][column]) if height == 2 else ""
        group = top or (group if sub else "")
        names = (f"{group} / {sub}", sub) if sub and group else (sub or top,)
        match = header_named(names, known)
        if match is None:
            if names[0]:
                header.extra[column] = names[0]
        elif match in header.columns.values():
            header.twice.append(column)
        elif match:
            header.columns[column] = match
        else:
            header.ignored.append(column)
            if fold(names[-1]) in RUNNING_NUMBERS:
                header.running.append(column)
    return header


def _heading(value: CellValue) -> str:
    return " ".join(value.split()) if isinstance(value, str) and len(value) <= _LONGEST_HEADER else ""


def _texts(row: Row) -> Iterator[tuple[int, str]]:
    for column, value in enumerate(row):
        if heading := _heading(value):
            yield column, heading


def _header_problems(header: _Header, sheet: Sheet, table: TableCard) -> list[Finding]:
    there = set(header.columns.values())
    missing = [name for name in table.required_headers if name not in there]
    findings = [_missing(name, wordings(table, name), header, sheet) for name in missing]
    for column in header.twice:
        place = cell_name(header.row + header.height, column + 1)
        heading = _heading(sheet.rows[header.first_data_row - 1][column]) or _heading(sheet.rows[header.row][column])
        findings.append(Finding("refuse", "header_twice", sheet.name, place, {"column": heading}))
    if missing:
        return findings
    known = wordings(table)
    for count, (column, heading) in enumerate(header.extra.items()):
        place = cell_name(header.row + header.height, column + 1)
        near = nearest_heading([heading], known) if count < _MOST_SUGGESTIONS else next(iter(table.columns))
        findings.append(Finding("flag", "unknown_column", sheet.name, place, {"column": heading, "nearest": near}))
    return findings + _columns_without_heading(header, sheet)


def _missing(name: str, written: Sequence[str], header: _Header, sheet: Sheet) -> Finding:
    """Name the header that is missing and the heading nearest to it: of the header row, else of the first rows."""
    headings = {heading: (header.first_data_row - 1, column) for column, heading in header.extra.items()}
    if not header.columns:
        for row in range(min(len(sheet.rows), _HEADER_WITHIN) - 1, -1, -1):
            headings |= {heading: (row, column) for column, heading in _texts(sheet.rows[row])}
    near = nearest_heading(written, headings) or "—"
    row, column = headings.get(near, (header.row, 0))
    arguments = {"expected": name, "nearest": near}
    return Finding("refuse", "header_missing", sheet.name, cell_name(row + 1, column + 1), arguments)


def _columns_without_heading(header: _Header, sheet: Sheet) -> list[Finding]:
    """Flag columns that hold something under no heading at all."""
    bare = set(range(len(sheet.rows[0]))) - set(header.columns) - set(header.extra)
    top = sheet.rows[header.row : header.first_data_row]
    bare -= {column for row in top for column in filled(row)}
    held = {column for row in sheet.rows[header.first_data_row :] for column in bare if row[column] is not None}
    near = next(iter(header.columns.values()))
    return [
        Finding(
            "flag",
            "unknown_column",
            sheet.name,
            cell_name(header.first_data_row, column + 1),
            {"column": column_letters(column + 1), "nearest": near},
        )
        for column in sorted(held)
    ]


# Rows


def _found(name: str, card: TableCard, sheet: Sheet, header: _Header) -> tuple[FoundTable, list[Finding]]:
    columns = {column: card.columns[heading] for column, heading in header.columns.items()}
    sheet, not_filled = _with_merged_filled(sheet, header.first_data_row, _filled_columns(card, columns))
    rows, mapped = sheet.rows, sorted(columns)
    total_row, stated = _total_of(rows, header.first_data_row, mapped[0])
    numbered = {row for row in range(header.first_data_row, len(rows)) if _has_number(rows[row], header.running)}
    numbered_end = max((row + 1 for row in numbered if total_row is None), default=0)
    end = max(_end_of_data(rows, header.first_data_row, total_row, mapped), numbered_end)
    data = [row for row in range(header.first_data_row, end) if row in numbered or _is_data(rows[row], mapped)]
    below = range(len(rows) if total_row is None else total_row + 1, len(rows))
    after = [row for row in below if row in numbered or _is_data_below(rows[row], mapped)]
    taken = {*data, *after, *([] if total_row is None else [total_row])}
    last = max(taken, default=-1)  # a signature block below it is no row and needs no word
    left = (row for row in range(header.first_data_row, len(rows)) if row not in taken)
    findings = _skipped(sheet, [row for row in left if row < last or not is_note(rows[row])])
    findings += [
        Finding("flag", "merged_number", sheet.name, cell_name(row + 1, column + 1))
        for row, column in not_filled
        if row in taken and column in columns
    ]
    return FoundTable(name, card, sheet, columns, header.ignored, data + after, set(after), total_row, stated), findings


def _skipped(sheet: Sheet, rows: list[int]) -> list[Finding]:
    held = [(row, there[0]) for row in rows if (there := filled(sheet.rows[row]))]
    return [Finding("flag", "row_skipped", sheet.name, cell_name(row + 1, column + 1)) for row, column in held]


def _has_number(row: Row, running: list[int]) -> bool:
    return any(whole_number(row[column]) is not None for column in running)


def _is_data(row: Row, mapped: list[int]) -> bool:
    there = [row[column] for column in mapped if not _says_nothing(row[column])]
    return len(there) > 1 or (bool(there) and not _is_words(there[0]))


def _filled_columns(card: TableCard, columns: dict[int, str]) -> set[int]:
    fields = load_shape(card.shape).fields
    return {column for column, name in columns.items() if fields[name].type in _FILLED_TYPES}


def _says_nothing(value: CellValue) -> bool:
    return value is None or _is_blank_text(value)


def _is_words(value: CellValue) -> bool:
    """Return whether a cell holds words only: no number, date, token or formula, which only data rows have."""
    if not isinstance(value, str) or value == UNCALCULATED:
        return False
    return not is_token(value.strip()) and not any(letter.isdigit() for letter in value)


def _with_merged_filled(sheet: Sheet, first_data_row: int, fill: set[int]) -> tuple[Sheet, list[tuple[int, int]]]:
    """Return the sheet with each block that is merged over data rows filled downwards in its first column.

    Only columns of `fill` are filled; the cells of the others that stay blank come as the second answer.
    """
    blocks = [block for block in sheet.merged if block[0] > first_data_row and block[2] > block[0]]
    if not blocks:
        return sheet, []
    rows = list(sheet.rows)
    not_filled: list[tuple[int, int]] = []
    for first, column, last, _ in blocks:
        if _says_nothing(rows[first - 1][column - 1]):
            continue
        if column - 1 not in fill:
            not_filled += [(row, column - 1) for row in range(first, last)]
            continue
        for row in range(first, last):
            rows[row] = list(rows[row])
            rows[row][column - 1] = rows[first - 1][column - 1]
    return Sheet(sheet.name, rows, sheet.merged), not_filled


def _total_of(rows: list[Row], start: int, first_mapped: int) -> tuple[int | None, int | None]:
    """Return the row of the sender's total and the count in its label.

    A total's label is the first filled cell of its row, at the left edge: in the middle of a row `Total` is a category.
    """
    for row in range(start, len(rows)):
        for column in range(first_mapped + 1):
            value = rows[row][column]
            if _says_nothing(value):
                continue
            if isinstance(value, str) and len(value) < 40 and (found := _TOTAL.fullmatch(fold(value))):
                return row, int(found[2]) if found[2] else None
            break
    return None, None


def _end_of_data(rows: list[Row], start: int, total_row: int | None, mapped: list[int]) -> int:
    """Return the row behind the last data row: the total, else the footers at the bottom left out."""
    if total_row is not None:
        return total_row
    end = len(rows)
    while end > start and _is_footer(rows[end - 1], mapped):
        end -= 1
    return end


def _is_footer(row: Row, mapped: list[int]) -> bool:
    """Return whether a row at the bottom is blank, a note or a signature: at most two cells, of words only."""
    return is_note([row[column] for column in mapped])


def is_note(cells: Row) -> bool:
    """Return whether cells are those of a note or a signature: at most two, of words only."""
    there = [cell for cell in cells if not _says_nothing(cell)]
    return len(there) <= 2 and all(map(_is_words, there))


def _is_data_below(row: Row, mapped: list[int]) -> bool:
    """Return whether a row below the total looks like data, so that none is lost without a word."""
    there = [row[column] for column in mapped if not _says_nothing(row[column])]
    has_token = any(isinstance(value, str) and is_token(value.strip()) for value in there)
    is_full = len(there) >= 3 and not all(map(_is_words, there))
    return has_token or (is_full and not is_total(row))


def is_total(row: Row) -> bool:
    """Return whether the first filled cell of a row is the label of a total."""
    there = filled(row)
    first = row[there[0]] if there else None
    return isinstance(first, str) and _TOTAL.fullmatch(fold(first)) is not None


def whole_number(value: CellValue) -> int | None:
    """Return the whole number that a cell of a total row states, or None."""
    if value is None or isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    number = parse_number(str(value)) if not isinstance(value, int) else value
    return int(number) if number is not None and abs(number) <= _GREATEST and number == int(number) else None
