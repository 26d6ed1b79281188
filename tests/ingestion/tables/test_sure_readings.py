"""What is sure is read, however it is written: places, months, ages and numbers in words, totals. The rest waits."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.cards.source_card import FOLDER, read_yaml
from ingestion.tables.totals import is_total
from ingestion.text.number_words import replace_number_words, small_number
from ingestion.text.typed_dates import read_date
from tests.ingestion.tables.test_cell_values import read

JANUARY = datetime.date(2024, 1, 3)
YEARS_OLD = [
    ("17 سنة و 3 اشهر", 17), ("١٧ سنة و٣ أشهر", 17), ("17سنة", 17), ("17 years and 3 months", 17), ("6 أشهر", 0),
    ("20 شهرا", 1), ("12 شهر", 1), ("11 شهر", 0), ("١٧ ساڵ و ٣ مانگ", 17), ("سنتان و 3 اشهر", 2), ("سنتين", 2),
    ("سنة ونصف", 1), ("17 سنة ونصف", 17), ("شهرين", 0), ("سنة واحدة", 1), ("ثلاثون", 30), ("ثلاثون سنة", 30),
    ("سبعة عشر عاماً", 17), ("خمسة وعشرون", 25), ("خمس و عشرين سنة", 25), ("بیست و پێنج ساڵ", 25), ("twenty-five", 25),
    ("مئة", 100),
]  # fmt: skip


def _place(typed: str) -> object:
    return read(typed, "code", codes="governorate").raw[0]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("ذيقار", "IQG17"), ("DhiQar", "IQG17"), ("Thi-Qar", "IQG17"), ("زي قار", "IQG17"), ("بصرة", "IQG02"),
        ("م/البصرة", "IQG02"), ("Basra (البصرة)", "IQG02"), ("نينوى - الموصل", "IQG15"), ("موصل", "IQG15"),
        ("Ninawa", "IQG15"), ("انبار", "IQG01"), ("Al Anbār", "IQG01"), ("صلاحالدين", "IQG16"),
        ("Salah ad Din", "IQG16"), ("As Sulaymānīyah", "IQG06"), ("Wāsiţ", "IQG18"), ("مدينة بغداد", "IQG08"),
        ("القادسية/الديوانية", "IQG05"), ("بغداد - الكرخ", "IQG08"), ("Hewlêr", "IQG11"), ("Dihok", "IQG09"),
        ("حلبجه", "IQG06Q05"), ("مثنى", "IQG03"), ("نجف", "IQG04"), ("Babel", "IQG07"), ("ديالا", "IQG10"),
        ("كربلاء المقدسه", "IQG12"), ("Kirkouk", "IQG13"), ("Misan", "IQG14"),
    ],
)  # fmt: skip
def test_a_governorate_is_read_as_hasty_hands_write_it(typed: str, code: str):
    assert _place(typed) == code


@pytest.mark.parametrize(
    "typed", ["البصرة - ميسان", "بغداد والبصرة", "قضاء القرنة", "ال", "محافظة", "ب", "خارج العراق"]
)
def test_a_place_that_may_be_two_or_none_waits(typed: str):
    assert read(typed, "code", codes="governorate").kind == "unknown_code"


def test_every_spelling_that_is_listed_for_a_code_is_read_as_that_code():
    lists = read_yaml(FOLDER / "cards" / "spellings.yml")
    listed = [(name, code, word) for name, codes in lists.items() for code, words in codes.items() for word in words]
    assert [one for one in listed if read(one[2], "code", codes=one[0]).raw != (one[1],)] == []


@pytest.mark.parametrize(("typed", "code"), [("الأنثى", "F"), ("الذكر", "M")])
def test_a_word_with_its_article_is_the_word(typed: str, code: str):
    assert read(typed, "code", codes="sex").raw == (code,)


@pytest.mark.parametrize(
    "typed",
    [
        "٢٠٢٤/١/٣م", "3/1/2024 م", "3-Jan-24", "3/Jan/24", "3 Jan. 2024", "03-January-2024", "3/كانون الثاني/2024",
        "3-كانون الثاني-2024", "2024/كانون الثاني/3", "3/كانون الثاني/يناير/2024", "3 من كانون الثاني 2024",
        "3 شهر كانون الثاني 2024", "الأربعاء 3/1/2024", "يوم الاربعاء الموافق ٣/١/٢٠٢٤", "Wednesday, 3 January 2024",
        "3ی کانوونی دووەمی 2024", "3/1/2024 ميلادية",
    ],
)  # fmt: skip
def test_a_day_is_read_with_its_era_its_weekday_and_its_month_by_name(typed: str):
    assert read_date(typed, day_first=True) == (JANUARY, "")


def test_the_fifth_of_february_is_read_with_slashes():
    assert read_date("5/شباط/2024", day_first=None) == (datetime.date(2024, 2, 5), "")


@pytest.mark.parametrize(("short", "year"), [("00", 2000), ("49", 2049), ("50", 1950), ("99", 1999)])
def test_a_year_of_two_figures_is_that_of_the_spreadsheet(short: str, year: int):
    assert read_date(f"3-Jan-{short}", day_first=True) == (datetime.date(year, 1, 3), "")


@pytest.mark.parametrize("typed", ["Jan-24", "3/1/24", "3-Jan", "3-Jem-24", "3-Jan-2", "شباط 24"])
def test_a_short_year_that_may_be_a_day_is_not_guessed(typed: str):
    assert read_date(typed, day_first=True) == (None, "date_unreadable")


@pytest.mark.parametrize(
    "typed",
    ["رجب", "15 رجب", "رجب 1445", "15/رجب/1445", "شهر رمضان", "١٢ گوڵان ٢٧٢٤", "ڕەشەمێ", "15 Rajab", "صفر 1446 هـ"],
)
def test_a_month_of_another_calendar_is_known_and_never_converted(typed: str):
    assert read_date(typed, day_first=True) == (None, "date_hijri")


@pytest.mark.parametrize(("typed", "years"), YEARS_OLD)
def test_an_age_is_read_in_years_and_months_and_in_words(typed: str, years: int):
    assert read(typed, "age").raw == (years, None, None, "years")


@pytest.mark.parametrize("typed", ["دون الثامنة عشرة", "دون سن الثامنة عشر", "أقل من ثماني عشرة سنة", "under eighteen"])
def test_an_age_under_eighteen_in_words_is_a_childs(typed: str):
    assert read(typed, "age").raw == (None, None, "Y0T17", "band")


@pytest.mark.parametrize(
    "typed", ["17 سنة و 12 شهر", "17 سنة و 14 شهر", "ثلاثون وثلاثون", "سبعه عشرون", "ثلثون", "سی", "سنة", "مئة وعشرون"]
)
def test_an_age_that_is_nearly_one_waits(typed: str):
    assert read(typed, "age").kind == "age_unreadable"


@pytest.mark.parametrize(
    ("typed", "number"),
    [("ثلاثون", 30), ("ثلاثة", 3), ("صفر", 0), ("واحد وعشرون", 21), ("تسعة و تسعين", 99), ("مائة", 100), ("حەوت", 7)],
)
def test_a_count_in_words_is_read_up_to_a_hundred(typed: str, number: int):
    assert read(typed, "integer").raw == (number, "value")


@pytest.mark.parametrize("typed", ["مئة وواحد", "مليون", "خمسة عشر مليون", "سته عشرون", "ثلثه", "ثلاثاء"])
def test_a_number_that_is_no_number_up_to_a_hundred_waits(typed: str):
    assert read(typed, "integer").kind == "not_a_number"


def test_every_number_to_a_hundred_has_its_words_and_no_words_two_numbers():
    told = {(number, small_number(words)) for number in range(101) for words in _ways(number)}
    assert told == {(number, number) for number in range(101)}
    assert small_number("أحد") is None


def _ways(number: int) -> list[str]:
    units = ["صفر", "واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة", "عشرة"]
    tens = ["عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون"]
    if number <= 10:
        return [units[number]]
    if number < 20:
        return [f"{['أحد', 'اثنا', *units[3:10]][number - 11]} عشر"]
    if number == 100:
        return ["مئة", "مائة"]
    ten, unit = tens[number // 10 - 2], number % 10
    return [f"{units[unit]} و{ten}", f"{units[unit]} و {ten}"] if unit else [ten]


@given(st.integers(0, 100), st.integers(0, 100))
def test_numbers_in_words_become_figures_where_they_stand(first: int, second: int):
    typed = f"{_ways(first)[0]} سنة او {_ways(second)[-1]} شهر"
    assert replace_number_words(typed) == f"{first} سنه او {second} شهر"


@pytest.mark.parametrize(
    "label",
    [
        "مجموع 15 محافظة", "المجموع الكلي", "المجموع الكلى", "مجموع الكلي", "الإجمالي الكلي", "العدد الكلي: 5",
        "المجموع = 25", "المجموع (25)", "عدد الحالات الكلي", "المجموع الكلي للمحافظات", "المجموع الكلي لسنة 2024",
        "كۆی گشتیی", "Totals", "المجاميع",
    ],
)  # fmt: skip
def test_the_totals_of_real_tables_are_known(label: str):
    assert is_total([label, 3])


@pytest.mark.parametrize("label", ["عدد الضحايا", "مجموعة 15", "الكلي", "عدد الكلى المباعة", "العدد", "إجمالا"])
def test_a_heading_or_a_word_that_is_like_one_is_no_total(label: str):
    assert not is_total([label, 3])
