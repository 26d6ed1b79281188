"""Real dates that were exchanged, beside texts that contradict the card: they wait with the column."""

from __future__ import annotations

import datetime

from ingestion.entry.file_check import examine
from tests.ingestion.workbooks import victim, victims, xlsx

Day = datetime.date


def test_real_dates_of_a_column_that_waits_anyway_do_not_land_exchanged():
    exchanged = {Day(2024, 9, 5): Day(2024, 5, 9), Day(2024, 7, 3): Day(2024, 3, 7), Day(2024, 5, 1): Day(2024, 1, 5)}
    texts = ["10/14/2024", "1/20/2024", "10/29/2024", "8/23/2024", "3/28/2024", "12/26/2024", "11/14/2024"]
    typed = [Day(2024, 4, 21), Day(2024, 10, 18)]  # by hand, rightly: they hide the exchange of the others
    dates = [*exchanged, *texts, *typed]
    grid = victims(*[victim(number, date=date) for number, date in enumerate(dates, start=1)])
    answer = examine(xlsx({"الضحايا": grid}), "x.xlsx", "iraq_interior_ministry", today=Day(2025, 6, 1))
    landed = {day for table in answer.tables for day in table.columns.get("contact_date", [])}
    assert landed & set(exchanged) == set()
