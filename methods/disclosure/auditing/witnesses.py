"""Recorded witnesses: whole tables that prove what nobody can rule out, checked again by whoever reads them.

Belongs here: a proof as few tables and small changes of them, and which of it agrees with a system. Does not belong
here: the search for witnesses (`attacker`), or what is asked (`attack_questions`, `insiders`).

A proof is no verdict: its reader builds his own rows and questions. A table that does not agree is dropped, and what it
would have settled stays open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp


@dataclass(frozen=True)
class Proof:
    """Whole tables over the unknowns of a system.

    Attributes:
        tables: tables x unknowns, in whole numbers; each is a witness.
        origin: for each further witness, the table that it differs from.
        changes: further witnesses x unknowns: what is added to that table, in whole numbers.
    """

    tables: np.ndarray
    origin: np.ndarray
    changes: sp.csr_matrix

    @classmethod
    def join(cls, proofs: Sequence[Proof]) -> Proof:
        """Join several proofs over the same unknowns; repeated tables are kept once."""
        places: dict[bytes, int] = {}
        tables: list[np.ndarray] = []
        origins: list[np.ndarray] = []
        for proof in proofs:
            own = np.zeros(len(proof.tables), dtype=np.int64)
            for number, table in enumerate(proof.tables):
                own[number] = places.setdefault(table.tobytes(), len(tables))
                if own[number] == len(tables):
                    tables.append(table)
            origins.append(own[proof.origin])
        size = proofs[0].tables.shape[1]
        changes = sp.csr_matrix(sp.vstack([proof.changes for proof in proofs]))
        return cls(np.array(tables, dtype=np.int64).reshape(-1, size), np.concatenate(origins), changes)


class AgreeingWitnesses(NamedTuple):
    """Which tables of a proof, and which changes of them, agree with a system."""

    tables: np.ndarray
    changes: np.ndarray


class Recalled:
    """A proof applied to the rows of a system; shared by all who know these rows, with their own bounds."""

    def __init__(self, proof: Proof, rows: sp.csr_matrix) -> None:
        """Compute every row for every witness."""
        self.proof = proof
        self._seen = np.asarray(rows @ proof.tables.T.astype(float))
        effects = sp.coo_matrix(rows @ proof.changes.T.astype(float))
        self._row, self._witness = effects.coords
        self._then = self._seen[self._row, proof.origin[self._witness]] + effects.data

    def find_agreeing(self, lower: np.ndarray, upper: np.ndarray) -> AgreeingWitnesses:
        """Return which witnesses keep all rows within bounds."""
        inside = (self._seen >= lower[:, np.newaxis]) & (self._seen <= upper[:, np.newaxis])
        tables = np.asarray(inside.all(axis=0))
        changed = tables[self.proof.origin]
        is_broken = (self._then < lower[self._row]) | (self._then > upper[self._row])
        changed[self._witness[is_broken]] = False
        return AgreeingWitnesses(tables, changed)

    def answers(self, vectors: sp.csr_matrix, agreeing: AgreeingWitnesses) -> np.ndarray:
        """Return questions x witnesses: the answers of the agreeing tables, and then of the agreeing changes."""
        proof, changed = self.proof, agreeing.changes
        first = np.asarray(vectors @ proof.tables.T.astype(float))
        then = first[:, proof.origin[changed]] + (vectors @ proof.changes[changed].T.astype(float)).toarray()
        return np.hstack([first[:, agreeing.tables], then])
