"""The invented samples beside the cards, and how they are recognised.

Belongs here: telling an invented sample from a sender's file, so that the two never meet (`docs/decisions/0011`).
Does not belong here: making samples (`samples`).
"""

from __future__ import annotations

from ingestion.card import FOLDER
from ingestion.home import sha256_of, sha256_of_bytes


def is_sample(data: bytes) -> bool:
    """Return whether these are the bytes of a source's invented `sample.xlsx`."""
    return sha256_of_bytes(data) in {sha256_of(path) for path in (FOLDER / "sources").glob("*/sample.xlsx")}
