"""The three answers about a year of an agency: the period, what was delivered of it, and whether in time."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

import pytest

from ingestion.cards.reporting_calendar import owed_delivery
from ingestion.cards.reporting_periods import first_day, is_over, last_day, period_state
from ingestion.cards.source_card import SourceCard, load_source
from ingestion.submissions.agency_years import AgencyYear, agency_year, agency_years
from ingestion.submissions.files_in_force import CountedPeriod
from ingestion.submissions.receipts import Receipt

MINISTRY = load_source("iraq_interior_ministry")
DAY = datetime.timedelta(days=1)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


UNCLEAR = "unclear"


def sent(
    on: str, part: str = "", rows: int = 5, shape: str = "cases", *, received: str = "", number: int = 0
) -> CountedPeriod:
    """Return a file by the day of its letter and its part of 2024 (`01-01/06-30`), else of the whole year."""
    start, _, end = part.partition("/")
    days: dict[str, Any] = {"start": f"2024-{start}", "end": f"2024-{end}"} if end else {"start": None, "end": None}
    share = ((day(days["end"]) - day(days["start"])).days + 1) / 366 if end else None
    covers = {shape: {"2024": {**days, "completeness": share and round(share, 4)}}} if part else {}
    receipt = Receipt(
        MINISTRY.name, "0" * 64, ".xlsx", "accepted", rows, rows, 0, {}, on, "", received or on, {shape: {"2024": rows}}
    )
    return CountedPeriod(dataclasses.replace(receipt, covers=covers, n=number), shape, "2024", rows)


def asked(on: str, *files: CountedPeriod) -> AgencyYear:
    """Ask about 2024; the files came in the order in which they are named, unless they bear numbers."""
    numbered = [
        dataclasses.replace(file, receipt=dataclasses.replace(file.receipt, n=file.receipt.n or place))
        for place, file in enumerate(files, start=1)
    ]
    return agency_year(MINISTRY, 2024, numbered, day(on))


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


@pytest.mark.parametrize(
    "files", [(), (sent("2024-12-02"),), (sent("2024-05-01", "01-01/04-30"), sent("2024-12-02", "01-01/11-30"))]
)
def test_nobody_is_late_or_in_time_for_a_year_that_is_not_over(files: tuple[CountedPeriod, ...]) -> None:
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
        ((sent("2025-02-01", "01-01/10-15"),), "part", "overdue"),
        ((sent("2025-02-01", UNCLEAR),), "part", "overdue"),
        ((sent("2025-02-01"), sent("2025-02-01", "01-01/06-30", shape="victims")), "part", "overdue"),
        ((sent("2024-07-05", "01-01/06-30"), sent("2025-02-01", "07-01/12-31")), "whole", "in_time"),
        ((sent("2025-06-01"),), "whole", "came_late"),
    ],
)
def test_a_year_that_is_over(files: tuple[CountedPeriod, ...], delivery: str, punctuality: str) -> None:
    year = asked("2025-07-01", *files)
    assert (year.delivery, year.punctuality) == (delivery, punctuality)
    assert bool(year.days_late) == (punctuality in ("overdue", "came_late"))


DUE = owed_delivery(MINISTRY, 2024)
FIRST_HALF, SECOND_HALF = "01-01/06-30", "07-01/12-31"


@pytest.mark.parametrize(
    ("on", "punctuality"),
    [
        (DUE.due_date - DAY, "in_time"),
        (DUE.due_date, "in_time"),
        (DUE.late_from_date - DAY, "in_time"),  # offices are closed
        (DUE.late_from_date, "came_late"),
    ],
)
@pytest.mark.parametrize("before", [(), (sent("2024-07-05", FIRST_HALF),), (sent("2025-01-05", FIRST_HALF),)])
def test_a_year_is_in_time_by_the_file_that_makes_it_whole_and_not_by_its_first_part(
    before: tuple[CountedPeriod, ...], on: datetime.date, punctuality: str
) -> None:
    last = sent(on.isoformat(), SECOND_HALF if before else "")
    year = asked("2025-07-01", *before, last)
    assert (year.delivery, year.punctuality, year.sent_date) == ("whole", punctuality, on)
    assert not year.is_awaited


@pytest.mark.parametrize(
    ("on", "punctuality"),
    [
        (DUE.due_date - DAY, "not_due"),
        (DUE.due_date, "not_due"),
        (DUE.late_from_date - DAY, "not_due"),
        (DUE.late_from_date, "overdue"),
    ],
)
def test_a_part_alone_is_awaited_to_the_due_day_and_overdue_from_the_day_after(
    on: datetime.date, punctuality: str
) -> None:
    year = asked(on.isoformat(), sent("2025-01-05", FIRST_HALF))
    assert (year.delivery, year.punctuality, year.sent_date) == ("part", punctuality, None)
    assert year.is_awaited


def test_the_last_part_may_come_first_and_the_year_is_whole_by_the_letter_of_the_later_one() -> None:
    late = (DUE.late_from_date + 10 * DAY).isoformat()
    year = asked("2025-07-01", sent("2025-01-05", SECOND_HALF), sent(late, FIRST_HALF))
    assert (year.delivery, year.punctuality, year.sent_date) == ("whole", "came_late", day(late))


def test_a_correction_leaves_the_punctuality_of_the_file_that_it_corrects() -> None:
    year = asked("2025-07-01", sent("2025-02-01"), sent("2025-06-10", rows=7))
    assert (year.delivery, year.punctuality, year.sent_date) == ("whole", "in_time", day("2025-02-01"))


def test_a_part_that_takes_the_place_of_a_whole_year_makes_it_awaited_again() -> None:
    whole, part = sent("2025-02-01"), sent("2025-06-10", FIRST_HALF)
    assert (asked("2025-07-01", whole, part).delivery, asked("2025-07-01", whole, part).is_awaited) == ("part", True)
    again = asked("2025-07-01", whole, part, sent("2025-06-20", SECOND_HALF))
    assert (again.delivery, again.punctuality) == ("whole", "in_time")


def test_the_order_in_which_files_came_is_that_of_their_numbers_and_not_of_their_letters() -> None:
    """A part came last with an older letter: it counts, and the whole year before it no longer does."""
    part = sent("2025-01-05", FIRST_HALF, number=2)
    assert asked("2025-07-01", part, sent("2025-02-01", number=1)).delivery == "part"
    assert asked("2025-07-01", part, sent("2025-02-01", number=3)).delivery == "whole"


def test_a_year_is_whole_when_the_last_of_its_kinds_of_record_is() -> None:
    late = DUE.late_from_date.isoformat()
    year = asked("2025-07-01", sent("2025-01-05"), sent(late, shape="victims"))
    assert (year.delivery, year.punctuality, year.sent_date) == ("whole", "came_late", DUE.late_from_date)


def test_a_publisher_owes_no_year() -> None:
    assert list(agency_years(load_source("unodc_glotip"), [], 2024, day("2025-07-01"))) == []
