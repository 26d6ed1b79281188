"""Cards of indicators: what dbt's `config.meta` says of each, and where its table is in the warehouse.

Belongs here: the schema of an indicator's card and reading all of them from the manifest that dbt wrote.
Does not belong here: published datasets (`dataset_card.py`), or rules across cards (`release_scheme.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import Field, model_validator

from expectations.cards.cells import DIMENSIONS
from expectations.cards.dataset_card import StrictCard, validate_card
from ingestion.home import Home
from ingestion.storage import parse_json
from ingestion.text.folding import nearest_word_or_all
from languages.refusal import Refusal

if TYPE_CHECKING:
    from methods.disclosure.table_model import Relation


BREAKDOWN = "cust_breakdown"


class IndicatorRelation(StrictCard):
    """A counted measure of an indicator is a subset of another measure, or partitions it.

    Attributes:
        at: the part of the other measure that is meant: dimension to code, or `area` to a leaf.
        part: the part of the indicator's own measure that is meant.
    """

    measure: str
    kind: Literal["subset", "partition"]
    of: str
    at: dict[str, str] = Field(default_factory=dict[str, str])
    part: dict[str, str] = Field(default_factory=dict[str, str])


class DerivedMeasure(StrictCard):
    """A measure that is computed after protection, from protected figures only.

    Attributes:
        method: `share` (numerator / denominator of one unit, 0-1), `ratio` (numerator / denominator of two units),
            `relative_gap` (of left and right), `rate` (numerator per 100,000 residents), `median` (of days, from the
            bands of `cust_breakdown`).
        at: the part of the denominator (or right) that is meant, dimension to code; other dimensions have the codes of
            the numerator.
        minimum_base: no share, ratio or median is printed over fewer.
    """

    measure: Literal["SHARE", "RATIO", "RELATIVE_GAP", "RATE", "MEDIAN"]
    method: Literal["share", "ratio", "relative_gap", "rate", "median"]
    numerator: str | None = None
    denominator: str | None = None
    left: str | None = None
    right: str | None = None
    at: dict[str, str] = Field(default_factory=dict[str, str])
    minimum_base: int = 0

    @model_validator(mode="after")
    def _check_measure(self) -> Self:
        if self.measure != self.method.upper():
            raise ValueError("measure")
        return self

    @property
    def operands(self) -> tuple[str, ...]:
        """The measures it is computed from: numerator and denominator, left and right, or the numerator alone."""
        if self.method in ("rate", "median"):
            return (self.numerator or "",)
        first, second = (self.left, self.right) if self.method == "relative_gap" else (self.numerator, self.denominator)
        return first or "", second or ""


class IndicatorCard(StrictCard):
    """One indicator, as its dbt model describes it, and where it is in the warehouse.

    Attributes:
        level: level of area of its base cells; an indicator counted by region has no governorates to add up.
        breakdown: the code list of its `cust_breakdown` (seed `cust_breakdown`).
        adds_up: whether the categories of its `cust_breakdown` add up to something; if not, there is no total of them:
            one agency is inspected and closed, and a child of whom no means is recorded is not one whom the law misses.
        first_year: before it there are no cells; None: as far back as records go.
        minimum_facts: a cell of fewer facts is withheld: an amount of one or two institutions is that of each of them.
        given_up: dimensions that it had once and gave up: what was released by them is missing on purpose.
        model: the dbt model's name; `relation` is its table, quoted.
        facts: the tables of facts that it counts, quoted.
        checksum: dbt's checksum of the model's SQL.
    """

    code: str = Field(pattern=r"^[A-Z]{3}-\d\d$")
    pillar: Literal["prevention", "protection", "prosecution", "partnership"]
    unit_measure: str
    basis: Literal["period", "cohort"]
    title_en: str
    definition_en: str
    numerator: str
    denominator: str | None = None
    level: Literal["governorate", "region"] = "governorate"
    breakdown: str | None = None
    adds_up: bool = True
    first_year: int | None = None
    minimum_facts: int = Field(default=0, ge=0)
    given_up: list[str] = Field(default_factory=list[str])
    holders: list[str]
    demand: list[str]
    law_article: str | list[str] | None = None
    analogue: str | list[str] | None = None
    dimensions: list[str]
    datasets: list[str]
    caveats: list[str] = Field(default_factory=list[str])
    relations: list[IndicatorRelation] = Field(default_factory=list[IndicatorRelation])
    derived: list[DerivedMeasure] = Field(default_factory=list[DerivedMeasure])
    model: str
    relation: str
    facts: list[str]
    checksum: str

    @model_validator(mode="after")
    def _check_breakdown(self) -> Self:
        if not self.adds_up and BREAKDOWN not in self.dimensions:
            raise ValueError("adds_up")
        return self

    @model_validator(mode="after")
    def _check_given_up(self) -> Self:
        if not set(self.given_up) <= set(DIMENSIONS) - set(self.dimensions):
            raise ValueError("given_up")
        return self

    def has_table(self, dimensions: Collection[str]) -> bool:
        """Return whether there is a table of it by these dimensions, over the categories of all others."""
        return set(dimensions) <= set(self.dimensions) and (self.adds_up or BREAKDOWN in dimensions)

    def gave_up(self, dimensions: Collection[str]) -> bool:
        """Return whether its card says that it has a table by these dimensions no more."""
        return not set(dimensions).isdisjoint(self.given_up) or not (self.adds_up or BREAKDOWN in dimensions)

    @property
    def members(self) -> str:
        """The view of the facts that each of its cells counts, quoted: one row per cell and fact."""
        return f'{self.relation.removesuffix(chr(34))}__facts"'

    @property
    def fact_names(self) -> list[str]:
        """The names of the tables of facts that it counts, without their schema."""
        return [relation.rpartition(".")[2].strip('"') for relation in self.facts]

    @property
    def records(self) -> str:
        """The relation from each fact to the landed rows behind it, quoted: one row per fact and row."""
        return f'{self.relation.rpartition(".")[0]}."dim_record"'

    def known_relations(self) -> list[Relation]:
        """Return its relations in the form of the methods, with measures named like `PRT-03/NUMERATOR`."""
        from methods.disclosure.table_model import Relation  # imported late: it loads matrices, which no card needs

        return [
            Relation(f"{self.code}/{link.measure}", link.kind, link.of, link.at, link.part) for link in self.relations
        ]


def indicators(home: Home) -> dict[str, IndicatorCard]:
    """Return all indicator cards by code, sorted, from the manifest that dbt wrote in this home.

    Raises:
        Refusal: `file_missing` if dbt has not run yet; `card_invalid` for a card that is not valid.
    """
    path = home.dbt_target / "manifest.json"
    if not path.exists():
        raise Refusal("file_missing", where=str(path))
    return {card.code: card for card in _cards(path.read_bytes())}


@lru_cache(maxsize=2)
def _cards(manifest: bytes) -> tuple[IndicatorCard, ...]:
    """Return the cards in a manifest, sorted by code; cached: each step asks for them, and the manifest is large."""
    nodes = parse_json(manifest)["nodes"]
    cards = [_indicator(node, nodes) for node in nodes.values() if _is_indicator(node)]
    return tuple(sorted(cards, key=lambda card: card.code))


def indicators_of(home: Home, dataset: str) -> dict[str, IndicatorCard]:
    """Return the cards of the indicators that name `dataset`."""
    return {code: card for code, card in indicators(home).items() if dataset in card.datasets}


def _is_indicator(node: Mapping[str, Any]) -> bool:
    return node.get("resource_type") == "model" and "code" in node.get("config", {}).get("meta", {})


def _indicator(node: Mapping[str, Any], nodes: Mapping[str, Mapping[str, Any]]) -> IndicatorCard:
    behind = [nodes[name] for name in node.get("depends_on", {}).get("nodes", []) if name in nodes]
    place = {
        "model": node["name"],
        "relation": _relation(node),
        "facts": sorted(_relation(model) for model in behind if model["name"].startswith("fct_")),
        "checksum": node.get("checksum", {}).get("checksum", ""),
    }
    meta: dict[str, Any] = node["config"]["meta"]
    for field in sorted(set(meta) & set(place)):
        near = nearest_word_or_all(field, set(IndicatorCard.model_fields) - set(place))
        raise Refusal("card_invalid", where=node["name"], field=field, problem="comes from dbt", nearest=near)
    return validate_card(IndicatorCard, {**meta, **place}, where=node["name"])


def _relation(node: Mapping[str, Any]) -> str:
    """Schema and table, quoted; without the database, which is named after the file that dbt wrote."""
    return f'"{node["schema"]}"."{node.get("alias") or node["name"]}"'
