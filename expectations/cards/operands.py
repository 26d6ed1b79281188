"""The counts behind a released figure: for a count itself, for a derived figure its operands with their coordinates.

Belongs here: reading the operands from the manifest of the release, for one figure or many: `at` a part of the other
count, the bands behind a median, the totals of dimensions that a count does not have. The coordinates are those that
`derived_figures.py` uses.
Does not belong here: facts and files (`lineage.py`, `footprint.py`), arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from expectations.cards.cells import DIMENSIONS, KEY, TOTAL
from expectations.cards.codes import duration_bands

if TYPE_CHECKING:
    import pandas as pd


def counts_behind(cells: pd.DataFrame, manifest: Mapping[str, Any]) -> Iterator[pd.DataFrame]:
    """Yield, for each count behind a measure, a frame of its keys (`KEY`), one row for each row of `cells`.

    Args:
        cells: rows with `KEY`, all of one indicator and measure.
        manifest: manifest of the release that contains them.
    """
    keys = cells.loc[:, list(KEY)]
    if not keys.empty:
        code, measure = str(keys["indicator"].iloc[0]), str(keys["measure"].iloc[0])
        yield from (keys.assign(**place) for place in places_behind(code, measure, manifest))


def places_behind(code: str, measure: str, manifest: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Yield, for each count behind a measure, the parts of its key that differ from the figure's.

    Args:
        code: code of the indicator.
        measure: measure of the figure.
        manifest: manifest of the release that contains it.
    """
    own = manifest["indicators"][code]
    operands: list[str] = own["derived"].get(measure, [])
    if not operands:
        yield {}
        return
    how = own.get("derived_by", {}).get(measure, {})
    if how.get("method") == "median":
        for band in duration_bands().codes:
            yield _operand_coordinates(operands[0], {"cust_breakdown": band})
        return
    first_own = next(operand for operand in operands if operand.startswith(code))
    for operand in operands:
        part = {} if operand == first_own else how.get("at", {})
        yield _operand_coordinates(operand, {**_missing_dimensions(operand, manifest), **part})


def _missing_dimensions(operand: str, manifest: Mapping[str, Any]) -> dict[str, str]:
    """Return the dimensions that the indicator of a count does not have, at their totals."""
    known = manifest["indicators"].get(operand.partition("/")[0], {}).get("dimensions", ())
    return {dimension: TOTAL for dimension in DIMENSIONS if dimension not in known}


def _operand_coordinates(operand: str, codes: Mapping[str, str]) -> dict[str, str]:
    code, _, measure = operand.partition("/")
    return {"indicator": code, "measure": measure, **codes}
