"""The newest year, the main area and the rounding of the counts that a report leads with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from expectations.cards.cells import DIMENSIONS, TOTAL
from reports.analysis.report_scope import latest_year, main_area, rounding_base
from reports.released.released_tables import ReleasedCell
from reports.released.report_model import Report

TOTALS = (TOTAL,) * len(DIMENSIONS)
CHILDREN = tuple("Y0T17" if name == "age" else TOTAL for name in DIMENSIONS)
PRESUMED, IDENTIFIED = ("PRT-01", "COUNT", "IQ", "2025", *TOTALS), ("PRT-02", "COUNT", "IQ", "2025", *TOTALS)


def with_cells(report: Report, cells: Mapping[tuple[str, ...], ReleasedCell]) -> Report:
    national, *others = report.releases
    return replace(report, releases=(replace(national, cells={**national.cells, **cells}), *others))


def exact(report: Report, base: int = 0, *keys: tuple[str, ...]) -> Report:
    """The report with every count exact but those of some keys, which are rounded to a base."""
    national = report.releases[0]
    methods = dict.fromkeys(national.cells, "EXACT_11") | dict.fromkeys(keys, f"ROUNDED_{base}")
    return with_cells(report, {key: replace(cell, method=methods[key]) for key, cell in national.cells.items()})


def test_the_latest_year_is_the_newest_of_the_national_dataset(report: Report):
    assert latest_year(report) == max(report.headline_years) == "2025"


@pytest.mark.parametrize(
    ("published", "area"),
    [((), "IQ-FED"), ((PRESUMED,), "IQ-FED"), ((IDENTIFIED,), "IQ-FED"), ((PRESUMED, IDENTIFIED), "IQ")],
)
def test_the_country_leads_only_where_both_headline_counts_of_it_are_published(
    report: Report, published: tuple[tuple[str, ...], ...], area: str
):
    assert main_area(with_cells(report, dict.fromkeys(published, ReleasedCell(450.0)))) == area


@pytest.mark.parametrize(
    "key",
    [
        ("PRT-01", "COUNT", "IQ-FED", "2025", *TOTALS),
        ("PRT-01", "COUNT", "IQ-FED", "2025", *CHILDREN),
        ("PRT-02", "COUNT", "IQ-FED", "2025", *TOTALS),
        ("NCR-01", "NUMERATOR", "IQ-FED", "2025", *TOTALS),
        ("PRT-08", "DENOMINATOR", "IQ-FED", "2025", *TOTALS),
        ("PRS-03", "COUNT", "IQ-FED", "2025", *TOTALS),
        ("PRS-05", "COUNT", "IQ-FED", "2025", *TOTALS),
    ],
)
def test_one_rounded_leading_count_of_the_newest_year_is_told(report: Report, key: tuple[str, ...]):
    assert rounding_base(exact(report)) == 0
    assert rounding_base(exact(report, 3, key)) == 3
    assert rounding_base(exact(report, 3, (*key[:3], "2024", *key[4:]))) == 0


def test_of_several_rounding_bases_the_largest_is_told(report: Report):
    key = ("PRS-03", "COUNT", "IQ-FED", "2025", *TOTALS)
    cell = replace(report.releases[0].cells[key], method="ROUNDED_10")
    assert rounding_base(report) == 5
    assert rounding_base(with_cells(report, {key: cell})) == 10
