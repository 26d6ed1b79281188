"""Find the released cell that a user names by its coordinates; where there is none, say what to name instead.

Belongs here: reading coordinates as people write them (`ref_area=Baghdad`, `indicator=prt-2`), and reporting the first
one that matches nothing, with the codes that would match.
Does not belong here: the walk from the cell (`lineage.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from expectations.cards.cells import DIMENSIONS, KEY, TOTAL, find_matches, read_parquet
from expectations.cards.codes import indicator_code
from expectations.cards.place_names import area_of
from expectations.published import ledger
from ingestion.home import Home
from ingestion.text.folding import nearest_word_or_all
from languages.refusal import Refusal

_READ = {"indicator": indicator_code, "ref_area": area_of}


@dataclass(frozen=True)
class AskedCell:
    """Coordinates of a cell, as the user typed them.

    Attributes:
        home: a data home with releases.
        dataset: the dataset in which the cell is looked up.
        typed: `indicator`, `measure`, `ref_area`, `time_period` and dimensions. A dimension that is left out means its
            total; a measure that is left out means the first one of the indicator.
    """

    home: Home
    dataset: str
    typed: Mapping[str, str]

    def find_row(self, released: pd.DataFrame) -> dict[str, Any]:
        """Return the one released row at these coordinates.

        Raises:
            Refusal: `trace_column` for a name that is no coordinate; `cell_value` for the first code that no row has,
                with the codes that exist; `cell_elsewhere` if another dataset has the cell; `cell_several` if more
                coordinates are needed.
        """
        for name in self.typed:
            if name not in KEY:
                raise Refusal("trace_column", where=name, nearest=nearest_word_or_all(name, KEY))
        narrowed = self._matching_rows(released)
        left_out = {name: TOTAL for name in DIMENSIONS if name not in self.typed}
        totals = narrowed[find_matches(narrowed, left_out)]
        if "measure" not in self.typed:  # counts come before shares by name
            totals = totals[totals["measure"] == totals["measure"].min()]
        if len(totals) != 1:
            several = totals if len(totals) else narrowed
            self._refuse_several(several)
        return {str(name): value for name, value in totals.iloc[0].to_dict().items()}

    def _code(self, name: str) -> str:
        return _READ.get(name, str)(self.typed[name])

    def _matching_rows(self, released: pd.DataFrame) -> pd.DataFrame:
        """Return the rows that have every named coordinate."""
        rows, before = released, list[str]()
        for name in (name for name in KEY if name in self.typed):
            code = self._code(name)
            fitting = rows[rows[name] == code]
            if fitting.empty:
                self._refuse_value(name, rows, before)
            rows = fitting
            before.append(f"{name}={code}")
        return rows

    def _refuse_value(self, name: str, rows: pd.DataFrame, before: list[str]) -> None:
        typed, code = self.typed[name], self._code(name)
        where = f"{name}={typed}" if typed == code else f"{name}={typed} ({code})"
        place = ", ".join([self.dataset, *before])
        if others := self._other_datasets(name):
            raise Refusal("cell_elsewhere", where=where, dataset=place, others=", ".join(others))
        raise Refusal("cell_value", where=where, dataset=place, nearest=nearest_word_or_all(typed, set(rows[name])))

    def _other_datasets(self, name: str) -> list[str]:
        """Return the other datasets whose newest release has this coordinate and those before it."""
        asked = {other: self._code(other) for other in KEY[: KEY.index(name) + 1] if other in self.typed}
        newest = {entry.dataset: entry for entry in ledger.entries(self.home) if entry.dataset not in ledger.ESTIMATES}
        datasets: list[str] = []
        for dataset, entry in newest.items():
            path = self.home.releases / dataset / entry.version / "data.parquet"
            if dataset != self.dataset and path.exists() and find_matches(read_parquet(path.read_bytes()), asked).any():
                datasets.append(dataset)
        return sorted(datasets)

    def _refuse_several(self, cells: pd.DataFrame) -> None:
        """Refuse coordinates that match several cells, and name the coordinates that tell them apart."""
        open_ones = [name for name in KEY if name not in self.typed and cells[name].nunique() > 1]
        name = next(iter(open_ones), KEY[0])
        values = sorted(set(cells[name].astype(str)))
        raise Refusal(
            "cell_several",
            where=", ".join(f"{key}={self._code(key)}" for key in self.typed) or self.dataset,
            found=len(cells),
            missing=", ".join(open_ones),
            example=f"{name}={values[0]}",
        )
