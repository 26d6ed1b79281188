"""Accused persons in proceedings, and case files with their trial.

Belongs here: which rows tell of one proceeding or file, contact as the police tell it, verdict as the court tells it.
Does not belong here: how an indicator counts it.

Sources: docs/reference/law.md (Articles 5 to 9, circumstances of Article 6, other charges),
docs/reference/institutions.md (the path of a case); docs/decisions/0031.
"""

from __future__ import annotations

import datetime
from collections import defaultdict

from tests.second_warehouse.ages import group_of, nearest_ages
from tests.second_warehouse.landed_rows import (
    Fact,
    answer,
    citizenship_group,
    codes_of,
    duration_band,
    first_known,
    is_known,
    place_of,
    read_seed,
)
from tests.second_warehouse.persons import earliest, form_of, join_records

LAW_28 = "L28_2012"
COURT = "iraq_judicial_council"
_GROUP_OF_ARTICLE = {row["code"]: row["article_group_code"] for row in read_seed("law_article")}
_GRAVITY = {row["code"]: int(row["rank"]) for row in read_seed("article_group")}
_PALERMO = {row["code"] for row in read_seed("exploitation_form") if row["is_palermo_purpose"] == "true"}
_FIELDS = (
    "sex_code",
    "governorate_code",
    "citizenship_code",
    "victim_relation_code",
)
_OF_THE_VERDICT = ("verdict_code", "sentence_years", "law_codes", "article_codes", "entity_measure_code")
_DATES = ("prosecuted_date", "verdict_date")
_ANSWERS = ("is_legal_person", "is_official")
_OTHER_LAWS = {
    **{"L08_1988": "TRIED_L08_1988", "L11_2016": "TRIED_L11_2016"},
    **dict.fromkeys(("PC_390_392", "PC_OTHER"), "TRIED_PENAL_CODE"),
}


def proceedings(accused: list[Fact]) -> list[Fact]:
    """Return one fact an accused person and proceeding."""
    order = {id(record): place for place, record in enumerate(accused)}
    facts = join_records(accused, _written_on, lambda _, records: _last_verdict(records))
    return [_proceeding(key, sorted(records, key=lambda one: order[id(one)])) for key, records in facts.items()]


def _written_on(record: Fact) -> datetime.date | None:
    return record["contact_date"] or record["prosecuted_date"] or record["verdict_date"]


def _last_verdict(records: list[Fact]) -> datetime.date | None:
    return max((record["verdict_date"] for record in records if record["verdict_date"]), default=None)


def _proceeding(key: str, records: list[Fact]) -> Fact:
    fact: Fact = {field: first_known(records, field) for field in _FIELDS}
    fact |= {field: earliest(records, field) for field in _DATES}
    fact |= {field: answer(first_known(records, field)) for field in _ANSWERS}
    verdicts = _verdict_records(records)
    fact |= {field: first_known(verdicts, field) for field in _OF_THE_VERDICT}
    fact |= {"is_suspended": answer(first_known(verdicts, "is_suspended"))}
    police_first = sorted(records, key=lambda record: record["source"] == COURT)
    contact, verdict = earliest(records, "contact_date"), fact["verdict_date"]
    judged_on = (one["verdict_date"] or one["prosecuted_date"] or one["contact_date"] for one in records)
    ages = nearest_ages(records, judged_on, contact or fact["prosecuted_date"] or verdict)
    fact |= {"key": key, "status": first_known(police_first, "status_code"), "sex": fact["sex_code"] or "_U"}
    fact |= {"case": next((record["case_token"] for record in records if record["case_token"]), None)}
    fact |= {"age": group_of(ages), "ages": ages, "citizenship": citizenship_group(fact["citizenship_code"])}
    fact |= place_of(fact["governorate_code"])
    fact |= {"contact_year": contact and contact.year, "verdict_year": verdict and verdict.year}
    referred = fact["prosecuted_date"] or verdict
    fact |= {"prosecuted_year": referred and referred.year}
    judgment = _judgment(fact)
    return fact | judgment | {"way": _way(contact, fact, judgment)}


def _way(contact: datetime.date | None, fact: Fact, judgment: Fact) -> str | None:
    """The year after the contact, counted from 1, in which a court convicted under Law 28."""
    if contact is None or fact["verdict_date"] is None or not judgment["convicted_28"]:
        return None
    days = (fact["verdict_date"] - contact).days
    year = next((year for year in (1, 2, 3) if 0 <= days <= 365 * year), None)
    return f"CONVICTED_YEAR_{year}" if year else None


def _verdict_records(records: list[Fact]) -> list[Fact]:
    """The records that tell a verdict, by its day or its result; articles and term of others are charges."""
    return [record for record in records if record["verdict_date"] or is_known(record["verdict_code"])]


def _judgment(fact: Fact) -> Fact:
    laws = codes_of(fact["law_codes"])
    convicted = fact["verdict_code"] == "CONVICTED"
    law_28 = convicted and LAW_28 in laws
    judged = fact["verdict_code"] is not None or fact["verdict_date"] is not None
    prosecuted = fact["prosecuted_date"] is not None or judged or fact["status"] in ("PROSECUTED", "CONVICTED")
    trial = None
    if prosecuted:
        trial = _trial(fact["verdict_code"], convicted=convicted, law_28=law_28, judged=judged)
    stage = "CONVICTED" if convicted else "PROSECUTED" if prosecuted else "INVESTIGATED"
    article = _gravest(codes_of(fact["article_codes"])) if law_28 else None
    return {
        "convicted_28": law_28,
        "trial": trial,
        "article": article,
        "circumstance": _circumstance(codes_of(fact["article_codes"])) if article == "A6" else None,
        "sentence": _sentence(fact, article) if law_28 else None,
        "official_stage": f"OFFICIAL_{stage}" if fact["is_official"] else None,
    }


def _trial(verdict: str | None, *, convicted: bool, law_28: bool, judged: bool) -> str:
    if convicted:
        return "TRIAL_CONVICTED_L28" if law_28 else "TRIAL_CONVICTED_OTHER"
    if verdict:
        return "TRIAL_NOT_CONVICTED"
    return "TRIAL_U" if judged else "TRIAL_PENDING"


def _gravest(articles: set[str]) -> str:
    groups = {_GROUP_OF_ARTICLE[article] for article in articles if article in _GROUP_OF_ARTICLE}
    return min(groups, key=_GRAVITY.__getitem__, default="A_OTHER")


def _circumstance(articles: set[str]) -> str | None:
    """The one circumstance of Article 6 besides 6-2, several, or 6-2 alone; 6-8 stands with 6-6 (decision 0031)."""
    cited = {article for article in articles if article.startswith("A6_")}
    others = cited - {"A6_2"}
    if len(others) > 1:
        return "CIRCUMSTANCE_SEVERAL"
    if others:
        (one,) = others
        return "CIRCUMSTANCE_6_6_8" if one in ("A6_6", "A6_8") else f"CIRCUMSTANCE_{one[1:]}"
    return "CIRCUMSTANCE_6_2" if cited else None


def _sentence(fact: Fact, article: str | None) -> str:
    """The prison term in bands; Article 8 (death) stands with life, which is twenty years (docs/reference/law.md)."""
    years = fact["sentence_years"]
    if article == "A8":
        return "SENTENCE_GE_20"
    if fact["is_suspended"]:
        return "SENTENCE_SUSPENDED"
    if not years:
        return "SENTENCE_NO_TERM"
    bands = ((5, "SENTENCE_LT_5"), (10, "SENTENCE_5_9"), (20, "SENTENCE_10_19"))
    return next((band for limit, band in bands if years < limit), "SENTENCE_GE_20")


def case_files(cases: list[Fact], judged: list[Fact]) -> list[Fact]:
    """Return one fact a case file, with what the courts did in it."""
    grouped: dict[str, list[Fact]] = defaultdict(list)
    for record in cases:
        grouped[record["case_token"]].append(record)
    trials: dict[str, list[Fact]] = defaultdict(list)
    for fact in judged:
        if fact["case"] and fact["verdict_date"]:
            trials[fact["case"]].append(fact)
    return [_case_file(token, records, trials[token]) for token, records in grouped.items()]


def _case_file(token: str, records: list[Fact], trial: list[Fact]) -> Fact:
    fields = ("channel_code", "governorate_code", "recruitment_code", "law_codes", "article_codes")
    fact: Fact = {field: first_known(records, field) for field in fields}
    fact["reported_date"] = earliest(records, "reported_date")
    fact |= {field: answer(first_known(records, field)) for field in ("is_victim_heard", "is_victim_protected")}
    purposes = next((codes for record in records if (codes := codes_of(record["exploitation_codes"]))), set[str]())
    verdict: datetime.date | None = min((one["verdict_date"] for one in trial), default=None)
    days = (verdict - fact["reported_date"]).days if verdict else None
    articles = codes_of(fact["article_codes"])
    fact |= {"key": token, "reported_year": fact["reported_date"].year, "form": form_of(purposes)} | place_of(
        fact["governorate_code"]
    )
    fact |= {"channel": f"CHANNEL_{fact['channel_code'] or 'U'}", "under_28": LAW_28 in codes_of(fact["law_codes"])}
    fact |= {"online": fact["recruitment_code"] == "SOCIAL_MEDIA" or "A7" in articles}
    fact |= {"verdict_year": verdict and verdict.year, "duration": duration_band(days)}
    wait = "D_GE_731" if verdict is None else fact["duration"]
    fact |= {"wait": wait if purposes & _PALERMO else None}
    fact |= {"is_tried": bool(purposes & _PALERMO) and days is not None and days >= 0, "other_law": _other_law(trial)}
    return fact


def _other_law(trial: list[Fact]) -> str | None:
    """The law under which a case was tried where no verdict in it cites Law 28/2012 (docs/reference/law.md)."""
    laws: set[str] = set().union(*(codes_of(fact["law_codes"]) for fact in trial))
    if LAW_28 in laws or not laws:
        return None
    groups = {_OTHER_LAWS.get(law, "TRIED_OTHER_LAW") for law in laws}
    return next(iter(groups)) if len(groups) == 1 else "TRIED_SEVERAL_LAWS"


def is_asset(fact: Fact) -> bool:
    """A cell of the table of assets in trafficking cases (PRS-15)."""
    return fact["measure"] == "Assets in trafficking cases"
