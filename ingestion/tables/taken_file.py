"""What is taken of one file, and its bytes in the home: the tables, the flags of the file, what a value cannot say.

Belongs here: taking all tables of a workbook, the names that sheets have in the house, storing and reading that.
Does not belong here: masking one table (`taken_tables.py`), what becomes of its rows (`row_checks.py`).
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from ingestion.cards.source_card import SourceCard
from ingestion.files.reader import CellValue, Sheet, Workbook
from ingestion.files.template_sheets import Stamp, set_aside
from ingestion.findings import Finding
from ingestion.storage import parse_json
from ingestion.tables.header_rows import Row
from ingestion.tables.sheet_regions import patterns_of
from ingestion.tables.table_finder import FoundTable, find_tables
from ingestion.tables.taken_tables import lines_below, take_table
from ingestion.tables.template_versions import adapt_to_stamps
from ingestion.tables.totals import Total
from ingestion.text.folding import fold

_PLAIN = ("name", "place", "stated_year", "sheet_year", "sheet_place", "sheet_states", "data_rows", "ignored")


@dataclass(frozen=True)
class TakenFile:
    """What the house has of a file.

    Args:
        tables: the taken tables, in the order of the sheets.
        findings: what the reader and the layout of the file gave: in the home without their arguments, which may
            repeat words of the file.
        is_named: whether its sheets have names, which a text file has not.
        from_1904: whether it counts its days from 1904.
        stamps: of the sheets that Marsad added, by which a template of an earlier version is read.
        typed: the sheets as typed, table by table: for its sender while she looks at the file, and never stored.
    """

    tables: Sequence[FoundTable]
    findings: Sequence[Finding]
    is_named: bool
    from_1904: bool
    stamps: Sequence[Stamp] = ()
    typed: Sequence[Sheet] = field(default=(), repr=False)

    def as_bytes(self) -> bytes:
        """Return it as the home stores it: lines of JSON, the same bytes for the same file."""
        head = {
            "findings": [[one.severity, one.kind, one.sheet, one.cell] for one in self.findings],
            "is_named": self.is_named,
            "from_1904": self.from_1904,
            "stamps": [asdict(stamp) for stamp in self.stamps],
        }
        lines = [json.dumps(line, ensure_ascii=False, sort_keys=True) for line in (head, *map(_stored, self.tables))]
        return ("\n".join(lines) + "\n").encode()


def take(workbook: Workbook, card: SourceCard, today: datetime.date) -> TakenFile:
    """Return what the house takes of a workbook: the tables of a card that are in it.

    Sheets are named as in the card where they bear its name, else by their number (`#2`).

    Args:
        workbook: as read.
        card: of its sender.
        today: the day of coming.
    """
    found, findings = find_tables(workbook, card)
    names = house_names(workbook, card)
    taken = [take_table(table, card, today, from_1904=workbook.from_1904) for table in found]
    for one, masked in zip(found, taken, strict=True):
        findings += lines_below(one, masked)
    tables = [_rename(table, names[table.sheet.name]) for table in taken]
    names |= {f"#{ordinal}": names[sheet.name] for ordinal, sheet in enumerate(workbook.sheets, start=1)}
    told = [replace(one, sheet=names.get(one.sheet, one.sheet)) for one in (*workbook.findings, *findings)]
    stamps = tuple(set_aside(workbook)[1].values())
    typed = [table.sheet for table in found]
    return TakenFile(tables, told, not workbook.encoding, workbook.from_1904, stamps, typed)


def house_names(workbook: Workbook, card: SourceCard) -> dict[str, str]:
    """Return for the name of each sheet how the house calls it: by the card's word, with its year, or by its number."""
    words = {fold(name): name for table in card.tables.values() for name in table.sheets if name != "*"}
    patterns = [
        (pattern, name)
        for table in card.tables.values()
        for pattern, name in zip(patterns_of(table), [one for one in table.sheets if "{year}" in one], strict=True)
    ]
    names: dict[str, str] = {}
    for ordinal, sheet in enumerate(workbook.sheets, start=1):
        form = fold(sheet.name)
        years = (name.replace("{year}", match[1]) for pattern, name in patterns if (match := pattern.fullmatch(form)))
        name = "" if workbook.encoding else words.get(form) or next(years, "")
        names[sheet.name] = name if name and name not in names.values() else f"#{ordinal}"
    return names


def read_taken(data: bytes, card: SourceCard) -> TakenFile:
    """Return what `TakenFile.as_bytes` stored, by the card of today; a table that the card no longer has is left out.

    Args:
        data: the bytes, whose hash the caller has verified.
        card: of its sender.
    """
    head, *lines = map(parse_json, data.decode().splitlines())
    stamps = tuple(Stamp(**stamp) for stamp in head["stamps"])
    card, _ = adapt_to_stamps(card, stamps)
    tables = [_restored(line, card) for line in lines if line["name"] in card.tables]
    findings = [Finding(severity, kind, sheet, cell) for severity, kind, sheet, cell in head["findings"]]
    return TakenFile(tables, findings, head["is_named"], head["from_1904"], stamps)


def _rename(table: FoundTable, name: str) -> FoundTable:
    column = table.place.removeprefix(table.sheet.name)
    return replace(table, sheet=replace(table.sheet, name=name), place=f"{name}{column}")


def _stored(table: FoundTable) -> dict[str, Any]:
    rows = {
        str(number): {str(column): _stored_value(value) for column, value in enumerate(row) if value is not None}
        for number, row in enumerate(table.sheet.rows)
    }
    return {
        **{name: getattr(table, name) for name in _PLAIN},
        "sheet": table.sheet.name,
        "size": [len(table.sheet.rows), len(table.sheet.rows[0]) if table.sheet.rows else 0],
        "rows": {number: row for number, row in rows.items() if row},
        "titles": [table.title_rows.start, table.title_rows.stop],
        "columns": _keys_as_text(table.columns),
        "second": _keys_as_text(table.second),
        "cells": _keys_as_text(table.cells),
        "decimal_signs": _keys_as_text(table.decimal_signs),
        "unkept_orders": _keys_as_text(table.unkept_orders),
        "hidden": sorted(table.hidden_rows),
        "after_total": sorted(table.rows_after_total),
        "foreign": sorted(table.foreign_rows),
        "totals": [asdict(total) for total in table.totals],
    }


def _restored(line: Mapping[str, Any], card: SourceCard) -> FoundTable:
    height, width = line["size"]
    rows: list[Row] = [[None] * width for _ in range(height)]
    for number, cells in line["rows"].items():
        for column, value in cells.items():
            rows[int(number)][int(column)] = _restored_value(value)
    return FoundTable(
        **{name: line[name] for name in _PLAIN},
        card=card.tables[line["name"]],
        sheet=Sheet(line["sheet"], rows),
        title_rows=range(*line["titles"]),
        columns=_keys_as_numbers(line["columns"]),
        second=_keys_as_numbers(line["second"]),
        cells=_keys_as_numbers(line["cells"]),
        decimal_signs=_keys_as_numbers(line["decimal_signs"]),
        unkept_orders={column: tuple(counts) for column, counts in _keys_as_numbers(line["unkept_orders"]).items()},
        hidden_rows=set(line["hidden"]),
        rows_after_total=set(line["after_total"]),
        foreign_rows=set(line["foreign"]),
        totals=[Total(**total) for total in line["totals"]],
    )


def _stored_value(value: CellValue) -> object:
    if isinstance(value, datetime.datetime):
        return {"time": value.isoformat()}
    return {"day": value.isoformat()} if isinstance(value, datetime.date) else value


def _restored_value(value: Any) -> CellValue:  # noqa: ANN401 - a value of JSON
    if isinstance(value, dict):
        is_day = "day" in value
        return datetime.date.fromisoformat(value["day"]) if is_day else datetime.datetime.fromisoformat(value["time"])
    return value


def _keys_as_text(values: Mapping[int, Any]) -> dict[str, Any]:
    return {str(column): value for column, value in values.items()}


def _keys_as_numbers(values: Mapping[str, Any]) -> dict[int, Any]:
    return {int(column): value for column, value in values.items()}
