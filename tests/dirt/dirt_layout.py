"""Spoilt sheets: what stands above, below, between and beside the rows.

Belongs here: titles, headers, subtotals, totals, merged cells, rows typed twice, tables under tables, names of sheets.
Does not belong here: what is typed in a data cell. Every function spoils a grid in place and notes it; where the sheet
has nothing to spoil it does nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from languages.digits import ARABIC, LATIN, PERSIAN
from samples.grids import MergedSpan, SheetGrid, SheetLine
from samples.layouts import FURNITURE
from samples.life.chance import RandomStream
from samples.life.spelling import Cell
from tests.dirt.defects import Defect
from tests.dirt.dirt_dates import day_of
from tests.dirt.dirt_figures import number_of
from tests.dirt.record import Stain, Stained

_SOURCES = Path(__file__).parent.parent.parent / "ingestion" / "sources"
_DIGITS = (LATIN, ARABIC, PERSIAN)
_WRONG_BY = 3
_LEAST_WIDTH = 5
_OTHER_TOTALS = ("المجموع الكلي", "مجموع 15 محافظة", "الإجمالي الكلي", "المجموع الكلي للمحافظات", "كۆی گشتیی", "Totals")
_NUMBERS = {words.running_number for words in FURNITURE.values()}
_TOTALS = {words.running_number: words.total for words in FURNITURE.values()}
_PERSONAL = ("0770 123 4567", "اسم الشاهد زيد عمرو بكر", "199012345678")  # all invented


def three_row_header(stained: Stained, grid: SheetGrid, chance: RandomStream) -> None:
    """Put a row of wide groups over the header."""
    header = grid.lines_of_kind("header")[0]
    if grid.is_first_row_hidden or len(header.cells) < 4:
        return
    middle = next(span.column for span in [*header.spans, MergedSpan(len(header.cells) // 2, 0)] if span.column >= 2)
    cells: list[Cell] = [None] * len(header.cells)
    cells[0], cells[middle] = "بيانات عامة", "تفاصيل"
    spans = [MergedSpan(0, middle - 1), MergedSpan(middle, len(cells) - 1)]
    _insert(grid, grid.lines.index(header), SheetLine("other", cells, spans))
    stained.defects.add(Defect.THREE_ROW_HEADER)


def titles_and_signatures(stained: Stained, grid: SheetGrid, chance: RandomStream) -> None:
    """Put more titles above, a note and signatures below."""
    if not grid.is_first_row_hidden:
        for title in chance.some_of(["بسم الله الرحمن الرحيم", "سري", "العدد: 1/2/77", ""], 2):
            _insert(grid, 0, SheetLine("title", [title or None]))
    blank: list[Cell] = [None] * (grid.width - 2)
    for text in chance.some_of(["التوقيع", "المدير العام", "مدقق الشعبة", "ملاحظة: الأرقام أولية"], 3):
        grid.add("other", [*blank, text])
    stained.defects.add(Defect.TITLES_AND_SIGNATURES)


def dated_signature(stained: Stained, grid: SheetGrid, chance: RandomStream) -> None:
    """Put the day of the letter under the signature."""
    grid.add("other", [*[None] * (grid.width - 2), chance.one_of(["حرر في 5/1/2025", "التاريخ: ٥/١/٢٠٢٥"])])
    stained.defects.add(Defect.DATED_SIGNATURE)


def signatures_across(stained: Stained, grid: SheetGrid, chance: RandomStream) -> None:
    """Put the signatures of several persons below, without their names, and their ranks under them."""
    if grid.width >= _LEAST_WIDTH:
        for words in (["نظمه", None, "دققه", "صادق عليه"], ["المفوض", None, "الرائد", "مدير القسم"]):
            grid.add("other", [None, *words])
        stained.defects.add(Defect.SIGNATURES_ACROSS)


def signed_by_name(stained: Stained, grid: SheetGrid, chance: RandomStream) -> None:
    """Put a signature with a name below."""
    line = grid.add("other", [None] * grid.width)
    stained.stain(Defect.SIGNED_BY_NAME, line, 1, "نظمه المفوض زيد عمرو بكر")


def count_under_tokens(stained: Stained, grid: SheetGrid, chance: RandomStream) -> None:
    """State under the tokens how many rows there are."""
    columns = [place for place, column in enumerate(grid.columns) if column and column.field.endswith("_token")]
    totals, data = grid.lines_of_kind("total"), grid.lines_of_kind("data")
    label = _TOTALS.get(str(grid.lines_of_kind("header")[0].cells[0]))
    if not columns or not data or label is None:
        return
    line = totals[-1] if totals else grid.add("other", [label])
    line.cells += [None] * (columns[0] + 1 - len(line.cells))
    line.cells[columns[0]] = len(data)
    stained.defects.add(Defect.COUNT_UNDER_TOKENS)


def total_in_other_words(stained: Stained, grid: SheetGrid, chance: RandomStream) -> None:
    """Label the total as other offices do."""
    for line in grid.lines_of_kind("total"):
        if isinstance(line.cells[0], str) and not stained.is_stained(line, 0):
            line.cells[0] = chance.one_of(_OTHER_TOTALS)
            stained.defects.add(Defect.TOTAL_IN_OTHER_WORDS)


def partial_period(stained: Stained, grid: SheetGrid) -> None:
    """Put a title above that says from when till when the sheet counts."""
    if grid.is_first_row_hidden:
        return
    column = _period_column(stained, grid)
    days = [day for line in grid.lines_of_kind("data") if column is not None and (day := day_of(line.cells[column]))]
    if days:
        last = max(days)
        _insert(grid, 0, SheetLine("title", [f"للمدة من 1/1 ولغاية {last.day}/{last.month}/{last.year}"]))
        stained.defects.add(Defect.PARTIAL_PERIOD)


def subtotals(stained: Stained, grid: SheetGrid, chance: RandomStream) -> None:
    """Put a subtotal under some of the rows; the rows below it are those a total hides."""
    data = grid.lines_of_kind("data")
    label = _TOTALS.get(str(grid.lines_of_kind("header")[0].cells[0]))
    if label is None or len(data) < 2:
        return
    above = chance.between(1, len(data) - 1)
    sums = [_sum(data[:above], place) if _is_count(grid, place) else None for place in range(1, len(data[0].cells))]
    # without sums it counts its rows
    line = SheetLine("other", [label if any(sums) else f"{label} {above}", *sums])
    _insert(grid, grid.lines.index(data[above]), line)
    stained.after_subtotal |= set(data[above:])
    stained.to_clear.append((Defect.SUBTOTALS, line))
    stained.defects.add(Defect.SUBTOTALS)


def wrong_total(stained: Stained, grid: SheetGrid, chance: RandomStream) -> None:
    """Add a few to a sum."""
    for line in grid.lines_of_kind("total"):
        places = [place for place, cell in enumerate(line.cells) if number_of(cell) is not None]
        for place in places[:1]:
            stained.stain(Defect.WRONG_TOTAL, line, place, (number_of(line.cells[place]) or 0) + _WRONG_BY)


def duplicate_row(stained: Stained, grid: SheetGrid, line: SheetLine) -> None:
    """Type a row a second time under itself, whatever is spoilt in it; the sender's sums count it twice."""
    copy = SheetLine("data", [*line.cells])
    stained.originals[copy], stained.tables[copy] = stained.originals[line], stained.tables[line]
    stained.stains += [
        Stain(stain.defect, copy, stain.column, stain.clean, stain.reads_as)
        for stain in stained.stains
        if stain.line is line
    ]
    _insert(grid, grid.lines.index(line) + 1, copy)
    stained.to_clear.append((Defect.DUPLICATE_ROWS, copy))
    stained.defects.add(Defect.DUPLICATE_ROWS)


def add_up(grid: SheetGrid) -> None:
    """Let the sender's sums be those of what is typed now, as her spreadsheet would."""
    for line in grid.lines_of_kind("total"):
        for place, cell in enumerate(line.cells):
            if number_of(cell) is not None:
                line.cells[place] = _sum(grid.lines_of_kind("data"), place)


def merged_cells(stained: Stained, grid: SheetGrid, chance: RandomStream) -> None:
    """Merge two cells of the same words, one above the other."""
    for above, below in zip(grid.lines, grid.lines[1:], strict=False):
        for place, column in enumerate(grid.columns):
            is_free = column is not None and column.kind in (
                "governorate",
                "citizenship",
                "sex",
                "exploitation",
                "date",
            )
            same = above.kind == below.kind == "data" and above.cells[place] == below.cells[place] is not None
            is_clean = not stained.is_stained(above, place) and not stained.is_stained(below, place)
            if is_free and same and is_clean and not above.spans and not below.spans and chance.flip(0.5):
                above.spans.append(MergedSpan(place, place, 2))
                below.cells[place] = None
                stained.defects.add(Defect.MERGED_CELLS)
                break


def other_wordings(stained: Stained, grid: SheetGrid, chance: RandomStream, source: str) -> None:
    """Head columns in other wordings that the source's card knows."""
    for header in grid.lines_of_kind("header"):
        for place, cell in enumerate(header.cells):
            words = [other for other in _wordings(source, grid.table).get(str(cell), []) if other != cell]
            if words and " / " not in words[0] and not stained.is_stained(header, place):
                stained.stain(Defect.OTHER_WORDINGS, header, place, chance.one_of(words))


def misspelt_heading(stained: Stained, grid: SheetGrid, chance: RandomStream, source: str) -> None:
    """Leave two letters out of a heading without which the file is of no use."""
    required = {str(name).rpartition(" / ")[2] for name in _card(source)["tables"][grid.table]["required"]}
    places = [
        (header, place)
        for header in grid.lines_of_kind("header")
        for place, cell in enumerate(header.cells)
        if cell in required and not stained.is_stained(header, place)
    ]
    if places:
        header, place = chance.one_of(places)
        heading = str(header.cells[place])
        stained.stain(Defect.MISSPELT_HEADING, header, place, heading[:-2] + heading[-1] * 2)


def personal_data(stained: Stained, grid: SheetGrid, chance: RandomStream) -> None:
    """Add a column of remarks in which one row names or gives the number of a person."""
    data, column = grid.lines_of_kind("data"), len(grid.lines_of_kind("header")[0].cells)
    if not data:
        return
    stained.stain(Defect.PERSONAL_DATA, grid.lines_of_kind("header")[-1], column, "الملاحظات")
    stained.stain(Defect.PERSONAL_DATA, chance.one_of(data), column, chance.one_of(_PERSONAL))


def hidden_column(stained: Stained, grid: SheetGrid, chance: RandomStream) -> None:
    """Hide the column of the running number, or the first one."""
    grid.hidden_columns.add(0)
    stained.defects.add(Defect.HIDDEN_COLUMN)


def two_tables(stained: Stained, chance: RandomStream, source: str) -> None:
    """Put the second table of the file under the first one, in the same sheet."""
    if len(stained.grids) < 2 or _is_of_one_table(stained):
        return  # the sheets of two governorates or years are one table, and only their names tell which is which
    first, second = stained.grids[:2]
    first.lines += [SheetLine("other", []), *second.lines]
    first.hidden_columns |= second.hidden_columns
    del stained.grids[1]
    stained.defects.add(Defect.TWO_TABLES)


def _is_of_one_table(stained: Stained) -> bool:
    return len({grid.table for grid in stained.grids}) < len(stained.grids)


def sheets_by_year(stained: Stained, chance: RandomStream, source: str) -> None:
    """Name the sheets that may be after the year, in one of three digit systems; not those of another year's rows."""
    if Defect.SHEETS_BY_PLACE in stained.defects:
        return  # both would get one name
    year = str(stained.period_year).translate(str.maketrans(_DIGITS[0], chance.one_of(_DIGITS)))
    for grid in stained.grids:
        patterns = [name for name in _card(source)["tables"][grid.table]["sheets"] if "{year}" in name]
        if patterns and stained.years_of(grid) <= {stained.period_year}:
            grid.sheet = chance.one_of(patterns).replace("{year}", year)
            stained.defects.add(Defect.SHEETS_BY_YEAR)


def sheets_by_place(stained: Stained, chance: RandomStream, source: str) -> None:
    """Spread the rows of the first table over a sheet for each of two governorates; the other tables go."""
    card, first = _card(source), stained.grids[0]
    is_spoilt = stained.defects != {stain.defect for stain in stained.stains if stain.line.kind == "data"}
    data = first.lines_of_kind("data")
    if card["kind"] != "authority" or "*" in card["tables"][first.table]["sheets"] or is_spoilt or len(data) < 2:
        return
    if "governorate_code" not in {
        column.field for column in first.columns if column
    }:  # else the name of the sheet says it
        return
    top = [line for line in first.lines if line.kind in ("title", "header")]
    half = len(data) // 2
    copies = [SheetLine(line.kind, [*line.cells], [*line.spans]) for line in top]
    stained.grids[:] = [
        replace(first, sheet="بغداد", lines=[*top, *data[:half]]),
        replace(first, sheet="محافظة البصرة", lines=[*copies, *data[half:]]),
    ]
    stained.defects.add(Defect.SHEETS_BY_PLACE)


def sheets_without_name(stained: Stained, chance: RandomStream, source: str) -> None:
    """Name the sheets as a program does that is not told a name, or after a year that no card expects."""
    sheets = [name for table in _card(source)["tables"].values() for name in table["sheets"]]
    if "*" in sheets or (_is_of_one_table(stained) and Defect.SHEETS_BY_PLACE not in stained.defects):
        return  # a public table may bear any name; the name of a sheet of one year says which
    word = chance.one_of(["ورقة"] if any("{year}" in name for name in sheets) else ["ورقة", str(stained.period_year)])
    for number, grid in enumerate(stained.grids, start=1):
        new = f"{word} ({number})" if len(stained.grids) > 1 else word
        stained.names[new] = grid.sheet
        grid.sheet = new
    stained.defects.add(Defect.SHEETS_WITHOUT_NAME)


def _insert(grid: SheetGrid, place: int, line: SheetLine) -> None:
    """Put a line in; merged blocks that begin above it and reach below it grow with it."""
    for above, other in enumerate(grid.lines[:place]):
        other.spans = [
            span._replace(height=span.height + 1) if above + span.height > place else span for span in other.spans
        ]
    grid.lines.insert(place, line)


def _period_column(stained: Stained, grid: SheetGrid) -> int | None:
    name = stained.period_fields[grid.table]
    return next((place for place, column in enumerate(grid.columns) if column and column.field == name), None)


def _is_count(grid: SheetGrid, place: int) -> bool:
    column = grid.columns[place] if place < len(grid.columns) else None
    return column is not None and column.kind == "count"


def _sum(lines: list[SheetLine], place: int) -> int:
    return sum(number_of(line.cells[place]) or 0 for line in lines)


@cache
def _card(source: str) -> Any:  # noqa: ANN401 - read as a plain file
    return yaml.safe_load((_SOURCES / source / "source.yml").read_text(encoding="utf-8"))


@cache
def _wordings(source: str, table: str) -> Mapping[str, list[str]]:
    """Return heading -> all wordings of it that the card knows, its own among them."""
    found: dict[str, list[str]] = {}
    known: dict[str, str] = _card(source)["tables"][table].get("also", {})
    for heading in {*known.values()}:
        alike = [heading, *(wording for wording, header in known.items() if header == heading)]
        found |= dict.fromkeys(alike, alike)
    return found
