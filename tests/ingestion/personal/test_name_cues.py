"""One given name alone: a person in notes, under a heading of persons, among others, behind a word that names."""

from __future__ import annotations

import pytest

from tests.ingestion import hostile
from tests.ingestion.privacy.test_personal_data import book, kinds


def test_three_given_names_that_are_nothing_else_are_persons_where_nothing_else_stands():
    assert kinds(book(["ت", "س"], [1, "زينب"], [2, "كرار"], [3, "سجاد"])) == [("personal_name", "B2")]
    assert not kinds(book(["ت", "س"], [1, "زينب"], [2, "كرار"], [3, "سجاد"], [4, "تسول"], [5, "بغاء"]))
    assert not kinds(book(["ت", "س"], [1, "كريم"], [2, "سعيد"], [3, "أمل"]))


@pytest.mark.parametrize("header", ["الضحية", "المجنى عليها", "قوربانی", "Victim", "الزوجة", "الشاهد"])
def test_one_given_name_under_a_heading_of_persons_refuses_the_file(header: str):
    assert ("personal_name", "B3") in kinds(book(["ت", header], [1, "-"], [2, "زينب"]))
    assert not kinds(book(["ت", header], [1, hostile.TOKEN], [2, "قاصر"], [3, "أنثى"]))


@pytest.mark.parametrize("header", ["الملاحظات", "تێبینی", "Remarks", "تفاصيل القضية"])
def test_one_given_name_alone_in_a_column_of_notes_refuses_the_file(header: str):
    assert kinds(book(["ت", header], [1, "بلا"], [2, "زينب"])) == [("personal_name", "B3")]
    assert not kinds(book(["ت", header], [1, "أمل"], [2, "كربلاء"], [3, "الخميس"]))


@pytest.mark.parametrize("header", ["المركز", "الناحية", "س"])
def test_one_given_name_alone_elsewhere_may_be_a_place(header: str):
    assert not kinds(book(["ت", header], [1, "زينب"], [2, "بلد"]))


@pytest.mark.parametrize(
    "text",
    [
        *("المدعو كريم", "والمدعوة ريتاجة", "اسمها زينب", "يدعى السيد حسين", "وصلت مع اختها زينب", "الضحية رقية قاصر"),
        *("بە ناوی شیلان", "ناوی شیلانە", "خاتوو ژیان", "a girl named Hope", "her name is Zainab", "Mr Jasim"),
    ],
)
def test_one_given_name_behind_a_word_that_names_is_a_person(text: str):
    assert kinds(book(["ت", "س"], [1, text])) == [("personal_name", "B2")]


@pytest.mark.parametrize(
    "text",
    [
        *("تدعى الى المحكمة", "المدعو مجهول الهوية", "اسمه الكامل غير مثبت", "مستشفى الشهيد حسين", "السيد دخيل"),
        *("المدعوة من صلاح الدين", "ناوی تەواو", "قوربانی نەخۆشە", "her name is unknown", "زوجها كريم معها"),
    ],
)
def test_a_word_that_names_before_no_name_is_nothing(text: str):
    assert not kinds(book(["ت", "س"], [1, text]))
