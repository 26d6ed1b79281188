"""Words are judged in their column and as written: what explains a cell there, and that names come in by none of it."""

from __future__ import annotations

from itertools import pairwise

import pytest

from ingestion.personal import name_lexicon
from ingestion.personal.column_words import CELL_KINDS, words_of_cells
from ingestion.personal.name_lexicon import fold_word, is_on_name_list, sections_of
from ingestion.personal.ordinary_words import is_ordinary_word
from ingestion.personal.personal_text import personal_kind
from ingestion.personal.place_words import is_place, phrases_of
from ingestion.personal.unexplained_words import ColumnKind, unexplained_words
from ingestion.privacy.unexplained_texts import kind_of_column
from tests.ingestion.names_of_others import answer_to, peoples

FREQUENT = [
    word
    for line in sections_of(name_lexicon._HERE / "frequent_words.txt")["frequent"]  # pyright: ignore[reportPrivateUsage]
    for word in line.split()
]


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("المهنة", "طالب"),
        ("المهنة", "عامل بناء"),
        ("المهنة", "ربة بيت"),
        ("Occupation", "Housewife"),
        ("پیشە", "خانەنشین"),
        ("الديانة", "مسلم"),
        ("Religion", "Muslim"),
        ("التحصيل الدراسي", "دبلوم"),
        ("Education", "Diploma"),
        ("جهة الإحالة", "شرطة بغداد"),
        ("نوع الوثيقة", "جواز سفر"),
        ("مكان الإقامة الحالي", "بغداد / الكرادة"),
        ("مكان الإقامة الحالي", "الفلوجة"),
        ("Place of exploitation", "Dubai"),
        ("Location of Exploitation", "Salah Al-Deen"),
        ("الجنسية", "Tajiki"),
        ("الجنسية", "بنغلاديشيي"),
    ],
)
def test_a_word_of_a_column_s_kind_is_explained_there(heading: str, text: str):
    assert answer_to(text, heading) == "passed"


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("المهنة", "طالب حداد"),
        ("المهنة", "زينب"),
        ("ملاحظات", "مسلم"),
        ("الديانة", "مسلم طالب"),
        ("Religion", "Muslim Christian Baker"),
        ("جهة الإحالة", "قنديل سني"),
        ("ملاحظات", "Salah Al-Deen"),
        ("الجنسية", "جوردن"),
        ("الجنسية", "Indra"),
        ("الجنسية", "Moran"),
    ],
)
def test_two_words_that_are_names_as_well_or_another_column_s_are_not(heading: str, text: str):
    assert answer_to(text, heading) != "passed"


@pytest.mark.parametrize("kind", CELL_KINDS)
def test_no_two_names_of_any_people_pass_in_a_column_of_a_kind(kind: ColumnKind):
    pairs = [(given, family) for names in peoples().values() for given in names["given"] for family in names["family"]]
    assert [pair for pair in pairs if not unexplained_words(" ".join(pair), kind)] == []


@pytest.mark.parametrize("kind", CELL_KINDS)
def test_of_the_words_of_a_kind_that_are_names_too_no_two_pass(kind: ColumnKind):
    listed = sorted(word for word in words_of_cells(kind) if is_on_name_list(word) and not is_ordinary_word(word))
    pairs = [f"{left} {right}" for left, right in pairwise(listed)]
    assert [pair for pair in pairs if not unexplained_words(pair, kind)] == []


@pytest.mark.parametrize(
    "text",
    [
        "moved from Baghdad", "worked in Dubai", "taken to Salah Al-Deen", "arrested in Salah ad Din", "in Jordan",
        "نقلت إلى بغداد",
        "في صلاح الدين", "من دبي", "لە بەغدا",
    ],
)  # fmt: skip
def test_a_place_in_a_sentence_is_explained_where_a_place_must_stand(text: str):
    assert unexplained_words(text) == []


@pytest.mark.parametrize("text", ["from Jordan", "نقلت إلى رانية", "given to Diana", "بغداد", "with Georgia", "من حسن"])
def test_where_a_person_may_stand_the_name_of_a_place_that_persons_bear_explains_nothing(text: str):
    assert unexplained_words(text)


@pytest.mark.parametrize(
    "spelling", ["Salah Al-Deen", "Salah al Din", "Salah ad-Din", "SALAH AL DEEN", "Salah Aldeen", "Salaheddin"]
)
def test_no_spelling_of_a_governorate_is_a_person_s_name_and_one_beside_it_is(spelling: str):
    assert personal_kind(spelling) == ""
    assert personal_kind(f"{spelling} Hassan") == "personal_name"
    assert unexplained_words(spelling, "place") == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("تم القبض على المتهم", []),
        ("وبناءً على الطلب", []),
        ("الحصول على جواز", []),
        ("تم القبض علي المتهم", ["علي"]),
        ("على", ["على"]),
        ("المتهم على", ["على"]),
        ("القبض على", ["على"]),
        ("المتهم على من بغداد", ["على"]),
        ("الضحية على", ["على"]),
        ("القبض على كريم", ["كريم"]),
        ("على الأرض", ["على"]),
    ],
)
def test_on_is_the_preposition_only_where_it_is_spelled_so_behind_a_word_that_goes_with_it(text: str, told: list[str]):
    assert unexplained_words(text) == told


@pytest.mark.parametrize("text", ["على حسين", "على حسين كاظم", "المتهم على حسين"])
def test_a_name_that_is_typed_as_the_preposition_does_not_pass(text: str):
    assert answer_to(text) != "passed"


@pytest.mark.parametrize(
    "text",
    [
        "پاسپۆرتەکەی لای خاوەن ماڵەکە دەستی بەسەردا گیرابوو", "پاسپۆرتی لێ زەوت کرا لەلایەن خاوەن کارەوە", "حارس ليلي",
        "خاوەن کارگەکە دەستی لێ هەڵگرت", "لای خاوەن خانووەکە",
    ],
)  # fmt: skip
def test_an_ordinary_sentence_is_no_person_s_name(text: str):
    assert personal_kind(text) == ""


@pytest.mark.parametrize("text", ["داخل مطلوب", "معروف راتب"])
def test_words_that_are_all_ordinary_are_no_name(text: str):
    assert answer_to(text) == "passed"


def test_no_frequent_word_stands_on_a_list_of_names_or_of_places():
    """One that comes onto a list later is no longer ordinary, but ought to be struck."""
    assert len(FREQUENT) > 3_000
    named = {fold_word(str(name)) for names in peoples().values() for part in names.values() for name in part}
    assert [word for word in FREQUENT if is_on_name_list(fold_word(word)) or is_place((fold_word(word),))] == []
    assert [word for word in FREQUENT if fold_word(word) in named] == []


def test_places_abroad_make_no_ordinary_word():
    assert ("dubai",) not in phrases_of("place")
    assert not is_ordinary_word("dubai")


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("المهنة", "occupation"), ("مهنة الضحية", "occupation"), ("الديانة", "religion"), ("المحكمة", "place"),
        ("جهة الإحالة", "agency"), ("مكان الإقامة الحالي", "place"), ("بلد العودة", "nationality"),
        ("رمز الشخص", "text"),
    ],
)  # fmt: skip
def test_a_heading_says_of_which_kind_its_column_is(heading: str, kind: ColumnKind):
    assert kind_of_column(heading) == kind
