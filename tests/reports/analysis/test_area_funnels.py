"""Governorates compared by released counts and public numbers of residents."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from expectations.cards.cells import DIMENSIONS
from expectations.cards.population import residents
from reports.analysis.area_funnels import ComparedAreas, funnels
from reports.released import report_model
from tests.reports import invented_releases
from tests.reports.invented_releases import FEDERAL_LEAVES, GOVERNORATE

LEAVES = [leaf for leaf in FEDERAL_LEAVES if leaf != "IQ-FED-U"]


def _compared(root: Path, *, raised: str = "IQG03", factor: float = 1.0, silent: int = 0) -> ComparedAreas:
    """Counts at one rate in each governorate, one of them raised; some without a report."""
    home = invented_releases.build(root)
    frame = invented_releases.rows(national=False)
    own = (frame[list(DIMENSIONS)] == "_T").all(axis=1) & (frame["indicator"] == "PRS-03")
    own &= (frame["time_period"] == "2025") & frame["ref_area"].isin(LEAVES)
    rates = {leaf: residents()[leaf, "2025", "_T", "_T"] * 1e-4 * (factor if leaf == raised else 1) for leaf in LEAVES}
    frame.loc[own, "obs_value"] = 5 * (frame.loc[own, "ref_area"].map(rates) / 5).round()
    frame.loc[own & frame["ref_area"].isin(LEAVES[:silent]), "reports_received_count"] = 0
    invented_releases.release(home, GOVERNORATE, pd.DataFrame(frame))
    return next(one for one in funnels(report_model.load(home)) if one.indicator == "PRS-03")


def test_a_governorate_far_above_the_rate_of_all_is_told_and_equal_ones_are_not(tmp_path: Path) -> None:
    level = _compared(tmp_path / "level")
    assert (level.year, level.number, level.reason, level.outside) == ("2025", len(LEAVES), None, ())
    assert level.furthest is not None
    assert level.furthest.lower <= (level.furthest.cell.value or 0) <= level.furthest.upper
    compared = _compared(tmp_path / "high", factor=2)
    (high,) = compared.outside
    assert compared.furthest == high
    assert (high.area, high.is_high) == ("IQG03", True)
    assert high.cell.value is not None
    assert high.lower < high.upper < high.cell.value - 4


def test_governorates_that_a_body_did_not_tell_of_are_not_compared(tmp_path: Path) -> None:
    found = _compared(tmp_path, silent=6)
    assert found.furthest is None
    assert (found.number, found.reason) == (len(LEAVES) - 6, "too_few_areas")
