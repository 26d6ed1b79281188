"""The witnesses that protection passes to the gate: sealed, one proof for each block and year.

Belongs here: the file of these proofs. Does not belong here: what a proof is (`witnesses.py` of the audit), or trusting
it: the gate builds its own rows and questions, checks each table in whole numbers, and searches whatever they leave
open.

    candidates/proofs.npz    sealed (`seals.py`): tables near the true ones; never published
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import numpy as np
import scipy.sparse as sp

from ingestion.home import Home
from ingestion.seals import read_sealed, write_sealed
from languages.refusal import Refusal
from methods.disclosure.auditing.witnesses import Proof

_NAME = "proofs.npz"
_PARTS = ("tables", "origin", "data", "indices", "indptr")


def write_proofs(home: Home, proofs: Mapping[str, Proof]) -> None:
    """Write the proofs, by label of block and year, replacing all earlier ones."""
    arrays: dict[str, np.ndarray] = {}
    for label, proof in proofs.items():
        changes = proof.changes
        parts = (proof.tables, proof.origin, changes.data, changes.indices, changes.indptr)
        arrays |= {f"{label}/{name}": part.astype(np.int32) for name, part in zip(_PARTS, parts, strict=True)}
    written = io.BytesIO()
    np.savez_compressed(written, allow_pickle=False, **arrays)
    write_sealed(home, home.candidates / _NAME, written.getvalue())


def read_proofs(home: Home) -> dict[str, Proof]:
    """Return the proofs by label of block and year; none if the file is missing or was not sealed by this home.

    Without a proof the gate searches by itself: nothing is trusted, and nothing is refused.
    """
    try:
        with np.load(io.BytesIO(read_sealed(home, home.candidates / _NAME)), allow_pickle=False) as file:
            labels = {name.rpartition("/")[0] for name in file.files}
            return {label: _proof(*(file[f"{label}/{name}"] for name in _PARTS)) for label in sorted(labels)}
    except (Refusal, OSError, ValueError, KeyError, zipfile.BadZipFile):
        return {}


def _proof(tables: np.ndarray, origin: np.ndarray, *changes: np.ndarray) -> Proof:
    return Proof(tables, origin, sp.csr_matrix(changes, shape=(len(origin), tables.shape[1])))
