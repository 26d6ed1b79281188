"""What is taken of a table: words of closed languages, and marks of what was filled. All names are invented."""

from __future__ import annotations

import datetime

import pytest

from ingestion.cards.source_card import load_shape, load_source
from ingestion.files.cell_marks import kind_of_mark
from ingestion.files.reader import CellValue
from ingestion.tables.cell_values import Habits
from ingestion.tables.closed_languages import keeper_of
from ingestion.tables.table_finder import find_tables
from ingestion.tables.taken_tables import take_table
from ingestion.text.periods import period_words, read_period
from tests.ingestion.workbooks import TODAY, Grid, read, squared

NAME = "زهراء كاظم الموسوي"
SENDER = load_source("iraq_interior_ministry")


def keep(shape: str, field: str, value: CellValue, labels: frozenset[str] = frozenset()) -> object:
    return keeper_of(field, load_shape(shape).fields[field], Habits(TODAY, {}), labels)(value)


@pytest.mark.parametrize(
    ("shape", "field", "cell"),
    [
        ("victims", "person_token", "k1:5f2b8c1d9e3a4f6071829304a5b6c7d8"),
        ("victims", "sex_code", "أنثى"),
        ("victims", "governorate_code", "محافظة ديالى"),
        ("victims", "age", "١٧ سنة"),
        ("victims", "age", 17),
        ("victims", "contact_date", datetime.date(1990, 1, 1)),
        ("victims", "contact_date", "30/7/2024"),
        ("victims", "contact_date", "7/30/2024"),
        ("victims", "contact_date", "15 تشرين الأول 2024"),
        ("cases", "accused_count", 10_000),
        ("cases", "accused_count", "<5"),
        ("cases", "accused_count", "لا يوجد"),
        ("activities", "activity_code", "TF25-007"),
        ("activities", "activity_code", "ABCD-99999"),
        ("counts", "reporting_area", "IRQ"),
        ("victims", "sex_code", None),
        ("victims", "sex_code", "#N/A"),
        ("accused", "fine_iqd", 999_999_999),
    ],
)
def test_a_word_of_its_language_is_kept_as_typed(shape: str, field: str, cell: CellValue):
    assert keep(shape, field, cell) == cell


@pytest.mark.parametrize(
    ("shape", "field", "cell", "kind"),
    [
        ("victims", "person_token", NAME, "not_a_token"),
        ("victims", "person_token", 4711, "not_a_token"),
        ("victims", "sex_code", NAME, "unknown_code"),
        ("victims", "sex_code", f"أنثى {NAME}", "unknown_code"),
        ("victims", "governorate_code", f"محافظة ديالى {NAME}", "unknown_code"),
        ("victims", "age", "07701234567", "age_unreadable"),
        ("victims", "contact_date", datetime.date(1989, 12, 31), "period_too_old"),
        ("victims", "contact_date", f"30/7/2024 {NAME}", "date_unreadable"),
        ("cases", "accused_count", 10_001, "out_of_range"),
        ("cases", "accused_count", f"3 {NAME}", "not_a_number"),
        ("accused", "fine_iqd", 1_000_000_000, "out_of_range"),
        ("accused", "citation", NAME, "citation_unreadable"),
        ("activities", "activity_code", "ABCDE-1", "unlisted_text"),
        ("activities", "activity_code", "TF25-123456", "unlisted_text"),
        ("facilities", "facility_code", NAME, "unlisted_text"),
        ("counts", "reporting_area", "IRQA", "unlisted_text"),
    ],
)
def test_of_any_other_cell_only_the_kind_of_its_finding_is_kept(shape: str, field: str, cell: CellValue, kind: str):
    kept = keep(shape, field, cell)
    assert kind_of_mark(kept) == kind
    assert str(cell) not in str(kept)


def test_a_citation_is_kept_as_its_parts_and_a_name_beside_it_is_not():
    assert keep("accused", "citation", f"م 6/خامسا من قانون 28 لسنة 2012 {NAME}") == "L28_2012|A6_5"
    assert keep("accused", "citation", "L28_2012|A6_5") == "L28_2012|A6_5"


def test_a_label_is_a_word_of_the_list_of_its_source_and_no_other():
    assert keep("facilities", "facility_code", "دار أ", frozenset({"دار ا"})) == "دار أ"
    assert kind_of_mark(keep("facilities", "facility_code", "دار هـ", frozenset({"دار ا"}))) == "unlisted_text"


def test_titles_headings_notes_and_foreign_columns_leave_nothing_in_the_table():
    grid = _cases_with_texts_everywhere()
    [table], _ = find_tables(read({"القضايا": grid}), SENDER)
    taken = take_table(table, SENDER, TODAY, from_1904=False)
    assert any(NAME in str(cell) for row in table.sheet.rows for cell in row)
    assert not any(NAME in str(cell) or "0770" in str(cell) for row in taken.sheet.rows for cell in row)
    assert taken.data_rows == table.data_rows


def _cases_with_texts_everywhere() -> Grid:
    headers = [*SENDER.tables["cases"].required_headers, "ملاحظات"]
    blank = [None] * (len(headers) - 1)
    return squared([[f"إعداد {NAME} لسنة 2024"], headers, [*blank[:-1], 2, f"{NAME} 0770"], [NAME, "0770 123"]])


@pytest.mark.parametrize("year", [None, 2023])
@pytest.mark.parametrize("day_first", [None, True, False])
@pytest.mark.parametrize(
    "title",
    [
        "كشف القضايا لغاية 15/10/2025", "من 1/1 ولغاية 5/7/2024", "الفصل الأول لسنة ٢٠٢٤", "الربعين الأول والثاني 2024",
        "لغاية 5/7", "النصف الأول", "شهر تشرين الأول 2025", "from 1 January until 15 October 2025", "قضايا سنة 2024",
        "الأشهر الستة الأولى", "for May 2024", "2024-01-01 - 2024-03-31", "الفصل الأول", "", "الضحايا",
    ],
)  # fmt: skip
def test_the_words_of_a_title_that_state_a_period_state_what_the_title_states(
    title: str, day_first: bool | None, year: int | None
):
    long = f"{title} إعداد {NAME}" if title else title
    for text in (title, long):
        words = period_words(text)
        assert read_period(words, day_first=day_first, year=year) == read_period(text, day_first=day_first, year=year)
        assert "زهراء" not in words
