"""Dagster's own commands in a checkout open the graph on invented files only."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest
import yaml

from assets.building import prepare_instance
from assets.checkout import open_invented_home
from ingestion.checkout_files import ROOT
from ingestion.home import Home, write_json
from ingestion.home_settings import NAME


@pytest.fixture(autouse=True)
def _no_home_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MARSAD_HOME", raising=False)


def _typed(home: Path, *words: str, dagster_home: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command of Dagster as somebody types it in the checkout."""
    command = [str(Path(sys.executable).with_name("dagster")), *words]
    environment = {name: value for name, value in os.environ.items() if name != "DAGSTER_HOME"}
    environment |= {"MARSAD_HOME": str(home)} | ({"DAGSTER_HOME": dagster_home} if dagster_home else {})
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def _validated(home: Path) -> subprocess.CompletedProcess[str]:
    return _typed(home, "definitions", "validate")


@pytest.mark.parametrize(
    "words", [("job", "execute", "-j", "land"), ("asset", "materialize", "--select", "landed_iom_caseload")]
)
def test_a_job_and_an_asset_run_as_the_guide_says(parsed_home: Callable[[], Home], words: tuple[str, ...]) -> None:
    home = parsed_home().open(invented=True)
    prepare_instance(home)
    answer = _typed(home.root, *words, "-m", "assets.checkout", dagster_home=str(home.dagster))
    assert answer.returncode == 0, answer.stderr
    assert "RUN_SUCCESS" in answer.stderr


def test_dagster_by_hand_opens_the_graph_of_a_home_of_invented_files(parsed_home: Callable[[], Home]) -> None:
    answer = _validated(parsed_home().open(invented=True).root)
    assert answer.returncode == 0, answer.stderr
    assert "Validation successful for code location marsad" in answer.stdout


def test_dagster_by_hand_refuses_a_home_of_real_files_and_names_the_desk(tmp_path: Path) -> None:
    real = Home.at(tmp_path / "real").open()
    answer = _validated(real.root)
    assert answer.returncode == 1
    assert str(real.root) in answer.stdout
    assert "desk" in answer.stdout


@pytest.mark.parametrize("has_receipts", [False, True])
def test_a_home_of_real_files_is_refused_whether_or_not_something_came_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_receipts: bool
) -> None:
    real = Home.at(tmp_path / "real").open()
    if has_receipts:
        real.receipts.write_text("{}\n")
    monkeypatch.setenv("MARSAD_HOME", str(real.root))
    with pytest.raises(dg.DagsterInvalidDefinitionError, match="desk"):
        open_invented_home(tmp_path / "demo")
    assert not real.is_invented
    assert not (tmp_path / "demo").exists()


@pytest.mark.parametrize("lost", ["receipts.jsonl", "anything.txt"])
def test_a_folder_that_holds_something_and_is_no_home_is_refused_and_left_alone(tmp_path: Path, lost: str) -> None:
    (tmp_path / "dagster").mkdir()
    (tmp_path / lost).write_text("{}\n")
    with pytest.raises(dg.DagsterInvalidDefinitionError, match="desk"):
        open_invented_home(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"dagster", lost}


@pytest.mark.parametrize("before", [(), ("demo",), ("demo", "demo/dagster")])
def test_where_nothing_lies_an_empty_home_of_invented_files_is_made(tmp_path: Path, before: tuple[str, ...]) -> None:
    for folder in before:
        (tmp_path / folder).mkdir()
    home = open_invented_home(tmp_path / "demo")
    assert home.is_invented
    assert open_invented_home(tmp_path / "demo") == home


def test_a_home_of_a_newer_program_is_refused_in_words(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home").open(invented=True)
    write_json(home.root / NAME, {"format_version": 99, "invented": True})
    with pytest.raises(dg.DagsterInvalidDefinitionError, match="Nothing was read or changed"):
        open_invented_home(home.root)


def test_dagster_by_hand_calls_no_one_as_in_every_home(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home").open(invented=True)
    prepare_instance(home)
    settings = (ROOT / "dagster.yaml").read_bytes()
    assert (home.dagster / "dagster.yaml").read_bytes() == settings
    assert yaml.safe_load(settings)["telemetry"] == yaml.safe_load(settings)["nux"] == {"enabled": False}
