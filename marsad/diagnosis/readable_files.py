"""Whether a file can be read as what its name says: JSON, lines of JSON, YAML, Parquet.

Belongs here: the last resort of `marsad doctor`, for files of which no hash is known.
Does not belong here: whether what they say is true.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from ingestion.storage import parse_json
from ingestion.stored_tables import table_in


def can_be_read(path: Path) -> bool:
    """Return whether a file is what its suffix says; of other suffixes nobody knows, and true is returned.

    Raises:
        OSError: what the disk says no to.
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

    for _ in yaml.parse(data.decode("utf-8"), Loader=yaml.CSafeLoader):  # syntax only: cards have loaders of their own
        pass


_PARSERS: Mapping[str, Callable[[bytes], object]] = {
    ".json": parse_json,
    ".jsonl": _lines,
    ".yml": _yaml,
    ".yaml": _yaml,
    ".parquet": table_in,
}
