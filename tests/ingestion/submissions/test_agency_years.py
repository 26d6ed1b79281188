"""The three answers about a year of an agency: the period, what was delivered of it, and whether in time."""

from __future__ import annotations

import datetime

import pytest

from ingestion.cards.reporting_calendar import owed_delivery
from ingestion.cards.reporting_periods import first_day, is_over, last_day, period_state
from ingestion.cards.source_card import SourceCard, load_source
from ingestion.submissions.agency_years import AgencyYear, SentPeriod, agency_year, agency_years

MINISTRY = load_source("iraq_interior_ministry")
DAY = datetime.timedelta(days=1)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def sent(on: str, completeness: float | None = 1.0, rows: int = 5, shape: str = "cases") -> SentPeriod:
    return SentPeriod(shape, "2024", day(on), completeness, rows, is_in_force=True)


def asked(on: str, *files: SentPeriod) -> AgencyYear:
    return agency_year(MINISTRY, 2024, files, day(on))


def _fiscal(ends: str, due: str = "05-31") -> SourceCard:
    return MINISTRY.model_copy(update={"rhythm": MINISTRY.rhythm.model_copy(update={"ends": ends, "due": due})})


@pytest.mark.parametrize(
    ("on", "state"),
    [("2023-12-31", "not_begun"), ("2024-01-01", "open"), ("2024-12-31", "open"), ("2025-01-01", "over")],
)
def test_a_year_is_over_on_the_day_after_its_last(on: str, state: str) -> None:
    assert period_state(MINISTRY, 2024, day(on)) == state
    assert asked(on).state == state


def test_a_fiscal_year_bears_the_number_of_the_year_in_which_it_begins_and_falls_due_after_its_end() -> None:
    fiscal = _fiscal("03-31")
    assert (first_day(fiscal, 2024), last_day(fiscal, 2024)) == (day("2024-04-01"), day("2025-03-31"))
    assert period_state(fiscal, 2024, day("2025-03-31")) == "open"
    assert owed_delivery(fiscal, 2024).due_date.year == 2025
    school = _fiscal("08-31", due="02-28")
    assert owed_delivery(school, 2024).due_date >= day("2026-02-28")


def test_figures_of_several_agencies_are_over_when_the_year_of_the_last_is(monkeypatch: pytest.MonkeyPatch) -> None:
    cards = {"a": MINISTRY, "b": _fiscal("03-31")}
    monkeypatch.setattr("ingestion.cards.reporting_periods.source_names", lambda: list(cards))
    monkeypatch.setattr("ingestion.cards.reporting_periods.load_source", cards.__getitem__)
    assert is_over(2024, ["a"], day("2025-01-01"))
    assert not is_over(2024, ["a", "b"], day("2025-03-31"))
    assert is_over(2024, ["a", "b"], day("2025-04-01"))
    assert is_over(2024, ["no source"], day("2025-01-01"))
    assert not is_over(2024, ["a"], None)


@pytest.mark.parametrize("files", [(), (sent("2024-12-02"),), (sent("2024-05-01", 0.3), sent("2024-12-02", 0.9))])
def test_nobody_is_late_or_in_time_for_a_year_that_is_not_over(files: tuple[SentPeriod, ...]) -> None:
    year = asked("2024-12-31", *files)
    assert (year.delivery, year.punctuality, year.sent_date) == ("part" if files else "none", "not_due", None)
    assert year.is_awaited


def test_what_was_sent_before_the_year_was_over_is_a_part_and_its_file_is_awaited_until_it_comes() -> None:
    early = sent("2024-12-02")
    assert (asked("2025-01-05", early).delivery, asked("2025-01-05", early).punctuality) == ("part", "not_due")
    overdue = asked("2025-03-10", early)
    assert (overdue.delivery, overdue.punctuality, overdue.is_awaited) == ("part", "overdue", True)
    assert overdue.days_late > 0


@pytest.mark.parametrize(
    ("files", "delivery", "punctuality"),
    [
        ((), "none", "overdue"),
        ((sent("2025-02-01"),), "whole", "in_time"),
        ((sent("2025-02-01", rows=0),), "nothing", "in_time"),
        ((sent("2025-02-01", 0.79),), "part", "in_time"),
        ((sent("2025-02-01", None),), "part", "in_time"),
        ((sent("2025-02-01"), sent("2025-02-01", 0.5, shape="victims")), "part", "in_time"),
        ((sent("2024-07-05", 0.4973), sent("2025-02-01", 0.5027)), "whole", "in_time"),  # parts beside each other
        ((sent("2025-06-01"),), "whole", "came_late"),
    ],
)
def test_a_year_that_is_over(files: tuple[SentPeriod, ...], delivery: str, punctuality: str) -> None:
    year = asked("2025-07-01", *files)
    assert (year.delivery, year.punctuality) == (delivery, punctuality)
    assert bool(year.days_late) == (punctuality in ("overdue", "came_late"))


def test_a_publisher_owes_no_year() -> None:
    assert list(agency_years(load_source("unodc_glotip"), [], 2024, day("2025-07-01"))) == []
