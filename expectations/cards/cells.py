"""The frame of cells that every step of the release passes on, and how it is written as bytes.

Belongs here: column names, sort order, and how a frame becomes the same bytes every time (Parquet, CSV).
Does not belong here: what the values are (`candidate.py`, `protect_datasets.py`) or where files are stored
(`ingestion/home.py`).

Cards and the graph need only the names: pandas, a second of each command, is imported by functions that build frames.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ingestion.stored_tables import table_in
from languages.spreadsheet_text import FORMULA_STARTS, neutral_text

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
# The frames that go from module to module: the counts of cells, cells as printed, base cells with their coverage, and
# the facts that each base cell counts.
COUNT_COLUMNS = (*KEY, "obs_value")
PRINTED_COLUMNS = (*COUNT_COLUMNS, "obs_status", "disclosure_method")
BASE_COLUMNS = (*COUNT_COLUMNS, "obs_status", RECEIVED, EXPECTED)
MEMBER_COLUMNS = (*KEY, "member")
# From SDMX's code list CL_CONF_STATUS: withheld values are confidential; all others, rounded ones too, are free. Its
# codes for primary and secondary confidentiality are not used: which of the two applies is what an attacker wants.
CONFIDENTIAL, FREE = "C", "F"
# From SDMX's CL_OBS_STATUS: a normal figure, and a provisional one: it covers a part of its year, the rest is to come.
WHOLE, PART = "A", "P"
WITH_FIGURE = (WHOLE, PART)
SPOKEN = (*WITH_FIGURE, "Q")
# Measures that are counted; all others are computed after protection, from protected counts.
COUNTED = ("COUNT", "NUMERATOR", "DENOMINATOR")
LATE_CASES = 11  # a past year is revised only in bulk, once at least this many cases changed (docs/decisions/0012)
# Unit of a derived measure where it differs from the unit of its indicator.
DERIVED_UNITS = {"RATE": "PER_100000", "MEDIAN": "DAY"}
_NUMBERS = {**dict.fromkeys(("obs_value", "lower", "upper"), "float64"), **dict.fromkeys(REPORTS, "int32")}


def order_cells(frame: pd.DataFrame, columns: Sequence[str] = COLUMNS) -> pd.DataFrame:
    """Return `frame` with `columns` in this order, sorted by key: the order never depends on the values."""
    keys = [column for column in KEY if column in columns]
    return frame.loc[:, list(columns)].sort_values(keys, kind="stable").reset_index(drop=True)


def sort_by_key(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a frame without missing keys, sorted by `KEY`; for a block, twice as fast as pandas."""
    keys = list(zip(*(texts_of(frame[column]) for column in KEY), strict=True))
    return frame.iloc[sorted(range(len(keys)), key=keys.__getitem__)]


def parquet_bytes(frame: pd.DataFrame) -> bytes:
    """Return `frame` as Parquet: fixed settings, page checksums, no pandas metadata, the same bytes every time."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(column, _NUMBERS.get(column, "string")) for column in map(str, frame.columns)])
    table = pa.Table.from_pandas(frame, schema=schema, preserve_index=False).replace_schema_metadata(None)
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd", version="2.6", write_page_checksum=True)
    return sink.getvalue()


def read_parquet(data: bytes, indicators: Collection[str] | None = None) -> pd.DataFrame:
    """Return the frame in `data`; raise on a damaged page instead of reading it silently. Missing text is None.

    Args:
        data: of a Parquet file.
        indicators: those whose rows are returned; None for all. A walk needs a few of fifty.
    """
    import pandas as pd

    table = table_in(data)
    if indicators is not None:
        import pyarrow.compute as pc

        table = table.filter(pc.field("indicator").isin(sorted(indicators)))
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
    """Return a text column in which equal texts share one object: codes repeat, and copies would take a gigabyte."""
    import numpy as np
    import pandas as pd

    encoded = column.combine_chunks().dictionary_encode()
    texts = np.array([*encoded.dictionary.to_pylist(), None], dtype=object)
    return pd.Series(texts[encoded.indices.fill_null(len(texts) - 1).to_numpy()], dtype=object)


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """Return `frame` as CSV: UTF-8, Latin digits, empty for missing, no text that a spreadsheet runs as a formula."""
    rows = zip(*(_printed_column(frame[column]) for column in frame.columns), strict=True)
    return rows_as_csv([frame.columns, *rows])


def rows_as_csv(rows: Iterable[Iterable[object]]) -> bytes:
    """Return rows as the CSV of every released file: UTF-8, a line feed after each line, no text a formula."""
    sink = io.StringIO()
    neutral = ([neutral_text(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    csv.writer(sink, lineterminator="\n").writerows(neutral)
    return sink.getvalue().encode("utf-8")


def _printed_column(column: pd.Series) -> list[str]:
    """Return the cells of a column as written text; each distinct value is formatted once."""
    values = _values(column)
    written = {value: _format_value(value) for value in set(values)}
    return [written[value] for value in values]


def _format_value(value: Any) -> str:  # noqa: ANN401 - a cell of a frame
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA_STARTS) else value
    number = float(value)
    return str(int(number)) if number.is_integer() else repr(number)


def keys_of(frame: pd.DataFrame) -> pd.Index:
    """Return the key of each row as one text, for look-ups between frames; missing if any part is missing."""
    import pandas as pd

    try:  # a part that is no text makes the join fail, so values need no check beforehand
        keys = ["|".join(row) for row in zip(*(_values(frame[column]) for column in KEY), strict=True)]
    except TypeError:
        parts = zip(*(texts_of(frame[column]) for column in KEY), strict=True)
        keys = ["|".join(row) if all(isinstance(part, str) for part in row) else None for row in parts]
    return pd.Index(keys, dtype="str")


def texts_of(column: pd.Series) -> list[str]:
    """Return the values of a column as text; missing values stay missing."""
    values = _values(column)
    if column.dtype == "str" or set(map(type, values)) <= {str}:
        return values
    return _values(column.astype(str))


def _values(column: pd.Series) -> list[Any]:
    return column.to_numpy(object).tolist()


def measure_ids(frame: pd.DataFrame) -> pd.Series:
    """Return the measure of each row in the form that the methods use: `PRT-01/COUNT`."""
    return frame["indicator"] + "/" + frame["measure"]


def find_matches(frame: pd.DataFrame, coordinates: Mapping[str, str]) -> pd.Series:
    """Return which rows match `coordinates` (dimension to code; dimensions not named may have any code)."""
    import pandas as pd

    matching = pd.Series(True, index=frame.index)
    for column, code in coordinates.items():
        matching &= frame[column] == code
    return matching


def conf_status_of(obs_status: pd.Series) -> pd.Series:
    """Return the SDMX CONF_STATUS of each row: `C` if the value is withheld (status `Q`), else `F`."""
    import pandas as pd

    return pd.Series(FREE, index=obs_status.index, dtype=object).mask(obs_status == "Q", CONFIDENTIAL)


def text_hash(text: str) -> str:
    """Return the SHA-256 of a text, 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def rounding_base(method: str) -> int:
    """Return the base that a disclosure method rounds to (`ROUNDED_5`: 5); 0 if it does not round."""
    name, _, base = method.partition("_")
    return int(base) if name == "ROUNDED" else 0


def rounding_error(method: str) -> int:
    """Return the largest distance of the true count from one printed by a method: less than its rounding base."""
    return max(0, rounding_base(method) - 1)


def join_frames(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the frames as one, with a new index; empty frames carry no types and are left out."""
    import pandas as pd

    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else frames[0]
