"""Refusals of custom tables tell nothing: they are the same where no true count can be read any more."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from ingestion.home import Home
from marsad.command import main
from marsad.terminal import console

REFUSED = {
    "a full cross": ("IQG08", "sex,age,form"),
    "a full cross of all governorates": ("governorate", "age,sex,form"),
    "a thin table of a small governorate": ("IQG02", "sex,form"),
    "a thin table of one governorate among several": ("IQG02,IQG08", "sex,form"),
}
GRANTED = ("IQG08", "sex,age")


def _ask(home: Path, question: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> int:
    area, by = question
    words = ["custom-table", "PRT-01", "--dataset", "four_ps_governorate", "--area", area, "--year", "2023", "--by", by]
    monkeypatch.setenv("MARSAD_HOME", str(home))
    monkeypatch.setattr(sys, "argv", ["marsad", *words, "--dry-run"])
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


@pytest.fixture(scope="module")
def without_true_counts(toy_released: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The released home after somebody took away all that holds a true count."""
    home = Home(shutil.copytree(toy_released, tmp_path_factory.mktemp("blind") / "home"))
    for path in [home.warehouse, *home.root.glob("candidates/**/*.parquet"), *home.root.glob("candidates/*.npz")]:
        path.unlink()
    for path in [*home.root.glob("ledger/sealed/**/*.parquet"), *home.root.glob("lineage/**/*.parquet")]:
        path.unlink()
    return home.root


@pytest.mark.parametrize("question", REFUSED.values(), ids=REFUSED.keys())
def test_a_refusal_reads_no_true_count(
    question: tuple[str, str],
    toy_released: Path,
    without_true_counts: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(console, "monotonic", lambda: 0.0)  # seconds beside a step are of the machine, not of the data
    assert _ask(toy_released, question, monkeypatch) == 1
    refusal = capsys.readouterr()
    assert "table_" in refusal.err
    assert _ask(without_true_counts, question, monkeypatch) == 1
    assert capsys.readouterr() == refusal


def test_a_granted_question_needs_the_true_counts(
    toy_released: Path,
    without_true_counts: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert _ask(toy_released, GRANTED, monkeypatch) == 0
    capsys.readouterr()
    assert _ask(without_true_counts, GRANTED, monkeypatch) != 0
