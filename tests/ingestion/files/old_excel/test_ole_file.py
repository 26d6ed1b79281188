"""A compound file that ends within its header, or is none, is told as unreadable."""

from __future__ import annotations

import pytest

from ingestion.files.old_excel.ole_file import SIGNATURE, CompoundFile
from ingestion.files.safe_zip import Stop


@pytest.mark.parametrize("data", [b"", SIGNATURE, SIGNATURE.ljust(511, b"\0"), b"PK".ljust(512, b"\0")])
def test_what_has_no_whole_header_is_told_as_unreadable(data: bytes) -> None:
    with pytest.raises(Stop, match="unreadable"):
        CompoundFile(data)
