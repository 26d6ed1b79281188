"""The floor under asking: names of hands that are not ours do not pass, however they are typed; ordinary files do."""

from __future__ import annotations

from collections import Counter

import pytest

from ingestion.files.reader import CellValue, Sheet, Workbook
from languages.words import Words
from tests.ingestion.names_of_others import FORMS, answer_to, asked_texts, peoples, two_parts, written

EACH = 20
FIRST_FILES: dict[str, list[list[CellValue]]] = {
    "ministry of health": [
        ["وزارة الصحة - قسم الصحة النفسية"],
        ["جدول إحالات ضحايا الاتجار بالبشر إلى المستشفيات لسنة 2024"],
        ["ت", "المحافظة", "المستشفى", "عدد الإناث", "عدد الذكور", "نوع الخدمة", "ملاحظات"],
        [1, "بغداد", "مستشفى الكرخ", 3, 1, "علاج نفسي", None],
        [2, "البصرة", "مستشفى البصرة التعليمي", 2, 0, "فحص طبي", "أحيلت من دار الإيواء"],
        ["المجموع", None, None, 5, 1, None, None],
    ],
    "ministry of migration": [
        ["وزارة الهجرة والمهجرين"],
        ["التقرير السنوي لبرنامج العودة الطوعية 2023"],
        ["التسلسل", "بلد العودة", "الجنسية", "الجنس", "عدد العائدين", "جهة الإحالة"],
        [1, "بنغلادش", "بنغلاديشية", "أنثى", 4, "وزارة الداخلية"],
        [2, "نيبال", "نيبالي", "ذكر", 2, "المنظمة الدولية للهجرة"],
    ],
    "labour inspection": [
        ["Labour inspection, Kurdistan Region, 2024"],
        ["No", "Governorate", "Sector", "Inspections", "Workers without contract", "Action taken"],
        [1, "Erbil", "Domestic work", 120, 14, "Warning"],
        [2, "Duhok", "Construction", 80, 9, "Fine"],
        [3, "Sulaymaniyah", "Restaurants", 64, 3, "Referred to court"],
    ],
}


@pytest.mark.parametrize("people", sorted(peoples()))
@pytest.mark.parametrize("form", FORMS)
def test_no_name_of_two_parts_passes(people: str, form: str):
    passed = [name for name in two_parts(peoples()[people], EACH, people) if answer_to(written(name, form)) == "passed"]
    assert passed == []


def test_few_single_names_pass():
    singles = [name for names in peoples().values() for part in ("given", "family") for name in names[part]]
    counted = Counter(answer_to(name) for name in singles)
    assert counted["passed"] <= 0.05 * len(singles)


@pytest.mark.parametrize("body", FIRST_FILES)
def test_a_new_body_s_first_file_asks_three_words_at_most(body: str):
    rows = FIRST_FILES[body]
    width = max(map(len, rows))
    sheet = Sheet("2024", [[*row, *[None] * (width - len(row))] for row in rows])
    words = {word.text for one in asked_texts(Workbook([sheet])) for word in one.words}
    assert len(words) <= 3, words


@pytest.mark.parametrize("tag", ["ar", "ckb", "en"])
def test_no_message_of_ours_refuses_a_file(tag: str):
    messages = Words.load(tag).messages.values()
    texts = sorted({text for message in messages for text in (message.text or message.english)})
    assert [one for one in texts if answer_to(one, "البيان") == "refused"] == []
    assert len(texts) > 2000


@pytest.mark.parametrize(
    "text", ["Solomon islanders", "صاحب المكتب", "Salah A-Deen", "Muslim Tat", "صدر الحكم بشأن القضية"]
)
def test_what_is_merely_like_a_name_refuses_nothing(text: str):
    assert answer_to(text, "البيان") != "refused"
