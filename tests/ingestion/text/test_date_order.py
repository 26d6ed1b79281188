"""The order of day and month of a column: proved by all cells, settled by one answer; programs that exchange."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.text.date_order import NOTHING_TOLD, DecidedText, OrderProof, can_only_be, column_order

Cells = list[object]
YEAR = [datetime.date(2024, 1, 1) + datetime.timedelta(days=number) for number in range(366)]
DAYS = st.lists(st.sampled_from(YEAR), min_size=1, max_size=100)


def day_first(day: datetime.date) -> str:
    return f"{day.day}/{day.month}/{day.year}"


def month_first(day: datetime.date) -> str:
    return f"{day.month}/{day.day}/{day.year}"


def exchanged(day: datetime.date) -> object:
    """What a program makes of a day whose order it takes the wrong way round: a real date, or nothing."""
    return day.replace(month=day.day, day=day.month) if day.day <= 12 else None


def converted(days: Sequence[datetime.date], *, typed_day_first: bool) -> Cells:
    """What a program of the other order makes of days as they were typed."""
    typed = day_first if typed_day_first else month_first
    return [exchanged(day) or typed(day) for day in days]


def landed(cells: Cells, *, card: bool | None, answer: str = "") -> list[datetime.date | None]:
    order = column_order(cells, day_first=card, answer=answer)
    return [order.read_cell(cell).day for cell in cells]


def wrong(cells: Cells, days: Sequence[datetime.date], *, card: bool | None, answer: str = "") -> list[object]:
    """Return the cells that land with another day than was meant."""
    read = zip(cells, days, landed(cells, card=card, answer=answer), strict=True)
    return [cell for cell, day, got in read if got not in (None, day)]


def proves(days: Sequence[datetime.date]) -> bool:
    return any(day.day > 12 for day in days)


@pytest.mark.parametrize("card", [True, None])
@given(DAYS.filter(proves))
def test_texts_with_the_month_first_never_land_with_another_month(card: bool | None, days: list[datetime.date]):
    cells: Cells = [month_first(day) for day in days]
    assert wrong(cells, days, card=card) == []
    assert landed(cells, card=card, answer="month_first") == days


@given(DAYS.filter(proves))
def test_texts_with_the_day_first_never_land_with_another_month_where_the_card_says_month_first(
    days: list[datetime.date],
):
    cells: Cells = [day_first(day) for day in days]
    assert wrong(cells, days, card=False) == []
    assert landed(cells, card=False, answer="day_first") == days


@pytest.mark.parametrize("card", [True, None])
@given(DAYS.filter(proves))
def test_days_that_a_program_exchanged_never_land_with_another_month(card: bool | None, days: list[datetime.date]):
    cells = converted(days, typed_day_first=True)
    assert wrong(cells, days, card=card) == []
    doubt = column_order(cells, day_first=card).doubt
    assert landed(cells, card=card, answer="exchanged" if doubt else "") == days


@pytest.mark.parametrize("card", [True, False, None])
@given(DAYS.filter(proves))
def test_the_mirror_of_it_never_lands_with_another_month_either(card: bool | None, days: list[datetime.date]):
    cells = converted(days, typed_day_first=False)
    assert wrong(cells, days, card=card) == []
    doubt = column_order(cells, day_first=card).doubt
    answer = {"": "", "date_order_contradicted": "month_first", "dates_exchanged": "exchanged"}[doubt]
    assert landed(cells, card=card, answer=answer) == days


@pytest.mark.parametrize("typed_day_first", [True, False])
def test_of_a_hundred_days_none_lands_exchanged_and_all_land_right_after_one_answer(*, typed_day_first: bool):
    days = YEAR[::3][:100]
    texts: Cells = [month_first(day) for day in days]
    assert wrong(texts, days, card=True) == []
    assert landed(texts, card=True, answer="month_first") == days
    cells = converted(days, typed_day_first=typed_day_first)
    assert wrong(cells, days, card=True) == []
    assert landed(cells, card=True, answer="exchanged" if typed_day_first else "month_first") == days


@settings(max_examples=50)
@given(st.lists(st.sampled_from(YEAR), min_size=1, max_size=60), st.booleans())
def test_a_column_of_which_every_day_is_typed_and_a_real_date_lands(days: list[datetime.date], card_is_silent: bool):
    cells: Cells = [*days, *map(day_first, days)]
    if proves(days) and any(day.day <= 12 for day in days):
        order = column_order(cells, day_first=True)
        assert [order.read_cell(cell).day for cell in cells] == [*days, *days]


def test_whoever_types_every_second_day_is_asked_nothing():
    cells: Cells = [day if number % 2 else day_first(day) for number, day in enumerate(YEAR)]
    assert column_order(cells, day_first=True).doubt == ""
    assert landed(cells, card=True) == YEAR


def test_activities_of_the_first_of_each_month_beside_texts_are_asked_nothing():
    firsts = [datetime.date(2024, month, 1) for month in range(1, 13)]
    cells: Cells = [
        *firsts,
        datetime.date(2024, 3, 20),
        datetime.date(2024, 4, 25),
        "5/3/2024",
        "6/4/2024",
        "17/5/2024",
    ]
    assert column_order(cells, day_first=True).doubt == ""


def test_one_real_date_and_one_text_that_are_parted_wait_and_one_that_is_not_lands():
    early, late, early_text, late_text = datetime.date(2024, 3, 5), datetime.date(2024, 3, 25), "5/3/2024", "25/3/2024"
    assert column_order([early, late_text], day_first=True).doubt == "dates_exchanged"
    for cells in ([late, late_text], [early, early_text], [early], [early, late], [late_text], [early_text, late]):
        assert column_order(cells, day_first=True).doubt == "", cells
    same = datetime.date(2024, 5, 5)
    assert column_order([same, late_text], day_first=True).doubt == ""  # an exchange changes nothing


@pytest.mark.parametrize(("late_texts", "doubt"), [(97, ""), (98, ""), (99, "dates_exchanged")])
def test_texts_that_are_not_wholly_parted_wait_where_chance_is_below_one_in_fifty(late_texts: int, doubt: str):
    """That the one real date is one of two early days has the chance 2 in n: 1 in 50 of a hundred days."""
    texts = ["2/11/2024", *[day_first(day) for day in YEAR if day.day > 12][:late_texts]]
    assert column_order([datetime.date(2024, 3, 2), *texts], day_first=True).doubt == doubt


def test_many_rows_of_one_day_are_one_observation():
    cells: Cells = [*[datetime.date(2024, 3, 2)] * 40, *["25/3/2024"] * 40, "2/11/2024"]
    assert column_order(cells, day_first=True).doubt == ""


def test_a_clerk_who_mended_some_of_the_texts_has_not_removed_the_evidence():
    days = YEAR[::3][:100]
    late = [day for day in days if day.day > 12]
    cells = [day if day in late[:20] else cell for day, cell in zip(days, converted(days, typed_day_first=True), strict=True)]  # fmt: skip  # noqa: E501
    assert column_order(cells, day_first=True).doubt == "dates_exchanged"
    assert wrong(cells, days, card=True) == []


def test_both_orders_in_one_column_keep_out_what_may_be_either_and_what_contradicts_the_card():
    cells: Cells = ["30/7/2024", "5/7/2024", "7/30/2024", "5/5/2024", "2024/7/5", "5 تموز 2024"]
    order = column_order(cells, day_first=True)
    assert order.doubt == "date_order_contradicted"
    waiting = [cell for cell in cells if order.read_cell(cell).kind == order.doubt]
    assert waiting == ["5/7/2024", "7/30/2024"]
    answered = column_order(cells, day_first=True, answer="day_first")
    assert [answered.read_cell(cell).kind for cell in cells] == ["", "", "date_ambiguous", "", "", ""]


def test_figures_that_state_no_day_prove_nothing():
    assert column_order(["5/7/2024", "99/99/2024"], day_first=True).doubt == ""


@pytest.mark.parametrize(("cell", "doubt"), [("5/7/2024", "date_order_unsaid"), ("5/5/2024", ""), ("30/7/2024", "")])
def test_a_card_that_states_no_order_keeps_out_what_may_be_either(cell: str, doubt: str):
    assert column_order([cell, "30/7/2024"], day_first=None).doubt == doubt


def test_day_counts_and_dates_that_programs_write_are_real_dates_and_what_persons_type_is_none():
    for cell in (45_356, "45356", "2024-03-05", "2024-03-05 00:00:00"):
        assert column_order([cell, "25/3/2024"], day_first=True).doubt == "dates_exchanged", cell
    for cell in ("2024/3/5", "5 آذار 2024", "آذار 2024", 2024):
        assert column_order([cell, "25/3/2024"], day_first=True).doubt == "", cell


def test_a_day_count_keeps_its_flag_when_it_is_put_back():
    order = column_order([45_356, "25/3/2024"], day_first=True, answer="exchanged")
    assert order.read_cell(45_356) == (datetime.date(2024, 5, 3), "date_serial")
    from_1904 = column_order([45_356 - 1462, "25/3/2024"], day_first=True, from_1904=True, answer="exchanged")
    assert from_1904.read_cell(45_356 - 1462) == (datetime.date(2024, 5, 3), "date_serial")


def test_real_dates_that_are_right_stay_as_they_are_after_that_answer():
    cells: Cells = [datetime.date(2024, 3, 5), "25/3/2024"]
    assert landed(cells, card=True, answer="as_they_are") == [datetime.date(2024, 3, 5), datetime.date(2024, 3, 25)]


def test_a_cell_that_was_decided_lands_and_proves_what_was_typed_there():
    cells: Cells = [DecidedText("2024-03-15", "3/15/2024"), "3/5/2024"]
    order = column_order(cells, day_first=True)
    assert order.read_cell(cells[0]) == (datetime.date(2024, 3, 15), "")
    assert order.read_cell(cells[1]) == (None, "date_order_contradicted")
    assert column_order([DecidedText("2024-07-05", "5/7/2024"), "30/7/2024"], day_first=True).doubt == ""


def test_real_dates_beside_texts_that_contradict_the_card_wait_though_somebody_typed_real_dates_after_the_12th():
    cells: Cells = [
        *(datetime.date(2024, 9, 5), datetime.date(2024, 7, 3), datetime.date(2024, 5, 1)),  # typed 5/9, 3/7 and 1/5
        *("10/14/2024", "1/20/2024", "10/29/2024", "8/23/2024", "3/28/2024", "12/26/2024", "11/14/2024"),
        *(datetime.date(2024, 4, 21), datetime.date(2024, 10, 18)),
    ]
    assert landed(cells, card=True)[:10] == [None] * 10
    answered = landed(cells, card=True, answer="month_first")
    assert answered[:3] == [None] * 3  # nobody can say of each whether it was typed as it stands
    assert answered[3] == datetime.date(2024, 10, 14)
    assert answered[10:] == cells[10:]


def test_a_text_that_may_be_read_both_ways_shows_that_no_program_read_the_others():
    cells: Cells = [datetime.date(2024, 4, 21), datetime.date(2024, 5, 1), "10/14/2024", "3/5/2024"]
    assert landed(cells, card=True) == [*cells[:2], None, None]


def test_a_day_before_the_date_that_it_follows_can_only_be_true_in_the_other_order():
    reported = datetime.date(2024, 6, 20)
    told = [
        can_only_be(text, lambda day: day >= reported) for text in ("5/9/2024", "9/5/2024", "7/8/2024", "20/7/2024")
    ]
    assert told == [OrderProof(1, 0, 0), OrderProof(0, 1, 0), NOTHING_TOLD, NOTHING_TOLD]


def test_a_real_date_that_is_possible_only_the_other_way_round_was_exchanged():
    reported = datetime.date(2024, 6, 20)
    assert can_only_be(datetime.date(2024, 5, 9), lambda day: day >= reported) == OrderProof(0, 0, 1)
    order = column_order([datetime.date(2024, 5, 9)], day_first=True, told=OrderProof(0, 0, 1))
    assert order.doubt == "dates_exchanged"
