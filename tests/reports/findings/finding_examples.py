"""Small invented reports of a few cells, for tests of findings.

Belongs here: from the cells of an example to a report. Does not belong here: what is asked of it.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from expectations.cards.cells import DIMENSIONS, TOTAL
from reports.findings.finding_rules import FindingRule, RuleCell
from reports.released.released_tables import cells_of
from reports.released.report_model import NATIONAL, Report, ReportedRelease

BREAK = {"code": "invented", "kind": "law", "first_year": 2025, "whole_year": 2025, "areas": ["IQ-FED"]}


def report_of(rule: FindingRule, cells: Sequence[RuleCell], *, is_broken: bool = False) -> Report:
    """Return a report of one release that holds these cells of federal Iraq."""
    indicator = "PRT-01" if rule.indicator == "*" else rule.indicator
    frame = pd.DataFrame([_row(one, indicator) for one in cells])
    codes = sorted(set(frame["indicator"]))
    held: dict[str, list[str]] = {}
    for one in cells:
        if one.held:
            held.setdefault(one.year, []).append(one.operand[0] or indicator)
    derived = {"SHARE": [f"{indicator}/NUMERATOR", f"{indicator}/DENOMINATOR"]} if rule.kind == "share" else {}
    manifest = {
        "dataset": NATIONAL,
        "indicators": {code: {"demand": ["D3"], "caveats": [], "derived": derived} for code in codes},
        "protection": {"minimum_base": 20},
        "frozen": [{"year": year, "indicators": names} for year, names in held.items()],
        "breaks": [BREAK] if is_broken else [],
    }
    release = ReportedRelease(NATIONAL, "1-0123456789ab", "", manifest, {}, frame, cells_of(frame))
    return Report((release,), (), is_invented=True)


def _row(one: RuleCell, indicator: str) -> dict[str, object]:
    own, measure = one.operand
    return {
        "indicator": own or indicator,
        "measure": measure,
        "ref_area": "IQ-FED",
        "time_period": one.year,
        **{name: one.at.get(name, TOTAL) for name in DIMENSIONS},
        "obs_value": one.value,
        "lower": float("nan"),
        "upper": float("nan"),
        "interval_method": None,
        "unit_measure": "VICTIM",
        "obs_status": one.status,
        "conf_status": "F",
        "disclosure_method": one.method,
        "reports_received_count": one.reported,
        "reports_expected_count": 2,
    }
