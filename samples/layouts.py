"""The layout of each agency's files: sheets, titles, headers, letterheads, and the habits of their clerks.

Belongs here: tables of words and columns. Does not belong here: writing a workbook (`workbooks.py`), spelling a cell
(`spelling.py`).
"""

from __future__ import annotations

from typing import NamedTuple

from samples.bodies.sight import INTERIOR, IOM, JUDICIAL, KURDISTAN, LABOUR, RESIDENCE, TASK_FORCE
from samples.life.spelling import Dates, Digits, Language


class SheetColumn(NamedTuple):
    """A column of a sheet: its header (`group / sub` for two rows), the field it shows, and how it is typed.

    `kind` is a code list of `ingestion`, or one of the other kinds of `_cell`.
    """

    header: str
    field: str
    kind: str


class SheetTable(NamedTuple):
    """A sheet of an agency's file; `title` goes above it."""

    sheet: str
    title: str
    columns: tuple[SheetColumn, ...]
    language: Language = "ar"


class TableWords(NamedTuple):
    """The words around a table in one language; `title` takes the table's own title and the year."""

    running_number: str
    total: str
    title: str


def _services(*names: tuple[str, str]) -> tuple[SheetColumn, ...]:
    return tuple(SheetColumn(f"الخدمات / {header}", field, "yes_no") for header, field in names)


FURNITURE: dict[Language, TableWords] = {
    "ar": TableWords("ت", "المجموع", "{title} لسنة {year}"),
    "ckb": TableWords("ژمارە", "کۆی گشتی", "{title} بۆ ساڵی {year}"),
    "en": TableWords("No", "Total", "{title}, {year}"),
}
TABLES: dict[str, SheetTable] = {
    "cases": SheetTable("القضايا", "جدول يبين قضايا الاتجار بالبشر", (
        SheetColumn("رمز القضية", "case_token", "text"),
        SheetColumn("تاريخ الإخبار", "reported_date", "date"),
        SheetColumn("المديرية/المكتب", "governorate_code", "office"),
        SheetColumn("المحافظة", "governorate_code", "governorate"),
        SheetColumn("نوع الجريمة", "exploitation_codes", "exploitation"),
        SheetColumn("أسلوب الاستدراج", "recruitment_code", "recruitment"),
        SheetColumn("المادة القانونية", "law_code", "citation"),
        SheetColumn("عدد المتهمين", "accused_count", "count"),
        SheetColumn("عدد الضحايا", "victim_count", "count"),
        SheetColumn("الموقف القانوني", "status_code", "case_status"),
        SheetColumn("الجهة المحال اليها", "referred_to_code", "referral_body"),
        SheetColumn("طريقة الإخبار", "channel_code", "report_channel"),
    )),
    "victims": SheetTable("الضحايا", "جدول يبين ضحايا الاتجار بالبشر", (
        SheetColumn("رمز القضية", "case_token", "text"),
        SheetColumn("تاريخ الإخبار", "contact_date", "date"),
        SheetColumn("المحافظة", "governorate_code", "governorate"),
        SheetColumn("الضحية / رمز الشخص", "person_token", "text"),
        SheetColumn("الضحية / الجنس", "sex_code", "sex"),
        SheetColumn("الضحية / العمر", "age_years", "age"),
        SheetColumn("الضحية / الجنسية", "citizenship_code", "citizenship"),
        SheetColumn("نوع الاستغلال", "exploitation_codes", "exploitation"),
        SheetColumn("الفعل", "act_codes", "act"),
        SheetColumn("الوسيلة", "means_codes", "means"),
        SheetColumn("الجهة المكتشفة", "detected_by_code", "detecting_body"),
        SheetColumn("التهمة الموجهة للضحية", "charge_law_codes", "law"),
        SheetColumn("الجهة المحال اليها", "referred_to_code", "referral_body"),
    )),
    "accused": SheetTable("المتهمون", "جدول يبين المتهمين بجرائم الاتجار بالبشر", (
        SheetColumn("رمز القضية", "case_token", "text"),
        SheetColumn("رمز الشخص", "person_token", "text"),
        SheetColumn("تاريخ القبض", "contact_date", "date"),
        SheetColumn("المحافظة", "governorate_code", "governorate"),
        SheetColumn("الجنس", "sex_code", "sex"),
        SheetColumn("العمر", "age_years", "age"),
        SheetColumn("الجنسية", "citizenship_code", "citizenship"),
        SheetColumn("المادة القانونية", "law_code", "citation"),
        SheetColumn("الموقف", "status_code", "accused_status"),
    )),
    "judgments": SheetTable("الأحكام", "جدول يبين الأحكام الصادرة في جرائم الاتجار بالبشر", (
        SheetColumn("رمز القضية", "case_token", "text"),
        SheetColumn("رئاسة محكمة الاستئناف", "governorate_code", "court"),
        SheetColumn("المتهم / رمز الشخص", "person_token", "text"),
        SheetColumn("المتهم / الجنس", "sex_code", "sex"),
        SheetColumn("المتهم / سنة التولد", "birth_year", "age"),
        SheetColumn("المتهم / الجنسية", "citizenship_code", "citizenship"),
        SheetColumn("تاريخ الحكم", "verdict_date", "date"),
        SheetColumn("نتيجة الحكم", "verdict_code", "verdict"),
        SheetColumn("مادة الإدانة", "law_code", "citation"),
        SheetColumn("مدة العقوبة", "sentence_years", "number"),
        SheetColumn("الغرامة", "fine_iqd", "count"),
        SheetColumn("صفة الحكم", "is_in_absentia", "presence"),
        SheetColumn("نتيجة التمييز", "cassation_code", "cassation"),
        SheetColumn("وقف تنفيذ العقوبة", "is_suspended", "yes_no"),
    )),
    "identifications": SheetTable("قرارات تحديد الضحايا", "جدول يبين قرارات قضاة التحقيق بتحديد الضحايا", (
        SheetColumn("رمز القضية", "case_token", "text"),
        SheetColumn("رمز المجنى عليه", "person_token", "text"),
        SheetColumn("تاريخ أول اتصال", "contact_date", "date"),
        SheetColumn("رئاسة محكمة الاستئناف", "governorate_code", "court"),
        SheetColumn("الجنس", "sex_code", "sex"),
        SheetColumn("سنة التولد", "birth_year", "age"),
        SheetColumn("الجنسية", "citizenship_code", "citizenship"),
        SheetColumn("نوع الاستغلال", "exploitation_codes", "exploitation"),
        SheetColumn("الفعل", "act_codes", "act"),
        SheetColumn("الوسيلة", "means_codes", "means"),
        SheetColumn("تاريخ قرار القاضي", "identified_date", "date"),
        SheetColumn("مادة الاتهام بحق الضحية", "charge_law_codes", "law"),
    )),
    "workload": SheetTable("موقف الدعاوى", "الموقف السنوي لدعاوى الاتجار بالبشر", (
        SheetColumn("رئاسة محكمة الاستئناف", "reporting_area", "text"),
        SheetColumn("المحكمة", "reporting_unit", "text"),
        SheetColumn("المدور", "carried_over", "count"),
        SheetColumn("الوارد", "received", "count"),
        SheetColumn("المجموع", "total", "count"),
        SheetColumn("المحسوم", "decided", "count"),
        SheetColumn("إدانة", "convicted", "count"),
        SheetColumn("براءة", "acquitted", "count"),
        SheetColumn("إفراج", "discharged", "count"),
        SheetColumn("غلق", "closed", "count"),
        SheetColumn("المتبقي", "pending", "count"),
    )),
    "shelter_register": SheetTable("سجل الإيواء", "سجل طلبات الإيواء والمقيمين", (
        SheetColumn("رمز النزيل", "person_token", "text"),
        SheetColumn("رمز الدار", "facility_code", "text"),
        SheetColumn("المحافظة", "governorate_code", "governorate"),
        SheetColumn("الجنس", "sex_code", "sex"),
        SheetColumn("سنة التولد", "birth_year", "age"),
        SheetColumn("الجنسية", "citizenship_code", "citizenship"),
        SheetColumn("الجهة المحيلة", "referred_by_code", "referral_body"),
        SheetColumn("تاريخ الطلب", "request_date", "date"),
        SheetColumn("نتيجة الطلب", "outcome_code", "shelter_outcome"),
        SheetColumn("سبب الرفض", "refusal_reason_code", "refusal_reason"),
        SheetColumn("تاريخ قرار القاضي", "judge_decision_date", "date"),
        SheetColumn("تاريخ الدخول", "entry_date", "date"),
        SheetColumn("تاريخ الخروج", "exit_date", "date"),
        SheetColumn("سبب الخروج", "exit_reason_code", "exit_reason"),
        *_services(
            ("فحص طبي", "has_medical_exam"),
            ("دعم نفسي", "has_psychosocial_support"),
            ("استشارة قانونية", "has_legal_advice"),
            ("ترجمة", "has_interpretation"),
            ("تعليم وتدريب", "has_education"),
            ("منحة أو قرض", "has_grant"),
            ("العودة", "has_return"),
        ),
    )),
    "facilities": SheetTable("دور الإيواء", "جدول يبين دور الإيواء", (
        SheetColumn("رمز الدار", "facility_code", "text"),
        SheetColumn("نوع الدار", "facility_type_code", "facility_type"),
        SheetColumn("المحافظة", "governorate_code", "governorate"),
        SheetColumn("السنة", "reference_year", "year"),
        SheetColumn("الطاقة الاستيعابية", "capacity_count", "count"),
        SheetColumn("عدد ليالي الإيواء", "resident_night_count", "count"),
        SheetColumn("عدد النزلاء", "resident_count", "count"),
    )),
    "activities": SheetTable("الأنشطة", "سجل أنشطة مكافحة الاتجار بالبشر", (
        SheetColumn("رمز النشاط", "activity_code", "text"),
        SheetColumn("نوع النشاط", "activity_type_code", "activity_type"),
        SheetColumn("تاريخ النشاط", "activity_date", "date"),
        SheetColumn("المحافظة", "governorate_code", "governorate"),
        SheetColumn("الجهة المنظمة", "organising_body_code", "organising_body"),
        SheetColumn("الفئة المستهدفة", "audience_codes", "audience"),
        SheetColumn("عدد الأيام", "day_count", "count"),
        SheetColumn("المشاركون / رجال", "men_count", "count"),
        SheetColumn("المشاركون / نساء", "women_count", "count"),
        SheetColumn("التفتيش / المنشآت", "inspected_count", "count"),
        SheetColumn("التفتيش / المخالفات", "violation_count", "count"),
        SheetColumn("عدد الاتصالات", "contact_count", "count"),
        SheetColumn("الحالات المحالة", "referral_count", "count"),
        SheetColumn("ضمن الخطة", "is_planned", "yes_no"),
        SheetColumn("تم التنفيذ", "is_held", "yes_no"),
        SheetColumn("العدد المستهدف", "target_count", "count"),
    )),
    "residence_measures": SheetTable("إجراءات الإقامة", "جدول يبين الإجراءات المتخذة بحق الأجانب", (
        SheetColumn("رمز الشخص", "person_token", "text"),
        SheetColumn("الجنسية", "citizenship_code", "citizenship"),
        SheetColumn("الجنس", "sex_code", "sex"),
        SheetColumn("سبب التوقيف", "reason_code", "residence_reason"),
        SheetColumn("المادة", "law_code", "citation"),
        SheetColumn("تاريخ التوقيف", "measure_date", "date"),
        SheetColumn("الاجراء (غرامة/إبعاد/إخراج)", "action_code", "residence_action"),
        SheetColumn("تم الفحص كضحية محتملة (نعم/لا)", "is_screened", "yes_no"),
    )),
    "region_victims": SheetTable("Victims", "List of victims of trafficking in persons", (
        SheetColumn("Governorate", "governorate_code", "governorate"),
        SheetColumn("Case type", "exploitation_codes", "exploitation"),
        SheetColumn("Date", "contact_date", "date"),
        SheetColumn("Victim sex", "sex_code", "sex"),
        SheetColumn("Victim age group", "age_group_code", "age"),
        SheetColumn("Nationality", "citizenship_code", "citizenship"),
        SheetColumn("Referred to", "referred_to_code", "referral_body"),
        SheetColumn("Court status", "status_code", "case_status"),
    ), "en"),
    "region_victims_in_sorani": SheetTable("قوربانییەکان", "خشتەی قوربانییەکانی بازرگانیکردن بە مرۆڤ", (
        SheetColumn("پارێزگا", "governorate_code", "governorate"),
        SheetColumn("جۆری تاوان", "exploitation_codes", "exploitation"),
        SheetColumn("بەروار", "contact_date", "date"),
        SheetColumn("ڕەگەزی قوربانی", "sex_code", "sex"),
        SheetColumn("تەمەنی قوربانی", "age_group_code", "age"),
        SheetColumn("ڕەگەزنامە", "citizenship_code", "citizenship"),
        SheetColumn("ڕەوانەکرا بۆ", "referred_to_code", "referral_body"),
        SheetColumn("دۆخی دادگا", "status_code", "case_status"),
    ), "ckb"),
}  # fmt: skip
_SORANI_HEADERS = {2023, 2025}  # the years in which the region's clerk had her own headers
# The case sheet of HTCDS 2.0: field name (in a hidden row) -> heading; fields not among the columns below stay empty.
HTCDS_SHEET = "Case Sheet"
HTCDS_HEADINGS = {
    "cas_CaseOwner": "Case Owner", "prs_Salutation": "Salutation", "prs_FirstName": "First Name",
    "prs_SecondName": "Second Name", "con_Consent": "Consent", "prs_Birthdate": "Birthdate", "prs_Gender": "Gender",
    "prs_Citizenship": "Citizenship", "prs_Title": "Title", "prs_Email": "Email", "prs_HomePhone": "Home Phone",
    "prs_MobilePhone": "Mobile Phone", "vic_AgeWhenTrafficked": "Age When Trafficked",
    "vic_MethodsOfControl": "Methods of Control", "vic_TypeOfExploitation": "Type of Exploitation",
    "vic_LocationOfExploitation": "Location of Exploitation", "cas_IncomingReferralDate": "Incoming Referral Date",
    "": "Person Token",
}  # fmt: skip
HTCDS_COLUMNS = {
    "Gender": SheetColumn("Gender", "sex_code", "sex"),
    "Citizenship": SheetColumn("Citizenship", "citizenship_code", "citizenship"),
    "Age When Trafficked": SheetColumn("Age When Trafficked", "age_years", "age"),
    "Methods of Control": SheetColumn("Methods of Control", "means_codes", "means"),
    "Type of Exploitation": SheetColumn("Type of Exploitation", "exploitation_codes", "exploitation"),
    "Location of Exploitation": SheetColumn("Location of Exploitation", "governorate_code", "governorate"),
    "Incoming Referral Date": SheetColumn("Incoming Referral Date", "registered_date", "date"),
    "Person Token": SheetColumn("Person Token", "person_token", "text"),
}
GLOTIP_SHEET = "data_glotip_1"
GLOTIP_HEADERS = (
    "Iso3_code", "Country", "Region", "Subregion", "Indicator", "Dimension", "Category", "Sex", "Age", "Year",
    "Unit of measurement", "txtVALUE", "Source",
)  # fmt: skip
GLOTIP_COLUMNS = {
    "Year": SheetColumn("Year", "reference_year", "year"),
    "txtVALUE": SheetColumn("txtVALUE", "figure", "count"),
}
GLOTIP_LANDS = {
    "IRQ": ("Iraq", "Asia", "Western Asia"),
    "XKA": ("Invented Land", "Nowhere", "Northern Nowhere"),
    "XKB": ("Invented Coast", "Nowhere", "Southern Nowhere"),
}


class Letterhead(NamedTuple):
    """The text above and below an agency's tables."""

    titles: tuple[str, ...]
    footer: str
    language: Language = "ar"  # of the values


LETTERHEADS = {
    INTERIOR: Letterhead(("جمهورية العراق", "وزارة الداخلية - مديرية مكافحة الاتجار بالبشر"), "مدير قسم الإحصاء"),
    JUDICIAL: Letterhead(("مجلس القضاء الأعلى",), "شعبة الإحصاء القضائي"),
    LABOUR: Letterhead(("وزارة العمل والشؤون الاجتماعية",), "مسؤول شعبة دور الإيواء"),
    TASK_FORCE: Letterhead(("فريق عمل مكافحة الاتجار بالبشر",), "سكرتارية فريق العمل"),
    KURDISTAN: Letterhead(("حکوومەتی هەرێمی کوردستان", "وەزارەتی ناوخۆ"), "بەڕێوەبەری بەشی ئامار", "ckb"),
    RESIDENCE: Letterhead(("جمهورية العراق", "وزارة الداخلية - مديرية شؤون الإقامة"), "مدير شعبة الإحصاء"),
    IOM: Letterhead((), "", "en"),
}
DIGITS: dict[tuple[str, int], Digits] = {
    (INTERIOR, 2017): "arabic", (INTERIOR, 2021): "arabic", (JUDICIAL, 2019): "arabic", (LABOUR, 2018): "arabic",
    (JUDICIAL, 2020): "extended", (TASK_FORCE, 2019): "arabic",
    (KURDISTAN, 2023): "extended", (RESIDENCE, 2020): "arabic",
}  # fmt: skip
SEPARATORS = {(JUDICIAL, 2018), (JUDICIAL, 2019)}
DATES: tuple[Dates, ...] = ("excel", "slash", "month")
WRONG_TOTAL = (INTERIOR, 2018, "victim_count")  # one clerk's sum is wrong by this many
WRONG_BY = 3


def table_of(name: str, year: int) -> SheetTable:
    """Return the layout of a table in the file of a year."""
    is_sorani = name == "region_victims" and year in _SORANI_HEADERS
    return TABLES[f"{name}_in_sorani" if is_sorani else name]
