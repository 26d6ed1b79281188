"""A labelled set of invented cells and case notes in three languages: what privacy at the door is measured with.

The same cells on every machine. Parts and patterns (`labelled_cells.yml`) fall into two halves that share none: the
lists and rules of the door may be mended after looking at what the first half misses, never the second.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

import yaml

from ingestion.files.reader import Sheet, Workbook
from ingestion.privacy.personal_data import inspect
from ingestion.privacy.privacy_allowlist import is_known

Half = Literal["looked_at", "held_out"]
HALVES: tuple[Half, ...] = ("looked_at", "held_out")
LANGUAGES = ("ar", "ckb", "en")
FOUND_AS = {  # kind of cell -> kind of finding
    "name_alone": "personal_name",
    "foreign_name": "personal_name",
    "name_in_text": "personal_name",
    "given_name_alone": "personal_name",
    "given_name_in_text": "personal_name",
    "phone": "phone_number",
    "identity_number": "identity_number",
    "passport_number": "passport_number",
    "iban": "bank_account",
    "email": "email",
    "birth_date": "birth_date",
    "address": "address",
    "case_number": "raw_case_number",
    "coordinates": "coordinates",
    "harmless": "",
}
_DIGITS = {"ar": "٠١٢٣٤٥٦٧٨٩", "ckb": "۰۱۲۳۴۵۶۷۸۹", "en": "0123456789"}
_MONTHS = {
    "ma": ("كانون الثاني", "آذار", "تموز", "تشرين الأول"),
    "mk": ("کانوونی دووەم", "ئازار", "تەممووز", "تشرینی یەکەم"),
    "me": ("January", "March", "July", "October"),
}
_NAME_FORMS = ("{g} {m} {m}", "{g} {m} {m} {s}", "{g} {m} {s}", "{g} {m}", "{g} {s}")
_EACH = {
    "name_alone": 60,
    "name_in_text": 60,
    "given_name_alone": 30,
    "given_name_in_text": 40,
    "phone": 20,
    "birth_date": 16,
    "address": 20,
    "case_number": 16,
}
_EACH_OTHER = 10


@dataclass(frozen=True)
class LabelledCell:
    """One cell, what it holds (`harmless` for nothing personal), its language and its half."""

    text: str
    kind: str
    language: str
    half: Half


@cache
def labelled_cells() -> tuple[LabelledCell, ...]:
    """Return the whole set, distinct within a half and kind."""
    made = [
        LabelledCell(text, kind, language, half)
        for half in HALVES
        for language in LANGUAGES
        for kind in FOUND_AS
        for text in dict.fromkeys(_Maker(language, half, kind).texts())
    ]
    return tuple(made)


@cache
def _parts() -> dict[str, Any]:
    return yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))


class _Maker:
    """Makes the texts of one kind, language and half; chance is seeded by the three."""

    def __init__(self, language: str, half: Half, kind: str) -> None:
        self.language, self.half, self.kind = language, half, kind
        self.chance = random.Random(f"{kind} {language} {half}")

    def texts(self) -> Iterator[str]:
        if self.kind == "harmless":
            yield from self.own(_parts()["harmless"][self.language])
        elif self.kind == "foreign_name":
            yield from self.own(_parts()["names"].get(f"foreign_{self.language}", []))
        else:
            make = getattr(self, f"_{self.kind}", self._identifier)
            yield from (make() for _ in range(_EACH.get(self.kind, _EACH_OTHER)))

    def own(self, entries: list[str]) -> list[str]:
        """Return the entries of this half."""
        return entries[HALVES.index(self.half) :: 2]

    def one_of(self, entries: list[str]) -> str:
        return self.chance.choice(self.own(entries))

    def _person(self, sex: str) -> str:
        pools = _parts()["names"][self.language]
        form = self.chance.choice(_NAME_FORMS).replace("{g}", self.one_of(pools[sex]))
        while "{m}" in form:
            form = form.replace("{m}", self.one_of(pools["male"]), 1)
        return form.replace("{s}", self.one_of(pools["family"]))

    def _name_alone(self) -> str:
        return self._person(self.chance.choice(["male", "female"]))

    def _name_in_text(self) -> str:
        sentence = self.one_of(_parts()["sentences"][self.language])
        return sentence.replace("{f}", self._person("female")).replace("{m}", self._person("male"))

    def _given_name_alone(self) -> str:
        return self.one_of(_parts()["names"][self.language][self.chance.choice(["male", "female"])])

    def _given_name_in_text(self) -> str:
        pools, sentence = _parts()["names"][self.language], self.one_of(_parts()["naming"][self.language])
        return sentence.replace("{f}", self.one_of(pools["female"])).replace("{m}", self.one_of(pools["male"]))

    def _birth_date(self) -> str:
        place = self.chance.randrange(len(_MONTHS["ma"]))
        values = {name: months[place] for name, months in _MONTHS.items()}
        values |= {
            "d": str(self.chance.randint(1, 28)),
            "mn": str(place * 3 + 1),
            "y": str(self.chance.randint(1970, 2015)),
        }
        return self._own_digits(self.one_of(_parts()["birth_date"][self.language]).format(**values))

    def _address(self) -> str:
        return self._own_digits(self._filled(self.one_of(_parts()["address"][self.language])))

    def _case_number(self) -> str:
        return self._own_digits(self._filled(self.one_of(_parts()["case_number"][self.language])))

    def _iban(self) -> str:
        bank, account = self.one_of(["NBIQ", "RAFB", "TRIB", "KIBI"]), self._filled("###############")
        digits = "".join(str(int(sign, 36)) for sign in f"{bank}{account}IQ00")
        return self._placed(f"IQ{98 - int(digits) % 97:02d}{bank}{account}")

    def _identifier(self) -> str:
        value = self._filled(self.one_of(_parts()[self.kind]))
        return self._placed(value if re.search("[A-Za-z@]", value) else self._own_digits(value))

    def _placed(self, value: str) -> str:
        return self.one_of(_parts()["around"][self.language]).replace("{x}", value)

    def _filled(self, pattern: str) -> str:
        return re.sub("#", lambda _: str(self.chance.randint(1, 9)), pattern)

    def _own_digits(self, text: str) -> str:
        """Write the digits of the language, as clerks do, three times in four."""
        if self.chance.random() < 0.25:
            return text
        return text.translate(str.maketrans("0123456789", _DIGITS[self.language]))


class Score(NamedTuple):
    """How one kind was found.

    Args:
        held: cells that hold it.
        found: those of them in which it was found.
        right: cells in which its finding was raised and that hold this kind or one with the same finding.
        false: cells in which its finding was raised and that hold no such thing.
    """

    held: int
    found: int
    right: int
    false: int

    @property
    def recall(self) -> float:
        """The share of cells that hold the kind and were found."""
        return self.found / self.held if self.held else 1.0

    @property
    def precision(self) -> float:
        """The share of findings of the kind that are right."""
        return self.right / (self.right + self.false) if self.right + self.false else 1.0


def kinds_found(text: str) -> set[str]:
    """Return the kinds of findings that the door raises for a cell under the heading `notes`."""
    rows = [["ت", "ملاحظات"], [1, text]]
    return {finding.kind for finding in inspect(Workbook([Sheet("ورقة1", rows)]), known_values=is_known)}


@cache
def _answers() -> dict[LabelledCell, frozenset[str]]:
    return {cell: frozenset(kinds_found(cell.text)) for cell in labelled_cells()}


def wrong_answers(half: Half) -> Iterator[tuple[LabelledCell, frozenset[str]]]:
    """Yield each cell of a half with what was found in it, where that is not exactly what it holds."""
    for cell, found in _answers().items():
        if cell.half == half and found != ({FOUND_AS[cell.kind]} - {""}):
            yield cell, found


def score(kind: str, half: Half, languages: Iterable[str] = LANGUAGES) -> Score:
    """Return how the cells of a kind were found; of `harmless`, how many raised nothing and how many did.

    All kinds of names raise the same finding, so they share one precision.
    """
    wanted, answers = (
        FOUND_AS[kind],
        {c: f for c, f in _answers().items() if c.half == half and c.language in languages},
    )
    tally: Counter[str] = Counter()
    for cell, found in answers.items():
        hit = wanted in found if wanted else not found
        tally["held"] += cell.kind == kind
        tally["found"] += cell.kind == kind and hit
        tally["right"] += hit and FOUND_AS[cell.kind] == wanted
        tally["false"] += bool(wanted) and FOUND_AS[cell.kind] != wanted and hit
    return Score(tally["held"], tally["found"], tally["right"], tally["false"])
