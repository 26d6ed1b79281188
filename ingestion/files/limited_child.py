"""The resource-limited child process that parses a file: how it starts, how long it may run, what it returns.

Belongs here: the one process in which a sender's bytes meet a parser.
Does not belong here: what the child does (`workbook_child.py`), what its answers mean (`reader.py`, `csv_text.py`).
"""

from __future__ import annotations

import datetime
import importlib.util
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from ingestion.files.safe_zip import Stop

_CHILD = Path(__file__).with_name("workbook_child.py")
_SECONDS = 180
MAX_TEXT = 131_072
"""Most letters of one text in a file; an Excel cell holds at most a quarter of that."""


def parse_workbook(data: bytes) -> list[dict[str, Any]]:
    """Return the sheets of a workbook: `name`, `merged`, `rows`.

    Raises:
        Stop: `reader_failed` if the child died, ran too long or returned nonsense.
    """
    spec = importlib.util.find_spec("python_calamine")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("python_calamine")
    return _ask_child(data, "workbook", str(Path(spec.origin).parent.parent))


def parse_records(text: str, delimiter: str) -> list[list[str | None]]:
    """Return the records of a csv text; a blank field is None.

    Raises:
        Stop: `csv_damaged`, `cell_too_long` (both with the line as place), `far_corner`; `reader_failed` as above.
    """
    (sheet,) = _ask_child(text.encode("utf-8"), "csv", delimiter, str(MAX_TEXT))
    return sheet["rows"]


def _ask_child(data: bytes, *arguments: str) -> list[dict[str, Any]]:
    # -I -S: no settings of the user and no site folder, so that the child starts in a few hundredths of a second
    command = [sys.executable, "-I", "-S", str(_CHILD), *arguments]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL) as child:  # noqa: S603 - ours
        clock = threading.Timer(_SECONDS, child.kill)
        clock.start()
        try:
            return _answer_of(child, data)
        except (OSError, ValueError, LookupError, TypeError) as error:
            child.kill()
            raise Stop("reader_failed") from error
        finally:
            clock.cancel()


def _answer_of(child: subprocess.Popen[bytes], data: bytes) -> list[dict[str, Any]]:
    """Return the sheets that the child writes, block by block; equal texts share memory.

    Raises:
        OSError: the child died before it had read everything.
        ValueError: it ended with an error, or wrote something that is no sheet.
        Stop: it reports what is wrong with the file.
    """
    if child.stdin is None or child.stdout is None:
        raise ValueError("no pipe")
    child.stdin.write(data)
    child.stdin.close()
    sheets: list[dict[str, Any]] = []
    known: dict[str, str] = {}
    for line in child.stdout:
        sheet: dict[str, Any] = json.loads(line)
        if "stop" in sheet:
            raise Stop(sheet["stop"], cell=sheet["cell"], limit=str(MAX_TEXT))
        rows: list[list[Any]] = []
        while block := json.loads(child.stdout.readline(), object_hook=_date_of):
            for row in block:
                rows.append([known.setdefault(value, value) if type(value) is str else value for value in row])
        sheets.append(sheet | {"rows": rows})
    if child.wait():
        raise ValueError("ended with an error")
    return sheets


def _date_of(tagged: dict[str, str]) -> datetime.date | datetime.datetime:
    if "t" in tagged:
        return datetime.datetime.fromisoformat(tagged["t"])
    return datetime.date.fromisoformat(tagged["d"])
