"""The public system of a release: what a stranger needs, besides the released figures, to audit it again.

Belongs here: writing the grid of base cells, hierarchies, relations, rules and vintages into a manifest (format 2 and
later), and reading them back as frames. None of it is a figure: a grid says which places and categories are counted.
Does not belong here: the audit (`public_audit.py`), or the rest of the manifest (`release_draft.py`).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

import pandas as pd

from expectations.cards import areas
from expectations.cards.cells import DIMENSIONS, KEY, LATE_CASES, measure_ids, text_hash
from expectations.cards.codes import codes_of
from expectations.cards.release_scheme import Scheme
from expectations.protection.constraint_systems import MINIMUM_VALUES, SENSITIVE_UNDER

_CODED = ("sex", "age", "form", "article")


def describe_system(scheme: Scheme, base: pd.DataFrame) -> dict[str, Any]:
    """Return the system behind the figures of some indicators.

    Args:
        scheme: the rules of all cards: what is printed is protected and audited over all datasets together.
        base: the base cells of these indicators (`KEY`); their values are not read.
    """
    measures = sorted(set(measure_ids(base)))
    units = sorted({scheme.indicators[code].unit_measure for code in set(base["indicator"])})
    leaves = sorted(set(base["ref_area"]))
    return {
        "areas": {leaf: list(areas.ancestors_of(leaf)) for leaf in leaves},
        "code_lists": {"area": _version(areas.all_leaves()), **{name: _version(codes_of(name)) for name in _CODED}},
        "relations": [asdict(relation) for relation in scheme.relations(measures)],
        "units": {unit: {"method": scheme.units[unit].method, "base": scheme.units[unit].base} for unit in units},
        "unit_of": {code: scheme.indicators[code].unit_measure for code in sorted(set(base["indicator"]))},
        "merge": {name: dict(codes) for name, codes in scheme.merged.items()},
        "never": [dict(entry) for entry in scheme.never],
        "audit": {"minimum_values": MINIMUM_VALUES, "small_under": SENSITIVE_UNDER, "late_cases": LATE_CASES},
        "grids": list(_grids(base)),
    }


def base_of(system: Mapping[str, Any], block: Sequence[str], year: str) -> pd.DataFrame:
    """Return the base cells of a block and year (`KEY`), sorted by key, as protection had them.

    Args:
        system: system of a manifest, format 2 or later.
        block: measures (`PRT-02/COUNT`) that are protected together.
        year: four digits.

    Returns:
        Columns `KEY`, without values: which cells are counted, not how many.
    """
    rows = [row for grid in system["grids"] if grid["measure"] in block for row in _rows(grid, year)]
    return pd.DataFrame(rows, columns=list(KEY)).sort_values(list(KEY)).reset_index(drop=True)


def years_of(system: Mapping[str, Any]) -> list[str]:
    """Return all years of the grids, in order."""
    return sorted({year for grid in system["grids"] for place in grid["places"] for year in place["years"]})


def _version(codes: Iterator[str] | Sequence[str] | frozenset[str]) -> str:
    """Return a code list's version: a hash of its codes. A leaf never changes meaning; grids say when it is counted."""
    return text_hash("\n".join(sorted(codes)))[:12]


class _GridKind(NamedTuple):
    """A measure, and the codes of each dimension by which it is counted."""

    measure: str
    codes: tuple[tuple[str, ...], ...]


def _grids(base: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield one entry per measure and set of categories: the years and places in which they are counted."""
    grids: dict[_GridKind, dict[str, set[str]]] = {}
    is_any_twice = bool(base.duplicated(list(KEY)).any())  # asked once for all: per group it takes seconds
    for (measure, year, area), rows in base.groupby([measure_ids(base), "time_period", "ref_area"], sort=True):
        codes = tuple(tuple(sorted(set(rows[name]))) for name in DIMENSIONS)
        if len(rows) != _size(codes) or (is_any_twice and rows.duplicated(list(DIMENSIONS)).any()):
            raise ValueError(f"{measure}, {year}, {area}: base cells are no full grid")
        grids.setdefault(_GridKind(str(measure), codes), {}).setdefault(str(year), set()).add(str(area))
    for kind, years in grids.items():
        places: dict[tuple[str, ...], list[str]] = {}
        for year, leaves in years.items():
            places.setdefault(tuple(sorted(leaves)), []).append(year)
        yield {
            "measure": kind.measure,
            "codes": {name: list(known) for name, known in zip(DIMENSIONS, kind.codes, strict=True)},
            "places": [{"years": known, "areas": list(leaves)} for leaves, known in places.items()],
        }


def _size(codes: Sequence[Sequence[str]]) -> int:
    return math.prod(map(len, codes))


def _rows(grid: Mapping[str, Any], year: str) -> Iterator[tuple[str, ...]]:
    indicator, _, measure = grid["measure"].partition("/")
    for place in grid["places"]:
        if year in place["years"]:
            for area, *codes in itertools.product(place["areas"], *(grid["codes"][name] for name in DIMENSIONS)):
                yield (indicator, measure, area, year, *codes)
