"""A second year on top of the first: late cases, governorates that are new, and a submission that is taken back.

Late: what IOM tells of a year that is out. New: the leaves of the Kurdistan Region, Halabja among them, of which
nothing was known before. Taken back: a correction of the interior ministry that had dropped victims; its first file
counts again.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from assets.building import build
from expectations import candidate, ledger, protection, release
from expectations.card import dataset_names
from expectations.cells import COUNTED, KEY, read_parquet
from ingestion import landing
from ingestion.home import Home
from ingestion.withdrawal import withdraw
from samples import country, workbooks
from samples.bodies.sight import INTERIOR, IOM, KURDISTAN
from samples.views import deliveries

pytestmark = pytest.mark.end_to_end
DROPPED = 15
HALABJA = "IQG06Q05"


def _quiet(_step: str) -> None:
    """Take no notice of progress."""


def _receive(home: Home, files: list[workbooks.SentFile]) -> None:
    for file in files:
        landing.receive(home, file.source, file.path, letter_date=file.letter_date, letter_number=file.letter_number)


def _correction(invented: country.Country, folder: Path) -> workbooks.SentFile:
    """The interior ministry's file of 2023 once more, without its last victims."""
    first = next(one for one in deliveries(invented) if one.source == INTERIOR and one.period_year == 2023)
    tables = {**first.tables, "victims": first.tables["victims"][:-DROPPED]}
    path = folder / "interior_2023_corrected.xlsx"
    path.write_bytes(workbooks.content_of(invented, replace(first, tables=tables, file_name=path.name)))
    return workbooks.SentFile(INTERIOR, path, date(2024, 6, 2), "77")


@pytest.fixture(scope="module")
def two_years(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Two releases of each dataset: 2023 alone, then 2024 with all that came late."""
    invented = country.invent(first_year=2023, last_year=2024)
    home = Home.at(tmp_path_factory.mktemp("two_years")).open(invented=True)
    files = workbooks.write(invented, tmp_path_factory.mktemp("sent"))
    known = [one for one in files if one.path.stem.endswith("2023") and one.source not in (KURDISTAN, IOM)]
    _receive(home, known)
    correction = _correction(invented, tmp_path_factory.mktemp("corrected"))
    taken_back = landing.receive(
        home, INTERIOR, correction.path, letter_date=correction.letter_date, letter_number="77"
    )
    assert build(home, progress=_quiet).passed
    _receive(home, [one for one in files if one not in known])
    withdraw(home, taken_back.submission, reason="the correction was a mistake", signed_by="the secretariat")
    outcome = build(home, progress=_quiet)
    assert outcome.passed, [str(one) for one in outcome.refusals]
    return home


def _versions(home: Home, dataset: str) -> list[pd.DataFrame]:
    return [
        read_parquet((home.releases / dataset / one.version / "data.parquet").read_bytes())
        for one in ledger.entries(home, dataset)
    ]


@pytest.mark.parametrize("dataset", dataset_names())
def test_both_datasets_are_released_again_and_verify(two_years: Home, dataset: str):
    entries = ledger.entries(two_years, dataset)
    assert [one.sequence for one in entries] == [1, 2]
    for one in entries:
        assert release.verify(two_years.releases / dataset / one.version).ok
    newest = release.latest(two_years, dataset)
    assert newest is not None
    assert newest.version == entries[-1].version


def test_a_governorate_of_which_nothing_was_known_is_a_leaf_of_its_own_from_now_on(two_years: Home):
    before, after = _versions(two_years, "four_ps_governorate")
    told = [set(frame.loc[frame["obs_value"].notna(), "ref_area"]) for frame in (before, after)]
    assert HALABJA not in told[0]
    assert HALABJA in told[1]
    assert {"IQG06", "IQG09", "IQG11"} <= told[1] - told[0]


def test_a_year_that_came_late_is_revised_in_bulk_and_one_that_did_not_is_new(two_years: Home):
    outcomes = protection.last_report(two_years).outcomes
    states = {(one.block, one.year): one.state for one in outcomes if any("PRT" in measure for measure in one.block)}
    assert {state for (_, year), state in states.items() if year == "2024"} == {"first"}
    past = {state for (_, year), state in states.items() if year == "2023"}
    assert past <= {"revised", "held", "unchanged"}
    assert "revised" in past
    assert all(one.safe for one in outcomes)


def test_what_was_taken_back_is_in_the_ledger_and_no_more_in_the_figures(two_years: Home):
    """The first release stands; the second counts what the first file of the ministry said."""
    entries = ledger.entries(two_years, "four_ps_national")
    where = {"indicator": "PRT-01", "measure": "COUNT", "ref_area": "IQ-FED", "time_period": "2023", "sex": "_T"}
    sealed = [ledger.sealed_of(two_years, one) for one in entries]
    federal = [
        frame[frame["indicator"].eq("PRT-01") & frame["time_period"].eq("2023") & ~frame["ref_area"].isin(_REGION)]
        for frame in sealed
    ]
    assert federal[1]["obs_value"].sum() > federal[0]["obs_value"].sum()
    assert where["measure"] in set(sealed[1]["measure"])


_REGION = ("IQG06", HALABJA, "IQG09", "IQG11")


@pytest.mark.parametrize("dataset", dataset_names())
def test_each_figure_of_the_second_release_follows_the_truth_within_its_method(two_years: Home, dataset: str):
    _, after = _versions(two_years, dataset)
    both = after[after["measure"].isin(COUNTED)].merge(
        candidate.read_cells(two_years, dataset), on=list(KEY), suffixes=("", "_true")
    )
    held = {
        (measure, one.year)
        for one in protection.last_report(two_years).outcomes
        if one.state == "held"
        for measure in one.block
    }
    is_held = [
        pair in held for pair in zip(both["indicator"] + "/" + both["measure"], both["time_period"], strict=True)
    ]
    rounded = both[both["disclosure_method"].eq("ROUNDED_5") & ~pd.Series(is_held, index=both.index)]
    assert len(rounded) > 300
    assert ((rounded["obs_value"] - rounded["obs_value_true"]).abs() < 5).all()
