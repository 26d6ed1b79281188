"""The rules of all dataset cards together: protection is one step over all of them.

Belongs here: joining the cards, and refusing cards that contradict each other.
Does not belong here: the schema of a card (`dataset_card.py`), or applying the rules (`protect_datasets.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from expectations.cards.dataset_card import DatasetCard, Protection, dataset_names, load_dataset
from expectations.cards.indicator_card import DerivedMeasure, IndicatorCard, indicators
from ingestion.home import Home
from ingestion.text.folding import nearest_word_or_all
from languages.refusal import Refusal
from methods.disclosure.table_model import Relation, connected_blocks

_OF_PERSONS = frozenset({"sex", "age", "form", "article", "citizenship"})
# The only facts that are no persons: a submission, a figure counted elsewhere, a facility, a meeting or an inspection.
_NOT_PERSONS = frozenset({"fct_submission", "fct_count", "fct_facility", "fct_activity"})


@dataclass(frozen=True)
class PrintedTable:
    """One table of one dataset: the unit by which values are withheld or printed exactly."""

    dataset: str
    levels: tuple[str, ...]
    dimensions: tuple[str, ...]


@dataclass(frozen=True)
class Scheme:
    """The rules of all datasets together.

    Attributes:
        datasets: the cards, by name.
        indicators: the indicator cards, by code.
        units: unit of count to its protection; if datasets differ only in printing one-way tables exactly, the exact
            one.
        merged: dimension to {category: published category}.
        never: coordinates that are never released.
    """

    datasets: Mapping[str, DatasetCard]
    indicators: Mapping[str, IndicatorCard]
    units: Mapping[str, Protection]
    merged: Mapping[str, Mapping[str, str]]
    never: tuple[Mapping[str, str], ...]

    @classmethod
    def read_scheme(cls, home: Home) -> Scheme:
        """Return the scheme of a home.

        Raises:
            Refusal: `cards_disagree` if two cards protect one unit or merge one category differently, `card_invalid`
                for a `never` list that names an unknown indicator, or whatever `refuse_unprotected` and
                `refuse_mixed_units` raise.
        """
        cards = {name: load_dataset(name) for name in dataset_names()}
        known = indicators(home)
        for card in cards.values():
            refuse_unprotected(card, known)
            _refuse_unknown(card, known)
        refuse_mixed_units(known)
        never = {tuple(sorted(entry.items())): entry for card in cards.values() for entry in card.never}
        entries = tuple(never[key] for key in sorted(never))
        printed = {name for card in known.values() for name in card.datasets}
        speaking = {name: card for name, card in cards.items() if name in printed}  # an empty card contradicts nobody
        return cls(cards, known, _units(speaking), _merged_categories(speaking), entries)

    def protection_of(self, indicator: str) -> Protection:
        """Return how the figures of an indicator are protected."""
        return self.units[self.indicators[indicator].unit_measure]

    def counts_in(self, measure: str, year: str) -> bool:
        """Return whether a measure is counted in a year: its indicator may have a first year."""
        return int(year) >= (self.indicators[measure.partition("/")[0]].first_year or 0)

    def never_entries(self, block: Sequence[str]) -> list[Mapping[str, str]]:
        """Return the parts of a block that must not be released, as the methods name them."""
        return select_never_entries(self.never, block)

    def relations(self, measures: Sequence[str]) -> list[Relation]:
        """Return the relations between these measures."""
        known = [link for card in self.indicators.values() for link in card.known_relations()]
        return [link for link in known if link.measure in measures and link.of in measures]

    def exact_tables(self) -> list[PrintedTable]:
        """Return the one-way tables above the governorates that a card allows to be exact (docs/decisions/0012)."""
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


def select_never_entries(never: Sequence[Mapping[str, str]], block: Sequence[str]) -> list[Mapping[str, str]]:
    """Return the `never` entries that concern a block; an entry for a whole indicator covers each of its measures."""
    entries: list[Mapping[str, str]] = []
    for entry in never:
        rest = {name: code for name, code in entry.items() if name not in ("indicator", "measure")}
        own = [measure for measure in block if _names(entry, measure)]
        entries += [{"measure": measure, **rest} for measure in own] if "indicator" in entry else [entry]
    return entries


def _names(entry: Mapping[str, str], measure: str) -> bool:
    """Return whether an entry of a `never` list names this measure, or its whole indicator."""
    indicator, _, name = measure.partition("/")
    return entry.get("indicator") == indicator and entry.get("measure", name) == name


def refuse_unprotected(card: DatasetCard, known: Mapping[str, IndicatorCard]) -> None:
    """Refuse indicators of a dataset that would print persons unprotected, whatever unit their card declares.

    Raises:
        Refusal: `unit_unprotected` for a unit that the dataset does not protect; `persons_unprotected` for a unit that
            it does not round though the indicator has a dimension of persons, or counts facts other than submissions,
            counts made elsewhere and facilities; `card_invalid` for a derived figure of persons whose two counts no
            relation links: they would be rounded and audited separately.
    """
    for indicator in known.values():
        if card.name in indicator.datasets:
            _refuse_unrounded(card, indicator)
            for entry in indicator.derived:
                _refuse_elsewhere(card, known, indicator, entry)
                if not _is_linked(card, known, entry):
                    field = f"derived.{entry.measure}"
                    raise Refusal(
                        "card_invalid", where=indicator.model, field=field, problem="unrelated", nearest="relations"
                    )


def refuse_mixed_units(known: Mapping[str, IndicatorCard]) -> None:
    """Refuse cards that add, divide or enclose counts of two units: victims, accused, cases and stays are never added.

    A `ratio` says in its name that it divides two units. A `relative_gap` compares Marsad's figure with one that others
    published, whose card says what it counts. Nothing else may mix units.

    Raises:
        Refusal: `units_mixed` with the indicator, what joins the two, and both units.
    """
    for indicator in known.values():
        own = f"{indicator.code}/"
        joined = [(f"relations.{link.kind}", (own, link.of)) for link in indicator.relations]
        joined += [
            (f"derived.{derived.method}", derived.operands)
            for derived in indicator.derived
            if derived.method != "ratio"
        ]
        for place, operands in joined:
            owners = [known[name.partition("/")[0]] for name in operands if name.partition("/")[0] in known]
            units = {owner.unit_measure for owner in owners}
            units -= {"PUBLISHED_FIGURE"} if place == "derived.relative_gap" else set()
            if len(units) > 1:
                first, second = sorted(units)[:2]
                raise Refusal("units_mixed", where=indicator.model, field=place, first=first, second=second)


def _refuse_unrounded(card: DatasetCard, indicator: IndicatorCard) -> None:
    if indicator.unit_measure not in card.protection:
        raise Refusal("unit_unprotected", where=card.name, indicator=indicator.code, unit=indicator.unit_measure)
    facts = set(indicator.fact_names)
    is_about_persons = bool(_OF_PERSONS & set(indicator.dimensions)) or not facts or not facts <= _NOT_PERSONS
    if not card.protection[indicator.unit_measure].protects and is_about_persons:
        raise Refusal("persons_unprotected", where=card.name, indicator=indicator.code, unit=indicator.unit_measure)


def _refuse_elsewhere(
    card: DatasetCard, known: Mapping[str, IndicatorCard], indicator: IndicatorCard, entry: DerivedMeasure
) -> None:
    """Refuse a derived figure printed without the counts it is computed from: a reader could not check it."""
    for code in (operand.partition("/")[0] for operand in entry.operands):
        if code in known and card.name not in known[code].datasets:
            field = f"derived.{entry.measure}"
            raise Refusal(
                "card_invalid", where=indicator.model, field=field, problem=f"{code} not there", nearest="datasets"
            )


def _is_linked(card: DatasetCard, known: Mapping[str, IndicatorCard], entry: DerivedMeasure) -> bool:
    """Return whether two counts of persons are in one block; they need not be if one of them is not rounded."""
    owners = [known.get(operand.partition("/")[0]) for operand in entry.operands]
    units = [card.protection.get(owner.unit_measure) for owner in owners if owner is not None]
    if len(units) < len(owners):
        return False  # an operand of an indicator that does not exist
    if len(units) == 1 or not all(unit is not None and unit.protects for unit in units):
        return True
    links = [link for owner in known.values() for link in owner.known_relations()]
    measures = sorted({measure for link in links for measure in (link.measure, link.of)})
    return any(set(entry.operands) <= set(block) for block in connected_blocks(measures, links))


def _refuse_unknown(card: DatasetCard, known: Mapping[str, IndicatorCard]) -> None:
    """Refuse an unknown indicator in a `never` list: it is a typing error, and its entry would withhold nothing."""
    for code in sorted({entry["indicator"] for entry in card.never if "indicator" in entry} - set(known)):
        near = nearest_word_or_all(code, known)
        raise Refusal("card_invalid", where=card.name, field="never", problem="unknown", nearest=near)


def _units(cards: Mapping[str, DatasetCard]) -> dict[str, Protection]:
    """Return how each unit is protected; no two cards may protect one differently."""
    units: dict[str, Protection] = {}
    for card in cards.values():
        for unit, protection in card.protection.items():
            known = units.setdefault(unit, protection)
            if (known.method, known.base) != (protection.method, protection.base):
                raise Refusal("cards_disagree", where=card.name, field=f"protection.{unit}")
            units[unit] = known if known.exact_from else protection
    return units


def _merged_categories(cards: Mapping[str, DatasetCard]) -> dict[str, dict[str, str]]:
    merged: dict[str, dict[str, str]] = {}
    for card in cards.values():
        for dimension, categories in card.merge.items():
            known = merged.setdefault(dimension, {})
            for category, published in categories.items():
                if known.setdefault(category, published) != published:
                    raise Refusal("cards_disagree", where=card.name, field=f"merge.{dimension}.{category}")
    return merged
