"""Small invented reports of a few cells, for tests of pictures.

Belongs here: from the cells of an example to a report. Does not belong here: what is asked of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from expectations.cards.cells import DIMENSIONS, TOTAL
from reports.released.released_tables import cells_of
from reports.released.report_model import NATIONAL, Report, ReportedRelease

_INDICATOR = "PRT-01"


@dataclass(frozen=True)
class ExampleCell:
    """One invented cell of 2025, as a release would hold it; `measure` may name another indicator (`PRS-06/COUNT`)."""

    measure: str
    value: float | None = None
    at: Mapping[str, str] = field(default_factory=dict[str, str])
    method: str = "ROUNDED_5"
    status: str = "A"


def report_of(cells: Sequence[ExampleCell]) -> Report:
    """Return a report of one release that holds these cells of federal Iraq."""
    frame = pd.DataFrame([_row(one) for one in cells])
    manifest = {
        "dataset": NATIONAL,
        "indicators": {code: {"demand": ["D3"], "caveats": []} for code in sorted(set(frame["indicator"]))},
        "protection": {"minimum_base": 20},
        "frozen": [],
        "to_quote": [],
        "breaks": [],
    }
    release = ReportedRelease(NATIONAL, "1-0123456789ab", "", manifest, {}, frame, cells_of(frame))
    return Report((release,), (), is_invented=True)


def _row(one: ExampleCell) -> dict[str, object]:
    own, _, measure = one.measure.rpartition("/")
    return {
        "indicator": own or _INDICATOR,
        "measure": measure,
        "ref_area": "IQ-FED",
        "time_period": "2025",
        **{name: one.at.get(name, TOTAL) for name in DIMENSIONS},
        "obs_value": one.value,
        "lower": float("nan"),
        "upper": float("nan"),
        "interval_method": None,
        "unit_measure": "VICTIM",
        "obs_status": one.status,
        "conf_status": "F",
        "disclosure_method": one.method,
        "reports_received_count": 2,
        "reports_expected_count": 2,
    }
