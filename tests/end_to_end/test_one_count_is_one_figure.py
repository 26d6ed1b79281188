"""Counts that are equal wherever both are told, over the whole invented country: are they one figure in print?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from expectations.candidates import candidate
from expectations.cards.cells import COUNTED, DIMENSIONS, KEY, TOTAL, measure_ids, read_parquet
from expectations.cards.indicator_card import indicators
from expectations.cards.release_scheme import Scheme
from expectations.protection.constraint_systems import block_years
from expectations.published.release_formats import frozen_of
from ingestion.home import Home
from reports.released.released_folder import latest_release

pytestmark = pytest.mark.whole_home

Cell = tuple[str, str]
"""A measure, and the codes of its dimensions; blank: the measure as a whole."""
Series = Mapping[tuple[str, str], float]
"""Area and year to a figure."""

LEAST_PLACES, LEAST_CASES = 5, 20  # of fewer, to be equal says little

# Of those that are equal by definition, some that the search has to find.
DEFINED = (
    ("PRT-01/COUNT", "PRT-04/COUNT"),
    ("PAR-08/NUMERATOR", "PRT-01/COUNT"),
    ("PRT-06/COUNT", "PRT-07/NUMERATOR"),
    ("PRS-05/COUNT", "PRS-07/NUMERATOR"),
    ("PRT-08/DENOMINATOR", "PRT-09/DENOMINATOR"),
)


SAME_PLACES = 2
# Equal by what happens and not by definition: found as 0 and 5, which told that there are 1 to 4.
SAME_PERSONS = (
    (("NCR-01/NUMERATOR", "SEXUAL"), ("NCR-02/NUMERATOR", "")),
    (("PRS-07/NUMERATOR", "A9"), ("PRS-09/NUMERATOR", "SENTENCE_NO_TERM")),
)


def series(cells: pd.DataFrame) -> dict[Cell, Series]:
    """The figures of each measure and category of it, by area and year."""
    codes = cells[list(DIMENSIONS)].apply(lambda row: " ".join(code for code in row if code != TOTAL), axis=1)
    found: dict[Cell, dict[tuple[str, str], float]] = {}
    rows = zip(measure_ids(cells), codes, cells["ref_area"], cells["time_period"], cells["obs_value"], strict=True)
    for measure, code, area, year, value in rows:
        found.setdefault((str(measure), code), {})[str(area), str(year)] = float(value)
    return found


def equal(figures: Mapping[Cell, Series]) -> list[tuple[Cell, Cell]]:
    """Pairs of cells of two measures that are equal wherever both are told."""
    large = [cell for cell, values in figures.items() if sum(values.values()) >= LEAST_CASES]
    found: list[tuple[Cell, Cell]] = []
    for one, other in combinations(sorted(large), 2):
        both = figures[one].keys() & figures[other].keys() if one[0] != other[0] else set[tuple[str, str]]()
        is_large = len(both) >= LEAST_PLACES and sum(figures[one][place] for place in both) >= LEAST_CASES
        if is_large and all(figures[one][place] == figures[other][place] for place in both):
            found.append((one, other))
    return found


def true_cells(home: Home) -> pd.DataFrame:
    """The true counts of all protected units, each cell once."""
    scheme = Scheme.read_scheme(home)
    cells = pd.concat([candidate.read_cells(home, name) for name in scheme.datasets], ignore_index=True)
    protected = [code for code in indicators(home) if scheme.protection_of(code).protects]
    told = cells["indicator"].isin(protected) & cells["measure"].isin(COUNTED) & (cells["obs_status"] == "A")
    return cells[told].drop_duplicates(list(KEY))


def released_rows(home: Home) -> pd.DataFrame:
    names = sorted({name for card in indicators(home).values() for name in card.datasets})
    files = [latest_release(home, name).path / "data.parquet" for name in names]
    return pd.concat([read_parquet(path.read_bytes()) for path in files], ignore_index=True)


def released(home: Home) -> dict[Cell, Series]:
    printed = released_rows(home)
    return series(printed[printed["measure"].isin(COUNTED) & printed["obs_value"].notna()].drop_duplicates(list(KEY)))


def frozen(home: Home) -> set[tuple[str, str]]:
    """The years and indicators whose figures are those of an earlier release."""
    names = {name for card in indicators(home).values() for name in card.datasets}
    return {
        (year, code)
        for name in names
        for year, codes in frozen_of(latest_release(home, name).manifest).items()
        for code in codes
    }


def test_counts_that_are_equal_everywhere_are_printed_as_one_figure(demo: Home):
    figures, printed = series(true_cells(demo)), released(demo)
    pairs = equal(figures)
    named = {(one[0], other[0]) for one, other in pairs}
    assert set(DEFINED) <= named
    apart = {
        (one, other, place)
        for one, other in pairs
        for place in figures[one].keys() & figures[other].keys()
        if printed[one].get(place) != printed[other].get(place)
    }
    assert apart == set()


@dataclass(frozen=True)
class PrintedCell:
    """A printed cell and the facts that it counts.

    Attributes:
        cell: measure and codes.
        place: area and year.
        block: the measures that relations connect with it: it was rounded together with their cells.
        count: the true number, which a frozen year has from an earlier day than its facts.
    """

    cell: Cell
    place: tuple[str, str]
    block: tuple[str, ...]
    facts: frozenset[str]
    count: float
    figure: float
    is_held: bool


def printed_cells(home: Home) -> Iterator[PrintedCell]:
    """All printed cells of protected units that count somebody, over all blocks."""
    scheme, printed, held = Scheme.read_scheme(home), released_rows(home), frozen(home)
    behind = candidate.read_members(home).drop_duplicates([*KEY, "member"]).groupby(list(KEY))["member"].agg(frozenset)
    base = candidate.read_base(home).set_index(list(KEY)).assign(persons=behind).reset_index()
    for block_year in block_years(base, printed, scheme):
        block = block_year.drop_uncovered_cells()
        cells, matrix = block.cells, block.model.matrix
        facts = [persons if isinstance(persons, frozenset) else frozenset() for persons in block.base["persons"]]
        rows, measures = cells.to_dict("records"), measure_ids(cells).tolist()
        for row in np.flatnonzero(block.true_cells > 0).tolist():
            columns = matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]
            codes = " ".join(str(rows[row][name]) for name in DIMENSIONS if rows[row][name] != TOTAL)
            yield PrintedCell(
                cell=(str(measures[row]), codes),
                place=(str(rows[row]["ref_area"]), block.year),
                block=block.block,
                facts=frozenset[str]().union(*(facts[column] for column in columns)),
                count=float(block.true_cells[row]),
                figure=float(rows[row]["obs_value"]),
                is_held=(block.year, str(rows[row]["indicator"])) in held,
            )


def test_cells_that_count_the_very_same_persons_are_printed_as_one_figure(demo: Home):
    """In each year and area: two figures of one set of persons bound it from both sides.

    A frozen figure stays as it was printed, when the sets were other ones: a new one beside it would bound it further.
    """
    alike: defaultdict[object, list[PrintedCell]] = defaultdict(list)
    for cell in printed_cells(demo):
        alike[cell.block, cell.place, cell.facts, cell.count].append(cell)
    assert sum(len(cells) - 1 for cells in alike.values()) > 1000
    apart = [
        sorted(cell.cell for cell in cells)
        for cells in alike.values()
        if len({str(cell.figure) for cell in cells if not cell.is_held}) > 1
    ]
    assert apart == []


def test_series_of_the_very_same_persons_are_printed_as_one_figure_whatever_relates_them(demo: Home):
    """Of all pairs of series: the same persons wherever both count somebody, and in two places or more.

    Two series that no relation connects are rounded apart. Where they count the same persons in one year by chance, no
    reader has a reason to think so; where they always do, everybody has.
    """
    figures: defaultdict[Cell, dict[tuple[str, str], PrintedCell]] = defaultdict(dict)
    for cell in printed_cells(demo):
        figures[cell.cell][cell.place] = cell
    pairs = [
        (figures[one], figures[other], places)
        for one, other in combinations(sorted(figures), 2)
        if one[0] != other[0] and len(places := figures[one].keys() & figures[other].keys()) >= SAME_PLACES
        if all(figures[one][place].facts == figures[other][place].facts for place in places)
    ]
    named = {(next(iter(one.values())).cell, next(iter(other.values())).cell) for one, other, _ in pairs}
    assert set(SAME_PERSONS) <= named
    apart = {
        (one[place].cell, other[place].cell, place)
        for one, other, places in pairs
        for place in places
        if one[place].figure != other[place].figure and not (one[place].is_held or other[place].is_held)
    }
    assert apart == set()
