"""Cards: the description of a published dataset (`datasets/<dataset>.yml`), and the rules that every card obeys.

Belongs here: the schema of a dataset's card, reading it, and refusing invalid content. The card of an indicator is in
`indicator_card.py`.
Does not belong here: which indicators a dataset holds (an indicator names its datasets, never the reverse), or any rule
that is the same for every dataset (`mandatory_rules.py`).
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Self, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator, model_validator

from expectations.cards.areas import COUNTRY, REGIONS, all_leaves, level_of
from expectations.cards.cells import COLUMNS, COUNTED, DERIVED_UNITS, DIMENSIONS, KEY, TOTAL, text_hash
from expectations.cards.codes import CODED, are_known, codes_of, standing_never_entries
from expectations.cards.suite_card import SuiteCheck, add_base_checks
from ingestion.cards.card_errors import foremost_error, nearest_key
from ingestion.text.folding import nearest_word_or_all
from languages.refusal import Refusal

# Columns that every release needs: coordinates of a figure, its meaning, and how it was protected.
_NEEDED = (*KEY, "obs_value", "unit_measure", "obs_status", "conf_status", "disclosure_method")
PERSONS = (
    "VICTIM",
    "ACCUSED",
    "CASE",
    "PERSON_MEASURE",
    "INSPECTION",
)  # persons, or units as few as persons: always protected
DATASETS = Path(__file__).parents[1] / "datasets"
_COMPUTED = ("SHARE", "RATIO", "RELATIVE_GAP", "RATE", "MEDIAN")
_METHODS = ("NONE", "DERIVED", "WITHHELD")  # of any unit: missing, computed from printed figures, on the `never` list


class StrictCard(BaseModel):
    """Base of every card: no unknown key, no change after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


_CardType = TypeVar("_CardType", bound=StrictCard)


class Contact(StrictCard):
    """Who answers questions about a dataset: an agency or a role, never a person."""

    name: str = Field(min_length=1)
    email: str | None = None


class Licence(StrictCard):
    """Terms under which a dataset may be used, in the words of the Data Package standard."""

    name: str = Field(min_length=1)
    title: str = Field(min_length=1)
    path: str = Field(min_length=1)


class Protection(StrictCard):
    """How figures of one unit of count are protected.

    Attributes:
        method: `rounding` (controlled, to `base`), `none` (exact) or `published` (a figure that is already public).
        base: rounding base: 3 (a count of 1-4 leaves at least three possible values), or 5 and more.
        exact_from: one-way tables of country and regions are exact if every category reaches this; None: never.
        reason: why the figures of a unit need no rounding.
    """

    method: Literal["rounding", "none", "published"]
    base: int = Field(default=5, ge=3)
    exact_from: int | None = Field(default=None, ge=3)
    reason: str | None = None

    @field_validator("base")
    @classmethod
    def _check_base(cls, base: int) -> int:
        if base == 4:  # even, so that half of its values would be drawn alike; its effect was never measured
            raise ValueError("base")
        return base

    @model_validator(mode="after")
    def _check_reason(self) -> Self:
        if self.method != "rounding" and not self.reason:
            raise ValueError("reason")
        if self.method != "rounding" and self.exact_from:
            raise ValueError("exact_from")
        return self

    @property
    def methods(self) -> list[str]:
        """Names that its figures have in `disclosure_method`, besides those of every dataset."""
        if self.method == "rounding":
            return [f"ROUNDED_{self.base}", *([f"EXACT_{self.exact_from}"] if self.exact_from else [])]
        return ["PUBLISHED"] if self.method == "published" else []

    @property
    def protects(self) -> bool:
        """Whether its figures are rounded, that is, whether somebody is protected."""
        return self.method == "rounding"


class MethodAlternative(StrictCard):
    """What one method costs the reader, measured on the same tables by `measure_methods.py` (tests).

    Attributes:
        method: `rounding_3` or `rounding_5`.
        mean_error: in persons, over the printed figures that are not 0.
    """

    method: Literal["rounding_3", "rounding_5"]
    mean_error: float = Field(ge=0)


class MethodChoice(StrictCard):
    """Why this protection was chosen, with numbers; translations of the text are under `dataset.<name>.choice`.

    Attributes:
        text: the argument, in English.
        measured: day of the measurement, on the invented country.
        alternatives: what each method cost that day.
    """

    text: str = Field(min_length=1)
    measured: datetime.date
    alternatives: list[MethodAlternative] = Field(min_length=2)


class RequiredCoverage(StrictCard):
    """How much of the last release must appear again; 1 is all. Lower it only to drop a table on purpose.

    Attributes:
        keep_rows: share of the rows with a value that must have one again (or a mark that withholds it).
        keep_reporting: share of the holders' reports that must appear again.
    """

    keep_rows: float = Field(default=1.0, ge=0, le=1)
    keep_reporting: float = Field(default=1.0, ge=0, le=1)


class DatasetCard(StrictCard):
    """One published dataset. See `datasets/four_ps_national.yml` for a filled one.

    Attributes:
        title: English title; other languages under `dataset.<name>.title`.
        contact: who answers, in English; other languages under `dataset.<name>.contact`.
        base_address: where releases of the dataset are published, ending in `/`; `<base_address><sequence>/` is the
            address of one release, and its identifier for portals. None: its portal record is relative.
        levels: levels of area that are printed.
        tables: lists of dimensions; each is crossed with area and year, for every indicator that has the dimensions.
            They are in order of importance: values are withheld from the end.
        protection: unit of count to its protection. A unit that is not named here cannot be released, and persons are
            always rounded.
        choice: why this protection and not another.
        merge: dimension to {category: published category}; categories are codes of the warehouse.
        never: coordinates that are never released, not even as a withheld row; at least the mandatory ones
            (`codes.py`). An entry can name a whole `indicator`, or one `measure` of it (complicity of officials).
        minimum_base: no share of protected counts is printed over a smaller protected denominator.
        columns: the allow-list: only columns named here are published.
        checks: the base suite with what the card adds or narrows (`suite_card.py`).
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str = Field(min_length=1)
    contact: Contact
    licence: Licence
    base_address: str | None = Field(default=None, pattern=r"^https?://[^\s?#]+/$")
    levels: list[Literal["country", "region", "governorate"]] = Field(min_length=1)
    tables: list[list[str]] = Field(min_length=1)
    protection: dict[str, Protection]
    choice: MethodChoice | None = None
    merge: dict[str, dict[str, str]] = Field(default_factory=dict[str, dict[str, str]])
    never: list[dict[str, str]] = Field(min_length=1)
    minimum_base: int = Field(ge=10)
    coverage: RequiredCoverage = RequiredCoverage()
    columns: list[str] = Field(min_length=1)
    checks: list[SuiteCheck] = Field(default_factory=list[SuiteCheck])

    @field_validator("tables")
    @classmethod
    def _check_tables(cls, tables: list[list[str]]) -> list[list[str]]:
        known = all(dimension in DIMENSIONS for table in tables for dimension in table)
        if not known or tables[0] or len({tuple(table) for table in tables}) < len(tables):
            raise ValueError("tables")
        return tables

    @field_validator("protection")
    @classmethod
    def _check_protection(cls, protection: dict[str, Protection]) -> dict[str, Protection]:
        if not all(protection[unit].protects for unit in PERSONS if unit in protection):
            raise ValueError("protection")
        return protection

    @field_validator("merge")
    @classmethod
    def _check_merged_codes(cls, merge: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        pairs = [(dimension, *pair) for dimension, categories in merge.items() for pair in categories.items()]
        if any(not are_known({dimension: code}) or into in ("", TOTAL) for dimension, code, into in pairs):
            raise ValueError("merge")
        return merge

    @field_validator("never")
    @classmethod
    def _check_never(cls, never: list[dict[str, str]], info: ValidationInfo) -> list[dict[str, str]]:
        standing = standing_never_entries(info.data.get("tables", []))
        if not all(are_known(entry) for entry in never) or any(entry not in never for entry in standing):
            raise ValueError("never")
        return never

    @field_validator("columns")
    @classmethod
    def _check_columns(cls, columns: list[str]) -> list[str]:
        is_closed = set(columns) <= set(COLUMNS) and len(set(columns)) == len(columns)
        if not is_closed or not set(_NEEDED) <= set(columns):
            raise ValueError("columns")
        return columns

    @field_validator("checks")
    @classmethod
    def _checks_have_their_own_names(cls, checks: list[SuiteCheck]) -> list[SuiteCheck]:
        if len({check.id for check in checks}) < len(checks):
            raise ValueError("checks")
        return checks

    @property
    def sha256(self) -> str:
        """The hash of the card's content (not of its formatting)."""
        return _content_hash(self.model_dump(mode="json"))

    @property
    def suite_sha256(self) -> str:
        """The hash of its checks, recorded in the verdict."""
        return _content_hash([check.model_dump(mode="json") for check in self.checks])

    def values_of(self, column: str) -> list[str]:
        """Return the values that the code lists allow in a column, as this dataset prints them, sorted.

        Raises:
            KeyError: for a column without a code list.
        """
        if column in CODED:
            merged = self.merge.get(column, {})
            return sorted({merged.get(code, code) for code in codes_of(column)} | {TOTAL})
        areas = (COUNTRY, *REGIONS, *all_leaves())
        sets = {
            "ref_area": [area for area in areas if level_of(area) in self.levels],
            "measure": [*COUNTED, *_COMPUTED],
            "unit_measure": [*self.protection, *DERIVED_UNITS.values()],
            "disclosure_method": [
                *_METHODS,
                *(name for protection in self.protection.values() for name in protection.methods),
            ],
        }
        return sorted(set(sets[column]))

    def setting(self, name: str) -> Any:  # noqa: ANN401 - each setting has its own shape
        """Return the card's setting for a custom expectation, by its name in `from_card`.

        Raises:
            KeyError: for an unknown name.
        """
        protected = [unit for unit, protection in self.protection.items() if protection.protects]
        return {
            "never": self.never,
            "protected": sorted({*protected, *DERIVED_UNITS.values()}),
            "units": self.values_of("unit_measure"),
        }[name]


def dataset_names() -> list[str]:
    """Return the names of all published datasets, sorted: one card per dataset."""
    return sorted(path.stem for path in DATASETS.glob("*.yml"))


def load_dataset(name: str) -> DatasetCard:
    """Return the card of a dataset.

    Raises:
        Refusal: `dataset_unknown` with the nearest known name, or `card_invalid` with field and nearest known key.
    """
    path = DATASETS / f"{name}.yml"
    if not path.exists():
        raise Refusal("dataset_unknown", where=name, nearest=nearest_word_or_all(name, dataset_names()))
    content = _parse_card(path.read_text(encoding="utf-8"))
    if "name" in content:
        problem = "the name comes from the path"
        raise Refusal("card_invalid", where=path.name, field="name", problem=problem, nearest="title")
    card = validate_card(DatasetCard, {**content, "name": name}, where=path.name)
    return card.model_copy(update={"checks": add_base_checks(card.checks, card.values_of, card.setting, path.name)})


@lru_cache(maxsize=32)
def _parse_card(text: str) -> dict[str, Any]:
    """Parse the text of a card; cached, because every step asks for the cards."""
    return yaml.safe_load(text) or {}


def validate_card(kind: type[_CardType], content: Mapping[str, Any], *, where: str) -> _CardType:
    """Return the content as a card of this kind.

    Raises:
        Refusal: `card_invalid` with the field and the nearest known key.
    """
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        first = foremost_error(error)
        place = first["loc"] or (
            str(first.get("ctx", {}).get("error", "")),
        )  # a rule about the whole card names its field itself
        field, near = ".".join(str(part) for part in place), nearest_key(kind, place[-1])
        raise Refusal("card_invalid", where=where, field=field, problem=first["type"], nearest=near) from error


def _content_hash(content: object) -> str:
    return text_hash(json.dumps(content, sort_keys=True, ensure_ascii=False))
