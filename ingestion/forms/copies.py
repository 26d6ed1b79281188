"""A copy of a sender's workbook on the sender's own machine: where it may be written, and who may read it.

Belongs here: the rules for every such copy. Does not belong here: its content (`marking.py`, `cleaning.py`).
"""

from __future__ import annotations

from pathlib import Path

from ingestion.home import write_bytes
from languages.refusal import Refusal


def check_output(output: Path, refusal: Refusal) -> None:
    """Refuse to write a copy over a file, into a data home, or under a name without .xlsx.

    Raises:
        Refusal: the one passed in.
    """
    place = output.resolve()
    in_home = any((folder / "home.json").exists() for folder in place.parents)
    if place.exists() or in_home or place.suffix.lower() != ".xlsx":
        raise refusal


def write_copy(output: Path, data: bytes) -> None:
    """Write a copy, readable by its owner only, since it holds what the sender's file holds."""
    write_bytes(output, data, mode=0o600)
