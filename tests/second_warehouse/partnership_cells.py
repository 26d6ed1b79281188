"""Partnership and data quality: committees, plan, referrals, who reports (PAR-01 to PAR-10).

Belongs here: which facts each indicator of docs/reference/indicators.md counts, in which year and by what.
Does not belong here: what a fact is.
"""

from __future__ import annotations

import datetime
from itertools import product

from tests.second_warehouse.base_cells import Cells, Country
from tests.second_warehouse.landed_rows import REGIONS, Fact
from tests.second_warehouse.protection_cells import governorates, told

_QUARTERS = ("QUARTER_1", "QUARTER_2", "QUARTER_3", "QUARTER_4")


def par_01(country: Country) -> Cells:
    """Meetings of the Central Committee held, and planned."""
    meetings = [fact for fact in country.activities if fact["activity_type_code"] == "MEETING"]
    meetings = [fact for fact in meetings if fact["organising_body_code"] == "CENTRAL_COMMITTEE"]
    held = [fact for fact in meetings if fact["is_held"]]
    cells = country.tally("PAR-01", "NUMERATOR", held, "year")
    foreseen = [fact for fact in meetings if fact["is_planned"]]
    return cells | country.tally("PAR-01", "DENOMINATOR", foreseen, "year", answered=told(meetings, "is_planned"))


def par_02(country: Country) -> Cells:
    """Governorates whose sub-committee met in the quarter, of all governorates."""
    met = {
        (fact["governorate"], fact["year"], fact["quarter"])
        for fact in country.activities
        if (fact["activity_type_code"], fact["organising_body_code"]) == ("MEETING", "SUB_COMMITTEE")
        and fact["is_held"]
    }
    places = [
        {"region": region, "year": year, "quarter": quarter, "active": (code, year, quarter) in met}
        for region, year, quarter in product(REGIONS, country.landed.years, _QUARTERS)
        for code in governorates(region, year)
    ]
    cells = country.tally("PAR-02", "DENOMINATOR", places, "year", breakdown="quarter")
    active = [place for place in places if place["active"]]
    return cells | country.tally("PAR-02", "NUMERATOR", active, "year", breakdown="quarter")


def par_03(country: Country) -> Cells:
    """Activities that the plan foresaw, and those held."""
    planned = [fact for fact in country.activities if fact["is_planned"]]
    answered = told(country.activities, "is_planned")
    cells = country.tally("PAR-03", "DENOMINATOR", planned, "year", breakdown="kind", answered=answered)
    held = [fact for fact in planned if fact["is_held"]]
    return cells | country.tally("PAR-03", "NUMERATOR", held, "year", breakdown="kind", answered=answered)


def par_04(country: Country) -> Cells:
    """Annual reports by the days late (Law 28/2012 Art. 3(7))."""
    reports = [fact for fact in country.activities if fact["activity_type_code"] == "ANNUAL_REPORT"]
    issued = [fact for fact in reports if fact["is_held"]]
    return country.tally("PAR-04", "COUNT", issued, "year", breakdown="punctuality", answered=reports)


def par_05(country: Country) -> Cells:
    """Presumed victims referred, by where they were sent."""
    facts = told(country.victims, "referral")
    return country.tally("PAR-05", "NUMERATOR", facts, "contact_year", breakdown="referral", answered=facts)


def par_06(country: Country) -> Cells:
    """Acts of cooperation with other states, by kind."""
    facts = told([fact for fact in country.activities if fact["is_held"]], "cooperation")
    answered = told(country.activities, "cooperation")
    return country.tally("PAR-06", "COUNT", facts, "year", breakdown="cooperation", answered=answered)


def par_07(country: Country) -> Cells:
    """Bodies that owe an export, those that sent any, those whole in time; missing where none ever sent anything."""
    cells: Cells = {}
    bodies = {owed["source"] for owed in country.landed.calendar}
    was_asked = any(call["source"] in bodies for call in country.landed.submissions)
    for owed in country.landed.calendar:
        key = (owed["region_code"], owed["period"], "_T", "_T", "_T", "_T", owed["source"], "_T", "_T")
        cells["DENOMINATOR", *key] = (1, "A") if was_asked else (None, "O")
        sent = _sent(country, owed)
        cells["COUNT", *key] = (int(bool(sent)), "A") if was_asked else (None, "O")
        is_on_time = all(_was_whole_before(owed["late_from_date"], files) for files in sent.values()) and bool(sent)
        cells["NUMERATOR", *key] = (int(is_on_time), "A") if was_asked else (None, "O")
    return cells


def _sent(country: Country, owed: Fact) -> dict[str, list[Fact]]:
    """Return what was sent of a year by kind of record, in the order in which it came."""
    sent: dict[str, list[Fact]] = {}
    for call in sorted(country.landed.submissions, key=lambda call: int(call["sequence"])):
        if (call["source"], call["period"]) == (owed["source"], owed["period"]):
            sent.setdefault(call["shape"], []).append(call)
    return sent


def _was_whole_before(late_from: datetime.date, files: list[Fact]) -> bool:
    """Tell whether the first file of the whole year was in time; not where the last one, which counts, is a part."""
    whole = [call["sent_date"] for call in files if call["completeness"] == 1]
    return files[-1]["completeness"] == 1 and whole[0] < late_from


def par_08(country: Country) -> Cells:
    """Presumed victims by the core variable that no body recorded."""
    return country.tally("PAR-08", "NUMERATOR", country.victims, "contact_year", breakdown="core_gap")


def par_09(country: Country) -> Cells:
    """Presumed victims known to two agencies or more."""
    known = told(country.victims, "person")
    shared = [fact for fact in known if fact["sources"] > 1]
    return country.tally("PAR-09", "NUMERATOR", shared, "contact_year", answered=known)


def par_10(country: Country) -> Cells:
    """UNODC's figure of detected victims in Iraq; masked is suppressed, absent or printed in two ways is missing."""
    totals = [
        fact
        for fact in country.figures
        if fact["source"] == "unodc_glotip"
        and (fact["reporting_area"], fact["measure"]) == ("IRQ", "Detected trafficking victims")
        and {fact[field] for field in ("dimension", "category", "sex_label", "age_label")} == {"Total"}
    ]
    cells: Cells = {}
    for year in country.landed.years:
        found = [fact for fact in totals if fact["year"] == year]
        figures = {fact["figure"] for fact in found}
        value = figures.pop() if len(figures) == 1 else None
        masked = any(fact["figure_mark"] == "masked" for fact in found)
        status = "A" if value is not None else "Q" if masked and figures <= {None} else "O"
        cells["COUNT", "IQ", str(year), *["_T"] * 7] = (value, status)
    return cells
