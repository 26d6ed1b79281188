"""The limited child that parses a workbook: bytes on stdin, lines of JSON on stdout; it may die, the parent answers.

Belongs here: the one call of calamine, limits, tags for the values that JSON does not know: `{"d": …}` for a date,
`{"t": …}` for a date and time. A sheet is one line with its name and merged cells, then lines that are each a list of
rows, and at its end an empty list. So neither side ever holds a sheet twice, and no height that a file or a parser
states decides how many rows are read.
Does not belong here: anything of the project, so that the child starts fast and the worst file meets the least code.
Run as a script by `reader.py`, with the folder that holds calamine as its only argument.
"""

from __future__ import annotations

import datetime
import io
import itertools
import json
import sys

_MEMORY_BYTES = 3_000_000_000
_CPU_SECONDS = 120
_BLOCK_ROWS = 1_000
_MAX_CHARACTERS = 300_000_000  # one long shared text can stand in a million cells


def main() -> None:
    """Read a workbook from stdin and write its sheets to stdout; exits with an error for whatever goes wrong."""
    _limit()
    sys.path.insert(0, sys.argv[1])
    from python_calamine import CalamineWorkbook

    workbook = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    for name in workbook.sheet_names:
        sheet = workbook.get_sheet_by_name(name)
        merged = [[*map(_one_based, first + last)] for first, last in sheet.merged_cell_ranges or []]
        _write({"name": name, "merged": merged})
        left = [None] * (sheet.start[1] if sheet.start else 0)
        rows = sheet.iter_rows()
        characters = 0
        block = None
        while block != []:
            block = [
                left + [value if type(value) is str and value else _plain(value) for value in row]
                for row in itertools.islice(rows, _BLOCK_ROWS)
            ]
            characters += _write(block)
            if characters > _MAX_CHARACTERS:
                raise MemoryError("more text than a workbook of a ministry holds")


def _write(content: object) -> int:
    """Write one line and return how many characters it has."""
    return sys.stdout.write(json.dumps(content, ensure_ascii=False) + "\n")


def _limit() -> None:
    """Bound memory and time where the system can (every system but Windows); a child that dies leaves no image."""
    if sys.platform == "win32":
        return
    import resource

    limits = ((resource.RLIMIT_AS, _MEMORY_BYTES), (resource.RLIMIT_CPU, _CPU_SECONDS), (resource.RLIMIT_CORE, 0))
    for kind, limit in limits:
        hard = resource.getrlimit(kind)[1]
        lowest = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind, (lowest, hard))


def _plain(value: object) -> object:
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


def _one_based(number: int) -> int:
    return number + 1


if __name__ == "__main__":
    main()
