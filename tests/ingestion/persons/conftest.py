"""Lists of 48 invented records, fewer than are linked in a house, are enough here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from methods.linkage import record_links


@pytest.fixture(autouse=True, scope="module")
def few_are_enough() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(record_links, "LEAST_RECORDS", 1)
        yield
