"""A small report in which figures are withheld, and the same report with a true figure left under every mark.

Belongs here: making both, and every file of them. A release holds nothing where a figure is withheld or missing;
here something is put there while it is read, so that a test can ask whether any byte of a report depends on it.
Does not belong here: attacks on what is printed (`printed_attacks.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from expectations.cards import cells
from expectations.cards.cells import COUNTED, DIMENSIONS, TOTAL, find_matches
from ingestion.home import Home
from languages.words import Words
from reports.chapters.build_edition import edition
from reports.editors import editorial_inputs
from reports.publishing import issue_report
from reports.released import report_model
from reports.released.report_model import Report
from tests.reports import invented_releases

Plant = Callable[[np.ndarray], np.ndarray]
"""The figures that stand under marks, from the places of their rows (0, 1, 2 …)."""

PLANTS: Mapping[str, Plant] = {
    "few": lambda places: np.full(len(places), 7.0),
    "many": lambda places: np.full(len(places), 12_345.0),
    "rising": lambda places: 3.0 * places + 1,
    "falling": lambda places: 3.0 * places[::-1] + 1,
}
YEARS = tuple(str(year) for year in range(2019, 2026))
WITHHELD: Mapping[str, tuple[Mapping[str, str], ...]] = {
    invented_releases.NATIONAL: (
        {"indicator": "PRT-01", "time_period": "2022", "sex": TOTAL, "age": TOTAL},  # of a chart
        {"indicator": "PRT-01", "time_period": "2025", "sex": "F"},
        {"indicator": "PRT-01", "time_period": "2025", "sex": "M"},
        {"indicator": "PRT-01", "sex": "_U"},  # a row of nothing else
        {"indicator": "PRT-02", "time_period": "2025", "age": "Y0T17"},  # of the front page
        {"indicator": "PRT-03", "time_period": "2023", "sex": TOTAL, "age": TOTAL},
        # shares of what is withheld
        {"indicator": "PRT-03", "measure": "SHARE", "time_period": "2022", "sex": TOTAL, "age": TOTAL},
        {"indicator": "PRT-03", "measure": "SHARE", "time_period": "2025", "sex": "F"},
        {"indicator": "PRT-03", "measure": "SHARE", "time_period": "2025", "sex": "M"},
        {"indicator": "PRT-03", "measure": "SHARE", "sex": "_U"},
    ),
    invented_releases.GOVERNORATE: (
        {"indicator": "PRT-01", "ref_area": "IQG03", "time_period": "2025"},
        {"indicator": "PRT-01", "ref_area": "IQG08"},  # the greatest of the map
        {"indicator": "PRT-03", "ref_area": "IQG08"},
        {"indicator": "PRT-03", "measure": "SHARE", "ref_area": "IQG03", "time_period": "2025"},
    ),
}
_INDICATORS = ("PRT-01", "PRT-02", "PRT-03", "PAR-10")
_DEMANDS = {"PRT-01": ["D3"], "PRT-02": ["D3"], "PRT-03": ["D3"]}


def build(root: Path) -> Home:
    """Write a home with two releases of the national dataset and one of the governorates."""
    home = Home.at(root).open(invented=True)
    national, governorates = rows(invented_releases.NATIONAL), rows(invented_releases.GOVERNORATE)
    first = invented_releases.release(home, invented_releases.NATIONAL, _before(national), demands=_DEMANDS)
    invented_releases.release(home, invented_releases.NATIONAL, national, demands=_DEMANDS, previous=first)
    invented_releases.release(home, invented_releases.GOVERNORATE, governorates)
    return home


def rows(dataset: str) -> pd.DataFrame:
    """The released rows of a dataset."""
    is_national = dataset == invented_releases.NATIONAL
    found = invented_releases.rows(national=is_national)
    told = ("sex", "age") if is_national else ("sex",)
    kept = found["indicator"].isin(_INDICATORS) & found["time_period"].isin(YEARS if is_national else YEARS[-2:])
    found.loc[~found["measure"].isin(COUNTED), "obs_value"] = found["obs_value"].round(3)
    kept &= (found[[name for name in DIMENSIONS if name not in told]] == TOTAL).all(axis=1)
    return withhold(found[kept & (found["ref_area"] != "IQ")].reset_index(drop=True), WITHHELD[dataset])


def withhold(frame: pd.DataFrame, places: tuple[Mapping[str, str], ...]) -> pd.DataFrame:
    """The rows with the figures at some places withheld."""
    found = frame.copy()
    for place in places:
        here = find_matches(found, place) & (found["obs_status"] == "A")
        found.loc[here, ["obs_value", "lower", "upper"]] = np.nan
        found.loc[here, ["obs_status", "disclosure_method"]] = ["Q", "WITHHELD"]
    return found


def _before(frame: pd.DataFrame) -> pd.DataFrame:
    """An earlier release: without the last year, a figure otherwise, and one told that is withheld now."""
    found = frame[frame["time_period"] < YEARS[-1]].reset_index(drop=True)
    place = find_matches(found, {"indicator": "PRT-01", "ref_area": "IQ-FED", "sex": TOTAL, "age": TOTAL})
    found.loc[place & (found["time_period"] == "2021"), "obs_value"] += 20
    found.loc[place & (found["time_period"] == "2022"), ["obs_value", "obs_status"]] = [260.0, "A"]
    return found


def planted(frame: pd.DataFrame, plant: Plant) -> pd.DataFrame:
    """Released rows with a figure, and an interval, wherever there is none: a thousandth per cent of it in a share."""
    found, hidden = frame.copy(), frame["obs_value"].isna().to_numpy()
    figures = plant(np.arange(int(hidden.sum())))
    scale = np.where(found.loc[hidden, "measure"].isin(COUNTED), 1.0, 1e-5)
    for name in ("obs_value", "lower", "upper"):
        found.loc[hidden, name] = figures * scale
    return found


def read(home: Home, plant: Plant | None = None) -> Report:
    """The report of a home, with a figure under every mark if there is a plant; read anew, whatever was read before."""
    report_model._make_report.cache_clear()  # what these tests put into the reading is not in the bytes
    if plant is None:
        return report_model.load(home)
    honest = cells.read_parquet

    def leaky(data: bytes) -> pd.DataFrame:
        return planted(honest(data), plant)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cells, "read_parquet", leaky)
        return report_model.load(home)


def files(home: Home, report: Report, tag: str) -> dict[str, bytes]:
    """Every file of a report in a language, as it is issued."""
    matter = editorial_inputs.read_inputs(home, report)
    return issue_report.files(report, edition(report, Words.load(tag), matter), matter)
