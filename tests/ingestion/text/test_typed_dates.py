"""Dates in figures and words, in three digit systems and four sets of month names."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.text.typed_dates import order_of, read_date, states_part_of_month

DAYS = st.dates(datetime.date(1990, 1, 1), datetime.date(2035, 12, 31))
ARABIC = ("كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران", "تموز", "آب", "أيلول", "تشرين الأول", "تشرين الثاني", "كانون الأول")  # fmt: skip  # noqa: E501
GULF = ("يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر")
KURDISH = ("کانوونی دووەم", "شوبات", "ئازار", "نیسان", "ئایار", "حوزەیران", "تەممووز", "ئاب", "ئەیلوول", "تشرینی یەکەم", "تشرینی دووەم", "کانوونی یەکەم")  # fmt: skip  # noqa: E501
SYSTEMS = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹")


@given(DAYS, st.sampled_from(["{d}/{m}/{y}", "{d:02}-{m:02}-{y}", "{y}/{m}/{d}", "{y}-{m:02}-{d:02}", "{d}.{m}.{y}"]), st.sampled_from(SYSTEMS))  # fmt: skip  # noqa: E501
def test_a_date_in_figures_reads_as_itself_in_every_digit_system(day: datetime.date, form: str, digits: str):
    typed = form.format(d=day.day, m=day.month, y=day.year).translate(str.maketrans(SYSTEMS[0], digits))
    assert read_date(typed, day_first=True) == (day, "")


@given(DAYS, st.sampled_from([ARABIC, GULF, KURDISH]), st.sampled_from(SYSTEMS))
def test_a_date_with_a_named_month_reads_as_itself(day: datetime.date, names: Sequence[str], digits: str):
    typed = f"{day.day} {names[day.month - 1]} {day.year}".translate(str.maketrans(SYSTEMS[0], digits))
    assert read_date(typed, day_first=False) == (day, "")


@given(DAYS)
def test_the_double_name_of_a_month_reads_as_one(day: datetime.date):
    assert read_date(f"{day.day} {ARABIC[day.month - 1]}/ {GULF[day.month - 1]} {day.year}", day_first=False).day == day


@given(DAYS.filter(lambda day: day.day <= 12 and day.day != day.month))
def test_day_and_month_are_never_guessed(day: datetime.date):
    typed = f"{day.day}/{day.month}/{day.year}"
    assert read_date(typed, day_first=None) == (None, "date_ambiguous")
    assert order_of(typed) == "either"


@given(DAYS.filter(lambda day: day.day <= 12))
def test_a_card_that_says_month_first_is_read_so(day: datetime.date):
    assert read_date(f"{day.month}/{day.day}/{day.year}", day_first=False) == (day, "")


@given(DAYS)
def test_figures_that_begin_with_the_year_prove_nothing_of_day_and_month(day: datetime.date):
    assert order_of(day.isoformat()) == order_of(day) == order_of(f"{day.month}/{day.month}/{day.year}") == ""
    assert read_date(day.isoformat(), day_first=None) == (day, "")


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize("sign", ["/", "-", "."])
def test_a_day_after_the_12th_proves_its_order_in_every_month(month: int, sign: str):
    for day in range(1, 32):
        wanted = ("day_first", "month_first") if day > 12 else ("", "") if day == month else ("either", "either")
        assert (order_of(f"{day}{sign}{month}{sign}2024"), order_of(f"{month}{sign}{day}{sign}2024")) == wanted


@pytest.mark.parametrize("first", [12, 13, 31])
@pytest.mark.parametrize("second", [13, 31])
def test_figures_of_which_neither_is_a_month_prove_nothing(first: int, second: int):
    assert order_of(f"{first}/{second}/2024") == ("month_first" if first == 12 else "")


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize(
    "typed",
    [
        "منتصف {ar}", "منتصف {ar} 2024", "في منتصف شهر {ar} ٢٠٢٤", "أوائل {ar}", "اواخر {ar} 2024", "بداية {ar}",
        "نهاية شهر {ar} من عام 2024",
        "mid {en}", "mid-{en} 2024", "early {en} 2024", "late {en}", "the end of {en}, 2024", "beginning of {en} 2024",
        "ناوەڕاستی {ckb}", "ناوەڕاستی مانگی {ckb}ی 2024", "سەرەتای {ckb}ی 2024", "کۆتایی {ckb} 2024",
    ],
)  # fmt: skip
def test_a_part_of_a_month_states_no_day_and_is_known(typed: str, month: int):
    english = datetime.date(2024, month, 1).strftime("%B")
    text = typed.format(ar=ARABIC[month - 1], en=english, ckb=KURDISH[month - 1])
    assert states_part_of_month(text), text
    assert read_date(text, day_first=True) == (None, "date_vague")


@pytest.mark.parametrize(
    "typed",
    ["منتصف علي", "منتصف", "آذار", "نهاية حسن 2024", "mid Hassan 2024", "5 آذار 2024", "علي منتصف آذار", "آذار 2024",
     "منتصف آذار علي", "سەرەتای عومەر"],
)  # fmt: skip
def test_a_text_with_any_other_word_is_no_part_of_a_month(typed: str):
    assert not states_part_of_month(typed)


@given(DAYS.filter(lambda day: day.day > 12))
def test_an_export_with_the_month_first_is_not_believed_where_the_card_says_day_first(day: datetime.date):
    typed = f"{day.month}/{day.day}/{day.year}"
    assert read_date(typed, day_first=True) == (None, "date_ambiguous")
    assert read_date(typed, day_first=None) == read_date(typed, day_first=False) == (day, "")
    assert order_of(typed) == "month_first"


@pytest.mark.parametrize(
    "typed",
    ["1445/3/2", "١٤٤٥/٣/٢ هـ", "2/3/1445 هـ", "12 رمضان 1445", "١٢ رمضان ١٤٤٥ هـ", "12 Ramadan 1445 AH", "رمضان 1445"],
)
def test_a_hijri_date_is_known_and_not_converted(typed: str):
    assert read_date(typed, day_first=True) == (None, "date_hijri")


@pytest.mark.parametrize(
    "typed", ["تموزز 2024", "تشرين الثالث 2024", "5 تشرین 2024", "Jully 2024", "كانون الثالث 2024"]
)
def test_a_month_that_is_nearly_written_right_is_not_guessed(typed: str):
    assert read_date(typed, day_first=True) == (None, "date_unreadable")


def test_a_workbook_that_counts_from_1904_is_read_from_there():
    assert read_date(45503 - 1462, day_first=True, from_1904=True) == (datetime.date(2024, 7, 30), "date_serial")


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("5 مايس 2024", datetime.date(2024, 5, 5)),
        ("5 يونيه 2024", datetime.date(2024, 6, 5)),
        ("5 تشرين أول 2024", datetime.date(2024, 10, 5)),
        ("5ی ئاداری 2024", datetime.date(2024, 3, 5)),
        ("30th July 2024", datetime.date(2024, 7, 30)),
        ("٣٠ی تەممووزی ٢٠٢٤", datetime.date(2024, 7, 30)),
        ("July 30, 2024", datetime.date(2024, 7, 30)),
        ("2024-07-30T00:00:00", datetime.date(2024, 7, 30)),
        ("\u200f30/7/2024", datetime.date(2024, 7, 30)),
        (datetime.datetime(2024, 7, 30, 12), datetime.date(2024, 7, 30)),
        (datetime.date(2024, 7, 30), datetime.date(2024, 7, 30)),
    ],
)
def test_dates_as_typed(typed: object, day: datetime.date):
    assert read_date(typed, day_first=True) == (day, "")


@pytest.mark.parametrize(("cell", "kind"), [(45503, "date_serial"), (45503.0, "date_serial"), ("45503", "date_serial")])
def test_a_day_count_is_read_and_flagged(cell: object, kind: str):
    assert read_date(cell, day_first=True) == (datetime.date(2024, 7, 30), kind)


@pytest.mark.parametrize("from_1904", [False, True])
@pytest.mark.parametrize(
    ("days", "day"),
    [(32_873, None), (32_874, datetime.date(1990, 1, 1)), (32_875, datetime.date(1990, 1, 2)),
     (73_414, datetime.date(2100, 12, 30)), (73_415, datetime.date(2100, 12, 31)), (73_416, None)],
)  # fmt: skip
def test_a_day_count_is_of_1990_to_2100(days: int, day: datetime.date | None, from_1904: bool):
    number = days - 1462 if from_1904 else days
    for cell in (number, number + 0.25, str(number)):
        reading = read_date(cell, day_first=True, from_1904=from_1904)
        assert reading == (day, "date_serial" if day else "date_unreadable")


@pytest.mark.parametrize("year", [1899, 1900, 1901, 2099, 2100, 2101])
def test_a_bare_number_is_a_year_from_1900_to_2100(year: int):
    day = datetime.date(year, 1, 1) if 1900 <= year <= 2100 else None
    assert read_date(year, day_first=True) == (day, "date_incomplete" if day else "date_unreadable")


@pytest.mark.parametrize(("short", "year"), [("00", 2000), ("49", 2049), ("50", 1950), ("51", 1951), ("99", 1999)])
def test_a_year_of_two_figures_is_of_1950_to_2049(short: str, year: int):
    assert read_date(f"3-Jan-{short}", day_first=True) == (datetime.date(year, 1, 3), "")


@pytest.mark.parametrize(("cell", "month"), [("تموز 2024", 7), ("2024", 1), (2024, 1), ("كانون الأول ٢٠٢٤", 12)])
def test_a_date_without_a_day_lands_as_the_first_and_says_so(cell: object, month: int):
    assert read_date(cell, day_first=True) == (datetime.date(2024, month, 1), "date_incomplete")


@pytest.mark.parametrize(
    "cell",
    [
        "31/2/2024",
        "5/7/24",
        "تشرين 2024",
        "7/2024",
        "كانون 5 2024",
        True,
        "قريبا",
        12,
        "30/7/2024 و 2/8/2024",
    ],
)
def test_what_states_no_day_is_not_guessed(cell: object):
    assert read_date(cell, day_first=True) == (None, "date_unreadable")


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan"), 10**400, "9" * 5000, "\u1369"])
def test_what_is_no_number_of_days_is_unreadable_and_does_not_crash(value: object):
    assert read_date(value, day_first=True) == (None, "date_unreadable")


def test_a_date_is_as_long_as_a_date():
    assert read_date("30/7/2024" + " " * 31, day_first=True).day == datetime.date(2024, 7, 30)
    assert read_date("30/7/2024" + " " * 32, day_first=True).kind == "date_unreadable"
