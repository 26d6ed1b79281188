"""Synthetic records in the columns of CTDC's Global Synthetic Dataset, unchanged from the folder of a synthetic file.

Belongs here: which files are exported together, and that their columns are CTDC's. The records always come with their
error table and the notes on what they must not be used for.
Does not belong here: making the records (`expectations/synthetic/synthetic_file.py`), their columns
(`expectations/synthetic/ctdc_columns.py`).
"""

from __future__ import annotations

import csv
import io

from expectations.synthetic import ctdc_columns
from languages.refusal import Refusal
from languages.words import Words
from reports.exchange.formats import ExportedFiles, ExportRemark
from reports.released.released_folder import ReleasedFolder

RECORDS, ERRORS = "ctdc.csv", "errors.csv"


def export(released: ReleasedFolder, words: Words) -> ExportedFiles:
    """Return the records (`ctdc.csv`), their error table (`errors.csv`) and their notes, byte for byte.

    Raises:
        Refusal: `export_unsuited` for a release that is not a synthetic file, or whose columns are not CTDC's.
    """
    is_synthetic = released.manifest.get("synthetic") is True and {RECORDS, ERRORS} <= set(released.files)
    if not is_synthetic or _header(released.file(RECORDS)) != ctdc_columns.COLUMNS:
        raise Refusal("export_unsuited", where=released.dataset, format="ctdc", needs=RECORDS)
    notes = [name for name in released.files if name.startswith("notes.")]
    files = {name: released.file(name) for name in (RECORDS, ERRORS, *notes)}
    return ExportedFiles(files, (ExportRemark("export.ctdc.notes"),))


def _header(data: bytes) -> tuple[str, ...]:
    return tuple(next(csv.reader(io.StringIO(data.decode("utf-8"))), ()))
