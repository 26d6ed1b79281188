"""Cards: what a published dataset is (`datasets/<dataset>.yml`) and what an indicator is (dbt's `config.meta`).

Belongs here: the schema of both cards, reading them, and the refusal of what they must not hold.
Does not belong here: which indicators a dataset holds (an indicator names its datasets, never the other way round), or
any rule that is the same for every dataset (`house_rules.py`).
"""

from __future__ import annotations

import datetime
import difflib
import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Self, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator, model_validator

from expectations.cells import COLUMNS, DIMENSIONS, KEY, TOTAL, text_hash
from expectations.codes import are_known, standing_never
from ingestion.home import Home
from languages.refusal import Refusal
from methods.disclosure.model import Relation

# What no release can do without: where a figure stands, what it is, and how it was protected.
_NEEDED = (*KEY, "obs_value", "unit_measure", "obs_status", "disclosure_method")
PERSONS = ("VICTIM", "ACCUSED")  # units of count that are persons: rounded, whatever the reason given
DATASETS = Path(__file__).parent / "datasets"


class _Card(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


_CardType = TypeVar("_CardType", bound=_Card)


class Contact(_Card):
    """Who answers questions about a dataset: a body or a role, never a person."""

    name: str = Field(min_length=1)
    email: str | None = None


class Licence(_Card):
    """Under what terms a dataset may be used; words of the Data Package standard."""

    name: str = Field(min_length=1)
    title: str = Field(min_length=1)
    path: str = Field(min_length=1)


class Protection(_Card):
    """How figures of one unit of count are protected.

    Attributes:
        method: `rounding` (controlled, to `base`), `suppression` (exact figures of country and regions, small ones and
            those that would give them away hidden), `none` (exact) or `published` (a figure that is public already).
        base: what values are rounded to: 3 (a count of 1-4 leaves at least three values), or 5 and more.
        exact_from: one-way tables of country and regions are exact where every category reaches this; None: never.
        threshold: of `suppression`: counts from 1 to one less are hidden, and could be 0 as well as the threshold.
        search: of `suppression`: `greedy` is fast, `optimal` hides the least and needs small tables.
        reason: why a unit is not rounded (which body insists, or why nobody need be protected).
    """

    method: Literal["rounding", "suppression", "none", "published"]
    base: int = Field(default=5, ge=3)
    exact_from: int | None = Field(default=None, ge=3)
    threshold: int = Field(default=5, ge=5)
    search: Literal["greedy", "optimal"] = "greedy"
    reason: str | None = None

    @field_validator("base")
    @classmethod
    def _base_is_measured(cls, base: int) -> int:
        if base == 4:  # even, so that half of its values would be drawn alike; nobody measured it
            raise ValueError("base")
        return base

    @model_validator(mode="after")
    def _needs_a_reason(self) -> Self:
        if self.method != "rounding" and not self.reason:
            raise ValueError("reason")
        if self.method != "rounding" and self.exact_from:
            raise ValueError("exact_from")
        return self

    @property
    def protects(self) -> bool:
        """Whether its figures are rounded or partly hidden: whether somebody is protected."""
        return self.method in ("rounding", "suppression")


class Alternative(_Card):
    """What one method costs the reader, measured on the same tables by `python -m benchmarks.disclosure`.

    Attributes:
        method: `rounding_3`, `rounding_5`, `suppression_5` or `suppression_11`.
        mean_error: in persons, over the figures that are not 0 and are printed.
        lost_share: of the figures that are not 0, how many are hidden.
    """

    method: Literal["rounding_3", "rounding_5", "suppression_5", "suppression_11"]
    mean_error: float = Field(ge=0)
    lost_share: float = Field(ge=0, le=1)
    is_additive: bool


class Choice(_Card):
    """Why the protection is the one it is, with numbers; the text's words stand under `dataset.<name>.choice`.

    Attributes:
        text: the argument, in English.
        measured: the day of the measurement, on the invented country.
        alternatives: what each method cost that day.
    """

    text: str = Field(min_length=1)
    measured: datetime.date
    alternatives: list[Alternative] = Field(min_length=2)


class Coverage(_Card):
    """How much of the last release must be there again; 1 is all. Lower it only to drop a table on purpose.

    Attributes:
        keep_rows: share of the rows that had a value and must have one again (or a mark that hides it).
        keep_reporting: share of the reports of holders that must be there again.
    """

    keep_rows: float = Field(default=1.0, ge=0, le=1)
    keep_reporting: float = Field(default=1.0, ge=0, le=1)


class Check(_Card):
    """One expectation of Great Expectations; its words stand in the catalogue under `rule.<id>`."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    expectation: str = Field(pattern=r"^expect_[a-z_]+$")
    kwargs: dict[str, Any] = Field(default_factory=dict[str, Any])
    where: dict[str, str] = Field(default_factory=dict[str, str])
    severity: Literal["must", "watch"]


class DatasetCard(_Card):
    """One published dataset. See `datasets/four_ps_national.yml` for a filled one.

    Attributes:
        title: English title; other languages under `dataset.<name>.title`.
        levels: levels of area that are printed.
        tables: dimension lists; each is crossed with area and year, for every indicator that has the dimensions. The
            order is the order of importance: what has to be withheld is taken from the end.
        protection: unit of count to its protection; a unit that is not named here cannot be released, and persons are
            always rounded, or suppressed where no governorate is printed.
        choice: why this protection and not another.
        merge: dimension to {category: published category}; categories are codes of the warehouse.
        never: coordinates that do not leave, not even as a hidden row; at least the standing ones (`codes.py`). An
            entry can name an `indicator`, or one `measure` of it, as a whole (complicity of officials).
        minimum_base: no share of protected counts with a smaller protected denominator.
        columns: the allow-list: a column is published because it stands here.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str = Field(min_length=1)
    contact: Contact
    licence: Licence
    levels: list[Literal["country", "region", "governorate"]] = Field(min_length=1)
    tables: list[list[str]] = Field(min_length=1)
    protection: dict[str, Protection]
    choice: Choice | None = None
    merge: dict[str, dict[str, str]] = Field(default_factory=dict[str, dict[str, str]])
    never: list[dict[str, str]] = Field(min_length=1)
    minimum_base: int = Field(ge=10)
    coverage: Coverage = Coverage()
    columns: list[str] = Field(min_length=1)
    checks: list[Check] = Field(min_length=1)

    @field_validator("tables")
    @classmethod
    def _tables_are_known(cls, tables: list[list[str]]) -> list[list[str]]:
        known = all(dimension in DIMENSIONS for table in tables for dimension in table)
        if not known or tables[0] or len({tuple(table) for table in tables}) < len(tables):
            raise ValueError("tables")
        return tables

    @field_validator("protection")
    @classmethod
    def _persons_are_protected(cls, protection: dict[str, Protection], info: ValidationInfo) -> dict[str, Protection]:
        """Suppression would hide most cells of a governorate: it is for country and regions only."""
        if not all(protection[unit].protects for unit in PERSONS if unit in protection):
            raise ValueError("protection")
        is_suppressed = any(one.method == "suppression" for one in protection.values())
        if is_suppressed and "governorate" in info.data.get("levels", []):
            raise ValueError("protection")
        return protection

    @field_validator("merge")
    @classmethod
    def _merged_codes_are_known(cls, merge: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        pairs = [(dimension, *pair) for dimension, categories in merge.items() for pair in categories.items()]
        if any(not are_known({dimension: code}) or into in ("", TOTAL) for dimension, code, into in pairs):
            raise ValueError("merge")
        return merge

    @field_validator("never")
    @classmethod
    def _never_is_known_and_whole(cls, never: list[dict[str, str]], info: ValidationInfo) -> list[dict[str, str]]:
        standing = standing_never(info.data.get("tables", []))
        if not all(are_known(entry) for entry in never) or any(entry not in never for entry in standing):
            raise ValueError("never")
        return never

    @field_validator("columns")
    @classmethod
    def _columns_are_known(cls, columns: list[str]) -> list[str]:
        is_closed = set(columns) <= set(COLUMNS) and len(set(columns)) == len(columns)
        if not is_closed or not set(_NEEDED) <= set(columns):
            raise ValueError("columns")
        return columns

    @field_validator("checks")
    @classmethod
    def _checks_have_their_own_names(cls, checks: list[Check]) -> list[Check]:
        if len({check.id for check in checks}) < len(checks):
            raise ValueError("checks")
        return checks

    @property
    def sha256(self) -> str:
        """The hash of what the card says (not of its spelling)."""
        return _content_hash(self.model_dump(mode="json"))

    @property
    def suite_sha256(self) -> str:
        """The hash of its checks; the verdict pins it."""
        return _content_hash([check.model_dump(mode="json") for check in self.checks])


class IndicatorRelation(_Card):
    """A counted measure of an indicator lies inside another measure, or partitions it."""

    measure: str
    kind: Literal["subset", "partition"]
    of: str


class Derived(_Card):
    """A measure that is computed after protection, from protected figures only."""

    measure: Literal["SHARE", "RELATIVE_GAP"]
    method: Literal["share", "relative_gap"]
    numerator: str | None = None
    denominator: str | None = None
    left: str | None = None
    right: str | None = None
    minimum_base: int = 0

    @property
    def operands(self) -> tuple[str, str]:
        """The two measures it is computed from: numerator and denominator, or left and right."""
        first, second = (self.numerator, self.denominator) if self.method == "share" else (self.left, self.right)
        return first or "", second or ""


class IndicatorCard(_Card):
    """One indicator, as its dbt model describes it, with where it stands in the warehouse.

    Attributes:
        model: the dbt model's name; `relation` is its table, quoted.
        facts: the tables of facts that it counts, quoted.
        checksum: of the model's SQL, by dbt.
    """

    code: str = Field(pattern=r"^[A-Z]{3}-\d\d$")
    pillar: Literal["prevention", "protection", "prosecution", "partnership"]
    unit_measure: str
    basis: Literal["period", "cohort"]
    title_en: str
    definition_en: str
    numerator: str
    denominator: str | None = None
    holders: list[str]
    demand: list[str]
    law_article: str | list[str] | None = None
    analogue: str | list[str] | None = None
    dimensions: list[str]
    datasets: list[str]
    caveats: list[str] = Field(default_factory=list[str])
    relations: list[IndicatorRelation] = Field(default_factory=list[IndicatorRelation])
    derived: list[Derived] = Field(default_factory=list[Derived])
    model: str
    relation: str
    facts: list[str]
    checksum: str

    def known_relations(self) -> list[Relation]:
        """Return its relations as the methods read them, measures named like `PRT-03/NUMERATOR`."""
        return [Relation(f"{self.code}/{link.measure}", link.kind, link.of) for link in self.relations]


def dataset_names() -> list[str]:
    """Return the names of all published datasets, sorted: one card, one dataset."""
    return sorted(path.stem for path in DATASETS.glob("*.yml"))


def load_dataset(name: str) -> DatasetCard:
    """Return the card of a dataset.

    Raises:
        Refusal: `dataset_unknown` with the nearest known name, or `card_invalid` with field and nearest known key.
    """
    path = DATASETS / f"{name}.yml"
    if not path.exists():
        near = difflib.get_close_matches(name, dataset_names(), n=1, cutoff=0.0)
        raise Refusal("dataset_unknown", where=name, nearest=near[0] if near else "-")
    content = _parsed(path.read_text(encoding="utf-8"))
    return _validated(DatasetCard, {"name": name, **content}, where=path.name)


def indicators(home: Home) -> dict[str, IndicatorCard]:
    """Return all indicator cards by code, sorted, from the manifest that dbt wrote in this home.

    Raises:
        Refusal: `file_missing` if dbt has not run yet; `card_invalid` for a card that is not valid.
    """
    path = home.dbt_target / "manifest.json"
    if not path.exists():
        raise Refusal("file_missing", where=str(path))
    nodes = json.loads(path.read_bytes())["nodes"]
    cards = [_indicator(node, nodes) for node in nodes.values() if _is_indicator(node)]
    return {card.code: card for card in sorted(cards, key=lambda card: card.code)}


def indicators_of(home: Home, dataset: str) -> dict[str, IndicatorCard]:
    """Return the cards of the indicators that name `dataset`."""
    return {code: card for code, card in indicators(home).items() if dataset in card.datasets}


@lru_cache(maxsize=32)
def _parsed(text: str) -> dict[str, Any]:
    """The keys in the text of a card; the same text is read once, because every step asks for the cards."""
    return yaml.safe_load(text) or {}


def _is_indicator(node: Mapping[str, Any]) -> bool:
    return node.get("resource_type") == "model" and "code" in node.get("config", {}).get("meta", {})


def _indicator(node: Mapping[str, Any], nodes: Mapping[str, Mapping[str, Any]]) -> IndicatorCard:
    behind = [nodes[name] for name in node.get("depends_on", {}).get("nodes", []) if name in nodes]
    place = {
        "model": node["name"],
        "relation": _relation(node),
        "facts": sorted(_relation(one) for one in behind if one["name"].startswith("fct_")),
        "checksum": node.get("checksum", {}).get("checksum", ""),
    }
    return _validated(IndicatorCard, {**node["config"]["meta"], **place}, where=node["name"])


def _relation(node: Mapping[str, Any]) -> str:
    """Schema and table, quoted; without the database, whose name is that of the file dbt wrote."""
    return f'"{node["schema"]}"."{node.get("alias") or node["name"]}"'


def _validated(kind: type[_CardType], content: Mapping[str, Any], *, where: str) -> _CardType:
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        near = difflib.get_close_matches(str(first["loc"][-1]), sorted(set(_keys(kind))), n=1, cutoff=0.0)
        raise Refusal("card_invalid", where=where, field=field, problem=first["type"], nearest=near[0]) from error


def _keys(kind: type[BaseModel]) -> Iterator[str]:
    """All keys that a card or a part of it may hold."""
    for name, field in kind.model_fields.items():
        yield name
        for part in (field.annotation, *getattr(field.annotation, "__args__", ())):
            if isinstance(part, type) and issubclass(part, _Card):
                yield from _keys(part)


def _content_hash(content: object) -> str:
    return text_hash(json.dumps(content, sort_keys=True, ensure_ascii=False))
