"""Working days: closed days are never due, never counted, and come from files that say on whose word."""

from __future__ import annotations

import datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.cards.reporting_calendar import next_owed_delivery, owed_delivery
from ingestion.cards.reporting_periods import last_day
from ingestion.cards.source_card import FOLDER, load_codes, load_source, source_names
from ingestion.cards.working_days import REGION, working_days, working_days_of
from ingestion.submissions.agency_years import agency_years
from ingestion.submissions.files_in_force import CountedPeriod
from ingestion.submissions.receipts import Receipt
from languages.refusal import Refusal

DAYS = st.dates(datetime.date(2015, 1, 1), datetime.date(2035, 12, 31))
PLACES = st.sampled_from([code for code in load_codes("governorate") if code != "_U"])
BODIES = st.sampled_from([name for name in source_names() if load_source(name).kind == "authority"])
DAY = datetime.timedelta(days=1)


@given(PLACES, DAYS, DAYS, st.integers(1, 40))
def test_adding_working_days_keeps_the_order_of_days(place: str, one: datetime.date, two: datetime.date, count: int):
    open_days, (early, late) = working_days(place), sorted((one, two))
    assert open_days.after(early, count) <= open_days.after(late, count)
    assert open_days.after(early, count) < open_days.after(early, count + 1)


@given(PLACES, DAYS, st.integers(1, 40))
def test_adding_working_days_ends_on_an_open_day_and_counting_finds_them_again(
    place: str, day: datetime.date, count: int
):
    open_days = working_days(place)
    assert not open_days.is_closed(open_days.after(day, count))
    start = open_days.first_from(day)
    assert open_days.count(start, open_days.after(start, count)) == count


@given(PLACES, DAYS, st.integers(0, 60))
def test_closed_days_never_count(place: str, day: datetime.date, length: int):
    open_days, end = working_days(place), day + length * DAY
    closed = sum(open_days.is_closed(day + number * DAY) for number in range(1, length + 1))
    assert open_days.count(day, end) == length - closed
    if open_days.is_closed(end):
        assert open_days.count(day, end) == open_days.count(day, end - DAY)


@given(BODIES, st.integers(2015, 2034))
def test_a_due_day_is_an_open_one_and_nothing_is_late_before_the_next_open_one(body: str, year: int):
    sender = load_source(body)
    owed, open_days = owed_delivery(sender, year), working_days_of(sender)
    assert not open_days.is_closed(owed.due_date)
    assert f"{owed.due_date:%m-%d}" >= sender.rhythm.due
    assert [owed.days_late(owed.due_date), owed.days_late(owed.late_from_date)] == [0, 1]
    assert owed.days_late(owed.late_from_date - DAY) == 0


@given(BODIES, st.integers(2015, 2034), DAYS)
def test_what_falls_due_next_is_not_past(body: str, year: int, today: datetime.date):
    sender = load_source(body)
    assert next_owed_delivery(sender, today).due_date >= today
    letter = (last_day(sender, year) + DAY).isoformat()
    receipt = Receipt(body, "0" * 64, ".xlsx", "accepted", 2, 2, 0, {}, letter, "", letter)
    came = CountedPeriod(receipt, "cases", str(year), 2)
    missing = [one.owed for one in agency_years(sender, [came], today.year, today) if one.punctuality == "overdue"]
    assert all(one.late_from_date <= today for one in missing)
    assert all(one.late_from_date < two.late_from_date for one, two in pairwise(missing))
    assert str(year) not in {one.period for one in missing}


def test_the_weekend_is_friday_and_saturday():
    closed = [working_days("IQG08").is_closed(datetime.date(2025, 2, day)) for day in range(2, 9)]
    assert closed == [False, False, False, False, False, True, True]  # from a Sunday on


@pytest.mark.parametrize(("place", "is_closed"), [("IQG11", True), ("IQG08", False)])
def test_a_governorate_keeps_the_days_of_its_region(place: str, is_closed: bool):
    assert working_days(place).is_closed(datetime.date(2022, 12, 26)) == is_closed


def test_a_body_keeps_the_days_of_its_place_else_of_the_capital_of_its_region():
    region, federal = load_source("kurdistan_interior_ministry"), load_source("iraq_interior_ministry")
    assert region.region == REGION
    assert working_days_of(region) == working_days("IQG11")
    assert working_days_of(federal) == working_days("IQG08")
    assert working_days_of(federal.model_copy(update={"place": "IQG12"})) == working_days("IQG12")


def test_every_file_of_holidays_is_of_a_place_that_somebody_looks_up():
    known = {"IQ", "IQ-FED", REGION, *load_codes("governorate")} - {"_U"}
    files = list((FOLDER / "holidays").iterdir())
    assert files
    for path in files:
        assert path.stem in known, path
        assert working_days(path.stem).cards


def write_holidays(folder: Path, text: str) -> Path:
    (folder / "IQ.yml").write_text(text, encoding="utf-8")
    return folder


def test_an_announced_day_closes_an_opened_one_works_and_a_law_counts_in_its_years_only(tmp_path: Path):
    word = "{name: invented, confirmed_by: secretariat, confirmed_on: 2025-01-05}"
    folder = write_holidays(
        tmp_path,
        f"announced: {{2025-03-31: {word}}}\nopened: {{2025-03-15: {word}}}\n"
        'every_year: {"03-16": {name: invented, basis: a law, since: 2025, until: 2025}}\n'
        'to_confirm: ["03-17 perhaps"]\n',
    )
    open_days = working_days("IQG08", folder)
    closed = {
        day: open_days.is_closed(datetime.date.fromisoformat(day))
        for day in ("2025-03-31", "2025-03-15", "2025-03-16", "2026-03-16", "2025-03-17")
    }
    assert list(closed.values()) == [True, False, True, False, False]


@pytest.mark.parametrize(
    "text",
    [
        "announced: {2025-03-31: {name: Eid}}",
        "announced: {2025-03-31: {name: Eid, confirmed_by: '', confirmed_on: 2025-03-29}}",
        'every_year: {"01-01": {name: New Year}}',
        'every_year: {"13-01": {name: x, basis: y}}',
    ],
)
def test_a_holiday_that_nobody_stands_for_is_refused(tmp_path: Path, text: str):
    with pytest.raises(Refusal) as refused:
        working_days("IQG08", write_holidays(tmp_path, text))
    assert refused.value.code == "card_invalid"
