"""Which agencies' reports a release lacks, and of which years: what the warning about them says.

Does not belong here: the rule that counts the cells (`base_suite.yml`), or texts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from expectations.cards.cells import EXPECTED, RECEIVED, TOTAL

if TYPE_CHECKING:
    import pandas as pd

RULE = "all_expected_bodies_reported"


@dataclass(frozen=True)
class MissingReports:
    """Years in which some figures lack a report.

    Attributes:
        agency: whose report; empty where the released cells do not name it.
        years: ascending.
    """

    agency: str
    years: tuple[str, ...]


def missing_reports(cells: pd.DataFrame) -> list[MissingReports]:
    """Return whose reports are missing in released cells, agency by agency, then the years of which none is named."""
    lacking = cells[cells[EXPECTED] > cells[RECEIVED]]
    named = lacking[lacking["holder"] != TOTAL] if "holder" in lacking else lacking.head(0)
    agencies = sorted(set(map(str, named["holder"]))) if "holder" in named else []
    found = [
        MissingReports(agency, tuple(sorted(set(map(str, named.loc[named["holder"] == agency, "time_period"])))))
        for agency in agencies
    ]
    unnamed = sorted(set(map(str, lacking["time_period"])) - {year for missing in found for year in missing.years})
    return [*found, *([MissingReports("", tuple(unnamed))] if unnamed else [])]


def describe_missing(missing: Sequence[MissingReports], text: Callable[..., str], digits: Callable[[str], str]) -> str:
    """Return whose reports are missing, as the end of a sentence in a language."""
    return "; ".join(
        text("warning.report_of", agency=text(f"code.holder.{entry.agency}"), years=year_ranges(entry.years, digits))
        if entry.agency
        else text("warning.report_of_some", years=year_ranges(entry.years, digits))
        for entry in missing
    )


def year_ranges(years: Sequence[str], digits: Callable[[str], str]) -> str:
    """Return years with those that follow each other joined: 2016–2019, 2021."""
    ranges: list[list[str]] = []
    for year in years:
        if ranges and year.isdigit() and int(year) == int(ranges[-1][-1]) + 1:
            ranges[-1].append(year)
        else:
            ranges.append([year])
    return ", ".join(digits(own[0]) if len(own) == 1 else f"{digits(own[0])}–{digits(own[-1])}" for own in ranges)
