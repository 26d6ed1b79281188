"""The key of a released cell: one text of all its coordinates, and none where a coordinate is missing."""

from __future__ import annotations

import pandas as pd
import pytest

from expectations.cards.cells import KEY, keys_of

ROWS = pd.DataFrame([{name: f"{name}{number}" for name in KEY} for number in range(3)])


@pytest.mark.parametrize("dtype", ["str", "object", "category"])
def test_a_key_names_every_coordinate_in_their_order_whatever_the_column_is_made_of(dtype: str) -> None:
    assert list(keys_of(ROWS.astype(dtype))) == ["|".join(f"{name}{number}" for name in KEY) for number in range(3)]


def test_a_row_that_lacks_a_coordinate_has_no_key_and_the_others_keep_theirs() -> None:
    found = keys_of(ROWS.reindex([0, 7, 2]))
    assert list(found.isna()) == [False, True, False]
    assert keys_of(ROWS).get_indexer(found).tolist()[::2] == [0, 2]


def test_no_row_gives_no_key_of_the_same_type() -> None:
    assert keys_of(ROWS.head(0)).dtype == keys_of(ROWS).dtype
