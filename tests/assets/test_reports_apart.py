"""The last language is issued by another process beside the first; a run of one report alone is made here."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assets import report_assets
from assets.house import BuildContext
from ingestion.home import Home
from languages.refusal import Refusal
from reports.publishing import issue_report

ISSUED = ["en", "ar", "ckb"]


def process_of(home: Home, tag: str) -> Path:
    """Stands for a report: says which process made it."""
    if tag == "ckb" and (home.root / "broken").exists():
        raise Refusal("output_hides", where=tag)
    return home.root / f"{tag}-{os.getpid()}"


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BuildContext:
    monkeypatch.setattr(issue_report, "issue", process_of)
    monkeypatch.setattr(report_assets, "cores", lambda: 2)
    home = Home(tmp_path)
    home.open()
    return BuildContext(home, is_locked=True)


def made_here(house: BuildContext, tag: str) -> bool:
    page = report_assets._issue_report(house, tag, ISSUED)  # pyright: ignore[reportPrivateUsage]
    return page == house.home.root / f"{tag}-{os.getpid()}"


def test_the_last_language_is_issued_by_another_process(house: BuildContext) -> None:
    assert [made_here(house, tag) for tag in sorted(ISSUED)] == [True, True, False]
    assert not house.apart


def test_on_one_core_or_for_one_report_alone_all_are_issued_here(
    house: BuildContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert made_here(house, "en")
    monkeypatch.setattr(report_assets, "cores", lambda: 1)
    assert [made_here(house, tag) for tag in sorted(ISSUED)] == [True, True, True]


def test_where_one_language_is_refused_nobody_is_left_at_work_and_the_others_are_issued(house: BuildContext) -> None:
    (house.home.root / "broken").touch()
    assert made_here(house, "ar")
    with pytest.raises(Refusal):
        made_here(house, "ckb")
    assert not house.apart
    assert made_here(house, "en")
