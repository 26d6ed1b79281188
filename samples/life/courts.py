"""Trials of the invented country.

Belongs here: who of the accused was tried, when, with what outcome, under which law and articles; the cases before each
court of appeal in a year.
Does not belong here: how a court cites an article (`spelling.py`), or which judgments an agency reports (`views.py`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from samples.life import profile
from samples.life.chance import RandomStream

Row = dict[str, Any]
# sentences in years under each article; life is 20 years in Iraq
_YEARS = {"A5_1": (3, 10), "A5_2": (5, 15), "A6": (15, 20), "A7": (3, 7)}
_FINES = {"A5_1": (5, 10), "A5_2": (5, 10), "A6": (15, 25), "A7": (10, 20), "A9": (5, 25)}  # millions of dinars

_BAGHDAD = "IQG08"
_OUTCOMES = {
    "CONVICTED": "convicted", "ACQUITTED": "acquitted", "DISCHARGED": "discharged", "CLOSED": "closed",
    "NOT_LIABLE": "closed", "AMNESTY": "closed",
}  # fmt: skip


class Proceeding(NamedTuple):
    """A judgment on one accused person in one case; articles are those of Law 28, sorted and joined with `;`."""

    accused_number: int
    verdict_date: date
    verdict_code: str
    law_code: str
    article_codes: str
    sentence_years: float | None
    fine_iqd: int | None
    is_in_absentia: str
    cassation_code: str


def try_all(chance: RandomStream, accused: list[Row], events: list[Row], last_year: int) -> list[Proceeding]:
    """Return the judgments up to the end of `last_year`.

    Args:
        chance: the stream of the courts.
        accused: rows of the truth's `accused`.
        events: victim-events with the columns of their person and case.
        last_year: judgments after it are not known yet.
    """
    victims: dict[int, list[Row]] = defaultdict(list)
    for event in events:
        victims[int(event["case_number"])].append(event)
    sizes: dict[int, int] = defaultdict(int)
    for defendant in accused:
        sizes[int(defendant["case_number"])] += 1
    judgments: list[Proceeding] = []
    for defendant in accused:
        case = victims[int(defendant["case_number"])]
        judgment = _try(chance, defendant, case, sizes[int(defendant["case_number"])])
        if judgment is not None and judgment.verdict_date.year <= last_year:
            judgments.append(judgment)
    return _add_deaths(chance, judgments, {int(person["accused_number"]): person for person in accused}, victims)


class Docket(NamedTuple):
    """The cases of one court of appeal in one year: cases, never persons."""

    governorate_code: str
    court: int  # Baghdad has two, all others one: 0 or 1
    carried_over: int
    received: int
    total: int
    decided: int
    convicted: int
    acquitted: int
    discharged: int
    closed: int
    pending: int


def dockets(accused: list[Row], judgments: Mapping[int, Row], year: int) -> list[Docket]:
    """Return each court of appeal's caseload in a year, by governorate and court.

    A case arrives in the year of its report and is decided with its last judgment: as a conviction if anybody was
    convicted, else as that judgment says.

    Args:
        accused: rows of the accused with their case.
        judgments: accused number -> judgment.
        year: the year.
    """
    cases: dict[int, list[Row]] = defaultdict(list)
    for defendant in accused:
        cases[int(defendant["case_number"])].append(defendant)
    courts: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    for number, persons in cases.items():
        court = courts[persons[0]["governorate_code"], number % 2 if persons[0]["governorate_code"] == _BAGHDAD else 0]
        held = sorted(
            (judgments[person["accused_number"]] for person in persons if person["accused_number"] in judgments),
            key=lambda judgment: judgment["verdict_date"],
        )
        received = persons[0]["reported_date"].year
        decided = max(held[-1]["verdict_date"].year, received) if held else None
        if received > year or (decided is not None and decided < year):
            continue
        court["received" if received == year else "carried_over"] += 1
        if decided == year:
            verdicts = {judgment["verdict_code"] for judgment in held}
            court[_OUTCOMES["CONVICTED" if "CONVICTED" in verdicts else held[-1]["verdict_code"]]] += 1
    return [_docket(place, counts) for place, counts in sorted(courts.items()) if counts]


def _docket(place: tuple[str, int], counts: Counter[str]) -> Docket:
    total = counts["carried_over"] + counts["received"]
    decided = sum(counts[outcome] for outcome in set(_OUTCOMES.values()))
    sums = {"total": total, "decided": decided, "pending": total - decided}
    return Docket(*place, *({**counts, **sums}.get(name, 0) for name in Docket._fields[2:]))


def _try(chance: RandomStream, accused: Row, victims: list[Row], offenders: int) -> Proceeding | None:
    is_at_large = accused["arrest_date"] is None
    is_tried = chance.flip(profile.TRIED_AT_LARGE_SHARE if is_at_large else profile.TRIED_SHARE)
    start: date = accused["arrest_date"] or victims[0]["reported_date"]
    verdict_date = start + timedelta(days=chance.between(90, 730) + _backlog(victims[0]))
    verdict = chance.pick(profile.VERDICTS)
    law, articles = _law(chance, victims, offenders)
    years, fine = _sentence(chance, articles) if verdict == "CONVICTED" else (None, None)
    cassation = chance.pick({"UPHELD": 0.6, "QUASHED": 0.05, "PENDING": 0.15, "NONE": 0.2})
    if not is_tried:
        return None
    return Proceeding(
        accused_number=int(accused["accused_number"]),
        verdict_date=verdict_date,
        verdict_code=verdict,
        law_code=law,
        article_codes=articles,
        sentence_years=years,
        fine_iqd=fine,
        is_in_absentia="Y" if is_at_large else "N",
        cassation_code=cassation,
    )


def _backlog(event: Row) -> int:
    """Return how many days later than elsewhere the court of a case judges it."""
    is_behind = (
        event["governorate_code"] == profile.BACKLOG_AREA and event["reported_date"].year >= profile.BACKLOG_FROM
    )
    return profile.BACKLOG_DAYS if is_behind else 0


def _law(chance: RandomStream, victims: list[Row], offenders: int) -> tuple[str, str]:
    form = str(victims[0]["form_code"])
    if chance.flip(profile.OTHER_LAW_SHARE):
        return profile.OTHER_LAWS.get(form, "PC_OTHER"), ""
    drawn = chance.pick({"": 0.93, "A7": 0.035, "A9": 0.015, "NO_ARTICLE": 0.02})
    if drawn:
        return "L28_2012", "" if drawn == "NO_ARTICLE" else drawn
    circumstances = _circumstances(chance, victims, offenders)
    if circumstances and chance.flip(profile.AGGRAVATED_SHARE):
        committed = [code for code in circumstances if chance.flip(0.75)] or circumstances[:1]
        return "L28_2012", _write_aggravated(chance, committed)
    return "L28_2012", "A5_2" if chance.flip(0.72) else "A5_1"


def _write_aggravated(chance: RandomStream, circumstances: list[str]) -> str:
    style = chance.pick({"paragraphs": 0.90, "article only": 0.04, "with base offence": 0.06})
    if style == "article only":
        return "A6"
    return ";".join((["A5_2"] if style == "with base offence" else []) + circumstances)


def _circumstances(chance: RandomStream, victims: list[Row], offenders: int) -> list[str]:
    means = {code for victim in victims for code in str(victim["means_codes"] or "").split(";")}
    is_foreign = any(victim["citizenship_code"] != "IRQ" for victim in victims)
    holds = {
        "A6_1": any(victim["contact_date"].year - victim["birth_year"] < 18 for victim in victims),
        "A6_2": any(victim["sex_code"] == "F" for victim in victims),
        "A6_3": offenders >= 3 and is_foreign,
        "A6_4": "MEANS_ABDUCTION" in means,
        "A6_5": victims[0]["recruitment_code"] == "FAMILY" and chance.flip(0.7),
        "A6_6": victims[0]["form_code"] == "ORGAN" and chance.flip(0.1),
        "A6_7": len(victims) > 1,
        "A6_8": chance.flip(0.01),
        "A6_9": bool(means & {"MEANS_APOV", "MEANS_ABUSE_POWER"}),
    }
    return [code for code, is_met in holds.items() if is_met]


def _sentence(chance: RandomStream, articles: str) -> tuple[float | None, int | None]:
    gravest = "A6" if "A6" in articles else articles
    years = float(chance.between(*_YEARS.get(gravest, (1, 7)))) if gravest != "A9" else None
    return years, chance.between(*_FINES.get(gravest, (1, 5))) * 1_000_000


def _add_deaths(
    chance: RandomStream, judgments: list[Proceeding], accused: dict[int, Row], victims: dict[int, list[Row]]
) -> list[Proceeding]:
    """Return the judgments with a few federal convictions changed to Article 8: the victim died."""
    places = [
        place
        for place, judgment in enumerate(judgments)
        if judgment.verdict_code == "CONVICTED"
        and judgment.law_code == "L28_2012"
        and victims[int(accused[judgment.accused_number]["case_number"])][0]["is_federal"]
    ]
    deaths = set(chance.some_of(places, profile.DEATHS))
    return [
        judgment._replace(article_codes="A8", sentence_years=None, fine_iqd=None) if place in deaths else judgment
        for place, judgment in enumerate(judgments)
    ]
