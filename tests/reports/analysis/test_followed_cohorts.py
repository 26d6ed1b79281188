"""How far a year of suspects came: the released shares, and nothing for a year that is not followed through."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from expectations.cards.cells import DIMENSIONS
from languages.words import Words, languages
from reports.analysis.followed_cohorts import REASONS, cohorts
from reports.chapters.unseen import court_section
from reports.editions.edition import ItemList, Paragraph, TableBlock
from reports.phrases import wording
from reports.released import report_model
from reports.released.report_model import Report
from tests.reports import invented_releases

DELAYS = {"CONVICTED_YEAR_1": 60, "CONVICTED_YEAR_2": 40, "CONVICTED_YEAR_3": 5}
LEAST = 20
"""Fewest persons of whom a release tells a share."""
Delays = Mapping[str, int | None]
DAYS = {"D_0_7": 0, "D_8_30": 5, "D_31_90": 10, "D_91_180": 20, "D_181_365": 30, "D_366_730": 40, "D_GE_731": 25}


def _report(
    root: Path, *, suspects: int = 200, delays: Delays = DELAYS, days: Mapping[str, int] | None = DAYS
) -> Report:
    """The suspects of 2020 and 2021, followed through in the first only, and the cases reported in 2020."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        totals = (frame[list(DIMENSIONS)] == "_T").all(axis=1) & (frame["ref_area"] == "IQ-FED")
        own = frame[totals & (frame["indicator"] == "PRS-03")].set_index("time_period", drop=False)
        frame.loc[totals & (frame["indicator"] == "PRS-03"), "obs_value"] = float("nan")
        frame.loc[totals & (frame["indicator"] == "PRS-03"), "obs_status"] = "O"
        later = totals & (frame["indicator"] == "PRS-03") & frame["time_period"].isin(["2020", "2021"])
        frame.loc[later, ["obs_value", "obs_status"]] = [float(suspects), "A"]
        row = own.loc["2020"].to_dict()
        told = [(code, value, "PRS-19", "NUMERATOR") for code, value in delays.items()]
        waits = dict.fromkeys(DAYS) if days is None else days
        told += [(code, value, "PRS-20", "COUNT") for code, value in waits.items()]
        told += [("_T", None if days is None else sum(days.values()), "PRS-20", "COUNT")]
        rows = [
            row
            | {"cust_breakdown": code, "obs_value": value, "indicator": indicator, "measure": measure}
            | ({"obs_status": "Q", "disclosure_method": "WITHHELD"} if value is None else {})
            for code, value, indicator, measure in told
        ]
        if days is None:
            return pd.concat([frame, pd.DataFrame([*rows, rows[-1] | {"measure": "MEDIAN"}])], ignore_index=True)
        median = {"indicator": "PRS-20", "measure": "MEDIAN", "disclosure_method": "DERIVED"}
        rows.append(row | median | {"obs_value": 340.0, "lower": 280.0, "upper": 420.0})
        known = [value for value in delays.values() if value is not None]
        for code, value in {**delays, "_T": sum(known) if len(known) == len(delays) else None}.items():
            if suspects >= LEAST and value is not None:
                ends = {"lower": value / suspects - 0.05, "upper": value / suspects + 0.05}
                about = {
                    "indicator": "PRS-19",
                    "measure": "SHARE",
                    "cust_breakdown": code,
                    "obs_value": value / suspects,
                }
                rows.append(row | about | ends | {"disclosure_method": "DERIVED"})
        return pd.concat([frame, pd.DataFrame(rows)], ignore_index=True)

    return report_model.load(invented_releases.build(root, change=change, is_national_only=True))


def test_the_shares_are_the_released_ones_with_their_intervals(tmp_path: Path) -> None:
    """Forty others were acquitted in the second year, and the rest is open: both stay in the denominator."""
    found = cohorts(_report(tmp_path))
    (year,) = found.shares
    assert [cell.value for cell in year.cells] == pytest.approx([60 / 200, 40 / 200, 5 / 200, 105 / 200])
    assert [cell.lower for cell in year.cells] == pytest.approx([0.25, 0.15, -0.025, 0.475])
    assert (year.year, found.waiting) == ("2020", ("2021",))


@pytest.mark.parametrize(("suspects", "is_told"), [(15, False), (20, True)])
def test_a_share_that_is_not_released_is_not_told(tmp_path: Path, suspects: int, is_told: bool) -> None:
    few = dict.fromkeys(DELAYS, 5)
    assert bool(cohorts(_report(tmp_path, suspects=suspects, delays=few)).shares) == is_told


def test_a_year_of_which_a_band_is_withheld_is_withheld(tmp_path: Path) -> None:
    followed = cohorts(_report(tmp_path, delays=DELAYS | {"CONVICTED_YEAR_3": None}))
    assert (followed.shares, followed.waiting, followed.withheld) == ((), (), ("2020",))


@pytest.mark.parametrize("tag", languages())
def test_what_is_withheld_is_not_called_too_few_or_not_yet_followed(tmp_path: Path, tag: str) -> None:
    words = Words.load(tag)
    report = _report(tmp_path, delays=dict.fromkeys(DELAYS), days=None)
    (chapter,) = court_section.court_section(report, words)
    (medians,) = (block for block in chapter.blocks if isinstance(block, ItemList))
    notes = [block.text for block in chapter.blocks if isinstance(block, Paragraph) and block.tone == "note"]
    year = wording.years(["2020"], words)
    assert notes == [words.text("edition.courts.withheld", years=year)]
    assert [words.text("edition.label.why_c") in text for text in medians.texts] == [True]


def test_the_median_is_the_released_one(tmp_path: Path) -> None:
    (found,) = cohorts(_report(tmp_path)).medians
    assert (found.year, found.cell.value, found.lower, found.upper, found.reason) == ("2020", 340, 280, 420, None)


@pytest.mark.parametrize("tag", languages())
def test_the_section_is_told_in_every_language(tmp_path: Path, tag: str) -> None:
    words = Words.load(tag)
    (chapter,) = court_section.court_section(_report(tmp_path), words)
    (table,) = (block for block in chapter.blocks if isinstance(block, TableBlock))
    assert [len(row.cells) for row in table.groups[0].rows] == [4]
    assert all(cell.interval for row in table.groups[0].rows for cell in row.cells)
    assert all(f"survival.reason.{reason}" in words for reason in REASONS)


def test_without_the_indicator_there_is_no_section(report: Report) -> None:
    assert list(court_section.court_section(report, Words.load("en"))) == []
