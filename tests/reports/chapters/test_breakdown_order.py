"""The order in which the codes of a breakdown are printed."""

from __future__ import annotations

import pandas as pd

from expectations.cards.codes import duration_bands
from reports.released.released_tables import sort_codes


def test_bands_of_days_are_printed_from_the_shortest_to_the_longest_and_not_by_their_letters() -> None:
    codes = duration_bands().codes
    assert sort_codes("cust_breakdown", pd.Series(sorted(codes))) == list(codes)
    assert sorted(codes) != list(codes)
