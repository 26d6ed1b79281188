"""Headings as people and forms write them: known in three languages, and the nearest one where one is misspelt."""

from __future__ import annotations

import pytest

from ingestion.cards.headings import (
    LANGUAGES,
    find_header_named,
    heading_of,
    is_of_persons,
    known_headings,
    nearest_heading,
    wordings,
)
from ingestion.cards.source_card import load_source, source_names
from ingestion.entry.row_checks import conform
from ingestion.text.folding import fold
from tests.ingestion.workbooks import TODAY, case, read, squared

TABLES = [(source, name) for source in source_names() for name in load_source(source).tables]

# source / table -> what was typed: the known heading that it should have been
MISSPELT = {
    "iraq_interior_ministry/cases": {
        "رمز القضايا": "رمز القضية", "الرمز للقضية": "رمز القضية", "تأريخ الاخبار عن الجريمة": "تاريخ الإخبار",
        "تاريخ اخبار": "تاريخ الإخبار", "محافظات": "المحافظة", "اسم المحافظة": "المحافظة", "نوع الجرائم": "نوع الجريمة",
        "انواع الجريمة": "نوع الجريمة", "اساليب الاستدراج": "أسلوب الاستدراج",
        "المواد القانونية": "المادة القانونية", "مادة قانونية": "المادة القانونية", "عددالمتهمين": "عدد المتهمين",
        "عدد المتهمون": "عدد المتهمين", "متهمين عدد": "عدد المتهمين", "عدد ضحايا": "عدد الضحايا",
        "الموقف القانونى للقضية": "الموقف القانوني", "موقف قانوني": "الموقف القانوني",
        "الجهه المحالة اليها": "الجهة المحال اليها", "الجهات المحال اليها": "الجهة المحال اليها",
        "Governerate": "Governorate", "Govornorate name": "Governorate", "Number of victim": "Number of victims",
        "No. of accused": "Number of accused", "Legal artical": "Legal article", "Legal Statuss": "Legal status",
        "Report date": "Date reported", "پارێزگاکان": "پارێزگا", "جۆری تاوانەکان": "جۆری تاوان",
    },
    "iraq_interior_ministry/accused": {
        "تاريخ القاء القبض": "تاريخ القبض", "جنسيه المتهم": "الجنسية", "الاعمار": "العمر", "المواقف": "الموقف",
        "جنس": "الجنس", "Nationalities": "Nationality", "Ages": "Age", "Arrest date": "Date of arrest",
    },
    "iraq_labour_ministry/shelter_register": {
        "رمز النزلاء": "رمز النزيل", "تاريخ طلب": "تاريخ الطلب", "نتائج الطلب": "نتيجة الطلب",
        "اسباب الرفض": "سبب الرفض", "تاريخ القرار للقاضي": "تاريخ قرار القاضي",
        "تأريخ الدخول الى الدار": "تاريخ الدخول",
        "سبب خروج": "سبب الخروج", "الجهات المحيلة": "الجهة المحيلة", "Entry dat": "Date of entry",
        "Reason for refusal": "Reason of refusal", "Request outcome": "Outcome of request",
        "Nationalty": "Nationality", "Interpretaton": "Interpretation", "ئەنجامی داواکاریەکە": "ئەنجامی داواکاری",
    },
    "kurdistan_interior_ministry/region_victims": {
        "Govenorate": "Governorate", "Cases type": "Case type", "Type of case": "Case type",
        "Victims sex": "Victim sex",
        "Victim's sex": "Victim sex", "Sex of victim": "Victim sex", "Age group of victim": "Victim age group",
        "Victim agegroup": "Victim age group", "Refered to": "Referred to", "National": "Nationality",
        "پارێزگای قوربانی": "پارێزگا", "جۆرەکانی تاوان": "جۆری تاوان", "ڕەگەزی قوربانییەکە": "ڕەگەزی قوربانی",
        "تەمەنی قوربانییەکان": "تەمەنی قوربانی", "ڕەوانەکراوە بۆ": "ڕەوانەکرا بۆ",
    },
    "task_force_activities/activities": {
        "رمز نشاط": "رمز النشاط", "نوع الانشطة": "نوع النشاط", "جهة منظمة": "الجهة المنظمة",
        "الفئات المستهدفة": "الفئة المستهدفة", "ايام عدد": "عدد الأيام", "عدد الاتصال": "عدد الاتصالات",
        "Activity typ": "Type of activity", "Organizing body": "Organising body", "Nr of days": "Number of days",
    },
}  # fmt: skip
TYPED = [(table, typed, meant) for table, words in MISSPELT.items() for typed, meant in words.items()]


def test_the_list_of_misspelt_headings_is_long_enough_to_mean_something():
    assert len(TYPED) >= 60


@pytest.mark.parametrize(("place", "typed", "meant"), TYPED)
def test_a_misspelt_heading_is_told_the_one_that_was_meant(place: str, typed: str, meant: str):
    source, _, name = place.partition("/")
    table = load_source(source).tables[name]
    assert find_header_named([typed], known_headings(table)) is None, "known as it is"
    assert fold(nearest_heading([typed], wordings(table))) == fold(meant)


def test_no_heading_is_near_where_none_is_known():
    assert nearest_heading(["المحافظة"], []) == ""


def test_a_missing_heading_is_told_the_heading_of_the_file_that_was_meant():
    headers = ["رمز القضية", "Report date", "المحافظة", "عدد المتهمين", "عدد الضحايا"]
    _, findings = conform(read({"القضايا": squared([headers, case(1)])}), load_source("iraq_interior_ministry"), TODAY)
    [found] = [one for one in findings if one.kind == "header_missing"]
    assert (found.arguments["nearest"], found.expected, found.cell) == ("B", "تاريخ الإخبار", "B1")
    assert found.read == ""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("source", "name"), TABLES)
def test_the_headings_of_a_shape_mean_its_fields_in_every_table_that_takes_them(source: str, name: str, language: str):
    table = load_source(source).tables[name]
    known = known_headings(table)
    meant = {
        field: find_header_named([heading_of(table.shape, field, language)], known) for field in table.columns.values()
    }
    assert meant == {field: header for header, field in table.columns.items()}


@pytest.mark.parametrize("heading", ["ژمارە", "جۆری تاوان", "ڕەگەز", "تەمەن", "پارێزگا"])
def test_the_sorani_headings_of_domain_row_18_are_known(heading: str):
    table = load_source("kurdistan_interior_ministry").tables["region_victims"]
    assert find_header_named([heading], known_headings(table)) is not None


@pytest.mark.parametrize(
    "heading",
    [
        "الاسم", "اسم", "اسم الضحية", "إسم ضحية", "الاسم الثلاثي:", "المتهم", "متهم", "رقم الهاتف", "الهاتف",
        "تاريخ الميلاد", "ناو", "ناوەکە", "ناوی قوربانی", "ناوی قوربانییەکە", "تۆمەتبار", "تۆمەتبارەکە",
        "ژمارەی مۆبایل", "Name", "The name", "name of victim", "Name of the victim", "Mobile Phone", "Birthdate",
        "E-mail", "prs_FirstName", "case/prs_Birthdate", "group_ab1cd/prs_MobilePhone",
    ],
)  # fmt: skip
def test_a_heading_over_names_telephones_or_numbers_of_persons_is_known_with_and_without_its_article(heading: str):
    assert is_of_persons(heading)


@pytest.mark.parametrize(
    "heading",
    [
        "اسم المحكمة", "اسم المحافظة", "اسم الدار", "عدد المتهمين", "عدد الضحايا", "الجنسية", "العمر", "ملاحظات", "",
        "ناوی دادگا", "ناوی پارێزگا", "ژمارە", "Name of court", "name of court", "Court name", "Number", "Date", "the",
        "prs_Gender", "vic_TypeOfExploitation",
    ],
)  # fmt: skip
def test_a_heading_over_courts_places_and_counts_is_none_over_persons(heading: str):
    assert not is_of_persons(heading)
