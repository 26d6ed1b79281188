"""The report of the demo, read once by each process of tests: no test changes the demo."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache

from ingestion.home import Home
from reports.released import report_model
from reports.released.report_model import Report


@cache
def report_of(home: Home) -> Report:
    """Return what the latest releases of a home tell."""
    return report_model.load(home)


def figures_of_the_unseen(home: Home) -> set[str]:
    """Return what is told of victims whom no agency knows, and of linkage, as printed: attacked where it is made."""
    told = [one for one in report_of(home).estimates if one.figures]
    counts = {number for one in told for number in (one.observed, one.hidden, *asdict(one.figures or {}).values())}
    shares = {share for one in told if one.linkage for share in (one.linkage.recall, one.linkage.agreed)}
    return {str(one) for one in counts if isinstance(one, int)} | {f"{one}%" for one in shares if one is not None}
