"""UNODC's table and the questions as a person exports them, and UNODC's table received again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ingestion.home import Home
from ingestion.submissions import landing
from reports.exchange import glotip
from reports.released import released_folder as releases
from reports.released.released_figures import ReleasedFigures
from tests.expectations import toy_home

Marsad = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def home(own_released: Home) -> Home:
    return own_released


@pytest.fixture
def marsad(home: Home, monkeypatch: pytest.MonkeyPatch, typed: Marsad) -> Marsad:
    monkeypatch.setenv("MARSAD_HOME", str(home.root))
    return typed


def test_unodcs_table_is_exported_and_received_again(marsad: Marsad, home: Home, tmp_path: Path):
    path = tmp_path / "ours.xlsx"
    code, out, err = marsad("export", "glotip", "-o", str(path), "--json")
    assert code == 0, err
    told = json.loads(out)
    assert any("PRS-04" in remark for remark in told["remarks"])
    lines = glotip.lines(ReleasedFigures(releases.latest_release(home, "four_ps_national")))
    receipt = landing.receive(Home.at(tmp_path / "again").open(invented=True), "unodc_glotip", path)
    assert (receipt.verdict, receipt.rows_landed) == ("accepted", len(lines))
    assert {line.year for line in lines} == set(toy_home.YEARS)


def test_questions_are_answered_in_three_languages_by_one_command(marsad: Marsad, tmp_path: Path):
    code, _, err = marsad("export", "questions", "-o", str(tmp_path / "asked"))
    assert code == 0, err
    written = {path.name for path in (tmp_path / "asked").iterdir()}
    assert {"answers.csv", "questions.csv", "cedaw.ar.md", "us_tip.ckb.md", "crc_opsc.en.md"} <= written
