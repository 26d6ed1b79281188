"""The estimates of victims whom no agency knows that a report may print.

Belongs here: which published estimate is told. One of a year whose victims still come in rests on some of them alone:
its figures are not told, in no form.
Does not belong here: the estimate (`expectations/estimates`), its section (`reports/chapters/unseen`).
"""

from __future__ import annotations

from dataclasses import replace

from expectations.published.published_estimates import PlaceEstimate
from reports.analysis.growing_years import grows
from reports.released.report_model import Report

_OBSERVED = ("PRT-01", "COUNT")
_GROWING = "year_grows"


def told_estimates(report: Report) -> list[PlaceEstimate]:
    """Return the estimates of a report; of a year that still grows without its figures, with that reason."""
    release = report.headline
    return [
        replace(estimate, reason=_GROWING, observed=None, hidden=None, figures=None)
        if estimate.figures is not None
        and release is not None
        and grows(release, *_OBSERVED, estimate.place, estimate.year)
        else estimate
        for estimate in report.estimates
    ]
