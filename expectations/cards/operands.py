"""Which counts stand behind a released figure: a count behind itself, a derived one its counts, each at its place.

Belongs here: reading that from the manifest of the release, for one figure or many: `at` a part of the other count, the
bands behind a median, the totals of dimensions that a count does not have. The same places as `derived_figures.py`
takes.
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
    """Yield, for each count behind a measure, its key (`KEY`) beside each row of `cells`.

    Args:
        cells: rows with `KEY`, all of one indicator and measure.
        manifest: of the release that they stand in.
    """
    keys = cells.loc[:, list(KEY)]
    if not keys.empty:
        code, measure = str(keys["indicator"].iloc[0]), str(keys["measure"].iloc[0])
        yield from (keys.assign(**place) for place in places_behind(code, measure, manifest))


def places_behind(code: str, measure: str, manifest: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Yield, for each count behind a measure, what of its key is not that of the figure.

    Args:
        code: of the indicator.
        measure: of the figure.
        manifest: of the release that it stands in.
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
    """The dimensions that the indicator of a count does not have, at their totals."""
    known = manifest["indicators"].get(operand.partition("/")[0], {}).get("dimensions", ())
    return {dimension: TOTAL for dimension in DIMENSIONS if dimension not in known}


def _operand_coordinates(operand: str, codes: Mapping[str, str]) -> dict[str, str]:
    code, _, measure = operand.partition("/")
    return {"indicator": code, "measure": measure, **codes}
