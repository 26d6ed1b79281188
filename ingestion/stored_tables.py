"""A Parquet file in memory, as a table: for code that checks bytes before trusting them.

Belongs here: the one way to read such bytes. Does not belong here: writing them, or what their columns mean.
"""

from __future__ import annotations

import io
from typing import Any


def table_in(data: bytes) -> Any:  # noqa: ANN401 - of pyarrow, which comes without types
    """Return the table in the bytes of a Parquet file; a damaged page raises instead of being read silently.

    No Arrow thread reads them: a thread that still holds them when Python ends aborts the process, after its output,
    with exit code 134 (github.com/apache/arrow/issues/33975 and /34314).
    """
    import pyarrow.parquet as pq  # imported late: most commands read no table

    with pq.ParquetFile(io.BytesIO(data), page_checksum_verification=True, pre_buffer=False) as file:
        return file.read(use_threads=False)
