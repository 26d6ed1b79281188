"""Figures that rest on erased evidence alone are counted: by hand over a toy home, at each border."""

from __future__ import annotations

import datetime

import pandas as pd
import pytest

from expectations.candidates import candidate, lineage
from expectations.candidates.erased_figures import erased_figures
from expectations.cards.cells import DIMENSIONS, TOTAL, read_parquet
from expectations.published import ledger, release_withdrawal
from ingestion.home import Home, sha256_of_bytes
from ingestion.submissions import receipts, submission_withdrawal
from tests.expectations import toy_home

NATIONAL, GOVERNORATE = "four_ps_national", "four_ps_governorate"
LATER = b"a later invented workbook"
FIRST = toy_home.SUBMISSION
CHANGED = {"year": "2023", "sex": "M", "age": "Y_GE18", "form": "BEGGING"}


def _replaced(home: Home, patch: pytest.MonkeyPatch, change: int) -> Home:
    """A home whose first file was withdrawn after a second one changed the cases of 2023 by `change`."""
    receipts.append(home, toy_home.receipt())
    patch.setattr(toy_home, "FILE", LATER)
    patch.setattr(toy_home, "SUBMISSION", f"000002-{sha256_of_bytes(LATER)[:12]}")
    receipts.append(home, toy_home.receipt(LATER))
    country = toy_home.Country()
    country.add(change, **CHANGED)
    toy_home.build(home, country)
    toy_home.publish(home)
    day = datetime.date(2026, 3, 1)
    submission_withdrawal.withdraw(home, FIRST, reason="it was a draft", signed_by="statistics section", today=day)
    return home


def test_late_cases_leave_no_figure_on_erased_evidence_alone(released: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    assert erased_figures(_replaced(released, monkeypatch, 3)) == []


def test_a_case_that_only_the_withdrawn_file_had_is_counted_in_every_cell_that_prints_it(
    released: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = _replaced(released, monkeypatch, -1)
    counted = {one.dataset: one.figures for one in erased_figures(home)}
    assert set(counted) == {NATIONAL, GOVERNORATE}
    for dataset, figures in counted.items():
        cells = ledger.cells_of(home, ledger.entries(home, dataset)[-1])
        printed = cells[(cells["obs_status"] == "A") & (cells["time_period"] == "2023")]
        holds = printed["ref_area"].isin(["IQG08", "IQ-FED"]) & printed["indicator"].isin(["PRT-01", "PRT-03"])
        for name in DIMENSIONS:
            holds &= printed[name].isin([TOTAL, CHANGED.get(name, TOTAL)])
        of_facts = printed[holds & ((printed["indicator"] == "PRT-01") | (printed["measure"] == "SHARE"))]
        assert figures >= len(of_facts) > 0
        assert figures <= int(holds.sum())


def test_before_a_build_all_that_stood_in_the_erased_file_rests_on_it_alone(
    released: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = _replaced(released, monkeypatch, -1)
    before = sum(one.figures for one in erased_figures(home))
    (home.candidates / "members.parquet").unlink()
    assert sum(one.figures for one in erased_figures(home)) > before


def test_a_fact_that_a_file_shows_that_is_still_there_is_not_alone(
    released: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = _replaced(released, monkeypatch, -1)
    path = lineage.path_of(home, NATIONAL, ledger.entries(home, NATIONAL)[-1].version)
    rows = read_parquet(path.read_bytes())
    gone = rows[(rows["submission"] == FIRST) & ~rows["member"].isin(candidate.read_facts(home)["member"])]
    other = gone.assign(submission=toy_home.SUBMISSION, sha256=sha256_of_bytes(LATER))
    other["record"] = other["record"].str.replace(FIRST, toy_home.SUBMISSION, regex=False)
    toy_home.reseal(home, path, pd.concat([rows, other], ignore_index=True))
    assert len(set(gone["member"])) == 1
    assert [one.dataset for one in erased_figures(home)] == [GOVERNORATE]


def test_neither_a_withdrawn_release_nor_a_home_without_withdrawals_counts(
    released: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert erased_figures(released) == []
    with monkeypatch.context() as patch:
        home = _replaced(released, patch, -1)
    version = ledger.entries(home, NATIONAL)[-1].version
    release_withdrawal.withdraw(home, NATIONAL, version, reason="an invented error", signed_by="statistics section")
    assert [one.dataset for one in erased_figures(home)] == [GOVERNORATE]
