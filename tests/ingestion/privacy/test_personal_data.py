"""Nothing personal comes in: positives and near misses in three scripts; all persons and numbers are invented."""

from __future__ import annotations

import datetime
import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.files.reader import CellValue, Sheet, Workbook, read_workbook
from ingestion.personal.identifiers import is_token
from ingestion.personal.personal_headers import header_kind
from ingestion.privacy.personal_data import inspect
from tests.ingestion import hostile

PERSONAL = {
    "أحمد علي حسين": "personal_name",
    "زينب عبد الله محمد": "personal_name",
    "عبد الرحمن خالد ابراهيم الجبوري": "personal_name",
    "على محمد كاظم": "personal_name",
    "فاطمة حسن": "personal_name",
    "ﺍﺣﻤﺪ ﻋﻠﻲ ﺣﺴﻴﻦ": "personal_name",
    "أحـمـد عـلـي": "personal_name",
    "العميد حيدر عباس": "personal_name",
    "مدير قسم الإحصاء / أحمد علي حسين": "personal_name",
    "قبض على المتهم حسن كريم جاسم في بغداد": "personal_name",
    "محەمەد ئەحمەد عەلی": "personal_name",
    "شیلان ڕەشید حەمە": "personal_name",
    "کاک ئازاد عومەر": "personal_name",
    "Ahmed Ali Hussein": "personal_name",
    "Hemin Karim Ahmad": "personal_name",
    "Mary Wanjiru": "personal_name",
    "07701234567": "phone_number",
    "٠٧٧٠ ١٢٣ ٤٥٦٧": "phone_number",
    "۰۷۵۰۱۲۳۴۵۶۷": "phone_number",
    "+964 770 123 4567": "phone_number",
    "00964-770-123-4567": "phone_number",
    "+63 917 123 4567": "phone_number",
    "اتصال على 07801234567 مساء": "phone_number",
    "199012345678": "identity_number",
    "١٩٩٠١٢٣٤٥٦٧٨": "identity_number",
    "AB1234567": "identity_number",
    "A12345678": "passport_number",
    "IQ98NBIQ850123456789012": "bank_account",
    "someone@example.org": "email",
    "33.3152, 44.3661": "coordinates",
    "٣٣٫٣١٥٢ ، ٤٤٫٣٦٦١": "coordinates",
    "مواليد 12/3/1990": "birth_date",
}
HARMLESS = (
    hostile.TOKEN,
    "التاريخ الميلادي 30/7/2024",
    "صلاح الدين",
    "محافظة صلاح الدين",
    "Salah Al-Din",
    "کانوونی دووەم",
    "كربلاء المقدسة",
    "علي الغربي",
    "وزارة الداخلية - مديرية مكافحة الاتجار بالبشر",
    "محكمة جنايات النجف الأشرف",
    "محكمة استئناف بغداد الرصافة",
    "مستشفى الشهيد محمد باقر الحكيم",
    "جدول يبين أعداد ضحايا الاتجار بالبشر لسنة ٢٠٢٤",
    "كانون الأول",
    "تشرين الثاني / نوفمبر",
    "ربيع الأول",
    "السبت",
    "عراقي",
    "سريلانكية الجنسية",
    "استغلال جنسي",
    "زواج متعة قسري",
    "العودة الى الأسرة",
    "مدير قسم الإحصاء",
    "ختم وتوقيع مدير الدار",
    "المجموع الكلي",
    "وەزارەتی ناوخۆ",
    "پارێزگای هەولێر",
    "ڕاپۆرتی ساڵانە",
    "Saint Kitts and Nevis",
    "Sri Lanka",
    "Saudi Arabia",
    "Bosnia and Herzegovina",
    "Forced Labour",
    "Detected trafficking victims",
    "6/أولا/خامسا/تاسعا",
    "المادة 5 من قانون 28 لسنة 2012",
    "2024-03-05 10:20:30",
    "15,000,000",
    "IQG06Q05",
    "30/7/2024",
    "0.7512345678",
)
EMPTY_WHEN_ANONYMOUS = (
    "الاسم",
    "الاسم الرباعي واللقب",
    "اسم الأم",
    "الضحية / الاسم",
    "ناوی سیانی",
    "Full Name",
    "prs_FirstName",
    "رقم البطاقة الوطنية",
    "جواز السفر",
    "رقم الهاتف",
    "ژمارەی مۆبایل",
    "العنوان",
    "E-mail",
    "رقم القضية",
    "رقم الدعوى",
    "ژمارەی دۆسیە",
    "Case number",
)


def book(*rows: list[CellValue], name: str = "ورقة1") -> Workbook:
    width = max(len(row) for row in rows)
    return Workbook([Sheet(name, [[*row, *[None] * (width - len(row))] for row in rows])])


def kinds(workbook: Workbook) -> list[tuple[str, str]]:
    return [(finding.kind, finding.cell) for finding in inspect(workbook)]


@pytest.mark.parametrize("text", PERSONAL)
def test_a_personal_value_in_any_cell_refuses_the_file(text: str):
    assert (PERSONAL[text], "B3") in kinds(book(["عنوان الجدول"], ["ت", "ملاحظات"], [1, text]))


@pytest.mark.parametrize("text", HARMLESS)
def test_a_near_miss_is_not_personal(text: str):
    assert not kinds(book(["ت", "ملاحظات"], [1, text]))


@pytest.mark.parametrize("text", PERSONAL)
def test_no_finding_carries_a_value(text: str):
    for finding in inspect(book(["الاسم", text], [text, text], name=text)):
        assert finding.severity == "refuse"
        assert text not in repr(finding)


def test_numbers_are_identifiers_too_but_sums_of_money_are_not():
    rows: list[list[CellValue]] = [["ت", "س"], [1, 7701234567], [2, 199012345678], [3, 7_500_000_000], [4, 45]]
    assert kinds(book(*rows)) == [("identity_number", "B3"), ("phone_number", "B2")]


def test_a_kind_is_told_once_a_column_with_its_first_cell_and_count():
    found = inspect(book(["س"], ["07701234567"], ["x"], ["07701234568"], ["07701234567"]))
    assert [(finding.kind, finding.cell, finding.arguments["count"]) for finding in found] == [
        ("phone_number", "A2", "3")
    ]


@pytest.mark.parametrize("header", EMPTY_WHEN_ANONYMOUS)
def test_a_column_of_names_or_numbers_must_be_empty(header: str):
    title: list[CellValue] = ["جدول"]
    assert kinds(book(title, ["ت", header, "الجنس"], [1, "قيمة", "ذكر"])) == [("forbidden_column", "B2")]
    assert not kinds(book(title, ["ت", header, "الجنس"], [1, None, "ذكر"], [2, "-", "أنثى"], ["المجموع", "المجموع"]))


@pytest.mark.parametrize(
    "header",
    [
        "اسم المحكمة",
        "عدد القضايا",
        "نوع القضية",
        "No",
        "رقم",
        "العنوان الوظيفي",
        "رمز الدار",
        "Country name",
        "Case type",
    ],
)
def test_an_innocent_header_forbids_nothing(header: str):
    assert not header_kind(header, in_parts=True)


def test_a_forbidden_word_among_data_is_no_header():
    assert not kinds(book(["ت", "الخدمة"], [1, "السكن"], [2, "ترجمة"]))


def test_a_second_table_in_the_sheet_is_seen():
    rows: list[list[CellValue]] = [["ت", "الجنس"], *[[n, "ذكر"] for n in range(60)], ["ت", "الاسم"], [1, "شخص"]]
    assert kinds(book(*rows)) == [("forbidden_column", "B62")]


@pytest.mark.parametrize(
    "value", [datetime.date(1990, 3, 12), "12/3/1990", "١٩٩٠-٠٣-١٢", "١٤١٠/٨/١٥ هـ", 32_944, 19_900_312]
)
@pytest.mark.parametrize("header", ["تاريخ الولادة", "المواليد", "سنة التولد", "Date of birth", "ساڵی لەدایکبوون"])
def test_an_exact_birth_date_refuses_the_file(header: str, value: CellValue):
    assert kinds(book(["ت", header], [1, 1988], [2, value])) == [("birth_date", "B3")]


def test_a_birth_year_and_other_dates_are_fine():
    assert not kinds(book(["سنة التولد", "تاريخ الحكم"], [1990, datetime.date(2024, 1, 2)], ["١٩٨٥", "3/4/2024"]))


@pytest.mark.parametrize("value", ["123/2024", "١٢٣/ج/٢٠٢٤", "2024/ت/77"])
def test_a_raw_case_number_in_a_token_column_refuses_the_file(value: str):
    assert kinds(book(["ت", "رمز القضية"], [1, hostile.TOKEN], [2, value])) == [("raw_case_number", "B3")]


def test_a_raw_identifier_in_a_token_column_refuses_the_file():
    assert kinds(book(["ت", "رمز الشخص"], [1, hostile.TOKEN], [2, "N-0017"])) == [("raw_identifier", "B3")]


def test_a_broken_token_and_an_unknown_word_are_left_to_the_rows():
    rows: list[list[CellValue]] = [["رمز الشخص"], [hostile.TOKEN], ["k1:12"], ["غير معروف"], ["-"], ["المجموع"]]
    assert not kinds(book(*rows))


def test_an_article_of_law_is_no_case_number_elsewhere():
    assert not kinds(book(["المادة القانونية"], ["28/2012"], ["6/1"]))


def test_many_given_names_alone_in_a_column_are_persons():
    names = ("أحمد", "علي", "زينب", "فاطمة", "حيدر", "مصطفى", "كاظم")
    assert kinds(book(["ت", "س"], *[[n, name] for n, name in enumerate(names)])) == [("personal_name", "B2")]
    assert not kinds(book(["ت", "س"], *[[n, name] for n, name in enumerate(names[:3])]))


def test_given_names_before_unlisted_surnames_are_persons_when_many():
    names = [
        f"{given} {surname}" for given, surname in zip(("سارة", "ليث", "نور", "حسن", "مريم"), "قفغعشسط", strict=False)
    ]
    assert kinds(book(["ت", "س"], *[[n, name] for n, name in enumerate(names)])) == [("personal_name", "B2")]


def test_a_known_word_of_the_house_is_no_name():
    rows = (["ت", "س"], [1, "علي حسن"])
    assert not inspect(book(*rows), known_values=lambda text: text == "علي حسن")
    assert inspect(book(*rows))
    assert inspect(book(["ت", "س"], [1, "07701234567"]), known_values=lambda _: True)


def test_no_word_of_the_house_vouches_for_a_number():
    case = book(["ت", "رقم القضية"], [1, "123/2024"])
    birth = book(["ت", "تاريخ الولادة"], [1, "12/3/1990"])
    assert [finding.kind for finding in inspect(case, known_values=lambda _: True)] == ["forbidden_column"]
    assert [finding.kind for finding in inspect(birth, known_values=lambda _: True)] == ["birth_date"]


def test_a_public_contact_may_stand_in_its_file():
    rows = (["ت", "س"], [1, "Office@Example.org"])
    assert not inspect(book(*rows), public_contacts=["office@example.org"])
    assert inspect(book(*rows), public_contacts=["other@example.org"])


@pytest.mark.parametrize(
    ("address", "is_public"),
    [
        ("unodc_ddds@un.org", True), ("UNODC-data@un.org", True), ("unodc@un.org", True), ("unod@un.org", False),
        ("unodc.layla@un.org", False), ("layla@un.org", False), ("unodc_ddds@un.org.example", False),
        ("unodc_ddds@evil-un.org", False), ("notunodc@un.org", False),
    ],
)  # fmt: skip
def test_a_contact_that_ends_in_a_star_stands_for_offices_of_one_domain(address: str, is_public: bool):
    assert bool(inspect(book(["Contact"], [address]), public_contacts=["unodc*@un.org"])) is not is_public


def test_a_sheet_named_after_a_person_is_refused_by_its_number():
    found = inspect(book(["ت"], [1], name="أحمد علي حسين"))
    assert [(finding.kind, finding.sheet) for finding in found] == [("personal_name", "#1")]


@pytest.mark.parametrize(("author", "expected"), [("أحمد علي حسين", ["document_author"]), ("Windows User", [])])
def test_an_author_who_is_a_person_is_refused(author: str, expected: list[str]):
    read = read_workbook(hostile.with_author(author), "x.xlsx")
    assert [finding.kind for finding in inspect(read)] == expected


def test_leftovers_links_and_page_headers_are_read_too():
    leftover = "<si><t>أحمد علي حسين</t></si></sst>".encode()
    data = hostile.in_part(hostile.STRINGS, b"</sst>", leftover)
    assert [finding.kind for finding in inspect(read_workbook(data, "x.xlsx"))] == ["personal_name"]
    link = hostile.workbook(lambda _, sheet: sheet.write_url("A9", "mailto:someone@example.org", string="x"))
    assert "email" in {finding.kind for finding in inspect(read_workbook(link, "x.xlsx"))}
    header = hostile.workbook(lambda _, sheet: sheet.set_footer("&Lهاتف 07701234567"))
    assert [finding.kind for finding in inspect(read_workbook(header, "x.xlsx"))] == ["phone_number"]


@pytest.mark.parametrize(
    ("text", "kind"), [("يراجع أحمد علي حسين", "personal_name"), ("اتصل 07701234567", "phone_number")]
)
def test_a_personal_comment_is_refused_at_its_cell(text: str, kind: str):
    found = inspect(read_workbook(hostile.comment(text), "x.xlsx"))
    assert (kind, "الضحايا", "D4") in [(one.kind, one.sheet, one.cell) for one in found]
    assert kind in {one.kind for one in inspect(read_workbook(hostile.threaded_comment(text, ""), "x.xlsx"))}


def test_the_author_of_a_comment_who_is_a_person_is_refused():
    for data in (hostile.comment("x", "أحمد علي حسين"), hostile.threaded_comment("x", "أحمد علي حسين")):
        assert [finding.kind for finding in inspect(read_workbook(data, "x.xlsx"))] == ["document_author"]


def test_an_ordinary_workbook_passes():
    assert not inspect(read_workbook(hostile.workbook(), "الضحايا.xlsx"))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 99), st.binary(min_size=16, max_size=16))
def test_a_token_is_never_personal(key: int, digest: bytes):
    token = f"k{key}:{hashlib.sha256(digest).hexdigest()[:32]}"
    assert is_token(token)
    assert not inspect(book(["رمز الشخص", "الاسم", "رقم القضية", "س"], [token] * 4))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.lists(
            st.one_of(st.none(), st.integers(), st.floats(), st.booleans(), st.dates(), st.text()),
            min_size=3,
            max_size=3,
        ),
        min_size=1,
        max_size=6,
    )
)
def test_no_cells_whatever_make_the_inspection_raise(rows: list[list[CellValue]]):
    assert all(finding.severity == "refuse" for finding in inspect(Workbook([Sheet("x", rows)])))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 6), st.integers(0, 10**7 - 1), st.sampled_from(["0", "+964", "00964", "964", ""]), st.booleans())
def test_every_iraqi_mobile_number_is_found(operator: int, number: int, prefix: str, is_arabic: bool):
    text = f"{prefix}7{operator + 3}0{number:07d}"
    if is_arabic:
        text = text.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert kinds(book(["س"], [text])) == [("phone_number", "A2")]


@pytest.mark.parametrize(
    "long", ["1.111" + " " * 100_000, "a" * 100_000 + " @", "7 " * 50_000, "12" * 50_000 + "/", "(" * 100_000]
)
def test_a_very_long_cell_does_not_hang_the_door(long: str):
    assert isinstance(kinds(book(["رمز القضية", "المواليد"], [long, long])), list)


@pytest.mark.real_input
def test_the_published_table_of_unodc_is_not_personal(real_input: Path):
    read = read_workbook((real_input / "unodc" / "data_glotip_2023-05-30.xlsx").read_bytes(), "glotip.xlsx")
    assert not inspect(read, public_contacts=["unodc_ddds@un.org"])
    assert {finding.kind for finding in inspect(read)} == {"email"}


@pytest.mark.real_input
@pytest.mark.parametrize("name", ["HTCDS_Excel_Spreadsheet_v2.0", "HTCDS_Excel_single_select_with_validation_v2.0"])
def test_the_blank_workbooks_of_the_case_data_standard_pass(real_input: Path, name: str):
    read = read_workbook((real_input / "htcds" / f"{name}.xlsx").read_bytes(), f"{name}.xlsx")
    assert not read.findings
    assert not inspect(read)


@pytest.mark.real_input
def test_no_place_of_iraq_is_a_name(real_input: Path):
    places = (real_input / "geo" / "irq_cod_gazetteer_hxl_adm3.csv").read_bytes()
    assert not inspect(read_workbook(places, "places.csv"))


@pytest.mark.parametrize("typed", ["12/3/1990", "12 آذار 1990", "19900312", "32944", "March 12, 1990"])
def test_an_exact_birth_date_in_an_age_column_refuses_the_file(typed: str):
    assert kinds(book(["ت", "العمر"], [1, 17], [2, typed])) == [("birth_date", "B3")]


@pytest.mark.parametrize("typed", [17, "١٧ سنة", "دون 18", 1990, "1990", "18-30", "بالغ"])
def test_an_age_or_a_birth_year_is_no_birth_date(typed: object):
    assert kinds(book(["ت", "العمر"], [1, 17], [2, typed])) == []


@pytest.mark.parametrize(
    "typed", ["0770 - 123 - 4567", "0770–1234567", "٠٧٧٠/١٢٣٤٥٦٧", "هاتف.07701234567", "(0770)123-4567"]
)
def test_a_telephone_number_is_found_however_it_is_parted(typed: str):
    assert kinds(book(["ت", "الملاحظات"], [1, typed])) == [("phone_number", "B2")]


@pytest.mark.parametrize("typed", ["هويته 199012345678.", "199 012 345 678", "1990/1234/5678"])
def test_an_identity_number_is_found_however_it_is_parted(typed: str):
    assert kinds(book(["ت", "الملاحظات"], [1, typed])) == [("identity_number", "B2")]


def test_a_year_among_the_headings_does_not_open_a_column_of_names():
    grid = [["ت", "الجنس", "الاسم", 2024], [1, "ذكر", "كلمةا كلمةب", 3]]
    assert ("forbidden_column", "C1") in kinds(book(*grid))


def test_a_name_typed_in_parts_is_one_name():
    assert kinds(book(["ت", "الملاحظات"], [1, "أحمد/علي/حسين"])) == [("personal_name", "B2")]
