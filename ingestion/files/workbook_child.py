"""The limited child that parses a file: bytes on stdin, lines of JSON on stdout; if it dies, the parent handles that.

Belongs here: the one call of calamine and the one of `csv.reader`, limits, tags for the values that JSON lacks:
`{"d": …}` for a date, `{"t": …}` for a date and time. A sheet is one line with its name and merged cells, then lines
that are each a list of rows, and finally an empty list. So neither side ever holds a sheet twice, and no declared
height of a sheet decides how many rows are read. A line `{"stop": …, "cell": …}` refuses the file.
Does not belong here: any import of the project, so that the child starts fast and hostile files meet little code.
Run as a script by `limited_child.py`: with `workbook` and the folder that holds calamine, or `csv`, the delimiter
and the most letters of a field.
"""

from __future__ import annotations

import csv
import datetime
import io
import itertools
import json
import sys
from collections.abc import Iterator

_MEMORY_BYTES = 3_000_000_000
_CPU_SECONDS = 120
_BLOCK_ROWS = 1_000
_MAX_CHARACTERS = 300_000_000  # one long shared text can be in a million cells
_MAX_CELLS = 5 * 1_048_576  # of a csv: records times the widest record, as the guard counts a sheet's cells


def main() -> None:
    """Read a file from stdin and write its sheets to stdout; exit with an error for whatever goes wrong."""
    _limit()
    form, *arguments = sys.argv[1:]
    data = sys.stdin.buffer.read()
    if form == "csv":
        _read_records(data, *arguments)
    else:
        _read_workbook(data, *arguments)


def _read_workbook(data: bytes, folder: str) -> None:
    sys.path.insert(0, folder)
    from python_calamine import CalamineWorkbook, SheetTypeEnum

    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    for name in (sheet.name for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet):
        sheet = workbook.get_sheet_by_name(name)
        merged = [[*map(_from_one, first + last)] for first, last in sheet.merged_cell_ranges or []]
        left = [None] * (sheet.start[1] if sheet.start else 0)
        _write({"name": name, "merged": merged})
        _write_blocks(
            left + [value if type(value) is str and value else _plain_value(value) for value in row]
            for row in sheet.iter_rows()
        )


def _read_records(data: bytes, delimiter: str, most_letters: str) -> None:
    """Write the records of a csv text, counted as they are read, and what is wrong with it."""
    csv.field_size_limit(int(most_letters))
    lines = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline="")
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    stop = {}

    def records() -> Iterator[list[str | None]]:
        width = line = 1
        try:
            for number, record in enumerate(reader, start=1):
                width, line = max(width, len(record)), reader.line_num + 1
                if number * width > _MAX_CELLS:
                    stop.update(stop="far_corner", cell=f"A{number}")
                    return
                yield [value or None for value in record]
        except csv.Error as error:  # an open quotation mark, or a cell longer than any sentence
            kind = "cell_too_long" if "field limit" in str(error) else "csv_damaged"
            stop.update(stop=kind, cell=f"A{line}")

    _write({"name": "", "merged": []})
    _write_blocks(records())
    if stop:
        _write(stop)


def _write_blocks(rows: Iterator[object]) -> None:
    characters = 0
    block = None
    while block != []:
        block = list(itertools.islice(rows, _BLOCK_ROWS))
        characters += _write(block)
        if characters > _MAX_CHARACTERS:
            raise MemoryError("more text than a workbook of a ministry holds")


def _write(content: object) -> int:
    """Write one line and return how many characters it has."""
    return sys.stdout.write(json.dumps(content, ensure_ascii=False) + "\n")


def _limit() -> None:
    """Limit memory and time where the system can (all but Windows); a child that dies leaves no core dump."""
    if sys.platform == "win32":
        return
    import resource

    limits = ((resource.RLIMIT_AS, _MEMORY_BYTES), (resource.RLIMIT_CPU, _CPU_SECONDS), (resource.RLIMIT_CORE, 0))
    for kind, limit in limits:
        hard = resource.getrlimit(kind)[1]
        lowest = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind, (lowest, hard))


def _plain_value(value: object) -> object:
    if isinstance(value, str):
        return value or None
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, datetime.datetime):
        return {"t": value.isoformat()}
    if isinstance(value, datetime.date):
        return {"d": value.isoformat()}
    if isinstance(value, (datetime.time, datetime.timedelta)):
        return str(value)
    return value


def _from_one(number: int) -> int:
    return number + 1


if __name__ == "__main__":
    main()
