"""What UNODC publishes of the invented country: an invented file in the layout of its published workbook.

Belongs here: the figures of each release, two lands that do not exist, masked, missing and revised figures.
Does not belong here: the layout of the workbook (`workbooks.py`). No real figure of UNODC appears here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

from samples.bodies.sight import UNODC, LetterDelivery, Row, federal_events
from samples.life.chance import RandomStream
from samples.life.country import Country

_RELEASES = {date(2020, 5, 29): 2018, date(2023, 5, 30): 2021, date(2025, 5, 30): 2023, date(2026, 4, 15): 2024}
_MASKED, _MISSING = 2016, 2019  # the total of that year is `<5`; there is no row of that year
_REVISED, _REVISED_FROM = 2018, 2023


def deliveries(country: Country) -> list[LetterDelivery]:
    """Return the releases; each repeats all earlier years."""
    counts = _published_counts(country)
    releases = {letter: last for letter, last in _RELEASES.items() if country.first_year <= last <= country.last_year}
    return [_file(counts, letter, last) for letter, last in releases.items()]


def _file(counts: list[Row], letter: date, last: int) -> LetterDelivery:
    rows = [row for row in counts if row["reference_year"] <= last and row["first_release"] <= letter.year]
    latest = {(row["reporting_area"], row["reference_year"], row["cell"]): row for row in rows}
    name = f"glotip_{letter.year}.xlsx"
    return LetterDelivery(UNODC, letter.year, "first", letter, name, {"glotip": tuple(latest.values())})


def _published_counts(country: Country) -> list[Row]:
    """Return UNODC's cells of all years; a revised figure comes after the one it replaces."""
    identified: dict[int, list[Row]] = defaultdict(list)
    for event in federal_events(country):
        if event["identified_date"] is not None:
            identified[event["identified_date"].year].append(event)
    rows: list[Row] = []
    for year in range(country.first_year, country.last_year + 1):
        rows.extend(_invented_lands(country, year))
        if year == _MISSING:
            continue
        chance = RandomStream(country.seed, f"glotip {year}")
        # figures reported to UNODC never quite equal the courts' counts: cut-off dates, other sources
        reported = [event for event in identified[year] if chance.flip(0.93)]
        total: int | str = "<5" if year == _MASKED else len(reported) + chance.between(-4, 12)
        rows.append(_cell("IRQ", year, total))
        if year == _REVISED:
            rows.append({**_cell("IRQ", year, len(reported) + 15), "first_release": _REVISED_FROM})
        rows.extend([] if year == _MASKED else _breakdowns(reported, year))
    return rows


def _breakdowns(reported: list[Row], year: int) -> list[Row]:
    sexes, words = {"F": "Female", "M": "Male"}, {True: "0 to 17 years", False: "18 years or over"}
    forms = {"SEXUAL": "Sexual exploitation", "FORCED_LABOUR": "Forced labour"}
    by_sex_age = Counter((sexes[event["sex_code"]], words[year - event["birth_year"] < 18]) for event in reported)
    by_form = Counter(forms.get(event["form_code"], "Other forms of exploitation") for event in reported)
    nationals = sum(event["citizenship_code"] == "IRQ" for event in reported)
    rows = [_cell("IRQ", year, count, sex=sex, age=age) for (sex, age), count in sorted(by_sex_age.items())]
    rows += [
        _cell("IRQ", year, count, dimension="by form of exploitation", category=form)
        for form, count in sorted(by_form.items())
    ]
    rows.append(_cell("IRQ", year, nationals, dimension="by citizenship", category="Nationals"))
    return rows


def _invented_lands(country: Country, year: int) -> list[Row]:
    chance = RandomStream(country.seed, f"invented lands {year}")
    rows = [_cell("XKA", year, chance.between(1100, 2400)), _cell("XKB", year, chance.between(0, 40))]
    rows.append(_cell("XKA", year, chance.between(900, 1300), measure="Persons convicted"))
    rows.append(_cell("XKB", year, chance.between(0, 9), sex="Female", age="0 to 17 years"))
    return rows


def _cell(
    area: str,
    year: int,
    figure: int | str,
    *,
    measure: str = "Detected trafficking victims",
    dimension: str = "Total",
    category: str = "Total",
    sex: str = "Total",
    age: str = "Total",
) -> Row:
    return {
        "reporting_area": area,
        "measure": measure,
        "dimension": dimension,
        "category": category,
        "sex_label": sex,
        "age_label": age,
        "reference_year": year,
        "figure": "<5" if isinstance(figure, int) and 0 < figure < 5 else figure,
        "cell": (measure, dimension, category, sex, age),
        "first_release": 0,
    }
