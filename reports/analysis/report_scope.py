"""What a report speaks of first: its newest year, its main area, and how far its leading counts may be rounded.

Belongs here: finding them in the national dataset. Does not belong here: sentences about its figures
(`reports/answers/answer_sentences.py`).
"""

from __future__ import annotations

from expectations.cards import cells
from expectations.cards.areas import COUNTRY, FEDERAL
from reports.released.report_model import Report

_HEADLINE = ("PRT-01", "PRT-02")
_LEADING_COUNTS = (
    ("PRT-01", "COUNT", cells.TOTAL),
    ("PRT-01", "COUNT", "Y0T17"),
    ("PRT-02", "COUNT", cells.TOTAL),
    ("NCR-01", "NUMERATOR", cells.TOTAL),
    ("PRT-08", "DENOMINATOR", cells.TOTAL),
    ("PRS-03", "COUNT", cells.TOTAL),
    ("PRS-05", "COUNT", cells.TOTAL),
)
"""Indicator, measure and age of the counts that a report leads with."""


def latest_year(report: Report) -> str:
    """Return the newest year of the national dataset."""
    return report.headline_years[-1]


def main_area(report: Report) -> str:
    """Return the country if all regions publish both headline counts of the newest year, else federal Iraq.

    These are presumed and identified victims: a country with only one of the two has no headline.
    """
    wholes = [report.cell(code, "COUNT", COUNTRY, latest_year(report)) for code in _HEADLINE]
    return COUNTRY if all(whole.value is not None for whole in wholes) else FEDERAL


def rounding_base(report: Report) -> int:
    """Return the largest rounding base among the leading counts of the newest year; 0 if none of them was rounded."""
    area, year = main_area(report), latest_year(report)
    leading = (report.cell(code, measure, area, year, age=age) for code, measure, age in _LEADING_COUNTS)
    return max(cells.rounding_base(cell.method) for cell in leading)
