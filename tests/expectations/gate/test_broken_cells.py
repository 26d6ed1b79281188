"""The cells behind a failing verdict: by command, inside the house only."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from expectations.cards.cells import csv_bytes, parquet_bytes, read_parquet
from expectations.gate import verdicts
from expectations.gate.broken_cells import broken_cells
from ingestion.home import Home, write_bytes
from languages.refusal import Refusal
from marsad.command import app

NATIONAL = "four_ps_national"


def _with_a_changed_figure(home: Home) -> dict[str, str]:
    """Print another figure than protection made, and return the place of it."""
    folder = home.candidates / NATIONAL / "final"
    frame = read_parquet((folder / "data.parquet").read_bytes())
    row = int(frame.index[(frame["disclosure_method"] == "ROUNDED_5") & (frame["obs_value"] >= 20)][0])
    frame.loc[row, "obs_value"] += 50
    write_bytes(folder / "data.parquet", parquet_bytes(frame))
    write_bytes(folder / "data.csv", csv_bytes(frame))
    return {str(name): str(code) for name, code in frame.loc[row].items()}


def test_a_gate_stopped_by_a_changed_figure_names_its_rule_and_cell_by_command(protected: Home) -> None:
    place = _with_a_changed_figure(protected)
    verdict = verdicts.examine(protected, NATIONAL)
    assert not verdict.passed
    found = broken_cells(protected, NATIONAL)
    assert {one["rule"] for one in found if one["severity"]} == {
        rule.id for rule in (*verdict.broken, *verdict.watched)
    }
    cells = [one for one in found if one["cell"]]
    assert any(
        place["ref_area"] in one["cell"] and one["year"] == place["time_period"] and place["measure"] in one["cell"]
        for one in cells
    )
    result = CliRunner().invoke(app, ["releases", "why", NATIONAL, "--json"], env={"MARSAD_HOME": str(protected.root)})
    assert (result.exit_code, json.loads(result.stdout)) == (0, found)
    assert all(f"releases why {NATIONAL}" in _remedy(one) for one in verdict.refusals if one.code == "rule_failed")


def test_a_passing_verdict_has_no_broken_cell(examined: Home) -> None:
    assert [one for one in broken_cells(examined, NATIONAL) if one["severity"] == "critical"] == []


def test_without_a_verdict_there_is_nothing_to_show(empty_home: Home) -> None:
    with pytest.raises(Refusal, match="verdict_missing"):
        broken_cells(empty_home, NATIONAL)


def _remedy(refusal: Refusal) -> str:
    from languages.words import Words

    return Words.load("en").text(f"refusal.{refusal.code}.remedy", **{**refusal.arguments, "where": refusal.where})
