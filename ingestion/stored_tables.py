"""A Parquet file that was read into memory, as a table: for whoever checks bytes before believing them.

Belongs here: the one way to read such bytes. Does not belong here: writing them, or what their columns mean.
"""

from __future__ import annotations

import io
from typing import Any


def table_in(data: bytes) -> Any:  # noqa: ANN401 - of pyarrow, which comes without types
    """Return the table in the bytes of a Parquet file; a damaged page raises instead of being read silently.

    No thread of Arrow reads them: one that still holds them while Python ends aborts the process, after its answer,
    with exit code 134 (github.com/apache/arrow/issues/33975 and /34314).
    """
    import pyarrow.parquet as pq  # late: most commands read no table

    with pq.ParquetFile(io.BytesIO(data), page_checksum_verification=True, pre_buffer=False) as file:
        return file.read(use_threads=False)
