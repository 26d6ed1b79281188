"""The expected base cells of the prosecution indicators (PRS-01 to PRS-20 except those in `truth.py`).

Belongs here: their base cells, counted a second time in plain Python from the rows that each agency could have seen.
Does not belong here: how a value is read from records (`reading.py`), or which files count and the missing cells
(`truth.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from samples.bodies.sight import INTERIOR, JUDICIAL, KURDISTAN, Row
from samples.expected.measures import BY, Answered, CountedMeasure, Place, SentRows, answered_years, unsent_measures
from samples.expected.reading import FEDERAL, age, duration_band, first_day, first_known, form, region, sex

_LAW_28 = "L28_2012"
_TRIED = {
    "L08_1988": "TRIED_L08_1988", "PC_390_392": "TRIED_PENAL_CODE", "PC_OTHER": "TRIED_PENAL_CODE",
    "L11_2016": "TRIED_L11_2016",
}  # fmt: skip
_NO_PURPOSE = {"OTHER"}
_NOT_OF_LAW_28 = {"OTHER", "FORCED_MARRIAGE", "FORCED_CRIMINALITY"}
_NO_MEANS_OF_LAW_28 = {"NONE", "MEANS_APOV"}
_COURTS = (JUDICIAL,)
_UNSENT = (
    ("PRS-13", ("COUNT",), BY, "entity_measure", _COURTS),
    ("PRS-14", ("COUNT",), BY, "official_stage", (INTERIOR, JUDICIAL)),
    ("PRS-15", ("COUNT",), BY, "asset", _COURTS),
    ("PRS-16", ("DENOMINATOR", "NUMERATOR"), (), "", _COURTS),
    ("PRS-17", ("NUMERATOR",), BY, "victim_relation", _COURTS),
)


def count_measures(seen: SentRows) -> list[CountedMeasure]:
    """Return the measures, all recorded by region."""
    return [
        *_case_measures(seen),
        *_trial_measures(seen),
        *_accused_measures(seen),
        _child_measure(seen),
        *unsent_measures(_UNSENT),
    ]


# Case files


class _JusticeCase(NamedTuple):
    token: str
    records: list[Row]
    place: Place


def _cases(seen: SentRows) -> list[_JusticeCase]:
    files: dict[str, list[Row]] = defaultdict(list)
    for row in seen.rows("cases"):
        files[row["case_token"]].append(row)
    return [
        _JusticeCase(
            token, records, {"ref_area": region(records), "time_period": first_known(records, "reported_date").year}
        )
        for token, records in files.items()
    ]


def _case_measures(seen: SentRows) -> Iterator[CountedMeasure]:
    cases = _cases(seen)
    answered = {
        field: answered_years(case.place for case in cases if first_known(case.records, field) is not None)
        for field in ("channel_code", "law_code", "recruitment_code")
    }
    channels = [case.place | {BY[0]: f"CHANNEL_{first_known(case.records, 'channel_code') or 'U'}"} for case in cases]
    opened = [
        case.place | {"form": form(case.records)} for case in cases if first_known(case.records, "law_code") == _LAW_28
    ]
    online = [case.place for case in cases if _is_online(case.records)]
    by = (INTERIOR,)
    yield CountedMeasure(("PRS-01", "COUNT"), BY, "channel", by, channels, answered["channel_code"])
    yield CountedMeasure(("PRS-02", "COUNT"), ("form",), "", by, opened, answered["law_code"])
    yield CountedMeasure(("PRS-12", "NUMERATOR"), (), "", by, online, answered["recruitment_code"])


def _is_online(records: Sequence[Row]) -> bool:
    articles = str(first_known(records, "article_codes") or "").split(";")
    return first_known(records, "recruitment_code") == "SOCIAL_MEDIA" or "A7" in articles


def _trial_measures(seen: SentRows) -> list[CountedMeasure]:
    verdicts: dict[str, list[Row]] = defaultdict(list)
    for row in seen.rows("judgments"):
        verdicts[row["case_token"]].append(row)
    tried: list[Place] = []
    substituted: list[Place] = []
    waited: list[Place] = []
    followed = _followed_years(seen, 2)
    for case in _cases(seen):
        purposes = set(str(first_known(case.records, "exploitation_codes") or "OTHER").split(";"))
        judged = verdicts.get(case.token)
        if not purposes - _NO_PURPOSE:
            continue
        is_followed = (case.place["ref_area"], case.place["time_period"]) in followed
        if not judged:
            waited += [case.place | {BY[0]: "D_GE_731"}] if is_followed else []
            continue
        verdict: date = min(row["verdict_date"] for row in judged)
        days = (verdict - first_known(case.records, "reported_date")).days
        if days < 0:
            continue
        place = {"ref_area": case.place["ref_area"], "time_period": verdict.year}
        tried.append(place | {BY[0]: duration_band(days)})
        waited += [case.place | {BY[0]: duration_band(days)}] if is_followed else []
        laws = {row["law_code"] for row in judged if row["law_code"]}
        others = {_TRIED.get(law, "TRIED_OTHER_LAW") for law in laws}
        if laws and _LAW_28 not in laws:
            substituted.append(place | {BY[0]: others.pop() if len(others) == 1 else "TRIED_SEVERAL_LAWS"})
    return [
        CountedMeasure(("PRS-10", "NUMERATOR"), BY, "trial_law", (JUDICIAL,), substituted),
        CountedMeasure(("PRS-11", "COUNT"), BY, "duration", (JUDICIAL,), tried),
        CountedMeasure(("PRS-20", "COUNT"), BY, "duration", (JUDICIAL,), waited, followed),
    ]


def _followed_years(seen: SentRows, more: int) -> Answered:
    """Return the years that the federal courts reported, with this many years after: they always report whole years."""
    years = {year for body, year in seen.reported if body == JUDICIAL}
    return frozenset((FEDERAL, year) for year in years if set(range(year, year + more + 1)) <= years)


# Accused persons


def _accused_measures(seen: SentRows) -> list[CountedMeasure]:
    prosecuted: list[Place] = []
    cohort: list[Place] = []
    aggravated: list[Place] = []
    sentenced: list[Place] = []
    delayed: list[Place] = []
    followed = _followed_years(seen, 3)
    for records in seen.facts("accused_number", "judgments", "accused"):
        contact, verdict = first_known(records, "contact_date"), first_known(records, "verdict_date")
        where = {"ref_area": region(records)}
        trial = next((row for row in records if row.get("verdict_date")), None)
        stage = _stage(records, trial)
        if verdict:
            person = {
                "sex": sex(records),
                "age": age(records, contact or first_known(records, "prosecuted_date") or verdict),
            }
            prosecuted.append(where | {"time_period": verdict.year} | person)
        if contact and stage:
            cohort.append(where | {"time_period": contact.year, BY[0]: stage})
        if trial and stage == "TRIAL_CONVICTED_L28":
            days = (trial["verdict_date"] - contact).days if contact else -1
            delay = _delay(days) if contact and (where["ref_area"], contact.year) in followed else None
            delayed += [where | {"time_period": contact.year, BY[0]: delay}] if delay else []
            judged = where | {"time_period": verdict.year}
            sentenced.append(judged | {BY[0]: _sentence(trial)})
            circumstance = _circumstance(trial["article_codes"])
            aggravated += [judged | {BY[0]: circumstance}] if circumstance else []
    by = (JUDICIAL,)
    return [
        CountedMeasure(("PRS-04", "COUNT"), ("sex", "age"), "", by, prosecuted),
        CountedMeasure(("PRS-06", "NUMERATOR"), BY, "trial", by, cohort),
        CountedMeasure(("PRS-08", "NUMERATOR"), BY, "circumstance", by, aggravated),
        CountedMeasure(("PRS-09", "NUMERATOR"), BY, "sentence", by, sentenced),
        CountedMeasure(("PRS-19", "NUMERATOR"), BY, "conviction_delay", by, delayed, followed),
    ]


def _delay(days: int) -> str | None:
    year = next((year for year in (1, 2, 3) if 0 <= days <= 365 * year), None)
    return f"CONVICTED_YEAR_{year}" if year else None


def _stage(records: Sequence[Row], trial: Row | None) -> str | None:
    if trial is None:
        return "TRIAL_PENDING" if first_known(records, "status_code") in ("PROSECUTED", "CONVICTED") else None
    if trial["verdict_code"] != "CONVICTED":
        return "TRIAL_NOT_CONVICTED"
    return "TRIAL_CONVICTED_L28" if trial["law_code"] == _LAW_28 else "TRIAL_CONVICTED_OTHER"


def _circumstance(article_codes: str) -> str | None:
    articles = set(article_codes.split(";"))
    cited = {code for code in articles if code.startswith("A6_")}
    if "A8" in articles or not cited:
        return None
    others = cited - {"A6_2"}
    if len(others) > 1:
        return "CIRCUMSTANCE_SEVERAL"
    circumstance = (others or cited).pop()[1:]
    return f"CIRCUMSTANCE_{'6_6_8' if circumstance in ('6_6', '6_8') else circumstance}"


def _sentence(trial: Row) -> str:
    years = trial["sentence_years"] or 0
    if trial["is_suspended"] == "Y":
        return "SENTENCE_SUSPENDED"
    if "A8" in trial["article_codes"].split(";") or years >= 20:
        return "SENTENCE_GE_20"
    if years >= 5:
        return "SENTENCE_10_19" if years >= 10 else "SENTENCE_5_9"
    return "SENTENCE_LT_5" if years else "SENTENCE_NO_TERM"


# Children


def _child_measure(seen: SentRows) -> CountedMeasure:
    missed: list[Place] = []
    answered: set[tuple[str, int]] = set()
    for records in seen.victim_events():
        start = first_day(records)
        place: Place = {"ref_area": region(records), "time_period": start.year}
        if not first_known(records, "act_codes"):
            continue
        answered.add((place["ref_area"], start.year))
        gap = _gap(records) if age(records, start) == "Y0T17" else None
        missed += [place | {BY[0]: gap}] if gap else []
    holders = (INTERIOR, JUDICIAL, KURDISTAN)
    return CountedMeasure(("PRS-18", "NUMERATOR"), BY, "definition_gap", holders, missed, frozenset(answered))


def _gap(records: Sequence[Row]) -> str | None:
    """Return what Law 28 misses of a child with an act; None if it misses nothing, or the Protocol does too."""
    purposes = set(str(first_known(records, "exploitation_codes") or "OTHER").split(";"))
    means = set(str(first_known(records, "means_codes") or "").split(";")) - {""}
    has_means = bool(means - _NO_MEANS_OF_LAW_28)
    if not purposes - _NO_PURPOSE or (has_means and purposes - _NOT_OF_LAW_28):
        return None
    if means and not has_means:
        return "GAP_NO_MEANS"
    return "GAP_NOT_RECORDED" if purposes - _NOT_OF_LAW_28 else "GAP_PURPOSE_NOT_LISTED"
