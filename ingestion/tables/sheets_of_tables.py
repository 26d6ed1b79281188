"""Which sheet of a file holds a table of a card: by name, or by the year or governorate that it is named after.

Belongs here: pairing the tables of a card with the sheets of a file. Does not belong here: where in the sheet a table
is (`sheet_regions.py`), which of its rows are data (`table_finder.py`).
"""

from __future__ import annotations

from ingestion.cards.source_card import SourceCard
from ingestion.files.file_facts import is_blank
from ingestion.files.reader import Sheet, Workbook
from ingestion.tables.cell_values import place_of_sheet
from ingestion.tables.header_rows import Row, find_header
from ingestion.tables.sheet_regions import patterns_of
from ingestion.text.folding import fold

_LEAST_SHEETS = 2  # named after governorates, before they count as parts of one table


def sheets_of_tables(workbook: Workbook, card: SourceCard) -> list[tuple[str, Sheet]]:
    """Return the pairs of a table's name and a sheet that may hold it; a text file has one."""
    return _pairs_of_csv(workbook, card) if workbook.encoding else _pairs_by_name(workbook, card)


def filled_columns(row: Row) -> list[int]:
    """Return the columns of a row that are not blank."""
    return [column for column, value in enumerate(row) if not is_blank(value)]


def _pairs_by_name(workbook: Workbook, card: SourceCard) -> list[tuple[str, Sheet]]:
    pairs: list[tuple[str, Sheet]] = []
    for name, table in card.tables.items():
        names = {fold(sheet) for sheet in table.sheets}
        if "*" not in table.sheets:
            pairs += [(name, sheet) for sheet in workbook.sheets if fold(sheet.name) in names]
            continue
        scored = [(len(find_header(sheet, table).columns), sheet) for sheet in workbook.sheets if sheet.rows]
        best = max((score for score, _ in scored), default=0)
        complete = len(table.required_headers)
        pairs += [(name, sheet) for score, sheet in scored if score >= complete or score == best]
    named = {sheet.name for _, sheet in pairs}
    pairs += _sheets_by_place(workbook, card, {name for name, _ in pairs})
    return pairs + [
        pair for sheet in workbook.sheets if sheet.name not in named for pair in _sheets_by_year(sheet, card)
    ]


def _sheets_by_place(workbook: Workbook, card: SourceCard, there: set[str]) -> list[tuple[str, Sheet]]:
    """Return the table of which several sheets are parts, each named after another governorate.

    They are read only if no sheet has the name of such a table, whose rows they might repeat. If the card says that a
    table comes so, one sheet is enough, and sheets of other names may be present.
    """
    sheets = [sheet for sheet in workbook.sheets if any(map(filled_columns, sheet.rows))]
    parts = {sheet.name: place for sheet in sheets if (place := place_of_sheet(sheet.name))}
    agreed = [name for name, table in card.tables.items() if table.place_from == "sheet"]
    is_parted = there.isdisjoint(agreed) if agreed else not there and len(parts) >= _LEAST_SHEETS
    if card.kind != "authority" or not parts or not is_parted or len(set(parts.values())) < len(parts):
        return []
    own = [sheet for sheet in sheets if sheet.name in parts]
    table = _likeliest_table(own[0], card, agreed or list(card.tables))
    return [(table, sheet) for sheet in own if len(find_header(sheet, card.tables[table]).columns) > 1]


def _sheets_by_year(sheet: Sheet, card: SourceCard) -> list[tuple[str, Sheet]]:
    """Return the table whose sheets may be named by years as this one is; its header shows which."""
    names = [
        name
        for name, table in card.tables.items()
        if any(pattern.fullmatch(fold(sheet.name)) for pattern in patterns_of(table))
    ]
    return [(_likeliest_table(sheet, card, names), sheet)] if names else []


def _pairs_of_csv(workbook: Workbook, card: SourceCard) -> list[tuple[str, Sheet]]:
    """Return the pair for a text file, which has one table and no sheet name: its header shows which table it is."""
    sheet = workbook.sheets[0]
    return [(_likeliest_table(sheet, card, list(card.tables)), sheet)]


def _likeliest_table(sheet: Sheet, card: SourceCard, names: list[str]) -> str:
    """Return the table that recognises most of the headings, even if a required one is misspelt.

    By completeness alone, a list of victims with a wrong heading would be taken for the list of cases, whose few
    headings are all present.
    """

    def likeness(name: str) -> tuple[int, bool, float]:
        table = card.tables[name]
        header = find_header(sheet, table)
        return len(header.columns), header.is_complete(table), len(header.columns) / len(table.headings)

    return max(names, key=likeness)
