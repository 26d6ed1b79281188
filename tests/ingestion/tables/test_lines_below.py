"""What stands under a table, and tables that are not what is wanted: totals, signatures, counts, sheets by place."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.cards.source_card import load_source
from ingestion.entry.file_check import Examination, examine
from ingestion.files.reader import Sheet
from ingestion.findings import finding_in_words
from ingestion.tables.counted_tables import find_first_count
from ingestion.tables.signatures import count_lines, is_signature_line, is_signature_text
from ingestion.tables.table_finder import find_tables
from languages.words import Words
from tests.ingestion.workbooks import TODAY, Cell, Grid, read, squared, token, victim, victims, xlsx

MINISTRY = "iraq_interior_ministry"
NAME = "المفوض حسين جبار عودة الساعدي"  # invented


def of(sheets: dict[str, Grid], source: str = MINISTRY) -> Examination:
    return examine(xlsx(sheets), "x.xlsx", source, today=TODAY)


def under(*lines: list[Cell]) -> Examination:
    """Two victims with lines under them."""
    return of({"الضحايا": squared([*victims(victim(1), victim(2))[:5], *lines])})


def told(answer: Examination) -> list[tuple[str, str, str]]:
    return [
        (one.kind, one.cell, one.arguments.get("looks_like", ""))
        for one in answer.findings
        if one.kind != "table_missing"
    ]


@pytest.mark.parametrize(
    "lines",
    [
        [[None, "نظمه", "المفوض"]],
        [[], [None, None, None, None, "نظمه / المفوض"]],
        [[], [None, "نظمه", None, None, "دققه", None, "صادق عليه"], [None, "المفوض", None, None, "الرائد"]],
        [[], [None, "المفوض", "الشعبة 3", None, None, "نظمه / المفوض"]],
        [[None, None, None, None, 2]],
        [["المجموع", None, None, None, 2]],
        [["المجموع", None, None, None, "٢"]],
        [[None, "عدد الضحايا", None, None, 2]],
        [[None, None, None, None, "المجموع", 2]],
        [["المجموع الكلي", None, None, None, 2], [], [None, "المدير العام", "الختم", "التاريخ: 5/1/2025"]],
    ],
)  # fmt: skip
def test_signatures_and_totals_under_a_table_are_read_as_such(lines: list[list[Cell]]):
    answer = under(*lines)
    assert (answer.verdict, answer.rows_in, answer.rows_landed, told(answer)) == ("accepted", 2, 2, [])


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        ([[None, None, None, None, 7]], ("not_a_token", "E6", "total")),
        ([[None, "بغداد", None, None, 3]], ("not_a_token", "E6", "total")),
        ([[None, None, None, None, "ملاحظة: حالات قيد التحقيق", "x", "y"]], ("not_a_token", "E6", "note")),
        ([[None, None, None, None, "نظمه", NAME, "x"]], ("not_a_token", "E6", "signature")),
    ],
)
def test_a_line_under_a_table_that_may_be_a_row_waits_and_is_told_by_what_it_looks_like(
    lines: list[list[Cell]], place: tuple[str, str, str]
):
    answer = under(*lines)
    assert (answer.verdict, answer.rows_landed, answer.rows_quarantined) == ("accepted", 2, 1)
    assert place in told(answer)
    for tag in ("en", "ar", "ckb"):
        words = Words.load(tag)
        messages = [finding_in_words(one, words)[0] for one in answer.findings if one.cell == "E6"]
        assert messages == [words.text(f"finding.not_a_token.{place[2]}", column="الضحية / رمز الشخص")]


@pytest.mark.parametrize(
    "lines", [[[], [None, "نظمه", NAME]], [["المجموع", None, None, None, 2], [None, NAME]], [[NAME], [None, NAME]]]
)
def test_a_name_under_a_table_is_no_row_and_is_not_kept(lines: list[list[Cell]]):
    answer = under(*lines)
    assert (answer.verdict, answer.rows_in, answer.rows_landed, told(answer)) == ("accepted", 2, 2, [])
    assert "حسين" not in answer.taken.decode()


SIGNED = [None, NAME, "نظمت من قبل", "x", "المدقق", NAME, "الهاتف"]


@pytest.mark.parametrize("lines", [[[], SIGNED], [[], SIGNED, SIGNED], [[], [], SIGNED, [], SIGNED]])
def test_lines_that_a_blank_one_parts_and_of_which_nothing_is_understood_are_told_and_are_no_rows(
    lines: list[list[Cell]],
):
    answer = under(*lines)
    assert (answer.verdict, answer.rows_in, answer.rows_landed) == ("accepted", 2, 2)
    assert [kind for kind, _, _ in told(answer)] == ["row_skipped"] * lines.count(SIGNED)
    assert "حسين" not in answer.taken.decode()


@pytest.mark.parametrize(
    "lines", [[SIGNED], [[], [*SIGNED[:3], "بغداد", *SIGNED[4:]]], [[], SIGNED, [], victims(victim(3))[3]]]
)
def test_a_line_without_a_blank_one_above_or_with_a_cell_that_is_understood_stays_a_row(lines: list[list[Cell]]):
    assert under(*lines).rows_in == 2 + len([line for line in lines if line])


def test_the_total_under_the_tokens_is_held_against_the_rows():
    answer = under(["المجموع", None, None, None, 5])
    [wrong] = [one for one in answer.findings if one.kind == "total_mismatch"]
    assert (wrong.arguments["stated"], wrong.arguments["computed"]) == ("5", "2")


def test_a_raw_number_among_the_rows_is_no_total_even_if_it_is_how_many_rows_there_are():
    grid = victims(victim(1), victim(2, person=2), victim(3))
    assert ("not_a_token", "E5", "") in told(of({"الضحايا": grid}))


@given(st.integers(0, 30), st.integers(0, 40), st.sampled_from(["", "المجموع", "بغداد"]))
def test_a_bare_number_is_a_count_only_where_it_is_how_many_rows_there_are_or_is_labelled(
    rows: int, number: int, label: str
):
    sheet: Grid = [[token(place), "بغداد"] for place in range(rows)] + [[number, label or None]]
    is_count = label == "المجموع" or (label == "" and number == rows > 0)
    assert (count_lines(sheet) == {rows}) is is_count


@pytest.mark.parametrize(("number", "kinds"), [(999_999, ["total_mismatch"]), (1_000_000, [])])
@pytest.mark.parametrize("line", [["المجموع {}"], ["المجموع", None, None, None, "{}"]])
def test_a_total_of_more_than_a_table_can_have_may_be_an_identifier_and_is_not_kept(
    line: list[str | None], number: int, kinds: list[str]
):
    answer = under([cell and cell.format(number) for cell in line])
    assert (answer.verdict, [kind for kind, _, _ in told(answer)]) == ("accepted", kinds)
    assert (str(number) in answer.taken.decode()) is bool(kinds)


def test_of_a_total_nothing_is_kept_under_a_heading_that_the_card_does_not_know():
    grid = victims(victim(1), victim(2), total=["المجموع", None, None, None, 2])[:6]
    grid = [[*row, cell] for row, cell in zip(grid, [None, "ملاحظات", None, None, None, 701_234], strict=True)]
    answer = of({"الضحايا": grid})
    assert (answer.verdict, answer.rows_landed) == ("accepted", 2)
    assert "701234" not in answer.taken.decode()


@pytest.mark.parametrize("typed", ["5/شباط/2024", "5 / ئازار / 2024", "5-شباط-2024"])
def test_a_date_with_its_month_by_name_between_slashes_is_no_case_number(typed: str):
    assert of({"الضحايا": victims(victim(1, date=typed))}).verdict == "accepted"
    assert of({"الضحايا": victims(victim(1, date=typed))}).rows_landed == 1
    assert ("not_a_token", "B4", "") in told(of({"الضحايا": victims(victim(1, case=typed))}))
    assert ("date_unreadable", "C4", "") in told(of({"الضحايا": victims(victim(1, date="5/ج/2024"))}))


@pytest.mark.parametrize(
    "text", ["صادق عليه", "نظمه / المفوض", "مدير القسم", "رئيس اللجنة", "المدقق", "واژۆ", "Prepared by"]
)
def test_the_words_of_signatures_are_known(text: str):
    assert is_signature_text(text)


@pytest.mark.parametrize("text", ["صادق الساعدي", "رائد صادق", "الرائد صادق", "المفوض حسين", "نظمه علي", ""])
def test_a_name_among_the_words_of_a_signature_stays_a_name(text: str):
    assert not is_signature_text(text)
    assert not is_signature_line([text])


# Counts where records are wanted

MONTHS = ["كانون الثاني", "شباط", "آذار", "نيسان"]
COUNTED = [
    [["عدد الضحايا حسب الاشهر"], ["المحافظة", *MONTHS], ["بغداد", 1, 2, 3, 4], ["البصرة", 1, 0, 2, 4]],
    [["Governorate", "January", "February", "March", "June"], ["Baghdad", 1, 2, 3, 4]],
    [["المحافظة", 2021, 2022, 2023], ["بغداد", 10, 12, 13]],
    [["الشهر", "العدد"], ["كانون الثاني", 3], ["شباط", 4], ["آذار", 6]],
    [["المحافظة", "ذكور", "إناث"], ["بغداد", 3, 4], ["البصرة", 6, 7]],
    [["المحافظة", "الفصل الأول", "الفصل الثاني", "الفصل الثالث"], ["بغداد", 3, 4, 5]],
    [["المحافظة", datetime.date(2024, 1, 1), datetime.date(2024, 2, 1), datetime.date(2024, 3, 1)], ["بغداد", 3, 4, 5]],
]  # fmt: skip


@pytest.mark.parametrize("grid", COUNTED)
@pytest.mark.parametrize("sheet", ["الضحايا", "ورقة1"])
def test_a_table_of_counts_is_told_as_one_and_the_shape_of_counts_is_offered(grid: Grid, sheet: str):
    answer = of({sheet: grid})
    assert (answer.verdict, told(answer)[0][0], len(told(answer))) == ("refused", "counts_instead_of_records", 1)
    assert "marsad template counts" in finding_in_words(answer.findings[0], Words.load("ar"))[1]


@pytest.mark.parametrize(
    "grid",
    [
        victims(victim(1), victim(2), victim(3)),
        [["شيء", "آخر"], [1, 2]],
        [["المحافظة", "شباط", "آذار"], ["بغداد", 1, 2]],
        [["الشخص", "الميلاد", "الدخول", "الخروج"], ["أ", 1999, 2021, 2022], ["ب", 2001, 2022, 2023]],
        [["المركز", "العدد", "التاريخ"], ["أ", 3, "1/2/2024"], ["ب", 4, "1/3/2024"]],
    ],
)
def test_another_table_is_not_taken_for_counts(grid: Grid):
    assert find_first_count(Sheet("x", squared(grid), [])) is None


def test_the_counts_of_facilities_and_activities_are_not_told_as_counts():
    card = load_source("task_force_activities")
    name, table = next(iter(card.tables.items()))
    grid = [["الدار", "السعة", "المقيمون"], ["أ", 20, 14], ["ب", 12, 9]]
    _, findings = find_tables(read({table.sheets[0]: grid}), card)
    assert name
    assert "counts_instead_of_records" not in {one.kind for one in findings}


# Sheets by governorate


def test_sheets_named_for_governorates_are_parts_of_one_table():
    answer = of(
        {"بغداد": victims(victim(1)), "محافظة البصرة": victims(victim(2), victim(3)), "ذيقار": victims(victim(4))}
    )
    assert (answer.verdict, answer.rows_landed) == ("accepted", 4)


def test_beside_the_sheet_of_the_card_such_sheets_may_repeat_its_rows_and_are_not_read():
    answer = of({"الضحايا": victims(victim(9)), "البصرة": victims(victim(9))})
    assert (answer.rows_landed, told(answer)) == (1, [("sheet_unknown", "", "")])


def test_where_no_column_says_the_governorate_the_sheets_name_does():
    grids = {name: [row[:3] + row[4:] for row in victims(victim(at))] for at, name in enumerate(["بغداد", "ميسان"])}
    answer = of(grids)
    places = [table.columns["governorate_code"] for table in answer.tables]
    assert (answer.verdict, places) == ("accepted", [["IQG08"], ["IQG14"]])
    assert [one.kind for one in answer.findings if one.kind == "place_from_sheet"] == ["place_from_sheet"] * 2


def test_a_column_that_says_the_governorate_is_believed_before_the_sheets_name():
    answer = of({"ميسان": victims(victim(1)), "البصرة": victims(victim(2, governorate=None))})
    assert [table.columns["governorate_code"] for table in answer.tables] == [["IQG08"], [None]]


@pytest.mark.parametrize("names", [["ورقة1", "ورقة2"], ["البصرة"], ["البصرة", "البصره"]])
def test_sheets_of_no_or_of_one_governorate_are_refused_with_what_to_do(names: list[str]):
    answer = of({name: victims(victim(at)) for at, name in enumerate(names)})
    assert [one.kind for one in answer.findings] == ["sheet_missing"]


def test_a_wrong_heading_in_one_of_the_sheets_is_told_with_its_sheet():
    grid = victims(victim(2))
    grid[2][5] = "الجنسس"
    answer = of({"بغداد": victims(victim(1)), "البصرة": grid})
    assert [(one.kind, one.sheet) for one in answer.findings if one.severity == "refuse"] == [("header_missing", "#2")]
