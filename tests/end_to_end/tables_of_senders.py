"""Invented rows of a sender's table, made from its card and the code lists, and what each typed cell is meant to say.

Belongs here: reading cards, shapes and lists as their authors published them, and typing rows as a clerk would.
Does not belong here: files (`ordinary/`, `plants/`), and anything of the product's code: this hand has not read it.
"""

from __future__ import annotations

import hashlib
import hmac
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

INGESTION = Path(__file__).resolve().parents[2] / "ingestion"
HOLDERS_KEY = b"the key of invented holders, for files of tests only"

Value = str | int | float | date | None
Meaning = dict[str, str | int | float | None]

_SORANI = set("ێۆڵڕەگچپژڤیکھ")
_ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


@dataclass(frozen=True)
class Table:
    """One table of a card: its shape, the names of its sheet, heading → field, and the headings over figures."""

    source: str
    name: str
    shape: str
    sheets: tuple[str, ...]
    columns: dict[str, str]
    cells: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    defaults: dict[str, str] = field(default_factory=dict[str, str])
    codes: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    also: dict[str, str] = field(default_factory=dict[str, str])
    required: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    period: str = ""

    @property
    def headings(self) -> list[str]:
        """All headings in the card's order; a year that the title states has no column."""
        return [one for one in self.columns if not (self.cells and one == "السنة")] + list(self.cells)


@dataclass(frozen=True)
class TypedRow:
    """The cells of a row by heading, and what they say: one meaning, or one for each figure of a table of counts."""

    cells: dict[str, Value]
    means: tuple[Meaning, ...]


@cache
def _yaml(path: str) -> Any:  # noqa: ANN401 - as YAML has it
    return yaml.safe_load((INGESTION / path).read_text(encoding="utf-8"))


@cache
def tables_of(source: str) -> dict[str, Table]:
    """The tables of a sender's card, by name."""
    kept = ("columns", "cells", "defaults", "codes", "also")
    return {
        name: Table(
            source,
            name,
            one["shape"],
            tuple(str(sheet) for sheet in one["sheets"]),
            required=tuple(one.get("required", [])),
            known=tuple(one.get("known", [])),
            period=one["period_field"],
            **{key: one.get(key, {}) for key in kept},
        )
        for name, one in _yaml(f"sources/{source}/source.yml")["tables"].items()
    }


def field_of(shape: str, name: str) -> dict[str, Any]:
    """What a shape says of one of its fields."""
    return _yaml(f"shapes/{shape}.yml")["fields"][name]


@cache
def _labels(source: str) -> dict[str, list[str]]:
    there = INGESTION / "sources" / source / "labels.yml"
    return yaml.safe_load(there.read_text(encoding="utf-8")) if there.exists() else {}


def language_of(word: str) -> str:
    """The language of a word of a list, by its letters."""
    if word.isascii():
        return "en"
    return "ckb" if set(word) & _SORANI else "ar"


def token(purpose: str, *fields: str) -> str:
    """A token as the holders' tool writes it (docs/tokens.md, the formula)."""
    message = "\x1f".join((purpose, *fields)).encode()
    return "k1:" + hmac.new(HOLDERS_KEY, message, hashlib.sha256).hexdigest()[:32]


CITATIONS: dict[str, tuple[str, str | None]] = {
    "المادة 6/أولا/تاسعا": ("L28_2012", "A6_1;A6_9"),
    "المادة 5/أولا من قانون 28 لسنة 2012": ("L28_2012", "A5_1"),
    "م 6/ف5": ("L28_2012", "A6_5"),
    "المادة 6": ("L28_2012", "A6"),
    "المادة ٦/سادساً": ("L28_2012", "A6_6"),
    "المادة (5) أولا": ("L28_2012", "A5_1"),
    "المادة 399 من قانون العقوبات رقم 111 لسنة 1969": ("PC_OTHER", None),
    "المادة 41 من قانون إقامة الأجانب رقم 76 لسنة 2017": ("L76_2017", None),
}
"""As typed → the codes of law and articles."""


@dataclass
class Hand:
    """How one clerk writes: her languages, dates and digits; `draw` is her only chance."""

    draw: random.Random
    languages: Sequence[str] = ("ar",)
    dates: Sequence[str] = ("excel",)
    digits: Sequence[str] = ("number",)
    blanks: Sequence[Value] = (None, "-", "")
    blank_share: float = 0.12

    def day(self, day: date) -> Value:
        """A day in one of her ways of writing it."""
        way = self.draw.choice(self.dates)
        if way == "excel":
            return day
        if way == "iso":
            return day.isoformat()
        if way == "padded":
            return f"{day:%d/%m/%Y}"
        plain = f"{day.day}/{day.month}/{day.year}"
        return plain if way == "slashes" else plain.translate(_ARABIC_DIGITS)

    def number(self, number: int) -> Value:
        """A whole number in one of her ways of writing it."""
        way = self.draw.choice(self.digits)
        if way == "number":
            return number
        if way == "arabic":
            return str(number).translate(_ARABIC_DIGITS)
        if way == "persian":
            return str(number).translate(_PERSIAN_DIGITS)
        return f"{number:,}" if way == "thousands" else str(number)

    def word(self, listed: dict[str, list[str]]) -> tuple[str, str]:
        """A word of a list in one of her languages, and its code."""
        words = {code: [one for one in named if language_of(one) in self.languages] for code, named in listed.items()}
        words = words if any(words.values()) else listed  # a card's own word has one language
        code = self.draw.choice([one for one in words if words[one]])
        return self.draw.choice(words[code]), code


@dataclass
class _Row:
    """A row under way: what is decided of it before its cells are typed."""

    table: Table
    hand: Hand
    number: int
    days: dict[str, date]
    blank: set[str]
    sure: dict[str, str]
    key: str

    def listed(self, name: str) -> dict[str, list[str]]:
        """The words of a field's list by code; those of the card alone where it has its own for yes and no."""
        about = field_of(self.table.shape, name)
        listed = {code: [str(one) for one in words] for code, words in _yaml(f"codes/{about['codes']}.yml").items()}
        own = self.table.codes.get(name, {})
        if own and about["codes"] == "yes_no":
            listed = {}
        for word, code in own.items():
            listed[code] = [*listed.get(code, []), word]
        return listed

    def type_cell(self, name: str) -> tuple[Value, Meaning]:
        """The cell of a field, and what it says."""
        about = field_of(self.table.shape, name)
        kind, must = (
            about["type"],
            about["required"] or name in (self.table.period, *self.table.known, *self.sure, "sex_code"),
        )
        if name in self.blank or (not must and kind != "token" and self.hand.draw.random() < self.hand.blank_share):
            return self.hand.draw.choice(list(self.hand.blanks)), _nothing(name, kind)
        return _TYPING[kind](self, name)


def _nothing(name: str, kind: str) -> Meaning:
    if kind == "age":
        return {"age_years": None, "birth_year": None, "age_group_code": None}
    return {"law_codes": None, "article_codes": None} if kind == "citation" else {name: None}


def _token(row: _Row, name: str) -> tuple[Value, Meaning]:
    made = token(name.removesuffix("_token"), row.key, str(row.number))
    return made, {name: made}


def _date(row: _Row, name: str) -> tuple[Value, Meaning]:
    day = row.days[name]
    return row.hand.day(day), {name: day.isoformat()}


def _code(row: _Row, name: str) -> tuple[Value, Meaning]:
    listed = row.listed(name)
    if name in row.sure:
        listed = {row.sure[name]: listed[row.sure[name]]}
    if name in row.table.known:
        listed = {code: listed[code] for code in _OF_THE_REGION}
    word, code = row.hand.word(listed)
    if name == "governorate_code" and row.table.source == "iraq_judicial_council":
        word = row.hand.draw.choice([f"رئاسة محكمة استئناف {word} الاتحادية", f"رئاسة محكمة استئناف {word}", word])
    return word + row.hand.draw.choice(["", "", "", " "]), {name: code}


_OF_THE_REGION = ("IQG06", "IQG09", "IQG11", "IQG06Q05")
"""A sender whose rows must say where they are of is the Region's (or counts by courts, which type no word here)."""


def _codes(row: _Row, name: str) -> tuple[Value, Meaning]:
    listed = {code: words for code, words in row.listed(name).items() if code not in ("_U", "NONE")}
    chosen = dict([row.hand.word(listed)[::-1] for _ in range(row.hand.draw.choice([1, 1, 1, 2, 2, 3]))])
    return row.hand.draw.choice(["، ", "،"]).join(chosen.values()), {name: ";".join(sorted(chosen))}


def _integer(row: _Row, name: str) -> tuple[Value, Meaning]:
    if name == "fine_iqd":
        number = row.hand.draw.choice([5_000_000, 10_000_000, 15_000_000, 20_000_000, 25_000_000])
    else:
        number = row.hand.draw.choice([0, 1, 1, 2, 2, 3, 4, 7, 12, 18])
    low, high = int(field_of(row.table.shape, name).get("minimum", 0)), _NIGHTS.get(name)
    number = row.hand.draw.randrange(*high) if high else max(number, low)
    if number == 0 and "ar" in row.hand.languages and row.hand.draw.random() < 0.3:
        return "لا يوجد", {name: 0}
    return row.hand.number(number), {name: number}


_NIGHTS = {"resident_night_count": (1000, 14_000), "open_night_count": (180, 366), "capacity_count": (40, 90)}


def _decimal(row: _Row, name: str) -> tuple[Value, Meaning]:
    years = row.hand.draw.choice([1, 3, 5, 7, 10, 15, 20])
    return row.hand.number(years), {name: float(years)}


def _age(row: _Row, name: str) -> tuple[Value, Meaning]:
    heading = next(head for head, one in row.table.columns.items() if one == name)
    if "تولد" in heading:
        born = row.days["_year"].year - row.hand.draw.randrange(9, 56)
        typed = row.hand.number(born)
        return (born if isinstance(typed, str) and "," in typed else typed), {"birth_year": born}
    said = row.hand.draw.choice([None, None, None, None, *_AGE_WORDS])
    if said is None:
        years = row.hand.draw.randrange(7, 58)
        return row.hand.number(years), {"age_years": years, "birth_year": None, "age_group_code": None}
    return said, {"age_years": None, "birth_year": None, "age_group_code": _AGE_WORDS[said]}


_AGE_WORDS = {"دون 18": "Y0T17", "بالغ": "Y_GE18", "حدث": "Y0T17", "under 18": "Y0T17"}


def _citation(row: _Row, _name: str) -> tuple[Value, Meaning]:
    own = [one for one in CITATIONS if (row.table.shape == "residence_measures") == ("إقامة" in one)]
    typed = row.hand.draw.choice(own)
    law, articles = CITATIONS[typed]
    return typed, {"law_codes": law, "article_codes": articles}


def _label(row: _Row, name: str) -> tuple[Value, Meaning]:
    if name == "activity_code":
        made = f"TF-{row.days['_year'].year % 100:02}{row.number:03}"
        return made, {name: made}
    words = _labels(row.table.source)[name]
    if name == "facility_code" and row.table.shape == "facilities":
        words = [words[row.number % len(words)]]
    word = row.hand.draw.choice(words)
    return word, {name: word}


def _year(row: _Row, name: str) -> tuple[Value, Meaning]:
    return row.days["_year"].year, {name: row.days["_year"].year}


_TYPING: dict[str, Callable[[_Row, str], tuple[Value, Meaning]]] = {
    "token": _token, "date": _date, "code": _code, "codes": _codes, "integer": _integer, "decimal": _decimal,
    "age": _age, "citation": _citation, "label": _label, "year": _year,
}  # fmt: skip


def _services(row: _Row) -> None:
    outcome = row.hand.draw.choice(["ADMITTED", "ADMITTED", "ADMITTED", "REFUSED", "WITHDRAWN", "PENDING"])
    row.sure["outcome_code"] = outcome
    about = _yaml("shapes/services.yml")["fields"]
    stay = {"entry_date", "exit_date", "exit_reason_code", "exit_condition_code", "facility_code"}
    stay |= {one for one in about if one.startswith(("has_", "is_"))}
    row.blank |= {"refusal_reason_code"} if outcome != "REFUSED" else set()
    row.blank |= stay if outcome != "ADMITTED" else set()
    if row.hand.draw.random() < 0.3:
        row.blank |= {"exit_date", "exit_reason_code", "exit_condition_code"}
    else:
        row.sure |= {"exit_date": "", "entry_date": ""}


def _accused(row: _Row) -> None:
    verdict = row.hand.draw.choice(["CONVICTED", "CONVICTED", "ACQUITTED", "DISCHARGED", "CLOSED"])
    row.sure["verdict_code"] = verdict
    row.blank |= {"sentence_years", "fine_iqd", "is_suspended"} if verdict != "CONVICTED" else set()


_COHERENT: dict[str, Callable[[_Row], None]] = {"services": _services, "accused": _accused}
_STEPS = (
    *("prosecuted_date", "judge_decision_date", "contact_date", "reported_date", "registered_date", "request_date"),
    *("entry_date", "identified_date", "verdict_date", "measure_date", "exit_date", "activity_date", "due_date"),
)
"""Days of a row follow each other in this order."""


def typed_row(table: Table, hand: Hand, year: int, number: int, key: str = "") -> TypedRow:
    """Row `number` of a table, coherent in itself: steps follow each other, what did not happen is blank."""
    first = date(year, 1, 1) + timedelta(days=hand.draw.randrange(0, 250))
    days = {name: first + timedelta(days=4 * place) for place, name in enumerate(_STEPS)} | {"_year": first}
    row = _Row(table, hand, number, days, set(), {}, f"{table.source} {key or year}")
    _COHERENT.get(table.shape, lambda _row: None)(row)
    if table.cells:
        return _row_of_figures(row)
    cells: dict[str, Value] = {}
    means: Meaning = {**table.defaults}
    for heading, name in table.columns.items():
        cells[heading], said = row.type_cell(name)
        means |= said
    return TypedRow(cells, (means,))


def _row_of_figures(row: _Row) -> TypedRow:
    """A row of the courts' workload: an area, a court, and figures that add up."""
    area, court = _labels(row.table.source)["reporting_area"], _labels(row.table.source)["reporting_unit"]
    area = [one for one in area if one not in ("الكرخ", "الرصافة")]
    place = area[row.number % len(area)]
    cells: dict[str, Value] = {"رئاسة محكمة الاستئناف": row.hand.draw.choice([place, f"رئاسة محكمة استئناف {place}"])}
    cells["المحكمة"] = court[2 * (row.number // len(area) % 4)]
    places = {word: code for code, words in _yaml("codes/governorate.yml").items() for word in words}
    said: Meaning = {"governorate_code": places[place], "reference_year": row.days["_year"].year}
    parts = {one: row.hand.draw.randrange(0, 9) for one in ("إدانة", "براءة", "إفراج", "غلق", "المتبقي", "المدور")}
    decided = sum(parts[one] for one in ("إدانة", "براءة", "إفراج", "غلق"))
    parts["المدور"] = min(parts["المدور"], decided + parts["المتبقي"])
    whole = decided + parts["المتبقي"]
    figures = parts | {"المحسوم": decided, "المجموع": whole, "الوارد": whole - parts["المدور"]}
    figures |= {one: row.hand.draw.randrange(0, 30) for one in ("الذكور", "الإناث", "الأحداث")}
    for heading in row.table.cells:
        cells[heading] = row.hand.number(figures[heading])
    means = tuple(row.table.defaults | own | said | {"figure": figures[head]} for head, own in row.table.cells.items())
    return TypedRow(cells, means)
