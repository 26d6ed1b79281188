"""Prosecution: reports, suspects, trials, sentences (PRS-01 to PRS-21).

Belongs here: which facts each indicator of docs/reference/indicators.md counts, in which year and by what.
Does not belong here: what a fact is.
"""

from __future__ import annotations

from tests.second_warehouse.ages import CHILD
from tests.second_warehouse.base_cells import Cells, Country
from tests.second_warehouse.landed_rows import Fact, is_known
from tests.second_warehouse.proceedings import COURT, is_asset
from tests.second_warehouse.protection_cells import told

_VERDICT = "verdict_year"


def _convicted(country: Country) -> list[Fact]:
    return [fact for fact in country.accused if fact["convicted_28"]]


def prs_01(country: Country) -> Cells:
    """Case files by the way in which the report came."""
    answered = [fact for fact in country.cases if is_known(fact["channel_code"])]
    return country.tally("PRS-01", "COUNT", country.cases, "reported_year", breakdown="channel", answered=answered)


def prs_02(country: Country) -> Cells:
    """Case files that cite Law 28/2012."""
    facts = [fact for fact in country.cases if fact["under_28"]]
    return country.tally("PRS-02", "COUNT", facts, "reported_year", answered=told(country.cases, "law_codes"))


def prs_03(country: Country) -> Cells:
    """Suspects in formal contact."""
    return country.tally("PRS-03", "COUNT", country.accused, "contact_year")


def prs_04(country: Country) -> Cells:
    """Persons referred to trial, else judged, by that year."""
    return country.tally("PRS-04", "COUNT", country.accused, "prosecuted_year")


def prs_05(country: Country) -> Cells:
    """Persons convicted with Law 28/2012 cited."""
    return country.tally("PRS-05", "COUNT", _convicted(country), _VERDICT)


def prs_06(country: Country) -> Cells:
    """Attrition of a cohort of contact: how the trial of each stands."""
    return country.tally("PRS-06", "NUMERATOR", told(country.accused, "trial"), "contact_year", breakdown="trial")


def prs_07(country: Country) -> Cells:
    """Article mix: the gravest article of each conviction."""
    return country.tally("PRS-07", "NUMERATOR", _convicted(country), _VERDICT)


def prs_08(country: Country) -> Cells:
    """Circumstances of Article 6."""
    facts = told(country.accused, "circumstance")
    return country.tally("PRS-08", "NUMERATOR", facts, _VERDICT, breakdown="circumstance")


def prs_09(country: Country) -> Cells:
    """Prison terms in bands."""
    return country.tally("PRS-09", "NUMERATOR", _convicted(country), _VERDICT, breakdown="sentence")


def prs_10(country: Country) -> Cells:
    """Charge substitution: tried cases with facts of trafficking under other laws only."""
    facts = [fact for fact in told(country.cases, "other_law") if fact["is_tried"]]
    return country.tally("PRS-10", "NUMERATOR", facts, _VERDICT, breakdown="other_law")


def prs_11(country: Country) -> Cells:
    """Days from report to first verdict."""
    facts = [fact for fact in country.cases if fact["is_tried"]]
    return country.tally("PRS-11", "COUNT", facts, _VERDICT, breakdown="duration")


def prs_12(country: Country) -> Cells:
    """Online-facilitated cases; the cases of Article 7 alone would pass for all of them."""
    facts = [fact for fact in country.cases if fact["online"]]
    answered = told(country.cases, "recruitment_code")
    return country.tally("PRS-12", "NUMERATOR", facts, "reported_year", answered=answered)


def prs_13(country: Country) -> Cells:
    """Convicted legal persons by what the court ordered."""
    base = _convicted(country)
    facts = [
        fact | {"measure": f"ENTITY_{fact['entity_measure_code'] or 'U'}"} for fact in base if fact["is_legal_person"]
    ]
    answered = told(base, "is_legal_person")
    return country.tally("PRS-13", "COUNT", facts, _VERDICT, breakdown="measure", answered=answered)


def prs_14(country: Country) -> Cells:
    """Officials by how far the proceeding came."""
    facts, answered = told(country.accused, "official_stage"), told(country.accused, "is_official")
    return country.tally("PRS-14", "COUNT", facts, "contact_year", breakdown="official_stage", answered=answered)


def prs_15(country: Country) -> Cells:
    """Dinars frozen, seized, confiscated."""
    facts = [fact for fact in country.figures if is_asset(fact) and fact["figure"] is not None]
    facts = [fact | {"asset": f"ASSET_{fact['category'].upper()}"} for fact in facts]
    return country.tally(
        "PRS-15", "COUNT", facts, "year", breakdown="asset", answered=facts, weight=lambda fact: fact["figure"]
    )


def prs_16(country: Country) -> Cells:
    """Cases in which a victim was heard, and those in which each was protected."""
    heard = [fact for fact in country.cases if fact["is_victim_heard"]]
    answered = told(country.cases, "is_victim_heard")
    cells = country.tally("PRS-16", "DENOMINATOR", heard, "reported_year", answered=answered)
    protected = [fact for fact in heard if fact["is_victim_protected"]]
    return cells | country.tally("PRS-16", "NUMERATOR", protected, "reported_year", answered=answered)


def prs_17(country: Country) -> Cells:
    """What the convicted were to the victim."""
    facts = [
        fact | {"relation": f"RELATION_{fact['victim_relation_code']}"}
        for fact in told(_convicted(country), "victim_relation_code")
    ]
    return country.tally("PRS-17", "NUMERATOR", facts, _VERDICT, breakdown="relation", answered=facts)


def prs_18(country: Country) -> Cells:
    """Children who are victims under Palermo and not under Law 28/2012."""
    children = [fact for fact in country.victims if fact["age"] == CHILD]
    answered = [fact for fact in country.victims if fact["act_codes"]]
    return country.tally(
        "PRS-18", "NUMERATOR", told(children, "gap"), "contact_year", breakdown="gap", answered=answered
    )


def _followed(country: Country, facts: list[Fact], year: str, more: int) -> list[Fact]:
    """Those of years that the judicial council told wholly, with the wholes of so many years after."""

    def is_followed(fact: Fact) -> bool:
        first = fact[year]
        asked = range(first, first + more + 1) if first is not None else ()
        return bool(asked) and all(
            country.landed.is_owed(COURT, fact["region"], one) and country.landed.has_reported_whole(COURT, one)
            for one in asked
        )

    return [fact for fact in facts if is_followed(fact)]


def prs_19(country: Country) -> Cells:
    """Suspects convicted under Law 28 within one, two and three years of the contact."""
    answered = _followed(country, country.accused, "contact_year", 3)
    return country.tally(
        "PRS-19", "NUMERATOR", told(answered, "way"), "contact_year", breakdown="way", answered=answered
    )


def prs_20(country: Country) -> Cells:
    """Days from report to first verdict of a year of reports, open cases among those of the longest band."""
    answered = _followed(country, country.cases, "reported_year", 2)
    return country.tally(
        "PRS-20", "COUNT", told(answered, "wait"), "reported_year", breakdown="wait", answered=answered
    )


def prs_21(country: Country) -> Cells:
    """PRS-05 of the regions, by citizenship."""
    return country.tally("PRS-21", "COUNT", _convicted(country), _VERDICT)
