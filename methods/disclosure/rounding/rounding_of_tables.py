"""Controlled rounding of any table: its cells and sums as the model that `rounding` and `audit` read.

Belongs here: turning cells and sums into base cells. Does not belong here: rounding itself, or its audit.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import scipy.sparse as sp

from methods.disclosure.listed_tables.cell_tables import CellTable, TableProblem
from methods.disclosure.table_model import COORDINATES, TOTAL, TableModel


def rounding_model(table: CellTable) -> TableModel:
    """Express every listed cell as a sum of cells that no sum splits.

    Returns:
        A model whose cells are the listed columns of the table, in their order, and whose base cells are the columns
        that are no whole, in their order (`base_columns`).

    Raises:
        TableProblem: `rounding_needs_crosses`: a cell is split in several ways whose crosses are not listed and too
            many to be included as unknowns.
    """
    columns = base_columns(table)
    matrix = _membership(table, columns)
    if abs(sp.csr_matrix(table.families @ matrix)).sum():
        raise TableProblem("rounding_needs_crosses")
    listed = np.flatnonzero(table.listed)
    nothing = sp.csr_matrix(np.zeros((0, len(columns)), dtype=np.int64))
    return TableModel(
        base=_frame([_name(table, column) for column in columns]),
        cells=_frame([_name(table, column) for column in listed]),
        matrix=sp.csr_matrix(matrix[listed]).astype(np.int64),
        links=nothing,
        link_lower=np.zeros(0),
        link_upper=np.zeros(0),
    )


def base_columns(table: CellTable) -> np.ndarray:
    """Return the columns that are no whole."""
    is_whole = np.zeros(len(table.lower), dtype=bool)
    is_whole[table.wholes()] = True
    return np.flatnonzero(~is_whole)


def _membership(table: CellTable, columns: np.ndarray) -> sp.csr_matrix:
    """Return columns x base columns: each whole by the first family that splits it, until nothing changes."""
    size = len(table.lower)
    first = np.unique(table.wholes(), return_index=True)[1]
    split = sp.csr_matrix(table.families[first].maximum(0))
    wholes = table.wholes()[first]
    choose = sp.csr_matrix((np.ones(len(first)), (wholes, np.arange(len(first)))), shape=(size, len(first)))
    keep = np.ones(size)
    keep[wholes] = 0.0
    step = sp.csr_matrix(choose @ split + sp.diags_array(keep))
    reached = sp.csr_matrix(sp.eye(size))
    while (onward := sp.csr_matrix(reached @ step)).nnz != reached.nnz or abs(onward - reached).sum():
        reached = onward
    return sp.csr_matrix(reached[:, columns])


def _name(table: CellTable, column: int | np.integer) -> str:
    return "|".join(table.keys[int(column)]) if column < len(table.keys) else f"remainder {int(column)}"


def _frame(names: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame({name: [TOTAL] * len(names) for name in COORDINATES}, dtype=str)
    return frame.assign(measure="table", area=names)
