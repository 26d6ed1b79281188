"""The forecast of late cases in the demo, against the number of cases that the mission has typed in the end."""

from __future__ import annotations

import pytest

from ingestion.home import Home
from samples.bodies.sight import IOM
from samples.life.country import Country
from samples.views import deliveries
from tests.end_to_end.told import report_of

pytestmark = pytest.mark.whole_home


def test_the_interval_that_is_told_of_the_last_year_holds_all_its_cases(demo: Home, invented: Country) -> None:
    year = str(invented.last_year)
    whole = next(one for one in deliveries(invented) if one.file_name == f"iom_{year}.xlsx")
    cases = len({row["event_number"] for row in whole.tables["caseload"]})
    told = {one.source: one for one in report_of(demo).nowcasts}
    assert (told[IOM].year, told[IOM].reason) == (year, "")
    figures = told[IOM].figures
    assert figures is not None
    assert figures.seen < cases
    assert figures.lower <= cases <= figures.upper
    assert {one.reason for source, one in told.items() if source != IOM} == {"batch_arrival"}
