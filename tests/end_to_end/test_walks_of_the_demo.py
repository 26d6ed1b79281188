"""Walks back over the demo: each word about a file is what the folder of received files and the receipts say."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ingestion.home import Home, sha256_of_bytes
from marsad.command import main

CODES = ("ref_area", "time_period", "sex", "age", "form", "article", "holder", "citizenship", "cust_breakdown")
CELLS = 8
README = ("four_ps_national", "indicator=PRT-02", "ref_area=IQ-FED", "time_period=2024")
Trace = Callable[[Path, tuple[str, ...]], tuple[int, list[dict[str, Any]]]]


@pytest.fixture
def trace(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Trace:
    def walk(home: Path, words: tuple[str, ...]) -> tuple[int, list[dict[str, Any]]]:
        monkeypatch.setenv("MARSAD_HOME", str(home))
        monkeypatch.setattr(sys, "argv", ["marsad", "trace", *words, "--json"])
        with pytest.raises(SystemExit) as left:
            main()
        return int(left.value.code or 0), json.loads(capsys.readouterr().out)

    return walk


def _cells(home: Home, dataset: str) -> Iterator[tuple[str, ...]]:
    folder = home.root / "releases" / dataset
    rows = pd.read_csv(folder / (folder / "latest").read_text(encoding="utf-8").strip() / "data.csv", dtype="str")
    rows = rows[pd.to_numeric(rows.obs_value) > 0]
    sample = pd.concat([rows.sample(CELLS, random_state=26), rows[rows.indicator == "PRT-02"].head(CELLS)])
    for _, row in sample.iterrows():
        yield dataset, *(f"{key}={row[key]}" for key in ("indicator", "measure", *CODES))


def _files(hops: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [hop for hop in hops if hop["hop"] == "file"]


@pytest.mark.whole_home
@pytest.mark.parametrize("dataset", ["four_ps_national", "four_ps_governorate", "law_28_monitor"])
def test_every_file_is_present_or_erased_as_the_folder_says(demo: Home, trace: Trace, dataset: str) -> None:
    states: set[str] = set()
    for cell in _cells(demo, dataset):
        code, hops = trace(demo.root, cell)
        assert code == 0, cell
        for file in _files(hops):
            path = demo.root / "received" / file["sha256"]
            is_sound = path.exists() and sha256_of_bytes(path.read_bytes()) == file["sha256"]
            assert file["state"] == ("present" if is_sound else "erased"), cell
            states.add(file["state"])
    assert "present" in states


@pytest.mark.whole_home
def test_the_example_of_the_readme_says_what_was_erased_and_why(demo: Home, trace: Trace) -> None:
    code, hops = trace(demo.root, README)
    assert code == 0
    assert [hop["printed_in"].split("-")[0] for hop in hops if hop["hop"] == "frozen"] == ["000001"]
    erased = [file for file in _files(hops) if file["state"] == "erased"]
    assert erased
    assert all(not (demo.root / "received" / file["sha256"]).exists() for file in erased)


@pytest.mark.whole_home
def test_one_turned_bit_of_a_file_is_altered_and_fails(demo: Home, trace: Trace, tmp_path: Path) -> None:
    home = shutil.copytree(demo.root, tmp_path / "home")
    sound = next(file["sha256"] for file in _files(trace(home, README)[1]) if file["state"] == "present")
    path = home / "received" / sound
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(data)
    code, hops = trace(home, README)
    assert code == 1
    assert {file["state"] for file in _files(hops) if file["sha256"] == sound} == {"altered"}
    path.unlink()
    code, hops = trace(home, README)
    assert code == 1
    assert {file["state"] for file in _files(hops) if file["sha256"] == sound} == {"missing"}
