"""The forecast of late cases in a home: refused, told rounded, told anew only once enough cases came, withdrawn."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from expectations.cards.cells import LATE_CASES
from expectations.estimates import arrived_lists, nowcast_candidate
from expectations.estimates.arrived_lists import SenderLists
from expectations.protection.revisions import ReleaseHistory
from expectations.published import ledger
from expectations.published.published_estimates import NOWCASTS, SenderNowcast, sealed_path
from expectations.published.release_withdrawal import data_of, withdraw
from expectations.releases import release, release_listing
from expectations.releases.verification import verify
from ingestion.home import Home
from methods.case_flow.reporting_triangle import ReportingTriangle

_SHARES = np.array([0.4, 0.2, 0.15, 0.1, 0.06, 0.04, 0.02, 0.01, 0.01, 0.005, 0.003, 0.001, 0.001])
_DRAWN = np.random.default_rng(5).poisson(30 * _SHARES, size=(36, 13))
_TWO_A_MONTH = np.eye(1, 13, dtype=np.int64).repeat(36, axis=0) * 2
STEADY = ReportingTriangle(_DRAWN).cut(0)
LISTS = SenderLists("iom_caseload", "victims", "2026-01-08", 1.0, first=12 * 2023, triangle=STEADY)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home whose lists are given, and whose attack is not run again: `test_late_arrivals.py` runs it."""
    monkeypatch.setattr(nowcast_candidate, "_DRAWS", 200)
    monkeypatch.setattr(nowcast_candidate.ArrivalAttack, "list_revealed", lambda _self: [])
    return Home(tmp_path / "home").open(invented=True)


def publish(home: Home, monkeypatch: pytest.MonkeyPatch, lists: SenderLists = LISTS) -> SenderNowcast:
    monkeypatch.setattr(arrived_lists, "read_sender_lists", lambda _home: [lists])
    out = nowcast_candidate.publish(home)
    assert out is not None
    assert NOWCASTS.read_latest(home) == out
    return out.estimates[0]


def more(cases: int) -> SenderLists:
    counts = STEADY.counts.copy()
    counts[35, 0] += cases
    return replace(LISTS, as_of="2026-01-20", triangle=ReportingTriangle(counts))


def test_the_release_is_sound_names_its_measure_and_holds_no_month(home: Home, monkeypatch: pytest.MonkeyPatch):
    told = publish(home, monkeypatch)
    assert told.figures is not None
    assert (told.year, told.as_of, told.reason) == ("2025", "2026-01-08", "")
    (version,) = [one.version for one in ledger.entries(home)]
    folder = home.releases / ledger.NOWCAST / version
    assert verify(folder).problems == []
    assert {path.name for path in folder.iterdir()} == {"manifest.json", "nowcast.json", "nowcast.csv"}
    rows = pd.read_csv(folder / "nowcast.csv")
    assert rows["measure"].tolist() == ["ARRIVED", "NOWCAST", "NOWCAST_LOWER", "NOWCAST_UPPER"]
    assert rows["obs_value"].tolist() == [
        told.figures.seen, told.figures.middle, told.figures.lower, told.figures.upper,
    ]  # fmt: skip
    assert rows["time_period"].unique().tolist() == [2025]
    assert (rows["obs_value"] % 10 == 0).all()
    entry = ledger.entries(home)[-1]
    assert int(ledger.sealed_of(home, entry)["obs_value"].sum()) == int(STEADY.counts.sum())
    assert sealed_path(home, NOWCASTS).with_suffix(".json.seal").exists()


@pytest.mark.parametrize(("cases", "is_new"), [(0, False), (1, False), (LATE_CASES - 1, False), (LATE_CASES, True)])
def test_a_figure_stands_until_as_many_cases_came_as_revise_a_past_year(
    home: Home, monkeypatch: pytest.MonkeyPatch, cases: int, is_new: bool
):
    first = publish(home, monkeypatch)
    assert (publish(home, monkeypatch, more(cases)).as_of != first.as_of) == is_new
    assert len(ledger.entries(home)) == 1 + is_new


def test_small_steps_are_measured_from_what_was_told_and_not_from_the_list_before(
    home: Home, monkeypatch: pytest.MonkeyPatch
):
    publish(home, monkeypatch)
    publish(home, monkeypatch, more(LATE_CASES - 1))
    assert publish(home, monkeypatch, more(LATE_CASES)).as_of == "2026-01-20"


def test_a_withdrawn_forecast_leaves_a_tombstone_and_never_returns(home: Home, monkeypatch: pytest.MonkeyPatch):
    publish(home, monkeypatch)
    version = ledger.entries(home)[-1].version
    gone = withdraw(
        home, ledger.NOWCAST, version, reason="a list was counted twice", signed_by="Secretariat",
        today=datetime.date(2026, 3, 1),
    )  # fmt: skip
    folder = home.releases / ledger.NOWCAST / version
    assert verify(folder).withdrawn == "2026-03-01"
    assert not (folder / data_of(ledger.NOWCAST)).exists()
    assert len(gone.data_sha256) == 64
    assert NOWCASTS.read_latest(home) is None
    assert [one["verdict"] for one in release_listing.listing_of_estimates(home)] == ["withdrawn"]
    told = publish(home, monkeypatch)
    assert (told.reason, told.figures) == ("withdrawn", None)
    assert publish(home, monkeypatch, more(50)).reason == "withdrawn"


@pytest.mark.parametrize(
    ("lists", "reason", "inside"),
    [
        (replace(LISTS, sends_every=4.0, triangle=None), "batch_arrival", "batch_arrival"),
        (replace(LISTS, is_cumulative=False), "batch_arrival", "batch_arrival"),
        (replace(LISTS, triangle=ReportingTriangle(_DRAWN[:23]).cut(0)), "short_history", "short_history"),
        (replace(LISTS, triangle=ReportingTriangle(_DRAWN[:11]).cut(0)), "short_history", "short_history"),
        (replace(LISTS, triangle=ReportingTriangle(_DRAWN, since=12)), "complete", "complete"),
        (replace(LISTS, triangle=ReportingTriangle(_TWO_A_MONTH)), "not_carried", "few_seen"),
        (replace(LISTS, triangle=ReportingTriangle(_DRAWN * 0).cut(0)), "not_carried", "too_few_cases"),
    ],
)
def test_each_refusal_is_told_and_one_that_tells_of_few_cases_as_one_for_all(
    home: Home, monkeypatch: pytest.MonkeyPatch, lists: SenderLists, reason: str, inside: str
):
    told = publish(home, monkeypatch, lists)
    assert (told.figures, told.reason) == (None, reason)
    (candidate,) = nowcast_candidate.nowcast_lists([lists], lambda _name: 1)
    assert candidate.inside == (inside,)


def test_what_gives_a_small_count_away_is_not_told(home: Home, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(nowcast_candidate.ArrivalAttack, "list_revealed", lambda _self: ["cell 3+1"])
    assert publish(home, monkeypatch).reason == "not_carried"


def test_protection_and_releases_go_on_beside_it(home: Home, monkeypatch: pytest.MonkeyPatch):
    publish(home, monkeypatch)
    assert ReleaseHistory(home).prior_releases(["PRT-01/COUNT"], "2025").printed.empty
    assert release_listing.listing(home) == []
    assert release.sweep(home).last_version(ledger.NOWCAST)
