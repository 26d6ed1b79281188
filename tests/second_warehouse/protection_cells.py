"""Protection: identification, shelter, help, and that victims are not punished (PRT-01 to PRT-32, NCR-01 to NCR-11).

Belongs here: which facts each indicator of docs/reference/indicators.md counts, in which year and by what.
Does not belong here: what a fact is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tests.second_warehouse.ages import CHILD
from tests.second_warehouse.base_cells import Cells, Country
from tests.second_warehouse.landed_rows import Fact, read_seed

_COHORT, _DECISION = "contact_year", "identified_year"
HALABJA, _HALABJA_SINCE = "IQG06Q05", 2025


def governorates(region: str, year: int) -> list[str]:
    """Return the governorates of a region; Halabja is one since 2025 (docs/reference/areas.md)."""
    codes = [row["code"] for row in read_seed("governorate") if row["region_code"] == region and row["code"] != "_U"]
    return [code for code in codes if code != HALABJA or year >= _HALABJA_SINCE]


def told(facts: Iterable[Fact], *fields: str) -> list[Fact]:
    """Return the facts of which somebody told at least one of these fields."""
    return [fact for fact in facts if any(fact[field] is not None for field in fields)]


def _having(facts: Iterable[Fact], field: str) -> list[Fact]:
    return [fact for fact in facts if fact[field]]


def prt_01(country: Country) -> Cells:
    """Presumed victims [v], by year of first contact."""
    return country.tally("PRT-01", "COUNT", country.victims, _COHORT)


def prt_02(country: Country) -> Cells:
    """Victims with an investigative judge's decision, by its year."""
    return country.tally("PRT-02", "COUNT", _having(country.victims, "is_identified"), _DECISION)


def prt_03(country: Country) -> Cells:
    """Of a cohort of first contact, those whom a judge has identified since."""
    return country.tally("PRT-03", "NUMERATOR", _having(country.victims, "is_identified"), _COHORT)


def prt_04(country: Country) -> Cells:
    """PRT-01 of the regions, numerator of the rate per 100,000 residents (SDG 16.2.2)."""
    return country.tally("PRT-04", "COUNT", country.victims, _COHORT)


def prt_05(country: Country) -> Cells:
    """Days from first contact to formal identification, where both are known."""
    facts = told(country.victims, "days_to_identification")
    return country.tally("PRT-05", "COUNT", facts, _DECISION, breakdown="days_to_identification", answered=facts)


def prt_06(country: Country) -> Cells:
    """Presumed victims by the body that first noticed them."""
    answered = told(country.victims, "self_reported")
    return country.tally("PRT-06", "COUNT", country.victims, _COHORT, breakdown="detection", answered=answered)


def prt_07(country: Country) -> Cells:
    """Presumed victims who came forward themselves."""
    answered = told(country.victims, "self_reported")
    return country.tally("PRT-07", "NUMERATOR", _having(country.victims, "self_reported"), _COHORT, answered=answered)


def prt_08(country: Country) -> Cells:
    """Persons who asked for shelter, and those admitted."""
    admitted = _having(country.seekers, "is_admitted")
    asked = country.tally("PRT-08", "DENOMINATOR", country.seekers, "year")
    return asked | country.tally("PRT-08", "NUMERATOR", admitted, "year")


def prt_09(country: Country) -> Cells:
    """Men and boys among them."""
    men = [fact for fact in country.seekers if fact["sex"] == "M"]
    asked = country.tally("PRT-09", "DENOMINATOR", men, "year")
    return asked | country.tally("PRT-09", "NUMERATOR", _having(men, "is_admitted"), "year")


def prt_10(country: Country) -> Cells:
    """Children among them, by age."""
    children = told(country.seekers, "child_band")
    asked = country.tally("PRT-10", "DENOMINATOR", children, "year", breakdown="child_band")
    return asked | country.tally(
        "PRT-10", "NUMERATOR", _having(children, "is_admitted"), "year", breakdown="child_band"
    )


def prt_11(country: Country) -> Cells:
    """Persons refused, by the reason of the first refusal."""
    return country.tally("PRT-11", "NUMERATOR", told(country.seekers, "refusal"), "year", breakdown="refusal")


def prt_12(country: Country) -> Cells:
    """Persons admitted on condition."""
    answered = told(country.seekers, "condition")
    facts = [fact for fact in answered if fact["condition"] != "CONDITION_NONE"]
    return country.tally("PRT-12", "NUMERATOR", facts, "year", breakdown="condition", answered=answered)


def prt_13(country: Country) -> Cells:
    """Persons who left, and those who could only by a court's order."""
    left = _having(country.seekers, "has_left")
    bound = [fact for fact in left if fact["exit_condition"] == "COURT_ORDER"]
    cells = country.tally("PRT-13", "DENOMINATOR", left, "year", answered=left)
    return cells | country.tally("PRT-13", "NUMERATOR", bound, "year", answered=told(left, "exit_condition"))


def prt_14(country: Country) -> Cells:
    """Person-nights, and places by nights, of the shelters that tell both; of one or two shelters it is withheld."""
    facts = [fact for fact in country.shelters if None not in (fact["nights"], fact["place_nights"])]
    shelters = Counter((fact["region"], str(fact["year"])) for fact in facts)
    cells: Cells = {}
    for measure, field in (("NUMERATOR", "nights"), ("DENOMINATOR", "place_nights")):
        told = country.tally("PRT-14", measure, facts, "year", answered=facts, weight=lambda fact, of=field: fact[of])
        few = {key for key, cell in told.items() if cell[1] in ("A", "P") and shelters[key[1], key[2]] < 3}
        cells |= told | dict.fromkeys(few, (None, "Q"))
    return cells


_TAKES = {
    "TAKES_WOMEN": ("SHELTER_WOMEN", "SHELTER_MIXED"),
    "TAKES_MEN": ("SHELTER_MEN", "SHELTER_MIXED"),
    "TAKES_CHILDREN": ("SHELTER_CHILDREN", "SHELTER_MIXED"),
}


def prt_15(country: Country) -> Cells:
    """Governorates with a shelter that takes a group in, of all governorates."""
    all_places = [
        {"region": region, "year": year, "group": group, "governorate": code}
        for year in country.landed.years
        for region in ("IQ-FED", "IQ-KR")
        for code in governorates(region, year)
        for group in _TAKES
    ]
    open_for = {
        (shelter["governorate"], shelter["year"], group)
        for shelter in country.shelters
        for group, types in _TAKES.items()
        if shelter["type"] in types
    }
    served = [place for place in all_places if (place["governorate"], place["year"], place["group"]) in open_for]
    told_of = country.shelters
    cells = country.tally("PRT-15", "DENOMINATOR", all_places, "year", breakdown="group", answered=told_of)
    return cells | country.tally("PRT-15", "NUMERATOR", served, "year", breakdown="group", answered=told_of)


def prt_16(country: Country) -> Cells:
    """Nights of the first stay that ended."""
    left = _having(country.seekers, "has_left")
    return country.tally("PRT-16", "COUNT", left, "year", breakdown="stay_band", answered=left)


_HELP = {
    "PRT-17": "has_medical_exam",
    "PRT-19": "has_legal_advice",
    "PRT-20": "has_family_contact",
    "PRT-21": "has_psychosocial_support",
    "PRT-22": "has_grant",
    "PRT-23": "has_work_or_education",
}


def prt_17_to_23(country: Country) -> dict[str, Cells]:
    """Article 11 items: identified victims who received each, where anybody told of it."""
    return {code: _helped(country, code, country.assisted, item) for code, item in _HELP.items()}


def _helped(country: Country, code: str, base: list[Fact], item: str) -> Cells:
    return country.tally(code, "NUMERATOR", _having(base, item), _DECISION, answered=told(base, item))


def prt_18(country: Country) -> Cells:
    """Language assistance to identified foreign victims."""
    foreign = _having(country.assisted, "is_foreign")
    answered = told(foreign, "has_interpretation")
    cells = country.tally("PRT-18", "DENOMINATOR", foreign, _DECISION, answered=answered)
    return cells | _helped(country, "PRT-18", foreign, "has_interpretation")


def prt_24(country: Country) -> Cells:
    """Residence measure for identified foreign victims."""
    return _helped(country, "PRT-24", _having(country.assisted, "is_foreign"), "has_residence_measure")


def prt_25(country: Country) -> Cells:
    """Identified children of school age, and those enrolled within six months."""
    pupils = _having(country.assisted, "is_of_school_age")
    answered = told(pupils, "is_enrolled_in_school")
    cells = country.tally("PRT-25", "DENOMINATOR", pupils, _DECISION, answered=answered)
    return cells | _helped(country, "PRT-25", pupils, "is_enrolled_in_school")


def prt_26(country: Country) -> Cells:
    """Identified children with a best-interests determination."""
    return _helped(country, "PRT-26", _having(country.assisted, "is_child"), "has_best_interests_determination")


def prt_27(country: Country) -> Cells:
    """Foreign victims who asked to go home in the year, and those who have travelled since."""
    asked = told(_having(country.victims, "is_foreign"), "return_asked_year")
    cells = country.tally("PRT-27", "DENOMINATOR", asked, "return_asked_year", answered=asked)
    back = _having(asked, "is_returned")
    return cells | country.tally("PRT-27", "NUMERATOR", back, "return_asked_year", answered=asked)


def prt_28(country: Country) -> Cells:
    """Iraqi victims brought home from abroad, by year of return."""
    returned = told(country.victims, "repatriated_year")
    facts = [fact for fact in returned if fact["citizenship"] == "IRQ"]
    return country.tally("PRT-28", "COUNT", facts, "repatriated_year", answered=returned)


def prt_29(country: Country) -> Cells:
    """Presumed victims met again within 730 days of first contact."""
    answered = told(country.victims, "met_again")
    return country.tally("PRT-29", "NUMERATOR", _having(country.victims, "met_again"), _COHORT, answered=answered)


def prt_30(country: Country) -> Cells:
    """Victims in concluded cases, those awarded compensation, those paid."""
    concluded = _having(country.victims, "case_concluded")
    answered = told(concluded, "has_compensation_award")
    awarded = _having(concluded, "has_compensation_award")
    paid = _having(awarded, "has_compensation_paid")
    cells: Cells = {}
    for measure, facts in (("DENOMINATOR", concluded), ("NUMERATOR", awarded), ("COUNT", paid)):
        cells |= country.tally("PRT-30", measure, facts, _COHORT, answered=answered)
    return cells


def prt_31(country: Country) -> Cells:
    """PRT-01 of the regions, by citizenship."""
    return country.tally("PRT-31", "COUNT", country.victims, _COHORT)


def prt_32(country: Country) -> Cells:
    """PRT-02 of the regions, by citizenship."""
    return country.tally("PRT-32", "COUNT", _having(country.victims, "is_identified"), _DECISION)


def ncr_01(country: Country) -> Cells:
    """Presumed victims charged with any offence."""
    return country.tally("NCR-01", "NUMERATOR", _having(country.victims, "charges"), _COHORT)


def ncr_02(country: Country) -> Cells:
    """Victims of sexual exploitation charged under Law 8/1988."""
    facts = [fact for fact in country.victims if fact["form"] == "SEXUAL" and "L08_1988" in fact["charges"]]
    return country.tally("NCR-02", "NUMERATOR", facts, _COHORT)


def ncr_03(country: Country) -> Cells:
    """Foreign presumed victims, and those fined, detained, expelled or removed."""
    foreign = _having(country.penalised, "is_foreign")
    cells = country.tally("NCR-03", "DENOMINATOR", foreign, _COHORT, answered=country.victims_by(_COHORT))
    punished = _having(foreign, "is_penalised")
    return cells | country.tally("NCR-03", "NUMERATOR", punished, _COHORT, answered=country.victims_by(_COHORT))


def ncr_04(country: Country) -> Cells:
    """Children forced to beg and charged under Penal Code 390-392."""
    children = [fact for fact in country.victims if fact["age"] == CHILD and fact["form"] == "BEGGING"]
    return country.tally("NCR-04", "NUMERATOR", [f for f in children if "PC_390_392" in f["charges"]], _COHORT)


def _screenable(country: Country) -> list[Fact]:
    return [fact for fact in country.measures if fact["is_penalty"] and fact["reason"] != "ARMED_GROUP"]


def ncr_05(country: Country) -> Cells:
    """Penalties before which somebody was screened."""
    base = _screenable(country)
    answered = told(base, "is_screened")
    cells = country.tally("NCR-05", "DENOMINATOR", base, "year", answered=answered)
    return cells | country.tally("NCR-05", "NUMERATOR", _having(base, "is_screened"), "year", answered=answered)


def ncr_06(country: Country) -> Cells:
    """Screenings that found a victim."""
    screened = _having(_screenable(country), "is_screened")
    answered = told(screened, "is_found_victim")
    return country.tally("NCR-06", "NUMERATOR", _having(screened, "is_found_victim"), "year", answered=answered)


def ncr_07(country: Country) -> Cells:
    """Presumed victims by the days of the longest detention that ended in release."""
    facts = told(country.penalised, "detention_band")
    return country.tally("NCR-07", "COUNT", facts, _COHORT, breakdown="detention_band", answered=facts)


def ncr_08(country: Country) -> Cells:
    """Charged victims against whom every charge was dropped on victim status."""
    charged = _having(country.victims, "charges")
    answered = told(charged, "has_charge_dropped")
    return country.tally("NCR-08", "NUMERATOR", _having(charged, "has_charge_dropped"), _COHORT, answered=answered)


def ncr_09(country: Country) -> Cells:
    """Placements of women in a reformatory for prostitution, and those screened."""
    base = [fact for fact in country.measures if fact["action"] == "REFORMATORY"]
    base = [fact for fact in base if (fact["sex"], fact["reason"]) == ("F", "PROSTITUTION")]
    answered = told(base, "is_screened")
    cells = country.tally("NCR-09", "DENOMINATOR", base, "year", answered=answered)
    return cells | country.tally("NCR-09", "NUMERATOR", _having(base, "is_screened"), "year", answered=answered)


def ncr_10(country: Country) -> Cells:
    """Children detained for ties to an armed group, and those handed to protection."""
    base = [fact for fact in country.measures if fact["action"] == "DETENTION"]
    base = [fact for fact in base if (fact["age"], fact["reason"]) == (CHILD, "ARMED_GROUP")]
    answered = told(base, "is_referred_to_protection")
    cells = country.tally("NCR-10", "DENOMINATOR", base, "year", answered=answered)
    referred = _having(base, "is_referred_to_protection")
    return cells | country.tally("NCR-10", "NUMERATOR", referred, "year", answered=answered)


def ncr_11(country: Country) -> Cells:
    """One from the year in which a clause of non-punishment entered into force, in the region whose law it is."""
    clauses = [fact for fact in country.activities if fact["activity_type_code"] == "NON_PUNISHMENT_CLAUSE"]
    since: dict[str, int] = {}
    for clause in sorted((clause for clause in clauses if clause["is_held"]), key=lambda clause: clause["year"]):
        since.setdefault(clause["region"], clause["year"])
    facts = [
        {"region": region, "year": year}
        for region, first in since.items()
        for year in country.landed.years
        if year >= first
    ]
    return country.tally("NCR-11", "COUNT", facts, "year")
