"""A search for what is personal that takes too long refuses the file, and says so."""

from __future__ import annotations

import pytest

from ingestion.entry import file_check
from ingestion.entry.file_check import examine
from ingestion.files.noncell_text import NonCellText
from ingestion.files.reader import Sheet, Workbook
from ingestion.files.safe_zip import Stop
from ingestion.privacy import search_clock
from ingestion.privacy.personal_data import inspect
from ingestion.privacy.search_clock import SearchClock
from tests.ingestion.workbooks import TODAY, victim, victims, xlsx

BOOK = Workbook([Sheet("ضحايا", [["نص"]])])


def test_a_search_without_time_refuses_the_file_at_the_sheet():
    (finding,) = inspect(BOOK, clock=SearchClock(0))
    assert (finding.severity, finding.kind, finding.sheet) == ("refuse", "search_too_long", "ضحايا")
    assert finding.arguments["limit"] == "0"


def test_a_search_with_time_finds_nothing_in_the_same_file():
    assert inspect(BOOK, clock=SearchClock(60)) == []


def test_texts_beside_the_cells_are_held_against_the_clock_too():
    beside = Workbook([], beside=[NonCellText("text", "بقية")])
    assert [finding.kind for finding in inspect(beside, clock=SearchClock(0))] == ["search_too_long"]


@pytest.mark.parametrize(("used", "is_over"), [(9.9, False), (10.0, True), (10.1, True)])
def test_the_clock_stops_when_its_seconds_are_used(monkeypatch: pytest.MonkeyPatch, used: float, is_over: bool):
    now = 5.0
    monkeypatch.setattr(search_clock.time, "process_time", lambda: now)
    clock = SearchClock(10)
    now += used
    if is_over:
        with pytest.raises(Stop) as stop:
            clock.check("")
        assert stop.value.finding.kind == "search_too_long"
    else:
        clock.check("")


@pytest.mark.parametrize("searches_before_the_end", [1, 40])
def test_a_file_whose_search_takes_too_long_is_refused_with_that_reason(
    monkeypatch: pytest.MonkeyPatch, searches_before_the_end: int
):
    class EarlyClock(SearchClock):
        checks = 0

        def check(self, sheet: str) -> None:
            self.checks += 1
            if self.checks > searches_before_the_end:
                self._end = 0
            super().check(sheet)

    monkeypatch.setattr(file_check, "SearchClock", EarlyClock)
    answer = examine(xlsx({"الضحايا": victims(victim(1))}), "x.xlsx", "iraq_interior_ministry", today=TODAY)
    assert answer.verdict == "refused"
    assert [finding.kind for finding in answer.findings if finding.severity == "refuse"] == ["search_too_long"]
    assert not answer.tables
