"""Inclusions that hold over the whole invented country and stand in no card: a reader who knows them learns more.

Two counts of one kind of fact are compared fact by fact, whatever their unit. A count of other things (an inspection,
a night, a call) shares no fact with persons: why each such figure that is printed as it is bounds nobody stands here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import permutations

import pandas as pd
import pytest

from expectations.candidates import candidate
from expectations.cards.cells import measure_ids
from expectations.cards.indicator_card import IndicatorCard, indicators
from ingestion.home import Home
from methods.disclosure.table_model import DIMENSIONS, TOTAL, Relation

pytestmark = pytest.mark.whole_home

Cell = tuple[str, str, str]
"""A measure, and a dimension with its code; two blanks: the measure as a whole."""

LEAST = 20  # cases of the inner cell over all years: of fewer an inclusion says little

ONE_LINE = "one line of a sender tells an amount for each of the two"

# Inclusions that hold in the invented country and not by definition.
HAPPENED: Mapping[tuple[str, str], str] = {
    ("NCR-01/NUMERATOR", "NCR-02/NUMERATOR"): "no other charge follows sexual exploitation",
    ("NCR-02/NUMERATOR", "NCR-01/NUMERATOR"): "no boy is charged with prostitution",
    ("PAR-01/DENOMINATOR", "PAR-03/DENOMINATOR"): "meetings: the plan foresees all of the committee",
    ("PAR-02/DENOMINATOR", "PAR-02/NUMERATOR"): ONE_LINE,
    ("PAR-03/DENOMINATOR", "PAR-03/NUMERATOR"): "activities, printed as they are: no planned inspection fell out",
    ("PAR-03/DENOMINATOR", "PRV-05/COUNT"): "inspections of the plan were held: how many there were tells of nobody",
    ("PAR-03/DENOMINATOR", "PRV-03/DENOMINATOR"): "courses and their audience, officials in hundreds",
    ("PAR-03/NUMERATOR", "PRV-03/NUMERATOR"): "courses and their audience, officials in hundreds",
    ("PRV-01/DENOMINATOR", "PRV-01/NUMERATOR"): ONE_LINE,
    ("PRV-01/NUMERATOR", "PRV-01/DENOMINATOR"): ONE_LINE,
    ("PRV-03/DENOMINATOR", "PRV-03/NUMERATOR"): ONE_LINE,
    ("PRV-03/NUMERATOR", "PRV-03/DENOMINATOR"): ONE_LINE,
    ("PAR-09/NUMERATOR", "PAR-05/NUMERATOR"): "whom two bodies saw the one body had from the other",
    ("PAR-09/NUMERATOR", "PRT-03/NUMERATOR"): "the second body is always the court, and it always identified",
    ("PRS-05/COUNT", "PRS-04/COUNT"): "a verdict always falls into the year of the indictment",
    ("PRS-07/NUMERATOR", "PRS-04/COUNT"): "a verdict always falls into the year of the indictment",
    ("PRS-07/NUMERATOR", "PRS-05/COUNT"): "no child is convicted by the rarer articles",
    ("PRS-07/NUMERATOR", "PRS-09/NUMERATOR"): "a sentence under Article 9 has no term, and no other sentence lacks one",
    ("PRS-08/NUMERATOR", "PRS-04/COUNT"): "no child is convicted under this circumstance",
    ("PRS-08/NUMERATOR", "PRS-05/COUNT"): "no child is convicted under this circumstance",
    ("PRS-09/NUMERATOR", "PRS-07/NUMERATOR"): "a sentence under Article 9 has no term, and no other sentence lacks one",
    ("PRS-09/NUMERATOR", "PRS-04/COUNT"): "no child has a sentence under five years",
    ("PRS-09/NUMERATOR", "PRS-05/COUNT"): "no child has a sentence under five years",
    ("PRT-06/COUNT", "PAR-05/NUMERATOR"): "whom a body of the federal region found is always referred",
    ("PRT-06/COUNT", "PRT-03/NUMERATOR"): "only the court leaves out who found somebody",
    ("PRT-08/NUMERATOR", "PRT-12/NUMERATOR"): "all are admitted by order of a judge",
    **{
        (f"{code}", "PRT-05/COUNT"): "nearly every first contact has a date"
        for code in (
            "PRT-02/COUNT",
            "PRT-18/DENOMINATOR",
            "PRT-32/COUNT",
            *(f"PRT-{n}/NUMERATOR" for n in (17, 19, 21, 22, 23)),
        )
    },
}  # fmt: skip


def counted(members: pd.DataFrame) -> dict[Cell, set[str]]:
    """The facts behind each measure, and behind each category of it, over all years."""
    found: defaultdict[Cell, set[str]] = defaultdict(set)
    for row in members.assign(id=measure_ids(members)).to_dict("records"):
        facts = {f"{row['time_period']}:{row['member']}"}
        codes = [(name, str(row[name])) for name in DIMENSIONS if row[name] != TOTAL]
        for name, code in [("", ""), ("area", str(row["ref_area"])), *codes]:
            found[str(row["id"]), name, code] |= facts
    return {cell: facts for cell, facts in found.items() if cell[1] != "area" or cell[2].endswith("-U")}


def declared(cells: Iterable[Cell], relations: Iterable[Relation]) -> dict[Cell, set[Cell]]:
    """Of each cell those that it lies in, by one step: its measure, or what a card says."""
    steps: dict[Cell, set[Cell]] = {cell: {(cell[0], "", "")} for cell in cells}

    def lies(inner: Cell, outer: Cell) -> None:
        if inner in steps and outer in steps:
            steps[inner].add(outer)

    for one in relations:
        parts = [(one.measure, *pair) for pair in one.part.items()] or [(one.measure, "", "")]
        wholes = [(one.of, *pair) for pair in one.at.items()] or [(one.of, "", "")]
        pairs = [(part, whole) for part in parts for whole in wholes]
        shared = [] if one.part else [cell for cell in steps if cell[0] == one.measure and cell[1] not in ("", *one.at)]
        pairs += [(cell, (one.of, *cell[1:])) for cell in shared]
        for part, whole in pairs:
            lies(part, whole)
            if one.kind == "partition" and not one.part and len(one.at) < 2:
                lies(whole, part)
    return steps


def reached(cell: Cell, steps: Mapping[Cell, set[Cell]]) -> set[Cell]:
    """All cells that a cell lies in, by any number of steps."""
    seen, waiting = {cell}, [cell]
    while waiting:
        new = steps[waiting.pop()] - seen
        seen |= new
        waiting += new
    return seen


def undeclared(base: pd.DataFrame, cards: Mapping[str, IndicatorCard]) -> dict[tuple[str, str], list[str]]:
    """Pairs of measures with cells of the one inside cells of the other, which no card says or makes plain."""
    cells = counted(base[base["indicator"].isin(cards)])
    steps = declared(cells, (one for card in cards.values() for one in card.known_relations()))
    known = {cell: reached(cell, steps) for cell in cells}
    large = [cell for cell, facts in cells.items() if len(facts) >= LEAST]
    missing = [
        (inner, outer)
        for inner, outer in permutations(large, 2)
        if inner[0] != outer[0] and cells[inner] <= cells[outer] and outer not in known[inner]
    ]
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for inner, outer in missing:
        follows = any(
            (inner, outer) != (first, last) and first in known[inner] and outer in known[last]
            for first, last in missing
        )
        if not follows:
            found[inner[0], outer[0]].append(f"{inner} lies in {outer}")
    return dict(found)


def test_every_inclusion_that_holds_throughout_stands_in_a_card_or_happened_only_here(demo: Home):
    found = undeclared(candidate.read_members(demo), indicators(demo))
    assert {pair: cells for pair, cells in found.items() if pair not in HAPPENED} == {}


def test_a_relation_that_is_struck_from_its_card_is_found(demo: Home):
    cards = indicators(demo)
    struck = {code: card.model_copy(update={"relations": [one for one in card.relations if not one.part]})
              for code, card in cards.items()}  # fmt: skip
    assert struck != cards
    assert {("PAR-08/NUMERATOR", "PRT-01/COUNT"), ("PRS-18/NUMERATOR", "PRT-01/COUNT")} <= set(
        undeclared(candidate.read_members(demo), struck)
    )
