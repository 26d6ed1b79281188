"""The formats of a release: read older names of manifest fields and columns under their current names.

Belongs here: the number of the format, and mapping the names in older releases to the current ones. A release and the
ledger are never rewritten: an older name is translated when it is read.
Does not belong here: writing a manifest (`release_draft.py`), telling readers of new names (`release_notes.py`).

    2   the manifest holds a system (`public_constraints`)
    3   ages are those at first contact, and `AMBIGUOUS` is a category of its own (decision 41)
    4   `reports_received_count` and `reports_expected_count` instead of `reporting_count` and `expected_count`, the
        column `conf_status` (SDMX CONF_STATUS), and `frozen` instead of `held` in the manifest (decision 49)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from expectations.cards.cells import EXPECTED, RECEIVED, conf_status_of, read_parquet

if TYPE_CHECKING:
    import pandas as pd

FORMAT = 4
FIRST_WITH_SYSTEM = 2
OLDER_COLUMNS: Mapping[str, str] = {"reporting_count": RECEIVED, "expected_count": EXPECTED}


def read_released(data: bytes) -> pd.DataFrame:
    """Return the rows of a released Parquet file of any format under the current column names.

    `conf_status` is filled in if the format had none: it follows from `obs_status`.
    """
    frame = read_parquet(data).rename(columns=dict(OLDER_COLUMNS))
    if "conf_status" not in frame.columns and "obs_status" in frame.columns:
        place = frame.columns.get_loc("obs_status")
        frame.insert(int(place) + 1, "conf_status", conf_status_of(frame["obs_status"]))  # pyright: ignore[reportArgumentType]
    return frame


def frozen_of(manifest: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the indicators of each frozen year of a release of any format; the oldest manifests name none."""
    frozen_years = manifest.get("frozen", manifest.get("held", []))
    return {str(frozen_year["year"]): [str(code) for code in frozen_year["indicators"]] for frozen_year in frozen_years}


def is_older(manifest: Mapping[str, Any]) -> bool:
    """Return whether a release was written before the current names."""
    return int(manifest.get("format", 1)) < FORMAT
