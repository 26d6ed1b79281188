"""The report of the demo, read once by each process of tests: no test changes the demo."""

from __future__ import annotations

from functools import cache

from ingestion.home import Home
from reports import model
from reports.model import Report


@cache
def report_of(home: Home) -> Report:
    """Return what the latest releases of a home tell."""
    return model.load(home)
