"""Where the tables of a file are: which sheet, which rows are data, which are totals, notes and signatures.

Belongs here: which tables of a card the file has and which of their rows are data, counted or reported as left out.
Does not belong here: which sheet a table may be in (`sheets_of_tables.py`), the header (`header_rows.py`), several
tables in a sheet (`sheet_regions.py`), the labels of totals (`totals.py`), the meaning of a cell (`cell_values.py`),
what becomes of a row (`row_checks.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ingestion.cards.source_card import SourceCard, TableCard, load_shape
from ingestion.files.file_facts import is_blank
from ingestion.files.reader import Sheet, Workbook
from ingestion.findings import Finding, cell_name
from ingestion.tables.cell_values import place_of_sheet
from ingestion.tables.counted_tables import find_first_count
from ingestion.tables.footnotes import is_note, is_words
from ingestion.tables.header_rows import Row, find_header, header_problems
from ingestion.tables.sheet_regions import Block, blocks_of, find_unknown_header, year_of_sheet
from ingestion.tables.sheets_of_tables import filled_columns, sheets_of_tables
from ingestion.tables.signatures import count_lines, is_count, is_signature_line
from ingestion.tables.template_versions import adapt_to_template, is_of_another
from ingestion.tables.totals import Total, last_total, total_at, whole_number
from ingestion.text.periods import year_in
from ingestion.text.tokens import is_token
from ingestion.text.typed_numbers import DecimalSign

_OF_RECORDS = {"victims", "accused", "cases", "services", "residence_measures"}  # no row is a text and numbers
_HALF = 2
_FILLED_TYPES = ("token", "code", "codes", "date", "year", "label", "citation")  # a merged number counts once


@dataclass(frozen=True)
class FoundTable:
    """A table of the card in a sheet of the file. Rows and columns count from 0.

    Args:
        name: the table's name in the card.
        card: its card.
        sheet: its sheet, with merged data cells filled downwards.
        title_rows: the rows above its header, back to the table before it.
        place: the sheet as its rows name it, see `Block.place`.
        columns: column -> field.
        second: column -> second field that is read from it.
        cells: column of figures -> heading as in the card, if each figure is a record of its own.
        ignored: columns that the card recognises but does not read, such as the running number.
        data_rows: the rows that are data, in order.
        rows_after_total: those of them below the total.
        foreign_rows: those of them below a header which no table of the card has.
        totals: the sender's totals and subtotals, in order.
        stated_year: the year in the title or the sheet's name, if no column states it.
        sheet_year: the year that the sheet is named after, or None.
        sheet_place: the governorate that it is named after, or None.
        sheet_states: the words of its name that state a period, once the table is taken; None before.
        decimal_signs: column of numbers -> the sign before decimals that its cells proved as typed, once it is taken.
        hidden_rows: the data rows that a filter, a person or the workbook hides, once the table is taken.
        unkept_orders: column of dates -> how many cells, not kept, fitted only the day first, only the month first.
    """

    name: str
    card: TableCard
    sheet: Sheet
    title_rows: range
    place: str
    columns: dict[int, str]
    second: dict[int, str]
    cells: dict[int, str]
    ignored: list[int]
    data_rows: list[int]
    rows_after_total: set[int] = field(default_factory=set[int])
    foreign_rows: set[int] = field(default_factory=set[int])
    totals: list[Total] = field(default_factory=list[Total])
    stated_year: int | None = None
    sheet_year: int | None = None
    sheet_place: str | None = None
    sheet_states: str | None = None
    decimal_signs: dict[int, DecimalSign] = field(default_factory=dict[int, DecimalSign])
    unkept_orders: dict[int, tuple[int, int]] = field(default_factory=dict[int, tuple[int, int]])
    hidden_rows: set[int] = field(default_factory=set[int])

    @property
    def headers(self) -> dict[str, str]:
        """Field -> header, as the card writes it."""
        return {name: header for header, name in (*self.card.columns.items(), *self.card.also_as.items())}

    @property
    def read_columns(self) -> list[int]:
        """The columns that are read, in order."""
        return sorted({*self.columns, *self.cells})


def find_tables(workbook: Workbook, card: SourceCard) -> tuple[list[FoundTable], list[Finding]]:
    """Return the tables of `card` that are in the file, and what is wrong with its layout.

    Every table of a card is optional, but at least one is required. Findings: `sheet_missing`, `template_of_another`,
    `header_missing`, `header_twice`, `period_unstated`, `counts_instead_of_records` refuse; `table_missing`,
    `sheet_unknown`, `unknown_column`, `unknown_table`, `row_skipped`, `merged_number`,
    `template_older`, `template_unknown` are flags.
    Sheets that Marsad added are left out.
    """
    whole = workbook
    workbook, card, findings = adapt_to_template(workbook, card)
    pairs = sheets_of_tables(workbook, card)
    if not pairs and (counted := _counts_instead(workbook.sheets, list(card.tables.values()))):
        return [], counted
    if not pairs and is_of_another(whole, card):
        return [], [Finding("refuse", "template_of_another")]
    if not pairs:
        expected = "، ".join(table.sheets[0] for table in card.tables.values())
        return [], [Finding("refuse", "sheet_missing", arguments={"expected": expected})]
    tables: list[FoundTable] = []
    blocks = list(_blocks(pairs, card))
    for block in blocks:
        problems = header_problems(block.header, block.sheet, block.table)
        if any(problem.kind == "header_missing" for problem in problems):
            problems = _counts_instead([block.sheet], [block.table]) or problems
        findings += problems
        if not any(problem.severity == "refuse" for problem in problems):
            table, more = read_block(block, card)
            tables.append(table)
            findings += more
    return tables, findings + (_flag_absent(workbook, card, blocks) if not workbook.encoding else [])


def _counts_instead(sheets: list[Sheet], tables: list[TableCard]) -> list[Finding]:
    """Report at the first cell of a table of counts that records of persons or cases are wanted."""
    if not {table.shape for table in tables} <= _OF_RECORDS:
        return []
    first_counts = [(sheet.name, find_first_count(sheet)) for sheet in sheets]
    return [
        Finding("refuse", "counts_instead_of_records", name, cell_name(place[0] + 1, place[1] + 1))
        for name, place in first_counts
        if place
    ]


def _blocks(pairs: list[tuple[str, Sheet]], card: SourceCard) -> Iterator[Block]:
    """Yield the tables of all sheets, each once, even if the names of its sheet match several."""
    seen: set[tuple[str, int, int]] = set()
    names: set[tuple[str, str]] = set()
    for name, sheet in pairs:
        if (name, sheet.name) in names:
            continue
        for block in blocks_of(name, sheet, card):
            place = (sheet.name, block.header.row, min(block.header.columns, default=0))
            if place not in seen or not block.header.is_complete(block.table):
                yield block
            seen.add(place)
            names.add((block.name, sheet.name))


def _flag_absent(workbook: Workbook, card: SourceCard, blocks: list[Block]) -> list[Finding]:
    """Flag the card's tables missing in the file, and the file's sheets that the card does not have."""
    used = {block.sheet.name for block in blocks}
    there = {block.name for block in blocks}
    missing = [table.sheets[0] for name, table in card.tables.items() if name not in there]
    unknown = [
        sheet.name for sheet in workbook.sheets if sheet.name not in used and any(map(filled_columns, sheet.rows))
    ]
    return [Finding("flag", "table_missing", arguments={"expected": sheet}) for sheet in missing] + [
        Finding("flag", "sheet_unknown", sheet) for sheet in unknown
    ]


def holds_headings(sheet: Sheet, card: SourceCard) -> bool:
    """Return whether a sheet has half of the required headings of a table of the card, and at least two of any."""
    for table in card.tables.values():
        there = set(find_header(sheet, table).columns.values())
        wanted = set(table.required_headers)
        if len(there) > 1 and _HALF * len(there & wanted) >= len(wanted):
            return True
    return False


# Rows


def read_block(block: Block, sender: SourceCard) -> tuple[FoundTable, list[Finding]]:
    """Return the table that stands in a block with a complete header, and the flags of its rows."""
    card, header = block.table, block.header
    columns = {column: card.columns[name] for column, name in header.columns.items() if name in card.columns}
    cells = {column: name for column, name in header.columns.items() if name in card.cells}
    sheet, not_filled = _fill_merged(block.sheet, header.first_data_row, _filled_columns(card, columns))
    foreign = find_unknown_header(block)
    rows, end = sheet.rows, len(sheet.rows) if foreign is None else foreign
    mapped = sorted({*columns, *cells})
    own = [row for row in range(header.first_data_row, end) if row not in block.repeated]
    totals = _totals_in(rows, own, card, columns, cells)
    data, after = _data_rows(rows, own, mapped, header.running, totals)
    below = [row for row in range(end + 1, len(rows)) if _is_row(rows[row])]
    table = FoundTable(
        block.name,
        card,
        sheet,
        range(block.first_row, header.row),
        block.place,
        columns,
        {column: card.also_as[name] for column, name in header.columns.items() if name in card.also_as},
        cells,
        header.ignored,
        data + after + below,
        set(after),
        set(below),
        totals,
        _stated_year(block, columns),
        year_of_sheet(sheet.name, card) if sender.kind == "authority" else None,
        place_of_sheet(sheet.name) if sender.kind == "authority" else None,
    )
    taken = {*table.data_rows, *(total.row for total in totals)}
    last = max(taken, default=-1)  # a signature block below it is no row and needs no finding
    left = (row for row in own if row not in taken)
    findings = flag_skipped(
        sheet, [row for row in left if row < last or not (is_note(rows[row]) or is_signature_line(rows[row]))]
    )
    findings += [
        Finding("flag", "merged_number", sheet.name, cell_name(row + 1, column + 1))
        for row, column in not_filled
        if row in taken and column in mapped
    ]
    return table, findings + _flag_unplaced(table, header.row, foreign)


def _flag_unplaced(table: FoundTable, header_row: int, foreign: int | None) -> list[Finding]:
    """Report that the table has no year, and that an unknown table follows it."""
    sheet, findings = table.sheet, list[Finding]()
    if table.card.period_field not in table.columns.values() and table.stated_year is None:
        findings.append(Finding("refuse", "period_unstated", sheet.name, cell_name(header_row + 1, 1)))
    if foreign is not None:
        first = filled_columns(sheet.rows[foreign])[0]
        findings.append(Finding("flag", "unknown_table", sheet.name, cell_name(foreign + 1, first + 1)))
    return findings


def _stated_year(block: Block, columns: dict[int, str]) -> int | None:
    if block.table.period_field in columns.values():
        return None
    stated = year_in(" | ".join(block.titles)) if block.table.period_from == "title" else None
    return stated or year_in(block.sheet.name)


def _totals_in(
    rows: list[Row], own: list[int], card: TableCard, columns: dict[int, str], cells: dict[int, str]
) -> list[Total]:
    """Return the totals of a table; in a table of one figure a row, `Total` after other words is a category."""
    shape = load_shape(card.shape)
    numbers = [*cells, *(column for column, name in columns.items() if shape.fields[name].type == "integer")]
    first = min((*columns, *cells))
    last = min(numbers, default=0) - 1 if cells or not shape.is_of_cells else first
    tokens = [column for column, name in columns.items() if shape.fields[name].type == "token"]
    leftmost = max(tokens, default=first)  # a label may stand under pseudonymous IDs, which are no categories
    totals = {row: total for row in own if (total := total_at(rows[row], row, leftmost, last))}
    counted = count_lines(rows) if tokens else set[int]()
    for row in own:
        if row in counted and any(is_count(rows[row][column]) for column in tokens):
            totals.setdefault(row, Total(row))
    return [totals[row] for row in sorted(totals)]


def _data_rows(
    rows: list[Row], own: list[int], mapped: list[int], running: list[int], totals: list[Total]
) -> tuple[list[int], list[int]]:
    """Return the rows that are data, and those below the total that look like data."""
    last, sums = last_total(totals), {total.row for total in totals}
    numbered = {row for row in own if _has_number(rows[row], running)}
    above = [row for row in own if last is None or row < last.row]
    if last is None:
        while above and above[-1] not in numbered and (above[-1] in sums or _is_footer(rows[above[-1]], mapped)):
            above.pop()
    data = [row for row in above if row not in sums and (row in numbered or _is_data(rows[row], mapped))]
    below = [row for row in own if last is not None and row > last.row and row not in sums]
    return data, [row for row in below if row in numbered or _is_data_below(rows[row], mapped)]


def _is_row(row: Row) -> bool:
    """Return whether a row below an unknown header is more than a note, a signature or a total."""
    return bool(filled_columns(row)) and not is_note(row) and total_at(row, 0, filled_columns(row)[0], 0) is None


def flag_skipped(sheet: Sheet, rows: list[int]) -> list[Finding]:
    """Return a flag at the first filled cell of each of these rows that is filled at all."""
    held = [(row, there[0]) for row in rows if (there := filled_columns(sheet.rows[row]))]
    return [Finding("flag", "row_skipped", sheet.name, cell_name(row + 1, column + 1)) for row, column in held]


def _has_number(row: Row, running: list[int]) -> bool:
    return any(whole_number(row[column]) is not None for column in running)


def _is_data(row: Row, mapped: list[int]) -> bool:
    there = [row[column] for column in mapped if not is_blank(row[column])]
    return len(there) > 1 or (bool(there) and not is_words(there[0]))


def _filled_columns(card: TableCard, columns: dict[int, str]) -> set[int]:
    fields = load_shape(card.shape).fields
    return {column for column, name in columns.items() if fields[name].type in _FILLED_TYPES}


def _fill_merged(sheet: Sheet, first_data_row: int, fill: set[int]) -> tuple[Sheet, list[tuple[int, int]]]:
    """Return the sheet with each block that is merged over data rows filled downwards in its first column.

    Only columns of `fill` are filled; the cells of the others that stay blank are returned second.
    """
    blocks = [block for block in sheet.merged if block.top > first_data_row and block.bottom > block.top]
    if not blocks:
        return sheet, []
    rows = list(sheet.rows)
    not_filled: list[tuple[int, int]] = []
    for first, column, last, _ in blocks:
        if is_blank(rows[first - 1][column - 1]):
            continue
        if column - 1 not in fill:
            not_filled += [(row, column - 1) for row in range(first, last)]
            continue
        for row in range(first, last):
            rows[row] = list(rows[row])
            rows[row][column - 1] = rows[first - 1][column - 1]
    return replace(sheet, rows=rows), not_filled


def _is_footer(row: Row, mapped: list[int]) -> bool:
    """Return whether a row at the bottom is blank, a note, a signature or the day of the letter."""
    return is_note([row[column] for column in mapped]) or is_signature_line(row)


def _is_data_below(row: Row, mapped: list[int]) -> bool:
    """Return whether a row below the total looks like data, so that none is lost without a finding."""
    there = [row[column] for column in mapped if not is_blank(row[column])]
    has_token = any(isinstance(value, str) and is_token(value.strip()) for value in there)
    is_full = len(there) >= 3 and not all(map(is_words, there)) and not is_signature_line(row)
    return has_token or is_full
