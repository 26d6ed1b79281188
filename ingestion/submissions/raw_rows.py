"""Raw rows as Parquet: which columns each shape has, and identical bytes for identical rows.

Belongs here: schemas, writing and reading of `raw/`. Does not belong here: which rows land (`landing.py`) or count
(`current_submissions.py`).
pyarrow is imported on the first write, because `marsad check` writes nothing.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ingestion.cards.source_card import load_shape
from ingestion.entry.checked_tables import CELL_COLUMN, PLACE_COLUMNS
from ingestion.home import Home, write_bytes
from ingestion.tables.cell_values import RawValue, columns_of

NO_ROWS = "_none"
_TYPES = {"date": "date32", "year": "int32", "decimal": "float64"}


def column_types(shape: str) -> dict[str, str]:
    """Return raw column -> type (`string`, `int32`, `int64`, `float64`, `date32`) of a shape, in stored order."""
    types = dict.fromkeys(PLACE_COLUMNS, "string") | {"row_number": "int32"}
    if load_shape(shape).is_of_cells:
        types[CELL_COLUMN] = "string"
    for name, card in load_shape(shape).fields.items():
        for column in columns_of(name, card):
            types[column] = _TYPES.get(card.type, "string")
        if card.type == "integer":
            types |= {column: "int64" for column in columns_of(name, card) if column != f"{name}_mark"}
        elif card.type == "age":
            types |= {"age_years": "int32", "birth_year": "int32"}
    return types


def rows_path(home: Home, shape: str, source: str, submission: str) -> Path:
    """Return the path of a submission's rows."""
    return home.raw / shape / f"source={source}" / f"submission={submission}" / "rows.parquet"


def write_rows(path: Path, types: Mapping[str, str], columns: Mapping[str, Sequence[RawValue]]) -> str:
    """Write columns as Parquet, atomically, and return the SHA-256 of the bytes.

    The same rows give the same bytes with the same pyarrow.

    Args:
        path: of the file; its folder is created.
        types: column -> type, in the order of storage (`column_types`).
        columns: column -> its values, all of one length; a missing column is null.

    Returns:
        64 hexadecimal digits.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = _schema_of(types)
    arrays = [pa.array(columns[name], type=schema.field(name).type) for name in types]
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), buffer, compression="zstd")
    return write_bytes(path, buffer.getvalue())


def read_rows(path: Path) -> dict[str, list[RawValue]]:
    """Return column -> values of a file by `write_rows`, of any version.

    Args:
        path: of the file.
    """
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        return file.read().to_pydict()


def _schema_of(types: Mapping[str, str]) -> Any:  # noqa: ANN401 - pyarrow comes without types
    """Return a schema in which every column may be null: the entry check and dbt decide what is required."""
    import pyarrow as pa

    known = {
        "string": pa.string(),
        "int32": pa.int32(),
        "int64": pa.int64(),
        "float64": pa.float64(),
        "date32": pa.date32(),
        "bool": pa.bool_(),
    }
    return pa.schema([(name, known[kind]) for name, kind in types.items()])
