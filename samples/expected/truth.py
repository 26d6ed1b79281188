"""The expected base cells of every indicator, counted straight from what each agency could have seen.

Belongs here: the shared semantics (which records are one event, whose value counts, which year, area, age and form),
implemented a second time, in plain Python over the canonical rows of the deliveries, independent of dbt and of
`ingestion` except for its calendar of working days. Does not belong here: published totals, rounding, shares.

Zeros are implied: a cell that is not among the rows, in a year of the calendar and an area that some holder reported
on, is 0 with status `A`. Cells with status `O` (no holder reported) or `Q` (masked by the publisher) are all included.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product, repeat
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
    PERIOD_FIELDS,
    RESIDENCE,
    TASK_FORCE,
    LetterDelivery,
    Row,
)
from samples.expected import truth_of_justice, truth_of_shelter, truth_of_society, truth_of_victims
from samples.expected.reading import AMBIGUOUS, FEDERAL, FEDERAL_UNKNOWN, FORMS, REGION, REGION_LEAVES, UNKNOWN
from samples.expected.reading import age as _age
from samples.expected.reading import area as _area
from samples.expected.reading import first_known as _first
from samples.expected.reading import form as _form
from samples.expected.reading import sex as _sex
from samples.life.country import Country
from samples.views import deliveries

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
CATEGORIES = {
    "sex": ("F", "M", UNKNOWN),
    "age": ("Y0T17", "Y_GE18", AMBIGUOUS, UNKNOWN),
    "form": FORMS,
    "article": ("A5_1", "A5_2", "A6", "A7", "A8", "A9", "A_OTHER"),
    "citizenship": ("IRQ", "FOREIGN", UNKNOWN),
    **truth_of_justice.LISTS,
    **truth_of_shelter.LISTS,
    **truth_of_victims.LISTS,
    **truth_of_society.LISTS,
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
_SHAPES = {
    "judgments": "accused", "identifications": "victims", "shelter_register": "services", "glotip": "counts",
    "workload": "counts", "region_victims": "victims", "caseload": "victims",
}  # fmt: skip
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


@dataclass(frozen=True)
class TrueMeasure:
    """One measure of an indicator: its dimensions, its agencies, and whether it is recorded by region only.

    `breakdown` is the code list of `cust_breakdown`.
    """

    indicator: str
    measure: str
    dimensions: tuple[str, ...]
    holders: tuple[str, ...]
    by_region: bool = False
    breakdown: str = ""


_BY_VICTIM, _BY_PERSON = ("sex", "age", "form"), ("sex", "age")
RATED = TrueMeasure("PRT-04", "COUNT", _BY_PERSON, (INTERIOR, JUDICIAL, KURDISTAN), by_region=True)
PRESUMED = TrueMeasure("PRT-01", "COUNT", _BY_VICTIM, (INTERIOR, JUDICIAL, KURDISTAN))
IDENTIFIED = TrueMeasure("PRT-02", "COUNT", _BY_VICTIM, (JUDICIAL,))
COHORT_IDENTIFIED = TrueMeasure("PRT-03", "NUMERATOR", _BY_VICTIM, (JUDICIAL,))
ASKED = TrueMeasure("PRT-08", "DENOMINATOR", _BY_PERSON, (LABOUR,))
ADMITTED = TrueMeasure("PRT-08", "NUMERATOR", _BY_PERSON, (LABOUR,))
CHARGED = TrueMeasure("NCR-01", "NUMERATOR", _BY_VICTIM, (INTERIOR, JUDICIAL))
SUSPECTS = TrueMeasure("PRS-03", "COUNT", _BY_PERSON, (INTERIOR,))
CONVICTED = TrueMeasure("PRS-05", "COUNT", _BY_PERSON, (JUDICIAL,))
ARTICLES = TrueMeasure("PRS-07", "NUMERATOR", ("article",), (JUDICIAL,))


Linked = Mapping[tuple[str, str, int], str]
"""File, table and number of the event of a row without a pseudonymous ID -> the ID that linking assigned to it."""


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
    seen = _SentRows(sent, linked)
    years = range(country.first_year, max((year for _, year in seen.reported), default=country.first_year - 1) + 1)
    rows: list[tuple[Any, ...]] = []
    for measure, cells in [*_victim_cells(seen), *_accused_cells(seen), *_shelter_cells(seen)]:
        rows += [(measure.indicator, measure.measure, *cell, count, "A") for cell, count in Counter(cells).items()]
        rows += [
            (measure.indicator, measure.measure, *cell, None, "O") for cell in _unreported_cells(measure, seen, years)
        ]
    for counted in [
        *truth_of_justice.count_measures(seen),
        *truth_of_victims.count_measures(seen),
        *truth_of_society.count_measures(seen),
    ]:
        measure = TrueMeasure(*counted.name, counted.dimensions, counted.holders, True, counted.breakdown)
        missing = set(_unreported_cells(measure, seen, years, counted.answered))
        cells = Counter(TrueCell(**place) for place in counted.places)
        rows += [(*counted.name, *cell, count, "A") for cell, count in cells.items() if cell not in missing]
        rows += [(*counted.name, *cell, None, "O") for cell in missing]
    for counted in truth_of_shelter.count_measures(seen):
        measure = TrueMeasure(*counted.name, counted.dimensions, (LABOUR,), True, counted.breakdown)
        rows += [(*counted.name, *cell, amount, "A") for cell, amount in _amounts(counted, seen).items() if amount]
        rows += [
            (*counted.name, *cell, None, "O") for cell in _unreported_cells(measure, seen, years, counted.answered)
        ]
    rows += _timely_reports(sent, years)
    rows += _published_totals(seen, years)
    made = pd.DataFrame(rows, columns=list(COLUMNS))
    made = made.astype({"obs_value": "Int64", "time_period": str})
    return made.sort_values(list(COLUMNS[:-2]), ignore_index=True)


class _SentRows:
    """The rows that count: per source, shape and period those of the file sent last; unreadable rows do not count."""

    def __init__(self, sent: Sequence[LetterDelivery], linked: Linked) -> None:
        latest: dict[tuple[str, str, int], int] = {}
        readable: list[tuple[int, str, str, int, Row]] = []
        for place, delivery in enumerate(sent):
            for table, rows in delivery.tables.items():
                for row in rows:
                    if row.get("flaw"):
                        continue
                    period = row[PERIOD_FIELDS[table]]
                    year = period if isinstance(period, int) else period.year
                    latest[delivery.source, _SHAPES.get(table, table), year] = place
                    known = linked.get((delivery.file_name, table, row.get("event_number", 0)))
                    token_of_linking = {"person_token": known} if known and not row["person_token"] else {}
                    readable.append((place, delivery.source, table, year, row | token_of_linking))
        self.reported = {(source, year) for source, _, year in latest}
        self._rows: dict[str, list[Row]] = defaultdict(list)
        for place, source, table, year, row in readable:
            if latest[source, _SHAPES.get(table, table), year] == place:
                self._rows[table].append(row)
        self._rows["region_victims"] = [self._put_in_case(row) for row in self._rows["region_victims"]]

    def _put_in_case(self, row: Row) -> Row:
        """Put a row of the region, which names no case, into the one case of the person that linking assigned to it."""
        of_person = {
            record["event_number"]
            for record in self.rows("identifications", "victims")
            if row["person_token"] and record["person_token"] == row["person_token"]
        }
        return row | {"event_number": of_person.pop()} if len(of_person) == 1 else row

    def rows(self, *tables: str) -> Iterable[Row]:
        """Return the rows of these tables, one table after the other (the order of precedence)."""
        return [row for table in tables for row in self._rows[table]]

    def facts(self, number: str, *tables: str) -> list[list[Row]]:
        """Return the records of each fact: grouped by true number if they have a pseudonymous ID, else each alone."""
        facts: dict[Hashable, list[Row]] = defaultdict(list)
        for place, row in enumerate(self.rows(*tables)):
            facts[row[number] if row["person_token"] else ("alone", place)].append(row)
        return list(facts.values())


def _victim_cells(seen: _SentRows) -> list[tuple[TrueMeasure, list[TrueCell]]]:
    cells: dict[TrueMeasure, list[TrueCell]] = {
        measure: [] for measure in (PRESUMED, RATED, IDENTIFIED, COHORT_IDENTIFIED, CHARGED)
    }
    for records in seen.facts("event_number", "identifications", "victims", "region_victims"):
        contact = _first(records, "contact_date")
        identified = _first(records, "identified_date")
        year = (contact or identified).year
        place = TrueCell(_area(records), year, _sex(records), _age(records, contact or identified), _form(records))
        cells[PRESUMED].append(place)
        cells[RATED].append(TrueCell(_region_of(place.ref_area), year, place.sex, place.age))
        if identified:
            cells[IDENTIFIED].append(place._replace(time_period=identified.year))
            cells[COHORT_IDENTIFIED].append(place)
        if _first(records, "charge_law_codes"):
            cells[CHARGED].append(place)
    return list(cells.items())


def _accused_cells(seen: _SentRows) -> list[tuple[TrueMeasure, list[TrueCell]]]:
    cells: dict[TrueMeasure, list[TrueCell]] = {measure: [] for measure in (SUSPECTS, CONVICTED, ARTICLES)}
    for records in seen.facts("accused_number", "judgments", "accused"):
        contact, verdict = _first(records, "contact_date"), _first(records, "verdict_date")
        place = TrueCell(
            _area(records), 0, _sex(records), _age(records, contact or _first(records, "prosecuted_date") or verdict)
        )
        if contact:
            cells[SUSPECTS].append(place._replace(time_period=contact.year))
        trial = next((row for row in records if row.get("verdict_date")), {})
        if trial.get("verdict_code") == "CONVICTED" and trial["law_code"] == "L28_2012":
            cells[CONVICTED].append(place._replace(time_period=verdict.year))
            group = _article_group(trial["article_codes"])
            cells[ARTICLES].append(TrueCell(place.ref_area, verdict.year, article=group))
    return list(cells.items())


def _shelter_cells(seen: _SentRows) -> list[tuple[TrueMeasure, list[TrueCell]]]:
    cells: dict[TrueMeasure, list[TrueCell]] = {ASKED: [], ADMITTED: []}
    for of_person in seen.facts("person_number", "shelter_register"):
        for year in {row["request_date"].year for row in of_person}:
            requests = [row for row in of_person if row["request_date"].year == year]
            first = min(requests, key=lambda row: row["request_date"])
            place = TrueCell(_area([first]), year, _sex(requests), _age(requests, first["request_date"]))
            cells[ASKED].append(place)
            if any(row["outcome_code"] == "ADMITTED" for row in requests):
                cells[ADMITTED].append(place)
    return list(cells.items())


def _amounts(counted: truth_of_shelter.ShelterMeasure, seen: _SentRows) -> Counter[TrueCell]:
    """Return the sum of each cell, in the years that the ministry reported."""
    cells: Counter[TrueCell] = Counter()
    for place, amount in zip(counted.places, counted.amounts or repeat(1), strict=False):
        if (LABOUR, place["time_period"]) in seen.reported:
            cells[TrueCell(**place)] += amount
    return cells


def _article_group(codes: str) -> str:
    groups = {code if code in _GRAVEST_FIRST else code.split("_")[0] for code in codes.split(";") if code}
    return next((group for group in _GRAVEST_FIRST if group in groups), "A_OTHER")


def _unreported_cells(
    measure: TrueMeasure, seen: _SentRows, years: Iterable[int], answered: Collection[tuple[str, int]] | None = None
) -> Iterable[TrueCell]:
    """Return the cells that no holder could fill: an agency covers only its own region, in years that it reported.

    If `answered` is given, a region and year not among them is missing too: nobody answered the question.
    """
    names = measure.dimensions
    lists = [CATEGORIES[measure.breakdown if name == "cust_breakdown" else name] for name in names]
    categories = [dict(zip(names, values, strict=True)) for values in product(*lists)]
    for year in years:
        reported = {_region(holder) for holder in measure.holders if (holder, year) in seen.reported}
        silent = [
            region
            for region in (REGION, FEDERAL)
            if region not in reported or not (answered is None or (region, year) in answered)
        ]
        areas = silent if measure.by_region else [leaf for region in silent for leaf in _LEAVES[region]]
        yield from (TrueCell(area, year, **category) for area in areas for category in categories)


def _region_of(area: str) -> str:
    return REGION if area in REGION_LEAVES else FEDERAL


def _region(holder: str) -> str:
    return REGION if holder == KURDISTAN else FEDERAL


def _timely_reports(sent: Sequence[LetterDelivery], years: Iterable[int]) -> list[tuple[Any, ...]]:
    """Return PAR-07: one per agency and year, one more if a letter came, and one if the first did in time.

    No letter is a 0.
    """
    first_letter: dict[tuple[str, int], date] = {}
    for delivery in sent:
        first_letter.setdefault((delivery.source, delivery.period_year), delivery.letter_date)
    rows: list[tuple[Any, ...]] = []
    for year, (holder, due) in product(years, DUE.items()):
        cell = TrueCell(_region(holder), year, holder=holder)
        rows.append(("PAR-07", "DENOMINATOR", *cell, 1, "A"))
        letter = first_letter.get((holder, year))
        if letter is not None:
            rows.append(("PAR-07", "COUNT", *cell, 1, "A"))
        if letter is not None and letter < _first_late_day(holder, date(year + 1, *due)):
            rows.append(("PAR-07", "NUMERATOR", *cell, 1, "A"))
    return rows


def _first_late_day(holder: str, due: date) -> date:
    """Return the first day on which a letter is late: closed days move the due day and never count as late."""
    open_days = working_days_of(load_source(holder))
    return open_days.after(open_days.first_from(due), 1)


def _published_totals(seen: _SentRows, years: Iterable[int]) -> list[tuple[Any, ...]]:
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
