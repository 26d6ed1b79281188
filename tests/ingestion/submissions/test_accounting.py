"""Every data row of a dirty file lands or waits, once, and nothing else does: over files of all bodies."""

from __future__ import annotations

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.ingestion.dirty_files import clean_rows, examined, misjudged, misread, random_file, unaccounted


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 999_999))
@example(58299)  # sheets of two years, once put under each other under the name of one
@example(116809)  # the rows of one year, once put under the name of another
@example(294251)  # two dates of a clean file, a late text and an early real date, about which the desk asks
@example(504276)  # a stamp beside an office under the table, once taken for the header of an unknown table
@example(3373)  # sheets of two governorates, once put under each other under the name of one
def test_the_rows_that_land_and_wait_are_those_that_were_written(number: int):
    delivery, file = random_file(number)
    answer = examined(file, delivery.source)
    if file.outcome.fate == "refuses":
        assert (answer.verdict, answer.rows_in) == ("refused", 0)
        return
    assert answer.verdict == "accepted"
    assert unaccounted(file, answer) == []
    assert misjudged(file, answer) == []
    assert misread(file, answer, clean_rows(delivery)) == []
