"""Whether a file can be read in the format of its name: JSON, lines of JSON, YAML, Parquet.

Belongs here: the last check of `marsad doctor`, for files without a known hash.
Does not belong here: whether their content is true.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from ingestion.storage import parse_json
from ingestion.stored_tables import table_in


def can_be_read(path: Path) -> bool:
    """Return whether a file has the format of its suffix; true for suffixes without a known format.

    Raises:
        OSError: a disk error.
    """
    parse = _PARSERS.get(path.suffix)
    if parse is None:
        return True
    data = path.read_bytes()
    try:
        parse(data)
    except Exception as error:
        if isinstance(error, MemoryError):
            raise
        return False
    return True


def _lines(data: bytes) -> None:
    *lines, rest = data.decode("utf-8").split("\n")
    for line in lines:
        parse_json(line)
    if rest:
        raise ValueError("a torn line")


def _yaml(data: bytes) -> None:
    import yaml

    for _ in yaml.parse(data.decode("utf-8"), Loader=yaml.CSafeLoader):  # syntax only: cards have their own loaders
        pass


_PARSERS: Mapping[str, Callable[[bytes], object]] = {
    ".json": parse_json,
    ".jsonl": _lines,
    ".yml": _yaml,
    ".yaml": _yaml,
    ".parquet": table_in,
}
