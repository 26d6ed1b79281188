"""The layout of each body's files: sheets, titles, headers, letterheads, and the habits of their clerks.

Belongs here: tables of words and columns. Does not belong here: writing a workbook (`workbooks.py`), spelling a cell
(`spelling.py`).
"""

from __future__ import annotations

from typing import NamedTuple

from samples.bodies.sight import INTERIOR, IOM, JUDICIAL, KURDISTAN, LABOUR, RESIDENCE, TASK_FORCE
from samples.life.spelling import Dates, Digits, Language


class Column(NamedTuple):
    """A column of a sheet: its header (`group / sub` for two rows), the field it shows, and how it is typed.

    `kind` is a code list of `ingestion`, or one of the other kinds of `_cell`.
    """

    header: str
    field: str
    kind: str


class Table(NamedTuple):
    """A sheet of a body's file; `title` goes above it."""

    sheet: str
    title: str
    columns: tuple[Column, ...]
    language: Language = "ar"


class Furniture(NamedTuple):
    """The words around a table in one language; `title` takes the table's own title and the year."""

    running_number: str
    total: str
    title: str


def _services(*names: tuple[str, str]) -> tuple[Column, ...]:
    return tuple(Column(f"الخدمات / {header}", field, "yes_no") for header, field in names)


FURNITURE: dict[Language, Furniture] = {
    "ar": Furniture("ت", "المجموع", "{title} لسنة {year}"),
    "ckb": Furniture("ژمارە", "کۆی گشتی", "{title} بۆ ساڵی {year}"),
    "en": Furniture("No", "Total", "{title}, {year}"),
}
TABLES: dict[str, Table] = {
    "cases": Table("القضايا", "جدول يبين قضايا الاتجار بالبشر", (
        Column("رمز القضية", "case_token", "text"),
        Column("تاريخ الإخبار", "reported_date", "date"),
        Column("المديرية/المكتب", "governorate_code", "office"),
        Column("المحافظة", "governorate_code", "governorate"),
        Column("نوع الجريمة", "exploitation_codes", "exploitation"),
        Column("أسلوب الاستدراج", "recruitment_code", "recruitment"),
        Column("المادة القانونية", "law_code", "citation"),
        Column("عدد المتهمين", "accused_count", "count"),
        Column("عدد الضحايا", "victim_count", "count"),
        Column("الموقف القانوني", "status_code", "case_status"),
        Column("الجهة المحال اليها", "referred_to_code", "referral_body"),
        Column("طريقة الإخبار", "channel_code", "report_channel"),
    )),
    "victims": Table("الضحايا", "جدول يبين ضحايا الاتجار بالبشر", (
        Column("رمز القضية", "case_token", "text"),
        Column("تاريخ الإخبار", "contact_date", "date"),
        Column("المحافظة", "governorate_code", "governorate"),
        Column("الضحية / رمز الشخص", "person_token", "text"),
        Column("الضحية / الجنس", "sex_code", "sex"),
        Column("الضحية / العمر", "age_years", "age"),
        Column("الضحية / الجنسية", "citizenship_code", "citizenship"),
        Column("نوع الاستغلال", "exploitation_codes", "exploitation"),
        Column("الفعل", "act_codes", "act"),
        Column("الوسيلة", "means_codes", "means"),
        Column("الجهة المكتشفة", "detected_by_code", "detecting_body"),
        Column("التهمة الموجهة للضحية", "charge_law_codes", "law"),
        Column("الجهة المحال اليها", "referred_to_code", "referral_body"),
    )),
    "accused": Table("المتهمون", "جدول يبين المتهمين بجرائم الاتجار بالبشر", (
        Column("رمز القضية", "case_token", "text"),
        Column("رمز الشخص", "person_token", "text"),
        Column("تاريخ القبض", "contact_date", "date"),
        Column("المحافظة", "governorate_code", "governorate"),
        Column("الجنس", "sex_code", "sex"),
        Column("العمر", "age_years", "age"),
        Column("الجنسية", "citizenship_code", "citizenship"),
        Column("المادة القانونية", "law_code", "citation"),
        Column("الموقف", "status_code", "accused_status"),
    )),
    "judgments": Table("الأحكام", "جدول يبين الأحكام الصادرة في جرائم الاتجار بالبشر", (
        Column("رمز القضية", "case_token", "text"),
        Column("رئاسة محكمة الاستئناف", "governorate_code", "court"),
        Column("المتهم / رمز الشخص", "person_token", "text"),
        Column("المتهم / الجنس", "sex_code", "sex"),
        Column("المتهم / سنة التولد", "birth_year", "age"),
        Column("المتهم / الجنسية", "citizenship_code", "citizenship"),
        Column("تاريخ الحكم", "verdict_date", "date"),
        Column("نتيجة الحكم", "verdict_code", "verdict"),
        Column("مادة الإدانة", "law_code", "citation"),
        Column("مدة العقوبة", "sentence_years", "number"),
        Column("الغرامة", "fine_iqd", "count"),
        Column("صفة الحكم", "is_in_absentia", "presence"),
        Column("نتيجة التمييز", "cassation_code", "cassation"),
        Column("وقف تنفيذ العقوبة", "is_suspended", "yes_no"),
    )),
    "identifications": Table("قرارات تحديد الضحايا", "جدول يبين قرارات قضاة التحقيق بتحديد الضحايا", (
        Column("رمز القضية", "case_token", "text"),
        Column("رمز المجنى عليه", "person_token", "text"),
        Column("تاريخ أول اتصال", "contact_date", "date"),
        Column("رئاسة محكمة الاستئناف", "governorate_code", "court"),
        Column("الجنس", "sex_code", "sex"),
        Column("سنة التولد", "birth_year", "age"),
        Column("الجنسية", "citizenship_code", "citizenship"),
        Column("نوع الاستغلال", "exploitation_codes", "exploitation"),
        Column("الفعل", "act_codes", "act"),
        Column("الوسيلة", "means_codes", "means"),
        Column("تاريخ قرار القاضي", "identified_date", "date"),
        Column("مادة الاتهام بحق الضحية", "charge_law_codes", "law"),
    )),
    "workload": Table("موقف الدعاوى", "الموقف السنوي لدعاوى الاتجار بالبشر", (
        Column("رئاسة محكمة الاستئناف", "reporting_area", "text"),
        Column("المحكمة", "reporting_unit", "text"),
        Column("المدور", "carried_over", "count"),
        Column("الوارد", "received", "count"),
        Column("المجموع", "total", "count"),
        Column("المحسوم", "decided", "count"),
        Column("إدانة", "convicted", "count"),
        Column("براءة", "acquitted", "count"),
        Column("إفراج", "discharged", "count"),
        Column("غلق", "closed", "count"),
        Column("المتبقي", "pending", "count"),
    )),
    "shelter_register": Table("سجل الإيواء", "سجل طلبات الإيواء والمقيمين", (
        Column("رمز النزيل", "person_token", "text"),
        Column("رمز الدار", "facility_code", "text"),
        Column("المحافظة", "governorate_code", "governorate"),
        Column("الجنس", "sex_code", "sex"),
        Column("سنة التولد", "birth_year", "age"),
        Column("الجنسية", "citizenship_code", "citizenship"),
        Column("الجهة المحيلة", "referred_by_code", "referral_body"),
        Column("تاريخ الطلب", "request_date", "date"),
        Column("نتيجة الطلب", "outcome_code", "shelter_outcome"),
        Column("سبب الرفض", "refusal_reason_code", "refusal_reason"),
        Column("تاريخ قرار القاضي", "judge_decision_date", "date"),
        Column("تاريخ الدخول", "entry_date", "date"),
        Column("تاريخ الخروج", "exit_date", "date"),
        Column("سبب الخروج", "exit_reason_code", "exit_reason"),
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
    "facilities": Table("دور الإيواء", "جدول يبين دور الإيواء", (
        Column("رمز الدار", "facility_code", "text"),
        Column("نوع الدار", "facility_type_code", "facility_type"),
        Column("المحافظة", "governorate_code", "governorate"),
        Column("السنة", "reference_year", "year"),
        Column("الطاقة الاستيعابية", "capacity_count", "count"),
        Column("عدد ليالي الإيواء", "resident_night_count", "count"),
        Column("عدد النزلاء", "resident_count", "count"),
    )),
    "activities": Table("الأنشطة", "سجل أنشطة مكافحة الاتجار بالبشر", (
        Column("رمز النشاط", "activity_code", "text"),
        Column("نوع النشاط", "activity_type_code", "activity_type"),
        Column("تاريخ النشاط", "activity_date", "date"),
        Column("المحافظة", "governorate_code", "governorate"),
        Column("الجهة المنظمة", "organising_body_code", "organising_body"),
        Column("الفئة المستهدفة", "audience_codes", "audience"),
        Column("عدد الأيام", "day_count", "count"),
        Column("المشاركون / رجال", "men_count", "count"),
        Column("المشاركون / نساء", "women_count", "count"),
        Column("التفتيش / المنشآت", "inspected_count", "count"),
        Column("التفتيش / المخالفات", "violation_count", "count"),
        Column("عدد الاتصالات", "contact_count", "count"),
        Column("الحالات المحالة", "referral_count", "count"),
        Column("ضمن الخطة", "is_planned", "yes_no"),
        Column("تم التنفيذ", "is_held", "yes_no"),
        Column("العدد المستهدف", "target_count", "count"),
    )),
    "residence_measures": Table("إجراءات الإقامة", "جدول يبين الإجراءات المتخذة بحق الأجانب", (
        Column("رمز الشخص", "person_token", "text"),
        Column("الجنسية", "citizenship_code", "citizenship"),
        Column("الجنس", "sex_code", "sex"),
        Column("سبب التوقيف", "reason_code", "residence_reason"),
        Column("المادة", "law_code", "citation"),
        Column("تاريخ التوقيف", "measure_date", "date"),
        Column("الاجراء (غرامة/إبعاد/إخراج)", "action_code", "residence_action"),
        Column("تم الفحص كضحية محتملة (نعم/لا)", "is_screened", "yes_no"),
    )),
    "region_victims": Table("Victims", "List of victims of trafficking in persons", (
        Column("Governorate", "governorate_code", "governorate"),
        Column("Case type", "exploitation_codes", "exploitation"),
        Column("Date", "contact_date", "date"),
        Column("Victim sex", "sex_code", "sex"),
        Column("Victim age group", "age_group_code", "age"),
        Column("Nationality", "citizenship_code", "citizenship"),
        Column("Referred to", "referred_to_code", "referral_body"),
        Column("Court status", "status_code", "case_status"),
    ), "en"),
    "region_victims_in_sorani": Table("قوربانییەکان", "خشتەی قوربانییەکانی بازرگانیکردن بە مرۆڤ", (
        Column("پارێزگا", "governorate_code", "governorate"),
        Column("جۆری تاوان", "exploitation_codes", "exploitation"),
        Column("بەروار", "contact_date", "date"),
        Column("ڕەگەزی قوربانی", "sex_code", "sex"),
        Column("تەمەنی قوربانی", "age_group_code", "age"),
        Column("ڕەگەزنامە", "citizenship_code", "citizenship"),
        Column("ڕەوانەکرا بۆ", "referred_to_code", "referral_body"),
        Column("دۆخی دادگا", "status_code", "case_status"),
    ), "ckb"),
}  # fmt: skip
_SORANI_HEADERS = {2023, 2025}  # the years in which the clerk of the region had her own headers
# The case sheet of HTCDS 2.0: field name (in a hidden row) -> heading; what is not among the columns below stays empty.
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
    "Gender": Column("Gender", "sex_code", "sex"),
    "Citizenship": Column("Citizenship", "citizenship_code", "citizenship"),
    "Age When Trafficked": Column("Age When Trafficked", "age_years", "age"),
    "Methods of Control": Column("Methods of Control", "means_codes", "means"),
    "Type of Exploitation": Column("Type of Exploitation", "exploitation_codes", "exploitation"),
    "Location of Exploitation": Column("Location of Exploitation", "governorate_code", "governorate"),
    "Incoming Referral Date": Column("Incoming Referral Date", "registered_date", "date"),
    "Person Token": Column("Person Token", "person_token", "text"),
}
GLOTIP_SHEET = "data_glotip_1"
GLOTIP_HEADERS = (
    "Iso3_code", "Country", "Region", "Subregion", "Indicator", "Dimension", "Category", "Sex", "Age", "Year",
    "Unit of measurement", "txtVALUE", "Source",
)  # fmt: skip
GLOTIP_COLUMNS = {
    "Year": Column("Year", "reference_year", "year"),
    "txtVALUE": Column("txtVALUE", "figure", "count"),
}
GLOTIP_LANDS = {
    "IRQ": ("Iraq", "Asia", "Western Asia"),
    "XKA": ("Invented Land", "Nowhere", "Northern Nowhere"),
    "XKB": ("Invented Coast", "Nowhere", "Southern Nowhere"),
}


class Letterhead(NamedTuple):
    """What stands above and below a body's tables."""

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


def table_of(name: str, year: int) -> Table:
    """Return the layout of a table in the file of a year."""
    is_sorani = name == "region_victims" and year in _SORANI_HEADERS
    return TABLES[f"{name}_in_sorani" if is_sorani else name]
