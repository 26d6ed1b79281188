"""Two tables in one sheet: what stands in a column is judged by the headings of its own table. All is invented."""

from __future__ import annotations

import pytest

from ingestion.files.reader import CellValue, Sheet, Workbook
from ingestion.privacy.personal_data import inspect
from ingestion.privacy.privacy_allowlist import is_heading, is_known
from tests.ingestion.hostile import TOKEN
from tests.ingestion.workbooks import squared

JUDGMENTS = [["ت", "رمز القضية", "رمز الشخص", "الجنس"], [1, TOKEN, TOKEN, "ذكر"], ["المجموع", None, None, None]]
DECISIONS = ["ت", "رمز القضية", "تاريخ أول اتصال", "رمز المجنى عليه"]


def kinds(*rows: list[CellValue]) -> list[tuple[str, str]]:
    book = Workbook([Sheet("الأحكام", squared([*rows]))])
    return [(one.kind, one.cell) for one in inspect(book, known_values=is_known, known_headings=is_heading)]


@pytest.mark.parametrize("day", ["13/12/2022", "5/1/2023", 44908])
def test_a_day_under_its_heading_is_no_case_number_of_the_table_above(day: CellValue):
    assert kinds(*JUDGMENTS, [], ["قرارات تحديد الضحايا"], DECISIONS, [1, TOKEN, day, TOKEN]) == []


@pytest.mark.parametrize("number", ["154/ج/2023", "12/2023", "4417"])
def test_a_raw_number_is_refused_in_the_first_table_and_in_the_second(number: str):
    second = [[], DECISIONS, [1, number, "5/1/2023", TOKEN]]
    [(_, below)] = kinds(*JUDGMENTS, *second)
    [(_, above)] = kinds(JUDGMENTS[0], [1, number, TOKEN, "ذكر"], [], DECISIONS, [1, TOKEN, "5/1/2023", TOKEN])
    assert (above, below) == ("B2", "B6")


def test_a_raw_number_is_refused_below_the_same_heading_on_the_next_page():
    [(_, cell)] = kinds(*JUDGMENTS, JUDGMENTS[0], [2, TOKEN, "154/ج/2023", "ذكر"])
    assert cell == "C5"


def test_words_that_are_no_headings_do_not_end_a_column_of_tokens():
    words: list[CellValue] = ["بغداد", "ذكر", "عراقي", "تسول"]
    [(_, cell)] = kinds(*JUDGMENTS, words, [2, TOKEN, "154/ج/2023", "ذكر"])
    assert cell == "C5"


def test_a_heading_of_no_card_does_not_end_a_column_of_tokens():
    [(_, cell)] = kinds(*JUDGMENTS, ["ت", "رمز القضية", "كلام آخر", "الجنس"], [1, TOKEN, "154/ج/2023", "ذكر"])
    assert cell == "C5"


def test_a_table_does_not_hide_the_given_names_of_the_one_below_it():
    places = ["البصرة", "ميسان", "النجف", "بابل", "نينوى", "واسط", "الأنبار", "ديالى", "كركوك", "المثنى"]
    first = [["ت", "رئاسة محكمة الاستئناف", "الجنس"], *([number, place, "ذكر"] for number, place in enumerate(places))]
    names = ["زينب", "أحمد", "حيدر", "فاطمة", "كريم", "جاسم"]
    second = [["ت", "الفعل", "الجنس"], *([number, name, "ذكر"] for number, name in enumerate(names))]
    assert kinds(*first) == []
    assert [kind for kind, _ in kinds(*first, [], *second)] == ["personal_name"]
