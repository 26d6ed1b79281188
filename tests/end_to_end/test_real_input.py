"""UNODC's published workbook, as it is, in a home of its own: every row accounted for, with no special SQL."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from assets.building import BuildReport
from expectations.published.publications import Publication
from ingestion.home import Home
from ingestion.submissions import landing
from ingestion.submissions.receipts import Receipt
from languages.words import Words
from reports.analysis import reconciliation_table
from reports.analysis.reconciled_figures import reconcile
from reports.released.released_figures import ReleasedFigures
from reports.released.released_folder import latest_release
from tests.signing import build

pytestmark = [pytest.mark.whole_home, pytest.mark.real_input]
ROWS = 46_556


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Receipt, BuildReport]:
    workbook = Path(__file__).resolve().parents[3] / "shared" / "data" / "unodc" / "data_glotip_2023-05-30.xlsx"
    home = Home.at(tmp_path_factory.mktemp("unodc")).open()
    receipt = landing.receive(home, "unodc_glotip", workbook)
    return home, receipt, build(home, progress=lambda _step: None, until="releases")


@pytest.fixture(scope="module")
def unodc(built: tuple[Home, Receipt, BuildReport]) -> tuple[Home, Receipt]:
    return built[:2]


def test_every_row_of_the_real_workbook_is_landed_or_held_back(unodc: tuple[Home, Receipt]) -> None:
    _, receipt = unodc
    assert receipt.rows_in == ROWS == receipt.rows_landed + receipt.rows_quarantined
    assert not receipt.rows_quarantined


def test_the_real_rows_stand_in_the_facts_by_number(unodc: tuple[Home, Receipt]) -> None:
    home, receipt = unodc
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        rows = connection.execute("select count(*), count(distinct row_number) from stg_counts").fetchone()
    assert rows == (receipt.rows_landed, receipt.rows_landed)


def test_a_dataset_with_nothing_to_say_is_not_released(unodc: tuple[Home, Receipt]) -> None:
    home, _ = unodc
    assert not home.is_invented
    assert not list((home.releases / "four_ps_governorate").glob("*/data.csv"))
    verdict = json.loads((home.verdicts / "four_ps_governorate.json").read_text(encoding="utf-8"))
    assert not verdict["passed"]


def test_a_build_ends_well_where_one_dataset_is_released_and_others_have_yet_to_begin(
    built: tuple[Home, Receipt, BuildReport],
) -> None:
    home, _, report = built
    assert report.passed and latest_release(home, "four_ps_national")
    assert {one.where: one.code for one in report.silent} == dict.fromkeys(
        ("four_ps_governorate", "law_28_monitor"), "dataset_silent"
    )
    assert all("iraq_judicial_council" in str(one.arguments["missing"]) for one in report.silent)
    assert build(home, progress=lambda _step: None, until="releases") == BuildReport(())


def test_bodies_that_were_never_asked_are_not_told_as_silent_and_the_figures_of_unodc_are_of_the_country(
    unodc: tuple[Home, Receipt],
) -> None:
    figures = ReleasedFigures(latest_release(unodc[0], "four_ps_national"))
    assert {row["obs_status"] for row in figures.rows_of("PAR-07")} == {"O"}
    assert {row["obs_value"] for row in figures.rows_of("PAR-07")} == {""}
    assert {row["ref_area"] for row in figures.rows_of("PAR-10")} == {"IQ"}


COUNTS = {
    "victims identified": "PRT-02/COUNT",
    "persons detained": "PRS-03/COUNT",
    "persons convicted (law 28/2012)": "PRS-05/COUNT",
}
UNITS = {"PRT-02/COUNT": "VICTIM", "PRS-03/COUNT": "ACCUSED", "PRS-05/COUNT": "ACCUSED"}


def _printed(folder: Path) -> list[Publication]:
    """What reports printed of Iraq, a card for each figure of a whole total: read in memory, kept nowhere."""
    rows = csv.DictReader((folder / "published" / "iraq_published_tip_figures.csv").open(encoding="utf-8"))
    totals = [row for row in rows if row["indicator"] in COUNTS and row["breakdown"].startswith("total")]
    return [_card(number, row) for number, row in enumerate(one for one in totals if one["value"].isdigit())]


def _card(number: int, row: dict[str, str]) -> Publication:
    first, _, last = row["period"].partition("/")
    days = {"start": f"{first}-01", "end": f"{last}-31"} if last else {}
    count = COUNTS[row["indicator"]]
    area = {"KRG": "IQ-KR", "federal + KRG": "IQ"}.get(row["authority"], "IQ-FED")
    figure = {"about": row["indicator"], "compare": count, "ref_area": area, "time_period": first[:4], **days}
    figure |= {"unit": UNITS[count], "value": int(row["value"]), "printed": "exact"}
    own = {"name": f"row {number}", "source": row["authority"], "citation": row["source"], "figures": [figure]}
    return Publication.model_validate({**own, "published": f"{int((last or first)[:4]) + 1}-07-01"})


def test_real_figures_are_reconciled_by_number_and_no_small_one_is_printed(
    unodc: tuple[Home, Receipt], real_input: Path
) -> None:
    home, _ = unodc
    cards, released = _printed(real_input), latest_release(home, "four_ps_national")
    assert len(cards) > 5
    figures = ReleasedFigures(released)
    lines = reconcile(figures, cards)
    told = [row for row in figures.rows_of("PAR-10") if row["measure"] == "COUNT" and row["obs_value"]]
    both = [line for line in lines if line.source == "unodc_glotip"]
    assert len(both) == len(told) > 0
    # no body of ours has sent anything here: nothing is held against the figures of others, none is made up
    assert Counter(line.verdict for line in both) == {"no_figure": len(both)}
    assert Counter(line.ours for line in lines[: len(cards)]) == {"": len(cards)}
    made = reconciliation_table.files(lines, released, [Words.load("en")])
    small = [line for line in lines if re.fullmatch(r"[1-4]", line.theirs) or re.fullmatch(r"[1-4]", line.ours)]
    assert not small
    assert not re.search(r"\| [1-4] \|", made["reconciliation.en.md"].decode("utf-8"))
