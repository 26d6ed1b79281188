"""The folder of proofs: single pages that an editor checks before the report is written.

Belongs here: the folder, and emptying it. Does not belong here: making a proof (`page_proof.py`).

    build/proofs/<language>/<file>    never under `reports/`, where readers look and published files are
"""

from __future__ import annotations

import shutil
from pathlib import Path

from ingestion.home import Home


def folder_of_proofs(home: Home, tag: str) -> Path:
    """Return the folder of the proofs in a language."""
    return home.build / "proofs" / tag


def forget_proofs(home: Home, tag: str) -> None:
    """Remove the proofs of a language: the whole report that follows has the same pages or newer ones."""
    shutil.rmtree(folder_of_proofs(home, tag), ignore_errors=True)
