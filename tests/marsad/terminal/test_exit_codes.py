"""How commands end: a word that is wrong in every home is a usage error, whichever command it was said to."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from marsad.command import main
from marsad.terminal import exit_codes
from tests.house.test_words import uttered_refusals

SAMPLE = Path(__file__).parents[2] / "ingestion" / "sources" / "iraq_interior_ministry" / "sample.xlsx"
Marsad = Callable[..., int]


@pytest.fixture
def marsad(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Marsad:
    """Run the command where there is no home; return its exit code."""
    monkeypatch.setenv("MARSAD_HOME", str(tmp_path / "home"))

    def run(*words: str) -> int:
        monkeypatch.setattr(sys, "argv", ["marsad", *words])
        with pytest.raises(SystemExit) as left:
            main()
        return int(left.value.code or 0)

    return run


@pytest.mark.parametrize(
    "line",
    [
        "nothing",
        "build --nothing",
        "check",
        "check {folder}/nowhere.xlsx",
        "check {folder}",
        "check {sample} --source iraq_interior_minstry",
        "check {sample} --language xx",
        "--language xx build",
        "template nothing -o {folder}/one.xlsx",
        "template victims -o {folder}/one.csv",
        "receive iraq_interior_ministry {folder}/nowhere.xlsx",
        "receive iraq_interior_minstry {sample}",
        "pseudonymise {folder}/nowhere.xlsx --key {folder}/key -o {folder}/out.xlsx",
        "new shape victims",
        "new indicator hotline",
        "new language ku",
        "export nothing -o {folder}/out",
        "export sdmx",
        "trace",
        "releases withdraw four_ps_national",
        "audit {folder}/nowhere.csv",
        "protect {folder}/nowhere.csv -o {folder}/out.csv",
    ],
)
def test_what_is_typed_wrongly_is_a_usage_error(marsad: Marsad, tmp_path: Path, line: str) -> None:
    assert marsad(*(word.format(folder=tmp_path, sample=SAMPLE) for word in line.split())) == exit_codes.USAGE
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("line", ["build", "releases", "submissions status", "doctor", "trace four_ps_national a=b"])
def test_a_home_without_files_is_no_usage_error(marsad: Marsad, line: str) -> None:
    assert marsad(*line.split()) == exit_codes.REFUSED


def test_every_usage_error_is_a_refusal_that_somebody_utters() -> None:
    assert set(uttered_refusals()) >= exit_codes._USAGE_ERRORS  # pyright: ignore[reportPrivateUsage]


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        ([], 0),
        (["accepted", "known"], 0),
        (["accepted", "refused"], 1),
        (["refused"], 1),
    ],
)
def test_of_several_files_the_worst_answers(verdicts: list[str], code: int) -> None:
    assert exit_codes.code_of_verdicts(verdicts) == code
