"""Random legal raw rows: every blank that a shape allows, every code, two bodies of one person, borders of age.

Belongs here: rows as the landing may write them, submissions that replace others, bodies that stay silent.
Does not belong here: what they count to.
"""

from __future__ import annotations

import datetime
import random
from typing import Any

import yaml

from tests.dbt_project.invented_raw import HOUSE, RawFiles, Row

YEARS = range(2008, 2029)
"""Four of them from 2025 on, where some indicators begin."""
_COURT = "iraq_judicial_council"
FOLLOWED = range(2010, 2022)
_BLANK_SHARE = 0.25
_BODIES = {
    "iraq_interior_ministry": ("IQ-FED", ("victims", "accused", "cases")),
    _COURT: ("IQ-FED", ("victims", "accused", "counts")),
    "kurdistan_interior_ministry": ("IQ-KR", ("victims", "accused", "cases")),
    "iraq_labour_ministry": ("IQ-FED", ("services", "facilities", "residence_measures")),
    "iraq_residence_directorate": ("IQ-FED", ("residence_measures",)),
    "task_force_activities": ("IQ-FED", ("activities",)),
    "iom_caseload": ("IQ-FED", ("victims",)),
    "basra_shelter": (None, ("victims", "services")),
    "unodc_glotip": (None, ("counts",)),
}
_DATES = {
    **{"victims": "contact_date", "accused": "contact_date", "cases": "reported_date", "services": "request_date"},
    **{"activities": "activity_date", "residence_measures": "measure_date"},
}
_SIZES = {
    **{"victims": 22, "accused": 18, "cases": 8, "services": 20, "activities": 60, "residence_measures": 30},
    **{"facilities": 12, "counts": 6},
}
_LABELS = {
    **{"facility_code": ["D1", "D2", "D3", "D4"]},
    **{"figure_source": ["GLOTIP"], "unit_label": ["Counts"], "reporting_unit": ["court 1", "court 2"]},
}
_OFTEN = {
    "residence_reason": ["PROSTITUTION", "ARMED_GROUP"],
    "residence_action": ["REFORMATORY", "DETENTION"],
    "activity_type": ["MEETING"],
    "organising_body": ["CENTRAL_COMMITTEE", "SUB_COMMITTEE"],
    "verdict": ["CONVICTED"],
}
_ARTICLES = ["A5_1", "A5_2", "A6", *(f"A6_{number}" for number in range(1, 10)), "A7", "A8", "A9"]


class Chance:
    """One seed's rows."""

    def __init__(self, seed: int) -> None:
        """Begin the sequence of `seed`."""
        self.random = random.Random(seed)
        self.codes: dict[str, list[str]] = {}
        self.activities = 0
        self.cards = {
            path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
            for path in (HOUSE / "ingestion" / "shapes").glob("*.yml")
        }

    def row(self, shape: str, year: int, body: str) -> Row:
        """Return one row of `shape` about `year`."""
        row: Row = {"period": str(year)}
        for name, spec in self.cards[shape]["fields"].items():
            if name == "person_token":
                row[name] = self._person(shape, year)
            elif name == "activity_code":
                self.activities += 1
                row[name] = f"A {self.activities}"
            elif name == "case_token":
                row[name] = f"c{self._near(year)}{self.random.randrange(6)}"
            else:
                row |= self._cell(name, spec, year)
            if not spec.get("required") and self.random.random() < _BLANK_SHARE:
                row |= dict.fromkeys(self._columns(name, spec))
        return _settled(row, shape, year, body)

    def _near(self, year: int) -> int:
        """Persons and cases live about three years."""
        return year // 3

    def _person(self, shape: str, year: int) -> str:
        kind = "a" if shape == "accused" else "p"
        return f"{kind}{self._near(year)}{self.random.randrange(25)}"

    def _columns(self, name: str, spec: dict[str, Any]) -> list[str]:
        if spec["type"] == "age":
            return ["age_years", "birth_year", "age_group_code", "age_method"]
        if spec["type"] == "citation":
            return ["citation", "law_codes", "article_codes"]
        return [name]

    def _cell(self, name: str, spec: dict[str, Any], year: int) -> Row:
        kind = spec["type"]
        if kind == "age":
            return self._age(year)
        if kind == "citation":
            return self._citation()
        if kind == "date":
            return {name: self._day(year)}
        if kind in ("code", "codes"):
            return {name: self._code(spec["codes"], several=kind == "codes")}
        if kind == "integer":
            low, high = spec.get("minimum", 0), min(spec.get("maximum", 400), 400)
            return {name: self.random.choice([low, low + 1, self.random.randint(low, high)]), f"{name}_mark": "value"}
        if kind == "decimal":
            return {name: self.random.choice([0.0, 0.5, 4.99, 5.0, 9.5, 10.0, 19.99, 20.0, 25.0])}
        return {name: year if kind == "year" else self.random.choice(_LABELS.get(name, ["label 1", "label 2"]))}

    def _age(self, year: int) -> Row:
        kind = self.random.choice(["years", "birth_year", "label", "unknown"])
        row: Row = {"age_method": kind, "age_years": None, "birth_year": None, "age_group_code": None}
        if kind == "years":
            row["age_years"] = self.random.choice([16, 17, 18, 19, 4, 5, 6, 11, 12, self.random.randrange(70)])
        elif kind == "birth_year":
            row["birth_year"] = year - self.random.choice(
                [16, 17, 18, 19, 20, 5, 6, 7, 12, 13, self.random.randrange(70)]
            )
        elif kind == "label":
            row["age_group_code"] = self.random.choice(["Y0T17", "Y_GE18"])
        return row

    def _citation(self) -> Row:
        laws = self.random.sample(["L28_2012", *self._list("law")], self.random.choice([1, 1, 1, 2]))
        if self.random.random() < 0.5:
            laws = sorted({*laws, "L28_2012"})
        articles = self.random.sample(_ARTICLES, self.random.randrange(4)) if "L28_2012" in laws else []
        return {
            "citation": "cited",
            "law_codes": ";".join(sorted(laws)),
            "article_codes": ";".join(sorted(articles)) or None,
        }

    def _day(self, year: int) -> datetime.date:
        """A day of the year or of a neighbour; year ends and 29 February more often than by chance."""
        year += self.random.choice([0, 0, 0, 0, 0, 0, 1, -1])
        edges = [
            datetime.date(year, 1, 1),
            datetime.date(year, 12, 31),
            datetime.date(year, 3, 1),
            datetime.date(year, 2, 28),
        ]
        return self.random.choice([*edges, *(self._any_day(year) for _ in range(12))])

    def _any_day(self, year: int) -> datetime.date:
        return datetime.date(year, 1, 1) + datetime.timedelta(days=self.random.randrange(365))

    def _list(self, name: str) -> list[str]:
        if name not in self.codes:
            loaded = yaml.safe_load((HOUSE / "ingestion" / "codes" / f"{name}.yml").read_text(encoding="utf-8"))
            self.codes[name] = [str(code) for code in loaded]
        return self.codes[name]

    def _code(self, name: str, *, several: bool) -> str:
        codes = self._list(name)
        if name == "citizenship":
            codes = self.random.choice([["IRQ"], codes])
        often = _OFTEN.get(name, [])
        codes = self.random.choice([codes, codes, codes, often]) if often else codes
        if name == "governorate":
            codes = [code for code in codes if code.startswith("IQG")]
        if not several:
            return self.random.choice(codes)
        chosen = self.random.sample(codes, min(len(codes), self.random.choice([1, 1, 2, 3])))
        return "NONE" if "NONE" in chosen else ";".join(sorted(chosen))


_AGENCY, _CHILDREN = ("AGENCY_INSPECTION",), ("INSPECTION", "CHILD_SCREENING", "DOCUMENTATION")
_ONLY_OF = {
    "contact_count": ("HOTLINE",),
    "referral_count": ("HOTLINE", "INSPECTION"),
    "inspected_count": ("INSPECTION", *_AGENCY),
    "violation_count": ("INSPECTION", *_AGENCY),
    "sanctioned_count": _AGENCY,
    "closed_count": _AGENCY,
    "licensed_count": _AGENCY,
    "found_child_count": _CHILDREN,
    "helped_child_count": _CHILDREN,
    "pre_test_mark": ("TRAINING",),
    "post_test_mark": ("TRAINING",),
}
_OF_WHAT_WAS_HELD = (*_ONLY_OF, "men_count", "women_count")


def _sensible(row: Row) -> Row:
    """Leave blank what the guideline of an activity wants blank: counts of another kind, and of what was not held."""
    kind, held = row["activity_type_code"], row["is_held"] != "N"
    wrong = [field for field, kinds in _ONLY_OF.items() if kind not in kinds]
    return row | dict.fromkeys(wrong if held else _OF_WHAT_WAS_HELD)


def _settled(row: Row, shape: str, year: int, body: str) -> Row:
    """Keep to what the landing keeps to: the day of the period lies in it, IOM is no contact with the state."""
    row = _sensible(row) if shape == "activities" else row
    field = _DATES.get(shape)
    if body == _COURT:
        field = {"victims": "identified_date", "accused": "verdict_date"}.get(shape, field)
    if body == "iom_caseload":
        field = "registered_date"
        row |= dict.fromkeys(("contact_date", "presumed_by_code", "identified_by_code", "identified_date"))
    elif shape == "victims":
        row["registered_date"] = None
    if field and row[field]:
        row[field] = (
            row[field].replace(year=year, day=min(row[field].day, 28))
            if row[field].month == 2
            else row[field].replace(year=year)
        )
    return row | {"reference_year": year} if "reference_year" in row else row


def land_at_random(raw: RawFiles, seed: int) -> None:
    """Land the exports of all bodies: late, corrected, partial and missing ones among them."""
    chance = Chance(seed)
    sequence = 0
    for body, (region, shapes) in _BODIES.items():
        if region:
            expected = [year for year in YEARS if chance.random.random() < 0.9 or (body == _COURT and year in FOLLOWED)]
            raw.expect(body, *expected, region=region, due=chance.random.choice(["02-15", "03-31"]))
        for year in YEARS:
            if chance.random.random() < 0.15:
                continue
            for is_current in [False, True] if chance.random.random() < 0.2 else [True]:
                sequence += 1
                _land(raw, chance, body, shapes, year, sequence, is_current=is_current)
    _follow(raw, Chance(seed + 1), sequence)
    _keep_what_nothing_replaced(raw)


def _keep_what_nothing_replaced(raw: RawFiles) -> None:
    """A table that the corrected file does not have goes on counting: of each year one submission always counts."""
    latest = {(call["source"], call["shape"], call["period"]): call for call in raw.submissions}
    for call in latest.values():
        call["is_current"] = True


def _land(
    raw: RawFiles, chance: Chance, body: str, shapes: tuple[str, ...], year: int, sequence: int, *, is_current: bool
) -> None:
    rows: dict[str, list[Row]] = {}
    for shape in shapes:
        size = chance.random.choice([0, 1, 2, 3, *[chance.random.randrange(_SIZES[shape] + 1) for _ in range(4)]])
        made = [chance.row(shape, year, body) for _ in range(size)]
        made += [row for row in made if chance.random.random() < 0.1]
        rows[shape] = _figures(chance, body, year) if shape == "counts" else made
    sent = f"{year + 1}-{chance.random.choice(['02-15', '02-16', '03-31', '04-01', '07-01'])}"
    landed = {shape: found for shape, found in rows.items() if found}
    begin = len(raw.submissions)
    raw.land(body, sequence, sent, current=is_current, **landed)
    for call in raw.submissions[begin:]:
        call["completeness"] = chance.random.choice([1.0, 1.0, 0.5, None])


def _follow(raw: RawFiles, chance: Chance, sequence: int) -> None:
    """Let the courts tell of a few whole years in a row, so that cohorts can be followed through them."""
    told = {str(call["period"]) for call in raw.submissions if call["source"] == _COURT}
    for place, year in enumerate(year for year in FOLLOWED if str(year) not in told):
        _land(raw, chance, _COURT, _BODIES[_COURT][1], year, sequence + place + 1, is_current=True)
    for call in raw.submissions:
        if call["source"] == _COURT and int(call["period"]) in FOLLOWED:
            call["completeness"] = 1.0


def _figures(chance: Chance, body: str, year: int) -> list[Row]:
    if body == "unodc_glotip":
        total = dict.fromkeys(("dimension", "category", "sex_label", "age_label"), "Total")
        total |= {"reporting_area": "IRQ", "measure": "Detected trafficking victims"}
        value: Row = chance.random.choice(
            [
                {"figure": 57, "figure_mark": "value"},
                {"figure": 0, "figure_mark": "value"},
                {"figure": None, "figure_mark": "masked", "figure_low": 1, "figure_high": 4},
            ]
        )
        place = {"period": str(year), "reference_year": year}
        return [total | place | value, total | place | {"sex_label": "Female", "figure": 3, "figure_mark": "value"}]
    labels: Row = {"dimension": "by stage", "sex_label": "Total", "age_label": "Total", "period": str(year)}
    labels |= {"reference_year": year, "figure_mark": "value"}
    return [
        labels
        | {
            "measure": chance.random.choice(["Assets in trafficking cases", "Trafficking cases before the courts"]),
            "category": chance.random.choice(["Frozen", "Seized", "Confiscated"]),
            "governorate_code": chance.random.choice([None, "IQG08", "IQG11"]),
        }
        | chance.random.choice([{"figure": None, "figure_mark": "dash"}, {"figure": 0}, {"figure": 5_000_000}])
        for _ in range(chance.random.randrange(4))
    ]
