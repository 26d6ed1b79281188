"""A small invented country: two years, three bodies that owe exports and one publisher.

Belongs here: its rows. Does not belong here: what the warehouse makes of them.
"""

from __future__ import annotations

from tests.dbt_project.invented_raw import INTERIOR, JUDICIAL, LABOUR, UNODC, RawFiles, Row, day


def land_small_country(raw: RawFiles) -> None:
    """Land what its bodies sent."""
    for source, due in ((INTERIOR, "02-28"), (JUDICIAL, "03-31"), (LABOUR, "02-15")):
        raw.expect(source, 2023, 2024, due=due)
    raw.land(INTERIOR, 1, "2025-02-28", current=False, victims=[_victim("p9", "c9", contact_date=day("2024-01-01"))])
    raw.land(INTERIOR, 2, "2025-05-01", victims=_seen_by_police(), accused=_arrested(), cases=_case_files())
    raw.land(JUDICIAL, 3, "2025-04-01", victims=_decided_by_judge(), accused=_judged(), counts=_workload())
    raw.land(LABOUR, 4, "2024-02-15", services=_asked_for_shelter(), facilities=_shelters())
    raw.land(UNODC, 5, "2025-01-10", counts=_published())
    raw.land("basra_shelter", 6, "2025-01-10", victims=[_victim("p1", "c1", sex_code="M"), _victim("p6", None)])


def _victim(person: str | None, case: str | None, **fields: object) -> Row:
    return {"period": "2024", "person_token": person, "case_token": case, "contact_date": day("2024-03-01")} | fields


def _seen_by_police() -> list[Row]:
    elements: Row = {"exploitation_codes": "SEXUAL", "act_codes": "ACT_HARBOUR", "means_codes": "MEANS_APOV"}
    elements |= {"presumed_by_code": "POLICE", "age_years": 17, "governorate_code": "IQG08"}
    return [
        _victim("p1", "c1", sex_code="F", charge_law_codes="L08_1988", **elements),
        _victim("p1", "c2", sex_code="F", age_years=17, governorate_code="IQG08", exploitation_codes="BEGGING"),
        _victim("p2", "c1", sex_code="F", age_years=18, governorate_code="IQG08", exploitation_codes="SEXUAL"),
        _victim(None, "c1", sex_code="F", age_years=18, governorate_code="IQG08", exploitation_codes="SEXUAL"),
        _victim("p4", "c4", sex_code="M", governorate_code="IQG11"),
    ]


def _decided_by_judge() -> list[Row]:
    decided: Row = {"identified_date": day("2024-06-01"), "identified_by_code": "INVESTIGATIVE_JUDGE"}
    return [
        _victim("p1", "c1", birth_year=2001, contact_date=day("2024-03-05"), presumed_by_code="COURT", **decided),
        _victim("p5", "c5", contact_date=day("2023-12-31"), sex_code="M", **decided),
    ]


def _arrested() -> list[Row]:
    arrest: Row = {"period": "2024", "contact_date": day("2024-02-01"), "sex_code": "M", "age_years": 40}
    return [arrest | {"person_token": f"a{number}", "case_token": "c1"} for number in (1, 2)]


def _judged() -> list[Row]:
    verdict: Row = {
        "period": "2024",
        "verdict_date": day("2024-11-01"),
        "verdict_code": "CONVICTED",
        "case_token": "c1",
    }
    law_28: Row = {"law_codes": "L28_2012", "sex_code": "M", "birth_year": 1984}
    return [
        verdict | law_28 | {"person_token": "a1", "article_codes": "A5_1;A6_1;A6_2"},
        verdict | law_28 | {"person_token": "a3", "article_codes": None},
        verdict | {"person_token": "a4", "law_codes": "PC_OTHER"},
        verdict | law_28 | {"person_token": "a5", "article_codes": "A8", "verdict_code": "ACQUITTED"},
    ]


def _case_files() -> list[Row]:
    return [{"period": "2024", "case_token": "c1", "reported_date": day("2024-02-01"), "victim_count": 3}]


def _asked_for_shelter() -> list[Row]:
    request: Row = {"period": "2023", "sex_code": "F", "birth_year": 2006, "governorate_code": "IQG02"}
    return [
        request | {"person_token": "p1", "request_date": day("2023-02-01"), "outcome_code": "REFUSED"},
        request | {"person_token": "p1", "request_date": day("2023-03-01"), "outcome_code": "ADMITTED"},
        request | {"person_token": "p2", "request_date": day("2023-03-01"), "outcome_code": "REFUSED"},
    ]


def _shelters() -> list[Row]:
    shelter: Row = {"period": "2023", "facility_code": "house 1", "facility_type_code": "SHELTER_WOMEN"}
    return [shelter | {"governorate_code": "IQG08", "reference_year": 2023, "capacity_count": 20}]


def _workload() -> list[Row]:
    """Two figures of one row of the council's yearly table."""
    labels = {"dimension": "by stage", "sex_label": "Total", "age_label": "Total", "unit_label": "Cases"}
    court = {"reporting_area": "الكرخ", "governorate_code": "IQG08", "measure": "Cases", "row_number": 4} | labels
    year = {"period": "2024", "reference_year": 2024, "figure_mark": "value"}
    return [
        court | year | {"category": "Carried over", "figure": 3, "cell_column": "D"},
        court | year | {"category": "Received", "figure": 9, "cell_column": "E"},
    ]


def _published() -> list[Row]:
    total = dict.fromkeys(("dimension", "category", "sex_label", "age_label"), "Total")
    cell = total | {"reporting_area": "IRQ", "measure": "Detected trafficking victims"}
    masked = {"figure_mark": "masked", "figure_low": 1, "figure_high": 4}
    return [
        cell | {"period": "2023", "reference_year": 2023, "figure": 57, "figure_mark": "value"},
        cell | {"period": "2023", "reference_year": 2023, "sex_label": "Female", "figure": 30, "figure_mark": "value"},
        cell | {"period": "2024", "reference_year": 2024} | masked,
    ]
