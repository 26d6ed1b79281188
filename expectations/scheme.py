"""What the cards of all datasets say together: protection is one step over all of them.

Belongs here: joining the cards, and refusing cards that contradict each other.
Does not belong here: the schema of a card (`card.py`), or applying the rules (`protection.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from expectations.card import (
    DatasetCard,
    Derived,
    IndicatorCard,
    Protection,
    dataset_names,
    indicators,
    load_dataset,
)
from ingestion.home import Home
from languages.refusal import Refusal
from methods.disclosure.model import Relation

_OF_PERSONS = frozenset({"sex", "age", "form", "article"})
# The only facts that are no persons: who sent a file, a figure counted elsewhere, a house.
_NOT_PERSONS = frozenset({"fct_submission", "fct_count", "fct_facility"})


@dataclass(frozen=True)
class PrintedTable:
    """One table of one dataset: what is withheld, or printed exactly, goes by these."""

    dataset: str
    levels: tuple[str, ...]
    dimensions: tuple[str, ...]


@dataclass(frozen=True)
class Scheme:
    """The rules of all datasets together.

    Attributes:
        datasets: the cards, by name.
        indicators: the indicator cards, by code.
        units: unit of count to its protection; where datasets agree but one prints one-way tables exactly, that one.
        merged: dimension to {category: published category}.
        never: coordinates that do not leave.
    """

    datasets: Mapping[str, DatasetCard]
    indicators: Mapping[str, IndicatorCard]
    units: Mapping[str, Protection]
    merged: Mapping[str, Mapping[str, str]]
    never: tuple[Mapping[str, str], ...]

    @classmethod
    def of(cls, home: Home) -> Scheme:
        """Return the scheme of a home.

        Raises:
            Refusal: `cards_disagree` where two cards round one unit or merge one category differently, or what
                `refuse_unprotected` raises.
        """
        cards = {name: load_dataset(name) for name in dataset_names()}
        known = indicators(home)
        for card in cards.values():
            refuse_unprotected(card, known)
        never = {tuple(sorted(entry.items())): entry for card in cards.values() for entry in card.never}
        return cls(cards, known, _units(cards), _merged(cards), tuple(never[key] for key in sorted(never)))

    def protection_of(self, indicator: str) -> Protection:
        """Return how the figures of an indicator are protected."""
        return self.units[self.indicators[indicator].unit_measure]

    def relations(self, measures: Sequence[str]) -> list[Relation]:
        """Return the relations between these measures."""
        known = [link for card in self.indicators.values() for link in card.known_relations()]
        return [link for link in known if link.measure in measures and link.of in measures]

    def exact_tables(self) -> list[PrintedTable]:
        """Return the one-way tables above the governorates that a card allows to be exact (sdc 3.4, product 1)."""
        return [
            PrintedTable(card.name, tuple(level for level in card.levels if level != "governorate"), tuple(table))
            for card in self.datasets.values()
            for table in card.tables
            if len(table) == 1 and any(unit.exact_from for unit in card.protection.values())
        ]

    def withholding_order(self) -> list[PrintedTable]:
        """Return the tables in the order in which they are withheld: finest areas first, each card from its end."""
        finest = sorted(self.datasets.values(), key=lambda card: ("governorate" not in card.levels, card.name))
        return [
            PrintedTable(card.name, tuple(card.levels), tuple(table))
            for card in finest
            for table in reversed(card.tables)
            if table
        ]


def refuse_unprotected(card: DatasetCard, known: Mapping[str, IndicatorCard]) -> None:
    """Refuse indicators of a dataset that would print persons unprotected, whatever word their card uses for them.

    Raises:
        Refusal: `unit_unprotected` for a unit that the dataset does not protect; `persons_unprotected` for a unit that
            it does not round though the indicator has a dimension of persons, or counts other facts than submissions,
            counts made elsewhere and facilities; `card_invalid` for a derived figure of persons whose two counts no
            relation links: they would be rounded and audited apart.
    """
    for indicator in known.values():
        if card.name in indicator.datasets:
            _refuse_unrounded(card, indicator)
            for entry in indicator.derived:
                if not _is_linked(card, known, entry):
                    field = f"derived.{entry.measure}"
                    raise Refusal(
                        "card_invalid", where=indicator.model, field=field, problem="unrelated", nearest="relations"
                    )


def _refuse_unrounded(card: DatasetCard, indicator: IndicatorCard) -> None:
    if indicator.unit_measure not in card.protection:
        raise Refusal("unit_unprotected", where=card.name, indicator=indicator.code, unit=indicator.unit_measure)
    facts = {relation.rpartition(".")[2].strip('"') for relation in indicator.facts}
    is_about_persons = bool(_OF_PERSONS & set(indicator.dimensions)) or not facts or not facts <= _NOT_PERSONS
    if card.protection[indicator.unit_measure].method != "rounding" and is_about_persons:
        raise Refusal("persons_unprotected", where=card.name, indicator=indicator.code, unit=indicator.unit_measure)


def _is_linked(card: DatasetCard, known: Mapping[str, IndicatorCard], entry: Derived) -> bool:
    """Whether two counts of persons are linked; where one of them is not rounded nothing need be."""
    owners = [known.get(operand.partition("/")[0]) for operand in entry.operands]
    units = [card.protection.get(owner.unit_measure) for owner in owners if owner is not None]
    if len(units) < len(owners):
        return False  # an operand of an indicator that does not exist
    links = [{link.measure, link.of} for owner in known.values() for link in owner.known_relations()]
    return not all(unit is not None and unit.method == "rounding" for unit in units) or set(entry.operands) in links


def _units(cards: Mapping[str, DatasetCard]) -> dict[str, Protection]:
    units: dict[str, Protection] = {}
    for card in cards.values():
        for unit, protection in card.protection.items():
            known = units.setdefault(unit, protection)
            if (known.method, known.base) != (protection.method, protection.base):
                raise Refusal("cards_disagree", where=card.name, field=f"protection.{unit}")
            units[unit] = known if known.exact_from else protection
    return units


def _merged(cards: Mapping[str, DatasetCard]) -> dict[str, dict[str, str]]:
    merged: dict[str, dict[str, str]] = {}
    for card in cards.values():
        for dimension, categories in card.merge.items():
            known = merged.setdefault(dimension, {})
            for category, published in categories.items():
                if known.setdefault(category, published) != published:
                    raise Refusal("cards_disagree", where=card.name, field=f"merge.{dimension}.{category}")
    return merged
