"""Periods that titles state: years, quarters, from a day until a day, in three languages and three digit systems."""

from __future__ import annotations

import datetime
from calendar import monthrange

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.text.periods import Period, completeness_of, read_period, whole_year, year_in
from tests.ingestion.text.test_typed_dates import ARABIC, GULF, KURDISH, SYSTEMS

YEARS = st.integers(1990, 2049)
DAYS = st.dates(datetime.date(1990, 1, 1), datetime.date(2049, 12, 31))
DIGITS = st.sampled_from(SYSTEMS)
MONTHS = st.sampled_from([ARABIC, GULF, KURDISH])


def written(text: str, digits: str) -> str:
    return text.translate(str.maketrans(SYSTEMS[0], digits))


def stated(text: str, **said: bool | int) -> tuple[str, str] | None:
    period = read_period(text, **said).period  # pyright: ignore[reportArgumentType]
    return (period.start.isoformat(), period.end.isoformat()) if period else None


@given(
    YEARS,
    st.sampled_from(["{}", "لسنة {}", "جدول يبين عدد الضحايا لعام {}م", "ساڵی {}", "Year {}", "بيانات{}"]),
    DIGITS,
)
def test_a_year_is_found_in_words_and_figures(year: int, title: str, digits: str):
    typed = written(title.format(year), digits)
    assert year_in(typed) == year
    assert read_period(typed).period == whole_year(year)


@pytest.mark.parametrize("text", ["", "ورقة1", "2023-2024", "قانون 28", "12 قضية", "1445", "20245", "هاتف 20241234"])
def test_no_year_and_several_years_are_none(text: str):
    assert year_in(text) is None
    assert read_period(text) == (None, False)


def test_the_same_year_twice_is_one_year():
    assert year_in("2024 لسنة ٢٠٢٤") == 2024


@given(YEARS, st.integers(1, 4), DIGITS)
def test_a_quarter_is_read_in_three_languages(year: int, number: int, digits: str):
    arabic = ("الأول", "الثاني", "الثالث", "الرابع")[number - 1]
    kurdish = ("یەکەم", "دووەم", "سێیەم", "چوارەم")[number - 1]
    last = monthrange(year, 3 * number)[1]
    expected = Period(datetime.date(year, 3 * number - 2, 1), datetime.date(year, 3 * number, last))
    titles = (f"الفصل {arabic} لسنة {year}", f"الربع {arabic} {year}", f"چارەکی {kurdish}ی {year}", f"Q{number} {year}")
    assert {read_period(written(title, digits)).period for title in titles} == {expected}


@given(DAYS, MONTHS, DIGITS, st.sampled_from(["لغاية {}", "من 1/1 ولغاية {}", "للفترة من 1/1 لغاية {}"]))
def test_a_part_of_a_year_until_a_day_is_read_as_that_part(
    day: datetime.date, names: tuple[str, ...], digits: str, title: str
):
    typed = written(title.format(f"{day.day} {names[day.month - 1]} {day.year}"), digits)
    period = read_period(typed).period
    assert period and period == Period(datetime.date(day.year, 1, 1), day)
    assert period.completeness == pytest.approx(day.timetuple().tm_yday / whole_year(day.year).end.timetuple().tm_yday)
    assert period.is_whole_year == ((day.month, day.day) == (12, 31))


@given(DAYS, st.booleans())
def test_figures_of_a_title_are_read_only_by_a_known_order(day: datetime.date, day_first: bool):
    first, second = (day.day, day.month) if day_first else (day.month, day.day)
    title = f"لغاية {first}/{second}/{day.year}"
    assert read_period(title, day_first=day_first).period == Period(datetime.date(day.year, 1, 1), day)
    unknown = read_period(title)
    proven = day.day > 12 or day.day == day.month
    assert (unknown.period is not None, unknown.is_unclear) == (proven, not proven)


@pytest.mark.parametrize(
    ("title", "start", "end"),
    [
        ("من 1/1 ولغاية 15/10 لسنة 2025", "2025-01-01", "2025-10-15"),
        ("جدول القضايا للفترة من ١/١ لغاية ١٥/١٠/٢٠٢٥", "2025-01-01", "2025-10-15"),
        ("من 1 كانون الثاني/ يناير ولغاية 15 تشرين الأول/ أكتوبر 2025", "2025-01-01", "2025-10-15"),
        ("from 1 Jan to 15 Oct 2025", "2025-01-01", "2025-10-15"),
        ("July 1, 2024 to September 30, 2024", "2024-07-01", "2024-09-30"),
        ("لە 1ی کانوونی دووەم تا 15ی تشرینی یەکەمی 2025", "2025-01-01", "2025-10-15"),
        ("15/10 - 1/1 2025", "2025-01-01", "2025-10-15"),
        ("من كانون الثاني الى حزيران 2024", "2024-01-01", "2024-06-30"),
        ("النصف الثاني من عام 2024", "2024-07-01", "2024-12-31"),
        ("H1 2024", "2024-01-01", "2024-06-30"),
        ("للأشهر التسعة الأولى من 2025", "2025-01-01", "2025-09-30"),
        ("الفصلين الأول والثاني 2024", "2024-01-01", "2024-06-30"),
        ("Q1-Q3 2024", "2024-01-01", "2024-09-30"),
        ("لشهر شباط 2024", "2024-02-01", "2024-02-29"),
        ("بغداد في 15 تشرين الأول 2025", "2025-01-01", "2025-12-31"),  # the day of a letter
    ],
)
def test_titles_as_they_are_written(title: str, start: str, end: str):
    assert stated(title) == (start, end)


def test_a_period_over_two_years_has_a_part_in_each():
    period = read_period("من 15/10/2024 لغاية 31/3/2025").period
    assert period
    assert period.within(2024) == Period(datetime.date(2024, 10, 15), datetime.date(2024, 12, 31))
    assert period.within(2025) == Period(datetime.date(2025, 1, 1), datetime.date(2025, 3, 31))
    assert period.within(2023) is None
    assert period.completeness == completeness_of(datetime.date(2025, 1, 1), datetime.date(2025, 3, 31))


@pytest.mark.parametrize(
    "title", ["لغاية تشرين 2025", "لغاية 5/7/2025", "لغاية 31/2/2025", "الربع الثاني", "من 1/1 لغاية 15/10"]
)
def test_a_part_whose_days_stay_open_is_unclear_and_not_the_whole_year(title: str):
    assert read_period(title) == (None, True)


def test_a_part_without_a_year_takes_the_year_of_its_rows():
    assert stated("من 1/1 ولغاية 15/10", year=2025) == ("2025-01-01", "2025-10-15")
    assert stated("الربع الثاني", year=2025) == ("2025-04-01", "2025-06-30")
    assert read_period("الفصل الأول: أحكام عامة", year=2025) == (None, False)  # a chapter


@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from(["من", "لغاية", "1/1", "تشرين", "2025", "Q9", "/", "15 آب"])).map(" ".join)
)
def test_no_title_makes_it_fail(text: str):
    reading = read_period(text)
    assert not (reading.period and reading.is_unclear)
