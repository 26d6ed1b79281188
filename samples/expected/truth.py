"""The expected base cells of every indicator, counted straight from what each agency could have seen.

Belongs here: the shared semantics (which records are one event, whose value counts, which year, area, age and form),
implemented a second time, in plain Python over the canonical rows of the deliveries, independent of dbt and of
`ingestion` except for its calendar of working days. Does not belong here: published totals, rounding, shares.

Zeros are implied: a cell that is not among the rows, in a year of the calendar and an area that some holder reported
on, is 0 with status `A`. Cells with status `O` (no holder reported) or `Q` (masked by the publisher, or of too few
institutions) are all included.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import product, repeat
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pandas as pd

from ingestion.cards.source_card import load_source
from ingestion.cards.working_days import working_days_of
from samples.bodies.sight import (
    INTERIOR,
    IOM,
    JUDICIAL,
    KURDISTAN,
    LABOUR,
    RESIDENCE,
    TASK_FORCE,
    LetterDelivery,
    Row,
)
from samples.expected import truth_of_justice, truth_of_shelter, truth_of_society, truth_of_victims
from samples.expected.measures import CountedMeasure, Linked, Place, SentRows
from samples.expected.reading import (
    AMBIGUOUS,
    FEDERAL,
    FEDERAL_UNKNOWN,
    FORMS,
    REGION,
    REGION_LEAVES,
    UNKNOWN,
    age,
    area,
    citizenship,
    first_day,
    first_known,
    form,
    region,
    sex,
)
from samples.life.country import Country
from samples.views import deliveries

_LISTS = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds" / "cust_breakdown.csv"
COLUMNS = (
    "indicator", "measure", "ref_area", "time_period", "sex", "age", "form", "article", "holder", "citizenship",
    "cust_breakdown", "obs_value", "obs_status",
)  # fmt: skip
TOTAL = "_T"
FEDERAL_LEAVES = (
    *(code for code in (f"IQG{number:02}" for number in range(1, 19)) if code not in REGION_LEAVES),
    FEDERAL_UNKNOWN,
)
_LEAVES = {REGION: REGION_LEAVES, FEDERAL: FEDERAL_LEAVES}


def _breakdowns() -> dict[str, tuple[str, ...]]:
    """Return the codes of each list of `cust_breakdown`: a code list is data, and is read where it stands."""
    codes: dict[str, tuple[str, ...]] = defaultdict(tuple)
    with _LISTS.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            codes[row["list"]] += (row["code"],)
    return codes


CATEGORIES = {
    "sex": ("F", "M", UNKNOWN),
    "age": ("Y0T17", "Y_GE18", AMBIGUOUS, UNKNOWN),
    "form": FORMS,
    "article": ("A5_1", "A5_2", "A6", "A7", "A8", "A9", "A_OTHER"),
    "citizenship": ("IRQ", "FOREIGN", UNKNOWN),
    **_breakdowns(),
}
DUE = {
    INTERIOR: (2, 28),
    JUDICIAL: (3, 31),
    LABOUR: (2, 15),
    TASK_FORCE: (1, 31),
    KURDISTAN: (3, 15),
    RESIDENCE: (2, 28),
    IOM: (3, 31),
}  # month and day of the year after; moved to a working day
_GRAVEST_FIRST = ("A8", "A6", "A5_2", "A5_1", "A7", "A9")


class TrueCell(NamedTuple):
    """The coordinates of one fact in an indicator's table."""

    ref_area: str
    time_period: int
    sex: str = TOTAL
    age: str = TOTAL
    form: str = TOTAL
    article: str = TOTAL
    holder: str = TOTAL
    citizenship: str = TOTAL
    cust_breakdown: str = TOTAL


_BY_VICTIM, _BY_PERSON, _BY_CITIZENSHIP = ("sex", "age", "form"), ("sex", "age"), ("citizenship",)
_CITIZENSHIP_SINCE = 2025
_AUTHORITIES = (INTERIOR, JUDICIAL, KURDISTAN)


def expected_cells(
    country: Country, *, sent_until: date | None = None, linked: Linked = MappingProxyType({})
) -> pd.DataFrame:
    """Return the base cells of all indicators from the files that counted on that day (at the end if None).

    Args:
        country: the invented country.
        sent_until: the day.
        linked: the result of linking, right or wrong: whom it should have found does not matter for these figures.

    Returns:
        Columns `COLUMNS`; `obs_value` is Int64, missing if `obs_status` is O or Q. Sorted by coordinates.
    """
    sent = [delivery for delivery in deliveries(country) if delivery.counts_on(sent_until)]
    seen = SentRows(sent, linked)
    years = range(country.first_year, max((year for _, year in seen.reported), default=country.first_year - 1) + 1)
    rows: list[tuple[Any, ...]] = []
    for measure in [
        *_victim_measures(seen),
        *_accused_measures(seen),
        *_shelter_measures(seen),
        *truth_of_justice.count_measures(seen),
        *truth_of_victims.count_measures(seen),
        *truth_of_society.count_measures(seen),
        *truth_of_shelter.count_measures(seen),
    ]:
        missing = set(_unreported_cells(measure, seen, years))
        withheld = {TrueCell(*place) for place in measure.withheld}
        amounts: Counter[TrueCell] = Counter()
        for place, amount in zip(measure.places, measure.amounts or repeat(1), strict=False):
            amounts[TrueCell(**place)] += amount
        rows += [(*measure.name, *cell, n, "A") for cell, n in amounts.items() if n and cell not in missing | withheld]
        rows += [(*measure.name, *cell, None, "O") for cell in missing]
        rows += [(*measure.name, *cell, None, "Q") for cell in withheld - missing]
    rows += _timely_reports(sent, years)
    rows += _published_totals(seen, years)
    made = pd.DataFrame(rows, columns=list(COLUMNS))
    made = made.astype({"obs_value": "Int64", "time_period": str})
    return made.sort_values(list(COLUMNS[:-2]), ignore_index=True)


def _victim_measures(seen: SentRows) -> list[CountedMeasure]:
    presumed: list[Place] = []
    identified: list[Place] = []
    cohort: list[Place] = []
    charged: list[Place] = []
    presumed_groups: list[Place] = []
    identified_groups: list[Place] = []
    for records in seen.victim_events():
        start, decided = first_day(records), first_known(records, "identified_date")
        place = _place(records, start.year, start) | {"form": form(records)}
        presumed.append(place)
        identified += [place | {"time_period": decided.year}] if decided else []
        cohort += [place] if decided else []
        charged += [place] if first_known(records, "charge_law_codes") else []
        presumed_groups += _citizenship_places(records, start.year)
        identified_groups += _citizenship_places(records, decided.year) if decided else []
    rated = [
        {name: place[name] for name in ("time_period", *_BY_PERSON)} | {"ref_area": _region_of(place["ref_area"])}
        for place in presumed
    ]
    return [
        _by_area(("PRT-01", "COUNT"), _BY_VICTIM, _AUTHORITIES, presumed),
        CountedMeasure(("PRT-04", "COUNT"), _BY_PERSON, "", _AUTHORITIES, rated),
        _by_area(("PRT-02", "COUNT"), _BY_VICTIM, (JUDICIAL,), identified),
        _by_citizenship(("PRT-31", "COUNT"), _AUTHORITIES, presumed_groups),
        _by_citizenship(("PRT-32", "COUNT"), (JUDICIAL,), identified_groups),
        _by_area(("PRT-03", "NUMERATOR"), _BY_VICTIM, (JUDICIAL,), cohort),
        _by_area(("NCR-01", "NUMERATOR"), _BY_VICTIM, (INTERIOR, JUDICIAL), charged),
    ]


def _accused_measures(seen: SentRows) -> list[CountedMeasure]:
    suspects: list[Place] = []
    convicted: list[Place] = []
    articles: list[Place] = []
    convicted_groups: list[Place] = []
    for records in seen.facts("accused_number", "judgments", "accused"):
        contact, verdict = first_known(records, "contact_date"), first_known(records, "verdict_date")
        day = contact or first_known(records, "prosecuted_date") or verdict
        suspects += [_place(records, contact.year, day)] if contact else []
        trial = next((row for row in records if row.get("verdict_date")), {})
        if trial.get("verdict_code") == "CONVICTED" and trial["law_code"] == "L28_2012":
            place = _place(records, verdict.year, day)
            convicted.append(place)
            convicted_groups += _citizenship_places(records, verdict.year)
            where = {name: place[name] for name in ("ref_area", "time_period")}
            articles.append(where | {"article": _article_group(trial["article_codes"])})
    return [
        _by_area(("PRS-03", "COUNT"), _BY_PERSON, (INTERIOR,), suspects),
        _by_area(("PRS-05", "COUNT"), _BY_PERSON, (JUDICIAL,), convicted),
        _by_citizenship(("PRS-21", "COUNT"), (JUDICIAL,), convicted_groups),
        _by_area(("PRS-07", "NUMERATOR"), ("article",), (JUDICIAL,), articles),
    ]


def _shelter_measures(seen: SentRows) -> list[CountedMeasure]:
    asked: list[Place] = []
    admitted: list[Place] = []
    for of_person in seen.facts("person_number", "shelter_register"):
        for year in {row["request_date"].year for row in of_person}:
            requests = [row for row in of_person if row["request_date"].year == year]
            first = min(requests, key=lambda row: row["request_date"])
            place = _place(requests, year, first["request_date"]) | {"ref_area": area([first])}
            asked.append(place)
            admitted += [place] if any(row["outcome_code"] == "ADMITTED" for row in requests) else []
    return [
        _by_area(("PRT-08", "DENOMINATOR"), _BY_PERSON, (LABOUR,), asked),
        _by_area(("PRT-08", "NUMERATOR"), _BY_PERSON, (LABOUR,), admitted),
    ]


def _by_area(
    name: tuple[str, str], dimensions: tuple[str, ...], holders: tuple[str, ...], places: Sequence[Place]
) -> CountedMeasure:
    return CountedMeasure(name, dimensions, "", holders, places, by_region=False)


def _by_citizenship(name: tuple[str, str], holders: tuple[str, ...], places: Sequence[Place]) -> CountedMeasure:
    return CountedMeasure(name, _BY_CITIZENSHIP, "", holders, places, first_year=_CITIZENSHIP_SINCE)


def _citizenship_places(records: Sequence[Row], year: int) -> list[Place]:
    """Return the place of a fact by citizenship; none before the first year that is broken down so."""
    place = {"ref_area": region(records), "time_period": year, "citizenship": citizenship(records)}
    return [place] if year >= _CITIZENSHIP_SINCE else []


def _place(records: Sequence[Row], year: int, day: date) -> Place:
    return {"ref_area": area(records), "time_period": year, "sex": sex(records), "age": age(records, day)}


def _article_group(codes: str) -> str:
    groups = {code if code in _GRAVEST_FIRST else code.split("_")[0] for code in codes.split(";") if code}
    return next((group for group in _GRAVEST_FIRST if group in groups), "A_OTHER")


def _unreported_cells(measure: CountedMeasure, seen: SentRows, years: Iterable[int]) -> Iterator[TrueCell]:
    """Yield the cells that no holder could fill: an agency covers only its own region, in years that it reported.

    A region and year that did not answer the measure's question is missing too.
    """
    names = measure.dimensions
    lists = [CATEGORIES[measure.breakdown if name == "cust_breakdown" else name] for name in names]
    categories = [dict(zip(names, values, strict=True)) for values in product(*lists)]
    for year in (year for year in years if year >= measure.first_year):
        reported = {_region(holder) for holder in measure.holders if (holder, year) in seen.reported}
        silent = [
            area_region
            for area_region in (REGION, FEDERAL)
            if area_region not in reported or not (measure.answered is None or (area_region, year) in measure.answered)
        ]
        areas = silent if measure.by_region else [leaf for region in silent for leaf in _LEAVES[region]]
        yield from (TrueCell(area, year, **category) for area in areas for category in categories)


def _region_of(area: str) -> str:
    return REGION if area in REGION_LEAVES else FEDERAL


def _region(holder: str) -> str:
    return REGION if holder == KURDISTAN else FEDERAL


def _timely_reports(sent: Sequence[LetterDelivery], years: Iterable[int]) -> list[tuple[Any, ...]]:
    """Return PAR-07: one per agency and year, one more if a letter came, and one if the year was whole in time.

    No letter is a 0. A letter of the year itself cannot bear the whole of it.
    """
    came: set[tuple[str, int]] = set()
    whole_by: dict[tuple[str, int], date] = {}
    for delivery in sent:
        came.add((delivery.source, delivery.period_year))
        if delivery.letter_date.year > delivery.period_year:
            whole_by.setdefault((delivery.source, delivery.period_year), delivery.letter_date)
    rows: list[tuple[Any, ...]] = []
    for year, (holder, due) in product(years, DUE.items()):
        cell = TrueCell(_region(holder), year, holder=holder)
        rows.append(("PAR-07", "DENOMINATOR", *cell, 1, "A"))
        if (holder, year) in came:
            rows.append(("PAR-07", "COUNT", *cell, 1, "A"))
        letter = whole_by.get((holder, year))
        if letter is not None and letter < _first_late_day(holder, date(year + 1, *due)):
            rows.append(("PAR-07", "NUMERATOR", *cell, 1, "A"))
    return rows


def _first_late_day(holder: str, due: date) -> date:
    """Return the first day on which a letter is late: closed days move the due day and never count as late."""
    open_days = working_days_of(load_source(holder))
    return open_days.after(open_days.first_from(due), 1)


def _published_totals(seen: SentRows, years: Iterable[int]) -> list[tuple[Any, ...]]:
    """Return PAR-10: UNODC's total of detected victims of each year; O without one, Q if it is masked."""
    total = ("Detected trafficking victims", "Total", "Total", "Total", "Total")
    figures: Mapping[int, int | str] = {
        row["reference_year"]: row["figure"]
        for row in seen.rows("glotip")
        if row["reporting_area"] == "IRQ" and row["cell"] == total
    }
    rows: list[tuple[Any, ...]] = []
    for year in years:
        figure = figures.get(year)
        status = "O" if figure is None else "A" if isinstance(figure, int) else "Q"
        rows.append(("PAR-10", "COUNT", *TrueCell("IQ", year), figure if status == "A" else None, status))
    return rows
