"""UNODC's published workbook, as it is, in a home of its own: every row accounted for, with no special SQL."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from assets.building import build
from ingestion import landing
from ingestion.home import Home

pytestmark = [pytest.mark.end_to_end, pytest.mark.real_input]
ROWS = 46_556


@pytest.fixture(scope="module")
def unodc(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, landing.Receipt]:
    workbook = Path(__file__).resolve().parents[3] / "shared" / "data" / "unodc" / "data_glotip_2023-05-30.xlsx"
    home = Home.at(tmp_path_factory.mktemp("unodc")).open()
    receipt = landing.receive(home, "unodc_glotip", workbook)
    build(home, progress=lambda _step: None)
    return home, receipt


def test_every_row_of_the_real_workbook_is_landed_or_held_back(unodc: tuple[Home, landing.Receipt]) -> None:
    _, receipt = unodc
    assert receipt.rows_in == ROWS == receipt.rows_landed + receipt.rows_quarantined
    assert not receipt.rows_quarantined


def test_the_real_rows_stand_in_the_facts_by_number(unodc: tuple[Home, landing.Receipt]) -> None:
    home, receipt = unodc
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        rows = connection.execute("select count(*), count(distinct row_number) from stg_counts").fetchone()
    assert rows == (receipt.rows_landed, receipt.rows_landed)


def test_a_dataset_with_nothing_to_say_is_not_released(unodc: tuple[Home, landing.Receipt]) -> None:
    home, _ = unodc
    assert not home.is_invented
    assert not list((home.releases / "four_ps_governorate").glob("*/data.csv"))
    verdict = json.loads((home.verdicts / "four_ps_governorate.json").read_text(encoding="utf-8"))
    assert not verdict["passed"]
