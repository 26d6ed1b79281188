"""The report of the demo, read once by each process of tests: no test changes the demo."""

from __future__ import annotations

from functools import cache

from ingestion.home import Home
from reports.released import report_model
from reports.released.report_model import Report


@cache
def report_of(home: Home) -> Report:
    """Return what the latest releases of a home tell."""
    return report_model.load(home)
