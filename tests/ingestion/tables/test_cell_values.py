"""One cell by the type of its field: marks, ages, codes, tokens."""

from __future__ import annotations

import datetime
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.cards.source_card import FieldCard, code_lists, load_codes, load_shape, shape_names
from ingestion.tables.cell_values import Habits, code_words, columns_of, reader_of, split_codes, suggested_word
from ingestion.text.date_order import ColumnOrder
from ingestion.text.pcodes import Version

HABITS = Habits(today=datetime.date(2025, 6, 1), words={}, dates=ColumnOrder(day_first=True))
NONE = (None, None, None, None)


def read(value: object, kind: str, **card: object):
    return reader_of("field", FieldCard(type=kind, **card), HABITS)(value)


@pytest.mark.parametrize(
    ("cell", "number", "mark"),
    [
        (3, 3, "value"),
        (3.0, 3, "value"),
        ("٣", 3, "value"),
        ("1,757", 1757, "value"),
        (0, 0, "value"),
        ("0", 0, "value"),
        (None, None, "blank"),
        ("  ", None, "blank"),
        ("-", None, "dash"),
        ("—", None, "dash"),
        ("لا يوجد", 0, "none"),
        ("لم ترد", None, "not_received"),
        ("#N/A", None, "error"),
        ("<5", None, "masked"),
    ],
)
def test_the_ways_to_give_no_count_are_kept_apart(cell: object, number: int | None, mark: str):
    assert read(cell, "integer").raw == (number, mark)


@pytest.mark.parametrize(("cell", "bounds"), [("<5", (1, 4)), ("أقل من 10", (1, 9)), ("٢٠", (None, None))])
def test_a_masked_count_keeps_its_bounds(cell: object, bounds: tuple[object, ...]):
    assert read(cell, "integer", masked=True).raw[2:] == bounds


@pytest.mark.parametrize("cell", ["ثلاثاء", "1.5", "5,5", datetime.date(2024, 1, 1), "12-0-0000"])
def test_what_is_no_count_keeps_the_row_out(cell: object):
    reading = read(cell, "integer")
    assert (reading.kind, reading.is_bad) == ("not_a_number", True)


def test_a_count_out_of_range_keeps_the_row_out():
    assert read(-1, "integer", minimum=0).kind == "out_of_range"
    assert read(61, "decimal", maximum=60).kind == "out_of_range"
    assert read("٢٫٥", "decimal", maximum=60).raw == (2.5,)


@pytest.mark.parametrize(
    ("cell", "raw"),
    [
        ("17", (17, None, None, "years")),
        ("١٧", (17, None, None, "years")),
        (17.0, (17, None, None, "years")),
        ("17 سنة", (17, None, None, "years")),
        ("2007", (None, 2007, None, "birth_year")),
        (2007, (None, 2007, None, "birth_year")),
        ("دون 18", (None, None, "Y0T17", "band")),
        ("أقل من ١٨ سنة", (None, None, "Y0T17", "band")),
        ("18-30", (None, None, "Y_GE18", "band")),
        ("25-18", (None, None, "Y_GE18", "band")),
        ("18 فأكثر", (None, None, "Y_GE18", "band")),
        ("0 to 17 years", (None, None, "Y0T17", "band")),
        ("حدث", (None, None, "Y0T17", "label")),
        ("فتى", (None, None, "Y0T17", "label")),
        ("بالغة", (None, None, "Y_GE18", "label")),
        ("غير معروف", (None, None, None, "unknown")),
        (None, NONE),
        ("-", NONE),
    ],
)
def test_ages_as_typed(cell: object, raw: tuple[object, ...]):
    assert read(cell, "age") == (raw, "", False)


def test_a_band_across_eighteen_says_nothing_and_is_flagged():
    assert read("15-20", "age") == ((None, None, None, "band"), "age_band_across", False)


@pytest.mark.parametrize(
    ("cell", "group"),
    [
        ("10-17", "Y0T17"), ("10-18", None), ("17-18", None), ("17-19", None), ("18-18", "Y_GE18"),
        ("under 17", "Y0T17"), ("under 18", "Y0T17"), ("under 19", None), ("دون 19", None),
        ("over 17", None), ("over 18", "Y_GE18"), ("17+", None), ("18+", "Y_GE18"), ("19+", "Y_GE18"),
    ],
)  # fmt: skip
def test_a_band_with_the_eighteenth_year_in_it_is_of_no_side(cell: str, group: str | None):
    finding = "" if group else "age_band_across"
    assert read(cell, "age") == ((None, None, group, "band"), finding, False)


@pytest.mark.parametrize(
    ("years", "is_read"), [(0, True), (119, True), (120, True), *((y, False) for y in range(121, 131))]
)
@pytest.mark.parametrize("form", ["{}", "{} سنة", "{} years and 3 months"])
def test_nobody_is_older_than_a_hundred_and_twenty(form: str, years: int, is_read: bool):
    reading = read(form.format(years), "age")
    assert (reading.raw[0], reading.kind) == ((years, "") if is_read else (None, "age_unreadable"))


@pytest.mark.parametrize("cell", ["صغير السن", "180", datetime.date(2007, 3, 1), "2030"])
def test_what_is_no_age_keeps_the_row_out(cell: object):
    assert read(cell, "age").kind == "age_unreadable"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("رئاسة محكمة استئناف بغداد/الرصافة", "IQG08"),
        ("استئناف بغداد الكرخ", "IQG08"),
        ("محافظة ديالى", "IQG10"),
        ("الديوانية", "IQG05"),
        ("البصره", "IQG02"),
        ("هەولێر", "IQG11"),
        ("غير محدد", "_U"),
        (None, None),
    ],
)
def test_governorates_by_any_of_their_names(cell: object, code: str | None):
    assert read(cell, "code", codes="governorate").raw == (code,)


def test_an_unknown_code_names_the_word_that_was_misspelt_and_not_what_was_typed():
    reading = read("استغلال جنسيي", "codes", codes="exploitation")
    assert (reading.kind, reading.is_bad) == ("unknown_code", True)
    field = FieldCard(type="codes", codes="exploitation")
    assert suggested_word("استغلال جنسيي", field, {}) == "استغلال جنسي"
    assert suggested_word("سوالكرن", field, {}) == "سواڵکردن"


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("تسول، دعارة", "BEGGING;SEXUAL"),
        ("تسول ودعارة", "BEGGING;SEXUAL"),
        ("تسول و دعارة", "BEGGING;SEXUAL"),
        ("عمل قسري واستغلال جنسي وتسول", "BEGGING;FORCED_LABOUR;SEXUAL"),
        ("متاجرة بالأعضاء", "ORGAN"),
        ("استغلال جنسي/تسول", "BEGGING;SEXUAL"),
        ("تسول؛ تسول", "BEGGING"),
        ("forced labour and begging", "BEGGING;FORCED_LABOUR"),
    ],
)
def test_several_labels_in_one_cell(cell: object, codes: str):
    assert read(cell, "codes", codes="exploitation").raw == (codes,)


def test_one_unknown_label_among_known_ones_keeps_the_row_out():
    assert read("تسول، سمسرة", "codes", codes="exploitation").kind == "unknown_code"


@pytest.mark.parametrize("code_list", code_lists())
@pytest.mark.parametrize("kind", ["code", "codes"])
def test_a_blank_cell_is_no_word_of_any_list(kind: str, code_list: str):
    assert read(None, kind, codes=code_list).raw == (None,)


def test_a_sender_who_says_that_there_was_no_means_is_not_one_who_says_nothing():
    assert read("لا يوجد", "codes", codes="means").raw == ("NONE",)
    assert read("-", "codes", codes="means").raw == (None,)


def test_a_charge_may_be_typed_as_a_citation():
    assert read("م 4 من قانون مكافحة البغاء رقم 8 لسنة 1988", "codes", codes="law").raw == ("L08_1988",)
    assert read("لا يوجد", "codes", codes="law").raw == (None,)


@given(st.data())
def test_every_word_of_every_list_alone_and_in_pairs_reads_as_its_code(data: st.DataObject):
    words = load_codes(data.draw(st.sampled_from(code_lists())))
    left, right = data.draw(st.sampled_from(sorted(words))), data.draw(st.sampled_from(sorted(words)))
    known = {word: code for code, typed in words.items() for word in (code, *typed)}
    folded = code_words("-", known)
    for code in (left, right):
        assert all(split_codes(word, folded) == {code} for word in (code, *words[code]))
    pair = f"{data.draw(st.sampled_from(words[left]))}، {data.draw(st.sampled_from(words[right]))}"
    assert split_codes(pair, folded) == {left, right}


def test_a_value_that_is_no_token_refuses_the_file_and_a_damaged_token_only_its_row():
    good = "k1:" + "0a" * 16
    assert read(good, "token").raw == (good,)
    assert read("-", "token").raw == (None,)
    assert read("k1:0a0a0a0a0a", "token").kind == "token_malformed"
    assert read("زيد عمرو", "token").kind == "not_a_token"
    assert read(4711, "token").kind == "not_a_token"


def test_a_year_is_a_year_in_any_dress():
    assert [read(cell, "year").raw[0] for cell in (2024, 2024.0, "٢٠٢٤", datetime.date(2024, 5, 1))] == [2024] * 4
    assert read("2023/2024", "year").kind == "year_unreadable"


@pytest.mark.parametrize("shape", shape_names())
def test_the_good_example_of_every_field_is_read_without_a_finding(shape: str):
    for name, card in load_shape(shape).fields.items():
        assert card.guideline
        reading = reader_of(name, card, HABITS)(card.good)
        assert (name, reading.kind) == (name, "")
        assert len(reading.raw) == len(columns_of(name, card))
        assert reading.raw[0] is not None or name == "age"


@pytest.mark.parametrize("number", ["9" * 20, "9" * 400, "9" * 5000, "-" + "9" * 20, 10**300, 1e300])
@pytest.mark.parametrize("kind", ["integer", "decimal"])
def test_a_number_that_no_program_holds_exactly_is_out_of_range(kind: str, number: object):
    reading = read(number, kind)
    assert (reading.raw[0], reading.kind, reading.is_bad) == (None, "out_of_range", True)


def test_the_greatest_exact_number_is_read():
    assert read(str(2**53), "integer").raw == (2**53, "value")


@pytest.mark.parametrize("kind", ["date", "year", "age", "integer", "decimal", "label", "citation"])
@pytest.mark.parametrize("value", ["9" * 5000, "\ud800", "1/" * 3000, float("inf"), float("nan"), 1e300, "\u1369"])
def test_no_cell_makes_a_reader_raise_and_all_it_says_can_be_stored(kind: str, value: object):
    for part in read(value, kind).raw:
        assert not isinstance(part, float) or math.isfinite(part)
        assert not isinstance(part, int) or abs(part) <= 2**53
        assert "\ud800" not in str(part)


def test_a_citation_is_as_long_as_a_citation():
    assert read("6/أولا " * 44, "citation").kind == "citation_unreadable"
    assert read("6/أولا " * 40, "citation").kind == ""


def read_place(value: object, pcodes: Version | None):
    return reader_of("field", FieldCard(type="code", codes="governorate"), replace(HABITS, pcodes=pcodes))(value)


@pytest.mark.parametrize("typed", ["IQG08", "G08", "IQ-G08", "iqg08", "IQG08Q03", "IQG١٧", "G17", "IQG06Q05", "G99"])
def test_a_p_code_alone_is_never_believed(typed: str):
    assert read_place(typed, None)[1:3] == ("pcode_without_version", True)


@pytest.mark.parametrize(
    ("typed", "version", "code"),
    [
        ("IQG08", "cod_ab_2019", "IQG08"),
        ("G08", "cod_ab_2019", "IQG08"),
        ("IQG08Q03", "cod_ab_2019", "IQG08"),
        ("IQG06Q05", "cod_ab_2019", "IQG06Q05"),
        ("IQ-G08", "hum_b", "IQG09"),
        ("G05", "hum_b", "IQG06"),
        ("G18", "hum_b", "IQG16"),
        ("G08 بغداد", None, "IQG08"),
        ("دهوك (G08)", None, "IQG09"),
        ("IQG08 - Baghdad", None, "IQG08"),
        ("Baghdad", None, "IQG08"),
    ],
)
def test_a_p_code_means_what_its_version_or_the_name_beside_it_says(typed: str, version: Version | None, code: str):
    assert read_place(typed, version).raw == (code,)


@pytest.mark.parametrize(("typed", "version"), [("G08 البصرة", None), ("G08 بغداد", "hum_b"), ("G19", "hum_b")])
def test_a_p_code_that_its_name_or_version_denies_is_not_believed(typed: str, version: Version | None):
    assert read_place(typed, version).kind == "pcode_without_version"


@pytest.mark.parametrize(
    ("typed", "code"), [("ڕاپەڕین", "IQG06"), ("إدارة سوران المستقلة", "IQG11"), ("Zakho", "IQG09"), ("الحلة", "IQG07")]
)
def test_administrations_and_capitals_are_their_governorate(typed: str, code: str):
    assert read(typed, "code", codes="governorate").raw == (code,)


def test_an_administration_over_two_governorates_is_neither():
    assert read("گەرمیان", "code", codes="governorate").kind == "unknown_code"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("إناث", "F"),
        ("انثـــى", "F"),
        ("\ufe83\ufee7\ufe9c\ufef0", "F"),
        ("مێینە", "F"),
        ("ذكور", "M"),
        ("نێرینە", "M"),
    ],
)
def test_sexes_in_every_spelling(typed: str, code: str):
    assert read(typed, "code", codes="sex").raw == (code,)


def test_one_and_two_are_sexes_only_where_a_card_says_so():
    assert read(1, "code", codes="sex").kind == "unknown_code"
    field = FieldCard(type="code", codes="sex")
    own = replace(HABITS, words={"sex_code": {"1": "M", "2": "F"}})
    assert [reader_of("sex_code", field, own)(value).raw for value in (1, "٢")] == [("M",), ("F",)]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("عراقية", "IRQ"), ("سوري", "SYR"), ("بنكلادش", "BGD"), ("بنغالي", "BGD"), ("باكستاني", "PAK"),
        ("ايراني", "IRN"), ("فلبينية", "PHL"), ("اندونيسية", "IDN"), ("اوغندية", "UGA"), ("غانية", "GHA"),
        ("اثيوبية", "ETH"), ("نيبالي", "NPL"), ("سريلانكي", "LKA"), ("بدون", "XXA"), ("غير محدد", "_U"),
    ],
)  # fmt: skip
def test_nationalities_as_adjectives(typed: str, code: str):
    assert read(typed, "code", codes="citizenship").raw == (code,)


@pytest.mark.parametrize("typed", ["تسول+دعارة", "تسول; دعارة", "دعارة،تسول", "تسول / دعارة", "تسول\nدعارة"])
def test_labels_are_parted_by_any_separator(typed: str):
    assert read(typed, "codes", codes="exploitation").raw == ("BEGGING;SEXUAL",)


@pytest.mark.parametrize(
    ("typed", "raw"),
    [
        ("مواليد ٢٠٠٧", (None, 2007, None, "birth_year")),
        ("التولد 2007", (None, 2007, None, "birth_year")),
        ("تحت سن الـ18", (None, None, "Y0T17", "band")),
        ("younger than 18", (None, None, "Y0T17", "band")),
        ("ژێر ١٨ ساڵ", (None, None, "Y0T17", "band")),
        ("18 ساڵ بۆ سەرەوە", (None, None, "Y_GE18", "band")),
        ("18 and above", (None, None, "Y_GE18", "band")),
        ("بين 18 و 25 سنة", (None, None, "Y_GE18", "band")),
        ("مسن", (None, None, "Y_GE18", "label")),
        ("صبي", (None, None, "Y0T17", "label")),
        ("منداڵان", (None, None, "Y0T17", "label")),
        ("باڵغ", (None, None, "Y_GE18", "label")),
    ],
)
def test_ages_in_three_languages(typed: str, raw: tuple[object, ...]):
    assert read(typed, "age").raw == raw


@given(st.integers(0, 120), st.integers(0, 120))
def test_a_band_reads_the_same_from_both_ends_and_is_of_age_only_if_all_of_it_is(first: int, second: int):
    low, high = sorted((first, second))
    group = "Y_GE18" if low >= 18 else "Y0T17" if high < 18 else None
    assert read(f"{first}-{second}", "age").raw == read(f"{second}-{first}", "age").raw == (None, None, group, "band")
