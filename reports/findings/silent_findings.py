"""Silence as a finding: indicators that nobody reports, a region without figures, agencies that did not report.

Belongs here: finding it in released rows. Does not belong here: words, or why an agency did not report.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from expectations.cards.areas import FEDERAL, REGIONS
from reports.analysis import nonreporting
from reports.findings.finding_rules import FindingRule
from reports.released.release_memo import once
from reports.released.report_model import NATIONAL, Report


@dataclass(frozen=True)
class SilentFinding:
    """Who did not report, or what was not reported.

    Attributes:
        says: `nobody`, `region`, `bodies`.
        area: where.
        codes: indicators, or agencies.
        among: how many there are in all.
    """

    says: str
    area: str
    codes: tuple[str, ...]
    among: int


@dataclass(frozen=True)
class SilentIndicator:
    """An indicator that nobody reports: who should report it, and since when."""

    indicator: str
    holders: tuple[str, ...]
    since: str


def silence(report: Report, rule: FindingRule, year: str) -> Iterator[SilentFinding]:
    """Yield the findings of a rule of silence for a year."""
    if rule.key == "nobody_reports":
        silent = silent_indicators(report)
        if silent:
            codes = tuple(indicator.indicator for indicator in silent)
            yield SilentFinding(
                "nobody", FEDERAL, codes, len({section.indicator for section in report.sections_of(NATIONAL)})
            )
    elif rule.key == "region_silent":
        for area in silent_regions(report, year):
            yield SilentFinding("region", area, (), len(REGIONS))
    elif rule.key == "bodies_silent":
        bodies = nonreporting.missing_reports(report, year).bodies
        if bodies:
            yield SilentFinding("bodies", FEDERAL, bodies, len(bodies))


@once
def silent_indicators(report: Report) -> tuple[SilentIndicator, ...]:
    """Return the indicators without any figure in any area and year, by code; withheld figures count as figures."""
    headline = report.headline
    if headline is None:
        return ()
    frame = headline.frame
    known = set(frame.loc[frame["obs_value"].notna() | (frame["obs_status"] == "Q"), "indicator"])
    years = frame.groupby("indicator")["time_period"].min()
    return tuple(
        SilentIndicator(
            str(code),
            tuple(map(str, headline.manifest["indicators"].get(code, {}).get("holders", []))),
            str(years[code]),
        )
        for code in years.index
        if code not in known
    )


def silent_regions(report: Report, year: str) -> list[str]:
    """Return the regions without any figure for a year; withheld figures count as figures."""
    headline = report.headline
    if headline is None:
        return []
    frame = headline.frame[headline.frame["time_period"] == year]
    known_areas = set(frame.loc[frame["obs_value"].notna() | (frame["obs_status"] == "Q"), "ref_area"])
    return [area for area in REGIONS if area not in known_areas]
