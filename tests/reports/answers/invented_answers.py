"""Releases of invented cells, to ask what they answer.

Belongs here: rows, releases and the answer to one question. Does not belong here: a test.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from expectations.cards.cells import DIMENSIONS, TOTAL
from expectations.cards.series_breaks import SeriesBreak, find_breaks
from reports.answers.found_answers import Answer
from reports.released.released_tables import cells_of
from reports.released.report_model import NATIONAL, ReportedRelease

FED = "IQ-FED"


def row(
    indicator: str,
    measure: str,
    value: float | None,
    *,
    year: str = "2025",
    status: str = "A",
    method: str = "ROUNDED_5",
    expected: int = 2,
    area: str = FED,
    **at: str,
) -> dict[str, object]:
    """One released row; dimensions that are left out are totals."""
    return {
        "indicator": indicator, "measure": measure, "ref_area": area, "time_period": year,
        **{name: at.get(name, TOTAL) for name in DIMENSIONS}, "obs_value": value, "lower": float("nan"),
        "upper": float("nan"), "interval_method": None, "unit_measure": "VICTIM", "obs_status": status,
        "conf_status": "F", "disclosure_method": method, "reports_received_count": min(2, expected),
        "reports_expected_count": expected,
    }  # fmt: skip


def release_of(
    *rows: dict[str, object],
    frozen: str = "",
    years: tuple[str, ...] = ("2024", "2025"),
    basis: str = "period",
    breaks: Sequence[SeriesBreak] = (),
) -> ReportedRelease:
    """A national release that holds these rows, and one other of each year; it marks those breaks that touch a row."""
    others = [row("PRT-04", "RATE", 0.5, year=year, method="DERIVED") for year in years]  # answers no question
    frame = pd.DataFrame([*rows, *others])
    codes = sorted(set(frame["indicator"]))
    manifest = {
        "dataset": NATIONAL,
        "indicators": {code: {"demand": [], "caveats": [], "derived": {}, "basis": basis} for code in codes},
        "protection": {"minimum_base": 20},
        "frozen": [{"year": frozen, "indicators": codes}] if frozen else [],
        "to_quote": [],
        "breaks": [series_break.model_dump() for series_break in find_breaks(frame, breaks)],
    }
    return ReportedRelease(NATIONAL, "1-0123456789ab", "", manifest, {}, frame, cells_of(frame))


def answer_to(answers: list[Answer], key: str, area: str = FED) -> Answer:
    """The answer to one question in an area."""
    (answer,) = (answer for answer in answers if (answer.key, answer.area) == (key, area))
    return answer
