"""Who knows part of a block and year, and which part: the agencies that sent cases, and persons counted alone.

Belongs here: finding these insiders, and the printed cells with so few cases of others that they must be asked about.
Does not belong here: what they can learn (`methods/disclosure/auditing/insiders.py`), or counting contributions
(`contributions.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import scipy.sparse as sp

from expectations.candidates import candidate, lineage
from expectations.candidates.contributions import COLUMNS, list_contributions
from expectations.cards.cells import keys_of, measure_ids, read_parquet
from expectations.protection.constraint_systems import SENSITIVE_UNDER, BlockYear, positions
from ingestion.home import Home
from languages.refusal import Refusal
from methods.disclosure.auditing.insiders import Insider


class Contributions:
    """What each agency sent, for any block and year, as counted in the printed figures."""

    def __init__(self, home: Home) -> None:
        """Read today's contributions.

        Raises:
            Refusal: `file_missing` if the candidates were built without contributions: no insider may be forgotten.
        """
        path = home.candidates / "contributions.parquet"
        if not path.exists():
            raise Refusal("file_missing", where=str(path))
        self._newest = lineage.NewestRows(home)
        self._today = _split_by_measure(read_parquet(path.read_bytes()))
        self._base = _split_by_measure(candidate.read_base(home))

    def select_block_year(self, block_year: BlockYear) -> pd.DataFrame:
        """Return the contributions to the base cells of a block and year.

        A measure whose base is not today's is frozen: its contributions are those of the release that printed it.
        """
        places = [(measure, block_year.year) for measure in block_year.block]
        own = dict(iter(block_year.base.groupby(measure_ids(block_year.base))))
        nothing = block_year.base.iloc[:0]
        held = [place for place in places if not self._is_todays(own.get(place[0], nothing), place)]
        then = self._newest.select_rows(held)
        frames = [list_contributions(then[place]) if place in then else self._today.get(place) for place in places]
        filled = [frame for frame in frames if frame is not None and len(frame)]
        return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=list(COLUMNS))

    def _is_todays(self, own: pd.DataFrame, place: tuple[str, str]) -> bool:
        today = self._base.get(place)
        if today is None:
            return own.empty
        known = today[today["obs_value"].notna()]
        values = pd.Series(known["obs_value"].to_numpy(dtype=float), index=keys_of(known)).reindex(keys_of(own))
        return len(known) == len(own) and bool((values.to_numpy() == own["obs_value"].to_numpy(dtype=float)).all())


def insiders_of(block_year: BlockYear, contributions: pd.DataFrame) -> list[Insider]:
    """Return everybody who knows part of a block and year.

    An agency knows every case in its own records that is counted; it is asked about the printed cells in which others
    have 1 to 4 cases. A person who is alone in a printed cell knows that she is; she is asked about the printed cells
    that contain her own base cell.
    """
    return [*_bodies(block_year, contributions), *_persons(block_year)]


def _bodies(block_year: BlockYear, contributions: pd.DataFrame) -> Iterator[Insider]:
    true = block_year.true_cells
    for source, rows in contributions.groupby("source", sort=True):
        known = np.zeros(len(block_year.base))
        places = positions(block_year.base, rows)
        known[places[places >= 0]] = rows["obs_value"].to_numpy(dtype=float)[places >= 0]
        known = np.minimum(known, block_year.true_base)
        others = true - block_year.model.matrix @ known
        yield Insider(str(source), known, (others >= 1) & (others < SENSITIVE_UNDER) & (others < true))


def _persons(block_year: BlockYear) -> Iterator[Insider]:
    """Yield one insider per person who is alone in a printed cell: what she knows of all measures that count her."""
    model, true, counts = block_year.model, block_year.true_cells, block_year.true_base
    held = model.matrix[np.flatnonzero(true == 1)].indices
    seen: set[bytes] = set()
    for cell in np.unique(held[counts[held] == 1]):
        known = _cells_of_same_person(model.links, counts, int(cell))
        if known.tobytes() not in seen:
            seen.add(known.tobytes())
            own = model.matrix @ known
            others = true - own
            yield Insider("", known, (own > 0) & (others >= 1) & (others < SENSITIVE_UNDER))


def _cells_of_same_person(links: sp.csr_matrix, counts: np.ndarray, cell: int) -> np.ndarray:
    """Return the base cells of all measures that count the one person of a base cell, by the relations between them.

    In a measure with other dimensions (articles) her cell may remain unknown.
    """
    known = np.zeros(len(counts))
    known[cell] = 1.0
    while True:
        before = known.sum()
        for row in np.unique(links[:, np.flatnonzero(known)].nonzero()[0]):
            columns, signs = (
                links.indices[links.indptr[row] : links.indptr[row + 1]],
                links.data[links.indptr[row] : links.indptr[row + 1]],
            )
            parts, wholes = columns[signs > 0], columns[signs < 0]
            if known[parts].any() and len(wholes) == 1:
                known[wholes] = 1.0  # a person in the part is in its whole
            elif known[wholes].any() and counts[wholes].sum() == counts[parts].sum():
                present = parts[counts[parts] > 0]  # everybody in the whole is in the part, so she is too
                known[present] = float(len(present) == 1)
        if known.sum() == before:
            return known


def _split_by_measure(frame: pd.DataFrame) -> dict[tuple[str, str], pd.DataFrame]:
    groups = frame.groupby([measure_ids(frame), frame["time_period"]], sort=False)
    return {(str(measure), str(year)): rows for (measure, year), rows in groups}
