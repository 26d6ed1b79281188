"""The frame of cells that every step of the door passes on, and its bytes.

Belongs here: column names, sort order, and how a frame becomes the same bytes every time (Parquet, CSV).
Does not belong here: what the values are (`candidate.py`, `protect_datasets.py`) or where files lie
(`ingestion/home.py`).

Cards and the graph need the names alone: pandas, a second of each command, is imported by what makes a frame.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ingestion.stored_tables import table_in

if TYPE_CHECKING:
    import pandas as pd

DIMENSIONS = ("sex", "age", "form", "article", "holder", "citizenship", "cust_breakdown")
TOTAL = "_T"
KEY = ("indicator", "measure", "ref_area", "time_period", *DIMENSIONS)
INTERVAL = ("lower", "upper", "interval_method")
REPORTS = RECEIVED, EXPECTED = "reports_received_count", "reports_expected_count"
COLUMNS = (
    *KEY, "obs_value", *INTERVAL, "unit_measure", "obs_status", "conf_status", "disclosure_method", RECEIVED, EXPECTED,
)  # fmt: skip
BASE_COLUMNS = (*KEY, "obs_value", "obs_status", RECEIVED, EXPECTED)
MEMBER_COLUMNS = (*KEY, "member")
# Of SDMX's code list CL_CONF_STATUS: what is withheld is confidential, all else is free, rounded figures too. Its codes
# for primary and secondary confidentiality are not used: which of the two a cell is, is what an attacker asks.
CONFIDENTIAL, FREE = "C", "F"
# The measures that are counted; all others are computed after protection from protected counts.
COUNTED = ("COUNT", "NUMERATOR", "DENOMINATOR")
# What a derived measure counts where that is not the unit of its indicator.
DERIVED_UNITS = {"RATE": "PER_100000", "MEDIAN": "DAY"}
_NUMBERS = {**dict.fromkeys(("obs_value", "lower", "upper"), "float64"), **dict.fromkeys(REPORTS, "int32")}
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def order_cells(frame: pd.DataFrame, columns: Sequence[str] = COLUMNS) -> pd.DataFrame:
    """Return `frame` with `columns` in their order, sorted by key: order never follows the values."""
    keys = [column for column in KEY if column in columns]
    return frame.loc[:, list(columns)].sort_values(keys, kind="stable").reset_index(drop=True)


def sort_by_key(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a frame without missing keys in the order of `KEY`: of a block in half of pandas' time."""
    keys = list(zip(*(texts_of(frame[column]) for column in KEY), strict=True))
    return frame.iloc[sorted(range(len(keys)), key=keys.__getitem__)]


def parquet_bytes(frame: pd.DataFrame) -> bytes:
    """Return `frame` as Parquet: fixed settings, page checksums, no metadata of pandas, the same bytes every time."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(column, _NUMBERS.get(column, "string")) for column in map(str, frame.columns)])
    table = pa.Table.from_pandas(frame, schema=schema, preserve_index=False).replace_schema_metadata(None)
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd", version="2.6", write_page_checksum=True)
    return sink.getvalue()


def read_parquet(data: bytes) -> pd.DataFrame:
    """Return the frame in `data`; a damaged page raises instead of being read silently. Missing text is None."""
    import pandas as pd

    table = table_in(data)
    return pd.DataFrame(
        {name: _read_column(name, column) for name, column in zip(table.column_names, table.columns, strict=True)}
    )


def _read_column(name: str, column: Any) -> pd.Series:  # noqa: ANN401 - of pyarrow, which comes without types
    import pyarrow as pa

    if name in _NUMBERS:
        return column.to_pandas()
    if pa.types.is_string(column.type):
        return _share_texts(column)
    values = column.to_pandas()
    return values.astype(object).where(values.notna(), None)


def _share_texts(column: Any) -> pd.Series:  # noqa: ANN401 - of pyarrow
    """Return a column of texts in which the same text is one object: codes repeat, and copies would take a gigabyte."""
    import numpy as np
    import pandas as pd

    encoded = column.combine_chunks().dictionary_encode()
    texts = np.array([*encoded.dictionary.to_pylist(), None], dtype=object)
    return pd.Series(texts[encoded.indices.fill_null(len(texts) - 1).to_numpy()], dtype=object)


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """Return `frame` as CSV: UTF-8, Latin digits, empty for missing, no text that a spreadsheet runs as a formula."""
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(frame.columns)
    writer.writerows(zip(*(_printed_column(frame[column]) for column in frame.columns), strict=True))
    return sink.getvalue().encode("utf-8")


def _printed_column(column: pd.Series) -> list[str]:
    """Return the cells of a column as they are written; one that stands in it again and again is written once."""
    values = _values(column)
    written = {value: _format_value(value) for value in set(values)}
    return [written[value] for value in values]


def _format_value(value: Any) -> str:  # noqa: ANN401 - a cell of a frame
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA_STARTS) else value
    number = float(value)
    return str(int(number)) if number.is_integer() else repr(number)


def keys_of(frame: pd.DataFrame) -> pd.Index:
    """Return the key of each row as one text, for look-ups between frames; missing where a part of it is."""
    import pandas as pd

    try:  # a part that is no text cannot be joined, so that nobody looks at each before
        keys = ["|".join(row) for row in zip(*(_values(frame[column]) for column in KEY), strict=True)]
    except TypeError:
        parts = zip(*(texts_of(frame[column]) for column in KEY), strict=True)
        keys = ["|".join(row) if all(isinstance(part, str) for part in row) else None for row in parts]
    return pd.Index(keys, dtype="str")


def texts_of(column: pd.Series) -> list[str]:
    """Return the values of a column as texts; what is missing stays no text."""
    values = _values(column)
    if column.dtype == "str" or set(map(type, values)) <= {str}:
        return values
    return _values(column.astype(str))


def _values(column: pd.Series) -> list[Any]:
    return column.to_numpy(object).tolist()


def measure_ids(frame: pd.DataFrame) -> pd.Series:
    """Return the measure of each row as the methods name it: `PRT-01/COUNT`."""
    return frame["indicator"] + "/" + frame["measure"]


def find_matches(frame: pd.DataFrame, coordinates: Mapping[str, str]) -> pd.Series:
    """Return which rows lie at `coordinates` (dimension to code; what is not named is free)."""
    import pandas as pd

    matching = pd.Series(True, index=frame.index)
    for column, code in coordinates.items():
        matching &= frame[column] == code
    return matching


def conf_status_of(obs_status: pd.Series) -> pd.Series:
    """Return the SDMX CONF_STATUS of each row: `C` where a value is withheld (status `Q`), else `F`."""
    import pandas as pd

    return pd.Series(FREE, index=obs_status.index, dtype=object).mask(obs_status == "Q", CONFIDENTIAL)


def text_hash(text: str) -> str:
    """Return the SHA-256 of a text, 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def rounding_base(method: str) -> int:
    """Return the base that a disclosure method rounds to (`ROUNDED_5`: 5); 0 for one that does not round."""
    name, _, base = method.partition("_")
    return int(base) if name == "ROUNDED" else 0


def rounding_error(method: str) -> int:
    """Return how far the true count may lie from one printed by a method: less than the base that it rounds to."""
    return max(0, rounding_base(method) - 1)


def join_frames(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the frames as one, numbered anew; empty ones say nothing of types and are left out."""
    import pandas as pd

    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else frames[0]
