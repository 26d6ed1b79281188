"""Text is let in because it is known to be harmless: what explains a text, and for each class what does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingestion.cards.source_card import load_source, source_names
from ingestion.files.noncell_text import NonCellText
from ingestion.files.reader import CellValue, Sheet, Workbook, read_workbook
from ingestion.files.template_sheets import stamp_text
from ingestion.personal.unexplained_words import unexplained_words
from ingestion.privacy.unexplained_texts import AskedText, find_unexplained, kind_of_column
from languages.words import Words

SENDER = load_source("iraq_interior_ministry")
PUBLISHER = load_source("unodc_glotip")
VERDICT = {"rows_in": 5, "rows_landed": 4, "rows_quarantined": 1}
SAMPLES = Path(__file__).parents[3] / "ingestion" / "sources"


def asked(text: CellValue, heading: str = "ملاحظات", confirmed: tuple[str, ...] = ()) -> list[str]:
    """Return the words that are asked of one cell under a heading."""
    sheet = Sheet("ورقة1", [["ت", heading], [1, text]])
    found = find_unexplained(Workbook([sheet]), SENDER, is_confirmed=confirmed.__contains__)
    return [word.text for one in found for word in one.words]


@pytest.mark.parametrize("source", source_names())
def test_a_source_s_own_sample_asks_nothing(source: str):
    path = SAMPLES / source / "sample.xlsx"
    workbook = read_workbook(path.read_bytes(), path.name)
    found = find_unexplained(workbook, load_source(source), is_confirmed=lambda _: False)
    assert [(one.sheet, one.cell, [word.text for word in one.words]) for one in found] == []


@pytest.mark.parametrize(
    "text",
    [
        "k1:5f2b8c1d9e3a4f6071829304a5b6c7d8", "2024", "٣٠/٧/٢٠٢٤", "15 تشرين الأول 2024", "م 6/ف5", "أنثى", "دار أ",
        "رمز القضية", "استغلال جنسي، تسول", "المجموع الكلي", "لا يوجد", "...", "", None, 12, "Forced labour", "ملاحظات",
    ],
)  # fmt: skip
def test_what_the_house_knows_is_not_asked(text: CellValue):
    assert asked(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "زرياب", "تغريد منهل", "Oleksandr Kovalchuk", "kovalchuk", "chinedu okafor", "فەرهاد شێرزاد", "Z. M.",
        "أ. ب. ت.", "سعدمنهل", "সুমাইয়া", "ትግስት", "Юлія", "तारा", "Jordan", "صلاح الدين", "بغداد", "مصري", "ضحية\nمنهل",
    ],
)  # fmt: skip
def test_what_nobody_knows_is_asked(text: str):
    assert asked(text)


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("المحافظة", "صلاح الدين"),
        ("المحافظة", "قضاء علي الغربي"),
        ("الضحية / الجنسية", "Chad"),
        ("الضحية / الجنسية", "لبنانية"),
        ("Country", "Jordan"),
        ("المديرية/المكتب", "مكتب الموصل"),
    ],
)
def test_a_place_explains_only_in_a_column_of_its_kind(heading: str, text: str):
    assert asked(text, heading) == []
    assert asked(text, "ملاحظات")
    assert asked(text, "رمز الشخص")


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("المحافظة", "نجف"),
        ("المحافظة", "بصرة"),
        ("الجنسية", "كوري"),
        ("تاريخ الإحالة", "رجب"),
        ("تاريخ الإحالة", "7 ربيع الأول 1445"),
        ("العمر", "راشد"),
    ],
)
def test_what_a_column_reads_is_explained_in_that_column_alone(heading: str, text: str):
    assert asked(text, heading) == []
    assert asked(text)
    assert asked(f"{text} منهل", heading)


def test_another_edition_s_word_for_a_heading_has_the_columns_of_that_heading():
    assert kind_of_column("ISO3") == kind_of_column("Iso3_code") == "nationality"


@pytest.mark.parametrize("text", ["ثمانية", "خمسة وستون", "سري", "سري للغاية", "بسم الله الرحمن الرحيم"])
def test_a_number_in_words_or_a_line_of_letters_is_explained_where_nothing_else_stands(text: str):
    assert asked(text) == []
    assert asked(f"{text} منهل")


@pytest.mark.parametrize("text", ["عبد الرحمن", "الله", "الرحيم", "سري كريم"])
def test_a_word_of_such_a_line_explains_no_other_text(text: str):
    assert asked(text)


def test_a_record_of_words_that_are_headings_elsewhere_is_no_heading():
    head: list[CellValue] = ["رمز الشخص", "الجنس", "المحافظة", "الجهة", "جهة الإحالة"]
    record: list[CellValue] = ["k1:" + "0" * 32, "رجال", "نينوى", "المحكمة", "المستشفى"]
    below: list[CellValue] = ["k1:" + "1" * 32, "ذكر", "بابل", "المحكمة", "المستشفى"]
    sheet = Sheet("ورقة1", [head, record, record, below])
    assert find_unexplained(Workbook([sheet]), SENDER, is_confirmed=lambda _: False) == []


def test_half_the_name_of_a_place_is_no_place():
    assert asked("علي", "المحافظة") == ["علي"]


def test_a_confirmed_word_is_asked_no_more():
    assert asked("جزء تجريبي مستحدث", confirmed=tuple(asked("جزء تجريبي مستحدث"))) == []


def test_each_cell_is_told_with_its_words_and_no_representation_shows_them():
    sheet = Sheet("Sheet1", [["no", "notes"], [1, "Kovalchuk"], [2, "forced labour"], [3, "Kovalchuk"]])
    found = find_unexplained(Workbook([sheet]), SENDER, is_confirmed=lambda _: False)
    assert [(one.sheet, one.cell) for one in found] == [("Sheet1", "B2"), ("Sheet1", "B4")]
    assert "kovalchuk" not in repr(found).lower()


@pytest.mark.parametrize(
    ("text", "is_asked"),
    [("unodc-gps@un.org", False), ("unodc gps zerwan@un.org", True), ("zerwan@un.org", True)],
)
def test_an_office_s_own_address_is_known_and_no_name_before_it(text: str, is_asked: bool):
    workbook = Workbook([Sheet("data", [[text]])])
    assert bool(find_unexplained(workbook, PUBLISHER, is_confirmed=lambda _: False)) is is_asked


def test_the_name_of_a_sheet_is_asked_and_never_told():
    found = find_unexplained(Workbook([Sheet("Kovalchuk", [["notes"]])]), SENDER, is_confirmed=lambda _: False)
    assert [(one.sheet, one.cell) for one in found] == [("#1", "")]


def test_what_stands_beside_the_cells_is_asked_but_for_the_author_of_a_published_table():
    beside = [NonCellText("text", "Kovalchuk", "Sheet1", "C7"), NonCellText("author", "Oleksandr")]
    workbook = Workbook([Sheet("Sheet1", [["notes"]])], beside=beside)
    places: list[list[AskedText]] = [
        find_unexplained(workbook, one, is_confirmed=lambda _: False) for one in (SENDER, PUBLISHER)
    ]
    assert [[(one.sheet, one.cell) for one in found] for found in places] == [
        [("Sheet1", "C7"), ("", "")],
        [("Sheet1", "C7")],
    ]


@pytest.mark.real_input
@pytest.mark.parametrize("text", ["", " Mustermann", "Grete Mustermann"])
def test_the_author_of_the_published_workbook_of_htcds_is_known_and_nobody_else(text: str):
    path = SAMPLES.parents[2] / "shared" / "data" / "htcds" / "HTCDS_Excel_Spreadsheet_v2.0.xlsx"
    author = next(one.text for one in read_workbook(path.read_bytes(), path.name).beside if one.place == "author")
    named = f"{author}{text}" if text.startswith(" ") else text or author
    found = find_unexplained(Workbook([], beside=[NonCellText("author", named)]), SENDER, is_confirmed=lambda _: False)
    assert bool(found) is bool(text)


def test_a_word_tells_whether_a_list_of_names_has_it():
    sheet = Sheet("Sheet1", [["notes"], ["حسن مستحدثاتنا"]])
    (found,) = find_unexplained(Workbook([sheet]), SENDER, is_confirmed=lambda _: False)
    assert {word.text: word.is_on_name_list for word in found.words} == {"حسن": True, "مستحدثاتنا": False}


def test_free_text_and_tokens_are_no_column_of_places():
    assert [kind_of_column(heading) for heading in ("ملاحظات", "رمز الشخص", "المحافظة", "الجنسية", "العدد")] == [
        "text", "text", "place", "nationality", "",
    ]  # fmt: skip


def test_words_of_a_text_are_told_as_typed():
    assert unexplained_words("Kováľchuk، قضیە، على") == ["Kováľchuk", "على"]
    assert unexplained_words("كـوفـالـتـشوكْ") == ["كوفالتشوك"]  # vowel signs and tatweel are no letters


@pytest.mark.parametrize(
    ("text", "is_asked"),
    [
        ("يمكن أن يُقرأ «التاريخ» على وجهين: قد يكون اليوم والشهر متبادلين.", False),  # a message of ours
        ("يمكن أن يُقرأ «علي» على وجهين: قد يكون اليوم والشهر متبادلين.", True),
        ("يمكن أن يُقرأ «التاريخ» على وجهين: قد يكون علي والشهر متبادلين.", True),
        (Words.load("ar").text("desk.accepted", **VERDICT, hash="abcfedcab123"), False),  # how it names its file
        (Words.load("ar").text("desk.accepted", **VERDICT, hash="maryamabcfed"), True),
        ("علي", True),
        ("على كاملة", True),
        ("'البيانات'!F3", False),
        ("'زينب'!F3", True),
    ],
)
def test_a_sheet_of_the_house_asks_nothing_of_our_own_sentences_and_links_but_of_a_word_alone(
    text: str, is_asked: bool
):
    ours = Sheet("more", [[stamp_text("findings")], [text]])
    found = find_unexplained(Workbook([Sheet("البيانات", [["الجنس"]]), ours]), SENDER, is_confirmed=lambda _: False)
    assert bool(found) is is_asked
