"""Prevention: the register of activities, and what exposed children to trafficking (PRV-01 to PRV-11).

Belongs here: which facts each indicator of docs/reference/indicators.md counts, in which year and by what.
Does not belong here: what a fact is.
"""

from __future__ import annotations

from tests.second_warehouse.ages import CHILD
from tests.second_warehouse.base_cells import Cells, Country
from tests.second_warehouse.landed_rows import Fact
from tests.second_warehouse.protection_cells import told


def _held(country: Country, *types: str) -> list[Fact]:
    return [fact for fact in country.activities if fact["activity_type_code"] in types and fact["is_held"]]


def _added(country: Country, code: str, measure: str, facts: list[Fact], field: str, breakdown: str = "") -> Cells:
    """Add up a number over the facts that tell it; a year of which none does is missing."""
    known = told(facts, field)
    return country.tally(
        code, measure, known, "year", breakdown=breakdown, answered=known, weight=lambda fact: fact[field]
    )


def prv_01(country: Country) -> Cells:
    """Hotline contacts, and the possible cases of the months whose contacts were counted."""
    months = told(_held(country, "HOTLINE"), "contact_count")
    cells = _added(country, "PRV-01", "DENOMINATOR", months, "contact_count")
    passed_on = [fact | {"referral_count": fact["referral_count"] or 0} for fact in months]
    return cells | _added(country, "PRV-01", "NUMERATOR", passed_on, "referral_count")


def prv_02(country: Country) -> Cells:
    """People at awareness campaigns, by audience."""
    return _added(country, "PRV-02", "COUNT", _held(country, "CAMPAIGN"), "participants", "audience")


def prv_03(country: Country) -> Cells:
    """People at training, and those who were to come, held or not."""
    cells = _added(country, "PRV-03", "NUMERATOR", _held(country, "TRAINING"), "participants", "audience")
    planned = [fact for fact in country.activities if fact["activity_type_code"] == "TRAINING"]
    return cells | _added(country, "PRV-03", "DENOMINATOR", planned, "target_count", "audience")


def prv_04(country: Country) -> Cells:
    """Courses by the points gained between two tests."""
    facts = told(_held(country, "TRAINING"), "gain")
    return country.tally("PRV-04", "COUNT", facts, "year", breakdown="gain", answered=facts)


def prv_05(country: Country) -> Cells:
    """Labour inspections by the gravest finding."""
    return country.tally("PRV-05", "COUNT", _held(country, "INSPECTION"), "year", breakdown="outcome")


_STEPS = {
    "AGENCY_INSPECTED": "inspected_count",
    "AGENCY_SANCTIONED": "sanctioned_count",
    "AGENCY_CLOSED": "closed_count",
}


def prv_06(country: Country) -> Cells:
    """Recruitment agencies inspected, sanctioned, closed, each beside the licensed ones."""
    facts = _held(country, "AGENCY_INSPECTION")
    steps = [fact | {"step": step, "number": fact[field]} for fact in facts for step, field in _STEPS.items()]
    licences = [fact | {"step": step, "number": fact["licences"]} for fact in facts for step in _STEPS]
    cells = _added(country, "PRV-06", "NUMERATOR", steps, "number", "step")
    return cells | _added(country, "PRV-06", "DENOMINATOR", licences, "number", "step")


def _children(country: Country, code: str, kind: str) -> Cells:
    facts = told(_held(country, kind), "found_child_count")
    cells = _added(country, code, "DENOMINATOR", facts, "found_child_count")
    helped = [fact | {"helped": fact["helped_children"] or 0} for fact in facts]
    return cells | _added(country, code, "NUMERATOR", helped, "helped")


def prv_07(country: Country) -> Cells:
    """Children found at work, and those helped."""
    return _children(country, "PRV-07", "INSPECTION")


def prv_10(country: Country) -> Cells:
    """Unaccompanied children registered, and those screened."""
    return _children(country, "PRV-10", "CHILD_SCREENING")


def prv_11(country: Country) -> Cells:
    """Children without civil documents, and those who got them."""
    return _children(country, "PRV-11", "DOCUMENTATION")


def _exposed(country: Country) -> list[Fact]:
    return told([fact for fact in country.victims if fact["age"] == CHILD], "driver")


def prv_08(country: Country) -> Cells:
    """Child victims by driver."""
    facts = _exposed(country)
    return country.tally("PRV-08", "NUMERATOR", facts, "contact_year", breakdown="driver", answered=facts)


def prv_09(country: Country) -> Cells:
    """Child victims with a driver recorded."""
    facts = _exposed(country)
    return country.tally("PRV-09", "NUMERATOR", facts, "contact_year", answered=facts)
